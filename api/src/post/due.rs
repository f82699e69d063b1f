//! Due days: reminders of them, and what is due for one person.

use std::sync::Arc;

use domain::act::{RegistrationNumber, Subject};
use domain::calendar::{Day, Instant};
use domain::notice::{Audience, Due, Reminder, due_of_application, due_of_proposal, due_of_registration};
use domain::proposal::Standing;

use super::{Event, Told, origin};
use crate::acts::{AtHand, Errand, Refused};
use crate::clock;
use crate::registry::Registry;
use crate::store::{Cases, Error};

/// Rows looked at together.
const PAGE: u64 = 200;

/// Days behind the last day of a term on which something of it may still be due.
pub(crate) const BEHIND: i32 = 120;

/// Everything that is due, of whatever is registered or under way.
async fn everything(registry: &Registry, now: Instant, mut each: impl FnMut(Due)) -> Result<(), Refused> {
    let (store, today) = (&registry.store, now.day());
    let settings = store.settings().await?;
    let mut after: Option<(Day, RegistrationNumber)> = None;
    loop {
        let place = after.as_ref().map(|(until, number)| (*until, number));
        let found = store.running(today.plus_days(-BEHIND), place, PAGE).await?;
        let reports = store.reports_of(found.items.iter().map(|one| &one.number)).await?;
        let due = |one| due_of_registration(one, &reports, &settings, today);
        found.items.iter().flat_map(due).for_each(&mut each);
        after = found.items.last().map(|last| (last.last_term().until, last.number.clone()));
        if !found.has_more {
            break;
        }
    }
    let mut after = None;
    loop {
        let wanted = Cases { stages: &["examining"], after: after.as_ref(), limit: PAGE, ..Cases::default() };
        let found = store.cases(&wanted).await?;
        found.items.iter().flat_map(|one| due_of_application(one, &settings, today)).for_each(&mut each);
        after = found.items.last().map(|last| last.id.clone());
        if !found.has_more {
            break;
        }
    }
    hearings(registry, now).await?.into_iter().for_each(&mut each);
    let mut after = None;
    loop {
        let found = store.cases_with_conditions(&[], after.as_ref(), PAGE).await?;
        found.items.iter().flat_map(|one| due_of_application(one, &settings, today)).for_each(&mut each);
        let last = found.items.last().and_then(crate::store::AfterDue::of);
        after = last.and_then(|place| place.parse().ok());
        if !found.has_more || after.is_none() {
            return Ok(());
        }
    }
}

/// Of what is proposed: until when providers state their side.
async fn hearings(registry: &Registry, now: Instant) -> Result<Vec<Due>, Error> {
    let mut found = Vec::new();
    for proposal in registry.store.proposals_waiting(now).await? {
        let Subject::Registration(number) = proposal.motion.subject() else { continue };
        let Some(about) = registry.store.registration(&number).await? else { continue };
        if proposal.standing(about.measured(), now) == Standing::Open {
            found.extend(due_of_proposal(&proposal, &about, now.day()));
        }
    }
    Ok(found)
}

/// Puts down the reminders that stand on this day, whoever else does so too. One that was put down before is not again.
pub async fn remind(registry: &Arc<Registry>, now: Instant) -> Result<(), Refused> {
    let days = registry.scheme.reminder_days.value.clone();
    let mut standing: Vec<(Reminder, Event)> = Vec::new();
    let today = now.day();
    everything(registry, now, |due| {
        if let Some(reminder) = due.reminder(&days, today) {
            let event = Event {
                kind: "deadline.near".to_owned(),
                subject: due.subject.to_string(),
                version: None,
                leaf: None,
                due: Some(due.day),
            };
            standing.push((reminder, event));
        }
    })
    .await?;
    for some in standing.chunks(PAGE as usize) {
        registry.run(Remind(some.to_vec()), origin(), clock::now()).await?;
    }
    Ok(())
}

#[derive(Debug)]
struct Remind(Vec<(Reminder, Event)>);

impl Errand for Remind {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        for (reminder, event) in self.0 {
            let told = Told { notice: reminder.notice, event, by: None };
            at_hand.tx.announce(&reminder.id, at_hand.at, &told).await?;
        }
        Ok(())
    }
}

/// What is due for this person, the first day first.
pub async fn of_person(
    registry: &Registry,
    person: &domain::people::Person,
    now: Instant,
) -> Result<Vec<Due>, Refused> {
    let today = now.day();
    let settings = registry.store.settings().await?;
    let concerns = |audience: &Audience| match audience {
        Audience::Company(id) => person
            .memberships
            .iter()
            .any(|held| held.organisation == *id && held.role.is_companys() && held.is_in_force(today)),
        Audience::People(people) => people.contains(&person.id),
        Audience::Role(role) => person.is(*role, today),
        Audience::Users(_) => false,
    };
    let mut found = Vec::new();
    let companies: Vec<_> =
        person.memberships.iter().filter(|held| held.role.is_companys() && held.is_in_force(today)).collect();
    for held in &companies {
        let own = registry.store.registrations_of(&held.organisation).await?;
        let reports = registry.store.reports_of(own.iter().map(|one| &one.number)).await?;
        found.extend(own.iter().flat_map(|one| due_of_registration(one, &reports, &settings, today)));
    }
    if !companies.is_empty() {
        found.extend(hearings(registry, now).await?);
    }
    let owners: Vec<_> = companies.iter().map(|held| held.organisation.clone()).collect();
    let examines = person.is(domain::act::Role::Examiner, today);
    for (owners, examiner) in [(&owners[..], None), (&[][..], Some(&person.id))] {
        if owners.is_empty() && !(examiner.is_some() && examines) {
            continue;
        }
        let mut after = None;
        loop {
            let stages = &["examining", "decided"];
            let wanted = Cases { stages, owners, examiner, after: after.as_ref(), limit: PAGE, ..Cases::default() };
            let page = registry.store.cases(&wanted).await?;
            found.extend(page.items.iter().flat_map(|one| due_of_application(one, &settings, today)));
            after = page.items.last().map(|last| last.id.clone());
            if !page.has_more {
                break;
            }
        }
    }
    found.retain(|due| due.audience.iter().any(concerns));
    found.sort_by(|a, b| (a.day, a.subject.to_string(), &a.what).cmp(&(b.day, b.subject.to_string(), &b.what)));
    found.dedup_by(|a, b| a.subject == b.subject && a.what == b.what);
    Ok(found)
}
