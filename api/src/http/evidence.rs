//! `/evidence`: uploading files, what is known of one, and the file itself.

use std::sync::Arc;

use domain::act::OrganisationId;
use domain::evidence::EvidenceFile;
use domain::text::Text;
use poem::http::StatusCode;
use poem::{Body as Bytes, IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry as Document,
};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::Chapter;
use super::rendered::Rendered;
use super::request::Caller;
use crate::evidence::handing::{self, Readable};
use crate::evidence::{Scan, Upload, intake};
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// Was it scanned for viruses?
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum ScanName {
    /// It was, and nothing was found.
    Clean,
    /// No scanner is set up here.
    None,
}

impl From<Scan> for ScanName {
    fn from(scan: Scan) -> Self {
        match scan {
            Scan::Clean => Self::Clean,
            Scan::None => Self::None,
        }
    }
}

/// A file.
#[derive(Object, Debug)]
#[oai(rename = "Evidence", rename_all = "camelCase", skip_serializing_if_is_none)]
struct EvidenceView {
    /// SHA-256 of the file, 64 hexadecimal digits; under it an application names the file.
    digest: String,
    /// As its owner named it.
    name: String,
    /// Read from its content.
    media_type: String,
    bytes: u64,
    /// Pages, sheets or slides, where they can be counted.
    pages: Option<u32>,
    /// In UTC.
    uploaded_at: String,
    scan: ScanName,
    /// Where the file itself is.
    file: String,
    /// SHA-256 and size of what is handed out there: to others than its organisation a picture without its metadata.
    file_digest: String,
    file_bytes: u64,
}

impl From<Readable> for EvidenceView {
    fn from(found: Readable) -> Self {
        Self {
            file: format!("/api/v1/evidence/{}/file", found.digest),
            digest: found.digest.to_string(),
            name: found.name,
            media_type: found.media.to_string(),
            bytes: found.bytes,
            pages: found.pages,
            uploaded_at: found.uploaded_at.to_string(),
            scan: found.scan.into(),
            file_digest: found.handed.to_string(),
            file_bytes: found.handed_bytes,
        }
    }
}

impl From<Upload> for EvidenceView {
    fn from(upload: Upload) -> Self {
        Self {
            file: format!("/api/v1/evidence/{}/file", upload.digest),
            file_digest: upload.digest.to_string(),
            digest: upload.digest.to_string(),
            name: upload.name,
            media_type: upload.media.to_string(),
            bytes: upload.bytes,
            pages: upload.pages,
            uploaded_at: upload.uploaded_at.to_string(),
            scan: upload.scan.into(),
            file_bytes: upload.bytes,
        }
    }
}

/// A file of an application, and what it is to show.
#[derive(Object, Debug)]
#[oai(rename = "EvidenceFile", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct EvidenceFileView {
    digest: String,
    name: String,
    media_type: String,
    bytes: u64,
    pages: Option<u32>,
    uploaded_at: String,
    uploaded_by: String,
    /// The day it speaks of, `YYYY-MM-DD`.
    speaks_of: Option<String>,
    links: Vec<EvidenceLinkView>,
}

/// A criterion that a file speaks of, and where in it.
#[derive(Object, Debug)]
#[oai(rename = "EvidenceLink", rename_all = "camelCase", skip_serializing_if_is_none)]
struct EvidenceLinkView {
    criterion: String,
    /// Counted from 1.
    page: Option<u32>,
    note: String,
}

impl From<&EvidenceFile> for EvidenceFileView {
    fn from(file: &EvidenceFile) -> Self {
        let link = |link: &domain::evidence::EvidenceLink| EvidenceLinkView {
            criterion: serde_json::json!(link.criterion).as_str().unwrap_or_default().to_owned(),
            page: link.page,
            note: link.note.clone(),
        };
        Self {
            digest: file.digest.to_string(),
            name: file.name.clone(),
            media_type: file.media.to_string(),
            bytes: file.bytes,
            pages: file.pages,
            uploaded_at: file.uploaded_at.to_string(),
            uploaded_by: file.uploaded_by.to_string(),
            speaks_of: file.speaks_of.map(|day| day.to_string()),
            links: file.links.iter().map(link).collect(),
        }
    }
}

#[OpenApi(prefix_path = "/evidence", tag = "Chapter::Evidence")]
impl Api {
    /// Uploads a file
    ///
    /// A provider's. The body is the file itself, at most 50 MB, as it comes: PDF, PNG, JPEG, docx, xlsx, pptx or CSV,
    /// which is read from its content. The same file again is the same file. Nobody else sees it before an application
    /// names it; one that none names within 90 days is let go.
    #[oai(path = "/", method = "post", operation_id = "uploadEvidence")]
    async fn upload(
        &self,
        caller: Caller,
        body: Binary<Bytes>,
        /// The file's name, for people. One without a name is called 「証跡」.
        #[oai(validator(max_length = 400))]
        name: Query<Option<String>>,
        /// Whose application it is for; needed by whoever acts for several organisations.
        #[oai(validator(max_length = 40))]
        owner: Query<Option<String>>,
    ) -> Result<Rendered<EvidenceView>, Problem> {
        let named = owner.0.map(|owner| self.organisation(&owner)).transpose()?;
        let owner = intake::owner(&caller.0, named)?;
        let pieces = Box::pin(body.0.into_bytes_stream());
        let name = name.0.as_deref().unwrap_or("証跡");
        let upload = intake::take_in(&self.registry, &caller.0, &owner, name, pieces).await?;
        let location = format!("/api/v1/evidence/{}", upload.digest);
        Ok(Rendered::at_version(&EvidenceView::from(upload), 1).created(&location))
    }

    /// What is known of a file
    ///
    /// For its organisation, and for whoever may read an application that names it.
    #[oai(path = "/:digest", method = "get", operation_id = "getEvidence")]
    async fn get(&self, caller: Caller, digest: Path<String>) -> Result<Rendered<EvidenceView>, Problem> {
        let found = handing::find(&self.registry, &caller.0, &digest.0).await?;
        Ok(Rendered::at_version(&EvidenceView::from(found), 1))
    }

    /// The file itself
    ///
    /// To be saved, never to be shown in a page. To others than its organisation a picture comes without what it tells
    /// beside itself (where and when it was taken, with what, by whom).
    #[oai(path = "/:digest/file", method = "get", operation_id = "getEvidenceFile")]
    async fn file(&self, caller: Caller, digest: Path<String>) -> Result<File, Problem> {
        let found = handing::find(&self.registry, &caller.0, &digest.0).await?;
        Ok(File(handing::hand_out(&self.registry, &found).await?))
    }
}

impl Api {
    fn organisation(&self, text: &str) -> Result<OrganisationId, Problem> {
        text.parse().map_err(|_| {
            let message = Text::new("組織の番号ではありません。", "Not an organisation's id.");
            Problem::unreadable("/owner", text, message)
        })
    }
}

/// A file on its way out.
struct File(Response);

impl IntoResponse for File {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let schema =
            || MetaSchemaRef::Inline(Box::new(MetaSchema { format: Some("binary"), ..MetaSchema::new("string") }));
        let content =
            domain::evidence::Media::ALL.map(|media| MetaMediaType { content_type: media.as_str(), schema: schema() });
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file.",
                status: Some(StatusCode::OK.as_u16()),
                status_range: None,
                content: content.into(),
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Document) {}
}
