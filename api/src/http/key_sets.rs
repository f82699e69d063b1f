//! The public keys in the forms that others read, and what the words of our credentials mean.

use std::sync::Arc;

use domain::credential::context_document;
use poem::web::{Data, Json};
use poem::{IntoResponse, Response, handler};

use crate::credentials;
use crate::registry::Registry;
use crate::seal::keys::{cose_key_set, jwks};

/// For how long a copy need not be asked for again.
const AN_HOUR: &str = "public, max-age=3600";

/// A JWK set (RFC 7517, RFC 8037).
#[handler]
pub(super) async fn jwk_set(Data(registry): Data<&Arc<Registry>>) -> Response {
    open(Json(jwks(&registry.key_book().await.published())), "application/jwk-set+json")
}

/// A COSE_KeySet (RFC 9052 §7).
#[handler]
pub(super) async fn cose_keys(Data(registry): Data<&Arc<Registry>>) -> Response {
    open(cose_key_set(&registry.key_book().await.published()), "application/cose-key-set")
}

/// For whoever knows the register as did:web.
#[handler]
pub(super) async fn did_document(Data(registry): Data<&Arc<Registry>>) -> Response {
    open(Json(credentials::did_document(registry).await), "application/did+json")
}

/// JSON-LD's context of our credentials.
#[handler]
pub(super) fn credentials_context(Data(registry): Data<&Arc<Registry>>) -> Response {
    open(Json(context_document(&registry.base_url.join(""))), "application/ld+json")
}

/// For everybody's programs, pages of other hosts among them.
fn open(body: impl IntoResponse, kind: &'static str) -> Response {
    body.with_content_type(kind)
        .with_header("Cache-Control", AN_HOUR)
        .with_header("Access-Control-Allow-Origin", "*")
        .into_response()
}
