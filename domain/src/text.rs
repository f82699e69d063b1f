//! Words for people, always in both languages.

use serde::{Deserialize, Serialize};

/// The language a reader asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

/// One statement in Japanese and in English. Both say the same; neither is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 日本語
    pub ja: String,
    /// English
    pub en: String,
}

impl Text {
    /// A statement in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The words in one language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}
