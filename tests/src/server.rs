//! A running `otasuketai serve`.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::cluster::free_port;
use crate::{Client, Register};

/// How long a server may take to be ready, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a port of its own. Dropped, it is killed.
#[derive(Debug)]
pub struct Server {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    pub(crate) fn start(register: &Register, wrapper: &[&str]) -> Self {
        // Between finding a free port and taking it somebody else may: then another one.
        let refused = |log: String| assert!(log.contains("Address already in use"), "the server ended at once:\n{log}");
        for _ in 0..5 {
            match Self::try_start(register, wrapper, free_port()) {
                Ok(server) => return server,
                Err(log) => refused(log),
            }
        }
        panic!("five free ports in a row were taken by others");
    }

    pub(crate) fn start_there(register: &Register) -> Self {
        let port = register.base_url().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.expect("the base URL names a port");
        Self::try_start(register, &[], port).unwrap_or_else(|log| panic!("the server ended at once:\n{log}"))
    }

    /// A ready server, or what it wrote before it ended.
    fn try_start(register: &Register, wrapper: &[&str], port: u16) -> Result<Self, String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let log = register.folder().join(format!("server-{}.log", NEXT.fetch_add(1, Ordering::Relaxed)));
        let serve = register.command(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        let process = wrapped(serve, wrapper)
            .stderr(File::create(&log).expect("the folder is ours"))
            .spawn()
            .expect("the binary can be started");
        let mut server = Self { process, port, log };
        let begun = Instant::now();
        loop {
            if let Some(status) = server.process.try_wait().expect("the process is ours") {
                return Err(format!("{status}\n{}", server.log()));
            }
            if server.client().get("/health/ready").try_send().is_ok_and(|answer| answer.status == 200) {
                return Ok(server);
            }
            assert!(begun.elapsed() < PATIENCE, "the server is not ready:\n{}", server.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// The port of 127.0.0.1 it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Sends SIGTERM and returns at once.
    pub fn ask_to_end(&self) {
        let kill = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.id())]).status();
        assert!(kill.expect("there is a shell").success());
    }

    /// Waits for its end.
    pub fn wait(mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("the process is ours") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not end:\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// SIGTERM, and waits; it must end well.
    pub fn end(self) {
        self.ask_to_end();
        let log = self.log.clone();
        let status = self.wait();
        assert!(status.success(), "{status}:\n{}", fs::read_to_string(log).unwrap_or_default());
    }

    /// SIGKILL: as when the machine dies, but for what the system still writes.
    pub fn kill(mut self) {
        self.process.kill().expect("the process is ours");
        self.process.wait().expect("the process is ours");
    }
}

/// `wrapper` with the whole command line behind it.
fn wrapped(command: Command, wrapper: &[&str]) -> Command {
    let Some((program, arguments)) = wrapper.split_first() else { return command };
    let mut outer = Command::new(program);
    outer.args(arguments).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
