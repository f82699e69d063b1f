//! Secrets: text that is never printed, and the opaque secrets of links, sessions and API keys.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use rand::CryptoRng;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Random bytes of an opaque secret: 256 bits.
const BYTES: usize = 32;

/// A text that only its owner may see: never printed, wiped from memory when dropped. A form's field can be one.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, to be shown to its owner once, or to be compared.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even its length.
        f.write_str("Secret")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// What an opaque secret opens. None can be passed off as another: the prefix is part of what is stored as digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opaque {
    /// A link in a letter: `otl_`.
    Link,
    /// A browser's session: `ots_`.
    Session,
    /// A program's access: `otk_`. Scanners of source code can look for it.
    ApiKey,
    /// The address of a calendar: `otc_`.
    Calendar,
}

impl Opaque {
    /// Every kind there is.
    pub const ALL: [Self; 4] = [Self::Link, Self::Session, Self::ApiKey, Self::Calendar];

    /// What the secret begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Link => "otl_",
            Self::Session => "ots_",
            Self::ApiKey => "otk_",
            Self::Calendar => "otc_",
        }
    }

    /// Draws one: the prefix and 43 characters of base64url.
    pub fn draw(self, rng: &mut dyn CryptoRng) -> Secret {
        let mut bytes = Zeroizing::new([0; BYTES]);
        rng.fill_bytes(&mut bytes[..]);
        let mut text = self.prefix().to_owned();
        // Room for all of it at once: growing would leave a piece behind in memory.
        text.reserve_exact(BASE64URL_NOPAD.encode_len(BYTES));
        BASE64URL_NOPAD.encode_append(&bytes[..], &mut text);
        Secret::new(text)
    }

    /// The digest to look a shown secret up by; `None` when it has not the form of one of this kind.
    pub fn read(self, shown: &str) -> Option<String> {
        let body = shown.strip_prefix(self.prefix())?;
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(body.as_bytes()).ok()?);
        (bytes.len() == BYTES).then(|| digest(shown))
    }
}

/// The SHA-256 under which a secret is stored, in 64 lower-case hexadecimal digits.
///
/// A fast hash is right for secrets of 80 bits or more that were drawn at random: they cannot be guessed. Passwords are
/// chosen by people and need [`super::password::hash`]. Looking the digest up in an index is safe too: what the timing
/// of the look-up tells of a digest says nothing of the secret.
pub fn digest(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::from("hunter2hunter2");
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "Secret Some(Secret)");
        let read: Secret = serde_json::from_str(r#""hunter2hunter2""#).unwrap();
        assert_eq!(read.expose(), secret.expose());
    }

    /// FIPS 180-2, B.1, and the digest of nothing.
    #[test]
    fn the_digest_is_sha256_in_hexadecimal() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn what_is_drawn_is_read_as_its_own_kind_only() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut seen = HashSet::new();
        for kind in Opaque::ALL {
            let secret = kind.draw(&mut rng);
            let shown = secret.expose();
            assert!(shown.starts_with(kind.prefix()));
            assert_eq!(shown.len(), 4 + 43);
            assert!(seen.insert(shown[4..].to_owned()), "drawn anew each time");
            for other in Opaque::ALL {
                let read = other.read(shown);
                assert_eq!(read, (other == kind).then(|| digest(shown)), "{kind:?} read as {other:?}");
            }
        }
    }

    #[test]
    fn a_secret_has_one_spelling() {
        let zeros = "A".repeat(43);
        assert!(Opaque::ApiKey.read(&format!("otk_{zeros}")).is_some());
        for wrong in [
            String::new(),
            "otk_".to_owned(),
            zeros.clone(),
            format!("OTK_{zeros}"),
            format!("otk_{}", &zeros[1..]),  // One short.
            format!("otk_{zeros}A"),         // One over.
            format!("otk_{}B", &zeros[1..]), // Bits behind the last byte.
            format!("otk_{}+", &zeros[1..]), // The other alphabet.
            format!("otk_{zeros}="),         // Padded.
            format!(" otk_{zeros}"),
            format!("otk_{zeros}\n"),
        ] {
            assert_eq!(Opaque::ApiKey.read(&wrong), None, "{wrong:?}");
        }
    }
}
