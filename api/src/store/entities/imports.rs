//! Files by which providers attest many users at once, and how far each has come.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub request: Option<String>,
    pub registration: String,
    pub organisation: String,
    pub person: String,
    pub proof: String,
    pub choice: String,
    pub name: String,
    pub stage: String,
    pub sender: String,
    pub bytes: i64,
    pub digest: Option<String>,
    pub encoding: Option<String>,
    pub begun_at: String,
    pub settled_at: Option<String>,
    pub rows: i32,
    pub faulty: i32,
    pub issued: i32,
    pub line: i32,
    pub trouble: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
