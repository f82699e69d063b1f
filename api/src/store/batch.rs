//! What a batch has written and the database does not hold yet, and what it knows of the database.
//!
//! A job writes into [`Changes`] of its own, which are dropped if it is refused and join the batch if not. The rows go
//! out together, one statement for each table, when the batch ends or when a query must see them ([`Batch::take`]).
//! A deed therefore asks first and writes afterwards: a query does not see what its own deed has written.
//!
//! Rows that the batch has read or written stay known to the next one, until another process writes or a commit fails.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::act::Subject;
use domain::application::Application;
use domain::edition::{Editions, PublishedEdition};
use domain::examination::Examination;
use domain::licence::Licence;
use domain::people::Person;
use domain::proposal::Proposal;
use domain::registration::Registration;
use domain::settings::{ChangedSetting, Settings};
use domain::signing_key::SigningKey;
use domain::tlog::merkle::{Frontier, Hash};
use domain::watching::{Complaint, PriceCheck, Report};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter,
    QueryTrait, Statement,
};

use super::entities::{
    acts, applications, complaints, editions, examinations, licences, members, people, price_checks, proposals,
    registrations, reports, settings, signing_keys, trail,
};
use super::places::Places;
use super::tx::Entry;
use super::{Error, tables};

/// Rows known of each table beyond the batch they were written in.
const KNOWN: usize = 4_000;
/// Rows in one statement: SQLite binds 32,766 values at most.
const ROWS: usize = 1_000;

/// A state as its table keeps it.
pub(super) trait Stored: Clone + Send + Sync {
    type Entity: EntityTrait<Model = Self::Row>;
    type Row: IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel> + Send;

    /// The columns that acts change. The others are what the row is found by, and stay as they were.
    const CHANGING: &'static [<Self::Entity as EntityTrait>::Column];

    /// The row's key.
    fn key(&self) -> String;
    fn row(&self) -> Self::Row;
}

/// A licence with the token that was signed for it.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    pub(super) licence: Licence,
    pub(super) token: Vec<u8>,
    /// What makes two holders the same one.
    pub(super) holder: String,
}

impl Marked {
    pub(super) fn new(licence: Licence, token: Vec<u8>) -> Self {
        let holder = tables::holder_of(&licence.grant);
        Self { licence, token, holder }
    }
}

macro_rules! stored {
    ($($state:ty: $table:ident, $key:ident, [$($column:ident),+], |$it:ident| $row:expr;)+) => {
        $(impl Stored for $state {
            type Entity = $table::Entity;
            type Row = $table::Model;

            const CHANGING: &'static [$table::Column] = &[$($table::Column::$column),+];

            fn key(&self) -> String {
                self.$key.to_string()
            }

            fn row(&self) -> Self::Row {
                let $it = self;
                $row
            }
        })+
    };
}

stored! {
    Application: applications, id, [Version, Stage, State, ConditionDue, ObjectedAt], |state| tables::application(state);
    Examination: examinations, id, [Version, State], |state| tables::examination(state);
    Person: people, id, [Version, IsDismissed, State], |state| tables::person(state);
    Proposal: proposals, id, [Version, IsDropped, State], |state| tables::proposal(state);
    SigningKey: signing_keys, id, [Version, State], |state| tables::signing_key(state);
    PublishedEdition: editions, id, [Version, State], |state| tables::edition(state);
    Complaint: complaints, id, [Version, ClosedAt, State], |state| tables::complaint(state);
    PriceCheck: price_checks, id, [Version, State], |state| tables::price_check(state);
    ChangedSetting: settings, id, [Version, State], |state| tables::setting(state);
    Report: reports, id, [Version, State], |state| tables::report(state);
}

impl Stored for Marked {
    type Entity = licences::Entity;
    type Row = licences::Model;

    const CHANGING: &'static [licences::Column] =
        &[licences::Column::Version, licences::Column::IsClosed, licences::Column::Token, licences::Column::State];

    fn key(&self) -> String {
        self.licence.id.to_string()
    }

    fn row(&self) -> Self::Row {
        tables::licence(&self.licence, self.token.clone())
    }
}

/// A registration with its search key, which changes only with the listing and costs more than all the rest of the row.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) registration: Registration,
    pub(super) search_key: String,
}

impl Listed {
    /// `before` is the same registration as it was.
    pub(super) fn new(registration: Registration, before: Option<&Self>) -> Self {
        let before = before.filter(|before| before.registration.listing == registration.listing);
        let search_key = before.map_or_else(|| tables::names_key(&registration), |before| before.search_key.clone());
        Self { registration, search_key }
    }
}

impl Stored for Listed {
    type Entity = registrations::Entity;
    type Row = registrations::Model;

    const CHANGING: &'static [registrations::Column] = &[
        registrations::Column::Version,
        registrations::Column::Owner,
        registrations::Column::SearchKey,
        registrations::Column::Pending,
        registrations::Column::TermUntil,
        registrations::Column::State,
    ];

    fn key(&self) -> String {
        self.registration.number.to_string()
    }

    fn row(&self) -> Self::Row {
        tables::registration_under(&self.registration, self.search_key.clone())
    }
}

/// Rows to be written, by key. True: there is no such row yet.
#[derive(Debug)]
pub(super) struct Waiting<S>(BTreeMap<String, (bool, Arc<S>)>);

impl<S> Default for Waiting<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S: Stored> Waiting<S> {
    pub(super) fn put(&mut self, is_new: bool, state: Arc<S>) {
        let slot = self.0.entry(state.key()).or_insert((is_new, state.clone()));
        slot.1 = state;
    }

    pub(super) fn get(&self, key: &str) -> Option<&Arc<S>> {
        self.0.get(key).map(|(_, state)| state)
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &S> {
        self.0.values().map(|(_, state)| &**state)
    }

    /// The statements that write the rows, new ones and changed ones apart: a new row that is there already is a
    /// conflict.
    pub(super) fn into_statements(self, backend: DbBackend) -> Vec<Statement> {
        let (new, changed): (Vec<_>, Vec<_>) = self.0.into_values().partition(|(is_new, _)| *is_new);
        let new = new.chunks(ROWS).map(|rows| {
            let rows = rows.iter().map(|(_, state)| state.row().into_active_model());
            S::Entity::insert_many(rows).build(backend)
        });
        let changed = changed.chunks(ROWS).map(|rows| {
            let rows = rows.iter().map(|(_, state)| state.row().into_active_model());
            let key = <S::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
            let replaced = OnConflict::columns(key).update_columns(S::CHANGING.iter().copied()).to_owned();
            S::Entity::insert_many(rows).on_conflict(replaced).build(backend)
        });
        new.chain(changed).collect()
    }
}

/// Runs statements in as few messages to the driver's thread as the engine allows: SQLite takes a text of several, and
/// each message costs as much as a small statement.
pub(super) async fn run(conn: &impl ConnectionTrait, statements: Vec<Statement>) -> Result<(), Error> {
    if conn.get_database_backend() != DbBackend::Sqlite {
        for statement in statements {
            conn.execute_raw(statement).await?;
        }
        return Ok(());
    }
    let text: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    let text = text.join("; ");
    let values = statements.into_iter().filter_map(|statement| statement.values).flat_map(|values| values.0);
    conn.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, text, values)).await?;
    Ok(())
}

/// One table: what waits to be written, and what is known of the rest.
pub(super) struct Table<S> {
    pub(super) waiting: Waiting<S>,
    known: quick_cache::unsync::Cache<String, Arc<S>>,
}

impl<S> Default for Table<S> {
    fn default() -> Self {
        Self { waiting: Waiting::default(), known: quick_cache::unsync::Cache::new(KNOWN) }
    }
}

impl<S: Stored> Table<S> {
    pub(super) fn get(&self, key: &str) -> Option<Arc<S>> {
        self.waiting.get(key).or_else(|| self.known.get(key)).cloned()
    }

    /// Remembers a row as it was read.
    pub(super) fn learn(&mut self, state: Arc<S>) {
        self.known.insert(state.key(), state);
    }

    fn join(&mut self, changes: Waiting<S>) {
        for (is_new, state) in changes.0.into_values() {
            self.learn(state.clone());
            self.waiting.put(is_new, state);
        }
    }
}

/// What one job has written.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) applications: Waiting<Application>,
    pub(super) examinations: Waiting<Examination>,
    pub(super) registrations: Waiting<Listed>,
    pub(super) licences: Waiting<Marked>,
    pub(super) people: Waiting<Person>,
    pub(super) proposals: Waiting<Proposal>,
    pub(super) signing_keys: Waiting<SigningKey>,
    pub(super) editions: Waiting<PublishedEdition>,
    pub(super) reports: Waiting<Report>,
    pub(super) complaints: Waiting<Complaint>,
    pub(super) price_checks: Waiting<PriceCheck>,
    pub(super) settings: Waiting<ChangedSetting>,
    pub(super) acts: Vec<(acts::Model, Hash, Subject)>,
    pub(super) trail: Vec<trail::ActiveModel>,
}

/// The statements that write down anew whom each of these people belongs to.
fn member_statements(people: &Waiting<Person>, backend: DbBackend) -> Vec<Statement> {
    let changed: Vec<&Person> = people.states().collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let of = members::Column::Person.is_in(changed.iter().map(|person| person.id.as_str()));
    let mut statements = vec![members::Entity::delete_many().filter(of).build(backend)];
    let rows: Vec<_> = changed.into_iter().flat_map(tables::members).map(IntoActiveModel::into_active_model).collect();
    for rows in rows.chunks(ROWS) {
        statements.push(members::Entity::insert_many(rows.iter().cloned()).build(backend));
    }
    statements
}

/// The running batch.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) applications: Table<Application>,
    pub(super) examinations: Table<Examination>,
    pub(super) registrations: Table<Listed>,
    pub(super) licences: Table<Marked>,
    pub(super) people: Table<Person>,
    pub(super) proposals: Table<Proposal>,
    pub(super) signing_keys: Table<SigningKey>,
    pub(super) editions: Table<PublishedEdition>,
    pub(super) reports: Table<Report>,
    pub(super) complaints: Table<Complaint>,
    pub(super) price_checks: Table<PriceCheck>,
    pub(super) settings: Table<ChangedSetting>,
    /// Every key and every edition, while nothing changes one of them.
    pub(super) all_keys: Option<Arc<Vec<SigningKey>>>,
    pub(super) all_editions: Option<Arc<Editions>>,
    /// The same of the settings.
    pub(super) all_settings: Option<Arc<Settings>>,
    /// What is taken of the newest status list, once somebody asked.
    pub(super) places: Option<Places>,
    acts: Vec<acts::Model>,
    trail: Vec<trail::ActiveModel>,
    /// Requests that acts of this batch answered.
    requests: HashMap<String, (Subject, Entry)>,
    subjects: Vec<Subject>,
    pub(super) frontier: Frontier,
    /// Rows were taken out to be written and are not in the database: nothing of the batch may be committed.
    is_broken: bool,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({} acts)", self.acts.len())
    }
}

impl Batch {
    /// A batch after another one: `known` holds unless somebody else has written since.
    pub(super) fn begin(head: Frontier, before: Self) -> Self {
        if before.frontier.size() == head.size() { before } else { Self { frontier: head, ..Self::default() } }
    }

    /// What an act of this batch was done to for the same request.
    pub(super) fn answered(&self, request: &str) -> Option<(Subject, Entry)> {
        self.requests.get(request).cloned()
    }

    /// A job's changes join.
    pub(super) fn join(&mut self, changes: Changes) {
        self.applications.join(changes.applications);
        self.examinations.join(changes.examinations);
        self.registrations.join(changes.registrations);
        if let Some(places) = &mut self.places {
            changes.licences.states().for_each(|marked| places.take(marked.licence.grant.status_index));
        }
        self.licences.join(changes.licences);
        self.people.join(changes.people);
        self.proposals.join(changes.proposals);
        self.trail.extend(changes.trail);
        if !changes.signing_keys.0.is_empty() {
            self.all_keys = None;
        }
        self.signing_keys.join(changes.signing_keys);
        if !changes.editions.0.is_empty() {
            self.all_editions = None;
        }
        self.editions.join(changes.editions);
        self.reports.join(changes.reports);
        self.complaints.join(changes.complaints);
        self.price_checks.join(changes.price_checks);
        if !changes.settings.0.is_empty() {
            self.all_settings = None;
        }
        self.settings.join(changes.settings);
        for (row, hash, subject) in changes.acts {
            if let Some(request) = &row.request {
                self.requests.insert(request.clone(), (subject.clone(), Entry { seq: row.seq as u64 }));
            }
            self.frontier.append(hash);
            self.acts.push(row);
            self.subjects.push(subject);
        }
    }

    /// Does anything wait to be written?
    pub(super) fn is_empty(&self) -> bool {
        self.acts.is_empty() && self.trail.is_empty()
    }

    /// Takes rows out to be written at once. Until [`Batch::mended`] the batch cannot be committed.
    pub(super) fn take<S: Stored>(&mut self, table: fn(&mut Self) -> &mut Table<S>) -> Option<Waiting<S>> {
        let waiting = std::mem::take(&mut table(self).waiting);
        let is_any = !waiting.0.is_empty();
        self.is_broken |= is_any;
        is_any.then_some(waiting)
    }

    /// What was taken is in the database.
    pub(super) fn mended(&mut self) {
        self.is_broken = false;
    }

    /// The statements that write everything that waits, acts last; and what they are about.
    pub(super) fn take_all(&mut self, backend: DbBackend) -> Result<(Vec<Statement>, Vec<Subject>), Error> {
        if self.is_broken {
            return Err(Error::Stopped);
        }
        let mut statements = self.take_states(backend);
        let mut acts = std::mem::take(&mut self.acts);
        while !acts.is_empty() {
            let rest = acts.split_off(acts.len().min(ROWS));
            let rows = acts.into_iter().map(IntoActiveModel::into_active_model);
            statements.push(acts::Entity::insert_many(rows).build(backend));
            acts = rest;
        }
        let mut trail = std::mem::take(&mut self.trail);
        while !trail.is_empty() {
            let rest = trail.split_off(trail.len().min(ROWS));
            statements.push(trail::Entity::insert_many(trail).build(backend));
            trail = rest;
        }
        self.requests.clear();
        Ok((statements, std::mem::take(&mut self.subjects)))
    }

    /// The statements that write every state that waits. Whoever takes them runs them, or gives the batch up.
    pub(super) fn take_states(&mut self, backend: DbBackend) -> Vec<Statement> {
        let mut statements = std::mem::take(&mut self.applications.waiting).into_statements(backend);
        statements.extend(std::mem::take(&mut self.examinations.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.registrations.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.licences.waiting).into_statements(backend));
        statements.extend(member_statements(&self.people.waiting, backend));
        statements.extend(std::mem::take(&mut self.people.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.proposals.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.signing_keys.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.editions.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.reports.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.complaints.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.price_checks.waiting).into_statements(backend));
        statements.extend(std::mem::take(&mut self.settings.waiting).into_statements(backend));
        statements
    }
}
