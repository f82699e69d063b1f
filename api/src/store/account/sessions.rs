//! Sessions.

use domain::act::PersonId;
use domain::calendar::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{is_name, read};
use crate::account::{Method, Session};
use crate::store::entities::sessions;
use crate::store::{Error, Store, Tx};

impl Store {
    /// The session whose cookie has this SHA-256 (hexadecimal), whether or not it still runs.
    pub async fn session(&self, digest: &str) -> Result<Option<Session>, Error> {
        sessions::Entity::find_by_id(digest).all(&self.read).await?.pop().map(session).transpose()
    }

    /// A person's sessions, the last begun first.
    pub async fn sessions_of(&self, person: &PersonId) -> Result<Vec<Session>, Error> {
        let of = sessions::Entity::find().filter(sessions::Column::Person.eq(person.as_str()));
        let rows = of.order_by_desc(sessions::Column::BegunAt).order_by_asc(sessions::Column::Id).all(&self.read);
        rows.await?.into_iter().map(session).collect()
    }
}

impl Tx<'_> {
    /// The session whose cookie has this SHA-256 (hexadecimal).
    pub async fn session(&self, digest: &str) -> Result<Option<Session>, Error> {
        sessions::Entity::find_by_id(digest).all(self.conn).await?.pop().map(session).transpose()
    }

    pub async fn insert_session(&self, new: &Session) -> Result<(), Error> {
        let row = sessions::ActiveModel {
            digest: Set(new.digest.clone()),
            id: Set(new.id.clone()),
            person: Set(new.person.to_string()),
            method: Set(new.method.as_str().to_owned()),
            begun_at: Set(new.begun_at.to_string()),
            signed_in_at: Set(new.signed_in_at.to_string()),
            seen_at: Set(new.seen_at.to_string()),
            agent: Set(new.agent.clone()),
            address: Set(new.address.clone()),
            csrf: Set(new.csrf.clone()),
        };
        sessions::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Remembers that a session was seen.
    pub async fn touch_session(&self, digest: &str, at: Instant) -> Result<(), Error> {
        let row = sessions::ActiveModel { seen_at: Set(at.to_string()), ..Default::default() };
        sessions::Entity::update_many().set(row).filter(sessions::Column::Digest.eq(digest)).exec(self.conn).await?;
        Ok(())
    }

    /// Ends the session with this cookie. False: there was none.
    pub async fn delete_session(&self, digest: &str) -> Result<bool, Error> {
        Ok(sessions::Entity::delete_by_id(digest).exec(self.conn).await?.rows_affected == 1)
    }

    /// Ends a person's session by its short name. False: there was none.
    pub async fn delete_session_of(&self, person: &PersonId, id: &str) -> Result<bool, Error> {
        if !is_name(id) {
            return Ok(false);
        }
        let of = sessions::Column::Person.eq(person.as_str()).and(sessions::Column::Id.eq(id));
        Ok(sessions::Entity::delete_many().filter(of).exec(self.conn).await?.rows_affected == 1)
    }

    /// Ends a person's sessions, but for one with this cookie. How many there were.
    pub async fn delete_sessions_of(&self, person: &PersonId, except: Option<&str>) -> Result<u64, Error> {
        let mut of = sessions::Entity::delete_many().filter(sessions::Column::Person.eq(person.as_str()));
        if let Some(digest) = except {
            of = of.filter(sessions::Column::Digest.ne(digest));
        }
        Ok(of.exec(self.conn).await?.rows_affected)
    }

    /// Lets go sessions begun before `begun`: no role's session lasts longer.
    pub async fn sweep_sessions(&self, begun: Instant) -> Result<u64, Error> {
        let old = sessions::Column::BegunAt.lt(begun.to_string());
        Ok(sessions::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected)
    }
}

fn session(row: sessions::Model) -> Result<Session, Error> {
    const TABLE: &str = "sessions";
    let method = Method::ALL.into_iter().find(|method| method.as_str() == row.method);
    Ok(Session {
        person: read(TABLE, "person", &row.id, &row.person)?,
        method: method.ok_or_else(|| Error::Corrupt { table: TABLE, column: "method", row: row.id.clone() })?,
        begun_at: read(TABLE, "begun_at", &row.id, &row.begun_at)?,
        signed_in_at: read(TABLE, "signed_in_at", &row.id, &row.signed_in_at)?,
        seen_at: read(TABLE, "seen_at", &row.id, &row.seen_at)?,
        digest: row.digest,
        id: row.id,
        agent: row.agent,
        address: row.address,
        csrf: row.csrf,
    })
}
