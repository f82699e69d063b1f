//! The clock of an examination: it stands while the applicant has the ball, and the due day 「審査の期限」 moves by the
//! working days it stood.
//!
//! Everything here is computed from recorded days and the day of whoever asks: nothing happens at midnight.

use super::{Application, Stage};
use crate::calendar::Day;
use crate::settings::Settings;

/// Days on which a question waited for its answer: those after `from`, up to and with `last`. Like every period of
/// days, the one it begins with is not counted (Civil Code, article 140).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: Day,
    pub last: Day,
}

/// The working days in any of these spans, each counted once, however they overlap.
pub fn stopped_days(spans: &[Span], settings: &Settings) -> u32 {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    let Some(mut counted_to) = spans.first().map(|first| first.from) else { return 0 };
    let mut days = 0;
    for span in spans {
        let from = span.from.max(counted_to);
        if span.last > from {
            days += settings.working_days_between(from, span.last);
            counted_to = span.last;
        }
    }
    days
}

/// A day by which something is to be done, as it looks from another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub day: Day,
    /// Working days after today, up to and with the day; 0 on the day itself, and once it has passed.
    pub left: u32,
    pub is_overdue: bool,
}

impl Deadline {
    /// How far `day` is from `today`.
    pub fn seen(day: Day, today: Day, settings: &Settings) -> Self {
        Self { day, left: settings.working_days_between(today, day), is_overdue: today > day }
    }

    /// How much it presses.
    pub fn urgency(&self) -> Urgency {
        match self.left {
            _ if self.is_overdue => Urgency::Overdue,
            0 => Urgency::LastDay,
            left if left <= SOON => Urgency::Soon,
            _ => Urgency::Ahead,
        }
    }
}

/// Working days before its deadline at which somebody is reminded of a thing.
pub const SOON: u32 = 5;

/// How much a deadline presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It has passed.
    Overdue,
    /// No working day is left after today.
    LastDay,
    /// At most [`SOON`] working days are left.
    Soon,
    Ahead,
}

impl Urgency {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::LastDay => "last_day",
            Self::Soon => "soon",
            Self::Ahead => "ahead",
        }
    }
}

/// The clock, as it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day by which the case is to be examined. None where it was accepted before there was such a day. While the
    /// clock stands it moves on with every working day.
    pub due: Option<Deadline>,
    /// The first day of those on which it has been standing; none where it runs.
    pub stopped_since: Option<Day>,
}

impl Application {
    /// The clock on `today`.
    pub fn clock(&self, today: Day, settings: &Settings) -> Clock {
        // Once the examination is over nothing moves any more.
        let is_running = self.stage == Stage::Examining;
        let today = if is_running { today } else { today.min(self.changed_at.day()) };
        let spans: Vec<Span> = self.questions_of_round().iter().flat_map(|question| question.spans(today)).collect();
        let due = self.due.map(|due| {
            let moved = settings.working_days_after(due, stopped_days(&spans, settings));
            Deadline::seen(moved, today, settings)
        });
        let waits = |question: &super::Question| question.is_waited_for(today);
        let stands = is_running && self.questions.iter().any(waits);
        Clock { due, stopped_since: stands.then(|| since(&spans, today)) }
    }
}

/// Since when there has been a span without a gap up to `today`.
fn since(spans: &[Span], today: Day) -> Day {
    let mut spans = spans.to_vec();
    spans.sort_unstable_by_key(|span| std::cmp::Reverse(span.last));
    spans.iter().fold(today, |since, span| if span.last >= since { since.min(span.from) } else { since })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// Spans as `from..last`, and the working days in them.
    #[test]
    fn a_day_on_which_anybody_waited_is_counted_once() {
        for (name, spans, expected) in [
            ("none", "", 0),
            ("asked and answered on the same day", "2026-11-25..2026-11-25", 0),
            ("answered the next day", "2026-11-25..2026-11-26", 1),
            ("over a weekend", "2026-11-27..2026-11-30", 1),
            ("only a weekend", "2026-11-27..2026-11-29", 0),
            ("asked on a Saturday", "2026-11-28..2026-12-01", 2),
            ("over a national holiday", "2026-11-20..2026-11-24", 1),
            ("over the turn of the year", "2026-12-25..2027-01-05", 3),
            ("only the turn of the year", "2026-12-28..2027-01-03", 0),
            ("two apart", "2026-11-25..2026-11-26 2026-12-01..2026-12-03", 3),
            ("two in a row", "2026-11-25..2026-11-26 2026-11-26..2026-11-27", 2),
            ("the same twice", "2026-11-25..2026-11-27 2026-11-25..2026-11-27", 2),
            ("overlapping", "2026-11-25..2026-12-01 2026-11-27..2026-12-02", 5),
            ("overlapping, the later one first", "2026-11-27..2026-12-02 2026-11-25..2026-12-01", 5),
            ("one within the other", "2026-11-25..2026-12-04 2026-11-26..2026-11-30", 7),
            (
                "one within the other, then one behind",
                "2026-11-25..2026-12-04 2026-11-26..2026-11-27 2026-12-04..2026-12-07",
                8,
            ),
            ("one that ends before it begins, as a slow clock writes it", "2026-11-25..2026-11-20", 0),
        ] {
            let read = |span: &str| {
                let (from, last) = span.split_once("..").expect("a span");
                Span { from: day(from), last: day(last) }
            };
            let spans: Vec<Span> = spans.split_whitespace().map(read).collect();
            assert_eq!(stopped_days(&spans, Settings::bundled()), expected, "{name}");
        }
    }

    #[test]
    fn a_deadline_presses_more_and_more() {
        use Urgency::{Ahead, LastDay, Overdue, Soon};
        for (today, left, urgency) in [
            ("2026-11-24", 6, Ahead),
            ("2026-11-25", 5, Soon),
            ("2026-11-28", 3, Soon), // a Saturday
            ("2026-12-01", 1, Soon),
            ("2026-12-02", 0, LastDay),
            ("2026-12-03", 0, Overdue),
        ] {
            let seen = Deadline::seen(day("2026-12-02"), day(today), Settings::bundled());
            assert_eq!((seen.left, seen.urgency()), (left, urgency), "{today}");
        }
        // The last working day before a deadline that falls on none.
        let seen = Deadline::seen(day("2026-11-29"), day("2026-11-27"), Settings::bundled());
        assert_eq!((seen.left, seen.urgency()), (0, LastDay));
    }
}
