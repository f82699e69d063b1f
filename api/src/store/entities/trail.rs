//! Who did, tried or was refused what, from where.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = true)]
    pub id: i64,
    pub at: String,
    pub request: String,
    pub person: Option<String>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub proof: String,
    pub address: Option<String>,
    pub address_digest: Option<String>,
    pub what: String,
    pub subject: Option<String>,
    pub outcome: String,
    pub detail: Option<String>,
    pub seq: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
