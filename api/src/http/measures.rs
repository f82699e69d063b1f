//! `/registrations/{number}/measures`: what is done about a service after it is registered, and what its provider says.

mod wire;

use std::sync::Arc;

use domain::act::{ProposalId, RegistrationNumber};
use domain::application::{Condition, ObjectionOutcome};
use domain::authority::Power;
use domain::calendar::Instant;
use domain::proposal::Motion;
use domain::registration::{Discontinuation, Measure, Plan, Registration};
use domain::text::Text;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;

use super::Chapter;
use super::body::Body;
use super::deciding::{FindingBody, ObjectionBody, ReplyBody, ReportBody, files};
use super::proposals::{ProposalView, propose};
use super::register::REGISTRATION;
use super::rendered::Rendered;
use super::request::{Caller, call, day, identifier};
use super::wire::RegistrationView;
use crate::acts::{StateSide, Step, TakeStep};
use crate::problem::Problem;
use crate::proposals::heard;
use crate::registry::Registry;
use wire::{
    AttentionView, ClauseView, DiscontinuationBody, EmergencyBody, HearingView, MeasureBody, MeasuresView,
    StatementBody, clause, hearing, measure_view,
};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

#[OpenApi(tag = "Chapter::Register")]
impl Api {
    /// Lists the clauses that measures can rest on
    #[oai(path = "/measure-clauses", method = "get", operation_id = "listMeasureClauses")]
    async fn clauses(&self) -> Json<Vec<ClauseView>> {
        Json(self.registry.scheme.measure_clauses.iter().map(clause).collect())
    }

    /// Lists registrations of which something waits
    ///
    /// Corrections, objections and emergencies, the first first: for the secretariat, decision makers and auditors all,
    /// for a provider its own.
    #[oai(path = "/measures", method = "get", operation_id = "listAttention")]
    async fn waiting(&self, caller: Caller) -> Result<Json<Vec<AttentionView>>, Problem> {
        let found = crate::measures::waiting(&self.registry, &caller.0).await?;
        let view = |(since, registration): &(Instant, Registration)| AttentionView {
            number: registration.number.to_string(),
            service: registration.listing.service_name.clone(),
            provider: registration.listing.provider.trade_name.clone(),
            since: since.to_string(),
        };
        Ok(Json(found.iter().map(view).collect()))
    }

    /// Shows measures with what they rest on
    ///
    /// For the provider, the secretariat, decision makers and auditors. What the public reads is the registration's
    /// history.
    #[oai(path = "/registrations/:number/measures", method = "get", operation_id = "getMeasures")]
    async fn measures(&self, caller: Caller, number: Path<String>) -> Result<Rendered<MeasuresView>, Problem> {
        let registration = self.find(&number.0).await?;
        self.may_read(&caller, &registration)?;
        let view = self.view(&caller, &registration).await?;
        Ok(Rendered::at_version(&view, registration.version))
    }

    /// Proposes a measure
    ///
    /// The secretariat's. It is taken once a second person confirms it, and holds from `from`; every licence under the
    /// registration follows. A revocation is not confirmed before the provider was heard.
    #[oai(path = "/registrations/:number/measures", method = "post", operation_id = "proposeMeasure")]
    async fn propose(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<MeasureBody>,
        /// The version you saw, such as `"3"`.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let MeasureBody { measure, reason, clauses, facts, from, corrections, hearing_until } = body.0;
        let from = from.map(|text| {
            text.parse::<Instant>().map_err(|_| {
                let message = Text::new(
                    "日時は 2026-04-01T00:00:00Z のように、UTCで秒まで書いてください。",
                    "Write the instant like 2026-04-01T00:00:00Z, in UTC and to the second.",
                );
                Problem::unreadable("/from", &text, message)
            })
        });
        let corrections = corrections.unwrap_or_default().into_iter().enumerate();
        let corrections: Vec<Condition> =
            corrections.map(|(index, body)| body.read("/corrections", index)).collect::<Result<_, _>>()?;
        let hearing_until = hearing_until.map(|text| day("/hearingUntil", &text)).transpose()?;
        let plan = Box::new(Plan { clauses, facts, from: from.transpose()?, corrections, hearing_until });
        let registration = identifier(REGISTRATION, &number.0)?;
        let motion = Motion::TakeMeasure { registration, measure: measure.into(), reason, plan: Some(plan) };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Suspends at once, in an emergency
    ///
    /// By one person of the secretariat. A second one confirms it within 24 hours, or it ends by itself.
    #[oai(path = "/registrations/:number/emergency", method = "post", operation_id = "suspendAtOnce")]
    async fn suspend(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<EmergencyBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let EmergencyBody { reason, clauses, facts } = body.0;
        let plan = Box::new(Plan { clauses, facts, from: None, corrections: Vec::new(), hearing_until: None });
        let done = self.step(&caller, &number.0, Step::SuspendAtOnce { reason, plan }, if_match.0, key.0).await?;
        Ok(done.created(&format!("/registrations/{}/measures", number.0)))
    }

    /// Confirms an emergency suspension
    ///
    /// By another person than the one who took it, before it is over.
    #[oai(path = "/registrations/:number/emergency/confirmation", method = "post", operation_id = "confirmEmergency")]
    async fn confirm(
        &self,
        caller: Caller,
        number: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        self.step(&caller, &number.0, Step::ConfirmEmergency, if_match.0, None).await
    }

    /// Reports a correction
    ///
    /// The provider's. Measures and corrections are counted from 1.
    #[oai(
        path = "/registrations/:number/measures/:measure/corrections/:correction/report",
        method = "post",
        operation_id = "reportCorrection"
    )]
    async fn report(
        &self,
        caller: Caller,
        number: Path<String>,
        measure: Path<String>,
        correction: Path<String>,
        body: Body<ReportBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let ReportBody { words, evidence } = body.0;
        let step = Step::ReportCorrection {
            measure: counted(&measure.0)?,
            number: counted(&correction.0)?,
            words,
            evidence: files(evidence)?,
        };
        self.step(&caller, &number.0, step, if_match.0, None).await
    }

    /// Answers a report of a correction
    ///
    /// The secretariat's.
    #[oai(
        path = "/registrations/:number/measures/:measure/corrections/:correction/answer",
        method = "post",
        operation_id = "answerCorrection"
    )]
    async fn answer(
        &self,
        caller: Caller,
        number: Path<String>,
        measure: Path<String>,
        correction: Path<String>,
        body: Body<ReplyBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let ReplyBody { is_accepted, reason } = body.0;
        let (measure, correction) = (counted(&measure.0)?, counted(&correction.0)?);
        let step = Step::AnswerCorrection { measure, number: correction, is_accepted, reason };
        self.step(&caller, &number.0, step, if_match.0, None).await
    }

    /// Objects to a measure
    ///
    /// The provider's, once and by `objectionUntil`. The measure holds until the objection is decided.
    #[oai(
        path = "/registrations/:number/measures/:measure/objection",
        method = "post",
        operation_id = "objectToMeasure"
    )]
    async fn object(
        &self,
        caller: Caller,
        number: Path<String>,
        measure: Path<String>,
        body: Body<ObjectionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let ObjectionBody { reason, evidence } = body.0;
        let step = Step::Object { measure: counted(&measure.0)?, reason, evidence: files(evidence)? };
        self.step(&caller, &number.0, step, if_match.0, None).await
    }

    /// Proposes what becomes of an objection to a measure
    ///
    /// A decision maker's who did not take the measure. Upheld, the measure is set aside once a second one confirms it.
    #[oai(
        path = "/registrations/:number/measures/:measure/objection/finding",
        method = "post",
        operation_id = "proposeOnMeasure"
    )]
    async fn hear(
        &self,
        caller: Caller,
        number: Path<String>,
        measure: Path<String>,
        body: Body<FindingBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let FindingBody { outcome, reason } = body.0;
        let (registration, outcome) = (identifier(REGISTRATION, &number.0)?, ObjectionOutcome::from(outcome));
        let measure = counted(&measure.0)? as u32;
        let motion = Motion::DecideMeasureObjection { registration, measure, outcome, reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Announces the end of a service
    ///
    /// The provider's owner's. From the day after `lastDay` the service is discontinued; its users' licences follow.
    #[oai(path = "/registrations/:number/discontinuation", method = "post", operation_id = "discontinue")]
    async fn discontinue(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<DiscontinuationBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let DiscontinuationBody { last_day, for_users, contracts } = body.0;
        let plan = Discontinuation { last_day: day("/lastDay", &last_day)?, for_users, contracts };
        self.step(&caller, &number.0, Step::Discontinue { plan }, if_match.0, None).await
    }

    /// States the provider's side
    ///
    /// Of a measure that is proposed (`getMeasures`, `hearings`), once and by its day.
    #[oai(path = "/proposals/:id/statement", method = "post", operation_id = "stateSide")]
    async fn state(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<StatementBody>,
    ) -> Result<Rendered<HearingView>, Problem> {
        let proposal: ProposalId = identifier(("提案", "proposal"), &id.0)?;
        let deed = StateSide { proposal, words: body.0.words };
        let done = self.registry.perform(deed, call(&caller, None, None)?).await?;
        let missing = || Problem::not_found(&Text::new("提案", "proposal"), &id.0);
        let view = hearing(&done.state).ok_or_else(missing)?;
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }
}

impl Api {
    async fn find(&self, number: &str) -> Result<Arc<Registration>, Problem> {
        let parsed: RegistrationNumber = identifier(REGISTRATION, number)?;
        let missing = || Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number);
        self.registry.store.registration(&parsed).await?.ok_or_else(missing)
    }

    fn may_read(&self, caller: &Caller, registration: &Registration) -> Result<(), Problem> {
        caller.0.actor.caller(Power::ReadMeasures, &registration.object(), caller.0.at)?;
        Ok(())
    }

    async fn step(
        &self,
        caller: &Caller,
        number: &str,
        step: Step,
        if_match: Option<String>,
        key: Option<String>,
    ) -> Result<Rendered<MeasuresView>, Problem> {
        let deed = TakeStep { registration: identifier(REGISTRATION, number)?, step };
        let done = self.registry.perform(deed, call(caller, if_match, key)?).await?;
        let view = self.view(caller, &done.state).await?;
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    async fn view(&self, caller: &Caller, registration: &Registration) -> Result<MeasuresView, Problem> {
        let at = caller.0.at;
        let hearings = heard(&self.registry, registration, at).await?;
        let view = |(number, measure): (u32, &Measure)| measure_view(number, measure, at.day());
        Ok(MeasuresView {
            registration: RegistrationView::new(registration, &*self.registry.store.settings().await?, at),
            measures: (1..).zip(&registration.measures).map(view).collect(),
            hearings: hearings.iter().filter_map(hearing).collect(),
        })
    }
}

/// A number in an address, counted from 1.
fn counted(text: &str) -> Result<usize, Problem> {
    let missing = || Problem::not_found(&Text::new("措置または是正", "measure or correction"), text);
    text.parse::<u16>().map(usize::from).map_err(|_| missing())
}
