//! Many at once: what would be done, line by line, and doing it.

use data_encoding::HEXLOWER;
use domain::calendar::Day;
use domain::text::Text;
use poem::web::Data;
use poem::{Request, handler};

use super::desk::{Typed, page_with};
use super::session::{Shared, desk_frame};
use super::view::bulk::{BulkPage, FIELDS, Found};
use super::view::form::{FieldError, Form};
use super::{Answer, page};
use crate::bulk::{self, Bulk, Line};
use crate::caller::{Visitor, signed_in};
use crate::problem::{Problem, Told};
use crate::registry::Registry;

/// What a form asks for; none where it asks for nothing.
fn asked(form: &Form) -> Result<Option<Bulk>, Vec<FieldError>> {
    if form.typed.iter().all(|(name, _)| !name.starts_with('/')) {
        return Ok(None);
    }
    let read = form.read(&FIELDS)?;
    let first = read.get("first").and_then(|value| value.as_str()).and_then(|text| text.parse::<Day>().ok());
    let needed = || {
        let message = Text::new("新規の登録の初日を入力してください。", "Name the first day of new terms.");
        vec![FieldError { field: "/first".to_owned(), message }]
    };
    match read["kind"].as_str() {
        Some("enter") => Ok(Some(Bulk::Enter { first: first.ok_or_else(needed)? })),
        Some("license") => Ok(Some(Bulk::License)),
        Some("reissue") => Ok(Some(Bulk::Reissue)),
        _ => Ok(Some(Bulk::Remind)),
    }
}

async fn previewed(registry: &Shared, visitor: &Visitor, bulk: Bulk) -> Result<Found, Problem> {
    bulk::may(visitor, bulk)?;
    let (lines, is_cut) = bulk::candidates(registry, visitor, bulk).await?;
    let outcomes = bulk::run(registry, visitor, bulk, lines, None).await?;
    Ok(Found::new(outcomes, is_cut, Some(HEXLOWER.encode(&registry.draw_name()))))
}

fn shown(registry: &Registry, visitor: &Visitor, form: Form, found: Option<Found>) -> BulkPage {
    BulkPage { frame: desk_frame(registry, visitor), form, found }
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(request.params::<Vec<(String, String)>>().unwrap_or_default());
    match asked(&form) {
        Ok(None) => page(&shown(registry, visitor, form, None)),
        Ok(Some(bulk)) => {
            let found = previewed(registry, visitor, bulk).await?;
            page(&shown(registry, visitor, form, Some(found)))
        }
        Err(errors) => page_with(Told::INVALID, &shown(registry, visitor, form.with(errors), None)),
    }
}

#[handler]
pub(crate) async fn perform(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let (visitor, form) = (signed_in(request)?, Form::of(typed.0));
    let bulk = match asked(&form) {
        Ok(Some(bulk)) => bulk,
        Ok(None) => {
            let message = Text::new("何を行うかを選び、行を選んでください。", "Choose what is done, and the lines.");
            let error = FieldError { field: String::new(), message };
            return page_with(Told::INVALID, &shown(registry, visitor, form.with([error]), None));
        }
        Err(errors) => return page_with(Told::INVALID, &shown(registry, visitor, form.with(errors), None)),
    };
    bulk::may(visitor, bulk)?;
    let lines: Vec<Line> = form.values("line").filter_map(|line| line.parse().ok()).take(bulk::LINES).collect();
    let key = form.value("key").to_owned();
    let is_key = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    if lines.is_empty() || !is_key {
        let message = Text::new("行を一つ以上選んでください。", "Choose one line at the least.");
        let error = FieldError { field: String::new(), message };
        let found = previewed(registry, visitor, bulk).await?;
        return page_with(Told::INVALID, &shown(registry, visitor, form.with([error]), Some(found)));
    }
    let outcomes = bulk::run(registry, visitor, bulk, lines, Some(&key)).await?;
    page(&shown(registry, visitor, form, Some(Found::new(outcomes, false, None))))
}
