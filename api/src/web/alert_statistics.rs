//! Alert statistics over all services: a page for everybody, and a table for spreadsheets.

use domain::calendar::Day;
use domain::watching::name_of;
use poem::http::header;
use poem::web::Data;
use poem::{Request, Response, handler};

use super::csv::{BOM, push_line};
use super::session::{Shared, public_frame};
use super::view::watching::{StatisticsPage, cells};
use super::{Answer, page};
use crate::clock;
use crate::http::in_query;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::watching::{period_of_scheme, published_periods, statistics};

/// The statistics of the period that is asked about, or of the latest that are published.
#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&found(registry, request, clock::now().day()).await?)
}

#[handler]
pub(crate) async fn export(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let found = found(registry, request, clock::now().day()).await?;
    let mut lines = BOM.to_owned();
    push_line(&mut lines, ["期間", "集計日", "項目", "重大度", "件数"]);
    for row in cells(&found) {
        push_line(&mut lines, row.iter().map(String::as_str));
    }
    let name = found.period.map_or_else(|| "none".to_owned(), name_of);
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"alert-statistics-{name}.csv\""))
        .header(header::CACHE_CONTROL, "public, max-age=60")
        .body(lines))
}

async fn found(registry: &Registry, request: &Request, today: Day) -> Result<StatisticsPage, Problem> {
    let asked = in_query(request.uri(), "period");
    let periods = published_periods(registry, today).await?;
    let asked = if asked.is_empty() { None } else { Some(period_of_scheme(registry, &asked)?) };
    let mut shown = None;
    for period in asked.iter().copied().chain(periods.iter().copied().filter(|_| asked.is_none())) {
        shown = statistics(registry, period, today).await?;
        if shown.is_some() {
            break;
        }
    }
    Ok(StatisticsPage {
        frame: public_frame(registry, request),
        least: registry.scheme.alert_reports.least_providers,
        period: asked.or(shown.as_ref().map(|shown| shown.period)),
        periods,
        shown,
    })
}
