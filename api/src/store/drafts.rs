//! Drafts. Their rows are no states of acts, so they are written at once, inside the job's savepoint
//! ([`super::Job::IS_DIRECT`]).

use domain::act::{ApplicationId, DraftId, OrganisationId, Subject};
use domain::application::Concern;
use domain::calendar::Instant;
use domain::draft::Draft;
use domain::evidence::FileDigest;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::entities::{acts, draft_files, drafts};
use super::{Error, Store, Tx, tables};

impl Store {
    /// A draft, whoever's it is.
    pub async fn draft(&self, id: &DraftId) -> Result<Option<Draft>, Error> {
        find(&self.read, id).await
    }

    /// The drafts of these organisations, the last saved first. Each has few ([`domain::draft::MOST`]).
    pub async fn drafts_of(&self, owners: &[OrganisationId]) -> Result<Vec<Draft>, Error> {
        let of = drafts::Column::Organisation.is_in(owners.iter().map(OrganisationId::as_str));
        let rows = drafts::Entity::find().filter(of).order_by_desc(drafts::Column::SavedAt);
        rows.order_by_asc(drafts::Column::Id).all(&self.read).await?.into_iter().map(draft).collect()
    }

    /// What an act for this request was done to, if there was one: what became of a draft.
    pub async fn done_for(&self, request: &str) -> Result<Option<Subject>, Error> {
        let of = acts::Entity::find().filter(acts::Column::Request.eq(request));
        let Some(row) = of.all(&self.read).await?.pop() else { return Ok(None) };
        let corrupt = |_| Error::Corrupt { table: "acts", column: "subject", row: row.seq.to_string() };
        row.subject.parse().map(Some).map_err(corrupt)
    }

    /// The draft that is to answer this return, if there is one.
    pub async fn draft_answering(&self, application: &ApplicationId) -> Result<Option<Draft>, Error> {
        find_answering(&self.read, application).await
    }
}

impl Tx<'_> {
    pub async fn draft(&self, id: &DraftId) -> Result<Option<Draft>, Error> {
        find(self.conn, id).await
    }

    /// The draft that is to answer this return, if there is one.
    pub async fn draft_answering(&self, application: &ApplicationId) -> Result<Option<Draft>, Error> {
        find_answering(self.conn, application).await
    }

    /// The organisation's draft about this matter of a registration, if there is one.
    pub async fn draft_about(&self, owner: &OrganisationId, concern: &Concern) -> Result<Option<Draft>, Error> {
        let of = drafts::Entity::find().filter(drafts::Column::Organisation.eq(owner.as_str()));
        for row in of.all(self.conn).await? {
            let found = draft(row)?;
            if found.concerns.as_ref() == Some(concern) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// How many drafts an organisation has.
    pub async fn count_drafts(&self, owner: &OrganisationId) -> Result<usize, Error> {
        let of = drafts::Entity::find().filter(drafts::Column::Organisation.eq(owner.as_str()));
        Ok(of.count(self.conn).await? as usize)
    }

    /// Writes a draft that was not there before, and which files it names.
    pub async fn insert_draft(&self, new: &Draft, files: &[FileDigest]) -> Result<(), Error> {
        let row = drafts::ActiveModel {
            id: Set(new.id.to_string()),
            organisation: Set(new.owner.to_string()),
            application: Set(new.answers.as_ref().map(ToString::to_string)),
            version: Set(new.version.cast_signed()),
            saved_at: Set(new.saved_at.to_string()),
            state: Set(tables::json(new)),
        };
        drafts::Entity::insert(row).exec_without_returning(self.conn).await?;
        self.keep_files(new, files).await
    }

    /// Writes a draft anew, and which files it names now.
    pub async fn update_draft(&self, state: &Draft, files: &[FileDigest]) -> Result<(), Error> {
        let row = drafts::ActiveModel {
            version: Set(state.version.cast_signed()),
            saved_at: Set(state.saved_at.to_string()),
            state: Set(tables::json(state)),
            ..Default::default()
        };
        let this = drafts::Column::Id.eq(state.id.as_str());
        drafts::Entity::update_many().set(row).filter(this).exec(self.conn).await?;
        let old = draft_files::Column::Draft.eq(state.id.as_str());
        draft_files::Entity::delete_many().filter(old).exec(self.conn).await?;
        self.keep_files(state, files).await
    }

    /// The draft is no more.
    pub async fn delete_draft(&self, id: &DraftId) -> Result<(), Error> {
        draft_files::Entity::delete_many().filter(draft_files::Column::Draft.eq(id.as_str())).exec(self.conn).await?;
        drafts::Entity::delete_many().filter(drafts::Column::Id.eq(id.as_str())).exec(self.conn).await?;
        Ok(())
    }

    /// Deletes drafts that were last saved before this. How many there were.
    pub async fn forget_drafts(&self, saved: Instant) -> Result<u64, Error> {
        let old = drafts::Column::SavedAt.lt(saved.to_string());
        let gone = drafts::Entity::delete_many().filter(old).exec(self.conn).await?.rows_affected;
        if gone > 0 {
            let left = Query::select().column(drafts::Column::Id).from(drafts::Entity).take();
            let lonely = draft_files::Column::Draft.not_in_subquery(left);
            draft_files::Entity::delete_many().filter(lonely).exec(self.conn).await?;
        }
        Ok(gone)
    }

    async fn keep_files(&self, draft: &Draft, files: &[FileDigest]) -> Result<(), Error> {
        if files.is_empty() {
            return Ok(());
        }
        let rows = files.iter().map(|digest| draft_files::ActiveModel {
            draft: Set(draft.id.to_string()),
            organisation: Set(draft.owner.to_string()),
            digest: Set(digest.to_string()),
        });
        draft_files::Entity::insert_many(rows).exec_without_returning(self.conn).await?;
        Ok(())
    }
}

async fn find(conn: &impl ConnectionTrait, id: &DraftId) -> Result<Option<Draft>, Error> {
    drafts::Entity::find_by_id(id.as_str()).all(conn).await?.pop().map(draft).transpose()
}

async fn find_answering(conn: &impl ConnectionTrait, application: &ApplicationId) -> Result<Option<Draft>, Error> {
    let of = drafts::Entity::find().filter(drafts::Column::Application.eq(application.as_str()));
    of.all(conn).await?.pop().map(draft).transpose()
}

fn draft(row: drafts::Model) -> Result<Draft, Error> {
    tables::state("drafts", &row.id, &row.state)
}
