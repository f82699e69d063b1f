//! The audit trail: searching it, and writing it out for spreadsheets.

use std::collections::BTreeMap;
use std::io;

use bytes::Bytes;
use domain::act::PersonId;
use futures::stream::{self, Stream};
use poem::http::header;
use poem::web::Data;
use poem::{Body, Request, Response, handler};

use crate::account::trail::{Entry, Read, Search};
use crate::acts::FieldFault;
use crate::caller::signed_in;
use crate::problem::{Problem, Told};
use crate::web::csv::{BOM, push_line};
use crate::web::desk::page_with;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::trail::{TrailLine, TrailPage, search};
use crate::web::{Answer, page};

/// Lines on one page.
const ROWS: u64 = 100;
/// Lines of one export, and how many of them are in memory at a time.
const MOST_EXPORTED: u64 = 100_000;
const AT_A_TIME: u64 = 1_000;

/// What a query asks for.
fn form(request: &Request) -> Form {
    Form::of(request.params::<Vec<(String, String)>>().unwrap_or_default())
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let form = form(request);
    let before = super::place::<i64>(request, "before")?;
    let frame = desk_frame(registry, visitor);
    let wanted = match search(&form) {
        Ok(search) => Search { before, ..search },
        Err(errors) => {
            let page = TrailPage { frame, form: form.with(errors), lines: None, is_later: false, older: None };
            return page_with(Told::INVALID, &page);
        }
    };
    let found = registry.search_trail(visitor, &wanted, ROWS).await?;
    let names = names(registry, &found.items).await?;
    let older = found.items.last().filter(|_| found.has_more).map(|last| last.id);
    let lines = found.items.into_iter().map(|entry| TrailLine::new(entry, &names)).collect();
    page(&TrailPage { frame, form, lines: Some(lines), is_later: before.is_some(), older })
}

/// The names of those who acted, by their ids.
async fn names(registry: &Shared, entries: &[Entry]) -> Result<BTreeMap<String, String>, Problem> {
    let people = entries.iter().filter_map(|entry| entry.person.as_ref()?.parse::<PersonId>().ok()).collect();
    let names = registry.store.names_of(&people).await?;
    Ok(names.into_iter().map(|(person, name)| (person.to_string(), name)).collect())
}

#[handler]
pub(crate) async fn export(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let form = form(request);
    let fault = |error: FieldError| FieldFault {
        code: "unreadable".to_owned(),
        read: form.value(&error.field).chars().take(80).collect(),
        pointer: error.field,
        message: error.message,
    };
    let wanted = search(&form).map_err(|errors| Problem::invalid(errors.into_iter().map(fault).collect()))?;
    registry.note_reading(visitor, Read::Exported, &wanted).await?;
    let name = format!("attachment; filename=\"trail-{}.csv\"", visitor.at.day());
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_bytes_stream(table(registry.clone(), wanted))))
}

/// The table in pieces: its head, then some lines at a time.
fn table(registry: Shared, search: Search) -> impl Stream<Item = io::Result<Bytes>> {
    let head = stream::once(async { Ok(Bytes::from(heads())) });
    let lines = stream::try_unfold((registry, search, MOST_EXPORTED), |(registry, search, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let found = registry.store.trail(&search, left.min(AT_A_TIME)).await;
        // The answer breaks off, and whoever takes it sees that it is not whole.
        let found = found.map_err(|error| io::Error::other(Problem::internal(&error).detail.en))?;
        let Some(last) = found.items.last() else { return Ok(None) };
        let left = if found.has_more { left - found.items.len() as u64 } else { 0 };
        let search = Search { before: Some(last.id), ..search };
        Ok(Some((Bytes::from(lines(&found.items)), (registry, search, left))))
    });
    stream::StreamExt::chain(head, lines)
}

fn heads() -> String {
    let mut head = BOM.to_owned();
    push_line(
        &mut head,
        [
            "行",
            "日時（UTC）",
            "利用者番号",
            "役割",
            "組織",
            "何を",
            "何について",
            "結果",
            "詳細",
            "記録",
            "アドレス",
            "証明",
            "要求番号",
        ],
    );
    head
}

fn lines(entries: &[Entry]) -> String {
    let mut lines = String::new();
    for entry in entries {
        let (id, seq) = (entry.id.to_string(), entry.seq.map(|seq| seq.to_string()));
        let may_be = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            id,
            entry.at.clone(),
            may_be(&entry.person),
            may_be(&entry.role),
            may_be(&entry.organisation),
            entry.what.clone(),
            may_be(&entry.subject),
            entry.outcome.clone(),
            may_be(&entry.detail),
            may_be(&seq),
            may_be(&entry.address),
            entry.proof.clone(),
            entry.request.clone(),
        ];
        push_line(&mut lines, cells.iter().map(String::as_str));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line has as many cells as the head, and what somebody sent is no formula.
    #[test]
    fn a_line_has_a_cell_for_each_head() {
        let entry = Entry {
            id: 7,
            at: "2026-11-20T15:00:09Z".to_owned(),
            request: "r".to_owned(),
            person: None,
            role: None,
            organisation: None,
            proof: "nobody".to_owned(),
            address: Some("2001:db8::1".to_owned()),
            what: "POST /people".to_owned(),
            subject: Some("=cmd".to_owned()),
            outcome: "refused".to_owned(),
            detail: None,
            seq: None,
        };
        let line = lines(&[entry]);
        assert_eq!(line, "7,2026-11-20T15:00:09Z,,,,POST /people,'=cmd,refused,,,2001:db8::1,nobody,r\r\n");
        assert_eq!(heads().matches(',').count(), line.matches(',').count());
        assert!(heads().starts_with('\u{feff}') && heads().ends_with("\r\n"));
    }
}
