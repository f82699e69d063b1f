//! One's own account: ways to sign in, recovery codes, sessions, API keys. What gives others a way in is done soon
//! after a sign-in only.

use std::collections::BTreeSet;

use domain::act::{Caller, OrganisationId};
use domain::authority::{Actor, Denial, FRESH, Object, Power, Proof, Scope};
use domain::calendar::Instant;

use super::sign_in::{NewCredential, keep, new_codes, tried};
use super::throttle::Failures;
use super::trail::Line;
use super::{ApiKey, CredentialKind, MOST_API_KEY_DAYS, MOST_API_KEYS, Refusal, is_short_name};
use crate::acts::{AtHand, Errand, Refused, named};
use crate::identity::secret::{Opaque, Secret, digest};

/// Soon after a sign-in?
pub fn require_fresh(actor: &Actor, at: Instant) -> Result<(), Refused> {
    match actor.proof {
        Proof::Session { signed_in_at } if at.unix() - signed_in_at.unix() <= FRESH => Ok(()),
        _ => Err(Denial::SignInAgain.into()),
    }
}

fn line(what: &str, actor: &Actor, at_hand: &AtHand<'_>) -> Line {
    let line = Line::done(what, at_hand.at, at_hand.from).about(format!("person/{}", actor.person));
    let by = actor.memberships.first().map(|held| held.caller(&actor.person));
    by.into_iter().fold(line, Line::by)
}

/// Another passkey.
#[derive(Debug)]
pub struct AddPasskey {
    pub actor: Actor,
    /// As [`crate::identity::passkey::Passkeys::finish_registration`] made it.
    pub id: String,
    pub secret: String,
}

impl Errand for AddPasskey {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        require_fresh(&self.actor, at_hand.at)?;
        if at_hand.tx.credential(&self.id).await?.is_some() {
            return Err(Refusal::Passkey.into());
        }
        keep(at_hand, &self.actor.person, NewCredential::Passkey { id: self.id, secret: self.secret }).await?;
        at_hand.note(line("credential.passkey_added", &self.actor, at_hand));
        Ok(())
    }
}

/// A first password with its app, or another one in its place.
#[derive(Debug)]
pub struct SetPassword {
    pub actor: Actor,
    /// Was the old password typed rightly? Hashing took place outside the writer.
    pub is_old_right: bool,
    pub hash: String,
    pub totp: Secret,
    pub step: u64,
}

impl Errand for SetPassword {
    type Done = Result<(), Refusal>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        require_fresh(&self.actor, at_hand.at)?;
        let person = &self.actor.person;
        let own = at_hand.tx.credentials_of(person).await?;
        if own.iter().any(|own| own.kind == CredentialKind::Password) {
            // Whoever sits at somebody's open browser guesses here no faster than at the sign-in.
            let tried = tried(person.as_str(), at_hand.from);
            let failures = at_hand.tx.failures(&tried).await?;
            if let Some(seconds) = failures.map(|known| known.wait(at_hand.at)).filter(|seconds| *seconds > 0) {
                return Ok(Err(Refusal::Wait { seconds }));
            }
            if !self.is_old_right {
                at_hand.tx.keep_failures(&tried, Failures::and_one(failures, at_hand.at)).await?;
                return Ok(Err(Refusal::OldPassword));
            }
            at_hand.tx.forget_failures(&tried).await?;
        }
        let new = NewCredential::Password { hash: self.hash, totp: self.totp, step: self.step };
        keep(at_hand, person, new).await?;
        at_hand.note(line("credential.password_set", &self.actor, at_hand));
        Ok(Ok(()))
    }
}

/// A way to sign in is taken away; never the last.
#[derive(Debug)]
pub struct RemoveCredential {
    pub actor: Actor,
    pub id: String,
}

impl Errand for RemoveCredential {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        require_fresh(&self.actor, at_hand.at)?;
        let person = &self.actor.person;
        let own = at_hand.tx.credentials_of(person).await?;
        let missing = || Refused::NotFound { what: "credential", id: self.id.clone() };
        let gone = own.iter().find(|own| own.id == self.id).ok_or_else(missing)?;
        let kinds = match gone.kind {
            CredentialKind::Passkey => &[CredentialKind::Passkey][..],
            // One is of no use without the other.
            CredentialKind::Password | CredentialKind::Totp => &[CredentialKind::Password, CredentialKind::Totp],
            CredentialKind::Recovery => return Err(missing()),
        };
        let is_left = |other: &&super::Credential| match gone.kind {
            CredentialKind::Passkey => other.id != gone.id && other.kind != CredentialKind::Recovery,
            _ => other.kind == CredentialKind::Passkey,
        };
        if !own.iter().any(|other| is_left(&other)) {
            return Err(Refusal::LastCredential.into());
        }
        if gone.kind == CredentialKind::Passkey {
            at_hand.tx.delete_credential(person, &gone.id).await?;
        } else {
            at_hand.tx.delete_credentials(person, kinds).await?;
        }
        at_hand.note(line("credential.removed", &self.actor, at_hand));
        Ok(())
    }
}

/// A fresh set of recovery codes.
#[derive(Debug)]
pub struct RenewCodes {
    pub actor: Actor,
}

impl Errand for RenewCodes {
    type Done = Vec<Secret>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Vec<Secret>, Refused> {
        require_fresh(&self.actor, at_hand.at)?;
        let codes = new_codes(at_hand, &self.actor.person).await?;
        at_hand.note(line("credential.codes_renewed", &self.actor, at_hand));
        Ok(codes)
    }
}

/// A session of one's own ends: this one, another one, or all but this one.
#[derive(Debug)]
pub enum EndSession {
    /// The one with this cookie's digest.
    This {
        actor: Actor,
        digest: String,
    },
    /// The one of this short name.
    Named {
        actor: Actor,
        id: String,
    },
    Others {
        actor: Actor,
        digest: String,
    },
}

impl Errand for EndSession {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let tx = at_hand.tx;
        // Signing out is everybody's at any time. What ends elsewhere, somebody at an open browser must not end.
        if let Self::Named { actor, .. } | Self::Others { actor, .. } = &self {
            require_fresh(actor, at_hand.at)?;
        }
        let actor = match self {
            Self::This { actor, digest } => {
                tx.delete_session(&digest).await?;
                actor
            }
            Self::Named { actor, id } => {
                if !is_short_name(&id) || !tx.delete_session_of(&actor.person, &id).await? {
                    return Err(Refused::NotFound { what: "session", id });
                }
                actor
            }
            Self::Others { actor, digest } => {
                tx.delete_sessions_of(&actor.person, Some(&digest)).await?;
                actor
            }
        };
        at_hand.note(line("session.ended", &actor, at_hand));
        Ok(())
    }
}

/// An API key for a provider's system.
#[derive(Debug)]
pub struct IssueApiKey {
    pub actor: Actor,
    pub organisation: OrganisationId,
    pub label: String,
    pub scopes: BTreeSet<Scope>,
    /// Days for which it works.
    pub days: i32,
}

impl IssueApiKey {
    fn caller(&self, at: Instant) -> Result<Caller, Denial> {
        let object = Object { owner: Some(&self.organisation), ..Object::default() };
        self.actor.caller(Power::IssueApiKey, &object, at)
    }
}

impl Errand for IssueApiKey {
    /// The key, shown this once, and what is kept of it.
    type Done = (Secret, ApiKey);

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let at = at_hand.at;
        let by = self.caller(at)?;
        if self.scopes.is_empty() {
            return Err(Refusal::NoScope.into());
        }
        if !(1..=MOST_API_KEY_DAYS).contains(&self.days) {
            return Err(Refusal::KeyDays { days: self.days }.into());
        }
        let known = at_hand.tx.api_keys_of(&self.organisation).await?;
        if known.iter().filter(|key| key.is_good(at)).count() >= MOST_API_KEYS {
            return Err(Refusal::TooManyKeys.into());
        }
        let secret = Opaque::ApiKey.draw(at_hand.rng());
        let key = ApiKey {
            id: at_hand.random_id("K"),
            digest: digest(secret.expose()),
            person: self.actor.person,
            organisation: self.organisation,
            label: named(&self.label)?,
            scopes: self.scopes,
            made_at: at,
            expires_at: at.plus_seconds(self.days as u32 * 86_400),
            used_at: None,
            ended_at: None,
        };
        at_hand.tx.insert_api_key(&key).await?;
        let line = Line::done("api_key.issued", at, at_hand.from).about(format!("api_key/{}", key.id)).by(by);
        at_hand.note(line);
        Ok((secret, key))
    }
}

/// The same from a page that showed so many keys of the organisation, those that ended among them: whoever sends it
/// twice, or after somebody else, is told and gets no key that nobody has seen.
#[derive(Debug)]
pub struct IssueApiKeyAfter {
    pub known: u32,
    pub issue: IssueApiKey,
}

impl Errand for IssueApiKeyAfter {
    type Done = (Secret, ApiKey);

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        // Asked first: how many keys an organisation has is nobody else's business.
        self.issue.caller(at_hand.at)?;
        let found = at_hand.tx.api_keys_of(&self.issue.organisation).await?.len() as u32;
        if found != self.known {
            return Err(Refused::Stale { read: self.known, found });
        }
        self.issue.run(at_hand).await
    }
}

/// An API key ends at once.
#[derive(Debug)]
pub struct EndApiKey {
    pub actor: Actor,
    pub organisation: OrganisationId,
    pub id: String,
}

impl Errand for EndApiKey {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let object = Object { owner: Some(&self.organisation), ..Object::default() };
        let by = self.actor.caller(Power::IssueApiKey, &object, at_hand.at)?;
        if !at_hand.tx.end_api_key(&self.organisation, &self.id, at_hand.at).await? {
            let known = at_hand.tx.api_keys_of(&self.organisation).await?;
            let is_known = known.iter().any(|key| key.id == self.id);
            let missing = Refused::NotFound { what: "api_key", id: self.id };
            return Err(if is_known { Refusal::KeyEnded.into() } else { missing });
        }
        let subject = format!("api_key/{}", self.id);
        at_hand.note(Line::done("api_key.ended", at_hand.at, at_hand.from).about(subject).by(by));
        Ok(())
    }
}
