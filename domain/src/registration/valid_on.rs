//! Was this service in force on that day? Subsidies ask; the answer for a past day never changes by itself.

use super::{Registration, Status};
use crate::calendar::{Day, Instant, Period};

/// The register's answer about one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDay {
    pub day: Day,
    /// The state at the day's last second; for today, now.
    pub status: Status,
    /// The term that holds the day, if one does.
    pub term: Option<Period>,
    /// When the register last learned something that bears on this day.
    pub known_since: Instant,
}

/// Nobody knows what will hold on a day to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayAhead {
    pub day: Day,
    pub today: Day,
}

impl Registration {
    /// The answer about `day`, given at `now`.
    pub fn on_day(&self, day: Day, now: Instant) -> Result<OnDay, DayAhead> {
        let today = now.day();
        if day > today {
            return Err(DayAhead { day, today });
        }
        let last_second = Instant::from_unix(day.next().start().unix() - 1).unwrap_or(day.start());
        let at = last_second.min(now);
        let measured = self.measures.iter().map(|measure| measure.at).filter(|measured| *measured <= at).max();
        Ok(OnDay {
            day,
            status: self.status(at),
            term: self.terms.iter().copied().find(|term| term.contains(day)),
            known_since: measured.unwrap_or(self.registered_at),
        })
    }
}
