//! What providers report of their registered services, and what waits to be reported.

use data_encoding::HEXLOWER;
use domain::authority::Power;
use domain::registration::Registration;
use domain::text::Text;
use domain::watching::{AlertFigures, Contents, Matter, name_of};
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{CheckPrice, FileReport, asked};
use crate::caller::{Visitor, signed_in};
use crate::evidence::form::Attached;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::watching::{Line, PRICE_CHECKS, csv, line, lines, outstanding, registration};
use crate::web::csv::{BOM, push_line};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::checks::{SelfCheckPage, check_fields, checked_form, price, price_fields, read_check};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::watching::{AlertReportPage, DutyLine, ReportsPage, WatchingPage, fields, filled};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = outstanding(registry, visitor).await?;
    let lines = found.iter().map(|(of, line)| DutyLine::new(of, line)).collect();
    page(&WatchingPage { frame: desk_frame(registry, visitor), lines })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    page(&overview(registry, visitor, &found, Form::default()).await?)
}

/// What is to be reported of a registration, and what was checked of its prices; `form` is that of a price check.
async fn overview(
    registry: &Registry,
    visitor: &Visitor,
    of: &Registration,
    form: Form,
) -> Result<ReportsPage, Problem> {
    let lines = lines(registry, of, visitor.at.day()).await?;
    let checks = registry.store.price_checks_of(&of.number, PRICE_CHECKS).await?;
    let posted = form.value("key");
    // A second click is the same check.
    let is_key = posted.len() == 32 && posted.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = if is_key { posted.to_owned() } else { HEXLOWER.encode(&registry.draw_name()) };
    let may_check = visitor.actor.in_role(Power::CheckPrice, &of.object(), visitor.at.day()).is_ok();
    Ok(ReportsPage {
        frame: desk_frame(registry, visitor),
        number: of.number.to_string(),
        service: of.listing.service_name.clone(),
        lines: lines.iter().map(|line| DutyLine::new(of, line)).collect(),
        checks,
        check: may_check.then(|| (key, price_fields(&of.listing.prices))),
        form,
    })
}

/// A price that was seen, against a registered line.
#[handler]
pub(crate) async fn check_price(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    visitor.actor.in_role(Power::CheckPrice, &found.object(), visitor.at.day())?;
    let form = Form::of(typed.0);
    let seen = match form.read(&price_fields(&found.listing.prices)).and_then(|read| price(&read)) {
        Ok(seen) => seen,
        Err(errors) => {
            return page_with(Told::INVALID, &overview(registry, visitor, &found, form.with(errors)).await?);
        }
    };
    let (line, advertised) = seen;
    let key = overview(registry, visitor, &found, form.clone()).await?.check.map(|(key, _)| key);
    let deed = CheckPrice { registration: found.number.clone(), line, advertised };
    match registry.perform(deed, visitor.call(None, key)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}/watching#prices"))),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &overview(registry, visitor, &found, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// One year's self-check, and for the provider the form to report or to correct it.
#[handler]
pub(crate) async fn self_check(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, period)): Path<(String, String)>,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    let line = line(registry, &found, Matter::SelfCheck, &period, visitor.at.day()).await?;
    let form = line.report.as_ref().map(|report| checked_form(&report.last().contents));
    page(&checking(registry, visitor, &found, &line, form.unwrap_or_default()).await?)
}

async fn checking(
    registry: &Registry,
    visitor: &Visitor,
    of: &Registration,
    line: &Line,
    form: Form,
) -> Result<SelfCheckPage, Problem> {
    let asked = asked(&*registry.store.editions().await?, of)?;
    let missing = || Problem::internal(&format!("no application of {}", of.number));
    let case = registry.store.application(of.judged_whole_on()).await?.ok_or_else(missing)?;
    let mut criteria = case::lines(registry, &case).await?;
    criteria.retain(|line| asked.contains(&line.criterion));
    let may = visitor.actor.in_role(Power::FileReport, &of.object(), visitor.at.day()).is_ok();
    Ok(SelfCheckPage {
        frame: desk_frame(registry, visitor),
        line: DutyLine::new(of, line),
        filings: line.report.iter().flat_map(|report| report.filings.iter().rev().cloned()).collect(),
        may_file: may && visitor.at.day() >= line.duty.opens,
        fields: check_fields(&asked),
        criteria,
        form,
    })
}

#[handler]
pub(crate) async fn file_check(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, period)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    visitor.actor.in_role(Power::FileReport, &found.object(), visitor.at.day())?;
    let known = line(registry, &found, Matter::SelfCheck, &period, visitor.at.day()).await?;
    let form = Form::of(typed.0);
    let asked = asked(&*registry.store.editions().await?, &found).map_err(Problem::from)?;
    let checked = match read_check(&form, &asked) {
        Ok(checked) => checked,
        Err(errors) => {
            let page = checking(registry, visitor, &found, &known, form.with(errors)).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    let contents = Contents::SelfCheck(checked);
    let deed = FileReport { registration: found.number.clone(), period: known.duty.period, contents };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}/watching"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = line(registry, &found, Matter::SelfCheck, &period, visitor.at.day()).await?;
            page_with(&problem, &checking(registry, visitor, &found, &now, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// What was reported about a period, and for the provider the form to report or to correct it.
#[handler]
pub(crate) async fn alerts(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, period)): Path<(String, String)>,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    let line = line(registry, &found, Matter::Alerts, &period, visitor.at.day()).await?;
    let form = reported(&line).map(filled);
    page(&shown(registry, visitor, &found, &line, form.unwrap_or_default()))
}

/// The figures that count.
fn reported(line: &Line) -> Option<&AlertFigures> {
    match &line.report.as_ref()?.last().contents {
        Contents::Alerts(figures) => Some(figures),
        Contents::SelfCheck(_) => None,
    }
}

fn shown(registry: &Registry, visitor: &Visitor, of: &Registration, line: &Line, form: Form) -> AlertReportPage {
    let may = visitor.actor.in_role(Power::FileReport, &of.object(), visitor.at.day()).is_ok();
    AlertReportPage {
        frame: desk_frame(registry, visitor),
        line: DutyLine::new(of, line),
        filings: line.report.iter().flat_map(|report| report.filings.iter().rev().cloned()).collect(),
        may_file: may && visitor.at.day() >= line.duty.opens,
        fields: fields(),
        form,
    }
}

#[handler]
pub(crate) async fn file_report(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(named): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let form = Form::of(typed.0);
    let read = form.read(&fields()).and_then(|value| {
        let unreadable = |error: serde_json::Error| {
            vec![FieldError {
                field: String::new(),
                message: Text::new(format!("読み取れません：{error}"), error.to_string()),
            }]
        };
        serde_json::from_value(value).map_err(unreadable)
    });
    filed(request, registry, named, form, read).await
}

/// The same from a file.
#[handler]
pub(crate) async fn file_csv(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(named): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let form = Form::of(typed.0);
    let files = request.extensions().get::<Vec<Attached>>().cloned().unwrap_or_default();
    let read = match files.iter().find(|file| !file.name.is_empty()) {
        Some(file) => csv::read(&file.bytes).map_err(|faults| faults.into_iter().map(of_file).collect()),
        None => {
            let message = Text::new("CSVファイルを選んでください。", "Choose a CSV file.");
            Err(vec![FieldError { field: "/file".to_owned(), message }])
        }
    };
    filed(request, registry, named, form, read).await
}

/// A fault of a line says by itself where it is; the form's own fields are elsewhere.
fn of_file(fault: crate::acts::FieldFault) -> FieldError {
    FieldError { field: "/file".to_owned(), message: fault.message }
}

async fn filed(
    request: &Request,
    registry: &Shared,
    (number, period): (String, String),
    form: Form,
    read: Result<AlertFigures, Vec<FieldError>>,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    visitor.actor.in_role(Power::FileReport, &found.object(), visitor.at.day())?;
    let known = line(registry, &found, Matter::Alerts, &period, visitor.at.day()).await?;
    let figures = match read {
        Ok(figures) => figures,
        Err(errors) => {
            return page_with(Told::INVALID, &shown(registry, visitor, &found, &known, form.with(errors)));
        }
    };
    let deed = FileReport {
        registration: found.number.clone(),
        period: known.duty.period,
        contents: Contents::Alerts(figures.clone()),
    };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}/watching"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = line(registry, &found, Matter::Alerts, &period, visitor.at.day()).await?;
            // What came in a file is shown in the fields as well, so that nothing of it is lost.
            let form = refused(form.over(&filled(&figures)), &problem);
            page_with(&problem, &shown(registry, visitor, &found, &now, form))
        }
        Err(problem) => Err(problem),
    }
}

/// A file to fill in: what was reported last, or zeroes.
#[handler]
pub(crate) async fn template(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, period)): Path<(String, String)>,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, visitor, &number).await?;
    let line = line(registry, &found, Matter::Alerts, &period, visitor.at.day()).await?;
    let mut lines = BOM.to_owned();
    for cells in csv::lines(reported(&line)) {
        push_line(&mut lines, cells.iter().map(String::as_str));
    }
    let name = format!("alerts-{}-{}.csv", found.number, name_of(line.duty.period));
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(lines))
}
