//! What a decision rests on, what it asks of the applicant, and objections to it.

use std::sync::Arc;

use domain::act::{ApplicationId, Determination, RegistrationNumber, Verdict};
use domain::application::{
    Application, Basis, Condition, ConditionReport, Objection, ObjectionOutcome, Progress, Round, Shift, Stage,
    Undertaking,
};
use domain::calendar::Day;
use domain::criteria::{CriterionId, Gate};
use domain::edition::{Provision, Standing};
use domain::evidence::FileDigest;
use domain::examination::Answer;
use domain::proposal::Motion;
use domain::text::Text;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::{Value, json};

use super::Chapter;
use super::applications::APPLICATION;
use super::body::Body;
use super::evidence::EvidenceFileView;
use super::proposals::{ProposalView, propose};
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, day, identifier};
use super::wire::DeterminationBody;
use super::words::StageName;
use crate::acts::{Deed, ObjectToDecision, ReplyToReport, ReportCondition, bounds};
use crate::caller::{application, examinations_for};
use crate::deciding::{condition, conditional, gates, ground, is_companys};
use crate::evidence::Named;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::AfterDue;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What is to be decided.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct DecisionBody {
    verdict: VerdictWord,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
    /// What the applicant has to do after a pass; at most 20.
    #[oai(validator(max_items = 100))]
    conditions: Option<Vec<ConditionBody>>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "DecisionVerdict", rename_all = "snake_case")]
enum VerdictWord {
    Pass,
    Fail,
}

/// Something that has to be done after a pass.
#[derive(Object, Debug)]
#[oai(rename = "NewCondition", rename_all = "camelCase", deny_unknown_fields)]
struct ConditionBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    words: String,
    /// The criterion it has to do with, where it is one, such as `help_desk`.
    #[oai(validator(max_length = 40))]
    criterion: Option<String>,
    /// Who at the applicant sees to it: a role or a name.
    #[oai(validator(min_length = 1, max_length = 200))]
    owner: String,
    /// The last day in Japan, `YYYY-MM-DD`; not before the day of the decision.
    #[oai(validator(max_length = 20))]
    due: String,
}

impl DecisionBody {
    /// The decision and its conditions; names what cannot be read.
    fn read(self) -> Result<(Determination, Vec<Condition>), Problem> {
        let verdict = match self.verdict {
            VerdictWord::Pass => Verdict::Pass,
            VerdictWord::Fail => Verdict::Fail,
        };
        let conditions = self.conditions.unwrap_or_default().into_iter().enumerate();
        let conditions = conditions.map(|(index, body)| body.read(index)).collect::<Result<_, _>>()?;
        Ok((Determination { verdict, reason: self.reason }, conditions))
    }
}

impl ConditionBody {
    fn read(self, index: usize) -> Result<Condition, Problem> {
        let named = |text: &String| {
            serde_json::from_value::<CriterionId>(json!(text)).map_err(|_| {
                let message = Text::new(
                    "この名前の要件はありません。評価（assessment）の criterion にある名前を書いてください。",
                    "There is no criterion of this name. Use a name that the assessment has as criterion.",
                );
                Problem::unreadable(&format!("/conditions/{index}/criterion"), text, message)
            })
        };
        let criterion = self.criterion.as_ref().map(named).transpose()?;
        let due = day(&format!("/conditions/{index}/due"), &self.due)?;
        Ok(Condition { words: self.words, criterion, owner: self.owner, due })
    }
}

/// Words, and the files that show them.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ReportBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    words: String,
    /// SHA-256 of files that were uploaded before (`uploadEvidence`).
    #[oai(validator(max_items = 100))]
    evidence: Option<Vec<String>>,
}

/// What becomes of a report.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ReplyBody {
    /// Is the condition met?
    is_accepted: bool,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

/// Why the applicant objects.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ObjectionBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
    /// SHA-256 of files that were uploaded before (`uploadEvidence`).
    #[oai(validator(max_items = 100))]
    evidence: Option<Vec<String>>,
}

/// What is to become of an objection.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct FindingBody {
    outcome: OutcomeName,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ObjectionOutcome", rename_all = "snake_case")]
enum OutcomeName {
    /// The decision stands.
    Dismissed,
    /// The decision is set aside; the case is examined and decided anew by others.
    Upheld,
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
enum ProgressName {
    Open,
    Reported,
    Met,
}

/// A condition of a pass, and how far it is.
#[derive(Object, Debug)]
#[oai(rename = "Condition", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ConditionView {
    /// Counted from 1.
    number: u32,
    words: String,
    criterion: Option<String>,
    owner: String,
    due: String,
    progress: ProgressName,
    /// Has its day passed without it? Computed from today in Japan.
    is_overdue: bool,
    reports: Vec<ReportView>,
}

/// A report that a condition is met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionReport", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ReportView {
    words: String,
    evidence: Vec<EvidenceFileView>,
    at: String,
    /// Absent while it waits.
    is_accepted: Option<bool>,
    reason: Option<String>,
}

/// An objection, and what became of it.
#[derive(Object, Debug)]
#[oai(rename = "Objection", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ObjectionView {
    reason: String,
    evidence: Vec<EvidenceFileView>,
    at: String,
    /// Absent while it waits.
    outcome: Option<OutcomeName>,
    outcome_reason: Option<String>,
    decided_at: Option<String>,
}

/// A criterion with what the examiners answered.
#[derive(Object, Debug)]
#[oai(rename = "DecisionReason", rename_all = "camelCase")]
struct ReasonView {
    criterion: String,
    /// Where it stands in the criteria.
    clause: String,
    judgements: Vec<JudgedView>,
}

/// One examiner's answer, without their name.
#[derive(Object, Debug)]
#[oai(rename = "DecisionJudgement", rename_all = "camelCase")]
struct JudgedView {
    /// `met`, `unmet` or `not_applicable`.
    answer: Any<Value>,
    reason: String,
}

/// A decision that was set aside.
#[derive(Object, Debug)]
#[oai(rename = "EarlierDecision", rename_all = "camelCase", skip_serializing_if_is_none)]
struct RoundView {
    decision: DeterminationBody,
    decided_at: String,
    objection: ObjectionView,
}

/// Something of the edition that is not confirmed.
#[derive(Object, Debug)]
#[oai(rename = "Provision", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ProvisionView {
    what: String,
    what_en: String,
    note: Option<String>,
    note_en: Option<String>,
}

/// A decision with all that it rests on and all that follows from it; of a case that is not decided yet, as far as it is.
#[derive(Object, Debug)]
#[oai(rename = "Decision", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DecisionView {
    application: String,
    version: u32,
    stage: StageName,
    decision: Option<DeterminationBody>,
    decided_at: Option<String>,
    /// What it rests on, or else what the recommendation does: edition, declaration, evidence and examinations, by digest
    /// or version.
    basis: Option<Any<Value>>,
    /// What of that has changed since: `edition`, `declaration`, `evidence`, `judgements`, or `unrecorded` where it was
    /// not recorded. Empty: it stands on what is there now.
    shifts: Vec<String>,
    /// What is provisional of the edition; while anything is, nothing is decided on it.
    provisions: Vec<ProvisionView>,
    /// The criteria with both examiners' answers, once the caller may see them.
    criteria: Vec<ReasonView>,
    conditions: Vec<ConditionView>,
    /// The last day in Japan on which the applicant may object; absent where there is nothing to object to.
    objection_until: Option<String>,
    objection: Option<ObjectionView>,
    /// Decisions that were set aside, oldest first.
    earlier: Vec<RoundView>,
}

/// A case with conditions that are not met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionalCase", rename_all = "camelCase")]
struct ConditionalView {
    application: String,
    version: u32,
    service: String,
    provider: String,
    /// The first day by which one is due.
    due: String,
    conditions: Vec<ConditionView>,
}

/// Cases with conditions that are not met.
#[derive(Object, Debug)]
#[oai(rename = "ConditionalCases", skip_serializing_if_is_none)]
struct ConditionalCases {
    /// The first to be due first.
    items: Vec<ConditionalView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

/// A figure that class 2 asks for.
#[derive(Object, Debug)]
#[oai(rename = "Gate", rename_all = "camelCase", skip_serializing_if_is_none)]
struct GateView {
    /// `registered`, `each_company`, `in_all` or `endpoints`.
    name: String,
    asked: String,
    asked_en: String,
    found: String,
    found_en: String,
    is_met: bool,
    /// The first day on which it would be met, if registration and service go on as they do; where that can be said.
    met_from: Option<String>,
    is_provisional: bool,
    note: Option<String>,
    note_en: Option<String>,
}

/// The gates to class 2.
#[derive(Object, Debug)]
#[oai(rename = "Gates", rename_all = "camelCase")]
struct GatesView {
    /// The day as of which the register was asked.
    day: String,
    /// None for class 1.
    gates: Vec<GateView>,
    provisions: Vec<ProvisionView>,
}

/// What the register tells of conditions: how many are open, and by when they are to be met.
#[derive(Object, Debug)]
#[oai(rename = "OpenConditions")]
struct OpenConditionsView {
    open: u32,
    /// Days in Japan, the first first.
    due: Vec<String>,
}

#[OpenApi(tag = "Chapter::Applications")]
impl Api {
    /// Shows a decision, what it rests on, and what follows
    #[oai(path = "/applications/:id/decision", method = "get", operation_id = "getDecision")]
    async fn decision(&self, caller: Caller, id: Path<String>) -> Result<Rendered<DecisionView>, Problem> {
        let case = application(&self.registry, &caller.0, &id.0).await?;
        Ok(Rendered::at_version(&self.view(&caller, &case).await?, case.version))
    }

    /// Proposes a decision
    ///
    /// A decision maker's. It is decided once a second one confirms it. A pass may have conditions; nothing is decided
    /// that rests on what is provisional in the edition (`provisional`).
    #[oai(path = "/applications/:id/decision", method = "post", operation_id = "proposeDecision")]
    async fn decide(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<DecisionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let (decision, conditions) = body.0.read()?;
        let motion = Motion::Decide { application: self.id(&id.0)?, decision, conditions };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Shows how far a case is from class 2
    ///
    /// Computed from the register's record of the day that governs the application.
    #[oai(path = "/applications/:id/class-2", method = "get", operation_id = "getClassTwoGates")]
    async fn class_two(&self, caller: Caller, id: Path<String>) -> Result<Json<GatesView>, Problem> {
        let case = application(&self.registry, &caller.0, &id.0).await?;
        let found = gates(&self.registry, &case).await?;
        let provisions = ground(&self.registry, &case).await?.provisions;
        Ok(Json(GatesView {
            day: case.governing_day().to_string(),
            gates: found.iter().map(gate).collect(),
            provisions: provisions.iter().map(provision).collect(),
        }))
    }

    /// Lists cases with conditions that are not met
    ///
    /// A provider's own; all for the secretariat, decision makers and auditors.
    #[oai(path = "/conditions", method = "get", operation_id = "listConditions")]
    async fn conditions(
        &self,
        caller: Caller,
        /// Only those behind this place: what an earlier answer called `next`.
        #[oai(validator(max_length = 60))]
        after: Query<Option<String>>,
    ) -> Result<Json<ConditionalCases>, Problem> {
        let after = after.0.as_deref().map(|text| cursor::<AfterDue>(APPLICATION, text)).transpose()?;
        let page = conditional(&self.registry, &caller.0, after.as_ref()).await?;
        let next = page.items.last().filter(|_| page.has_more).and_then(AfterDue::of);
        let today = caller.0.at.day();
        let view = |case: &Application| ConditionalView {
            application: case.id.to_string(),
            version: case.version,
            service: case.declaration.service.name.clone(),
            provider: case.declaration.provider.trade_name.clone(),
            due: case.condition_due().map_or_else(String::new, |due| due.to_string()),
            conditions: undertakings(&case.conditions, today),
        };
        Ok(Json(ConditionalCases { items: page.items.iter().map(view).collect(), next }))
    }

    /// Reports that a condition is met
    ///
    /// The applicant's.
    #[oai(path = "/applications/:id/conditions/:number/report", method = "post", operation_id = "reportCondition")]
    async fn report(
        &self,
        caller: Caller,
        id: Path<String>,
        number: Path<String>,
        body: Body<ReportBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DecisionView>, Problem> {
        let deed = ReportCondition {
            application: self.id(&id.0)?,
            number: condition(&number.0)?,
            words: body.0.words,
            evidence: files(body.0.evidence)?,
        };
        self.act(deed, &caller, if_match.0).await
    }

    /// Replies to a report
    ///
    /// The secretariat's or a decision maker's.
    #[oai(path = "/applications/:id/conditions/:number/reply", method = "post", operation_id = "replyToReport")]
    async fn reply(
        &self,
        caller: Caller,
        id: Path<String>,
        number: Path<String>,
        body: Body<ReplyBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DecisionView>, Problem> {
        let (application, number) = (self.id(&id.0)?, condition(&number.0)?);
        let deed = ReplyToReport { application, number, is_accepted: body.0.is_accepted, reason: body.0.reason };
        self.act(deed, &caller, if_match.0).await
    }

    /// Objects to a decision
    ///
    /// The applicant's, to a fail or to the conditions of a pass; once, and by `objectionUntil`. The decision stands until
    /// the objection is decided.
    #[oai(path = "/applications/:id/objection", method = "post", operation_id = "objectToDecision")]
    async fn object(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<ObjectionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DecisionView>, Problem> {
        let (application, evidence) = (self.id(&id.0)?, files(body.0.evidence)?);
        let deed = ObjectToDecision { application, reason: body.0.reason, evidence };
        self.act(deed, &caller, if_match.0).await
    }

    /// Proposes what becomes of an objection
    ///
    /// A decision maker's who had no part in the decision. It is done once a second one confirms it.
    #[oai(path = "/applications/:id/objection/finding", method = "post", operation_id = "proposeOnObjection")]
    async fn find(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<FindingBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let outcome = match body.0.outcome {
            OutcomeName::Dismissed => ObjectionOutcome::Dismissed,
            OutcomeName::Upheld => ObjectionOutcome::Upheld,
        };
        let motion = Motion::DecideObjection { application: self.id(&id.0)?, outcome, reason: body.0.reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Tells how many conditions of a registration are open
    ///
    /// What they are stays between the provider and the registration body.
    #[oai(path = "/registrations/:number/conditions", method = "get", operation_id = "openConditions")]
    async fn open_conditions(&self, number: Path<String>) -> Result<Json<OpenConditionsView>, Problem> {
        let missing = || Problem::not_found(&Text::new("登録", "registration"), &number.0);
        let parsed: RegistrationNumber = number.0.parse().map_err(|_| missing())?;
        let found = self.registry.store.registration(&parsed).await?.ok_or_else(missing)?;
        let case = self.registry.store.application(&found.application).await?;
        let mut due: Vec<Day> =
            case.iter().flat_map(Application::open_conditions).map(|open| open.condition.due).collect();
        due.sort();
        let open = u32::try_from(due.len()).unwrap_or(u32::MAX);
        Ok(Json(OpenConditionsView { open, due: due.iter().map(Day::to_string).collect() }))
    }
}

impl Api {
    fn id(&self, text: &str) -> Result<ApplicationId, Problem> {
        identifier(APPLICATION, text)
    }

    async fn act(
        &self,
        deed: impl Deed<State = Application>,
        caller: &Caller,
        if_match: Option<String>,
    ) -> Result<Rendered<DecisionView>, Problem> {
        let done = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        let view = self.view(caller, &done.state).await?;
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    async fn view(&self, caller: &Caller, case: &Application) -> Result<DecisionView, Problem> {
        let ground = ground(&self.registry, case).await?;
        let (mut decision, mut decided_at, mut basis, mut until) = (None, None, None, None);
        match &case.stage {
            // Until it is decided, an applicant learns nothing of who examines, not even when.
            Stage::Recommended { basis: own, .. } if !is_companys(&caller.0, case) => {
                basis = own.as_deref().map(basis_json);
            }
            Stage::Decided { decision: own, at, ruling, .. } => {
                decision = Some(own.into());
                decided_at = Some(at.to_string());
                basis = ruling.as_ref().map(|ruling| basis_json(&ruling.basis));
                until = ruling.as_ref().and_then(|ruling| ruling.objection_until).map(|day| day.to_string());
            }
            _ => {}
        }
        Ok(DecisionView {
            application: case.id.to_string(),
            version: case.version,
            stage: (&case.stage).into(),
            decision,
            decided_at,
            basis,
            shifts: case.shifts(&ground).into_iter().map(Shift::as_str).map(str::to_owned).collect(),
            provisions: ground.provisions.iter().map(provision).collect(),
            criteria: self.reasons(caller, case).await?,
            conditions: undertakings(&case.conditions, caller.0.at.day()),
            objection_until: until,
            objection: case.objection.as_ref().map(objection),
            earlier: case.earlier.iter().map(round).collect(),
        })
    }

    /// Every criterion that is asked, with the answers that this caller may see.
    async fn reasons(&self, caller: &Caller, case: &Application) -> Result<Vec<ReasonView>, Problem> {
        let mut examinations = examinations_for(&self.registry, &caller.0, case).await?;
        examinations.retain(|own| case.examiners.contains(&own.examiner));
        if examinations.is_empty() {
            return Ok(Vec::new());
        }
        let assessment = self.registry.assessment_of(case).await?;
        let mut reasons = Vec::new();
        for bound in bounds(&self.registry, case).await? {
            let finding = assessment.findings.iter().find(|finding| finding.criterion == bound.criterion);
            let judged = examinations.iter().filter_map(|own| own.judgements.get(&bound.criterion));
            let judged = judged.map(|own| JudgedView { answer: answer(own.answer), reason: own.reason.clone() });
            reasons.push(ReasonView {
                criterion: word(bound.criterion),
                clause: finding.map_or_else(String::new, |finding| finding.clause.ja.clone()),
                judgements: judged.collect(),
            });
        }
        Ok(reasons)
    }
}

/// What a decision rests on, with the digest that the log shows of it.
pub(super) fn basis_json(basis: &Basis) -> Any<Value> {
    let mut json = json!(basis);
    json["digest"] = json!(basis.digest());
    Any(json)
}

fn answer(answer: Answer) -> Any<Value> {
    Any(json!(answer))
}

fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

fn undertakings(all: &[Undertaking], today: Day) -> Vec<ConditionView> {
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

fn report(report: &ConditionReport) -> ReportView {
    ReportView {
        words: report.words.clone(),
        evidence: report.evidence.iter().map(EvidenceFileView::from).collect(),
        at: report.at.to_string(),
        is_accepted: report.reply.as_ref().map(|reply| reply.is_accepted),
        reason: report.reply.as_ref().map(|reply| reply.reason.clone()),
    }
}

fn objection(objection: &Objection) -> ObjectionView {
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

fn round(round: &Round) -> RoundView {
    RoundView {
        decision: (&round.decision).into(),
        decided_at: round.at.to_string(),
        objection: objection(&round.objection),
    }
}

fn provision(provision: &Provision) -> ProvisionView {
    let what = provision.term();
    let note = provision.note.clone();
    ProvisionView {
        what: what.ja,
        what_en: what.en,
        note: note.as_ref().map(|note| note.ja.clone()),
        note_en: note.map(|note| note.en),
    }
}

fn gate(gate: &Gate) -> GateView {
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

fn files(digests: Option<Vec<String>>) -> Result<Vec<Named>, Problem> {
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
