//! Advertised prices that were held against the register.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, text};

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
        manager.create_table(price_checks()).await?;
        let by_registration = index("price_checks_by_registration", "price_checks", &["registration", "checked_at"]);
        manager.create_index(by_registration).await
    }
}

fn price_checks() -> TableCreateStatement {
    named("price_checks")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("registration"))
        .col(string("checked_at"))
        .col(text("state"))
        .to_owned()
}
