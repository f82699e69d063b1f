//! One licence token has one byte string. Every token here is rightly signed with our key; only its form differs.

use domain::licence::token::{KeyRing, Kid, MAX_BYTES, MAX_DIGITS, Token, TokenError, kid};
use ed25519_dalek::{Signer, SigningKey};
use num_bigint::BigUint;

/// The parts of a token, each as the bytes that stand for it, so that any of them can be written wrongly.
#[derive(Clone)]
struct Parts {
    /// Tag and head of the array.
    before: Vec<u8>,
    /// The content of the protected header.
    protected: Vec<u8>,
    unprotected: Vec<u8>,
    /// The claims: head of the map, then keys and values.
    payload: Vec<Vec<u8>>,
    after: Vec<u8>,
}

const MAP: usize = 0;
const EXP: usize = 1;
const CTI: usize = 2;
const MARK: usize = 3;
const KIND: usize = 4;
const INDEX: usize = 5;
const NAME: usize = 6;
const NUMBER: usize = 7;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn our_kid() -> Kid {
    kid(&key().verifying_key())
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.replace(' ', "").as_bytes()).expect("hexadecimal")
}

/// A token as it should be: kid, licence 01 02 03 04 05, a user, status index 5, "ABC", no corporate number.
fn right() -> Parts {
    let payload = ["a3", "04 1a 713fb300", "07 45 0102030405", "3a 00010000 85 01", "02", "05", "63 414243", "f6"];
    Parts {
        before: hex("d2 84"),
        protected: [hex("a2 01 27 04 44"), our_kid().to_vec()].concat(),
        unprotected: hex("a0"),
        payload: payload.map(hex).to_vec(),
        after: Vec::new(),
    }
}

fn byte_string(content: &[u8]) -> Vec<u8> {
    let head = match content.len() {
        short @ 0..24 => vec![0x40 + short as u8],
        long => vec![0x58, long as u8],
    };
    [&head, content].concat()
}

impl Parts {
    fn with(mut self, part: usize, bytes: &str) -> Self {
        self.payload[part] = hex(bytes);
        self
    }

    fn signature(&self) -> [u8; 64] {
        let (protected, payload) = (byte_string(&self.protected), byte_string(&self.payload.concat()));
        let message = [&b"\x84\x6aSignature1"[..], &protected, b"\x40", &payload].concat();
        key().sign(&message).to_bytes()
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes_with(&byte_string(&self.protected), &byte_string(&self.payload.concat()))
    }

    /// The token with these in place of the two byte strings.
    fn bytes_with(&self, protected: &[u8], payload: &[u8]) -> Vec<u8> {
        let signature = byte_string(&self.signature());
        [&self.before, protected, &self.unprotected, payload, &signature, &self.after].concat()
    }
}

fn ring() -> KeyRing {
    [key().verifying_key().try_into().expect("a sound key")].into_iter().collect()
}

fn reading(bytes: Vec<u8>) -> Result<(), TokenError> {
    Token::from_bytes(bytes)?.verify(&ring()).map(drop)
}

const fn not_a_token(part: &'static str) -> Result<(), TokenError> {
    Err(TokenError::NotAToken { part })
}

const fn not_canonical(at: usize) -> Result<(), TokenError> {
    Err(TokenError::NotCanonical { at })
}

#[test]
fn the_right_form_is_read() {
    assert_eq!(reading(right().bytes()), Ok(()));
    let with_number = right().with(NUMBER, "46 048e7b919b16"); // 5010005007126
    let token = Token::from_bytes(with_number.bytes()).and_then(|token| token.verify(&ring()));
    let number = token.expect("a token").claims.corporate_number.map(|number| number.to_string());
    assert_eq!(number.as_deref(), Some("5010005007126"));
}

/// RFC 9864's name of the algorithm is accepted beside the old one; no other is.
#[test]
fn only_ed25519_is_accepted() {
    for (alg, expected) in [
        ("27", Ok(())),                                              // -8 EdDSA
        ("32", Ok(())),                                              // -19 Ed25519
        ("26", Err(TokenError::UnknownAlgorithm { alg: -7 })),       // ES256
        ("3834", Err(TokenError::UnknownAlgorithm { alg: -53 })),    // Ed448
        ("3903e6", Err(TokenError::UnknownAlgorithm { alg: -999 })), // none registered
        ("08", Err(TokenError::UnknownAlgorithm { alg: 8 })),        // the sign lost
        ("00", Err(TokenError::UnknownAlgorithm { alg: 0 })),        // reserved
        ("65 4564445341", not_a_token("alg")),                       // "EdDSA" as text
        ("f6", not_a_token("alg")),                                  // null
    ] {
        let protected = [hex(&format!("a2 01 {alg} 04 44")), our_kid().to_vec()].concat();
        assert_eq!(reading(Parts { protected, ..right() }.bytes()), expected, "alg {alg}");
    }
}

#[test]
fn other_envelopes_are_refused() {
    let right = right();
    let (protected, payload) = (right.protected.clone(), right.payload.concat());
    let before = |before: &str| Parts { before: hex(before), ..right.clone() }.bytes();
    let unprotected = |it: Vec<u8>| Parts { unprotected: it, ..right.clone() }.bytes();
    let kid_again = [hex("a1 04 44"), our_kid().to_vec()].concat();
    let length = payload.len() as u8;
    for (what, bytes, expected) in [
        ("no tag", before("84"), not_a_token("tag")),
        ("tag 98, COSE_Sign", before("d862 84"), not_a_token("tag")),
        ("tag 17, COSE_Mac0", before("d1 84"), not_a_token("tag")),
        ("tag 61 around, CWT", before("d83d d2 84"), not_a_token("tag")),
        ("tag in two bytes", before("d812 84"), not_canonical(0)),
        ("tag in nine bytes", before("db0000000000000012 84"), not_canonical(0)),
        ("array head in two bytes", before("d2 9804"), not_canonical(1)),
        ("array of five", before("d2 85"), not_a_token("array")),
        ("array of indefinite length", [before("d2 9f"), hex("ff")].concat(), not_a_token("array")),
        ("kid in the unprotected header too", unprotected(kid_again), not_a_token("unprotected")),
        ("empty map in two bytes", unprotected(hex("b800")), not_canonical(2 + 1 + protected.len())),
        ("empty map of indefinite length", unprotected(hex("bfff")), not_a_token("unprotected")),
        ("null for the empty map", unprotected(hex("f6")), not_a_token("unprotected")),
        ("a byte more", Parts { after: hex("00"), ..right.clone() }.bytes(), not_a_token("end")),
        (
            "the token twice",
            [right.bytes(), right.bytes()].concat(),
            Err(TokenError::TooLong { length: 218, most: MAX_BYTES }),
        ),
        (
            "protected in a long byte string",
            right.bytes_with(&[&hex("5809"), &protected[..]].concat(), &byte_string(&payload)),
            not_canonical(2),
        ),
        (
            "protected in pieces",
            right.bytes_with(&[&hex("5f"), &byte_string(&protected)[..], &hex("ff")].concat(), &byte_string(&payload)),
            not_a_token("protected"),
        ),
        ("protected not wrapped", right.bytes_with(&protected, &byte_string(&payload)), not_a_token("protected")),
        (
            "payload in a long byte string",
            right.bytes_with(&byte_string(&protected), &[&[0x59, 0, length], &payload[..]].concat()),
            not_canonical(2 + 1 + protected.len() + 1),
        ),
        (
            "payload in pieces",
            right.bytes_with(&byte_string(&protected), &[&hex("5f"), &byte_string(&payload)[..], &hex("ff")].concat()),
            not_a_token("payload"),
        ),
        ("payload elsewhere", right.bytes_with(&byte_string(&protected), &hex("f6")), not_a_token("payload")),
        ("payload as text", right.bytes_with(&byte_string(&protected), &hex("60")), not_a_token("payload")),
        ("nothing", Vec::new(), not_a_token("tag")),
        ("only the tag", hex("d2"), not_a_token("array")),
    ] {
        assert_eq!(reading(bytes), expected, "{what}");
    }
}

#[test]
fn other_signature_lengths_are_refused() {
    let right = right().bytes();
    let before = &right[..right.len() - 66];
    for length in [0u8, 1, 32, 63, 65] {
        let bytes = [before, &[0x58, length], &vec![1; usize::from(length)]].concat();
        assert_eq!(reading(bytes), not_a_token("signature"), "{length} bytes");
    }
    assert_eq!(reading([before, &[0x78, 64], &[b'a'; 64]].concat()), not_a_token("signature"), "as text");
    let kid = our_kid();
    assert_eq!(reading([before, &[0x58, 64], &[1; 64]].concat()), Err(TokenError::Altered { kid }), "another");
}

#[test]
fn other_protected_headers_are_refused() {
    let kid = data_encoding::HEXLOWER.encode(&our_kid());
    for (what, protected, expected) in [
        ("empty", String::new(), not_a_token("protected")),
        ("no header", "a0".to_owned(), not_a_token("protected")),
        ("no kid", "a1 01 27".to_owned(), not_a_token("protected")),
        ("no algorithm", format!("a1 04 44 {kid}"), not_a_token("protected")),
        ("one more", format!("a3 01 27 04 44 {kid} 05 40"), not_a_token("protected")),
        ("reordered", format!("a2 04 44 {kid} 01 27"), not_a_token("alg")),
        ("algorithm twice", "a2 01 27 01 27".to_owned(), not_a_token("kid")),
        ("kid of three bytes", "a2 01 27 04 43 010203".to_owned(), not_a_token("kid")),
        ("kid of five bytes", "a2 01 27 04 45 0102030405".to_owned(), not_a_token("kid")),
        ("kid as text", "a2 01 27 04 64 61626364".to_owned(), not_a_token("kid")),
        ("map of indefinite length", format!("bf 01 27 04 44 {kid} ff"), not_a_token("protected")),
        ("a byte more", format!("a2 01 27 04 44 {kid} 00"), not_a_token("protected")),
        ("cut", "a2 01 27 04".to_owned(), not_a_token("kid")),
        ("map head in two bytes", format!("b802 01 27 04 44 {kid}"), not_canonical(2)),
        ("key in two bytes", format!("a2 1801 27 04 44 {kid}"), not_canonical(2)),
        ("algorithm in two bytes", format!("a2 01 3807 04 44 {kid}"), not_canonical(2)),
        ("kid head in two bytes", format!("a2 01 27 04 5804 {kid}"), not_canonical(2)),
        ("another's kid", "a2 01 27 04 44 00000000".to_owned(), Err(TokenError::UnknownKey { kid: [0; 4] })),
    ] {
        assert_eq!(reading(Parts { protected: hex(&protected), ..right() }.bytes()), expected, "{what}");
    }
}

/// Where the payload's first byte stands in [`right`].
const PAYLOAD: usize = 2 + 1 + 9 + 1 + 2;

#[test]
fn other_claims_are_refused() {
    for (what, part, bytes, expected) in [
        ("map of two", MAP, "a2", not_a_token("payload")),
        ("map of four", MAP, "a4", not_a_token("payload")),
        ("array for map", MAP, "83", not_a_token("payload")),
        ("map of indefinite length", MAP, "bf", not_a_token("payload")),
        ("map head in two bytes", MAP, "b803", not_canonical(PAYLOAD - 1)), // the byte string is longer too
        ("no exp", EXP, "", not_a_token("exp")),
        ("exp in nine bytes", EXP, "04 1b 00000000713fb300", not_canonical(PAYLOAD - 1)),
        ("exp as a float", EXP, "04 fb 41dc4fecc0000000", not_a_token("exp")),
        ("exp under a tag", EXP, "04 c1 1a 713fb300", not_a_token("exp")),
        ("exp before 1970", EXP, "04 3a 713fb300", not_a_token("exp")),
        ("exp after the calendar", EXP, "04 1b 0000003afff44180", not_a_token("exp")),
        ("exp as text", EXP, "04 6a 31393030303030303030", not_a_token("exp")),
        ("exp twice", CTI, "04 1a 713fb300", not_a_token("cti")),
        ("cti of four bytes", CTI, "07 44 01020304", not_a_token("cti")),
        ("cti of six bytes", CTI, "07 46 010203040506", not_a_token("cti")),
        ("cti as text", CTI, "07 65 3132333435", not_a_token("cti")),
        ("cti in pieces", CTI, "07 5f 42 0102 43 030405 ff", not_a_token("cti")),
        ("another claim in its place", CTI, "06 1a 713fb300", not_a_token("cti")),
        ("another private claim", MARK, "3a 00010001 85 01", not_a_token("mark")),
        ("a text for the key", MARK, "64 6d61726b 85 01", not_a_token("mark")),
        ("list of four", MARK, "3a 00010000 84 01", not_a_token("mark")),
        ("list of six", MARK, "3a 00010000 86 01", not_a_token("mark")),
        ("list of indefinite length", MARK, "3a 00010000 9f 01", not_a_token("mark")),
        ("profile 0", MARK, "3a 00010000 85 00", Err(TokenError::UnknownProfile { profile: 0 })),
        ("profile 2", MARK, "3a 00010000 85 02", Err(TokenError::UnknownProfile { profile: 2 })),
        ("profile -1", MARK, "3a 00010000 85 20", not_a_token("profile")),
        ("profile in two bytes", MARK, "3a 00010000 85 1801", not_canonical(PAYLOAD - 1)),
        ("key in nine bytes", MARK, "3b 0000000000010000 85 01", not_canonical(PAYLOAD - 1)),
        ("kind 0", KIND, "00", not_a_token("kind")),
        ("kind 3", KIND, "03", not_a_token("kind")),
        ("kind 258", KIND, "19 0102", not_a_token("kind")),
        ("kind in two bytes", KIND, "1802", not_canonical(PAYLOAD - 1)),
        ("index in three bytes", INDEX, "19 0005", not_canonical(PAYLOAD - 1)),
        ("index of 33 bits", INDEX, "1b 0000000100000000", not_a_token("status index")),
        ("index below 0", INDEX, "20", not_a_token("status index")),
        ("index as a float", INDEX, "f9 4500", not_a_token("status index")),
        ("name as bytes", NAME, "43 414243", not_a_token("name")),
        ("name in pieces", NAME, "7f 63 414243 ff", not_a_token("name")),
        ("name not UTF-8", NAME, "63 41ff43", not_a_token("name")),
        ("name with a surrogate", NAME, "63 eda080", not_a_token("name")),
        ("name head in two bytes", NAME, "7803 414243", not_canonical(PAYLOAD - 1)),
        ("name longer than it says", NAME, "62 414243", not_a_token("number")),
        ("name shorter than it says", NAME, "78ff 414243", not_a_token("name")),
        ("number undefined", NUMBER, "f7", not_a_token("number")),
        ("number false", NUMBER, "f4", not_a_token("number")),
        ("number missing", NUMBER, "", not_a_token("number")),
        ("number as text", NUMBER, "6d 35303130303035303037313236", not_a_token("number")),
        ("number as an integer", NUMBER, "1b 0000048e7b919b16", not_a_token("number")),
        ("number in five bytes", NUMBER, "45 8e7b919b16", not_a_token("number")),
        ("number in seven bytes", NUMBER, "47 00048e7b919b16", not_a_token("number")),
        ("number with a wrong check digit", NUMBER, "46 048e7b919b17", not_a_token("number")),
        ("number 0", NUMBER, "46 000000000000", not_a_token("number")),
        ("number of 15 digits", NUMBER, "46 ffffffffffff", not_a_token("number")),
        ("null in two bytes", NUMBER, "f8f6", not_a_token("number")),
        ("one more", NUMBER, "f6 00", not_a_token("payload")),
    ] {
        assert_eq!(reading(right().with(part, bytes).bytes()), expected, "{what}");
    }
    let mut swapped = right();
    swapped.payload.swap(EXP, CTI);
    assert_eq!(reading(swapped.bytes()), not_a_token("exp"), "cti before exp");
}

/// Not one bit of a token can be changed, and no prefix of it is one.
#[test]
fn every_flipped_bit_is_refused() {
    let right = right().with(NUMBER, "46 048e7b919b16").bytes();
    for bit in 0..right.len() * 8 {
        let mut bytes = right.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(reading(bytes).is_err(), "bit {bit}");
    }
    for length in 0..right.len() {
        assert!(reading(right[..length].to_vec()).is_err(), "{length} bytes");
    }
    assert_eq!(reading(right), Ok(()));
}

#[test]
fn what_is_not_the_one_decimal_form_is_refused_unread() {
    let digits = Token::from_bytes(right().bytes()).expect("a token").to_decimal();
    assert!(Token::from_decimal(&digits).is_ok());
    let not_decimal = |at| Err(TokenError::NotDecimal { at });
    for (text, expected) in [
        (String::new(), not_decimal(0)),
        ("0".to_owned(), not_decimal(0)),
        (format!("0{digits}"), not_decimal(0)),
        (format!("+{digits}"), not_decimal(0)),
        (format!("-{digits}"), not_decimal(0)),
        (format!(" {digits}"), not_decimal(0)),
        (format!("{digits}\n"), not_decimal(digits.len())),
        (format!("{digits}/"), not_decimal(digits.len())),
        (format!("{digits}.0"), not_decimal(digits.len())),
        (format!("{digits}?x"), not_decimal(digits.len())),
        (format!("{}_{}", &digits[..3], &digits[3..]), not_decimal(3)),
        (format!("{}１{}", &digits[..3], &digits[4..]), not_decimal(3)),
        ("1a".to_owned(), not_decimal(1)),
        ("0x12".to_owned(), not_decimal(0)),
        ("1".to_owned(), Err(TokenError::NotAToken { part: "tag" })),
        ("9".repeat(MAX_DIGITS), Err(TokenError::TooLong { length: 188, most: MAX_BYTES })),
        ("9".repeat(MAX_DIGITS + 1), Err(TokenError::TooLong { length: MAX_DIGITS + 1, most: MAX_DIGITS })),
        ("é".repeat(MAX_DIGITS), Err(TokenError::TooLong { length: 2 * MAX_DIGITS, most: MAX_DIGITS })),
        ("7".repeat(1_000_000), Err(TokenError::TooLong { length: 1_000_000, most: MAX_DIGITS })),
    ] {
        assert_eq!(Token::from_decimal(&text), expected.map(|()| unreachable!()), "{:.40}", text);
    }
    let largest = BigUint::from_bytes_be(&[0xff; MAX_BYTES]).to_string();
    assert_eq!(largest.len(), MAX_DIGITS);
    assert_eq!(Token::from_decimal(&largest), Err(TokenError::NotAToken { part: "tag" }));
    assert_eq!(Token::from_bytes(vec![0xff; MAX_BYTES + 1]), Err(TokenError::TooLong { length: 188, most: MAX_BYTES }));
}
