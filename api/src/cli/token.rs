//! `otasuketai token`: people and their bearer tokens.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::act::{OrganisationId, PersonId, Role};
use domain::parties::CorporateNumber;
use domain::reading::{cleaned_line, cleaned_text};

use super::settings::operator;
use super::{Ended, Settings, open, say};
use crate::acts::{Admit, Call, Dismiss};
use crate::clock;
use crate::problem::Problem;

/// Admits people who act, and ends their tokens.
#[derive(Args, Debug)]
pub struct Token {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Admits a person and prints their token, this once.
    New {
        /// provider, examiner, decision_maker, secretariat, auditor or operator.
        #[arg(long)]
        role: Role,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The organisation the person acts for: a corporate number, or a short name where it has none.
        #[arg(long, required_if_eq("role", "provider"), value_parser = organisation)]
        organisation: Option<OrganisationId>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lists everybody ever admitted.
    List {
        #[command(flatten)]
        settings: Settings,
    },
    /// Ends a person's token at once.
    End {
        /// The person's id, as `token list` has it.
        person: PersonId,
        /// Why; kept with the act.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// A corporate number however it is typed, or else a name. Digits alone are a number, and one that is wrong is refused.
fn organisation(typed: &str) -> Result<OrganisationId, String> {
    let is_number = typed.chars().all(|c| c.is_numeric() || !c.is_alphanumeric());
    if is_number {
        let number: CorporateNumber = typed.parse().map_err(|error| format!("{error}"))?;
        return number.to_string().parse().map_err(|error| format!("{error}"));
    }
    typed.parse().map_err(|error| format!("{error}"))
}

impl Token {
    pub(super) async fn run(self) -> Ended {
        let (Task::New { settings, .. } | Task::List { settings } | Task::End { settings, .. }) = &self.task;
        let registry = open(&settings.settle()?, &settings.passphrase()?, false).await?;
        let call = Call::new(operator(), clock::now());
        let told = |problem: Problem| format!("{} / {}", problem.detail.ja, problem.detail.en);
        match self.task {
            Task::New { role, name, organisation, .. } => {
                let deed = Admit { role, name: cleaned_line(&name), organisation };
                let done = registry.perform(deed, call).await.map_err(|refused| told(refused.into()))?;
                say(done.state.token);
            }
            Task::List { .. } => {
                for person in registry.store.people().await? {
                    let ended = if person.is_dismissed { "ended" } else { "" };
                    let organisation = person.organisation.map(String::from).unwrap_or_default();
                    say(format_args!("{}\t{}\t{}\t{organisation}\t{ended}", person.id, person.role, person.name));
                }
            }
            Task::End { person, reason, .. } => {
                registry
                    .perform(Dismiss { person, reason: cleaned_text(&reason) }, call)
                    .await
                    .map_err(|refused| told(refused.into()))?;
            }
        }
        registry.publish_checkpoint().await?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_is_a_number_however_it_is_typed_or_a_name() {
        for (typed, expected) in [
            ("5010005007126", Some("5010005007126")),
            ("5010-0050-07126", Some("5010005007126")),
            ("５０１０００５００７１２６", Some("5010005007126")),
            ("osaka-cci", Some("osaka-cci")),
            // A wrong check digit, or a digit too few, is a mistake and not a name.
            ("6010005007126", None),
            ("501000500712", None),
            ("大阪商工会議所", None),
            ("", None),
        ] {
            assert_eq!(organisation(typed).ok().as_ref().map(OrganisationId::as_str), expected, "{typed}");
        }
    }
}
