//! What is done to others' accounts beside their roles: organisations, recovery, unlocking, erasing.

use std::str::FromStr;

use domain::act::PersonId;
use domain::authority::{Actor, Object, Power};

use super::trail::Line;
use super::{CredentialKind, LINK_SECONDS, Link, Organisation, Profile, Purpose, Refusal};
use crate::acts::{AtHand, Errand, Refused, named};
use crate::identity::secret::{Opaque, Secret, digest};
use crate::registry::Registry;

/// An organisation becomes known.
#[derive(Debug)]
pub struct EnterOrganisation {
    pub actor: Actor,
    pub organisation: Organisation,
}

impl Errand for EnterOrganisation {
    type Done = Organisation;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Organisation, Refused> {
        let by = self.actor.caller(Power::EnterOrganisation, &Object::default(), at_hand.at)?;
        let organisation = Organisation { name: named(&self.organisation.name)?, ..self.organisation };
        if at_hand.tx.organisation(&organisation.id).await?.is_some() {
            return Err(Refused::OrganisationKnown { id: organisation.id.to_string() });
        }
        at_hand.tx.insert_organisation(&organisation).await?;
        let subject = format!("organisation/{}", organisation.id);
        at_hand.note(Line::done("organisation.entered", at_hand.at, at_hand.from).about(subject).by(by));
        Ok(organisation)
    }
}

/// How somebody who has lost every way to sign in showed who they are: as at their admission (docs/operations.md,
/// Recovery).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityCheck {
    /// Face to face, with an identity card.
    InPerson,
    /// Called back at the number, or written to at the address, that was known before.
    CallBack,
    /// Whoever answers for them in their organisation said so, and was known before.
    Organisation,
}

impl IdentityCheck {
    pub const ALL: [Self; 3] = [Self::InPerson, Self::CallBack, Self::Organisation];

    /// The word in the trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::CallBack => "call_back",
            Self::Organisation => "organisation",
        }
    }
}

impl FromStr for IdentityCheck {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{}: {text}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// Somebody who has lost every way to sign in gets a link for a new one.
#[derive(Debug)]
pub struct Recover {
    pub actor: Actor,
    pub person: PersonId,
    /// Both kept in the trail.
    pub identity_check: IdentityCheck,
    pub reason: String,
}

impl Errand for Recover {
    /// What stands in the link behind `/invitation/`; shown this once.
    type Done = Secret;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Secret, Refused> {
        let object = Object { person: Some(&self.person), ..Object::default() };
        let by = self.actor.caller(Power::Recover, &object, at_hand.at)?;
        let person = at_hand.tx.person(&self.person).await?;
        let missing = || Refused::NotFound { what: "person", id: self.person.to_string() };
        let person = person.filter(|person| !person.is_dismissed).ok_or_else(missing)?;
        let own = at_hand.tx.credentials_of(&person.id).await?;
        let secret = Opaque::Link.draw(at_hand.rng());
        let purpose = if own.is_empty() { Purpose::Invitation } else { Purpose::Recovery };
        let link = Link {
            digest: digest(secret.expose()),
            person: person.id.clone(),
            purpose,
            made_by: by.person.clone(),
            expires_at: at_hand.at.plus_seconds(LINK_SECONDS),
        };
        at_hand.tx.insert_link(&link).await?;
        let what = format!("link.{}", purpose.as_str());
        let line = Line::done(&what, at_hand.at, at_hand.from).about(format!("person/{}", person.id)).by(by);
        let detail = format!("{}: {}", self.identity_check.as_str(), self.reason);
        at_hand.note(Line { detail: Some(detail), ..line });
        Ok(secret)
    }
}

/// Somebody is signed out everywhere: a device was lost, or somebody else is at it. Their roles, keys and ways to sign
/// in stand.
#[derive(Debug)]
pub struct EndSessions {
    pub actor: Actor,
    pub person: PersonId,
    /// Kept in the trail.
    pub reason: String,
}

impl Errand for EndSessions {
    /// Sessions that ended.
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        let object = Object { person: Some(&self.person), ..Object::default() };
        let by = self.actor.caller(Power::Recover, &object, at_hand.at)?;
        let missing = || Refused::NotFound { what: "person", id: self.person.to_string() };
        let person = at_hand.tx.person(&self.person).await?.filter(|person| !person.is_dismissed);
        let person = person.ok_or_else(missing)?;
        let ended = at_hand.tx.delete_sessions_of(&person.id, None).await?;
        let line = Line::done("sessions.ended", at_hand.at, at_hand.from).about(format!("person/{}", person.id)).by(by);
        at_hand.note(Line { detail: Some(self.reason).filter(|reason| !reason.is_empty()), ..line });
        Ok(ended)
    }
}

/// Waits after failures end: the network may try again at once.
#[derive(Debug)]
pub struct Unlock {
    pub actor: Actor,
    /// The login whose failures are forgotten, wherever they came from.
    pub login: String,
}

impl Errand for Unlock {
    /// Networks that had to wait, or had failures.
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        let by = self.actor.caller(Power::Recover, &Object::default(), at_hand.at)?;
        let prefix = format!("{}@", digest(&self.login.trim().to_lowercase()));
        let forgotten = at_hand.tx.forget_failures(&prefix).await?;
        at_hand.note(Line::done("sign_in.unlocked", at_hand.at, at_hand.from).by(by));
        Ok(forgotten)
    }
}

/// A dismissed person's name and address are erased. The record of what they did stands under their id.
#[derive(Debug)]
pub struct Erase {
    pub actor: Actor,
    pub person: PersonId,
}

impl Errand for Erase {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let object = Object { person: Some(&self.person), ..Object::default() };
        let by = self.actor.caller(Power::Erase, &object, at_hand.at)?;
        let missing = || Refused::NotFound { what: "person", id: self.person.to_string() };
        let person = at_hand.tx.person(&self.person).await?.ok_or_else(missing)?;
        if !person.is_dismissed {
            return Err(Refusal::StillActs.into());
        }
        let id = &person.id;
        let erased = Profile { person: id.clone(), name: String::new(), email: None, handle: String::new() };
        at_hand.tx.keep_profile(&erased).await?;
        at_hand.tx.delete_credentials(id, &CredentialKind::ALL).await?;
        at_hand.tx.delete_identities(id).await?;
        at_hand.tx.delete_links(id).await?;
        at_hand.tx.forget_papers_of(id).await?;
        at_hand.tx.forget_post(id).await?;
        at_hand.note(Line::done("person.erased", at_hand.at, at_hand.from).about(format!("person/{id}")).by(by));
        Ok(())
    }
}

impl Registry {
    /// The link that an invitation's or a recovery's secret stands in.
    pub(crate) fn invitation_link(&self, secret: &Secret) -> Secret {
        Secret::new(self.base_url.join(&format!("/invitation/{}", secret.expose())))
    }
}
