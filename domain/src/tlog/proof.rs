//! Inclusion and consistency proofs: made as RFC 6962 §2.1.1 and §2.1.2 define them, checked as RFC 9162 §2.1.3.2 and
//! §2.1.4.2 say.

use std::collections::BTreeSet;

use super::merkle::{Hash, Node, empty_root, fold, node_hash};
use super::tile::TileId;

/// What a proof is made of, known from sizes alone: for each of its hashes the complete subtrees under it, from left to
/// right. So the tiles can be fetched first, by whoever may wait for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan(Vec<Vec<Node>>);

/// No such proof can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoProof {
    /// The tree has no such leaf.
    OutOfTree { index: u64, size: u64 },
    /// The later tree is the smaller.
    Shrinks { old: u64, new: u64 },
}

/// A proof that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// It is about nothing.
    NoProof(NoProof),
    /// More or fewer hashes than these sizes ask for.
    Length { found: usize },
    /// It leads to another root than the one given: the old tree's or the new one's.
    Root { is_old: bool },
}

impl Plan {
    /// That leaf `index` is in the tree of `size` leaves.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, NoProof> {
        if index >= size {
            return Err(NoProof::OutOfTree { index, size });
        }
        let (mut from, mut until, mut hashes) = (0, size, Vec::new());
        while until - from > 1 {
            let middle = split(from, until);
            if index < middle {
                hashes.push(subtrees(middle, until));
                until = middle;
            } else {
                hashes.push(subtrees(from, middle));
                from = middle;
            }
        }
        hashes.reverse();
        Ok(Self(hashes))
    }

    /// That the tree of `old` leaves is the beginning of the tree of `new`; empty when either is trivially so.
    pub fn consistency(old: u64, new: u64) -> Result<Self, NoProof> {
        if old > new {
            return Err(NoProof::Shrinks { old, new });
        }
        let (mut from, mut until, mut hashes) = (0, new, Vec::new());
        while old > 0 && old < until {
            let middle = split(from, until);
            if old <= middle {
                hashes.push(subtrees(middle, until));
                until = middle;
            } else {
                hashes.push(subtrees(from, middle));
                from = middle;
            }
        }
        if from > 0 {
            // The old tree is no complete subtree of the new one: its last part is named too.
            hashes.push(subtrees(from, until));
        }
        hashes.reverse();
        Ok(Self(hashes))
    }

    /// The tiles that hold what the proof is made from.
    pub fn tiles(&self) -> BTreeSet<TileId> {
        self.0.iter().flatten().copied().map(TileId::holding).collect()
    }

    /// The proof, given the roots of complete subtrees.
    pub fn prove<E>(&self, mut read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
        self.0
            .iter()
            .map(|run| {
                let hashes = run.iter().map(|&node| read(node)).collect::<Result<Vec<_>, E>>()?;
                Ok(fold(&hashes).expect("every hash of a proof is over some leaves"))
            })
            .collect()
    }
}

/// Where RFC 6962 splits a range of two leaves or more: after the largest power of two below its length.
fn split(from: u64, until: u64) -> u64 {
    from + (1 << (until - from - 1).ilog2())
}

/// The largest complete subtrees that a range of leaves is made of.
fn subtrees(mut from: u64, until: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while from < until {
        let height = from.trailing_zeros().min((until - from).ilog2());
        nodes.push(Node { height: height as u8, index: from >> height });
        from += 1 << height;
    }
    nodes
}

/// The way from a leaf up to the root; `last` is the rightmost node of the same height.
struct Climb {
    at: u64,
    last: u64,
}

/// On which side of the climb the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// One hash further; `None` at the root.
    fn next(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let is_right_child = self.at & 1 == 1;
        let side = if is_right_child || self.at == self.last { Side::Left } else { Side::Right };
        if matches!(side, Side::Left) {
            // A left child on the edge has no sibling until it becomes a right child.
            while self.at & 1 == 0 && self.at != 0 {
                self.up();
            }
        }
        self.up();
        Some(side)
    }

    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }
}

/// Does `proof` show that `leaf` is leaf `index` of the tree of `size` leaves with this root?
pub fn check_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoProof(NoProof::OutOfTree { index, size }));
    }
    let length = ProofError::Length { found: proof.len() };
    let (mut climb, mut hash) = (Climb { at: index, last: size - 1 }, leaf);
    for sibling in proof {
        hash = match climb.next().ok_or(length)? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    match climb.last {
        0 if hash == root => Ok(()),
        0 => Err(ProofError::Root { is_old: false }),
        _ => Err(length),
    }
}

/// Does `proof` show that the tree of `old` leaves is the beginning of the tree of `new`? Each size with its root.
pub fn check_consistency(
    (old, old_root): (u64, Hash),
    (new, new_root): (u64, Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    let length = ProofError::Length { found: proof.len() };
    if old > new {
        return Err(ProofError::NoProof(NoProof::Shrinks { old, new }));
    }
    if old == 0 || old == new {
        let is_empty_right = old > 0 || old_root == empty_root();
        let is_same_right = old < new || old_root == new_root;
        return match proof {
            [] if is_empty_right && is_same_right => Ok(()),
            [] => Err(ProofError::Root { is_old: true }),
            _ => Err(length),
        };
    }
    // An old tree that is complete is itself where the climb begins; the proof leaves it out.
    let (start, proof) = match proof {
        _ if old.is_power_of_two() => (old_root, proof),
        [start, rest @ ..] => (*start, rest),
        [] => return Err(length),
    };
    let complete = (old - 1).trailing_ones();
    let mut climb = Climb { at: (old - 1) >> complete, last: (new - 1) >> complete };
    let (mut old_hash, mut new_hash) = (start, start);
    for sibling in proof {
        match climb.next().ok_or(length)? {
            Side::Left => (old_hash, new_hash) = (node_hash(sibling, &old_hash), node_hash(sibling, &new_hash)),
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    match climb.last {
        0 if old_hash != old_root => Err(ProofError::Root { is_old: true }),
        0 if new_hash != new_root => Err(ProofError::Root { is_old: false }),
        0 => Ok(()),
        _ => Err(length),
    }
}
