//! Measures 「措置」: what the secretariat does about a service after it is registered, from a caution to a revocation.
//!
//! A measure holds from its effective instant, which may lie ahead when it is announced, until it is set aside. What the
//! measures amount to at an instant is computed, for every instant alike: nothing has to happen when one begins.

mod correction;
mod emergency;
mod objection;
mod taking;

use serde::{Deserialize, Serialize};

use super::{Registration, Status};
use crate::act::{Deed, PersonId, ProposalId};
use crate::application::{Condition, Progress, Undertaking};
use crate::authority::Object;
use crate::calendar::{Day, Instant};

pub use emergency::EMERGENCY_SECONDS;
pub use objection::{MeasureFinding, MeasureObjection};
pub use taking::{AHEAD_DAYS, HEARING_DAYS};

/// A measure 「措置」 against, or in favour of, a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measure {
    pub kind: MeasureKind,
    /// When it was taken.
    pub at: Instant,
    /// Fit for the public.
    pub reason: String,
    /// What it rests on; left out in those from before that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Box<Grounds>>,
    /// What has to be put right, in the order in which it was named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Undertaking>,
    /// Where one person took it alone, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Box<MeasureObjection>>,
}

/// What a measure rests on, who took it, and until when it can be objected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grounds {
    /// The clauses of the scheme's rules (`scheme.toml`), by their ids.
    pub clauses: Vec<String>,
    /// What was found. Never published.
    pub facts: String,
    /// 効力発生の日時: when it begins to hold.
    pub from: Instant,
    /// Who proposed it and who confirmed; of an emergency, who took it.
    pub takers: Vec<PersonId>,
    /// The last day in Japan on which it can be objected to; none where there is nothing to object to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection_until: Option<Day>,
}

/// 緊急の一時停止: taken by one person, and over by itself at `until` unless a second one has confirmed it by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Emergency {
    pub until: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Instant>,
}

/// A measure as it is proposed, beside its kind and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    pub clauses: Vec<String>,
    /// What was found. Never published.
    pub facts: String,
    /// When it is to begin to hold; at once where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// What has to be put right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Condition>,
    /// 弁明の期限: the last day in Japan on which the provider states its side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing_until: Option<Day>,
}

/// What the measure does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// 注意
    Cautioned,
    /// 是正の求め
    CorrectionDemanded,
    /// 一時停止
    Suspended,
    /// 再開
    Reinstated,
    /// 取消し
    Revoked,
}

impl MeasureKind {
    /// All of them, from the lightest.
    pub const ALL: [Self; 5] =
        [Self::Cautioned, Self::CorrectionDemanded, Self::Suspended, Self::Reinstated, Self::Revoked];

    /// The word in JSON and in the scheme's settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cautioned => "cautioned",
            Self::CorrectionDemanded => "correction_demanded",
            Self::Suspended => "suspended",
            Self::Reinstated => "reinstated",
            Self::Revoked => "revoked",
        }
    }

    /// The states it changes, or that it is about.
    pub fn can_follow(self, status: &Status) -> bool {
        match self {
            Self::Cautioned | Self::CorrectionDemanded => matches!(status, Status::Valid | Status::Suspended { .. }),
            Self::Suspended => matches!(status, Status::Valid),
            Self::Reinstated => matches!(status, Status::Suspended { .. }),
            Self::Revoked => matches!(status, Status::Valid | Status::Suspended { .. } | Status::NotYet { .. }),
        }
    }

    /// The same in words for a refusal.
    fn follows(self) -> &'static str {
        match self {
            Self::Cautioned | Self::CorrectionDemanded => "valid, suspended",
            Self::Suspended => "valid",
            Self::Reinstated => "suspended",
            Self::Revoked => "valid, suspended, not_yet",
        }
    }

    /// Can the provider object to it?
    fn is_contestable(self) -> bool {
        self != Self::Reinstated
    }

    fn deed(self, reason: String, proposal: ProposalId, grounds: Grounds, corrections: Vec<Condition>) -> Deed {
        let grounds = Box::new(grounds);
        match self {
            Self::Cautioned => Deed::Cautioned { reason, proposal, grounds },
            Self::CorrectionDemanded => Deed::CorrectionDemanded { reason, proposal, grounds, corrections },
            Self::Suspended => Deed::Suspended { reason, proposal, grounds: Some(grounds) },
            Self::Reinstated => Deed::Reinstated { reason, proposal, grounds: Some(grounds) },
            Self::Revoked => Deed::Revoked { reason, proposal, grounds: Some(grounds) },
        }
    }
}

impl Measure {
    fn new(kind: MeasureKind, at: Instant, reason: &str, grounds: Option<&Grounds>) -> Self {
        Self {
            kind,
            at,
            reason: reason.to_owned(),
            grounds: grounds.cloned().map(Box::new),
            corrections: Vec::new(),
            emergency: None,
            objection: None,
        }
    }

    /// When it begins to hold.
    pub fn from(&self) -> Instant {
        self.grounds.as_ref().map_or(self.at, |grounds| grounds.from)
    }

    /// When it stops holding without another measure: it was set aside, or nobody confirmed it in time.
    pub fn ends(&self) -> Option<Instant> {
        [self.set_aside(), self.unconfirmed_until()].into_iter().flatten().min()
    }

    /// Since when it is set aside.
    pub fn set_aside(&self) -> Option<Instant> {
        self.objection.as_ref().and_then(|objection| objection.set_aside())
    }

    /// Of an emergency that nobody has confirmed: when it ends by itself, or ended.
    pub fn unconfirmed_until(&self) -> Option<Instant> {
        self.emergency.as_ref().filter(|emergency| emergency.confirmed.is_none()).map(|emergency| emergency.until)
    }

    /// Does it hold at `at`, as far as it alone goes?
    fn holds(&self, at: Instant) -> bool {
        self.from() <= at && self.ends().is_none_or(|end| at < end)
    }

    /// Everything after which something of it is otherwise, with the act that the register knows it by.
    fn edges(&self) -> impl Iterator<Item = (Instant, Instant)> {
        let confirmed = self.emergency.as_ref().and_then(|emergency| emergency.confirmed);
        let unconfirmed = self.unconfirmed_until().map(|until| (until, self.at));
        let acts = [confirmed, self.set_aside()].into_iter().flatten().map(|at| (at, at));
        [(self.from(), self.at)].into_iter().chain(unconfirmed).chain(acts)
    }

    /// The corrections that are not accepted yet.
    pub fn open_corrections(&self) -> impl Iterator<Item = &Undertaking> {
        let is_set_aside = self.set_aside().is_some();
        self.corrections.iter().filter(move |one| !is_set_aside && one.progress() != Progress::Met)
    }

    /// The objection that waits to be decided.
    pub fn waiting_objection(&self) -> Option<&MeasureObjection> {
        self.objection.as_deref().filter(|objection| objection.finding.is_none())
    }
}

impl Registration {
    /// The measure that suspends or revokes it at `at`: what those that hold by then amount to, in the order in which
    /// they begin. One that can change nothing by then changes nothing.
    pub(super) fn held_by(&self, at: Instant) -> Option<&Measure> {
        let mut holding: Vec<&Measure> = self.measures.iter().filter(|measure| measure.holds(at)).collect();
        holding.sort_by_key(|measure| measure.from());
        holding.into_iter().fold(None, |held: Option<&Measure>, measure| {
            match (measure.kind, held.map(|held| held.kind)) {
                (_, Some(MeasureKind::Revoked)) => held,
                (MeasureKind::Revoked, _) | (MeasureKind::Suspended, None) => Some(measure),
                (MeasureKind::Reinstated, Some(MeasureKind::Suspended)) => None,
                _ => held,
            }
        })
    }

    /// Measures that were announced and do not hold yet, in the order in which they will.
    pub fn announced(&self, at: Instant) -> Vec<&Measure> {
        if matches!(self.status(at), Status::Revoked { .. }) {
            return Vec::new();
        }
        let is_ahead = |measure: &&Measure| measure.at <= at && at < measure.from() && measure.set_aside().is_none();
        let mut ahead: Vec<&Measure> = self.measures.iter().filter(is_ahead).collect();
        ahead.sort_by_key(|measure| measure.from());
        ahead
    }

    /// How often something was done about its measures, from 1. What is proposed about measures is settled once this has
    /// changed; what else happens to a registration, its provider's own acts among it, settles no proposal.
    pub fn measured(&self) -> u32 {
        let of_one = |measure: &Measure| {
            let is_confirmed = measure.emergency.as_ref().is_some_and(|emergency| emergency.confirmed.is_some());
            let is_decided = measure.objection.as_ref().is_some_and(|objection| objection.finding.is_some());
            1 + u32::from(is_confirmed) + u32::from(is_decided)
        };
        // What was proposed about one provider is not done to another.
        let successions = u32::try_from(self.successions().count()).unwrap_or(u32::MAX);
        1 + self.measures.iter().map(of_one).sum::<u32>() + successions
    }

    /// Everything after which the measures may amount to something else, with the act that the register knows it by.
    pub(super) fn measure_edges(&self) -> impl Iterator<Item = (Instant, Instant)> {
        self.measures.iter().flat_map(Measure::edges)
    }

    /// The registration, as far as it matters for who may decide on an objection to this measure.
    pub fn object_of<'a>(&'a self, measure: &'a Measure) -> Object<'a> {
        let takers = measure.grounds.iter().flat_map(|grounds| &grounds.takers);
        Object { deciders: takers.collect(), ..self.object() }
    }

    /// Since when something of its measures waits for somebody, or the first day on which something is due: for lists.
    pub fn attention(&self) -> Option<Instant> {
        let of_one = |measure: &Measure| {
            let due = measure.open_corrections().map(|one| one.condition.due.start());
            let objected = measure.waiting_objection().map(|objection| objection.at);
            due.chain(objected).chain(measure.unconfirmed_until()).min()
        };
        self.measures.iter().filter_map(of_one).min()
    }
}
