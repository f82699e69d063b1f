//! Who examines a case: their interests 「利害関係」, declared before it opens to them, and who takes their place.
//!
//! An application has two seats, and always two people in them. Whoever sits in one sees nothing of the case before
//! saying that nothing ties them to the applicant; whoever is tied waits, shut out, until somebody else has the seat.

use serde::{Deserialize, Serialize};

use super::{Application, Refusal, Stage, require_reason};
use crate::act::{Act, Deed, OrganisationId, PersonId, ProposalId};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::Instant;
use crate::proposal::{self, Motion, Proposal};

/// What an examiner said of their ties to the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Interest {
    pub examiner: PersonId,
    /// The tie, in their words; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie: Option<String>,
    /// Two other people have found that it does not matter here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_waived: bool,
    pub at: Instant,
}

/// 利益相反の免除: an examiner's tie does not stand in the way of this case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiver {
    pub examiner: PersonId,
    pub reason: String,
    pub at: Instant,
}

/// 審査員の交代: who left a seat, who took it, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replaced {
    pub examiner: PersonId,
    pub by: PersonId,
    pub reason: String,
    pub at: Instant,
}

/// Somebody who is to examine, as far as it matters whether they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub person: PersonId,
    /// Those they belong to, in whatever role.
    pub organisations: Vec<OrganisationId>,
    /// Have they declared a tie to this applicant in another case?
    pub is_tied: bool,
}

/// How far an examiner is from judging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    /// They have not declared their interests.
    Undeclared,
    /// They declared a tie, and nobody waived it.
    Tied,
    /// The case is open to them.
    Cleared,
}

impl Clearance {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undeclared => "undeclared",
            Self::Tied => "tied",
            Self::Cleared => "cleared",
        }
    }
}

impl Application {
    /// 利害関係の申告: an examiner says what ties them to the applicant, or that nothing does. Later they may still name
    /// a tie; nobody takes back their own.
    pub fn declare_interest(
        self,
        tie: Option<String>,
        is_tied_elsewhere: bool,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let caller = by.caller(Power::DeclareInterest, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        let declared = self.interests.iter().any(|interest| interest.examiner == by.person);
        match &tie {
            _ if declared && (tie.is_none() || self.clearance(&by.person) == Clearance::Tied) => {
                return Err(Refusal::Declared);
            }
            Some(tie) => require_reason(tie)?,
            None => {
                let organisations = by.memberships.iter().map(|own| own.organisation.clone()).collect();
                let (person, is_tied) = (by.person.clone(), is_tied_elsewhere);
                self.require_untied(&Candidate { person, organisations, is_tied })?;
            }
        }
        Ok(self.act(Deed::InterestDeclared { tie }, caller, at))
    }

    /// 審査員の交代: the secretariat gives an examiner's seat to somebody else. What the one who leaves has judged stays
    /// in the record and counts no longer; they do not come back.
    pub fn replace_examiner(
        self,
        leaving: PersonId,
        joining: &Candidate,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ReplaceExaminer, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        if !self.examiners.contains(&leaving) {
            return Err(Refusal::NotExaminer { person: leaving });
        }
        if self.examiners.contains(&joining.person) {
            return Err(Refusal::Examiners { needed: super::EXAMINERS });
        }
        self.require_no_former(&joining.person)?;
        self.require_untied(joining)?;
        require_reason(&reason)?;
        let joining = joining.person.clone();
        Ok(self.act(Deed::ExaminerReplaced { leaving, joining, reason }, by, at))
    }

    /// 免除の提案: the secretariat finds that a declared tie does not stand in the way of this case. Whoever belongs to
    /// the applicant is not helped by it.
    pub fn propose_waiver(
        &self,
        id: ProposalId,
        examiner: &PersonId,
        reason: String,
        is_tied_elsewhere: bool,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.waiving(examiner, &reason, is_tied_elsewhere, by, at)?;
        let motion = Motion::WaiveConflict { application: self.id.clone(), examiner: examiner.clone(), reason };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at)))
    }

    /// 利益相反の免除: a second person of the secretariat confirms it.
    pub fn waive(
        self,
        proposal: &Proposal,
        is_tied_elsewhere: bool,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let (examiner, reason) = match &proposal.motion {
            Motion::WaiveConflict { application, examiner, reason } if *application == self.id => {
                (examiner.clone(), reason.clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.waiving(&examiner, &reason, is_tied_elsewhere, by, at)?;
        proposal.second(self.version, &by, at)?;
        Ok(self.act(Deed::ConflictWaived { examiner, reason, proposal: proposal.id.clone() }, by, at))
    }

    /// Who waives, if there is something that can be waived now.
    fn waiving(
        &self,
        examiner: &PersonId,
        reason: &str,
        is_tied_elsewhere: bool,
        by: &Actor,
        at: Instant,
    ) -> Result<crate::act::Caller, Refusal> {
        let caller = by.caller(Power::WaiveConflict, &self.object(), at)?;
        if caller.person == *examiner {
            return Err(Denial::Oneself.into());
        }
        let is_open = matches!(self.stage, Stage::Submitted | Stage::Examining);
        self.require_stage(is_open, "submitted, examining")?;
        self.require_no_former(examiner)?;
        let is_tied_here = self.clearance(examiner) == Clearance::Tied;
        if !is_tied_here && (!is_tied_elsewhere || self.is_waived(examiner)) {
            return Err(Refusal::NoTie { person: examiner.clone() });
        }
        require_reason(reason)?;
        Ok(caller)
    }

    /// How far this examiner is from judging.
    pub fn clearance(&self, person: &PersonId) -> Clearance {
        match self.interests.iter().rev().find(|interest| interest.examiner == *person) {
            None => Clearance::Undeclared,
            Some(Interest { tie: Some(_), is_waived: false, .. }) => Clearance::Tied,
            Some(_) => Clearance::Cleared,
        }
    }

    /// Is the case open to everybody who is to judge it?
    pub fn is_open_to_all(&self) -> bool {
        self.examiners.iter().all(|person| self.clearance(person) == Clearance::Cleared)
    }

    /// Nothing ties this person to the applicant: they do not belong to it, and what they declared elsewhere was waived
    /// here.
    pub fn require_untied(&self, candidate: &Candidate) -> Result<(), Refusal> {
        let number = self.declaration.provider.legal_entity_number.as_ref().map(ToString::to_string);
        let is_applicants =
            |of: &OrganisationId| *of == self.owner || number.as_deref().is_some_and(|number| of.as_str() == number);
        let person = candidate.person.clone();
        if candidate.organisations.iter().any(is_applicants) {
            return Err(Refusal::OwnOrganisation { person });
        }
        if candidate.is_tied && !self.is_waived(&person) { Err(Refusal::Tied { person }) } else { Ok(()) }
    }

    fn is_waived(&self, person: &PersonId) -> bool {
        self.waivers.iter().any(|waiver| waiver.examiner == *person)
    }

    /// Whoever left a seat does not come back, and nobody judges a case again that they judged or decided before.
    pub(super) fn require_no_former(&self, person: &PersonId) -> Result<(), Refusal> {
        let is_former = self.had_part(person) || self.replaced.iter().any(|replaced| replaced.examiner == *person);
        if is_former { Err(Refusal::Former { person: person.clone() }) } else { Ok(()) }
    }

    /// Those of the examiners who may not look into the case now. Once it is recommended everybody who judged it had
    /// declared; cases from before this was asked are no exception worth a word in the record.
    pub(super) fn closed_to(&self) -> Vec<&PersonId> {
        let is_asked = matches!(self.stage, Stage::Examining | Stage::Withdrawn { .. });
        let is_closed = |person: &&PersonId| is_asked && self.clearance(person) != Clearance::Cleared;
        self.examiners.iter().filter(is_closed).collect()
    }

    /// What an act about the examiners changes; false where it is none, or cannot follow.
    pub(super) fn seat(&mut self, act: &Act) -> bool {
        let at = act.at;
        match (&self.stage, &act.deed) {
            (Stage::Examining, Deed::InterestDeclared { tie }) if self.examiners.contains(&act.by.person) => {
                let examiner = act.by.person.clone();
                self.interests.push(Interest { examiner, tie: tie.clone(), is_waived: false, at });
            }
            (Stage::Examining, Deed::ExaminerReplaced { leaving, joining, reason })
                if self.examiners.contains(leaving) && !self.examiners.contains(joining) =>
            {
                for seat in self.examiners.iter_mut().filter(|seat| *seat == leaving) {
                    *seat = joining.clone();
                }
                let (examiner, by, reason) = (leaving.clone(), joining.clone(), reason.clone());
                self.replaced.push(Replaced { examiner, by, reason, at });
            }
            (Stage::Submitted | Stage::Examining, Deed::ConflictWaived { examiner, reason, .. }) => {
                let last = self.interests.iter_mut().rev().find(|interest| interest.examiner == *examiner);
                if let Some(interest) = last.filter(|interest| interest.tie.is_some()) {
                    interest.is_waived = true;
                }
                self.waivers.push(Waiver { examiner: examiner.clone(), reason: reason.clone(), at });
            }
            _ => return false,
        }
        true
    }
}
