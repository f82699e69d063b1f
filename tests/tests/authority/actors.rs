//! The columns: everybody who may ask.

use std::collections::BTreeSet;

use api::clock;
use domain::act::Role;
use domain::authority::{Actor, Proof, Scope};
use domain::people::Membership;
use tests::staff::BODY;
use tests::{Cast, Client, Person};

/// Whose things the prepared ones are.
pub const OWNER: &str = "osaka-cci";
/// Who holds the prepared user's licence: a corporate number.
pub const HOLDER: &str = "9000000000000";

/// What a key that only reads is for.
pub const READING: [Scope; 2] = [Scope::ReadApplications, Scope::ReadLicences];

/// The columns' names, in their order.
pub const NAMES: [&str; 14] = [
    "signed_out",
    "provider",
    "member",
    "agent",
    "stranger",
    "user",
    "secretariat",
    "examiner",
    "other_examiner",
    "decision_maker",
    "auditor",
    "operator",
    "key_write",
    "key_read",
];

/// Somebody who asks, and how they show who they are.
#[derive(Clone, Debug)]
pub enum By {
    Nobody,
    Session(Person),
    Key(String),
}

/// A column of the table.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: &'static str,
    pub by: By,
}

impl Column {
    /// All of them. `reading` is a second key of the provider's, which only reads.
    pub fn all(cast: &Cast, reading: &str) -> Vec<Self> {
        let by = |name| match name {
            "signed_out" => By::Nobody,
            "key_write" => By::Key(cast.provider.api_key.clone()),
            "key_read" => By::Key(reading.to_owned()),
            person => By::Session(known(cast, person).clone()),
        };
        NAMES.map(|name| Self { name, by: by(name) }).to_vec()
    }

    /// Whoever asks, as a client of this one's server.
    pub fn client(&self, client: &Client) -> Client {
        match &self.by {
            By::Nobody => client.clone(),
            By::Session(person) => client.signed_in(person),
            By::Key(key) => client.with_key(key),
        }
    }
}

fn known<'a>(cast: &'a Cast, name: &str) -> &'a Person {
    match name {
        "provider" => &cast.provider,
        "member" => &cast.member,
        "agent" => &cast.agent,
        "stranger" => &cast.stranger,
        "user" => &cast.user,
        "secretariat" => &cast.secretariat,
        "examiner" => &cast.examiners[0],
        "other_examiner" => &cast.other_examiner,
        "decision_maker" => &cast.decision_maker,
        "auditor" => &cast.auditor,
        "operator" => &cast.operator,
        unknown => panic!("nobody in the cast is {unknown}"),
    }
}

/// The same as the domain sees them, signed in a moment ago; none for nobody.
pub fn actor(name: &str) -> Option<Actor> {
    let (role, organisation) = match name {
        "signed_out" => return None,
        "provider" | "key_write" | "key_read" => (Role::ProviderOwner, OWNER),
        "member" => (Role::ProviderMember, OWNER),
        "agent" => (Role::DelegatedAgent, OWNER),
        "stranger" => (Role::ProviderOwner, "somebody-else"),
        "user" => (Role::User, HOLDER),
        "secretariat" => (Role::Secretariat, BODY),
        "examiner" | "other_examiner" => (Role::Examiner, BODY),
        "decision_maker" => (Role::DecisionMaker, BODY),
        "auditor" => (Role::Auditor, BODY),
        "operator" => (Role::Operator, BODY),
        unknown => panic!("the domain does not know {unknown}"),
    };
    let held = Membership { role, organisation: organisation.parse().expect("a word"), until: None };
    let scopes = |scopes: &[Scope]| Proof::Key { scopes: scopes.iter().copied().collect::<BTreeSet<_>>() };
    let proof = match name {
        "key_write" => scopes(Scope::ALL),
        "key_read" => scopes(&READING),
        _ => Proof::Session { signed_in_at: clock::now() },
    };
    let person = name.replace('_', "-").parse().expect("letters and hyphens");
    Some(Actor { person, memberships: vec![held], proof })
}
