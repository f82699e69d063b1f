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
    /// For each company (by whatever names it once and for all) the periods in which it was given the service, registered
    /// or not.
    pub companies: BTreeMap<String, Vec<Period>>,
}

impl TrackRecord {
    /// The run of registered terms that counts on `day`: the one that holds then, if it has lasted `years`; else the
    /// longest of those before.
    pub fn registered_before(&self, day: Day, years: u8) -> Option<Period> {
        let runs = runs(&self.class_one_terms, day);
        let holds = runs.last().copied().filter(|run| run.until == day && is_at_least(*run, years));
        holds.or(longest(runs))
    }

    /// Companies that were given the registered service for `years` or more without a break before `day`.
    pub fn companies_for_years_before(&self, day: Day, years: u8) -> u64 {
        let long = |runs: &Vec<Period>| runs.iter().any(|run| is_at_least(*run, years));
        self.served_before(day).filter(long).count() as u64
    }

    /// Companies that were given the registered service on any day before `day`.
    pub fn companies_before(&self, day: Day) -> u64 {
        self.served_before(day).count() as u64
    }

    /// From the first day on which any company was given the registered service to the last, before `day`.
    pub fn service_span_before(&self, day: Day) -> Option<Period> {
        let periods = self.served_before(day).flatten();
        periods.reduce(|a, b| Period { from: a.from.min(b.from), until: a.until.max(b.until) })
    }

    /// Was it registered for `years` without a break, up to `day`?
    pub fn held_on(&self, day: Day, years: u8) -> bool {
        self.registered_before(day, years).is_some_and(|run| run.until == day && is_at_least(run, years))
    }

    /// The day on which the registration that holds on `day` will have been held for `years`, if its terms, as they were
    /// entered, reach that far.
    pub fn held_from(&self, day: Day, years: u8) -> Option<Day> {
        let run = self.holding(day)?;
        let reached = Period::of_years(run.from, years).until;
        (reached <= run.until).then_some(reached)
    }

    /// The day on which `companies` will have been served for `years` each, if those served last go on and the
    /// registration, as it was entered, holds until then.
    pub fn each_served_from(&self, day: Day, years: u8, companies: u64) -> Option<Day> {
        let goes_on = |run: &Period| run.until == day || is_at_least(*run, years);
        let reached = |runs: Vec<Period>| {
            runs.into_iter().filter(goes_on).map(|run| Period::of_years(run.from, years).until).min()
        };
        let mut days: Vec<Day> = self.served_before(day).filter_map(reached).collect();
        days.sort();
        let last = usize::try_from(companies).ok()?.checked_sub(1)?;
        days.get(last).copied().filter(|reached| self.holds_until(day, *reached))
    }

    /// The day on which the service will have been given for `years` in all, on the same terms.
    pub fn all_served_from(&self, day: Day, years: u8) -> Option<Day> {
        let span = self.service_span_before(day).filter(|span| span.until == day)?;
        Some(Period::of_years(span.from, years).until).filter(|reached| self.holds_until(day, *reached))
    }

    /// The run of terms that holds on `day`, to the end of what was entered.
    fn holding(&self, day: Day) -> Option<Period> {
        joined(self.class_one_terms.clone()).into_iter().find(|run| run.contains(day))
    }

    fn holds_until(&self, day: Day, until: Day) -> bool {
        self.holding(day).is_some_and(|run| until <= run.until)
    }

    /// For each company that was, the unbroken runs in which it was given the service while that was registered: what
    /// was sold before, or after the registration ended, is no class-1 service.
    fn served_before(&self, day: Day) -> impl Iterator<Item = Vec<Period>> {
        let registered = runs(&self.class_one_terms, day);
        self.companies.values().filter_map(move |periods| {
            let cut = |run: &Period| registered.iter().filter_map(|term| common(*run, *term)).collect::<Vec<_>>();
            let served: Vec<_> = runs(periods, day).iter().flat_map(cut).collect();
            (!served.is_empty()).then_some(served)
        })
    }
}

/// Has the period lasted `years`? A term that ends with the day before the day of the same date has.
pub(super) fn is_at_least(period: Period, years: u8) -> bool {
    Period::of_years(period.from, years).until <= period.until
}

/// Periods before `day`, [`joined`].
fn runs(periods: &[Period], day: Day) -> Vec<Period> {
    joined(periods.iter().filter_map(|period| before(*period, day)).collect())
}

/// Those that touch or overlap made one, in order.
fn joined(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_by_key(|period| period.from);
    let mut runs: Vec<Period> = Vec::new();
    for period in periods {
        match runs.last_mut() {
            Some(run) if period.from <= run.until => run.until = run.until.max(period.until),
            _ => runs.push(period),
        }
    }
    runs
}

/// Of two equally long runs, the later one.
fn longest(runs: Vec<Period>) -> Option<Period> {
    runs.into_iter().max_by_key(|run| run.from.days_until(run.until))
}

/// The days that both periods hold.
fn common(one: Period, other: Period) -> Option<Period> {
    let (from, until) = (one.from.max(other.from), one.until.min(other.until));
    (from < until).then_some(Period { from, until })
}

/// The part of a period before `day`: what has not happened yet does not count.
fn before(period: Period, day: Day) -> Option<Period> {
    let until = period.until.min(day);
    (period.from < until).then_some(Period { from: period.from, until })
}
