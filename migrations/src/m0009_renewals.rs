//! Applications about what is registered already: which registration each concerns, and which wait to be entered there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_null, text};

use crate::m0001_register::index;

#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or nothing.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No application of before concerns a registration: nothing has to be filled in.
        let concerns = Table::alter().table("applications").add_column(string_null("concerns")).to_owned();
        manager.alter_table(concerns).await?;
        let pending = text("pending").default("").take();
        manager.alter_table(Table::alter().table("registrations").add_column(pending).to_owned()).await?;
        manager.create_index(index("applications_by_concerns", "applications", &["concerns"])).await
    }
}
