//! `/drafts`: what is typed of an application, before it is one.

use std::sync::Arc;

use domain::act::{ApplicationId, DraftId, OrganisationId};
use domain::application::Application;
use domain::draft::{Draft, Field, typed};
use domain::text::Text;
use poem::http::StatusCode;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::Chapter;
use super::applications::ApplicationView;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, identifier};
use crate::acts::{DeleteDraft, FieldFault, Refused, SaveDraft, SubmitDraft};
use crate::clock;
use crate::drafts::{self, Found};
use crate::evidence::intake;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::view::form::FieldError;

const DRAFT: (&str, &str) = ("下書き", "draft");

fn no_return() -> Text {
    Text::new(
        "差し戻された、ご自分の申請の番号を書いてください（例：A-2026-00001）。",
        "Give the number of an application of yours that was sent back, such as A-2026-00001.",
    )
}

fn no_registration() -> Text {
    Text::new(
        "更新する登録の番号を書いてください（例：OTK-2026-00001）。",
        "Give the number of the registration to be renewed, such as OTK-2026-00001.",
    )
}

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What a draft is begun for.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
struct BeginBody {
    /// Whose new application; needed by whoever applies for several organisations.
    #[oai(validator(max_length = 40))]
    owner: Option<String>,
    /// The application that was sent back and that it is to answer, in place of `owner`.
    #[oai(validator(max_length = 40))]
    answers: Option<String>,
    /// The registration whose next term it is for, in place of both.
    #[oai(validator(max_length = 40))]
    renews: Option<String>,
    /// The registration of which something changes, in place of all of them.
    #[oai(validator(max_length = 40))]
    changes: Option<String>,
}

/// A field, as it is typed.
#[derive(Object, Debug)]
#[oai(rename = "DraftField", deny_unknown_fields)]
struct FieldBody {
    /// The JSON Pointer of what it fills in a declaration. A day has three fields below it (`/year`, `/month`, `/day`);
    /// files are `/files/0/digest`, `/files/0/speaksOf/year`, `/files/0/links/0/criterion`, `/page`, `/note`.
    #[oai(validator(max_length = 200, pattern = "^/"))]
    name: String,
    /// Whatever was typed or chosen; `yes` and `no` where that is the question. Several where several can be chosen.
    #[oai(validator(max_items = 100))]
    values: Vec<String>,
}

/// What a draft is to say: all of it.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
struct SaveBody {
    #[oai(validator(max_items = 5000))]
    fields: Vec<FieldBody>,
}

/// Something that stands in the way of submitting.
#[derive(Object, Debug)]
#[oai(rename = "DraftFault")]
struct FaultView {
    /// The field.
    name: String,
    /// Is nothing filled in there?
    missing: bool,
    /// What is wrong and what to do, in Japanese and in English.
    ja: String,
    en: String,
}

/// A draft: nobody but its organisation sees it, and it is no act.
#[derive(Object, Debug)]
#[oai(rename = "Draft", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DraftView {
    id: String,
    /// What `If-Match` takes.
    version: u32,
    owner: String,
    /// The application whose return it is to answer.
    answers: Option<String>,
    /// The registration that it is about.
    registration: Option<String>,
    /// The application that it was filled in from.
    source: Option<String>,
    /// In UTC, as are the others.
    begun_at: String,
    saved_at: String,
    saved_by: String,
    /// The last day in Japan on which it is kept if nobody saves it again.
    kept_until: String,
    fields: Vec<FieldBody>,
    /// SHA-256 of files from that application that speak of a day long ago.
    old_files: Vec<String>,
    /// Empty once it can be submitted.
    faults: Vec<FaultView>,
}

/// Some drafts.
#[derive(Object, Debug)]
struct Drafts {
    items: Vec<DraftView>,
}

#[OpenApi(prefix_path = "/drafts", tag = "Chapter::Applications")]
impl Api {
    /// Begins a draft
    ///
    /// A provider's. It is filled in with what is known of the organisation and what it last applied with; of a return,
    /// with what was declared; of a renewal or a change, with what is declared of the registration now. A return has one
    /// draft, and so has a renewal or a change: whoever begins another is given that one, with 200.
    #[oai(path = "/", method = "post", operation_id = "beginDraft")]
    async fn begin(&self, caller: Caller, body: Body<BeginBody>) -> Result<Rendered<DraftView>, Problem> {
        let visitor = &caller.0;
        let (is_change, about) = (body.0.changes.is_some(), body.0.changes.or(body.0.renews));
        let errand = match (about, body.0.answers) {
            (Some(number), _) => {
                let pointer = if is_change { "/changes" } else { "/renews" };
                let missing = || Problem::unreadable(pointer, &number, no_registration());
                let parsed = number.parse().map_err(|_| missing())?;
                let found = if is_change {
                    drafts::change(&self.registry, visitor, &parsed).await
                } else {
                    drafts::renew(&self.registry, visitor, &parsed).await
                };
                found.map_err(|problem| if problem.status == StatusCode::NOT_FOUND { missing() } else { problem })?
            }
            (None, Some(application)) => {
                // It stands in the body, not in the address.
                let missing = || Problem::unreadable("/answers", &application, no_return());
                let id: ApplicationId = application.parse().map_err(|_| missing())?;
                let found = drafts::answer(&self.registry, visitor, id.as_str()).await;
                found.map_err(|problem| if problem.status == StatusCode::NOT_FOUND { missing() } else { problem })?
            }
            (None, None) => {
                let owner = body.0.owner.map(|owner| self.organisation(&owner)).transpose()?;
                drafts::begin(&self.registry, visitor, intake::owner(visitor, owner)?).await?
            }
        };
        let (draft, is_new) = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let rendered = self.rendered(&draft).await?;
        Ok(if is_new { rendered.created(&format!("/api/v1/drafts/{}", draft.id)) } else { rendered })
    }

    /// Lists drafts
    ///
    /// Of the caller's organisations, the last saved first. Nobody else sees them.
    #[oai(path = "/", method = "get", operation_id = "listDrafts")]
    async fn list(&self, caller: Caller) -> Result<Json<Drafts>, Problem> {
        let mut items = Vec::new();
        for draft in drafts::drafts_for(&self.registry, &caller.0).await? {
            items.push(self.view(&draft).await?);
        }
        Ok(Json(Drafts { items }))
    }

    /// Shows a draft
    #[oai(path = "/:id", method = "get", operation_id = "getDraft")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Rendered<DraftView>, Problem> {
        self.rendered(&drafts::draft(&self.registry, &caller.0, &id.0).await?).await
    }

    /// Saves a draft
    ///
    /// All of its fields, whatever of them can be read.
    #[oai(path = "/:id", method = "put", operation_id = "saveDraft")]
    async fn save(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<SaveBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DraftView>, Problem> {
        let draft = self.id(&id.0)?;
        let read = call(&caller, if_match.0, None)?.read;
        let visitor = &caller.0;
        let pairs = body.0.fields.into_iter().flat_map(|field| {
            let name = field.name;
            field.values.into_iter().map(move |value| (name.clone(), value))
        });
        let (actor, typed) = (visitor.actor.clone(), typed(pairs));
        let errand = SaveDraft { actor, draft, places: vec![""], typed, read, is_strict: true };
        self.rendered(&self.registry.run(errand, visitor.origin.clone(), visitor.at).await?).await
    }

    /// Deletes a draft
    ///
    /// The answer is the draft as it was.
    #[oai(path = "/:id", method = "delete", operation_id = "deleteDraft")]
    async fn delete(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DraftView>, Problem> {
        let draft = self.id(&id.0)?;
        let read = call(&caller, if_match.0, None)?.read;
        let visitor = &caller.0;
        let errand = DeleteDraft { actor: visitor.actor.clone(), draft, read };
        self.rendered(&self.registry.run(errand, visitor.origin.clone(), visitor.at).await?).await
    }

    /// Shows what the engine finds so far
    ///
    /// As it will of the application. A criterion for which something is not filled in is undetermined, with
    /// `not_filled_in` and where.
    #[oai(path = "/:id/assessment", method = "get", operation_id = "assessDraft")]
    async fn assessment(&self, caller: Caller, id: Path<String>) -> Result<Json<Any<Value>>, Problem> {
        let draft = drafts::draft(&self.registry, &caller.0, &id.0).await?;
        Ok(Json(Any(drafts::assessment_of(&self.registry, &caller.0, &draft).await?)))
    }

    /// Submits a draft
    ///
    /// The draft is no more then: its application takes its place. Asked again, the answer is the same application.
    #[oai(path = "/:id/submission", method = "post", operation_id = "submitDraft")]
    async fn submit(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ApplicationView>, Problem> {
        let call = call(&caller, if_match.0, None)?;
        let draft = match drafts::find(&self.registry, &caller.0, &id.0).await? {
            Found::Draft(draft) => draft,
            Found::Notified(_) => return Err(Problem::not_found(&Text::new("下書き", "draft"), &id.0)),
            Found::Submitted(application) => {
                let known = crate::caller::application(&self.registry, &caller.0, application.as_str()).await?;
                return self.application(&known).await;
            }
        };
        match call.read {
            Some(read) if read == draft.version => {}
            Some(read) => return Err(Refused::Stale { read, found: draft.version }.into()),
            None => return Err(Refused::VersionNeeded { found: draft.version }.into()),
        }
        let reading = drafts::read(&self.registry, &draft.owner, draft.typed()).await?;
        let Some((declaration, evidence)) = reading.whole else {
            let fault = |error: &FieldError| FieldFault {
                pointer: error.field.clone(),
                code: "unreadable".to_owned(),
                read: reading.form.value(&error.field).chars().take(80).collect(),
                message: error.message.clone(),
            };
            return Err(Refused::Declaration(reading.errors.iter().map(fault).collect()).into());
        };
        let done = self.registry.perform(SubmitDraft { draft: draft.id, declaration, evidence }, call).await?;
        let location = format!("/api/v1/applications/{}", done.state.id);
        Ok(self.application(&done.state).await?.created(&location).logged(done.entry))
    }
}

impl Api {
    fn id(&self, text: &str) -> Result<DraftId, Problem> {
        identifier(DRAFT, text)
    }

    fn organisation(&self, text: &str) -> Result<OrganisationId, Problem> {
        text.parse().map_err(|_| {
            let message = Text::new("組織の番号ではありません。", "Not an organisation's id.");
            Problem::unreadable("/owner", text, message)
        })
    }

    async fn application(&self, state: &Application) -> Result<Rendered<ApplicationView>, Problem> {
        let registration = self.registry.store.registration_of(&state.id).await?;
        let settings = self.registry.store.settings().await?;
        let view = ApplicationView::new(state, registration.as_ref(), &settings, clock::now());
        Ok(Rendered::at_version(&view, state.version))
    }

    async fn rendered(&self, draft: &Draft) -> Result<Rendered<DraftView>, Problem> {
        Ok(Rendered::at_version(&self.view(draft).await?, draft.version))
    }

    async fn view(&self, draft: &Draft) -> Result<DraftView, Problem> {
        let reading = drafts::read(&self.registry, &draft.owner, draft.typed()).await?;
        let old = drafts::old_files(&*self.registry.store.settings().await?, &reading, clock::now().day());
        let fault = |error: &FieldError| FaultView {
            name: error.field.clone(),
            missing: reading.form.is_empty_below(&error.field),
            ja: error.message.ja.clone(),
            en: error.message.en.clone(),
        };
        let faults = reading.errors.iter().map(fault).collect();
        let field = |field: &Field| FieldBody { name: field.name.clone(), values: field.values.clone() };
        Ok(DraftView {
            id: draft.id.to_string(),
            version: draft.version,
            owner: draft.owner.to_string(),
            answers: draft.answers.as_ref().map(ToString::to_string),
            registration: draft.concerns.as_ref().map(|concern| concern.registration.to_string()),
            old_files: old.into_iter().map(|(digest, _)| digest).collect(),
            source: draft.source.as_ref().map(|source| source.application.to_string()),
            begun_at: draft.begun_at.to_string(),
            saved_at: draft.saved_at.to_string(),
            saved_by: draft.saved_by.to_string(),
            kept_until: draft.kept_until().to_string(),
            fields: draft.fields.iter().filter(|field| !field.values.is_empty()).map(field).collect(),
            faults,
        })
    }
}
