//! Codes that are not ours, or not as we signed them: refused, and nothing of them is repeated.

use domain::licence::token::{KeyRing, Token};
use serde_json::{Value, json};
use tests::{Client, Demonstration};

/// The answer says only that and why.
#[track_caller]
fn refused(client: &Client, code: &str, why: &str) {
    let answer = client.get(&format!("/api/v1/marks/{code}")).send();
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{}", answer.told());
    let said = answer.json();
    let expected = json!({ "answer": "not_ours", "why": why, "checkedAt": said["checkedAt"] });
    assert_eq!(said, expected, "{code}");
}

fn keys(client: &Client) -> KeyRing {
    let jwks: Value = client.get("/.well-known/jwks.json").send().ok();
    api::seal::keys::KeySet::from_jwks(&jwks).expect("a key set").ring(api::seal::keys::Purpose::Licence)
}

fn digits(link: &str) -> &str {
    link.rsplit('/').next().expect("a link has a last part")
}

/// The decimal of bytes that need not be a token.
fn decimal(bytes: &[u8]) -> String {
    num_bigint::BigUint::from_bytes_be(bytes).to_string()
}

/// Every byte of a token, changed to every other value.
#[test]
fn no_byte_can_be_another() {
    let demo = Demonstration::start();
    let client = demo.client();
    let keys = keys(&client);
    for mark in demo.marks().iter().take(2) {
        let token = Token::from_decimal(digits(&mark.link)).expect("our own");
        assert!(token.verify(&keys).is_ok());
        let bytes = token.as_bytes();
        for at in 0..bytes.len() {
            for change in 1..=255u8 {
                let mut forged = bytes.to_vec();
                forged[at] ^= change;
                let read = Token::from_decimal(&decimal(&forged)).and_then(|token| token.verify(&keys));
                assert!(read.is_err(), "byte {at} xor {change}");
            }
            // One of them through the service; with which words depends on what the byte was for.
            let mut forged = bytes.to_vec();
            forged[at] ^= 1 << (at % 8);
            let said = client.get(&format!("/api/v1/marks/{}", decimal(&forged))).send().ok();
            let fields: Vec<&String> = said.as_object().expect("an object").keys().collect();
            assert_eq!(fields, ["answer", "checkedAt", "why"], "byte {at}: {said}");
            assert_eq!(said["answer"], "not_ours");
            assert!(
                matches!(said["why"].as_str(), Some("altered" | "unreadable" | "unknown_key")),
                "byte {at}: {said}"
            );
        }
        // Longer, shorter, and two in one.
        for forged in [&bytes[1..], &bytes[..bytes.len() - 1], &[bytes, b"\0"].concat(), &[b"\x01", bytes].concat()] {
            refused(&client, &decimal(forged), "unreadable");
        }
    }
}

#[test]
fn what_is_no_token_is_not_even_read() {
    let demo = Demonstration::start();
    let client = demo.client();
    let link = &demo.marks()[0].link;
    let real = digits(link);
    for code in [
        format!("0{real}"),
        format!("00000{real}"),
        "1".repeat(451),
        "9".repeat(452),
        "9".repeat(60_000),
        "123456789".to_owned(),
        "18446744073709551616".to_owned(),
        format!("{real}0"),
        real[..real.len() - 1].to_owned(),
    ] {
        refused(&client, &code, "unreadable");
    }
    for code in [
        "00000000".to_owned(),
        "0".to_owned(),
        "ZZZZZZZZ".to_owned(),
        format!("+{real}"),
        format!("-{real}"),
        format!("%20{real}"),
        format!("{real}%00"),
        format!("{real}.0"),
        "0x1234567890".to_owned(),
        "１２３４５６７８９０".chars().flat_map(percent).collect(),
        "%3Cscript%3E".to_owned(),
        "..%2f..%2fkeys.pem".to_owned(),
    ] {
        refused(&client, &code, "no_such_licence");
    }
    // The page of an address that cannot be a code is not found, and says nothing of it either.
    let page = client.get(&format!("/{real}x")).header("accept", "text/html").send();
    assert_eq!(page.status, 404);
    assert!(!page.text().contains(&real[..20]));
}

/// A character as it stands in an address.
fn percent(character: char) -> Vec<char> {
    let mut bytes = [0; 4];
    let encoded = character.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}"));
    encoded.collect::<String>().chars().collect()
}

/// Another register's mark is another register's, even where the whole of it is in order.
#[test]
fn another_registers_mark_is_not_ours() {
    let (ours, theirs) = (Demonstration::start(), Demonstration::start());
    for mark in theirs.marks() {
        refused(&ours.client(), digits(&mark.link), "unknown_key");
        refused(&ours.client(), &mark.licence, "no_such_licence");
        let said = theirs.client().get(&format!("/api/v1/marks/{}", digits(&mark.link))).send().ok();
        assert_eq!((&said["answer"], &said["holder"]["name"]), (&json!("valid"), &json!(mark.holder)));
    }
}

/// An id is read as people type it: in small letters, with the letters that look like digits.
#[test]
fn an_id_may_be_typed_by_hand() {
    let demo = Demonstration::start();
    let client = demo.client();
    for mark in demo.marks() {
        let lower = mark.licence.to_lowercase();
        let confused = mark.licence.replace('1', "l").replace('0', "O");
        for typed in [&mark.licence, &lower, &confused] {
            let said = client.get(&format!("/api/v1/marks/{typed}")).send().ok();
            assert_eq!((&said["answer"], &said["licence"]), (&json!("valid"), &json!(mark.licence)), "{typed}");
        }
    }
}
