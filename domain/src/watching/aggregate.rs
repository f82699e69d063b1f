//! Alert statistics over all services, as they are published.
//!
//! They are counted as of the due day, and counted anew as of later due days only where enough providers' figures have
//! changed: one report more, or one correction, would else be the difference between what was published before and
//! after.

use std::collections::BTreeSet;

use super::{AlertFigures, Category, Contents, Count, Filing, Report, Severity, Table, suppress};
use crate::act::{OrganisationId, RegistrationNumber};
use crate::calendar::{Day, Period};
use crate::scheme::AlertReports;
use crate::settings::Settings;

/// The figures of a period over all services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    pub period: Period,
    /// The day at whose end it was counted.
    pub as_of: Day,
    pub services: usize,
    pub providers: usize,
    /// Users, devices, incidents and dispatches; none where too few providers stand behind it.
    pub totals: Vec<(Count, Option<u64>)>,
    /// A row for each category and a column for each severity, totals last.
    pub alerts: Table,
}

/// A service's figures, and whose service it is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Figures<'a> {
    registration: &'a RegistrationNumber,
    provider: &'a OrganisationId,
    figures: &'a AlertFigures,
}

/// The days at whose end the figures of `period` are counted, as far as they are over: the due day, and those of later
/// periods.
pub fn cut_offs(settings: &Settings, period: Period, today: Day) -> impl Iterator<Item = Day> {
    let rules = &settings.scheme.alert_reports;
    let later = std::iter::successors(Some(period), |period| Some(rules.period_of(period.until)));
    later.map(|period| settings.alerts_due(period)).take_while(move |due| *due < today)
}

/// What is published about a period on `today`; `reports` are all about it. None while too few providers have reported.
pub fn aggregate(reports: &[Report], settings: &Settings, period: Period, today: Day) -> Option<Aggregate> {
    let rules = &settings.scheme.alert_reports;
    let mut counted: Option<(Day, Vec<Figures<'_>>)> = None;
    for day in cut_offs(settings, period, today) {
        let figures: Vec<_> = reports.iter().filter_map(|report| of(report, report.as_of(day)?)).collect();
        let before = counted.as_ref().map_or(&[][..], |(_, figures)| figures);
        if changed(before, &figures).len() >= rules.least_providers {
            counted = Some((day, figures));
        }
    }
    counted.map(|(as_of, figures)| published(&figures, rules, period, as_of))
}

fn of<'a>(report: &'a Report, filing: &'a Filing) -> Option<Figures<'a>> {
    let Contents::Alerts(figures) = &filing.contents else { return None };
    Some(Figures { registration: &report.registration, provider: &filing.provider, figures })
}

/// Whose figures are not the same in both.
fn changed<'a>(before: &[Figures<'a>], after: &[Figures<'a>]) -> BTreeSet<&'a OrganisationId> {
    let only = |own: &[Figures<'a>], other: &[Figures<'a>]| {
        own.iter().filter(|one| !other.contains(one)).map(|one| one.provider).collect::<Vec<_>>()
    };
    only(before, after).into_iter().chain(only(after, before)).collect()
}

fn published(of: &[Figures<'_>], rules: &AlertReports, period: Period, as_of: Day) -> Aggregate {
    // The sum of some counts, and how many providers stand behind it.
    let sum = |counts: &[Count]| {
        let one = |figures: &AlertFigures| counts.iter().filter_map(|count| figures.get(*count)).map(u64::from).sum();
        let each: Vec<(&OrganisationId, u64)> = of.iter().map(|own| (own.provider, one(own.figures))).collect();
        let behind: BTreeSet<_> = each.iter().filter(|(_, figure)| *figure > 0).map(|(provider, _)| provider).collect();
        (each.iter().map(|(_, figure)| figure).sum::<u64>(), behind.len())
    };
    let is_small = |behind: usize| (1..rules.least_providers).contains(&behind);
    let total = |count: Count| {
        let (figure, behind) = sum(&[count]);
        (count, (!is_small(behind)).then_some(figure))
    };
    let (categories, severities) = (groups(&Category::ALL), groups(&Severity::ALL));
    let cells = categories.iter().map(|categories| {
        let cell = |severities: &&[Severity]| {
            let counts = categories.iter().flat_map(|one| severities.iter().map(|other| Count::Alerts(*one, *other)));
            sum(&counts.collect::<Vec<_>>())
        };
        severities.iter().map(cell).collect::<Vec<_>>()
    });
    let cells: Vec<Vec<(u64, usize)>> = cells.collect();
    let figures: Vec<Vec<u64>> = cells.iter().map(|row| row.iter().map(|(figure, _)| *figure).collect()).collect();
    Aggregate {
        period,
        as_of,
        services: of.len(),
        providers: of.iter().map(|own| own.provider).collect::<BTreeSet<_>>().len(),
        totals: [Count::Users, Count::Devices, Count::Incidents, Count::Dispatches].map(total).to_vec(),
        alerts: suppress(&figures, |row, column| is_small(cells[row][column].1)),
    }
}

/// Each by itself, and all together.
fn groups<T>(all: &[T]) -> Vec<&[T]> {
    all.chunks(1).chain([all]).collect()
}
