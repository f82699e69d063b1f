//! The database: the only place that names sea-orm. Rows never leave it; what leaves is the domain's own types.
//!
//! Reads go to a pool of their own. Writes go through one queue ([`writer`]), which takes what waits, runs each
//! apart from the others and commits once.

mod account;
mod batch;
mod cache;
mod complaints;
mod deciding;
mod drafts;
mod entities;
mod error;
mod evidence;
mod follow;
mod fsck;
mod history;
mod house;
mod imports;
mod log;
mod people;
mod places;
mod post;
mod record;
mod registers;
mod settings;
mod signed;
mod status_lists;
mod tables;
mod tx;
mod watching;
mod working_papers;
mod writer;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use migrations::Migrator;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

pub use complaints::Words;
pub use deciding::AfterDue;
pub use error::Error;
pub use fsck::{Difference, Findings, check};
pub use imports::holder_key;
pub use log::Head;
pub use record::CaseActs;
pub use registers::{Cases, Page, Search};
pub use status_lists::Placed;
pub use tx::{Entry, Tx};
pub use writer::Job;

use cache::Cache;
use writer::Writer;

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    writer: Writer,
    cache: Arc<Cache>,
}

/// Why the database cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Neither `sqlite:` with a file nor `postgres:`.
    Url(String),
    /// On another machine, and the way there is not protected.
    Open(String),
    /// Its checkpoints are those of a log of another name, which belongs to another base URL.
    OtherLog {
        found: String,
        expected: String,
    },
    /// The database was written by a newer version of this program.
    Future(String),
    Store(Error),
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<sea_orm::DbErr> for OpenError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => write!(
                f,
                "データベースの指定が読めません / not a database this registry can use: {url} \
                 (sqlite:///folder/register.sqlite or postgres://user@host/name)"
            ),
            Self::Open(url) => write!(
                f,
                "別の機械のデータベースには、証明書を確かめるTLSが要ります。?sslmode=verify-full を付けてください / a database on \
                 another machine takes TLS with a checked certificate: add ?sslmode=verify-full: {url}"
            ),
            Self::OtherLog { found, expected } => write!(
                f,
                "このデータベースのログの名前は {found} で、{expected} ではありません。--base-url を確かめてください / the log \
                 of this database is named {found}, not {expected}: check --base-url"
            ),
            Self::Future(what) => write!(
                f,
                "データベースがこのプログラムより新しい版で書かれています / the database was written by a newer version \
                 of this program: {what}"
            ),
            Self::Store(error) => write!(f, "データベースを開けません / the database cannot be opened: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}

/// The URL of the embedded database in a data folder.
pub fn embedded(data: &Path) -> String {
    format!("sqlite://{}?mode=rwc", data.join("register.sqlite").display())
}

impl Store {
    /// Opens the database, makes or moves its tables forward, and starts the writer.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let is_embedded = check_url(url)?;
        make_private(url);
        let write = connect(url, 1).await?;
        migrate(&write).await?;
        let read = connect(url, if is_embedded { 4 } else { 16 }).await?;
        let cache = Arc::new(Cache::new());
        let writer = Writer::start(write, cache.clone()).await?;
        tokio::spawn(follow::follow(read.clone(), writer.size.clone(), cache.clone()));
        Ok(Self { read, writer, cache })
    }

    /// Can the database answer now?
    pub async fn is_ready(&self) -> bool {
        self.read.execute_unprepared("SELECT 1").await.is_ok()
    }

    /// Waits until what was queued is written, then closes.
    pub async fn close(&self) {
        self.writer.stop().await;
        // Reads that still run are other requests' own; the server has ended them by now.
        let _ = self.read.clone().close().await;
    }
}

/// Makes the embedded database's file for its owner alone; SQLite gives the files beside it the same mode. What goes
/// wrong here, opening the database tells.
fn make_private(url: &str) {
    use std::os::unix::fs::OpenOptionsExt;
    let path = url.strip_prefix("sqlite://").and_then(|rest| rest.strip_suffix("?mode=rwc"));
    if let Some(path) = path {
        let _ = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    }
}

/// Is this a database that can be used, and an embedded one? The driver's own complaint would show the password.
fn check_url(url: &str) -> Result<bool, OpenError> {
    let is_embedded = url.starts_with("sqlite://") && !url.contains(":memory:");
    let is_shared = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if is_embedded {
        return Ok(true);
    }
    match url.parse::<PgConnectOptions>() {
        Ok(options) if is_shared && is_private(&options) => Ok(false),
        Ok(_) if is_shared => Err(OpenError::Open(without_password(url))),
        _ => Err(OpenError::Url(without_password(url))),
    }
}

/// Can nobody on the way read or answer? On this machine there is no way; to another it is TLS with a certificate that
/// is checked, its name too.
fn is_private(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_loopback = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_here = options.get_socket().is_some() || host.starts_with('/') || host == "localhost" || is_loopback;
    is_here || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
}

/// The address as it may be shown: without what stands before the host, and without parameters.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => url.to_owned(),
    }
}

async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
                // A batch of acts fits in memory, and the log of writes is folded in after several (16 MB each).
                .pragma("cache_size", "-16000")
                .pragma("wal_autocheckpoint", "4000")
                .foreign_keys(true)
        });
    Ok(Database::connect(options).await?)
}

/// Is there nothing to migrate? Asked by reading alone: a role that may create no tables can serve then.
async fn is_current(conn: &DatabaseConnection) -> bool {
    let asked = Statement::from_string(conn.get_database_backend(), "SELECT version FROM seaql_migrations");
    let mut known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    // Of a database without that table, which is a new one, the answer is an error.
    let Ok(rows) = conn.query_all_raw(asked).await else { return false };
    let mut done: Vec<String> = rows.iter().filter_map(|row| row.try_get_by_index(0).ok()).collect();
    known.sort();
    done.sort();
    done == known
}

/// Several processes may start at once on one PostgreSQL: the first to lock migrates, the others find it done.
async fn migrate(write: &DatabaseConnection) -> Result<(), OpenError> {
    if is_current(write).await {
        return Ok(());
    }
    let is_shared = write.get_database_backend() == DbBackend::Postgres;
    if is_shared {
        write.execute_unprepared("SELECT pg_advisory_lock(727461)").await?;
    }
    let moved = Migrator::up(write, None).await;
    if is_shared {
        write.execute_unprepared("SELECT pg_advisory_unlock(727461)").await?;
    }
    moved.map_err(|error| match error {
        // sea-orm-migration's word for a migration that the database has and this program does not.
        sea_orm::DbErr::Custom(what) if what.contains("is missing") => OpenError::Future(what),
        other => OpenError::Store(other.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the folder around it allows.
    #[tokio::test]
    async fn the_embedded_database_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("ours");
        let store = Store::open(&embedded(folder.path())).await.expect("it opens");
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        let modes: Vec<u32> =
            files.map(|file| file.expect("a file").metadata().expect("there").permissions().mode() & 0o777).collect();
        assert!(modes.len() >= 2 && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
        store.close().await;
    }

    #[test]
    fn a_wrong_address_is_shown_without_its_password() {
        for url in [
            "postgres://reg:secret@db.example:54x/reg",
            "postgres://reg:se/cret@db.example/reg",
            "postgres://reg:s#cret@[db.example/reg",
            "postgresx://reg:secret@db.example/reg",
            "foo://reg:secret@db.example/reg?password=secret",
            "sqlite://:memory:",
        ] {
            let refused = check_url(url).expect_err(url).to_string();
            assert!(!refused.contains("cret"), "{refused}");
        }
        for (url, is_embedded) in [
            ("sqlite:///folder/register.sqlite?mode=rwc", true),
            ("postgres://reg:secret@127.0.0.1:5432/reg", false),
            ("postgresql://db.example/reg?sslmode=verify-full", false),
        ] {
            assert_eq!(check_url(url).ok(), Some(is_embedded), "{url}");
        }
    }

    #[test]
    fn a_database_on_another_machine_takes_tls_that_checks_whom_it_meets() {
        for url in [
            "postgres://reg@localhost/reg",
            "postgres://reg@127.0.0.9/reg?sslmode=disable",
            "postgres://reg@[::1]:5433/reg",
            "postgres:///reg?host=/run/postgresql",
            "postgres://reg@%2Frun%2Fpostgresql/reg",
            "postgres://reg:secret@db.example/reg?sslmode=verify-full",
            "postgres://reg:secret@192.0.2.7/reg?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        ] {
            assert_eq!(check_url(url).ok(), Some(false), "{url}");
        }
        for host in ["db.example", "192.0.2.7", "[2001:db8::1]", "localhost.example", "127.0.0.1.example"] {
            for mode in ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"] {
                let refused = check_url(&format!("postgres://reg:secret@{host}/reg{mode}")).expect_err(host);
                let told = refused.to_string();
                assert!(matches!(refused, OpenError::Open(_)) && !told.contains("secret"), "{told}");
            }
        }
    }
}
