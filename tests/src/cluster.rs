//! A PostgreSQL cluster of the test process's own.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

const SCRIPT: &str = include_str!("cluster.sh");

/// The running cluster. Its keeper ends it when this process's end of the pipe closes.
#[derive(Debug)]
pub(crate) struct Cluster {
    port: u16,
    /// The folder of its socket.
    socket: String,
    _keeper: Child,
}

impl Cluster {
    /// This process's cluster, started by the first who asks. Without PostgreSQL on the machine the test fails and says
    /// what is missing.
    pub(crate) fn shared() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(|| Self::patiently(&[]))
    }

    /// A cluster that lets in as these further arguments of the script say.
    pub(crate) fn guarded(guards: &[&str; 5]) -> Self {
        Self::patiently(guards)
    }

    fn patiently(guards: &[&str]) -> Self {
        let programs = programs();
        // Between finding a free port and taking it somebody else may: then another one.
        Self::start(&programs, guards).or_else(|_| Self::start(&programs, guards)).unwrap_or_else(|why| {
            panic!("PostgreSQL does not start:\n{why}");
        })
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a database by way of the socket.
    pub(crate) fn socket_url(&self, role: &str, database: &str) -> String {
        format!("postgres:///{database}?host={}&port={}&user={role}", self.socket, self.port)
    }

    /// Its port of 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn start(programs: &Path, guards: &[&str]) -> Result<Self, String> {
        let port = free_port();
        let mut keeper = shell()
            .args([SCRIPT.as_ref(), "cluster".as_ref(), programs.as_os_str(), port.to_string().as_ref()])
            .args(guards)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("a shell: {error}"))?;
        let mut said = String::new();
        let mut stdout = BufReader::new(keeper.stdout.take().expect("it was asked for"));
        stdout.read_line(&mut said).map_err(|error| error.to_string())?;
        if let Some(socket) = said.trim().strip_prefix("ready ") {
            return Ok(Self { port, socket: socket.to_owned(), _keeper: keeper });
        }
        let mut why = String::new();
        let mut stderr = keeper.stderr.take().expect("it was asked for");
        stderr.read_to_string(&mut why).map_err(|error| error.to_string())?;
        Err(why)
    }
}

/// A shell that runs as somebody PostgreSQL accepts: it refuses root.
fn shell() -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    let mut shell = if is_root { Command::new("runuser") } else { Command::new("sh") };
    if is_root {
        shell.args(["-u", "postgres", "--", "sh"]);
    }
    shell.current_dir(env::temp_dir()).arg("-c");
    shell
}

/// The folder of PostgreSQL's programs, the newest version's: Debian keeps them off the path.
fn programs() -> PathBuf {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = debian.filter(|folder| folder.join("initdb").exists()).collect();
    found.sort_by_key(|folder| folder.parent().and_then(Path::file_name)?.to_str()?.parse::<u32>().ok());
    let newest = found.pop().or_else(|| env::split_paths(&path).find(|folder| folder.join("initdb").exists()));
    newest.expect("these tests need PostgreSQL's server programs (Debian: apt-get install postgresql)")
}

/// A port of 127.0.0.1 that nobody has now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it is bound").port()
}
