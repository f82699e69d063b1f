//! A running `otasuketai demo`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::cluster::free_port;
use crate::{Client, otasuketai, text};

/// The demonstration on a port of its own. Dropped, it is killed.
#[derive(Debug)]
pub struct Demonstration {
    process: Child,
    folder: TempDir,
    /// What `--json` printed.
    pub document: Value,
    /// From the start of the process to the links.
    pub took: Duration,
}

/// One of the demonstration's marks.
#[derive(Clone, Debug)]
pub struct Mark {
    pub holder: String,
    pub kind: String,
    pub link: String,
    /// The path of its picture.
    pub png: String,
    /// The licence's id.
    pub licence: String,
}

impl Demonstration {
    /// Starts it and waits for its links.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("temporary files can be made");
        let begun = Instant::now();
        let listen = format!("127.0.0.1:{}", free_port());
        let mut process = otasuketai(&["demo", "--json", "--listen", &listen, "--log", "warn", "--data"])
            .arg(folder.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("it prints its links");
        let document = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { process, folder, document, took: begun.elapsed() }
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        Client::new(text(&self.document, "base_url"))
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its marks.
    pub fn marks(&self) -> Vec<Mark> {
        let base = text(&self.document, "base_url");
        let mark = |mark: &Value| {
            let png = text(mark, "png").strip_prefix(base).expect("pictures are at the register").to_owned();
            Mark {
                holder: text(mark, "holder").to_owned(),
                kind: text(mark, "kind").to_owned(),
                link: text(mark, "link").to_owned(),
                licence: png.split('/').nth(2).expect("a picture is below its licence").to_owned(),
                png,
            }
        };
        self.document["marks"].as_array().expect("there are marks").iter().map(mark).collect()
    }

    /// Sends SIGTERM and waits for its end.
    pub fn end(mut self) -> bool {
        let kill = std::process::Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status();
        assert!(kill.expect("there is a shell").success());
        self.process.wait().expect("the process is ours").success()
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
