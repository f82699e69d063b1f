//! Telling people: rows that are no states of acts, each written in the transaction of what it follows from.

mod mail;
mod webhooks;

use std::collections::BTreeSet;

use domain::act::{Act, OrganisationId, PersonId, RegistrationNumber, Role};
use domain::calendar::Instant;
use domain::licence::{Licence, token::HolderKind};
use domain::notice::Words;
use domain::people::Person;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entities::{acts, announcements, calendars, licences, members, messages, people, posting};
use super::record::act;
use super::{Error, Page, Store, Tx, tables};
use crate::post::{Announcement, MailState, Message, Told};

/// Acts read in one step.
const ACTS: u64 = 200;
/// The one row of `posting`.
const POSTING: i32 = 1;

impl Store {
    /// Is there an act or an announcement of which nobody was told yet? Asked outside the writer, by reading alone.
    pub async fn has_to_announce(&self) -> Result<bool, Error> {
        let waiting = announcements::Entity::find().filter(announcements::Column::IsTold.eq(false)).limit(1);
        if !waiting.all(&self.read).await?.is_empty() {
            return Ok(true);
        }
        let next = next_seq(&self.read).await?;
        Ok(!acts::Entity::find_by_id(next).all(&self.read).await?.is_empty())
    }

    /// At most `limit` of a person's messages before the one given, the newest first.
    pub async fn messages(
        &self,
        person: &PersonId,
        before: Option<&Message>,
        limit: u64,
    ) -> Result<Page<Message>, Error> {
        use messages::Column as C;
        let mut find = messages::Entity::find().filter(C::Person.eq(person.as_str()));
        if let Some(before) = before {
            let at = before.at.to_string();
            let told = before.announcement.as_str();
            let alike = C::Announcement.eq(told).and(C::Id.lt(before.id.as_str()));
            let same = C::At.eq(at.clone()).and(C::Announcement.lt(told).or(alike));
            find = find.filter(C::At.lt(at).or(same));
        }
        // Instants are whole seconds; acts within one are in the order of their announcements' names.
        let ordered = find.order_by_desc(C::At).order_by_desc(C::Announcement).order_by_desc(C::Id);
        let rows = ordered.limit(limit + 1).all(&self.read).await?;
        Page::of(rows, limit).try_map(message)
    }

    /// A message, whosever it is.
    pub async fn message(&self, id: &str) -> Result<Option<Message>, Error> {
        if !crate::account::is_short_name(id) {
            return Ok(None);
        }
        messages::Entity::find_by_id(id).all(&self.read).await?.pop().map(message).transpose()
    }

    /// How many messages a person has not read, up to a hundred.
    pub async fn unread(&self, person: &PersonId) -> Result<u64, Error> {
        let unread = messages::Column::Person.eq(person.as_str()).and(messages::Column::ReadAt.is_null());
        Ok(messages::Entity::find().filter(unread).limit(100).count(&self.read).await?)
    }

    /// Whose calendar has this digest.
    pub async fn calendar_owner(&self, digest: &str) -> Result<Option<PersonId>, Error> {
        let of = calendars::Entity::find().filter(calendars::Column::Digest.eq(digest));
        let row = of.all(&self.read).await?.pop();
        row.map(|row| read("calendars", "person", &row.person, &row.person)).transpose()
    }

    /// Since when a person has a calendar's address.
    pub async fn calendar_since(&self, person: &PersonId) -> Result<Option<Instant>, Error> {
        let row = calendars::Entity::find_by_id(person.as_str()).all(&self.read).await?.pop();
        row.map(|row| read("calendars", "made_at", &row.person, &row.made_at)).transpose()
    }
}

/// An act with its place in the log; none where its words were erased, or cannot be read.
pub type Logged = (u64, Option<Act>);

impl Tx<'_> {
    /// The next acts that are not announced, in the order of the log.
    pub async fn acts_to_announce(&self) -> Result<Vec<Logged>, Error> {
        let next = next_seq(self.conn).await?;
        let from = acts::Entity::find().filter(acts::Column::Seq.gte(next)).order_by_asc(acts::Column::Seq);
        let rows = from.limit(ACTS).all(self.conn).await?;
        // One that cannot be read is named by `fsck`; the others are told all the same.
        Ok(rows.into_iter().map(|row| (row.seq as u64, act(row.seq, row.sealed).ok())).collect())
    }

    /// Everything before this act is announced.
    pub async fn announced_before(&self, seq: u64) -> Result<(), Error> {
        let row = posting::ActiveModel { next_seq: Set(seq as i64), ..Default::default() };
        posting::Entity::update_many().set(row).filter(posting::Column::Id.eq(POSTING)).exec(self.conn).await?;
        Ok(())
    }

    /// Puts something down to be told. What has the same id was, or will be.
    pub async fn announce(&self, id: &str, at: Instant, notice: &Told) -> Result<bool, Error> {
        let row = announcements::Model {
            id: id.to_owned(),
            at: at.to_string(),
            notice: json_of(notice),
            after: None,
            is_told: false,
        };
        let once = OnConflict::column(announcements::Column::Id).do_nothing().to_owned();
        let insert = announcements::Entity::insert(row.into_active_model()).on_conflict(once);
        Ok(insert.exec_without_returning(self.conn).await? == 1)
    }

    /// The oldest announcement that is not told to everybody yet.
    pub async fn next_announcement(&self) -> Result<Option<Announcement>, Error> {
        let waiting = announcements::Entity::find().filter(announcements::Column::IsTold.eq(false));
        let ordered = waiting.order_by_asc(announcements::Column::At).order_by_asc(announcements::Column::Id).limit(1);
        let Some(row) = ordered.all(self.conn).await?.pop() else { return Ok(None) };
        Ok(Some(Announcement {
            at: read("announcements", "at", &row.id, &row.at)?,
            told: parse("announcements", "notice", &row.id, &row.notice)?,
            id: row.id,
            after: row.after,
        }))
    }

    /// Everybody up to here is told.
    pub async fn told_until(&self, announcement: &str, after: String) -> Result<(), Error> {
        let row = announcements::ActiveModel { after: Set(Some(after)), ..Default::default() };
        let one = announcements::Column::Id.eq(announcement);
        announcements::Entity::update_many().set(row).filter(one).exec(self.conn).await?;
        Ok(())
    }

    /// Everybody is told. An act is told of once, as the log is read once; of a reminder it is kept that it was.
    pub async fn told_to_all(&self, announcement: &str) -> Result<(), Error> {
        if announcement.starts_with("act/") {
            announcements::Entity::delete_by_id(announcement).exec(self.conn).await?;
            return Ok(());
        }
        let row = announcements::ActiveModel { is_told: Set(true), ..Default::default() };
        let one = announcements::Column::Id.eq(announcement);
        announcements::Entity::update_many().set(row).filter(one).exec(self.conn).await?;
        Ok(())
    }

    /// At most `limit` people behind `after` who belong to one of these organisations.
    pub async fn members_of(
        &self,
        organisations: &BTreeSet<OrganisationId>,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Page<Person>, Error> {
        let of = members::Column::Organisation.is_in(organisations.iter().map(OrganisationId::as_str));
        let mut find = members::Entity::find().select_only().column(members::Column::Person).distinct().filter(of);
        if let Some(after) = after {
            find = find.filter(members::Column::Person.gt(after));
        }
        let ids: Vec<String> =
            find.order_by_asc(members::Column::Person).limit(limit + 1).into_tuple().all(self.conn).await?;
        let page = Page::of(ids, limit);
        Ok(Page { items: self.people_named(&page.items).await?, has_more: page.has_more })
    }

    /// These people, in the order of their ids.
    pub async fn people_named(&self, ids: &[String]) -> Result<Vec<Person>, Error> {
        let of = people::Column::Id.is_in(ids.iter().map(String::as_str));
        let rows = people::Entity::find().filter(of).order_by_asc(people::Column::Id).all(self.conn).await?;
        rows.into_iter().map(person).collect()
    }

    /// At most `limit` people behind `after` whose state names this role.
    pub async fn people_in_role(&self, role: Role, after: Option<&str>, limit: u64) -> Result<Page<Person>, Error> {
        let mut find = people::Entity::find().filter(people::Column::State.contains(format!("\"role\":\"{role}\"")));
        if let Some(after) = after {
            find = find.filter(people::Column::Id.gt(after));
        }
        let rows = find.order_by_asc(people::Column::Id).limit(limit + 1).all(self.conn).await?;
        Page::of(rows, limit).try_map(person)
    }

    /// The companies that hold at most `limit` of the open licences of users behind the licence `after`, and the last
    /// licence looked at.
    pub async fn user_companies(
        &self,
        number: &RegistrationNumber,
        after: Option<&str>,
        limit: u64,
    ) -> Result<(BTreeSet<OrganisationId>, Option<String>, bool), Error> {
        let of = licences::Column::Registration.eq(number.as_str()).and(licences::Column::IsClosed.eq(false));
        let mut find =
            licences::Entity::find().select_only().columns([licences::Column::Id, licences::Column::State]).filter(of);
        if let Some(after) = after {
            find = find.filter(licences::Column::Id.gt(after));
        }
        let rows: Vec<(String, String)> =
            find.order_by_asc(licences::Column::Id).limit(limit + 1).into_tuple().all(self.conn).await?;
        let page = Page::of(rows, limit);
        let mut companies = BTreeSet::new();
        for (id, state) in &page.items {
            let licence: Licence = tables::state("licences", id, state)?;
            companies.extend(licence.holder().filter(|_| licence.grant.holder_kind == HolderKind::User));
        }
        Ok((companies, page.items.last().map(|(id, _)| id.clone()), page.has_more))
    }

    /// Puts messages into inboxes. Who was told of the same before is not told again.
    pub async fn deliver(&self, new: Vec<Message>) -> Result<(), Error> {
        if new.is_empty() {
            return Ok(());
        }
        let rows = new.into_iter().map(|message| {
            messages::Model {
                id: message.id,
                person: message.person.to_string(),
                announcement: message.announcement,
                at: message.at.to_string(),
                topic: message.topic.as_str().to_owned(),
                notice: json_of(&(&message.words, &message.place)),
                read_at: None,
                mail: message.mail.as_str().to_owned(),
                mail_due_at: message.mail_due_at.map(|at| at.to_string()),
                mail_attempts: 0,
                mail_detail: None,
            }
            .into_active_model()
        });
        let once =
            OnConflict::columns([messages::Column::Announcement, messages::Column::Person]).do_nothing().to_owned();
        messages::Entity::insert_many(rows).on_conflict(once).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Somebody has read one of their messages, or all of them. How many were unread.
    pub async fn read_messages(&self, person: &PersonId, id: Option<&str>, at: Instant) -> Result<u64, Error> {
        let own = messages::Column::Person.eq(person.as_str()).and(messages::Column::ReadAt.is_null());
        let these = Condition::all().add(own).add_option(id.map(|id| messages::Column::Id.eq(id)));
        let row = messages::ActiveModel { read_at: Set(Some(at.to_string())), ..Default::default() };
        Ok(messages::Entity::update_many().set(row).filter(these).exec(self.conn).await?.rows_affected)
    }

    /// A calendar's address, in the place of the last one; none ends it.
    pub async fn keep_calendar(&self, person: &PersonId, digest: Option<&str>, at: Instant) -> Result<(), Error> {
        calendars::Entity::delete_by_id(person.as_str()).exec(self.conn).await?;
        if let Some(digest) = digest {
            let row =
                calendars::Model { person: person.to_string(), digest: digest.to_owned(), made_at: at.to_string() };
            calendars::Entity::insert(row.into_active_model()).exec_without_returning(self.conn).await?;
        }
        Ok(())
    }

    /// Forgets everything that somebody was told, and how.
    pub async fn forget_post(&self, person: &PersonId) -> Result<(), Error> {
        messages::Entity::delete_many().filter(messages::Column::Person.eq(person.as_str())).exec(self.conn).await?;
        calendars::Entity::delete_by_id(person.as_str()).exec(self.conn).await?;
        self.forget_mail(person).await
    }

    /// Forgets messages and deliveries of before this that wait for nothing, and reminders. How many there were.
    pub async fn sweep_post(&self, messages_before: Instant, deliveries_before: Instant) -> Result<u64, Error> {
        let old = messages::Column::At.lt(messages_before.to_string()).and(messages::Column::MailDueAt.is_null());
        let mut gone = messages::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected;
        let told = announcements::Column::At.lt(messages_before.to_string());
        let told = told.and(announcements::Column::IsTold.eq(true));
        gone += announcements::Entity::delete_many().filter(told).exec(self.conn).await?.rows_affected;
        Ok(gone + self.sweep_deliveries(deliveries_before).await?)
    }
}

async fn next_seq(conn: &impl ConnectionTrait) -> Result<i64, Error> {
    let row = posting::Entity::find_by_id(POSTING).all(conn).await?.pop();
    let missing = || Error::Corrupt { table: "posting", column: "id", row: POSTING.to_string() };
    Ok(row.ok_or_else(missing)?.next_seq)
}

fn person(row: people::Model) -> Result<Person, Error> {
    tables::state("people", &row.id, &row.state)
}

fn message(row: messages::Model) -> Result<Message, Error> {
    const TABLE: &str = "messages";
    let (words, place): (Words, _) = parse(TABLE, "notice", &row.id, &row.notice)?;
    let instant = |column, text: &Option<String>| {
        text.as_deref().map(|text| read::<Instant>(TABLE, column, &row.id, text)).transpose()
    };
    Ok(Message {
        person: read(TABLE, "person", &row.id, &row.person)?,
        at: read(TABLE, "at", &row.id, &row.at)?,
        topic: read(TABLE, "topic", &row.id, &row.topic)?,
        words,
        place,
        read_at: instant("read_at", &row.read_at)?,
        mail: MailState::read(&row.mail).ok_or_else(|| Error::Corrupt {
            table: TABLE,
            column: "mail",
            row: row.id.clone(),
        })?,
        mail_due_at: instant("mail_due_at", &row.mail_due_at)?,
        mail_attempts: u32::try_from(row.mail_attempts).unwrap_or_default(),
        announcement: row.announcement,
        id: row.id,
    })
}

/// Reads a column whose text has a form.
fn read<T: std::str::FromStr>(table: &'static str, column: &'static str, row: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt { table, column, row: row.to_owned() })
}

fn parse<T: DeserializeOwned>(table: &'static str, column: &'static str, row: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Corrupt { table, column, row: row.to_owned() })
}

fn json_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data is JSON")
}
