//! Signing in and out, one's own account, and the people, keys and trail of the registry.

mod api_keys;
mod authority;
mod invitation;
mod oidc;
mod organisations;
mod own;
mod people;
mod sign_in;
mod trail;

use std::str::FromStr;

use domain::act::Role;
use domain::authority::Power as P;
use domain::people::Person;
use domain::text::Text;
use poem::http::{StatusCode, header};
use poem::{Request, Response};

use super::session::Shared;
use super::{Answer, to};
use crate::account::session::Begun;
use crate::account::sign_in::Browser;
use crate::caller::{cookie, cookie_name};
use crate::gate::{Guarded, Rule, set_cookie};
use crate::http::in_query;
use crate::oidc::CALLBACK;
use crate::problem::Problem;

/// Adds these routes to the others.
pub(super) fn declare(pages: Guarded) -> Guarded {
    use Rule::{Entrance, Needs, Public, Session};
    let pages = pages
        .get("/authority", Public, authority::show)
        .get("/en/authority", Public, authority::show)
        .get("/people", Needs(&[P::ReadPeople]), people::list)
        .post("/people", Needs(GIVING), people::invite)
        .get("/people/:id", Needs(&[P::ReadPeople]), people::show)
        .post("/people/:id/roles", Needs(GIVING), people::give)
        .post("/people/:id/roles/end", Needs(GIVING), people::end)
        .post("/people/:id/dismissal", Needs(&[P::Dismiss]), people::dismiss)
        .post("/people/:id/link", Needs(&[P::Recover]), people::recover)
        .post("/people/:id/sessions/end", Needs(&[P::Recover]), people::end_sessions)
        .post("/people/:id/erasure", Needs(&[P::Erase]), people::erase)
        .get("/organisations", Needs(ORGANISATIONS), organisations::list)
        .post("/organisations", Needs(&[P::EnterOrganisation]), organisations::enter)
        .get("/api-keys", Needs(&[P::ReadApiKeys]), api_keys::list)
        .post("/api-keys", Needs(&[P::IssueApiKey]), api_keys::issue)
        .post("/api-keys/:id/end", Needs(&[P::IssueApiKey]), api_keys::end)
        .get("/trail", Needs(&[P::ReadTrail]), trail::show)
        .get("/trail.csv", Needs(&[P::ReadTrail]), trail::export);
    pages
        .get("/sign-in", Entrance, sign_in::form)
        .get("/en/sign-in", Entrance, sign_in::form)
        .post("/sign-in", Entrance, sign_in::by_password)
        .post("/en/sign-in", Entrance, sign_in::by_password)
        .post("/sign-in/passkey/options", Entrance, sign_in::passkey_options)
        .post("/sign-in/passkey", Entrance, sign_in::by_passkey)
        .post("/sign-in/oidc", Entrance, oidc::depart)
        .post("/en/sign-in/oidc", Entrance, oidc::depart)
        .get(CALLBACK, Entrance, oidc::arrive)
        .post("/sign-out", Session, sign_in::leave)
        .get("/invitation/:secret", Entrance, invitation::show)
        .post("/invitation/:secret/password", Entrance, invitation::set_password)
        .post("/invitation/:secret/passkey/options", Entrance, invitation::passkey_options)
        .post("/invitation/:secret/passkey", Entrance, invitation::passkey)
        .get("/account", Session, own::show)
        .post("/account/password", Session, own::set_password)
        .post("/account/passkey/options", Session, own::passkey_options)
        .post("/account/passkey", Session, own::add_passkey)
        .post("/account/credentials/:id/remove", Session, own::remove)
        .post("/account/codes", Session, own::renew_codes)
        .post("/account/sessions/end", Session, own::end_others)
        .post("/account/sessions/:id/end", Session, own::end_one)
}

/// Whoever gives roles ends them too.
const GIVING: &[P] = &[P::GiveCompanyRole, P::GiveStaffRole];
/// Those who enter organisations read them, as an auditor does.
const ORGANISATIONS: &[P] = &[P::EnterOrganisation, P::ReadTrail];

/// Where a list goes on, as a link of an earlier page said; `None` on the first page.
fn place<T: FromStr>(request: &Request, name: &str) -> Result<Option<T>, Problem> {
    let typed = in_query(request.uri(), name);
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| {
        let message = Text::new(
            format!("{name} には前のページのリンクにある値をそのまま書いてください。"),
            format!("{name} takes what the link of an earlier page has."),
        );
        Problem::unreadable(&format!("/{name}"), &typed, message)
    })
}

/// The same for a list that goes on behind an id.
fn after<T: FromStr>(request: &Request) -> Result<Option<T>, Problem> {
    place(request, "after")
}

/// The browser that asks: its own name for itself, and the session it has.
fn browser(registry: &Shared, request: &Request) -> Browser {
    Browser {
        agent: request.header(header::USER_AGENT).unwrap_or_default().to_owned(),
        before: cookie(request.headers(), cookie_name(registry)).map(str::to_owned),
    }
}

/// Where somebody's work is.
fn home(person: &Person) -> &'static str {
    match person.memberships.first().map(|held| held.role) {
        Some(Role::ProviderOwner | Role::ProviderMember | Role::DelegatedAgent) => "/applications",
        Some(Role::Examiner) => "/examinations",
        Some(Role::DecisionMaker) => "/decisions",
        Some(Role::Secretariat | Role::Auditor) => "/intake",
        Some(Role::Operator | Role::User) | None => "/account",
    }
}

/// On to where the person wanted to go, in the session that has begun.
fn enter(registry: &Shared, begun: &Begun, next: Option<&str>) -> Response {
    let mut response = to(next.unwrap_or_else(|| home(&begun.person)));
    set_cookie(&mut response, registry, cookie_name(registry), begun.cookie.expose(), "");
    response
}

/// A path of ours: one slash and no other host behind it.
fn is_inside(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 500
        && next.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
}

/// JSON for our own script.
fn json(body: String) -> Answer {
    Ok(Response::builder()
        .content_type("application/json; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .status(StatusCode::OK)
        .body(body))
}

/// Work that takes tens of milliseconds and megabytes, such as hashing a password: apart from what answers requests,
/// and few at a time.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    static FEW: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(4);
    let _turn = FEW.acquire().await.map_err(|error| Problem::internal(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn only_a_path_of_ours_is_gone_on_to() {
        for path in ["/", "/intake/A-2026-00001", "/register?q=a"] {
            assert!(is_inside(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(500));
        for path in [
            "",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/\\elsewhere.example",
            "/a\r\nb",
            "intake",
            "/あ",
            long.as_str(),
        ] {
            assert!(!is_inside(path), "{path:?}");
        }
    }
}
