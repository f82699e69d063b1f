//! Money as people type it.

use super::{as_read, in_both_languages, narrowed_text};
use crate::text::Text;
use crate::yen::{Amount, grouped};

/// Why a sum of money cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YenError {
    /// Nothing was typed.
    Empty,
    /// A character that is neither a digit, a comma between groups of three, nor 円 or ¥.
    Unexpected { read: String, found: char },
    /// Commas are not between groups of three digits: `1,00`.
    Commas { read: String },
    /// More than [`Amount::MOST_YEN`].
    TooMuch { read: String },
}

/// Whole yen from `9,800`, `９，８００円`, `¥9,800`, `9800 円`. Does not say whether tax is in it.
pub fn read_yen(typed: &str) -> Result<u64, YenError> {
    let narrow = narrowed_text(typed).replace('、', ",");
    let number = narrow.strip_suffix('円').unwrap_or(&narrow).trim();
    let number = number.strip_prefix(['¥', '￥', '\\']).unwrap_or(number).trim();
    if number.is_empty() {
        return Err(YenError::Empty);
    }
    if let Some(found) = number.chars().find(|c| !c.is_ascii_digit() && *c != ',') {
        return Err(YenError::Unexpected { read: as_read(typed), found });
    }
    if number.contains(',') && !is_grouped(number) {
        return Err(YenError::Commas { read: as_read(typed) });
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let yen = digits.parse().ok().filter(|yen| *yen <= Amount::MOST_YEN);
    yen.ok_or_else(|| YenError::TooMuch { read: as_read(typed) })
}

fn is_grouped(number: &str) -> bool {
    let mut groups = number.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

impl YenError {
    fn statement(&self) -> Text {
        match self {
            Self::Empty => Text::new("金額を数字で入力してください。", "Enter the amount in digits."),
            Self::Unexpected { read, found } => Text::new(
                format!("「{read}」の「{found}」は金額に使えません。数字だけを入力してください（例：9,800）。"),
                format!("\"{found}\" in \"{read}\" cannot be part of an amount. Enter digits only, such as 9,800."),
            ),
            Self::Commas { read } => Text::new(
                format!(
                    "「{read}」は桁区切りの位置が3桁ごとになっていません。区切りなしで入力してください（例：9800）。"
                ),
                format!("The commas in \"{read}\" are not every three digits. Enter it without commas, such as 9800."),
            ),
            Self::TooMuch { read } => Text::new(
                format!("「{read}」は大きすぎます。{}円までで入力してください。", grouped(Amount::MOST_YEN)),
                format!("\"{read}\" is too much. Enter at most {} yen.", grouped(Amount::MOST_YEN)),
            ),
        }
    }
}
in_both_languages!(YenError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_it_is_typed() {
        for (typed, yen) in [
            ("9800", 9_800),
            ("9,800", 9_800),
            ("９，８００円", 9_800),
            ("９８００　円", 9_800),
            ("¥9,800", 9_800),
            ("￥９８００", 9_800),
            ("9、800円", 9_800),
            ("0", 0),
            ("0円", 0),
            ("1,000,000,000,000", Amount::MOST_YEN),
        ] {
            assert_eq!(read_yen(typed), Ok(yen), "{typed}");
        }
    }

    #[test]
    fn what_is_no_whole_sum_is_refused_with_its_words() {
        let unexpected = |read: &str, found| YenError::Unexpected { read: read.to_owned(), found };
        for (typed, error) in [
            ("", YenError::Empty),
            ("円", YenError::Empty),
            ("9,800.5", unexpected("9,800.5", '.')),
            ("－100", unexpected("－100", '-')),
            ("約1万円", unexpected("約1万円", '約')),
            ("①", unexpected("①", '①')),
            ("98,00", YenError::Commas { read: "98,00".to_owned() }),
            (",980", YenError::Commas { read: ",980".to_owned() }),
            ("1,000,000,000,001", YenError::TooMuch { read: "1,000,000,000,001".to_owned() }),
            ("99999999999999999999999", YenError::TooMuch { read: "99999999999999999999999".to_owned() }),
        ] {
            assert_eq!(read_yen(typed), Err(error), "{typed}");
        }
    }
}
