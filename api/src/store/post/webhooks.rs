//! Webhooks and what they were told.

use domain::act::OrganisationId;
use domain::calendar::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::read;
use crate::account::is_short_name;
use crate::post::webhook::{Delivery, DeliveryState, End, Webhook};
use crate::store::entities::{deliveries, webhooks};
use crate::store::{Error, Page, Store, Tx};

impl Store {
    /// Webhooks of these organisations, of all where none is named: the newest first.
    pub async fn webhooks(&self, organisations: Option<&[OrganisationId]>) -> Result<Vec<Webhook>, Error> {
        let mut find = webhooks::Entity::find();
        if let Some(organisations) = organisations {
            let of = organisations.iter().map(OrganisationId::as_str);
            find = find.filter(webhooks::Column::Organisation.is_in(of));
        }
        let rows = find
            .order_by_asc(webhooks::Column::Organisation)
            .order_by_desc(webhooks::Column::MadeAt)
            .order_by_asc(webhooks::Column::Id)
            .limit(500)
            .all(&self.read)
            .await?;
        rows.into_iter().map(webhook).collect()
    }

    /// The webhook of that id.
    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, Error> {
        if !is_short_name(id) {
            return Ok(None);
        }
        find_webhook(&self.read, id).await
    }

    /// At most `limit` of what a webhook was told before the one given, the newest first.
    pub async fn deliveries(
        &self,
        webhook: &str,
        before: Option<&Delivery>,
        limit: u64,
    ) -> Result<Page<Delivery>, Error> {
        use deliveries::Column as C;
        let mut find = deliveries::Entity::find().filter(C::Webhook.eq(webhook));
        if let Some(before) = before {
            let at = before.at.to_string();
            let same = C::At.eq(at.clone()).and(C::Id.lt(before.id.as_str()));
            find = find.filter(C::At.lt(at).or(same));
        }
        let rows = find.order_by_desc(C::At).order_by_desc(C::Id).limit(limit + 1).all(&self.read).await?;
        Page::of(rows, limit).try_map(delivery)
    }

    /// What a webhook was told under this id.
    pub async fn delivery(&self, webhook: &str, id: &str) -> Result<Option<Delivery>, Error> {
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Ok(None);
        }
        find_delivery(&self.read, webhook, id).await
    }

    /// Is something due? Asked outside the writer, by reading alone.
    pub async fn has_deliveries_due(&self, at: Instant) -> Result<bool, Error> {
        let due = deliveries::Entity::find().filter(deliveries::Column::DueAt.lte(at.to_string())).limit(1);
        Ok(!due.all(&self.read).await?.is_empty())
    }
}

impl Tx<'_> {
    /// The webhooks of an organisation that are told.
    pub async fn webhooks_of(&self, organisation: &OrganisationId) -> Result<Vec<Webhook>, Error> {
        let of = webhooks::Column::Organisation.eq(organisation.as_str()).and(webhooks::Column::EndedAt.is_null());
        webhooks::Entity::find().filter(of).all(self.conn).await?.into_iter().map(webhook).collect()
    }

    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, Error> {
        find_webhook(self.conn, id).await
    }

    pub async fn insert_webhook(&self, new: &Webhook) -> Result<(), Error> {
        let row = webhooks::Model {
            id: new.id.clone(),
            organisation: new.organisation.to_string(),
            person: new.person.to_string(),
            url: new.url.clone(),
            secret: new.secret.clone(),
            public: new.public.clone(),
            made_at: new.made_at.to_string(),
            ended_at: None,
            how: None,
        };
        webhooks::Entity::insert(row.into_active_model()).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Ends a webhook, and what it still waits for. False: it had ended.
    pub async fn end_webhook(&self, id: &str, how: End, at: Instant) -> Result<bool, Error> {
        let row = webhooks::ActiveModel {
            ended_at: Set(Some(at.to_string())),
            how: Set(Some(how.as_str().to_owned())),
            ..Default::default()
        };
        let open = webhooks::Column::Id.eq(id).and(webhooks::Column::EndedAt.is_null());
        let ended = webhooks::Entity::update_many().set(row).filter(open).exec(self.conn).await?.rows_affected == 1;
        let change = deliveries::ActiveModel {
            state: Set(DeliveryState::Ended.as_str().to_owned()),
            due_at: Set(None),
            ..Default::default()
        };
        let waiting = deliveries::Column::Webhook.eq(id).and(deliveries::Column::DueAt.is_not_null());
        deliveries::Entity::update_many().set(change).filter(waiting).exec(self.conn).await?;
        Ok(ended)
    }

    /// Puts down what a webhook is to be told. What it is told of already it is not told of again.
    pub async fn owe(&self, new: &Delivery) -> Result<(), Error> {
        let row = deliveries::Model {
            id: new.id.clone(),
            webhook: new.webhook.clone(),
            announcement: new.announcement.clone(),
            kind: new.kind.clone(),
            at: new.at.to_string(),
            body: new.body.clone(),
            state: new.state.as_str().to_owned(),
            due_at: new.due_at.map(|at| at.to_string()),
            attempts: 0,
            tried_at: None,
            status: None,
            detail: None,
        };
        let key = [deliveries::Column::Webhook, deliveries::Column::Announcement];
        let once = OnConflict::columns(key).do_nothing().to_owned();
        let insert = deliveries::Entity::insert(row.into_active_model()).on_conflict(once);
        insert.exec_without_returning(self.conn).await?;
        Ok(())
    }

    pub async fn delivery(&self, webhook: &str, id: &str) -> Result<Option<Delivery>, Error> {
        find_delivery(self.conn, webhook, id).await
    }

    /// Takes at most `limit` of what is due in hand: until `until` it is nobody else's.
    pub async fn take_deliveries(
        &self,
        at: Instant,
        until: Instant,
        limit: u64,
    ) -> Result<Vec<(Delivery, Webhook)>, Error> {
        let due = deliveries::Entity::find().filter(deliveries::Column::DueAt.lte(at.to_string()));
        let rows = due.order_by_asc(deliveries::Column::DueAt).limit(limit).all(self.conn).await?;
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        deliveries::Entity::update_many()
            .col_expr(deliveries::Column::DueAt, Expr::value(until.to_string()))
            .col_expr(deliveries::Column::Attempts, Expr::col(deliveries::Column::Attempts).add(1))
            .filter(deliveries::Column::Id.is_in(ids))
            .exec(self.conn)
            .await?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            let missing = || Error::Corrupt { table: "deliveries", column: "webhook", row: row.id.clone() };
            let webhook = find_webhook(self.conn, &row.webhook).await?.ok_or_else(missing)?;
            let delivery = delivery(row)?;
            taken.push((Delivery { attempts: delivery.attempts + 1, ..delivery }, webhook));
        }
        Ok(taken)
    }

    /// What came of an attempt. One that waits is tried again at its `due_at`; one that somebody else took in hand since is
    /// theirs to settle, unless this one got through.
    pub async fn settle_delivery(&self, tried: &Delivery) -> Result<(), Error> {
        let row = deliveries::ActiveModel {
            state: Set(tried.state.as_str().to_owned()),
            due_at: Set(tried.due_at.map(|at| at.to_string())),
            tried_at: Set(tried.tried_at.map(|at| at.to_string())),
            status: Set(tried.status.map(i32::from)),
            detail: Set(tried.detail.clone()),
            ..Default::default()
        };
        let mut is_own = Condition::all().add(deliveries::Column::Id.eq(tried.id.as_str()));
        if tried.state != DeliveryState::Delivered {
            is_own = is_own
                .add(deliveries::Column::State.eq(DeliveryState::Waiting.as_str()))
                .add(deliveries::Column::Attempts.eq(tried.attempts as i32));
        }
        deliveries::Entity::update_many().set(row).filter(is_own).exec(self.conn).await?;
        Ok(())
    }

    /// It is told once more, under the same id, from the first attempt on.
    pub async fn replay_delivery(&self, id: &str, at: Instant) -> Result<(), Error> {
        let row = deliveries::ActiveModel {
            state: Set(DeliveryState::Waiting.as_str().to_owned()),
            due_at: Set(Some(at.to_string())),
            attempts: Set(0),
            ..Default::default()
        };
        deliveries::Entity::update_many().set(row).filter(deliveries::Column::Id.eq(id)).exec(self.conn).await?;
        Ok(())
    }

    /// Webhooks that are told, with secrets not under this seal.
    pub async fn webhooks_to_seal(&self, head: &str) -> Result<Vec<Webhook>, Error> {
        let find = webhooks::Entity::find().filter(webhooks::Column::EndedAt.is_null());
        let mut found = find.all(self.conn).await?.into_iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
        found.retain(|webhook| !webhook.secret.starts_with(head));
        Ok(found)
    }

    /// Keeps the same secret under another seal.
    pub async fn reseal_webhook(&self, id: &str, sealed: &str) -> Result<(), Error> {
        let row = webhooks::ActiveModel { secret: Set(sealed.to_owned()), ..Default::default() };
        webhooks::Entity::update_many().set(row).filter(webhooks::Column::Id.eq(id)).exec(self.conn).await?;
        Ok(())
    }

    pub(super) async fn sweep_deliveries(&self, before: Instant) -> Result<u64, Error> {
        let old = deliveries::Column::At.lt(before.to_string()).and(deliveries::Column::DueAt.is_null());
        Ok(deliveries::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected)
    }
}

async fn find_webhook(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Webhook>, Error> {
    webhooks::Entity::find_by_id(id).all(conn).await?.pop().map(webhook).transpose()
}

async fn find_delivery(conn: &impl ConnectionTrait, webhook: &str, id: &str) -> Result<Option<Delivery>, Error> {
    let of = deliveries::Entity::find_by_id(id).filter(deliveries::Column::Webhook.eq(webhook));
    of.all(conn).await?.pop().map(delivery).transpose()
}

fn webhook(row: webhooks::Model) -> Result<Webhook, Error> {
    const TABLE: &str = "webhooks";
    let ended_at = row.ended_at.as_deref().map(|at| read(TABLE, "ended_at", &row.id, at)).transpose()?;
    let corrupt = || Error::Corrupt { table: TABLE, column: "how", row: row.id.clone() };
    let how = row.how.as_deref().map(|how| End::read(how).ok_or_else(corrupt)).transpose()?;
    Ok(Webhook {
        organisation: read(TABLE, "organisation", &row.id, &row.organisation)?,
        person: read(TABLE, "person", &row.id, &row.person)?,
        made_at: read(TABLE, "made_at", &row.id, &row.made_at)?,
        ended: ended_at.zip(how),
        id: row.id,
        url: row.url,
        secret: row.secret,
        public: row.public,
    })
}

fn delivery(row: deliveries::Model) -> Result<Delivery, Error> {
    const TABLE: &str = "deliveries";
    let instant = |column, text: &Option<String>| {
        text.as_deref().map(|text| read::<Instant>(TABLE, column, &row.id, text)).transpose()
    };
    let corrupt = || Error::Corrupt { table: TABLE, column: "state", row: row.id.clone() };
    Ok(Delivery {
        at: read(TABLE, "at", &row.id, &row.at)?,
        state: DeliveryState::read(&row.state).ok_or_else(corrupt)?,
        due_at: instant("due_at", &row.due_at)?,
        tried_at: instant("tried_at", &row.tried_at)?,
        attempts: u32::try_from(row.attempts).unwrap_or_default(),
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        detail: row.detail,
        id: row.id,
        webhook: row.webhook,
        announcement: row.announcement,
        kind: row.kind,
        body: row.body,
    })
}
