//! Days in Japan, instants in UTC, and terms counted as the Civil Code counts them.
//!
//! A *day* is a calendar day in Japan (UTC+9, no summer time since 1951). An *instant* is a whole second in UTC.
//! A *period* is half-open: it holds its first day and not its `until`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset, Weekday};

/// Japan's offset; fixed, since the scheme began long after Japan's last summer time.
const JAPAN_SECONDS: i64 = 9 * 3600;

/// An instant: a whole second in UTC between the years 1970 and 9999, written `2021-04-15T00:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A day in Japan, written `2021-04-15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Days from `from` up to, but without, `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The first day after the period.
    pub until: Day,
}

/// What could not be read as a day or an instant, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADate(pub String);

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "「{}」は日付として読めません / not a date: \"{}\"", self.0, self.0)
    }
}

impl std::error::Error for NotADate {}

impl Instant {
    /// The last second this crate speaks of: 9999-12-31T23:59:59Z less a day, so that every instant has a day in Japan.
    pub const LAST: Self = Self(253_402_214_399);

    /// From seconds since 1970-01-01T00:00:00Z; `None` before 1970 or after [`Instant::LAST`].
    pub fn from_unix(seconds: i64) -> Option<Self> {
        (0..=Self::LAST.0).contains(&seconds).then_some(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.0
    }

    /// The day in Japan on which this instant falls.
    pub fn day(self) -> Day {
        let date = OffsetDateTime::from_unix_timestamp(self.0 + JAPAN_SECONDS).map(OffsetDateTime::date);
        Day(date.expect("`LAST` keeps every instant inside the calendar"))
    }

    /// This instant `seconds` later, no later than [`Instant::LAST`].
    pub fn plus_seconds(self, seconds: u32) -> Self {
        Self((self.0 + i64::from(seconds)).min(Self::LAST.0))
    }

    /// Hour, minute and second on a clock in Japan.
    pub fn time_in_japan(self) -> (u8, u8, u8) {
        let second = (self.0 + JAPAN_SECONDS).rem_euclid(86_400);
        ((second / 3600) as u8, (second / 60 % 60) as u8, (second % 60) as u8)
    }
}

impl Day {
    /// The last day that anything can end with.
    const LAST: Self = Self(Date::MAX);

    /// From year, month 1–12 and day 1–31; `None` when the calendar has no such day.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        (1970..=9998).contains(&year).then_some(())?;
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// Year, month 1–12, day 1–31.
    pub fn ymd(self) -> (i32, u8, u8) {
        (self.0.year(), u8::from(self.0.month()), self.0.day())
    }

    /// Midnight in Japan at which this day begins.
    pub fn start(self) -> Instant {
        let midnight = self.0.with_time(Time::MIDNIGHT).assume_offset(UtcOffset::UTC).unix_timestamp();
        Instant((midnight - JAPAN_SECONDS).max(0))
    }

    /// The day `days` later (earlier when negative).
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(Duration::days(i64::from(days))))
    }

    /// The day of the same date `months` later (earlier when negative); where that month has no such date, its last day.
    pub fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.ymd();
        let months = (year * 12 + i32::from(month) - 1).saturating_add(months);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u8 + 1);
        let of = |day| Self::from_ymd(year, month, day);
        (28..=day.max(28)).rev().find_map(|last| of(day.min(last))).unwrap_or(if year < 1970 {
            Self::from_ymd(1970, 1, 1).expect("the calendar's first day")
        } else {
            Self::LAST
        })
    }

    /// The next day.
    pub fn next(self) -> Self {
        self.plus_days(1)
    }

    /// The day before.
    pub fn previous(self) -> Self {
        self.plus_days(-1)
    }

    /// Is it a Saturday or a Sunday?
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Whole days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).whole_days()
    }
}

impl Period {
    /// The term of `years` years that begins on `from`, as Civil Code art. 143 counts: it ends with the day before the
    /// day of the same date; where that month has no such date, with the month's last day.
    pub fn of_years(from: Day, years: u8) -> Self {
        let (year, month, day) = from.ymd();
        let year = year + i32::from(years);
        // Only 29 February has no date in another year: the term's last day is 28 February. A term that the calendar is
        // too short for ends with it.
        let until = Day::from_ymd(year, month, day).or_else(|| Day::from_ymd(year, 3, 1)).unwrap_or(Day::LAST);
        Self { from, until }
    }

    /// Is `day` one of the period's days?
    pub fn contains(&self, day: Day) -> bool {
        self.from <= day && day < self.until
    }

    /// The period's last day.
    pub fn last_day(&self) -> Day {
        self.until.previous()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from_unix_timestamp(self.0).expect("an instant is inside the calendar");
        let (y, mo, d) = (at.year(), u8::from(at.month()), at.day());
        write!(f, "{y:04}-{mo:02}-{d:02}T{:02}:{:02}:{:02}Z", at.hour(), at.minute(), at.second())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl FromStr for Instant {
    type Err = NotADate;

    /// Any RFC 3339 instant; a fraction of a second is cut.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.to_owned());
        let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| wrong())?;
        Self::from_unix(at.unix_timestamp()).ok_or_else(wrong)
    }
}

impl FromStr for Day {
    type Err = NotADate;

    /// Exactly `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.to_owned());
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
            return Err(wrong());
        }
        let digits = |range: std::ops::Range<usize>| -> Option<i32> {
            let part = &text[range];
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let (y, m, d) = (digits(0..4), digits(5..7), digits(8..10));
        let (Some(y), Some(m), Some(d)) = (y, m, d) else { return Err(wrong()) };
        Self::from_ymd(y, m as u8, d as u8).ok_or_else(wrong)
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}
serde_as_text!(Instant);
serde_as_text!(Day);

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// Two years from each first day: the last day of the term.
    #[test]
    fn a_term_of_two_years_ends_as_civil_code_143_says() {
        for (from, last) in [
            ("2021-04-15", "2023-04-14"),
            ("2024-02-28", "2026-02-27"),
            ("2024-02-29", "2026-02-28"), // no 29 February 2026: the month's last day
            ("2024-03-01", "2026-02-28"),
            ("2022-02-28", "2024-02-27"),
            ("2022-03-01", "2024-02-29"),
            ("2026-01-01", "2027-12-31"),
            ("2026-12-31", "2028-12-30"),
        ] {
            let term = Period::of_years(day(from), 2);
            assert_eq!(term.last_day(), day(last), "from {from}");
            assert!(!term.contains(day(from).previous()) && term.contains(day(from)));
            assert!(term.contains(day(last)) && !term.contains(day(last).next()));
        }
    }

    /// Months later and earlier: the same date, or the month's last day.
    #[test]
    fn a_day_some_months_away() {
        for (from, months, expected) in [
            ("2028-04-30", -8, "2027-08-30"),
            ("2028-04-30", -4, "2027-12-30"),
            ("2026-02-28", -4, "2025-10-28"),
            ("2028-10-31", -8, "2028-02-29"),
            ("2027-10-31", -8, "2027-02-28"),
            ("2026-08-31", -2, "2026-06-30"),
            ("2026-12-31", 1, "2027-01-31"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-05-01", 6, "2026-11-01"),
            ("2026-05-01", 0, "2026-05-01"),
            ("1970-03-15", -3, "1970-01-01"),
        ] {
            assert_eq!(day(from).plus_months(months), day(expected), "{from} {months}");
        }
        assert_eq!(day("9998-12-01").plus_months(1), Day::LAST);
    }

    #[test]
    fn a_term_beyond_the_calendar_ends_with_it() {
        for (from, years) in [("9998-12-31", 1), ("9998-01-01", 255), ("9997-01-01", 2)] {
            let term = Period::of_years(day(from), years);
            assert_eq!(term.until, Day::LAST, "{from}");
            assert!(term.contains(day(from)));
        }
    }

    /// Midnight in Japan is 15:00 UTC of the day before.
    #[test]
    fn a_day_changes_at_midnight_in_japan() {
        for (at, expected) in [
            ("2023-04-14T14:59:59Z", "2023-04-14"),
            ("2023-04-14T15:00:00Z", "2023-04-15"),
            ("2023-04-15T00:00:00+09:00", "2023-04-15"),
            ("2024-02-28T15:00:00Z", "2024-02-29"),
            ("2024-12-31T15:00:00Z", "2025-01-01"),
            ("1970-01-01T00:00:00Z", "1970-01-01"),
        ] {
            let at: Instant = at.parse().expect("an instant");
            assert_eq!(at.day(), day(expected));
        }
        assert_eq!(day("2023-04-15").start().to_string(), "2023-04-14T15:00:00Z");
        assert_eq!(day("2023-04-15").start().time_in_japan(), (0, 0, 0));
        assert_eq!(Instant::LAST.day().ymd().0, 9999);
    }

    #[test]
    fn what_is_not_a_date_is_refused_with_its_words() {
        for text in
            ["2023-02-29", "2023-13-01", "2023-00-10", "23-01-01", "2023/01/01", "２０２３-01-01", "+023-01-01", ""]
        {
            assert_eq!(text.parse::<Day>(), Err(NotADate(text.to_owned())));
        }
        for text in ["2023-04-15", "2023-04-15T00:00:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(text.parse::<Instant>(), Err(NotADate(text.to_owned())));
        }
    }
}
