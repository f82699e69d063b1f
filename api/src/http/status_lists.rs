//! `/status`: what every mark licence is worth, for verifiers that ask about none of them.

use std::sync::Arc;

use domain::status_list::{CWT, JWT};
use domain::text::Text;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Data, Path};
use poem::{IntoResponse, Request, Response, handler};
use serde_json::json;

use super::rendered::matches;
use crate::clock;
use crate::credentials;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::status_lists::{self, Bundle, Form};

/// Media type of a verifiable credential.
pub(crate) const CREDENTIAL: &str = "application/vc";

/// Where every list is.
#[handler]
pub(super) async fn lists(Data(registry): Data<&Arc<Registry>>) -> Result<Response, Problem> {
    let count = registry.store.status_lists().await?;
    let uris: Vec<String> = (0..count).map(|number| status_lists::uri(registry, number)).collect();
    let body = json!({ "status_lists": uris }).to_string();
    Ok(open(body.with_content_type("application/json").into_response()))
}

/// A list, as a CWT, as a JWT or as a credential: by the ending of its name, else by what is accepted.
#[handler]
pub(super) async fn list(
    request: &Request,
    Data(registry): Data<&Arc<Registry>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(&Text::new("状態一覧", "status list"), &name);
    let accepted = request.header(header::ACCEPT).unwrap_or_default();
    let (number, kind) = match name.rsplit_once('.') {
        Some((number, "cwt")) => (number, CWT),
        Some((number, "jwt")) => (number, JWT),
        Some((number, "vc")) => (number, CREDENTIAL),
        _ => (&*name, if wants_jwt(accepted) { JWT } else { CWT }),
    };
    let number = number.parse().ok().filter(|parsed: &u32| parsed.to_string() == number).ok_or_else(missing)?;
    let signed = status_lists::list(registry, number, clock::now()).await?.ok_or_else(missing)?;
    let form = match kind {
        CREDENTIAL => &credentials::list(registry, &signed).await?,
        JWT => &signed.jwt,
        _ => &signed.cwt,
    };
    Ok(kept(request, form, kind))
}

/// Keys, lists and the log's head, signed whole.
#[handler]
pub(super) async fn bundle(request: &Request, Data(registry): Data<&Arc<Registry>>) -> Result<Response, Problem> {
    let form = Bundle::of(registry, clock::now()).await?;
    Ok(kept(request, &form, "application/jwt"))
}

/// Is the JWT the form that is named first?
fn wants_jwt(accepted: &str) -> bool {
    let place = |kind: &str| accepted.find(kind).unwrap_or(usize::MAX);
    place(JWT) < place(CWT)
}

/// The bytes, or the news that the caller's copy is still good.
pub(crate) fn kept(request: &Request, form: &Form, kind: &'static str) -> Response {
    let etag = HeaderValue::from_str(&form.etag).expect("base64 in quotes is a header");
    let is_known = request.header(header::IF_NONE_MATCH).is_some_and(|known| matches(known, &etag));
    let response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        form.bytes.clone().with_content_type(kind).into_response()
    };
    open(response.with_header(header::ETAG, etag).with_header(header::VARY, "Accept").into_response())
}

/// For everybody's programs, pages of other hosts among them, and kept by caches for a minute.
fn open(response: Response) -> Response {
    response
        .with_header(header::CACHE_CONTROL, "public, max-age=60")
        .with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_is_named_first_is_given() {
        for (accepted, expected) in [
            ("", false),
            ("*/*", false),
            (JWT, true),
            (CWT, false),
            ("application/statuslist+jwt, application/statuslist+cwt;q=0.5", true),
            ("application/statuslist+cwt, application/statuslist+jwt;q=0.5", false),
        ] {
            assert_eq!(wants_jwt(accepted), expected, "{accepted}");
        }
    }
}
