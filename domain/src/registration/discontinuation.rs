//! Discontinuation 「サービス終了」: the provider ends its service, and says what becomes of its users.
//!
//! The service counts until its last day is over, in Japan; from then on it is discontinued, whatever term was left. A
//! term that ends before makes it lapse, and a revocation outlasts both.

use serde::{Deserialize, Serialize};

use super::{Refusal, Registration, Status};
use crate::act::{Act, Deed};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant};
use crate::reading::has_words;
use crate::settings::{Figure, Settings};

/// A service's end, as its provider announced it. All of it is for the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Discontinuation {
    /// The last day of the service in Japan.
    pub last_day: Day,
    /// What its users have to know and to do.
    pub for_users: String,
    /// What becomes of their contracts.
    pub contracts: String,
}

/// An announcement that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Announced {
    pub plan: Discontinuation,
    pub at: Instant,
}

impl Registration {
    /// サービス終了の届出: the provider announces the last day, as far ahead as the settings ask. Until that day is over it
    /// can name another one.
    pub fn discontinue(
        self,
        plan: Discontinuation,
        settings: &Settings,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Discontinue, &self.object(), at)?;
        let at = at.max(self.changed_at);
        let status = self.status(at);
        if !can_end(&status) {
            return Err(Refusal::Status { found: status.as_str(), needed: "valid, suspended, not_yet" });
        }
        let notice = settings.number(Figure::DiscontinuationDays, at.day());
        let earliest = at.day().plus_days(notice as i32);
        if plan.last_day < earliest {
            return Err(Refusal::LastDayTooSoon { last_day: plan.last_day, earliest });
        }
        if !self.holds(plan.last_day) {
            return Err(Refusal::LastDayOutside { last_day: plan.last_day });
        }
        for (field, words) in [("forUsers", &plan.for_users), ("contracts", &plan.contracts)] {
            if !has_words(words) {
                return Err(Refusal::NoWords { field });
            }
        }
        Ok(self.act(Deed::Discontinued { plan: Box::new(plan) }, by, at))
    }

    /// What was announced of its end by `at`.
    pub fn discontinuation(&self) -> Option<&Announced> {
        self.discontinued.as_deref()
    }

    /// The instant at which it ends, if its last day lies in a term.
    pub(super) fn discontinued_at(&self) -> Option<Instant> {
        let last_day = self.discontinued.as_ref()?.plan.last_day;
        self.holds(last_day).then(|| last_day.next().start())
    }

    /// What the announcement changes; false where it cannot follow.
    pub(super) fn replay_discontinuation(&mut self, act: &Act) -> bool {
        let Deed::Discontinued { plan } = &act.deed else { return false };
        if !can_end(&self.status(act.at)) || plan.last_day < act.at.day() {
            return false;
        }
        self.discontinued = Some(Box::new(Announced { plan: (**plan).clone(), at: act.at }));
        true
    }
}

fn can_end(status: &Status) -> bool {
    matches!(status, Status::Valid | Status::Suspended { .. } | Status::NotYet { .. })
}
