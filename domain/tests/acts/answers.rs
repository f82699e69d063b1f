//! "Is this mark good?" One of six answers, whoever asks and however.

use domain::calendar::Instant;
use domain::licence::answer::{Answer, Rejection, Silence, offline};
use domain::licence::token::{Claims, HolderKind, KeyRing, PublicKey, Token, TokenError, Verified, kid};
use domain::licence::{LicenceId, Standing};
use domain::status_list::{Said, Statement, StatusList};
use ed25519_dalek::SigningKey;

use crate::world::at;

/// RFC 8032 §7.1, TEST 1: everybody's key.
const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

/// A genuine token whose printed term ends at this instant.
fn verified(expires_at: Instant) -> Verified {
    let secret = data_encoding::HEXLOWER.decode(SECRET.as_bytes()).expect("hexadecimal");
    let key = SigningKey::from_bytes(&secret.try_into().expect("32 bytes"));
    let public = PublicKey::try_from(key.verifying_key()).expect("a sound key");
    let claims = Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, 5]),
        kind: HolderKind::User,
        status_index: 1,
        holder_name: "例示".to_owned(),
        corporate_number: None,
        expires_at,
    };
    let token = Token::sign(&claims, &key, kid(&key.verifying_key()));
    token.verify(&KeyRing::from_iter([public])).expect("genuine")
}

/// Away from the register nobody says "valid": the status is unknown, and from the printed term's end on, says so.
#[test]
fn offline_a_genuine_mark_is_never_called_valid() {
    let ends = at("2028-04-30T15:00:00Z");
    let ended = Answer::Unknown(Silence::PrintedTermEnded { at: ends });
    for (now, expected) in [
        ("2026-06-01T00:00:00Z", Answer::Unknown(Silence::Offline)),
        ("2028-04-30T14:59:59Z", Answer::Unknown(Silence::Offline)), // one second before
        ("2028-04-30T15:00:00Z", ended.clone()),
        ("2028-04-30T15:00:01Z", ended.clone()),
        ("2040-01-01T00:00:00Z", ended),
    ] {
        assert_eq!(offline(&verified(ends), None, at(now)), expected, "{now}");
    }
}

/// With the list that it is in, a mark is answered as the register did when it signed the list; the end of the printed
/// term comes first, then the list's own age.
#[test]
fn a_list_answers_for_the_register_while_it_is_fresh() {
    let (ends, issued) = (at("2028-04-30T15:00:00Z"), at("2028-04-25T00:00:00Z"));
    let stated = |said| {
        let mut list = StatusList::default();
        list.set(1, said);
        Statement::new("https://register.example.jp/status/0".to_owned(), list, issued)
    };
    let told = |said, now: &str| offline(&verified(ends), Some(&stated(said)), at(now));
    for (said, word) in
        [(Said::Valid, "valid"), (Said::Suspended, "suspended"), (Said::Revoked, "revoked"), (Said::Ended, "ended")]
    {
        assert_eq!(told(said, "2028-04-25T00:00:00Z").as_str(), word);
        assert_eq!(told(said, "2028-04-30T14:59:59Z").as_str(), word);
        let ended = Answer::Unknown(Silence::PrintedTermEnded { at: ends });
        assert_eq!(told(said, "2028-04-30T15:00:00Z"), ended);
    }
    let far = at("2028-12-31T15:00:00Z");
    let told = |now: &str| offline(&verified(far), Some(&stated(Said::Valid)), at(now));
    assert_eq!(told("2028-05-01T23:59:59Z"), Answer::Valid);
    assert_eq!(told("2028-05-02T00:00:00Z"), Answer::Unknown(Silence::ListOld { issued_at: issued }));
}

/// The register's knowledge is the answer, with since when and why.
#[test]
fn what_the_register_knows_is_said_whole() {
    let (since, reason) = (at("2026-06-01T00:00:00Z"), "理由".to_owned());
    for (standing, answer) in [
        (Standing::Valid, Answer::Valid),
        (
            Standing::Suspended { since, reason: reason.clone() },
            Answer::Suspended { since: Some(since), reason: reason.clone() },
        ),
        (Standing::Revoked { since, reason: reason.clone() }, Answer::Revoked { since: Some(since), reason }),
        (Standing::Ended { since }, Answer::Ended { since: Some(since) }),
    ] {
        assert_eq!(standing.as_str(), answer.as_str());
        assert_eq!(Answer::from(standing), answer);
    }
}

/// The six words, which JSON shows and programs rely on.
#[test]
fn there_are_six_answers() {
    let (since, reason) = (at("2026-06-01T00:00:00Z"), String::new());
    let words = [
        Answer::Valid,
        Answer::Suspended { since: Some(since), reason: reason.clone() },
        Answer::Revoked { since: Some(since), reason },
        Answer::Ended { since: Some(since) },
        Answer::Unknown(Silence::Offline),
        Answer::NotOurs(Rejection::NoSuchLicence),
    ]
    .map(|answer| answer.as_str());
    assert_eq!(words, ["valid", "suspended", "revoked", "ended", "unknown", "not_ours"]);
    let silences = [
        Silence::NotListed,
        Silence::Unreachable,
        Silence::Offline,
        Silence::PrintedTermEnded { at: since },
        Silence::ListAltered,
        Silence::ListOld { issued_at: since },
    ];
    let words = ["not_listed", "unreachable", "offline", "printed_term_ended", "list_altered", "list_old"];
    assert_eq!(silences.map(Silence::as_str), words);
    for silence in silences {
        assert_eq!(Answer::Unknown(silence).as_str(), "unknown", "not known is neither valid nor forged");
    }
}

/// Why a code is not ours: no token at all, a token no key of ours signed, or what only the register knows: a key that
/// is not trusted any more, an id nobody has.
#[test]
fn every_fault_of_a_token_is_a_rejection() {
    let kid = [1, 2, 3, 4];
    for (error, word) in [
        (TokenError::NotDecimal { at: 3 }, "unreadable"),
        (TokenError::TooLong { length: 500, most: 451 }, "unreadable"),
        (TokenError::NotAToken { part: "tag" }, "unreadable"),
        (TokenError::UnknownAlgorithm { alg: -7 }, "unreadable"),
        (TokenError::UnknownProfile { profile: 2 }, "unreadable"),
        (TokenError::NotCanonical { at: 9 }, "unreadable"),
        (TokenError::UnknownKey { kid }, "unknown_key"),
        (TokenError::Altered { kid }, "altered"),
    ] {
        let rejection = Rejection::from(error);
        assert_eq!(rejection.as_str(), word, "{error:?}");
        assert_eq!(Answer::NotOurs(rejection).as_str(), "not_ours");
        let kept = match rejection {
            Rejection::Unreadable(kept) | Rejection::Signature(kept) => kept,
            Rejection::CompromisedKey | Rejection::NoSuchLicence => panic!("{error:?} is about the token"),
        };
        assert_eq!(kept, error);
    }
    let by_the_register = [Rejection::CompromisedKey, Rejection::NoSuchLicence].map(Rejection::as_str);
    assert_eq!(by_the_register, ["compromised_key", "no_such_licence"]);
}
