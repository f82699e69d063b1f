//! People who can act, as the register of tokens knows them.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Caller, Deed, Impossible, OrganisationId, PersonId, Replay, Role, Subject};
use crate::calendar::Instant;
use crate::reading::has_words;

/// A person admitted with one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    pub id: PersonId,
    pub version: u32,
    pub role: Role,
    pub name: String,
    pub organisation: Option<OrganisationId>,
    /// SHA-256 of the bearer token, in hexadecimal.
    pub token_digest: String,
    pub is_dismissed: bool,
    pub changed_at: Instant,
}

/// Why a person is not admitted or dismissed. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only an operator admits and dismisses.
    Role,
    /// The name is empty.
    NoName,
    /// A provider acts for an organisation, which was not named.
    NoOrganisation,
    /// The person was dismissed before.
    Dismissed,
    /// A reason is required and was empty.
    NoReason,
}

impl Person {
    /// Admits a person. `token_digest` is the SHA-256 of the token handed to them.
    pub fn admit(
        id: PersonId,
        role: Role,
        name: &str,
        organisation: Option<OrganisationId>,
        token_digest: String,
        by: &Caller,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        if by.role != Role::Operator {
            return Err(Refusal::Role);
        }
        if !has_words(name) {
            return Err(Refusal::NoName);
        }
        if role == Role::Provider && organisation.is_none() {
            return Err(Refusal::NoOrganisation);
        }
        let deed = Deed::Admitted { role, name: name.trim().to_owned(), organisation, token_digest };
        let act = Act { subject: Subject::Person(id), version: 1, at, by: by.clone(), deed };
        Ok(settle(None, act))
    }

    /// Ends a person's token at once.
    pub fn dismiss(self, reason: String, by: &Caller, at: Instant) -> Result<(Self, Act), Refusal> {
        if by.role != Role::Operator {
            return Err(Refusal::Role);
        }
        if self.is_dismissed {
            return Err(Refusal::Dismissed);
        }
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        let (subject, version, at) = (self.subject(), self.version + 1, at.max(self.changed_at));
        Ok(settle(Some(self), Act { subject, version, at, by: by.clone(), deed: Deed::Dismissed { reason } }))
    }

    /// This person, acting.
    pub fn caller(&self) -> Caller {
        Caller { person: self.id.clone(), role: self.role, organisation: self.organisation.clone() }
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Person>, act: Act) -> (Person, Act) {
    let after = Person::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Person {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Person(id) = &act.subject else { return Err(impossible) };
        match (before, &act.deed) {
            (None, Deed::Admitted { role, name, organisation, token_digest }) => Ok(Self {
                id: id.clone(),
                version: 1,
                role: *role,
                name: name.clone(),
                organisation: organisation.clone(),
                token_digest: token_digest.clone(),
                is_dismissed: false,
                changed_at: act.at,
            }),
            (Some(state), Deed::Dismissed { .. }) if !state.is_dismissed => {
                Ok(Self { is_dismissed: true, version: act.version, changed_at: act.at, ..state })
            }
            _ => Err(impossible),
        }
    }

    fn subject(&self) -> Subject {
        Subject::Person(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
