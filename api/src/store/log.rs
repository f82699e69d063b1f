//! The log's head, tiles and checkpoints.
//!
//! The head is one row with the Merkle frontier: writers lock it, append, and put it back in the transaction that
//! stores the acts, so a root always belongs to rows that are durable with it. Checkpoints are made afterwards, from
//! what a reader sees; a size has one root for ever, so two are never signed for one size.

use domain::act::{ApplicationId, Deed, Leaf, Sealed, Subject};
use domain::calendar::Instant;
use domain::declaration::Declaration;
use domain::tlog::merkle::{Frontier, Hash, leaf_hash};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement, sea_query::OnConflict,
};

use super::entities::{acts, checkpoints, log_head, log_tiles};
use super::{Error, Store};

/// Hashes of a complete tile.
const TILE: u64 = 256;
const ROW: i32 = 1;

/// The log as it stands: how many leaves, and the root over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub size: u64,
    pub root: Hash,
}

/// Makes the head of an empty log where there is none, and returns the log's size. Acts without a head are refused: to
/// begin again at nothing would fork the log.
pub(super) async fn begin(conn: &DatabaseConnection) -> Result<u64, Error> {
    if log_head::Entity::find_by_id(ROW).one(conn).await?.is_none() && acts::Entity::find().one(conn).await?.is_some() {
        return Err(Error::Corrupt { table: "log_head", column: "frontier", row: ROW.to_string() });
    }
    let row = log_head::ActiveModel { id: Set(ROW), frontier: Set(Frontier::new().to_bytes()) };
    let unless_there = OnConflict::column(log_head::Column::Id).do_nothing().to_owned();
    log_head::Entity::insert(row).on_conflict(unless_there).exec_without_returning(conn).await?;
    Ok(read_head(conn).await?.size())
}

pub(super) async fn read_head(conn: &impl ConnectionTrait) -> Result<Frontier, Error> {
    head_row(log_head::Entity::find_by_id(ROW).one(conn).await?)
}

/// Reads the head and keeps other writers out until the transaction ends.
pub(super) async fn lock_head(transaction: &DatabaseTransaction) -> Result<Frontier, Error> {
    // `.all()`: SQLite compiles a statement with a bound LIMIT anew at every call.
    head_row(log_head::Entity::find_by_id(ROW).lock(LockType::Update).all(transaction).await?.pop())
}

fn head_row(row: Option<log_head::Model>) -> Result<Frontier, Error> {
    let corrupt = || Error::Corrupt { table: "log_head", column: "frontier", row: ROW.to_string() };
    Frontier::from_bytes(&row.ok_or_else(corrupt)?.frontier).map_err(|_| corrupt())
}

/// The statement that stores the head after a batch.
pub(super) fn store_head(backend: DbBackend, after: &Frontier) -> Statement {
    let row = log_head::ActiveModel { frontier: Set(after.to_bytes()), ..Default::default() };
    log_head::Entity::update_many().set(row).filter(log_head::Column::Id.eq(ROW)).build(backend)
}

/// Stores every tile that a batch has completed, once its acts are written.
pub(super) async fn store_tiles(
    transaction: &DatabaseTransaction,
    before: &Frontier,
    after: &Frontier,
) -> Result<(), Error> {
    for tile in before.size() / TILE..after.size() / TILE {
        complete_tiles(transaction, tile).await?;
    }
    Ok(())
}

/// Stores level 0's tile `tile`, and the tiles above that it completes.
async fn complete_tiles(transaction: &DatabaseTransaction, tile: u64) -> Result<(), Error> {
    let (mut level, mut tile) = (0, tile);
    loop {
        let hashes = if level == 0 {
            leaf_hashes(transaction, tile * TILE, (tile + 1) * TILE).await?
        } else {
            tile_roots(transaction, level - 1, tile * TILE, (tile + 1) * TILE).await?
        };
        let row = log_tiles::ActiveModel { level: Set(level), tile: Set(tile as i64), hashes: Set(hashes.concat()) };
        log_tiles::Entity::insert(row).exec_without_returning(transaction).await?;
        if (tile + 1) % TILE != 0 {
            return Ok(());
        }
        (level, tile) = (level + 1, tile / TILE);
    }
}

async fn leaf_hashes(conn: &impl ConnectionTrait, from: u64, until: u64) -> Result<Vec<Hash>, Error> {
    let leaves: Vec<String> = acts::Entity::find()
        .select_only()
        .column(acts::Column::Leaf)
        .filter(acts::Column::Seq.gte(from as i64))
        .filter(acts::Column::Seq.lt(until as i64))
        .order_by_asc(acts::Column::Seq)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(leaves.iter().map(|leaf| leaf_hash(leaf.as_bytes())).collect())
}

async fn tile_roots(conn: &impl ConnectionTrait, level: i32, from: u64, until: u64) -> Result<Vec<Hash>, Error> {
    let tiles = log_tiles::Entity::find()
        .filter(log_tiles::Column::Level.eq(level))
        .filter(log_tiles::Column::Tile.gte(from as i64))
        .filter(log_tiles::Column::Tile.lt(until as i64))
        .order_by_asc(log_tiles::Column::Tile)
        .all(conn)
        .await?;
    tiles.iter().map(tile_root).collect()
}

pub(super) fn tile_root(row: &log_tiles::Model) -> Result<Hash, Error> {
    let corrupt =
        || Error::Corrupt { table: "log_tiles", column: "hashes", row: format!("{}/{}", row.level, row.tile) };
    let (hashes, rest) = row.hashes.as_chunks::<32>();
    if hashes.len() as u64 != TILE || !rest.is_empty() {
        return Err(corrupt());
    }
    let mut frontier = Frontier::new();
    for hash in hashes {
        frontier.append(*hash);
    }
    Ok(frontier.root())
}

impl Store {
    /// The log as a reader sees it: everything under this root is durable.
    pub async fn head(&self) -> Result<Head, Error> {
        let frontier = read_head(&self.read).await?;
        Ok(Head { size: frontier.size(), root: frontier.root() })
    }

    /// When the last act was done; none before the first.
    pub async fn last_act_at(&self) -> Result<Option<Instant>, Error> {
        let last = acts::Entity::find().order_by_desc(acts::Column::Seq).limit(1).all(&self.read).await?.pop();
        let Some(row) = last else { return Ok(None) };
        let at = Leaf::read(&row.leaf).ok().and_then(|leaf| leaf.at.parse().ok());
        let corrupt = || Error::Corrupt { table: "acts", column: "leaf", row: row.seq.to_string() };
        at.map(Some).ok_or_else(corrupt)
    }

    /// The log's size after this process's last commit; changes wake whoever waits.
    pub fn watch_size(&self) -> tokio::sync::watch::Receiver<u64> {
        self.writer.size.subscribe()
    }

    /// The last checkpoint that was published.
    pub async fn checkpoint(&self) -> Result<Option<String>, Error> {
        let last = checkpoints::Entity::find().order_by_desc(checkpoints::Column::Size).limit(1);
        Ok(last.all(&self.read).await?.pop().map(|row| row.note))
    }

    /// Keeps a signed checkpoint. Another process may have kept the same one already: one size has one root.
    pub async fn keep_checkpoint(&self, head: Head, note: &str) -> Result<(), Error> {
        let row = checkpoints::ActiveModel { size: Set(head.size as i64), note: Set(note.to_owned()) };
        let unless_there = OnConflict::column(checkpoints::Column::Size).do_nothing().to_owned();
        checkpoints::Entity::insert(row).on_conflict(unless_there).exec_without_returning(&self.read).await?;
        Ok(())
    }

    /// A leaf and what the register publishes of it: the open body with its salt.
    pub async fn leaf(&self, seq: u64) -> Result<Option<(String, Option<(String, String)>)>, Error> {
        let row = acts::Entity::find_by_id(seq as i64).one(&self.read).await?;
        Ok(row.map(|row| (row.leaf, row.open.zip(row.open_salt))))
    }

    /// What was declared in each submission of an application, oldest first; those whose acts were erased are left out.
    pub async fn declarations_of(&self, application: &ApplicationId) -> Result<Vec<Declaration>, Error> {
        let subject = Subject::Application(application.clone()).to_string();
        let rows = acts::Entity::find()
            .filter(acts::Column::Subject.eq(subject))
            .order_by_asc(acts::Column::Version)
            .all(&self.read)
            .await?;
        let mut declared = Vec::new();
        for row in rows {
            let Some(sealed) = &row.sealed else { continue };
            let corrupt = |_| Error::Corrupt { table: "acts", column: "sealed", row: row.seq.to_string() };
            if let Deed::Submitted { declaration, .. } | Deed::Resubmitted { declaration, .. } =
                serde_json::from_str::<Sealed>(sealed).map_err(corrupt)?.act.deed
            {
                declared.push(*declaration);
            }
        }
        Ok(declared)
    }

    /// The leaves about one subject, oldest first.
    pub async fn leaves_of(&self, subject: &str) -> Result<Vec<Leaf>, Error> {
        let rows = acts::Entity::find()
            .filter(acts::Column::Subject.eq(subject))
            .order_by_asc(acts::Column::Version)
            .all(&self.read)
            .await?;
        rows.iter()
            .map(|row| {
                let corrupt = |_| Error::Corrupt { table: "acts", column: "leaf", row: row.seq.to_string() };
                Leaf::read(&row.leaf).map_err(corrupt)
            })
            .collect()
    }
}
