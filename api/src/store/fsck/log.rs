//! The acts table against itself, the tiles, the checkpoints and the head.

use std::collections::{BTreeSet, VecDeque};

use domain::act::{Commitment, Leaf, Salt, Sealed};
use domain::tlog::checkpoint::Checkpoint;
use domain::tlog::merkle::{Frontier, Hash, leaf_hash};
use domain::tlog::note::NoteKey;
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::super::entities::{acts, checkpoints, log_head, log_tiles};
use super::super::{Error, OpenError, log as tiles};
use super::{Begun, Findings, PAGE};

pub(super) async fn check(
    conn: &DatabaseTransaction,
    log: &[NoteKey],
    findings: &mut Findings,
) -> Result<Begun, Error> {
    let mut begun = Begun::new();
    let mut roots = Roots::read(conn, log, findings).await?;
    let mut tree = Tree::default();
    roots.compare(&tree.frontier, findings);
    let (mut after, mut expected) = (None, 0);
    loop {
        let page = acts::Entity::find()
            .apply_if(after, |query, after: i64| query.filter(acts::Column::Seq.gt(after)))
            .order_by_asc(acts::Column::Seq)
            .limit(PAGE)
            .all(conn)
            .await?;
        let Some(last) = page.last() else { break };
        after = Some(last.seq);
        for row in page {
            if row.seq != expected {
                findings.differ("acts", row.seq, "seq", format!("leaf {expected} should stand here"));
            }
            expected = row.seq.saturating_add(1);
            check_act(&row, findings);
            if row.version == 1 {
                let class = row.subject.split('/').next().unwrap_or_default();
                *begun.entry(class.to_owned()).or_default() += 1;
            }
            tree.append(conn, leaf_hash(row.leaf.as_bytes()), findings).await?;
            roots.compare(&tree.frontier, findings);
        }
    }
    for (row, _) in roots.waiting {
        findings.differ("checkpoints", row, "size", "the log has fewer leaves");
    }
    findings.acts = tree.frontier.size();
    findings.root = data_encoding::HEXLOWER.encode(&tree.frontier.root());
    check_head(conn, &tree.frontier, findings).await?;
    check_tile_count(conn, &tree, findings).await?;
    Ok(begun)
}

/// Every checkpoint bears a name, and the same one, which is not the log's: they were not altered one by one, but the
/// name that was given is another register's.
pub(super) async fn check_name(conn: &DatabaseTransaction, log: &[NoteKey]) -> Result<(), OpenError> {
    let expected = log.first().map_or("", NoteKey::name);
    let mut notes = checkpoints::Entity::find().stream(conn).await?;
    let mut names = BTreeSet::new();
    while let Some(row) = notes.try_next().await? {
        names.insert(row.note.lines().next().unwrap_or_default().to_owned());
    }
    match names.pop_first() {
        Some(found) if names.is_empty() && found != expected => {
            Err(OpenError::OtherLog { found, expected: expected.to_owned() })
        }
        _ => Ok(()),
    }
}

/// A row of acts: leaf, columns and bodies say the same.
fn check_act(row: &acts::Model, findings: &mut Findings) {
    let mut differ = |column: &str, why: &str| findings.differ("acts", row.seq, column, why);
    let leaf = match Leaf::read(&row.leaf) {
        Ok(leaf) => leaf,
        Err(error) => return differ("leaf", &format!("not a leaf: {error:?}")),
    };
    if leaf.seq as i64 != row.seq {
        differ("leaf", "it belongs to another index");
    }
    if leaf.subject != row.subject {
        differ("subject", "not the leaf's");
    }
    if i64::from(leaf.version) != i64::from(row.version) {
        differ("version", "not the leaf's");
    }
    if !gives(row.open.as_deref(), row.open_salt.as_deref(), leaf.open.as_ref()) {
        differ("open", "body and salt do not give the leaf's commitment");
    }
    if !gives(row.sealed.as_deref(), row.sealed_salt.as_deref(), Some(&leaf.sealed)) {
        differ("sealed", "body and salt do not give the leaf's commitment");
    }
    match row.sealed.as_deref().map(serde_json::from_str::<Sealed>) {
        Some(Ok(sealed)) => {
            if !leaf.holds(&sealed.act) {
                differ("leaf", "the sealed act is another one");
            }
            if sealed.request != row.request {
                differ("request", "not the sealed act's");
            }
        }
        _ => differ("sealed", "the act cannot be read"),
    }
}

/// Do body and salt give this commitment? Where the leaf has none, neither may stand there.
fn gives(body: Option<&str>, salt: Option<&str>, commitment: Option<&Commitment>) -> bool {
    let (Some(body), Some(salt), Some(commitment)) = (body, salt, commitment) else {
        return body.is_none() && salt.is_none() && commitment.is_none();
    };
    let salt = data_encoding::HEXLOWER.decode(salt.as_bytes()).ok().and_then(|salt| Salt::try_from(salt).ok());
    salt.is_some_and(|salt| Commitment::to(body, &salt) == *commitment)
}

/// Checkpoints still to be met on the way through the log, smallest first.
struct Roots {
    waiting: VecDeque<(u64, Hash)>,
}

impl Roots {
    async fn read(conn: &DatabaseTransaction, log: &[NoteKey], findings: &mut Findings) -> Result<Self, Error> {
        let mut waiting = VecDeque::new();
        let name = log.first().map_or("", NoteKey::name);
        for row in checkpoints::Entity::find().order_by_asc(checkpoints::Column::Size).all(conn).await? {
            findings.checkpoints += 1;
            match Checkpoint::open(&row.note, name, log) {
                Ok(checkpoint) if checkpoint.size as i64 == row.size => {
                    waiting.push_back((checkpoint.size, checkpoint.root));
                }
                Ok(checkpoint) => {
                    findings.differ("checkpoints", row.size, "size", format!("signed for {}", checkpoint.size));
                }
                Err(error) => {
                    findings.differ("checkpoints", row.size, "note", format!("not signed by the log: {error:?}"));
                }
            }
        }
        Ok(Self { waiting })
    }

    fn compare(&mut self, frontier: &Frontier, findings: &mut Findings) {
        while let Some((size, root)) = self.waiting.front().copied().filter(|(size, _)| *size == frontier.size()) {
            self.waiting.pop_front();
            if frontier.root() != root {
                findings.differ("checkpoints", size, "note", "the acts have another root at this size");
            }
        }
    }
}

/// The tree as the acts build it, with the tiles being filled.
#[derive(Default)]
struct Tree {
    frontier: Frontier,
    filling: Vec<Vec<Hash>>,
    tiles: u64,
}

impl Tree {
    async fn append(&mut self, conn: &DatabaseTransaction, hash: Hash, findings: &mut Findings) -> Result<(), Error> {
        self.frontier.append(hash);
        let (mut level, mut hash) = (0, hash);
        loop {
            if self.filling.len() == level {
                self.filling.push(Vec::new());
            }
            self.filling[level].push(hash);
            if self.filling[level].len() < 256 {
                return Ok(());
            }
            let full = std::mem::take(&mut self.filling[level]);
            let tile = ((self.frontier.size() >> (8 * (level + 1))) - 1) as i64;
            let expected = log_tiles::Model { level: level as i32, tile, hashes: full.concat() };
            let found = log_tiles::Entity::find_by_id((level as i32, tile)).one(conn).await?;
            match found {
                Some(found) if found == expected => {}
                Some(_) => findings.differ("log_tiles", format!("{level}/{tile}"), "hashes", "not the acts' hashes"),
                None => findings.differ("log_tiles", format!("{level}/{tile}"), "hashes", "missing"),
            }
            self.tiles += 1;
            hash = tiles::tile_root(&expected)?;
            level += 1;
        }
    }
}

async fn check_tile_count(conn: &DatabaseTransaction, tree: &Tree, findings: &mut Findings) -> Result<(), Error> {
    use sea_orm::PaginatorTrait;
    let found = log_tiles::Entity::find().count(conn).await?;
    if found != tree.tiles {
        findings.differ("log_tiles", "*", "tile", format!("{found} complete tiles, and the acts fill {}", tree.tiles));
    }
    Ok(())
}

async fn check_head(conn: &DatabaseTransaction, frontier: &Frontier, findings: &mut Findings) -> Result<(), Error> {
    let rows = log_head::Entity::find().all(conn).await?;
    let expected = log_head::Model { id: 1, frontier: frontier.to_bytes() };
    if rows != [expected] {
        findings.differ("log_head", "1", "frontier", "not the frontier of the acts");
    }
    Ok(())
}
