//! Who is calling: a person known by a bearer token.

use domain::act::{ApplicationId, Role};
use domain::application::{Application, Stage};
use domain::examination::Examination;
use domain::people::Person;
use poem::Request;
use poem::http::header;
use subtle::ConstantTimeEq;

use crate::acts::token_digest;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Cases, Page};

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

/// Every stage's word.
const STAGES: [&str; 6] = ["submitted", "returned", "examining", "recommended", "decided", "withdrawn"];
/// Cases on one list.
const MOST_CASES: u64 = 500;

/// The applications this person works with, `after` the one given: a provider's own, newest first; an examiner's cases,
/// and all for whoever handles or audits, oldest first.
pub async fn applications_for(
    registry: &Registry,
    person: &Person,
    stage: Option<&str>,
    after: Option<&ApplicationId>,
) -> Result<Page<Application>, Problem> {
    let stages: Vec<&str> = STAGES.into_iter().filter(|known| stage.is_none_or(|stage| stage == *known)).collect();
    let all = Cases { stages: &stages, after, limit: MOST_CASES, ..Cases::default() };
    let wanted = match (person.role, &person.organisation) {
        (Role::Provider, Some(owner)) => Cases { owner: Some(owner), is_newest_first: true, ..all },
        (Role::Examiner, _) => Cases { examiner: Some(&person.id), ..all },
        (Role::Secretariat | Role::DecisionMaker | Role::Auditor, _) => all,
        (Role::Operator | Role::Provider, _) => return Ok(Page { items: Vec::new(), has_more: false }),
    };
    let mut found = registry.store.cases(&wanted).await?;
    found.items.retain(|application| may_read(person, application));
    Ok(found)
}

/// Applications that passed and are not registered yet, oldest first.
pub async fn unregistered(registry: &Registry) -> Result<Vec<Application>, Problem> {
    let mut waiting = Vec::new();
    let mut after = None;
    loop {
        let wanted = Cases {
            stages: &["decided"],
            is_unregistered: true,
            after: after.as_ref(),
            limit: MOST_CASES,
            ..Cases::default()
        };
        let found = registry.store.cases(&wanted).await?;
        after = found.items.last().map(|last| last.id.clone());
        waiting.extend(found.items.into_iter().filter(|application| application.passed_at().is_some()));
        if !found.has_more {
            return Ok(waiting);
        }
    }
}

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
