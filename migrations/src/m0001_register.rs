//! Acts, their log, and the tables that hold what the acts add up to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, boolean, integer, string, string_null, text, text_null};

#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or nothing, on SQLite too: a first start may be cut off.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [log_head(), acts(), log_tiles(), checkpoints(), people(), signing_keys()] {
            manager.create_table(table).await?;
        }
        for table in [applications(), examinations(), registrations(), licences()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Another name for the name of a table or a column: plain text, so that a reader sees the database's own words.
pub(crate) fn named(table: &'static str) -> TableCreateStatement {
    Table::create().table(Alias::new(table)).to_owned()
}

/// One row: the log's size, the frontier of its Merkle tree, and the lock that keeps writers apart.
fn log_head() -> TableCreateStatement {
    named("log_head").col(integer("id").primary_key()).col(binary("frontier")).to_owned()
}

fn acts() -> TableCreateStatement {
    named("acts")
        .col(big_integer("seq").primary_key())
        .col(text("leaf"))
        .col(string("subject"))
        .col(integer("version"))
        .col(text_null("open"))
        .col(string_null("open_salt"))
        .col(text_null("sealed"))
        .col(string_null("sealed_salt"))
        .col(string_null("request"))
        .to_owned()
}

/// Hashes of complete subtrees, 256 a row at most, as C2SP tlog-tiles arranges them.
fn log_tiles() -> TableCreateStatement {
    let key = Index::create().col(Alias::new("level")).col(Alias::new("tile")).to_owned();
    named("log_tiles")
        .col(integer("level"))
        .col(big_integer("tile"))
        .col(binary("hashes"))
        .primary_key(&mut key.clone())
        .to_owned()
}

fn checkpoints() -> TableCreateStatement {
    named("checkpoints").col(big_integer("size").primary_key()).col(text("note")).to_owned()
}

fn people() -> TableCreateStatement {
    named("people")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("role"))
        .col(string("token_digest"))
        .col(boolean("is_dismissed"))
        .col(text("state"))
        .to_owned()
}

fn signing_keys() -> TableCreateStatement {
    named("signing_keys")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("purpose"))
        .col(text("state"))
        .to_owned()
}

fn applications() -> TableCreateStatement {
    named("applications")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("owner"))
        .col(string("stage"))
        .col(string("submitted_at"))
        .col(text("state"))
        .to_owned()
}

fn examinations() -> TableCreateStatement {
    named("examinations")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("application"))
        .col(string("examiner"))
        .col(text("state"))
        .to_owned()
}

fn registrations() -> TableCreateStatement {
    named("registrations")
        .col(string("number").primary_key())
        .col(integer("version"))
        .col(string("application"))
        .col(string("owner"))
        .col(text("search_key"))
        .col(text("state"))
        .to_owned()
}

fn licences() -> TableCreateStatement {
    named("licences")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("registration"))
        .col(string("holder"))
        .col(big_integer("status_index"))
        .col(boolean("is_closed"))
        .col(binary("token"))
        .col(text("state"))
        .to_owned()
}

/// An index by its columns.
pub(crate) fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(Alias::new(table)).to_owned();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("acts_of_subject", "acts", &["subject", "version"]).unique().to_owned(),
        // Most acts answer no request that can be repeated; those stay out of the index.
        index("acts_by_request", "acts", &["request"])
            .unique()
            .and_where(Expr::col(Alias::new("request")).is_not_null())
            .to_owned(),
        index("people_by_token", "people", &["token_digest"]).unique().to_owned(),
        index("applications_by_stage", "applications", &["stage", "submitted_at"]),
        index("applications_by_owner", "applications", &["owner", "submitted_at"]),
        index("examinations_of_application", "examinations", &["application", "examiner"]).unique().to_owned(),
        index("registrations_of_application", "registrations", &["application"]).unique().to_owned(),
        index("registrations_of_owner", "registrations", &["owner"]),
        index("licences_of_registration", "licences", &["registration", "holder"]),
        index("licences_by_status_index", "licences", &["status_index"]).unique().to_owned(),
    ]
}
