//! Recovery codes 「リカバリーコード」: ten codes on paper, each of which opens the account once when the phone is gone.
//!
//! A code is 24 characters of Crockford's base32 in groups of four, 120 bits: `7ZQ4-0K2M-…`. As nobody can guess it, its
//! SHA-256 is stored and no slow hash is needed ([`digest`](super::secret::digest)). The caller deletes the digest of a
//! code that was used.

use rand::CryptoRng;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::secret::{self, Secret};

/// Codes in a set.
pub const CODES: usize = 10;
/// Crockford's alphabet: no I, L, O or U. <https://www.crockford.com/base32.html>
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 24;
const GROUP: usize = 4;

/// Draws a set of codes, as they are shown: six groups of `XXXX`.
pub fn draw(rng: &mut dyn CryptoRng) -> [Secret; CODES] {
    std::array::from_fn(|_| draw_one(rng))
}

fn draw_one(rng: &mut dyn CryptoRng) -> Secret {
    let mut bytes = Zeroizing::new([0; SYMBOLS]);
    rng.fill_bytes(&mut bytes[..]);
    let mut text = String::with_capacity(SYMBOLS + SYMBOLS / GROUP - 1);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        // Five bits of each byte: 32 divides 256, so every symbol is as likely.
        text.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Secret::new(text)
}

/// The digest under which a typed code is stored; `None` when it has not the form of a code.
///
/// Read leniently: either case, full width, `o` as 0, `i` and `l` as 1, spaces and dashes anywhere.
pub fn digest(typed: &str) -> Option<String> {
    let mut code = Zeroizing::new(String::with_capacity(SYMBOLS));
    for character in typed.nfkc().filter(|&character| !is_between(character)) {
        if code.len() == SYMBOLS {
            return None;
        }
        code.push(symbol(character)?);
    }
    (code.len() == SYMBOLS).then(|| secret::digest(&code))
}

/// A space or one of the dashes that a Japanese keyboard makes of a hyphen, after NFKC.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '−' | 'ー' | '─')
}

fn symbol(character: char) -> Option<char> {
    let symbol = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().any(|&known| char::from(known) == symbol).then_some(symbol)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_set_is_ten_different_codes_in_groups() {
        let codes = draw(&mut StdRng::seed_from_u64(1));
        let digests: HashSet<_> = codes.iter().map(|code| digest(code.expose()).unwrap()).collect();
        assert_eq!(digests.len(), 10);
        for code in &codes {
            let groups: Vec<&str> = code.expose().split('-').collect();
            assert_eq!(groups.len(), 6, "{groups:?}");
            assert!(groups.iter().all(|group| group.len() == 4), "{groups:?}");
            assert!(groups.concat().bytes().all(|byte| ALPHABET.contains(&byte)), "{groups:?}");
        }
    }

    /// 24 symbols are 120 bits only when every symbol can stand in every place.
    #[test]
    fn every_symbol_is_drawn_in_every_place() {
        let mut rng = StdRng::seed_from_u64(2);
        let mut seen: [HashSet<char>; SYMBOLS] = Default::default();
        for code in (0..50).flat_map(|_| draw(&mut rng)) {
            for (place, symbol) in code.expose().chars().filter(|&symbol| symbol != '-').enumerate() {
                seen[place].insert(symbol);
            }
        }
        assert!(seen.iter().all(|symbols| symbols.len() == 32));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let stored = Some(secret::digest("01AB01CDEFGH1JKM01ABCDEF"));
        for typed in [
            "01AB-01CD-EFGH-1JKM-01AB-CDEF",
            "01ab-01cd-efgh-1jkm-01ab-cdef",
            "01AB01CDEFGH1JKM01ABCDEF",
            "oiAB OlCD EFGH LJKM oIab cdEF",
            "0 1 A B 0 1 C D E F G H 1 J K M 0 1 A B C D E F",
            "  01AB-01CD-EFGH-1JKM-01AB-CDEF\r\n",
            "--01AB-01CD-EFGH-1JKM--01AB-CDEF--",
            "０１ＡＢ－０１ＣＤ－ＥＦＧＨ－１ＪＫＭ－０１ＡＢ－ＣＤＥＦ",
            "０１ａｂ\u{3000}０１ｃｄ\u{3000}ｅｆｇｈ\u{3000}１ｊｋｍ\u{3000}０１ａｂ\u{3000}ｃｄｅｆ",
            "01ABー01CD–EFGH−1JKM01ABCDEF",
        ] {
            assert_eq!(digest(typed), stored, "{typed}");
        }
        assert_ne!(digest("01AB-01CD-EFGH-1JKM-01AB-CDEG"), stored);
    }

    #[test]
    fn what_is_no_code_has_no_digest() {
        for typed in [
            "",
            "----",
            "01AB-01CD-EFGH-1JKM-01AB-CDE",   // One short.
            "01AB-01CD-EFGH-1JKM-01AB-CDEFG", // One over.
            "01AB-01CD-EFGH-1JKM-01AB-CDEU",  // No symbol of the alphabet.
            "01AB_01CD_EFGH_1JKM_01AB_CDEF",
            "01AB-01CD-EFGH-1JKM-01AB-CDEé",
            "パスワードパスワードパスワ",
        ] {
            assert_eq!(digest(typed), None, "{typed}");
        }
    }
}
