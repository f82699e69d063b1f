//! Conditions of a pass 「条件付き充足」: what the applicant still has to do, who there does it and by when.
//!
//! A condition never stands in for a criterion: a pass has every criterion met, or not applicable. What follows when one
//! stays unmet is a measure, which is an act of its own.

use serde::{Deserialize, Serialize};

use super::{Application, Refusal, Stage, require_reason};
use crate::act::{Act, Deed, PersonId, Verdict};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::evidence::{self, EvidenceFile};
use crate::examination::Examination;
use crate::reading::has_words;

/// The most conditions of one decision.
pub const CONDITIONS: usize = 20;
/// The longest name of who at the applicant sees to it, in characters.
pub const OWNER_CHARACTERS: usize = 200;

/// What has to be done after a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    pub words: String,
    /// What it has to do with, where it is one criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<CriterionId>,
    /// Who at the applicant sees to it: a role or a name, in words.
    pub owner: String,
    /// The last day in Japan.
    pub due: Day,
}

/// A condition, and what was said of it since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Undertaking {
    pub condition: Condition,
    /// In the order in which they were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<ConditionReport>,
}

/// The applicant's report that a condition is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionReport {
    pub words: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
    pub by: PersonId,
    pub at: Instant,
    /// None while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ConditionReply>,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionReply {
    pub is_accepted: bool,
    pub reason: String,
    pub by: PersonId,
    pub at: Instant,
}

/// How far a condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing was reported, or what was reported was not accepted.
    Open,
    /// A report waits for its reply.
    Reported,
    /// A report was accepted.
    Met,
}

impl Progress {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reported => "reported",
            Self::Met => "met",
        }
    }
}

/// What is wrong with the conditions of a decision. `index` counts from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionFault {
    /// A fail has none.
    OnFail,
    /// More than [`CONDITIONS`].
    TooMany {
        conditions: usize,
    },
    NoWords {
        index: usize,
    },
    /// Nobody is named, or at too great a length.
    NoOwner {
        index: usize,
    },
    /// Its last day is before the day of the decision.
    Past {
        index: usize,
        due: Day,
        day: Day,
    },
    /// The examiners have not judged this criterion.
    NotJudged {
        index: usize,
        criterion: CriterionId,
    },
}

impl Undertaking {
    /// How far it is.
    pub fn progress(&self) -> Progress {
        match self.reports.last().map(|report| &report.reply) {
            Some(None) => Progress::Reported,
            Some(Some(reply)) if reply.is_accepted => Progress::Met,
            Some(Some(_)) | None => Progress::Open,
        }
    }

    /// Has its last day gone by without it? What was reported by then is in time while it waits for its reply.
    pub fn is_overdue(&self, day: Day) -> bool {
        let in_time = |report: &ConditionReport| report.at.day() <= self.condition.due;
        match self.progress() {
            Progress::Met => false,
            Progress::Reported if self.reports.last().is_some_and(in_time) => false,
            Progress::Open | Progress::Reported => day > self.condition.due,
        }
    }
}

/// Can these be the conditions of such a decision on this day?
pub(super) fn check(
    conditions: &[Condition],
    verdict: Verdict,
    examinations: &[&Examination],
    day: Day,
) -> Result<(), ConditionFault> {
    if verdict == Verdict::Fail && !conditions.is_empty() {
        return Err(ConditionFault::OnFail);
    }
    check_undertakings(conditions, day)?;
    for (index, condition) in conditions.iter().enumerate() {
        let is_judged = |criterion: &CriterionId| examinations.iter().any(|own| own.answer(*criterion).is_some());
        if let Some(criterion) = condition.criterion.filter(|criterion| !is_judged(criterion)) {
            return Err(ConditionFault::NotJudged { index, criterion });
        }
    }
    Ok(())
}

/// Can this be asked of somebody on this day, whatever it follows from?
pub(crate) fn check_undertakings(conditions: &[Condition], day: Day) -> Result<(), ConditionFault> {
    if conditions.len() > CONDITIONS {
        return Err(ConditionFault::TooMany { conditions: conditions.len() });
    }
    for (index, condition) in conditions.iter().enumerate() {
        if !has_words(&condition.words) {
            return Err(ConditionFault::NoWords { index });
        }
        if !has_words(&condition.owner) || condition.owner.chars().count() > OWNER_CHARACTERS {
            return Err(ConditionFault::NoOwner { index });
        }
        let due = condition.due;
        if due < day {
            return Err(ConditionFault::Past { index, due, day });
        }
    }
    Ok(())
}

impl Application {
    /// 条件の履行の報告: the owner says that a condition is met, and shows it. `number` counts from 1.
    pub fn report_condition(
        self,
        number: usize,
        words: String,
        evidence: Vec<EvidenceFile>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ReportCondition, &self.object(), at)?;
        match self.undertaking(number)?.progress() {
            Progress::Open => {}
            Progress::Reported => return Err(Refusal::ReportWaits { number }),
            Progress::Met => return Err(Refusal::ConditionMet { number }),
        }
        require_reason(&words)?;
        evidence::check(&[], &evidence)?;
        Ok(self.act(Deed::ConditionReported { number: number as u32, words, evidence }, by, at))
    }

    /// 報告への回答: the secretariat or a decision maker accepts the report that waits, or does not.
    pub fn reply_to_report(
        self,
        number: usize,
        is_accepted: bool,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ReplyToReport, &self.object(), at)?;
        if self.undertaking(number)?.progress() != Progress::Reported {
            return Err(Refusal::NoReport { number });
        }
        require_reason(&reason)?;
        Ok(self.act(Deed::ConditionAnswered { number: number as u32, is_accepted, reason }, by, at))
    }

    fn undertaking(&self, number: usize) -> Result<&Undertaking, Refusal> {
        self.require_stage(matches!(self.stage, Stage::Decided { .. }), "decided")?;
        let found = number.checked_sub(1).and_then(|index| self.conditions.get(index));
        found.ok_or(Refusal::NoSuchCondition { number, of: self.conditions.len() })
    }

    /// The conditions that are not met yet.
    pub fn open_conditions(&self) -> impl Iterator<Item = &Undertaking> {
        self.conditions.iter().filter(|undertaking| undertaking.progress() != Progress::Met)
    }

    /// The first day by which a condition that is open has to be met.
    pub fn condition_due(&self) -> Option<Day> {
        self.open_conditions().map(|undertaking| undertaking.condition.due).min()
    }

    /// What an act about a condition changes; false where it is none, or cannot follow.
    pub(super) fn undertake(&mut self, act: &Act) -> bool {
        let Stage::Decided { .. } = &self.stage else { return false };
        let (by, at) = (act.by.person.clone(), act.at);
        let place = |number: &u32| (*number as usize).checked_sub(1);
        match &act.deed {
            Deed::ConditionReported { number, words, evidence } => {
                let found = place(number).and_then(|index| self.conditions.get_mut(index));
                let Some(open) = found.filter(|found| found.progress() == Progress::Open) else { return false };
                let (words, evidence) = (words.clone(), evidence.clone());
                open.reports.push(ConditionReport { words, evidence, by, at, reply: None });
            }
            Deed::ConditionAnswered { number, is_accepted, reason } => {
                let found = place(number).and_then(|index| self.conditions.get_mut(index));
                let last = found.and_then(|found| found.reports.last_mut());
                let Some(report) = last.filter(|report| report.reply.is_none()) else { return false };
                report.reply = Some(ConditionReply { is_accepted: *is_accepted, reason: reason.clone(), by, at });
            }
            _ => return false,
        }
        true
    }
}
