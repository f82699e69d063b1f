//! The record of a case as a document, on paper and in OSCAL; editions in OSCAL.

use std::sync::Arc;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry as Document,
};
use poem_openapi::types::{Any, Type};
use poem_openapi::{ApiResponse, OpenApi};
use serde_json::Value;

use super::Chapter;
use super::criteria::of_digest;
use super::request::Caller;
use crate::oscal;
use crate::problem::Problem;
use crate::record::{self, Found};
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

#[OpenApi(tag = "Chapter::Records")]
impl Api {
    /// The record of a case
    ///
    /// Everything that was done: submissions with their files, every act with its leaf in the log, findings, judgements,
    /// recommendation and decision; as far as the caller may know. The secretariat and auditors read all of it, decision
    /// makers all but what ties examiners to applicants, examiners once all are done, the applicant once it is decided.
    ///
    /// The body is canonical JSON (RFC 8785). Its SHA-256 is the `ETag`, and stands on every page that is printed of it.
    #[oai(path = "/applications/:id/record", method = "get", operation_id = "getRecord")]
    async fn record(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "If-None-Match")] known: Header<Option<String>>,
    ) -> Result<RecordDocument, Problem> {
        let found = self.find(&caller, &id.0).await?;
        let etag = format!("\"{}\"", found.digest);
        if known.0.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag)) {
            let response = Response::builder().status(StatusCode::NOT_MODIFIED).header(header::ETAG, etag);
            return Ok(RecordDocument(response.finish()));
        }
        let response = Response::builder()
            .content_type("application/json; charset=utf-8")
            .header(header::ETAG, etag)
            .header(header::CACHE_CONTROL, "private, no-cache");
        Ok(RecordDocument(response.body(found.document)))
    }

    /// The record of a case on paper
    ///
    /// PDF/A-3a and PDF/UA-1, in Japanese, with the record's JSON inside: the same bytes until the next act, as long as
    /// nobody's name changes. A letter that cannot be printed is refused by its name (`no_glyph`).
    #[oai(path = "/applications/:id/record.pdf", method = "get", operation_id = "printRecord")]
    async fn print(&self, caller: Caller, id: Path<String>) -> Result<RecordPaper, Problem> {
        let found = self.find(&caller, &id.0).await?;
        let name = format!("{}-record.pdf", found.record.application);
        Ok(RecordPaper { bytes: found.print().await?, name })
    }

    /// The record of a case in OSCAL
    ///
    /// NIST's assessment results. `docs/oscal.md` says what stands for what.
    #[oai(path = "/applications/:id/record.oscal.json", method = "get", operation_id = "getRecordOscal")]
    async fn record_oscal(&self, caller: Caller, id: Path<String>) -> Result<Json<Any<Value>>, Problem> {
        let found = self.find(&caller, &id.0).await?;
        Ok(Json(Any(oscal::results(&self.registry.base_url, &found))))
    }

    /// An edition in OSCAL
    ///
    /// NIST's catalog: a group for each class, a control for each criterion.
    #[oai(path = "/editions/:id/oscal", method = "get", operation_id = "getEditionOscal")]
    async fn edition_oscal(
        &self,
        id: Path<String>,
        /// The digest of a file that was corrected since; the present one when absent.
        #[oai(validator(max_length = 64))]
        digest: Query<Option<String>>,
    ) -> Result<Json<Any<Value>>, Problem> {
        let store = &self.registry.store;
        let editions = store.editions().await?;
        let edition = of_digest(&editions, &id.0, digest.0.as_deref())?;
        let published = store.published_editions().await?.into_iter().find(|one| one.id == edition.id);
        let published = published.ok_or_else(|| Problem::internal(&format!("edition {} has no acts", edition.id)))?;
        Ok(Json(Any(oscal::catalog(&self.registry.base_url, edition, &published))))
    }
}

impl Api {
    async fn find(&self, caller: &Caller, id: &str) -> Result<Found, Problem> {
        record::find(&self.registry, &caller.0, id).await
    }
}

/// A record's document, or the news that the caller's copy is still good.
struct RecordDocument(Response);

impl IntoResponse for RecordDocument {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for RecordDocument {
    fn meta() -> MetaResponses {
        let etag = || MetaHeader {
            name: "ETag".to_owned(),
            description: Some("SHA-256 of the body, in hexadecimal.".to_owned()),
            required: false,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let content =
            vec![MetaMediaType { content_type: "application/json; charset=utf-8", schema: Any::<Value>::schema_ref() }];
        let of = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![etag()],
        };
        MetaResponses {
            responses: vec![of(200, "The record.", content), of(304, "The caller's copy is still good.", Vec::new())],
        }
    }

    fn register(registry: &mut Document) {
        Any::<Value>::register(registry);
    }
}

/// A record on its way to the printer.
struct RecordPaper {
    bytes: Vec<u8>,
    name: String,
}

impl IntoResponse for RecordPaper {
    fn into_response(self) -> Response {
        let mut response = Response::builder().content_type("application/pdf").body(Body::from_vec(self.bytes));
        let headers = response.headers_mut();
        let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.name));
        headers.insert(header::CONTENT_DISPOSITION, name.expect("an application's id is ASCII"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

impl ApiResponse for RecordPaper {
    fn meta() -> MetaResponses {
        let schema =
            MetaSchemaRef::Inline(Box::new(MetaSchema { format: Some("binary"), ..MetaSchema::new("string") }));
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file.",
                status: Some(StatusCode::OK.as_u16()),
                status_range: None,
                content: vec![MetaMediaType { content_type: "application/pdf", schema }],
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Document) {}
}
