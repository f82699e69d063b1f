//! One row an act; its index in the log is its key.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "acts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub leaf: String,
    pub subject: String,
    pub version: i32,
    pub open: Option<String>,
    pub open_salt: Option<String>,
    pub sealed: Option<String>,
    pub sealed_salt: Option<String>,
    pub request: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
