//! Editions as acts: which file stands for an edition of the criteria, and the files.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, text};

use crate::m0001_register::named;

#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or nothing.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [editions(), edition_files()] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}

/// States of acts, each as JSON in `state`.
fn editions() -> TableCreateStatement {
    named("editions").col(string("id").primary_key()).col(integer("version")).col(text("state")).to_owned()
}

/// Every file that was published or proposed, by its SHA-256. None is ever altered: cases are bound to them.
fn edition_files() -> TableCreateStatement {
    named("edition_files").col(string("digest").primary_key()).col(text("text")).to_owned()
}
