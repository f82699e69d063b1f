//! Registrations and licences kept in memory, so that a scanned mark costs no query.
//!
//! A reader that loaded a row before a commit must not put it back after the commit threw it out. So each commit first
//! raises `generation` and then removes; each reader inserts first and then removes again if the generation has moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::act::{RegistrationNumber, Subject};
use domain::licence::{Licence, LicenceId};
use domain::registration::Registration;

/// Entries kept of each kind; an entry is about 1 kB.
const REGISTRATIONS: usize = 4_000;
const LICENCES: usize = 50_000;

pub(super) struct Cache {
    generation: AtomicU64,
    pub(super) registrations: quick_cache::sync::Cache<RegistrationNumber, Arc<Registration>>,
    pub(super) licences: quick_cache::sync::Cache<LicenceId, Arc<Licence>>,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cache({} registrations, {} licences)", self.registrations.len(), self.licences.len())
    }
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            generation: AtomicU64::new(0),
            registrations: quick_cache::sync::Cache::new(REGISTRATIONS),
            licences: quick_cache::sync::Cache::new(LICENCES),
        }
    }

    /// The generation before a row is loaded.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Has a commit come between?
    pub(super) fn is_outdated(&self, since: u64) -> bool {
        self.generation() != since
    }

    /// Forgets what a commit changed. Called after the commit and before anybody is told of it.
    pub(super) fn forget<'a>(&self, subjects: impl IntoIterator<Item = &'a Subject>) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        for subject in subjects {
            match subject {
                Subject::Registration(number) => drop(self.registrations.remove(number)),
                Subject::Licence(id) => drop(self.licences.remove(id)),
                Subject::Application(_)
                | Subject::Examination(_)
                | Subject::Proposal(_)
                | Subject::Person(_)
                | Subject::Key(_) => {}
            }
        }
    }
}
