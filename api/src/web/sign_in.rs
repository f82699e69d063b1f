//! Signing in with a token, and out again.

use domain::act::Role;
use domain::text::Text;
use poem::http::{StatusCode, header};
use poem::web::{Data, Form};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::session::{Shared, check_origin, cookie_name, public_frame, viewer};
use super::view::sign_in::SignInPage;
use super::{Answer, page, to};
use crate::caller::person_of;

/// What is posted.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    token: String,
    next: Option<String>,
}

/// Where to go after signing in.
#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[handler]
pub(super) async fn form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let person = viewer(registry, request).await?;
    let next = request.params::<Next>().ok().and_then(|query| query.next).filter(|next| is_inside(next));
    page(&SignInPage { frame: public_frame(registry, request, person.as_ref()), error: None, next })
}

#[handler]
pub(super) async fn enter(request: &Request, Data(registry): Data<&Shared>, Form(entry): Form<Entry>) -> Answer {
    check_origin(registry, request)?;
    let token = entry.token.trim();
    let next = entry.next.filter(|next| is_inside(next));
    let Some(person) = person_of(registry, token).await? else {
        let error = Text::new(
            "このトークンでは入れません。貼り付けた文字を確かめるか、運用者に問い合わせてください。",
            "This token does not open the register. Check what you pasted, or ask the operator.",
        );
        let mut refused = page(&SignInPage { frame: public_frame(registry, request, None), error: Some(error), next })?;
        refused.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(refused);
    };
    let home = match person.role {
        Role::Provider => "/applications",
        Role::Examiner => "/examinations",
        Role::DecisionMaker => "/decisions",
        Role::Secretariat | Role::Auditor => "/intake",
        Role::Operator => "/register",
    };
    let mut response = to(next.as_deref().unwrap_or(home));
    set_cookie(&mut response, registry, token, "");
    Ok(response)
}

#[handler]
pub(super) async fn leave(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    check_origin(registry, request)?;
    let mut response = to("/");
    set_cookie(&mut response, registry, "", "; Max-Age=0");
    Ok(response)
}

/// A path of ours: one slash and no other host behind it.
fn is_inside(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
}

fn set_cookie(response: &mut Response, registry: &Shared, token: &str, more: &str) {
    let secure = if registry.base_url.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}", cookie_name(registry));
    // A token has passed `person_of`, so it is plain ASCII.
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn only_a_path_of_ours_is_gone_on_to() {
        for path in ["/", "/intake/A-2026-00001", "/register?q=a"] {
            assert!(is_inside(path), "{path}");
        }
        for path in
            ["", "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a\r\nb", "intake"]
        {
            assert!(!is_inside(path), "{path:?}");
        }
    }
}
