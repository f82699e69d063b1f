//! What status lists are made of: which licence is at which place, and whether a list has to be made anew.

use std::collections::BTreeSet;

use domain::act::RegistrationNumber;
use domain::licence::{Licence, LicenceId};
use domain::status_list::{PLACES, place};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::licences;
use super::{Error, Store, registers};

/// Ids in one statement.
const CHUNK: usize = 500;

/// A licence at its place of a list.
#[derive(Clone, Debug)]
pub enum Placed {
    /// What it is worth follows from its registration alone.
    Open { place: u32, registration: RegistrationNumber },
    /// It was closed by an act of its own.
    Closed(Box<Licence>),
}

impl Store {
    /// How many status lists there are: one more than the list of the highest status index.
    pub async fn status_lists(&self) -> Result<u32, Error> {
        Ok(last_index(&self.read).await?.map_or(0, |index| place(index).0 + 1))
    }

    /// The licences of a list. Of an open one neither name nor token is read.
    pub async fn placed(&self, list: u32) -> Result<Vec<Placed>, Error> {
        let from = i64::from(list) * i64::from(PLACES);
        let in_list = Condition::all()
            .add(licences::Column::StatusIndex.gte(from))
            .add(licences::Column::StatusIndex.lt(from + i64::from(PLACES)));
        let open: Vec<(i64, String)> = licences::Entity::find()
            .select_only()
            .column(licences::Column::StatusIndex)
            .column(licences::Column::Registration)
            .filter(in_list.clone())
            .filter(licences::Column::IsClosed.eq(false))
            .into_tuple()
            .all(&self.read)
            .await?;
        let closed = licences::Entity::find().filter(in_list).filter(licences::Column::IsClosed.eq(true));
        let closed = closed.all(&self.read).await?;
        let mut placed = Vec::with_capacity(open.len() + closed.len());
        for (index, number) in open {
            let corrupt = |_| Error::Corrupt { table: "licences", column: "registration", row: index.to_string() };
            let registration = number.parse().map_err(corrupt)?;
            placed.push(Placed::Open { place: place(index as u32).1, registration });
        }
        for row in &closed {
            placed.push(Placed::Closed(Box::new(registers::licence(row)?)));
        }
        Ok(placed)
    }

    /// How often something happened since the start that this list may tell of. What is made of the database afterwards
    /// is good as long as this stays.
    pub async fn touched(&self, list: u32) -> Result<u64, Error> {
        // They wait until they were looked up: whoever asks meanwhile looks them up as well, and nothing is lost when the
        // one who asked has gone away.
        let waiting = self.cache.touched().licences.clone();
        let lists = self.lists_of(&waiting).await?;
        let known: BTreeSet<LicenceId> = waiting.into_iter().collect();
        let mut touched = self.cache.touched();
        touched.licences.retain(|id| !known.contains(id));
        lists.into_iter().for_each(|list| *touched.lists.entry(list).or_default() += 1);
        Ok(touched.all + touched.lists.get(&list).copied().unwrap_or_default())
    }

    async fn lists_of(&self, ids: &[LicenceId]) -> Result<Vec<u32>, Error> {
        let mut lists = Vec::new();
        for ids in ids.chunks(CHUNK) {
            let found: Vec<i64> = licences::Entity::find()
                .select_only()
                .column(licences::Column::StatusIndex)
                .filter(licences::Column::Id.is_in(ids.iter().map(LicenceId::to_string)))
                .into_tuple()
                .all(&self.read)
                .await?;
            lists.extend(found.into_iter().map(|index| place(index as u32).0));
        }
        lists.sort_unstable();
        lists.dedup();
        Ok(lists)
    }
}

/// The highest status index that a licence has.
pub(super) async fn last_index(conn: &impl ConnectionTrait) -> Result<Option<u32>, Error> {
    let last: Vec<i64> = licences::Entity::find()
        .select_only()
        .column(licences::Column::StatusIndex)
        .order_by_desc(licences::Column::StatusIndex)
        .limit(1)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(last.first().map(|index| *index as u32))
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Waker};

    use domain::act::Subject;
    use sea_orm::ConnectionTrait;

    use super::*;

    /// Asks once while every connection is taken, so that no answer can come however fast the database is.
    async fn asked_in_vain<T>(store: &Store, question: Pin<&mut impl Future<Output = T>>) {
        let pool = store.read.get_sqlite_connection_pool();
        let mut taken = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            taken.push(pool.acquire().await.unwrap());
        }
        assert!(question.poll(&mut Context::from_waker(Waker::noop())).is_pending(), "it asks the database");
    }

    /// Somebody asks and goes away before the answer, another one asks meanwhile: both lists that are kept are known to
    /// be of before.
    #[tokio::test]
    async fn what_happened_is_not_lost_with_whoever_asked() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("register.sqlite").display());
        let store = Store::open(&url).await.unwrap();
        let id = LicenceId::from_bytes([1, 2, 3, 4, 5]);
        let columns = "id, version, registration, holder, status_index, is_closed, token, state";
        let row = format!("'{id}', 1, 'OTK-2026-00001', 'x', {}, 0, x'00', '{{}}'", PLACES + 7);
        store.read.execute_unprepared(&format!("INSERT INTO licences ({columns}) VALUES ({row})")).await.unwrap();
        let [before, other] = [store.touched(1).await.unwrap(), store.touched(0).await.unwrap()];
        store.cache.forget(&[Subject::Licence(id)]);
        {
            let mut gone = pin!(store.touched(1));
            asked_in_vain(&store, gone.as_mut()).await;
            assert_ne!(store.touched(1).await.unwrap(), before, "while another one asks");
        }
        store.cache.forget(&[Subject::Licence(id)]);
        let before = store.cache.touched().lists.get(&1).copied();
        {
            let mut gone = pin!(store.touched(1));
            asked_in_vain(&store, gone.as_mut()).await;
        }
        assert!(store.touched(1).await.ok() > before, "after the one who asked went away");
        assert_eq!(store.touched(0).await.unwrap(), other, "the list it is not in");
        store.close().await;
    }
}
