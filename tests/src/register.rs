//! A register: a data folder with its keys, on a database.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use api::seal::keys::{Cost, Keys, Purpose};
use serde_json::Value;
use tempfile::TempDir;

use crate::database::{Image, files};
use crate::oidc::{CLIENT_ID, CLIENT_SECRET};
use crate::{Cast, Database, Engine, Person, PostOffice, Server, binary, staff};

/// A register of a test's own. It outlives its servers: start one, stop it, start the next.
#[derive(Debug)]
pub struct Register {
    folder: TempDir,
    database: Database,
    base_url: String,
    /// The issuer of the provider that people sign in at.
    issuer: Option<String>,
    /// More settings, as the environment holds them.
    settings: Vec<(&'static str, String)>,
}

/// What `fsck --json` says.
#[derive(Debug)]
pub struct Findings {
    /// 0 when nothing differs, 1 when something does, 2 when it could not be checked.
    pub status: i32,
    /// The printed object, or null where nothing could be checked.
    pub document: Value,
    /// Everything printed.
    pub said: String,
}

impl Findings {
    /// The differences.
    pub fn differences(&self) -> &[Value] {
        self.document["differences"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Is a difference named in this table?
    pub fn name(&self, table: &str) -> bool {
        self.differences().iter().any(|difference| difference["table"] == table)
    }
}

impl Register {
    /// A register with nobody and nothing in it. Its address is not where its servers listen, as behind a proxy.
    pub fn new(database: Database) -> Self {
        Self::at(database, BASE_URL)
    }

    /// The same, reached at `base_url`.
    pub fn at(database: Database, base_url: &str) -> Self {
        database.make(None);
        Self::on(database, base_url)
    }

    /// A register with a cast, who were admitted by the command.
    pub fn staffed(database: Database) -> (Self, Cast) {
        let Template { data, image, cast } = Template::of(database.engine());
        database.make(Some(image));
        let register = Self::on(database, BASE_URL);
        fs::create_dir(register.data()).expect("the folder is ours");
        for (name, bytes) in data {
            let file = register.data().join(name);
            fs::write(&file, bytes).expect("the folder is ours");
            // Keys that others may read are refused.
            fs::set_permissions(file, Permissions::from_mode(0o600)).expect("the file is ours");
        }
        // They signed in when the first of these was made; what asks for a fresh sign-in is not what tests are about.
        let now = api::clock::now();
        register.database().sql().execute(&format!("UPDATE sessions SET signed_in_at = '{now}', seen_at = '{now}'"));
        (register, cast.clone())
    }

    fn on(database: Database, base_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("temporary files can be made");
        fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).expect("the folder is ours");
        Self { folder, database, base_url: base_url.to_owned(), issuer: None, settings: Vec::new() }
    }

    /// The same, where people sign in at a test's provider too.
    pub fn with_provider(self, issuer: &str) -> Self {
        Self { issuer: Some(issuer.to_owned()), ..self }
    }

    /// The same with a mail server, and webhooks that lead to this machine.
    pub fn with_post(self, office: &PostOffice) -> Self {
        let settings = vec![
            ("OTASUKETAI_SMTP", office.smtp()),
            ("OTASUKETAI_MAIL_FROM", "登録簿 <no-reply@otasuketai.example>".to_owned()),
            ("OTASUKETAI_LOOPBACK_WEBHOOKS", "true".to_owned()),
        ];
        Self { settings, ..self }
    }

    /// The same with webhooks that may lead to this machine.
    pub fn with_loopback_webhooks(self) -> Self {
        Self { settings: vec![("OTASUKETAI_LOOPBACK_WEBHOOKS", "true".to_owned())], ..self }
    }

    /// Gives people mail addresses, behind the register's back.
    pub fn address(&self, addresses: &[(&Person, &str)]) {
        for (person, address) in addresses {
            let id = &person.id;
            let changed =
                self.database.sql().execute(&format!("UPDATE profiles SET email = '{address}' WHERE person = '{id}'"));
            assert_eq!(changed, 1, "{id} has a profile");
        }
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// How many acts there are. What is published of the log follows a moment later.
    pub fn acts(&self) -> i64 {
        self.database.sql().number("SELECT count(*) FROM acts")
    }

    /// What `--base-url` takes.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What `--data` takes.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where test servers leave their logs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `otasuketai ARGUMENTS` with this register's settings behind them.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = otasuketai(arguments);
        command
            .args([OsStr::new("--data"), self.data().as_os_str()])
            .args(["--database", self.database.url(), "--base-url", &self.base_url])
            .args([OsStr::new("--passphrase-file"), self.folder.path().join("passphrase").as_os_str()]);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        if let Some(issuer) = &self.issuer {
            command
                .env("OTASUKETAI_OIDC_ISSUER", issuer)
                .env("OTASUKETAI_OIDC_CLIENT_ID", CLIENT_ID)
                .env("OTASUKETAI_OIDC_CLIENT_SECRET", CLIENT_SECRET);
        }
        command
    }

    /// Runs a command to its end; it must end well. What it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the binary can be started");
        let said = words(&output);
        assert!(output.status.success(), "otasuketai {arguments:?} ended with {}:\n{said}", output.status);
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    /// Starts a server and waits until it is ready.
    pub fn serve(&self) -> Server {
        Server::start(self, &[])
    }

    /// The same at the port that the base URL names, for browsers that are sent there.
    pub fn serve_there(&self) -> Server {
        Server::start_there(self)
    }

    /// The same, started by another program: `wrapper` and its arguments, before the server's own command line.
    pub fn serve_under(&self, wrapper: &[&str]) -> Server {
        Server::start(self, wrapper)
    }

    /// Admits a person, signed in.
    pub fn admit(&self, role: &str, name: &str, organisation: &str) -> Person {
        let [person] = self.admit_all([(role, name, organisation)]);
        person
    }

    /// Admits people, each by role, name and organisation, as [`Register::admit`] does.
    pub fn admit_all<const N: usize>(&self, people: [(&str, &str, &str); N]) -> [Person; N] {
        let mut admitted = staff::in_process(self, async |registry| {
            let mut admitted = Vec::with_capacity(N);
            for (role, name, organisation) in people {
                let role = role.parse().expect("a role");
                admitted.push(staff::settle(registry, role, name, organisation).await);
            }
            admitted.into_iter()
        });
        std::array::from_fn(|_| admitted.next().expect("there are as many"))
    }

    /// Makes the keys that the first start would make, at the cost that files had before: every command of every test
    /// opens them, and none is about what a guess at their passphrase costs.
    fn make_keys(&self) {
        let keys = Keys::generate(&Purpose::USED, &mut rand::rng());
        fs::create_dir(self.data()).expect("the folder is ours");
        let file = self.data().join("keys.pem");
        keys.save_new(&file, PASSPHRASE, Cost::FORMER, &mut rand::rng()).expect("there is none yet");
    }

    /// Adds keys that are to be the next, of which the next process that opens the register knows.
    pub fn add_keys(&self, purposes: &[Purpose]) {
        let file = self.data().join("keys.pem");
        Keys::add(&file, PASSPHRASE, purposes, Cost::FORMER, &mut rand::rng()).expect("the file is whole");
    }

    /// Runs `fsck --json`.
    pub fn fsck(&self) -> Findings {
        let output = self.command(&["fsck", "--json"]).output().expect("the binary can be started");
        let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Findings { status: output.status.code().unwrap_or(-1), document, said: words(&output) }
    }

    /// Nothing differs: every table is what the acts lead to, and every checkpoint holds.
    pub fn assert_whole(&self) {
        let findings = self.fsck();
        assert_eq!(findings.status, 0, "fsck: {}", findings.said);
    }
}

/// Opens every test register's keys.
pub const PASSPHRASE: &str = "test only";
const BASE_URL: &str = "https://otasuketai.example";

/// A staffed register at rest. Admitting people takes seconds (each command opens the encrypted keys), copying them none.
struct Template {
    data: Vec<(String, Vec<u8>)>,
    image: Image,
    cast: Cast,
}

impl Template {
    fn of(engine: Engine) -> &'static Self {
        static SQLITE: OnceLock<Template> = OnceLock::new();
        static POSTGRES: OnceLock<Template> = OnceLock::new();
        match engine {
            Engine::Sqlite => SQLITE.get_or_init(|| Self::make(Database::sqlite())),
            Engine::Postgres => POSTGRES.get_or_init(|| Self::make(Database::postgres())),
        }
    }

    fn make(database: Database) -> Self {
        let register = Register::new(database);
        register.make_keys();
        let cast = Cast::admit(&register);
        Self { data: files(&register.data()).collect(), image: register.database.image(), cast }
    }
}

/// `otasuketai ARGUMENTS` with no settings from this process's own environment.
pub fn otasuketai(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OTASUKETAI_")) {
        command.env_remove(name);
    }
    // A test asks more in a second than anybody else: those who are about the limit set it again.
    command.env("OTASUKETAI_REQUESTS_PER_SECOND", "0").args(arguments);
    command
}

/// Everything a command printed.
pub(crate) fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
