//! `otasuketai`: the registry's one binary.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    api::cli::run(api::cli::Command::parse())
}
