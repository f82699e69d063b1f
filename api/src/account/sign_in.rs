//! Signing in: a password with a one-time code, or a passkey; and setting them up from a link.
//!
//! Whatever does not fit, the answer is the same and takes about as long; only the trail says what it was.

use domain::act::PersonId;
use domain::calendar::Instant;
use domain::people::Person;

use super::session::{Begun, begin};
use super::throttle::Failures;
use super::trail::{Line, Origin};
use super::{Credential, CredentialKind, Link, Method, Purpose, Refusal};
use crate::acts::{AtHand, Errand, Refused};
use crate::identity::passkey::{Passkeys, claim};
use crate::identity::secret::{Secret, digest};
use crate::identity::{recovery, totp};
use crate::server::limits::network;

/// Under which failures are counted: what was tried, and the network it was tried from.
pub fn tried(login: &str, origin: &Origin) -> String {
    let address = origin.address.as_deref().unwrap_or_default();
    let from = address.parse().map_or_else(|_| address.to_owned(), |address| network(address).to_string());
    format!("{}@{}", digest(&login.trim().to_lowercase()), digest(&from))
}

/// The browser that signs in.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// Its own name for itself.
    pub agent: String,
    /// The cookie of its session so far.
    pub before: Option<String>,
}

/// A password that was right, or not, and the code beside it: of the app, or a recovery code.
#[derive(Debug)]
pub struct ByPassword {
    /// Whose login it is, where it is somebody's.
    pub person: Option<PersonId>,
    /// The password is this person's. Hashing took place outside the writer.
    pub is_right: bool,
    /// The password that was right, hashed anew where it was kept under other parameters than today's.
    pub rehashed: Option<String>,
    pub code: Secret,
    /// See [`tried`].
    pub tried: String,
    pub browser: Browser,
}

impl Errand for ByPassword {
    type Done = Result<Begun, Refusal>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let failures = at_hand.tx.failures(&self.tried).await?;
        if let Some(seconds) = failures.map(|failures| failures.wait(at_hand.at)).filter(|seconds| *seconds > 0) {
            return Ok(Err(Refusal::Wait { seconds }));
        }
        let found = match (&self.person, self.is_right) {
            (Some(id), true) => at_hand.tx.person(id).await?.filter(|person| !person.is_dismissed),
            _ => None,
        };
        let method = match &found {
            Some(person) => second_factor(at_hand, person, self.code.expose()).await?,
            None => None,
        };
        match (found, method) {
            (Some(person), Some(method)) => {
                at_hand.tx.forget_failures(&self.tried).await?;
                if let Some(hash) = &self.rehashed {
                    rehash(at_hand, &person.id, hash).await?;
                }
                begin(at_hand, person, method, self.browser.agent, self.browser.before).await.map(Ok)
            }
            _ => fail(at_hand, self.person.as_ref(), &self.tried, failures).await,
        }
    }
}

/// Keeps the hash in the place of the one before.
async fn rehash(at_hand: &AtHand<'_>, person: &PersonId, hash: &str) -> Result<(), Refused> {
    let own = at_hand.tx.credentials_of(person).await?;
    for own in own.iter().filter(|own| own.kind == CredentialKind::Password) {
        at_hand.tx.use_credential(&own.id, Some(hash), None, at_hand.at).await?;
    }
    Ok(())
}

/// The place that the secret of a person's app is sealed for.
pub(super) fn app_of(person: &PersonId) -> String {
    format!("totp/{person}")
}

/// Does the code fit? Each code opens the door once.
async fn second_factor(at_hand: &AtHand<'_>, person: &Person, code: &str) -> Result<Option<Method>, Refused> {
    let credentials = at_hand.tx.credentials_of(&person.id).await?;
    let (vault, place) = (&at_hand.registry.vault, app_of(&person.id));
    for own in credentials.iter().filter(|own| own.kind == CredentialKind::Totp) {
        let Some(secret) = vault.open(&place, &own.secret) else { continue };
        let Some(key) = totp::Key::from_base32(secret.expose()) else { continue };
        let Some(step) = key.verify(code, at_hand.at, own.step) else { continue };
        if at_hand.tx.use_credential(&own.id, None, Some(step), at_hand.at).await? {
            return Ok(Some(Method::Password));
        }
    }
    let Some(typed) = recovery::digest(code) else { return Ok(None) };
    for own in credentials.iter().filter(|own| own.kind == CredentialKind::Recovery && own.secret == typed) {
        if at_hand.tx.delete_credential(&person.id, &own.id).await? {
            return Ok(Some(Method::Recovery));
        }
    }
    Ok(None)
}

async fn fail<T>(
    at_hand: &AtHand<'_>,
    person: Option<&PersonId>,
    tried: &str,
    failures: Option<Failures>,
) -> Result<Result<T, Refusal>, Refused> {
    at_hand.tx.keep_failures(tried, Failures::and_one(failures, at_hand.at)).await?;
    let line = Line::refused("sign_in", "sign_in", at_hand.at, at_hand.from);
    // A login that is nobody's is not written down: people type passwords into it.
    at_hand.note(match person {
        Some(person) => line.about(format!("person/{person}")),
        None => line,
    });
    Ok(Err(Refusal::SignIn))
}

/// A passkey's answer to the options that the same visit was given.
#[derive(Debug)]
pub struct ByPasskey {
    pub passkeys: Passkeys,
    /// Under which the ceremony is remembered.
    pub ceremony: String,
    /// The browser's answer, JSON.
    pub answer: String,
    pub browser: Browser,
}

/// The word of this ceremony in its table.
pub const PASSKEY_SIGN_IN: &str = "passkey.sign_in";

impl Errand for ByPasskey {
    type Done = Result<Begun, Refusal>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let tried = tried("passkey", at_hand.from);
        let failures = at_hand.tx.failures(&tried).await?;
        if let Some(seconds) = failures.map(|failures| failures.wait(at_hand.at)).filter(|seconds| *seconds > 0) {
            return Ok(Err(Refusal::Wait { seconds }));
        }
        let Some(state) = at_hand.tx.take_ceremony(&self.ceremony, PASSKEY_SIGN_IN, at_hand.at).await? else {
            return Ok(Err(Refusal::CeremonyGone));
        };
        let own = match claim(&self.answer) {
            Ok(claim) => at_hand.tx.credential(&claim.id).await?.filter(|own| own.kind == CredentialKind::Passkey),
            Err(_) => None,
        };
        let Some(own) = own else { return fail(at_hand, None, &tried, failures).await };
        let signed_in = match self.passkeys.finish_authentication(&state, &self.answer, &own.secret) {
            Ok(signed_in) => signed_in,
            Err(_) => return fail(at_hand, Some(&own.person), &tried, failures).await,
        };
        let Some(person) = at_hand.tx.person(&own.person).await?.filter(|person| !person.is_dismissed) else {
            return fail(at_hand, Some(&own.person), &tried, failures).await;
        };
        at_hand.tx.use_credential(&own.id, signed_in.changed.as_deref(), None, at_hand.at).await?;
        begin(at_hand, person, Method::Passkey, self.browser.agent, self.browser.before).await.map(Ok)
    }
}

/// What somebody sets up from a link.
#[derive(Debug)]
pub enum NewCredential {
    /// A password's hash, and the app that was shown to know the secret.
    Password { hash: String, totp: Secret, step: u64 },
    /// A passkey, as [`Passkeys::finish_registration`] made it.
    Passkey { id: String, secret: String },
}

/// Somebody uses their link: sets up how they sign in, and is signed in.
#[derive(Debug)]
pub struct SetUp {
    /// The link's digest.
    pub link: String,
    pub new: NewCredential,
    pub browser: Browser,
}

/// Signed in for the first time, with the recovery codes that are shown this once.
#[derive(Debug)]
pub struct Ready {
    pub begun: Begun,
    pub codes: Vec<Secret>,
}

impl Errand for SetUp {
    type Done = Result<Ready, Refusal>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let Some(link) = at_hand.tx.take_link(&self.link, at_hand.at).await? else {
            return Ok(Err(Refusal::LinkGone));
        };
        let Some(person) = at_hand.tx.person(&link.person).await?.filter(|person| !person.is_dismissed) else {
            return Ok(Err(Refusal::LinkGone));
        };
        // Whoever recovers has lost the old ways, or fears that somebody else has them.
        at_hand.tx.delete_credentials(&person.id, &CredentialKind::ALL).await?;
        at_hand.tx.delete_sessions_of(&person.id, None).await?;
        keep(at_hand, &person.id, self.new).await?;
        let codes = new_codes(at_hand, &person.id).await?;
        let method = method_of(&link);
        let begun = begin(at_hand, person, method, self.browser.agent, self.browser.before).await?;
        Ok(Ok(Ready { begun, codes }))
    }
}

fn method_of(link: &Link) -> Method {
    match link.purpose {
        Purpose::Invitation => Method::Invitation,
        Purpose::Recovery => Method::Recovery,
    }
}

/// Keeps a new way to sign in.
pub(super) async fn keep(at_hand: &mut AtHand<'_>, person: &PersonId, new: NewCredential) -> Result<(), Refused> {
    let at = at_hand.at;
    match new {
        NewCredential::Password { hash, totp, step } => {
            let old = [CredentialKind::Password, CredentialKind::Totp];
            at_hand.tx.delete_credentials(person, &old).await?;
            let password = made(at_hand, person, CredentialKind::Password, hash, at);
            at_hand.tx.insert_credential(&password).await?;
            let secret = at_hand.registry.vault.seal(&app_of(person), &totp, at_hand.rng());
            let app = Credential { step: Some(step), ..made(at_hand, person, CredentialKind::Totp, secret, at) };
            at_hand.tx.insert_credential(&app).await?;
        }
        NewCredential::Passkey { id, secret } => {
            let passkey = Credential { id, ..made(at_hand, person, CredentialKind::Passkey, secret, at) };
            at_hand.tx.insert_credential(&passkey).await?;
        }
    }
    Ok(())
}

/// A fresh set of recovery codes; the old ones end.
pub(super) async fn new_codes(at_hand: &mut AtHand<'_>, person: &PersonId) -> Result<Vec<Secret>, Refused> {
    at_hand.tx.delete_credentials(person, &[CredentialKind::Recovery]).await?;
    let codes = recovery::draw(at_hand.rng());
    for code in &codes {
        let digest = recovery::digest(code.expose()).expect("a drawn code is a code");
        let own = made(at_hand, person, CredentialKind::Recovery, digest, at_hand.at);
        at_hand.tx.insert_credential(&own).await?;
    }
    Ok(codes.into())
}

fn made(at_hand: &mut AtHand<'_>, person: &PersonId, kind: CredentialKind, secret: String, at: Instant) -> Credential {
    let id = at_hand.random_id("C");
    Credential {
        id,
        person: person.clone(),
        kind,
        label: String::new(),
        secret,
        made_at: at,
        used_at: None,
        step: None,
    }
}
