//! Applications as their acts add up.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub version: i32,
    pub owner: String,
    pub stage: String,
    pub submitted_at: String,
    pub state: String,
    /// The registration that it is about, where that is there already.
    pub concerns: Option<String>,
    /// The first day by which a condition that is open has to be met.
    pub condition_due: Option<String>,
    /// Since when an objection waits.
    pub objected_at: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
