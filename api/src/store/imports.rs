//! Imports: their rows, their files piece by piece, and what is wrong with them. None of it is a state of acts.

use domain::act::RegistrationNumber;
use domain::calendar::Instant;
use domain::licence::{Holder, LicenceId};
use domain::text::Text;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entities::{import_faults, import_pieces, imports, licences};
use super::{Error, Store, Tx, tables};
use crate::imports::{Choice, Column, Fault, Import, Stage};
use crate::spreadsheet::Encoding;

/// Keys and rows in one statement.
const CHUNK: usize = 500;

/// What makes two holders the same one.
pub fn holder_key(holder: &Holder) -> String {
    tables::holder(holder)
}

impl Store {
    pub async fn import(&self, id: &str) -> Result<Option<Import>, Error> {
        find(&self.read, id).await
    }

    /// The last imports of a registration, the last one first.
    pub async fn imports_of(&self, number: &RegistrationNumber, limit: u64) -> Result<Vec<Import>, Error> {
        let rows = imports::Entity::find()
            .filter(imports::Column::Registration.eq(number.as_str()))
            .order_by_desc(imports::Column::BegunAt)
            .order_by_desc(imports::Column::Id)
            .limit(limit)
            .all(&self.read)
            .await?;
        rows.into_iter().map(import).collect()
    }

    /// The oldest import that something is to become of.
    pub async fn next_import(&self) -> Result<Option<Import>, Error> {
        let going = [Stage::Checking, Stage::Issuing].map(Stage::as_str);
        let rows = imports::Entity::find()
            .filter(imports::Column::Stage.is_in(going))
            .order_by_asc(imports::Column::BegunAt)
            .order_by_asc(imports::Column::Id)
            .limit(1)
            .all(&self.read)
            .await?;
        rows.into_iter().next().map(import).transpose()
    }

    /// A piece of an import's file, from 0; none behind the last.
    pub async fn import_piece(&self, id: &str, place: u32) -> Result<Option<Vec<u8>>, Error> {
        let key = (id.to_owned(), place as i32);
        Ok(import_pieces::Entity::find_by_id(key).all(&self.read).await?.pop().map(|row| row.bytes))
    }

    /// What is wrong with a file, behind the place given, at most `limit`; with each its place.
    pub async fn import_faults(&self, id: &str, after: i32, limit: u64) -> Result<Vec<(i32, Fault)>, Error> {
        let rows = import_faults::Entity::find()
            .filter(import_faults::Column::Import.eq(id))
            .filter(import_faults::Column::Place.gt(after))
            .order_by_asc(import_faults::Column::Place)
            .limit(limit)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(|row| (row.place, fault(row))).collect())
    }

    /// Lines with something wrong in them.
    pub async fn faulty_lines(&self, id: &str) -> Result<Vec<u32>, Error> {
        let lines: Vec<i32> = import_faults::Entity::find()
            .select_only()
            .column(import_faults::Column::Line)
            .filter(import_faults::Column::Import.eq(id))
            .into_tuple()
            .all(&self.read)
            .await?;
        Ok(lines.into_iter().map(|line| line as u32).collect())
    }

    /// Which of these holders have an open licence under this registration.
    pub async fn licensed(
        &self,
        number: &RegistrationNumber,
        holders: &[String],
    ) -> Result<Vec<(String, LicenceId)>, Error> {
        find_licensed(&self.read, number, holders).await
    }
}

impl Tx<'_> {
    pub async fn import(&self, id: &str) -> Result<Option<Import>, Error> {
        find(self.conn, id).await
    }

    pub async fn import_for(&self, request: &str) -> Result<Option<Import>, Error> {
        let of = imports::Entity::find().filter(imports::Column::Request.eq(request));
        of.all(self.conn).await?.pop().map(import).transpose()
    }

    pub async fn begin_import(&self, new: &Import) -> Result<(), Error> {
        imports::Entity::insert(row(new).into_active_model()).exec_without_returning(self.conn).await?;
        Ok(())
    }

    pub async fn update_import(&self, changed: &Import) -> Result<(), Error> {
        let row = row(changed);
        let changes = imports::ActiveModel {
            stage: Set(row.stage),
            sender: Set(row.sender),
            bytes: Set(row.bytes),
            digest: Set(row.digest),
            encoding: Set(row.encoding),
            settled_at: Set(row.settled_at),
            rows: Set(row.rows),
            faulty: Set(row.faulty),
            issued: Set(row.issued),
            line: Set(row.line),
            trouble: Set(row.trouble),
            ..Default::default()
        };
        let of = imports::Column::Id.eq(changed.id.as_str());
        imports::Entity::update_many().set(changes).filter(of).exec(self.conn).await?;
        Ok(())
    }

    /// Forgets an import that did not arrive.
    pub async fn forget_import(&self, id: &str) -> Result<(), Error> {
        self.forget_pieces(id).await?;
        imports::Entity::delete_by_id(id).exec(self.conn).await?;
        Ok(())
    }

    pub async fn put_piece(&self, id: &str, place: u32, bytes: Vec<u8>) -> Result<(), Error> {
        let row = import_pieces::Model { import: id.to_owned(), place: place as i32, bytes };
        import_pieces::Entity::insert(row.into_active_model()).exec_without_returning(self.conn).await?;
        Ok(())
    }

    pub async fn forget_pieces(&self, id: &str) -> Result<(), Error> {
        import_pieces::Entity::delete_many().filter(import_pieces::Column::Import.eq(id)).exec(self.conn).await?;
        Ok(())
    }

    /// How many faults are noted.
    pub async fn faults(&self, id: &str) -> Result<u32, Error> {
        let of = import_faults::Entity::find().filter(import_faults::Column::Import.eq(id));
        Ok(of.count(self.conn).await? as u32)
    }

    /// Notes what is wrong, from this place on.
    pub async fn note_faults(&self, id: &str, from: u32, faults: &[Fault]) -> Result<(), Error> {
        let rows: Vec<_> = faults
            .iter()
            .zip(from..)
            .map(|(fault, place)| import_faults::ActiveModel {
                import: Set(id.to_owned()),
                place: Set(place as i32),
                line: Set(fault.line as i32),
                column_name: Set(fault.column.map(|column| column.as_str().to_owned())),
                read: Set(fault.read.clone()),
                ja: Set(fault.message.ja.clone()),
                en: Set(fault.message.en.clone()),
            })
            .collect();
        for rows in rows.chunks(CHUNK) {
            let insert = import_faults::Entity::insert_many(rows.iter().cloned());
            insert.exec_without_returning(self.conn).await?;
        }
        Ok(())
    }

    pub async fn forget_faults(&self, id: &str) -> Result<(), Error> {
        import_faults::Entity::delete_many().filter(import_faults::Column::Import.eq(id)).exec(self.conn).await?;
        Ok(())
    }

    /// Lets go what was wrong with files that were settled before this, and files that never arrived. How many rows.
    pub async fn sweep_imports(&self, settled: Instant, arriving: Instant) -> Result<u64, Error> {
        let begun = imports::Entity::find()
            .select_only()
            .column(imports::Column::Id)
            .filter(imports::Column::Stage.eq(Stage::Receiving.as_str()))
            .filter(imports::Column::BegunAt.lt(arriving.to_string()))
            .limit(CHUNK as u64)
            .into_tuple::<String>();
        let mut count = 0;
        for id in begun.all(self.conn).await? {
            self.forget_import(&id).await?;
            count += 1;
        }
        let of = import_faults::Column::Import.in_subquery(
            sea_orm::sea_query::Query::select()
                .column(imports::Column::Id)
                .from(imports::Entity)
                .and_where(imports::Column::SettledAt.lt(settled.to_string()))
                .take(),
        );
        Ok(count + import_faults::Entity::delete_many().filter(of).exec(self.conn).await?.rows_affected)
    }

    /// Which of these holders have an open licence under this registration. Asked before the first is written.
    pub async fn licensed(
        &self,
        number: &RegistrationNumber,
        holders: &[String],
    ) -> Result<Vec<(String, LicenceId)>, Error> {
        self.settle(|batch| &mut batch.licences).await?;
        find_licensed(self.conn, number, holders).await
    }
}

async fn find_licensed(
    conn: &impl ConnectionTrait,
    number: &RegistrationNumber,
    holders: &[String],
) -> Result<Vec<(String, LicenceId)>, Error> {
    let mut found = Vec::new();
    for holders in holders.chunks(CHUNK) {
        let rows: Vec<(String, String)> = licences::Entity::find()
            .select_only()
            .column(licences::Column::Holder)
            .column(licences::Column::Id)
            .filter(licences::Column::Registration.eq(number.as_str()))
            .filter(licences::Column::Holder.is_in(holders))
            .filter(licences::Column::IsClosed.eq(false))
            .into_tuple()
            .all(conn)
            .await?;
        for (holder, id) in rows {
            let corrupt = |_| Error::Corrupt { table: "licences", column: "id", row: id.clone() };
            found.push((holder, id.parse().map_err(corrupt)?));
        }
    }
    Ok(found)
}

async fn find(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Import>, Error> {
    if !crate::account::is_short_name(id) {
        return Ok(None);
    }
    imports::Entity::find_by_id(id).all(conn).await?.pop().map(import).transpose()
}

fn row(of: &Import) -> imports::Model {
    imports::Model {
        id: of.id.clone(),
        request: of.request.clone(),
        registration: of.registration.to_string(),
        organisation: of.organisation.to_string(),
        person: of.person.to_string(),
        proof: of.proof.clone(),
        choice: of.choice.as_str().to_owned(),
        name: of.name.clone(),
        stage: of.stage.as_str().to_owned(),
        sender: of.sender.clone(),
        bytes: i64::try_from(of.bytes).unwrap_or(i64::MAX),
        digest: of.digest.clone(),
        encoding: of.encoding.map(|encoding| encoding.as_str().to_owned()),
        begun_at: of.begun_at.to_string(),
        settled_at: of.settled_at.map(|at| at.to_string()),
        rows: of.rows as i32,
        faulty: of.faulty as i32,
        issued: of.issued as i32,
        line: of.line as i32,
        trouble: of.trouble.clone(),
    }
}

fn import(row: imports::Model) -> Result<Import, Error> {
    let corrupt = |column| Error::Corrupt { table: "imports", column, row: row.id.clone() };
    let encoding = |name: &String| {
        let known = Encoding::ALL.into_iter().find(|encoding| encoding.as_str() == name);
        known.ok_or_else(|| corrupt("encoding"))
    };
    let at = |column, text: &String| text.parse::<Instant>().map_err(|_| corrupt(column));
    Ok(Import {
        registration: row.registration.parse().map_err(|_| corrupt("registration"))?,
        organisation: row.organisation.parse().map_err(|_| corrupt("organisation"))?,
        person: row.person.parse().map_err(|_| corrupt("person"))?,
        choice: Choice::read(&row.choice).ok_or_else(|| corrupt("choice"))?,
        stage: Stage::read(&row.stage).ok_or_else(|| corrupt("stage"))?,
        encoding: row.encoding.as_ref().map(encoding).transpose()?,
        begun_at: at("begun_at", &row.begun_at)?,
        settled_at: row.settled_at.as_ref().map(|text| at("settled_at", text)).transpose()?,
        bytes: row.bytes.unsigned_abs(),
        rows: row.rows.unsigned_abs(),
        faulty: row.faulty.unsigned_abs(),
        issued: row.issued.unsigned_abs(),
        line: row.line.unsigned_abs(),
        id: row.id,
        request: row.request,
        proof: row.proof,
        name: row.name,
        sender: row.sender,
        digest: row.digest,
        trouble: row.trouble,
    })
}

fn fault(row: import_faults::Model) -> Fault {
    let column = |name: String| Column::ALL.into_iter().find(|column| column.as_str() == name);
    Fault {
        line: row.line.unsigned_abs(),
        column: row.column_name.and_then(column),
        read: row.read,
        message: Text::new(row.ja, row.en),
    }
}
