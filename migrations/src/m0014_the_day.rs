//! Settings of the scheme that two people have changed; and until when the last term of a registration runs, so that what
//! is long over need not be looked through for what is due.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, text};
use sea_orm_migration::sea_orm::DatabaseBackend;

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
        manager.create_table(settings()).await?;
        let until = string("term_until").default("").take();
        manager.alter_table(Table::alter().table("registrations").add_column(until).to_owned()).await?;
        let conn = manager.get_connection();
        let fill = match conn.get_database_backend() {
            DatabaseBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        conn.execute_unprepared(fill).await?;
        manager.create_index(index("registrations_by_term_until", "registrations", &["term_until", "number"])).await
    }
}

const SQLITE: &str = "UPDATE registrations SET term_until = json_extract(state, '$.terms[#-1].until')";
const POSTGRES: &str = "UPDATE registrations SET term_until = state::jsonb->'terms'->-1->>'until'";

fn settings() -> TableCreateStatement {
    named("settings").col(string("id").primary_key()).col(integer("version")).col(text("state")).to_owned()
}
