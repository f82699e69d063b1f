//! Taking a measure: one person of the secretariat proposes it, another confirms it, and the provider is heard before it
//! loses its registration.

use super::super::{Refusal, Registration, settle};
use super::{Grounds, Measure, MeasureKind, Plan};
use crate::act::{Act, Caller, Deed, ProposalId};
use crate::application::{OBJECTION_DAYS, check_undertakings, undertakings};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant};
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;
use crate::scheme::Scheme;

/// Days, after the day it is proposed, that a provider has at the least to state its side (`scheme.toml`,
/// `hearing_days`).
pub const HEARING_DAYS: i32 = 14;

/// The most days ahead at which a measure begins to hold (`scheme.toml`, `measure_ahead_days`).
pub const AHEAD_DAYS: i32 = 90;

impl Registration {
    /// 措置の提案: the secretariat proposes a measure, with the clauses and facts it rests on, and a reason fit for the
    /// public.
    ///
    /// Suspended 「一時停止」, a registration in force stops counting, and with it what hangs from it; reinstated 「再開」, it
    /// counts again; revoked 「取消し」, it ends for cause and never counts again. A caution 「注意」 and a demand for
    /// correction 「是正の求め」 leave it in force.
    pub fn propose(
        &self,
        id: ProposalId,
        measure: MeasureKind,
        reason: String,
        plan: Plan,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let at = at.max(self.changed_at);
        let by = self.measuring(measure, &reason, &plan, by, at)?;
        if let Some(from) = plan.from.filter(|from| *from < at) {
            return Err(Refusal::FromPast { from, at });
        }
        self.check_hearing(measure, plan.hearing_until, at.day())?;
        check_undertakings(&plan.corrections, at.day())?;
        let registration = self.number.clone();
        let motion = Motion::TakeMeasure { registration, measure, reason, plan: Some(Box::new(plan)) };
        Ok(Proposal::make(id, motion, self.measured(), by, at))
    }

    /// 措置: a second person confirms what the first proposed, once the provider was heard.
    pub fn take(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (measure, reason, plan) = match &proposal.motion {
            Motion::TakeMeasure { registration, measure, reason, plan } if *registration == self.number => {
                (*measure, reason.clone(), plan.as_deref().cloned().ok_or(Refusal::NoGrounds)?)
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let at = at.max(self.changed_at);
        let by = self.measuring(measure, &reason, &plan, by, at)?;
        proposal.second(self.measured(), &by, at)?;
        if let Some(until) = proposal.hearing(at.day()) {
            return Err(Refusal::HearingOpen { until });
        }
        let grounds = Grounds {
            clauses: plan.clauses,
            facts: plan.facts,
            // What was to begin by now begins now: nothing is changed that was answered before.
            from: plan.from.map_or(at, |from| from.max(at)),
            takers: vec![proposal.by.clone(), by.person.clone()],
            objection_until: objection_until(measure, at),
        };
        let deed = measure.deed(reason, proposal.id.clone(), grounds, plan.corrections);
        Ok(self.act(deed, by, at))
    }

    /// Who takes the measure, if it can be taken now, or from the instant that is planned.
    fn measuring(
        &self,
        measure: MeasureKind,
        reason: &str,
        plan: &Plan,
        by: &Actor,
        at: Instant,
    ) -> Result<Caller, Refusal> {
        let by = by.caller(Power::TakeMeasure, &self.object(), at)?;
        let from = plan.from.map_or(at, |from| from.max(at));
        let status = self.status(from);
        if !measure.can_follow(&status) {
            return Err(Refusal::Status { found: status.as_str(), needed: measure.follows() });
        }
        if from.day() > at.day().plus_days(AHEAD_DAYS) {
            return Err(Refusal::FromTooFarAhead { from, latest: at.day().plus_days(AHEAD_DAYS) });
        }
        check_grounds(measure.as_str(), reason, &plan.clauses, &plan.facts)?;
        if (measure == MeasureKind::CorrectionDemanded) == plan.corrections.is_empty() {
            return Err(Refusal::Corrections { are_needed: plan.corrections.is_empty() });
        }
        Ok(by)
    }

    /// Is the provider heard, for long enough, before this is done?
    fn check_hearing(&self, measure: MeasureKind, until: Option<Day>, today: Day) -> Result<(), Refusal> {
        let earliest = today.plus_days(HEARING_DAYS);
        let is_too_short = match until {
            Some(until) => until < earliest,
            None => measure == MeasureKind::Revoked,
        };
        if is_too_short {
            return Err(Refusal::HearingTooShort { earliest });
        }
        match until.filter(|until| *until > today.plus_days(AHEAD_DAYS)) {
            Some(until) => Err(Refusal::HearingTooLong { until, latest: today.plus_days(AHEAD_DAYS) }),
            None => Ok(()),
        }
    }

    /// What the taking of a measure changes; false where it is none, or cannot follow.
    pub(in crate::registration) fn replay_measure(&mut self, act: &Act) -> bool {
        let (kind, reason, grounds) = match &act.deed {
            Deed::Cautioned { reason, grounds, .. } => (MeasureKind::Cautioned, reason, Some(grounds)),
            Deed::CorrectionDemanded { reason, grounds, .. } => {
                (MeasureKind::CorrectionDemanded, reason, Some(grounds))
            }
            Deed::Suspended { reason, grounds, .. } => (MeasureKind::Suspended, reason, grounds.as_ref()),
            Deed::Reinstated { reason, grounds, .. } => (MeasureKind::Reinstated, reason, grounds.as_ref()),
            Deed::Revoked { reason, grounds, .. } => (MeasureKind::Revoked, reason, grounds.as_ref()),
            _ => return false,
        };
        let mut measure = Measure::new(kind, act.at, reason, grounds.map(|grounds| &**grounds));
        if measure.from() < act.at || !kind.can_follow(&self.status(measure.from())) {
            return false;
        }
        if let Deed::CorrectionDemanded { corrections, .. } = &act.deed {
            measure.corrections = undertakings(corrections);
        }
        self.measures.push(measure);
        true
    }

    /// The act of `deed`, and what it leads to.
    pub(in crate::registration) fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        use crate::act::Replay;
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        let act = Act { subject: self.subject(), version, at, by, deed };
        settle(Some(self), act)
    }
}

/// The last day on which a measure that is taken at `at` can be objected to.
pub(super) fn objection_until(measure: MeasureKind, at: Instant) -> Option<Day> {
    measure.is_contestable().then(|| at.day().plus_days(OBJECTION_DAYS))
}

/// Every measure names a clause that provides for it, what was found, and a reason that can be published.
pub(super) fn check_grounds(measure: &str, reason: &str, clauses: &[String], facts: &str) -> Result<(), Refusal> {
    if !has_words(reason) {
        return Err(Refusal::NoReason);
    }
    if !has_words(facts) {
        return Err(Refusal::NoFacts);
    }
    let known = &Scheme::bundled().measure_clauses;
    let provides = |id: &String| known.iter().any(|clause| clause.id == *id && clause.provides_for(measure));
    if clauses.is_empty() || !clauses.iter().all(provides) {
        let of_measure = known.iter().filter(|clause| clause.provides_for(measure));
        return Err(Refusal::Clauses { known: of_measure.map(|clause| clause.id.clone()).collect() });
    }
    Ok(())
}
