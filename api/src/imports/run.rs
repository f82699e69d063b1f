//! Going on with imports: the oldest first, one after the other, in whatever process has time.
//!
//! Several processes may take the same one in hand: each step moves the import's row on from where its own began, so of
//! two the later is refused and nothing is done twice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::lines::{Heads, Lines, Next, line_of};
use super::{Import, Stage, check};
use crate::account::trail::Origin;
use crate::acts::{AtHand, Errand, GrantSome, Line, Refused};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Error;

/// Users licensed in one transaction: other acts wait for no more than these.
const AT_ONCE: usize = 250;
/// How often it is looked for imports of other processes.
const EVERY: Duration = Duration::from_secs(2);
/// How long to wait after something went wrong.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The import's own origin, for the trail of what is done by it.
pub(super) fn origin(import: &Import) -> Origin {
    Origin { request: import.id.clone(), address: None, proof: import.proof.clone() }
}

pub(super) fn process() -> Origin {
    Origin { request: "imports".to_owned(), address: None, proof: "process".to_owned() }
}

/// Goes on with imports until the process ends.
pub async fn run(registry: Arc<Registry>) {
    loop {
        let wait = match step(&registry).await {
            Ok(true) => continue,
            Ok(false) => EVERY,
            Err(refused) => {
                tracing::warn!(?refused, "an import did not go on; it is tried again");
                AFTER_FAILURE
            }
        };
        let _ = tokio::time::timeout(wait, registry.has_import.notified()).await;
    }
}

/// Goes on with the oldest import by one stage. False: there is none.
pub async fn step(registry: &Arc<Registry>) -> Result<bool, Refused> {
    let Some(import) = registry.store.next_import().await? else { return Ok(false) };
    let done = match import.stage {
        Stage::Checking => check::check(registry, &import).await,
        _ => issue(registry, &import).await,
    };
    match done {
        Ok(()) => Ok(true),
        // It may go well the next time, or another process has gone on with it.
        Err(Refused::Store(error)) => Err(error.into()),
        Err(refused) => {
            let trouble = Problem::from(refused).code.to_owned();
            let stop = Settle { import: import.id.clone(), stage: Stage::Stopped, trouble: Some(trouble) };
            registry.run(stop, origin(&import), clock::now()).await?;
            Ok(true)
        }
    }
}

/// Licenses whoever's line is right, from behind the last line that was settled.
async fn issue(registry: &Arc<Registry>, import: &Import) -> Result<(), Refused> {
    let faulty: BTreeSet<u32> = registry.store.faulty_lines(&import.id).await?.into_iter().collect();
    let mut lines = Lines::of(&registry.store, import);
    let (mut heads, mut line) = (None, import.line);
    let mut waiting = Vec::with_capacity(AT_ONCE);
    loop {
        let next = lines.next().await?;
        let is_end = !matches!(next, Next::Row(_));
        if let Next::Row(row) = next {
            match &heads {
                None => heads = Heads::read(&row).ok(),
                Some(heads) if line_of(row.line) > import.line && !faulty.contains(&line_of(row.line)) => {
                    // The day may be another than when it was checked, never an earlier one.
                    let holder = heads.holder(&row, clock::now().day());
                    if let Ok(holder) = holder {
                        waiting.push(Line { line: line_of(row.line), holder });
                    }
                }
                Some(_) => {}
            }
        }
        if waiting.len() == AT_ONCE || is_end && !waiting.is_empty() {
            let lines = std::mem::replace(&mut waiting, Vec::with_capacity(AT_ONCE));
            let last = lines.last().map_or(line, |last| last.line);
            let some = GrantSome { import: import.id.clone(), after: line, lines };
            registry.run(some, origin(import), clock::now()).await?;
            line = last;
        }
        if is_end {
            break;
        }
    }
    let done = Settle { import: import.id.clone(), stage: Stage::Done, trouble: None };
    registry.run(done, origin(import), clock::now()).await
}

/// The end of an import. Its file is let go.
struct Settle {
    import: String,
    stage: Stage,
    trouble: Option<String>,
}

impl Errand for Settle {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let Some(mut import) = at_hand.tx.import(&self.import).await? else { return Ok(()) };
        if import.stage.is_settled() {
            return Err(Error::Conflict.into());
        }
        (import.stage, import.trouble, import.settled_at) = (self.stage, self.trouble, Some(at_hand.at));
        at_hand.tx.forget_pieces(&self.import).await?;
        at_hand.tx.update_import(&import).await?;
        Ok(())
    }
}
