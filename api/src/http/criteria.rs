//! `/editions` and `/assessments`: the criteria, and what the engine finds about a declaration.

use std::sync::{Arc, LazyLock};

use domain::act::{ApplicationId, EditionId};
use domain::assessment::assess;
use domain::calendar::Day;
use domain::edition::{Edition, Editions, PublishedEdition};
use domain::text::Text;
use poem::{IntoResponse, Response, handler};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::Chapter;
use super::body::Body;
use super::proposals::{ProposalView, made};
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, identifier};
use super::wire::Reason;
use crate::acts::{Done, ProposeEdition, Refused, ResumeDecisions, StopDecisions, file_of};
use crate::clock;
use crate::declaration;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::what_if::Candidate;

static EDITION: LazyLock<Text> = LazyLock::new(|| Text::new("基準の版", "edition"));

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// An edition's file.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct EditionFile {
    /// The file: TOML.
    #[oai(validator(min_length = 1, max_length = 200_000))]
    file: String,
}

/// An edition's file, and why it is published.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct EditionBody {
    /// The file: TOML, as `getEditionFile` shows it. It is kept with lines that end in LF, the last one too, and the
    /// digest is over that.
    #[oai(validator(min_length = 1, max_length = 200_000))]
    file: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

#[OpenApi(tag = "Chapter::Criteria")]
impl Api {
    /// Lists the editions of the criteria
    #[oai(path = "/editions", method = "get", operation_id = "listEditions")]
    async fn editions(&self) -> Result<Json<Any<Value>>, Problem> {
        let editions = self.registry.store.editions().await?;
        let items = editions.all().iter().map(|edition| {
            json!({
                "id": edition.id, "title": edition.title, "inForceFrom": edition.in_force_from,
                "standing": edition.standing, "digest": edition.digest_hex(),
            })
        });
        Ok(Json(Any(json!({ "items": items.collect::<Vec<_>>() }))))
    }

    /// Shows an edition: wording, clauses, limits, sources
    #[oai(path = "/editions/:id", method = "get", operation_id = "getEdition")]
    async fn edition(&self, id: Path<String>) -> Result<Rendered<Any<Value>>, Problem> {
        let missing = || Problem::not_found(&EDITION, &id.0);
        let editions = self.registry.store.editions().await?;
        let edition = editions.find(&id.0).ok_or_else(missing)?;
        let mut document = serde_json::to_value(edition).map_err(|error| Problem::internal(&error))?;
        document["digest"] = json!(edition.digest_hex());
        let published = self.published(&edition.id).await?.ok_or_else(missing)?;
        document["corrected"] = json!(published.corrected);
        document["changedAt"] = json!(published.changed_at);
        document["stopped"] =
            json!(published.stopped.map(|stopped| json!({ "since": stopped.at, "reason": stopped.reason })));
        Ok(Rendered::at_version(&Any(document), published.version))
    }

    /// Shows an edition's file
    ///
    /// TOML, to the byte as it was published: its SHA-256 is the edition's digest.
    #[oai(path = "/editions/:id/file", method = "get", operation_id = "getEditionFile")]
    async fn file(
        &self,
        id: Path<String>,
        /// The digest of a file that was corrected since; the present one when absent.
        #[oai(validator(max_length = 64))]
        digest: Query<Option<String>>,
    ) -> Result<PlainText<String>, Problem> {
        let editions = self.registry.store.editions().await?;
        let edition = of_digest(&editions, &id.0, digest.0.as_deref())?;
        Ok(PlainText(edition.text().to_owned()))
    }

    /// Stops decisions under an edition
    ///
    /// At once and everywhere, with a reason that everybody reads; one person is enough. Applications go on up to the
    /// decision. Registrations stand.
    #[oai(path = "/editions/:id/stop", method = "post", operation_id = "stopDecisions")]
    async fn stop(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
    ) -> Result<Rendered<Any<Value>>, Problem> {
        let edition = identifier((EDITION.ja.as_str(), EDITION.en.as_str()), &id.0)?;
        let deed = StopDecisions { edition, reason: body.0.reason };
        self.turned(self.registry.perform(deed, call(&caller, None, None)?).await?)
    }

    /// Resumes decisions under an edition
    ///
    /// By somebody else than who stopped them.
    #[oai(path = "/editions/:id/resumption", method = "post", operation_id = "resumeDecisions")]
    async fn resume(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<Any<Value>>, Problem> {
        let edition = identifier((EDITION.ja.as_str(), EDITION.en.as_str()), &id.0)?;
        let deed = ResumeDecisions { edition, reason: body.0.reason };
        self.turned(self.registry.perform(deed, call(&caller, if_match.0, None)?).await?)
    }

    /// Shows what a file would change
    ///
    /// Nothing is stored. What the file changes against the one it corrects, or the edition it replaces; and how many
    /// registered services and open applications would be met, unmet or undetermined under it. The single cases are
    /// listed with the proposal (`proposalWhatIf`).
    #[oai(path = "/editions/preview", method = "post", operation_id = "previewEdition")]
    async fn preview(&self, caller: Caller, body: Body<EditionFile>) -> Result<Json<Any<Value>>, Problem> {
        let candidate = Candidate::read(&self.registry, &file_of(&body.0.file)).await?;
        let counts = candidate.count(&self.registry, caller.0.at).await?;
        let edition = candidate.edition();
        Ok(Json(Any(json!({
            "id": edition.id, "title": edition.title, "inForceFrom": edition.in_force_from,
            "digest": edition.digest_hex(), "corrects": candidate.corrects().map(Edition::digest_hex),
            "changes": candidate.changes(), "whatIf": counts,
        }))))
    }

    /// Lists the cases bound to a file that was corrected
    ///
    /// Registered services and open applications, and what the present file would find of each.
    #[oai(path = "/editions/:id/affected", method = "get", operation_id = "listAffectedCases")]
    async fn affected(
        &self,
        caller: Caller,
        id: Path<String>,
        /// Only cases after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Any<Value>>, Problem> {
        let found = Candidate::corrected(&self.registry, &id.0).await?;
        let candidate = found.ok_or_else(|| Problem::not_found(&EDITION, &id.0))?;
        cases(&self.registry, &caller, &candidate, after.0.as_deref()).await
    }

    /// Proposes to publish an edition
    ///
    /// A new one, in force from a day to come; or a correction, which takes the place of the file that stands for the
    /// edition (name its version with `If-Match`) and begins on the same day. It is published once a second person
    /// confirms it. Cases stay bound to the file under which they were submitted.
    #[oai(path = "/editions", method = "post", operation_id = "proposeEdition")]
    async fn propose(
        &self,
        caller: Caller,
        body: Body<EditionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let deed = ProposeEdition { text: file_of(&body.0.file), reason: body.0.reason };
        let at = caller.0.at;
        Ok(made(self.registry.perform(deed, call(&caller, if_match.0, key.0)?).await?, at))
    }

    /// Assesses a declaration
    ///
    /// Nothing is stored. The body is a declaration (`/api/v1/schemas/declaration.schema.json`). Every finding names its
    /// clause and says why, in Japanese and English.
    #[oai(path = "/assessments", method = "post", operation_id = "assess")]
    async fn assess(
        &self,
        body: Body<Any<Value>>,
        /// The day whose edition applies, `YYYY-MM-DD`; today when absent.
        #[oai(validator(max_length = 20))]
        on: Query<Option<String>>,
    ) -> Result<Json<Any<Value>>, Problem> {
        let day = match &on.0 {
            None => clock::now().day(),
            Some(text) => text.parse::<Day>().map_err(|_| {
                let message = Text::new("日付は 2026-04-01 のように書いてください。", "Write the day like 2026-04-01.");
                Problem::unreadable("/on", text, message)
            })?,
        };
        let declaration = declaration::read(&body.0.0).map_err(Refused::Declaration)?;
        let editions = self.registry.store.editions().await?;
        let assessment = assess(&editions, &declaration, day, None).map_err(|_| Refused::NoEdition { day })?;
        Ok(Json(Any(serde_json::to_value(assessment).map_err(|error| Problem::internal(&error))?)))
    }
}

/// Some cases under a proposed or corrected file, and where to go on.
pub(super) async fn cases(
    registry: &Registry,
    caller: &Caller,
    candidate: &Candidate,
    after: Option<&str>,
) -> Result<Json<Any<Value>>, Problem> {
    let after = after.map(|text| cursor::<ApplicationId>(("申請", "application"), text)).transpose()?;
    let (items, next) = candidate.some(registry, after.as_ref(), caller.0.at).await?;
    Ok(Json(Any(json!({ "items": items, "next": next }))))
}

impl Api {
    fn turned(&self, done: Done<PublishedEdition>) -> Result<Rendered<Any<Value>>, Problem> {
        let Done { state, entry } = done;
        let stopped = state.stopped.map(|stopped| json!({ "since": stopped.at, "reason": stopped.reason }));
        let document = json!({ "id": state.id, "digest": state.digest, "stopped": stopped });
        Ok(Rendered::at_version(&Any(document), state.version).logged(entry))
    }

    async fn published(&self, id: &EditionId) -> Result<Option<PublishedEdition>, Problem> {
        let published = self.registry.store.published_editions().await?;
        Ok(published.into_iter().find(|edition| edition.id == *id))
    }
}

/// The edition's file with this digest, or the present one.
pub(super) fn of_digest<'a>(editions: &'a Editions, id: &str, digest: Option<&str>) -> Result<&'a Edition, Problem> {
    if let Some(read) = digest.filter(|read| !is_digest(read)) {
        let message =
            Text::new("SHA-256を小文字の16進数64桁で書いてください。", "Write a SHA-256 in 64 lower-case hex digits.");
        return Err(Problem::unreadable("/digest", read, message));
    }
    let found = match digest {
        None => editions.find(id),
        Some(digest) => editions.with_digest(digest).filter(|edition| edition.id.as_str() == id),
    };
    found.ok_or_else(|| Problem::not_found(&EDITION, id))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The schema of declarations (JSON Schema 2020-12).
#[handler]
pub(super) fn declaration_schema() -> Response {
    declaration::SCHEMA.with_content_type("application/schema+json").into_response()
}
