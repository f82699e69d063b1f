//! The public log.

use std::sync::Arc;

use domain::text::Text;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// One entry of the log.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct LeafView {
    /// The exact text that the log hashes (RFC 6962): canonical JSON.
    leaf: String,
    /// What the register publishes of the act beyond its leaf.
    open: Option<Any<serde_json::Value>>,
    /// Salt of the leaf's commitment to `open`, in hexadecimal.
    open_salt: Option<String>,
}

#[OpenApi(prefix_path = "/log", tag = "Chapter::Log")]
impl Api {
    /// Shows an entry of the log
    #[oai(path = "/leaves/:index", method = "get", operation_id = "getLeaf")]
    async fn leaf(&self, index: Path<u64>) -> Result<Json<LeafView>, Problem> {
        let missing = || Problem::not_found(&Text::new("ログの葉", "leaf"), &index.0.to_string());
        let index = i64::try_from(index.0).map_err(|_| missing())? as u64;
        let (leaf, open) = self.registry.store.leaf(index).await?.ok_or_else(missing)?;
        let (open, open_salt) = open.unzip();
        let open = open.and_then(|body| serde_json::from_str(&body).ok()).map(Any);
        Ok(Json(LeafView { leaf, open, open_salt }))
    }
}

/// The last published checkpoint: a C2SP signed note.
#[handler]
pub(super) async fn checkpoint(Data(registry): Data<&Arc<Registry>>) -> Result<Response, Problem> {
    let note = registry.store.checkpoint().await?.ok_or_else(Problem::unavailable)?;
    Ok(note.with_content_type("text/plain; charset=utf-8").with_header("Cache-Control", "no-cache").into_response())
}
