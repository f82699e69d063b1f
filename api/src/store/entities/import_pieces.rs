//! The files of imports, piece by piece, until they are settled.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_pieces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub bytes: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
