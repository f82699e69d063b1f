//! Registrations as their acts add up.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "registrations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    pub version: i32,
    pub application: String,
    pub owner: String,
    pub search_key: String,
    /// Applications that concern it and are not entered: each with a blank on both sides.
    pub pending: String,
    /// The first day behind the last term that was entered.
    pub term_until: String,
    pub state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
