//! The database's history: forwards only, the same for SQLite and PostgreSQL.
//!
//! Days and instants are text of one fixed form (`2021-04-15`, `2021-04-14T15:00:00Z`), so that both engines order and
//! compare them alike. Documents are JSON in text.

use sea_orm_migration::prelude::*;

mod m0001_register;
mod m0002_people;
mod m0003_editions;
mod m0004_evidence;
mod m0005_working_papers;
mod m0008_drafts;
mod m0010_trail_stands;

/// Every migration, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_register::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_editions::Migration),
            Box::new(m0004_evidence::Migration),
            Box::new(m0005_working_papers::Migration),
            Box::new(m0008_drafts::Migration),
            Box::new(m0010_trail_stands::Migration),
        ]
    }
}
