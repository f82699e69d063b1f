//! Which licences a key signed.

use domain::licence::{Licence, LicenceId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::licences;
use super::registers::licence;
use super::{Error, Page, Store};

impl Store {
    /// At most `limit` open licences, by id, whose token of now one of these keys signed; kids in hexadecimal. Reads every
    /// row: it is for the day on which a key was compromised.
    pub async fn licences_signed_with(
        &self,
        keys: &[String],
        after: Option<LicenceId>,
        limit: u64,
    ) -> Result<Page<Licence>, Error> {
        if keys.is_empty() {
            return Ok(Page { items: Vec::new(), has_more: false });
        }
        let key = match self.read.get_database_backend() {
            DbBackend::Postgres => Expr::cust("state::json -> 'grant' ->> 'key'"),
            _ => Expr::cust("json_extract(state, '$.grant.key')"),
        };
        let mut find = licences::Entity::find()
            .filter(licences::Column::IsClosed.eq(false))
            .filter(key.is_in(keys.iter().map(String::as_str)));
        if let Some(after) = after {
            find = find.filter(licences::Column::Id.gt(after.to_string()));
        }
        let rows = find.order_by_asc(licences::Column::Id).limit(limit + 1).all(&self.read).await?;
        Page::of(rows, limit).try_map(|row| licence(&row))
    }
}
