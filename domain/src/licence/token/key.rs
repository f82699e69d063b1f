//! Public keys, known by the first bytes of their RFC 9679 thumbprint.

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// The first four bytes of a key's COSE thumbprint. Short: two keys may share one.
pub type Kid = [u8; 4];

/// The first four bytes of the SHA-256 COSE key thumbprint (RFC 9679) of an Ed25519 key:
/// the hash of `{1: 1, -1: 6, -2: x}`, that is kty OKP, crv Ed25519 and the key.
pub fn kid(key: &VerifyingKey) -> Kid {
    const BEFORE_X: [u8; 8] = [0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20];
    let thumbprint = Sha256::new().chain_update(BEFORE_X).chain_update(key.as_bytes()).finalize();
    [thumbprint[0], thumbprint[1], thumbprint[2], thumbprint[3]]
}

/// An Ed25519 key fit for verifying: a point in its one encoding, and not of small order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    kid: Kid,
}

/// Why 32 bytes are not taken as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No point of the curve.
    NotAPoint,
    /// A second encoding of a point.
    NotCanonical,
    /// Of small order: anything is signed by it.
    Weak,
}

impl PublicKey {
    /// From the 32 bytes of RFC 8032.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?.try_into()
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The key's short name in a token.
    pub fn kid(&self) -> Kid {
        self.kid
    }

    /// Is `signature` this key's over `message`? Strict: no small-order `R`, no second form of a signature.
    pub fn is_signed(&self, message: &[u8], signature: &Signature) -> bool {
        self.key.verify_strict(message, signature).is_ok()
    }
}

impl TryFrom<VerifyingKey> for PublicKey {
    type Error = KeyError;

    fn try_from(key: VerifyingKey) -> Result<Self, KeyError> {
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        if key.to_edwards().compress().as_bytes() != key.as_bytes() {
            return Err(KeyError::NotCanonical);
        }
        Ok(Self { kid: kid(&key), key })
    }
}

/// The keys a verifier trusts for licence tokens.
#[derive(Clone, Debug, Default)]
pub struct KeyRing(Vec<PublicKey>);

impl KeyRing {
    /// Every key with this kid; nearly always one.
    pub fn with_kid(&self, kid: Kid) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().filter(move |key| key.kid == kid)
    }
}

impl FromIterator<PublicKey> for KeyRing {
    fn from_iter<I: IntoIterator<Item = PublicKey>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}
