//! Who is shown which people, organisations and API keys, and what of the trail: the same on both faces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::act::{OrganisationId, PersonId, Role};
use domain::authority::{Actor, Object, Power};
use domain::calendar::Day;
use domain::people::{Person, giving};
use domain::text::Text;

use super::trail::{Entry, Read, Reading, Search};
use super::{ApiKey, Organisation, is_short_name};
use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Page;

/// People or organisations on one page of a list.
pub const ROWS: u64 = 100;
/// Organisations that are offered in one list; where there are more, the id is typed.
const MOST_OFFERED: u64 = 200;

/// What an actor may read of a person: everything, or the roles in their own organisations; `None` where that is
/// nothing.
pub fn readable(actor: &Actor, person: Person, day: Day) -> Option<Person> {
    let extent = actor.extent(Power::ReadPeople, day);
    if extent.is_everything {
        return Some(person);
    }
    let is_own = |held: &domain::people::Membership| extent.organisations.contains(&held.organisation);
    let memberships: Vec<_> = person.memberships.into_iter().filter(is_own).collect();
    (!memberships.is_empty()).then_some(Person { memberships, ..person })
}

/// People whom this visitor may read, behind the one given, in the order of their ids.
pub async fn people_for(
    registry: &Registry,
    visitor: &Visitor,
    after: Option<&PersonId>,
) -> Result<Page<Person>, Problem> {
    let day = visitor.at.day();
    let extent = visitor.actor.extent(Power::ReadPeople, day);
    let own = (!extent.is_everything).then_some(&extent.organisations[..]);
    if own.is_some_and(<[_]>::is_empty) {
        return Ok(Page { items: Vec::new(), has_more: false });
    }
    let found = registry.store.people_after(own, after, ROWS).await?;
    let items = found.items.into_iter().filter_map(|person| readable(&visitor.actor, person, day)).collect();
    Ok(Page { items, has_more: found.has_more })
}

/// The person of that id, if this visitor may read them; to others they are not there.
pub async fn person_for(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Person, Problem> {
    let missing = || Problem::not_found(&Text::new("利用者", "person"), id);
    let parsed: PersonId = id.parse().map_err(|_| missing())?;
    let found = registry.store.person(&parsed).await?;
    found.and_then(|person| readable(&visitor.actor, person, visitor.at.day())).ok_or_else(missing)
}

/// May this visitor do this to that person, however long ago they signed in?
pub fn may(visitor: &Visitor, power: Power, person: &PersonId, owner: Option<&OrganisationId>) -> bool {
    let object = Object { owner, person: Some(person), ..Object::default() };
    visitor.actor.in_role(power, &object, visitor.at.day()).is_ok()
}

/// The roles somebody may give, and the organisations they may give them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Givable {
    /// Never empty.
    pub roles: Vec<Role>,
    /// `None`: too many to list.
    pub organisations: Option<Vec<Organisation>>,
}

/// What this visitor may give; `None` where that is nothing.
pub async fn givable(registry: &Registry, visitor: &Visitor) -> Result<Option<Givable>, Problem> {
    let extent = |power| visitor.actor.extent(power, visitor.at.day());
    let extents = [Power::GiveCompanyRole, Power::GiveStaffRole].map(|power| (power, extent(power)));
    let may_give = |role: &Role| {
        let of = extents.iter().find(|(power, _)| *power == giving(*role));
        of.is_some_and(|(_, extent)| extent.is_everything || !extent.organisations.is_empty())
    };
    let mut roles: Vec<Role> = Role::ALL.into_iter().filter(may_give).collect();
    let mut organisations = if extents.iter().any(|(_, extent)| extent.is_everything) {
        let found = registry.store.organisations_after(None, MOST_OFFERED).await?;
        (!found.has_more).then_some(found.items)
    } else {
        let own: BTreeSet<_> = extents.iter().flat_map(|(_, extent)| extent.organisations.iter().cloned()).collect();
        Some(registry.store.organisations_of(&own).await?.into_values().collect())
    };
    if let Some(offered) = &mut organisations {
        offered.retain(|of| roles.iter().any(|role| of.kind.has(*role)));
        roles.retain(|role| offered.iter().any(|of| of.kind.has(*role)));
    }
    Ok((!roles.is_empty()).then_some(Givable { roles, organisations }))
}

/// The names of people's organisations; one that is not known goes by its id.
pub async fn organisation_names(
    registry: &Registry,
    people: &[Person],
) -> Result<BTreeMap<OrganisationId, String>, Problem> {
    let ids: BTreeSet<_> =
        people.iter().flat_map(|person| &person.memberships).map(|held| held.organisation.clone()).collect();
    let known = registry.store.organisations_of(&ids).await?;
    let name = |id: OrganisationId| {
        let name = known.get(&id).map_or_else(|| id.to_string(), |of| of.name.clone());
        (id, name)
    };
    Ok(ids.into_iter().map(name).collect())
}

/// An organisation's API keys, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRing {
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub name: String,
    pub keys: Vec<ApiKey>,
}

/// The API keys that this visitor may read, by organisation, behind the one given: their own organisations', or those
/// of every one that ever had a key.
pub async fn api_keys_for(
    registry: &Registry,
    visitor: &Visitor,
    after: Option<&OrganisationId>,
) -> Result<Page<KeyRing>, Problem> {
    let extent = visitor.actor.extent(Power::ReadApiKeys, visitor.at.day());
    let found = if extent.is_everything {
        registry.store.api_key_holders(after, ROWS).await?
    } else {
        Page { items: extent.organisations, has_more: false }
    };
    let names = registry.store.organisations_of(&found.items.iter().cloned().collect()).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for organisation in found.items {
        let name = names.get(&organisation).map_or_else(|| organisation.to_string(), |of| of.name.clone());
        let keys = registry.store.api_keys_of(&organisation).await?;
        items.push(KeyRing { organisation, name, keys });
    }
    Ok(Page { items, has_more: found.has_more })
}

/// The API key of that short name, if this visitor may read it; to others it is not there.
pub async fn api_key_for(registry: &Registry, visitor: &Visitor, id: &str) -> Result<ApiKey, Problem> {
    let missing = || Problem::not_found(&Text::new("APIキー", "API key"), id);
    if !is_short_name(id) {
        return Err(missing());
    }
    let found = registry.store.api_key_named(id).await?;
    let may_read = |key: &ApiKey| {
        let object = Object { owner: Some(&key.organisation), ..Object::default() };
        visitor.actor.in_role(Power::ReadApiKeys, &object, visitor.at.day()).is_ok()
    };
    found.filter(may_read).ok_or_else(missing)
}

impl Registry {
    /// At most `limit` lines of the trail that fit, the newest first. That they were read is in the trail before
    /// anybody sees them.
    pub async fn search_trail(
        self: &Arc<Self>,
        visitor: &Visitor,
        search: &Search,
        limit: u64,
    ) -> Result<Page<Entry>, Problem> {
        let found = self.store.trail(search, limit).await?;
        self.note_reading(visitor, Read::Searched, search).await?;
        Ok(found)
    }

    /// Notes in the trail that it is read.
    pub async fn note_reading(self: &Arc<Self>, visitor: &Visitor, read: Read, search: &Search) -> Result<(), Problem> {
        let reading = Reading { actor: visitor.actor.clone(), read, search: search.clone() };
        self.run(reading, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)
    }
}

#[cfg(test)]
mod tests;
