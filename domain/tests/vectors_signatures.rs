//! Signatures and COSE structure against vectors written by others (`tests/vectors/README.md`).

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use domain::licence::token::{KeyError, PublicKey, Token, TokenError};
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the file is JSON")
}

fn bytes(value: &Value) -> Vec<u8> {
    HEX.decode(value.as_str().expect("a string").as_bytes()).expect("hexadecimal")
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().expect("of this length")
}

/// RFC 8032 §7.1: keys, deterministic signatures, and their verification.
#[test]
fn rfc_8032_signatures_come_out_the_same() {
    let cases = json(include_str!("../../tests/vectors/rfc8032-ed25519.json"));
    let cases = cases.as_array().expect("a list");
    assert_eq!(cases.len(), 5);
    for case in cases {
        let (key, message) = (SigningKey::from_bytes(&array(&case["secret"])), bytes(&case["message"]));
        let signature = Signature::from_bytes(&array(&case["signature"]));
        assert_eq!(key.verifying_key().to_bytes(), array(&case["public"]), "{}", case["name"]);
        assert_eq!(key.sign(&message), signature, "{}", case["name"]);
        let key = PublicKey::from_bytes(&array(&case["public"])).expect("a sound key");
        assert!(key.is_signed(&message, &signature), "{}", case["name"]);
        assert!(!key.is_signed(&[&message[..], b"."].concat(), &signature), "{}", case["name"]);
    }
}

/// Every valid signature is taken, every invalid, malleable, truncated or padded one refused.
#[test]
fn wycheproof_agrees_on_every_signature() {
    let file = json(include_str!("../../tests/vectors/wycheproof-ed25519.json"));
    let mut seen = 0;
    for group in file["testGroups"].as_array().expect("groups") {
        let key = PublicKey::from_bytes(&array(&group["publicKey"]["pk"])).expect("a sound key");
        for case in group["tests"].as_array().expect("tests") {
            let signature = Signature::from_slice(&bytes(&case["sig"])).ok();
            let is_valid = signature.is_some_and(|signature| key.is_signed(&bytes(&case["msg"]), &signature));
            assert_eq!(is_valid, case["result"] == "valid", "case {}: {}", case["tcId"], case["comment"]);
            seen += 1;
        }
    }
    assert_eq!(seen, 151);
}

/// COSE's own EdDSA example: the signature holds over its `Sig_structure`; as a licence token it is refused, for it has
/// an unprotected header.
#[test]
fn cose_eddsa_example() {
    let case = json(include_str!("../../tests/vectors/cose-eddsa-sig-01.json"));
    let key = PublicKey::from_bytes(&array(&case["input"]["sign0"]["key"]["x_hex"])).expect("a sound key");
    let message = bytes(&case["intermediates"]["ToBeSign_hex"]);
    let cose = bytes(&case["output"]["cbor"]);
    let signature = Signature::from_slice(&cose[cose.len() - 64..]).expect("64 bytes");
    assert!(key.is_signed(&message, &signature));
    assert_eq!(Token::from_bytes(cose), Err(TokenError::NotAToken { part: "unprotected" }));
}

/// COSE_Sign1 as others write it: read as far as this profile goes along, and no further. All carry an unprotected
/// header, so `unprotected` says that tag, array and protected header were read.
#[test]
fn cose_sign1_structures_are_read_as_far_as_the_profile_goes() {
    macro_rules! case {
        ($name:literal) => {
            json(include_str!(concat!("../../tests/vectors/cose-sign1/", $name, ".json")))
        };
    }
    for (case, part) in [
        (case!("sign-pass-01"), "unprotected"), // the algorithm in the unprotected header
        (case!("sign-pass-02"), "unprotected"), // external data
        (case!("sign-pass-03"), "tag"),         // no tag
        (case!("sign-fail-01"), "tag"),         // another tag
        (case!("sign-fail-02"), "unprotected"), // signature changed
        (case!("sign-fail-03"), "unprotected"), // algorithm -999
        (case!("sign-fail-04"), "unprotected"), // algorithm "unknown"
        (case!("sign-fail-06"), "unprotected"), // a protected attribute more
        (case!("sign-fail-07"), "unprotected"), // a protected attribute less
    ] {
        let token = Token::from_bytes(bytes(&case["output"]["cbor"]));
        assert_eq!(token, Err(TokenError::NotAToken { part }), "{}", case["title"]);
    }
}

/// The eight points of small order in every encoding, and points in a second encoding: each would make signatures that
/// mean nothing, or a key with two names.
#[test]
fn weak_keys_and_second_encodings_are_not_imported() {
    for (key, why) in [
        ("0100000000000000000000000000000000000000000000000000000000000000", KeyError::Weak), // order 1
        ("0100000000000000000000000000000000000000000000000000000000000080", KeyError::Weak),
        ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Weak),
        ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", KeyError::Weak),
        ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Weak), // order 2
        ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", KeyError::Weak),
        ("0000000000000000000000000000000000000000000000000000000000000000", KeyError::Weak), // order 4
        ("0000000000000000000000000000000000000000000000000000000000000080", KeyError::Weak),
        ("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Weak),
        ("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", KeyError::Weak),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", KeyError::Weak), // order 8
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", KeyError::Weak),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", KeyError::Weak),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", KeyError::Weak),
        ("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::NotCanonical), // y = 3 + p
        ("0200000000000000000000000000000000000000000000000000000000000000", KeyError::NotAPoint),
    ] {
        let key = HEX.decode(key.as_bytes()).expect("hexadecimal").try_into().expect("32 bytes");
        assert_eq!(PublicKey::from_bytes(&key), Err(why), "{}", HEX.encode(&key));
    }
}

/// Why they are refused: under such a key plain verification takes one signature for every message.
#[test]
fn a_weak_key_signs_anything() {
    let key = ed25519_dalek::VerifyingKey::from_bytes(&[&[1u8], &[0; 31][..]].concat().try_into().expect("32 bytes"));
    let key = key.expect("the identity decodes");
    let signature = Signature::from_bytes(&[&[1u8][..], &[0; 63]].concat().try_into().expect("64 bytes"));
    for message in [&b"one"[..], b"another"] {
        assert!(ed25519_dalek::Verifier::verify(&key, message, &signature).is_ok());
        assert!(key.verify_strict(message, &signature).is_err());
    }
}

/// A signature that every plain verifier takes and a strict one does not: `R` is the identity. Made with the secret
/// `07…07` over "message", so that it is refused for nothing else.
#[test]
fn a_signature_with_a_weak_point_is_refused() {
    let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
    let signature = "0100000000000000000000000000000000000000000000000000000000000000\
                     d4c5323131ff9683cfb3d30197c786c9043f1052d6c2d5293f19d6f36b911104";
    let signature = Signature::from_slice(&HEX.decode(signature.as_bytes()).expect("hexadecimal")).expect("64 bytes");
    assert!(ed25519_dalek::Verifier::verify(&key, b"message", &signature).is_ok());
    assert!(!PublicKey::try_from(key).expect("a sound key").is_signed(b"message", &signature));
}
