//! Passwords: which new ones are taken, and how they are kept (Argon2id).
//!
//! The rule is of the kind that NIST SP 800-63B-4, 3.1.1.2, and OWASP ASVS 5.0, V6.2, ask for: a length and two lists,
//! nothing about capital letters, digits or signs. A password counts as its NFKC form, the same on every keyboard.

use std::cmp::Reverse;
use std::hint::black_box;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};
use rand::CryptoRng;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::secret::Secret;

/// Fewest characters of a new password: Unicode code points after NFKC.
pub const LEAST: usize = 12;
/// Most characters of a new password.
pub const MOST: usize = 128;

/// Bytes of salt (RFC 9106, 3.1: 16 are recommended).
const SALT: usize = 16;
/// Fewest bytes of a word that counts as somebody's own: three letters, or one kanji. "jp" and "co" say nothing.
const OWN_WORD: usize = 3;
/// Fewest digits that count as somebody's own number; a year among other digits does not.
const OWN_NUMBER: usize = 8;

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Fewer than [`LEAST`] characters.
    Short { characters: usize },
    /// More than [`MOST`] characters.
    Long { characters: usize },
    /// Among the first that an attacker tries, or one of these with digits and signs around it.
    Common,
    /// The person's, organisation's or service's own words and at most digits and signs between them.
    OwnWords,
}

/// May this be somebody's new password? `about` holds what everybody can know: the person's name and mail address, the
/// organisation's and the service's names, in every spelling at hand.
pub fn check(new: &Secret, about: &[&str]) -> Result<(), Weak> {
    let folded = fold(new.expose());
    match normal(new).chars().count() {
        characters if characters < LEAST => Err(Weak::Short { characters }),
        characters if characters > MOST => Err(Weak::Long { characters }),
        _ if is_common(&folded) => Err(Weak::Common),
        _ if is_made_of(&folded, about) => Err(Weak::OwnWords),
        _ => Ok(()),
    }
}

/// The PHC string to store: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Takes 19 MiB and tens of milliseconds, as [`verify`] does: call it where it may block, and few at a time.
pub fn hash(password: &Secret, rng: &mut dyn CryptoRng) -> String {
    let mut salt = [0; SALT];
    rng.fill_bytes(&mut salt);
    hash_with(password, &salt).to_string()
}

/// Is this the password that was stored? A stored text that is no PHC string is nobody's password.
pub fn verify(stored: &str, password: &Secret) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    // With the parameters of `stored`, compared in constant time.
    argon2().verify_password(normal(password).as_bytes(), &stored).is_ok()
}

/// The answer where there is no such account: false, after the work of [`verify`], so that the time does not tell.
pub fn verify_nobody(password: &Secret) -> bool {
    black_box(hash_with(password, &[0; SALT]));
    false
}

/// Was this stored under other parameters than today's? Then hash it anew once the password was right.
pub fn needs_rehash(stored: &str) -> bool {
    let is_current = |stored: PasswordHash| {
        stored.algorithm == ARGON2ID_IDENT
            && stored.version == Some(Version::V0x13.into())
            && Params::try_from(&stored).is_ok_and(|found| found == params())
    };
    !PasswordHash::new(stored).is_ok_and(is_current)
}

fn hash_with(password: &Secret, salt: &[u8; SALT]) -> PasswordHash {
    argon2()
        .hash_password_with_salt(normal(password).as_bytes(), salt)
        .expect("the salt has a length that Argon2 takes, and a password of 4 GiB fits no request")
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
}

/// The OWASP Password Storage Cheat Sheet's: 19 MiB, two passes, one lane; 32 bytes of hash.
fn params() -> Params {
    Params::new(19_456, 2, 1, Some(Params::DEFAULT_OUTPUT_LEN)).expect("each is within the bounds of RFC 9106")
}

/// The password as it counts: NFKC.
fn normal(password: &Secret) -> Zeroizing<String> {
    collect(password.expose().nfkc(), password.expose().len())
}

/// A text for comparing: NFKC in lower case.
fn fold(text: &str) -> Zeroizing<String> {
    collect(text.nfkc().flat_map(char::to_lowercase), text.len())
}

/// Room is made for twice the bytes at the start: what grows leaves pieces of itself behind in memory.
fn collect(characters: impl Iterator<Item = char>, bytes: usize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes));
    text.extend(characters);
    text
}

/// The common passwords in order; `common.txt` says where they are from.
static COMMON: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|line| !line.starts_with('#')).collect());

fn is_common(folded: &str) -> bool {
    let bare = folded.trim_matches(|character: char| !character.is_alphabetic());
    [folded, bare].iter().any(|word| COMMON.binary_search(word).is_ok())
}

/// Is nothing but digits and signs left when the own words are taken out, the longest first?
fn is_made_of(folded: &str, about: &[&str]) -> bool {
    let about: Vec<_> = about.iter().map(|text| fold(text)).collect();
    let mut words: Vec<&str> = about.iter().flat_map(|text| own_words(text)).collect();
    words.sort_unstable_by_key(|word| Reverse(word.len()));
    let mut rest = Zeroizing::new(folded.to_owned());
    for word in words {
        // A space keeps what stood on either side from becoming a word.
        rest = Zeroizing::new(rest.replace(word, " "));
    }
    rest.as_str() != folded && !rest.contains(char::is_alphabetic)
}

/// The text as a whole, which takes the short words of a mail address along, and its words.
fn own_words(folded: &str) -> impl Iterator<Item = &str> {
    let parts = folded.split(|character: char| !character.is_alphanumeric());
    std::iter::once(folded.trim()).chain(parts).filter(|word| {
        let least = if word.contains(char::is_alphabetic) { OWN_WORD } else { OWN_NUMBER };
        word.len() >= least
    })
}

#[cfg(test)]
mod tests;
