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
mod m0006_telling;
mod m0007_conditions;
mod m0008_drafts;
mod m0009_renewals;
mod m0010_trail_stands;
mod m0012_complaints;
mod m0012_price_checks;
mod m0012_watching;
mod m0014_the_day;
mod m0015_imports;

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
            Box::new(m0006_telling::Migration),
            Box::new(m0007_conditions::Migration),
            Box::new(m0008_drafts::Migration),
            Box::new(m0009_renewals::Migration),
            Box::new(m0010_trail_stands::Migration),
            Box::new(m0012_watching::Migration),
            Box::new(m0012_complaints::Migration),
            Box::new(m0012_price_checks::Migration),
            Box::new(m0014_the_day::Migration),
            Box::new(m0015_imports::Migration),
        ]
    }
}
