//! The leaf of an act: what the public log holds of it for ever.
//!
//! A leaf is canonical JSON (RFC 8785): kind, public identifiers, instant, digests, and salted commitments to the rest.
//! Names and reasons stand in two bodies beside the log, one open and one sealed; deleting a body and its salt erases
//! it, and the log still holds. `schemas/leaf.schema.json` is the same in words for outsiders.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Act;

/// 16 random bytes that keep a short body from being guessed from its commitment.
pub type Salt = [u8; 16];

/// SHA-256 over `otasuketai/commitment/1`, the salt and the body's bytes; in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(String);

impl Commitment {
    /// The commitment to `body` under `salt`.
    pub fn to(body: &str, salt: &Salt) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"otasuketai/commitment/1");
        hash.update(salt);
        hash.update(body.as_bytes());
        Self(data_encoding::HEXLOWER.encode(&hash.finalize()))
    }
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leaf {
    /// The leaf format's number: 1.
    pub v: u8,
    /// The leaf's index in the log, from 0.
    pub seq: u64,
    pub kind: String,
    pub subject: String,
    /// Acts of this subject so far, from 1.
    pub version: u32,
    pub at: String,
    pub facts: Value,
    /// Commitment to the open body, where there is one.
    pub open: Option<Commitment>,
    /// Commitment to the whole act.
    pub sealed: Commitment,
}

/// An act ready to be stored: its leaf, and the two bodies with their salts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Canonical JSON, at most 65,535 bytes: what the log hashes.
    pub leaf: String,
    pub open: Option<(String, Salt)>,
    pub sealed: (String, Salt),
}

/// The sealed body: the whole act, and the request it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    pub act: Act,
    pub request: Option<String>,
}

/// A [`Sealed`] body as it is written: nothing is copied for it.
#[derive(Serialize)]
struct Sealing<'a> {
    act: &'a Act,
    request: Option<&'a str>,
}

/// A leaf that is not one of this registry's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotALeaf {
    /// Not JSON of the leaf's shape.
    Shape(String),
    /// The same content has another, canonical, spelling.
    NotCanonical,
    /// A leaf format this program does not know, whatever its shape.
    Format(u64),
}

impl Record {
    /// Writes `act` as leaf `seq`, done for `request` (the digest of an idempotency key). The salts must be fresh random
    /// bytes.
    pub fn of(act: &Act, seq: u64, request: Option<&str>, salts: [Salt; 2]) -> Self {
        let sealed = canonical(&Sealing { act, request });
        let open = act.deed.open().map(|body| canonical(&body));
        let leaf = Leaf {
            v: 1,
            seq,
            kind: act.deed.kind().to_owned(),
            subject: act.subject.to_string(),
            version: act.version,
            at: act.at.to_string(),
            facts: act.deed.facts(),
            open: open.as_deref().map(|body| Commitment::to(body, &salts[0])),
            sealed: Commitment::to(&sealed, &salts[1]),
        };
        let leaf = canonical(&leaf);
        debug_assert!(leaf.len() <= 65_535, "a leaf holds identifiers and digests only");
        Self { leaf, open: open.map(|body| (body, salts[0])), sealed: (sealed, salts[1]) }
    }
}

impl Leaf {
    /// Reads a leaf and refuses any spelling but the canonical one.
    pub fn read(bytes: &str) -> Result<Self, NotALeaf> {
        #[derive(Deserialize)]
        struct Format {
            v: u64,
        }
        let shape = |error: serde_json::Error| NotALeaf::Shape(error.to_string());
        let Format { v } = serde_json::from_str(bytes).map_err(shape)?;
        if v != 1 {
            return Err(NotALeaf::Format(v));
        }
        let leaf: Self = serde_json::from_str(bytes).map_err(shape)?;
        if canonical(&leaf) != bytes {
            return Err(NotALeaf::NotCanonical);
        }
        Ok(leaf)
    }

    /// Does the sealed body, given its salt, tell the same act as this leaf?
    pub fn holds(&self, act: &Act) -> bool {
        self.kind == act.deed.kind()
            && self.subject == act.subject.to_string()
            && self.version == act.version
            && self.at == act.at.to_string()
            && self.facts == act.deed.facts()
    }
}

/// RFC 8785. Bodies hold no floating-point numbers, so this cannot fail.
fn canonical(body: &impl Serialize) -> String {
    serde_json_canonicalizer::to_string(body).expect("bodies without floats have a canonical form")
}
