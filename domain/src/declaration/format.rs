//! The formats that the declaration's JSON Schema names beside those of JSON Schema itself.

use crate::parties::{CorporateNumber, PostalCode, Telephone, read_kana};
use crate::text::Text;

/// A value of the keyword `format` whose rule is code: whoever validates registers it, and can say why it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// 法人番号, with its check digit.
    LegalEntityNumber,
    /// 郵便番号
    PostalCode,
    /// 電話番号
    Telephone,
    /// フリガナ
    Kana,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::LegalEntityNumber, Self::PostalCode, Self::Telephone, Self::Kana];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::LegalEntityNumber => "jp-legal-entity-number",
            Self::PostalCode => "jp-postal-code",
            Self::Telephone => "jp-telephone",
            Self::Kana => "jp-kana",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether `typed` is of this format; if not, what was read and what to do.
    pub fn check(self, typed: &str) -> Result<(), Text> {
        match self {
            Self::LegalEntityNumber => typed.parse::<CorporateNumber>().map(drop).map_err(Text::from),
            Self::PostalCode => typed.parse::<PostalCode>().map(drop).map_err(Text::from),
            Self::Telephone => typed.parse::<Telephone>().map(drop).map_err(Text::from),
            Self::Kana => read_kana(typed).map(drop).map_err(Text::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_what_it_read() {
        for (format, right, wrong, words) in [
            (Format::LegalEntityNumber, "８-7001-1000-5901", "8700110005902", "8700110005902"),
            (Format::PostalCode, "〒000-0000", "000-000", "6桁"),
            (Format::Telephone, "+81 6 0000 0000", "06-0000-000", "9桁"),
            (Format::Kana, "おおさか", "大阪", "「大」"),
        ] {
            assert_eq!(Format::named(format.name()), Some(format));
            assert_eq!(format.check(right), Ok(()));
            let refusal = format.check(wrong).expect_err(wrong);
            assert!(refusal.ja.contains(words), "{refusal:?}");
        }
        assert_eq!(Format::named("date"), None);
    }
}
