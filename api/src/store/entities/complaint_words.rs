//! What was written in complaints, and by whom; no states of acts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub complaint: String,
    pub text: Option<String>,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub salt: Option<String>,
    pub secret: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
