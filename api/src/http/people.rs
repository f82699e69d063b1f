//! `/people`: who may act, and what as.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::act::{OrganisationId, PersonId};
use domain::calendar::Instant;
use domain::people::{Membership, Person};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, day, identifier};
use super::session::RoleView;
use super::wire::Reason;
use super::words::{IdentityCheckName, RoleName};
use crate::account::people::{EndSessions, Erase, Recover};
use crate::account::reading::{people_for, person_for, readable};
use crate::account::{LINK_SECONDS, read_mail_address, read_organisation_id};
use crate::acts::{Admit, Deed, Dismiss, Done, EndRole, GiveRole};
use crate::identity::secret::Secret;
use crate::problem::Problem;
use crate::registry::Registry;

const PERSON: (&str, &str) = ("利用者", "person");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A person, with the roles that the caller may read.
#[derive(Object, Debug)]
#[oai(rename = "Person", rename_all = "camelCase", skip_serializing_if_is_none)]
struct PersonView {
    id: String,
    /// Acts about the person so far; what `If-Match` takes.
    version: u32,
    /// Absent once it is erased.
    name: Option<String>,
    /// Absent in lists, and where there is none.
    email: Option<String>,
    /// Those whose last day has passed among them.
    roles: Vec<RoleView>,
    is_dismissed: bool,
    /// The last act about the person, in UTC.
    changed_at: String,
}

/// Some people, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct People {
    items: Vec<PersonView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

/// Why somebody gets a new link, and how they showed who they are. Both are kept in the audit trail.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct Recovery {
    identity_check: IdentityCheckName,
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

/// A link for one use, shown this once.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct LinkView {
    /// Whoever opens it sets up how they sign in.
    link: String,
    /// It works once, before this, in UTC.
    expires_at: String,
}

/// A person who was invited.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct InvitedView {
    person: PersonView,
    invitation: LinkView,
}

#[derive(ApiResponse)]
enum Linked {
    /// The link.
    #[oai(status = 200)]
    Link(
        Json<LinkView>,
        /// Nobody keeps it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// What ended.
#[derive(Object, Debug)]
#[oai(rename = "EndedSessions", rename_all = "camelCase")]
struct Ended {
    /// Sessions that were there.
    ended: u64,
}

/// Who is invited, and what as.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct InviteBody {
    role: RoleName,
    /// 法人番号 in any width, or the short name the organisation was entered with.
    #[oai(validator(min_length = 1, max_length = 60))]
    organisation: String,
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
    /// What the person may sign in as, beside their id. The register sends no mail.
    #[oai(validator(max_length = 254))]
    email: Option<String>,
    /// The role's last day in Japan, `YYYY-MM-DD`; a delegated agent must have one.
    #[oai(validator(max_length = 20))]
    until: Option<String>,
}

/// A role that is given.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct RoleBody {
    role: RoleName,
    /// 法人番号 in any width, or the short name the organisation was entered with.
    #[oai(validator(min_length = 1, max_length = 60))]
    organisation: String,
    /// The role's last day in Japan, `YYYY-MM-DD`; a delegated agent must have one.
    #[oai(validator(max_length = 20))]
    until: Option<String>,
}

/// A role that ends, and why.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct EndRoleBody {
    role: RoleName,
    #[oai(validator(min_length = 1, max_length = 60))]
    organisation: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

#[OpenApi(prefix_path = "/people", tag = "Chapter::People")]
impl Api {
    /// Lists people
    ///
    /// Everybody ever admitted, in the order of their ids; for a provider's owner, those with a role in the own
    /// organisations.
    #[oai(path = "/", method = "get", operation_id = "listPeople")]
    async fn list(
        &self,
        caller: Caller,
        /// Only ids after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<People>, Problem> {
        let after = after.0.as_deref().map(|text| cursor::<PersonId>(PERSON, text)).transpose()?;
        let found = people_for(&self.registry, &caller.0, after.as_ref()).await?;
        let ids = found.items.iter().map(|person| person.id.clone()).collect();
        let names = self.registry.store.names_of(&ids).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|last| last.id.to_string());
        let items = found.items.iter().map(|person| listed(person, &names)).collect();
        Ok(Json(People { items, next }))
    }

    /// Shows a person
    #[oai(path = "/:id", method = "get", operation_id = "getPerson")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Rendered<PersonView>, Problem> {
        let person = person_for(&self.registry, &caller.0, &id.0).await?;
        Ok(Rendered::at_version(&self.view(&person).await?, person.version))
    }

    /// Invites a person
    ///
    /// The answer holds the link with which they set up how they sign in: it is shown this once. Sent again with the
    /// same `Idempotency-Key`, nobody is invited twice, and the link is not shown again (`invited_before`).
    #[oai(path = "/", method = "post", operation_id = "invitePerson")]
    async fn invite(
        &self,
        caller: Caller,
        body: Body<InviteBody>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<InvitedView>, Problem> {
        let InviteBody { role, organisation, name, email, until } = body.0;
        let first = membership(role, &organisation, until.as_deref())?;
        let wrong = |typed: &str| read_mail_address(typed).map_err(|why| Problem::unreadable("/email", typed, why));
        let email = email.as_deref().map(wrong).transpose()?;
        let call = call(&caller, None, key.0)?;
        let expires_at = call.at.plus_seconds(LINK_SECONDS);
        let Done { state, entry } = self.registry.perform(Admit { first, name, email }, call).await?;
        let invitation = self.link(&state.invitation, expires_at);
        let location = format!("/api/v1/people/{}", state.person.id);
        let invited = InvitedView { person: self.view(&state.person).await?, invitation };
        Ok(Rendered::at_version(&invited, state.person.version).created(&location).logged(entry).secret())
    }

    /// Gives a person another role
    #[oai(path = "/:id/roles", method = "post", operation_id = "giveRole")]
    async fn give(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<RoleBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<PersonView>, Problem> {
        let person = person_for(&self.registry, &caller.0, &id.0).await?.id;
        let role = membership(body.0.role, &body.0.organisation, body.0.until.as_deref())?;
        self.change(&caller, GiveRole { person, role }, if_match.0).await
    }

    /// Ends a role at once
    ///
    /// With it end every session of the person, and every API key they answer for in that organisation.
    #[oai(path = "/:id/roles/end", method = "post", operation_id = "endRole")]
    async fn end(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<EndRoleBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<PersonView>, Problem> {
        let person = person_for(&self.registry, &caller.0, &id.0).await?.id;
        let EndRoleBody { role, organisation, reason } = body.0;
        let organisation = organisation_id(&organisation)?;
        self.change(&caller, EndRole { person, role: role.into(), organisation, reason }, if_match.0).await
    }

    /// Dismisses a person
    ///
    /// Every role, session, API key and way to sign in ends at once and for good.
    #[oai(path = "/:id/dismissal", method = "post", operation_id = "dismissPerson")]
    async fn dismiss(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
    ) -> Result<Rendered<PersonView>, Problem> {
        let deed = Dismiss { person: identifier(PERSON, &id.0)?, reason: body.0.reason };
        self.change(&caller, deed, None).await
    }

    /// Makes a new link for a person
    ///
    /// For somebody who has lost every way to sign in, and has shown who they are as at their admission. Earlier links
    /// end; once this one is used, their old ways do.
    #[oai(path = "/:id/recovery", method = "post", operation_id = "recoverPerson")]
    async fn recover(&self, caller: Caller, id: Path<String>, body: Body<Recovery>) -> Result<Linked, Problem> {
        let visitor = &caller.0;
        let person = identifier(PERSON, &id.0)?;
        let Recovery { identity_check, reason } = body.0;
        let errand = Recover { actor: visitor.actor.clone(), person, identity_check: identity_check.into(), reason };
        let secret = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let link = self.link(&secret, visitor.at.plus_seconds(LINK_SECONDS));
        Ok(Linked::Link(Json(link), "no-store".to_owned()))
    }

    /// Signs a person out everywhere
    ///
    /// Their roles, API keys and ways to sign in stand. One's own sessions are ended on the pages.
    #[oai(path = "/:id/sessions/end", method = "post", operation_id = "endSessions")]
    async fn end_sessions(&self, caller: Caller, id: Path<String>, body: Body<Reason>) -> Result<Json<Ended>, Problem> {
        let visitor = &caller.0;
        let person = identifier(PERSON, &id.0)?;
        let errand = EndSessions { actor: visitor.actor.clone(), person, reason: body.0.reason };
        let ended = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(Ended { ended }))
    }

    /// Erases a person's name and mail address
    ///
    /// A dismissed person's only. The record of what they did stands under their id.
    #[oai(path = "/:id/erasure", method = "post", operation_id = "erasePerson")]
    async fn erase(&self, caller: Caller, id: Path<String>) -> Result<Rendered<PersonView>, Problem> {
        let visitor = &caller.0;
        let errand = Erase { actor: visitor.actor.clone(), person: identifier(PERSON, &id.0)? };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let person = person_for(&self.registry, visitor, &id.0).await?;
        Ok(Rendered::at_version(&self.view(&person).await?, person.version))
    }
}

impl Api {
    async fn change<D: Deed<State = Person>>(
        &self,
        caller: &Caller,
        deed: D,
        if_match: Option<String>,
    ) -> Result<Rendered<PersonView>, Problem> {
        let Done { state, entry } = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        let (version, visitor) = (state.version, &caller.0);
        let nothing = Person { memberships: Vec::new(), ..state.clone() };
        // Whoever ended the last role they could read reads none.
        let shown = readable(&visitor.actor, state, visitor.at.day()).unwrap_or(nothing);
        Ok(Rendered::at_version(&self.view(&shown).await?, version).logged(entry))
    }

    async fn view(&self, person: &Person) -> Result<PersonView, Problem> {
        let profile = self.registry.store.profile(&person.id).await?;
        let (name, email) = profile.map_or_else(Default::default, |profile| (profile.name, profile.email));
        Ok(view(person, Some(name), email))
    }

    fn link(&self, secret: &Secret, expires_at: Instant) -> LinkView {
        let link = self.registry.invitation_link(secret).expose().to_owned();
        LinkView { link, expires_at: expires_at.to_string() }
    }
}

fn listed(person: &Person, names: &BTreeMap<PersonId, String>) -> PersonView {
    view(person, names.get(&person.id).cloned(), None)
}

fn view(person: &Person, name: Option<String>, email: Option<String>) -> PersonView {
    PersonView {
        id: person.id.to_string(),
        version: person.version,
        name: name.filter(|name| !name.is_empty()),
        email,
        roles: person.memberships.iter().map(RoleView::from).collect(),
        is_dismissed: person.is_dismissed,
        changed_at: person.changed_at.to_string(),
    }
}

fn organisation_id(typed: &str) -> Result<OrganisationId, Problem> {
    read_organisation_id(typed).map_err(|why| Problem::unreadable("/organisation", typed, why))
}

fn membership(role: RoleName, organisation: &str, until: Option<&str>) -> Result<Membership, Problem> {
    let until = until.map(|text| day("/until", text)).transpose()?;
    Ok(Membership { role: role.into(), organisation: organisation_id(organisation)?, until })
}
