//! Limits: the figures of a criterion.

use serde::{Deserialize, Serialize};

use super::Standing;
use crate::citation::Citation;
use crate::text::Text;

/// One figure that an edition sets, or is known to set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    pub name: LimitName,
    /// `None`: the edition is known to set one, the figure is not known. Always provisional.
    pub value: Option<u64>,
    pub standing: Standing,
    /// Why it is provisional: its own words, or those around it.
    pub note: Option<Text>,
    pub citation: Citation,
}

/// What a limit is a limit of. A figure equal to its limit is within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// Hours of each day, every day of the week, on which the user is watched.
    WatchedHoursADay,
    /// Endpoints that one contract can have watched.
    MonitoredEndpoints,
    /// A user's monthly price, tax excluded.
    MonthlyYenExcludingTax,
    /// The monthly price of one endpoint, tax excluded.
    MonthlyYenPerEndpointExcludingTax,
    /// The fewest endpoints one can contract for.
    FewestEndpointsOfAContract,
    /// 最低契約期間
    MinimumTermMonths,
    /// Years from one renewal examination to the next.
    RenewalEveryYears,
    /// Years for which a class-1 registration has been held.
    ClassOneRegisteredYears,
    /// Companies that were given the class-1 service.
    ClassOneCompanies,
    /// Years over which they were given it.
    ClassOneServiceYears,
    ConsultingTimesAYear,
}

/// On which side of a limit a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// 以下
    AtMost,
    /// 以上
    AtLeast,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Whole yen, tax excluded.
    YenExcludingTax,
    HoursADay,
    DaysAWeek,
    Days,
    Months,
    Years,
    Endpoints,
    Companies,
    TimesAYear,
}

impl LimitName {
    /// The limit's name for people.
    pub fn term(self) -> Text {
        let (ja, en) = match self {
            Self::WatchedHoursADay => ("監視する時間（1日）", "hours watched a day"),
            Self::MonitoredEndpoints => ("監視できる端末の数", "endpoints that can be watched"),
            Self::MonthlyYenExcludingTax => ("月額（税抜の円）", "monthly yen, tax excluded"),
            Self::MonthlyYenPerEndpointExcludingTax => {
                ("端末1台の月額（税抜の円）", "monthly yen for an endpoint, tax excluded")
            }
            Self::FewestEndpointsOfAContract => ("契約できる最少の端末の数", "fewest endpoints of a contract"),
            Self::MinimumTermMonths => ("最低契約期間（月）", "minimum term in months"),
            Self::RenewalEveryYears => ("更新の間隔（年）", "years between renewals"),
            Self::ClassOneRegisteredYears => ("1類の登録期間（年）", "years of class-1 registration"),
            Self::ClassOneCompanies => ("1類の提供先の数", "companies given the class-1 service"),
            Self::ClassOneServiceYears => ("1類の提供期間（年）", "years of class-1 service"),
            Self::ConsultingTimesAYear => ("相談の回数（年）", "consultations a year"),
        };
        Text::new(ja, en)
    }

    /// The side on which a figure is within this limit.
    pub fn bound(self) -> Bound {
        match self {
            Self::MonthlyYenExcludingTax
            | Self::MonthlyYenPerEndpointExcludingTax
            | Self::FewestEndpointsOfAContract
            | Self::MinimumTermMonths
            | Self::RenewalEveryYears => Bound::AtMost,
            Self::WatchedHoursADay
            | Self::MonitoredEndpoints
            | Self::ClassOneRegisteredYears
            | Self::ClassOneCompanies
            | Self::ClassOneServiceYears
            | Self::ConsultingTimesAYear => Bound::AtLeast,
        }
    }

    /// What the figure counts.
    pub fn measure(self) -> Measure {
        match self {
            Self::WatchedHoursADay => Measure::HoursADay,
            Self::MonthlyYenExcludingTax | Self::MonthlyYenPerEndpointExcludingTax => Measure::YenExcludingTax,
            Self::MonitoredEndpoints | Self::FewestEndpointsOfAContract => Measure::Endpoints,
            Self::MinimumTermMonths => Measure::Months,
            Self::RenewalEveryYears | Self::ClassOneRegisteredYears | Self::ClassOneServiceYears => Measure::Years,
            Self::ClassOneCompanies => Measure::Companies,
            Self::ConsultingTimesAYear => Measure::TimesAYear,
        }
    }
}

impl Measure {
    /// `number` of them, as people read it: 「24時間」.
    pub fn text(self, number: u64) -> Text {
        let figure = crate::yen::grouped(number);
        let s = if number == 1 { "" } else { "s" };
        let (ja, en) = match self {
            Self::YenExcludingTax => (format!("{figure}円（税抜）"), "yen (tax excluded)".to_owned()),
            Self::HoursADay => (format!("1日{figure}時間"), format!("hour{s} a day")),
            Self::DaysAWeek => (format!("週{figure}日"), format!("day{s} a week")),
            Self::Days => (format!("{figure}日"), format!("day{s}")),
            Self::Months => (format!("{figure}か月"), format!("month{s}")),
            Self::Years => (format!("{figure}年"), format!("year{s}")),
            Self::Endpoints => (format!("{figure}台"), format!("endpoint{s}")),
            Self::Companies => (format!("{figure}社"), (if number == 1 { "company" } else { "companies" }).to_owned()),
            Self::TimesAYear => (format!("年{figure}回"), format!("time{s} a year")),
        };
        Text::new(ja, format!("{figure} {en}"))
    }
}
