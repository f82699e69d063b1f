//! Status lists in both signed forms: what is written is read again, and nothing else is.

use domain::calendar::Instant;
use domain::licence::token::{KeyRing, Kid, PublicKey};
use domain::status_list::{LASTS_SECONDS, PLACES, Said, Statement, StatusList, StatusListError};
use ed25519_dalek::{Signature, Signer, SigningKey};

const URI: &str = "https://register.example.jp/status/7";
const LISTS: &str = "https://register.example.jp/status";

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn key(secret: u8) -> (SigningKey, Kid, KeyRing) {
    let key = SigningKey::from_bytes(&[secret; 32]);
    let public = PublicKey::try_from(key.verifying_key()).expect("a key");
    (key, public.kid(), [public].into_iter().collect())
}

fn statement() -> Statement {
    let mut list = StatusList::default();
    list.set(0, Said::Revoked);
    list.set(1, Said::Suspended);
    list.set(PLACES - 1, Said::Ended);
    Statement::new(URI.to_owned(), list, at("2026-12-01T00:00:00Z"))
}

fn signed(statement: &Statement, secret: u8) -> (Vec<u8>, String) {
    let (key, kid, _) = key(secret);
    let sign = |message: &[u8]| Ok::<Signature, std::convert::Infallible>(key.sign(message));
    let unsigned = statement.unsigned(LISTS);
    let (Ok(cwt), Ok(jwt)) = (unsigned.to_cwt(kid, sign), unsigned.to_jwt(kid, sign));
    (cwt, jwt)
}

#[test]
fn what_is_signed_is_read_again() {
    let statement = statement();
    let (cwt, jwt) = signed(&statement, 1);
    let keys = key(1).2;
    assert_eq!(Statement::from_cwt(&cwt, &keys), Ok(statement.clone()));
    assert_eq!(Statement::from_jwt(&jwt, &keys), Ok(statement.clone()));
    assert_eq!(signed(&statement, 1), (cwt, jwt), "one statement under one key is one form");
}

#[test]
fn a_list_lasts_seven_days_to_the_second() {
    let statement = statement();
    for (instant, is_old) in [
        ("2026-12-01T00:00:00Z", false),
        ("2026-12-07T23:59:59Z", false),
        ("2026-12-08T00:00:00Z", true),
        ("2026-12-08T00:00:01Z", true),
    ] {
        assert_eq!(statement.is_old(at(instant)), is_old, "{instant}");
    }
    assert_eq!(statement.expires_at.unix() - statement.issued_at.unix(), i64::from(LASTS_SECONDS));
}

#[test]
fn another_keys_list_is_not_ours() {
    let (cwt, jwt) = signed(&statement(), 2);
    let (_, kid, _) = key(2);
    let keys = key(1).2;
    assert_eq!(Statement::from_cwt(&cwt, &keys), Err(StatusListError::UnknownKey { kid }));
    assert_eq!(Statement::from_jwt(&jwt, &keys), Err(StatusListError::UnknownKey { kid }));
}

/// Every byte of either form, changed in each bit: refused, whatever the reason.
#[test]
fn any_change_is_refused() {
    let statement = statement();
    let (cwt, jwt) = signed(&statement, 1);
    let keys = key(1).2;
    for place in 0..cwt.len() {
        for bit in 0..8 {
            let mut changed = cwt.clone();
            changed[place] ^= 1 << bit;
            let read = Statement::from_cwt(&changed, &keys);
            assert!(read.is_err(), "byte {place}, bit {bit}: {read:?}");
        }
    }
    for place in 0..jwt.len() {
        for other in ['A', 'B', '.', '='] {
            let mut changed: Vec<char> = jwt.chars().collect();
            if std::mem::replace(&mut changed[place], other) == other {
                continue;
            }
            let changed: String = changed.into_iter().collect();
            let read = Statement::from_jwt(&changed, &keys);
            assert!(read.is_err(), "character {place} as {other}: {read:?}");
        }
    }
    for end in [0, 1, cwt.len() - 1] {
        assert!(Statement::from_cwt(&cwt[..end], &keys).is_err());
    }
}

/// One in a hundred revoked is as small as the draft says, and a whole list is small enough to be fetched for one mark.
#[test]
fn a_list_is_small() {
    let mut list = StatusList::default();
    let mut place = 0_u32;
    for _ in 0..PLACES / 100 {
        // Spread by a step that shares no factor with the length.
        place = (place + 48_271) % PLACES;
        list.set(place, Said::Revoked);
    }
    let (cwt, jwt) = signed(&Statement::new(URI.to_owned(), list, at("2026-12-01T00:00:00Z")), 1);
    assert!(cwt.len() < 4_096 && jwt.len() < 6_144, "{} and {} bytes", cwt.len(), jwt.len());
    let (empty, _) = signed(&Statement::new(URI.to_owned(), StatusList::default(), at("2026-12-01T00:00:00Z")), 1);
    assert!(empty.len() < 512, "{} bytes", empty.len());
}
