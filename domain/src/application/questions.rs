//! Questions to the applicant 「質問」, about one criterion each, and what became of them.
//!
//! While a question waits for its answer the applicant has the ball, and the clock of the examination stands
//! ([`super::Clock`]): to its last day at the latest, without anybody's doing. Questions about the same criterion are one
//! thread.

use serde::{Deserialize, Serialize};

use super::clock::{Deadline, Span};
use super::{Application, Refusal, Stage, require_reason};
use crate::act::{Act, Caller, Deed, PersonId, Role};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::evidence::{self, EvidenceFile, FileDigest};
use crate::examination::Examination;
use crate::reading::has_words;
use crate::settings::{Figure, Settings};

/// A question to the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Counted from 1 in its application.
    pub number: u32,
    pub criterion: CriterionId,
    pub asker: PersonId,
    pub text: String,
    pub asked_at: Instant,
    /// The version of the application that the act of asking made.
    pub version: u32,
    /// The day in Japan by which it is to be answered; as it was asked, whatever was extended later.
    pub until: Day,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// 回答期限の延長: a later day for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    pub until: Day,
    pub by: PersonId,
    pub at: Instant,
    pub version: u32,
}

/// How a question ended, and which version of the application that made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Ended {
    /// 回答: what the applicant says. The files it brings are the application's from then on.
    Answered {
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<FileDigest>,
        by: PersonId,
        at: Instant,
        version: u32,
    },
    /// 回答を待たない: it is not asked any more.
    Closed { reason: String, by: PersonId, at: Instant, version: u32 },
}

impl Ended {
    /// When it ended.
    pub fn at(&self) -> Instant {
        match self {
            Self::Answered { at, .. } | Self::Closed { at, .. } => *at,
        }
    }

    /// The version that the act which ended it made.
    pub fn version(&self) -> u32 {
        match self {
            Self::Answered { version, .. } | Self::Closed { version, .. } => *version,
        }
    }

    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::Closed { .. } => "closed",
        }
    }
}

impl Question {
    /// The day by which it is to be answered.
    pub fn last_day(&self) -> Day {
        self.extensions.last().map_or(self.until, |extension| extension.until)
    }

    /// The same as it looks from `today`.
    pub fn deadline(&self, today: Day, settings: &Settings) -> Deadline {
        Deadline::seen(self.last_day(), today, settings)
    }

    /// Can it still be answered? It can be after its last day, as long as nobody closes it.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Is it waited for on `today`: open, and its last day not over?
    pub fn is_waited_for(&self, today: Day) -> bool {
        self.is_open() && today <= self.last_day()
    }

    /// The versions of the application that acts about it made.
    pub fn versions(&self) -> impl Iterator<Item = u32> {
        let extended = self.extensions.iter().map(|extension| extension.version);
        std::iter::once(self.version).chain(extended).chain(self.ended.as_ref().map(Ended::version))
    }

    /// Was it answered?
    pub fn is_answered(&self) -> bool {
        matches!(self.ended, Some(Ended::Answered { .. }))
    }

    /// The days on which it was waited for, up to `today`: from the asking, and from each extension.
    pub(super) fn spans(&self, today: Day) -> impl Iterator<Item = Span> {
        let end = self.ended.as_ref().map_or(today, |ended| ended.at().day().min(today));
        let extended = self.extensions.iter().map(|extension| (extension.at, extension.until));
        let spans = std::iter::once((self.asked_at, self.until)).chain(extended);
        spans.map(move |(from, until)| Span { from: from.day(), last: until.min(end) })
    }
}

/// The first day that a question asked on `day` may name for its answer.
pub fn earliest_answer(day: Day, settings: &Settings) -> Day {
    settings.working_days_after(day, settings.number(Figure::AnswerDays, day))
}

/// The last day that a question may name on `day`: a year ahead.
fn latest_answer(day: Day) -> Day {
    day.plus_days(365)
}

impl Application {
    /// 質問: an examiner to whom the case is open asks the applicant about one of `criteria`, those that the edition asks
    /// of the service, and waits until a day that the settings allow.
    pub fn ask(
        self,
        criterion: CriterionId,
        text: String,
        until: Day,
        (criteria, settings): (&[CriterionId], &Settings),
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::AskApplicant, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        if !criteria.contains(&criterion) {
            return Err(Refusal::NotAsked { criterion });
        }
        require_text(&text)?;
        // The same words again are the same question, sent twice.
        let is_same = |asked: &&Question| {
            asked.is_open() && asked.asker == by.person && asked.criterion == criterion && asked.text == text
        };
        if let Some(asked) = self.questions.iter().find(is_same) {
            return Err(Refusal::AskedAlready { question: asked.number });
        }
        let today = at.max(self.changed_at).day();
        require_until(until, earliest_answer(today, settings), today)?;
        let number = self.next_question();
        Ok(self.act(Deed::Asked { number, criterion, text, until }, by, at))
    }

    /// 回答: the owner answers, perhaps with more files. After the last day too, as long as the case is examined and
    /// nobody has closed the question.
    pub fn answer(
        self,
        question: u32,
        text: String,
        evidence: Vec<EvidenceFile>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::AnswerQuestion, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        self.open_question(question)?;
        require_text(&text)?;
        evidence::check(&self.evidence, &evidence)?;
        Ok(self.act(Deed::Answered { question, text, evidence }, by, at))
    }

    /// 回答を待たない: whoever asked, or the secretariat, closes a question that was not answered, with a reason.
    pub fn close_question(
        self,
        question: u32,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let (by, _) = self.settling(question, by, at)?;
        require_reason(&reason)?;
        Ok(self.act(Deed::QuestionClosed { question, reason }, by, at))
    }

    /// 回答期限の延長: whoever asked, or the secretariat, gives more time, also once the last day is over.
    pub fn extend_question(self, question: u32, until: Day, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (by, last) = self.settling(question, by, at)?;
        let today = at.max(self.changed_at).day();
        require_until(until, last.max(today).next(), today)?;
        Ok(self.act(Deed::QuestionExtended { question, until }, by, at))
    }

    /// Who closes or extends an open question, and its last day so far.
    fn settling(&self, question: u32, by: &Actor, at: Instant) -> Result<(Caller, Day), Refusal> {
        let by = by.caller(Power::SettleQuestion, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        // Another examiner's question is not this one's to know of.
        let is_anothers = |found: &Question| by.role == Role::Examiner && found.asker != by.person;
        if self.question(question).is_some_and(is_anothers) {
            return Err(Refusal::NoSuchQuestion { question });
        }
        let last = self.open_question(question)?.last_day();
        Ok((by, last))
    }

    /// A question by its number.
    pub fn question(&self, number: u32) -> Option<&Question> {
        self.questions.iter().find(|question| question.number == number)
    }

    fn open_question(&self, number: u32) -> Result<&Question, Refusal> {
        let found = self.question(number).ok_or(Refusal::NoSuchQuestion { question: number })?;
        match &found.ended {
            None => Ok(found),
            Some(ended) => Err(Refusal::QuestionEnded { question: number, found: ended.as_str() }),
        }
    }

    fn next_question(&self) -> u32 {
        self.questions.last().map_or(0, |last| last.number) + 1
    }

    /// The questions since the last decision that was set aside: those of before stopped another clock.
    pub(super) fn questions_of_round(&self) -> &[Question] {
        let before = self.earlier.last().map_or(0, |round| round.questions);
        self.questions.get(before as usize..).unwrap_or_default()
    }

    /// Nobody answers in the next round what was asked in this one: how many questions there have been.
    pub(super) fn end_questions(&mut self, reason: &str, act: &Act) -> u32 {
        let (by, at, version) = (&act.by.person, act.at, act.version);
        for question in self.questions.iter_mut().filter(|question| question.is_open()) {
            question.ended = Some(Ended::Closed { reason: reason.to_owned(), by: by.clone(), at, version });
        }
        self.questions.len() as u32
    }

    /// May this person know of the question, among those who may read the case? An examiner sees their own, and what was
    /// answered, because an answer is a fact of the case; the other's only once both are done (`is_examined`) or the
    /// examination is over.
    pub fn sees(&self, person: &PersonId, question: &Question, is_examined: bool) -> bool {
        let is_apart = matches!(self.stage, Stage::Examining | Stage::Withdrawn { .. }) && !is_examined;
        let examines = self.examiners.contains(person);
        !is_apart || !examines || question.asker == *person || question.is_answered()
    }

    /// Does this answer say something about the criterion: by the question, or by a file that it brought?
    fn bears_on(&self, question: &Question, criterion: CriterionId) -> bool {
        let Some(Ended::Answered { evidence, .. }) = &question.ended else { return false };
        let shows = |file: &&EvidenceFile| file.links.iter().any(|link| link.criterion == criterion);
        let brought = |file: &&EvidenceFile| evidence.contains(&file.digest);
        question.criterion == criterion || self.evidence.iter().filter(brought).any(|file| shows(&file))
    }

    /// Whoever read version `read`: has nothing been done since but questions to the applicant, and answers that say
    /// nothing about `criteria`? Nobody's work is in vain because the other examiner asked something.
    pub fn is_read(&self, read: u32, criteria: &[CriterionId]) -> bool {
        let bears = |question: &Question| criteria.iter().any(|criterion| self.bears_on(question, *criterion));
        let end = |question: &Question| question.ended.as_ref().map(Ended::version);
        let is_of = |question: &Question, version: u32| {
            question.versions().any(|of| of == version) && (end(question) != Some(version) || !bears(question))
        };
        let is_a_questions = |version| self.questions.iter().any(|question| is_of(question, version));
        read <= self.version && (read + 1..=self.version).all(is_a_questions)
    }

    /// The version that the last answer up to version `read` made.
    pub(crate) fn last_answer(&self, read: u32) -> Option<u32> {
        let answers = self.questions.iter().filter(|question| question.is_answered());
        answers.filter_map(|question| question.ended.as_ref().map(Ended::version)).filter(|at| *at <= read).max()
    }

    /// Has an answer about `criterion` come since this examiner judged it? Then it is to be judged again.
    pub fn is_outdated(&self, examination: &Examination, criterion: CriterionId) -> bool {
        let known = examination.last_answers.get(&criterion).copied().unwrap_or_default();
        let is_later = |question: &&Question| question.ended.as_ref().is_some_and(|ended| ended.version() > known);
        let mut later = self.questions.iter().filter(is_later);
        examination.answer(criterion).is_some() && later.any(|question| self.bears_on(question, criterion))
    }

    /// The criteria about which an answer is waited for on `today`, each once.
    pub(super) fn waited_for(&self, today: Day) -> Vec<CriterionId> {
        let waits = self.questions.iter().filter(|question| question.is_waited_for(today));
        let criteria: std::collections::BTreeSet<_> = waits.map(|question| question.criterion).collect();
        criteria.into_iter().collect()
    }

    /// What an act about a question changes; false where it is none, or cannot follow.
    pub(super) fn converse(&mut self, act: &Act) -> bool {
        if self.stage != Stage::Examining {
            return false;
        }
        let (by, at, version) = (act.by.person.clone(), act.at, act.version);
        match &act.deed {
            Deed::Asked { number, criterion, text, until } if *number == self.next_question() => {
                let (asker, asked_at, text) = (by, at, text.clone());
                let (number, criterion, until) = (*number, *criterion, *until);
                let (extensions, ended) = (Vec::new(), None);
                let question = Question { number, criterion, asker, text, asked_at, version, until, extensions, ended };
                self.questions.push(question);
                true
            }
            Deed::Answered { question, text, evidence } => {
                let digests = evidence.iter().map(|file| file.digest.clone()).collect();
                let ended = Ended::Answered { text: text.clone(), evidence: digests, by, at, version };
                let is_open = self.end(*question, ended);
                if is_open {
                    self.evidence.extend(evidence.iter().cloned());
                }
                is_open
            }
            Deed::QuestionClosed { question, reason } => {
                self.end(*question, Ended::Closed { reason: reason.clone(), by, at, version })
            }
            Deed::QuestionExtended { question, until } => {
                let found = self.still_open(*question);
                let until = *until;
                found.map(|open| open.extensions.push(Extension { until, by, at, version })).is_some()
            }
            _ => false,
        }
    }

    fn end(&mut self, number: u32, ended: Ended) -> bool {
        self.still_open(number).map(|open| open.ended = Some(ended)).is_some()
    }

    fn still_open(&mut self, number: u32) -> Option<&mut Question> {
        self.questions.iter_mut().find(|question| question.number == number && question.is_open())
    }
}

fn require_text(text: &str) -> Result<(), Refusal> {
    if has_words(text) { Ok(()) } else { Err(Refusal::NoText) }
}

fn require_until(until: Day, earliest: Day, today: Day) -> Result<(), Refusal> {
    let latest = latest_answer(today);
    if (earliest..=latest).contains(&until) { Ok(()) } else { Err(Refusal::AnswerDay { until, earliest, latest }) }
}
