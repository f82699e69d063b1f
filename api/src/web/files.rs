//! Stylesheet, icon and scripts, from inside the binary.

use poem::http::header;
use poem::web::Path;
use poem::{IntoResponse, Request, Response, handler};
use sha2::{Digest, Sha256};

use super::Answer;
use crate::problem::Problem;
use domain::text::Text;

pub(super) const CSS: &str = include_str!("../../static/site.css");
const DESK: &str = include_str!("../../static/desk.css");
const ICON: &str = include_str!("../../static/icon.svg");
const DRAFT: &str = include_str!("../../static/draft.js");
const JUDGING: &str = include_str!("../../static/judging.js");
const PASSKEY: &str = include_str!("../../static/passkey.js");
const SESSION: &str = include_str!("../../static/session.js");

#[handler]
pub(super) fn show(request: &Request, Path(file): Path<String>) -> Answer {
    let (body, kind) = match file.as_str() {
        "site.css" => (CSS, "text/css; charset=utf-8"),
        "desk.css" => (DESK, "text/css; charset=utf-8"),
        "icon.svg" => (ICON, "image/svg+xml; charset=utf-8"),
        "draft.js" => (DRAFT, "text/javascript; charset=utf-8"),
        "judging.js" => (JUDGING, "text/javascript; charset=utf-8"),
        "passkey.js" => (PASSKEY, "text/javascript; charset=utf-8"),
        "session.js" => (SESSION, "text/javascript; charset=utf-8"),
        _ => return Err(Problem::not_found(&Text::new("ファイル", "file"), &file)),
    };
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..12]));
    let is_known = request.header(header::IF_NONE_MATCH) == Some(&etag);
    let response = Response::builder().header(header::ETAG, etag).header(header::CACHE_CONTROL, "public, max-age=3600");
    Ok(if is_known {
        response.status(poem::http::StatusCode::NOT_MODIFIED).finish()
    } else {
        response.content_type(kind).body(body)
    })
}

/// Codes of marks are for people who hold one, not for search engines.
#[handler]
pub(super) fn robots() -> Response {
    "User-agent: *\nDisallow: /licences/\nAllow: /register\n"
        .with_content_type("text/plain; charset=utf-8")
        .into_response()
}
