//! The corporate number 「法人番号」: 13 digits, the first of which checks the others.

use std::fmt;
use std::str::FromStr;

use crate::reading::{as_read, in_both_languages, narrowed, serde_by_text};
use crate::text::Text;

/// A corporate number whose digits are consistent, which never means that the corporation exists: the check digit
/// misses, for one, every slip between 0 and 9. Sole proprietors have none.
///
/// Source: 法人番号の指定等に関する省令（平成26年財務省令第70号）第2条.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorporateNumber(u64);

/// Why a corporate number cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorporateNumberError {
    /// Not 13 digits but `count`. `digits` is the number as it was read, at most 40 of them.
    WrongLength { digits: String, count: usize },
    /// Something other than digits, hyphens and spaces.
    NotADigit { read: String, found: char },
    /// The first digit should be `expected` for the twelve that follow.
    CheckDigit { digits: String, expected: u8, found: u8 },
}

impl CorporateNumber {
    /// The check digit of twelve digits: `9 − (Σ Pn·Qn mod 9)`, n = 1 at the right, Q = 1 for odd n and 2 for even n.
    fn check_digit(twelve: &[u8]) -> u8 {
        let weighted = twelve.iter().rev().enumerate().map(|(index, digit)| match index % 2 {
            0 => u32::from(*digit),
            _ => u32::from(*digit) * 2,
        });
        9 - (weighted.sum::<u32>() % 9) as u8
    }
}

impl FromStr for CorporateNumber {
    type Err = CorporateNumberError;

    /// Full or half width, with hyphens and spaces anywhere.
    fn from_str(typed: &str) -> Result<Self, CorporateNumberError> {
        let mut digits = Vec::with_capacity(13);
        for c in typed.trim().chars() {
            match narrowed(c) {
                '-' | ' ' => {}
                digit @ '0'..='9' => digits.push(digit as u8 - b'0'),
                _ => return Err(CorporateNumberError::NotADigit { read: as_read(typed), found: c }),
            }
        }
        let read = || as_read(&digits.iter().map(|digit| char::from(digit + b'0')).collect::<String>());
        if digits.len() != 13 {
            return Err(CorporateNumberError::WrongLength { digits: read(), count: digits.len() });
        }
        let (found, expected) = (digits[0], Self::check_digit(&digits[1..]));
        if found != expected {
            return Err(CorporateNumberError::CheckDigit { digits: read(), expected, found });
        }
        Ok(Self(digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))))
    }
}

impl fmt::Display for CorporateNumber {
    /// 13 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}", self.0)
    }
}
serde_by_text!(CorporateNumber);

impl CorporateNumberError {
    fn statement(&self) -> Text {
        match self {
            Self::WrongLength { digits, count } => Text::new(
                format!("法人番号は13桁です。「{digits}」は{count}桁です。番号を確かめてください。"),
                format!("A corporate number has 13 digits; \"{digits}\" has {count}. Check the number."),
            ),
            Self::NotADigit { read, found } => Text::new(
                format!("「{read}」の「{found}」は数字ではありません。法人番号は13桁の数字で入力してください。"),
                format!("\"{found}\" in \"{read}\" is not a digit. Enter the corporate number as 13 digits."),
            ),
            Self::CheckDigit { digits, expected, found } => Text::new(
                format!(
                    "法人番号「{digits}」は検査用数字が合いません（先頭は{found}ですが、続く12桁からは{expected}になります）。\
                     打ち間違いがないか確かめてください。"
                ),
                format!(
                    "The check digit of corporate number \"{digits}\" does not fit: it begins with {found}, \
                     the other twelve digits give {expected}. Check for a slip."
                ),
            ),
        }
    }
}
in_both_languages!(CorporateNumberError);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, CorporateNumberError> {
        text.parse::<CorporateNumber>().map(|number| number.to_string())
    }

    #[test]
    fn width_hyphens_and_spaces_do_not_matter() {
        // The twelve digits and their check digit as the National Tax Agency's explanation works them out.
        for typed in [
            "8700110005901",
            "８７００１１０００５９０１",
            "8-7001-1000-5901",
            " 8 7001 1000 5901 ",
            "８－７００１ー１０００−５９０１",
            "8　7001　1000　5901",
        ] {
            assert_eq!(read(typed), Ok("8700110005901".to_owned()), "{typed}");
        }
    }

    #[test]
    fn refusals_name_what_was_read() {
        let digits = |text: &str| text.to_owned();
        let long = "1".repeat(50);
        for (typed, error) in [
            ("", CorporateNumberError::WrongLength { digits: digits(""), count: 0 }),
            ("870011000590", CorporateNumberError::WrongLength { digits: digits("870011000590"), count: 12 }),
            (
                "８７００１１０００５９０１２",
                CorporateNumberError::WrongLength { digits: digits("87001100059012"), count: 14 },
            ),
            (&long, CorporateNumberError::WrongLength { digits: format!("{}…", "1".repeat(40)), count: 50 }),
            ("T8700110005901", CorporateNumberError::NotADigit { read: digits("T8700110005901"), found: 'T' }),
            ("870011000590Ｏ", CorporateNumberError::NotADigit { read: digits("870011000590Ｏ"), found: 'Ｏ' }),
            ("①700110005901", CorporateNumberError::NotADigit { read: digits("①700110005901"), found: '①' }),
            (
                "8700110005902",
                CorporateNumberError::CheckDigit { digits: digits("8700110005902"), expected: 7, found: 8 },
            ),
            (
                "0700110005901",
                CorporateNumberError::CheckDigit { digits: digits("0700110005901"), expected: 8, found: 0 },
            ),
            (
                "0000000000000",
                CorporateNumberError::CheckDigit { digits: digits("0000000000000"), expected: 9, found: 0 },
            ),
        ] {
            assert_eq!(read(typed), Err(error.clone()), "{typed}");
            let text = Text::from(&error);
            assert!(!text.ja.is_empty() && text.en.contains("orporate number"), "{text:?}");
        }
    }

    /// Every slip in one digit is caught, but for 0 read as 9 and 9 as 0.
    #[test]
    fn one_wrong_digit_is_caught_unless_it_is_0_for_9() {
        let right = b"8700110005901";
        for place in 0..13 {
            for digit in b'0'..=b'9' {
                let mut slipped = *right;
                slipped[place] = digit;
                let text = std::str::from_utf8(&slipped).expect("digits");
                let is_missed =
                    slipped == *right || (place > 0 && [right[place], digit].iter().all(|d| b"09".contains(d)));
                assert_eq!(text.parse::<CorporateNumber>().is_ok(), is_missed, "{text}");
            }
        }
    }

    #[test]
    fn json_reads_generously_and_writes_thirteen_digits() {
        let number: CorporateNumber = serde_json::from_str("\"８-7001-1000-5901\"").expect("a number");
        assert_eq!(serde_json::to_string(&number).expect("JSON"), "\"8700110005901\"");
        assert!(serde_json::from_str::<CorporateNumber>("8700110005901").is_err(), "a JSON number is not a text");
    }
}
