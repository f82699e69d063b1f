//! What such an address was told, and what it answered.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub webhook: String,
    pub announcement: String,
    pub kind: String,
    pub at: String,
    pub body: String,
    pub state: String,
    pub due_at: Option<String>,
    pub attempts: i32,
    pub tried_at: Option<String>,
    pub status: Option<i32>,
    pub detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
