//! What people type, read generously and said back exactly: full-width digits, commas, 円, 令和, dashes of every kind.
//!
//! Nothing here guesses. What cannot be read is refused with the words as they were read and with what to do.

mod day;
mod name;
mod yen;

pub use day::{DayError, day_text, read_day};
pub use name::{cleaned_line, cleaned_text, has_words};
pub use yen::{YenError, read_yen};

/// Gives an error with a `statement(&self) -> Text` its `Display` (both languages), `Error` and conversion to `Text`.
macro_rules! in_both_languages {
    ($error:ty) => {
        impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let text = self.statement();
                write!(f, "{} / {}", text.ja, text.en)
            }
        }

        impl ::std::error::Error for $error {}

        impl From<$error> for $crate::text::Text {
            fn from(error: $error) -> Self {
                error.statement()
            }
        }

        impl From<&$error> for $crate::text::Text {
            fn from(error: &$error) -> Self {
                error.statement()
            }
        }
    };
}
pub(crate) use in_both_languages;

/// Gives a type with `FromStr` and `Display` its JSON form: reads what `FromStr` reads, writes what `Display` writes.
macro_rules! serde_by_text {
    ($type:ty) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_by_text;

/// The character as its half-width twin: full-width ASCII, the ideographic space, and every dash that people type
/// inside numbers (the long-vowel mark ー among them, which a Japanese keyboard gives for `-`).
pub(crate) fn narrowed(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ー' | 'ｰ' | '﹣' | '─' => '-',
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// The text with every character as its half-width twin, trimmed: full-width letters, digits and signs, every dash.
pub fn narrowed_text(text: &str) -> String {
    text.chars().map(narrowed).collect::<String>().trim().to_owned()
}

/// What was typed, short enough to be repeated in an answer: at most 40 characters, no control characters.
pub(crate) fn as_read(text: &str) -> String {
    let mut visible = text.trim().chars().filter(|c| !c.is_control());
    let mut shown: String = visible.by_ref().take(40).collect();
    if visible.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_every_dash_become_half_width() {
        assert_eq!(narrowed_text("　ＡＢ１２３－４ー５−６‐７　"), "AB123-4-5-6-7");
        assert_eq!(narrowed_text("～！"), "~!");
        // Only width changes: this is not NFKC.
        assert_eq!(narrowed_text("①㍻㈱ｶﾞ"), "①㍻㈱ｶﾞ");
    }

    #[test]
    fn what_is_repeated_is_short_and_visible() {
        assert_eq!(as_read(" a\u{0}b\n"), "ab");
        assert_eq!(as_read(&"あ".repeat(40)), "あ".repeat(40));
        assert_eq!(as_read(&"あ".repeat(41)), format!("{}…", "あ".repeat(40)));
    }
}
