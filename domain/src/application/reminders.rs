//! What waits for somebody 「対応待ち」: computed from the case and the day, so that nobody has to be told of it first.

use super::{Application, Deadline, Stage, Urgency};
use crate::act::{ApplicationId, PersonId};
use crate::calendar::Day;
use crate::criteria::CriterionId;
use crate::examination::Examination;
use crate::settings::Settings;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub application: ApplicationId,
    pub what: Waiting,
    /// None where the case was accepted before there were due days.
    pub deadline: Option<Deadline>,
}

/// For what it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The applicant's answer.
    Answer { question: u32, criterion: CriterionId },
    /// The examiner's judgements: the due day is near, or over.
    Examination,
    /// The examiner's judgements anew, since answers have come.
    Judging { criteria: Vec<CriterionId> },
    /// The examiner's decision what becomes of their question: its last day is over.
    Overdue { question: u32, criterion: CriterionId },
}

impl Waiting {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::Examination => "examination",
            Self::Judging { .. } => "judging",
            Self::Overdue { .. } => "overdue_question",
        }
    }
}

impl Application {
    /// What waits for the applicant: every question that can be answered, the first to be due first.
    pub fn waits_for_applicant(&self, today: Day, settings: &Settings) -> Vec<Reminder> {
        if self.stage != Stage::Examining {
            return Vec::new();
        }
        let reminder = |question: &super::Question| {
            let what = Waiting::Answer { question: question.number, criterion: question.criterion };
            self.reminder(what, Some(question.deadline(today, settings)))
        };
        let mut reminders: Vec<_> = self.questions.iter().filter(|question| question.is_open()).map(reminder).collect();
        reminders.sort_by_key(|reminder| reminder.deadline.map(|deadline| deadline.day));
        reminders
    }

    /// What waits for one of the examiners: judgements that an answer has undone, questions of their own that nobody
    /// answered in time, and the examination itself once its due day is near and the clock runs. `own` is their
    /// examination.
    pub fn waits_for_examiner(
        &self,
        person: &PersonId,
        own: Option<&Examination>,
        today: Day,
        settings: &Settings,
    ) -> Vec<Reminder> {
        if self.stage != Stage::Examining {
            return Vec::new();
        }
        let clock = self.clock(today, settings);
        let is_overdue = |question: &&super::Question| {
            question.is_open() && question.asker == *person && !question.is_waited_for(today)
        };
        let overdue = self.questions.iter().filter(is_overdue).map(|question| {
            let what = Waiting::Overdue { question: question.number, criterion: question.criterion };
            self.reminder(what, Some(question.deadline(today, settings)))
        });
        let is_outdated = |criterion: &CriterionId| own.is_some_and(|own| self.is_outdated(own, *criterion));
        let again: Vec<CriterionId> = CriterionId::ALL.into_iter().filter(is_outdated).collect();
        let again = (!again.is_empty()).then(|| self.reminder(Waiting::Judging { criteria: again }, clock.due));
        let presses = clock.due.is_some_and(|due| due.urgency() != Urgency::Ahead) && clock.stopped_since.is_none();
        let examination = presses.then(|| self.reminder(Waiting::Examination, clock.due));
        overdue.chain(again).chain(examination).collect()
    }

    fn reminder(&self, what: Waiting, deadline: Option<Deadline>) -> Reminder {
        Reminder { application: self.id.clone(), what, deadline }
    }
}
