//! Registrations, licences, keys and editions kept in memory, so that a scanned mark costs no query.
//!
//! A reader that loaded a row before a commit must not put it back after the commit threw it out. So each commit first
//! raises `generation` and then removes; each reader inserts first and then removes again if the generation has moved.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use domain::act::{RegistrationNumber, Subject};
use domain::edition::Editions;
use domain::licence::{Licence, LicenceId};
use domain::registration::Registration;
use domain::settings::Settings;
use domain::signing_key::SigningKey;

/// Entries kept of each kind; an entry is about 1 kB.
const REGISTRATIONS: usize = 4_000;
const LICENCES: usize = 50_000;

pub(super) struct Cache {
    generation: AtomicU64,
    pub(super) registrations: quick_cache::sync::Cache<RegistrationNumber, Arc<Registration>>,
    pub(super) licences: quick_cache::sync::Cache<LicenceId, Arc<Licence>>,
    pub(super) keys: Whole<Vec<SigningKey>>,
    pub(super) editions: Whole<Editions>,
    pub(super) settings: Whole<Settings>,
    pub(super) lists: Mutex<Touched>,
}

/// What happened since the start that status lists tell of.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// How often something happened that every list may tell.
    pub(super) all: u64,
    /// How often something happened to a licence of this list.
    pub(super) lists: BTreeMap<u32, u64>,
    /// Licences to which something happened; which list each is in was not looked up yet.
    pub(super) licences: Vec<LicenceId>,
}

impl Touched {
    /// Licences that are looked up one by one; more of them are every list.
    const MOST: usize = 10_000;

    fn take(&mut self, subject: &Subject) {
        match subject {
            Subject::Registration(_) => self.all += 1,
            Subject::Licence(id) if self.licences.len() < Self::MOST => self.licences.push(*id),
            Subject::Licence(_) => {
                self.licences.clear();
                self.all += 1;
            }
            _ => {}
        }
    }
}

/// Something small that is kept whole, or not at all.
pub(super) struct Whole<T> {
    /// How often it was forgotten, and what is known since.
    kept: Mutex<(u64, Option<Arc<T>>)>,
}

impl<T> Whole<T> {
    fn new() -> Self {
        Self { kept: Mutex::new((0, None)) }
    }

    /// What is kept, or else what `read` finds; kept only if it was not forgotten meanwhile.
    pub(super) async fn get_or_read<E>(&self, read: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let (times, known) = self.held().clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = Arc::new(read.await?);
        let mut kept = self.held();
        if kept.0 == times {
            kept.1 = Some(found.clone());
        }
        Ok(found)
    }

    fn forget(&self) {
        let mut kept = self.held();
        *kept = (kept.0 + 1, None);
    }

    fn held(&self) -> MutexGuard<'_, (u64, Option<Arc<T>>)> {
        self.kept.lock().expect("nobody panics while holding it")
    }
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
            keys: Whole::new(),
            editions: Whole::new(),
            settings: Whole::new(),
            lists: Mutex::default(),
        }
    }

    /// What happened that status lists tell of.
    pub(super) fn touched(&self) -> MutexGuard<'_, Touched> {
        self.lists.lock().expect("nobody panics while holding it")
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
        let mut lists = self.touched();
        for subject in subjects {
            lists.take(subject);
            match subject {
                Subject::Registration(number) => drop(self.registrations.remove(number)),
                Subject::Licence(id) => drop(self.licences.remove(id)),
                Subject::Key(_) => self.keys.forget(),
                Subject::Edition(_) => self.editions.forget(),
                Subject::Setting(_) => self.settings.forget(),
                Subject::Application(_)
                | Subject::Examination(_)
                | Subject::Proposal(_)
                | Subject::Person(_)
                | Subject::Report(_)
                | Subject::Complaint(_)
                | Subject::PriceCheck(_) => {}
            }
        }
    }
}
