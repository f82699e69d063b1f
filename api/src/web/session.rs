//! Who looks at a page: a person whose token the browser keeps in a cookie until they sign out.

use std::sync::Arc;

use domain::act::{Caller, Role};
use domain::people::Person;
use domain::text::Text;
use poem::Request;
use poem::http::{HeaderMap, header};

use super::language;
use super::view::frame::{Frame, Viewer};
use crate::acts::Call;
use crate::caller::person_of;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;

/// The cookie's name; browsers accept the prefix over TLS only.
pub(super) fn cookie_name(registry: &Registry) -> &'static str {
    if registry.base_url.is_secure() { "__Host-session" } else { "session" }
}

/// The person signed in, if somebody is.
pub(super) async fn viewer(registry: &Registry, request: &Request) -> Result<Option<Person>, Problem> {
    match cookie(request.headers(), cookie_name(registry)) {
        Some(token) => person_of(registry, token).await,
        None => Ok(None),
    }
}

/// The person signed in, in this role.
pub(super) async fn require(registry: &Registry, request: &Request, roles: &[Role]) -> Result<Person, Problem> {
    let person = viewer(registry, request).await?.ok_or_else(Problem::signed_out)?;
    if roles.contains(&person.role) {
        return Ok(person);
    }
    Err(Problem::forbidden(Text::new(
        "この画面は別の役割の人のものです。サインインし直してください。",
        "This page belongs to another role. Sign in again.",
    )))
}

/// A call now by this person, for the version their form was rendered from.
pub(super) fn call(person: &Person, version: Option<u32>) -> Call {
    let by: Caller = person.caller();
    Call { by, at: clock::now(), read: version, key: None }
}

/// The frame of a public page.
pub(super) fn public_frame(registry: &Registry, request: &Request, person: Option<&Person>) -> Frame {
    let whole = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = match whole.strip_prefix("/en") {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => whole,
    };
    Frame::public(language(request), path, person.map(seen), registry.is_demonstration)
}

/// The frame of a page behind the sign-in.
pub(super) fn desk_frame(registry: &Registry, person: &Person) -> Frame {
    Frame::desk(seen(person), registry.is_demonstration)
}

fn seen(person: &Person) -> Viewer {
    Viewer { name: person.name.clone(), roles: vec![person.role] }
}

/// A form must come from our own pages: the browser says so, and nothing else of it is trusted.
pub(super) fn check_origin(registry: &Registry, request: &Request) -> Result<(), Problem> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_ours = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => is_own(registry, origin, header("host")),
        (None, None) => false,
    };
    if is_ours {
        return Ok(());
    }
    Err(Problem::forbidden(Text::new(
        "この登録簿の画面から送られたものではありません。画面を開き直してやり直してください。",
        "This was not sent from one of this register's pages. Open the page again and try from there.",
    )))
}

/// The base URL's origin, or the address the browser itself came to.
fn is_own(registry: &Registry, origin: &str, host: Option<&str>) -> bool {
    let reached = origin.split_once("://").map(|(_, host)| host);
    origin == registry.base_url.to_string() || (reached.is_some() && reached == host)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The open registry, shared by every handler.
pub(super) type Shared = Arc<Registry>;
