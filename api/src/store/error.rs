//! What can go wrong with the database. Absence is not an error: it is `None`.

use std::fmt;

use sea_orm::DbErr;

/// A failure of the store.
#[derive(Debug)]
pub enum Error {
    /// The driver, the disk or the network.
    Driver(DbErr),
    /// A value that this program cannot have written.
    Corrupt { table: &'static str, column: &'static str, row: String },
    /// Somebody else wrote the same thing first.
    Conflict,
    /// The writer has stopped: the process is ending.
    Stopped,
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Conflict,
            _ => Self::Driver(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Driver(error) => write!(f, "{error}"),
            Self::Corrupt { table, column, row } => write!(f, "unreadable {table}.{column} in row {row}"),
            Self::Conflict => f.write_str("somebody else wrote the same thing first"),
            Self::Stopped => f.write_str("the registry is stopping"),
        }
    }
}

impl std::error::Error for Error {}
