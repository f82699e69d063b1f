//! Data integrity proofs and did documents, by the W3C's own vectors.

use domain::calendar::Instant;
use domain::credential::{Method, ProofError, Proving, did, did_document, multikey, prove, verify};
use domain::licence::token::PublicKey;
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde_json::{Value, json};

const SIGNED: &str = include_str!("../../tests/vectors/w3c-eddsa-jcs-2022/signedJCS.json");
const UNSIGNED: &str = include_str!("../../tests/vectors/w3c-eddsa-jcs-2022/unsigned.json");
const KEYS: &str = include_str!("../../tests/vectors/w3c-eddsa-jcs-2022/keyPair.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The vectors' key: behind two bytes that say what it is, its seed.
fn key() -> (SigningKey, PublicKey) {
    let keys = json(KEYS);
    let secret = keys["privateKeyMultibase"].as_str().and_then(|text| text.strip_prefix('z')).expect("multibase");
    let bytes = bs58::decode(secret).into_vec().expect("base 58");
    let key = SigningKey::from_bytes(bytes[2..].try_into().expect("32 bytes"));
    let public = PublicKey::try_from(key.verifying_key()).expect("a sound key");
    assert_eq!(keys["publicKeyMultibase"], multikey(&public));
    (key, public)
}

#[test]
fn the_vectors_of_the_w3c() {
    let (key, public) = key();
    let signed = json(SIGNED);
    let proving = Proving {
        method: signed["proof"]["verificationMethod"].as_str().expect("a method").to_owned(),
        at: signed["proof"]["created"].as_str().and_then(|text| text.parse::<Instant>().ok()).expect("an instant"),
    };
    let sign = |message: &[u8]| Ok::<Signature, std::convert::Infallible>(key.sign(message));
    let Ok(proven) = prove(json(UNSIGNED), &proving, sign);
    assert_eq!(proven, signed);
    assert_eq!(verify(&signed, &public), Ok(json(UNSIGNED)));
}

/// Whatever is changed in the document or in the proof's options, the proof does not hold.
#[test]
fn any_change_is_refused() {
    let (_, public) = key();
    let signed = json(SIGNED);
    for pointer in [
        "/id",
        "/name",
        "/issuer",
        "/validFrom",
        "/type/1",
        "/credentialSubject/alumniOf",
        "/proof/created",
        "/proof/verificationMethod",
    ] {
        let mut changed = signed.clone();
        let value = changed.pointer_mut(pointer).expect("it is there");
        *value = json!(format!("{}x", value.as_str().expect("a text")));
        assert_eq!(verify(&changed, &public), Err(ProofError::Altered), "{pointer}");
    }
    let mut more = signed.clone();
    more["more"] = json!(1);
    assert_eq!(verify(&more, &public), Err(ProofError::Altered));
    for (part, value) in [
        ("type", json!("Another")),
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("proofPurpose", json!("authentication")),
        ("@context", json!([])),
        ("proofValue", json!("z0OIl")),
        ("proofValue", json!("u2HnF")),
        ("proofValue", Value::Null),
    ] {
        let mut changed = signed.clone();
        changed["proof"][part] = value;
        assert_eq!(verify(&changed, &public), Err(ProofError::NotProven { part }), "{part}");
    }
    let mut bare = signed;
    bare.as_object_mut().expect("an object").remove("proof");
    assert_eq!(verify(&bare, &public), Err(ProofError::NotProven { part: "proof" }));
    assert_eq!(verify(&json!("text"), &public), Err(ProofError::NotProven { part: "document" }));
}

/// did:web, section 3.1: a port's colon is escaped.
#[test]
fn the_register_is_its_host() {
    assert_eq!(did("otasuketai.example"), "did:web:otasuketai.example");
    assert_eq!(did("127.0.0.1:8080"), "did:web:127.0.0.1%3A8080");
    let (_, key) = key();
    let methods = [Method { key: key.clone(), proves: true }, Method { key: key.clone(), proves: false }];
    let document = did_document("did:web:a.example", &methods);
    let id = format!("did:web:a.example#{}", multikey(&key));
    assert_eq!(document["assertionMethod"], json!([id]));
    assert_eq!(document["verificationMethod"][1]["id"], json!(id));
    assert_eq!(document["verificationMethod"][0]["publicKeyMultibase"], json!(multikey(&key)));
}
