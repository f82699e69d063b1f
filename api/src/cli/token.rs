//! `otasuketai token`: people and their bearer tokens.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::act::{OrganisationId, PersonId, Role};
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
        #[arg(long, required_if_eq("role", "provider"))]
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
