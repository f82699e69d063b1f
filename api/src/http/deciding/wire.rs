//! The shapes of decisions, conditions, objections and gates.

use domain::act::{Determination, Verdict};
use domain::application::{Condition, ConditionReport, Objection, ObjectionOutcome, Progress, Round, Undertaking};
use domain::calendar::Day;
use domain::criteria::{CriterionId, Gate};
use domain::edition::{Provision, Standing};
use domain::evidence::{EvidenceFile, FileDigest};
use domain::examination::{Ground, Judgement};
use domain::text::Text;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object};
use serde_json::{Value, json};

use super::super::evidence::EvidenceFileView;
use super::super::request::day;
use super::super::wire::DeterminationBody;
use super::super::words::StageName;
use crate::evidence::Named;
use crate::problem::Problem;

/// What is to be decided.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DecisionBody {
    pub(super) verdict: VerdictWord,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
    /// What the applicant has to do after a pass; at most 20.
    #[oai(validator(max_items = 100))]
    pub(super) conditions: Option<Vec<ConditionBody>>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "DecisionVerdict", rename_all = "snake_case")]
pub(super) enum VerdictWord {
    Pass,
    Fail,
}

/// Something that has to be done after a pass.
#[derive(Object, Debug)]
#[oai(rename = "NewCondition", rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ConditionBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(in crate::http) words: String,
    /// The criterion it has to do with, where it is one, such as `help_desk`.
    #[oai(validator(max_length = 40))]
    pub(in crate::http) criterion: Option<String>,
    /// Who at the applicant sees to it: a role or a name.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub(in crate::http) owner: String,
    /// The last day in Japan, `YYYY-MM-DD`; not before the day of the decision.
    #[oai(validator(max_length = 20))]
    pub(in crate::http) due: String,
}

impl DecisionBody {
    /// The decision and its conditions; names what cannot be read.
    pub(super) fn read(self) -> Result<(Determination, Vec<Condition>), Problem> {
        let verdict = match self.verdict {
            VerdictWord::Pass => Verdict::Pass,
            VerdictWord::Fail => Verdict::Fail,
        };
        let conditions = self.conditions.unwrap_or_default().into_iter().enumerate();
        let conditions = conditions.map(|(index, body)| body.read("/conditions", index)).collect::<Result<_, _>>()?;
        Ok((Determination { verdict, reason: self.reason }, conditions))
    }
}

impl ConditionBody {
    /// The `index`th of the list at `list`; names what cannot be read.
    pub(in crate::http) fn read(self, list: &str, index: usize) -> Result<Condition, Problem> {
        let named = |text: &String| {
            serde_json::from_value::<CriterionId>(json!(text)).map_err(|_| {
                let message = Text::new(
                    "この名前の要件はありません。評価（assessment）の criterion にある名前を書いてください。",
                    "There is no criterion of this name. Use a name that the assessment has as criterion.",
                );
                Problem::unreadable(&format!("{list}/{index}/criterion"), text, message)
            })
        };
        let criterion = self.criterion.as_ref().map(named).transpose()?;
        let due = day(&format!("{list}/{index}/due"), &self.due)?;
        Ok(Condition { words: self.words, criterion, owner: self.owner, due })
    }
}

/// Words, and the files that show them.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ReportBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(in crate::http) words: String,
    /// SHA-256 of files that were uploaded before (`uploadEvidence`).
    #[oai(validator(max_items = 100))]
    pub(in crate::http) evidence: Option<Vec<String>>,
}

/// What becomes of a report.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ReplyBody {
    /// Is the condition met, or what was demanded put right?
    pub(in crate::http) is_accepted: bool,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(in crate::http) reason: String,
}

/// Why the applicant objects.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ObjectionBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(in crate::http) reason: String,
    /// SHA-256 of files that were uploaded before (`uploadEvidence`).
    #[oai(validator(max_items = 100))]
    pub(in crate::http) evidence: Option<Vec<String>>,
}

/// What is to become of an objection.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct FindingBody {
    pub(in crate::http) outcome: OutcomeName,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(in crate::http) reason: String,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ObjectionOutcome", rename_all = "snake_case")]
pub(in crate::http) enum OutcomeName {
    /// The decision stands.
    Dismissed,
    /// The decision is set aside, and the case is examined and decided anew by others; or the measure is set aside.
    Upheld,
}

impl From<OutcomeName> for ObjectionOutcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::Dismissed => Self::Dismissed,
            OutcomeName::Upheld => Self::Upheld,
        }
    }
}

impl From<ObjectionOutcome> for OutcomeName {
    fn from(outcome: ObjectionOutcome) -> Self {
        match outcome {
            ObjectionOutcome::Dismissed => Self::Dismissed,
            ObjectionOutcome::Upheld => Self::Upheld,
        }
    }
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ConditionProgress", rename_all = "snake_case")]
pub(in crate::http) enum ProgressName {
    Open,
    Reported,
    Met,
}

/// A condition of a pass, and how far it is.
#[derive(Object, Debug)]
#[oai(rename = "Condition", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::http) struct ConditionView {
    /// Counted from 1.
    pub(in crate::http) number: u32,
    pub(in crate::http) words: String,
    pub(in crate::http) criterion: Option<String>,
    pub(in crate::http) owner: String,
    pub(in crate::http) due: String,
    pub(in crate::http) progress: ProgressName,
    /// Has its day passed without it? Computed from today in Japan.
    pub(in crate::http) is_overdue: bool,
    pub(in crate::http) reports: Vec<ReportView>,
}

/// A report that a condition is met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionReport", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::http) struct ReportView {
    pub(in crate::http) words: String,
    pub(in crate::http) evidence: Vec<EvidenceFileView>,
    pub(in crate::http) at: String,
    /// Absent while it waits.
    pub(in crate::http) is_accepted: Option<bool>,
    pub(in crate::http) reason: Option<String>,
}

/// An objection, and what became of it.
#[derive(Object, Debug)]
#[oai(rename = "Objection", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::http) struct ObjectionView {
    pub(in crate::http) reason: String,
    pub(in crate::http) evidence: Vec<EvidenceFileView>,
    pub(in crate::http) at: String,
    /// Absent while it waits.
    pub(in crate::http) outcome: Option<OutcomeName>,
    pub(in crate::http) outcome_reason: Option<String>,
    pub(in crate::http) decided_at: Option<String>,
}

/// A criterion with what the examiners answered.
#[derive(Object, Debug)]
#[oai(rename = "DecisionReason", rename_all = "camelCase")]
pub(super) struct ReasonView {
    pub(super) criterion: String,
    /// Where it stands in the criteria.
    pub(super) clause: String,
    pub(super) judgements: Vec<JudgedView>,
}

/// One examiner's answer, without their name.
#[derive(Object, Debug)]
#[oai(rename = "DecisionJudgement", rename_all = "camelCase")]
pub(super) struct JudgedView {
    /// `met`, `unmet` or `not_applicable`.
    pub(super) answer: Any<Value>,
    pub(super) reason: String,
    /// The places that it rests on.
    pub(super) evidence: Vec<CitedView>,
    /// It is another answer than the engine's, knowingly.
    pub(super) overrules: bool,
}

/// A place in a file of the application.
#[derive(Object, Debug)]
#[oai(rename = "CitedPlace", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct CitedView {
    pub(super) digest: String,
    /// As the applicant named the file.
    pub(super) name: Option<String>,
    /// Counted from 1; absent where the whole file is meant.
    pub(super) page: Option<u32>,
}

/// A judgement without its examiner, of a case with these files.
pub(super) fn judged(judgement: &Judgement, files: &[EvidenceFile]) -> JudgedView {
    let cited = |ground: &Ground| CitedView {
        digest: ground.digest.to_string(),
        name: files.iter().find(|file| file.digest == ground.digest).map(|file| file.name.clone()),
        page: ground.page,
    };
    JudgedView {
        answer: Any(json!(judgement.answer)),
        reason: judgement.reason.clone(),
        evidence: judgement.evidence.iter().map(cited).collect(),
        overrules: judgement.overrules,
    }
}

/// A decision that was set aside.
#[derive(Object, Debug)]
#[oai(rename = "EarlierDecision", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RoundView {
    pub(super) decision: DeterminationBody,
    pub(super) decided_at: String,
    pub(super) objection: ObjectionView,
}

/// Something of the edition that is not confirmed.
#[derive(Object, Debug)]
#[oai(rename = "Provision", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct ProvisionView {
    pub(super) what: String,
    pub(super) what_en: String,
    pub(super) note: Option<String>,
    pub(super) note_en: Option<String>,
}

/// A decision with all that it rests on and all that follows from it; of a case that is not decided yet, as far as it is.
#[derive(Object, Debug)]
#[oai(rename = "Decision", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct DecisionView {
    pub(super) application: String,
    pub(super) version: u32,
    pub(super) stage: StageName,
    pub(super) decision: Option<DeterminationBody>,
    pub(super) decided_at: Option<String>,
    /// What it rests on, or else what the recommendation does: edition, declaration, evidence and examinations, by digest
    /// or version.
    pub(super) basis: Option<Any<Value>>,
    /// What of that has changed since: `edition`, `declaration`, `evidence`, `judgements`, or `unrecorded` where it was
    /// not recorded. Empty: it stands on what is there now.
    pub(super) shifts: Vec<String>,
    /// What is provisional of the edition; while anything is, nothing is decided on it.
    pub(super) provisions: Vec<ProvisionView>,
    /// The criteria with both examiners' answers, once the caller may see them.
    pub(super) criteria: Vec<ReasonView>,
    pub(super) conditions: Vec<ConditionView>,
    /// The last day in Japan on which the applicant may object; absent where there is nothing to object to.
    pub(super) objection_until: Option<String>,
    pub(super) objection: Option<ObjectionView>,
    /// Decisions that were set aside, oldest first.
    pub(super) earlier: Vec<RoundView>,
}

/// A case with conditions that are not met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionalCase", rename_all = "camelCase")]
pub(super) struct ConditionalView {
    pub(super) application: String,
    pub(super) version: u32,
    pub(super) service: String,
    pub(super) provider: String,
    /// The first day by which one is due.
    pub(super) due: String,
    pub(super) conditions: Vec<ConditionView>,
}

/// Cases with conditions that are not met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionalCases", skip_serializing_if_is_none)]
pub(super) struct ConditionalCases {
    /// The first to be due first.
    pub(super) items: Vec<ConditionalView>,
    /// Give it as `after` for the next page; absent on the last.
    pub(super) next: Option<String>,
}

/// A figure that class 2 asks for.
#[derive(Object, Debug)]
#[oai(rename = "Gate", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct GateView {
    /// `registered`, `each_company`, `in_all` or `endpoints`.
    pub(super) name: String,
    pub(super) asked: String,
    pub(super) asked_en: String,
    pub(super) found: String,
    pub(super) found_en: String,
    pub(super) is_met: bool,
    /// The first day on which it would be met, if registration and service go on as they do; where that can be said.
    pub(super) met_from: Option<String>,
    pub(super) is_provisional: bool,
    pub(super) note: Option<String>,
    pub(super) note_en: Option<String>,
}

/// The gates to class 2.
#[derive(Object, Debug)]
#[oai(rename = "Gates", rename_all = "camelCase")]
pub(super) struct GatesView {
    /// The day as of which the register was asked.
    pub(super) day: String,
    /// None for class 1.
    pub(super) gates: Vec<GateView>,
    pub(super) provisions: Vec<ProvisionView>,
}

/// What the register tells of conditions: how many are open, and by when they are to be met.
#[derive(Object, Debug)]
#[oai(rename = "OpenConditions")]
pub(super) struct OpenConditionsView {
    pub(super) open: u32,
    /// Days in Japan, the first first.
    pub(super) due: Vec<String>,
}

pub(super) fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

pub(in crate::http) fn undertakings(all: &[Undertaking], today: Day) -> Vec<ConditionView> {
    let view = |(number, undertaking): (u32, &Undertaking)| ConditionView {
        number,
        words: undertaking.condition.words.clone(),
        criterion: undertaking.condition.criterion.map(word),
        owner: undertaking.condition.owner.clone(),
        due: undertaking.condition.due.to_string(),
        progress: match undertaking.progress() {
            Progress::Open => ProgressName::Open,
            Progress::Reported => ProgressName::Reported,
            Progress::Met => ProgressName::Met,
        },
        is_overdue: undertaking.is_overdue(today),
        reports: undertaking.reports.iter().map(report).collect(),
    };
    (1..).zip(all).map(view).collect()
}

pub(super) fn report(report: &ConditionReport) -> ReportView {
    ReportView {
        words: report.words.clone(),
        evidence: report.evidence.iter().map(EvidenceFileView::from).collect(),
        at: report.at.to_string(),
        is_accepted: report.reply.as_ref().map(|reply| reply.is_accepted),
        reason: report.reply.as_ref().map(|reply| reply.reason.clone()),
    }
}

pub(super) fn objection(objection: &Objection) -> ObjectionView {
    let finding = objection.finding.as_ref();
    ObjectionView {
        reason: objection.reason.clone(),
        evidence: objection.evidence.iter().map(EvidenceFileView::from).collect(),
        at: objection.at.to_string(),
        outcome: finding.map(|finding| finding.outcome.into()),
        outcome_reason: finding.map(|finding| finding.reason.clone()),
        decided_at: finding.map(|finding| finding.at.to_string()),
    }
}

pub(super) fn round(round: &Round) -> RoundView {
    RoundView {
        decision: (&round.decision).into(),
        decided_at: round.at.to_string(),
        objection: objection(&round.objection),
    }
}

pub(super) fn provision(provision: &Provision) -> ProvisionView {
    let what = provision.term();
    let note = provision.note.clone();
    ProvisionView {
        what: what.ja,
        what_en: what.en,
        note: note.as_ref().map(|note| note.ja.clone()),
        note_en: note.map(|note| note.en),
    }
}

pub(super) fn gate(gate: &Gate) -> GateView {
    GateView {
        name: gate.name.as_str().to_owned(),
        asked: gate.asked.ja.clone(),
        asked_en: gate.asked.en.clone(),
        found: gate.found.ja.clone(),
        found_en: gate.found.en.clone(),
        is_met: gate.is_met,
        met_from: gate.met_from.map(|day| day.to_string()),
        is_provisional: gate.standing == Standing::Provisional,
        note: gate.note.as_ref().map(|note| note.ja.clone()),
        note_en: gate.note.as_ref().map(|note| note.en.clone()),
    }
}

pub(in crate::http) fn files(digests: Option<Vec<String>>) -> Result<Vec<Named>, Problem> {
    let named = |(index, text): (usize, String)| {
        let digest: FileDigest = text.parse().map_err(|_| {
            let message = Text::new(
                "ファイルのSHA-256を16進の小文字64桁で書いてください。",
                "Give the file's SHA-256 in 64 lower-case hexadecimal digits.",
            );
            Problem::unreadable(&format!("/evidence/{index}"), &text, message)
        })?;
        Ok(Named { digest, speaks_of: None, links: Vec::new() })
    };
    digests.unwrap_or_default().into_iter().enumerate().map(named).collect()
}
