//! API keys.

use std::collections::BTreeSet;

use domain::act::{OrganisationId, PersonId};
use domain::authority::Scope;
use domain::calendar::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{is_name, read, read_some, written};
use crate::account::ApiKey;
use crate::store::entities::api_keys;
use crate::store::{Error, Page, Store, Tx};

impl Store {
    /// The key with this SHA-256 (hexadecimal), whether or not it still works.
    pub async fn api_key(&self, digest: &str) -> Result<Option<ApiKey>, Error> {
        let of = api_keys::Entity::find().filter(api_keys::Column::Digest.eq(digest));
        of.all(&self.read).await?.pop().map(api_key).transpose()
    }

    /// An organisation's keys, the newest first.
    pub async fn api_keys_of(&self, organisation: &OrganisationId) -> Result<Vec<ApiKey>, Error> {
        find(&self.read, organisation).await
    }

    /// The key of this short name, whether or not it still works.
    pub async fn api_key_named(&self, id: &str) -> Result<Option<ApiKey>, Error> {
        if !is_name(id) {
            return Ok(None);
        }
        api_keys::Entity::find_by_id(id).all(&self.read).await?.pop().map(api_key).transpose()
    }

    /// At most `limit` organisations behind `after` that ever had a key, in the order of their ids.
    pub async fn api_key_holders(
        &self,
        after: Option<&OrganisationId>,
        limit: u64,
    ) -> Result<Page<OrganisationId>, Error> {
        let mut find = api_keys::Entity::find().select_only().column(api_keys::Column::Organisation).distinct();
        if let Some(after) = after {
            find = find.filter(api_keys::Column::Organisation.gt(after.as_str()));
        }
        let rows = find.order_by_asc(api_keys::Column::Organisation).limit(limit + 1).into_tuple().all(&self.read);
        Page::of(rows.await?, limit).try_map(|id: String| read("api_keys", "organisation", &id, &id))
    }
}

impl Tx<'_> {
    /// An organisation's keys, the newest first.
    pub async fn api_keys_of(&self, organisation: &OrganisationId) -> Result<Vec<ApiKey>, Error> {
        find(self.conn, organisation).await
    }

    pub async fn insert_api_key(&self, new: &ApiKey) -> Result<(), Error> {
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        let row = api_keys::ActiveModel {
            id: Set(new.id.clone()),
            digest: Set(new.digest.clone()),
            person: Set(new.person.to_string()),
            organisation: Set(new.organisation.to_string()),
            label: Set(new.label.clone()),
            scopes: Set(scopes.join(" ")),
            made_at: Set(new.made_at.to_string()),
            expires_at: Set(new.expires_at.to_string()),
            used_at: Set(written(new.used_at)),
            ended_at: Set(written(new.ended_at)),
        };
        api_keys::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Remembers that a key was used.
    pub async fn touch_api_key(&self, id: &str, at: Instant) -> Result<(), Error> {
        let row = api_keys::ActiveModel { used_at: Set(Some(at.to_string())), ..Default::default() };
        api_keys::Entity::update_many().set(row).filter(api_keys::Column::Id.eq(id)).exec(self.conn).await?;
        Ok(())
    }

    /// Ends a key of an organisation. False: there was none that worked.
    pub async fn end_api_key(&self, organisation: &OrganisationId, id: &str, at: Instant) -> Result<bool, Error> {
        if !is_name(id) {
            return Ok(false);
        }
        let of = api_keys::Column::Organisation.eq(organisation.as_str()).and(api_keys::Column::Id.eq(id));
        self.end(of, at).await.map(|ended| ended == 1)
    }

    /// Ends the keys that somebody answers for in an organisation, or in all of them.
    pub async fn end_api_keys_of(
        &self,
        person: &PersonId,
        organisation: Option<&OrganisationId>,
        at: Instant,
    ) -> Result<u64, Error> {
        let mut of = sea_orm::Condition::all().add(api_keys::Column::Person.eq(person.as_str()));
        if let Some(organisation) = organisation {
            of = of.add(api_keys::Column::Organisation.eq(organisation.as_str()));
        }
        self.end(of, at).await
    }

    async fn end(&self, of: impl sea_orm::sea_query::IntoCondition, at: Instant) -> Result<u64, Error> {
        let row = api_keys::ActiveModel { ended_at: Set(Some(at.to_string())), ..Default::default() };
        let update = api_keys::Entity::update_many().set(row).filter(of.into_condition());
        Ok(update.filter(api_keys::Column::EndedAt.is_null()).exec(self.conn).await?.rows_affected)
    }
}

async fn find(conn: &impl ConnectionTrait, organisation: &OrganisationId) -> Result<Vec<ApiKey>, Error> {
    let of = api_keys::Entity::find().filter(api_keys::Column::Organisation.eq(organisation.as_str()));
    let rows = of.order_by_desc(api_keys::Column::MadeAt).order_by_asc(api_keys::Column::Id).all(conn).await?;
    rows.into_iter().map(api_key).collect()
}

fn api_key(row: api_keys::Model) -> Result<ApiKey, Error> {
    const TABLE: &str = "api_keys";
    let scopes = row.scopes.split_whitespace().map(|word| read(TABLE, "scopes", &row.id, word));
    let scopes = scopes.collect::<Result<BTreeSet<Scope>, _>>()?;
    Ok(ApiKey {
        person: read(TABLE, "person", &row.id, &row.person)?,
        organisation: read(TABLE, "organisation", &row.id, &row.organisation)?,
        made_at: read(TABLE, "made_at", &row.id, &row.made_at)?,
        expires_at: read(TABLE, "expires_at", &row.id, &row.expires_at)?,
        used_at: read_some(TABLE, "used_at", &row.id, row.used_at.as_deref())?,
        ended_at: read_some(TABLE, "ended_at", &row.id, row.ended_at.as_deref())?,
        digest: row.digest,
        id: row.id,
        label: row.label,
        scopes,
    })
}
