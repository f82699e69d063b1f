//! Complaints, and beside them what was written: it is part of no act, and can be erased.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, string_null, text, text_null};

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
        manager.create_table(complaints()).await?;
        manager.create_table(complaint_words()).await?;
        manager.create_index(index("complaints_by_received_at", "complaints", &["received_at"])).await?;
        manager.create_index(index("complaints_by_closed_at", "complaints", &["closed_at"])).await
    }
}

fn complaints() -> TableCreateStatement {
    named("complaints")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string_null("registration"))
        .col(string("received_at"))
        .col(string_null("closed_at"))
        .col(text("state"))
        .to_owned()
}

fn complaint_words() -> TableCreateStatement {
    named("complaint_words")
        .col(string("complaint").primary_key())
        // What was erased is gone.
        .col(text_null("text"))
        .col(text_null("name"))
        .col(text_null("contact"))
        // With the text it makes the digest that the act holds; it goes with the text.
        .col(string_null("salt"))
        // SHA-256 of what the reporter follows it by.
        .col(string("secret"))
        .to_owned()
}
