//! What the register itself stands on: its signing keys, and the editions of the criteria with their files.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::act::{EditionId, KeyId};
use domain::edition::{Editions, PublishedEdition};
use domain::signing_key::SigningKey;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};

use super::entities::{edition_files, editions, signing_keys};
use super::{Error, Store, Tx, tables};

impl Store {
    /// Every key ever made, by purpose and age; from memory where nothing has changed.
    pub async fn signing_keys(&self) -> Result<Arc<Vec<SigningKey>>, Error> {
        self.cache.keys.get_or_read(read_keys(&self.read)).await
    }

    /// Every edition as it is published now, and the files they have corrected; from memory where nothing has changed.
    pub async fn editions(&self) -> Result<Arc<Editions>, Error> {
        self.cache.editions.get_or_read(read_editions(&self.read)).await
    }

    /// What the log says of every edition, in the order of their ids.
    pub async fn published_editions(&self) -> Result<Vec<PublishedEdition>, Error> {
        read_published(&self.read).await
    }

    /// An edition's file, published or proposed, by its digest.
    pub async fn edition_file(&self, digest: &str) -> Result<Option<String>, Error> {
        find_file(&self.read, digest).await
    }
}

impl Tx<'_> {
    /// Every key, as this batch has left them.
    pub async fn signing_keys(&self) -> Result<Arc<Vec<SigningKey>>, Error> {
        if let Some(known) = self.batch().all_keys.clone() {
            return Ok(known);
        }
        self.settle(|batch| &mut batch.signing_keys).await?;
        let read = Arc::new(read_keys(self.conn).await?);
        self.batch().all_keys = Some(read.clone());
        Ok(read)
    }

    pub async fn signing_key(&self, id: &KeyId) -> Result<Option<SigningKey>, Error> {
        Ok(self.signing_keys().await?.iter().find(|key| key.id == *id).cloned())
    }

    pub async fn insert_signing_key(&self, state: &SigningKey) -> Result<(), Error> {
        self.own().signing_keys.put(true, Arc::new(state.clone()));
        Ok(())
    }

    pub async fn update_signing_key(&self, state: &SigningKey) -> Result<(), Error> {
        self.own().signing_keys.put(false, Arc::new(state.clone()));
        Ok(())
    }

    /// Every edition, as this batch has left them.
    pub async fn editions(&self) -> Result<Arc<Editions>, Error> {
        if let Some(known) = self.batch().all_editions.clone() {
            return Ok(known);
        }
        self.settle(|batch| &mut batch.editions).await?;
        let read = Arc::new(read_editions(self.conn).await?);
        self.batch().all_editions = Some(read.clone());
        Ok(read)
    }

    pub async fn published_edition(&self, id: &EditionId) -> Result<Option<PublishedEdition>, Error> {
        let find = async {
            let row = editions::Entity::find_by_id(id.as_str()).one(self.conn).await?;
            row.map(|row| tables::state("editions", &row.id, &row.state)).transpose()
        };
        self.known(id.as_str(), |own| &own.editions, |batch| &mut batch.editions, find).await
    }

    /// Records which file stands for an edition.
    pub async fn store_edition(&self, state: &PublishedEdition) -> Result<(), Error> {
        self.own().editions.put(state.version == 1, Arc::new(state.clone()));
        Ok(())
    }

    /// Keeps a file, at once: asked for by deeds that are direct.
    pub async fn keep_edition_file(&self, digest: String, text: String) -> Result<(), Error> {
        let row = edition_files::Model { digest, text }.into_active_model();
        let is_kept = OnConflict::column(edition_files::Column::Digest).do_nothing().to_owned();
        edition_files::Entity::insert(row).on_conflict(is_kept).exec_without_returning(self.conn).await?;
        Ok(())
    }

    pub async fn edition_file(&self, digest: &str) -> Result<Option<String>, Error> {
        find_file(self.conn, digest).await
    }
}

async fn read_keys(conn: &impl ConnectionTrait) -> Result<Vec<SigningKey>, Error> {
    let rows = signing_keys::Entity::find().all(conn).await?;
    let read = |row: signing_keys::Model| tables::state("signing_keys", &row.id, &row.state);
    let mut keys = rows.into_iter().map(read).collect::<Result<Vec<SigningKey>, _>>()?;
    keys.sort_by(|a, b| (&a.purpose, a.created_at, &a.id).cmp(&(&b.purpose, b.created_at, &b.id)));
    Ok(keys)
}

async fn read_published(conn: &impl ConnectionTrait) -> Result<Vec<PublishedEdition>, Error> {
    let rows = editions::Entity::find().order_by_asc(editions::Column::Id).all(conn).await?;
    rows.into_iter().map(|row| tables::state("editions", &row.id, &row.state)).collect()
}

async fn find_file(conn: &impl ConnectionTrait, digest: &str) -> Result<Option<String>, Error> {
    Ok(edition_files::Entity::find_by_id(digest).one(conn).await?.map(|row| row.text))
}

/// The editions with the files that stand, or stood, for them.
async fn read_editions(conn: &impl ConnectionTrait) -> Result<Editions, Error> {
    let published = read_published(conn).await?;
    if published.is_empty() {
        // The register is being made: it begins with these.
        return Ok(Editions::bundled().clone());
    }
    let files = edition_files::Entity::find().all(conn).await?;
    let texts: BTreeMap<&str, &str> = files.iter().map(|file| (&file.digest[..], &file.text[..])).collect();
    let corrupt = |digest: &str| Error::Corrupt { table: "edition_files", column: "text", row: digest.to_owned() };
    let text = |digest: &str| texts.get(digest).copied().ok_or_else(|| corrupt(digest));
    let (mut now, mut before) = (Vec::new(), Vec::new());
    for edition in &published {
        now.push((edition.id.as_str(), text(&edition.digest)?));
        for digest in &edition.corrected {
            before.push((edition.id.as_str(), text(digest)?));
        }
    }
    Editions::restore(&now, &before).map_err(|error| corrupt(&error.to_string()))
}
