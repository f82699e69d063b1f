//! People with several roles, how they sign in, proposals for a second person, and the audit trail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, binary, boolean, integer, string, string_null, text};
use sea_orm_migration::schema::{pk_auto, text_null};
use sea_orm_migration::sea_orm::Statement;

use crate::m0001_register::{index, named};

#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or nothing.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_people_with_tokens(manager).await?;
        manager.drop_table(Table::drop().table(Alias::new("people")).to_owned()).await?;
        for table in [people(), proposals(), organisations(), profiles(), identities(), credentials()] {
            manager.create_table(table).await?;
        }
        for table in [links(), sessions(), api_keys(), ceremonies(), failures(), secrets(), trail()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Before accounts, an act admitted a person with one role and a token. Such acts cannot be read any more (decision
/// 0013), and no register with them was ever opened to the public.
async fn refuse_people_with_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    let sql = "SELECT seq FROM acts WHERE subject LIKE 'person/%' LIMIT 1";
    match conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await? {
        None => Ok(()),
        Some(_) => Err(DbErr::Custom(
            "この登録簿は利用者の登録方式が変わる前に作られています。新しいデータベースで始めてください / this register was made \
             before people had accounts: begin with a new database"
                .to_owned(),
        )),
    }
}

fn people() -> TableCreateStatement {
    named("people")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(boolean("is_dismissed"))
        .col(text("state"))
        .to_owned()
}

fn proposals() -> TableCreateStatement {
    named("proposals")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("subject"))
        .col(string("until"))
        .col(boolean("is_dropped"))
        .col(text("state"))
        .to_owned()
}

fn organisations() -> TableCreateStatement {
    named("organisations")
        .col(string("id").primary_key())
        .col(string("kind"))
        .col(text("name"))
        .col(string_null("number"))
        .to_owned()
}

/// What can be erased of a person.
fn profiles() -> TableCreateStatement {
    named("profiles")
        .col(string("person").primary_key())
        .col(text("name"))
        .col(text_null("email"))
        .col(string("handle"))
        .to_owned()
}

/// Whom an identity provider's `sub` stands for.
fn identities() -> TableCreateStatement {
    let key = Index::create().col(Alias::new("issuer")).col(Alias::new("subject")).to_owned();
    named("identities")
        .col(string("issuer"))
        .col(string("subject"))
        .col(string("person"))
        .col(string_null("number"))
        .primary_key(&mut key.clone())
        .to_owned()
}

/// Ways to sign in here: `passkey`, `password`, `totp`, `recovery`.
fn credentials() -> TableCreateStatement {
    named("credentials")
        .col(string("id").primary_key())
        .col(string("person"))
        .col(string("kind"))
        .col(text("label"))
        .col(text("secret"))
        .col(string("made_at"))
        .col(string_null("used_at"))
        .col(big_integer_null("step"))
        .to_owned()
}

/// Invitations and recoveries that were not used yet.
fn links() -> TableCreateStatement {
    named("links")
        .col(string("digest").primary_key())
        .col(string("person"))
        .col(string("purpose"))
        .col(string("made_by"))
        .col(string("expires_at"))
        .to_owned()
}

fn sessions() -> TableCreateStatement {
    named("sessions")
        .col(string("digest").primary_key())
        .col(string("id"))
        .col(string("person"))
        .col(string("method"))
        .col(string("begun_at"))
        .col(string("signed_in_at"))
        .col(string("seen_at"))
        .col(text("agent"))
        .col(string_null("address"))
        .col(string("csrf"))
        .to_owned()
}

fn api_keys() -> TableCreateStatement {
    named("api_keys")
        .col(string("id").primary_key())
        .col(string("digest"))
        .col(string("person"))
        .col(string("organisation"))
        .col(text("label"))
        .col(text("scopes"))
        .col(string("made_at"))
        .col(string("expires_at"))
        .col(string_null("used_at"))
        .col(string_null("ended_at"))
        .to_owned()
}

/// What is remembered between two steps of signing in.
fn ceremonies() -> TableCreateStatement {
    named("ceremonies")
        .col(string("digest").primary_key())
        .col(string("kind"))
        .col(text("state"))
        .col(string("expires_at"))
        .to_owned()
}

/// Sign-ins that failed, by what was tried from where.
fn failures() -> TableCreateStatement {
    named("failures").col(string("subject").primary_key()).col(integer("count")).col(string("last_at")).to_owned()
}

/// Keys that never leave the database, such as that under which addresses are hashed.
fn secrets() -> TableCreateStatement {
    named("secrets").col(string("name").primary_key()).col(binary("value")).to_owned()
}

/// Who did, tried or was refused what, from where.
fn trail() -> TableCreateStatement {
    named("trail")
        .col(pk_auto("id").big_integer())
        .col(string("at"))
        .col(string("request"))
        .col(string_null("person"))
        .col(string_null("role"))
        .col(string_null("organisation"))
        .col(string("proof"))
        .col(string_null("address"))
        .col(string_null("address_digest"))
        .col(string("what"))
        .col(string_null("subject"))
        .col(string("outcome"))
        .col(text_null("detail"))
        .col(big_integer_null("seq"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("proposals_about", "proposals", &["subject"]),
        index("proposals_by_end", "proposals", &["is_dropped", "until"]),
        index("profiles_by_email", "profiles", &["email"]).unique().to_owned(),
        index("credentials_of_person", "credentials", &["person"]),
        index("links_of_person", "links", &["person"]),
        index("sessions_of_person", "sessions", &["person"]),
        index("sessions_by_id", "sessions", &["id"]).unique().to_owned(),
        index("api_keys_by_digest", "api_keys", &["digest"]).unique().to_owned(),
        index("api_keys_of_organisation", "api_keys", &["organisation"]),
        index("trail_by_instant", "trail", &["at"]),
        index("trail_of_person", "trail", &["person", "id"]),
        index("trail_of_subject", "trail", &["subject", "id"]),
        index("trail_of_act", "trail", &["seq"]),
    ]
}
