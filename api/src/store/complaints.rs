//! Complaints, and what was written in them. The words are no states of acts, so they are written at once, inside the
//! job's savepoint ([`super::Job::IS_DIRECT`]).

use std::sync::Arc;

use domain::act::ComplaintId;
use domain::calendar::Instant;
use domain::watching::Complaint;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Cond, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{complaint_words, complaints};
use super::{Error, Page, Store, Tx, tables};

/// What was written, as far as it was not erased, and what belongs to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    pub text: Option<String>,
    pub name: Option<String>,
    pub contact: Option<String>,
    /// In hexadecimal.
    pub salt: Option<String>,
    /// SHA-256 of what the reporter follows it by.
    pub secret: String,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Somebody wrote it in confidence.
        f.write_str("Words")
    }
}

impl Store {
    pub async fn complaint(&self, id: &ComplaintId) -> Result<Option<Complaint>, Error> {
        find(&self.read, id).await
    }

    /// What was written in a complaint.
    pub async fn words_of(&self, id: &ComplaintId) -> Result<Option<Words>, Error> {
        find_words(&self.read, id).await
    }

    /// Complaints that are open, or those that are closed, in the order in which they came; only those behind `after`.
    pub async fn complaints(
        &self,
        is_closed: bool,
        after: Option<&Complaint>,
        limit: u64,
    ) -> Result<Page<Complaint>, Error> {
        use complaints::Column as C;
        let closed = C::ClosedAt;
        let mut query =
            complaints::Entity::find().filter(if is_closed { closed.is_not_null() } else { closed.is_null() });
        if let Some(after) = after {
            let at = after.received_at.to_string();
            let same = Cond::all().add(C::ReceivedAt.eq(at.as_str())).add(C::Id.gt(after.id.as_str()));
            query = query.filter(Cond::any().add(C::ReceivedAt.gt(at.as_str())).add(same));
        }
        let query = query.order_by_asc(C::ReceivedAt).order_by_asc(C::Id).limit(limit + 1);
        Page::of(query.all(&self.read).await?, limit).try_map(|row| complaint(&row))
    }
}

impl Tx<'_> {
    pub async fn complaint(&self, id: &ComplaintId) -> Result<Option<Complaint>, Error> {
        let find = find(self.conn, id);
        self.known(id.as_str(), |own| &own.complaints, |batch| &mut batch.complaints, find).await
    }

    /// Stores a complaint, new at version 1.
    pub async fn store_complaint(&self, state: &Complaint) -> Result<(), Error> {
        self.own().complaints.put(state.version == 1, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn words_of(&self, id: &ComplaintId) -> Result<Option<Words>, Error> {
        find_words(self.conn, id).await
    }

    /// Keeps what was written in a new complaint.
    pub async fn keep_words(&self, id: &ComplaintId, words: Words) -> Result<(), Error> {
        let Words { text, name, contact, salt, secret } = words;
        let row = complaint_words::ActiveModel {
            complaint: Set(id.to_string()),
            text: Set(text),
            name: Set(name),
            contact: Set(contact),
            salt: Set(salt),
            secret: Set(secret),
        };
        complaint_words::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Erases who wrote a complaint; and what was written, with the salt of its digest, where `is_all`.
    pub async fn erase_words(&self, id: &ComplaintId, is_all: bool) -> Result<(), Error> {
        let of = complaint_words::Column::Complaint.eq(id.as_str());
        complaint_words::Entity::update_many().set(erased(is_all)).filter(of).exec(self.conn).await?;
        Ok(())
    }

    /// Erases all that was written in complaints that were closed before `before`. How many there were.
    pub async fn sweep_words(&self, before: Instant) -> Result<u64, Error> {
        self.settle(|batch| &mut batch.complaints).await?;
        let closed = Query::select()
            .column(complaints::Column::Id)
            .from(complaints::Entity)
            .and_where(complaints::Column::ClosedAt.lt(before.to_string()))
            .take();
        let is_kept = Cond::any()
            .add(complaint_words::Column::Text.is_not_null())
            .add(complaint_words::Column::Name.is_not_null())
            .add(complaint_words::Column::Contact.is_not_null());
        let of = complaint_words::Column::Complaint.in_subquery(closed);
        let swept = complaint_words::Entity::update_many().set(erased(true)).filter(of).filter(is_kept);
        Ok(swept.exec(self.conn).await?.rows_affected)
    }
}

fn erased(is_all: bool) -> complaint_words::ActiveModel {
    let (name, contact) = (Set(None), Set(None));
    let whole = complaint_words::ActiveModel { name, contact, ..Default::default() };
    if is_all { complaint_words::ActiveModel { text: Set(None), salt: Set(None), ..whole } } else { whole }
}

async fn find(conn: &impl ConnectionTrait, id: &ComplaintId) -> Result<Option<Complaint>, Error> {
    complaints::Entity::find_by_id(id.as_str()).all(conn).await?.first().map(complaint).transpose()
}

async fn find_words(conn: &impl ConnectionTrait, id: &ComplaintId) -> Result<Option<Words>, Error> {
    let row = complaint_words::Entity::find_by_id(id.as_str()).all(conn).await?.pop();
    let words = |row: complaint_words::Model| {
        let complaint_words::Model { text, name, contact, salt, secret, .. } = row;
        Words { text, name, contact, salt, secret }
    };
    Ok(row.map(words))
}

fn complaint(row: &complaints::Model) -> Result<Complaint, Error> {
    tables::state("complaints", &row.id, &row.state)
}
