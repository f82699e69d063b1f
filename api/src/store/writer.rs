//! The one writer: takes what waits, runs each job apart, commits once, then answers each caller.
//!
//! If the machine dies before the commit, nothing of the batch happened and nobody was told so. If it dies after, all
//! of it happened; a caller who was not told asks again with the same idempotency key. A checkpoint is signed only for
//! rows that are durable already: it is made from what a reader sees, after the commit ([`super::log`]).

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::batch::{Batch, run};
use super::cache::Cache;
use super::{Error, Tx, log};

/// Jobs one commit may carry, and jobs that may wait before callers wait for room.
const BATCH: usize = 256;
const QUEUE: usize = 1024;

/// Something to do in one transaction.
pub trait Job: Send + 'static {
    /// What the caller learns when it is done and durable.
    type Done: Send + 'static;
    /// What the caller learns when it is not; then nothing was written.
    type Refusal: From<Error> + Send + 'static;

    /// Does it write rows that are no states of acts, such as sessions? They are written at once, inside a savepoint.
    const IS_DIRECT: bool = false;

    /// Reads, decides and writes through `tx`.
    fn run(self, tx: &Tx<'_>) -> impl Future<Output = Result<Self::Done, Self::Refusal>> + Send;
}

/// The queue's near end.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Pending>>,
    /// The log's size after the last commit that this process knows of.
    pub(super) size: Arc<watch::Sender<u64>>,
    has_ended: watch::Receiver<bool>,
}

/// A job with its caller, its type forgotten.
trait Pending: Send {
    fn run<'a>(&'a mut self, tx: &'a Tx<'a>) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    fn answer(self: Box<Self>, committed: Result<(), Error>);

    fn is_last(&self) -> bool {
        false
    }

    fn is_direct(&self) -> bool {
        false
    }
}

struct Waiting<J: Job> {
    job: Option<J>,
    outcome: Option<Result<J::Done, J::Refusal>>,
    caller: oneshot::Sender<Result<J::Done, J::Refusal>>,
}

impl<J: Job> Pending for Waiting<J> {
    fn run<'a>(&'a mut self, tx: &'a Tx<'a>) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let job = self.job.take().expect("a job runs once");
            // A job that panics must not take the writer, and everybody else's work, with it.
            let outcome = AssertUnwindSafe(job.run(tx)).catch_unwind().await;
            self.outcome = outcome.ok();
            matches!(self.outcome, Some(Ok(_)))
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let answer = match (self.outcome, committed) {
            (Some(Ok(_)), Err(error)) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, _) => Err(Error::Stopped.into()),
        };
        // A caller who has gone away is not an error: what was done is in the log.
        let _ = self.caller.send(answer);
    }

    fn is_direct(&self) -> bool {
        J::IS_DIRECT
    }
}

/// The job after which the writer ends.
struct Last;

impl Pending for Last {
    fn run<'a>(&'a mut self, _: &'a Tx<'a>) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(std::future::ready(false))
    }

    fn answer(self: Box<Self>, _: Result<(), Error>) {}

    fn is_last(&self) -> bool {
        true
    }
}

impl Writer {
    pub(super) async fn start(conn: DatabaseConnection, cache: Arc<Cache>) -> Result<Self, Error> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let size = Arc::new(watch::Sender::new(log::begin(&conn).await?));
        let (ending, has_ended) = watch::channel(false);
        let sizes = size.clone();
        tokio::spawn(async move {
            work(conn, jobs, cache, sizes).await;
            ending.send_replace(true);
        });
        Ok(Self { queue, size, has_ended })
    }

    pub(super) async fn write<J: Job>(&self, job: J) -> Result<J::Done, J::Refusal> {
        let (caller, answer) = oneshot::channel();
        let waiting = Waiting { job: Some(job), outcome: None, caller };
        if self.queue.send(Box::new(waiting)).await.is_err() {
            return Err(Error::Stopped.into());
        }
        answer.await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    /// Lets what waits be written, then ends the writer. Jobs that come later are told that it has stopped.
    pub(super) async fn stop(&self) {
        let mut has_ended = self.has_ended.clone();
        if self.queue.send(Box::new(Last)).await.is_ok() {
            // The worker is gone when its end of the channel is.
            let _ = has_ended.wait_for(|ended| *ended).await;
        }
    }
}

async fn work(
    conn: DatabaseConnection,
    mut jobs: mpsc::Receiver<Box<dyn Pending>>,
    cache: Arc<Cache>,
    sizes: Arc<watch::Sender<u64>>,
) {
    let mut known = Batch::default();
    while let Some(first) = jobs.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        let is_last = batch.iter().any(|job| job.is_last());
        let committed = match attempt(&conn, &mut batch, &cache, &mut known).await {
            Ok(size) => {
                sizes.send_if_modified(|known| *known < size && std::mem::replace(known, size) < size);
                true
            }
            Err(error) => {
                tracing::error!(%error, "a batch of acts was not written");
                hang_up(&conn).await;
                false
            }
        };
        for job in batch {
            job.answer(if committed { Ok(()) } else { Err(Error::Stopped) });
        }
        if is_last {
            break;
        }
    }
    let _ = conn.close().await;
}

/// Closes the one connection, so that the next batch begins on a new one.
///
/// After some failures, such as a full disk, SQLite has ended the transaction by itself. The driver counts on, begins
/// the next one as a savepoint in a transaction that is no more, and takes that savepoint's release for a commit.
async fn hang_up(conn: &DatabaseConnection) {
    let closed = match conn.get_database_backend() {
        DbBackend::Sqlite => match conn.get_sqlite_connection_pool().acquire().await {
            Ok(one) => one.close().await,
            Err(error) => Err(error),
        },
        _ => match conn.get_postgres_connection_pool().acquire().await {
            Ok(one) => one.close().await,
            Err(error) => Err(error),
        },
    };
    if let Err(error) = closed {
        tracing::debug!(%error, "the connection was gone already");
    }
}

/// Runs a job; what it did joins the batch if it went well.
async fn run_one(transaction: &DatabaseTransaction, batch: &Mutex<Batch>, job: &mut dyn Pending) -> bool {
    let tx = Tx::new(transaction, batch);
    let went_well = job.run(&tx).await;
    if went_well {
        let changes = tx.into_changes();
        batch.lock().expect("nobody panics while holding it").join(changes);
    }
    went_well
}

/// The same for a job that writes rows at once: inside a savepoint, so that a refusal takes back its rows alone.
async fn run_apart(
    transaction: &DatabaseTransaction,
    batch: &Mutex<Batch>,
    job: &mut dyn Pending,
) -> Result<bool, Error> {
    // What waits is written before: inside the savepoint a refusal would take back other jobs' rows too, once a query of
    // this one had to see them.
    let backend = transaction.get_database_backend();
    let waiting = batch.lock().expect("nobody panics while holding it").take_states(backend);
    if !waiting.is_empty() {
        run(transaction, waiting).await?;
    }
    let savepoint = transaction.begin().await?;
    let went_well = run_one(&savepoint, batch, job).await;
    if went_well {
        savepoint.commit().await?
    } else {
        savepoint.rollback().await?
    }
    Ok(went_well)
}

/// Runs jobs in one transaction. Returns the log's size after it.
async fn attempt(
    conn: &DatabaseConnection,
    jobs: &mut [Box<dyn Pending>],
    cache: &Cache,
    known: &mut Batch,
) -> Result<u64, Error> {
    // A transaction that reads first and then writes fails at once on SQLite when another process writes: begin as a
    // writer. PostgreSQL ignores the mode; there the lock on the log's head keeps writers apart.
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let transaction = conn.begin_with_options(options).await?;
    let before = log::lock_head(&transaction).await?;
    // Until the commit nothing counts as known: whatever fails on the way leaves nothing behind.
    let batch = Mutex::new(Batch::begin(before.clone(), std::mem::take(known)));
    let mut has_written = false;
    for job in jobs.iter_mut() {
        if job.is_direct() {
            has_written |= run_apart(&transaction, &batch, &mut **job).await?;
        } else {
            run_one(&transaction, &batch, &mut **job).await;
        }
    }
    let mut batch = batch.into_inner().expect("nobody panics while holding it");
    if batch.is_empty() {
        if has_written {
            transaction.commit().await?
        } else {
            transaction.rollback().await?
        }
        *known = batch;
        return Ok(before.size());
    }
    let backend = transaction.get_database_backend();
    let (mut statements, subjects) = batch.take_all(backend)?;
    statements.push(log::store_head(backend, &batch.frontier));
    run(&transaction, statements).await?;
    log::store_tiles(&transaction, &before, &batch.frontier).await?;
    transaction.commit().await?;
    cache.forget(&subjects);
    *known = batch;
    Ok(known.frontier.size())
}
