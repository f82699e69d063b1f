//! Objection 「異議申立て」: the applicant asks that other people look at a decision.
//!
//! The decision stands until the objection is decided, and with it a registration. Upheld, the decision is set aside: the
//! case waits to be accepted anew, for examiners and decision makers who had no part in it.

use serde::{Deserialize, Serialize};

use super::conditions::Undertaking;
use super::deciding::Ruling;
use super::{Application, Refusal, Stage, require_reason};
use crate::act::{Act, Caller, Deed, Determination, PersonId, ProposalId};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::evidence::{self, EvidenceFile};
use crate::proposal::{self, Motion, Proposal};

/// Days, after the day of the decision in Japan, on which the applicant may object (`scheme.toml`, `objection_days`).
pub const OBJECTION_DAYS: i32 = 30;

/// An objection to the decision that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objection {
    pub reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
    pub by: PersonId,
    pub at: Instant,
    /// None while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<ObjectionFinding>,
}

/// What became of an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectionFinding {
    pub outcome: ObjectionOutcome,
    pub reason: String,
    pub at: Instant,
}

/// How an objection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    /// 棄却: the decision stands.
    Dismissed,
    /// 認容: the decision is set aside.
    Upheld,
}

/// A decision that was set aside, with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Round {
    pub examiners: Vec<PersonId>,
    pub recommended: Determination,
    pub decision: Determination,
    pub at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Box<Ruling>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Undertaking>,
    /// How many questions had been asked so far; those that were open ended with it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub questions: u32,
    pub objection: Objection,
}

fn is_none(questions: &u32) -> bool {
    *questions == 0
}

impl Application {
    /// 異議申立て: the owner objects to a fail, or to the conditions of a pass; once, and in time.
    pub fn object_to_decision(
        self,
        reason: String,
        evidence: Vec<EvidenceFile>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::MakeObjection, &self.object(), at)?;
        let Stage::Decided { ruling, .. } = &self.stage else {
            return Err(Refusal::Stage { found: self.stage.as_str(), needed: "decided" });
        };
        if self.objection.is_some() {
            return Err(Refusal::Objected);
        }
        let until = ruling.as_ref().and_then(|ruling| ruling.objection_until).ok_or(Refusal::NothingToObject)?;
        if at.max(self.changed_at).day() > until {
            return Err(Refusal::ObjectionLate { until });
        }
        require_reason(&reason)?;
        evidence::check(&[], &evidence)?;
        Ok(self.act(Deed::Objected { reason, evidence }, by, at))
    }

    /// 異議についての判断の提案: by a decision maker who had no part in the decision.
    pub fn propose_on_objection(
        &self,
        id: ProposalId,
        outcome: ObjectionOutcome,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.hearing(&reason, by, at)?;
        let motion = Motion::DecideObjection { application: self.id.clone(), outcome, reason };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at)))
    }

    /// 異議についての判断: another decision maker who had no part in the decision confirms it.
    pub fn decide_objection(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (outcome, reason) = match &proposal.motion {
            Motion::DecideObjection { application, outcome, reason } if *application == self.id => {
                (*outcome, reason.clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.hearing(&reason, by, at)?;
        proposal.second(self.version, &by, at)?;
        Ok(self.act(Deed::ObjectionDecided { outcome, reason, proposal: proposal.id.clone() }, by, at))
    }

    /// Who decides on the objection, if one waits.
    fn hearing(&self, reason: &str, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let by = by.caller(Power::DecideObjection, &self.object(), at)?;
        self.require_stage(matches!(self.stage, Stage::Decided { .. }), "decided")?;
        if self.waiting_objection().is_none() {
            return Err(Refusal::NoObjection);
        }
        require_reason(reason)?;
        Ok(by)
    }

    /// The objection that waits to be decided.
    pub fn waiting_objection(&self) -> Option<&Objection> {
        self.objection.as_ref().filter(|objection| objection.finding.is_none())
    }

    /// What an act about an objection changes; false where it is none, or cannot follow.
    pub(super) fn hear(&mut self, act: &Act) -> bool {
        let Stage::Decided { recommended, decision, at, ruling } = &self.stage else { return false };
        match (&act.deed, self.objection.take()) {
            (Deed::Objected { reason, evidence }, None) => {
                let (reason, evidence, by) = (reason.clone(), evidence.clone(), act.by.person.clone());
                self.objection = Some(Objection { reason, evidence, by, at: act.at, finding: None });
            }
            (Deed::ObjectionDecided { outcome, reason, .. }, Some(waiting)) if waiting.finding.is_none() => {
                let finding = ObjectionFinding { outcome: *outcome, reason: reason.clone(), at: act.at };
                let objection = Objection { finding: Some(finding), ..waiting };
                match outcome {
                    ObjectionOutcome::Dismissed => self.objection = Some(objection),
                    ObjectionOutcome::Upheld => {
                        let (recommended, decision) = (recommended.clone(), decision.clone());
                        let (at, ruling) = (*at, ruling.clone());
                        let (examiners, conditions) =
                            (std::mem::take(&mut self.examiners), std::mem::take(&mut self.conditions));
                        let questions = self.end_questions(reason, act);
                        self.earlier.push(Round {
                            examiners,
                            recommended,
                            decision,
                            at,
                            ruling,
                            conditions,
                            questions,
                            objection,
                        });
                        self.due = None;
                        self.stage = Stage::Submitted;
                    }
                }
            }
            (_, kept) => {
                self.objection = kept;
                return false;
            }
        }
        true
    }

    /// Did this person judge or decide the case before its decision was set aside?
    pub(super) fn had_part(&self, person: &PersonId) -> bool {
        self.earlier.iter().any(|round| {
            let decided = round.ruling.as_ref().is_some_and(|ruling| ruling.deciders.contains(person));
            decided || round.examiners.contains(person)
        })
    }
}
