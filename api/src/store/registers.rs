//! Applications, examinations, registrations and licences: what acts read and write, and what faces read.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::act::{ApplicationId, OrganisationId, PersonId, RegistrationNumber};
use domain::application::Application;
use domain::examination::Examination;
use domain::licence::{Holder, Licence, LicenceId};
use domain::registration::Registration;
use domain::search_key::query_keys;
use domain::status_list::{PLACES, place};
use sea_orm::sea_query::{Expr, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::batch::{Listed, Marked};
use super::entities::{applications, examinations, licences, registrations};
use super::{Error, Store, Tx, status_lists, tables, writer};

/// An application about a registration that this has not entered: nothing of it was typed by anybody.
const WAITS: &str = "EXISTS (SELECT 1 FROM registrations WHERE registrations.number = applications.concerns \
                     AND registrations.pending LIKE '% ' || applications.id || ' %')";

/// What to look for in the register.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words as typed; each must occur in a name or a number.
    pub words: String,
    /// Only registrations after this number.
    pub after: Option<RegistrationNumber>,
    /// At most this many.
    pub limit: u64,
}

/// Which applications to list.
#[derive(Clone, Debug, Default)]
pub struct Cases<'a> {
    pub stages: &'a [&'a str],
    /// Only these organisations'; all where none is named.
    pub owners: &'a [OrganisationId],
    /// Only those that this person examines.
    pub examiner: Option<&'a PersonId>,
    /// Only those that led to no registration.
    pub is_unregistered: bool,
    pub is_newest_first: bool,
    /// Only those behind this one.
    pub after: Option<&'a ApplicationId>,
    /// At most this many.
    pub limit: u64,
}

/// Some of the rows asked for.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Are there more after these?
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Rows of which one more than `limit` was asked for.
    pub(super) fn of(mut rows: Vec<T>, limit: u64) -> Self {
        let has_more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        Self { items: rows, has_more }
    }

    /// Each row read as something else.
    pub(super) fn try_map<U>(self, read: impl Fn(T) -> Result<U, Error>) -> Result<Page<U>, Error> {
        let items = self.items.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { items, has_more: self.has_more })
    }
}

impl Store {
    /// Does one job in the writer's next batch.
    pub async fn write<J: writer::Job>(&self, job: J) -> Result<J::Done, J::Refusal> {
        self.writer.write(job).await
    }

    pub async fn application(&self, id: &ApplicationId) -> Result<Option<Application>, Error> {
        find_application(&self.read, id).await
    }

    /// The applications that are wanted, in the order of their numbers, which is that of their submission.
    pub async fn cases(&self, wanted: &Cases<'_>) -> Result<Page<Application>, Error> {
        let mut query =
            applications::Entity::find().filter(applications::Column::Stage.is_in(wanted.stages.iter().copied()));
        if !wanted.owners.is_empty() {
            let owners = wanted.owners.iter().map(OrganisationId::as_str);
            query = query.filter(applications::Column::Owner.is_in(owners));
        }
        if let Some(examiner) = wanted.examiner {
            // Ids are drawn at random, so nothing else in a state holds one.
            query = query.filter(applications::Column::State.contains(format!("\"{examiner}\"")));
        }
        if wanted.is_unregistered {
            let registered =
                Query::select().column(registrations::Column::Application).from(registrations::Entity).take();
            let is_new = Condition::all()
                .add(applications::Column::Concerns.is_null())
                .add(applications::Column::Id.not_in_subquery(registered));
            // Of what concerns a registration, it knows itself what waits.
            let waits = Expr::cust(WAITS);
            query = query.filter(Condition::any().add(is_new).add(waits));
        }
        query = match (wanted.after, wanted.is_newest_first) {
            (Some(after), true) => query.filter(applications::Column::Id.lt(after.as_str())),
            (Some(after), false) => query.filter(applications::Column::Id.gt(after.as_str())),
            (None, _) => query,
        };
        let order = if wanted.is_newest_first { Order::Desc } else { Order::Asc };
        let rows = query.order_by(applications::Column::Id, order).limit(wanted.limit + 1).all(&self.read).await?;
        let has_more = rows.len() as u64 > wanted.limit;
        let kept = rows.into_iter().take(wanted.limit as usize);
        Ok(Page { items: kept.map(application).collect::<Result<_, _>>()?, has_more })
    }

    pub async fn examinations_of(&self, id: &ApplicationId) -> Result<Vec<Examination>, Error> {
        find_examinations(&self.read, id).await
    }

    /// The examinations of several cases.
    pub async fn examinations_of_all(
        &self,
        ids: impl IntoIterator<Item = &ApplicationId>,
    ) -> Result<Vec<Examination>, Error> {
        let ids = ids.into_iter().map(ApplicationId::as_str);
        let of = examinations::Entity::find().filter(examinations::Column::Application.is_in(ids));
        let rows = of.order_by_asc(examinations::Column::Id).all(&self.read).await?;
        rows.iter().map(|row| tables::state("examinations", &row.id, &row.state)).collect()
    }

    /// A registration, from memory where it is there.
    pub async fn registration(&self, number: &RegistrationNumber) -> Result<Option<Arc<Registration>>, Error> {
        if let Some(kept) = self.cache.registrations.get(number) {
            return Ok(Some(kept));
        }
        let generation = self.cache.generation();
        let Some(found) = find_registration(&self.read, number).await?.map(Arc::new) else { return Ok(None) };
        self.cache.registrations.insert(number.clone(), found.clone());
        if self.cache.is_outdated(generation) {
            self.cache.registrations.remove(number);
        }
        Ok(Some(found))
    }

    pub async fn registration_of(&self, id: &ApplicationId) -> Result<Option<RegistrationNumber>, Error> {
        find_registration_of(&self.read, id).await
    }

    /// The registrations whose present words these applications led to, by the application.
    pub async fn registrations_from(
        &self,
        applications: impl IntoIterator<Item = &ApplicationId>,
    ) -> Result<BTreeMap<ApplicationId, Registration>, Error> {
        let ids: Vec<&str> = applications.into_iter().map(ApplicationId::as_str).collect();
        let concerned = Query::select()
            .column(applications::Column::Concerns)
            .from(applications::Entity)
            .and_where(applications::Column::Id.is_in(ids.iter().copied()))
            .and_where(applications::Column::Concerns.is_not_null())
            .take();
        let led_to = Condition::any()
            .add(registrations::Column::Application.is_in(ids))
            .add(registrations::Column::Number.in_subquery(concerned));
        let found = registrations::Entity::find().filter(led_to).all(&self.read).await?.into_iter().map(registration);
        found.map(|found| found.map(|found| (found.judged_on().clone(), found))).collect()
    }

    /// An organisation's registrations, in the order of their numbers.
    pub async fn registrations_of(&self, owner: &OrganisationId) -> Result<Vec<Registration>, Error> {
        let rows = registrations::Entity::find()
            .filter(registrations::Column::Owner.eq(owner.as_str()))
            .order_by_asc(registrations::Column::Number)
            .all(&self.read)
            .await?;
        rows.into_iter().map(registration).collect()
    }

    /// Registrations whose names and numbers hold every word, in the order of their numbers.
    pub async fn search(&self, search: &Search) -> Result<Page<Registration>, Error> {
        let mut query = registrations::Entity::find().order_by_asc(registrations::Column::Number);
        for word in query_keys(&search.words) {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
            query = query.filter(registrations::Column::SearchKey.like(pattern));
        }
        if let Some(after) = &search.after {
            query = query.filter(registrations::Column::Number.gt(after.as_str()));
        }
        let rows = query.limit(search.limit + 1).all(&self.read).await?;
        let has_more = rows.len() as u64 > search.limit;
        let kept = rows.into_iter().take(search.limit as usize);
        Ok(Page { items: kept.map(registration).collect::<Result<_, _>>()?, has_more })
    }

    /// A licence, from memory where it is there.
    pub async fn licence(&self, id: LicenceId) -> Result<Option<Arc<Licence>>, Error> {
        if let Some(kept) = self.cache.licences.get(&id) {
            return Ok(Some(kept));
        }
        let generation = self.cache.generation();
        let row = licences::Entity::find_by_id(id.to_string()).all(&self.read).await?.pop();
        let Some(found) = row.map(|row| licence(&row)).transpose()?.map(Arc::new) else { return Ok(None) };
        self.cache.licences.insert(id, found.clone());
        if self.cache.is_outdated(generation) {
            self.cache.licences.remove(&id);
        }
        Ok(Some(found))
    }

    /// A licence's token, as it was signed.
    pub async fn token(&self, id: LicenceId) -> Result<Option<Vec<u8>>, Error> {
        let rows: Vec<Vec<u8>> = licences::Entity::find_by_id(id.to_string())
            .select_only()
            .column(licences::Column::Token)
            .into_tuple()
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().next())
    }

    /// An open licence that this holder has under this registration.
    pub async fn open_licence(&self, number: &RegistrationNumber, holder: &Holder) -> Result<Option<LicenceId>, Error> {
        let rows = open_licences(&self.read, number, &tables::holder(holder)).await?;
        rows.first().map(|row| Ok(licence(row)?.id)).transpose()
    }

    /// The licences under a registration, in the order of their ids.
    pub async fn licences_of(
        &self,
        number: &RegistrationNumber,
        after: Option<LicenceId>,
        limit: u64,
    ) -> Result<Page<Licence>, Error> {
        let mut query = licences::Entity::find().filter(licences::Column::Registration.eq(number.as_str()));
        if let Some(after) = after {
            query = query.filter(licences::Column::Id.gt(after.to_string()));
        }
        let rows = query.order_by_asc(licences::Column::Id).limit(limit + 1).all(&self.read).await?;
        let has_more = rows.len() as u64 > limit;
        let items = rows.iter().take(limit as usize).map(licence).collect::<Result<_, _>>()?;
        Ok(Page { items, has_more })
    }
}

async fn open_licences(
    conn: &impl ConnectionTrait,
    number: &RegistrationNumber,
    holder: &str,
) -> Result<Vec<licences::Model>, Error> {
    let query = licences::Entity::find()
        .filter(licences::Column::Registration.eq(number.as_str()))
        .filter(licences::Column::Holder.eq(holder))
        .filter(licences::Column::IsClosed.eq(false));
    Ok(query.all(conn).await?)
}

impl Tx<'_> {
    /// The running number for the next application of `year`.
    pub async fn next_application(&self, year: i32) -> Result<ApplicationId, Error> {
        self.settle(|batch| &mut batch.applications).await?;
        let of_year = LikeExpr::new(format!("A-{year}-%"));
        let count =
            applications::Entity::find().filter(applications::Column::Id.like(of_year)).count(self.conn).await?;
        Ok(format!("A-{year}-{:05}", count + 1).parse().expect("a year and a number make an identifier"))
    }

    pub async fn application(&self, id: &ApplicationId) -> Result<Option<Application>, Error> {
        let find = find_application(self.conn, id);
        self.known(id.as_str(), |own| &own.applications, |batch| &mut batch.applications, find).await
    }

    /// Has this person declared a tie to this application's applicant in another case?
    pub async fn is_tied(&self, of: &Application, person: &PersonId) -> Result<bool, Error> {
        self.settle(|batch| &mut batch.applications).await?;
        let number = of.declaration.provider.legal_entity_number.as_ref().map(ToString::to_string);
        let owners = [Some(of.owner.to_string()), number].into_iter().flatten();
        let rows = applications::Entity::find()
            .filter(applications::Column::Owner.is_in(owners))
            .filter(applications::Column::Id.ne(of.id.as_str()))
            .filter(applications::Column::State.contains(format!("\"{person}\"")))
            // Nearly none holds a tie; the others need not be read.
            .filter(applications::Column::State.contains("\"tie\":"))
            .all(self.conn)
            .await?;
        for row in rows {
            let declared = application(row)?.interests;
            if declared.iter().any(|interest| interest.examiner == *person && interest.tie.is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub async fn insert_application(&self, state: &Application) -> Result<(), Error> {
        self.own().applications.put(true, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn update_application(&self, state: &Application) -> Result<(), Error> {
        self.own().applications.put(false, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn examinations_of(&self, id: &ApplicationId) -> Result<Vec<Examination>, Error> {
        self.settle(|batch| &mut batch.examinations).await?;
        find_examinations(self.conn, id).await
    }

    pub async fn examination(&self, id: &ApplicationId, examiner: &PersonId) -> Result<Option<Examination>, Error> {
        Ok(self.examinations_of(id).await?.into_iter().find(|examination| &examination.examiner == examiner))
    }

    /// Stores an examination, new at version 1.
    pub async fn store_examination(&self, state: &Examination) -> Result<(), Error> {
        self.own().examinations.put(state.version == 1, Arc::new(state.clone()));
        Ok(())
    }

    /// How many registrations there are; none is ever removed.
    pub async fn registrations(&self) -> Result<u64, Error> {
        self.settle(|batch| &mut batch.registrations).await?;
        Ok(registrations::Entity::find().count(self.conn).await?)
    }

    pub async fn registration(&self, number: &RegistrationNumber) -> Result<Option<Registration>, Error> {
        let find = find_listed(self.conn, number);
        let found =
            self.known(number.as_str(), |own| &own.registrations, |batch| &mut batch.registrations, find).await?;
        Ok(found.map(|listed| listed.registration))
    }

    pub async fn registration_of(&self, id: &ApplicationId) -> Result<Option<RegistrationNumber>, Error> {
        self.settle(|batch| &mut batch.registrations).await?;
        find_registration_of(self.conn, id).await
    }

    pub async fn insert_registration(&self, state: &Registration) -> Result<(), Error> {
        self.own().registrations.put(true, Arc::new(Listed::new(state.clone(), None)));
        Ok(())
    }

    pub async fn update_registration(&self, state: &Registration) -> Result<(), Error> {
        let before = self.batch().registrations.get(state.number.as_str());
        self.own().registrations.put(false, Arc::new(Listed::new(state.clone(), before.as_deref())));
        Ok(())
    }

    /// A licence with its token.
    pub async fn licence(&self, id: LicenceId) -> Result<Option<(Licence, Vec<u8>)>, Error> {
        let find = find_marked(self.conn, id);
        let found = self.known(&id.to_string(), |own| &own.licences, |batch| &mut batch.licences, find).await?;
        Ok(found.map(|marked| (marked.licence, marked.token)))
    }

    /// An open licence that this holder has under this registration.
    pub async fn open_licence(&self, number: &RegistrationNumber, holder: &Holder) -> Result<Option<LicenceId>, Error> {
        let holder = tables::holder(holder);
        let rows = open_licences(self.conn, number, &holder).await?;
        let batch = self.batch();
        // What this batch has closed is still open in the database, and what it has opened is not there yet.
        let opened = batch.licences.waiting.states().find(|Marked { licence, holder: of, .. }| {
            licence.closed.is_none() && licence.grant.registration == *number && *of == holder
        });
        if let Some(marked) = opened {
            return Ok(Some(marked.licence.id));
        }
        let still_open = rows.iter().find(|row| batch.licences.waiting.get(&row.id).is_none());
        still_open.map(|row| Ok(licence(row)?.id)).transpose()
    }

    /// A status index nobody has had, drawn at random by `draw` (any 64 bits): in the newest list while a few tries find
    /// a free place there (a list is about four fifths full by then), else in a new list.
    pub async fn free_status_index(&self, mut draw: impl FnMut() -> u64) -> Result<u32, Error> {
        let index_of = |marked: &Marked| marked.licence.grant.status_index;
        let newest = self.batch().licences.waiting.states().map(index_of).max();
        let last = status_lists::last_index(self.conn).await?.max(newest);
        let list = last.map_or(0, |index| place(index).0);
        for _ in 0..16 {
            let index = list * PLACES + (draw() % u64::from(PLACES)) as u32;
            if self.batch().licences.waiting.states().any(|marked| index_of(marked) == index) {
                continue;
            }
            let taken = licences::Entity::find().filter(licences::Column::StatusIndex.eq(i64::from(index)));
            if taken.count(self.conn).await? == 0 {
                return Ok(index);
            }
        }
        Ok((list + 1) * PLACES + (draw() % u64::from(PLACES)) as u32)
    }

    pub async fn insert_licence(&self, state: &Licence, token: Vec<u8>) -> Result<(), Error> {
        self.own().licences.put(true, Arc::new(Marked::new(state.clone(), token)));
        Ok(())
    }

    pub async fn update_licence(&self, state: &Licence, token: Vec<u8>) -> Result<(), Error> {
        self.own().licences.put(false, Arc::new(Marked::new(state.clone(), token)));
        Ok(())
    }
}

async fn find_marked(conn: &impl ConnectionTrait, id: LicenceId) -> Result<Option<Marked>, Error> {
    let row = licences::Entity::find_by_id(id.to_string()).all(conn).await?.pop();
    row.map(|row| Ok(Marked { licence: licence(&row)?, token: row.token, holder: row.holder })).transpose()
}

async fn find_application(conn: &impl ConnectionTrait, id: &ApplicationId) -> Result<Option<Application>, Error> {
    applications::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(application).transpose()
}

async fn find_examinations(conn: &impl ConnectionTrait, id: &ApplicationId) -> Result<Vec<Examination>, Error> {
    let rows = examinations::Entity::find()
        .filter(examinations::Column::Application.eq(id.as_str()))
        .order_by_asc(examinations::Column::Examiner)
        .all(conn)
        .await?;
    rows.iter().map(|row| tables::state("examinations", &row.id, &row.state)).collect()
}

async fn find_listed(conn: &impl ConnectionTrait, number: &RegistrationNumber) -> Result<Option<Listed>, Error> {
    let row = registrations::Entity::find_by_id(number.as_str()).all(conn).await?.pop();
    row.map(|mut row| {
        let search_key = std::mem::take(&mut row.search_key);
        Ok(Listed { registration: registration(row)?, search_key })
    })
    .transpose()
}

async fn find_registration(
    conn: &impl ConnectionTrait,
    number: &RegistrationNumber,
) -> Result<Option<Registration>, Error> {
    // `.all()`: SQLite compiles a statement with a bound LIMIT anew at every call.
    let row = registrations::Entity::find_by_id(number.as_str()).all(conn).await?.pop();
    row.map(registration).transpose()
}

async fn find_registration_of(
    conn: &impl ConnectionTrait,
    id: &ApplicationId,
) -> Result<Option<RegistrationNumber>, Error> {
    let first = registrations::Entity::find().filter(registrations::Column::Application.eq(id.as_str()));
    if let Some(row) = first.all(conn).await?.pop() {
        return Ok(Some(registration(row)?.number));
    }
    let concerned = Query::select()
        .column(applications::Column::Concerns)
        .from(applications::Entity)
        .and_where(applications::Column::Id.eq(id.as_str()))
        .take();
    let concerned = registrations::Entity::find().filter(registrations::Column::Number.in_subquery(concerned));
    let found = concerned.all(conn).await?.pop().map(registration).transpose()?;
    Ok(found.filter(|registration| registration.is_from(id)).map(|registration| registration.number))
}

pub(super) fn application(row: applications::Model) -> Result<Application, Error> {
    tables::state("applications", &row.id, &row.state)
}

pub(super) fn registration(row: registrations::Model) -> Result<Registration, Error> {
    tables::state("registrations", &row.number, &row.state)
}

pub(super) fn licence(row: &licences::Model) -> Result<Licence, Error> {
    tables::state("licences", &row.id, &row.state)
}
