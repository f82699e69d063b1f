//! What every call carries: who calls, for which version, under which idempotency key.

use std::sync::Arc;

use domain::calendar::Day;
use domain::text::Text;
use poem::http::Uri;
use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::acts::Call;
use crate::caller::Visitor;
use crate::problem::Problem;

/// Whoever calls: a running session, or an API key. Which operations need one, and what for, [`super::rules`] says.
#[derive(Clone, Debug)]
pub(super) struct Caller(pub(super) Arc<Visitor>);

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::PoemExtractor];

    type ParamType = ();
    type ParamRawType = ();

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let visitor = request.extensions().get::<Arc<Visitor>>().cloned();
        Ok(Self(visitor.ok_or_else(Problem::signed_out)?))
    }
}

/// The version in an `If-Match` header: an `ETag` as it was given, `"7"` or `"7-"` with what else the answer depended on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) u32);

impl std::str::FromStr for IfMatch {
    type Err = Problem;

    fn from_str(header: &str) -> Result<Self, Problem> {
        let version = header.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let version = version.map(|tag| tag.split_once('-').map_or(tag, |(version, _)| version));
        version.and_then(|version| version.parse().ok()).map(Self).ok_or_else(|| {
            let message = Text::new(
                "If-Match には見ていた ETag を一つ、引用符ごと付けてください（例：\"7\"）。",
                "If-Match takes the one ETag you saw, with its quotes (such as \"7\").",
            );
            Problem::unreadable("/If-Match", header, message)
        })
    }
}

/// Headers that say what a call is about are text and there once. The framework would pass over one it cannot read, and
/// a key that is passed over protects nobody.
pub(super) async fn legible(request: Request) -> poem::Result<Request> {
    for name in ["If-Match", "If-None-Match", "Idempotency-Key"] {
        let given: Vec<_> = request.headers().get_all(name).iter().collect();
        let read = match &given[..] {
            [] => continue,
            [only] if only.to_str().is_ok() => continue,
            several => {
                several.iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect::<Vec<_>>().join(", ")
            }
        };
        let message = Text::new(
            format!("{name} は ASCII の文字で一つだけ付けてください。"),
            format!("Send {name} once, in ASCII characters."),
        );
        return Err(Problem::unreadable(&format!("/{name}"), &read, message).into());
    }
    Ok(request)
}

/// A call now, by this person, with the headers that go with it.
pub(super) fn call(caller: &Caller, if_match: Option<String>, key: Option<String>) -> Result<Call, Problem> {
    let read = if_match.map(|header| header.parse::<IfMatch>()).transpose()?.map(|version| version.0);
    Ok(caller.0.call(read, checked_key(key)?))
}

/// An `Idempotency-Key` that is neither too short to be one's own nor too long.
pub(super) fn checked_key(key: Option<String>) -> Result<Option<String>, Problem> {
    if let Some(key) = key.as_deref().filter(|key| !(8..=200).contains(&key.len())) {
        let message =
            Text::new("Idempotency-Key は8文字から200文字です。", "An Idempotency-Key has 8 to 200 characters.");
        return Err(Problem::unreadable("/Idempotency-Key", key, message));
    }
    Ok(key)
}

/// Reads an identifier in a path; what cannot be one is not there.
pub(crate) fn identifier<T: std::str::FromStr>(what: (&str, &str), text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found(&Text::new(what.0, what.1), text))
}

/// Reads a day in Japan, `YYYY-MM-DD`, under the name that the caller sent it by.
pub(super) fn day(pointer: &str, text: &str) -> Result<Day, Problem> {
    text.parse().map_err(|_| {
        let message = Text::new("日は 2026-04-01 のように書いてください。", "Write the day like 2026-04-01.");
        Problem::unreadable(pointer, text, message)
    })
}

/// Reads where a page goes on: what an earlier answer called `next`.
pub(super) fn cursor<T: std::str::FromStr>(what: (&str, &str), text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        let message = Text::new(
            format!("after には前の答えの next（{}の番号）をそのまま書いてください。", what.0),
            format!("after takes the next of an earlier answer, the id of a {}.", what.1),
        );
        Problem::unreadable("/after", text, message)
    })
}

/// The query of a next page: all that was asked, with another place to go on from.
pub(super) fn query_with(uri: &Uri, name: &str, value: &str) -> String {
    let again = format!("{name}=");
    let kept = uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty() && !part.starts_with(&again));
    kept.map(str::to_owned).chain([format!("{name}={value}")]).collect::<Vec<_>>().join("&")
}

/// What a query says under a name, the first time.
pub(crate) fn in_query(uri: &Uri, name: &str) -> String {
    let found = Request::builder().uri(uri.clone()).finish().params::<Vec<(String, String)>>().unwrap_or_default();
    found.into_iter().find(|(found, _)| found == name).map(|(_, value)| value).unwrap_or_default()
}
