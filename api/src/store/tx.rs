//! One caller's writing: what an act may read and write, inside the batch's transaction.

use std::sync::Mutex;

use domain::act::{Act, Record, Salt, Subject};
use domain::tlog::merkle::{Hash, leaf_hash};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::Error;
use super::entities::acts;

/// A savepoint in the running batch. What is done through it is committed whole or not at all.
pub struct Tx<'a> {
    pub(super) conn: &'a DatabaseTransaction,
    first: u64,
    written: Mutex<Vec<(Hash, Subject)>>,
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
    pub(super) fn new(conn: &'a DatabaseTransaction, first: u64) -> Self {
        Self { conn, first, written: Mutex::new(Vec::new()) }
    }

    /// The leaves written through this savepoint, and what they are about.
    pub(super) fn into_written(self) -> Vec<(Hash, Subject)> {
        self.written.into_inner().expect("nobody panics while holding the list")
    }

    /// Writes an act and its leaf. `request` is the digest of the caller's idempotency key: a second act with the same
    /// one is a conflict.
    pub async fn record(&self, act: &Act, salts: [Salt; 2], request: Option<String>) -> Result<Entry, Error> {
        let seq = self.first + self.written.lock().expect("nobody panics while holding the list").len() as u64;
        let record = Record::of(act, seq, request.as_deref(), salts);
        let hash = leaf_hash(record.leaf.as_bytes());
        let (open, open_salt) = record.open.map(|(body, salt)| (body, hex(&salt))).unzip();
        let (sealed, sealed_salt) = record.sealed;
        let row = acts::ActiveModel {
            seq: Set(seq as i64),
            leaf: Set(record.leaf),
            subject: Set(act.subject.to_string()),
            version: Set(act.version as i32),
            open: Set(open),
            open_salt: Set(open_salt),
            sealed: Set(Some(sealed)),
            sealed_salt: Set(Some(hex(&sealed_salt))),
            request: Set(request),
        };
        acts::Entity::insert(row).exec_without_returning(self.conn).await?;
        self.written.lock().expect("nobody panics while holding the list").push((hash, act.subject.clone()));
        Ok(Entry { seq })
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
