//! What a proposed or corrected edition finds of every case, as a table for spreadsheets.

use std::io;

use bytes::Bytes;
use domain::act::ApplicationId;
use domain::calendar::Instant;
use domain::text::Text;
use futures::{Stream, StreamExt, stream};
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Body, Request, Response, handler};

use super::Answer;
use super::csv::{BOM, push_line};
use super::session::Shared;
use crate::caller::signed_in;
use crate::problem::Problem;
use crate::proposals;
use crate::what_if::{Candidate, Case};

#[handler]
pub(crate) async fn of_proposal(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let (proposal, candidate) = proposals::candidate(registry, visitor, &id).await?;
    Ok(download(&format!("what-if-{}", proposal.id), registry.clone(), candidate, visitor.at))
}

#[handler]
pub(crate) async fn of_correction(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let missing = || Problem::not_found(&Text::new("基準の版", "edition"), &id);
    let candidate = Candidate::corrected(registry, &id).await?.ok_or_else(missing)?;
    let name = format!("affected-{}", candidate.edition().id);
    Ok(download(&name, registry.clone(), candidate, visitor.at))
}

fn download(name: &str, registry: Shared, candidate: Candidate, at: Instant) -> Response {
    Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_bytes_stream(table(registry, candidate, at)))
}

/// The table in pieces: its head, then some cases at a time.
fn table(registry: Shared, candidate: Candidate, at: Instant) -> impl Stream<Item = io::Result<Bytes>> {
    let head = stream::once(async { Ok(Bytes::from(heads())) });
    let begin: Option<Option<ApplicationId>> = Some(None);
    let lines = stream::try_unfold((registry, candidate, begin), move |(registry, candidate, after)| async move {
        let Some(after) = after else { return Ok(None) };
        // The answer breaks off, and whoever takes it sees that it is not whole.
        let found = candidate.some(&registry, after.as_ref(), at).await;
        let (some, next) = found.map_err(|problem| io::Error::other(problem.detail.en))?;
        let lines: String = some.iter().map(lines).collect();
        Ok(Some((Bytes::from(lines), (registry, candidate, next.map(Some)))))
    });
    head.chain(lines)
}

fn heads() -> String {
    let mut head = BOM.to_owned();
    let heads = [
        "申請",
        "登録",
        "サービス",
        "類",
        "類型",
        "結びついている版",
        "いまの結論",
        "仮の結論",
        "要件",
        "いま",
        "仮",
        "仮の理由",
    ];
    push_line(&mut head, heads);
    head
}

/// A line for each criterion on which something else would be found; one without a criterion where there is none.
fn lines(case: &Case) -> String {
    let of_case = [
        case.application.to_string(),
        case.registration.as_ref().map(ToString::to_string).unwrap_or_default(),
        case.service.clone(),
        u8::from(case.class).to_string(),
        case.kind.term().ja,
        case.edition.clone(),
        case.found.before.term().ja,
        case.found.after.term().ja,
    ];
    let of_finding = case.found.changed.iter().map(|changed| {
        let [before, after] = [&changed.before, &changed.after].map(|finding| finding.conclusion.term().ja);
        [changed.criterion.term().ja, before, after, changed.after.reason.ja.clone()]
    });
    let mut of_finding: Vec<[String; 4]> = of_finding.collect();
    if of_finding.is_empty() {
        of_finding.push(Default::default());
    }
    let mut lines = String::new();
    for cells in &of_finding {
        push_line(&mut lines, of_case.iter().chain(cells).map(String::as_str));
    }
    lines
}
