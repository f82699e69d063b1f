//! Rebuilds the log's tree and every table from the acts, and names each row that differs.
//!
//! One pass over the acts checks leaves, bodies, tiles, checkpoints and head; one pass over each table replays the acts
//! of its rows, a page at a time. Memory does not grow with the register.

mod basis;
mod evidence;
mod log;
mod rows;

use std::collections::BTreeMap;

use domain::act::Act;
use domain::tlog::note::NoteKey;
use sea_orm::{DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions, TransactionTrait};

use super::{Error, OpenError, check_url, connect};
use crate::evidence::shelf::Shelf;

/// Rows read at once.
const PAGE: u64 = 500;
/// Differences kept; one is as damning as a thousand.
const KEPT: usize = 1_000;

/// A place where the database says something the acts do not.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    pub table: &'static str,
    /// The row's key.
    pub row: String,
    pub column: String,
    /// What is wrong, for a person.
    pub why: String,
}

/// What was checked and what differs.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Findings {
    pub acts: u64,
    pub rows: u64,
    pub checkpoints: u64,
    /// The Merkle root rebuilt from the acts, in hexadecimal.
    pub root: String,
    pub differences: Vec<Difference>,
}

impl Findings {
    /// Nothing differs.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    fn differ(&mut self, table: &'static str, row: impl ToString, column: impl Into<String>, why: impl Into<String>) {
        if self.differences.len() < KEPT {
            let (row, column, why) = (row.to_string(), column.into(), why.into());
            self.differences.push(Difference { table, row, column, why });
        }
    }
}

/// Checks the database at `url`. `log` are the log's keys under its name, from outside the database: every one that
/// there ever was, at least one. `shelf` is where evidence is kept, if there is such a place.
pub async fn check(url: &str, log: &[NoteKey], shelf: Option<&Shelf>) -> Result<Findings, OpenError> {
    check_url(url)?;
    // Nothing is made where there is nothing.
    let conn = connect(&url.replace("mode=rwc", "mode=rw"), 1).await?;
    let is_shared = conn.get_database_backend() == DbBackend::Postgres;
    // One moment for everything that is compared, while servers go on writing. A reader of SQLite has that anyway.
    let options = TransactionOptions {
        isolation_level: is_shared.then_some(IsolationLevel::RepeatableRead),
        ..Default::default()
    };
    let snapshot = conn.begin_with_options(options).await?;
    log::check_name(&snapshot, log).await?;
    let mut findings = Findings::default();
    let begun = log::check(&snapshot, log, &mut findings).await?;
    rows::check(&snapshot, &begun, &mut findings).await?;
    basis::check(&snapshot, &mut findings).await?;
    evidence::check(&snapshot, shelf, &mut findings).await?;
    snapshot.rollback().await?;
    conn.close().await?;
    Ok(findings)
}

/// How many subjects of each class (`registration`, `licence`, …) the acts begin.
type Begun = BTreeMap<String, u64>;

/// The acts of some subjects, each subject's in order, read from their sealed bodies.
async fn acts_of(conn: &DatabaseTransaction, subjects: &[String]) -> Result<BTreeMap<String, Vec<Act>>, Error> {
    use super::entities::acts;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
    let rows = acts::Entity::find()
        .filter(acts::Column::Subject.is_in(subjects))
        .order_by_asc(acts::Column::Seq)
        .all(conn)
        .await?;
    let mut found: BTreeMap<String, Vec<Act>> = BTreeMap::new();
    for row in rows {
        // What cannot be read was named when the log was checked.
        let sealed = row.sealed.as_deref().and_then(|body| serde_json::from_str::<domain::act::Sealed>(body).ok());
        if let Some(sealed) = sealed {
            found.entry(row.subject).or_default().push(sealed.act);
        }
    }
    Ok(found)
}
