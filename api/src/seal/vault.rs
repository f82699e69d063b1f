//! What the database keeps sealed: secrets that are needed again as they were, and so cannot be hashed.
//!
//! The keys are not in the database: each is derived (HKDF, RFC 5869) from a secret key that signs, or once signed, the
//! log, and those are in the encrypted key file. So a copy of the database alone opens no account. A sealed text names
//! the key it is sealed under, is bound to the place it was sealed for, and opens in no other.

use std::fmt;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use data_encoding::BASE64URL_NOPAD;
use domain::licence::token::Kid;
use hkdf::Hkdf;
use rand::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::identity::secret::Secret;

/// What every sealed text begins with; no secret that is kept open does.
pub const MARK: &str = "sealed1:";
/// NIST SP 800-38D, 8.2.2: 96 random bits, for far fewer than 2^32 secrets.
const NONCE: usize = 12;
const PURPOSE: &[u8] = b"otasuketai/vault/1";

/// Seals and opens. Its keys are wiped from memory when it is dropped and never printed.
pub struct Vault {
    /// The first of them seals.
    held: Vec<Sealing>,
}

/// One key, and how texts that are sealed under it begin: `sealed1:<kid>:`.
struct Sealing {
    head: String,
    cipher: Aes256Gcm,
}

impl Vault {
    /// A vault under keys derived from these secrets. The first seals; what any of them sealed is opened. `None`
    /// without any.
    pub fn new(secrets: impl IntoIterator<Item = (Kid, Zeroizing<[u8; 32]>)>) -> Option<Self> {
        let held: Vec<Sealing> = secrets.into_iter().map(|(kid, secret)| Sealing::new(kid, &secret)).collect();
        (!held.is_empty()).then_some(Self { held })
    }

    /// The text as it may be stored at `place`.
    pub fn seal(&self, place: &str, secret: &Secret, rng: &mut dyn CryptoRng) -> String {
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        let text = Payload { msg: secret.expose().as_bytes(), aad: place.as_bytes() };
        let sealed = self.first().cipher.encrypt(&nonce.into(), text).expect("a secret is far shorter than 64 GiB");
        format!("{}{}", self.first().head, BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat()))
    }

    /// What was stored at `place`: sealed under a key that is held, or kept open by an earlier version of this program.
    pub fn open(&self, place: &str, stored: &str) -> Option<Secret> {
        if !stored.starts_with(MARK) {
            return Some(Secret::from(stored));
        }
        // A kid has four bytes: that two keys share one is unlikely, and costs a second try.
        self.held.iter().find_map(|sealing| sealing.open(place, stored))
    }

    /// How a text begins that needs no sealing anew.
    pub fn head(&self) -> &str {
        &self.first().head
    }

    /// How texts begin that are sealed under another key that is held.
    pub fn former_heads(&self) -> impl Iterator<Item = &str> {
        self.held.iter().skip(1).map(|sealing| sealing.head.as_str())
    }

    fn first(&self) -> &Sealing {
        self.held.first().expect("a vault holds a key")
    }
}

impl Sealing {
    fn new(kid: Kid, secret: &[u8; 32]) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, secret).expand(PURPOSE, &mut key[..]).expect("32 bytes are one block of SHA-256");
        let head = format!("{MARK}{}:", BASE64URL_NOPAD.encode(&kid));
        Self { head, cipher: Aes256Gcm::new((&*key).into()) }
    }

    fn open(&self, place: &str, stored: &str) -> Option<Secret> {
        let bytes = BASE64URL_NOPAD.decode(stored.strip_prefix(&self.head)?.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let opened = self.cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: place.as_bytes() }).ok()?;
        String::from_utf8(opened).ok().map(Secret::new)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const TEXT: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// A vault with these keys, each of its own kid.
    fn vault(keys: &[u8]) -> Vault {
        Vault::new(keys.iter().map(|&key| ([key; 4], Zeroizing::new([key; 32])))).expect("there is a key")
    }

    #[test]
    fn what_was_sealed_opens_in_its_own_place_alone() {
        let (ours, other) = (vault(&[1]), vault(&[2]));
        let mut rng = StdRng::seed_from_u64(1);
        let sealed = ours.seal("totp/P-1", &Secret::from(TEXT), &mut rng);
        assert!(sealed.starts_with(ours.head()) && !sealed.contains(TEXT));
        assert_eq!(ours.open("totp/P-1", &sealed).expect("it is its own").expose(), TEXT);
        assert!(ours.open("totp/P-2", &sealed).is_none(), "another's row");
        assert!(other.open("totp/P-1", &sealed).is_none(), "another register's key");
        assert_ne!(ours.seal("totp/P-1", &Secret::from(TEXT), &mut rng), sealed, "a nonce of its own each time");
        assert_eq!(format!("{ours:?}"), "Vault");
        assert!(Vault::new([]).is_none());
    }

    #[test]
    fn what_a_retired_key_sealed_opens_while_it_is_held() {
        let mut rng = StdRng::seed_from_u64(1);
        let before = vault(&[1]).seal("x", &Secret::from(TEXT), &mut rng);
        let both = vault(&[2, 1]);
        assert_eq!(both.open("x", &before).expect("held still").expose(), TEXT);
        assert_eq!(both.former_heads().collect::<Vec<_>>(), ["sealed1:AQEBAQ:"]);
        let after = both.seal("x", &Secret::from(TEXT), &mut rng);
        assert!(after.starts_with("sealed1:AgICAg:") && !before.starts_with(both.head()));
        assert_eq!(vault(&[2]).open("x", &after).expect("under the first").expose(), TEXT);
        assert!(vault(&[2]).open("x", &before).is_none() && vault(&[1]).open("x", &after).is_none());
        // Two keys that share a kid.
        let twins = [3, 4].map(|key| ([7; 4], Zeroizing::new([key; 32])));
        let [_, second] = twins.clone();
        let by_second = Vault::new([second]).expect("a key").seal("x", &Secret::from(TEXT), &mut rng);
        let twins = Vault::new(twins).expect("keys");
        assert_eq!(twins.open("x", &by_second).expect("the second opens it").expose(), TEXT);
    }

    #[test]
    fn what_was_altered_does_not_open() {
        let vault = vault(&[1]);
        let sealed = vault.seal("x", &Secret::from(TEXT), &mut StdRng::seed_from_u64(1));
        for at in MARK.len()..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("ASCII");
            assert!(vault.open("x", &altered).is_none(), "{altered}");
        }
        for short in [MARK, vault.head(), "sealed1:AQEBAQ", "sealed1:AQEBAQ:AAAA", "sealed1:AQEBAQ:あ"] {
            assert!(vault.open("x", short).is_none(), "{short}");
        }
    }

    #[test]
    fn what_an_earlier_program_kept_open_is_read() {
        assert_eq!(vault(&[1]).open("x", TEXT).expect("as it is").expose(), TEXT);
    }
}
