//! One examiner's examination of one application: a judgement 「判断」 for each criterion, each with its reason.
//!
//! Every examiner has an examination of their own, so that two who judge at once never stand in each other's way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::act::{Act, ApplicationId, Deed, ExaminationId, Impossible, PersonId, Replay, Subject};
use crate::application::{Application, Stage};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::Instant;
use crate::criteria::CriterionId;
use crate::reading::has_words;

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
}

/// A person's answer about one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Judgement {
    pub criterion: CriterionId,
    pub answer: Answer,
    /// Shown to the applicant.
    pub reason: String,
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
    /// Does this answer stand against registration?
    pub fn is_unmet(self) -> bool {
        self == Self::Unmet
    }
}

/// What the engine found about a criterion, as far as it binds the examiner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub criterion: CriterionId,
    /// The only answer arithmetic leaves, where the edition lets nobody overrule it.
    pub only: Option<Answer>,
}

/// Why judgements are refused. None of them was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this, or `before` is another's examination.
    Denied(Denial),
    /// The application is not being examined.
    Stage { found: &'static str },
    /// An examiner has not declared their interests yet, or is tied: nobody judges before all have.
    NotAllDeclared,
    /// Something that bears on what is judged has been done to the application since the examiner read it.
    Stale { read: u32, found: u32 },
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
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Examination {
    /// 判断: `by` judges some criteria, anew or again. `asked` is what the edition asks of the service and what the
    /// engine found; `read` is the application's version that the examiner had before them.
    pub fn judge(
        before: Result<Self, ExaminationId>,
        application: &Application,
        read: u32,
        asked: &[Bound],
        judgements: Vec<Judgement>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Judge, &application.object(), at)?;
        let is_anothers = |state: &Self| state.examiner != by.person || state.application != application.id;
        if before.as_ref().is_ok_and(is_anothers) {
            return Err(Denial::NotAssigned.into());
        }
        if application.stage != Stage::Examining {
            return Err(Refusal::Stage { found: application.stage.as_str() });
        }
        if !application.is_open_to_all() {
            return Err(Refusal::NotAllDeclared);
        }
        let criteria: Vec<CriterionId> = judgements.iter().map(|judgement| judgement.criterion).collect();
        if !application.is_read(read, &criteria) {
            return Err(Refusal::Stale { read, found: application.version });
        }
        check(asked, &judgements)?;
        let (id, before) = match before {
            Ok(state) => (state.id.clone(), Some(state)),
            Err(fresh) => (fresh, None),
        };
        let earliest = before.as_ref().map_or(application.changed_at, |state| state.changed_at);
        let act = Act {
            subject: Subject::Examination(id),
            version: before.as_ref().map_or(0, |state| state.version) + 1,
            at: at.max(earliest),
            by,
            deed: Deed::Judged {
                application: application.id.clone(),
                application_version: read,
                last_answer: application.last_answer(read),
                judgements,
            },
        };
        let after = Self::replay(before, &act).expect("an act made from a state follows it");
        Ok((after, act))
    }

    /// This examiner's answer about `criterion`, if given.
    pub fn answer(&self, criterion: CriterionId) -> Option<Answer> {
        self.judgements.get(&criterion).map(|judgement| judgement.answer)
    }
}

fn check(asked: &[Bound], judgements: &[Judgement]) -> Result<(), Refusal> {
    if judgements.is_empty() {
        return Err(Refusal::Nothing);
    }
    for (index, judgement) in judgements.iter().enumerate() {
        let criterion = judgement.criterion;
        let bound = asked.iter().find(|bound| bound.criterion == criterion).ok_or(Refusal::NotAsked { criterion })?;
        if judgements[..index].iter().any(|earlier| earlier.criterion == criterion) {
            return Err(Refusal::Twice { criterion });
        }
        if !has_words(&judgement.reason) {
            return Err(Refusal::NoReason { criterion });
        }
        if let Some(only) = bound.only.filter(|only| *only != judgement.answer) {
            return Err(Refusal::Overrules { criterion, only });
        }
    }
    Ok(())
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
        let (Subject::Examination(id), Deed::Judged { application, judgements, last_answer, .. }) =
            (&act.subject, &act.deed)
        else {
            return Err(impossible);
        };
        let mut state = before.unwrap_or_else(|| Self {
            id: id.clone(),
            version: 0,
            application: application.clone(),
            examiner: act.by.person.clone(),
            changed_at: act.at,
            judgements: BTreeMap::new(),
            last_answers: BTreeMap::new(),
        });
        if &state.application != application || state.examiner != act.by.person {
            return Err(impossible);
        }
        state.judgements.extend(judgements.iter().map(|judgement| (judgement.criterion, judgement.clone())));
        let known = judgements.iter().filter_map(|judgement| Some((judgement.criterion, (*last_answer)?)));
        state.last_answers.extend(known);
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
