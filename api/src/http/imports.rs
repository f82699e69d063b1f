//! Imports: a provider attests many of its users with one file.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::{Body as Bytes, IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry as Document,
};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::Chapter;
use super::rendered::Rendered;
use super::request::{Caller, checked_key};
use crate::imports::intake::{Asked, take_in};
use crate::imports::{Choice, Import, Stage, own};
use crate::problem::Problem;
use crate::registry::Registry;

/// Imports on one list.
const LISTED: u64 = 50;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What becomes of the others where a line is wrong.
#[derive(Enum, Clone, Copy, Debug, Default)]
#[oai(rename = "ImportChoice", rename_all = "snake_case")]
enum ChoiceName {
    /// Nobody is licensed before every line is right.
    #[default]
    All,
    /// Whoever's line is right is licensed.
    Valid,
}

impl From<ChoiceName> for Choice {
    fn from(name: ChoiceName) -> Self {
        match name {
            ChoiceName::All => Self::All,
            ChoiceName::Valid => Self::Valid,
        }
    }
}

impl From<Choice> for ChoiceName {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::All => Self::All,
            Choice::Valid => Self::Valid,
        }
    }
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ImportStage", rename_all = "snake_case")]
enum StageName {
    /// The file arrives.
    Receiving,
    /// Its lines are checked.
    Checking,
    /// Its users are licensed.
    Issuing,
    Done,
    /// Nobody was licensed: something in the file is wrong (`faults`).
    Refused,
    /// It could not go on (`trouble`); who was licensed before is.
    Stopped,
}

impl From<Stage> for StageName {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Receiving => Self::Receiving,
            Stage::Checking => Self::Checking,
            Stage::Issuing => Self::Issuing,
            Stage::Done => Self::Done,
            Stage::Refused => Self::Refused,
            Stage::Stopped => Self::Stopped,
        }
    }
}

/// Many users attested with one file, and how far it has come.
#[derive(Object, Debug)]
#[oai(rename = "LicenceImport", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ImportView {
    id: String,
    registration: String,
    /// The file's name.
    name: String,
    /// SHA-256 of the file, 64 hexadecimal digits, once it is there.
    digest: Option<String>,
    bytes: u64,
    /// `UTF-8`, `UTF-16LE`, `UTF-16BE` or `Shift_JIS`, as it was found out.
    encoding: Option<String>,
    choice: ChoiceName,
    stage: StageName,
    /// Lines of users that were checked.
    rows: u32,
    /// Those of them that are not licensed for a fault of their own.
    faulty: u32,
    /// Users that are licensed.
    issued: u32,
    /// The code of the problem for which it was stopped.
    trouble: Option<String>,
    begun_at: String,
    settled_at: Option<String>,
    /// Where the file of what is wrong is: CSV with line, column, what was read, and what to do in Japanese and English.
    /// It is kept for 30 days.
    faults: String,
}

impl From<Import> for ImportView {
    fn from(of: Import) -> Self {
        Self {
            faults: format!("/api/v1/licence-imports/{}/faults", of.id),
            id: of.id,
            registration: of.registration.to_string(),
            name: of.name,
            digest: of.digest,
            bytes: of.bytes,
            encoding: of.encoding.map(|encoding| encoding.as_str().to_owned()),
            choice: of.choice.into(),
            stage: of.stage.into(),
            rows: of.rows,
            faulty: of.faulty,
            issued: of.issued,
            trouble: of.trouble,
            begun_at: of.begun_at.to_string(),
            settled_at: of.settled_at.map(|at| at.to_string()),
        }
    }
}

#[OpenApi(tag = "Chapter::Licences")]
impl Api {
    /// Attests many users with one file
    ///
    /// The provider's. The body is a CSV file as it comes, at most 100,000 users and 32 MB: UTF-8 with or without a byte
    /// order mark, UTF-16 or Shift_JIS; the first line is `holderName,holderNumber,contractFrom` in any order, or
    /// `利用企業の名称,法人番号,サービスの契約を始めた日`. The answer is that it has arrived; its lines are checked and its users
    /// licensed afterwards (`getLicenceImport`). The same file again under the same `Idempotency-Key` is the same import.
    #[oai(path = "/registrations/:number/licence-imports", method = "post", operation_id = "importLicences")]
    async fn begin(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Binary<Bytes>,
        /// What becomes of the others where a line is wrong; `all` where it is left out.
        choice: Query<Option<ChoiceName>>,
        /// The file's name, for people.
        #[oai(validator(max_length = 400))]
        name: Query<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ImportView>, Problem> {
        let of = own::registration(&self.registry, &caller.0, &number.0).await?;
        let asked = Asked {
            registration: of.number.clone(),
            choice: choice.0.unwrap_or_default().into(),
            name: name.0.unwrap_or_else(|| "users.csv".to_owned()),
            key: checked_key(key.0)?,
        };
        let pieces = Box::pin(body.0.into_bytes_stream());
        let import = take_in(&self.registry, &caller.0, &of, asked, pieces).await?;
        let location = format!("/api/v1/licence-imports/{}", import.id);
        Ok(Rendered::at_version(&ImportView::from(import), 1).created(&location))
    }

    /// Lists the last imports of a registration
    ///
    /// The last one first, at most 50.
    #[oai(path = "/registrations/:number/licence-imports", method = "get", operation_id = "listLicenceImports")]
    async fn list(&self, caller: Caller, number: Path<String>) -> Result<Json<Vec<ImportView>>, Problem> {
        let of = own::registration(&self.registry, &caller.0, &number.0).await?;
        let found = self.registry.store.imports_of(&of.number, LISTED).await?;
        Ok(Json(found.into_iter().map(ImportView::from).collect()))
    }

    /// Shows how far an import has come
    #[oai(path = "/licence-imports/:id", method = "get", operation_id = "getLicenceImport")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Json<ImportView>, Problem> {
        let (found, _) = own::import(&self.registry, &caller.0, &id.0).await?;
        Ok(Json(found.into()))
    }

    /// What is wrong with an import's file
    ///
    /// CSV for spreadsheets: line, column, what was read there, and what to do in Japanese and English.
    #[oai(path = "/licence-imports/:id/faults", method = "get", operation_id = "getLicenceImportFaults")]
    async fn faults(&self, caller: Caller, id: Path<String>) -> Result<FaultsFile, Problem> {
        let (found, _) = own::import(&self.registry, &caller.0, &id.0).await?;
        Ok(FaultsFile(own::faults_file(&self.registry, &found)))
    }
}

/// The file of what is wrong.
struct FaultsFile(Response);

impl IntoResponse for FaultsFile {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for FaultsFile {
    fn meta() -> MetaResponses {
        let schema = MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")));
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file.",
                status: Some(StatusCode::OK.as_u16()),
                status_range: None,
                content: vec![MetaMediaType { content_type: "text/csv; charset=utf-8", schema }],
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Document) {}
}
