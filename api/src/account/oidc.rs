//! Signing in on the word of an identity provider, GビズID (decision 0014).
//!
//! An account is the provider's issuer and subject, and stays with the corporate number it came with first. Whoever
//! comes for the first time is enrolled: organisation, person, identity and session are written together or not at all.

use domain::act::{OrganisationId, PersonId, Role};
use domain::authority::FRESH;
use domain::calendar::Instant;
use domain::people::{Membership, OrganisationKind, Person};
use domain::reading::{cleaned_line, has_words};

use super::session::{Begun, begin_shown};
use super::sign_in::Browser;
use super::trail::Line;
use super::{Method, Organisation, Profile, Refusal};
use crate::acts::{AtHand, Errand, Refused};
use crate::identity::passkey::Handle;
use crate::oidc::{Account, Identity};
use crate::problem::Problem;

/// The word of this ceremony in its table.
const SIGN_IN: &str = "oidc.sign_in";
/// Seconds for which somebody may stay at the provider.
const AWAY: u32 = 10 * 60;
/// The longest name shown, in characters.
const LONGEST_NAME: usize = 100;

/// A refusal that the trail keeps, inside one that undoes everything.
type Answer<T> = Result<Result<T, Refusal>, Refused>;

/// A browser is sent to the provider. What it must come back with is remembered.
#[derive(Debug)]
pub struct Depart {
    /// The digest of the visit and of the state it was sent off with: nothing else leads back to `kept`.
    pub ceremony: String,
    pub kept: String,
}

impl Errand for Depart {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let expires_at = at_hand.at.plus_seconds(AWAY);
        Ok(at_hand.tx.insert_ceremony(&self.ceremony, SIGN_IN, self.kept, expires_at).await?)
    }
}

/// A browser comes back. What was remembered is used up, whatever comes of it; `None` where there is nothing.
#[derive(Debug)]
pub struct Return {
    pub ceremony: String,
}

impl Errand for Return {
    type Done = Option<String>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Option<String>, Refused> {
        Ok(at_hand.tx.take_ceremony(&self.ceremony, SIGN_IN, at_hand.at).await?)
    }
}

/// Nobody was signed in before it was known who: the trail keeps why.
#[derive(Debug)]
pub struct Refuse {
    pub code: &'static str,
}

impl Errand for Refuse {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        at_hand.note(refused(self.code, None, at_hand));
        Ok(())
    }
}

fn refused(code: &str, person: Option<&PersonId>, at_hand: &AtHand<'_>) -> Line {
    let line = Line::refused("sign_in", code, at_hand.at, at_hand.from);
    person.into_iter().fold(line, |line, person| line.about(format!("person/{person}")))
}

/// Somebody whom the provider knows signs in.
#[derive(Debug)]
pub struct ByOidc {
    pub identity: Identity,
    pub browser: Browser,
}

impl Errand for ByOidc {
    type Done = Result<Begun, Refusal>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let Self { identity, browser } = self;
        // Here, and not before: of two first sign-ins at once, the second finds whom the first has enrolled.
        let known = at_hand.tx.identity(&identity.issuer, &identity.subject).await?;
        let admitted = match &known {
            Some((person, number)) => find(at_hand, person, number.as_deref(), &identity).await?,
            None => enrol(at_hand, &identity).await?,
        };
        match admitted {
            Ok(person) => {
                let shown_at = shown_at(identity.auth_time, at_hand.at);
                let begun = begin_shown(at_hand, person, Method::Oidc, shown_at, browser.agent, browser.before);
                begun.await.map(Ok)
            }
            Err(refusal) => {
                let code = Problem::from(refusal).code;
                at_hand.note(refused(code, known.as_ref().map(|(person, _)| person), at_hand));
                Ok(Err(refusal))
            }
        }
    }
}

/// When they showed who they are: not now, where the provider knew them from before. Where it does not say, the sign-in
/// is just too old to count as fresh.
fn shown_at(auth_time: Option<Instant>, at: Instant) -> Instant {
    let stale = || Instant::from_unix(at.unix() - FRESH - 1);
    auth_time.or_else(stale).map_or(at, |time| time.min(at))
}

/// Somebody who was here before.
async fn find(at_hand: &AtHand<'_>, person: &PersonId, number: Option<&str>, identity: &Identity) -> Answer<Person> {
    let now = identity.corporate_number.map(|number| number.to_string());
    if now.as_deref() != number {
        return Ok(Err(Refusal::NumberChanged));
    }
    let person = at_hand.tx.person(person).await?.filter(|person| !person.is_dismissed);
    Ok(person.ok_or(Refusal::SignIn))
}

/// Somebody who comes for the first time.
async fn enrol(at_hand: &mut AtHand<'_>, identity: &Identity) -> Answer<Person> {
    let (organisation, is_new) = match organisation_of(at_hand, identity).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(role) = role(identity.account, organisation.kind) else { return Ok(Err(Refusal::ByInvitation)) };
    let id: PersonId = at_hand.random_id("P").parse().expect("a random identifier is an identifier");
    let first = Membership { role, organisation: organisation.id.clone(), until: None };
    let by = first.caller(&id);
    let (person, act) = Person::enrol(id, first, organisation.kind, at_hand.at)?;
    if is_new {
        at_hand.tx.insert_organisation(&organisation).await?;
        let line = Line::done("organisation.entered", at_hand.at, at_hand.from);
        at_hand.note(line.about(format!("organisation/{}", organisation.id)).by(by));
    }
    at_hand.tx.insert_person(&person).await?;
    let name = shown(identity.person_name.as_deref()).unwrap_or(organisation.name);
    let handle = Handle::draw(at_hand.rng()).to_string();
    at_hand.tx.keep_profile(&Profile { person: person.id.clone(), name, email: None, handle }).await?;
    let number = identity.corporate_number.map(|number| number.to_string());
    at_hand.tx.insert_identity(&identity.issuer, &identity.subject, &person.id, number).await?;
    at_hand.record(&act).await?;
    Ok(Ok(person))
}

/// The organisation, and whether it is new here. A corporation is its number; a sole proprietor has none, and an
/// organisation of their own.
async fn organisation_of(at_hand: &mut AtHand<'_>, identity: &Identity) -> Answer<(Organisation, bool)> {
    let number = identity.corporate_number;
    let id: OrganisationId = match (number, identity.account) {
        (Some(number), _) => number.to_string(),
        (None, Account::Prime) => at_hand.random_id("O"),
        (None, Account::Member) => return Ok(Err(Refusal::NoOrganisation)),
    }
    .parse()
    .expect("digits and random identifiers are identifiers");
    if let Some(known) = at_hand.tx.organisation(&id).await? {
        return Ok(Ok((known, false)));
    }
    let names = [&identity.organisation_name, &identity.person_name];
    let name = names.into_iter().find_map(|name| shown(name.as_deref())).unwrap_or_else(|| id.to_string());
    Ok(Ok((Organisation { id, kind: OrganisationKind::Provider, name, number }, true)))
}

/// A name as it is shown, if there is anything to be seen of it.
fn shown(name: Option<&str>) -> Option<String> {
    let cut: String = cleaned_line(name?).chars().take(LONGEST_NAME).collect();
    has_words(&cut).then_some(cut)
}

/// What an account may do in an organisation of this kind. `None`: whoever examines, decides or audits is invited.
fn role(account: Account, kind: OrganisationKind) -> Option<Role> {
    match (kind, account) {
        (OrganisationKind::Provider, Account::Prime) => Some(Role::ProviderOwner),
        (OrganisationKind::Provider, Account::Member) => Some(Role::ProviderMember),
        (OrganisationKind::User, _) => Some(Role::User),
        (OrganisationKind::RegistrationBody | OrganisationKind::SchemeOwner, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_as_old_as_the_provider_says() {
        let second = |seconds| Instant::from_unix(seconds).expect("an instant");
        for (auth_time, expected) in [
            (Some(10_000), 10_000),
            (Some(9_000), 9_000),
            // The provider's clock is ahead.
            (Some(10_030), 10_000),
            (None, 10_000 - FRESH - 1),
        ] {
            assert_eq!(shown_at(auth_time.map(second), second(10_000)), second(expected), "{auth_time:?}");
        }
    }

    #[test]
    fn a_name_is_shown_where_there_is_one() {
        let long = "花".repeat(255);
        for (name, expected) in [
            (None, None),
            (Some(" \u{3164} "), None),
            (Some(" 花子 "), Some("花子".to_owned())),
            (Some("花\u{202e}子"), Some("花子".to_owned())),
            (Some(long.as_str()), Some("花".repeat(100))),
        ] {
            assert_eq!(shown(name), expected, "{name:?}");
        }
    }

    #[test]
    fn gbizid_admits_to_no_desk_of_the_scheme() {
        for account in [Account::Prime, Account::Member] {
            for kind in OrganisationKind::ALL {
                let role = role(account, kind);
                assert!(role.is_none_or(|role| role.is_companys() && kind.has(role)), "{account:?} {kind:?} {role:?}");
            }
        }
    }
}
