//! Watching: what providers report of their registered services.

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
        manager.create_table(reports()).await?;
        let mut once = index("reports_by_registration", "reports", &["registration", "matter", "period"]);
        // A later report about a period corrects the one before: there is one subject for all of them.
        manager.create_index(once.unique().to_owned()).await?;
        manager.create_index(index("reports_by_period", "reports", &["matter", "period"])).await
    }
}

fn reports() -> TableCreateStatement {
    named("reports")
        .col(string("id").primary_key())
        .col(integer("version"))
        .col(string("registration"))
        .col(string("matter"))
        .col(string("period"))
        .col(text("state"))
        .to_owned()
}
