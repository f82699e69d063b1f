//! What is reported and checked of services once they are registered: what is due, what is late, what is published.

pub(crate) mod complaints;
pub(crate) mod csv;

use std::collections::BTreeMap;

use domain::act::RegistrationNumber;
use domain::authority::Power;
use domain::calendar::{Day, Period};
use domain::registration::Registration;
use domain::settings::Settings;
use domain::text::Text;
use domain::watching::{Aggregate, Duty, Matter, Progress, Report, aggregate, cut_offs, period_named};

use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Error, Search};

/// Registrations looked through at once.
const PAGE: u64 = 200;
/// Duties on one list.
const MOST: usize = 500;
/// Price checks on one list.
pub(crate) const PRICE_CHECKS: u64 = 100;

/// What is to be reported about a service and a period, and what was.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) duty: Duty,
    pub(crate) progress: Progress,
    pub(crate) report: Option<Report>,
}

/// Everything that is to be reported of a registration by `today`, the latest period first.
pub(crate) async fn lines(registry: &Registry, of: &Registration, today: Day) -> Result<Vec<Line>, Error> {
    let reports = registry.store.reports_of([&of.number]).await?;
    let mut lines = together(&*registry.store.settings().await?, of, reports, today);
    lines.reverse();
    Ok(lines)
}

fn together(settings: &Settings, of: &Registration, mut reports: Vec<Report>, today: Day) -> Vec<Line> {
    let line = |duty: Duty| {
        let is_it = |report: &Report| report.matter() == duty.matter && report.period == duty.period;
        let report = reports.iter().position(is_it).map(|place| reports.swap_remove(place));
        Line { duty, progress: duty.progress(report.as_ref(), today), report }
    };
    of.duties(settings, today).into_iter().map(line).collect()
}

/// A duty of a registration; none is there about another period.
pub(crate) async fn line(
    registry: &Registry,
    of: &Registration,
    matter: Matter,
    name: &str,
    today: Day,
) -> Result<Line, Problem> {
    let found = lines(registry, of, today).await?.into_iter();
    let period = period(name)?;
    let missing = || Problem::not_found(&Text::new("報告の期間", "period to report about"), name);
    found.into_iter().find(|line| line.duty.matter == matter && line.duty.period == period).ok_or_else(missing)
}

/// Reads a period's name; what cannot be one is not there.
pub(crate) fn period(name: &str) -> Result<Period, Problem> {
    let missing = || Problem::not_found(&Text::new("報告の期間", "period to report about"), name);
    period_named(name).ok_or_else(missing)
}

/// The same, where alert statistics are about such periods.
pub(crate) fn period_of_scheme(registry: &Registry, name: &str) -> Result<Period, Problem> {
    let found = period(name)?;
    let missing = || Problem::not_found(&Text::new("報告の期間", "period to report about"), name);
    (registry.scheme.alert_reports.period_of(found.from) == found).then_some(found).ok_or_else(missing)
}

/// The registration of that number, if this visitor may read what is reported of it.
pub(crate) async fn registration(
    registry: &Registry,
    visitor: &Visitor,
    number: &str,
) -> Result<std::sync::Arc<Registration>, Problem> {
    let missing = || Problem::not_found(&Text::new("登録", "registration"), number);
    let parsed: RegistrationNumber = number.parse().map_err(|_| missing())?;
    let found = registry.store.registration(&parsed).await?.ok_or_else(missing)?;
    visitor.actor.in_role(Power::ReadWatching, &found.object(), visitor.at.day())?;
    Ok(found)
}

/// What waits to be reported, of the services that this visitor may read about: the first to be due first.
pub(crate) async fn outstanding(registry: &Registry, visitor: &Visitor) -> Result<Vec<(Registration, Line)>, Problem> {
    let today = visitor.at.day();
    let extent = visitor.actor.extent(Power::ReadWatching, today);
    let mut found = Vec::new();
    if extent.is_everything {
        let mut search = Search { limit: PAGE, ..Search::default() };
        loop {
            let page = registry.store.search(&search).await?;
            search.after = page.items.last().map(|last| last.number.clone());
            wait_for(registry, page.items, today, &mut found).await?;
            if !page.has_more {
                break;
            }
        }
    } else {
        for owner in &extent.organisations {
            wait_for(registry, registry.store.registrations_of(owner).await?, today, &mut found).await?;
        }
    }
    found.sort_by_key(|(_, line)| line.duty.due);
    found.truncate(MOST);
    Ok(found)
}

async fn wait_for(
    registry: &Registry,
    registrations: Vec<Registration>,
    today: Day,
    found: &mut Vec<(Registration, Line)>,
) -> Result<(), Error> {
    let mut reports: BTreeMap<RegistrationNumber, Vec<Report>> = BTreeMap::new();
    for report in registry.store.reports_of(registrations.iter().map(|one| &one.number)).await? {
        reports.entry(report.registration.clone()).or_default().push(report);
    }
    let settings = registry.store.settings().await?;
    for registration in registrations {
        let own = reports.remove(&registration.number).unwrap_or_default();
        let waiting = together(&settings, &registration, own, today).into_iter();
        let waiting = waiting.filter(|line| matches!(line.progress, Progress::Open | Progress::Missing { .. }));
        found.extend(waiting.map(|line| (registration.clone(), line)));
    }
    Ok(())
}

/// The periods whose alert statistics may have been published by `today`, the latest first.
pub(crate) async fn published_periods(registry: &Registry, today: Day) -> Result<Vec<Period>, Error> {
    let names = registry.store.periods_of(Matter::Alerts).await?;
    let settings = registry.store.settings().await?;
    let periods = names.iter().rev().filter_map(|name| period_named(name));
    Ok(periods.filter(|period| is_over(&settings, *period, today)).collect())
}

/// The alert statistics of a period over all services. None while too few providers have reported in time.
pub(crate) async fn statistics(registry: &Registry, period: Period, today: Day) -> Result<Option<Aggregate>, Error> {
    let settings = registry.store.settings().await?;
    if !is_over(&settings, period, today) {
        return Ok(None);
    }
    let reports = registry.store.reports_about(Matter::Alerts, period).await?;
    Ok(aggregate(&reports, &settings, period, today))
}

fn is_over(settings: &Settings, period: Period, today: Day) -> bool {
    cut_offs(settings, period, today).next().is_some()
}
