//! Proof that somebody holds a key: its signature over a challenge that the one who asks has drawn. What is signed begins
//! with words of its own, so that no token, list or checkpoint can be had under the name of a challenge.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

use super::{KeySet, Purpose, public};

/// The fewest and the most characters of a challenge: one that is short could have been asked before.
const CHARACTERS: std::ops::RangeInclusive<usize> = 16..=128;

/// A challenge: 16 to 128 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

/// A proof of possession, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Possession {
    /// The key's id: its kid in hexadecimal.
    pub key: String,
    pub purpose: String,
    pub challenge: String,
    /// 64 bytes in base64url.
    pub signature: String,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// It answers another challenge.
    OtherChallenge,
    /// No key of the set has this id and this purpose.
    UnknownKey,
    /// The key is there, and not trusted any more.
    Compromised,
    /// The key did not sign this.
    Signature,
}

impl std::str::FromStr for Challenge {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if CHARACTERS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        let (fewest, most, found) = (CHARACTERS.start(), CHARACTERS.end(), text.chars().count());
        Err(format!(
            "空白を含まない英数字・記号{fewest}〜{most}文字で指定してください（読み取った長さ：{found}） / \
             give {fewest} to {most} visible ASCII characters (read: {found} characters)"
        ))
    }
}

impl Possession {
    /// Signs a challenge.
    pub fn prove(purpose: Purpose, key: &SigningKey, challenge: &Challenge) -> Self {
        let id = HEXLOWER.encode(&public(key).kid());
        let signature = key.sign(statement(&id, purpose.name(), &challenge.0).as_bytes());
        Self {
            key: id,
            purpose: purpose.name().to_owned(),
            challenge: challenge.0.clone(),
            signature: BASE64URL_NOPAD.encode(&signature.to_bytes()),
        }
    }

    /// Does it prove that who answered `challenge` holds a key of this set that is trusted?
    pub fn check(&self, set: &KeySet, challenge: &Challenge) -> Result<(), Unproven> {
        if self.challenge != challenge.0 {
            return Err(Unproven::OtherChallenge);
        }
        let purpose = Purpose::from_name(&self.purpose).ok_or(Unproven::UnknownKey)?;
        let is_named = |key: &&domain::licence::token::PublicKey| HEXLOWER.encode(&key.kid()) == self.key;
        let mut named = set.of(purpose).filter(is_named).peekable();
        if named.peek().is_none() {
            let is_compromised = set.ever(purpose).any(|key| is_named(&key));
            return Err(if is_compromised { Unproven::Compromised } else { Unproven::UnknownKey });
        }
        let bytes = BASE64URL_NOPAD.decode(self.signature.as_bytes()).map_err(|_| Unproven::Signature)?;
        let signature = Signature::from_slice(&bytes).map_err(|_| Unproven::Signature)?;
        let statement = statement(&self.key, &self.purpose, &self.challenge);
        // Two keys may share a kid.
        let is_signed = named.any(|key| key.is_signed(statement.as_bytes(), &signature));
        if is_signed { Ok(()) } else { Err(Unproven::Signature) }
    }
}

fn statement(key: &str, purpose: &str, challenge: &str) -> String {
    format!("otasuketai possession 1\npurpose: {purpose}\nkey: {key}\nchallenge: {challenge}\n")
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherChallenge => "別の問いへの証明です / it answers another challenge",
            Self::UnknownKey => "鍵の一覧にない鍵です / the key set has no such key",
            Self::Compromised => "危殆化した鍵です / the key was compromised",
            Self::Signature => "この鍵の署名ではありません / the key did not sign this",
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::super::Keys;
    use super::*;

    fn challenge(text: &str) -> Challenge {
        text.parse().unwrap()
    }

    #[test]
    fn who_holds_a_key_proves_it_and_nobody_else() {
        let keys = Keys::generate(&[Purpose::Licence, Purpose::Log], &mut StdRng::seed_from_u64(1));
        let others = Keys::generate(&[Purpose::Licence], &mut StdRng::seed_from_u64(2));
        let (asked, set) = (challenge("2026-06-01-ceremony"), KeySet::from(keys.public()));
        let held = keys.all(Purpose::Licence).next().unwrap();
        let proof = Possession::prove(Purpose::Licence, held, &asked);
        assert_eq!(proof.check(&set, &asked), Ok(()));
        let written = serde_json::to_string(&proof).unwrap();
        assert_eq!(serde_json::from_str::<Possession>(&written).unwrap(), proof);

        assert_eq!(proof.check(&set, &challenge("2026-06-02-ceremony")), Err(Unproven::OtherChallenge));
        let other = others.all(Purpose::Licence).next().unwrap();
        let theirs = Possession::prove(Purpose::Licence, other, &asked);
        assert_eq!(theirs.check(&set, &asked), Err(Unproven::UnknownKey));
        let forged = Possession { key: proof.key.clone(), ..theirs };
        assert_eq!(forged.check(&set, &asked), Err(Unproven::Signature));
        for purpose in ["log", "toys"] {
            let moved = Possession { purpose: purpose.to_owned(), ..proof.clone() };
            assert_eq!(moved.check(&set, &asked), Err(Unproven::UnknownKey), "{purpose}");
        }
        let cut = Possession { signature: proof.signature[1..].to_owned(), ..proof.clone() };
        assert_eq!(cut.check(&set, &asked), Err(Unproven::Signature));
        let mut records = keys.public();
        records[0].is_compromised = true;
        assert_eq!(proof.check(&KeySet::from(records), &asked), Err(Unproven::Compromised));
    }

    #[test]
    fn a_challenge_is_16_to_128_visible_characters() {
        for (text, is_one) in [
            ("x".repeat(15), false),
            ("x".repeat(16), true),
            ("x".repeat(128), true),
            ("x".repeat(129), false),
            (format!("{}\n", "x".repeat(20)), false),
            ("with a space, which".to_owned(), false),
            ("問".repeat(16), false),
        ] {
            assert_eq!(text.parse::<Challenge>().is_ok(), is_one, "{text:?}");
        }
    }
}
