//! Correction 「是正」: the provider reports that it has put right what was demanded, and the secretariat accepts that, or
//! does not.

use super::super::{Refusal, Registration};
use crate::act::{Act, Deed};
use crate::application::{ConditionReply, ConditionReport, Progress, Undertaking};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::evidence::{self, EvidenceFile};
use crate::reading::has_words;

impl Registration {
    /// 是正の報告: the provider says that it is done, and shows it. Measure and correction are counted from 1.
    pub fn report_correction(
        self,
        (measure, number): (usize, usize),
        words: String,
        evidence: Vec<EvidenceFile>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ReportCorrection, &self.object(), at)?;
        match self.correction(measure, number)?.progress() {
            Progress::Open => {}
            Progress::Reported => return Err(Refusal::ReportWaits { number }),
            Progress::Met => return Err(Refusal::Corrected { number }),
        }
        if !has_words(&words) {
            return Err(Refusal::NoReason);
        }
        evidence::check(&[], &evidence)?;
        let (measure, number) = (measure as u32, number as u32);
        Ok(self.act(Deed::CorrectionReported { measure, number, words, evidence }, by, at))
    }

    /// 是正の報告への回答: the secretariat accepts the report that waits, or does not, with a reason.
    pub fn answer_correction(
        self,
        (measure, number): (usize, usize),
        is_accepted: bool,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::AnswerCorrection, &self.object(), at)?;
        if self.correction(measure, number)?.progress() != Progress::Reported {
            return Err(Refusal::NoReport { number });
        }
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        let (measure, number) = (measure as u32, number as u32);
        Ok(self.act(Deed::CorrectionAnswered { measure, number, is_accepted, reason }, by, at))
    }

    /// A correction that still stands.
    fn correction(&self, measure: usize, number: usize) -> Result<&Undertaking, Refusal> {
        let found = self.measure(measure)?;
        if found.set_aside().is_some() {
            return Err(Refusal::SetAside { measure });
        }
        let of = found.corrections.len();
        let one = number.checked_sub(1).and_then(|index| found.corrections.get(index));
        one.ok_or(Refusal::NoSuchCorrection { number, of })
    }

    /// The measure of that number, from 1.
    pub fn measure(&self, number: usize) -> Result<&super::Measure, Refusal> {
        let found = number.checked_sub(1).and_then(|index| self.measures.get(index));
        found.ok_or(Refusal::NoSuchMeasure { number, of: self.measures.len() })
    }

    /// What an act about a correction changes; false where it is none, or cannot follow.
    pub(in crate::registration) fn replay_correction(&mut self, act: &Act) -> bool {
        let (measure, number) = match &act.deed {
            Deed::CorrectionReported { measure, number, .. } | Deed::CorrectionAnswered { measure, number, .. } => {
                (*measure as usize, *number as usize)
            }
            _ => return false,
        };
        if self.correction(measure, number).is_err() {
            return false;
        }
        let one = &mut self.measures[measure - 1].corrections[number - 1];
        let (by, at) = (act.by.person.clone(), act.at);
        match (&act.deed, one.progress()) {
            (Deed::CorrectionReported { words, evidence, .. }, Progress::Open) => {
                let (words, evidence) = (words.clone(), evidence.clone());
                one.reports.push(ConditionReport { words, evidence, by, at, reply: None });
                true
            }
            (Deed::CorrectionAnswered { is_accepted, reason, .. }, Progress::Reported) => {
                let reply = ConditionReply { is_accepted: *is_accepted, reason: reason.clone(), by, at };
                let Some(report) = one.reports.last_mut() else { return false };
                report.reply = Some(reply);
                true
            }
            _ => false,
        }
    }
}
