//! What the register remembers of a provider: the experience that class 2 asks for.

use std::collections::BTreeMap;

use domain::act::OrganisationId;
use domain::calendar::{Instant, Period};
use domain::criteria::TrackRecord;
use domain::declaration::Class;
use domain::licence::Licence;
use domain::licence::token::HolderKind;
use domain::registration::{MeasureKind, Registration};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entities::{licences, registrations};
use super::{Error, Store, Tx, tables};

impl Tx<'_> {
    /// The owner's history as of `at`, as far as a class asks for it: class 1 asks for none.
    pub async fn track_record(&self, owner: &OrganisationId, class: Class, at: Instant) -> Result<TrackRecord, Error> {
        self.settle(|batch| &mut batch.registrations).await?;
        self.settle(|batch| &mut batch.licences).await?;
        track_record(self.conn, owner, class, at).await
    }
}

impl Store {
    /// The owner's history as of `at`, as far as a class asks for it: class 1 asks for none.
    pub async fn track_record(&self, owner: &OrganisationId, class: Class, at: Instant) -> Result<TrackRecord, Error> {
        track_record(&self.read, owner, class, at).await
    }
}

async fn track_record(
    conn: &impl ConnectionTrait,
    owner: &OrganisationId,
    class: Class,
    at: Instant,
) -> Result<TrackRecord, Error> {
    let mut record = TrackRecord::default();
    if class == Class::One {
        return Ok(record);
    }
    let rows = registrations::Entity::find().filter(registrations::Column::Owner.eq(owner.as_str())).all(conn).await?;
    for row in rows {
        let registration: Registration = tables::state("registrations", &row.number, &row.state)?;
        if registration.listing.class != Class::One {
            continue;
        }
        record.class_one_terms.extend(registration.terms.iter().filter_map(|term| held(&registration, *term)));
        add_companies(conn, &row.number, at, &mut record.companies).await?;
    }
    Ok(record)
}

/// A term, cut where the registration was revoked.
fn held(registration: &Registration, term: Period) -> Option<Period> {
    let revoked = registration.measures.iter().find(|measure| measure.kind == MeasureKind::Revoked);
    let until = revoked.map_or(term.until, |measure| term.until.min(measure.at.day()));
    (term.from < until).then_some(Period { from: term.from, until })
}

/// The companies that were given the service, and when: from the contract's first day to the licence's end, as it was
/// known at `at`.
async fn add_companies(
    conn: &impl ConnectionTrait,
    number: &str,
    at: Instant,
    companies: &mut BTreeMap<String, Vec<Period>>,
) -> Result<(), Error> {
    let rows = licences::Entity::find().filter(licences::Column::Registration.eq(number)).all(conn).await?;
    for row in rows {
        let licence: Licence = tables::state("licences", &row.id, &row.state)?;
        let (HolderKind::User, Some(from)) = (licence.grant.holder_kind, licence.grant.contract_from) else { continue };
        if licence.granted_at > at {
            continue;
        }
        let until = licence.closed.as_ref().map_or(at, |closed| closed.at.min(at)).day();
        companies.entry(tables::company_of(&licence.grant)).or_default().push(Period { from, until: until.max(from) });
    }
    Ok(())
}
