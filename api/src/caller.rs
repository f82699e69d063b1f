//! Who is calling: a person known by a bearer token.

use domain::act::Role;
use domain::application::Application;
use domain::people::Person;
use poem::Request;
use poem::http::header;
use subtle::ConstantTimeEq;

use crate::acts::token_digest;
use crate::problem::Problem;
use crate::registry::Registry;

/// The person whose token this is. Looked up by digest, so that the time taken tells nothing of the token.
pub async fn person_of(registry: &Registry, token: &str) -> Result<Option<Person>, Problem> {
    if !token.starts_with("otk_") || token.len() > 100 {
        return Ok(None);
    }
    let digest = token_digest(token);
    let found = registry.store.person_by_token(&digest).await?;
    Ok(found.filter(|person| !person.is_dismissed && bool::from(person.token_digest.as_bytes().ct_eq(digest.as_bytes()))))
}

/// The token in `Authorization: Bearer`.
pub fn bearer(request: &Request) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// May this person read this application? Its owner, its examiners, and whoever handles or audits all of them.
pub fn may_read(person: &Person, application: &Application) -> bool {
    match person.role {
        Role::Provider => person.organisation.as_ref() == Some(&application.owner),
        Role::Examiner => application.examiners.contains(&person.id),
        Role::Secretariat | Role::DecisionMaker | Role::Auditor => true,
        Role::Operator => false,
    }
}
