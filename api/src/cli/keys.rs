//! `otasuketai keys`: the signing keys.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use domain::signing_key::KeyState;
use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};

use super::settings::key_file;
use super::verify::read_keys;
use super::{Ended, Settings, open, say, tell};
use crate::credentials;
use crate::seal::keys::{self, Challenge, Cost, Possession, Purpose, cose_key_set, jwks, spki};

/// Shows the public keys, making the key file first where there is none, or does one of the tasks.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Keys {
    #[command(subcommand)]
    task: Option<Task>,
    /// `jwks` for the JWK set, `vkey` for the log's verifier keys (C2SP signed-note), the one that signs now first;
    /// `cose` for the COSE_KeySet (bytes), `did` for the did:web document, `pem` for SubjectPublicKeyInfo; `list` for
    /// every key there ever was with its state.
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
    /// Signs a challenge with a key of keys.pem, so that whoever asked knows that it is held. Prints the proof.
    Prove(Box<Prove>),
    /// Checks such a proof, with a key set alone.
    ///
    /// Ends with 0 when the key is held and trusted, 1 when the proof does not show it.
    Check(Check),
}

#[derive(Args, Debug)]
struct Prove {
    /// The key's id, as `--format list` has it.
    #[arg(long)]
    key: String,
    /// What to sign: 16 to 128 visible ASCII characters that the one who asks has drawn.
    #[arg(long)]
    challenge: Challenge,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Args, Debug)]
struct Check {
    /// The proof, as `keys prove` printed it.
    proof: PathBuf,
    /// The JWK set of the register, from `/.well-known/jwks.json`.
    #[arg(long)]
    keys: PathBuf,
    /// What was asked.
    #[arg(long)]
    challenge: Challenge,
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
    Cose,
    Did,
    Pem,
    List,
}

impl Keys {
    pub(super) async fn run(self) -> Ended {
        match self.task {
            Some(Task::Create(create)) => return create.run().await,
            Some(Task::Prove(prove)) => return prove.run().await,
            Some(Task::Check(check)) => return check.run(),
            None => {}
        }
        let registry = open(&self.settings.settle()?, &self.settings.passphrase()?, false).await?;
        let book = registry.key_book().await;
        match self.format {
            Format::Jwks => say(format_args!("{:#}", jwks(&book.published()))),
            Format::Vkey => registry.log_keys().await.iter().for_each(say),
            Format::Cose => {
                // A reader who has gone away ends the writing, not the task.
                let _ = std::io::stdout().write_all(&cose_key_set(&book.published()));
            }
            Format::Did => say(format_args!("{:#}", credentials::did_document(&registry).await)),
            Format::Pem => say(spki(&book.published()).trim_end()),
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

impl Prove {
    async fn run(self) -> Ended {
        let registry = open(&self.settings.settle()?, &self.settings.passphrase()?, false).await?;
        let book = registry.key_book().await;
        let known = book.keys.iter().find(|key| key.id.as_str() == self.key);
        let held = known.and_then(|key| Some((Purpose::from_name(&key.purpose)?, registry.keys.of(key)?)));
        let Some((purpose, key)) = held else {
            let why =
                format!("--key: 鍵 {0} はこの鍵ファイルにありません / keys.pem does not hold the key {0}", self.key);
            return Err(why.into());
        };
        say(serde_json::to_string(&Possession::prove(purpose, key, &self.challenge))?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Check {
    fn run(self) -> Ended {
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", self.proof.display());
        let text = fs::read_to_string(&self.proof).map_err(|error| wrong(&error))?;
        let proof: Possession = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
        match proof.check(&read_keys(&self.keys)?, &self.challenge) {
            Ok(()) => {
                say(format_args!("{} {}", proof.key, proof.purpose));
                Ok(ExitCode::SUCCESS)
            }
            Err(why) => {
                tell(why);
                Ok(ExitCode::from(1))
            }
        }
    }
}
