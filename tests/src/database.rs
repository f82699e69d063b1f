//! Empty databases, one for each test.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::Sql;
use crate::cluster::Cluster;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// A database on this engine.
    pub fn database(self) -> Database {
        match self {
            Self::Sqlite => Database::sqlite(),
            Self::Postgres => Database::postgres(),
        }
    }
}

/// A database of a test's own, empty until a [`crate::Register`] is put on it; gone when it is dropped (SQLite) or the
/// test process ends (PostgreSQL).
#[derive(Debug)]
pub struct Database {
    engine: Engine,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    /// The database's name in this process's cluster.
    Cluster(String),
}

impl Database {
    /// An SQLite file that does not exist yet.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("temporary files can be made");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("register.sqlite").display());
        Self { engine: Engine::Sqlite, url, place: Place::Folder(folder) }
    }

    /// A database on PostgreSQL. Fails where PostgreSQL is not installed.
    pub fn postgres() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self { engine: Engine::Postgres, url: Cluster::shared().url(&name), place: Place::Cluster(name) }
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What `--database` takes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection behind the register's back.
    pub fn sql(&self) -> Sql {
        Sql::open(&self.url)
    }

    /// Makes it, empty or as a copy. Nobody may be connected to what is copied.
    pub(crate) fn make(&self, copy: Option<&Image>) {
        match (&self.place, copy) {
            (Place::Folder(folder), Some(Image::Files(files))) => {
                for (name, bytes) in files {
                    fs::write(folder.path().join(name), bytes).expect("the folder is ours");
                }
            }
            (Place::Cluster(name), copy) => {
                let template = match copy {
                    Some(Image::Template(template)) => template,
                    _ => "template1",
                };
                let sql = Sql::open(&Cluster::shared().url("postgres"));
                sql.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
            }
            (Place::Folder(_), _) => {}
        }
    }

    /// What it holds, for copies. Nobody may be connected.
    pub(crate) fn image(self) -> Image {
        match self.place {
            Place::Cluster(name) => Image::Template(name),
            // The shared memory beside the write-ahead log is made anew by whoever opens the copy.
            Place::Folder(folder) => {
                Image::Files(files(folder.path()).filter(|(name, _)| !name.ends_with("-shm")).collect())
            }
        }
    }
}

/// A database at rest.
#[derive(Debug)]
pub(crate) enum Image {
    Files(Vec<(String, Vec<u8>)>),
    Template(String),
}

/// The files of a folder: names and contents.
pub(crate) fn files(folder: &Path) -> impl Iterator<Item = (String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("the folder is ours");
    let entries = entries.map(|entry| entry.expect("the folder is ours"));
    // The evidence's folder is empty in a register that nobody has used.
    entries.filter(|entry| entry.path().is_file()).map(|entry| {
        let name = entry.file_name().into_string().expect("we name our files in ASCII");
        (name, fs::read(entry.path()).expect("the file is ours"))
    })
}
