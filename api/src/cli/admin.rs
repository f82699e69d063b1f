//! `otasuketai admin`: organisations and people, from the machine itself. Whatever is done here is in the log and in the
//! trail, as done by the command.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::act::{OrganisationId, PersonId, Role};
use domain::calendar::Day;
use domain::people::{Membership, OrganisationKind};
use domain::reading::{cleaned_line, cleaned_text};

use super::{Ended, Settings, open, say};
use crate::account::people::{EndSessions, EnterOrganisation, Erase, IdentityCheck, Recover, Unlock};
use crate::account::retention::Sweep;
use crate::account::trail::Origin;
use crate::account::{Organisation, read_organisation_id};
use crate::acts::{Admit, Call, Deed, Dismiss, EndRole, Errand, GiveRole, Refused, SweepDrafts};
use crate::begin::operator;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;

/// Organisations and people: the first operator, recovery, dismissal.
#[derive(Args, Debug)]
pub struct Admin {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Enters an organisation and prints its id.
    Organisation {
        /// provider, user, registration_body or scheme_owner.
        #[arg(long)]
        kind: OrganisationKind,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its corporate number, or a short name where it has none.
        #[arg(long, value_parser = organisation)]
        id: OrganisationId,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lists the organisations.
    Organisations {
        #[command(flatten)]
        settings: Settings,
    },
    /// Admits a person and prints the link with which they set up how they sign in: once, within 15 minutes.
    Invite {
        /// provider_owner, provider_member, delegated_agent, user, examiner, decision_maker, secretariat, auditor or
        /// operator.
        #[arg(long)]
        role: Role,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The organisation in which they have the role: a corporate number, or a short name.
        #[arg(long, value_parser = organisation)]
        organisation: OrganisationId,
        /// What they may sign in as, beside their number.
        #[arg(long)]
        email: Option<String>,
        /// The role's last day in Japan; a delegated agent must have one.
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<Day>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lists everybody ever admitted, a line for each role.
    People {
        #[command(flatten)]
        settings: Settings,
    },
    /// Gives a person another role.
    Give {
        /// The person's id, as `admin people` has it.
        person: PersonId,
        #[arg(long)]
        role: Role,
        #[arg(long, value_parser = organisation)]
        organisation: OrganisationId,
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<Day>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Ends a role at once, and with it the person's sessions and the API keys they answer for there.
    End {
        person: PersonId,
        #[arg(long)]
        role: Role,
        #[arg(long, value_parser = organisation)]
        organisation: OrganisationId,
        /// Why; kept with the act.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Ends everything a person may do, for good.
    Dismiss {
        person: PersonId,
        /// Why; kept with the act.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Prints a new link for somebody who has lost every way to sign in. Once it is used, their old ways end.
    Link {
        person: PersonId,
        /// How they showed who they are: in_person (an identity card, face to face), call_back (at the number or address
        /// known before) or organisation (whoever answers for them there said so). Kept in the trail.
        #[arg(long, value_name = "HOW")]
        identity_check: IdentityCheck,
        /// Why; kept in the trail.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Signs a person out everywhere, and prints how many sessions ended. What they may do, they may do again after
    /// signing in.
    EndSessions {
        person: PersonId,
        /// Why; kept in the trail.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Ends the waits that failed sign-ins have brought upon a login.
    Unlock {
        /// What is typed to sign in: a mail address, or a person's id.
        login: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Erases a dismissed person's name and address.
    Erase {
        person: PersonId,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lets go what has been kept long enough. A running server does this by itself every hour.
    Sweep {
        #[command(flatten)]
        settings: Settings,
    },
}

/// A corporate number however it is typed, or else a name. Digits alone are a number, and one that is wrong is refused.
fn organisation(typed: &str) -> Result<OrganisationId, String> {
    read_organisation_id(typed).map_err(|wrong| format!("{} / {}", wrong.ja, wrong.en))
}

impl Task {
    fn settings(&self) -> &Settings {
        match self {
            Self::Organisation { settings, .. }
            | Self::Organisations { settings }
            | Self::Invite { settings, .. }
            | Self::People { settings }
            | Self::Give { settings, .. }
            | Self::End { settings, .. }
            | Self::Dismiss { settings, .. }
            | Self::Link { settings, .. }
            | Self::EndSessions { settings, .. }
            | Self::Unlock { settings, .. }
            | Self::Erase { settings, .. }
            | Self::Sweep { settings } => settings,
        }
    }
}

impl Admin {
    pub(super) async fn run(self) -> Ended {
        let settings = self.task.settings();
        let registry = open(&settings.settle()?, &settings.passphrase()?, false).await?;
        let done = run(&registry, self.task).await;
        registry.publish_checkpoint().await?;
        done?;
        Ok(ExitCode::SUCCESS)
    }
}

type Done = Result<(), String>;

async fn run(registry: &std::sync::Arc<Registry>, task: Task) -> Done {
    let actor = operator();
    match task {
        Task::Organisation { kind, name, id, .. } => {
            let organisation = Organisation::new(id, kind, cleaned_line(&name));
            say(errand(registry, EnterOrganisation { actor, organisation }).await?.id);
        }
        Task::Organisations { .. } => {
            for of in registry.store.organisations().await.map_err(|error| error.to_string())? {
                say(format_args!("{}\t{}\t{}", of.id, of.kind.as_str(), of.name));
            }
        }
        Task::Invite { role, name, organisation, email, until, .. } => {
            let first = Membership { role, organisation, until };
            let admitted = act(registry, Admit { first, name: cleaned_line(&name), email }, None).await?;
            say(registry.invitation_link(&admitted.invitation).expose());
        }
        Task::People { .. } => list(registry).await?,
        Task::Give { person, role, organisation, until, .. } => {
            let read = version(registry, &person).await?;
            let role = Membership { role, organisation, until };
            act(registry, GiveRole { person, role }, read).await?;
        }
        Task::End { person, role, organisation, reason, .. } => {
            let read = version(registry, &person).await?;
            act(registry, EndRole { person, role, organisation, reason: cleaned_text(&reason) }, read).await?;
        }
        Task::Dismiss { person, reason, .. } => {
            act(registry, Dismiss { person, reason: cleaned_text(&reason) }, None).await?;
        }
        Task::Link { person, identity_check, reason, .. } => {
            let made = Recover { actor, person, identity_check, reason: cleaned_line(&reason) };
            let made = errand(registry, made).await?;
            say(registry.invitation_link(&made).expose());
        }
        Task::EndSessions { person, reason, .. } => {
            say(errand(registry, EndSessions { actor, person, reason: cleaned_line(&reason) }).await?);
        }
        Task::Unlock { login, .. } => say(errand(registry, Unlock { actor, login }).await?),
        Task::Erase { person, .. } => errand(registry, Erase { actor, person }).await?,
        Task::Sweep { .. } => {
            errand(registry, SweepDrafts).await?;
            let swept = errand(registry, Sweep).await?;
            say(swept);
        }
    }
    Ok(())
}

async fn list(registry: &Registry) -> Done {
    let told = |error: crate::store::Error| error.to_string();
    let names = registry.store.names().await.map_err(told)?;
    for person in registry.store.people().await.map_err(told)? {
        let name = names.get(&person.id).map_or("", String::as_str);
        if person.memberships.is_empty() {
            let ended = if person.is_dismissed { "dismissed" } else { "" };
            say(format_args!("{}\t\t{name}\t\t{ended}", person.id));
        }
        for held in person.memberships {
            let until = held.until.map(|day| day.to_string()).unwrap_or_default();
            say(format_args!("{}\t{}\t{name}\t{}\t{until}", person.id, held.role, held.organisation));
        }
    }
    Ok(())
}

async fn version(registry: &Registry, person: &PersonId) -> Result<Option<u32>, String> {
    let found = registry.store.person(person).await.map_err(|error| error.to_string())?;
    Ok(found.map(|person| person.version))
}

fn told(refused: Refused) -> String {
    let problem = Problem::from(refused);
    format!("{} / {}", problem.detail.ja, problem.detail.en)
}

async fn act<D: Deed>(registry: &std::sync::Arc<Registry>, deed: D, read: Option<u32>) -> Result<D::State, String> {
    let call = Call { read, ..Call::new(operator(), Origin::command(), clock::now()) };
    registry.perform(deed, call).await.map(|done| done.state).map_err(told)
}

async fn errand<E: Errand>(registry: &std::sync::Arc<Registry>, errand: E) -> Result<E::Done, String> {
    registry.run(errand, Origin::command(), clock::now()).await.map_err(told)
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
