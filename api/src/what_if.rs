//! What if another edition governed: the engine over every registered service and open application, some at a time.

use std::sync::Arc;

use domain::act::{ApplicationId, EditionId, RegistrationNumber};
use domain::application::{Application, Stage};
use domain::assessment::Outcome;
use domain::calendar::Instant;
use domain::declaration::{Class, Kind};
use domain::edition::{Change, Edition, Editions, changes};
use domain::registration::{Registration, Status};
use domain::what_if::{WhatIf, what_if};
use serde::Serialize;

use crate::acts::Refused;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Cases, Page};

/// Cases read at once.
const AT_A_TIME: u64 = 200;

/// Stages in which a case can be what a new edition is about: on its way, or decided and registered since.
const STAGES: [&str; 5] = ["submitted", "returned", "examining", "recommended", "decided"];

/// A file, beside the editions it would join.
#[derive(Clone, Debug)]
pub struct Candidate {
    editions: Arc<Editions>,
    after: Arc<Editions>,
    id: EditionId,
}

/// What a proposed edition would find of one service.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    pub application: ApplicationId,
    /// Where it is registered, and its registration has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
    pub service: String,
    pub class: Class,
    pub kind: Kind,
    /// The edition it is bound to.
    pub edition: String,
    #[serde(flatten)]
    pub found: WhatIf,
}

/// How many services, by what would be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    pub met: u64,
    pub unmet: u64,
    pub undetermined: u64,
    /// Of all of them, those of which something else would be found than under their own edition.
    pub changed: u64,
}

/// All of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub registered: Count,
    pub applications: Count,
}

impl Count {
    fn add(&mut self, found: &WhatIf) {
        match found.after {
            Outcome::Met => self.met += 1,
            Outcome::Unmet => self.unmet += 1,
            Outcome::Undetermined => self.undetermined += 1,
        }
        self.changed += u64::from(!found.changed.is_empty());
    }
}

impl Counts {
    /// One more.
    pub fn add(&mut self, case: &Case) {
        let of = if case.registration.is_some() { &mut self.registered } else { &mut self.applications };
        of.add(&case.found);
    }
}

impl Candidate {
    /// Reads a file as it would be published; every fault is told of.
    pub async fn read(registry: &Registry, text: &str) -> Result<Self, Problem> {
        let editions = registry.store.editions().await?;
        let read = editions.with("edition.toml", text).map_err(domain::edition::Refusal::File);
        let (after, id) = read.map_err(|refusal| Problem::from(Refused::Edition(refusal)))?;
        Ok(Self { editions, after: Arc::new(after), id })
    }

    /// A proposed file, by its SHA-256; none that is not kept.
    pub async fn of(registry: &Registry, digest: &str) -> Result<Option<Self>, Problem> {
        let Some(text) = registry.store.edition_file(digest).await? else { return Ok(None) };
        Self::read(registry, &text).await.map(Some)
    }

    /// An edition as it is published: what it finds of the cases that are bound to files it has corrected.
    pub async fn corrected(registry: &Registry, id: &str) -> Result<Option<Self>, Problem> {
        let editions = registry.store.editions().await?;
        let id = editions.find(id).map(|edition| edition.id.clone());
        Ok(id.map(|id| Self { after: editions.clone(), editions, id }))
    }

    /// The edition as it would be.
    pub fn edition(&self) -> &Edition {
        self.after.find(self.id.as_str()).expect("it was read into these")
    }

    /// The file it would take the place of; none for a new edition.
    pub fn corrects(&self) -> Option<&Edition> {
        self.editions.find(self.id.as_str())
    }

    /// Against the file it corrects, or the edition it replaces; none for the first of all.
    pub fn changes(&self) -> Vec<Change> {
        let replaced = || self.editions.find(self.edition().replaces.as_deref()?);
        self.corrects().or_else(replaced).map(|before| changes(before, self.edition())).unwrap_or_default()
    }

    /// Some cases behind `after`, in the order of their numbers: every registered service and every open application,
    /// or, of a correction, those that are bound to an earlier file of this edition. Where to go on is the second; none at the end.
    pub async fn some(
        &self,
        registry: &Registry,
        after: Option<&ApplicationId>,
        at: Instant,
    ) -> Result<(Vec<Case>, Option<ApplicationId>), Problem> {
        let wanted = Cases { stages: &STAGES, after, limit: AT_A_TIME, ..Cases::default() };
        let Page { items, has_more } = registry.store.cases(&wanted).await?;
        let next = items.last().filter(|_| has_more).map(|last| last.id.clone());
        let decided = items.iter().filter(|one| matches!(one.stage, Stage::Decided { .. })).map(|one| &one.id);
        let registrations = registry.store.registrations_from(decided).await?;
        let is_over = |status: &Status| {
            matches!(status, Status::Lapsed { .. } | Status::Revoked { .. } | Status::Discontinued { .. })
        };
        let mut found = Vec::with_capacity(items.len());
        for application in &items {
            let in_force = registrations.get(&application.id).filter(|of| !is_over(&of.status(at)));
            found.extend(self.case(registry, application, in_force).await?);
        }
        Ok((found, next))
    }

    /// The whole register, counted.
    pub async fn count(&self, registry: &Registry, at: Instant) -> Result<Counts, Problem> {
        let (mut counts, mut after) = (Counts::default(), None);
        loop {
            let (some, next) = self.some(registry, after.as_ref(), at).await?;
            some.iter().for_each(|case| counts.add(case));
            match next {
                Some(next) => after = Some(next),
                None => return Ok(counts),
            }
        }
    }

    /// What is found of one application; none where it is not of those. `in_force` is the registration it led to, while
    /// that has not ended.
    async fn case(
        &self,
        registry: &Registry,
        application: &Application,
        in_force: Option<&Registration>,
    ) -> Result<Option<Case>, Problem> {
        let is_bound = application.edition == self.id.as_str();
        let is_newest = application.edition_digest == self.edition().digest_hex();
        if self.corrects().is_some() && (!is_bound || is_newest) {
            return Ok(None);
        }
        if matches!(application.stage, Stage::Decided { .. }) && in_force.is_none() {
            return Ok(None);
        }
        let missing = || Problem::internal(&format!("no file for the edition of {}", application.id));
        let bound = self.editions.with_digest(&application.edition_digest).ok_or_else(missing)?;
        let service = &application.declaration.service;
        let record = registry.store.track_record(&application.owner, service.class, application.submitted_at).await?;
        let day = application.governing_day();
        Ok(Some(Case {
            application: application.id.clone(),
            registration: in_force.map(|registration| registration.number.clone()),
            service: service.name.clone(),
            class: service.class,
            kind: service.kind,
            edition: application.edition.clone(),
            found: what_if(bound, self.edition(), &application.declaration, day, Some(&record)),
        }))
    }
}
