//! What a decision rests on, for whoever reads it, and what waits after decisions.

use domain::application::{Application, Ground};
use domain::authority::Power;
use domain::calendar::Day;
use domain::criteria::{Gate, gates as gates_of};
use domain::registration::Registration;
use domain::text::Text;

use crate::caller::{Visitor, may_read};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{AfterDue, Page};

/// Cases on one list.
const MOST: u64 = 500;

/// What stands around an application, as far as it is there now.
pub async fn ground(registry: &Registry, application: &Application) -> Result<Ground, Problem> {
    let examinations = registry.store.examinations_of(&application.id).await?;
    let editions = registry.store.editions().await?;
    let missing = || Problem::internal(&format!("no file for the edition of {}", application.id));
    Ground::of(application, &editions, examinations).ok_or_else(missing)
}

/// The gates to class 2, from the register's record of the day that governs the application; none for class 1.
pub async fn gates(registry: &Registry, application: &Application) -> Result<Vec<Gate>, Problem> {
    let class = application.declaration.service.class;
    let record = registry.store.track_record(&application.owner, class, application.submitted_at).await?;
    let editions = registry.store.editions().await?;
    let missing = || Problem::internal(&format!("no file for the edition of {}", application.id));
    let edition = editions.with_digest(&application.edition_digest).ok_or_else(missing)?;
    Ok(gates_of(edition, &application.declaration, application.governing_day(), &record))
}

/// Cases with conditions that are not met yet, the first to be due first: an organisation's own, or all for whoever
/// handles or audits them.
pub async fn conditional(
    registry: &Registry,
    visitor: &Visitor,
    after: Option<&AfterDue>,
) -> Result<Page<Application>, Problem> {
    let extent = visitor.actor.extent(Power::ReadApplication, visitor.at.day());
    if !extent.is_everything && extent.organisations.is_empty() {
        return Ok(Page { items: Vec::new(), has_more: false });
    }
    let owners = if extent.is_everything { &[][..] } else { &extent.organisations };
    let mut found = registry.store.cases_with_conditions(owners, after, MOST).await?;
    found.items.retain(|application| may_read(&visitor.actor, application, visitor.at).is_ok());
    Ok(found)
}

/// The days by which conditions of a registration are due that are not met yet, the first to be due first: of every
/// decision that led to what the register says now.
pub async fn open_conditions(registry: &Registry, registration: &Registration) -> Result<Vec<Day>, Problem> {
    let mut due = Vec::new();
    for application in registration.entered() {
        let case = registry.store.application(application).await?;
        due.extend(case.iter().flat_map(Application::open_conditions).map(|open| open.condition.due));
    }
    due.sort();
    Ok(due)
}

/// Cases with an objection that this visitor may decide on, the oldest first.
pub async fn objected_to(registry: &Registry, visitor: &Visitor) -> Result<Vec<Application>, Problem> {
    let mut found = registry.store.cases_objected_to(MOST).await?;
    let may = |case: &Application| visitor.actor.in_role(Power::DecideObjection, &case.object(), visitor.at.day());
    found.retain(|application| may(application).is_ok());
    Ok(found)
}

/// Reads which condition is meant, from its place in an address; what cannot be one is not there.
pub fn condition(text: &str) -> Result<usize, Problem> {
    let missing = || Problem::not_found(&Text::new("条件", "condition"), text);
    text.parse::<u16>().map(usize::from).map_err(|_| missing())
}

/// Does the visitor read this application as one of a company's?
pub fn is_companys(visitor: &Visitor, application: &Application) -> bool {
    let by = visitor.actor.in_role(Power::ReadApplication, &application.object(), visitor.at.day());
    by.is_ok_and(|by| by.role.is_companys())
}
