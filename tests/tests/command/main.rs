//! The command `otasuketai`, as people and scripts use it: what it prints, what it ends with, and what stops it.

mod assess;
mod demo;
mod help;
mod pipes;
mod register;
mod settings;
mod verify;

use std::process::{Command, Output};

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Runs a command to its end.
    pub fn of(mut command: Command) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the binary can be started");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        let ended = Self { status: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) };
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
        ended
    }

    /// It ended with this, having said nothing beside its output.
    #[track_caller]
    pub fn said(self, status: i32) -> String {
        assert_eq!((self.status, self.err.as_str()), (status, ""), "{}", self.out);
        self.out
    }

    /// It ended with this and named each of these on standard error, and printed nothing.
    #[track_caller]
    pub fn complained(&self, status: i32, words: &[&str]) {
        assert_eq!((self.status, self.out.as_str()), (status, ""), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not named: {}", self.err);
        }
    }
}

/// A command line without this process's settings.
pub fn run(arguments: &[&str]) -> Ended {
    Ended::of(tests::otasuketai(arguments))
}
