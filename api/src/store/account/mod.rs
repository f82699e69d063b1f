//! Accounts: what is kept of people beyond their roles. These rows are no states of acts, so they are written at once,
//! inside the job's savepoint ([`super::Job::IS_DIRECT`]).

mod credentials;
mod keys;
mod people;
mod sessions;
mod trail;

use domain::calendar::Instant;

use super::Error;

/// Reads a column whose text has a form.
fn read<T: std::str::FromStr>(table: &'static str, column: &'static str, row: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt { table, column, row: row.to_owned() })
}

/// The same where there may be none.
fn read_some<T: std::str::FromStr>(
    table: &'static str,
    column: &'static str,
    row: &str,
    text: Option<&str>,
) -> Result<Option<T>, Error> {
    text.map(|text| read(table, column, row, text)).transpose()
}

/// Can this be the short name of a session or a key? PostgreSQL takes no NUL in a text, and an address may hold one.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn written(at: Option<Instant>) -> Option<String> {
    at.map(|at| at.to_string())
}
