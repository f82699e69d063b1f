//! The fuzz targets (`domain/fuzz`) on a stable compiler: known good input, spoilt in bounded ways, must never panic.

#[path = "../fuzz/src/lib.rs"]
pub mod targets;

use domain::calendar::Instant;
use domain::licence::id::LicenceId;
use domain::licence::token::{Claims, HolderKind, Token, kid};
use ed25519_dalek::SigningKey;
use include_dir::{Dir, include_dir};
use proptest::prelude::*;

static DECLARATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../schemas/examples/declaration/valid");
static EDITIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/editions");

/// RFC 8032 §7.1, TEST 1: everybody's key.
const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

fn tokens() -> Vec<Vec<u8>> {
    let secret = data_encoding::HEXLOWER.decode(SECRET.as_bytes()).expect("hexadecimal");
    let key = SigningKey::from_bytes(&secret.try_into().expect("32 bytes"));
    let claims = |name: &str, number: Option<&str>| Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, 5]),
        kind: HolderKind::User,
        status_index: 70_000,
        holder_name: name.to_owned(),
        corporate_number: number.map(|number| number.parse().expect("a corporate number")),
        expires_at: Instant::from_unix(1_900_000_000).expect("an instant"),
    };
    [claims("株式会社あいうえお", Some("5010005007126")), claims("個人商店", None)]
        .iter()
        .map(|claims| Token::sign(claims, &key, kid(&key.verifying_key())))
        .flat_map(|token| [token.to_decimal().into_bytes(), token.as_bytes().to_vec()])
        .collect()
}

fn files(dir: &Dir<'_>) -> Vec<Vec<u8>> {
    dir.files().map(|file| file.contents().to_vec()).collect()
}

/// One way to spoil an input, at a place that fits any length.
#[derive(Clone, Debug)]
enum Spoil {
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

impl Spoil {
    fn run(&self, data: &mut Vec<u8>) {
        let at = |index: &prop::sample::Index| index.index(data.len() + 1);
        match self {
            Self::Set(index, byte) => {
                let at = at(index);
                data.splice(at..(at + 1).min(data.len()), [*byte]);
            }
            Self::Insert(index, bytes) => {
                let at = at(index);
                data.splice(at..at, bytes.iter().copied());
            }
            Self::Remove(index, count) => {
                let at = at(index);
                data.drain(at..(at + count).min(data.len()));
            }
            Self::Repeat(index, count) => {
                let at = at(index);
                let again = data[at..(at + count).min(data.len())].to_vec();
                data.splice(at..at, again);
            }
            Self::Cut(index) => data.truncate(at(index)),
        }
    }
}

/// Bytes that mean something to one of the readers.
const WORDS: [&[u8]; 16] = [
    b"\"",
    b"{",
    b"}",
    b"[[",
    b"]",
    b"null",
    b"-1",
    b"1e400",
    b"18446744073709551616",
    b"\\u0000",
    b"\\ud800",
    b"\n\n",
    b"\xff",
    b"\xf8",
    b"\x9f",
    b"\x5f",
];

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let index = any::<prop::sample::Index>;
    let word = prop::sample::select(&WORDS[..]).prop_map(<[u8]>::to_vec);
    let bytes = prop::collection::vec(any::<u8>(), 1..6);
    let spoil = prop_oneof![
        4 => (index(), any::<u8>()).prop_map(|(at, byte)| Spoil::Set(at, byte)),
        2 => (index(), prop_oneof![word, bytes]).prop_map(|(at, bytes)| Spoil::Insert(at, bytes)),
        2 => (index(), 1..20usize).prop_map(|(at, count)| Spoil::Remove(at, count)),
        1 => (index(), 1..60usize).prop_map(|(at, count)| Spoil::Repeat(at, count)),
        1 => index().prop_map(Spoil::Cut),
    ];
    prop::collection::vec(spoil, 1..5)
}

/// Runs `target` on every seed, which it must take, and on `cases` spoilt ones.
fn fuzz(cases: u32, seeds: &[Vec<u8>], target: fn(&[u8]) -> bool) {
    assert!(!seeds.is_empty());
    for seed in seeds {
        assert!(target(seed), "{:.80}", String::from_utf8_lossy(seed));
    }
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let inputs = (prop::sample::select(seeds.to_vec()), spoils());
    let outcome = proptest::test_runner::TestRunner::new(config).run(&inputs, |(mut data, spoils)| {
        spoils.iter().for_each(|spoil| spoil.run(&mut data));
        target(&data);
        Ok(())
    });
    outcome.expect("no input makes a reader panic");
}

#[test]
fn tokens_spoilt() {
    fuzz(4000, &tokens(), targets::token);
}

#[test]
fn declarations_spoilt() {
    fuzz(4000, &files(&DECLARATIONS), targets::declaration);
}

#[test]
fn editions_spoilt() {
    // One builds on another: they are read together.
    fuzz(400, &[files(&EDITIONS).join(&b'\x0c')], targets::edition);
}
