//! A Japanese telephone number.

use std::fmt;
use std::str::FromStr;

use crate::reading::{as_read, in_both_languages, narrowed_text, serde_by_text};
use crate::text::Text;

/// A number within Japan: 10 or 11 digits from 0, half width, with the hyphens with which it was typed.
///
/// Source of the lengths: 電気通信番号計画（令和元年総務省告示第6号）: 11 digits from 020, 050, 060,
/// 070, 080 and 090 (0800 with them), else 10.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Telephone(String);

/// Why a telephone number cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TelephoneError {
    /// Something other than digits, hyphens, brackets, spaces and a leading +.
    Unexpected { read: String, found: char },
    /// A country other than +81.
    NotJapan { read: String },
    /// Not the number of digits that numbers with this beginning have.
    WrongLength { read: String, count: usize, expected: usize },
    /// Does not begin with one 0.
    NoLeadingZero { read: String },
}

impl Telephone {
    /// The digits alone, for comparing.
    pub fn digits(&self) -> String {
        self.0.chars().filter(char::is_ascii_digit).collect()
    }

    /// As stored: half width, with the hyphens with which it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Telephone {
    type Err = TelephoneError;

    /// `06-0000-0000`, `０６－００００－００００`, `(06)0000-0000`, `0600000000`, `+81-6-0000-0000`, `+81 (0)6 0000 0000`.
    /// Brackets and spaces between groups become hyphens.
    fn from_str(typed: &str) -> Result<Self, TelephoneError> {
        let narrow = narrowed_text(typed);
        let (is_international, rest) = match narrow.strip_prefix('+') {
            Some(rest) => {
                let rest = rest.strip_prefix("81").ok_or_else(|| TelephoneError::NotJapan { read: as_read(typed) })?;
                (true, rest)
            }
            None => (false, narrow.as_str()),
        };
        if let Some(found) = rest.chars().find(|c| !(c.is_ascii_digit() || is_separator(*c))) {
            return Err(TelephoneError::Unexpected { read: as_read(typed), found });
        }
        let groups: Vec<&str> = rest.split(is_separator).filter(|group| !group.is_empty()).collect();
        let national = if is_international { without_country(&groups) } else { groups.join("-") };
        check(&national, typed)?;
        Ok(Self(national))
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | ' ' | '(' | ')')
}

/// `6-0000-0000`, `0-6-0000-0000` (from `(0)6…`) and `06-0000-0000` are all `06-0000-0000`.
fn without_country(groups: &[&str]) -> String {
    match groups {
        ["0", rest @ ..] => format!("0{}", rest.join("-")),
        [first, ..] if first.starts_with('0') => groups.join("-"),
        _ => format!("0{}", groups.join("-")),
    }
}

fn check(national: &str, typed: &str) -> Result<(), TelephoneError> {
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    if !digits.starts_with('0') || digits.starts_with("00") {
        return Err(TelephoneError::NoLeadingZero { read: as_read(typed) });
    }
    let is_long = ["020", "050", "070", "080", "090"].iter().any(|head| digits.starts_with(head));
    // 060 is a mobile prefix, and also Osaka's 06 with a local number from 0.
    let is_either = digits.starts_with("060") && digits.len() == 11;
    let expected = if is_long || is_either { 11 } else { 10 };
    if digits.len() != expected {
        return Err(TelephoneError::WrongLength { read: as_read(typed), count: digits.len(), expected });
    }
    Ok(())
}

impl fmt::Display for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
serde_by_text!(Telephone);

impl TelephoneError {
    fn statement(&self) -> Text {
        match self {
            Self::Unexpected { read, found } => Text::new(
                format!(
                    "「{read}」の「{found}」は電話番号に使えません。数字とハイフンで入力してください（例：06-0000-0000）。"
                ),
                format!(
                    "\"{found}\" in \"{read}\" cannot be part of a telephone number. Enter digits and hyphens, such as 06-0000-0000."
                ),
            ),
            Self::NotJapan { read } => Text::new(
                format!("「{read}」は日本の電話番号（+81）ではありません。日本国内の番号を入力してください。"),
                format!("\"{read}\" is not a number in Japan (+81). Enter a number in Japan."),
            ),
            Self::WrongLength { read, count, expected } => Text::new(
                format!(
                    "電話番号「{read}」は{count}桁です。この番号は{expected}桁のはずです。市外局番から入力してください。"
                ),
                format!(
                    "The telephone number \"{read}\" has {count} digits; one that begins so has {expected}. Enter it with its area code."
                ),
            ),
            Self::NoLeadingZero { read } => Text::new(
                format!("電話番号「{read}」が0から始まる国内の番号になっていません。市外局番から入力してください。"),
                format!("The telephone number \"{read}\" does not begin with a single 0. Enter it with its area code."),
            ),
        }
    }
}
in_both_languages!(TelephoneError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_keep_their_hyphens() {
        for (typed, stored) in [
            ("06-0000-0000", "06-0000-0000"),
            ("0600000000", "0600000000"),
            ("０６－００００－００００", "06-0000-0000"),
            ("０６ー００００ー００００", "06-0000-0000"),
            ("(06)0000-0000", "06-0000-0000"),
            ("06（0000）0000", "06-0000-0000"),
            ("06 0000 0000", "06-0000-0000"),
            ("+81-6-0000-0000", "06-0000-0000"),
            ("+81 6 0000 0000", "06-0000-0000"),
            ("+81(0)6-0000-0000", "06-0000-0000"),
            ("+81-06-0000-0000", "06-0000-0000"),
            ("＋８１６００００００００", "0600000000"),
            ("050-0000-0000", "050-0000-0000"),
            ("060-0000-0000", "060-0000-0000"),
            ("+81-50-0000-0000", "050-0000-0000"),
            ("0120-000-000", "0120-000-000"),
            ("0800-000-0000", "0800-000-0000"),
        ] {
            let telephone: Telephone = typed.parse().expect(typed);
            assert_eq!(telephone.as_str(), stored, "{typed}");
            assert_eq!(stored.parse().as_ref(), Ok(&telephone), "what is stored is read back");
            assert!(telephone.digits().bytes().all(|b| b.is_ascii_digit()));
        }
    }

    #[test]
    fn refusals_name_what_was_read() {
        let read = str::to_owned;
        let length = |text: &str, count, expected| TelephoneError::WrongLength { read: read(text), count, expected };
        for (typed, error) in [
            ("", TelephoneError::NoLeadingZero { read: read("") }),
            ("0000-0000", TelephoneError::NoLeadingZero { read: read("0000-0000") }),
            ("6-0000-0000", TelephoneError::NoLeadingZero { read: read("6-0000-0000") }),
            ("06-0000-000", length("06-0000-000", 9, 10)),
            ("06-1000-00000", length("06-1000-00000", 11, 10)),
            ("090-0000-000", length("090-0000-000", 10, 11)),
            ("090-0000-00000", length("090-0000-00000", 12, 11)),
            ("+1-202-555-0100", TelephoneError::NotJapan { read: read("+1-202-555-0100") }),
            ("06-0000-000O", TelephoneError::Unexpected { read: read("06-0000-000O"), found: 'O' }),
            ("06-0000-0000 内線1", TelephoneError::Unexpected { read: read("06-0000-0000 内線1"), found: '内' }),
            ("06+0000-0000", TelephoneError::Unexpected { read: read("06+0000-0000"), found: '+' }),
        ] {
            assert_eq!(typed.parse::<Telephone>(), Err(error), "{typed}");
        }
    }
}
