//! The audit trail.

use domain::calendar::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::account::trail::{Entry, Line, Search};
use crate::store::entities::{secrets, trail};
use crate::store::{Error, Page, Store, Tx};

impl Store {
    /// Lines that fit, newest first.
    pub async fn trail(&self, search: &Search, limit: u64) -> Result<Page<Entry>, Error> {
        let words = [&search.person, &search.what, &search.subject, &search.outcome, &search.request];
        // No line holds one, and PostgreSQL takes no NUL in a text.
        if words.into_iter().flatten().any(|word| word.contains('\0')) {
            return Ok(Page { items: Vec::new(), has_more: false });
        }
        let rows = trail::Entity::find().filter(fitting(search)).order_by_desc(trail::Column::Id).limit(limit + 1);
        Page::of(rows.all(&self.read).await?, limit).try_map(|row| Ok(entry(row)))
    }
}

fn fitting(search: &Search) -> Condition {
    use trail::Column as C;
    let words = [
        (C::Person, &search.person),
        (C::What, &search.what),
        (C::Subject, &search.subject),
        (C::Outcome, &search.outcome),
        (C::Request, &search.request),
    ];
    let mut all = Condition::all();
    for (column, word) in words {
        all = all.add_option(word.as_ref().map(|word| column.eq(word.as_str())));
    }
    all.add_option(search.from.map(|day| C::At.gte(day.start().to_string())))
        .add_option(search.until.map(|day| C::At.lt(day.next().start().to_string())))
        .add_option(search.before.map(|id| C::Id.lt(id)))
}

impl Tx<'_> {
    /// Writes a line with the rest of this job, or not at all.
    pub fn note(&self, line: Line) {
        let Line { at, origin, by, what, subject, outcome, detail, seq } = line;
        let (person, role, organisation) = match by {
            Some(by) => (Some(by.person.to_string()), Some(by.role.to_string()), by.organisation.map(String::from)),
            None => (None, None, None),
        };
        self.own().trail.push(trail::ActiveModel {
            id: sea_orm::ActiveValue::NotSet,
            at: Set(at.to_string()),
            request: Set(origin.request),
            person: Set(person),
            role: Set(role),
            organisation: Set(organisation),
            proof: Set(origin.proof),
            address: Set(origin.address),
            address_digest: Set(None),
            what: Set(what),
            subject: Set(subject),
            outcome: Set(outcome.as_str().to_owned()),
            detail: Set(detail),
            seq: Set(seq.map(|seq| seq as i64)),
        });
    }

    /// Puts a digest in the place of each address noted before `before`, at most `most` of them. How many there were.
    pub async fn digest_addresses(
        &self,
        before: Instant,
        most: u64,
        digest: impl Fn(&str) -> String,
    ) -> Result<u64, Error> {
        let old = trail::Column::At.lt(before.to_string()).and(trail::Column::Address.is_not_null());
        let rows = trail::Entity::find().filter(old).order_by_asc(trail::Column::Id).limit(most).all(self.conn).await?;
        let found = rows.len() as u64;
        for row in rows {
            let digest = row.address.as_deref().map(&digest);
            let change = trail::ActiveModel { address: Set(None), address_digest: Set(digest), ..Default::default() };
            trail::Entity::update_many().set(change).filter(trail::Column::Id.eq(row.id)).exec(self.conn).await?;
        }
        Ok(found)
    }

    /// Lets go lines noted before `before` that stand for no act.
    pub async fn forget_trail(&self, before: Instant) -> Result<u64, Error> {
        let old = trail::Column::At.lt(before.to_string()).and(trail::Column::Seq.is_null());
        Ok(trail::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected)
    }

    /// What is kept under this name.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(secrets::Entity::find_by_id(name).all(self.conn).await?.pop().map(|row| row.value))
    }

    /// Keeps it, or changes it.
    pub async fn keep_secret(&self, name: &str, value: Vec<u8>) -> Result<(), Error> {
        let row = secrets::ActiveModel { name: Set(name.to_owned()), value: Set(value) };
        let replaced = OnConflict::column(secrets::Column::Name).update_column(secrets::Column::Value).to_owned();
        secrets::Entity::insert(row).on_conflict(replaced).exec_without_returning(self.conn).await?;
        Ok(())
    }
}

fn entry(row: trail::Model) -> Entry {
    Entry {
        id: row.id,
        at: row.at,
        request: row.request,
        person: row.person,
        role: row.role,
        organisation: row.organisation,
        proof: row.proof,
        address: row.address.or(row.address_digest),
        what: row.what,
        subject: row.subject,
        outcome: row.outcome,
        detail: row.detail,
        seq: row.seq,
    }
}
