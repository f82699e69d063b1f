//! Who is calling: a person known by a bearer token.

use domain::act::Role;
use domain::application::{Application, Stage};
use domain::examination::Examination;
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
    Ok(found
        .filter(|person| !person.is_dismissed && bool::from(person.token_digest.as_bytes().ct_eq(digest.as_bytes()))))
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

/// The applications this person works with: a provider's own, an examiner's cases, all for whoever handles or audits.
pub async fn applications_for(
    registry: &Registry,
    person: &Person,
    stage: Option<&str>,
) -> Result<Vec<Application>, Problem> {
    const STAGES: [&str; 6] = ["submitted", "returned", "examining", "recommended", "decided", "withdrawn"];
    let stages: Vec<&str> = STAGES.into_iter().filter(|known| stage.is_none_or(|stage| stage == *known)).collect();
    let mut found = match (person.role, &person.organisation) {
        (Role::Provider, Some(owner)) => registry.store.applications_of(owner, MOST_CASES).await?,
        _ => registry.store.applications_in(&stages, MOST_CASES).await?,
    };
    found.retain(|application| may_read(person, application) && stages.contains(&application.stage.as_str()));
    Ok(found)
}

/// Cases on one list.
const MOST_CASES: u64 = 500;

/// The examinations this person may see: an examiner only their own until the recommendation, the applicant all once it
/// is decided, the others all.
pub async fn examinations_for(
    registry: &Registry,
    person: &Person,
    application: &Application,
) -> Result<Vec<Examination>, Problem> {
    let mut found = registry.store.examinations_of(&application.id).await?;
    match (person.role, &application.stage) {
        (Role::Examiner, Stage::Examining) => found.retain(|examination| examination.examiner == person.id),
        (Role::Provider, Stage::Decided { .. }) => {}
        (Role::Provider, _) => found.clear(),
        _ => {}
    }
    Ok(found)
}
