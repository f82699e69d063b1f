//! JWS (RFC 7515) in its compact form, with Ed25519 (RFC 8037): what status lists and bundles of them are in for programs
//! that read JSON.

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::Signature;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::licence::token::{KeyRing, Kid, PublicKey};

const ALG: &str = "EdDSA";

/// Why something is not a JWS of this register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsError {
    /// The first part that is missing or of another shape.
    NotAJws { part: &'static str },
    /// No known key has this kid.
    UnknownKey { kid: Kid },
    /// The kid is known, the signature is not that key's.
    Altered { kid: Kid },
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// Signs `claims` as a JWS of type `typ`; `sign` is given the bytes to be signed (RFC 7515 §5.1).
pub fn sign<E>(
    typ: &str,
    kid: Kid,
    claims: &impl Serialize,
    sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
) -> Result<String, E> {
    let header = Header { alg: ALG.to_owned(), kid: BASE64URL_NOPAD.encode(&kid), typ: typ.to_owned() };
    let message = format!("{}.{}", encode(&header), encode(claims));
    let signature = sign(message.as_bytes())?.to_bytes();
    Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature)))
}

/// The claims of a JWS of type `typ`, if one of these keys signed it.
pub fn read<T: DeserializeOwned>(text: &str, typ: &str, keys: &KeyRing) -> Result<T, JwsError> {
    let not = |part| JwsError::NotAJws { part };
    let (message, signature) = text.rsplit_once('.').ok_or(not("signature"))?;
    let (header, claims) = message.split_once('.').ok_or(not("payload"))?;
    let header: Header = decode(header).ok_or(not("header"))?;
    if header.alg != ALG {
        return Err(not("alg"));
    }
    if header.typ != typ {
        return Err(not("typ"));
    }
    let kid: Kid = bytes(&header.kid).and_then(|kid| kid.try_into().ok()).ok_or(not("kid"))?;
    let signature = bytes(signature).and_then(|bytes| bytes.try_into().ok()).ok_or(not("signature"))?;
    check(keys, kid, message.as_bytes(), &signature)?;
    decode(claims).ok_or(not("payload"))
}

/// Is this signature over `message` one of these keys'?
pub(crate) fn check(keys: &KeyRing, kid: Kid, message: &[u8], signature: &[u8; 64]) -> Result<(), JwsError> {
    let mut keys = keys.with_kid(kid).peekable();
    keys.peek().ok_or(JwsError::UnknownKey { kid })?;
    let signature = Signature::from_bytes(signature);
    let is_its = |key: &PublicKey| key.is_signed(message, &signature);
    if keys.any(is_its) { Ok(()) } else { Err(JwsError::Altered { kid }) }
}

fn encode(json: &impl Serialize) -> String {
    BASE64URL_NOPAD.encode(&serde_json::to_vec(json).expect("texts, numbers and maps by text are JSON"))
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&bytes(part)?).ok()
}
