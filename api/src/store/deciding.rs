//! What waits after decisions.

use std::str::FromStr;

use domain::act::{ApplicationId, OrganisationId};
use domain::application::Application;
use domain::calendar::Day;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::applications;
use super::registers::{Page, application};
use super::{Error, Store};

/// Where a list by due day goes on: behind this day and this application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterDue(pub Day, pub ApplicationId);

impl FromStr for AfterDue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not a place in a list by due day: {text}");
        let (day, id) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Self(day.parse().map_err(|_| wrong())?, id.parse().map_err(|_| wrong())?))
    }
}

impl AfterDue {
    /// The place of this application in the list.
    pub fn of(application: &Application) -> Option<String> {
        application.condition_due().map(|due| format!("{due}.{}", application.id))
    }
}

impl Store {
    /// Applications with conditions that are not met, by the first day on which one is due; only these owners', where
    /// some are named.
    pub async fn cases_with_conditions(
        &self,
        owners: &[OrganisationId],
        after: Option<&AfterDue>,
        limit: u64,
    ) -> Result<Page<Application>, Error> {
        use applications::Column;
        let mut query = applications::Entity::find().filter(Column::ConditionDue.is_not_null());
        if !owners.is_empty() {
            query = query.filter(Column::Owner.is_in(owners.iter().map(OrganisationId::as_str)));
        }
        if let Some(AfterDue(day, id)) = after {
            let day = day.to_string();
            let same_day = Column::ConditionDue.eq(day.clone()).and(Column::Id.gt(id.as_str()));
            query = query.filter(Column::ConditionDue.gt(day).or(same_day));
        }
        let query = query.order_by_asc(Column::ConditionDue).order_by_asc(Column::Id).limit(limit + 1);
        Page::of(query.all(&self.read).await?, limit).try_map(application)
    }

    /// Applications whose decision is objected to, the oldest objection first.
    pub async fn cases_objected_to(&self, limit: u64) -> Result<Vec<Application>, Error> {
        use applications::Column;
        let query = applications::Entity::find()
            .filter(Column::ObjectedAt.is_not_null())
            .order_by_asc(Column::ObjectedAt)
            .order_by_asc(Column::Id)
            .limit(limit);
        query.all(&self.read).await?.into_iter().map(application).collect()
    }
}
