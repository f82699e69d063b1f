//! Why an act on an application is refused.

use super::{ConditionFault, Shift};
use crate::act::PersonId;
use crate::authority::Denial;
use crate::calendar::Day;
use crate::criteria::CriterionId;
use crate::declaration::Class;
use crate::edition::Provision;
use crate::{evidence, proposal};

/// Why an act on an application is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal cannot be confirmed.
    Proposal(proposal::Refusal),
    /// The stage does not allow it.
    Stage { found: &'static str, needed: &'static str },
    /// A reason is required and was empty.
    NoReason,
    /// The declaration has no field at this pointer, the `index`th of those given.
    NoSuchField { index: usize, pointer: String },
    /// Not exactly this many different examiners.
    Examiners { needed: usize },
    /// The examiner belongs to the applicant.
    OwnOrganisation { person: PersonId },
    /// The examiner has declared a tie to the applicant in another case.
    Tied { person: PersonId },
    /// This person has no such tie, or it was waived.
    NoTie { person: PersonId },
    /// This person does not examine the case.
    NotExaminer { person: PersonId },
    /// This person examined the case and was replaced.
    Former { person: PersonId },
    /// The examiner has declared their interests, and takes nothing of it back.
    Declared,
    /// An examiner has not declared their interests yet, or is tied.
    NotAllDeclared,
    /// The other examiner is not done. Of what, is theirs to know.
    OtherNotDone,
    /// The edition asks nothing of such a service: it does not know the class or the kind.
    NothingAsked,
    /// The examiner who recommends has not judged every criterion.
    Unjudged { criteria: Vec<CriterionId> },
    /// Answers have come since this examiner judged these criteria.
    Outdated { criteria: Vec<CriterionId> },
    /// Answers about these criteria are still waited for.
    AnswersWaitedFor { criteria: Vec<CriterionId> },
    /// The edition does not ask this of the service.
    NotAsked { criterion: CriterionId },
    /// A question or an answer without words.
    NoText,
    /// The same question is open.
    AskedAlready { question: u32 },
    /// There is no such question, or it is not the caller's to know of.
    NoSuchQuestion { question: u32 },
    /// It was answered, or closed.
    QuestionEnded { question: u32, found: &'static str },
    /// The day for the answer is too soon, or too far ahead.
    AnswerDay { until: Day, earliest: Day, latest: Day },
    /// The examiners answered differently.
    Disagreement { criteria: Vec<CriterionId> },
    /// The judgements do not carry this verdict: a criterion is unmet, or none is.
    Unsupported { unmet: Vec<CriterionId> },
    /// The application is about a service that is registered in this class; another class is another registration.
    OtherClass { registered: Class },
    /// A change is examined only where a criterion asks about what it changes.
    NothingTouched,
    /// No recommendation carries a pass.
    NotRecommended,
    /// It would rest on what is provisional. Never empty.
    Provisional { provisions: Vec<Provision> },
    /// What is proposed to be decided is not what was proposed any more. Never empty.
    Shifted { shifts: Vec<Shift> },
    /// The decision's conditions cannot be these.
    Conditions(ConditionFault),
    /// The decision has `of` conditions, counted from 1.
    NoSuchCondition { number: usize, of: usize },
    /// The condition was found to be met.
    ConditionMet { number: usize },
    /// The last report waits for its reply.
    ReportWaits { number: usize },
    /// No report of the condition waits for a reply.
    NoReport { number: usize },
    /// The decision was objected to before.
    Objected,
    /// It is a pass without conditions, or from before objections were taken.
    NothingToObject,
    /// The last day on which it could be objected to has passed.
    ObjectionLate { until: Day },
    /// No objection waits to be decided.
    NoObjection,
    /// The files are too many or too large, or what is said of one cannot be.
    Evidence(evidence::Fault),
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<proposal::Refusal> for Refusal {
    fn from(refusal: proposal::Refusal) -> Self {
        Self::Proposal(refusal)
    }
}

impl From<ConditionFault> for Refusal {
    fn from(found: ConditionFault) -> Self {
        Self::Conditions(found)
    }
}

impl From<evidence::Fault> for Refusal {
    fn from(found: evidence::Fault) -> Self {
        Self::Evidence(found)
    }
}
