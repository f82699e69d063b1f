//! `/round`: a round of registrations as it is announced.

use std::sync::Arc;

use domain::round::{Entry, announcement};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::request::{Caller, day};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::round;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A round of registrations.
#[derive(Object, Debug)]
#[oai(rename = "Round", rename_all = "camelCase")]
struct RoundView {
    /// The first and the last day on which a term of it begins, in Japan.
    from: String,
    until: String,
    /// What stands in the register, as it was entered.
    entered: Vec<EntryView>,
    /// What passed and waits to be entered, as if it were.
    expected: Vec<EntryView>,
    /// The announcement of both as plain text.
    text: TextView,
}

/// A service of a round.
#[derive(Object, Debug)]
#[oai(rename = "RoundEntry", rename_all = "camelCase", skip_serializing_if_is_none)]
struct EntryView {
    /// Given on entry.
    number: Option<String>,
    application: String,
    service_name: String,
    service_name_kana: String,
    provider: String,
    legal_entity_number: Option<String>,
    class: u8,
    /// The term's first and last day, in Japan.
    from: String,
    last_day: String,
    is_renewal: bool,
}

/// A text in both languages.
#[derive(Object, Debug)]
#[oai(rename = "Announcement")]
struct TextView {
    ja: String,
    en: String,
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let (listing, provider) = (&entry.listing, &entry.listing.provider);
        Self {
            number: entry.number.as_ref().map(ToString::to_string),
            application: entry.application.to_string(),
            service_name: listing.service_name.clone(),
            service_name_kana: listing.service_name_kana.clone(),
            provider: provider.trade_name.clone(),
            legal_entity_number: provider.legal_entity_number.as_ref().map(ToString::to_string),
            class: listing.class.into(),
            from: entry.term.from.to_string(),
            last_day: entry.term.last_day().to_string(),
            is_renewal: entry.is_renewal,
        }
    }
}

#[OpenApi(tag = "Chapter::Day")]
impl Api {
    /// Shows a round as it is announced
    ///
    /// Services whose term begins on these days, new ones and renewals. With `first`, what passed and waits to be entered
    /// stands among them, in the words that it will be announced in.
    #[oai(path = "/round", method = "get", operation_id = "getRound")]
    async fn show(
        &self,
        caller: Caller,
        /// The first day, `YYYY-MM-DD`.
        #[oai(validator(max_length = 20))]
        from: Query<String>,
        /// The last day, at most 366 with the first.
        #[oai(validator(max_length = 20))]
        until: Query<String>,
        /// The first day of the terms of what waits; without it, only what is entered is shown.
        #[oai(validator(max_length = 20))]
        first: Query<Option<String>>,
    ) -> Result<Json<RoundView>, Problem> {
        let round = round::of_days(day("/from", &from.0)?, day("/until", &until.0)?)?;
        let first = first.0.as_deref().map(|text| day("/first", text)).transpose()?;
        let found = round::of(&self.registry, &caller.0, round, first).await?;
        let text = announcement(&found.round, &found.all());
        Ok(Json(RoundView {
            from: found.round.from.to_string(),
            until: found.round.last.to_string(),
            entered: found.entered.iter().map(Into::into).collect(),
            expected: found.expected.iter().map(Into::into).collect(),
            text: TextView { ja: text.ja, en: text.en },
        }))
    }
}
