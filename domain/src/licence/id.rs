//! Licence ids: five bytes, shown to people as eight Crockford base32 characters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Crockford's alphabet: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 8;

/// The id of one mark licence 「使用許諾番号」, kept at renewal. Drawn at random by the edge.
///
/// Written as eight upper-case characters. Read as Crockford says: either case, `I` and `L` as 1, `O` as 0, hyphens
/// ignored. Eight characters may all be digits; a token in decimal is never that short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LicenceId([u8; 5]);

/// Why a text is not a licence id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotALicenceId {
    /// A character outside the alphabet, at this byte.
    Symbol { at: usize, found: char },
    /// Not eight characters, hyphens left out.
    Length { symbols: usize },
}

impl LicenceId {
    /// From the five bytes in a token's `cti`.
    pub fn from_bytes(bytes: [u8; 5]) -> Self {
        Self(bytes)
    }

    /// The five bytes.
    pub fn to_bytes(self) -> [u8; 5] {
        self.0
    }
}

/// The five bits of one character, leniently.
fn value(symbol: char) -> Option<u64> {
    let symbol = match symbol.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET.iter().position(|&known| char::from(known) == symbol).map(|at| at as u64)
}

impl FromStr for LicenceId {
    type Err = NotALicenceId;

    fn from_str(text: &str) -> Result<Self, NotALicenceId> {
        let (mut bits, mut symbols) = (0u64, 0);
        for (at, found) in text.char_indices().filter(|&(_, symbol)| symbol != '-') {
            let value = value(found).ok_or(NotALicenceId::Symbol { at, found })?;
            bits = ((bits << 5) & 0xff_ffff_ffff) | value;
            symbols += 1;
        }
        if symbols != SYMBOLS {
            return Err(NotALicenceId::Length { symbols });
        }
        let [_, _, _, id @ ..] = bits.to_be_bytes();
        Ok(Self(id))
    }
}

impl fmt::Display for LicenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0u64, |bits, &byte| (bits << 8) | u64::from(byte));
        (0..SYMBOLS).rev().try_for_each(|at| {
            let symbol = ALPHABET[((bits >> (5 * at)) & 31) as usize];
            write!(f, "{}", char::from(symbol))
        })
    }
}

impl fmt::Display for NotALicenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol { at, found } => write!(f, "使用許諾番号にない文字 / not in a licence id: '{found}' ({at})"),
            Self::Length { symbols } => write!(f, "使用許諾番号は8文字 / a licence id has 8 characters, not {symbols}"),
        }
    }
}

impl std::error::Error for NotALicenceId {}

impl From<LicenceId> for String {
    fn from(id: LicenceId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for LicenceId {
    type Error = NotALicenceId;

    fn try_from(text: String) -> Result<Self, NotALicenceId> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_bytes_are_eight_characters() {
        for (bytes, text) in [
            ([0, 0, 0, 0, 0], "00000000"),
            ([0xff, 0xff, 0xff, 0xff, 0xff], "ZZZZZZZZ"),
            ([0, 0, 0, 0, 1], "00000001"),
            ([0x80, 0, 0, 0, 0], "G0000000"),
            ([0x01, 0x23, 0x45, 0x67, 0x89], "04HMASW9"),
        ] {
            let id = LicenceId::from_bytes(bytes);
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
            assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<LicenceId>(&format!("\"{text}\"")).unwrap(), id);
        }
    }

    /// What people type for each other's letters is the same id.
    #[test]
    fn reading_is_lenient_as_crockford_says() {
        let id: LicenceId = "1A0B1C0D".parse().unwrap();
        for text in ["1a0b1c0d", "IAOBLCOD", "ia0bic0d", "lAoB-1c0d", "1A0B-1C0D", "--1-A-0B1C0D--"] {
            assert_eq!(text.parse(), Ok(id), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_id_is_refused_with_its_place() {
        use NotALicenceId::{Length, Symbol};
        for (text, why) in [
            ("", Length { symbols: 0 }),
            ("----", Length { symbols: 0 }),
            ("1A0B1C0", Length { symbols: 7 }),
            ("1A0B1C0DE", Length { symbols: 9 }),
            ("1A0B1C0DZZZZZZZZZZZZZZZZZZZZ", Length { symbols: 28 }),
            ("1A0B1C0U", Symbol { at: 7, found: 'U' }),
            ("1A0B 1C0D", Symbol { at: 4, found: ' ' }),
            ("１A0B1C0D", Symbol { at: 0, found: '１' }),
            ("1A0B1C0*", Symbol { at: 7, found: '*' }),
        ] {
            assert_eq!(text.parse::<LicenceId>(), Err(why), "{text}");
        }
        assert!(serde_json::from_str::<LicenceId>("\"1A0B1C0U\"").is_err());
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree(bytes: [u8; 5]) {
            let id = LicenceId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(id.to_string().to_lowercase().parse(), Ok(id));
        }
    }
}
