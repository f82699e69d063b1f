//! One caller's writing: what an act may read and write, inside the batch's transaction.

use std::sync::{Arc, Mutex, MutexGuard};

use domain::act::{Act, Record, Salt, Subject};
use domain::tlog::merkle::leaf_hash;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::Error;
use super::batch::{Batch, Changes, Stored, Table, Waiting, run};
use super::entities::acts;

/// One job's part of the running batch. What is done through it is committed whole or not at all.
pub struct Tx<'a> {
    pub(super) conn: &'a DatabaseTransaction,
    batch: &'a Mutex<Batch>,
    own: Mutex<Changes>,
    /// The log's size before this job.
    first: u64,
    /// The request that was looked for and not found.
    asked: Mutex<Option<String>>,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx(from leaf {})", self.first)
    }
}

/// Where an act stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The leaf's index, from 0.
    pub seq: u64,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a DatabaseTransaction, batch: &'a Mutex<Batch>) -> Self {
        let first = held(batch).frontier.size();
        Self { conn, batch, own: Mutex::default(), first, asked: Mutex::default() }
    }

    /// What the job has written.
    pub(super) fn into_changes(self) -> Changes {
        self.own.into_inner().expect("nobody panics while holding the changes")
    }

    pub(super) fn own(&self) -> MutexGuard<'_, Changes> {
        held(&self.own)
    }

    pub(super) fn batch(&self) -> MutexGuard<'_, Batch> {
        held(self.batch)
    }

    /// A state by its key: as this job, this batch or an earlier one left it, else as `find` reads it.
    pub(super) async fn known<S: Stored>(
        &self,
        key: &str,
        own: fn(&Changes) -> &Waiting<S>,
        table: fn(&mut Batch) -> &mut Table<S>,
        find: impl Future<Output = Result<Option<S>, Error>>,
    ) -> Result<Option<S>, Error> {
        let known = own(&self.own()).get(key).cloned().or_else(|| table(&mut self.batch()).get(key));
        if let Some(state) = known {
            return Ok(Some(Arc::unwrap_or_clone(state)));
        }
        let Some(found) = find.await? else { return Ok(None) };
        table(&mut self.batch()).learn(Arc::new(found.clone()));
        Ok(Some(found))
    }

    /// Lets a query of this table see what the batch has written to it.
    pub(super) async fn settle<S: Stored>(&self, table: fn(&mut Batch) -> &mut Table<S>) -> Result<(), Error> {
        let Some(waiting) = self.batch().take(table) else { return Ok(()) };
        run(self.conn, waiting.into_statements(self.conn.get_database_backend())).await?;
        self.batch().mended();
        Ok(())
    }

    /// What an act for the same request was done to earlier, if there was one.
    pub async fn done_before(&self, request: &str) -> Result<Option<(Subject, Entry)>, Error> {
        if let Some(found) = self.batch().answered(request) {
            return Ok(Some(found));
        }
        let Some(row) = acts::Entity::find().filter(acts::Column::Request.eq(request)).all(self.conn).await?.pop()
        else {
            *held(&self.asked) = Some(request.to_owned());
            return Ok(None);
        };
        let corrupt = |_| Error::Corrupt { table: "acts", column: "subject", row: row.seq.to_string() };
        Ok(Some((row.subject.parse().map_err(corrupt)?, Entry { seq: row.seq as u64 })))
    }

    /// Writes an act and its leaf. `request` is the digest of the caller's idempotency key: a second act with the same
    /// one is a conflict.
    pub async fn record(&self, act: &Act, salts: [Salt; 2], request: Option<String>) -> Result<Entry, Error> {
        if let Some(request) = request.as_deref().filter(|request| held(&self.asked).as_deref() != Some(request))
            && self.done_before(request).await?.is_some()
        {
            return Err(Error::Conflict);
        }
        let mut own = self.own();
        let seq = self.first + own.acts.len() as u64;
        let record = Record::of(act, seq, request.as_deref(), salts);
        let hash = leaf_hash(record.leaf.as_bytes());
        let (open, open_salt) = record.open.map(|(body, salt)| (body, hex(&salt))).unzip();
        let (sealed, sealed_salt) = record.sealed;
        let row = acts::Model {
            seq: seq as i64,
            leaf: record.leaf,
            subject: act.subject.to_string(),
            version: act.version as i32,
            open,
            open_salt,
            sealed: Some(sealed),
            sealed_salt: Some(hex(&sealed_salt)),
            request,
        };
        own.acts.push((row, hash, act.subject.clone()));
        Ok(Entry { seq })
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding it")
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
