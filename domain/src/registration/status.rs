//! Whether a registration is in force: computed from its terms and measures for the instant asked about.

use serde::Serialize;

use super::{MeasureKind, Registration};
use crate::calendar::{Day, Instant};

/// The state of a registration at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "name")]
pub enum Status {
    /// Registered, but the first day is still to come.
    NotYet { from: Day },
    /// 有効
    Valid,
    /// 一時停止
    Suspended { since: Instant, reason: String },
    /// 取消し
    Revoked { since: Instant, reason: String },
    /// 失効: the last term ended, and nothing carries it on.
    Lapsed { since: Instant },
    /// サービス終了: its provider ended it.
    Discontinued { since: Instant },
}

impl Status {
    /// The state's word in URLs, tables and JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NotYet { .. } => "not_yet",
            Self::Valid => "valid",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
            Self::Lapsed { .. } => "lapsed",
            Self::Discontinued { .. } => "discontinued",
        }
    }
}

impl Registration {
    /// Is there a service to report about: registered, whether or not it is suspended?
    pub fn is_carried_on(&self, at: Instant) -> bool {
        match self.status(at) {
            Status::Valid | Status::Suspended { .. } => true,
            Status::NotYet { .. } | Status::Revoked { .. } | Status::Lapsed { .. } | Status::Discontinued { .. } => {
                false
            }
        }
    }

    /// The state at `at`. A revocation outlasts everything; a suspension outlasts neither the term nor the service.
    pub fn status(&self, at: Instant) -> Status {
        let held = self.held_by(at);
        if let Some(revoked) = held.filter(|measure| measure.kind == MeasureKind::Revoked) {
            return Status::Revoked { since: revoked.from(), reason: revoked.reason.clone() };
        }
        if let Some(since) = self.discontinued_at().filter(|since| *since <= at) {
            return Status::Discontinued { since };
        }
        let day = at.day();
        let term = self.term_at(day);
        if day < term.from {
            return Status::NotYet { from: term.from };
        }
        let until = self.runs_until(term);
        if until <= day {
            return Status::Lapsed { since: until.start() };
        }
        match held {
            Some(measure) => Status::Suspended { since: measure.from(), reason: measure.reason.clone() },
            None => Status::Valid,
        }
    }

    /// Is it registered on that day, whatever measures say?
    pub(super) fn holds(&self, day: Day) -> bool {
        let term = self.term_at(day);
        term.from <= day && day < self.runs_until(term)
    }

    /// The next instant after `at` at which time alone changes the state; `None` when only an act can.
    pub fn changes_by_itself(&self, at: Instant) -> Option<Instant> {
        let just_before = |edge: Instant| Instant::from_unix(edge.unix() - 1).unwrap_or(edge);
        let is_change = |edge: &Instant| self.status(*edge) != self.status(just_before(*edge));
        self.edges().filter(|edge| *edge > at).filter(is_change).min()
    }

    /// The next instant after `at` at which something that is shown of it may be otherwise, what is announced among it.
    pub fn shown_until(&self, at: Instant) -> Option<Instant> {
        self.edges().filter(|edge| *edge > at).min()
    }

    fn edges(&self) -> impl Iterator<Item = Instant> {
        let terms = self.terms.iter().flat_map(|term| [term.from, term.until, self.runs_until(*term)]);
        terms.map(Day::start).chain(self.discontinued_at()).chain(self.measure_edges().map(|(edge, _)| edge))
    }
}
