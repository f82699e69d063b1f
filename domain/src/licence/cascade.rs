//! Cascade 「波及」: what each state of a service means for the licences under it, and for how long they still count after
//! it began. The rules are data (`scheme.toml`); every answer about a mark is computed here, for its instant: nothing is
//! done to a licence when its service is suspended, revoked or ends, however many there are.

use serde::Deserialize;

use super::state::Standing;
use crate::calendar::{Day, Instant};
use crate::registration::{Registration, Status};
use crate::scheme::{self, Scheme};

/// What one state of a service means for the licences under it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follows {
    /// The state's word.
    pub service: String,
    pub licence: Fate,
    /// Days in Japan, after the one on which the state began, on which a licence still counts.
    pub grace_days: u32,
    pub standing: scheme::Standing,
    pub source: String,
    pub last_read: Day,
}

/// What becomes of a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Valid,
    Suspended,
    Revoked,
    Ended,
}

/// What a licence that has not ended itself is worth under this registration at `at`, and the next instant at which time
/// alone changes that.
pub fn worth(registration: &Registration, at: Instant) -> (Standing, Option<Instant>) {
    let (status, rules) = (registration.status(at), &Scheme::bundled().cascade);
    let next = registration.changes_by_itself(at).into_iter().chain(graced(registration, at)).min();
    let counted = counted_before(registration, &status);
    (follow(status, counted, rules, at), next)
}

/// Until when a licence under this registration counts although the service does not.
pub fn graced(registration: &Registration, at: Instant) -> Option<Instant> {
    let status = registration.status(at);
    grace(&status, counted_before(registration, &status), &Scheme::bundled().cascade, at)
}

/// Did licences count just before this state of the registration began? A service that ends while it is suspended leaves
/// no mark that counts again.
fn counted_before(registration: &Registration, status: &Status) -> bool {
    let before = since(status).and_then(|since| Instant::from_unix(since.unix() - 1));
    before.is_none_or(|before| registration.status(before) == Status::Valid)
}

/// What a licence that has not ended itself is worth under a service in this state; `counted` says whether it did just
/// before the state began, without which it has no grace.
pub fn follow(status: Status, counted: bool, rules: &[Follows], at: Instant) -> Standing {
    if grace(&status, counted, rules, at).is_some() {
        return Standing::Valid;
    }
    let rule = rule(&status, rules);
    let (began, reason) = match status {
        Status::Valid => (at, String::new()),
        Status::NotYet { from } => (from.start(), String::new()),
        Status::Suspended { since, reason } | Status::Revoked { since, reason } => (since, reason),
        Status::Lapsed { since } | Status::Discontinued { since } => (since, String::new()),
    };
    let since = end_of_grace(began, if counted { rule.grace_days } else { 0 });
    match rule.licence {
        Fate::Valid => Standing::Valid,
        Fate::Suspended => Standing::Suspended { since, reason },
        Fate::Revoked => Standing::Revoked { since, reason },
        Fate::Ended => Standing::Ended { since },
    }
}

/// Until when a licence counts although its service does not.
pub fn grace(status: &Status, counted: bool, rules: &[Follows], at: Instant) -> Option<Instant> {
    let since = since(status).filter(|_| counted)?;
    Some(end_of_grace(since, rule(status, rules).grace_days)).filter(|end| at < *end)
}

/// Since when a service has not counted any more.
fn since(status: &Status) -> Option<Instant> {
    match status {
        Status::Valid | Status::NotYet { .. } => None,
        Status::Suspended { since, .. } | Status::Revoked { since, .. } => Some(*since),
        Status::Lapsed { since } | Status::Discontinued { since } => Some(*since),
    }
}

/// The instant after the last day of grace. What began at midnight began with its day; the day before was the last.
fn end_of_grace(since: Instant, days: u32) -> Instant {
    if days == 0 {
        return since;
    }
    let before = Instant::from_unix(since.unix() - 1).unwrap_or(since).day();
    before.plus_days(days as i32).next().start()
}

fn rule<'a>(status: &Status, rules: &'a [Follows]) -> &'a Follows {
    let found = rules.iter().find(|rule| rule.service == status.as_str());
    found.expect("every state has its rule: a test of this crate asks for each")
}
