//! What is declared of a registered service now, and what a change of it would mean; nothing is saved here.

use domain::assessment::assess_under;
use domain::calendar::Instant;
use domain::declaration::Declaration;
use domain::registration::{Preview, Registration};

use crate::acts::Refused;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Error;

/// What is declared of it now: what it was last judged on, with whatever was notified since.
pub async fn declared(registry: &Registry, registration: &Registration) -> Result<Declaration, Problem> {
    if let Some(declared) = &registration.declared {
        return Ok((**declared).clone());
    }
    let missing = || Error::Corrupt { table: "registrations", column: "state", row: registration.number.to_string() };
    let found = registry.store.application(registration.judged_on()).await?;
    Ok(found.ok_or_else(missing)?.declaration)
}

/// What `after` would mean: which fields differ, which criteria that touches under the edition that governs today, and
/// what the engine finds of those, before and after, with the very functions that assess what is submitted.
pub async fn preview(
    registry: &Registry,
    registration: &Registration,
    after: &Declaration,
    at: Instant,
) -> Result<Preview, Problem> {
    let now = declared(registry, registration).await?;
    let (day, editions) = (at.day(), registry.store.editions().await?);
    let edition = editions.governing(day).ok_or(Refused::NoEdition { day })?;
    let touched = registration.touched(&now, after, edition)?;
    let class = registration.listing.class;
    let record = registry.store.track_record(&registration.owner, class, at).await?;
    let found = |declaration| assess_under(edition, declaration, day, Some(&record)).findings;
    Ok(Preview::of(touched, found(&now), found(after)))
}
