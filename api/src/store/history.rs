//! What the register remembers of a provider: the experience that class 2 asks for.

use std::collections::BTreeMap;

use domain::act::{Grant, OrganisationId};
use domain::calendar::{Instant, Period};
use domain::criteria::TrackRecord;
use domain::declaration::Class;
use domain::licence::Licence;
use domain::licence::token::HolderKind;
use domain::registration::{Measure, MeasureKind, Registration};
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, StreamTrait};

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
    conn: &(impl ConnectionTrait + StreamTrait),
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
        record.class_one_terms.extend(registration.held(at).filter_map(|term| held(&registration, term)));
        add_companies(conn, &row.number, at, &mut record.companies).await?;
    }
    Ok(record)
}

/// A term, cut where the registration was revoked, or the service ended.
fn held(registration: &Registration, term: Period) -> Option<Period> {
    let is_revocation = |measure: &&Measure| measure.kind == MeasureKind::Revoked && measure.set_aside().is_none();
    let revoked = registration.measures.iter().filter(is_revocation).map(|measure| measure.from().day());
    let ended = registration.discontinuation().map(|announced| announced.plan.last_day.next());
    let until = revoked.chain(ended).fold(term.until, std::cmp::Ord::min);
    (term.from < until).then_some(Period { from: term.from, until })
}

/// The companies that were given the service, and when: from the contract's first day to the licence's end, as it was
/// known at `at`.
async fn add_companies(
    conn: &(impl ConnectionTrait + StreamTrait),
    number: &str,
    at: Instant,
    companies: &mut BTreeMap<String, Vec<Period>>,
) -> Result<(), Error> {
    // One after the other: of a service with a hundred thousand users nothing is held but what counts.
    let mut rows = licences::Entity::find().filter(licences::Column::Registration.eq(number)).stream(conn).await?;
    while let Some(row) = rows.try_next().await? {
        let licence: Licence = tables::state("licences", &row.id, &row.state)?;
        let closed_at = licence.closed.as_ref().map(|closed| closed.at);
        if let Some(period) = served(&licence.grant, licence.granted_at, closed_at, at) {
            companies.entry(tables::company_of(&licence.grant)).or_default().push(period);
        }
    }
    Ok(())
}

/// When a user was given the service, as far as that was attested at `at`.
fn served(grant: &Grant, granted_at: Instant, closed_at: Option<Instant>, at: Instant) -> Option<Period> {
    let from = grant.contract_from.filter(|_| grant.holder_kind == HolderKind::User && granted_at <= at)?;
    let until = closed_at.map_or(at, |closed| closed.min(at)).day();
    Some(Period { from, until: until.max(from) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(name: &str, number: Option<&str>, from: Option<&str>) -> Grant {
        Grant {
            registration: "OTK-2026-00001".parse().expect("a number"),
            holder_kind: if from.is_some() { HolderKind::User } else { HolderKind::Provider },
            holder_name: name.to_owned(),
            holder_number: number.map(|number| number.parse().expect("a corporate number")),
            contract_from: from.map(|day| day.parse().expect("a day")),
            status_index: 1,
            expires_at: instant("2028-01-01T00:00:00Z"),
            key: String::new(),
            token_digest: String::new(),
        }
    }

    fn instant(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    /// Ten contracts of one shop are one company.
    #[test]
    fn a_company_is_its_number_or_else_its_name() {
        let of = |name, number, from| tables::company_of(&grant(name, number, Some(from)));
        assert_eq!(of("山田商店", None, "2024-01-01"), of("山田　商店", None, "2025-01-01"));
        assert_ne!(of("山田商店", None, "2024-01-01"), of("川田商店", None, "2024-01-01"));
        let number = Some("5010005007126");
        assert_eq!(of("山田商店", number, "2024-01-01"), of("新山田", number, "2025-01-01"));
        assert_ne!(of("山田商店", number, "2024-01-01"), of("山田商店", Some("8700110005901"), "2024-01-01"));
    }

    #[test]
    fn what_was_attested_or_ended_later_does_not_count_yet() {
        let at = instant("2026-06-01T00:00:00Z");
        let user = grant("山田商店", None, Some("2025-01-01"));
        let until = |granted: &str, closed: Option<&str>| {
            served(&user, instant(granted), closed.map(instant), at).map(|period| period.until.to_string())
        };
        for (granted, closed, expected) in [
            ("2026-05-31T00:00:00Z", None, Some("2026-06-01")),
            ("2026-06-01T00:00:00Z", None, Some("2026-06-01")),
            ("2026-06-01T00:00:01Z", None, None),
            ("2026-01-01T00:00:00Z", Some("2026-03-01T00:00:00Z"), Some("2026-03-01")),
            ("2026-01-01T00:00:00Z", Some("2026-07-01T00:00:00Z"), Some("2026-06-01")),
        ] {
            assert_eq!(until(granted, closed).as_deref(), expected, "{granted} {closed:?}");
        }
        assert_eq!(served(&grant("提供社", None, None), at, None, at), None, "the provider's own is no user's");
    }
}
