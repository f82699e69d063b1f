//! 利用者と役割

use domain::act::{OrganisationId, PersonId, Role, Subject};
use domain::authority::Object;
use domain::people::{Membership, OrganisationKind, Person, giving};

use super::{Deed, Desk, Done, Refused};
use crate::account::{LINK_SECONDS, Link, Profile, Purpose};
use crate::identity::passkey::Handle;
use crate::identity::secret::{Opaque, Secret, digest};

/// A person is admitted with a first role, and invited to set up how they sign in.
#[derive(Debug)]
pub struct Admit {
    pub first: Membership,
    pub name: String,
    pub email: Option<String>,
}

/// An admitted person with the secret of their invitation, which is shown this once.
#[derive(Debug)]
pub struct Admitted {
    pub person: Person,
    /// What stands in the link behind `/invitation/`.
    pub invitation: Secret,
}

impl Deed for Admit {
    type State = Admitted;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Admitted>, Refused> {
        if let Some((subject, _)) = desk.done_before().await? {
            let Subject::Person(person) = subject else { return Err(Refused::KeyReused) };
            return Err(Refused::InvitedBefore { person: person.to_string() });
        }
        let name = named(&self.name)?;
        let id: PersonId = desk.random_id("P").parse().expect("a random identifier is an identifier");
        let kind = kind_of(desk, &self.first.organisation).await?;
        let (person, act) = Person::admit(id, self.first, kind, desk.by, desk.at)?;
        desk.tx.insert_person(&person).await?;
        keep_profile(desk, &person.id, name, self.email).await?;
        let invitation = invite(desk, &person.id, Purpose::Invitation).await?;
        Ok(Done { state: Admitted { person, invitation }, entry: desk.record(&act).await? })
    }
}

/// A person is given another role.
#[derive(Debug)]
pub struct GiveRole {
    pub person: PersonId,
    pub role: Membership,
}

impl Deed for GiveRole {
    type State = Person;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Person>, Refused> {
        let before = person(desk, &self.person).await?;
        check_right(desk, &self.person, self.role.role, &self.role.organisation)?;
        desk.check_version(before.version)?;
        let kind = kind_of(desk, &self.role.organisation).await?;
        let (state, act) = before.give(self.role, kind, desk.by, desk.at)?;
        desk.tx.update_person(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// A role ends, and with it every session of the person and every API key they answer for there.
#[derive(Debug)]
pub struct EndRole {
    pub person: PersonId,
    pub role: Role,
    pub organisation: OrganisationId,
    pub reason: String,
}

impl Deed for EndRole {
    type State = Person;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Person>, Refused> {
        let before = person(desk, &self.person).await?;
        check_right(desk, &self.person, self.role, &self.organisation)?;
        desk.check_version(before.version)?;
        let organisation = self.organisation.clone();
        let (state, act) = before.end(self.role, self.organisation, self.reason, desk.by, desk.at)?;
        desk.tx.update_person(&state).await?;
        desk.tx.delete_sessions_of(&state.id, None).await?;
        desk.tx.end_api_keys_of(&state.id, Some(&organisation), desk.at).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// A person's every role ends, and with them sessions, API keys, ways to sign in and links.
#[derive(Debug)]
pub struct Dismiss {
    pub person: PersonId,
    pub reason: String,
}

impl Deed for Dismiss {
    type State = Person;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Person>, Refused> {
        let before = person(desk, &self.person).await?;
        let (state, act) = before.dismiss(self.reason, desk.by, desk.at)?;
        desk.tx.update_person(&state).await?;
        desk.tx.delete_sessions_of(&state.id, None).await?;
        desk.tx.end_api_keys_of(&state.id, None, desk.at).await?;
        desk.tx.delete_credentials(&state.id, &crate::account::CredentialKind::ALL).await?;
        desk.tx.delete_links(&state.id).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// May the caller give this person that role there, or end it?
fn check_right(desk: &Desk<'_>, person: &PersonId, role: Role, organisation: &OrganisationId) -> Result<(), Refused> {
    let object = Object { owner: Some(organisation), person: Some(person), ..Object::default() };
    desk.check_right(giving(role), &object)
}

async fn person(desk: &Desk<'_>, id: &PersonId) -> Result<Person, Refused> {
    desk.tx.person(id).await?.ok_or_else(|| Refused::NotFound { what: "person", id: id.to_string() })
}

async fn kind_of(desk: &Desk<'_>, id: &OrganisationId) -> Result<OrganisationKind, Refused> {
    let missing = || Refused::NotFound { what: "organisation", id: id.to_string() };
    Ok(desk.tx.organisation(id).await?.ok_or_else(missing)?.kind)
}

/// A name somebody can see, of at most 100 characters.
pub(crate) fn named(name: &str) -> Result<String, Refused> {
    let name = name.trim();
    let characters = if domain::reading::has_words(name) { name.chars().count() } else { 0 };
    if (1..=100).contains(&characters) { Ok(name.to_owned()) } else { Err(Refused::Name { characters }) }
}

async fn keep_profile(
    desk: &mut Desk<'_>,
    person: &PersonId,
    name: String,
    email: Option<String>,
) -> Result<(), Refused> {
    let handle = Handle::draw(desk.rng()).to_string();
    let email = email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty());
    if let Some(email) = &email
        && desk.tx.has_email(email).await?
    {
        return Err(crate::account::Refusal::EmailTaken.into());
    }
    Ok(desk.tx.keep_profile(&Profile { person: person.clone(), name, email, handle }).await?)
}

async fn invite(desk: &mut Desk<'_>, person: &PersonId, purpose: Purpose) -> Result<Secret, Refused> {
    let secret = Opaque::Link.draw(desk.rng());
    let link = Link {
        digest: digest(secret.expose()),
        person: person.clone(),
        purpose,
        made_by: desk.by.person.clone(),
        expires_at: desk.at.plus_seconds(LINK_SECONDS),
    };
    desk.tx.insert_link(&link).await?;
    Ok(secret)
}
