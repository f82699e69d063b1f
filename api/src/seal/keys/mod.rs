//! The register's Ed25519 keys: held in memory, kept in an encrypted file, published as a set. For each purpose one
//! signs; others wait to follow it, or have signed before.

mod book;
mod file;
mod possession;
mod set;

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::licence::token::{Kid, PublicKey};
use domain::signing_key;
use ed25519_dalek::SigningKey;
use rand::CryptoRng;
use zeroize::Zeroizing;

pub use book::KeyBook;
pub use file::{BlockFault, Cost, KeyFileError};
pub use possession::{Challenge, Possession, Unproven};
pub use set::{JwkFault, KeySet, KeySetError, cose_key_set, jwks, spki};

/// What a key signs. No key has two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Mark licence tokens.
    Licence,
    /// Status lists.
    Status,
    /// Checkpoints of the log.
    Log,
    /// Verifiable credentials for download.
    Credential,
    /// Webhooks and snapshots.
    Webhook,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 5] = [Self::Licence, Self::Status, Self::Log, Self::Credential, Self::Webhook];

    /// Those without which a register does not start; it began with them.
    pub const NEEDED: [Self; 2] = [Self::Licence, Self::Log];

    /// Those that something is signed for.
    pub const USED: [Self; 4] = [Self::Licence, Self::Status, Self::Log, Self::Credential];

    /// The word for it in files and key sets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Status => "status",
            Self::Log => "log",
            Self::Credential => "credential",
            Self::Webhook => "webhook",
        }
    }

    /// The purpose with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// What everybody may know of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKeyRecord {
    /// What it signs.
    pub purpose: Purpose,
    /// The key, fit for verifying.
    pub key: PublicKey,
    /// What it signs is not believed any more.
    pub is_compromised: bool,
}

impl fmt::Debug for PublicKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.purpose.name(), BASE64URL_NOPAD.encode(&self.key.kid()))
    }
}

/// The register's signing keys. Their bytes are wiped from memory when this is dropped and never printed.
pub struct Keys {
    held: Vec<(Purpose, SigningKey)>,
}

impl Keys {
    /// Draws one key for each purpose.
    pub fn generate(purposes: &[Purpose], rng: &mut dyn CryptoRng) -> Self {
        let mut draw = || {
            let mut secret = Zeroizing::new([0; 32]);
            rng.fill_bytes(&mut secret[..]);
            SigningKey::from_bytes(&secret)
        };
        Self { held: purposes.iter().map(|&purpose| (purpose, draw())).collect() }
    }

    /// Every key held for this purpose, in the order of the file.
    pub fn all(&self, purpose: Purpose) -> impl Iterator<Item = &SigningKey> {
        self.held.iter().filter(move |(held, _)| *held == purpose).map(|(_, key)| key)
    }

    /// The secret half of a key that the log knows, if it is held.
    pub fn of(&self, known: &signing_key::SigningKey) -> Option<&SigningKey> {
        let is_its =
            |(_, key): &&(Purpose, SigningKey)| HEXLOWER.encode(key.verifying_key().as_bytes()) == known.public;
        self.held.iter().find(is_its).map(|(_, key)| key)
    }

    /// The secrets of every key held for this purpose, in the order of the file.
    pub fn secrets(&self, purpose: Purpose) -> impl Iterator<Item = (Kid, Zeroizing<[u8; 32]>)> {
        self.all(purpose).map(|key| (public(key).kid(), Zeroizing::new(key.to_bytes())))
    }

    /// The public halves, in the order of the file.
    pub fn public(&self) -> Vec<PublicKeyRecord> {
        let record = |(purpose, key): &(Purpose, SigningKey)| PublicKeyRecord {
            purpose: *purpose,
            key: public(key),
            is_compromised: false,
        };
        self.held.iter().map(record).collect()
    }
}

fn public(key: &SigningKey) -> PublicKey {
    // A secret's point is never of small order: clamping makes the scalar a multiple of 8 below the order.
    key.verifying_key().try_into().expect("the public half of a secret key is a key")
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.public()).finish()
    }
}

#[cfg(test)]
mod tests;
