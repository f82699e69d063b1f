//! What the register remembers of a provider, for the experience that class 2 asks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period};

/// The register's history of one provider's class-1 service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrackRecord {
    /// The terms for which it was registered, in any order.
    pub class_one_terms: Vec<Period>,
    /// For each company (by whatever names it once and for all) the periods in which it was given the service.
    pub companies: BTreeMap<String, Vec<Period>>,
}

impl TrackRecord {
    /// The longest unbroken run of registered terms before `day`.
    pub fn registered_before(&self, day: Day) -> Option<Period> {
        longest_run(&self.class_one_terms, day)
    }

    /// Companies that were given the service for `years` or more without a break before `day`.
    pub fn companies_for_years_before(&self, day: Day, years: u8) -> u64 {
        let long = |periods: &&Vec<Period>| longest_run(periods, day).is_some_and(|run| is_at_least(run, years));
        self.companies.values().filter(long).count() as u64
    }

    /// Companies that were given the service on any day before `day`.
    pub fn companies_before(&self, day: Day) -> u64 {
        self.companies.values().filter(|periods| longest_run(periods, day).is_some()).count() as u64
    }

    /// From the first day on which any company was given the service to the last, before `day`.
    pub fn service_span_before(&self, day: Day) -> Option<Period> {
        let periods = self.companies.values().flatten().filter_map(|period| before(*period, day));
        periods.reduce(|a, b| Period { from: a.from.min(b.from), until: a.until.max(b.until) })
    }
}

/// Has the period lasted `years`? A term that ends with the day before the day of the same date has.
pub(super) fn is_at_least(period: Period, years: u8) -> bool {
    Period::of_years(period.from, years).until <= period.until
}

/// Periods that touch or overlap are one run. Of two equally long runs, the later one.
fn longest_run(periods: &[Period], day: Day) -> Option<Period> {
    let mut periods: Vec<_> = periods.iter().filter_map(|period| before(*period, day)).collect();
    periods.sort_by_key(|period| period.from);
    let mut runs: Vec<Period> = Vec::new();
    for period in periods {
        match runs.last_mut() {
            Some(run) if period.from <= run.until => run.until = run.until.max(period.until),
            _ => runs.push(period),
        }
    }
    runs.into_iter().max_by_key(|run| run.from.days_until(run.until))
}

/// The part of a period before `day`: what has not happened yet does not count.
fn before(period: Period, day: Day) -> Option<Period> {
    let until = period.until.min(day);
    (period.from < until).then_some(Period { from: period.from, until })
}
