//! The shapes of measures and of what follows them.

use domain::calendar::Day;
use domain::proposal::{Motion, Proposal};
use domain::registration::{Measure, MeasureKind, MeasureObjection};
use domain::scheme::{MeasureClause, Standing};
use poem_openapi::{Enum, Object};

use super::super::deciding::{ConditionBody, ConditionView, ObjectionView, undertakings};
use super::super::evidence::EvidenceFileView;
use super::super::wire::RegistrationView;
use super::super::words::MeasureName;

/// What the secretariat does.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
pub(super) enum MeasureWord {
    Caution,
    DemandCorrection,
    Suspend,
    Reinstate,
    Revoke,
}

impl From<MeasureWord> for MeasureKind {
    fn from(word: MeasureWord) -> Self {
        match word {
            MeasureWord::Caution => Self::Cautioned,
            MeasureWord::DemandCorrection => Self::CorrectionDemanded,
            MeasureWord::Suspend => Self::Suspended,
            MeasureWord::Reinstate => Self::Reinstated,
            MeasureWord::Revoke => Self::Revoked,
        }
    }
}

/// A measure, what it rests on, and when it is to hold.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MeasureBody {
    pub(super) measure: MeasureWord,
    /// Fit for the public: it is shown on the service's page and to whoever scans its marks.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
    /// The clauses it rests on (`listMeasureClauses`).
    #[oai(validator(min_items = 1, max_items = 20))]
    pub(super) clauses: Vec<String>,
    /// What was found. Never published.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) facts: String,
    /// When it begins to hold, in UTC, at most 90 days ahead; at once where it is absent.
    #[oai(validator(max_length = 20))]
    pub(super) from: Option<String>,
    /// What has to be put right; of a demand for correction only.
    #[oai(validator(max_items = 100))]
    pub(super) corrections: Option<Vec<ConditionBody>>,
    /// The last day in Japan on which the provider states its side; a revocation needs one, 14 days ahead at the least.
    #[oai(validator(max_length = 20))]
    pub(super) hearing_until: Option<String>,
}

/// An emergency suspension.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EmergencyBody {
    /// Fit for the public.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
    /// The clauses it rests on (`listMeasureClauses`).
    #[oai(validator(min_items = 1, max_items = 20))]
    pub(super) clauses: Vec<String>,
    /// What was found. Never published.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) facts: String,
}

/// The end of a service. All of it is published.
#[derive(Object, Debug)]
#[oai(rename = "Discontinuation", rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DiscontinuationBody {
    /// The last day in Japan, 30 days ahead at the least.
    #[oai(validator(max_length = 20))]
    pub(super) last_day: String,
    /// What users have to know and to do.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) for_users: String,
    /// What becomes of their contracts.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) contracts: String,
}

/// The provider's side.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StatementBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) words: String,
}

/// A clause that measures can rest on.
#[derive(Object, Debug)]
#[oai(rename = "MeasureClause", rename_all = "camelCase")]
pub(super) struct ClauseView {
    pub(super) id: String,
    pub(super) clause: String,
    pub(super) clause_en: String,
    /// The measures that it provides for, and `emergency`.
    pub(super) measures: Vec<String>,
    pub(super) is_provisional: bool,
    pub(super) source: String,
    pub(super) last_read: String,
}

/// A measure with what it rests on and what followed.
#[derive(Object, Debug)]
#[oai(rename = "Measure", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct MeasureView {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) measure: MeasureName,
    /// When it was taken, in UTC.
    pub(super) at: String,
    /// When it begins to hold, in UTC.
    pub(super) from: String,
    pub(super) reason: String,
    pub(super) clauses: Vec<String>,
    pub(super) facts: Option<String>,
    /// Of an emergency: it is over then, in UTC, unless a second person confirms it before.
    pub(super) emergency_until: Option<String>,
    pub(super) confirmed_at: Option<String>,
    pub(super) corrections: Vec<ConditionView>,
    pub(super) objection_until: Option<String>,
    pub(super) objection: Option<ObjectionView>,
    /// Since when it is set aside, in UTC.
    pub(super) set_aside_at: Option<String>,
}

/// A measure that is intended, and of which the provider is heard.
#[derive(Object, Debug)]
#[oai(rename = "Hearing", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct HearingView {
    pub(super) proposal: String,
    pub(super) measure: MeasureName,
    pub(super) reason: String,
    pub(super) clauses: Vec<String>,
    pub(super) facts: String,
    /// The last day in Japan for stating one's side.
    pub(super) until: String,
    pub(super) statement: Option<String>,
    pub(super) stated_at: Option<String>,
}

/// What was done about a registration, and what is intended.
#[derive(Object, Debug)]
#[oai(rename = "Measures", rename_all = "camelCase")]
pub(super) struct MeasuresView {
    pub(super) registration: RegistrationView,
    pub(super) measures: Vec<MeasureView>,
    pub(super) hearings: Vec<HearingView>,
}

/// A registration of which something waits.
#[derive(Object, Debug)]
#[oai(rename = "Attention", rename_all = "camelCase")]
pub(super) struct AttentionView {
    pub(super) number: String,
    pub(super) service: String,
    pub(super) provider: String,
    /// Since when something waits, or the first day on which something is due, in UTC.
    pub(super) since: String,
}

pub(super) fn measure_view(number: u32, measure: &Measure, today: Day) -> MeasureView {
    let grounds = measure.grounds.as_deref();
    let emergency = measure.emergency.as_ref();
    MeasureView {
        number,
        measure: (&measure.kind).into(),
        at: measure.at.to_string(),
        from: measure.from().to_string(),
        reason: measure.reason.clone(),
        clauses: grounds.map(|grounds| grounds.clauses.clone()).unwrap_or_default(),
        facts: grounds.map(|grounds| grounds.facts.clone()),
        emergency_until: emergency.map(|emergency| emergency.until.to_string()),
        confirmed_at: emergency.and_then(|emergency| emergency.confirmed).map(|at| at.to_string()),
        corrections: undertakings(&measure.corrections, today),
        objection_until: grounds.and_then(|grounds| grounds.objection_until).map(|day| day.to_string()),
        objection: measure.objection.as_deref().map(objection),
        set_aside_at: measure.set_aside().map(|at| at.to_string()),
    }
}

fn objection(objection: &MeasureObjection) -> ObjectionView {
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

pub(super) fn hearing(proposal: &Proposal) -> Option<HearingView> {
    let Motion::TakeMeasure { measure, reason, plan: Some(plan), .. } = &proposal.motion else { return None };
    let statement = proposal.statement.as_ref();
    Some(HearingView {
        proposal: proposal.id.to_string(),
        measure: measure.into(),
        reason: reason.clone(),
        clauses: plan.clauses.clone(),
        facts: plan.facts.clone(),
        until: plan.hearing_until?.to_string(),
        statement: statement.map(|statement| statement.words.clone()),
        stated_at: statement.map(|statement| statement.at.to_string()),
    })
}

pub(super) fn clause(clause: &MeasureClause) -> ClauseView {
    ClauseView {
        id: clause.id.clone(),
        clause: clause.clause.ja.clone(),
        clause_en: clause.clause.en.clone(),
        measures: clause.measures.clone(),
        is_provisional: clause.standing == Standing::Provisional,
        source: clause.source.clone(),
        last_read: clause.last_read.to_string(),
    }
}
