//! Statistics of cases, as a page and as a table for spreadsheets.

use domain::statistics::Statistics;
use poem::http::header;
use poem::web::Data;
use poem::{Request, Response, handler};

use super::csv::{BOM, push_line};
use super::desk::page_with;
use super::session::{Shared, desk_frame};
use super::view::form::{FieldError, Form};
use super::view::statistics::{StatisticsPage, asked, rows};
use super::{Answer, page};
use crate::acts::FieldFault;
use crate::caller::signed_in;
use crate::problem::{Problem, Told};
use crate::statistics;

fn form(request: &Request) -> Form {
    Form::of(request.params::<Vec<(String, String)>>().unwrap_or_default())
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let form = form(request);
    let frame = desk_frame(registry, visitor);
    let editions = registry.store.editions().await?;
    let fields = super::view::statistics::fields(&editions);
    match asked(&form, &fields) {
        Ok(wanted) => {
            let found = statistics::of(registry, visitor, &wanted).await?;
            page(&StatisticsPage { frame, form, fields, found: Some(found) })
        }
        Err(errors) => {
            page_with(Told::INVALID, &StatisticsPage { frame, form: form.with(errors), fields, found: None })
        }
    }
}

#[handler]
pub(crate) async fn export(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let form = form(request);
    let fields = super::view::statistics::fields(&*registry.store.editions().await?);
    let fault = |error: FieldError| FieldFault {
        code: "unreadable".to_owned(),
        read: form.value(&error.field).chars().take(80).collect(),
        pointer: error.field,
        message: error.message,
    };
    let wanted = asked(&form, &fields).map_err(|errors| Problem::invalid(errors.into_iter().map(fault).collect()))?;
    let found = statistics::of(registry, visitor, &wanted).await?;
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"statistics-{}.csv\"", visitor.at.day()))
        .header(header::CACHE_CONTROL, "no-store")
        .body(table(&found)))
}

fn table(found: &Statistics) -> String {
    let mut lines = BOM.to_owned();
    push_line(&mut lines, ["表", "対象", "項目", "値"]);
    for row in rows(found) {
        push_line(&mut lines, row.iter().map(String::as_str));
    }
    lines
}
