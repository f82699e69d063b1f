//! People and keys.

use std::sync::Arc;

use domain::act::PersonId;
use domain::people::Person;
use domain::signing_key::SigningKey;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entities::{people, signing_keys};
use super::{Error, Store, Tx, tables};

impl Store {
    /// The person whose token has this SHA-256 (hexadecimal), dismissed or not.
    pub async fn person_by_token(&self, digest: &str) -> Result<Option<Person>, Error> {
        let row = people::Entity::find().filter(people::Column::TokenDigest.eq(digest)).all(&self.read).await?.pop();
        row.map(person).transpose()
    }

    /// Everybody ever admitted, in the order of their ids.
    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        let rows = people::Entity::find().order_by_asc(people::Column::Id).all(&self.read).await?;
        rows.into_iter().map(person).collect()
    }

    /// Every key ever made, in the order of their ids.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, Error> {
        let rows = signing_keys::Entity::find().order_by_asc(signing_keys::Column::Id).all(&self.read).await?;
        rows.into_iter().map(|row| tables::state("signing_keys", &row.id, &row.state)).collect()
    }
}

impl Tx<'_> {
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, Error> {
        let find = find_person(self.conn, id);
        self.known(id.as_str(), |own| &own.people, |batch| &mut batch.people, find).await
    }

    pub async fn insert_person(&self, state: &Person) -> Result<(), Error> {
        self.own().people.put(true, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn update_person(&self, state: &Person) -> Result<(), Error> {
        self.own().people.put(false, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn insert_signing_key(&self, state: &SigningKey) -> Result<(), Error> {
        self.own().signing_keys.put(true, Arc::new(state.clone()));
        Ok(())
    }
}

async fn find_person(conn: &impl ConnectionTrait, id: &PersonId) -> Result<Option<Person>, Error> {
    people::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(person).transpose()
}

fn person(row: people::Model) -> Result<Person, Error> {
    tables::state("people", &row.id, &row.state)
}
