//! Evidence: the files that organisations have uploaded, and which application names which.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer_null, string, text};

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
        for table in [uploads(), evidence()] {
            manager.create_table(table).await?;
        }
        for index in [
            index("uploads_by_digest", "uploads", &["digest"]),
            index("uploads_by_shown", "uploads", &["shown"]),
            index("evidence_by_digest", "evidence", &["digest"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// A file that an organisation has uploaded. The file itself is kept once, under its digest, beside the database.
fn uploads() -> TableCreateStatement {
    named("uploads")
        .col(string("organisation"))
        .col(string("digest"))
        .col(string("person"))
        .col(text("name"))
        .col(string("media"))
        .col(big_integer("bytes"))
        .col(integer_null("pages"))
        // What others than the organisation are shown: the same without its metadata.
        .col(string("shown"))
        .col(big_integer("shown_bytes"))
        .col(string("scan"))
        .col(string("uploaded_at"))
        // `arriving` until the file lies under its digest, then `kept`.
        .col(string("state"))
        .col(boolean("is_named"))
        .primary_key(Index::create().col("organisation").col("digest"))
        .to_owned()
}

/// Which application names which file, in any of its submissions.
fn evidence() -> TableCreateStatement {
    named("evidence")
        .col(string("application"))
        .col(string("digest"))
        .primary_key(Index::create().col("application").col("digest"))
        .to_owned()
}
