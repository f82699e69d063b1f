//! Addresses of providers' systems that are told of what concerns them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organisation: String,
    pub person: String,
    pub url: String,
    pub secret: String,
    pub public: String,
    pub made_at: String,
    pub ended_at: Option<String>,
    pub how: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
