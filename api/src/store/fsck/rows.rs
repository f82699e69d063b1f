//! The tables of states against the acts.

use std::collections::BTreeSet;

use domain::act::{Act, Replay};
use domain::edition::PublishedEdition;
use domain::licence::Licence;
use domain::people::Person;
use domain::watching::Complaint;
use sea_orm::{
    DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, ModelTrait, PaginatorTrait, PrimaryKeyToColumn,
    QueryOrder, QuerySelect,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::acts::digest_of;

use super::super::entities::{
    applications, complaint_words, complaints, edition_files, editions, examinations, licences, members, people,
    price_checks, proposals, registrations, reports, settings, signing_keys,
};
use super::super::{Error, tables};
use super::{Begun, Findings, PAGE, acts_of};

pub(super) async fn check(conn: &DatabaseTransaction, begun: &Begun, findings: &mut Findings) -> Result<(), Error> {
    table::<applications::Entity>(
        conn,
        begun,
        findings,
        "applications",
        "application",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::application),
    )
    .await?;
    table::<examinations::Entity>(
        conn,
        begun,
        findings,
        "examinations",
        "examination",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::examination),
    )
    .await?;
    table::<registrations::Entity>(
        conn,
        begun,
        findings,
        "registrations",
        "registration",
        |row| row.number.clone(),
        |acts, _| replay(acts).as_ref().map(tables::registration),
    )
    .await?;
    table::<licences::Entity>(
        conn,
        begun,
        findings,
        "licences",
        "licence",
        |row| row.id.clone(),
        |acts, row| {
            let state: Licence = replay(acts)?;
            // The token is kept beside the state; the log holds its digest.
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&row.token));
            let token = if digest == state.grant.token_digest { row.token.clone() } else { Vec::new() };
            Some(tables::licence(&state, token))
        },
    )
    .await?;
    table::<people::Entity>(
        conn,
        begun,
        findings,
        "people",
        "person",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::person),
    )
    .await?;
    table::<proposals::Entity>(
        conn,
        begun,
        findings,
        "proposals",
        "proposal",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::proposal),
    )
    .await?;
    table::<signing_keys::Entity>(
        conn,
        begun,
        findings,
        "signing_keys",
        "key",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::signing_key),
    )
    .await?;
    table::<editions::Entity>(
        conn,
        begun,
        findings,
        "editions",
        "edition",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::edition),
    )
    .await?;
    table::<reports::Entity>(
        conn,
        begun,
        findings,
        "reports",
        "report",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::report),
    )
    .await?;
    table::<complaints::Entity>(
        conn,
        begun,
        findings,
        "complaints",
        "complaint",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::complaint),
    )
    .await?;
    table::<price_checks::Entity>(
        conn,
        begun,
        findings,
        "price_checks",
        "price_check",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::price_check),
    )
    .await?;
    table::<settings::Entity>(
        conn,
        begun,
        findings,
        "settings",
        "setting",
        |row| row.id.clone(),
        |acts, _| replay(acts).as_ref().map(tables::setting),
    )
    .await?;
    belonging(conn, findings).await?;
    words(conn, findings).await?;
    files(conn, findings).await
}

/// What was written in a complaint, where it was not erased, is what the act has the digest of.
async fn words(conn: &DatabaseTransaction, findings: &mut Findings) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        use sea_orm::{ColumnTrait, QueryFilter};
        let page = complaint_words::Entity::find()
            .filter(complaint_words::Column::Complaint.gt(last.as_str()))
            .order_by_asc(complaint_words::Column::Complaint)
            .limit(PAGE)
            .all(conn)
            .await?;
        let Some(end) = page.last() else { return Ok(()) };
        last.clone_from(&end.complaint);
        for row in page {
            findings.rows += 1;
            let found = complaints::Entity::find_by_id(row.complaint.as_str()).all(conn).await?.pop();
            // What cannot be read was named above.
            let state: Option<Complaint> =
                found.and_then(|found| tables::state("complaints", &found.id, &found.state).ok());
            let (Some(state), Some(text), Some(salt)) = (state, &row.text, &row.salt) else { continue };
            if digest_of(salt, text) != state.digest {
                findings.differ("complaint_words", &row.complaint, "text", "not what the act has the digest of");
            }
        }
    }
}

/// Who belongs to an organisation is what the people's states say.
async fn belonging(conn: &DatabaseTransaction, findings: &mut Findings) -> Result<(), Error> {
    use sea_orm::{ColumnTrait, QueryFilter};
    let mut last: Option<String> = None;
    loop {
        let mut query = people::Entity::find().order_by_asc(people::Column::Id).limit(PAGE);
        if let Some(last) = &last {
            query = query.filter(people::Column::Id.gt(last.as_str()));
        }
        let page = query.all(conn).await?;
        let Some(end) = page.last().map(|row| row.id.clone()) else { break };
        let of = members::Column::Person.lte(end.as_str());
        let mut rows = members::Entity::find().filter(of);
        if let Some(last) = &last {
            rows = rows.filter(members::Column::Person.gt(last.as_str()));
        }
        let pair = |row: members::Model| (row.organisation, row.person);
        let found: BTreeSet<_> = rows.all(conn).await?.into_iter().map(pair).collect();
        // What cannot be read was named above.
        let states = page.iter().filter_map(|row| tables::state::<Person>("people", &row.id, &row.state).ok());
        let expected: BTreeSet<_> = states.flat_map(|state| tables::members(&state)).map(pair).collect();
        findings.rows += found.len() as u64;
        for (organisation, person) in found.symmetric_difference(&expected) {
            findings.differ("members", format!("{organisation}/{person}"), "*", "not what the person's roles say");
        }
        last = Some(end);
    }
    // Behind the last of the people there is nobody.
    let mut behind = members::Entity::find();
    if let Some(last) = last {
        behind = behind.filter(members::Column::Person.gt(last));
    }
    for row in behind.all(conn).await? {
        findings.differ(
            "members",
            format!("{}/{}", row.organisation, row.person),
            "*",
            "not what the person's roles say",
        );
    }
    Ok(())
}

/// Every file is the one its digest names, and none that an edition or a correction stands on is missing.
async fn files(conn: &DatabaseTransaction, findings: &mut Findings) -> Result<(), Error> {
    let mut kept = BTreeSet::new();
    for file in edition_files::Entity::find().all(conn).await? {
        findings.rows += 1;
        if data_encoding::HEXLOWER.encode(&Sha256::digest(file.text.as_bytes())) != file.digest {
            findings.differ("edition_files", &file.digest, "text", "not the file of this digest");
        }
        kept.insert(file.digest);
    }
    for row in editions::Entity::find().all(conn).await? {
        // What cannot be read was named above.
        let Ok(state) = tables::state::<PublishedEdition>("editions", &row.id, &row.state) else { continue };
        for digest in state.corrected.iter().chain([&state.digest]).filter(|digest| !kept.contains(*digest)) {
            findings.differ("edition_files", digest, "digest", format!("the file of edition {} is missing", state.id));
        }
    }
    Ok(())
}

fn replay<T: Replay>(acts: &[Act]) -> Option<T> {
    acts.iter().try_fold(None, |before, act| T::replay(before, act).ok().map(Some)).flatten()
}

/// Compares every row of a table with the row its acts make, and the number of rows with the subjects begun.
async fn table<E>(
    conn: &DatabaseTransaction,
    begun: &Begun,
    findings: &mut Findings,
    name: &'static str,
    class: &str,
    id: impl Fn(&E::Model) -> String,
    expected: impl Fn(&[Act], &E::Model) -> Option<E::Model>,
) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: Serialize + Sync + IntoActiveModel<E::ActiveModel>,
{
    let key = E::PrimaryKey::iter().next().expect("every table has a key").into_column();
    let mut last: Option<E::Model> = None;
    loop {
        let mut query = E::find().order_by_asc(key).limit(PAGE);
        if let Some(last) = &last {
            use sea_orm::{ColumnTrait, QueryFilter};
            query = query.filter(key.gt(last.get(key)));
        }
        let page = query.all(conn).await?;
        let subjects: Vec<String> = page.iter().map(|row| format!("{class}/{}", id(row))).collect();
        let acts = acts_of(conn, &subjects).await?;
        for (row, subject) in page.iter().zip(&subjects) {
            findings.rows += 1;
            match acts.get(subject).and_then(|acts| expected(acts, row)) {
                Some(expected) => compare(name, &id(row), row, &expected, findings),
                None => findings.differ(name, id(row), "*", "no acts lead to this row"),
            }
        }
        match page.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => break,
        }
    }
    let (found, expected) = (E::find().count(conn).await?, begun.get(class).copied().unwrap_or(0));
    if found != expected {
        findings.differ(name, "*", "*", format!("{found} rows, and the acts begin {expected}"));
    }
    Ok(())
}

fn compare<M: Serialize>(name: &'static str, id: &str, found: &M, expected: &M, findings: &mut Findings) {
    let columns = |row: &M| match serde_json::to_value(row) {
        Ok(serde_json::Value::Object(columns)) => columns,
        _ => serde_json::Map::new(),
    };
    let (found, expected) = (columns(found), columns(expected));
    for (column, value) in &found {
        if expected.get(column) != Some(value) {
            findings.differ(name, id, column, "not what the acts lead to");
        }
    }
}
