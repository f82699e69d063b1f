//! Who is calling: a person in a running session, or a system with an API key; and what they may see.

use std::sync::Arc;

use domain::act::{ApplicationId, Role};
use domain::application::{Application, Stage};
use domain::authority::{Actor, Denial, Power};
use domain::calendar::Instant;
use domain::examination::Examination;
use domain::licence::Licence;
use domain::registration::Registration;
use domain::text::Text;
use poem::Request;
use poem::http::{HeaderMap, header};

use crate::account::trail::Origin;
use crate::account::{Session, session};
use crate::acts::{Call, bounds};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Cases, Page};

/// Somebody known, for the time of one request.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub actor: Actor,
    /// The person's name, for their own pages.
    pub name: String,
    pub origin: Origin,
    /// None for an API key.
    pub session: Option<Session>,
    /// What the forms of this session carry.
    pub csrf: String,
    /// Messages they have not read, up to a hundred; of a session's visitor alone.
    pub unread: u64,
    pub at: Instant,
}

impl Visitor {
    /// A call by this visitor, for the version they saw.
    pub fn call(&self, read: Option<u32>, key: Option<String>) -> Call {
        Call { by: self.actor.clone(), from: self.origin.clone(), at: self.at, read, key }
    }

    /// The roles in force.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.actor.roles(self.at.day()).collect();
        roles.sort();
        roles.dedup();
        roles
    }

    /// Might they do this to anything?
    pub fn might(&self, power: Power) -> Result<(), Denial> {
        self.actor.might(power, self.at)
    }

    /// May they do this to a registration, or to what hangs from it?
    pub fn may(&self, power: Power, registration: &Registration) -> bool {
        self.actor.in_role(power, &registration.object(), self.at.day()).is_ok()
    }
}

/// Whoever shows a session's cookie or an API key that is good.
pub async fn visitor(
    registry: &Arc<Registry>,
    request: &Request,
    origin: &Origin,
    at: Instant,
) -> Result<Option<Visitor>, Problem> {
    if let Some(key) = bearer(request) {
        return session::by_key(registry, key, origin, at).await;
    }
    match cookie(request.headers(), cookie_name(registry)) {
        Some(cookie) => session::by_cookie(registry, cookie, origin, at).await,
        None => Ok(None),
    }
}

/// The visitor of a request, where somebody is known.
pub fn known(request: &Request) -> Option<&Visitor> {
    request.extensions().get::<Arc<Visitor>>().map(|visitor| &**visitor)
}

/// The visitor of a request for which somebody must be known.
pub fn signed_in(request: &Request) -> Result<&Visitor, Problem> {
    known(request).ok_or_else(Problem::signed_out)
}

/// Where a request comes from.
pub fn origin(request: &Request) -> Origin {
    let found = request.extensions().get::<Origin>().cloned();
    found.unwrap_or(Origin { request: String::new(), address: None, proof: "nobody".to_owned() })
}

/// The session cookie's name over TLS; browsers accept the prefix there only.
pub const SECURE_COOKIE: &str = "__Host-session";
/// Its name without TLS.
pub const COOKIE: &str = "session";

/// The session cookie's name here.
pub fn cookie_name(registry: &Registry) -> &'static str {
    if registry.base_url.is_secure() { SECURE_COOKIE } else { COOKIE }
}

/// A cookie by its name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The key in `Authorization: Bearer`.
fn bearer(request: &Request) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// May this person read this application? Its owner, its examiners once they have declared their interests, and whoever
/// handles or audits all of them.
pub fn may_read(actor: &Actor, application: &Application, at: Instant) -> Result<(), Denial> {
    actor.in_role(Power::ReadApplication, &application.object(), at.day()).map(drop)
}

/// The application of that id, if this visitor may read it; to others it is not there. An examiner to whom it is not
/// open yet is told that.
pub async fn application(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Application, Problem> {
    let missing = || Problem::not_found(&Text::new("申請", "application"), id);
    let parsed: ApplicationId = id.parse().map_err(|_| missing())?;
    let found = registry.store.application(&parsed).await?.ok_or_else(missing)?;
    match may_read(&visitor.actor, &found, visitor.at) {
        Ok(()) => Ok(found),
        Err(Denial::Undeclared) => Err(Denial::Undeclared.into()),
        Err(_) => Err(missing()),
    }
}

/// May they see this licence? The provider, the user that holds it, and whoever handles or audits all of them.
pub fn may_see(visitor: &Visitor, licence: &Licence, registration: &Registration) -> Result<(), Denial> {
    let holder = licence.holder();
    let object = domain::authority::Object { holder: holder.as_ref(), ..registration.object() };
    visitor.actor.in_role(Power::ReadLicences, &object, visitor.at.day()).map(drop)
}

/// Every stage's word.
const STAGES: [&str; 6] = ["submitted", "returned", "examining", "recommended", "decided", "withdrawn"];
/// Cases on one list.
const MOST_CASES: u64 = 500;

/// The applications this person works with, `after` the one given: their organisations' own, newest first; or an
/// examiner's cases, or all for whoever handles or audits, oldest first.
pub async fn applications_for(
    registry: &Registry,
    visitor: &Visitor,
    stage: Option<&str>,
    after: Option<&ApplicationId>,
) -> Result<Page<Application>, Problem> {
    let stages: Vec<&str> = STAGES.into_iter().filter(|known| stage.is_none_or(|stage| stage == *known)).collect();
    let extent = visitor.actor.extent(Power::ReadApplication, visitor.at.day());
    let all = Cases { stages: &stages, after, limit: MOST_CASES, ..Cases::default() };
    let person = &visitor.actor.person;
    let wanted = if extent.is_everything {
        all
    } else if extent.is_assigned {
        Cases { examiner: Some(person), ..all }
    } else if extent.organisations.is_empty() {
        return Ok(Page { items: Vec::new(), has_more: false });
    } else {
        Cases { owners: &extent.organisations, is_newest_first: true, ..all }
    };
    let mut found = registry.store.cases(&wanted).await?;
    found.items.retain(|application| may_read(&visitor.actor, application, visitor.at).is_ok());
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

/// The examinations this person may see: an examiner only their own until both are done, and then what counts; the
/// applicant what counts once it is decided; the others all.
pub async fn examinations_for(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Vec<Examination>, Problem> {
    let mut found = registry.store.examinations_of(&application.id).await?;
    let by = visitor.actor.in_role(Power::ReadApplication, &application.object(), visitor.at.day());
    // Whoever examines the case sees it as its examiner, whatever other role would let them read.
    let examines = application.examiners.contains(&visitor.actor.person);
    let counts = |found: &mut Vec<Examination>| {
        found.retain(|examination| application.examiners.contains(&examination.examiner));
    };
    match (by.map(|by| by.role), &application.stage) {
        (Err(_), _) => found.clear(),
        // Withdrawn before both were done, it stays between each examiner and the record.
        (_, Stage::Examining | Stage::Withdrawn { .. }) if examines => {
            if are_done(registry, application, &found).await? {
                counts(&mut found);
            } else {
                found.retain(|own| own.examiner == visitor.actor.person);
            }
        }
        (Ok(role), stage) if role.is_companys() && !matches!(stage, Stage::Decided { .. }) => found.clear(),
        (Ok(role), _) if role.is_companys() || examines => counts(&mut found),
        _ => {}
    }
    Ok(found)
}

/// Has every examiner judged everything that is asked? Only then do they see each other's answers.
pub async fn are_done(
    registry: &Registry,
    application: &Application,
    examinations: &[Examination],
) -> Result<bool, Problem> {
    let asked: Vec<_> = bounds(registry, application).await?.iter().map(|bound| bound.criterion).collect();
    Ok(application.is_examined(&asked, &application.counting(examinations)))
}
