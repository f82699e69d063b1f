//! A round of registrations: the page, the text and the table to copy.

use domain::round::announcement;
use domain::text::Language;
use poem::http::header;
use poem::web::Data;
use poem::{Request, Response, handler};

use super::csv::{BOM, push_line};
use super::desk::page_with;
use super::session::{Shared, desk_frame};
use super::view::form::{FieldError, Form};
use super::view::round::{RoundPage, asked, needed_day};
use super::{Answer, page};
use crate::caller::{Visitor, signed_in};
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::round::{Announced, of, of_days};

fn form(request: &Request) -> Form {
    Form::of(request.params::<Vec<(String, String)>>().unwrap_or_default())
}

/// What a query asks for; none where it asks for nothing.
async fn found(registry: &Registry, visitor: &Visitor, form: &Form) -> Result<Option<Announced>, Vec<FieldError>> {
    if form.typed.is_empty() {
        return Ok(None);
    }
    let (from, until, first) = asked(form)?;
    let errors = |problem: Problem| problem.errors.into_iter().map(FieldError::from).collect::<Vec<_>>();
    let round = of_days(from, until).map_err(errors)?;
    of(registry, visitor, round, first)
        .await
        .map(Some)
        .map_err(|problem| vec![FieldError { field: String::new(), message: problem.detail }])
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let (visitor, form) = (signed_in(request)?, form(request));
    let frame = desk_frame(registry, visitor);
    match found(registry, visitor, &form).await {
        Ok(found) => page(&RoundPage::new(frame, form, found.as_ref())),
        Err(errors) => page_with(Told::INVALID, &RoundPage::new(frame, form.with(errors), None)),
    }
}

/// What the links of the page ask for.
async fn asked_for(request: &Request, registry: &Registry) -> Result<Announced, Problem> {
    let (visitor, form) = (signed_in(request)?, form(request));
    let fault = |error: FieldError| crate::acts::FieldFault {
        code: "unreadable".to_owned(),
        read: String::new(),
        pointer: error.field,
        message: error.message,
    };
    let missing = || Problem::unreadable("/from", "", needed_day());
    match found(registry, visitor, &form).await {
        Ok(found) => found.ok_or_else(missing),
        Err(errors) => Err(Problem::invalid(errors.into_iter().map(fault).collect())),
    }
}

fn file(name: &str, kind: &str, body: String) -> Response {
    Response::builder()
        .content_type(kind)
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

#[handler]
pub(crate) async fn text(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let found = asked_for(request, registry).await?;
    let language = if in_query(request.uri(), "language") == "en" { Language::En } else { Language::Ja };
    let text = announcement(&found.round, &found.all());
    let name = format!("round-{}.txt", found.round.from);
    Ok(file(&name, "text/plain; charset=utf-8", text.of(language).to_owned()))
}

#[handler]
pub(crate) async fn table(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let found = asked_for(request, registry).await?;
    let mut lines = BOM.to_owned();
    push_line(
        &mut lines,
        [
            "登録番号",
            "サービス名",
            "よみ",
            "提供事業者",
            "法人番号",
            "類",
            "有効期間の初日",
            "有効期間の末日",
            "新規・更新",
        ],
    );
    for entry in found.all() {
        let (listing, provider) = (&entry.listing, &entry.listing.provider);
        let number = entry.number.as_ref().map(ToString::to_string).unwrap_or_default();
        let corporate = provider.legal_entity_number.as_ref().map(ToString::to_string).unwrap_or_default();
        let class = u8::from(listing.class).to_string();
        let (from, last) = (entry.term.from.to_string(), entry.term.last_day().to_string());
        let kind = if entry.is_renewal { "更新" } else { "新規" };
        let cells: [&str; 9] = [
            &number,
            &listing.service_name,
            &listing.service_name_kana,
            &provider.trade_name,
            &corporate,
            &class,
            &from,
            &last,
            kind,
        ];
        push_line(&mut lines, cells);
    }
    Ok(file(&format!("round-{}.csv", found.round.from), "text/csv; charset=utf-8", lines))
}
