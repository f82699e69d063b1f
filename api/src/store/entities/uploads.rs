//! Files that organisations have uploaded.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub person: String,
    pub name: String,
    pub media: String,
    pub bytes: i64,
    pub pages: Option<i32>,
    pub shown: String,
    pub shown_bytes: i64,
    pub scan: String,
    pub uploaded_at: String,
    pub state: String,
    pub is_named: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
