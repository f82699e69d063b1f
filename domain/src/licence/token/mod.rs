//! Mark licence token, profile 1: a COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392), small enough for a 2 cm QR code.
//!
//! ```text
//! 18([ << {1: -8, 4: h'<kid>'} >>, {}, << {4: exp, 7: cti, -65537: [1, kind, status index, name, number]} >>, signature ])
//! ```
//!
//! The corporate number is a byte string of six bytes, the thirteen digits as one big-endian integer: text would take
//! 14 bytes and an integer 9, this takes 7, and only so do 151 bytes (QR version 9-M) carry a name of 34 bytes and 183
//! bytes (10-M) one of 66, whatever the status index.
//!
//! One licence token has one byte string: what is read is written again and any difference refused. Of a token only the
//! kid can be seen before its signature held.

mod decimal;
mod key;
mod name;
mod wire;

use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

pub use self::decimal::MAX_DIGITS;
pub use self::key::{KeyError, KeyRing, Kid, PublicKey, kid};
pub use self::name::{NAME_AT_9M, NAME_AT_10M, fit_name};
use self::wire::Envelope;
use super::id::LicenceId;
use crate::calendar::Instant;
use crate::cose::{EDDSA, SIGNATURE_LENGTH, Sign1, to_be_signed};
use crate::parties::CorporateNumber;

/// The most bytes a token may have: 183 fill QR version 10-M, and `exp` grows by four in the year 2106.
pub const MAX_BYTES: usize = 187;

/// Who holds the licence; the number is the one in the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum HolderKind {
    /// サービス提供事業者
    Provider = 1,
    /// 利用企業
    User = 2,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The licence, the same after renewal.
    pub licence: LicenceId,
    /// Provider or user.
    pub kind: HolderKind,
    /// The licence's place in the status lists.
    pub status_index: u32,
    /// The holder's name; cut to [`NAME_AT_10M`] bytes when signed, shorter by the caller for a smaller symbol.
    pub holder_name: String,
    /// 法人番号; a sole proprietor has none.
    pub corporate_number: Option<CorporateNumber>,
    /// The end of the current term.
    pub expires_at: Instant,
}

/// A token of this profile in its one form. Its signature may still be anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    bytes: Vec<u8>,
    envelope: Envelope,
}

/// A token whose signature held, and the key under which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the token says.
    pub claims: Claims,
    /// The key that signed it.
    pub key: PublicKey,
}

/// Why something is not one of our tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// Not a decimal integer without sign and leading zero; the first wrong byte.
    NotDecimal { at: usize },
    /// More digits or bytes than any token has.
    TooLong { length: usize, most: usize },
    /// Not this profile's structure: the first part that is missing or of another shape.
    NotAToken { part: &'static str },
    /// Signed with another algorithm than EdDSA (-8) or Ed25519 (-19).
    UnknownAlgorithm { alg: i64 },
    /// A later profile than 1.
    UnknownProfile { profile: u64 },
    /// The same content in another encoding; the first byte that differs.
    NotCanonical { at: usize },
    /// No key with this kid.
    UnknownKey { kid: Kid },
    /// The kid is known, the signature is not that key's.
    Altered { kid: Kid },
}

impl Token {
    /// Signs `claims`. The same claims under the same key are the same token.
    pub fn sign(claims: &Claims, key: &SigningKey, kid: Kid) -> Self {
        let signed = Self::sign_with(claims, kid, |message| Ok::<_, std::convert::Infallible>(key.sign(message)));
        let Ok(token) = signed;
        token
    }

    /// Signs `claims` with a key held elsewhere: `sign` is given the bytes to be signed (RFC 9052 §4.4).
    pub fn sign_with<E>(
        claims: &Claims,
        kid: Kid,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        let holder_name = fit_name(&claims.holder_name, NAME_AT_10M).to_owned();
        let envelope = Envelope { alg: EDDSA, kid, claims: Claims { holder_name, ..claims.clone() } };
        let (protected, payload) = (envelope.protected(), envelope.payload());
        let signature = sign(&to_be_signed(&protected, &payload))?.to_bytes();
        let bytes = Sign1 { protected: &protected, payload: &payload, signature: &signature }.write();
        Ok(Self { bytes, envelope })
    }

    /// Reads a token from its bytes. The signature is not looked at yet.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, TokenError> {
        if bytes.len() > MAX_BYTES {
            return Err(TokenError::TooLong { length: bytes.len(), most: MAX_BYTES });
        }
        let (envelope, signature) = wire::read(&bytes)?;
        let (protected, payload) = (envelope.protected(), envelope.payload());
        let only_form = Sign1 { protected: &protected, payload: &payload, signature }.write();
        match only_form.iter().zip(&bytes).position(|(ours, theirs)| ours != theirs) {
            Some(at) => Err(TokenError::NotCanonical { at }),
            None if only_form.len() != bytes.len() => Err(TokenError::NotCanonical { at: only_form.len() }),
            None => Ok(Self { bytes, envelope }),
        }
    }

    /// Reads the digits of a mark's link. Anything longer than [`MAX_DIGITS`] is refused unread.
    pub fn from_decimal(digits: &str) -> Result<Self, TokenError> {
        Self::from_bytes(decimal::to_bytes(digits)?)
    }

    /// The digits of a mark's link: the bytes as one big-endian integer.
    pub fn to_decimal(&self) -> String {
        decimal::from_bytes(&self.bytes)
    }

    /// The COSE_Sign1 with its tag.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key the token says it was signed with.
    pub fn kid(&self) -> Kid {
        self.envelope.kid
    }

    /// Checks the signature under every key of that kid.
    pub fn verify(&self, keys: &KeyRing) -> Result<Verified, TokenError> {
        let kid = self.kid();
        let mut keys = keys.with_kid(kid).peekable();
        keys.peek().ok_or(TokenError::UnknownKey { kid })?;
        let message = to_be_signed(&self.envelope.protected(), &self.envelope.payload());
        let signature = self.signature();
        let key = keys.find(|key| key.is_signed(&message, &signature)).ok_or(TokenError::Altered { kid })?;
        Ok(Verified { claims: self.envelope.claims.clone(), key: key.clone() })
    }

    fn signature(&self) -> Signature {
        let signature = self.bytes.last_chunk::<SIGNATURE_LENGTH>().expect("every token ends with its signature");
        Signature::from_bytes(signature)
    }
}
