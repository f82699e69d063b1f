//! OpenID providers to sign in at, run by Node: an honest one and one that lies (`tests/oidc`).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{Client, node};

/// What both providers know this register by (`accounts.mjs`).
pub const CLIENT_ID: &str = "otasuketai";
/// Its secret.
pub const CLIENT_SECRET: &str = "a:b/c+d %e&f=g";

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oidc");

/// How many redirects a sign-in may take.
const STEPS: usize = 10;

/// A running provider on a port of its own. Dropped, it is killed; should this process die first, its closed input ends
/// it.
#[derive(Debug)]
pub struct Rig {
    process: Child,
    client: Client,
}

impl Rig {
    /// `provider.mjs`: keeps to the rules. It sends people back to these addresses only.
    pub fn provider(redirects: &[&str]) -> Self {
        let installed = node::oidc().to_str().expect("the target folder's name is text");
        Self::start("provider.mjs", &[&[installed], redirects].concat())
    }

    /// `hostile.mjs`: lies as `scenarios.mjs` says. It sends people back to these addresses only.
    pub fn hostile(redirects: &[&str]) -> Self {
        Self::start("hostile.mjs", redirects)
    }

    fn start(script: &str, arguments: &[&str]) -> Self {
        let spawned = Command::new("node")
            .arg(format!("{FOLDER}/{script}"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let process = spawned.unwrap_or_else(|error| {
            panic!("these tests need node 20 or later (Debian: apt-get install nodejs npm): {error}")
        });
        let mut rig = Self { process, client: Client::new("http://127.0.0.1") };
        let output = rig.process.stdout.take().expect("its output is piped");
        let said = BufReader::new(output).lines().map_while(Result::ok);
        let port = said.filter_map(|line| line.parse::<u16>().ok()).next();
        let port = port.unwrap_or_else(|| panic!("{script} ended without naming its port"));
        rig.client = Client::new(&format!("http://127.0.0.1:{port}"));
        rig
    }

    /// The honest provider's issuer.
    pub fn issuer(&self) -> String {
        format!("{}/oauth/", self.client.base())
    }

    /// The hostile provider's issuer that plays a scenario; `steered` plays what [`Rig::play`] says.
    pub fn issuer_of(&self, scenario: &str) -> String {
        format!("{}/{scenario}/oauth/", self.client.base())
    }

    /// From now on `steered` plays this.
    pub fn play(&self, scenario: &str) {
        self.control("POST", &format!("scenario?name={scenario}"));
    }

    /// The names of all scenarios.
    pub fn scenarios(&self) -> Vec<String> {
        self.control("GET", "scenarios").lines().map(str::to_owned).collect()
    }

    /// The hostile provider's other host and port, where it answers the same.
    pub fn elsewhere(&self) -> String {
        self.control("GET", "elsewhere")
    }

    /// How often a scenario's keys have been asked for.
    pub fn keys_asked(&self, scenario: &str) -> u32 {
        self.control("GET", &format!("asked?name={scenario}")).parse().expect("it answers with a number")
    }

    /// The honest provider now gives this account another corporate number.
    pub fn move_to(&self, account: &str, number: &str) {
        self.control("POST", &format!("corporate-number?account={account}&number={number}"));
    }

    fn control(&self, method: &str, what: &str) -> String {
        let answer = self.client.ask(method, &format!("/control/{what}")).try_send().expect("the provider answers");
        assert!(matches!(answer.status, 200 | 204), "{method} {what}: {}", answer.status);
        String::from_utf8(answer.body).expect("it answers in UTF-8")
    }

    /// Signs in as a browser would that was sent to `url`: as `account` where the provider asks who one is. Returns the
    /// address the browser is sent back to, unopened.
    pub fn sign_in(&self, url: &str, account: &str) -> String {
        let mut cookies = BTreeMap::new();
        let mut next = url.to_owned();
        for _ in 0..STEPS {
            let Some(path) = next.strip_prefix(self.client.base()) else { return next };
            let sent: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = self.client.get(path).header("cookie", &sent.join("; ")).try_send().expect("it answers");
            for set in answer.headers.get_all("set-cookie").iter().filter_map(|set| set.to_str().ok()) {
                let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            next = match (answer.status, answer.headers.get("location")) {
                (300..=399, Some(to)) => self.absolute(to.to_str().expect("addresses are ASCII")),
                (200, _) if !next.contains("?account=") => format!("{next}?account={account}"),
                (status, _) => panic!("{next}: {status} {}", String::from_utf8_lossy(&answer.body)),
            };
        }
        panic!("{STEPS} redirects, and still at {next}");
    }

    fn absolute(&self, to: &str) -> String {
        if to.starts_with('/') { format!("{}{to}", self.client.base()) } else { to.to_owned() }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
