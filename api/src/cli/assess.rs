//! `otasuketai assess`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::assessment::{Outcome, assess};
use domain::calendar::Day;
use domain::edition::Editions;
use domain::text::Language;

use super::{Ended, say, tell};
use crate::{clock, declaration};

/// Assesses a declaration.
#[derive(Args, Debug)]
pub struct Assess {
    /// A declaration in JSON (`schemas/declaration.schema.json`).
    declaration: PathBuf,
    /// The day whose edition of the criteria applies, YYYY-MM-DD [default: today in Japan].
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    /// The findings as one JSON object.
    #[arg(long)]
    json: bool,
    /// The language of the findings.
    #[arg(long, value_enum, default_value = "ja")]
    language: Words,
}

/// A language on the command line.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Words {
    Ja,
    En,
}

impl From<Words> for Language {
    fn from(words: Words) -> Self {
        match words {
            Words::Ja => Self::Ja,
            Words::En => Self::En,
        }
    }
}

impl Assess {
    pub(super) fn run(self) -> Ended {
        let path = self.declaration.display();
        let unreadable = |error: &dyn std::fmt::Display| {
            tell(format_args!("{path}: {error}"));
            Ok(ExitCode::from(3))
        };
        let text = match std::fs::read_to_string(&self.declaration) {
            Ok(text) => text,
            Err(error) => return unreadable(&error),
        };
        let document = match serde_json::from_str(&text) {
            Ok(document) => document,
            Err(error) => return unreadable(&format_args!("JSON として読めません / not JSON: {error}")),
        };
        let language = Language::from(self.language);
        let declaration = match declaration::read(&document) {
            Ok(declaration) => declaration,
            Err(faults) => {
                for fault in faults {
                    tell(format_args!("{path}#{}: {}", fault.pointer, fault.message.of(language)));
                }
                return Ok(ExitCode::from(3));
            }
        };
        let day = self.on.unwrap_or_else(|| clock::now().day());
        let assessment = match assess(Editions::bundled(), &declaration, day, None) {
            Ok(assessment) => assessment,
            Err(none) => return unreadable(&none),
        };
        if self.json {
            say(serde_json::to_string(&assessment)?);
        } else {
            say(assessment.to_prose(language).trim_end());
        }
        Ok(match assessment.outcome() {
            Outcome::Met => ExitCode::SUCCESS,
            Outcome::Unmet => ExitCode::from(1),
            Outcome::Undetermined => ExitCode::from(2),
        })
    }
}
