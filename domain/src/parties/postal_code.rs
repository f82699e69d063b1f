//! The postal code 「郵便番号」: seven digits.

use std::fmt;
use std::str::FromStr;

use crate::reading::{as_read, in_both_languages, narrowed, serde_by_text};
use crate::text::Text;

/// Seven digits, stored as `1234567`, shown as 123-4567. That such a code exists is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(u32);

/// Why a postal code cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostalCodeError {
    /// Not seven digits but `count`.
    WrongLength { digits: String, count: usize },
    /// Something other than digits, a hyphen, spaces and a leading 〒.
    NotADigit { read: String, found: char },
}

impl PostalCode {
    /// `123-4567`
    pub fn shown(self) -> String {
        format!("{:03}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl FromStr for PostalCode {
    type Err = PostalCodeError;

    /// Full or half width, with or without hyphen, spaces and 〒.
    fn from_str(typed: &str) -> Result<Self, PostalCodeError> {
        let trimmed = typed.trim();
        let unmarked = trimmed.strip_prefix(['〒', '〶']).unwrap_or(trimmed);
        let mut digits = String::with_capacity(7);
        for c in unmarked.chars() {
            match narrowed(c) {
                '-' | ' ' => {}
                digit @ '0'..='9' => digits.push(digit),
                _ => return Err(PostalCodeError::NotADigit { read: as_read(typed), found: c }),
            }
        }
        let wrong = || PostalCodeError::WrongLength { digits: as_read(&digits), count: digits.len() };
        if digits.len() != 7 {
            return Err(wrong());
        }
        digits.parse().map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for PostalCode {
    /// Seven digits, as stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:07}", self.0)
    }
}
serde_by_text!(PostalCode);

impl PostalCodeError {
    fn statement(&self) -> Text {
        match self {
            Self::WrongLength { digits, count } => Text::new(
                format!("郵便番号は7桁です。「{digits}」は{count}桁です。「123-4567」のように入力してください。"),
                format!("A postal code has 7 digits; \"{digits}\" has {count}. Enter it like 123-4567."),
            ),
            Self::NotADigit { read, found } => Text::new(
                format!("「{read}」の「{found}」は郵便番号に使えません。「123-4567」のように入力してください。"),
                format!("\"{found}\" in \"{read}\" cannot be part of a postal code. Enter it like 123-4567."),
            ),
        }
    }
}
in_both_languages!(PostalCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_stored_and_shown() {
        for typed in ["0123456", "012-3456", "〒012-3456", "〒 ０１２－３４５６", "０１２ー３４５６", "012 3456"]
        {
            let code: PostalCode = typed.parse().expect(typed);
            assert_eq!((code.to_string(), code.shown()), ("0123456".to_owned(), "012-3456".to_owned()), "{typed}");
        }
        assert_eq!("0000000".parse().map(PostalCode::shown), Ok("000-0000".to_owned()));
    }

    #[test]
    fn refusals_name_what_was_read() {
        let length = |digits: &str, count| PostalCodeError::WrongLength { digits: digits.to_owned(), count };
        let not = |read: &str, found| PostalCodeError::NotADigit { read: read.to_owned(), found };
        for (typed, error) in [
            ("", length("", 0)),
            ("012-345", length("012345", 6)),
            ("012-34567", length("01234567", 8)),
            ("012-345A", not("012-345A", 'A')),
            ("012〒3456", not("012〒3456", '〒')),
            ("+810123456", not("+810123456", '+')),
        ] {
            assert_eq!(typed.parse::<PostalCode>(), Err(error), "{typed}");
        }
    }
}
