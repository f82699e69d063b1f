//! Was this service in force on that day? Subsidies ask; the answer for a past day never changes by itself.

use super::{Registration, Status};
use crate::act::{Listing, OrganisationId};
use crate::calendar::{Day, Instant, Period};

/// The register's answer about one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDay {
    pub day: Day,
    /// The state at the day's last second; for today, now.
    pub status: Status,
    /// The term that holds the day, if one does, as it was known by the day's end; of a day behind it on which the
    /// registration went on, the one that had ended.
    pub term: Option<Period>,
    /// Did it go on behind its term, because its renewal was undecided?
    pub is_extended: bool,
    /// The edition under which it had been judged by then.
    pub edition: String,
    /// Who had it at the day's end, and what the register said of it then.
    pub owner: OrganisationId,
    pub listing: Listing,
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
        let entered = |index: usize| self.entered_at(index).filter(|entered| *entered <= at);
        let holding =
            self.terms.iter().enumerate().find(|(index, term)| {
                term.contains(day) && self.entered_at(*index).is_none_or(|entered| entered <= at)
            });
        let extension = self.extension(at).filter(|_| holding.is_none());
        let ended = self.discontinuation().map(|announced| (announced.plan.last_day.next().start(), announced.at));
        let known = self.measure_edges().chain(ended).filter(|(edge, _)| *edge <= at).map(|(_, known)| known);
        let known = known.chain(holding.and_then(|(index, _)| entered(index)));
        let known = known.chain(extension.map(|extension| extension.filing.filed_at)).max();
        let (owner, listing) = self.as_listed(at);
        Ok(OnDay {
            day,
            owner: owner.clone(),
            listing: listing.clone(),
            status: self.status(at),
            term: holding.map(|(_, term)| *term).or(extension.map(|extension| extension.term)),
            is_extended: extension.is_some(),
            edition: self
                .earlier_editions
                .iter()
                .find(|earlier| at < earlier.until)
                .map_or(&self.listing.edition, |earlier| &earlier.edition)
                .clone(),
            known_since: known.unwrap_or(self.registered_at),
        })
    }
}
