//! Texts of the declaration on their way in: as typed, less what nobody typed on purpose.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};

use crate::parties::read_kana;
use crate::reading::{cleaned_line, cleaned_text};

/// One line, not blank.
pub(crate) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    not_blank(line_or_nothing(deserializer)?)
}

/// One line that may be empty.
pub(super) fn line_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(cleaned_line(&Cow::<str>::deserialize(deserializer)?))
}

/// Several lines, not blank.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    not_blank(cleaned_text(&Cow::<str>::deserialize(deserializer)?))
}

/// Several lines where the field is there at all.
pub(super) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text(deserializer).map(Some)
}

/// A reading, in full-width katakana.
pub(super) fn kana<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    read_kana(&Cow::<str>::deserialize(deserializer)?).map_err(Error::custom)
}

fn not_blank<E: Error>(text: String) -> Result<String, E> {
    if text.is_empty() {
        Err(E::custom("空欄です。入力してください。 / This is blank. Fill it in."))
    } else {
        Ok(text)
    }
}
