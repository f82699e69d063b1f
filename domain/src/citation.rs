//! Where a statement comes from, so that somebody else can look it up.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::text::Text;

/// The source of a wording, a limit or a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The document's title; the Japanese is the title as published.
    pub source: Text,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Article, table or page, as a person would cite it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The day on which a person last read the source and found it to say this.
    pub last_read: Day,
}
