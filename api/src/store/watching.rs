//! What is reported of registered services.

use std::sync::Arc;

use domain::act::{PriceCheckId, RegistrationNumber};
use domain::calendar::Period;
use domain::watching::{Matter, PriceCheck, Report, name_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{price_checks, reports};
use super::{Error, Store, Tx, tables};

impl Store {
    /// Everything that was reported of these registrations, the earliest period first.
    pub async fn reports_of(
        &self,
        numbers: impl IntoIterator<Item = &RegistrationNumber>,
    ) -> Result<Vec<Report>, Error> {
        let numbers = numbers.into_iter().map(RegistrationNumber::as_str);
        let rows = reports::Entity::find()
            .filter(reports::Column::Registration.is_in(numbers))
            .order_by_asc(reports::Column::Period)
            .order_by_asc(reports::Column::Matter)
            .all(&self.read)
            .await?;
        rows.iter().map(report).collect()
    }

    /// Everything that was reported about a period, by all services.
    pub async fn reports_about(&self, matter: Matter, period: Period) -> Result<Vec<Report>, Error> {
        let rows = reports::Entity::find()
            .filter(reports::Column::Matter.eq(matter.as_str()))
            .filter(reports::Column::Period.eq(name_of(period)))
            .order_by_asc(reports::Column::Registration)
            .all(&self.read)
            .await?;
        rows.iter().map(report).collect()
    }

    /// The last price checks of a registration, the last one first.
    pub async fn price_checks_of(&self, number: &RegistrationNumber, limit: u64) -> Result<Vec<PriceCheck>, Error> {
        let rows = price_checks::Entity::find()
            .filter(price_checks::Column::Registration.eq(number.as_str()))
            .order_by_desc(price_checks::Column::CheckedAt)
            .order_by_desc(price_checks::Column::Id)
            .limit(limit)
            .all(&self.read)
            .await?;
        rows.iter().map(|row| tables::state("price_checks", &row.id, &row.state)).collect()
    }

    /// The names of the periods about which anything was reported, the earliest first.
    pub async fn periods_of(&self, matter: Matter) -> Result<Vec<String>, Error> {
        let periods = reports::Entity::find()
            .select_only()
            .column(reports::Column::Period)
            .distinct()
            .filter(reports::Column::Matter.eq(matter.as_str()))
            .order_by_asc(reports::Column::Period);
        Ok(periods.into_tuple().all(&self.read).await?)
    }
}

impl Tx<'_> {
    /// What was reported of a registration about a period.
    pub async fn report(
        &self,
        number: &RegistrationNumber,
        matter: Matter,
        period: Period,
    ) -> Result<Option<Report>, Error> {
        self.settle(|batch| &mut batch.reports).await?;
        let rows = reports::Entity::find()
            .filter(reports::Column::Registration.eq(number.as_str()))
            .filter(reports::Column::Matter.eq(matter.as_str()))
            .filter(reports::Column::Period.eq(name_of(period)))
            .all(self.conn)
            .await?;
        rows.first().map(report).transpose()
    }

    /// Stores a report, new at version 1.
    pub async fn store_report(&self, state: &Report) -> Result<(), Error> {
        self.own().reports.put(state.version == 1, Arc::new(state.clone()));
        Ok(())
    }
}

impl Tx<'_> {
    pub async fn insert_price_check(&self, state: &PriceCheck) -> Result<(), Error> {
        self.own().price_checks.put(true, Arc::new(state.clone()));
        Ok(())
    }

    /// A price check by its id.
    pub async fn price_check(&self, id: &PriceCheckId) -> Result<Option<PriceCheck>, Error> {
        let find = async {
            let row = price_checks::Entity::find_by_id(id.as_str()).all(self.conn).await?.pop();
            row.map(|row| tables::state("price_checks", &row.id, &row.state)).transpose()
        };
        self.known(id.as_str(), |own| &own.price_checks, |batch| &mut batch.price_checks, find).await
    }
}

fn report(row: &reports::Model) -> Result<Report, Error> {
    tables::state("reports", &row.id, &row.state)
}
