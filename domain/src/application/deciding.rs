//! Deciding 「判定」: two people, one basis, and nothing that rests on what is provisional.

use serde::{Deserialize, Serialize};

use super::basis::{Basis, Shift};
use super::conditions::{self, Condition, Undertaking};
use super::objection::OBJECTION_DAYS;
use super::{Application, Refusal, Stage, require_reason};
use crate::act::{Act, Caller, Deed, Determination, PersonId, ProposalId, Verdict};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::edition::{Editions, Provision, provisions};
use crate::examination::Examination;
use crate::proposal::{self, Motion, Proposal};

/// What stands around a case when it is decided: the examinations, and what is provisional of what was judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    pub examinations: Vec<Examination>,
    /// The digest of the file that stands for the edition now, where the case is bound to another one.
    pub corrected_to: Option<String>,
    pub provisions: Vec<Provision>,
}

/// What a decision rests on, who made it, and until when the applicant may object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ruling {
    pub basis: Basis,
    /// Who proposed it, and who confirmed.
    pub deciders: [PersonId; 2],
    /// The last day in Japan; none where there is nothing to object to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection_until: Option<Day>,
}

impl Ground {
    /// What stands around this application, among these editions; `None` where they do not have the one it is bound to.
    pub fn of(application: &Application, editions: &Editions, examinations: Vec<Examination>) -> Option<Self> {
        let bound = editions.with_digest(&application.edition_digest)?;
        let now = editions.find(&application.edition)?;
        let (digest, service) = (now.digest_hex(), &application.declaration.service);
        let mut provisions = provisions(bound, now, service.class, service.kind);
        provisions.retain(|provision| provision.criterion().is_none_or(|criterion| application.asks(criterion)));
        let corrected_to = (digest != application.edition_digest).then_some(digest);
        Some(Self { examinations, corrected_to, provisions })
    }
}

impl Application {
    /// 判定の提案: by a decision maker who did not examine (ISO/IEC 17065, 7.6), has not decided the case before and does
    /// not belong to the applicant. A pass needs a recommendation to pass; a fail needs a reason of its own.
    pub fn propose_decision(
        &self,
        id: ProposalId,
        (decision, conditions): (Determination, Vec<Condition>),
        ground: &Ground,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.deciding(&decision, &conditions, ground, by, at)?;
        let motion = Motion::Decide { application: self.id.clone(), decision, conditions };
        let basis = self.basis_on(ground);
        Ok(Proposal::make_on(id, motion, self.version, Some(basis), by, at.max(self.changed_at)))
    }

    /// 判定: a second decision maker confirms what the first proposed, about what the first proposed it about.
    pub fn decide(self, proposal: &Proposal, ground: &Ground, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (decision, conditions) = match &proposal.motion {
            Motion::Decide { application, decision, conditions } if *application == self.id => {
                (decision.clone(), conditions.clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.deciding(&decision, &conditions, ground, by, at)?;
        proposal.second(self.version, &by, at)?;
        let basis = self.basis_on(ground);
        let shifts = proposal.basis.as_ref().map_or_else(|| vec![Shift::Unrecorded], |before| before.shifts(&basis));
        if !shifts.is_empty() {
            return Err(Refusal::Shifted { shifts });
        }
        let is_contestable = decision.verdict == Verdict::Fail || !conditions.is_empty();
        let day = at.max(self.changed_at).day();
        let ruling = Ruling {
            basis,
            deciders: [proposal.by.clone(), by.person.clone()],
            objection_until: is_contestable.then(|| day.plus_days(OBJECTION_DAYS)),
        };
        let (proposal, ruling) = (proposal.id.clone(), Some(Box::new(ruling)));
        Ok(self.act(Deed::Decided { decision, proposal, conditions, ruling }, by, at))
    }

    /// Who decides, if this decision can be made now.
    fn deciding(
        &self,
        decision: &Determination,
        conditions: &[Condition],
        ground: &Ground,
        by: &Actor,
        at: Instant,
    ) -> Result<Caller, Refusal> {
        let by = by.caller(Power::Decide, &self.object(), at)?;
        let Stage::Recommended { opinion, .. } = &self.stage else {
            return Err(Refusal::Stage { found: self.stage.as_str(), needed: "recommended" });
        };
        require_reason(&decision.reason)?;
        if decision.verdict == Verdict::Pass && opinion.verdict == Verdict::Fail {
            return Err(Refusal::NotRecommended);
        }
        let rests_on = self.rests_on(decision.verdict, opinion.verdict, ground);
        if !rests_on.is_empty() {
            return Err(Refusal::Provisional { provisions: rests_on });
        }
        let day = at.max(self.changed_at).day();
        conditions::check(conditions, decision.verdict, &self.counting(&ground.examinations), day)?;
        Ok(by)
    }

    /// What is provisional and would carry this decision.
    ///
    /// A pass rests on all that is asked. A fail that the examiners recommend rests on what they found unmet: one
    /// criterion that is nowhere provisional carries it. A fail over a recommended pass has a reason of its own.
    fn rests_on(&self, verdict: Verdict, opinion: Verdict, ground: &Ground) -> Vec<Provision> {
        match (verdict, opinion) {
            (Verdict::Pass, _) => ground.provisions.clone(),
            (Verdict::Fail, Verdict::Pass) => Vec::new(),
            (Verdict::Fail, Verdict::Fail) => {
                let touches = |criterion: CriterionId, provision: &Provision| provision.touches(criterion);
                let unmet = self.unmet(&ground.examinations);
                let is_firm = |criterion: &CriterionId| !ground.provisions.iter().any(|p| touches(*criterion, p));
                if unmet.iter().any(is_firm) {
                    return Vec::new();
                }
                let carries = |provision: &&Provision| unmet.iter().any(|criterion| touches(*criterion, provision));
                ground.provisions.iter().filter(carries).cloned().collect()
            }
        }
    }

    /// What the examiners found unmet.
    fn unmet(&self, examinations: &[Examination]) -> Vec<CriterionId> {
        let mut unmet: Vec<CriterionId> = Vec::new();
        for judgement in self.counting(examinations).iter().flat_map(|own| own.judgements.values()) {
            if judgement.answer.is_unmet() && !unmet.contains(&judgement.criterion) {
                unmet.push(judgement.criterion);
            }
        }
        unmet
    }

    /// What would be decided about on this ground.
    pub fn basis_on(&self, ground: &Ground) -> Basis {
        self.basis(&ground.examinations, ground.corrected_to.as_deref())
    }

    /// What has changed since the decision, or else since the recommendation; nothing where there is neither.
    pub fn shifts(&self, ground: &Ground) -> Vec<Shift> {
        let before = match &self.stage {
            Stage::Recommended { basis, .. } => basis.as_deref(),
            Stage::Decided { ruling, .. } => ruling.as_ref().map(|ruling| &ruling.basis),
            _ => return Vec::new(),
        };
        before.map_or_else(|| vec![Shift::Unrecorded], |before| before.shifts(&self.basis_on(ground)))
    }

    /// Those who made the decisions that were set aside, and the one that is objected to: they have no part in what comes
    /// next.
    pub(super) fn deciders(&self) -> Vec<&PersonId> {
        let standing = match &self.stage {
            Stage::Decided { ruling, .. } if self.waiting_objection().is_some() => ruling.as_deref(),
            _ => None,
        };
        let earlier = self.earlier.iter().filter_map(|round| round.ruling.as_deref());
        earlier.chain(standing).flat_map(|ruling| &ruling.deciders).collect()
    }
}

/// What was asked, as it stands right after.
pub(crate) fn undertakings(conditions: &[Condition]) -> Vec<Undertaking> {
    conditions.iter().map(|condition| Undertaking { condition: condition.clone(), reports: Vec::new() }).collect()
}
