//! `/editions` and `/assessments`: the criteria, and what the engine finds about a declaration.

use std::sync::Arc;

use domain::assessment::assess;
use domain::calendar::Day;
use domain::text::Text;
use poem::{IntoResponse, Response, handler};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use serde_json::{Value, json};

use super::Chapter;
use super::body::Body;
use crate::acts::Refused;
use crate::clock;
use crate::declaration;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

#[OpenApi(tag = "Chapter::Criteria")]
impl Api {
    /// Lists the editions of the criteria
    #[oai(path = "/editions", method = "get", operation_id = "listEditions")]
    async fn editions(&self) -> Json<Any<Value>> {
        let editions = self.registry.editions.all().iter().map(|edition| {
            json!({
                "id": edition.id, "title": edition.title, "inForceFrom": edition.in_force_from,
                "standing": edition.standing, "digest": edition.digest_hex(),
            })
        });
        Json(Any(json!({ "items": editions.collect::<Vec<_>>() })))
    }

    /// Shows an edition: wording, clauses, limits, sources
    #[oai(path = "/editions/:id", method = "get", operation_id = "getEdition")]
    async fn edition(&self, id: Path<String>) -> Result<Json<Any<Value>>, Problem> {
        let found = self.registry.editions.find(&id.0);
        let edition = found.ok_or_else(|| Problem::not_found(&Text::new("基準の版", "edition"), &id.0))?;
        let mut document = serde_json::to_value(edition).map_err(|error| Problem::internal(&error))?;
        document["digest"] = json!(edition.digest_hex());
        Ok(Json(Any(document)))
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
        let assessment =
            assess(self.registry.editions, &declaration, day, None).map_err(|_| Refused::NoEdition { day })?;
        Ok(Json(Any(serde_json::to_value(assessment).map_err(|error| Problem::internal(&error))?)))
    }
}

/// The schema of declarations (JSON Schema 2020-12).
#[handler]
pub(super) fn declaration_schema() -> Response {
    declaration::SCHEMA.with_content_type("application/schema+json").into_response()
}
