//! An examiner's page: every criterion with what is declared, the engine's finding, and the examiner's own judgement; and
//! once both are done, what they answered, and what they have to confer about.

use std::borrow::Cow::Borrowed;

use askama::Template;
use domain::calendar::Instant;

use super::applications::Case;
use super::criteria::{Weighed, answer_badge};
use super::evidence::FileLine;
use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine};
use super::frame::Frame;
use super::judging::{JudgementFields, answer_in};
use super::parts::Badge;
use super::questions::Threads;
use crate::difference::Change;

/// One application as one of its examiners sees it.
#[derive(Debug, Template)]
#[template(path = "desk/examination.html")]
pub struct ExaminationPage {
    pub frame: Frame,
    pub case: Case,
    pub criteria: Vec<Weighed>,
    pub files: Vec<FileLine>,
    /// Questions to the applicant.
    pub threads: Threads,
    /// The examiner's own judgements so far, what they have typed since, or what was posted last; see
    /// [`super::judging::fill`].
    pub form: Form,
    /// The form for the recommendation.
    pub recommendation: Form,
    pub phase: Phase,
    /// Has the other examiner still to declare their interests, or to be replaced? Nothing is judged before.
    pub waits: bool,
    /// When something that is not judged was last saved.
    pub saved_at: Option<Instant>,
}

/// How far an examination is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Each for themselves.
    Judging,
    /// Both are done: they confer, or recommend where they agree.
    Conferring,
    /// It is recommended, decided or withdrawn.
    Over,
}

/// 推薦意見
pub static RECOMMENDATION: [Field; 2] = [
    Field::required("/verdict", "推薦意見", "", Input::OneOf(Borrowed(VERDICTS))),
    Field::required("/reason", "推薦意見の理由", "申請者と判定者に示されます。", Input::Lines),
];

pub(super) const VERDICTS: &[Choice] = &[(Borrowed("pass"), Borrowed("合格")), (Borrowed("fail"), Borrowed("不合格"))];

impl ExaminationPage {
    /// The page's forms told apart, and errors with the field that shows them.
    pub fn new(
        frame: Frame,
        case: Case,
        phase: Phase,
        (criteria, files): (Vec<Weighed>, Vec<FileLine>),
        threads: Threads,
        form: Form,
        recommendation: Form,
    ) -> Self {
        let (form, recommendation) = (form.marked("judge"), recommendation.marked("recommend"));
        let (waits, saved_at) = (false, None);
        let page = Self { frame, case, criteria, files, threads, form, recommendation, phase, waits, saved_at };
        let form = page.form.clone().settled(&page.every_field());
        Self { form, ..page }
    }

    /// The same page, saying that nothing can be judged yet or not.
    #[must_use]
    pub fn waiting(self, waits: bool) -> Self {
        Self { waits, ..self }
    }

    /// The same page, saying when something was saved last.
    #[must_use]
    pub fn saved(self, saved_at: Option<Instant>) -> Self {
        Self { saved_at, ..self }
    }

    fn is_judging(&self) -> bool {
        self.phase == Phase::Judging
    }

    fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Do they agree about everything, and have recommended nothing yet?
    fn can_recommend(&self) -> bool {
        self.phase == Phase::Conferring && self.disputed().is_empty()
    }

    /// Criteria that the two answered differently, once both are done.
    fn disputed(&self) -> Vec<&Weighed> {
        let is_disputed = |weighed: &&Weighed| self.phase == Phase::Conferring && weighed.is_disputed();
        self.criteria.iter().filter(is_disputed).collect()
    }

    /// Is there something to say about this one?
    fn is_open(&self, weighed: &Weighed) -> bool {
        self.is_judging() || self.phase == Phase::Conferring && weighed.is_disputed()
    }

    /// Criteria that this examiner has answered.
    fn answered(&self) -> usize {
        self.criteria.iter().filter(|weighed| self.badge(weighed).is_some()).count()
    }

    fn badge(&self, weighed: &Weighed) -> Option<Badge> {
        answer_in(&self.form, &weighed.line.key).map(answer_badge)
    }

    fn fields(&self, weighed: &Weighed) -> JudgementFields {
        JudgementFields::new(weighed, &self.files, &self.form)
    }

    /// The note about a criterion that is settled.
    fn note(&self, weighed: &Weighed) -> &str {
        self.form.value(&self.fields(weighed).note.name)
    }

    /// Is anything marked as new or gone?
    fn is_compared(&self) -> bool {
        self.criteria.iter().any(Weighed::is_changed)
    }

    /// The fields that the page shows.
    fn every_field(&self) -> Vec<Field> {
        let judging = self.fields_of(self.criteria.iter().filter(|weighed| self.is_open(weighed)));
        judging.into_iter().chain(self.conversation_fields()).collect()
    }

    fn fields_of<'a>(&self, criteria: impl Iterator<Item = &'a Weighed>) -> Vec<Field> {
        criteria.flat_map(|weighed| self.fields(weighed).every().cloned().collect::<Vec<_>>()).collect()
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let recommendation =
            if self.can_recommend() { self.recommendation.summary(&RECOMMENDATION) } else { Vec::new() };
        let own = if self.is_kept() { self.form.summary(&self.every_field()) } else { Vec::new() };
        own.into_iter().chain(recommendation).chain(self.leftover().lines).collect()
    }

    /// Does every field that was filled in still stand on the page?
    fn is_kept(&self) -> bool {
        let mut closed = self.criteria.iter().filter(|weighed| !self.is_open(weighed));
        self.form.errors.is_empty()
            || closed.all(|weighed| self.form.value(&self.fields(weighed).reason.name).is_empty())
    }

    /// What is left of a judgement or a recommendation that was refused when there was nothing more to say.
    fn leftover(&self) -> Leftover {
        if !self.is_kept() {
            Leftover::of(&self.form, &self.fields_of(self.criteria.iter()))
        } else if self.can_recommend() {
            Leftover::default()
        } else {
            Leftover::of(&self.recommendation, &RECOMMENDATION)
        }
    }
}
