//! The Merkle tree of RFC 6962 §2.1 with SHA-256, and its right edge.

use sha2::{Digest, Sha256};

/// Trees are smaller than this, so that sizes and indices never overflow.
pub const MAX_SIZE: u64 = 1 << 62;

/// A SHA-256 hash in the tree.
pub type Hash = [u8; 32];

/// The root of a complete subtree: of the `1 << height` leaves from `index << height` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    pub height: u8,
    pub index: u64,
}

/// The right edge of a tree: the roots of the largest complete subtrees it is made of, from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// Why bytes are not a stored [`Frontier`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAFrontier {
    /// Not eight bytes of size and the hashes that a tree of that size has.
    Length { found: usize, expected: usize },
    /// [`MAX_SIZE`] or more.
    Size { size: u64 },
}

/// The hash of an entry: SHA-256 of `0x00` and the entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of two subtrees: SHA-256 of `0x01` and both.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root over subtrees that follow each other, each as large as possible; `None` for none.
pub(super) fn fold(subtrees: &[Hash]) -> Option<Hash> {
    subtrees.iter().rev().copied().reduce(|right, left| node_hash(&left, &right))
}

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        fold(&self.hashes).unwrap_or_else(empty_root)
    }

    /// Adds a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _| {});
    }

    /// Adds a leaf and tells every subtree that is complete with it, from the leaf upwards.
    pub fn append_with(&mut self, leaf: Hash, mut complete: impl FnMut(Node, Hash)) {
        let (mut node, mut hash) = (Node { height: 0, index: self.size }, leaf);
        complete(node, hash);
        while node.index & 1 == 1 {
            let left = self.hashes.pop().expect("a right child's left sibling is on the edge");
            hash = node_hash(&left, &hash);
            node = Node { height: node.height + 1, index: node.index >> 1 };
            complete(node, hash);
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// For storing: the size in eight bytes, big-endian, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        self.hashes.iter().for_each(|hash| bytes.extend(hash));
        bytes
    }

    /// What [`Frontier::to_bytes`] wrote. Whether it is the right tree only a comparison of roots tells.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAFrontier> {
        let wrong = |expected| NotAFrontier::Length { found: bytes.len(), expected };
        let (size, hashes) = bytes.split_first_chunk().ok_or_else(|| wrong(8))?;
        let size = u64::from_be_bytes(*size);
        if size >= MAX_SIZE {
            return Err(NotAFrontier::Size { size });
        }
        let (hashes, rest) = hashes.as_chunks();
        let expected = size.count_ones() as usize;
        if hashes.len() != expected || !rest.is_empty() {
            return Err(wrong(8 + 32 * expected));
        }
        Ok(Self { size, hashes: hashes.to_vec() })
    }
}
