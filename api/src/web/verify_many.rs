//! Many marks at once: up to a thousand numbers or links, as a page or as a table.

use poem::http::{StatusCode, header};
use poem::web::{Data, Form};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::session::{Shared, public_frame};
use super::view::verify_many::{Answered, VerifyManyPage};
use super::{Answer, page};
use crate::clock;
use crate::verification::{MOST, codes_in, verify};

/// Numbers and links, one a line.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    codes: String,
    /// Whoever wants the table, not the page.
    csv: String,
}

#[handler]
pub(super) fn form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let frame = public_frame(registry, request);
    page(&VerifyManyPage { frame, typed: String::new(), refused: None, answered: None })
}

#[handler]
pub(super) async fn ask(request: &Request, Data(registry): Data<&Shared>, Form(typed): Form<Typed>) -> Answer {
    let (now, frame) = (clock::now(), public_frame(registry, request));
    let codes = codes_in(registry, &typed.codes);
    if codes.is_empty() || codes.len() > MOST {
        let refused = Some(codes.len());
        let mut refused = page(&VerifyManyPage { frame, typed: typed.codes, refused, answered: None })?;
        refused.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(refused);
    }
    let mut lines = Vec::with_capacity(codes.len());
    for (number, code) in codes {
        lines.push((number, verify(registry, &code, now).await));
    }
    let answered = Answered { at: now, lines };
    let mut response = if typed.csv.is_empty() {
        page(&VerifyManyPage { frame, typed: typed.codes, refused: None, answered: Some(answered) })?
    } else {
        let name = format!("attachment; filename=\"marks-{}.csv\"", now.day());
        let response = Response::builder().content_type("text/csv; charset=utf-8");
        response.header(header::CONTENT_DISPOSITION, name).body(answered.table())
    };
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
