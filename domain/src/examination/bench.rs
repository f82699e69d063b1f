//! What is before an examiner, and which judgements of it are taken.

use super::{Answer, Examination, ExaminationId, Judgement, Refusal, disagreements};
use crate::act::{Act, ApplicationId, Caller, Deed, PersonId, Replay, Subject};
use crate::application::{Application, Stage};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::criteria::{Conclusion, CriterionId};
use crate::edition::Criterion;
use crate::reading::has_words;

/// What is before an examiner.
#[derive(Clone, Copy, Debug)]
pub struct Bench<'a> {
    pub application: &'a Application,
    /// The application's version that they had before them.
    pub read: u32,
    /// What the edition asks of the service.
    pub asked: &'a [Bound],
    /// Every examination of the case; those of former examiners count no longer.
    pub examinations: &'a [Examination],
}

/// What a judgement of one criterion is bound by: the engine's answer, and what the edition demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub criterion: CriterionId,
    /// The engine's answer; none where only a person can judge.
    pub found: Option<Answer>,
    /// May a person answer otherwise?
    pub may_overrule: bool,
    /// Does the edition ask for the evidence that an answer rests on?
    pub needs_evidence: bool,
}

impl Bound {
    /// What `criterion` demands, and what the engine concluded about it.
    pub fn new(criterion: &Criterion, conclusion: &Conclusion) -> Self {
        let found = match conclusion {
            Conclusion::Met => Some(Answer::Met),
            Conclusion::Unmet { .. } => Some(Answer::Unmet),
            Conclusion::Undetermined { .. } | Conclusion::NotApplicable | Conclusion::NotInForce => None,
        };
        let demanded = criterion.judgement;
        Self { criterion: criterion.id, found, may_overrule: demanded.may_overrule, needs_evidence: demanded.evidence }
    }

    /// The only answer that is left, where nobody may overrule the engine's.
    pub fn only(&self) -> Option<Answer> {
        self.found.filter(|_| !self.may_overrule)
    }

    /// Would this answer overrule the engine's?
    pub fn is_overruled_by(&self, answer: Answer) -> bool {
        self.found.is_some_and(|found| found != answer)
    }

    fn check(&self, judgement: &Judgement, application: &Application) -> Result<(), Refusal> {
        let criterion = self.criterion;
        if !has_words(&judgement.reason) {
            return Err(Refusal::NoReason { criterion });
        }
        match (self.found, self.is_overruled_by(judgement.answer), judgement.overrules) {
            (Some(only), true, _) if !self.may_overrule => return Err(Refusal::Overrules { criterion, only }),
            (Some(found), true, false) => return Err(Refusal::Silent { criterion, found }),
            (_, false, true) => return Err(Refusal::NothingOverruled { criterion }),
            _ => {}
        }
        for (place, ground) in judgement.evidence.iter().enumerate() {
            let file = application.evidence.iter().find(|file| file.digest == ground.digest);
            let missing = || Refusal::NoSuchFile { criterion, ground: place, digest: ground.digest.clone() };
            let pages = file.ok_or_else(missing)?.pages;
            let is_beyond = |page: &u32| *page == 0 || pages.is_some_and(|pages| *page > pages);
            if let Some(page) = ground.page.filter(is_beyond) {
                return Err(Refusal::Page { criterion, ground: place, page, pages });
            }
        }
        let is_wanted = self.needs_evidence && can_cite(judgement.answer, criterion, application);
        if is_wanted && judgement.evidence.is_empty() { Err(Refusal::NoEvidence { criterion }) } else { Ok(()) }
    }
}

/// Is there something that such an answer must rest on? What is met is shown by some file of the case; what is unmet may
/// be so because nothing shows it, so a file counts only where the applicant says that it is about this. A case without
/// files has nothing to cite: whether it may be without is for those who take it in.
fn can_cite(answer: Answer, criterion: CriterionId, application: &Application) -> bool {
    match answer {
        Answer::Met => !application.evidence.is_empty(),
        Answer::Unmet => {
            application.evidence.iter().flat_map(|file| &file.links).any(|link| link.criterion == criterion)
        }
        Answer::NotApplicable => false,
    }
}

/// May this person keep working papers 「手控え」 of the case? Whoever examines it and has declared their interests, while
/// it is examined; whether the other can judge yet does not matter.
pub fn may_keep_papers(application: &Application, by: &Actor, at: Instant) -> Result<(), Refusal> {
    by.caller(Power::Judge, &application.object(), at)?;
    match &application.stage {
        Stage::Examining => Ok(()),
        other => Err(Refusal::Stage { found: other.as_str() }),
    }
}

impl Bench<'_> {
    /// Who judges these criteria, if the case can be judged now and nothing that bears on them has been done since they
    /// read it.
    pub(super) fn open_to(&self, criteria: &[CriterionId], by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let Self { application, read, .. } = *self;
        let by = by.caller(Power::Judge, &application.object(), at)?;
        if application.stage != Stage::Examining {
            return Err(Refusal::Stage { found: application.stage.as_str() });
        }
        if !application.is_open_to_all() {
            return Err(Refusal::NotAllDeclared);
        }
        if !application.is_read(read, criteria) {
            return Err(Refusal::Stale { read, found: application.version });
        }
        Ok(by)
    }

    /// The application, its version that they read, and the one that the last answer to a question up to then had made.
    pub(super) fn knowledge(&self) -> (ApplicationId, u32, Option<u32>) {
        (self.application.id.clone(), self.read, self.application.last_answer(self.read))
    }

    /// Has each examiner judged everything that is asked, and since the last answer about it? Then they see each other's
    /// answers.
    pub fn are_both_done(&self) -> bool {
        let counting = self.application.counting(self.examinations);
        !self.asked.is_empty() && self.application.is_examined(&self.criteria(), &counting)
    }

    /// Did they answer this differently?
    pub(super) fn is_disputed(&self, criterion: CriterionId) -> bool {
        !disagreements(&[criterion], &self.application.counting(self.examinations)).is_empty()
    }

    fn criteria(&self) -> Vec<CriterionId> {
        self.asked.iter().map(|bound| bound.criterion).collect()
    }

    /// This examiner's own examination of this case.
    pub(super) fn own(&self, person: &PersonId) -> Option<&Examination> {
        self.examinations.iter().find(|own| own.examiner == *person && own.application == self.application.id)
    }

    pub(super) fn bound(&self, criterion: CriterionId) -> Result<&Bound, Refusal> {
        self.asked.iter().find(|bound| bound.criterion == criterion).ok_or(Refusal::NotAsked { criterion })
    }

    pub(super) fn check(&self, judgements: &[Judgement]) -> Result<(), Refusal> {
        if judgements.is_empty() {
            return Err(Refusal::Nothing);
        }
        for (index, judgement) in judgements.iter().enumerate() {
            let criterion = judgement.criterion;
            let bound = self.bound(criterion)?;
            if judgements[..index].iter().any(|earlier| earlier.criterion == criterion) {
                return Err(Refusal::Twice { criterion });
            }
            bound.check(judgement, self.application)?;
        }
        Ok(())
    }

    /// The examination and the act that follow: their own goes on, or begins as `fresh`.
    pub(super) fn settle(&self, fresh: ExaminationId, deed: Deed, by: Caller, at: Instant) -> (Examination, Act) {
        let before = self.own(&by.person).cloned();
        let (id, version, earliest) = match &before {
            Some(state) => (state.id.clone(), state.version, state.changed_at),
            None => (fresh, 0, self.application.changed_at),
        };
        let act = Act { subject: Subject::Examination(id), version: version + 1, at: at.max(earliest), by, deed };
        let after = Examination::replay(before, &act).expect("an act made from a state follows it");
        (after, act)
    }
}
