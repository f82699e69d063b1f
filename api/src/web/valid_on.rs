//! Were these in force on those days? Up to a thousand lines, as a page or as a table.

use poem::http::{StatusCode, header};
use poem::web::{Data, Form};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::session::{Shared, public_frame};
use super::view::valid_on::{Answered, ValidOnPage};
use super::{Answer, language, page};
use crate::clock;
use crate::valid_on::{MOST, Question, answer, read_lines};

/// Lines of numbers and days.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    lines: String,
    /// Whoever wants the table, not the page.
    csv: String,
}

/// The form; a link may bring its first lines along.
#[handler]
pub(super) fn form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let typed = request.params::<Typed>().unwrap_or_default().lines.chars().take(2_000).collect();
    page(&ValidOnPage { frame: public_frame(registry, request), typed, refused: None, answered: None })
}

#[handler]
pub(super) async fn ask(request: &Request, Data(registry): Data<&Shared>, Form(typed): Form<Typed>) -> Answer {
    let now = clock::now();
    let lines = read_lines(&typed.lines, now);
    if lines.is_empty() || lines.len() > MOST {
        let (frame, refused) = (public_frame(registry, request), Some(lines.len()));
        let mut refused = page(&ValidOnPage { frame, typed: typed.lines, refused, answered: None })?;
        refused.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(refused);
    }
    let questions: Vec<Question> = lines.iter().filter_map(|line| line.question.clone().ok()).collect();
    let mut found = answer(registry, &questions, now).await?.into_iter();
    let with_found = |line: crate::valid_on::Line| {
        let held = line.question.as_ref().ok().and_then(|_| found.next()).unwrap_or_default();
        (line, held)
    };
    let answered = Answered { at: now, lines: lines.into_iter().map(with_found).collect() };
    if typed.csv.is_empty() {
        let frame = public_frame(registry, request);
        return page(&ValidOnPage { frame, typed: typed.lines, refused: None, answered: Some(answered) });
    }
    let name = format!("attachment; filename=\"valid-on-{}.csv\"", now.day());
    let response = Response::builder().content_type("text/csv; charset=utf-8");
    let response = response.header(header::CONTENT_DISPOSITION, name).header(header::CACHE_CONTROL, "no-store");
    Ok(response.body(answered.table(language(request))))
}
