//! What a token costs beyond its signature, as a ratio taken in one run.
//!
//! No benchmark library: those time one function after the other, and a busy machine changes pace between them. Here
//! the two are timed in turns of a fraction of a millisecond, each turn gives a ratio, and the median of the ratios is
//! the same within a per cent whatever else runs. Ends with failure when the ratio is above [`MOST`].
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant as Clock;

use domain::calendar::Instant;
use domain::licence::id::LicenceId;
use domain::licence::token::{Claims, HolderKind, KeyRing, PublicKey, Token, kid};
use domain::tlog::merkle::{Frontier, leaf_hash};
use domain::tlog::tile::Appender;
use ed25519_dalek::{Signature, Signer, SigningKey};

/// Verifying from the digits of a link may cost this many times a bare `verify_strict`.
const MOST: f64 = 1.15;
const TOKENS: usize = 16;
const TURNS: usize = 601;

struct Case {
    digits: String,
    message: Vec<u8>,
    signature: Signature,
}

fn claims(index: usize) -> Claims {
    Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, index as u8]),
        kind: HolderKind::User,
        status_index: 3_000_000 + index as u32,
        holder_name: "株式会社情報処理推進".to_owned(),
        corporate_number: Some("5010005007126".parse().expect("a corporate number")),
        expires_at: Instant::from_unix(1_900_000_000).expect("an instant"),
    }
}

fn case(index: usize, key: &SigningKey) -> Case {
    let mut message = Vec::new();
    let kid = kid(&key.verifying_key());
    let token = Token::sign_with(&claims(index), kid, |bytes| {
        message = bytes.to_vec();
        Ok::<_, std::convert::Infallible>(key.sign(bytes))
    });
    let Ok(token) = token;
    let signature = Signature::from_slice(&token.as_bytes()[token.as_bytes().len() - 64..]).expect("64 bytes");
    Case { digits: token.to_decimal(), message, signature }
}

/// Microseconds for one of `count` runs.
fn time<T>(count: usize, mut run: impl FnMut(usize) -> T) -> f64 {
    let begin = Clock::now();
    for at in 0..count {
        black_box(run(at));
    }
    begin.elapsed().as_secs_f64() * 1e6 / count as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> ExitCode {
    let key = SigningKey::from_bytes(&[7; 32]);
    let verifying = key.verifying_key();
    let public = PublicKey::try_from(verifying).expect("a sound key");
    let ring: KeyRing = [public].into_iter().collect();
    let cases: Vec<_> = (0..TOKENS).map(|index| case(index, &key)).collect();

    let (mut bare, mut whole, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let one = time(TOKENS, |at| {
            let case = black_box(&cases[at]);
            assert!(verifying.verify_strict(&case.message, &case.signature).is_ok());
        });
        let other = time(TOKENS, |at| {
            let token = Token::from_decimal(black_box(&cases[at].digits));
            assert!(token.is_ok_and(|token| token.verify(&ring).is_ok()));
        });
        bare.push(one);
        whole.push(other);
        ratios.push(other / one);
    }
    let reading: Vec<_> = (0..TURNS)
        .map(|_| time(TOKENS, |at| assert!(Token::from_decimal(black_box(&cases[at].digits)).is_ok())))
        .collect();
    let ratio = median(ratios);
    println!("verify_strict              {:8.2} µs", median(bare));
    println!("verify from decimal        {:8.2} µs, of which reading {:.2} µs", median(whole), median(reading));
    println!("ratio                      {ratio:8.3}    (at most {MOST})");

    let kid = kid(&verifying);
    let bare = (0..TURNS).map(|_| time(TOKENS, |at| key.sign(black_box(&cases[at].message)))).collect();
    let whole = (0..TURNS).map(|_| time(TOKENS, |at| Token::sign(black_box(&claims(at)), &key, kid))).collect();
    println!("sign, and the token's      {:8.2} µs, {:.2} µs", median(bare), median(whole));
    append();
    if ratio <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Appending an entry of 300 bytes: hashing it, then the edge alone, then with the rows of tiles.
fn append() {
    const LEAVES: usize = 100_000;
    let leaf = leaf_hash(&[7; 300]);
    let hash = time(LEAVES, |at| leaf_hash(&[at as u8; 300]));
    let mut frontier = Frontier::new();
    let edge = time(LEAVES, |_| frontier.append(leaf));
    let mut appender = Appender::new(Frontier::new());
    let tiles = time(LEAVES, |_| appender.append(leaf));
    assert_eq!(frontier.root(), appender.frontier().root());
    println!("log: hash, append, tiles   {hash:8.2} µs, {edge:.2} µs, {tiles:.2} µs");
}
