//! The prefectures 「都道府県」 by their codes of JIS X 0401.

use std::fmt;
use std::str::FromStr;

use crate::reading::{as_read, in_both_languages, narrowed_text, serde_by_text};
use crate::text::Text;

/// One of the 47 prefectures; as JSON its code of two digits, `"27"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefecture(u8);

/// What could not be read as a prefecture, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefectureError {
    pub read: String,
}

/// Japanese and English names in the order of their codes, 01 first.
const NAMES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森県", "Aomori"),
    ("岩手県", "Iwate"),
    ("宮城県", "Miyagi"),
    ("秋田県", "Akita"),
    ("山形県", "Yamagata"),
    ("福島県", "Fukushima"),
    ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"),
    ("群馬県", "Gunma"),
    ("埼玉県", "Saitama"),
    ("千葉県", "Chiba"),
    ("東京都", "Tokyo"),
    ("神奈川県", "Kanagawa"),
    ("新潟県", "Niigata"),
    ("富山県", "Toyama"),
    ("石川県", "Ishikawa"),
    ("福井県", "Fukui"),
    ("山梨県", "Yamanashi"),
    ("長野県", "Nagano"),
    ("岐阜県", "Gifu"),
    ("静岡県", "Shizuoka"),
    ("愛知県", "Aichi"),
    ("三重県", "Mie"),
    ("滋賀県", "Shiga"),
    ("京都府", "Kyoto"),
    ("大阪府", "Osaka"),
    ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"),
    ("和歌山県", "Wakayama"),
    ("鳥取県", "Tottori"),
    ("島根県", "Shimane"),
    ("岡山県", "Okayama"),
    ("広島県", "Hiroshima"),
    ("山口県", "Yamaguchi"),
    ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"),
    ("愛媛県", "Ehime"),
    ("高知県", "Kochi"),
    ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"),
    ("長崎県", "Nagasaki"),
    ("熊本県", "Kumamoto"),
    ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"),
    ("鹿児島県", "Kagoshima"),
    ("沖縄県", "Okinawa"),
];

impl Prefecture {
    /// From a code of JIS X 0401; `None` outside 1–47.
    pub fn from_code(code: u8) -> Option<Self> {
        (1..=47).contains(&code).then_some(Self(code))
    }

    /// The code of JIS X 0401, 1–47.
    pub fn code(self) -> u8 {
        self.0
    }

    /// 大阪府 / Osaka
    pub fn name(self) -> Text {
        Text::new(self.name_ja(), self.name_en())
    }

    /// 大阪府
    pub fn name_ja(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].0
    }

    /// Osaka
    pub fn name_en(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].1
    }

    /// All of them, in the order of their codes.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..47).map(|index| Self(index + 1))
    }

    /// From a code or a name as people type it: `27`, `２７`, 大阪府, 大阪, Osaka.
    pub fn read(typed: &str) -> Result<Self, PrefectureError> {
        let narrow = narrowed_text(typed);
        let by_name = |prefecture: &Self| {
            let name = prefecture.name_ja();
            let short = name.strip_suffix(['都', '府', '県']).unwrap_or(name);
            narrow == name || narrow == short || narrow.eq_ignore_ascii_case(prefecture.name_en())
        };
        let found = narrow.parse().ok().or_else(|| Self::all().find(by_name));
        found.ok_or_else(|| PrefectureError { read: as_read(typed) })
    }
}

impl FromStr for Prefecture {
    type Err = PrefectureError;

    /// Exactly the code of two digits. [`Prefecture::read`] reads what people type.
    fn from_str(text: &str) -> Result<Self, PrefectureError> {
        let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        let code = is_code.then(|| text.parse().ok()).flatten();
        code.and_then(Self::from_code).ok_or_else(|| PrefectureError { read: as_read(text) })
    }
}

impl fmt::Display for Prefecture {
    /// The code of two digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}
serde_by_text!(Prefecture);

impl PrefectureError {
    fn statement(&self) -> Text {
        let read = &self.read;
        Text::new(
            format!(
                "「{read}」は都道府県として読めません。一覧から選ぶか、01から47までの2桁のコードで示してください。"
            ),
            format!("\"{read}\" is not a prefecture. Choose one from the list, or give its code, 01 to 47."),
        )
    }
}
in_both_languages!(PrefectureError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_find_their_prefecture() {
        for (code, ja, en) in [
            ("01", "北海道", "Hokkaido"),
            ("13", "東京都", "Tokyo"),
            ("23", "愛知県", "Aichi"),
            ("26", "京都府", "Kyoto"),
            ("27", "大阪府", "Osaka"),
            ("47", "沖縄県", "Okinawa"),
        ] {
            let prefecture: Prefecture = code.parse().expect(code);
            assert_eq!((prefecture.name_ja(), prefecture.name_en()), (ja, en));
            assert_eq!(prefecture.to_string(), code);
            for typed in [code, ja, en, &en.to_uppercase(), &format!("　{ja} ")] {
                assert_eq!(Prefecture::read(typed), Ok(prefecture), "{typed}");
            }
        }
        assert_eq!(Prefecture::read("大阪"), Prefecture::read("２７"));
        // 京都 must not lose its own 都.
        assert_eq!(Prefecture::read("京都"), Prefecture::read("26"));
    }

    #[test]
    fn there_are_forty_seven_and_each_is_read_back() {
        assert_eq!(Prefecture::all().len(), 47);
        for prefecture in Prefecture::all() {
            let json = serde_json::to_string(&prefecture).expect("JSON");
            assert_eq!(json.len(), 4);
            assert_eq!(serde_json::from_str::<Prefecture>(&json).ok(), Some(prefecture));
            assert_eq!(Prefecture::read(prefecture.name_ja()), Ok(prefecture));
        }
    }

    #[test]
    fn the_wire_takes_the_two_digit_code_and_nothing_else() {
        for text in ["00", "48", "1", "027", "２７", "大阪府", " 27", "+1", ""] {
            assert_eq!(text.parse::<Prefecture>(), Err(PrefectureError { read: as_read(text) }), "{text}");
        }
        for typed in ["大坂府", "県", "", "99"] {
            assert_eq!(Prefecture::read(typed), Err(PrefectureError { read: typed.to_owned() }));
        }
    }
}
