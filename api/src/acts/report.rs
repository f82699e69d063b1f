//! 登録後の報告とその訂正、価格の確認

use domain::act::{RegistrationNumber, Subject};
use domain::authority::Power;
use domain::calendar::Period;
use domain::criteria::CriterionId;
use domain::edition::Editions;
use domain::registration::Registration;
use domain::watching::{Advertised, Contents, PriceCheck, Report};

use super::change::declared;
use super::{Deed, Desk, Done, Refused};
use crate::store::Error;

/// A provider reports about a period of its service, or corrects what it reported: whoever corrects names the version
/// that they saw.
#[derive(Debug)]
pub struct FileReport {
    pub registration: RegistrationNumber,
    pub period: Period,
    pub contents: Contents,
}

impl Deed for FileReport {
    type State = Report;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Report>, Refused> {
        let missing = || Refused::NotFound { what: "registration", id: self.registration.to_string() };
        let registration = desk.tx.registration(&self.registration).await?.ok_or_else(missing)?;
        desk.check_right(Power::FileReport, &registration.object())?;
        let before = desk.tx.report(&self.registration, self.contents.matter(), self.period).await?;
        match (&before, desk.read()) {
            (None, None) => {}
            (None, Some(read)) => return Err(Refused::Stale { read, found: 0 }),
            (Some(before), _) => desk.check_version(before.version)?,
        }
        let id = desk.random_id("R").parse().expect("a random identifier is an identifier");
        let asked = asked(&*desk.tx.editions().await?, &registration)?;
        let (settings, contents) = (desk.tx.settings().await?, self.contents);
        let (state, act) =
            Report::file(before, id, &registration, self.period, contents, &asked, &settings, desk.by, desk.at)?;
        desk.tx.store_report(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// What the edition that a service was judged under asks of it: what its self-checks are about.
pub(crate) fn asked(editions: &Editions, registration: &Registration) -> Result<Vec<CriterionId>, Error> {
    let unknown = || Error::Corrupt { table: "registrations", column: "state", row: registration.number.to_string() };
    let listing = &registration.listing;
    let edition = editions.with_digest(&listing.edition_digest).ok_or_else(unknown)?;
    Ok(edition.criteria_for(listing.class, listing.monitoring).iter().map(|criterion| criterion.id).collect())
}

/// 価格の確認: the secretariat holds an advertised price against a registered line.
#[derive(Debug)]
pub struct CheckPrice {
    pub registration: RegistrationNumber,
    /// Of the registered price list, from 0.
    pub line: usize,
    pub advertised: Advertised,
}

impl Deed for CheckPrice {
    type State = PriceCheck;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<PriceCheck>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::PriceCheck(id) = subject else { return Err(Refused::KeyReused) };
            let state = desk.tx.price_check(&id).await?.ok_or(Refused::KeyReused)?;
            let is_same = state.registration == self.registration && state.advertised == self.advertised;
            return if is_same { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let missing = || Refused::NotFound { what: "registration", id: self.registration.to_string() };
        let registration = desk.tx.registration(&self.registration).await?.ok_or_else(missing)?;
        desk.check_right(Power::CheckPrice, &registration.object())?;
        let months = declared(desk, &registration).await?.contract.minimum_term_months.into();
        let id = desk.random_id("D").parse().expect("a random identifier is an identifier");
        let (state, act) = PriceCheck::make(id, &registration, months, self.line, self.advertised, desk.by, desk.at)?;
        desk.tx.insert_price_check(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
