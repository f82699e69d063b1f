//! Tokens as the register makes them: sizes, round trips, keys.

use domain::calendar::Instant;
use domain::licence::id::LicenceId;
use domain::licence::token::{
    Claims, HolderKind, KeyRing, NAME_AT_9M, NAME_AT_10M, PublicKey, Token, TokenError, fit_name, kid,
};
use domain::parties::CorporateNumber;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

fn key(seed: u32) -> SigningKey {
    let mut bytes = [0; 32];
    bytes[28..].copy_from_slice(&seed.to_be_bytes());
    SigningKey::from_bytes(&bytes)
}

fn ring(seeds: &[u32]) -> KeyRing {
    seeds.iter().map(|&seed| PublicKey::try_from(key(seed).verifying_key()).expect("a sound key")).collect()
}

fn sign(claims: &Claims, seed: u32) -> Token {
    let key = key(seed);
    Token::sign(claims, &key, kid(&key.verifying_key()))
}

fn corporate_number() -> CorporateNumber {
    "5010005007126".parse().expect("a corporate number")
}

fn claims() -> Claims {
    Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, 5]),
        kind: HolderKind::User,
        status_index: 70_000,
        holder_name: "株式会社あいうえお".to_owned(),
        corporate_number: Some(corporate_number()),
        expires_at: Instant::from_unix(1_900_000_000).expect("an instant"),
    }
}

/// QR version 9-M carries 364 digits behind a prefix of 27 characters, 10-M 442.
#[test]
fn sizes_fit_the_symbols() {
    const AT_9M: usize = 364;
    const AT_10M: usize = 442;
    for (name_bytes, has_number, status_index, bytes, digits) in [
        (0, false, 0, 106, AT_9M),
        (30, false, 23, 137, AT_9M),
        (30, true, 23, 143, AT_9M),
        (30, true, 255, 144, AT_9M),
        (30, true, 65_535, 145, AT_9M),
        (30, true, 65_536, 147, AT_9M),
        (30, true, u32::MAX, 147, AT_9M),
        (NAME_AT_9M, false, u32::MAX, 145, AT_9M),
        (NAME_AT_9M, true, u32::MAX, 151, AT_9M), // full
        (NAME_AT_9M + 1, true, u32::MAX, 152, AT_10M),
        (NAME_AT_10M, true, u32::MAX, 183, AT_10M),     // full
        (NAME_AT_10M + 1, true, u32::MAX, 183, AT_10M), // cut
        (1000, true, u32::MAX, 183, AT_10M),
    ] {
        let corporate_number = has_number.then(corporate_number);
        let token =
            sign(&Claims { status_index, corporate_number, holder_name: "n".repeat(name_bytes), ..claims() }, 1);
        assert_eq!(token.as_bytes().len(), bytes, "name of {name_bytes}, index {status_index}");
        assert!(token.to_decimal().len() <= digits, "{} digits", token.to_decimal().len());
        assert!(digits < AT_10M || bytes > 151, "the smaller symbol is enough");
    }
    // The largest integer of 151 bytes that is a token at all begins with the tag.
    let most = num_bigint::BigUint::from_bytes_be(&[&[0xd2][..], &[0xff; 150]].concat());
    assert_eq!(most.to_string().len(), AT_9M);
}

/// A byte fewer would have to be found elsewhere: after 2106 `exp` takes four more, and the token is still read.
#[test]
fn terms_after_2106_are_read() {
    let holder_name = "n".repeat(NAME_AT_10M);
    for (expires_at, bytes) in [(u32::MAX.into(), 183), (i64::from(u32::MAX) + 1, 187), (253_402_214_399, 187)] {
        let expires_at = Instant::from_unix(expires_at).expect("an instant");
        let token =
            sign(&Claims { status_index: u32::MAX, holder_name: holder_name.clone(), expires_at, ..claims() }, 1);
        assert_eq!(token.as_bytes().len(), bytes);
        let read = Token::from_decimal(&token.to_decimal()).expect("our own token");
        assert_eq!(read.verify(&ring(&[1])).expect("our own key").claims.expires_at, expires_at);
    }
}

#[test]
fn a_name_is_cut_where_a_reader_would() {
    for (name, max_bytes, expected) in [
        ("株式会社", 12, "株式会社"),
        ("株式会社", 11, "株式会"),
        ("株式会社", 3, "株"),
        ("株式会社", 2, ""),
        ("株式会社", 0, ""),
        ("", 0, ""),
        ("a株", 3, "a"),
        ("株式 会社", 8, "株式"), // no space at the end of what was cut
        ("株式 ", 7, "株式 "),    // uncut
        ("か\u{3099}か\u{3099}", 12, "か\u{3099}か\u{3099}"),
        ("か\u{3099}か\u{3099}", 11, "か\u{3099}"), // が written out: letter and dakuten stay together
        ("か\u{3099}か\u{3099}", 5, ""),
        ("ｶﾞｶﾞ", 9, "ｶﾞ"),                      // half width: the dakuten is a letter of its own
        ("葛\u{e0100}飾", 9, "葛\u{e0100}"), // a variation selector chooses the shape of 葛
        ("葛\u{e0100}飾", 6, ""),
        ("𠮷野家", 4, "𠮷"), // outside the basic plane: four bytes
        ("𠮷野家", 3, ""),
    ] {
        assert_eq!(fit_name(name, max_bytes), expected, "{name} in {max_bytes}");
    }
}

#[test]
fn the_same_licence_is_the_same_token() {
    assert_eq!(sign(&claims(), 1), sign(&claims(), 1));
    assert_eq!(sign(&claims(), 1).to_decimal(), sign(&claims(), 1).to_decimal());
    assert_ne!(sign(&claims(), 1), sign(&claims(), 2));
}

/// One token, byte for byte: what is printed once must be read for as long as the marks hang on walls.
#[test]
fn a_token_printed_today_is_read_for_ever() {
    const PRINTED: &str = concat!(
        "5030390423787783375297700289260506321912477688226650611501159784359255329678364598476662",
        "6507289889470505377421276386488808545925364220018032122653256355234358376028854520788635",
        "2936082645076272640188028924693133702759810915863101120308941279497357716191878729404383",
        "98123951240464764273324965676340845036532265174308586641287993941938356722374120448",
    );
    assert_eq!(sign(&claims(), 1).to_decimal(), PRINTED);
    let token = Token::from_decimal(PRINTED).expect("a token");
    let verified = token.verify(&ring(&[1])).expect("our own key");
    assert_eq!(verified.claims, claims());
    assert_eq!(verified.key.kid(), token.kid());
}

#[test]
fn other_peoples_keys_do_not_verify() {
    let token = sign(&claims(), 1);
    let kid = token.kid();
    assert!(token.verify(&ring(&[2, 1, 3])).is_ok());
    assert_eq!(token.verify(&ring(&[])), Err(TokenError::UnknownKey { kid }));
    assert_eq!(token.verify(&ring(&[2, 3])), Err(TokenError::UnknownKey { kid }));
    // Somebody else's signature under our kid.
    let forged = Token::sign(&claims(), &key(2), kid);
    assert_eq!(forged.verify(&ring(&[1])), Err(TokenError::Altered { kid }));
    assert_eq!(forged.verify(&ring(&[1, 2])), Err(TokenError::Altered { kid }));
}

/// Two keys with one kid, found by trying 94,590: each token is verified under the one that signed it.
#[test]
fn a_kid_shared_by_two_keys_tries_both() {
    const TWINS: [u32; 2] = [80_426, 94_589];
    assert_eq!(kid(&key(TWINS[0]).verifying_key()), kid(&key(TWINS[1]).verifying_key()));
    for seed in TWINS {
        let verified = sign(&claims(), seed).verify(&ring(&TWINS)).expect("one of the two");
        assert_eq!(verified.key.as_bytes(), key(seed).verifying_key().as_bytes());
    }
    let kid = sign(&claims(), TWINS[0]).kid();
    assert_eq!(sign(&claims(), TWINS[0]).verify(&ring(&TWINS[1..])), Err(TokenError::Altered { kid }));
}

/// A key held elsewhere that fails makes no token.
#[test]
fn a_failing_signer_makes_no_token() {
    assert_eq!(Token::sign_with(&claims(), [0; 4], |_| Err("the device is gone")), Err("the device is gone"));
}

prop_compose! {
    fn any_claims()(
        licence: [u8; 5],
        is_provider: bool,
        status_index: u32,
        holder_name in "\\PC{0,22}",
        number in prop::option::of(0u64..1_000_000_000_000),
        expires_at in 0i64..=253_402_214_399,
    ) -> Claims {
        let kind = if is_provider { HolderKind::Provider } else { HolderKind::User };
        // Of the nine check digits one is right.
        let corporate_number = number.and_then(|n| (1..=9).find_map(|check| format!("{check}{n:012}").parse().ok()));
        let (licence, expires_at) = (LicenceId::from_bytes(licence), Instant::from_unix(expires_at).expect("in range"));
        let holder_name = fit_name(&holder_name, NAME_AT_10M).to_owned();
        Claims { licence, kind, status_index, holder_name, corporate_number, expires_at }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_what_is_read(claims in any_claims()) {
        let token = sign(&claims, 1);
        let read = Token::from_decimal(&token.to_decimal()).expect("our own token");
        prop_assert_eq!(&read, &token);
        prop_assert_eq!(read.verify(&ring(&[1])).expect("our own key").claims, claims);
    }

    #[test]
    fn a_changed_byte_is_refused(claims in any_claims(), at: prop::sample::Index, byte: u8) {
        let token = sign(&claims, 1);
        let mut bytes = token.as_bytes().to_vec();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(Token::from_bytes(bytes).and_then(|token| token.verify(&ring(&[1]))).is_err());
    }

    #[test]
    fn random_digits_are_no_token(digits in "[1-9][0-9]{0,450}") {
        prop_assert!(Token::from_decimal(&digits).is_err());
    }

    #[test]
    fn random_bytes_are_no_token(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Token::from_bytes(bytes).is_err());
    }
}
