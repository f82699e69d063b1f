//! Finding services in the register: by words, class, kind and state at an instant.

use domain::act::RegistrationNumber;
use domain::calendar::Instant;
use domain::declaration::{Class, Kind};
use domain::registration::Registration;

use crate::store::{Error, Page, Search, Store};

/// Which services to list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub words: String,
    pub class: Option<Class>,
    pub kind: Option<Kind>,
    /// A state's word: `valid`, `suspended` …; empty for all.
    pub states: Vec<String>,
    pub after: Option<RegistrationNumber>,
}

/// At most `limit` services, in the order of their numbers. State is computed for `at`, so the rows read may be more
/// than the rows kept; a page at a time is in memory.
pub async fn find(store: &Store, wanted: &Wanted, limit: usize, at: Instant) -> Result<Page<Registration>, Error> {
    let mut found = Page { items: Vec::new(), has_more: false };
    let mut after = wanted.after.clone();
    loop {
        let search = Search { words: wanted.words.clone(), after: after.take(), limit: 200 };
        let page = store.search(&search).await?;
        after = page.items.last().map(|registration| registration.number.clone());
        for registration in page.items.into_iter().filter(|registration| is_wanted(registration, wanted, at)) {
            if found.items.len() == limit {
                found.has_more = true;
                return Ok(found);
            }
            found.items.push(registration);
        }
        if !page.has_more {
            return Ok(found);
        }
    }
}

fn is_wanted(registration: &Registration, wanted: &Wanted, at: Instant) -> bool {
    let listing = &registration.listing;
    wanted.class.is_none_or(|class| listing.class == class)
        && wanted.kind.is_none_or(|kind| listing.monitoring == kind)
        && (wanted.states.is_empty() || wanted.states.iter().any(|state| state == registration.status(at).as_str()))
}
