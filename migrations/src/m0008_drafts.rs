//! Drafts: what providers have typed of applications, and which of them name which files.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, string_null, text};

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
        for table in [drafts(), draft_files()] {
            manager.create_table(table).await?;
        }
        let mut once = index("drafts_by_application", "drafts", &["application"]);
        for index in [
            index("drafts_by_organisation", "drafts", &["organisation"]),
            index("drafts_by_saved_at", "drafts", &["saved_at"]),
            // A return is answered by one draft; new applications have none there.
            once.unique().to_owned(),
            index("draft_files_by_digest", "draft_files", &["digest"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn drafts() -> TableCreateStatement {
    named("drafts")
        .col(string("id").primary_key())
        .col(string("organisation"))
        // The application that it is to answer.
        .col(string_null("application"))
        .col(integer("version"))
        .col(string("saved_at"))
        .col(text("state"))
        .to_owned()
}

/// Files that the sweep of those that no application names passes over.
fn draft_files() -> TableCreateStatement {
    named("draft_files")
        .col(string("draft"))
        .col(string("organisation"))
        .col(string("digest"))
        .primary_key(Index::create().col("draft").col("digest"))
        .to_owned()
}
