//! Admitting people through the library, in this process: each command of the binary opens the encrypted keys, which
//! takes a second. The command's own way is what `tests/command` and the journeys about people are for.

use std::sync::{Arc, LazyLock};

use api::account::Organisation;
use api::account::own::IssueApiKey;
use api::account::people::EnterOrganisation;
use api::account::sign_in::{Browser, NewCredential, SetUp};
use api::account::trail::Origin;
use api::acts::{Admit, Admitted, Call};
use api::cli::{Settings, open};
use api::clock;
use api::identity::password;
use api::identity::secret::{Secret, digest};
use api::identity::totp::Key;
use api::registry::Registry;
use domain::act::Role;
use domain::authority::{Actor, Proof, Scope};
use domain::calendar::{Day, Instant};
use domain::people::{Membership, OrganisationKind};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::register::PASSPHRASE;
use crate::{Person, Register};

/// The registration body's organisation.
pub const BODY: &str = "registration-body";

/// Everybody's password in tests.
pub const PASSWORD: &str = "a long sentence for tests";

/// Does something in the open register, in this process.
pub fn in_process<T>(register: &Register, work: impl AsyncFnOnce(&Arc<Registry>) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be made");
    runtime.block_on(async {
        let settings = Settings {
            data: Some(register.data()),
            database: Some(register.database().url().to_owned()),
            base_url: Some(register.base_url().to_owned()),
            ..Settings::default()
        };
        let settled = settings.settle().expect("these settings are good");
        let registry = open(&settled, PASSPHRASE, false).await.expect("the register opens");
        let done = work(&registry).await;
        registry.publish_checkpoint().await.expect("the log is whole");
        registry.store.close().await;
        done
    })
}

/// The machine's own command.
pub fn operator() -> Actor {
    let held = Membership { role: Role::Operator, organisation: BODY.parse().expect("a word"), until: None };
    Actor { person: "command".parse().expect("a word"), memberships: vec![held], proof: Proof::Command }
}

/// Makes an organisation known, if it is not yet.
pub async fn enter(registry: &Arc<Registry>, id: &str, kind: OrganisationKind) {
    let organisation =
        Organisation { id: id.parse().expect("a word"), kind, name: id.to_owned(), number: id.parse().ok() };
    if registry.store.organisation(&organisation.id).await.expect("the database answers").is_none() {
        let errand = EnterOrganisation { actor: operator(), organisation };
        registry.run(errand, Origin::command(), clock::now()).await.expect("nothing stands against it");
    }
}

/// Admits somebody who acts at the machine's own command.
pub async fn admit(registry: &Arc<Registry>, role: Role, organisation: &str, at: Instant) -> Actor {
    let admitted = invite(registry, role, "例示", organisation, at).await;
    admitted.person.acting(Proof::Command)
}

async fn invite(registry: &Arc<Registry>, role: Role, name: &str, organisation: &str, at: Instant) -> Admitted {
    let until: Option<Day> = (role == Role::DelegatedAgent).then(|| at.day().plus_days(30));
    let first = Membership { role, organisation: organisation.parse().expect("a word"), until };
    let deed = Admit { first, name: name.to_owned(), email: None };
    let call = Call::new(operator(), Origin::command(), at);
    registry.perform(deed, call).await.expect("nothing stands against it").state
}

/// Admits somebody who has followed the invitation: with a password and an app, signed in, and with an API key where
/// their role can have one.
pub async fn settle(registry: &Arc<Registry>, role: Role, name: &str, organisation: &str) -> Person {
    static HASH: LazyLock<String> =
        LazyLock::new(|| password::hash(&Secret::from(PASSWORD), &mut StdRng::seed_from_u64(7)));
    let kind = match role {
        Role::ProviderOwner | Role::ProviderMember | Role::DelegatedAgent => OrganisationKind::Provider,
        Role::User => OrganisationKind::User,
        _ => OrganisationKind::RegistrationBody,
    };
    enter(registry, organisation, kind).await;
    let at = clock::now();
    let admitted = invite(registry, role, name, organisation, at).await;
    let key = Key::draw(&mut StdRng::seed_from_u64(u64::from(admitted.person.id.as_str().as_bytes()[3])));
    let new = NewCredential::Password { hash: HASH.clone(), totp: key.base32(), step: 0 };
    let browser = Browser { agent: "tests".to_owned(), before: None };
    let errand = SetUp { link: digest(admitted.invitation.expose()), new, browser };
    let ready = registry.run(errand, Origin::command(), at).await.expect("the database answers").expect("a fresh link");
    let session = ready.begun.cookie.expose().to_owned();
    let kept = registry.store.session(&digest(&session)).await.expect("the database answers").expect("it has begun");
    let api_key =
        if role == Role::ProviderOwner { issue(registry, &admitted, organisation).await } else { String::new() };
    Person {
        id: admitted.person.id.to_string(),
        session,
        csrf: kept.csrf,
        totp: key.base32().expose().to_owned(),
        codes: ready.codes.iter().map(|code| code.expose().to_owned()).collect(),
        api_key,
    }
}

async fn issue(registry: &Arc<Registry>, admitted: &Admitted, organisation: &str) -> String {
    let errand = IssueApiKey {
        actor: admitted.person.acting(Proof::Command),
        organisation: organisation.parse().expect("a word"),
        label: "tests".to_owned(),
        scopes: Scope::ALL.iter().copied().collect(),
        days: 30,
    };
    let issued = registry.run(errand, Origin::command(), clock::now()).await;
    // Two people of one organisation share its two keys.
    issued.map(|(key, _)| key.expose().to_owned()).unwrap_or_default()
}
