//! What is to be reported of a registered service, about which period, and by when.

use crate::calendar::{Day, Period};
use crate::registration::Registration;
use crate::scheme::AlertReports;
use crate::settings::{Figure, Settings};
use crate::text::Text;

use super::Report;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// アラートの統計情報
    Alerts,
    /// 自己点検
    SelfCheck,
}

/// A report that is due about a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    pub matter: Matter,
    pub period: Period,
    /// The first day on which it can be reported.
    pub opens: Day,
    /// The last day on which it is in time.
    pub due: Day,
}

/// How far a duty is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It cannot be reported yet.
    Ahead,
    /// It can be, and is in time until the due day.
    Open,
    /// Nothing was reported, and the due day was so many days ago.
    Missing {
        days: i64,
    },
    Filed,
    /// It was reported so many days after the due day.
    FiledLate {
        days: i64,
    },
}

impl Matter {
    pub const ALL: [Self; 2] = [Self::Alerts, Self::SelfCheck];

    /// The word in JSON, tables and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::SelfCheck => "self_check",
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::Alerts => Text::new("アラートの統計情報", "Alert statistics"),
            Self::SelfCheck => Text::new("自己点検", "Self-check"),
        }
    }
}

impl Progress {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Open => "open",
            Self::Missing { .. } => "missing",
            Self::Filed => "filed",
            Self::FiledLate { .. } => "filed_late",
        }
    }
}

impl Duty {
    /// How far it is on `today`, given what was reported. A correction makes nothing late that was in time.
    pub fn progress(&self, report: Option<&Report>, today: Day) -> Progress {
        let first = report.and_then(|report| report.filings.first()).map(|filing| filing.at.day());
        match (first, self.due.days_until(first.unwrap_or(today))) {
            (Some(_), days) if days > 0 => Progress::FiledLate { days },
            (Some(_), _) => Progress::Filed,
            (None, days) if days > 0 => Progress::Missing { days },
            (None, _) if today < self.opens => Progress::Ahead,
            (None, _) => Progress::Open,
        }
    }
}

impl AlertReports {
    /// The period that holds `day`.
    pub fn period_of(&self, day: Day) -> Period {
        let (year, month, _) = day.ymd();
        let months = i32::from(self.months);
        let since = (year * 12 + i32::from(month) - i32::from(self.first_month)).div_euclid(months) * months;
        let first = |since: i32| {
            let (year, month) = (since.div_euclid(12), since.rem_euclid(12) + 1);
            Day::from_ymd(year, month as u8, 1)
        };
        let since = since + i32::from(self.first_month) - 1;
        let from = first(since).unwrap_or(day);
        Period { from, until: first(since + months).unwrap_or(day.next()) }
    }
}

impl Settings {
    /// The last day on which alert statistics about `period` are in time.
    pub fn alerts_due(&self, period: Period) -> Day {
        period.last_day().plus_days(self.number(Figure::AlertDueDays, period.last_day()) as i32)
    }
}

impl Registration {
    /// Everything that is to be reported about periods that begin by `today`, the earliest first.
    pub fn duties(&self, settings: &Settings, today: Day) -> Vec<Duty> {
        let checks = self.check_duties(settings).into_iter().filter(|duty| duty.period.from <= today);
        let mut duties: Vec<_> = self.alert_duties(settings, today).into_iter().chain(checks).collect();
        duties.sort_by_key(|duty| (duty.period.from, duty.matter));
        duties
    }

    /// The duty about a matter and a period, if there is one by `today`.
    pub fn duty(&self, settings: &Settings, matter: Matter, period: Period, today: Day) -> Option<Duty> {
        self.duties(settings, today).into_iter().find(|duty| duty.matter == matter && duty.period == period)
    }

    /// Alert statistics are due about every period on one day of which the service was registered.
    fn alert_duties(&self, settings: &Settings, today: Day) -> Vec<Duty> {
        let rules = &settings.scheme.alert_reports;
        let first = self.terms.first().map(|term| term.from);
        let periods =
            std::iter::successors(first.map(|day| rules.period_of(day)), |period| Some(rules.period_of(period.until)));
        let periods = periods.take_while(|period| period.from <= today && period.from < period.until);
        let is_owed = |period: &Period| {
            let begins = self.terms.iter().map(|term| term.from).filter(|from| period.contains(*from));
            [period.from].into_iter().chain(begins).any(|day| self.is_carried_on(day.start()))
        };
        let duty = |period: Period| Duty {
            matter: Matter::Alerts,
            period,
            opens: period.until,
            due: settings.alerts_due(period),
        };
        periods.filter(is_owed).map(duty).collect()
    }
}

/// A period's name in addresses and files: `2026-04-01--2026-09-30`, first and last day, as ISO 8601 has intervals where
/// a slash cannot stand.
pub fn name_of(period: Period) -> String {
    format!("{}--{}", period.from, period.last_day())
}

/// The period of a name.
pub fn period_named(name: &str) -> Option<Period> {
    let (from, last) = name.split_once("--")?;
    let (from, last): (Day, Day) = (from.parse().ok()?, last.parse().ok()?);
    (from <= last).then(|| Period { from, until: last.next() })
}
