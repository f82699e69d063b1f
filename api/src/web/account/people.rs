//! People: who may act, inviting others, their roles, and their leaving.

use std::collections::BTreeMap;
use std::slice;

use domain::act::{OrganisationId, PersonId, Role};
use domain::authority::{Denial, Power};
use domain::calendar::Day;
use domain::people::{Membership, Person, giving};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use rand::Rng;
use serde_json::Value;

use super::after;
use crate::account::people::{EndSessions, Erase, Recover};
use crate::account::reading::{Givable, givable, may, organisation_names, people_for, person_for, readable};
use crate::account::{LINK_SECONDS, read_mail_address, read_organisation_id};
use crate::acts::{Admit, Deed, Dismiss, EndRole, Errand, GiveRole, Refused};
use crate::caller::{Visitor, signed_in};
use crate::identity::secret::Secret;
use crate::problem::{Problem, Told};
use crate::web::desk::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{Field, FieldError, Form};
use crate::web::view::people::{
    DISMISSAL, END, Give, Invite, LinkPage, PeoplePage, PersonLine, PersonPage, RECOVERY, RoleCard, RoleLine, SESSIONS,
    Task, invite_fields, role_fields,
};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let after: Option<PersonId> = after(request)?;
    page(&listed(registry, visitor, after.as_ref(), Form::default()).await?)
}

async fn listed(
    registry: &Shared,
    visitor: &Visitor,
    after: Option<&PersonId>,
    form: Form,
) -> Result<PeoplePage, Problem> {
    let found = people_for(registry, visitor, after).await?;
    let ids = found.items.iter().map(|person| person.id.clone()).collect();
    let (names, organisations) =
        (registry.store.names_of(&ids).await?, organisation_names(registry, &found.items).await?);
    let today = visitor.at.day();
    let line = |person: &Person| {
        let name = names.get(&person.id).cloned().unwrap_or_default();
        PersonLine::new(person, name, &organisations, today)
    };
    let key = Some(form.value("key").to_owned()).filter(|key| !key.is_empty());
    let inviting = givable(registry, visitor).await?.map(|givable| Invite {
        fields: invite_fields(&givable),
        form,
        key: key.unwrap_or_else(|| draw_key(registry)),
    });
    Ok(PeoplePage {
        frame: desk_frame(registry, visitor),
        people: found.items.iter().map(line).collect(),
        is_later: after.is_some(),
        next: found.items.last().filter(|_| found.has_more).map(|last| last.id.to_string()),
        invite: inviting,
    })
}

/// What makes sending one form twice a single invitation.
fn draw_key(registry: &Shared) -> String {
    let mut bytes = [0; 16];
    registry.draw_rng().fill_bytes(&mut bytes);
    data_encoding::HEXLOWER.encode(&bytes)
}

/// A form that was read: what it says of a role and of a person.
struct Read {
    role: Membership,
    name: String,
    email: Option<String>,
}

/// What the form says, or it with what is wrong.
async fn read(registry: &Shared, form: Form, fields: &[Field]) -> Result<Result<(Read, Form), Form>, Problem> {
    let value = match form.read(fields) {
        Ok(value) => value,
        Err(errors) => return Ok(Err(form.with(errors))),
    };
    match read_of(registry, &value).await? {
        Ok(read) => Ok(Ok((read, form))),
        Err(error) => Ok(Err(form.with([error]))),
    }
}

async fn read_of(registry: &Shared, value: &Value) -> Result<Result<Read, FieldError>, Problem> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let wrong = |field: &str, message: Text| Ok(Err(FieldError { field: field.to_owned(), message }));
    // The choices are the domain's own words, and a day was read as one.
    let role: Role = text("role").parse().map_err(|error: String| Problem::internal(&error))?;
    let until = value.get("until").and_then(Value::as_str).and_then(|day| day.parse::<Day>().ok());
    let organisation = match read_organisation_id(text("organisation")) {
        Ok(organisation) => organisation,
        Err(message) => return wrong("/organisation", message),
    };
    if registry.store.organisation(&organisation).await?.is_none() {
        let unknown = Refused::NotFound { what: "organisation", id: organisation.to_string() };
        return wrong("/organisation", Problem::from(unknown).detail);
    }
    let email = match value.get("email").and_then(Value::as_str).map(read_mail_address).transpose() {
        Ok(email) => email,
        Err(message) => return wrong("/email", message),
    };
    Ok(Ok(Read { role: Membership { role, organisation, until }, name: text("name").to_owned(), email }))
}

/// What this visitor may give, or why they may give nothing.
async fn may_give(registry: &Shared, visitor: &Visitor) -> Result<Givable, Problem> {
    let nothing = || Problem::from(Denial::Role { needed: Power::GiveCompanyRole.roles() });
    givable(registry, visitor).await?.ok_or_else(nothing)
}

#[handler]
pub(crate) async fn invite(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let fields = invite_fields(&may_give(registry, visitor).await?);
    let (read, form) = match read(registry, Form::of(typed.0), &fields).await? {
        Ok(read) => read,
        Err(form) => {
            let page = listed(registry, visitor, None, form).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    let key = Some(form.value("key").to_owned()).filter(|key| (8..=200).contains(&key.len()));
    let deed = Admit { first: read.role, name: read.name.clone(), email: read.email };
    match registry.perform(deed, visitor.call(None, key)).await.map_err(Problem::from) {
        Ok(done) => shown_once(registry, visitor, &done.state.person.id, read.name, &done.state.invitation, true),
        Err(problem) if is_about_the_form(&problem) => {
            let mut form = refused(form, &problem);
            if problem.code == "invited_before" {
                // Whoever has read so and sends it once more means another person.
                form.typed.retain(|(name, _)| name != "key");
            }
            page_with(&problem, &listed(registry, visitor, None, form).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// A link, shown this once.
fn shown_once(
    registry: &Shared,
    visitor: &Visitor,
    person: &PersonId,
    name: String,
    secret: &Secret,
    is_invitation: bool,
) -> Answer {
    let mut response = page(&LinkPage {
        frame: desk_frame(registry, visitor),
        person: person.to_string(),
        name,
        link: registry.invitation_link(secret),
        expires_at: visitor.at.plus_seconds(LINK_SECONDS),
        is_invitation,
    })?;
    response.headers_mut().insert("cache-control", poem::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    page(&shown(registry, visitor, &id).await?)
}

/// The person's page, with what this visitor may do about them.
async fn shown(registry: &Shared, visitor: &Visitor, id: &str) -> Result<PersonPage, Problem> {
    let person = person_for(registry, visitor, id).await?;
    let profile = registry.store.profile(&person.id).await?;
    let (name, email) = profile.map_or_else(Default::default, |profile| (profile.name, profile.email));
    let organisations = organisation_names(registry, std::slice::from_ref(&person)).await?;
    let is_active = !person.is_dismissed;
    let form = |power, is_meant: bool, mark: &str| {
        (is_meant && may(visitor, power, &person.id, None)).then(|| Form::default().marked(mark))
    };
    let is_other = person.id != visitor.actor.person;
    let givable = if is_active && is_other { givable(registry, visitor).await? } else { None };
    Ok(PersonPage {
        frame: desk_frame(registry, visitor),
        id: person.id.to_string(),
        version: person.version,
        dismiss: form(Power::Dismiss, is_active, "dismiss"),
        recover: form(Power::Recover, is_active, "recover"),
        sessions: form(Power::Recover, is_active, "sessions"),
        erase: form(Power::Erase, !is_active && !name.is_empty(), "erase"),
        name,
        email,
        is_dismissed: person.is_dismissed,
        roles: cards(visitor, &person, &organisations),
        give: givable.map(|givable| Give::new(role_fields(&givable), Form::default())),
        leftover: Default::default(),
    })
}

fn cards(visitor: &Visitor, person: &Person, names: &BTreeMap<OrganisationId, String>) -> Vec<RoleCard> {
    let card = |held: &Membership| {
        let can_end = may(visitor, giving(held.role), &person.id, Some(&held.organisation));
        RoleCard::new(RoleLine::new(held, names, visitor.at.day()), can_end)
    };
    person.memberships.iter().map(card).collect()
}

/// A form of a person's page, as it was posted.
struct Posted<'a> {
    registry: &'a Shared,
    visitor: &'a Visitor,
    id: &'a str,
    task: Task,
    form: Form,
}

impl Posted<'_> {
    /// The person that the form is about.
    async fn person(&self) -> Result<PersonId, Problem> {
        Ok(person_for(self.registry, self.visitor, self.id).await?.id)
    }

    /// The page as it is now, with what was typed and why nothing was done.
    async fn again(self, told: Told) -> Answer {
        let mut page = shown(self.registry, self.visitor, self.id).await?;
        page.refuse(&self.task, self.form);
        page_with(told, &page)
    }

    /// The form with what is wrong in it, where a field cannot be read.
    fn checked(mut self, fields: &[Field]) -> Result<Self, Self> {
        match self.form.read(fields) {
            Ok(_) => Ok(self),
            Err(errors) => {
                self.form = self.form.with(errors);
                Err(self)
            }
        }
    }

    async fn perform<D: Deed<State = Person>>(self, deed: D) -> Answer {
        let call = call_of(self.visitor, &self.form);
        match self.registry.perform(deed, call).await {
            // Whoever ended the last role they could see sees the person no more.
            Ok(done) => Ok(match readable(&self.visitor.actor, done.state, self.visitor.at.day()) {
                Some(person) => to(&format!("/people/{}", person.id)),
                None => to("/people"),
            }),
            Err(refused) => self.refused(refused).await,
        }
    }

    async fn run<E: Errand>(self, errand: E) -> Result<Result<E::Done, Response>, Problem> {
        match self.registry.run(errand, self.visitor.origin.clone(), self.visitor.at).await {
            Ok(done) => Ok(Ok(done)),
            Err(refused) => self.refused(refused).await.map(Err),
        }
    }

    async fn refused(mut self, why: Refused) -> Answer {
        let problem = Problem::from(why);
        if !is_about_the_form(&problem) {
            return Err(problem);
        }
        self.form = refused(self.form, &problem);
        self.again((&problem).into()).await
    }
}

#[handler]
pub(crate) async fn give(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let fields = role_fields(&may_give(registry, visitor).await?);
    let posted = |form| Posted { registry, visitor, id: &id, task: Task::Give, form };
    match read(registry, Form::of(typed.0), &fields).await? {
        Ok((read, form)) => {
            let posted = posted(form);
            let deed = GiveRole { person: posted.person().await?, role: read.role };
            posted.perform(deed).await
        }
        Err(form) => posted(form).again(Told::INVALID).await,
    }
}

#[handler]
pub(crate) async fn end(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let (visitor, form) = (signed_in(request)?, Form::of(typed.0));
    let unreadable = |field: &str, read: &str| {
        let message = Text::new("この画面を開き直してください。", "Open this page again.");
        Problem::unreadable(field, read, message)
    };
    let (role, organisation) = (form.value("role"), form.value("organisation"));
    let role: Role = role.parse().map_err(|_| unreadable("/role", role))?;
    let organisation: OrganisationId = organisation.parse().map_err(|_| unreadable("/organisation", organisation))?;
    let task = Task::End { role, organisation: organisation.clone() };
    match (Posted { registry, visitor, id: &id, task, form }).checked(slice::from_ref(&END)) {
        Ok(posted) => {
            let (person, reason) = (posted.person().await?, posted.form.value("/reason").to_owned());
            posted.perform(EndRole { person, role, organisation, reason }).await
        }
        Err(posted) => posted.again(Told::INVALID).await,
    }
}

#[handler]
pub(crate) async fn dismiss(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let posted =
        Posted { registry, visitor: signed_in(request)?, id: &id, task: Task::Dismiss, form: Form::of(typed.0) };
    match posted.checked(slice::from_ref(&DISMISSAL)) {
        Ok(posted) => {
            let (person, reason) = (posted.person().await?, posted.form.value("/reason").to_owned());
            posted.perform(Dismiss { person, reason }).await
        }
        Err(posted) => posted.again(Told::INVALID).await,
    }
}

#[handler]
pub(crate) async fn recover(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let (visitor, form) = (signed_in(request)?, Form::of(typed.0));
    let posted = match (Posted { registry, visitor, id: &id, task: Task::Recover, form }).checked(&RECOVERY) {
        Ok(posted) => posted,
        Err(posted) => return posted.again(Told::INVALID).await,
    };
    let (person, reason) = (posted.person().await?, posted.form.value("/reason").to_owned());
    let identity_check = posted.form.value("/identityCheck").parse().expect("it was read as one of those offered");
    let errand = Recover { actor: visitor.actor.clone(), person: person.clone(), identity_check, reason };
    match posted.run(errand).await? {
        Ok(secret) => {
            let name = registry.store.profile(&person).await?.map(|profile| profile.name).unwrap_or_default();
            shown_once(registry, visitor, &person, name, &secret, false)
        }
        Err(again) => Ok(again),
    }
}

#[handler]
pub(crate) async fn end_sessions(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let (visitor, form) = (signed_in(request)?, Form::of(typed.0));
    let posted = match (Posted { registry, visitor, id: &id, task: Task::EndSessions, form })
        .checked(slice::from_ref(&SESSIONS))
    {
        Ok(posted) => posted,
        Err(posted) => return posted.again(Told::INVALID).await,
    };
    let (person, reason) = (posted.person().await?, posted.form.value("/reason").to_owned());
    match posted.run(EndSessions { actor: visitor.actor.clone(), person, reason }).await? {
        Ok(_) => Ok(to(&format!("/people/{id}"))),
        Err(again) => Ok(again),
    }
}

#[handler]
pub(crate) async fn erase(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let (visitor, form) = (signed_in(request)?, Form::of(typed.0));
    let posted = Posted { registry, visitor, id: &id, task: Task::Erase, form };
    let person = posted.person().await?;
    match posted.run(Erase { actor: visitor.actor.clone(), person }).await? {
        Ok(()) => Ok(to(&format!("/people/{id}"))),
        Err(again) => Ok(again),
    }
}
