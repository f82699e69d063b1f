//! Organisations, profiles, and whom an identity provider's subjects stand for.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{OrganisationId, PersonId};
use domain::people::{OrganisationKind, Person};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::read;
use crate::account::{Organisation, Profile};
use crate::store::entities::{identities, organisations, people, profiles};
use crate::store::{Error, Page, Store, Tx, tables};

impl Store {
    /// A person, dismissed or not.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, Error> {
        let row = people::Entity::find_by_id(id.as_str()).all(&self.read).await?.pop();
        row.map(|row| tables::state("people", &row.id, &row.state)).transpose()
    }

    /// Names by person's id; whoever was erased has none.
    pub async fn names(&self) -> Result<BTreeMap<PersonId, String>, Error> {
        let rows = profiles::Entity::find().filter(profiles::Column::Name.ne("")).all(&self.read).await?;
        rows.into_iter().map(|row| Ok((read("profiles", "person", &row.person, &row.person)?, row.name))).collect()
    }

    /// The same of these people only.
    pub async fn names_of(&self, people: &BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, String>, Error> {
        let of = profiles::Column::Person.is_in(people.iter().map(PersonId::as_str));
        let rows = profiles::Entity::find().filter(of).filter(profiles::Column::Name.ne("")).all(&self.read).await?;
        rows.into_iter().map(|row| Ok((read("profiles", "person", &row.person, &row.person)?, row.name))).collect()
    }

    /// What can be erased of a person.
    pub async fn profile(&self, person: &PersonId) -> Result<Option<Profile>, Error> {
        find_profile(&self.read, person).await
    }

    /// Whose login this is: a person's id, or their mail address.
    pub async fn person_named(&self, login: &str) -> Result<Option<PersonId>, Error> {
        let login = login.trim();
        if login.contains(char::is_control) {
            return Ok(None);
        }
        if let Ok(id) = login.to_uppercase().parse::<PersonId>() {
            return Ok(self.person(&id).await?.map(|person| person.id));
        }
        let of = profiles::Entity::find().filter(profiles::Column::Email.eq(login.to_lowercase()));
        let row = of.all(&self.read).await?.pop();
        row.map(|row| read("profiles", "person", &row.person, &row.person)).transpose()
    }

    /// An organisation.
    pub async fn organisation(&self, id: &OrganisationId) -> Result<Option<Organisation>, Error> {
        find_organisation(&self.read, id).await
    }

    /// Those of these organisations that there are.
    pub async fn organisations_of(
        &self,
        ids: &BTreeSet<OrganisationId>,
    ) -> Result<BTreeMap<OrganisationId, Organisation>, Error> {
        let of = organisations::Column::Id.is_in(ids.iter().map(OrganisationId::as_str));
        let rows = organisations::Entity::find().filter(of).all(&self.read).await?;
        rows.into_iter().map(|row| organisation(row).map(|known| (known.id.clone(), known))).collect()
    }

    /// At most `limit` organisations behind `after`, in the order of their ids.
    pub async fn organisations_after(
        &self,
        after: Option<&OrganisationId>,
        limit: u64,
    ) -> Result<Page<Organisation>, Error> {
        let mut find = organisations::Entity::find().order_by_asc(organisations::Column::Id).limit(limit + 1);
        if let Some(after) = after {
            find = find.filter(organisations::Column::Id.gt(after.as_str()));
        }
        Page::of(find.all(&self.read).await?, limit).try_map(organisation)
    }

    /// Every organisation, in the order of their ids.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        let rows = organisations::Entity::find().order_by_asc(organisations::Column::Id).all(&self.read).await?;
        rows.into_iter().map(organisation).collect()
    }
}

impl Tx<'_> {
    /// What can be erased of a person.
    pub async fn profile(&self, person: &PersonId) -> Result<Option<Profile>, Error> {
        find_profile(self.conn, person).await
    }

    /// Has somebody this mail address?
    pub async fn has_email(&self, email: &str) -> Result<bool, Error> {
        let of = profiles::Entity::find().filter(profiles::Column::Email.eq(email));
        Ok(!of.all(self.conn).await?.is_empty())
    }

    /// Keeps a profile, or changes it.
    pub async fn keep_profile(&self, profile: &Profile) -> Result<(), Error> {
        let row = profiles::Model {
            person: profile.person.to_string(),
            name: profile.name.clone(),
            email: profile.email.clone(),
            handle: profile.handle.clone(),
        };
        let replaced = sea_orm::sea_query::OnConflict::column(profiles::Column::Person)
            .update_columns([profiles::Column::Name, profiles::Column::Email, profiles::Column::Handle])
            .to_owned();
        profiles::Entity::insert(row.into_active_model())
            .on_conflict(replaced)
            .exec_without_returning(self.conn)
            .await?;
        Ok(())
    }

    /// An organisation.
    pub async fn organisation(&self, id: &OrganisationId) -> Result<Option<Organisation>, Error> {
        find_organisation(self.conn, id).await
    }

    /// A new organisation.
    pub async fn insert_organisation(&self, organisation: &Organisation) -> Result<(), Error> {
        let row = organisations::ActiveModel {
            id: Set(organisation.id.to_string()),
            kind: Set(organisation.kind.as_str().to_owned()),
            name: Set(organisation.name.clone()),
            number: Set(organisation.number.map(|number| number.to_string())),
        };
        organisations::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Whom the subject of an issuer stands for, and the corporate number it came with first.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<(PersonId, Option<String>)>, Error> {
        let key = (issuer.to_owned(), subject.to_owned());
        let row = identities::Entity::find_by_id(key).all(self.conn).await?.pop();
        row.map(|row| Ok((read("identities", "person", subject, &row.person)?, row.number))).transpose()
    }

    /// Keeps whom it stands for.
    pub async fn insert_identity(
        &self,
        issuer: &str,
        subject: &str,
        person: &PersonId,
        number: Option<String>,
    ) -> Result<(), Error> {
        let row = identities::ActiveModel {
            issuer: Set(issuer.to_owned()),
            subject: Set(subject.to_owned()),
            person: Set(person.to_string()),
            number: Set(number),
        };
        identities::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Forgets whom an identity provider knows as this person.
    pub async fn delete_identities(&self, person: &PersonId) -> Result<(), Error> {
        let of = identities::Column::Person.eq(person.as_str());
        identities::Entity::delete_many().filter(of).exec(self.conn).await?;
        Ok(())
    }
}

async fn find_profile(conn: &impl ConnectionTrait, person: &PersonId) -> Result<Option<Profile>, Error> {
    let row = profiles::Entity::find_by_id(person.as_str()).all(conn).await?.pop();
    Ok(row.map(|row| Profile { person: person.clone(), name: row.name, email: row.email, handle: row.handle }))
}

async fn find_organisation(conn: &impl ConnectionTrait, id: &OrganisationId) -> Result<Option<Organisation>, Error> {
    organisations::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(organisation).transpose()
}

fn organisation(row: organisations::Model) -> Result<Organisation, Error> {
    let kind: OrganisationKind = read("organisations", "kind", &row.id, &row.kind)?;
    let number = super::read_some("organisations", "number", &row.id, row.number.as_deref())?;
    Ok(Organisation { id: read("organisations", "id", &row.id, &row.id)?, kind, name: row.name, number })
}
