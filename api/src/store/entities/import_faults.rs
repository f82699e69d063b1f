//! What is wrong with the files of imports, line by line.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_faults")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub line: i32,
    pub column_name: Option<String>,
    pub read: String,
    pub ja: String,
    pub en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
