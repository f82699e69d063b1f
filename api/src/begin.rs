//! What a register begins with: its first keys and its editions are in its log before anything else is done.

use std::fmt;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use domain::act::Role;
use domain::authority::{Actor, Proof};
use domain::people::Membership;
use domain::signing_key::SigningKey;

use crate::account::trail::Origin;
use crate::acts::{Call, RecordEditions, RecordKey, Refused};
use crate::clock;
use crate::registry::Registry;
use crate::seal::keys::Purpose;
use crate::store;

/// Why this register cannot be opened with this key file.
#[derive(Debug)]
pub enum Unfit {
    /// The key is not in the log, and neither are the others of the file: it is another register's.
    OthersKey { key: String },
    /// The key that signs for a purpose is not in the file.
    KeyMissing { key: String, purpose: &'static str },
    /// It could not be written down.
    Refused(Refused),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OthersKey { key } => {
                write!(f, "鍵 {key} はこの登録簿のものではありません / the key {key} is not this register's")
            }
            Self::KeyMissing { key, purpose } => write!(
                f,
                "{purpose} に署名している鍵 {key} が keys.pem にありません。控えから戻してください / the key {key}, which signs \
                 for {purpose}, is not in keys.pem: put it back from its copy"
            ),
            Self::Refused(refused) => write!(f, "{refused:?}"),
        }
    }
}

impl std::error::Error for Unfit {}

impl From<Refused> for Unfit {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<store::Error> for Unfit {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Who acts when the registry itself does: at the first start, or by its command.
pub fn operator() -> Actor {
    let [person, organisation] = ["command", "registry"];
    let held = Membership {
        role: Role::Operator,
        organisation: organisation.parse().expect("a word is an identifier"),
        until: None,
    };
    let person = person.parse().expect("a word is an identifier");
    Actor { person, memberships: vec![held], proof: Proof::Command }
}

/// Records what is not in the log yet. A start that was cut off between two of these acts is finished by the next.
pub async fn begin(registry: &Arc<Registry>) -> Result<(), Unfit> {
    record_keys(registry).await?;
    if registry.store.published_editions().await?.is_empty() {
        registry.perform(RecordEditions, call()).await?;
    }
    Ok(())
}

fn call() -> Call {
    Call::new(operator(), Origin::command(), clock::now())
}

/// Every key is in the log from the start. A purpose's first signs at once; one that was added to the file later waits
/// until two people activate it.
async fn record_keys(registry: &Arc<Registry>) -> Result<(), Unfit> {
    for record in registry.keys.public() {
        let known = registry.store.signing_keys().await?;
        let (id, purpose) = (HEXLOWER.encode(&record.key.kid()), record.purpose.name());
        if known.iter().any(|key| key.id.as_str() == id) {
            continue;
        }
        let others: Vec<&SigningKey> = known.iter().filter(|key| key.purpose == purpose).collect();
        let is_next = !others.is_empty();
        if is_next && !others.iter().any(|key| registry.keys.of(key).is_some()) {
            return Err(Unfit::OthersKey { key: id });
        }
        let public = HEXLOWER.encode(record.key.as_bytes());
        let key = id.parse().expect("hexadecimal is an identifier");
        registry.perform(RecordKey { key, purpose, public, is_next }, call()).await?;
    }
    let known = registry.store.signing_keys().await?;
    for purpose in Purpose::USED.map(Purpose::name) {
        if let Some(active) = SigningKey::active(&known, purpose).filter(|key| registry.keys.of(key).is_none()) {
            return Err(Unfit::KeyMissing { key: active.id.to_string(), purpose });
        }
    }
    Ok(())
}
