//! Evidence: every file that a row names is there and is the one its digest names, and every file that an act names has
//! its rows.

use std::collections::BTreeSet;

use domain::act::{Act, Deed};
use domain::evidence::FileDigest;
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::Error;
use super::super::entities::{applications, evidence as named, registrations, uploads};
use super::super::evidence::{KEPT, upload};
use super::{Findings, PAGE, acts_of};
use crate::evidence::shelf::Shelf;

pub(super) async fn check(
    conn: &DatabaseTransaction,
    shelf: Option<&Shelf>,
    findings: &mut Findings,
) -> Result<(), Error> {
    files(conn, shelf, findings).await?;
    names(conn, findings).await
}

/// Every file, read from its beginning to its end; once, however many have uploaded it.
async fn files(conn: &DatabaseTransaction, shelf: Option<&Shelf>, findings: &mut Findings) -> Result<(), Error> {
    let mut last: Option<(String, String)> = None;
    let mut read = None;
    loop {
        let mut query = uploads::Entity::find()
            .order_by_asc(uploads::Column::Digest)
            .order_by_asc(uploads::Column::Organisation)
            .limit(PAGE);
        if let Some((digest, organisation)) = &last {
            let behind = uploads::Column::Digest.eq(digest).and(uploads::Column::Organisation.gt(organisation));
            query = query.filter(uploads::Column::Digest.gt(digest).or(behind));
        }
        let page = query.all(conn).await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some((end.digest.clone(), end.organisation.clone()));
        for row in page {
            findings.rows += 1;
            let (digest, is_kept) = (row.digest.clone(), row.state == KEPT);
            let key = format!("{}/{digest}", row.organisation);
            let row = match upload(row) {
                Ok(row) => row,
                Err(error) => {
                    findings.differ("uploads", key, "*", error.to_string());
                    continue;
                }
            };
            // One that is still arriving is nobody's yet.
            if !is_kept || read.replace(digest.clone()).is_some_and(|before| before == digest) {
                continue;
            }
            for (digest, bytes) in BTreeSet::from([(row.digest, row.bytes), (row.shown, row.shown_bytes)]) {
                if let Some(why) = wrong(shelf, &digest, bytes).await {
                    findings.differ("uploads", &key, digest.to_string(), why);
                }
            }
        }
    }
}

/// What is wrong with the file of a digest.
async fn wrong(shelf: Option<&Shelf>, digest: &FileDigest, bytes: u64) -> Option<String> {
    let Some(shelf) = shelf else { return Some("the file is missing".to_owned()) };
    let found = match shelf.size(digest).await {
        Ok(found) => found,
        Err(error) => return Some(error.to_string()),
    };
    match found {
        None => Some("the file is missing".to_owned()),
        Some(found) if found != bytes => Some(format!("the file has {found} bytes, not {bytes}")),
        Some(_) => match shelf.digest_of(digest).await {
            Ok(Some(found)) if found == *digest => None,
            Ok(_) => Some("not the file of this digest".to_owned()),
            Err(error) => Some(error.to_string()),
        },
    }
}

const NO_ACT: &str = "no act names this file";

/// Which application names which file: what its acts say, and nothing else. What they name was uploaded.
async fn names(conn: &DatabaseTransaction, findings: &mut Findings) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        let page = applications::Entity::find()
            .filter(applications::Column::Id.gt(&last))
            .order_by_asc(applications::Column::Id)
            .limit(PAGE)
            .all(conn)
            .await?;
        let Some(end) = page.last() else { break };
        last = end.id.clone();
        let ids: Vec<&str> = page.iter().map(|row| row.id.as_str()).collect();
        let subjects: Vec<String> = ids.iter().map(|id| format!("application/{id}")).collect();
        let acts = acts_of(conn, &subjects).await?;
        let mut expected: BTreeSet<(String, String)> =
            ids.iter().zip(&subjects).flat_map(|(id, subject)| said(id, acts.get(subject))).collect();
        // What is shown about a registration belongs to the case that led to it.
        let led_to: Vec<(String, String)> = registrations::Entity::find()
            .select_only()
            .column(registrations::Column::Application)
            .column(registrations::Column::Number)
            .filter(registrations::Column::Application.is_in(ids.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        let numbers: Vec<String> = led_to.iter().map(|(_, number)| format!("registration/{number}")).collect();
        let acts = acts_of(conn, &numbers).await?;
        expected.extend(led_to.iter().zip(&numbers).flat_map(|((id, _), subject)| said(id, acts.get(subject))));
        let found = named::Entity::find().filter(named::Column::Application.is_in(ids)).all(conn).await?;
        let found: BTreeSet<(String, String)> = found.into_iter().map(|row| (row.application, row.digest)).collect();
        findings.rows += found.len() as u64;
        for (id, digest) in expected.difference(&found) {
            findings.differ("evidence", format!("{id}/{digest}"), "*", "an act names this file, and no row");
        }
        for (id, digest) in found.difference(&expected) {
            findings.differ("evidence", format!("{id}/{digest}"), "*", NO_ACT);
        }
        let digests: BTreeSet<String> = expected.into_iter().map(|(_, digest)| digest).collect();
        for digest in missing(conn, digests).await? {
            findings.differ("uploads", digest, "*", "an act names this file, and nobody has uploaded it");
        }
    }
    // Rows of no application.
    let known = Query::select().column(applications::Column::Id).from(applications::Entity).take();
    let strays = named::Entity::find().filter(named::Column::Application.not_in_subquery(known));
    for row in strays.limit(PAGE).all(conn).await? {
        findings.differ("evidence", format!("{}/{}", row.application, row.digest), "*", NO_ACT);
    }
    Ok(())
}

fn said(id: &str, acts: Option<&Vec<Act>>) -> Vec<(String, String)> {
    let files = acts.into_iter().flatten().flat_map(|act| match &act.deed {
        Deed::Submitted { evidence, .. }
        | Deed::Resubmitted { evidence, .. }
        | Deed::Answered { evidence, .. }
        | Deed::ConditionReported { evidence, .. }
        | Deed::CorrectionReported { evidence, .. }
        | Deed::MeasureObjected { evidence, .. }
        | Deed::Objected { evidence, .. } => &evidence[..],
        _ => &[],
    });
    files.map(|file| (id.to_owned(), file.digest.to_string())).collect()
}

async fn missing(conn: &DatabaseTransaction, digests: BTreeSet<String>) -> Result<Vec<String>, Error> {
    let all: Vec<String> = digests.into_iter().collect();
    let mut missing = Vec::new();
    for some in all.chunks(500) {
        let of = uploads::Column::Digest.is_in(some).and(uploads::Column::State.eq(KEPT));
        let rows = uploads::Entity::find().filter(of).all(conn).await?;
        let known: BTreeSet<String> = rows.into_iter().map(|row| row.digest).collect();
        missing.extend(some.iter().filter(|digest| !known.contains(*digest)).cloned());
    }
    Ok(missing)
}
