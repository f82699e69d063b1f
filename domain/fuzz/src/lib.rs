//! What is fuzzed, as plain functions: shared by libFuzzer's targets and by `domain/tests/fuzz_smoke.rs`.
//!
//! Each takes any bytes, must not panic, and says whether it took them for what it reads. What is taken must come out
//! again as it went in.

use domain::declaration::Declaration;
use domain::edition::Editions;
use domain::licence::token::{KeyRing, PublicKey, Token};

/// RFC 8032 §7.1, TEST 1.
const KEY: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, //
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A token, as bytes and as the digits of a link.
pub fn token(data: &[u8]) -> bool {
    let from_text = std::str::from_utf8(data).ok().and_then(|text| Token::from_decimal(text).ok());
    if let Some(token) = &from_text {
        assert_eq!(token.to_decimal().as_bytes(), data, "a token has one decimal form");
    }
    let from_bytes = Token::from_bytes(data.to_vec()).ok();
    if let Some(token) = &from_bytes {
        assert_eq!(token.as_bytes(), data, "a token has one byte string");
        assert_eq!(Token::from_decimal(&token.to_decimal()).as_ref(), Ok(token));
    }
    let ring: KeyRing = PublicKey::from_bytes(&KEY).into_iter().collect();
    from_text.into_iter().chain(from_bytes).any(|token| token.verify(&ring).is_ok())
}

/// A declaration in JSON.
pub fn declaration(data: &[u8]) -> bool {
    let Ok(declaration) = serde_json::from_slice::<Declaration>(data) else { return false };
    let written = serde_json::to_vec(&declaration).expect("a declaration can be written");
    let read = serde_json::from_slice::<Declaration>(&written).expect("what was written is read");
    assert_eq!(read, declaration, "writing a declaration changes nothing");
    true
}

/// Editions in TOML, with a form feed between one file and the next.
pub fn edition(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let files: Vec<_> = text.split('\x0c').map(|text| ("fuzz.toml", text)).collect();
    Editions::read(&files).is_ok()
}
