//! `/trail`: who did, tried or was refused what.

use std::sync::Arc;

use domain::reading::cleaned_line;
use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Chapter;
use super::asked::Asked;
use super::request::{Caller, day, query_with};
use super::words::OutcomeName;
use crate::account::trail::{Entry, Search};
use crate::problem::Problem;
use crate::registry::Registry;

/// Most lines on one page.
const MOST: u32 = 500;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A line of the trail.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct TrailLine {
    id: i64,
    /// In UTC.
    at: String,
    /// The request's id, as the answer's `X-Request-Id` told it.
    request: String,
    /// A person's id; absent where nobody was signed in.
    person: Option<String>,
    /// The role they acted in.
    role: Option<String>,
    organisation: Option<String>,
    /// How they showed who they are: `session:<id>`, `key:<id>`, `command` or `nobody`.
    proof: String,
    /// The address for 90 days, then a digest under which the same address is found again.
    address: Option<String>,
    /// An act's kind, or what was tried.
    what: String,
    subject: Option<String>,
    /// `done` or `refused`.
    outcome: String,
    /// A code or a number.
    detail: Option<String>,
    /// The leaf of an act in the public log.
    leaf: Option<i64>,
}

impl From<Entry> for TrailLine {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            request: entry.request,
            person: entry.person,
            role: entry.role,
            organisation: entry.organisation,
            proof: entry.proof,
            address: entry.address,
            what: entry.what,
            subject: entry.subject,
            outcome: entry.outcome,
            detail: entry.detail,
            leaf: entry.seq,
        }
    }
}

/// Some lines, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct TrailLines {
    items: Vec<TrailLine>,
    /// Give it as `before` for older lines; absent on the last page.
    next: Option<i64>,
}

#[derive(ApiResponse)]
enum Found {
    /// Some lines, the newest first.
    #[oai(status = 200)]
    Page(
        Json<TrailLines>,
        /// The next page (RFC 8288).
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[OpenApi(prefix_path = "/trail", tag = "Chapter::Trail")]
impl Api {
    /// Searches the audit trail
    ///
    /// An auditor's. Everything that is given must fit; the newest lines come first. Reading is itself a line of the
    /// trail.
    #[oai(path = "/", method = "get", operation_id = "searchTrail")]
    async fn search(
        &self,
        caller: Caller,
        http: &Request,
        /// A person's id.
        #[oai(validator(max_length = 40))]
        person: Query<Option<String>>,
        /// An act's kind, or what was tried.
        #[oai(validator(max_length = 200))]
        what: Query<Option<String>>,
        /// What it was about.
        #[oai(validator(max_length = 200))]
        subject: Query<Option<String>>,
        outcome: Asked<OutcomeName>,
        /// An answer's `X-Request-Id`.
        #[oai(validator(max_length = 60))]
        request: Query<Option<String>>,
        /// The first day in Japan, `YYYY-MM-DD`.
        #[oai(validator(max_length = 20))]
        from: Query<Option<String>>,
        /// The last day in Japan, `YYYY-MM-DD`.
        #[oai(validator(max_length = 20))]
        until: Query<Option<String>>,
        /// Only lines before this one.
        before: Asked<i64>,
        /// At most so many (100 when absent).
        #[oai(validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Asked<u32>,
    ) -> Result<Found, Problem> {
        let search = Search {
            person: asked(person),
            what: asked(what),
            subject: asked(subject),
            outcome: outcome.0.map(|outcome| outcome.word().to_owned()),
            request: asked(request),
            from: from.0.as_deref().map(|text| day("/from", text)).transpose()?,
            until: until.0.as_deref().map(|text| day("/until", text)).transpose()?,
            before: before.0,
        };
        let last = until.0.as_deref().unwrap_or_default();
        search.check().map_err(|why| Problem::unreadable("/until", last, why))?;
        let limit = limit.0.unwrap_or(100).min(MOST);
        let found = self.registry.search_trail(&caller.0, &search, u64::from(limit)).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|last| last.id);
        let link = next.map(|next| {
            let path = format!("/api/v1/trail?{}", query_with(http.uri(), "before", &next.to_string()));
            format!("<{}>; rel=\"next\"", self.registry.base_url.join(&path))
        });
        let items = found.items.into_iter().map(TrailLine::from).collect();
        Ok(Found::Page(Json(TrailLines { items, next }), link))
    }
}

/// A text without what nobody types on purpose; an empty one asks for nothing.
fn asked(text: Query<Option<String>>) -> Option<String> {
    text.0.map(|text| cleaned_line(&text)).filter(|text| !text.is_empty())
}
