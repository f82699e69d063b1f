//! Tiles of C2SP tlog-tiles: 256 consecutive hashes of one level; each hash of a level is the root of a full tile below.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::merkle::{Frontier, Hash, Node, node_hash};

/// A tile spans this many levels of the tree.
pub const TILE_HEIGHT: u8 = 8;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Where a tile stands: level 0 holds leaf hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    pub level: u8,
    pub index: u64,
}

/// What a path names: a tile of hashes, or the bundle of entries under a tile of level 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    Hashes(TileId),
    Entries { index: u64 },
}

/// A resource at one width, 1 to [`TILE_WIDTH`]; below that it is partial.
///
/// Written and read as `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, `<N>` in groups of three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    pub resource: Resource,
    pub width: u16,
}

/// A path that names no tile, or not in the one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATilePath;

/// Hashes to be added to the end of one tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileRow {
    pub tile: TileId,
    /// How many hashes the tile had before, 0 to 255.
    pub from: u16,
    /// One or more, in order.
    pub hashes: Vec<Hash>,
}

/// Appends leaves and collects what that adds to the tiles, one row a tile.
#[derive(Clone, Debug)]
pub struct Appender {
    frontier: Frontier,
    rows: BTreeMap<TileId, TileRow>,
}

/// Tiles read from the store; gives the root of any complete subtree within them.
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<TileId, Vec<Hash>>);

/// A hash was asked of a tile that is not there, or not that wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileTooNarrow {
    pub tile: TileId,
    /// The width that was needed.
    pub needed: u16,
}

impl TileId {
    /// The tile from whose hashes `node` is made.
    pub fn holding(node: Node) -> Self {
        span(node).0
    }

    /// How many hashes this tile has in a tree of `size` leaves, 0 to [`TILE_WIDTH`].
    pub fn width_at(self, size: u64) -> u16 {
        let hashes = size.checked_shr(u32::from(TILE_HEIGHT) * u32::from(self.level)).unwrap_or(0);
        let before = self.index.saturating_mul(u64::from(TILE_WIDTH));
        hashes.saturating_sub(before).min(u64::from(TILE_WIDTH)) as u16
    }
}

/// The tile with the hashes that `node` is made of, the first of them, and how many.
fn span(node: Node) -> (TileId, u16, u16) {
    let (level, above) = (node.height / TILE_HEIGHT, node.height % TILE_HEIGHT);
    let first = node.index << above;
    let tile = TileId { level, index: first / u64::from(TILE_WIDTH) };
    (tile, (first % u64::from(TILE_WIDTH)) as u16, 1 << above)
}

impl Appender {
    /// Goes on from the stored edge of the tree.
    pub fn new(frontier: Frontier) -> Self {
        Self { frontier, rows: BTreeMap::new() }
    }

    /// Adds a leaf; its index.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.frontier.size();
        let rows = &mut self.rows;
        self.frontier.append_with(leaf, |node, hash| {
            if node.height % TILE_HEIGHT == 0 {
                let (tile, from, _) = span(node);
                rows.entry(tile).or_insert_with(|| TileRow { tile, from, hashes: Vec::new() }).hashes.push(hash);
            }
        });
        index
    }

    /// The tree with what was appended so far.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The new edge, and what to add to which tile, lowest level and leftmost first.
    pub fn finish(self) -> (Frontier, Vec<TileRow>) {
        (self.frontier, self.rows.into_values().collect())
    }
}

impl Tiles {
    /// Takes in a tile's hashes, as far as it has any.
    pub fn insert(&mut self, tile: TileId, hashes: Vec<Hash>) {
        self.0.insert(tile, hashes);
    }

    /// The root of the subtree `node`.
    pub fn hash(&self, node: Node) -> Result<Hash, TileTooNarrow> {
        let (tile, from, count) = span(node);
        let needed = from + count;
        let hashes = self.0.get(&tile).and_then(|hashes| hashes.get(usize::from(from)..usize::from(needed)));
        let mut row = hashes.ok_or(TileTooNarrow { tile, needed })?.to_vec();
        while row.len() > 1 {
            row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        }
        Ok(row[0])
    }
}

impl Tile {
    /// Every tile and bundle that is new or wider in a tree of `new` leaves than in one of `old`, at its new width.
    pub fn touched(old: u64, new: u64) -> BTreeSet<Self> {
        let mut touched = BTreeSet::new();
        let (mut level, mut had, mut has) = (0, old, new);
        while had < has {
            for index in had / u64::from(TILE_WIDTH)..has.div_ceil(u64::from(TILE_WIDTH)) {
                let tile = TileId { level, index };
                let width = tile.width_at(new);
                touched.insert(Self { resource: Resource::Hashes(tile), width });
                if level == 0 {
                    touched.insert(Self { resource: Resource::Entries { index }, width });
                }
            }
            (level, had, has) = (level + 1, had >> TILE_HEIGHT, has >> TILE_HEIGHT);
        }
        touched
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = match self.resource {
            Resource::Hashes(TileId { level, index }) => {
                write!(f, "tile/{level}/")?;
                index
            }
            Resource::Entries { index } => {
                f.write_str("tile/entries/")?;
                index
            }
        };
        let digits = index.to_string();
        let digits = format!("{digits:0>width$}", width = digits.len().next_multiple_of(3));
        let (before, last) = digits.split_at(digits.len() - 3);
        before.as_bytes().chunks(3).try_for_each(|group| write!(f, "x{}/", group.escape_ascii()))?;
        f.write_str(last)?;
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for Tile {
    type Err = NotATilePath;

    fn from_str(path: &str) -> Result<Self, NotATilePath> {
        // Read loosely, then compare with the one way to write it.
        let tile = read_path(path).ok_or(NotATilePath)?;
        if tile.to_string() == path { Ok(tile) } else { Err(NotATilePath) }
    }
}

fn read_path(path: &str) -> Option<Tile> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?),
        None => (rest, TILE_WIDTH),
    };
    let index = groups.replace(['x', '/'], "").parse().ok()?;
    let resource = match kind {
        "entries" => Resource::Entries { index },
        level => Resource::Hashes(TileId { level: level.parse().ok().filter(|level| *level < 64)?, index }),
    };
    Some(Tile { resource, width })
}
