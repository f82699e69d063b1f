//! Working papers: what an examiner has typed about a criterion and not sent, and their private note.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, text, text_null};

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
        manager.create_table(working_papers()).await?;
        manager.create_index(index("working_papers_by_day", "working_papers", &["saved_at"])).await
    }
}

/// One examiner's, of one case and criterion. No state of acts: nothing of it is in the log.
fn working_papers() -> TableCreateStatement {
    named("working_papers")
        .col(string("person"))
        .col(string("application"))
        .col(string("criterion"))
        // What was typed and is not judged yet, as JSON.
        .col(text_null("unsent"))
        .col(text("note"))
        .col(string("saved_at"))
        .primary_key(Index::create().col("person").col("application").col("criterion"))
        .to_owned()
}
