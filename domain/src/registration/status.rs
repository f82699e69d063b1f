//! Whether a registration is in force: computed from its terms and measures for the instant asked about.

use serde::Serialize;

use super::{Measure, MeasureKind, Registration};
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
    /// 失効: the last term ended.
    Lapsed { since: Instant },
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
        }
    }
}

impl Registration {
    /// The state at `at`. A revocation outlasts everything; a suspension does not outlast the term.
    pub fn status(&self, at: Instant) -> Status {
        let last = self.measures.iter().rev().find(|measure| measure.at <= at);
        if let Some(Measure { kind: MeasureKind::Revoked, at, reason }) = last {
            return Status::Revoked { since: *at, reason: reason.clone() };
        }
        let day = at.day();
        let term = self.term_at(day);
        if day < term.from {
            return Status::NotYet { from: term.from };
        }
        if !term.contains(day) {
            return Status::Lapsed { since: term.until.start() };
        }
        match last {
            Some(Measure { kind: MeasureKind::Suspended, at, reason }) => {
                Status::Suspended { since: *at, reason: reason.clone() }
            }
            _ => Status::Valid,
        }
    }

    fn holds_term(&self, day: Day) -> bool {
        self.terms.iter().any(|term| term.contains(day))
    }

    /// The next instant after `at` at which time alone changes the state; `None` when only an act can.
    pub fn changes_by_itself(&self, at: Instant) -> Option<Instant> {
        if matches!(self.status(at), Status::Revoked { .. }) {
            return None;
        }
        let edges = self.terms.iter().flat_map(|term| [term.from, term.until]);
        // A term that follows another without a gap changes nothing.
        let is_change = |edge: &Day| self.holds_term(*edge) != self.holds_term(edge.previous());
        edges.filter(is_change).map(Day::start).filter(|edge| *edge > at).min()
    }
}
