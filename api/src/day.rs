//! The secretariat's day: what is due, late and waiting, of everybody.
//!
//! One query for each kind of thing, of which at most so many rows are read; of the registrations that still count, a page
//! at a time is in memory. What each of them waits for, and until when, the domain says (`domain/src/notice/due`).

use std::collections::{BTreeMap, BTreeSet};

use domain::act::ApplicationId;
use domain::application::Application;
use domain::authority::Power;
use domain::calendar::{Day, Instant};
use domain::examination::Examination;
use domain::notice::{
    Waiting, WaitsFor, due_of_proposal, waiting_of_application, waiting_of_complaint, waiting_of_fault,
    waiting_of_proposal, waiting_of_registration,
};
use domain::proposal::Standing;
use domain::settings::Settings;

use crate::acts::bounds;
use crate::caller::{Visitor, may_read};
use crate::post::due::BEHIND;
use crate::problem::Problem;
use crate::proposals;
use crate::registry::Registry;
use crate::store::{Cases, Page};
use crate::watching::complaints;

/// Rows read of each kind.
const MOST: u64 = 300;
/// Registrations that are looked through, at the most, and how many together.
const REGISTRATIONS: usize = 5_000;
const PAGE: u64 = 200;
/// A renewal or the end of a term is shown from so many days before it.
const AHEAD: i32 = 90;

/// What is due, late and waiting.
#[derive(Debug)]
pub struct TheDay {
    pub at: Instant,
    /// The late ones first, then by due day; those without one by since when they wait.
    pub waiting: Vec<Waiting>,
    /// There is more than was read, of something.
    pub is_cut: bool,
}

impl TheDay {
    /// What waits for one of them.
    pub fn of(&self, waits_for: WaitsFor) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(move |one| one.work.waits_for() == waits_for)
    }

    /// How many are late.
    pub fn late(&self) -> usize {
        self.waiting.iter().filter(|one| one.is_late(self.at)).count()
    }
}

/// Everything that waits and that this visitor may know of.
pub async fn of(registry: &Registry, visitor: &Visitor) -> Result<TheDay, Problem> {
    let settings = registry.store.settings().await?;
    let (at, mut is_cut) = (visitor.at, false);
    let mut waiting = Vec::new();
    cases(registry, visitor, &settings, &mut waiting, &mut is_cut).await?;
    registrations(registry, &settings, at, &mut waiting, &mut is_cut).await?;
    let open = proposals::open_to(registry, visitor).await?;
    is_cut |= open.len() as u64 > MOST;
    waiting.extend(open.iter().take(MOST as usize).map(|(proposal, _)| waiting_of_proposal(proposal)));
    waiting.extend(hearings(registry, at).await?);
    let found = complaints::list(registry, visitor, false, None).await?;
    is_cut |= found.has_more;
    waiting.extend(found.items.iter().filter_map(|complaint| waiting_of_complaint(complaint, &settings)));
    let faults = registry.store.people_without_mail(MOST).await?;
    is_cut |= faults.len() as u64 == MOST;
    waiting.extend(faults.iter().map(|(person, since)| waiting_of_fault(person, since.day())));
    let far = at.day().plus_days(AHEAD);
    // What lies far ahead waits for nobody today.
    waiting.retain(|one| one.due.is_none_or(|due| due <= far));
    waiting.sort_by(|a, b| place(a, at).cmp(&place(b, at)));
    Ok(TheDay { at, waiting, is_cut })
}

/// Where it stands in the list.
fn place(one: &Waiting, at: Instant) -> (bool, Day, String, &str) {
    (!one.is_late(at), one.due.unwrap_or(one.since), one.subject.to_string(), &one.what)
}

async fn cases(
    registry: &Registry,
    visitor: &Visitor,
    settings: &Settings,
    waiting: &mut Vec<Waiting>,
    is_cut: &mut bool,
) -> Result<(), Problem> {
    let store = &registry.store;
    let mut found: BTreeMap<ApplicationId, Application> = BTreeMap::new();
    let mut unentered = BTreeSet::new();
    let mut take = |page: Page<Application>| {
        *is_cut |= page.has_more;
        let ids: Vec<_> = page.items.iter().map(|one| one.id.clone()).collect();
        found.extend(page.items.into_iter().map(|one| (one.id.clone(), one)));
        ids
    };
    for stage in ["submitted", "returned", "examining", "recommended"] {
        take(store.cases(&Cases { stages: &[stage], limit: MOST, ..Cases::default() }).await?);
    }
    let passed = Cases { stages: &["decided"], is_unregistered: true, limit: MOST, ..Cases::default() };
    unentered.extend(take(store.cases(&passed).await?));
    take(store.cases_with_conditions(&[], None, MOST).await?);
    let objected = store.cases_objected_to(MOST).await?;
    take(Page { has_more: objected.len() as u64 == MOST, items: objected });
    found.retain(|_, application| may_read(&visitor.actor, application, visitor.at).is_ok());
    let mut examinations: BTreeMap<ApplicationId, Vec<Examination>> = BTreeMap::new();
    let is_examining = |one: &&Application| one.stage.as_str() == "examining";
    let examined = found.values().filter(is_examining).map(|one| &one.id);
    for examination in store.examinations_of_all(examined).await? {
        examinations.entry(examination.application.clone()).or_default().push(examination);
    }
    for application in found.values() {
        let own = examinations.remove(&application.id).unwrap_or_default();
        let is_examined = !own.is_empty() && {
            let asked: Vec<_> = bounds(registry, application).await?.iter().map(|bound| bound.criterion).collect();
            application.is_examined(&asked, &application.counting(&own))
        };
        let is_entered = !unentered.contains(&application.id);
        let today = visitor.at.day();
        waiting.extend(waiting_of_application(application, is_examined, is_entered, settings, today));
    }
    Ok(())
}

async fn registrations(
    registry: &Registry,
    settings: &Settings,
    at: Instant,
    waiting: &mut Vec<Waiting>,
    is_cut: &mut bool,
) -> Result<(), Problem> {
    let (mut after, mut seen) = (None, 0);
    loop {
        let place = after.as_ref().map(|(until, number)| (*until, number));
        let found = registry.store.running(at.day().plus_days(-BEHIND), place, PAGE).await?;
        let reports = registry.store.reports_of(found.items.iter().map(|one| &one.number)).await?;
        let waits = |one| waiting_of_registration(one, &reports, settings, at);
        waiting.extend(found.items.iter().flat_map(waits));
        after = found.items.last().map(|last| (last.last_term().until, last.number.clone()));
        seen += found.items.len();
        if !found.has_more {
            return Ok(());
        }
        if seen >= REGISTRATIONS {
            *is_cut = true;
            return Ok(());
        }
    }
}

/// Providers that can state their side of what is proposed.
async fn hearings(registry: &Registry, at: Instant) -> Result<Vec<Waiting>, Problem> {
    let mut found = Vec::new();
    for proposal in registry.store.proposals_waiting(at).await? {
        let domain::act::Subject::Registration(number) = proposal.motion.subject() else { continue };
        let Some(about) = registry.store.registration(&number).await? else { continue };
        if proposal.standing(about.measured(), at) == Standing::Open {
            found.extend(due_of_proposal(&proposal, &about, at.day()).map(Waiting::from));
        }
    }
    Ok(found)
}

/// What lets somebody see it: the secretariat, and who audits.
pub const READ: &[Power] = &[Power::ReadDay];
