//! The settings of the scheme that two people have changed, and the registrations that still count.

use std::sync::Arc;

use domain::act::RegistrationNumber;
use domain::calendar::Day;
use domain::registration::Registration;
use domain::settings::{ChangedSetting, Settings};
use sea_orm::sea_query::Cond;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{registrations, settings};
use super::registers::{Page, registration};
use super::{Error, Store, Tx, tables};

impl Store {
    /// Every setting with its changes; from memory where nothing has changed.
    pub async fn settings(&self) -> Result<Arc<Settings>, Error> {
        self.cache.settings.get_or_read(read_settings(&self.read)).await
    }

    /// Registrations whose last term ends on `day` or later, the first to end first; only those behind `after`.
    pub async fn running(
        &self,
        day: Day,
        after: Option<(Day, &RegistrationNumber)>,
        limit: u64,
    ) -> Result<Page<Registration>, Error> {
        use registrations::Column as C;
        // The column holds the first day behind the term.
        let mut query = registrations::Entity::find().filter(C::TermUntil.gt(day.to_string()));
        if let Some((until, number)) = after {
            let until = until.to_string();
            let same = Cond::all().add(C::TermUntil.eq(until.as_str())).add(C::Number.gt(number.as_str()));
            query = query.filter(Cond::any().add(C::TermUntil.gt(until.as_str())).add(same));
        }
        let query = query.order_by_asc(C::TermUntil).order_by_asc(C::Number).limit(limit + 1);
        Page::of(query.all(&self.read).await?, limit).try_map(registration)
    }
}

impl Tx<'_> {
    /// Every setting, as this batch has left them.
    pub async fn settings(&self) -> Result<Arc<Settings>, Error> {
        if let Some(known) = self.batch().all_settings.clone() {
            return Ok(known);
        }
        self.settle(|batch| &mut batch.settings).await?;
        let read = Arc::new(read_settings(self.conn).await?);
        self.batch().all_settings = Some(read.clone());
        Ok(read)
    }

    /// Stores a changed setting, new at version 1.
    pub async fn store_setting(&self, state: &ChangedSetting) -> Result<(), Error> {
        self.own().settings.put(state.version == 1, Arc::new(state.clone()));
        Ok(())
    }
}

async fn read_settings(conn: &impl ConnectionTrait) -> Result<Settings, Error> {
    let rows = settings::Entity::find().all(conn).await?;
    let read = |row: settings::Model| tables::state::<ChangedSetting>("settings", &row.id, &row.state);
    Ok(Settings::with(rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?))
}
