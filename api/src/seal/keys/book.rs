//! What the register knows of its own keys, made ready for checking signatures and for publishing.

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use domain::licence::token::{KeyRing, PublicKey};
use domain::signing_key::SigningKey;

use super::{PublicKeyRecord, Purpose};

/// Every key of the log, as it is now.
#[derive(Debug, Default)]
pub struct KeyBook {
    /// What the log says of each.
    pub keys: Arc<Vec<SigningKey>>,
    /// The keys that licence tokens are checked against, compromised ones too: what the register itself remembers of
    /// those counts.
    pub ring: KeyRing,
    /// The public halves, for key sets.
    pub records: Vec<PublicKeyRecord>,
    compromised: BTreeSet<[u8; 32]>,
}

impl KeyBook {
    /// The book of these keys. What the log holds for a purpose unknown here, or as no key, is passed over.
    pub fn new(keys: Arc<Vec<SigningKey>>) -> Self {
        let records: Vec<PublicKeyRecord> = keys.iter().filter_map(record).collect();
        let of_licences = records.iter().filter(|record| record.purpose == Purpose::Licence);
        let ring = of_licences.map(|record| record.key.clone()).collect();
        let distrusted = records.iter().filter(|record| record.is_compromised);
        let compromised = distrusted.map(|record| *record.key.as_bytes()).collect();
        Self { keys, ring, records, compromised }
    }

    /// Is a signature under this key worth nothing by itself?
    pub fn is_compromised(&self, key: &PublicKey) -> bool {
        self.compromised.contains(key.as_bytes())
    }

    /// What everybody may check signatures against: all but the compromised.
    pub fn published(&self) -> Vec<PublicKeyRecord> {
        self.records.iter().filter(|record| !record.is_compromised).cloned().collect()
    }
}

fn record(key: &SigningKey) -> Option<PublicKeyRecord> {
    let purpose = Purpose::from_name(&key.purpose)?;
    let bytes: [u8; 32] = HEXLOWER.decode(key.public.as_bytes()).ok()?.try_into().ok()?;
    let is_compromised = key.compromised.is_some();
    Some(PublicKeyRecord { purpose, key: PublicKey::from_bytes(&bytes).ok()?, is_compromised })
}
