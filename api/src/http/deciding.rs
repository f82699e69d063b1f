//! What a decision rests on, what it asks of the applicant, and objections to it.

mod wire;

use std::sync::Arc;

use domain::act::{ApplicationId, RegistrationNumber};
use domain::application::{Application, Basis, ObjectionOutcome, Shift, Stage};
use domain::calendar::Day;
use domain::proposal::Motion;
use domain::text::Text;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use serde_json::{Value, json};

use super::Chapter;
use super::applications::APPLICATION;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, identifier};
use crate::acts::{Deed, ObjectToDecision, ReplyToReport, ReportCondition, bounds};
use crate::caller::{application, examinations_for};
use crate::deciding::{condition, conditional, gates, ground, is_companys, open_conditions};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::AfterDue;
pub(super) use wire::{
    ConditionBody, ConditionView, FindingBody, ObjectionBody, ObjectionView, ReplyBody, ReportBody, files, undertakings,
};
use wire::{
    ConditionalCases, ConditionalView, DecisionBody, DecisionView, GatesView, OpenConditionsView, ReasonView, gate,
    objection, provision, round, word,
};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
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
        let outcome = ObjectionOutcome::from(body.0.outcome);
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
        let due = open_conditions(&self.registry, &found).await?;
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
            let judged = judged.map(|own| wire::judged(own, &case.evidence));
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
