//! `/health`: is the process alive, and can it do its work?

use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Response, handler};
use serde_json::json;

use crate::registry::Registry;

/// The process answers.
#[handler]
pub(super) fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// The database answers too.
#[handler]
pub(super) async fn ready(Data(registry): Data<&Arc<Registry>>) -> Response {
    let is_ready = registry.store.is_ready().await;
    let (status, word) =
        if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    Json(json!({ "status": word, "database": is_ready })).with_status(status).into_response()
}
