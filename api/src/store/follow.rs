//! Following what other processes write: on PostgreSQL other servers, on SQLite the command line.
//!
//! A process forgets its own changes before it answers. Others' changes it learns of within [`EVERY`].

use std::sync::Arc;
use std::time::Duration;

use domain::act::Subject;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::watch;

use super::cache::Cache;
use super::entities::acts;
use super::{Error, log};

/// How long another process's act may stay unseen.
const EVERY: Duration = Duration::from_millis(200);
const PAGE: u64 = 1_000;

pub(super) async fn follow(conn: DatabaseConnection, size: Arc<watch::Sender<u64>>, cache: Arc<Cache>) {
    let mut seen = *size.borrow();
    // Ends with the process: the store that spawned it lives as long.
    loop {
        tokio::time::sleep(EVERY).await;
        match catch_up(&conn, seen, &cache).await {
            Ok(now) if now > seen => {
                seen = now;
                size.send_if_modified(|known| *known < now && std::mem::replace(known, now) < now);
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the log could not be followed"),
        }
    }
}

/// Forgets what the acts from `seen` on changed; returns the log's size.
async fn catch_up(conn: &DatabaseConnection, seen: u64, cache: &Cache) -> Result<u64, Error> {
    let now = log::read_head(conn).await?.size();
    let mut from = seen;
    while from < now {
        let subjects: Vec<String> = acts::Entity::find()
            .select_only()
            .column(acts::Column::Subject)
            .filter(acts::Column::Seq.gte(from as i64))
            .order_by_asc(acts::Column::Seq)
            .limit(PAGE)
            .into_tuple()
            .all(conn)
            .await?;
        if subjects.is_empty() {
            break;
        }
        from += subjects.len() as u64;
        let subjects: Vec<Subject> = subjects.iter().filter_map(|subject| subject.parse().ok()).collect();
        cache.forget(&subjects);
    }
    Ok(now)
}
