//! COSE_Sign1 (RFC 9052) with Ed25519, in deterministic CBOR (RFC 8949 §4.2): what mark tokens and status lists are in.

use std::convert::Infallible;

use minicbor::data::Tag;
use minicbor::{Decoder, Encoder, encode};

/// EdDSA, as this register signs.
pub(crate) const EDDSA: i64 = -8;
/// Ed25519 by its own number (RFC 9864), as others may.
pub(crate) const ED25519: i64 = -19;
pub(crate) const ALG: i64 = 1;
pub(crate) const KID: i64 = 4;
pub(crate) const SIGNATURE_LENGTH: usize = 64;

const SIGN1: u64 = 18;

/// The parts of a COSE_Sign1 whose unprotected header is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign1<'a> {
    /// The protected header, without the byte string around it.
    pub(crate) protected: &'a [u8],
    /// What is signed, without the byte string around it.
    pub(crate) payload: &'a [u8],
    pub(crate) signature: &'a [u8; SIGNATURE_LENGTH],
}

impl<'a> Sign1<'a> {
    /// Reads the tagged structure; else the first part that is missing or of another shape. Of one content several
    /// encodings pass here: a caller for whom that matters compares.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let mut from = Decoder::new(bytes);
        from.tag().ok().filter(|tag| tag.as_u64() == SIGN1).ok_or("tag")?;
        from.array().ok().filter(|&length| length == Some(4)).ok_or("array")?;
        let protected = from.bytes().ok().ok_or("protected")?;
        from.map().ok().filter(|&length| length == Some(0)).ok_or("unprotected")?;
        let payload = from.bytes().ok().ok_or("payload")?;
        let signature = from.bytes().ok().and_then(|signature| signature.try_into().ok()).ok_or("signature")?;
        if from.position() == bytes.len() { Ok(Self { protected, payload, signature }) } else { Err("end") }
    }

    /// The tagged structure.
    pub(crate) fn write(&self) -> Vec<u8> {
        let Self { protected, payload, signature } = self;
        cbor(|to| to.tag(Tag::new(SIGN1))?.array(4)?.bytes(protected)?.map(0)?.bytes(payload)?.bytes(*signature)?.ok())
    }
}

/// `Sig_structure` of RFC 9052 §4.4, without external data.
pub(crate) fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor(|to| to.array(4)?.str("Signature1")?.bytes(protected)?.bytes(&[])?.bytes(payload)?.ok())
}

/// What `write` writes, in memory.
pub(crate) fn cbor(write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), encode::Error<Infallible>>) -> Vec<u8> {
    // A token fits without growing.
    let mut to = Encoder::new(Vec::with_capacity(crate::licence::token::MAX_BYTES));
    write(&mut to).expect("writing to memory cannot fail");
    to.into_writer()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COSE's own EdDSA example (`tests/vectors/README.md`): the bytes that are signed.
    #[test]
    fn the_bytes_to_be_signed_are_those_of_cose() {
        let case = include_str!("../../tests/vectors/cose-eddsa-sig-01.json");
        let case: serde_json::Value = serde_json::from_str(case).expect("JSON");
        let expected = case["intermediates"]["ToBeSign_hex"].as_str().expect("a string");
        let message = to_be_signed(&[0xa2, 0x01, 0x27, 0x03, 0x00], b"This is the content.");
        assert_eq!(data_encoding::HEXUPPER.encode(&message), expected);
    }
}
