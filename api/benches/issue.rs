//! Licences for many users from CSV files into one database, beside the signing, hashing and inserting that they need.
//!
//! `cargo bench -p api --bench issue`; `OTASUKETAI_BENCH_LICENCES=3360000` for every small firm there is (20,000 where
//! nothing is said), `OTASUKETAI_BENCH_FOLDER` for a database that is not kept in the build's own folder. Ends with
//! failure where a ratio is above what is asked, memory is, or anything differs.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod stage;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use api::account::trail::Origin;
use api::acts::EndLicence;
use api::caller::Visitor;
use api::clock;
use api::imports::intake::{Asked, take_in};
use api::imports::{Choice, MOST_ROWS, Stage as Gone, run};
use api::status_lists;
use api::store::check;
use api::verification::verify;
use bytes::Bytes;
use domain::licence::LicenceId;
use domain::licence::token::{Claims, HolderKind, Token, kid};
use domain::registration::Registration;
use futures::stream;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait, Value};
use sha2::{Digest, Sha256};
use stage::Stage;

/// How much dearer an issued licence may be than the sum of its raw parts.
const MOST: f64 = 2.0;
/// The most memory, in megabytes.
const MEMORY: u64 = 300;
/// Rows in one transaction, as the importer has them.
const TOGETHER: u64 = 250;
const SIGNED: usize = 2_000;

fn each(spent: Duration, count: u64) -> f64 {
    spent.as_secs_f64() * 1e6 / count as f64
}

/// The most memory that the process has had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1_024
}

/// So many users' lines, made as they are sent.
fn file(first: u64, count: u64) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + Unpin {
    let pieces = (0..count).step_by(1_000).map(move |begin| {
        let lines = (begin..(begin + 1_000).min(count)).map(|line| {
            let head = if line == 0 { "holderName,holderNumber,contractFrom\r\n" } else { "" };
            format!("{head}株式会社例示商事第{}営業所,,2026-01-05\r\n", first + line)
        });
        Ok(Bytes::from(lines.collect::<String>()))
    });
    stream::iter(pieces)
}

/// Sends a file and waits until its users are licensed.
async fn issue(stage: &Stage, under: &Registration, first: u64, count: u64) -> Duration {
    let at = clock::now();
    let origin = Origin::command();
    let actor = stage.provider.clone();
    let visitor = Visitor { actor, name: String::new(), origin, session: None, csrf: String::new(), unread: 0, at };
    let asked =
        Asked { registration: under.number.clone(), choice: Choice::All, name: "users.csv".to_owned(), key: None };
    let begin = Instant::now();
    let import = take_in(&stage.registry, &visitor, under, asked, file(first, count)).await.expect("it is taken");
    while run::step(&stage.registry).await.expect("nothing stands against it") {}
    let spent = begin.elapsed();
    let done = stage.registry.store.import(&import.id).await.expect("the database answers").expect("it is there");
    assert_eq!((done.stage, u64::from(done.issued)), (Gone::Done, count), "{done:?}");
    spent
}

/// The signature of a licence's token, microseconds.
fn signing() -> f64 {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let kid = kid(&key.verifying_key());
    let begin = Instant::now();
    for index in 0..SIGNED {
        let mut id = [0; 5];
        id[..4].copy_from_slice(&(index as u32).to_be_bytes());
        let claims = Claims {
            licence: LicenceId::from_bytes(id),
            kind: HolderKind::User,
            status_index: index as u32,
            holder_name: "株式会社例示商事".to_owned(),
            corporate_number: None,
            expires_at: clock::now(),
        };
        std::hint::black_box(Token::sign(&claims, &key, kid));
    }
    each(begin.elapsed(), SIGNED as u64)
}

/// The same rows as the register's, hashed and inserted and nothing else: microseconds for one licence each.
async fn raw(register: &DatabaseConnection, url: &str, count: u64) -> (f64, f64) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|sqlite| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
    });
    let conn = Database::connect(options).await.expect("the database opens");
    let backend = conn.get_database_backend();
    let schema =
        "SELECT sql FROM sqlite_master WHERE tbl_name IN ('acts', 'licences') AND sql IS NOT NULL ORDER BY type DESC";
    for row in register.query_all_raw(Statement::from_string(backend, schema)).await.expect("there is a schema") {
        let sql: String = row.try_get_by_index(0).expect("text");
        conn.execute_unprepared(&sql).await.expect("the same tables");
    }
    let (mut hashed, mut inserted, mut last) = (Duration::ZERO, Duration::ZERO, -1_i64);
    loop {
        let of = format!(
            "SELECT a.seq, a.leaf, a.subject, a.version, a.open, a.open_salt, a.sealed, a.sealed_salt, \
             l.id, l.registration, l.holder, l.status_index, l.token, l.state \
             FROM acts a JOIN licences l ON l.id = substr(a.subject, 9) \
             WHERE a.seq > {last} AND a.subject LIKE 'licence/%' ORDER BY a.seq LIMIT {TOGETHER}"
        );
        let rows = register.query_all_raw(Statement::from_string(backend, of)).await.expect("rows");
        let Some(end) = rows.last() else { break };
        last = end.try_get_by_index(0).expect("a number");
        let text =
            |row: &sea_orm::QueryResult, at: usize| -> Option<String> { row.try_get_by_index(at).expect("text") };
        let (mut acts, mut licences) = (Vec::new(), Vec::new());
        for row in &rows {
            let token: Vec<u8> = row.try_get_by_index(12).expect("bytes");
            let begin = Instant::now();
            for at in [1, 4, 6] {
                let part = text(row, at).unwrap_or_default();
                std::hint::black_box(Sha256::new().chain_update([0; 32]).chain_update(part).finalize());
            }
            std::hint::black_box(Sha256::digest(&token));
            hashed += begin.elapsed();
            let number = |at: usize| -> i64 { row.try_get_by_index(at).expect("a number") };
            acts.extend([Value::from(number(0)), text(row, 1).into(), text(row, 2).into(), Value::from(number(3))]);
            acts.extend([4, 5, 6, 7].map(|at| Value::from(text(row, at))));
            licences.extend([text(row, 8).into(), Value::from(1_i64), text(row, 9).into(), text(row, 10).into()]);
            licences.extend([number(11).into(), false.into(), token.into(), Value::from(text(row, 13))]);
        }
        let places = |table: &str, columns: &str| {
            let row = format!("({})", ["?"; 8].join(", "));
            format!("INSERT INTO {table} ({columns}) VALUES {}", vec![row; rows.len()].join(", "))
        };
        let acts_of = "seq, leaf, subject, version, open, open_salt, sealed, sealed_salt";
        let licences_of = "id, version, registration, holder, status_index, is_closed, token, state";
        let begin = Instant::now();
        let transaction = conn.begin().await.expect("a transaction");
        for (sql, values) in [(places("acts", acts_of), acts), (places("licences", licences_of), licences)] {
            let statement = Statement::from_sql_and_values(backend, sql, values);
            transaction.execute_raw(statement).await.expect("new rows");
        }
        transaction.commit().await.expect("a commit");
        inserted += begin.elapsed();
    }
    (each(hashed, count), each(inserted, count))
}

/// Every status list: how many there are, and those whose bytes are others than before.
async fn lists(stage: &Stage, before: &mut Vec<String>) -> (usize, usize, Duration) {
    let (mut changed, mut number) = (0, 0);
    let begin = Instant::now();
    while let Some(list) = status_lists::list(&stage.registry, number, clock::now()).await.expect("a key signs lists") {
        let at = number as usize;
        if before.get(at) != Some(&list.cwt.etag) {
            changed += 1;
            before.resize(before.len().max(at + 1), String::new());
            before[at].clone_from(&list.cwt.etag);
        }
        number += 1;
    }
    (number as usize, changed, begin.elapsed())
}

async fn measure(count: u64) -> ExitCode {
    let own = stage::folder();
    let folder = std::env::var("OTASUKETAI_BENCH_FOLDER").map_or_else(|_| own.path().to_owned(), Into::into);
    let url = |file: &str| format!("sqlite://{}?mode=rwc", folder.join(file).display());
    let stage = Stage::open(&url("register.sqlite"), &folder).await;
    let services = stage.services(count.div_ceil(u64::from(MOST_ROWS)) as usize).await;
    let mut spent = Duration::ZERO;
    for (number, service) in (0..).zip(&services) {
        let first = number * u64::from(MOST_ROWS);
        spent += issue(&stage, service, first, (count - first).min(u64::from(MOST_ROWS))).await;
    }
    let (issued, memory) = (each(spent, count), peak());
    stage.registry.publish_checkpoint().await.expect("the log's key signs");
    let size = std::fs::metadata(folder.join("register.sqlite")).map_or(0, |file| file.len()) >> 20;
    println!("{count} licences in {spent:.1?}: {issued:.1} µs each; {memory} MB of memory at most; database {size} MB");

    let register = Database::connect(url("register.sqlite")).await.expect("it is open");
    let signed = signing();
    let (hashed, inserted) = raw(&register, &url("raw.sqlite"), count).await;
    let ratio = issued / (signed + hashed + inserted);
    println!("signing {signed:.1}, hashing {hashed:.1}, inserts {inserted:.1} µs; ratio {ratio:.2} (at most {MOST})");

    let any = register.query_all_raw(Statement::from_string(
        register.get_database_backend(),
        "SELECT id FROM licences WHERE id > '8' ORDER BY id LIMIT 100",
    ));
    let mut valid = true;
    let mut one = None;
    for row in any.await.expect("rows") {
        let id: String = row.try_get_by_index(0).expect("text");
        let id: LicenceId = id.parse().expect("an id");
        let token = stage.registry.store.token(id).await.expect("the database answers").expect("a token");
        let digits = Token::from_bytes(token).expect("our own token").to_decimal();
        valid &= verify(&stage.registry, &digits, clock::now()).await.answer.as_str() == "valid";
        one = Some(id);
    }
    let mut known = Vec::new();
    let (there, _, whole) = lists(&stage, &mut known).await;
    let licence = one.expect("there is one");
    let end = EndLicence { licence, reason: "測定のため".to_owned() };
    stage.act(end, &stage.provider, clock::now(), Some(1)).await;
    let (_, changed, again) = lists(&stage, &mut known).await;
    println!("{there} status lists in {whole:.1?}; after one act {changed} anew in {again:.1?}");

    stage.registry.publish_checkpoint().await.expect("the log's key signs");
    let keys = stage.registry.log_keys().await;
    let begin = Instant::now();
    let findings = check(&url("register.sqlite"), &keys, None).await.expect("it can be checked");
    println!(
        "fsck: {} rows in {:.1?}, {} differences; {} MB at most",
        findings.rows,
        begin.elapsed(),
        findings.differences.len(),
        peak()
    );
    let is_good = ratio <= MOST && memory <= MEMORY && valid && changed == 1 && findings.is_clean();
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    let count = std::env::var("OTASUKETAI_BENCH_LICENCES").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(count))
}
