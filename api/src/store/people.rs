//! People and proposals: states of acts.

use std::sync::Arc;

use domain::act::{OrganisationId, PersonId, ProposalId, Subject};
use domain::calendar::Instant;
use domain::people::Person;
use domain::proposal::Proposal;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{people, proposals};
use super::{Error, Page, Store, Tx, tables};

impl Store {
    /// Everybody ever admitted, in the order of their ids.
    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        let rows = people::Entity::find().order_by_asc(people::Column::Id).all(&self.read).await?;
        rows.into_iter().map(person).collect()
    }

    /// At most `limit` people behind `after`, in the order of their ids: everybody ever admitted, or those with a role
    /// in one of `organisations`.
    pub async fn people_after(
        &self,
        organisations: Option<&[OrganisationId]>,
        after: Option<&PersonId>,
        limit: u64,
    ) -> Result<Page<Person>, Error> {
        let mut find = people::Entity::find().order_by_asc(people::Column::Id).limit(limit + 1);
        if let Some(after) = after {
            find = find.filter(people::Column::Id.gt(after.as_str()));
        }
        if let Some(organisations) = organisations {
            find = find.filter(belonging_to(organisations));
        }
        Page::of(find.all(&self.read).await?, limit).try_map(person)
    }

    /// A proposal, open or not.
    pub async fn proposal(&self, id: &ProposalId) -> Result<Option<Proposal>, Error> {
        find_proposal(&self.read, id).await
    }

    /// Every proposal about something, the newest last.
    pub async fn proposals_about(&self, subject: &Subject) -> Result<Vec<Proposal>, Error> {
        let of = proposals::Entity::find().filter(proposals::Column::Subject.eq(subject.to_string()));
        let mut found = of.all(&self.read).await?.into_iter().map(proposal).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|proposal| (proposal.made_at, proposal.id.clone()));
        Ok(found)
    }

    /// Proposals that nobody dropped and whose last day has not passed, the oldest first.
    pub async fn proposals_waiting(&self, at: Instant) -> Result<Vec<Proposal>, Error> {
        let waiting = proposals::Column::IsDropped.eq(false).and(proposals::Column::Until.gt(at.to_string()));
        let rows = proposals::Entity::find().filter(waiting).order_by_asc(proposals::Column::Until).all(&self.read);
        rows.await?.into_iter().map(proposal).collect()
    }
}

impl Tx<'_> {
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, Error> {
        let find = find_person(self.conn, id);
        self.known(id.as_str(), |own| &own.people, |batch| &mut batch.people, find).await
    }

    pub async fn insert_person(&self, state: &Person) -> Result<(), Error> {
        self.own().people.put(true, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn update_person(&self, state: &Person) -> Result<(), Error> {
        self.own().people.put(false, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn proposal(&self, id: &ProposalId) -> Result<Option<Proposal>, Error> {
        let find = find_proposal(self.conn, id);
        self.known(id.as_str(), |own| &own.proposals, |batch| &mut batch.proposals, find).await
    }

    pub async fn insert_proposal(&self, state: &Proposal) -> Result<(), Error> {
        self.own().proposals.put(true, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn update_proposal(&self, state: &Proposal) -> Result<(), Error> {
        self.own().proposals.put(false, Arc::new(state.clone()));
        Ok(())
    }
}

/// Whose state names one of these organisations: an identifier has no letter that JSON or a pattern would write
/// otherwise.
fn belonging_to(organisations: &[OrganisationId]) -> Condition {
    organisations
        .iter()
        .fold(Condition::any(), |any, id| any.add(people::Column::State.contains(format!("\"organisation\":\"{id}\""))))
}

async fn find_person(conn: &impl ConnectionTrait, id: &PersonId) -> Result<Option<Person>, Error> {
    people::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(person).transpose()
}

async fn find_proposal(conn: &impl ConnectionTrait, id: &ProposalId) -> Result<Option<Proposal>, Error> {
    proposals::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(proposal).transpose()
}

fn person(row: people::Model) -> Result<Person, Error> {
    tables::state("people", &row.id, &row.state)
}

fn proposal(row: proposals::Model) -> Result<Proposal, Error> {
    tables::state("proposals", &row.id, &row.state)
}
