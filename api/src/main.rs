//! `otasuketai`: the registry's one binary.

use std::process::ExitCode;

use clap::Parser;

/// A command line that cannot be read (EX_USAGE of sysexits.h): the tasks' own statuses begin at 0.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    api::cli::run(match api::cli::Command::try_parse() {
        Ok(command) => command,
        Err(said) => {
            // Whoever asked may have gone away.
            let _ = said.print();
            return if said.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    })
}
