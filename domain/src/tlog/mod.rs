//! The log 「記録台帳」: an append-only Merkle tree (RFC 6962) in C2SP's tlog-tiles, tlog-checkpoint and signed-note
//! formats, so that outsiders audit it with tools of others.
//!
//! A leaf is appended to a [`merkle::Frontier`], which is all of the tree that appending needs; [`tile::Appender`] says
//! which hashes of which tiles that adds; a [`checkpoint::Checkpoint`] commits to size and root; a [`proof::Plan`] says
//! which tiles a proof is made from and makes it.

pub mod bundle;
pub mod checkpoint;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod tile;
