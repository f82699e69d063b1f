//! Imports: the files by which providers attest many users at once, how far each has come, and what is wrong with it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, integer, string, string_null, text};

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
        for table in [imports(), import_pieces(), import_faults()] {
            manager.create_table(table).await?;
        }
        for index in [
            index("imports_by_request", "imports", &["request"]).unique().to_owned(),
            index("imports_by_registration", "imports", &["registration", "begun_at"]),
            index("imports_by_stage", "imports", &["stage"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn imports() -> TableCreateStatement {
    named("imports")
        .col(string("id").primary_key())
        // The digest of the caller's key: a second upload under it is the same import.
        .col(string_null("request"))
        .col(string("registration"))
        .col(string("organisation"))
        .col(string("person"))
        .col(string("proof"))
        .col(string("choice"))
        .col(text("name"))
        .col(string("stage"))
        // Whoever sends it, while it arrives: of two, the later.
        .col(string("sender"))
        .col(big_integer("bytes"))
        .col(string_null("digest"))
        .col(string_null("encoding"))
        .col(string("begun_at"))
        .col(string_null("settled_at"))
        .col(integer("rows"))
        .col(integer("faulty"))
        .col(integer("issued"))
        // The last line that was settled.
        .col(integer("line"))
        .col(string_null("trouble"))
        .to_owned()
}

/// The file itself, until it is settled.
fn import_pieces() -> TableCreateStatement {
    named("import_pieces")
        .col(string("import"))
        .col(integer("place"))
        .col(binary("bytes"))
        .primary_key(Index::create().col("import").col("place"))
        .to_owned()
}

/// What is wrong with it, line by line.
fn import_faults() -> TableCreateStatement {
    named("import_faults")
        .col(string("import"))
        .col(integer("place"))
        .col(integer("line"))
        .col(string_null("column_name"))
        .col(text("read"))
        .col(text("ja"))
        .col(text("en"))
        .primary_key(Index::create().col("import").col("place"))
        .to_owned()
}
