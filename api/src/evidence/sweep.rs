//! Letting go of files that nobody can reach: what broke off, what was never named in an application, and what lies
//! there without a row.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use domain::calendar::Instant;
use futures::StreamExt;

use super::shelf::Unavailable;
use crate::account::retention::{days_before, seconds_before};
use crate::account::trail::{Line, Origin};
use crate::acts::{AtHand, Errand, Refused};
use crate::registry::Registry;

/// How long a file may be on its way, checks and all; what is older broke off.
const ARRIVING: Duration = Duration::from_secs(24 * 60 * 60);
/// Days for which a file is kept that no application names.
pub const UNNAMED_DAYS: i32 = 90;
/// Files deleted in one of the writer's turns.
const AT_ONCE: usize = 50;

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads forgotten.
    pub rows: u64,
    /// Files deleted.
    pub files: u64,
}

/// Lets go what nobody can reach.
pub async fn sweep(registry: &Arc<Registry>, origin: &Origin, at: Instant) -> Result<Swept, Failed> {
    let rows = registry.run(Forget, origin.clone(), at).await?;
    let before = UNIX_EPOCH + Duration::from_secs(at.unix().unsigned_abs()) - ARRIVING;
    let mut files = registry.shelf.clear(before).await?;
    let mut found = registry.shelf.older_than(before).chunks(AT_ONCE);
    while let Some(digests) = found.next().await {
        let digests: Vec<_> = digests.into_iter().collect::<Result<_, _>>()?;
        let names: Vec<String> = digests.iter().map(ToString::to_string).collect();
        let unknown = registry.store.unknown_files(&names).await.map_err(Refused::from)?;
        if !unknown.is_empty() {
            files += registry.run(Delete { unknown }, origin.clone(), at).await?;
        }
    }
    let swept = Swept { rows, files };
    if swept != Swept::default() {
        tracing::info!(rows, files, "files that nobody can reach were let go");
    }
    Ok(swept)
}

/// Why it could not.
#[derive(Debug)]
pub enum Failed {
    Refused(Refused),
    Unavailable(Unavailable),
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Unavailable> for Failed {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

struct Forget;

impl Errand for Forget {
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        let at = at_hand.at;
        let arriving = seconds_before(at, ARRIVING.as_secs() as i64);
        let rows = at_hand.tx.forget_uploads(arriving, days_before(at, UNNAMED_DAYS)).await?;
        if rows > 0 {
            let detail = Some(format!("{rows} uploads"));
            at_hand.note(Line { detail, ..Line::done("evidence.swept", at, at_hand.from) });
        }
        Ok(rows)
    }
}

/// Deletes files that no row knows. Inside the writer's turn nobody announces one of them, and whoever does so later
/// puts it there anew.
struct Delete {
    unknown: Vec<String>,
}

impl Errand for Delete {
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        let mut deleted = 0;
        for name in at_hand.tx.unknown_files(&self.unknown).await? {
            let Ok(digest) = name.parse() else { continue };
            match at_hand.registry.shelf.delete(&digest).await {
                Ok(()) => deleted += 1,
                Err(error) => tracing::error!(%error, %digest, "a file was not deleted"),
            }
        }
        Ok(deleted)
    }
}
