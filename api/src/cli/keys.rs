//! `otasuketai keys`: the public keys.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Ended, Settings, open, say};
use crate::seal::keys::jwks;

/// Shows the register's public keys, making the key file first where there is none.
#[derive(Args, Debug)]
pub struct Keys {
    /// `jwks` for the JWK set, `vkey` for the log's verifier key (C2SP signed-note).
    #[arg(long, default_value = "jwks")]
    format: Format,
    #[command(flatten)]
    settings: Settings,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Format {
    Jwks,
    Vkey,
}

impl Keys {
    pub(super) async fn run(self) -> Ended {
        let registry = open(&self.settings.settle()?, &self.settings.passphrase()?, false).await?;
        match self.format {
            Format::Jwks => say(format_args!("{:#}", jwks(&registry.keys.public()))),
            Format::Vkey => say(&registry.log),
        }
        Ok(ExitCode::SUCCESS)
    }
}
