//! `schemas/examples/mark/vectors.json`: marks in every state with the answer that is right, for whoever writes a
//! verifier (`docs/verify.md`). The file is made here; `BLESS=1` writes it anew.

use std::path::PathBuf;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::calendar::Instant;
use domain::licence::answer::{Answer, Rejection, Silence, offline};
use domain::licence::token::{Claims, HolderKind, KeyRing, Kid, PublicKey, Token, kid};
use domain::licence::{LicenceId, answer};
use domain::status_list::{PLACES, Said, Statement, StatusList, place};
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde_json::{Value, json};

const HOST: &str = "https://otasuketai.example";
const NOW: &str = "2026-12-01T00:00:00Z";

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// Everybody's keys: RFC 8032 §7.1, TEST 1 for licences, TEST 2 for lists; and one that is not the register's.
fn keys() -> [SigningKey; 3] {
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    ]
    .map(|secret| {
        let bytes = HEXLOWER.decode(secret.as_bytes()).expect("hexadecimal");
        SigningKey::from_bytes(&bytes.try_into().expect("32 bytes"))
    })
}

fn kid_of(key: &SigningKey) -> Kid {
    kid(&key.verifying_key())
}

fn ring(key: &SigningKey) -> KeyRing {
    [PublicKey::try_from(key.verifying_key()).expect("a sound key")].into_iter().collect()
}

fn jwk(key: &SigningKey, purpose: &str) -> Value {
    json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "purpose": purpose,
        "kid": BASE64URL_NOPAD.encode(&kid_of(key)), "x": BASE64URL_NOPAD.encode(key.verifying_key().as_bytes()),
    })
}

fn claims(index: u32, name: &str) -> Claims {
    Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, index.to_be_bytes()[3]]),
        kind: HolderKind::User,
        status_index: index,
        holder_name: name.to_owned(),
        corporate_number: Some("9000000000000".parse().expect("a corporate number")),
        expires_at: at("2028-04-30T15:00:00Z"),
    }
}

/// The places of the first list and of the second one.
fn list(number: u32, issued_at: &str) -> Statement {
    let mut list = StatusList::default();
    for (index, said) in [(1, Said::Revoked), (2, Said::Suspended), (3, Said::Ended), (PLACES + 7, Said::Suspended)] {
        if place(index).0 == number {
            list.set(place(index).1, said);
        }
    }
    Statement::new(format!("{HOST}/status/{number}"), list, at(issued_at))
}

fn signed(statement: &Statement, key: &SigningKey) -> (Vec<u8>, String) {
    let sign = |message: &[u8]| Ok::<Signature, std::convert::Infallible>(key.sign(message));
    let unsigned = statement.unsigned("https://otasuketai.example/status");
    let (Ok(cwt), Ok(jwt)) = (unsigned.to_cwt(kid_of(key), sign), unsigned.to_jwt(kid_of(key), sign));
    (cwt, jwt)
}

/// A mark, the name of the list that is there, the instant, and what is right.
struct Case {
    name: &'static str,
    digits: String,
    list: Option<&'static str>,
    now: &'static str,
    answer: &'static str,
    why: &'static str,
}

fn cases() -> Vec<Case> {
    let [licences, _, other] = keys();
    let token = |claims: &Claims, key: &SigningKey| Token::sign(claims, key, kid_of(key));
    let good = token(&claims(0, "見本商店"), &licences);
    let digits = good.to_decimal();
    let case = |name, digits: String, list, now, answer, why| Case { name, digits, list, now, answer, why };
    let of = |index, name| token(&claims(index, name), &licences).to_decimal();
    let mut altered = good.as_bytes().to_vec();
    altered[40] ^= 1;
    let altered = Token::from_bytes(altered).map_or_else(|_| "0".to_owned(), |token| token.to_decimal());
    let mut claims_of_other = claims(0, "見本商店");
    claims_of_other.licence = LicenceId::from_bytes([9; 5]);
    vec![
        case("valid", digits.clone(), Some("first"), NOW, "valid", ""),
        case("revoked", of(1, "取り消された商店"), Some("first"), NOW, "revoked", ""),
        case("suspended", of(2, "止められた商店"), Some("first"), NOW, "suspended", ""),
        case("ended", of(3, "終わった商店"), Some("first"), NOW, "ended", ""),
        case("suspended, in another list", of(PLACES + 7, "髙𠮷商店"), Some("second"), NOW, "suspended", ""),
        case("the list's last second", digits.clone(), Some("first"), "2026-12-07T23:59:59Z", "valid", ""),
        case("the list is too old", digits.clone(), Some("first"), "2026-12-08T00:00:00Z", "unknown", "list_old"),
        case("no list", digits.clone(), None, NOW, "unknown", "offline"),
        case("another key's list", digits.clone(), Some("forged"), NOW, "unknown", "list_altered"),
        case("the printed term's last second", digits.clone(), None, "2028-04-30T14:59:59Z", "unknown", "offline"),
        case(
            "the printed term has ended",
            digits.clone(),
            None,
            "2028-04-30T15:00:00Z",
            "unknown",
            "printed_term_ended",
        ),
        case("altered", altered, Some("first"), NOW, "not_ours", "altered"),
        case(
            "another register's",
            token(&claims_of_other, &other).to_decimal(),
            Some("first"),
            NOW,
            "not_ours",
            "unknown_key",
        ),
        case("a leading zero", format!("0{digits}"), Some("first"), NOW, "not_ours", "unreadable"),
        case("cut short", digits[..digits.len() - 1].to_owned(), Some("first"), NOW, "not_ours", "unreadable"),
        case("no digits", "abc".to_owned(), Some("first"), NOW, "not_ours", "unreadable"),
    ]
}

fn lists() -> [(&'static str, (Vec<u8>, String)); 3] {
    let [_, status, other] = keys();
    [
        ("first", signed(&list(0, NOW), &status)),
        ("second", signed(&list(1, NOW), &status)),
        ("forged", signed(&list(0, NOW), &other)),
    ]
}

#[test]
fn the_published_vectors_are_these() {
    let [licences, status, _] = keys();
    let lists: serde_json::Map<String, Value> = lists()
        .into_iter()
        .map(|(name, (cwt, jwt))| (name.to_owned(), json!({ "cwt": BASE64URL_NOPAD.encode(&cwt), "jwt": jwt })))
        .collect();
    let case = |case: &Case| {
        json!({
            "name": case.name, "link": format!("{HOST}/{}", case.digits), "list": case.list, "now": case.now,
            "answer": case.answer, "why": case.why,
        })
    };
    let vectors = json!({
        "description": "Marks in every state, for verifiers: docs/verify.md. Keys of RFC 8032, known to everybody.",
        "jwks": { "keys": [jwk(&licences, "licence"), jwk(&status, "status")] },
        "lists": lists,
        "cases": cases().iter().map(case).collect::<Vec<_>>(),
    });
    let text = format!("{vectors:#}\n");
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/mark/vectors.json"));
    #[expect(clippy::disallowed_methods, reason = "a test reads and blesses its file")]
    let known = {
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &text).expect("the schemas can be written");
        }
        std::fs::read_to_string(&file).unwrap_or_default()
    };
    assert_eq!(known, text, "BLESS=1 writes {}", file.display());
}

/// The answers are this library's own, in both forms of the lists.
#[test]
fn every_answer_is_right() {
    let [licences, status, _] = keys();
    for Case { name, digits, list, now, answer: expected, why } in cases() {
        let verified = Token::from_decimal(&digits).and_then(|token| token.verify(&ring(&licences)));
        let stated = list.map(|list| lists().into_iter().find(|(known, _)| *known == list).expect("it is there").1);
        let read = stated.map(|(cwt, jwt)| {
            let (cwt, jwt) = (Statement::from_cwt(&cwt, &ring(&status)), Statement::from_jwt(&jwt, &ring(&status)));
            assert_eq!(cwt, jwt, "{name}");
            cwt
        });
        let found = match (&verified, &read) {
            (Err(error), _) => Answer::NotOurs(Rejection::from(*error)),
            (Ok(_), Some(Err(_))) => Answer::Unknown(Silence::ListAltered),
            (Ok(verified), Some(Ok(statement))) => offline(verified, Some(statement), at(now)),
            (Ok(verified), None) => offline(verified, None, at(now)),
        };
        let said = match &found {
            answer::Answer::Unknown(silence) => silence.as_str(),
            answer::Answer::NotOurs(rejection) => rejection.as_str(),
            _ => "",
        };
        assert_eq!((found.as_str(), said), (expected, why), "{name}");
    }
}
