//! The database behind the register's back: for making it, and for tampering with it.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, QueryResult, Statement};
use tokio::runtime::Runtime;

/// A connection for tests, which wait for every answer.
#[derive(Debug)]
pub struct Sql {
    runtime: Runtime,
    conn: DatabaseConnection,
}

impl Sql {
    /// Connects to `url`.
    pub fn open(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("threads can be made");
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let conn = runtime.block_on(Database::connect(options)).expect("the database answers");
        Self { runtime, conn }
    }

    /// Executes statements; says how many rows the last one touched.
    pub fn try_execute(&self, sql: &str) -> Result<u64, DbErr> {
        self.runtime.block_on(self.conn.execute_unprepared(sql)).map(|done| done.rows_affected())
    }

    /// Executes statements that must work.
    pub fn execute(&self, sql: &str) -> u64 {
        self.try_execute(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"))
    }

    /// The rows of a query.
    pub fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.conn.get_database_backend(), sql);
        self.runtime.block_on(self.conn.query_all_raw(statement)).unwrap_or_else(|error| panic!("{error}\n{sql}"))
    }

    /// The first column of a query's rows, as text.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.rows(sql).iter().map(|row| row.try_get_by_index(0).expect("the column is text")).collect()
    }

    /// The one number that a query asks for.
    pub fn number(&self, sql: &str) -> i64 {
        self.rows(sql)[0].try_get_by_index(0).expect("the column is a number")
    }
}
