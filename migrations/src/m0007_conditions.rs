//! What waits after a decision: the first day by which a condition is to be met, and since when an objection waits.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string_null;

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
        // No decision of before has a condition, and none was objected to: nothing has to be filled in.
        for column in ["condition_due", "objected_at"] {
            let table = Table::alter().table("applications").add_column(string_null(column)).to_owned();
            manager.alter_table(table).await?;
        }
        for index in [
            index("applications_by_condition_due", "applications", &["condition_due"]),
            index("applications_by_objected_at", "applications", &["objected_at"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
