//! Working days 「開庁日」: not a Saturday or Sunday, not a national holiday, not the turn of the year.
//!
//! The holidays are data, `holidays.toml`, and what two people have said of single days since ([`Settings`]). Of a year
//! that is not there yet only the rest is known; what was counted with less is recorded as it was counted, and does not
//! move when the year is added.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::calendar::Day;
use crate::settings::Settings;

const FILE: &str = include_str!("../holidays.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holidays {
    source: Source,
    turn_of_the_year: TurnOfTheYear,
    /// Names by day, a substitute holiday's too.
    days: BTreeMap<Day, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
    #[serde(rename = "url")]
    _url: String,
    #[serde(rename = "last_read")]
    _last_read: Day,
    #[serde(rename = "note")]
    _note: String,
}

/// The first and the last day of it, as `MM-DD`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnOfTheYear {
    #[serde(rename = "source")]
    _source: String,
    from: String,
    last: String,
}

static HOLIDAYS: LazyLock<Holidays> =
    LazyLock::new(|| toml::from_str(FILE).expect("holidays.toml is read by a test of this crate"));

/// The name that `holidays.toml` has for a day that is a holiday.
pub(crate) fn bundled_holiday(day: Day) -> Option<&'static str> {
    HOLIDAYS.days.get(&day).map(String::as_str)
}

/// Every holiday of `holidays.toml`, the earliest first.
pub fn bundled_holidays() -> impl Iterator<Item = (Day, &'static str)> {
    HOLIDAYS.days.iter().map(|(day, name)| (*day, name.as_str()))
}

/// Where `holidays.toml` comes from.
pub fn holidays_source() -> &'static str {
    &HOLIDAYS.source.source
}

impl Settings {
    /// Does the registration body work on this day?
    pub fn is_working_day(&self, day: Day) -> bool {
        let text = day.to_string();
        let (_, month_and_day) = text.split_at(5);
        let turn = &HOLIDAYS.turn_of_the_year;
        let is_turn = month_and_day >= turn.from.as_str() || month_and_day <= turn.last.as_str();
        !day.is_weekend() && !is_turn && self.holiday(day).is_none()
    }

    /// The `count`th working day after `day`, which is itself not counted (Civil Code, article 140).
    pub fn working_days_after(&self, day: Day, count: u32) -> Day {
        let mut found = day;
        let mut counted = 0;
        while counted < count && found < found.next() {
            found = found.next();
            counted += u32::from(self.is_working_day(found));
        }
        found
    }

    /// The working days after `from`, up to and with `to`; none where `to` is not later.
    pub fn working_days_between(&self, from: Day, to: Day) -> u32 {
        let mut day = from;
        let mut counted = 0;
        while day < to {
            day = day.next();
            counted += u32::from(self.is_working_day(day));
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// Each boundary from both sides: weekends, holidays, substitutes, a day between two holidays, the turn of the year.
    #[test]
    fn the_nth_working_day_is_found() {
        for (from, count, expected) in [
            ("2026-11-25", 0, "2026-11-25"), // a Wednesday
            ("2026-11-25", 1, "2026-11-26"),
            ("2026-11-25", 2, "2026-11-27"),
            ("2026-11-25", 3, "2026-11-30"), // over a weekend
            ("2026-11-27", 1, "2026-11-30"),
            ("2026-11-28", 1, "2026-11-30"), // from a Saturday
            ("2026-11-29", 1, "2026-11-30"),
            ("2026-11-20", 1, "2026-11-24"), // Friday, weekend, 勤労感謝の日
            ("2026-05-01", 1, "2026-05-07"), // the substitute of 3 May is the first day after three holidays
            ("2026-05-05", 1, "2026-05-07"),
            ("2026-09-18", 1, "2026-09-24"), // 22 September lies between two holidays
            ("2027-03-19", 1, "2027-03-23"), // 春分の日 is a Sunday
            ("2026-12-28", 1, "2027-01-04"), // the turn of the year
            ("2026-12-25", 1, "2026-12-28"),
            ("2026-12-25", 2, "2027-01-04"),
            ("2026-12-25", 6, "2027-01-08"),
            ("2026-12-25", 7, "2027-01-12"), // 成人の日 is a Monday
            ("2026-11-25", 40, "2027-01-27"),
            // Beyond the data: Saturdays, Sundays and the turn of the year only.
            ("2028-02-10", 1, "2028-02-11"),
            ("2028-12-28", 1, "2029-01-04"),
        ] {
            assert_eq!(Settings::bundled().working_days_after(day(from), count), day(expected), "{count} after {from}");
            assert_eq!(
                Settings::bundled().working_days_between(day(from), day(expected)),
                count,
                "from {from} to {expected}"
            );
        }
    }

    #[test]
    fn days_are_counted_forwards_only() {
        for (from, to, expected) in [
            ("2026-11-25", "2026-11-24", 0),
            ("2026-11-27", "2026-11-29", 0),
            ("2026-11-27", "2026-12-06", 5),
            ("2026-12-28", "2027-01-03", 0),
        ] {
            assert_eq!(Settings::bundled().working_days_between(day(from), day(to)), expected, "from {from} to {to}");
        }
    }

    /// The calendar is not longer than it is.
    #[test]
    fn counting_ends_with_the_calendar() {
        let last = crate::calendar::Instant::LAST.day();
        assert!(Settings::bundled().working_days_after(last, u32::MAX) >= last);
    }

    #[test]
    fn the_bundled_days_are_days_of_whole_years() {
        let holidays: Holidays = toml::from_str(FILE).expect("readable");
        let days: Vec<Day> = holidays.days.keys().copied().collect();
        for (year, count) in [(2026, 18), (2027, 17)] {
            let of_year: Vec<&Day> = days.iter().filter(|day| day.ymd().0 == year).collect();
            assert_eq!(of_year.len(), count, "{year}");
            let is_there = |month, dom| of_year.contains(&&Day::from_ymd(year, month, dom).expect("a day"));
            // Fixed by law in every year.
            for (month, dom) in [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)]
            {
                assert!(is_there(month, dom), "{year}-{month}-{dom}");
            }
            // The second or third Monday of the month.
            for (month, nth) in [(1, 2), (7, 3), (9, 3), (10, 2)] {
                let mondays = (1..=31).filter_map(|dom| Day::from_ymd(year, month, dom));
                let monday = mondays.filter(|day| day.plus_days(-1).is_weekend() && !day.is_weekend()).nth(nth - 1);
                assert!(of_year.contains(&&monday.expect("there is one")), "{year}-{month}, Monday {nth}");
            }
            // A holiday on a Sunday is made up for on the next day that is none.
            for sunday in of_year.iter().filter(|day| day.is_weekend() && !day.next().is_weekend()) {
                let mut next = sunday.next();
                while of_year.contains(&&next) && !holidays.days[&next].contains("振替") {
                    next = next.next();
                }
                assert!(holidays.days.get(&next).is_some_and(|name| name.contains("振替")), "{sunday}");
            }
        }
        assert_eq!(days.len(), 35);
    }
}
