//! Readings 「フリガナ」, stored in full-width katakana.

use unicode_normalization::UnicodeNormalization;

use crate::reading::{as_read, cleaned_line, in_both_languages};
use crate::text::Text;

/// Why a reading is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KanaError {
    /// Nothing was typed.
    Empty,
    /// A character that is no kana: kanji, Latin letters, digits.
    NotKana { read: String, found: char },
}

/// The reading in full-width katakana: hiragana and half-width katakana are turned into it, sound marks are composed
/// (ｶﾞ and か＋゛ become ガ), spaces become one full-width space, dashes after kana become ー.
pub fn read_kana(typed: &str) -> Result<String, KanaError> {
    let katakana = in_katakana(&cleaned_line(typed));
    let words: Vec<&str> = katakana.split_whitespace().collect();
    let reading = words.join("　");
    if reading.is_empty() {
        return Err(KanaError::Empty);
    }
    match reading.chars().find(|c| !is_of_reading(*c)) {
        Some(found) => Err(KanaError::NotKana { read: as_read(typed), found }),
        None => Ok(reading),
    }
}

/// Every kana as full-width katakana, composed; everything else as it is.
fn in_katakana(text: &str) -> String {
    text.chars().map(with_combining_mark).flat_map(widened).collect::<String>().nfc().map(to_katakana).collect()
}

/// A sound mark typed by itself composes with the kana before it.
fn with_combining_mark(c: char) -> char {
    match c {
        '゛' | 'ﾞ' => '\u{3099}',
        '゜' | 'ﾟ' => '\u{309a}',
        other => other,
    }
}

/// Half-width katakana and punctuation as full width, by their compatibility mapping.
fn widened(c: char) -> impl Iterator<Item = char> {
    let is_half_width = matches!(c, '｡'..='ﾟ');
    let wide = is_half_width.then(|| std::iter::once(c).nfkc());
    wide.into_iter().flatten().chain((!is_half_width).then_some(c))
}

/// Hiragana as katakana, which lies 0x60 above it; dashes as the long-vowel mark.
pub(crate) fn to_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '-' | '‐' | '−' | '－' | '–' | '—' | '―' => 'ー',
        other => other,
    }
}

/// Katakana, the long-vowel and iteration marks, the middle dot, brackets and the full-width space.
fn is_of_reading(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | '・' | 'ー' | 'ヽ' | 'ヾ' | '　' | '（' | '）' | '「' | '」')
}

impl KanaError {
    fn statement(&self) -> Text {
        match self {
            Self::Empty => Text::new("フリガナを入力してください。", "Enter the reading in katakana."),
            Self::NotKana { read, found } => Text::new(
                format!(
                    "「{read}」の「{found}」はカナではありません。フリガナは全角カタカナで入力してください（英数字も読みで）。"
                ),
                format!(
                    "\"{found}\" in \"{read}\" is not kana. Enter the reading in katakana, letters and digits as they are read."
                ),
            ),
        }
    }
}
in_both_languages!(KanaError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_become_full_width_katakana() {
        for (typed, stored) in [
            ("オオサカショウコウカイギショ", "オオサカショウコウカイギショ"),
            ("おおさかしょうこうかいぎしょ", "オオサカショウコウカイギショ"),
            ("ｵｵｻｶｼｮｳｺｳｶｲｷﾞｼｮ", "オオサカショウコウカイギショ"),
            ("ｶﾞｷﾞﾊﾟﾋﾟｳﾞ", "ガギパピヴ"),
            ("か\u{3099}は\u{309a}", "ガパ"),
            ("か゛", "ガ"),
            ("ゔぁいおりん", "ヴァイオリン"),
            ("ｻｰﾋﾞｽ", "サービス"),
            ("さーびす", "サービス"),
            ("サ-ビス", "サービス"),
            (" みまもり   ぱっく ", "ミマモリ　パック"),
            ("ﾐﾊﾙ･ﾏﾓﾙ", "ミハル・マモル"),
            ("｢ﾐﾊﾙ｣", "「ミハル」"),
            ("みすゞ", "ミスヾ"),
            ("ヶヵゎゐゑ", "ヶヵヮヰヱ"),
        ] {
            assert_eq!(read_kana(typed), Ok(stored.to_owned()), "{typed}");
            assert_eq!(read_kana(stored), Ok(stored.to_owned()), "what is stored is read back");
        }
    }

    #[test]
    fn what_is_not_kana_is_refused_with_its_words() {
        for (typed, found) in [
            ("大阪ショウコウ", '大'),
            ("ABCサービス", 'A'),
            ("パック２", '２'),
            ("ア\u{3099}", '\u{3099}'),
            ("一", '一'),
        ] {
            assert_eq!(read_kana(typed), Err(KanaError::NotKana { read: typed.to_owned(), found }), "{typed}");
        }
        assert_eq!(read_kana("　 "), Err(KanaError::Empty));
    }
}
