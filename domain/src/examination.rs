//! One examiner's examination of one application: a judgement 「判断」 for each criterion, each with its reason.
//!
//! Every examiner has an examination of their own, so that two who judge at once never stand in each other's way. They
//! judge independently until both are done; then they confer, one criterion at a time, about those they answered
//! differently, and nothing else of it changes.

mod bench;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::act::{Act, ApplicationId, Deed, ExaminationId, Impossible, PersonId, Replay, Subject};
use crate::authority::{Actor, Denial};
use crate::calendar::Instant;
use crate::criteria::CriterionId;
use crate::evidence::FileDigest;
use crate::text::Text;

pub use bench::{Bench, Bound, may_keep_papers};

/// An examiner's answers so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Examination {
    pub id: ExaminationId,
    pub version: u32,
    pub application: ApplicationId,
    pub examiner: PersonId,
    pub changed_at: Instant,
    /// The last judgement of each criterion.
    pub judgements: BTreeMap<CriterionId, Judgement>,
    /// The application's version that the last answer to a question had made when a criterion was judged; absent where
    /// there was none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_answers: BTreeMap<CriterionId, u32>,
    /// What it took the place of when the two conferred, in that order: their independent answers first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Superseded>,
}

/// A person's answer about one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Judgement {
    pub criterion: CriterionId,
    pub answer: Answer,
    /// Shown to the applicant.
    pub reason: String,
    /// The places it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Ground>,
    /// It says another answer than the engine, knowingly.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overrules: bool,
}

/// 根拠: a place in a file of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ground {
    pub digest: FileDigest,
    /// Counted from 1; none where the whole file is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// A judgement that stood until the examiners conferred 「協議」 about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Superseded {
    pub judgement: Judgement,
    pub until: Instant,
}

/// What an examiner may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 充足
    Met,
    /// 不充足
    Unmet,
    /// 対象外
    NotApplicable,
}

impl Answer {
    /// The answer for people.
    pub fn term(self) -> Text {
        match self {
            Self::Met => Text::new("充足", "met"),
            Self::Unmet => Text::new("不充足", "unmet"),
            Self::NotApplicable => Text::new("対象外", "not applicable"),
        }
    }

    /// Does this answer stand against registration?
    pub fn is_unmet(self) -> bool {
        self == Self::Unmet
    }
}

/// Why judgements are refused. None of them was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The application is not being examined.
    Stage { found: &'static str },
    /// An examiner has not declared their interests yet, or is tied: nobody judges before all have.
    NotAllDeclared,
    /// Something that bears on what is judged has been done to the application since the examiner read it.
    Stale { read: u32, found: u32 },
    /// Both are done: what they agree about stands, and what they do not is reconciled.
    BothDone,
    /// There is nothing to confer about before both are done.
    NotBothDone,
    /// The examiners gave the same answer, which stands.
    NotDisputed { criterion: CriterionId },
    /// No judgement was given.
    Nothing,
    /// The edition does not ask this of the service.
    NotAsked { criterion: CriterionId },
    /// The criterion is judged twice in one act.
    Twice { criterion: CriterionId },
    /// A reason is required and was empty.
    NoReason { criterion: CriterionId },
    /// Arithmetic answers this criterion, and the edition lets nobody overrule it.
    Overrules { criterion: CriterionId, only: Answer },
    /// The answer is another than the engine's, and does not say that it overrules it.
    Silent { criterion: CriterionId, found: Answer },
    /// It says that it overrules, and the engine says the same or leaves it open.
    NothingOverruled { criterion: CriterionId },
    /// The edition asks for the evidence that such an answer rests on.
    NoEvidence { criterion: CriterionId },
    /// The application names no such file; `ground` counts from 0.
    NoSuchFile { criterion: CriterionId, ground: usize, digest: FileDigest },
    /// There is no such page: they count from 1 to `pages`, where that is known.
    Page { criterion: CriterionId, ground: usize, page: u32, pages: Option<u32> },
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Judgement {
    /// A judgement that cites nothing and overrules nothing.
    pub fn new(criterion: CriterionId, answer: Answer, reason: impl Into<String>) -> Self {
        Self { criterion, answer, reason: reason.into(), evidence: Vec::new(), overrules: false }
    }
}

impl Examination {
    /// 判断: `by` judges some criteria, anew or again, until both examiners are done. `fresh` is the examination's id
    /// where it begins with this.
    pub fn judge(
        bench: &Bench<'_>,
        fresh: ExaminationId,
        judgements: Vec<Judgement>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let criteria: Vec<CriterionId> = judgements.iter().map(|judgement| judgement.criterion).collect();
        let by = bench.open_to(&criteria, by, at)?;
        if bench.are_both_done() {
            return Err(Refusal::BothDone);
        }
        bench.check(&judgements)?;
        let (application, application_version, last_answer) = bench.knowledge();
        Ok(bench.settle(fresh, Deed::Judged { application, application_version, last_answer, judgements }, by, at))
    }

    /// 協議: once both are done and answered one criterion differently, each having seen the other's answer, `by`
    /// answers it anew or upholds their own; with a reason either way.
    pub fn reconcile(bench: &Bench<'_>, judgement: Judgement, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = bench.open_to(&[judgement.criterion], by, at)?;
        let own = bench.own(&by.person).filter(|_| bench.are_both_done());
        let id = own.ok_or(Refusal::NotBothDone)?.id.clone();
        let criterion = judgement.criterion;
        bench.bound(criterion)?;
        if !bench.is_disputed(criterion) {
            return Err(Refusal::NotDisputed { criterion });
        }
        bench.check(std::slice::from_ref(&judgement))?;
        let (application, application_version, last_answer) = bench.knowledge();
        Ok(bench.settle(id, Deed::Reconciled { application, application_version, last_answer, judgement }, by, at))
    }

    /// This examiner's answer about `criterion`, if given.
    pub fn answer(&self, criterion: CriterionId) -> Option<Answer> {
        self.judgements.get(&criterion).map(|judgement| judgement.answer)
    }

    /// What they judged of `criterion` before they conferred, the first first.
    pub fn earlier(&self, criterion: CriterionId) -> impl Iterator<Item = &Superseded> {
        self.superseded.iter().filter(move |earlier| earlier.judgement.criterion == criterion)
    }
}

/// The criteria of `criteria` that the examiners answered differently.
pub fn disagreements(criteria: &[CriterionId], examinations: &[&Examination]) -> Vec<CriterionId> {
    let differs = |criterion: &CriterionId| {
        let mut answers = examinations.iter().filter_map(|examination| examination.answer(*criterion));
        let first = answers.next();
        answers.any(|answer| Some(answer) != first)
    };
    criteria.iter().copied().filter(differs).collect()
}

impl Replay for Examination {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Examination(id) = &act.subject else { return Err(impossible) };
        let (application, last_answer, judgements) = match &act.deed {
            Deed::Judged { application, last_answer, judgements, .. } => {
                (application, last_answer, judgements.as_slice())
            }
            Deed::Reconciled { application, last_answer, judgement, .. } => {
                (application, last_answer, std::slice::from_ref(judgement))
            }
            _ => return Err(impossible),
        };
        let is_conferring = matches!(act.deed, Deed::Reconciled { .. });
        let mut state = match before {
            Some(state) => state,
            None if is_conferring => return Err(impossible),
            None => Self {
                id: id.clone(),
                version: 0,
                application: application.clone(),
                examiner: act.by.person.clone(),
                changed_at: act.at,
                judgements: BTreeMap::new(),
                last_answers: BTreeMap::new(),
                superseded: Vec::new(),
            },
        };
        if &state.application != application || state.examiner != act.by.person {
            return Err(impossible);
        }
        for judgement in judgements {
            if let Some(known) = last_answer {
                state.last_answers.insert(judgement.criterion, *known);
            }
            let before = state.judgements.insert(judgement.criterion, judgement.clone());
            if is_conferring {
                let judgement = before.ok_or_else(|| impossible.clone())?;
                state.superseded.push(Superseded { judgement, until: act.at });
            }
        }
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Examination(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
