//! `otasuketai keys`: the signing keys.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use domain::signing_key::KeyState;
use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};

use super::settings::key_file;
use super::{Ended, Settings, open, say};
use crate::seal::keys::{self, Cost, Purpose, jwks};

/// Shows the register's public keys, making the key file first where there is none; or makes the next key.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Keys {
    #[command(subcommand)]
    task: Option<Task>,
    /// `jwks` for the JWK set, `vkey` for the log's verifier keys (C2SP signed-note), the one that signs now first;
    /// `list` for every key there ever was with its state.
    #[arg(long, default_value = "jwks")]
    format: Format,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Makes a key that is to follow the one that signs now, and adds it to keys.pem.
    ///
    /// It signs nothing until two people activate it (`/keys`); before that, give every server the new keys.pem and
    /// start it again. Its public half is published at once, so that whoever verifies has it in time.
    Create(Box<Create>),
}

#[derive(Args, Debug)]
struct Create {
    /// What it is to sign.
    #[arg(long)]
    purpose: ForWhat,
    #[command(flatten)]
    settings: Settings,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum ForWhat {
    Licence,
    Status,
    Log,
    Credential,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Format {
    Jwks,
    Vkey,
    List,
}

impl Keys {
    pub(super) async fn run(self) -> Ended {
        if let Some(Task::Create(create)) = self.task {
            return create.run().await;
        }
        let registry = open(&self.settings.settle()?, &self.settings.passphrase()?, false).await?;
        let book = registry.key_book().await;
        match self.format {
            Format::Jwks => say(format_args!("{:#}", jwks(&book.published()))),
            Format::Vkey => registry.log_keys().await.iter().for_each(say),
            Format::List => {
                for key in &*book.keys {
                    let since = match key.state(&book.keys) {
                        KeyState::Next => key.created_at,
                        KeyState::Active { since } | KeyState::Retired { since } | KeyState::Compromised { since } => {
                            since
                        }
                    };
                    let held = if registry.keys.of(key).is_some() { "held" } else { "not held" };
                    let state = key.state(&book.keys).as_str();
                    say(format_args!("{} {} {state} {since} {held}", key.id, key.purpose));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    async fn run(self) -> Ended {
        let (settled, passphrase) = (self.settings.settle()?, self.settings.passphrase()?);
        // The file is this register's, and whole, before anything is added to it.
        open(&settled, &passphrase, false).await?.store.close().await;
        let purpose = match self.purpose {
            ForWhat::Licence => Purpose::Licence,
            ForWhat::Status => Purpose::Status,
            ForWhat::Log => Purpose::Log,
            ForWhat::Credential => Purpose::Credential,
        };
        let mut rng = StdRng::try_from_rng(&mut SysRng)?;
        keys::Keys::add(&key_file(&settled.data), &passphrase, &[purpose], Cost::TODAY, &mut rng)?;
        // A key of the file that the log does not know is recorded by opening; so it would be after a crash here.
        let registry = open(&settled, &passphrase, false).await?;
        for key in registry.store.signing_keys().await?.iter().filter(|key| key.purpose == purpose.name()) {
            if key.signs_from().is_none() && key.compromised.is_none() {
                say(&key.id);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
