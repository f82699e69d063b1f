//! Objection 「異議申立て」 to a measure: the provider asks that other people look at it. It holds meanwhile; upheld, it is
//! set aside from the instant at which that is decided, and what was answered until then stays true.

use serde::{Deserialize, Serialize};

use super::super::{Refusal, Registration};
use crate::act::{Act, Caller, Deed, PersonId, ProposalId};
use crate::application::ObjectionOutcome;
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::evidence::{self, EvidenceFile};
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;

/// An objection to a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureObjection {
    pub reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
    pub by: PersonId,
    pub at: Instant,
    /// None while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<MeasureFinding>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureFinding {
    pub outcome: ObjectionOutcome,
    /// Fit for the public.
    pub reason: String,
    pub at: Instant,
}

impl MeasureObjection {
    /// Since when the measure is set aside.
    pub fn set_aside(&self) -> Option<Instant> {
        let upheld = self.finding.as_ref().filter(|finding| finding.outcome == ObjectionOutcome::Upheld);
        upheld.map(|finding| finding.at)
    }
}

impl Registration {
    /// 異議申立て: the provider objects to a measure; once, and in time. Measures are counted from 1.
    pub fn object_to_measure(
        self,
        measure: usize,
        reason: String,
        evidence: Vec<EvidenceFile>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ObjectToMeasure, &self.object(), at)?;
        let found = self.measure(measure)?;
        if found.objection.is_some() {
            return Err(Refusal::Objected { measure });
        }
        let until = found.grounds.as_ref().and_then(|grounds| grounds.objection_until);
        let until = until.ok_or(Refusal::NothingToObject { measure })?;
        if at.max(self.changed_at).day() > until {
            return Err(Refusal::ObjectionLate { until });
        }
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        evidence::check(&[], &evidence)?;
        Ok(self.act(Deed::MeasureObjected { measure: measure as u32, reason, evidence }, by, at))
    }

    /// 異議についての判断の提案: by a decision maker who did not take the measure.
    pub fn propose_on_objection(
        &self,
        id: ProposalId,
        measure: usize,
        outcome: ObjectionOutcome,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.hearing_objection(measure, &reason, by, at)?;
        let (registration, measure) = (self.number.clone(), measure as u32);
        let motion = Motion::DecideMeasureObjection { registration, measure, outcome, reason };
        Ok(Proposal::make(id, motion, self.measured(), by, at.max(self.changed_at)))
    }

    /// 異議についての判断: another decision maker who did not take the measure confirms it.
    pub fn decide_objection(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (measure, outcome, reason) = match &proposal.motion {
            Motion::DecideMeasureObjection { registration, measure, outcome, reason }
                if *registration == self.number =>
            {
                (*measure, *outcome, reason.clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.hearing_objection(measure as usize, &reason, by, at)?;
        proposal.second(self.measured(), &by, at)?;
        let proposal = proposal.id.clone();
        Ok(self.act(Deed::MeasureObjectionDecided { measure, outcome, reason, proposal }, by, at))
    }

    /// Who decides on the objection, if one waits.
    fn hearing_objection(&self, measure: usize, reason: &str, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let found = self.measure(measure)?;
        let by = by.caller(Power::HearMeasure, &self.object_of(found), at)?;
        if found.waiting_objection().is_none() {
            return Err(Refusal::NoObjection { measure });
        }
        if has_words(reason) { Ok(by) } else { Err(Refusal::NoReason) }
    }

    /// What an act about an objection changes; false where it is none, or cannot follow.
    pub(in crate::registration) fn replay_objection(&mut self, act: &Act) -> bool {
        let place = |measure: &u32| (*measure as usize).checked_sub(1);
        match &act.deed {
            Deed::MeasureObjected { measure, reason, evidence } => {
                let found = place(measure).and_then(|index| self.measures.get_mut(index));
                let Some(found) = found.filter(|found| found.objection.is_none()) else { return false };
                let (reason, evidence, by) = (reason.clone(), evidence.clone(), act.by.person.clone());
                found.objection = Some(Box::new(MeasureObjection { reason, evidence, by, at: act.at, finding: None }));
                true
            }
            Deed::MeasureObjectionDecided { measure, outcome, reason, .. } => {
                let found = place(measure).and_then(|index| self.measures.get_mut(index));
                let waiting = found.and_then(|found| found.objection.as_mut());
                let Some(waiting) = waiting.filter(|waiting| waiting.finding.is_none()) else { return false };
                waiting.finding = Some(MeasureFinding { outcome: *outcome, reason: reason.clone(), at: act.at });
                true
            }
            _ => false,
        }
    }
}
