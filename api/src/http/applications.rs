//! `/applications`: from submission to registration.

mod wire;

use std::sync::Arc;

use domain::act::{ApplicationId, FieldReason};
use domain::application::{Application, Matter};
use domain::calendar::Instant;
use domain::text::Text;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use serde_json::Value;

use super::Chapter;
use super::asked::Asked;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, identifier};
use super::wire::{DeterminationBody, Reason, RegistrationView};
use super::words::StageName;
use crate::acts::{Accept, Deed, Done, Recommend, Refused, Register, Resubmit, SendBack, Submit, Withdraw};
use crate::caller::{application, applications_for};
use crate::declaration::{self, Submitted};
use crate::problem::Problem;
use crate::registry::Registry;
pub(super) use wire::ApplicationView;
use wire::{AcceptBody, Applications, RegisterBody, ReturnBody};

pub(super) const APPLICATION: (&str, &str) = ("申請", "application");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

type Answer = Result<Rendered<ApplicationView>, Problem>;

#[OpenApi(prefix_path = "/applications", tag = "Chapter::Applications")]
impl Api {
    /// Submits a declaration
    ///
    /// A provider's. The body is a declaration (`/api/v1/schemas/declaration.schema.json`), or an object with a
    /// `declaration` and the `evidence` that shows it: files that were uploaded before (`uploadEvidence`), each as
    /// `{ "digest": …, "speaksOf": "2026-03-31", "links": [{ "criterion": "help_desk", "page": 3, "note": "…" }] }`. With
    /// `renews`, a registration's number, it applies for the next term of that; with `changes`, for a change of what is
    /// declared of it, of which only the criteria that it touches are examined (`checkChange` says which).
    #[oai(path = "/", method = "post", operation_id = "submitApplication")]
    async fn submit(
        &self,
        caller: Caller,
        body: Body<Any<Value>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Answer {
        let Submitted { declaration, evidence, concerns } =
            declaration::read_submission(&body.0.0).map_err(Refused::Declaration)?;
        let deed = Submit { owner: None, declaration, evidence, concerns };
        let done = self.registry.perform(deed, call(&caller, None, key.0)?).await?;
        let location = format!("/api/v1/applications/{}", done.state.id);
        Ok(self.view(&done.state, caller.0.at).await?.created(&location).logged(done.entry))
    }

    /// Lists the caller's applications
    ///
    /// A provider's own, newest first; an examiner's cases; all for the others, oldest first.
    #[oai(path = "/", method = "get", operation_id = "listApplications")]
    async fn list(
        &self,
        caller: Caller,
        /// All stages when absent.
        stage: Asked<StageName>,
        /// Only those behind this one: what an earlier answer called `next`.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Applications>, Problem> {
        let after = after.0.as_deref().map(|text| cursor::<ApplicationId>(APPLICATION, text)).transpose()?;
        let stage = stage.0.map(StageName::word);
        let page = applications_for(&self.registry, &caller.0, stage, after.as_ref()).await?;
        let next = page.items.last().filter(|_| page.has_more).map(|last| last.id.to_string());
        let settings = self.registry.store.settings().await?;
        let mut items = Vec::with_capacity(page.items.len());
        for application in &page.items {
            let registration = self.registry.store.registration_of(&application.id).await?;
            items.push(ApplicationView::new(application, registration.as_ref(), &settings, caller.0.at));
        }
        Ok(Json(Applications { items, next }))
    }

    /// Shows an application
    #[oai(path = "/:id", method = "get", operation_id = "getApplication")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Answer {
        let application = self.find(&caller, &id.0).await?;
        self.view(&application, caller.0.at).await
    }

    /// Shows what the engine finds
    #[oai(path = "/:id/assessment", method = "get", operation_id = "assessApplication")]
    async fn assessment(&self, caller: Caller, id: Path<String>) -> Result<Json<Any<Value>>, Problem> {
        let application = self.find(&caller, &id.0).await?;
        let assessment = self.registry.assessment_of(&application).await?;
        Ok(Json(Any(serde_json::to_value(assessment).map_err(|error| Problem::internal(&error))?)))
    }

    /// Submits again after a return
    ///
    /// The body is as in `submitApplication`. What it names as evidence takes the place of what was named before.
    #[oai(path = "/:id/declaration", method = "put", operation_id = "resubmitApplication")]
    async fn resubmit(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Any<Value>>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Answer {
        let application = self.id(&id.0)?;
        let Submitted { declaration, evidence, concerns } =
            declaration::read_submission(&body.0.0).map_err(Refused::Declaration)?;
        if let Some(concern) = concerns {
            let message = Text::new(
                "どの登録についてかは、最初の提出で決まっています。再提出には書かないでください。",
                "What it concerns was said at the first submission. Leave it out here.",
            );
            let pointer = match concern.matter {
                Matter::Renewal => "/renews",
                Matter::Change => "/changes",
            };
            return Err(Problem::unreadable(pointer, concern.registration.as_str(), message));
        }
        self.act(Resubmit { application, declaration, evidence }, &caller, if_match.0).await
    }

    /// Withdraws
    #[oai(path = "/:id/withdrawal", method = "post", operation_id = "withdrawApplication")]
    async fn withdraw(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Answer {
        let deed = Withdraw { application: self.id(&id.0)?, reason: body.0.reason };
        self.act(deed, &caller, if_match.0).await
    }

    /// Sends back, with a reason for each field
    #[oai(path = "/:id/return", method = "post", operation_id = "returnApplication")]
    async fn send_back(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<ReturnBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Answer {
        let reasons =
            body.0.reasons.into_iter().map(|field| FieldReason { pointer: field.pointer, reason: field.reason });
        let deed = SendBack { application: self.id(&id.0)?, reasons: reasons.collect() };
        self.act(deed, &caller, if_match.0).await
    }

    /// Accepts, and assigns the examiners
    #[oai(path = "/:id/acceptance", method = "post", operation_id = "acceptApplication")]
    async fn accept(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<AcceptBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Answer {
        let deed = Accept { application: self.id(&id.0)?, examiners: wire::examiners(&body.0)? };
        self.act(deed, &caller, if_match.0).await
    }

    /// Recommends
    #[oai(path = "/:id/recommendation", method = "post", operation_id = "recommend")]
    async fn recommend(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<DeterminationBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Answer {
        let deed = Recommend { application: self.id(&id.0)?, opinion: body.0.into() };
        self.act(deed, &caller, if_match.0).await
    }

    /// Registers a service that passed
    #[oai(path = "/:id/registration", method = "post", operation_id = "register")]
    async fn register(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<RegisterBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<RegistrationView>, Problem> {
        let from = body.0.from.parse().map_err(|_| {
            let message =
                Text::new("登録日は 2026-04-01 のように書いてください。", "Write the first day like 2026-04-01.");
            Problem::unreadable("/from", &body.0.from, message)
        })?;
        let deed = Register { application: self.id(&id.0)?, from };
        let call = call(&caller, if_match.0, key.0)?;
        let at = call.at;
        let Done { state, entry } = self.registry.perform(deed, call).await?;
        let location = format!("/api/v1/registrations/{}", state.number);
        let view = RegistrationView::new(&state, &*self.registry.store.settings().await?, at);
        Ok(Rendered::at_version(&view, state.version).created(&location).logged(entry))
    }
}

impl Api {
    fn id(&self, text: &str) -> Result<ApplicationId, Problem> {
        identifier(APPLICATION, text)
    }

    /// The application, if the caller may read it; to others it is not there.
    async fn find(&self, caller: &Caller, id: &str) -> Result<Application, Problem> {
        application(&self.registry, &caller.0, id).await
    }

    async fn act(&self, deed: impl Deed<State = Application>, caller: &Caller, if_match: Option<String>) -> Answer {
        let done = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        Ok(self.view(&done.state, caller.0.at).await?.logged(done.entry))
    }

    async fn view(&self, application: &Application, at: Instant) -> Answer {
        let registration = self.registry.store.registration_of(&application.id).await?;
        let view =
            ApplicationView::new(application, registration.as_ref(), &*self.registry.store.settings().await?, at);
        Ok(Rendered::at_version(&view, application.version))
    }
}
