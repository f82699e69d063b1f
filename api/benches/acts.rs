//! What an act costs beside a raw durable commit of the same engine, one at a time and with many callers together.
//!
//! `cargo bench -p api --bench acts`; with `OTASUKETAI_BENCH_POSTGRES=postgres://user@host/database` (an empty one) on
//! PostgreSQL. Ends with failure where a ratio is below what is asked.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod pace;
mod stage;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use api::acts::{Confirm, Confirmed, Propose};
use api::clock;
use domain::proposal::{Motion, Proposal};
use domain::registration::{MeasureKind, Plan, Registration};
use futures::future::join_all;
use pace::median;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use stage::Stage;

/// Services that measures are taken about in turn, so that no history grows long.
const SERVICES: usize = 512;
const CALLERS: usize = 64;
/// Commits in a turn one at a time, and rounds of all callers.
const ALONE: usize = 24;
const ROUNDS: usize = 4;
const TURNS: usize = 41;

/// A table with nothing but rows of the size that an act writes.
struct Raw {
    conn: DatabaseConnection,
    body: String,
    written: i64,
}

impl Raw {
    async fn open(url: &str, bytes: usize) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|sqlite| {
            sqlite.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
        });
        let conn = Database::connect(options).await.expect("the database opens");
        let table = "CREATE TABLE raw_rows (seq BIGINT PRIMARY KEY, body TEXT NOT NULL)";
        conn.execute_unprepared(table).await.expect("a new table");
        Self { conn, body: "x".repeat(bytes), written: 0 }
    }

    /// One row, durable.
    async fn commit(&mut self) {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        let transaction = self.conn.begin_with_options(options).await.expect("a transaction");
        self.written += 1;
        let insert = "INSERT INTO raw_rows (seq, body) VALUES ($1, $2)";
        let values = [self.written.into(), self.body.as_str().into()];
        let insert = Statement::from_sql_and_values(self.conn.get_database_backend(), insert, values);
        transaction.execute_raw(insert).await.expect("a new row");
        transaction.commit().await.expect("a commit");
    }
}

/// Services with a measure to take about each.
struct Measures<'a> {
    stage: &'a Stage,
    services: Vec<Registration>,
    next: usize,
    /// Under which licences are granted; nothing is taken about it.
    licensing: Registration,
}

impl Measures<'_> {
    /// Proposes to suspend or reinstate the next services, all asked for at once.
    async fn propose(&self, together: usize) -> Vec<Proposal> {
        let begin = self.next % self.services.len();
        join_all(self.services[begin..begin + together].iter().map(|service| self.propose_one(service))).await
    }

    async fn propose_one(&self, service: &Registration) -> Proposal {
        let is_on = service.measures.len().is_multiple_of(2);
        let measure = if is_on { MeasureKind::Suspended } else { MeasureKind::Reinstated };
        let registration = service.number.clone();
        let clause = if is_on { "criteria_unmet" } else { "grounds_gone" };
        let plan = Plan {
            clauses: vec![clause.to_owned()],
            facts: "測定".to_owned(),
            from: None,
            corrections: Vec::new(),
            hearing_until: None,
        };
        let (reason, plan) = ("測定のため".to_owned(), Some(Box::new(plan)));
        let motion = Motion::TakeMeasure { registration, measure, reason, plan };
        self.stage.act(Propose { motion }, &self.stage.secretariat, clock::now(), Some(service.version)).await
    }

    /// Confirms them, all asked for at once: what is measured.
    async fn confirm(&mut self, proposals: Vec<Proposal>) {
        let begin = self.next % self.services.len();
        let together = proposals.len();
        let taken = join_all(proposals.into_iter().map(|proposal| self.confirm_one(proposal))).await;
        self.services.splice(begin..begin + together, taken);
        self.next += together;
    }

    async fn confirm_one(&self, proposal: Proposal) -> Registration {
        let confirmed = self.stage.act(Confirm { proposal: proposal.id }, &self.stage.second, clock::now(), None).await;
        let Confirmed::Measured(registration) = confirmed else { panic!("a measure was proposed") };
        registration
    }
}

/// Microseconds for one commit or act.
#[derive(Clone, Copy, Debug)]
struct Turn {
    raw: f64,
    alone: f64,
    together: f64,
    grants: f64,
}

fn each(count: usize, spent: Duration) -> f64 {
    spent.as_secs_f64() * 1e6 / count as f64
}

async fn turn(raw: &mut Raw, measures: &mut Measures<'_>, at: usize) -> Turn {
    // One of the one, one of the other: the disk changes its pace from one moment to the next.
    let (mut spent_raw, mut alone) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ALONE {
        let begin = Instant::now();
        raw.commit().await;
        spent_raw += begin.elapsed();
        let proposals = measures.propose(1).await;
        let begin = Instant::now();
        measures.confirm(proposals).await;
        alone += begin.elapsed();
    }
    measures.next = measures.next.next_multiple_of(CALLERS);
    let mut spent_together = Duration::ZERO;
    for _ in 0..ROUNDS {
        let proposals = measures.propose(CALLERS).await;
        let begin = Instant::now();
        measures.confirm(proposals).await;
        spent_together += begin.elapsed();
    }
    let together = each(CALLERS * ROUNDS, spent_together);
    let begin = Instant::now();
    for round in 0..ROUNDS {
        let first = (at * ROUNDS + round) * CALLERS;
        let (stage, service) = (measures.stage, &measures.licensing);
        join_all((first..first + CALLERS).map(|index| stage.grant(service, index))).await;
    }
    let (raw, alone) = (each(ALONE, spent_raw), each(ALONE, alone));
    Turn { raw, alone, together, grants: each(CALLERS * ROUNDS, begin.elapsed()) }
}

/// Bytes that an act writes on the average: its row, and the state.
async fn bytes_of_an_act(conn: &DatabaseConnection) -> usize {
    let sizes = "SELECT CAST(AVG(LENGTH(leaf) + LENGTH(open) + LENGTH(sealed)) AS BIGINT) AS act FROM acts WHERE subject LIKE 'registration/%'
                 UNION ALL SELECT CAST(AVG(LENGTH(state) + LENGTH(search_key)) AS BIGINT) FROM registrations";
    let sizes = Statement::from_string(conn.get_database_backend(), sizes);
    let rows = conn.query_all_raw(sizes).await.expect("the tables are there");
    rows.iter().map(|row| row.try_get_by_index::<i64>(0).expect("a number") as usize).sum()
}

async fn measure() -> ExitCode {
    let database = std::env::var("OTASUKETAI_BENCH_POSTGRES").ok();
    let folder = stage::folder();
    let url = |file: &str| format!("sqlite://{}?mode=rwc", folder.path().join(file).display());
    let register = database.clone().unwrap_or_else(|| url("register.sqlite"));
    let stage = Stage::open(&register, folder.path()).await;
    let services = stage.services(SERVICES).await;
    let licensing = stage.services(1).await.remove(0);
    let conn = Database::connect(register).await.expect("it is open");
    let bytes = bytes_of_an_act(&conn).await;
    let mut raw = Raw::open(&database.unwrap_or_else(|| url("raw.sqlite")), bytes).await;
    let mut measures = Measures { stage: &stage, services, next: 0, licensing };
    let mut turns = Vec::with_capacity(TURNS);
    for at in 0..TURNS {
        turns.push(turn(&mut raw, &mut measures, at).await);
    }
    println!("{:?}, rows of {bytes} bytes; microseconds each, by the clock on the wall", conn.get_database_backend());
    report(&turns)
}

fn report(turns: &[Turn]) -> ExitCode {
    let middle = |of: fn(&Turn) -> f64| median(turns.iter().map(of).collect());
    let row = |name: &str, of: fn(&Turn) -> f64| {
        let (value, spread) = middle(of);
        println!("{name:<38} {value:9.1} ± {:2.0} %   {:8.0} a second", spread * 100.0, 1e6 / value);
    };
    row("raw durable commit, one at a time", |turn| turn.raw);
    row("measure taken, one at a time", |turn| turn.alone);
    row("measures, 64 callers together", |turn| turn.together);
    row("licences granted, 64 callers together", |turn| turn.grants);
    let (alone, one) = middle(|turn| turn.raw / turn.alone);
    let (together, many) = middle(|turn| turn.raw / turn.together);
    println!("ratio one at a time    {alone:6.2} ± {:2.0} %   ≥ 0.80", one * 100.0);
    println!("ratio 64 together      {together:6.2} ± {:2.0} %   ≥ 5.00", many * 100.0);
    if alone >= 0.8 && together >= 5.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    // Where requests are handled: on a worker. The main thread pays more for being woken, raw commits and acts alike.
    runtime.block_on(async { tokio::spawn(measure()).await.expect("the measurement ends") })
}
