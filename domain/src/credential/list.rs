//! A status list as a credential (W3C Bitstring Status List 1.0): the same places, the first in the highest bits.

use std::io::Write;

use data_encoding::BASE64URL_NOPAD;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use super::V2;
use super::licence::Issued;
use crate::status_list::{Statement, TTL_SECONDS};

/// The credential of a list, to be proven; it is at the list's address with `.vc` behind it.
pub fn list(statement: &Statement, issued: &Issued<'_>) -> Value {
    let uri = format!("{}.vc", statement.uri);
    json!({
        "@context": [V2],
        "id": uri,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issued.did,
        "validFrom": statement.issued_at.to_string(),
        "validUntil": statement.expires_at.to_string(),
        "credentialSubject": {
            "id": format!("{uri}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "message",
            "encodedList": encoded(statement.list.packed()),
            // In milliseconds.
            "ttl": u64::from(TTL_SECONDS) * 1_000,
        },
    })
}

/// Multibase (base64url) of the compressed bitstring (GZIP, without a time, so that one list has one form).
fn encoded(packed: &[u8]) -> String {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let bits: Vec<u8> = packed.iter().map(|byte| turned(*byte)).collect();
    let compressed = encoder.write_all(&bits).and_then(|()| encoder.finish()).expect("writing to memory cannot fail");
    format!("u{}", BASE64URL_NOPAD.encode(&compressed))
}

/// Four places of two bits, the last of them first.
fn turned(byte: u8) -> u8 {
    byte << 6 | (byte & 0b1100) << 2 | (byte & 0b11_0000) >> 2 | byte >> 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_turned_and_keep_their_bits() {
        for (byte, expected) in [
            (0b00_00_00_01, 0b01_00_00_00),
            (0b00_00_00_10, 0b10_00_00_00),
            (0b00_00_11_00, 0b00_11_00_00),
            (0b00_01_00_00, 0b00_00_01_00),
            (0b10_00_00_00, 0b00_00_00_10),
            (0b11_10_01_00, 0b00_01_10_11),
        ] {
            assert_eq!(turned(byte), expected, "{byte:08b}");
            assert_eq!(turned(turned(byte)), byte);
        }
    }
}
