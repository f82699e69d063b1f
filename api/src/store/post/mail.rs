//! Mail: which messages wait for it, who wants none, and which addresses take none.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::PersonId;
use domain::calendar::Instant;
use domain::notice::Topic;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::{message, read};
use crate::post::mail::MailFault;
use crate::post::{MailState, Message};
use crate::store::entities::{mail_choices, mail_faults, messages, profiles};
use crate::store::{Error, Store, Tx};

/// A message that somebody has in hand to send, and for whom: their name and address.
pub type ToSend = (Message, Option<(String, String)>);

impl Store {
    /// Is mail due? Asked outside the writer, by reading alone.
    pub async fn has_mail_due(&self, at: Instant) -> Result<bool, Error> {
        let due = messages::Entity::find().filter(messages::Column::MailDueAt.lte(at.to_string())).limit(1);
        Ok(!due.all(&self.read).await?.is_empty())
    }

    /// The topics of which this person wants no mail.
    pub async fn declined_by(&self, person: &PersonId) -> Result<BTreeSet<Topic>, Error> {
        let of = mail_choices::Entity::find().filter(mail_choices::Column::Person.eq(person.as_str()));
        let rows = of.all(&self.read).await?;
        rows.iter().map(|row| read("mail_choices", "topic", &row.person, &row.topic)).collect()
    }

    /// People whose addresses took no mail, and since when, the first first.
    pub async fn people_without_mail(&self, limit: u64) -> Result<Vec<(PersonId, Instant)>, Error> {
        let rows = mail_faults::Entity::find()
            .order_by_asc(mail_faults::Column::At)
            .order_by_asc(mail_faults::Column::Person)
            .limit(limit)
            .all(&self.read)
            .await?;
        let fault = |row: mail_faults::Model| {
            let at = read("mail_faults", "at", &row.person, &row.at)?;
            Ok((read("mail_faults", "person", &row.person, &row.person)?, at))
        };
        rows.into_iter().map(fault).collect()
    }

    /// What is wrong with this person's address, if anything is.
    pub async fn mail_fault(&self, person: &PersonId) -> Result<Option<MailFault>, Error> {
        Ok(find_faults(&self.read, &BTreeSet::from([person.clone()])).await?.remove(person))
    }
}

impl Tx<'_> {
    /// The mail addresses of those who have one.
    pub async fn addresses_of(&self, people: &BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, String>, Error> {
        let found = self.named_addresses(people).await?;
        Ok(found.into_iter().map(|(person, (_, address))| (person, address)).collect())
    }

    async fn named_addresses(
        &self,
        people: &BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, (String, String)>, Error> {
        let of = profiles::Column::Person.is_in(people.iter().map(PersonId::as_str));
        let rows = profiles::Entity::find().filter(of).filter(profiles::Column::Email.is_not_null());
        let rows = rows.all(self.conn).await?.into_iter();
        rows.filter_map(|row| row.email.clone().map(|email| (row, email)))
            .map(|(row, email)| Ok((read("profiles", "person", &row.person, &row.person)?, (row.name, email))))
            .collect()
    }

    /// Those of these people who want no mail about a topic.
    pub async fn declined(&self, topic: Topic, people: &BTreeSet<PersonId>) -> Result<BTreeSet<PersonId>, Error> {
        let of = mail_choices::Column::Person.is_in(people.iter().map(PersonId::as_str));
        let about = mail_choices::Column::Topic.eq(topic.as_str());
        let rows = mail_choices::Entity::find().filter(of).filter(about).all(self.conn).await?;
        rows.iter().map(|row| read("mail_choices", "person", &row.person, &row.person)).collect()
    }

    /// What is wrong with these people's addresses.
    pub async fn mail_faults(&self, people: &BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, MailFault>, Error> {
        find_faults(self.conn, people).await
    }

    /// Somebody wants no mail about this topic any more, or wants it again. False: that was so before.
    pub async fn choose_mail(&self, person: &PersonId, topic: Topic, is_wanted: bool) -> Result<bool, Error> {
        let row = mail_choices::Model { person: person.to_string(), topic: topic.as_str().to_owned() };
        if is_wanted {
            let key = (row.person, row.topic);
            return Ok(mail_choices::Entity::delete_by_id(key).exec(self.conn).await?.rows_affected == 1);
        }
        let key = [mail_choices::Column::Person, mail_choices::Column::Topic];
        let once = OnConflict::columns(key).do_nothing().to_owned();
        let insert = mail_choices::Entity::insert(row.into_active_model()).on_conflict(once);
        Ok(insert.exec_without_returning(self.conn).await? == 1)
    }

    /// An address takes no mail; none: it is tried again.
    pub async fn keep_mail_fault(&self, person: &PersonId, fault: Option<&MailFault>) -> Result<(), Error> {
        mail_faults::Entity::delete_by_id(person.as_str()).exec(self.conn).await?;
        if let Some(fault) = fault {
            let row = mail_faults::Model {
                person: person.to_string(),
                digest: fault.digest.clone(),
                at: fault.at.to_string(),
                detail: fault.detail.clone(),
            };
            mail_faults::Entity::insert(row.into_active_model()).exec_without_returning(self.conn).await?;
        }
        Ok(())
    }

    /// Takes at most `limit` messages in hand whose mail is due: until `until` they are nobody else's.
    pub async fn take_mail(&self, at: Instant, until: Instant, limit: u64) -> Result<Vec<ToSend>, Error> {
        let due = messages::Entity::find().filter(messages::Column::MailDueAt.lte(at.to_string()));
        let rows = due.order_by_asc(messages::Column::MailDueAt).limit(limit).all(self.conn).await?;
        let mut taken = rows.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<&str> = taken.iter().map(|message| message.id.as_str()).collect();
        messages::Entity::update_many()
            .col_expr(messages::Column::MailDueAt, Expr::value(until.to_string()))
            .col_expr(messages::Column::MailAttempts, Expr::col(messages::Column::MailAttempts).add(1))
            .filter(messages::Column::Id.is_in(ids))
            .exec(self.conn)
            .await?;
        let people = taken.iter().map(|message| message.person.clone()).collect();
        let addresses = self.named_addresses(&people).await?;
        for message in &mut taken {
            message.mail_attempts += 1;
        }
        let to = |message: Message| {
            let to = addresses.get(&message.person).cloned();
            (message, to)
        };
        Ok(taken.into_iter().map(to).collect())
    }

    /// What became of a message's mail. One that waits is tried again at `due_at`, unless somebody else took it in hand
    /// since.
    pub async fn settle_mail(
        &self,
        id: &str,
        attempts: u32,
        state: MailState,
        due_at: Option<Instant>,
        detail: Option<String>,
    ) -> Result<(), Error> {
        let row = messages::ActiveModel {
            mail: Set(state.as_str().to_owned()),
            mail_due_at: Set(due_at.map(|at| at.to_string())),
            mail_detail: Set(detail),
            ..Default::default()
        };
        let mut update = messages::Entity::update_many().set(row).filter(messages::Column::Id.eq(id));
        if state != MailState::Sent {
            update = update
                .filter(messages::Column::Mail.eq(MailState::Waiting.as_str()))
                .filter(messages::Column::MailAttempts.eq(attempts as i32));
        }
        update.exec(self.conn).await?;
        Ok(())
    }

    /// A mail came back. None: no such message, or its mail had come back before.
    pub async fn bounce_mail(&self, id: &str, detail: &str) -> Result<Option<PersonId>, Error> {
        let Some(row) = messages::Entity::find_by_id(id).all(self.conn).await?.pop() else { return Ok(None) };
        if row.mail == MailState::Bounced.as_str() {
            return Ok(None);
        }
        let change = messages::ActiveModel {
            mail: Set(MailState::Bounced.as_str().to_owned()),
            mail_due_at: Set(None),
            mail_detail: Set(Some(detail.to_owned())),
            ..Default::default()
        };
        messages::Entity::update_many().set(change).filter(messages::Column::Id.eq(id)).exec(self.conn).await?;
        read("messages", "person", id, &row.person).map(Some)
    }

    /// Whose message this is, and what it is about.
    pub async fn message_owner(&self, id: &str) -> Result<Option<(PersonId, Topic)>, Error> {
        let Some(row) = messages::Entity::find_by_id(id).all(self.conn).await?.pop() else { return Ok(None) };
        let person = read("messages", "person", id, &row.person)?;
        Ok(Some((person, read("messages", "topic", id, &row.topic)?)))
    }

    pub(super) async fn forget_mail(&self, person: &PersonId) -> Result<(), Error> {
        mail_faults::Entity::delete_by_id(person.as_str()).exec(self.conn).await?;
        let of = mail_choices::Column::Person.eq(person.as_str());
        mail_choices::Entity::delete_many().filter(of).exec(self.conn).await?;
        Ok(())
    }
}

async fn find_faults(
    conn: &impl ConnectionTrait,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeMap<PersonId, MailFault>, Error> {
    let of = mail_faults::Column::Person.is_in(people.iter().map(PersonId::as_str));
    let rows = mail_faults::Entity::find().filter(of).all(conn).await?;
    let fault = |row: mail_faults::Model| {
        let at = read("mail_faults", "at", &row.person, &row.at)?;
        let person = read("mail_faults", "person", &row.person, &row.person)?;
        Ok((person, MailFault { digest: row.digest, at, detail: row.detail }))
    };
    rows.into_iter().map(fault).collect()
}
