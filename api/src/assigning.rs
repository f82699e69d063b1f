//! Cases in the order in which they are due, who examines them, and how much each examiner has to do.

use std::collections::BTreeMap;

use domain::act::{ApplicationId, PersonId};
use domain::application::{Application, Clearance};
use domain::authority::{Denial, Power};
use domain::calendar::Day;

use crate::caller::{Visitor, may_read};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Cases;

/// Cases read at a time.
const AT_A_TIME: u64 = 500;

/// The cases that are being examined, the first to be due first; those of before there was such a day come before all.
pub async fn examining(
    registry: &Registry,
    examiner: Option<&PersonId>,
    today: Day,
) -> Result<Vec<Application>, Problem> {
    let mut found: Vec<Application> = Vec::new();
    let mut after: Option<ApplicationId> = None;
    loop {
        let all = Cases { stages: &["examining"], after: after.as_ref(), limit: AT_A_TIME, ..Cases::default() };
        let page = registry.store.cases(&Cases { examiner, ..all }).await?;
        after = page.items.last().map(|last| last.id.clone());
        found.extend(page.items);
        if !page.has_more {
            break;
        }
    }
    let settings = registry.store.settings().await?;
    // A state names people who examine no more, too.
    found.retain(|application| examiner.is_none_or(|examiner| application.examiners.contains(examiner)));
    let due = |case: &Application| case.clock(today, &settings).due.map(|due| due.day);
    found.sort_by_cached_key(|case| (due(case), case.id.clone()));
    Ok(found)
}

/// How many of these cases each examiner has.
pub fn loads(cases: &[Application]) -> BTreeMap<PersonId, usize> {
    let mut loads = BTreeMap::new();
    for person in cases.iter().flat_map(|case| &case.examiners) {
        *loads.entry(person.clone()).or_default() += 1;
    }
    loads
}

/// Does this visitor see the whole queue, and who has how much to do? Whoever assigns, and whoever audits.
pub fn sees_all(visitor: &Visitor) -> bool {
    [Power::ReplaceExaminer, Power::ReadTrail].iter().any(|power| visitor.might(*power).is_ok())
}

/// A case that this visitor examines, open to them or not, and how far they are from judging it; to others it is not
/// there.
pub async fn assigned(registry: &Registry, visitor: &Visitor, id: &str) -> Result<(Application, Clearance), Problem> {
    let missing = || Problem::not_found(&domain::text::Text::new("申請", "application"), id);
    let parsed: ApplicationId = id.parse().map_err(|_| missing())?;
    let found = registry.store.application(&parsed).await?.ok_or_else(missing)?;
    let may = visitor.actor.in_role(Power::DeclareInterest, &found.object(), visitor.at.day());
    match (may, may_read(&visitor.actor, &found, visitor.at)) {
        (Ok(_), _) => {
            let clearance = found.clearance(&visitor.actor.person);
            Ok((found, clearance))
        }
        (Err(denial @ Denial::OwnOrganisation), _) | (Err(denial), Ok(())) => Err(denial.into()),
        (Err(_), Err(_)) => Err(missing()),
    }
}
