//! Files that organisations have uploaded, and which application names which. The rows of uploads are no states of acts;
//! what an application names follows from its acts, and is kept here to be found from the file.

use std::collections::BTreeSet;

use domain::act::{ApplicationId, OrganisationId};
use domain::calendar::Instant;
use domain::evidence::FileDigest;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{draft_files, evidence, uploads};
use super::{Error, Store, Tx};
use crate::evidence::{Scan, Upload};

const TABLE: &str = "uploads";
/// The file is checked, and on its way to its digest.
const ARRIVING: &str = "arriving";
/// The file lies under its digest.
pub(super) const KEPT: &str = "kept";

impl Store {
    /// Everybody's uploads of this file.
    pub async fn uploads_of(&self, digest: &FileDigest) -> Result<Vec<Upload>, Error> {
        let of = uploads::Column::Digest.eq(digest.as_str()).and(uploads::Column::State.eq(KEPT));
        let rows = uploads::Entity::find().filter(of).order_by_asc(uploads::Column::Organisation).all(&self.read);
        rows.await?.into_iter().map(upload).collect()
    }

    /// An organisation's upload of this file.
    pub async fn upload(&self, organisation: &OrganisationId, digest: &FileDigest) -> Result<Option<Upload>, Error> {
        find_upload(&self.read, organisation, digest).await
    }

    /// Applications that name this file, the last first; at most `limit`.
    pub async fn applications_naming(&self, digest: &FileDigest, limit: u64) -> Result<Vec<ApplicationId>, Error> {
        let rows = evidence::Entity::find()
            .filter(evidence::Column::Digest.eq(digest.as_str()))
            .order_by_desc(evidence::Column::Application)
            .limit(limit)
            .all(&self.read)
            .await?;
        let id = |row: evidence::Model| {
            let corrupt = |_| Error::Corrupt { table: "evidence", column: "application", row: row.digest.clone() };
            row.application.parse().map_err(corrupt)
        };
        rows.into_iter().map(id).collect()
    }

    /// Which of these digests no upload knows, arriving ones among them.
    pub async fn unknown_files(&self, digests: &[String]) -> Result<Vec<String>, Error> {
        find_unknown(&self.read, digests).await
    }
}

impl Tx<'_> {
    /// An organisation's upload of this file, once it is kept.
    pub async fn upload(&self, organisation: &OrganisationId, digest: &FileDigest) -> Result<Option<Upload>, Error> {
        find_upload(self.conn, organisation, digest).await
    }

    /// How many bytes of an organisation's files no application names.
    pub async fn unnamed_bytes(&self, organisation: &OrganisationId) -> Result<u64, Error> {
        let of = uploads::Column::Organisation.eq(organisation.as_str()).and(uploads::Column::IsNamed.eq(false));
        // An organisation has few of them: their number is bounded by their size.
        let rows = uploads::Entity::find().filter(of).all(self.conn).await?;
        Ok(rows.iter().map(|row| row.bytes.unsigned_abs()).sum())
    }

    /// Says that a file is about to lie under its digest; from then on no sweep takes it away. One that was uploaded
    /// before stays as it was, but for its name and what the scan found.
    pub async fn announce_upload(&self, new: &Upload) -> Result<(), Error> {
        let row = uploads::ActiveModel {
            organisation: Set(new.organisation.to_string()),
            digest: Set(new.digest.to_string()),
            person: Set(new.person.to_string()),
            name: Set(new.name.clone()),
            media: Set(new.media.to_string()),
            bytes: Set(as_column(new.bytes)),
            pages: Set(new.pages.map(|pages| i32::try_from(pages).unwrap_or(i32::MAX))),
            shown: Set(new.shown.to_string()),
            shown_bytes: Set(as_column(new.shown_bytes)),
            scan: Set(new.scan.as_str().to_owned()),
            uploaded_at: Set(new.uploaded_at.to_string()),
            state: Set(ARRIVING.to_owned()),
            is_named: Set(false),
        };
        let again = OnConflict::columns([uploads::Column::Organisation, uploads::Column::Digest])
            .update_columns([uploads::Column::Name, uploads::Column::Scan])
            .to_owned();
        uploads::Entity::insert(row).on_conflict(again).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Says that the file lies under its digest.
    pub async fn keep_upload(&self, organisation: &OrganisationId, digest: &FileDigest) -> Result<(), Error> {
        let of =
            uploads::Column::Organisation.eq(organisation.as_str()).and(uploads::Column::Digest.eq(digest.as_str()));
        let row = uploads::ActiveModel { state: Set(KEPT.to_owned()), ..Default::default() };
        uploads::Entity::update_many().set(row).filter(of).exec(self.conn).await?;
        Ok(())
    }

    /// Remembers that an application of this organisation names these files.
    pub async fn name_files(
        &self,
        application: &ApplicationId,
        organisation: &OrganisationId,
        digests: impl Iterator<Item = &FileDigest>,
    ) -> Result<(), Error> {
        let digests: Vec<String> = digests.map(ToString::to_string).collect();
        if digests.is_empty() {
            return Ok(());
        }
        let rows = digests.iter().map(|digest| evidence::ActiveModel {
            application: Set(application.to_string()),
            digest: Set(digest.clone()),
        });
        let once =
            OnConflict::columns([evidence::Column::Application, evidence::Column::Digest]).do_nothing().to_owned();
        evidence::Entity::insert_many(rows).on_conflict(once).exec_without_returning(self.conn).await?;
        let of = uploads::Column::Organisation.eq(organisation.as_str()).and(uploads::Column::Digest.is_in(digests));
        let row = uploads::ActiveModel { is_named: Set(true), ..Default::default() };
        uploads::Entity::update_many().set(row).filter(of).exec(self.conn).await?;
        Ok(())
    }

    /// Forgets uploads that never arrived since `arriving`, and those that no application named since `unnamed` and no
    /// draft names. How many there were.
    pub async fn forget_uploads(&self, arriving: Instant, unnamed: Instant) -> Result<u64, Error> {
        let older = |than: Instant| uploads::Column::UploadedAt.lt(than.to_string());
        let never = uploads::Column::State.eq(ARRIVING).and(older(arriving));
        // Outer and inner table have a column of the same name: both are named in full.
        let own = Expr::col((draft_files::Entity, draft_files::Column::Organisation))
            .equals((uploads::Entity, uploads::Column::Organisation));
        let this = Expr::col((draft_files::Entity, draft_files::Column::Digest))
            .equals((uploads::Entity, uploads::Column::Digest));
        let named = Query::select().expr(Expr::val(1)).from(draft_files::Entity).and_where(own).and_where(this).take();
        let unused = uploads::Column::IsNamed.eq(false).and(older(unnamed)).and(Expr::exists(named).not());
        Ok(uploads::Entity::delete_many().filter(never.or(unused)).exec(self.conn).await?.rows_affected)
    }

    /// Which of these digests no upload knows, arriving ones among them. Nobody announces one while this is asked.
    pub async fn unknown_files(&self, digests: &[String]) -> Result<Vec<String>, Error> {
        find_unknown(self.conn, digests).await
    }
}

async fn find_upload(
    conn: &impl ConnectionTrait,
    organisation: &OrganisationId,
    digest: &FileDigest,
) -> Result<Option<Upload>, Error> {
    let key = (organisation.to_string(), digest.to_string());
    let found = uploads::Entity::find_by_id(key).filter(uploads::Column::State.eq(KEPT)).all(conn).await?.pop();
    found.map(upload).transpose()
}

async fn find_unknown(conn: &impl ConnectionTrait, digests: &[String]) -> Result<Vec<String>, Error> {
    let of = uploads::Column::Digest.is_in(digests).or(uploads::Column::Shown.is_in(digests));
    let rows = uploads::Entity::find().filter(of).all(conn).await?;
    let known: BTreeSet<String> = rows.into_iter().flat_map(|row| [row.digest, row.shown]).collect();
    Ok(digests.iter().filter(|digest| !known.contains(*digest)).cloned().collect())
}

/// Sizes and counts are far below what a column holds.
fn as_column(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

pub(super) fn upload(row: uploads::Model) -> Result<Upload, Error> {
    let key = format!("{} {}", row.organisation, row.digest);
    let corrupt = |column| Error::Corrupt { table: TABLE, column, row: key.clone() };
    Ok(Upload {
        organisation: row.organisation.parse().map_err(|_| corrupt("organisation"))?,
        digest: row.digest.parse().map_err(|_| corrupt("digest"))?,
        person: row.person.parse().map_err(|_| corrupt("person"))?,
        name: row.name,
        media: row.media.parse().map_err(|_| corrupt("media"))?,
        bytes: u64::try_from(row.bytes).map_err(|_| corrupt("bytes"))?,
        pages: row.pages.map(u32::try_from).transpose().map_err(|_| corrupt("pages"))?,
        shown: row.shown.parse().map_err(|_| corrupt("shown"))?,
        shown_bytes: u64::try_from(row.shown_bytes).map_err(|_| corrupt("shown_bytes"))?,
        scan: Scan::read(&row.scan).ok_or_else(|| corrupt("scan"))?,
        uploaded_at: row.uploaded_at.parse().map_err(|_| corrupt("uploaded_at"))?,
    })
}
