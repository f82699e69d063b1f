//! A mail server and a receiver of webhooks that keep what they got: `tests/interop/post_office.py`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::python;

/// How long anything may take to arrive.
const PATIENCE: Duration = Duration::from_secs(120);

/// Both servers. Dropped, they end.
#[derive(Debug)]
pub struct PostOffice {
    folder: TempDir,
    process: Child,
    _input: ChildStdin,
    ports: Value,
}

impl PostOffice {
    /// Starts both.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("temporary files can be made");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/post_office.py");
        let mut process = Command::new(python::programs().join("python"))
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script can be started");
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("it is piped"));
        output.read_line(&mut line).expect("it prints its ports");
        let ports = serde_json::from_str(&line).expect("it prints JSON");
        let input = process.stdin.take().expect("it is piped");
        Self { folder, process, _input: input, ports }
    }

    /// What `--smtp` takes.
    pub fn smtp(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.ports["smtp"])
    }

    /// The address of a webhook.
    pub fn hook(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports["http"])
    }

    /// With which keys webhooks at a path are verified as they arrive.
    pub fn verify(&self, path: &str, secret: &str, public: &str) {
        let file = self.folder.path().join("keys.json");
        let known = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
        let mut keys: Value = known.unwrap_or_else(|| json!({}));
        keys[path] = json!({ "secret": secret, "public": public });
        fs::write(file, keys.to_string()).expect("the folder is ours");
    }

    /// Mails so far, in the order in which they came.
    pub fn mails(&self) -> Vec<Value> {
        self.lines("mails.jsonl")
    }

    /// Webhooks so far, in the order in which they came.
    pub fn hooks(&self) -> Vec<Value> {
        self.lines("hooks.jsonl")
    }

    /// Waits until mails fit.
    #[track_caller]
    pub fn await_mails(&self, fit: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        wait_for(|| Some(self.mails()).filter(|mails| fit(mails)), || format!("mails: {:#?}", self.mails()))
    }

    /// Waits until webhooks fit.
    #[track_caller]
    pub fn await_hooks(&self, fit: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        wait_for(|| Some(self.hooks()).filter(|hooks| fit(hooks)), || format!("hooks: {:#?}", self.hooks()))
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        // The last line may be half written.
        text.split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .map(|line| serde_json::from_str(line).expect("lines are JSON"))
            .collect()
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for something.
#[track_caller]
pub fn wait_for<T>(found: impl Fn() -> Option<T>, so_far: impl Fn() -> String) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not come; {}", so_far());
        thread::sleep(Duration::from_millis(50));
    }
}
