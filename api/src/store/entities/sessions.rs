//! Running sessions.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub id: String,
    pub person: String,
    pub method: String,
    pub begun_at: String,
    pub signed_in_at: String,
    pub seen_at: String,
    pub agent: String,
    pub address: Option<String>,
    pub csrf: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
