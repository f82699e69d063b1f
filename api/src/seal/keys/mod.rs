//! The register's Ed25519 keys, one for each purpose: held in memory, kept in an encrypted file, published as a set.

mod file;
mod set;

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::licence::token::{Kid, PublicKey};
use ed25519_dalek::SigningKey;
use rand::CryptoRng;
use zeroize::Zeroizing;

pub use file::{BlockFault, Cost, KeyFileError};
pub use set::{JwkFault, KeySet, KeySetError, cose_key_set, jwks};

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

    /// The key that signs for this purpose.
    pub fn signing_key(&self, purpose: Purpose) -> Option<&SigningKey> {
        self.held.iter().find(|(held, _)| *held == purpose).map(|(_, key)| key)
    }

    /// The secrets of every key held for this purpose, the last of the file first: a new key is appended to it.
    pub fn secrets(&self, purpose: Purpose) -> impl Iterator<Item = (Kid, Zeroizing<[u8; 32]>)> {
        let held = self.held.iter().rev().filter(move |(held, _)| *held == purpose);
        held.map(|(_, key)| (public(key).kid(), Zeroizing::new(key.to_bytes())))
    }

    /// The public halves, in the order of the file.
    pub fn public(&self) -> Vec<PublicKeyRecord> {
        self.held.iter().map(|(purpose, key)| PublicKeyRecord { purpose: *purpose, key: public(key) }).collect()
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
