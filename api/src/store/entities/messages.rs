//! What somebody was told, and whether by mail.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub person: String,
    pub announcement: String,
    pub at: String,
    pub topic: String,
    pub notice: String,
    pub read_at: Option<String>,
    pub mail: String,
    pub mail_due_at: Option<String>,
    pub mail_attempts: i32,
    pub mail_detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
