//! `/registrations/{number}/declaration`, `/changes` and `/succession`: what is declared of a registered service, and whose
//! it is.

use std::sync::Arc;

use domain::act::RegistrationNumber;
use domain::authority::Power;
use domain::declaration::Provider;
use domain::proposal::Motion;
use domain::registration::{Registration, Succession, SuccessionKind};
use domain::text::Text;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::{Value, json};

use super::Chapter;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::register::REGISTRATION;
use super::rendered::Rendered;
use super::request::{Caller, call, day, identifier};
use super::wire::RegistrationView;
use crate::acts::{Notify, Refused};
use crate::changing;
use crate::declaration;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What is declared of a registered service now.
#[derive(Object, Debug)]
#[oai(rename = "RegisteredDeclaration", rename_all = "camelCase")]
struct DeclaredView {
    number: String,
    /// As in `submitApplication`.
    declaration: Any<Value>,
}

/// Why a registration goes over.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "SuccessionKind", rename_all = "snake_case")]
enum SuccessionWord {
    Merger,
    Transfer,
    Succession,
}

/// To whom a registration goes over.
#[derive(Object, Debug)]
#[oai(rename = "Succession", rename_all = "camelCase", deny_unknown_fields)]
struct SuccessionBody {
    /// The organisation's id (`listOrganisations`).
    #[oai(validator(min_length = 1, max_length = 40))]
    to: String,
    kind: SuccessionWord,
    /// The day in Japan on which the law or the contract brought it over.
    #[oai(validator(max_length = 40))]
    on: String,
    /// Fit for the public.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
    /// The documents that were shown, and who at the new provider consents. Never published.
    #[oai(validator(min_length = 1, max_length = 4000))]
    evidence: String,
    /// The new provider, as `provider` stands in a declaration.
    provider: Any<Value>,
}

#[OpenApi(tag = "Chapter::Register")]
impl Api {
    /// Shows what is declared now
    ///
    /// What the service was last judged on, with what was notified since. For its provider, the secretariat, decision
    /// makers and auditors; change it and send it to `checkChange`.
    #[oai(path = "/registrations/:number/declaration", method = "get", operation_id = "getDeclared")]
    async fn declared(&self, caller: Caller, number: Path<String>) -> Result<Rendered<DeclaredView>, Problem> {
        let registration = self.find(&number.0).await?;
        caller.0.actor.caller(Power::ReadDeclared, &registration.object(), caller.0.at)?;
        let declared = changing::declared(&self.registry, &registration).await?;
        let view = DeclaredView { number: registration.number.to_string(), declaration: Any(json!(declared)) };
        Ok(Rendered::at_version(&view, registration.version))
    }

    /// Checks a change, and saves nothing
    ///
    /// The body is a whole declaration. Answers which fields differ from what is declared now (`touched.fields`), which
    /// criteria ask about them (`touched.criteria`; none where it can be notified), and what the engine finds of those
    /// before and after. Where `turnsUnmet` is true, the change is not likely to pass.
    #[oai(path = "/registrations/:number/changes/check", method = "post", operation_id = "checkChange")]
    async fn check(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<Any<Value>>,
    ) -> Result<Json<Any<Value>>, Problem> {
        let registration = self.find(&number.0).await?;
        caller.0.actor.caller(Power::ReadDeclared, &registration.object(), caller.0.at)?;
        let after = declaration::read(&body.0.0).map_err(Refused::Declaration)?;
        let preview = changing::preview(&self.registry, &registration, &after, caller.0.at).await?;
        let mut answer = json!(preview);
        answer["isGeneral"] = json!(preview.is_general());
        Ok(Json(Any(answer)))
    }

    /// Notifies a change
    ///
    /// Of what no criterion asks about; it holds at once. The body is the whole declaration as it is to be. A change that a
    /// criterion asks about is refused with `examined`: apply for it (`submitApplication` with `changes`).
    #[oai(path = "/registrations/:number/changes", method = "post", operation_id = "notifyChange")]
    async fn notify(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<Any<Value>>,
        /// The version you saw, such as `"3"`.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<RegistrationView>, Problem> {
        let registration = identifier(REGISTRATION, &number.0)?;
        let declaration = declaration::read(&body.0.0).map_err(Refused::Declaration)?;
        let deed = Notify { registration, declaration };
        let done = self.registry.perform(deed, call(&caller, if_match.0, key.0)?).await?;
        let view = RegistrationView::new(&done.state, &*self.registry.store.settings().await?, caller.0.at);
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    /// Proposes a succession
    ///
    /// The secretariat's. Once a second person confirms it, the registration is the new provider's: number, terms,
    /// measures, history and users' licences go with it; the old provider's own licence ends. Nothing may be filed for it
    /// meanwhile.
    #[oai(path = "/registrations/:number/succession", method = "post", operation_id = "proposeSuccession")]
    async fn succeed(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<SuccessionBody>,
        /// The version you saw, such as `"3"`.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let SuccessionBody { to, kind, on, reason, evidence, provider } = body.0;
        let kind = match kind {
            SuccessionWord::Merger => SuccessionKind::Merger,
            SuccessionWord::Transfer => SuccessionKind::Transfer,
            SuccessionWord::Succession => SuccessionKind::Succession,
        };
        let on = day("/on", &on)?;
        let read = to.parse().map_err(|_| {
            let message = Text::new("組織の番号を書いてください。", "Give the id of an organisation.");
            Problem::unreadable("/to", &to, message)
        })?;
        let provider: Provider =
            declaration::read_provider(&provider.0).map_err(|fault| Refused::Declaration(vec![fault]))?;
        let succession = Box::new(Succession { to: read, kind, on, reason, evidence });
        let registration = identifier(REGISTRATION, &number.0)?;
        let motion = Motion::Succeed { registration, succession, provider: Box::new(provider) };
        propose(&self.registry, &caller, motion, if_match, key).await
    }
}

impl Api {
    async fn find(&self, number: &str) -> Result<Arc<Registration>, Problem> {
        let parsed: RegistrationNumber = identifier(REGISTRATION, number)?;
        let missing = || Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number);
        self.registry.store.registration(&parsed).await?.ok_or_else(missing)
    }
}
