//! Verification by libraries that this project did not write, from the published keys alone.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::{Demonstration, python};

/// What the library makes of a link with these keys: the claims, or its reason to refuse.
fn verify(library: &str, link: &str, keys: &Path) -> Result<Value, String> {
    python::read("verify_cwt.py", &["--library".as_ref(), library.as_ref(), link.as_ref(), keys.as_os_str()])
}

#[test]
fn others_verify_our_marks_and_refuse_what_is_altered() {
    let (demo, other) = (Demonstration::start(), Demonstration::start());
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let publish = |of: &Demonstration, name: &str| {
        let file = folder.path().join(name);
        fs::write(&file, of.client().get("/.well-known/jwks.json").send().body).expect("the folder is ours");
        file
    };
    let (keys, other_keys) = (publish(&demo, "ours.json"), publish(&other, "theirs.json"));
    let marks = demo.marks();
    for library in ["cwt", "pycose"] {
        for mark in &marks {
            let claims = verify(library, &mark.link, &keys).unwrap_or_else(|why| panic!("{library}: {why}"));
            let said = demo.client().get(&format!("/api/v1/marks/{}", mark.licence)).send().ok();
            let kind = if mark.kind == "provider" { 1 } else { 2 };
            assert_eq!((&claims["profile"], &claims["kind"]), (&json!(1), &json!(kind)), "{library}");
            assert!(
                said["holder"]["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with(claims["holderName"].as_str().unwrap_or("?")))
            );
            let id: domain::licence::LicenceId = mark.licence.parse().expect("an id");
            let bytes = data_encoding::HEXLOWER.decode(claims["licence"].as_str().unwrap_or_default().as_bytes());
            assert_eq!(bytes.as_deref(), Ok(&id.to_bytes()[..]), "{library}");
        }
        let link = &marks[0].link;
        let (host, digits) = link.rsplit_once('/').expect("a link has a last part");
        let bytes = num_bigint::BigUint::parse_bytes(digits.as_bytes(), 10).expect("digits").to_bytes_be();
        // In the holder's name, in the expiry, in the signature: one bit.
        for at in [20, bytes.len() - 90, bytes.len() - 70, bytes.len() - 1] {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            let forged = format!("{host}/{}", num_bigint::BigUint::from_bytes_be(&forged));
            assert!(verify(library, &forged, &keys).is_err(), "{library}: byte {at}");
        }
        assert!(verify(library, link, &other_keys).is_err(), "{library}: other keys");
    }
}

/// What `docs/verify.md` tells third parties to do, done by libraries that this project did not write: every published
/// vector has its answer.
#[test]
fn the_published_vectors_have_their_answers() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/mark/vectors.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(file).expect("it is published")).expect("JSON");
    let found = python::read("verify_vectors.py", &[file]).expect("it answers");
    let expected: Vec<Value> =
        vectors["cases"].as_array().expect("a list").iter().map(|case| json!([case["name"], case["answer"]])).collect();
    assert_eq!(found, json!(expected));
}
