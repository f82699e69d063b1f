//! Registrations of which something waits: emergencies, corrections, objections.

use domain::authority::Power;
use domain::calendar::Instant;
use domain::registration::Registration;

use crate::caller::Visitor;
use crate::registry::Registry;
use crate::store::{Error, Search};

/// Those that the visitor may read the measures of, the first to wait or to be due first. A page of the register at a time
/// is in memory, and those that are kept.
pub async fn waiting(registry: &Registry, visitor: &Visitor) -> Result<Vec<(Instant, Registration)>, Error> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = registry.store.search(&Search { words: String::new(), after, limit: 200 }).await?;
        after = page.items.last().map(|registration| registration.number.clone());
        for registration in page.items {
            let may = || visitor.may(Power::ReadMeasures, &registration);
            if let Some(since) = registration.attention().filter(|_| may()) {
                found.push((since, registration));
            }
        }
        if !page.has_more {
            found.sort_by(|one, other| (one.0, &one.1.number).cmp(&(other.0, &other.1.number)));
            return Ok(found);
        }
    }
}
