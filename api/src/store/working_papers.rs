//! Working papers: rows that are no states of acts, each its examiner's own.

use domain::act::{ApplicationId, PersonId};
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entities::working_papers as papers;
use super::{Error, Store, Tx};
use crate::working_papers::WorkingPaper;

const TABLE: &str = "working_papers";

impl Store {
    /// An examiner's own papers of a case.
    pub async fn working_papers(
        &self,
        application: &ApplicationId,
        person: &PersonId,
    ) -> Result<Vec<WorkingPaper>, Error> {
        let rows = papers::Entity::find().filter(of(application, person)).all(&self.read).await?;
        rows.into_iter().map(paper).collect()
    }
}

impl Tx<'_> {
    /// Keeps a paper in the place of the last one about the same criterion; an empty one leaves nothing.
    pub async fn keep_paper(
        &self,
        application: &ApplicationId,
        person: &PersonId,
        new: &WorkingPaper,
    ) -> Result<(), Error> {
        let criterion = text_of(&new.criterion);
        if new.is_empty() {
            let gone = of(application, person).and(papers::Column::Criterion.eq(criterion));
            papers::Entity::delete_many().filter(gone).exec(self.conn).await?;
            return Ok(());
        }
        let row = papers::ActiveModel {
            person: Set(person.to_string()),
            application: Set(application.to_string()),
            criterion: Set(criterion),
            unsent: Set(new.unsent.as_ref().map(json_of)),
            note: Set(new.note.clone()),
            saved_at: Set(new.saved_at.to_string()),
        };
        let key = [papers::Column::Person, papers::Column::Application, papers::Column::Criterion];
        let values = [papers::Column::Unsent, papers::Column::Note, papers::Column::SavedAt];
        let again = OnConflict::columns(key).update_columns(values).to_owned();
        papers::Entity::insert(row).on_conflict(again).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Forgets what was typed about these criteria, which are judged now. The notes stay.
    pub async fn forget_unsent(
        &self,
        application: &ApplicationId,
        person: &PersonId,
        criteria: &[CriterionId],
    ) -> Result<(), Error> {
        let about = papers::Column::Criterion.is_in(criteria.iter().map(text_of));
        let judged = of(application, person).and(about);
        let row = papers::ActiveModel { unsent: Set(None), ..Default::default() };
        papers::Entity::update_many().set(row).filter(judged.clone()).exec(self.conn).await?;
        papers::Entity::delete_many().filter(judged.and(papers::Column::Note.eq(""))).exec(self.conn).await?;
        Ok(())
    }

    /// Forgets all that an examiner has typed about a case.
    pub async fn forget_papers(&self, application: &ApplicationId, person: &PersonId) -> Result<(), Error> {
        papers::Entity::delete_many().filter(of(application, person)).exec(self.conn).await?;
        Ok(())
    }

    /// Forgets all that somebody has typed, about any case.
    pub async fn forget_papers_of(&self, person: &PersonId) -> Result<(), Error> {
        papers::Entity::delete_many().filter(papers::Column::Person.eq(person.as_str())).exec(self.conn).await?;
        Ok(())
    }

    /// Forgets what was last saved before this. How many papers there were.
    pub async fn sweep_papers(&self, before: Instant) -> Result<u64, Error> {
        let old = papers::Column::SavedAt.lt(before.to_string());
        Ok(papers::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected)
    }
}

fn of(application: &ApplicationId, person: &PersonId) -> SimpleExpr {
    papers::Column::Application.eq(application.as_str()).and(papers::Column::Person.eq(person.as_str()))
}

/// A word of a closed list, as it stands in JSON.
fn text_of(word: &impl Serialize) -> String {
    json_of(word).trim_matches('"').to_owned()
}

fn json_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data is JSON")
}

fn paper(row: papers::Model) -> Result<WorkingPaper, Error> {
    let key = format!("{} {} {}", row.person, row.application, row.criterion);
    let corrupt = |column| Error::Corrupt { table: TABLE, column, row: key.clone() };
    Ok(WorkingPaper {
        criterion: read(&format!("\"{}\"", row.criterion)).ok_or_else(|| corrupt("criterion"))?,
        unsent: row.unsent.as_deref().map(|text| read(text).ok_or_else(|| corrupt("unsent"))).transpose()?,
        note: row.note,
        saved_at: row.saved_at.parse().map_err(|_| corrupt("saved_at"))?,
    })
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}
