//! Public keys as a set: written as JWKS (RFC 7517, RFC 8037) and COSE_KeySet (RFC 9052 §7), read from JWKS.

use std::{error, fmt};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use domain::licence::token::{KeyError, KeyRing, PublicKey};
use serde_json::{Value, json};

use super::{PublicKeyRecord, Purpose};

/// A key set, such as `/.well-known/jwks.json`. A `kid` is the base64url of its 4 bytes; `purpose` and `compromised`
/// are ours, and readers of RFC 7517 pass over them: a set for others holds no compromised key.
pub fn jwks(keys: &[PublicKeyRecord]) -> Value {
    let jwk = |key: &PublicKeyRecord| {
        let mut jwk = json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": BASE64URL_NOPAD.encode(&key.key.kid()),
            "x": BASE64URL_NOPAD.encode(key.key.as_bytes()),
            "purpose": key.purpose.name(),
        });
        if key.is_compromised {
            jwk["compromised"] = json!(true);
        }
        jwk
    };
    json!({ "keys": keys.iter().map(jwk).collect::<Vec<_>>() })
}

/// The same set in deterministic CBOR, where a kid is its 4 bytes as in the tokens. At most 255 keys.
pub fn cose_key_set(keys: &[PublicKeyRecord]) -> Vec<u8> {
    let count = u8::try_from(keys.len()).expect("a register has had fewer than 256 keys");
    let mut set = if count < 24 { vec![0x80 | count] } else { vec![0x98, count] };
    for key in keys {
        set.extend([0xa5, 0x01, 0x01, 0x02, 0x44]); // {1 (kty): 1 (OKP), 2 (kid): 4 bytes,
        set.extend(key.key.kid());
        set.extend([0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]); // 3 (alg): -8, -1 (crv): 6, -2 (x): 32 bytes}
        set.extend(key.key.as_bytes());
    }
    set
}

/// The same keys one after the other as `SubjectPublicKeyInfo` in PEM (RFC 8410), as `openssl pkey -pubin` reads them, each
/// behind a line with its purpose and kid.
pub fn spki(keys: &[PublicKeyRecord]) -> String {
    // SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }
    const BEFORE_X: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let pem = |key: &PublicKeyRecord| {
        let der = [&BEFORE_X[..], key.key.as_bytes()].concat();
        let kid = HEXLOWER.encode(&key.key.kid());
        let name = key.purpose.name();
        format!("{name} {kid}\n-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der))
    };
    keys.iter().map(pem).collect()
}

/// The public keys that signatures are checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<PublicKeyRecord>,
}

/// Why a key set was refused; `index` counts its keys from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetError {
    /// Not an object with an array `keys`.
    NotAKeySet,
    /// One key cannot be used, and none is taken in its place.
    Key { index: usize, fault: JwkFault },
}

/// What is wrong with one key of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwkFault {
    /// `d` is there: somebody is passing a secret key around.
    Secret,
    /// `x` is not 32 bytes in base64url.
    NotBytes,
    /// These bytes are no key, or one under which anything verifies.
    Unfit(KeyError),
    /// `kid` is not the one that follows from `x`.
    Kid,
    /// The same key twice.
    Repeated,
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAKeySet => write!(f, "not a JWK set"),
            Self::Key { index, fault } => write!(f, "/keys/{index}: refused ({fault:?})"),
        }
    }
}

impl error::Error for KeySetError {}

impl KeySet {
    /// Reads a JWK set. Keys of other kinds or for purposes unknown here are passed over, as RFC 7517 §5 asks.
    pub fn from_jwks(jwks: &Value) -> Result<Self, KeySetError> {
        let listed = jwks.get("keys").and_then(Value::as_array).ok_or(KeySetError::NotAKeySet)?;
        let mut set = Self::default();
        for (index, jwk) in listed.iter().enumerate() {
            let taken = read_jwk(jwk).and_then(|key| key.map_or(Ok(()), |key| set.add(key)));
            taken.map_err(|fault| KeySetError::Key { index, fault })?;
        }
        Ok(set)
    }

    /// Every key there ever was for this purpose: what was signed before a key was compromised is still to be read.
    pub fn ever(&self, purpose: Purpose) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter(move |record| record.purpose == purpose).map(|record| &record.key)
    }

    /// Every key for this purpose that is trusted.
    pub fn of(&self, purpose: Purpose) -> impl Iterator<Item = &PublicKey> {
        let is_trusted = move |record: &&PublicKeyRecord| record.purpose == purpose && !record.is_compromised;
        self.keys.iter().filter(is_trusted).map(|record| &record.key)
    }

    /// The keys that what was signed for this purpose is checked against.
    pub fn ring(&self, purpose: Purpose) -> KeyRing {
        self.of(purpose).cloned().collect()
    }

    fn add(&mut self, key: PublicKeyRecord) -> Result<(), JwkFault> {
        if self.keys.iter().any(|known| known.key == key.key) {
            return Err(JwkFault::Repeated);
        }
        self.keys.push(key);
        Ok(())
    }
}

/// The keys that a register just made or opened, to check its own work against.
impl From<Vec<PublicKeyRecord>> for KeySet {
    fn from(keys: Vec<PublicKeyRecord>) -> Self {
        Self { keys }
    }
}

fn read_jwk(jwk: &Value) -> Result<Option<PublicKeyRecord>, JwkFault> {
    let word = |name| jwk.get(name).and_then(Value::as_str);
    if jwk.get("d").is_some() {
        return Err(JwkFault::Secret);
    }
    let purpose = word("purpose").and_then(Purpose::from_name);
    let (Some("OKP"), Some("Ed25519"), Some(purpose)) = (word("kty"), word("crv"), purpose) else {
        return Ok(None);
    };
    let x = BASE64URL_NOPAD.decode(word("x").unwrap_or_default().as_bytes()).ok();
    let x: [u8; 32] = x.and_then(|bytes| bytes.try_into().ok()).ok_or(JwkFault::NotBytes)?;
    let key = PublicKey::from_bytes(&x).map_err(JwkFault::Unfit)?;
    match word("kid") {
        Some(kid) if kid == BASE64URL_NOPAD.encode(&key.kid()) => {
            // Whatever stands there: only a plain `false` says that it is trusted.
            let is_compromised = jwk.get("compromised").is_some_and(|said| *said != Value::Bool(false));
            Ok(Some(PublicKeyRecord { purpose, key, is_compromised }))
        }
        _ => Err(JwkFault::Kid),
    }
}
