//! Places of licences in the status lists, and their ids: many at once, none of which anybody has.
//!
//! What is taken of the newest list is kept as one bit a place, so that a draw asks nobody. It is known as the rows of a
//! batch are: until another process writes or a commit fails.

use std::collections::BTreeSet;

use domain::licence::LicenceId;
use domain::status_list::{PLACES, place};
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entities::licences;
use super::{Error, Tx, status_lists};

/// Tries before a list counts as full: it is about four fifths full by then.
const TRIES: usize = 16;
/// Ids in one statement.
const CHUNK: usize = 500;

/// What is taken of the newest list.
#[derive(Clone, Debug)]
pub(super) struct Places {
    list: u32,
    taken: Vec<u64>,
}

impl Places {
    fn new(list: u32) -> Self {
        Self { list, taken: vec![0; (PLACES as usize).div_ceil(64)] }
    }

    /// What the database holds of the newest list.
    async fn read(conn: &impl ConnectionTrait) -> Result<Self, Error> {
        let list = status_lists::last_index(conn).await?.map_or(0, |index| place(index).0);
        let from = i64::from(list) * i64::from(PLACES);
        let indexes: Vec<i64> = licences::Entity::find()
            .select_only()
            .column(licences::Column::StatusIndex)
            .filter(licences::Column::StatusIndex.gte(from))
            .into_tuple()
            .all(conn)
            .await?;
        let mut places = Self::new(list);
        indexes.into_iter().for_each(|index| places.take(index as u32));
        Ok(places)
    }

    /// A licence has this index.
    pub(super) fn take(&mut self, index: u32) {
        let (list, at) = place(index);
        if list > self.list {
            *self = Self::new(list);
        }
        if list == self.list {
            self.taken[at as usize / 64] |= 1 << (at % 64);
        }
    }

    fn is_taken(&self, at: u32) -> bool {
        self.taken[at as usize / 64] & (1 << (at % 64)) != 0
    }

    /// A free place of the newest list, or the first of the next one.
    fn draw(&mut self, rng: &mut StdRng) -> u32 {
        let mut at = || rng.random::<u32>() % PLACES;
        let free = (0..TRIES).map(|_| at()).find(|at| !self.is_taken(*at));
        let index = match free {
            Some(at) => self.list * PLACES + at,
            None => (self.list + 1) * PLACES + at(),
        };
        self.take(index);
        index
    }
}

impl Tx<'_> {
    /// Status indexes nobody has had, drawn at random as a single one is. Asked before the first is written.
    pub async fn free_status_indexes(&self, count: usize, rng: &mut StdRng) -> Result<Vec<u32>, Error> {
        self.settle(|batch| &mut batch.licences).await?;
        let known = self.batch().places.clone();
        let mut places = match known {
            Some(places) => places,
            None => {
                let places = Places::read(self.conn).await?;
                self.batch().places = Some(places.clone());
                places
            }
        };
        Ok((0..count).map(|_| places.draw(rng)).collect())
    }

    /// Licence ids nobody has, and none of them twice. Of 2^40 few are taken.
    pub async fn free_licence_ids(&self, count: usize, rng: &mut StdRng) -> Result<Vec<LicenceId>, Error> {
        self.settle(|batch| &mut batch.licences).await?;
        let mut free = BTreeSet::new();
        for _ in 0..TRIES {
            let mut drawn = BTreeSet::new();
            while free.len() + drawn.len() < count {
                let mut bytes = [0; 5];
                rng.fill_bytes(&mut bytes);
                drawn.insert(LicenceId::from_bytes(bytes));
            }
            let texts: Vec<String> = drawn.iter().map(LicenceId::to_string).collect();
            for texts in texts.chunks(CHUNK) {
                let taken: Vec<String> = licences::Entity::find()
                    .select_only()
                    .column(licences::Column::Id)
                    .filter(licences::Column::Id.is_in(texts))
                    .into_tuple()
                    .all(self.conn)
                    .await?;
                drawn.retain(|id| !taken.contains(&id.to_string()));
            }
            free.append(&mut drawn);
            if free.len() == count {
                return Ok(free.into_iter().collect());
            }
        }
        // A broken generator.
        Err(Error::Conflict)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn no_place_twice_and_the_next_list_when_this_is_full() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut places = Places::new(3);
        let drawn: Vec<u32> = (0..PLACES).map(|_| places.draw(&mut rng)).collect();
        let known: BTreeSet<u32> = drawn.iter().copied().collect();
        assert_eq!(known.len(), drawn.len());
        let in_first = drawn.iter().filter(|index| place(**index).0 == 3).count();
        assert!((in_first as f64 / f64::from(PLACES) - 0.75).abs() < 0.2, "{in_first}");
        assert!(drawn.iter().all(|index| (3..=4).contains(&place(*index).0)));
    }
}
