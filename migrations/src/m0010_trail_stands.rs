//! A line of the audit trail stands: the database itself refuses to alter it, and to let it go before its time.
//!
//! What stays possible is what `docs/operations.md` (Retention) asks for: an address of 90 days gives way to its digest,
//! and a line of three years that stands for no act goes. A day less is asked here, since the clock of the database is
//! not that of the program. `DROP TRIGGER` undoes it: that takes the tables' owner, which a role that only serves is not.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All of it or nothing.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        let statements = match conn.get_database_backend() {
            DatabaseBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            conn.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const SQLITE: &[&str] = &[
    "CREATE TRIGGER trail_stands BEFORE UPDATE ON trail
     WHEN OLD.id IS NOT NEW.id OR OLD.at IS NOT NEW.at OR OLD.request IS NOT NEW.request
       OR OLD.person IS NOT NEW.person OR OLD.role IS NOT NEW.role OR OLD.organisation IS NOT NEW.organisation
       OR OLD.proof IS NOT NEW.proof OR OLD.what IS NOT NEW.what OR OLD.subject IS NOT NEW.subject
       OR OLD.outcome IS NOT NEW.outcome OR OLD.detail IS NOT NEW.detail OR OLD.seq IS NOT NEW.seq
       OR OLD.address IS NULL OR NEW.address IS NOT NULL OR NEW.address_digest IS NULL
       OR OLD.at > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-89 days')
     BEGIN SELECT RAISE(ABORT, 'a line of the trail stands'); END",
    "CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail
     WHEN OLD.seq IS NOT NULL OR OLD.at > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1094 days')
     BEGIN SELECT RAISE(ABORT, 'a line of the trail is kept'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION trail_stands() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF (OLD.id, OLD.at, OLD.request, OLD.person, OLD.role, OLD.organisation, OLD.proof, OLD.what, OLD.subject,
           OLD.outcome, OLD.detail, OLD.seq)
          IS DISTINCT FROM
          (NEW.id, NEW.at, NEW.request, NEW.person, NEW.role, NEW.organisation, NEW.proof, NEW.what, NEW.subject,
           NEW.outcome, NEW.detail, NEW.seq)
          OR OLD.address IS NULL OR NEW.address IS NOT NULL OR NEW.address_digest IS NULL
          OR OLD.at > to_char(now() AT TIME ZONE 'UTC' - interval '89 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
       THEN RAISE EXCEPTION 'a line of the trail stands';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE FUNCTION trail_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'a line of the trail is kept'; END IF;
       IF OLD.seq IS NOT NULL
          OR OLD.at > to_char(now() AT TIME ZONE 'UTC' - interval '1094 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
       THEN RAISE EXCEPTION 'a line of the trail is kept';
       END IF;
       RETURN OLD;
     END $$",
    "CREATE TRIGGER trail_stands BEFORE UPDATE ON trail FOR EACH ROW EXECUTE FUNCTION trail_stands()",
    "CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail FOR EACH ROW EXECUTE FUNCTION trail_is_kept()",
    "CREATE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON trail EXECUTE FUNCTION trail_is_kept()",
];
