//! A status list as a JWT (RFC 7519).

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::Signature;
use serde::{Deserialize, Serialize};

use super::{BITS, Statement, StatusList, StatusListError, TTL_SECONDS, Unsigned, not};
use crate::calendar::Instant;
use crate::jws;
use crate::licence::token::{KeyRing, Kid};

const TYP: &str = "statuslist+jwt";

#[derive(Serialize, Deserialize)]
struct Claims {
    exp: i64,
    iat: i64,
    status_list: List,
    sub: String,
    ttl: u32,
}

#[derive(Serialize, Deserialize)]
struct List {
    aggregation_uri: Option<String>,
    bits: u8,
    lst: String,
}

impl Unsigned<'_> {
    /// Signs it as a JWT; `sign` is given the bytes to be signed (RFC 7515 §5.1).
    pub fn to_jwt<E>(&self, kid: Kid, sign: impl FnOnce(&[u8]) -> Result<Signature, E>) -> Result<String, E> {
        let Statement { uri, issued_at, expires_at, .. } = self.statement;
        let claims = Claims {
            exp: expires_at.unix(),
            iat: issued_at.unix(),
            status_list: List {
                aggregation_uri: Some(self.lists.to_owned()),
                bits: BITS,
                lst: BASE64URL_NOPAD.encode(&self.compressed),
            },
            sub: uri.clone(),
            ttl: TTL_SECONDS,
        };
        jws::sign(TYP, kid, &claims, sign)
    }
}

impl Statement {
    /// Reads a JWT, if one of these keys signed it. Whether it is too old is the caller's question.
    pub fn from_jwt(text: &str, keys: &KeyRing) -> Result<Self, StatusListError> {
        let Claims { exp, iat, status_list, sub, .. } = jws::read(text, TYP, keys)?;
        if status_list.bits != BITS {
            return Err(not("bits"));
        }
        let instant = |seconds, part| Instant::from_unix(seconds).ok_or(not(part));
        let list = BASE64URL_NOPAD.decode(status_list.lst.as_bytes()).map_err(|_| not("lst"))?;
        Ok(Self {
            uri: sub,
            issued_at: instant(iat, "iat")?,
            expires_at: instant(exp, "exp")?,
            list: StatusList::from_compressed(&list)?,
        })
    }
}
