//! Telling people: how far the acts are announced, what is still to be told, messages, mail, webhooks, calendars.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, integer_null, string, string_null, text, text_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

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
        for table in [posting(), announcements(), messages(), members(), mail_choices(), mail_faults(), calendars()] {
            manager.create_table(table).await?;
        }
        for table in [webhooks(), deliveries()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        let conn = manager.get_connection();
        // What was done before there were notices is not announced now.
        conn.execute_unprepared("INSERT INTO posting (id, next_seq) SELECT 1, COUNT(*) FROM acts").await?;
        let held = match conn.get_database_backend() {
            DatabaseBackend::Postgres => {
                "INSERT INTO members (organisation, person)
                 SELECT DISTINCT held ->> 'organisation', people.id
                 FROM people, jsonb_array_elements(people.state::jsonb -> 'memberships') AS held"
            }
            _ => {
                "INSERT INTO members (organisation, person)
                 SELECT DISTINCT json_extract(held.value, '$.organisation'), people.id
                 FROM people, json_each(people.state, '$.memberships') AS held"
            }
        };
        conn.execute_unprepared(held).await.map(drop)
    }
}

/// One row: the first act that is not announced yet.
fn posting() -> TableCreateStatement {
    named("posting").col(integer("id").primary_key()).col(big_integer("next_seq")).to_owned()
}

/// What is to be told, and of reminders also what was.
fn announcements() -> TableCreateStatement {
    named("announcements")
        // `act/<seq>/<number>`, or a reminder's own.
        .col(string("id").primary_key())
        .col(string("at"))
        .col(text("notice"))
        // Behind whom it goes on.
        .col(string_null("after"))
        .col(boolean("is_told"))
        .to_owned()
}

/// One person's.
fn messages() -> TableCreateStatement {
    named("messages")
        .col(string("id").primary_key())
        .col(string("person"))
        .col(string("announcement"))
        .col(string("at"))
        .col(string("topic"))
        .col(text("notice"))
        .col(string_null("read_at"))
        .col(string("mail"))
        .col(string_null("mail_due_at"))
        .col(integer("mail_attempts"))
        .col(text_null("mail_detail"))
        .to_owned()
}

/// Who belongs to an organisation, as the state of each person says it too.
fn members() -> TableCreateStatement {
    named("members")
        .col(string("organisation"))
        .col(string("person"))
        .primary_key(Index::create().col("organisation").col("person"))
        .to_owned()
}

/// Topics of which somebody wants no mail.
fn mail_choices() -> TableCreateStatement {
    named("mail_choices")
        .col(string("person"))
        .col(string("topic"))
        .primary_key(Index::create().col("person").col("topic"))
        .to_owned()
}

/// Addresses that take no mail: the digest of the address, so that another one is tried.
fn mail_faults() -> TableCreateStatement {
    named("mail_faults")
        .col(string("person").primary_key())
        .col(string("digest"))
        .col(string("at"))
        .col(text("detail"))
        .to_owned()
}

/// The secret address under which somebody's due days are read, by its digest.
fn calendars() -> TableCreateStatement {
    named("calendars").col(string("person").primary_key()).col(string("digest")).col(string("made_at")).to_owned()
}

fn webhooks() -> TableCreateStatement {
    named("webhooks")
        .col(string("id").primary_key())
        .col(string("organisation"))
        .col(string("person"))
        .col(text("url"))
        // Sealed.
        .col(text("secret"))
        .col(string("public"))
        .col(string("made_at"))
        .col(string_null("ended_at"))
        .col(string_null("how"))
        .to_owned()
}

fn deliveries() -> TableCreateStatement {
    named("deliveries")
        .col(string("id").primary_key())
        .col(string("webhook"))
        .col(string("announcement"))
        .col(string("kind"))
        .col(string("at"))
        .col(text("body"))
        .col(string("state"))
        .col(string_null("due_at"))
        .col(integer("attempts"))
        .col(string_null("tried_at"))
        .col(integer_null("status"))
        .col(text_null("detail"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("announcements_waiting", "announcements", &["is_told", "at"]),
        index("messages_of_person", "messages", &["person", "at", "id"]),
        index("messages_unread", "messages", &["person", "read_at"]),
        index("messages_once", "messages", &["announcement", "person"]).unique().to_owned(),
        index("messages_by_age", "messages", &["at"]),
        // Few wait; the others stay out of it.
        index("messages_to_mail", "messages", &["mail_due_at"])
            .and_where(Expr::col(Alias::new("mail_due_at")).is_not_null())
            .to_owned(),
        index("members_of_person", "members", &["person"]),
        index("calendars_by_digest", "calendars", &["digest"]).unique().to_owned(),
        index("webhooks_of_organisation", "webhooks", &["organisation"]),
        index("deliveries_of_webhook", "deliveries", &["webhook", "at", "id"]),
        index("deliveries_once", "deliveries", &["webhook", "announcement"]).unique().to_owned(),
        index("deliveries_by_age", "deliveries", &["at"]),
        index("deliveries_due", "deliveries", &["due_at"])
            .and_where(Expr::col(Alias::new("due_at")).is_not_null())
            .to_owned(),
    ]
}
