//! The process dies at any moment, or the disk is full: whatever was answered is there, whatever was not answered
//! happened whole or not at all, and service goes on.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use domain::tlog::merkle::{Frontier, leaf_hash};
use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Engine, Register, declaration, text, version};

tests::on_both!(killed_while_acts_run, killed_while_it_is_made, killed_between_its_keys);

/// One for each purpose.
const KEYS: i64 = 4;

const KILLS: usize = 20;
const CALLERS: usize = 4;

/// The same numbers every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What a caller knows of a request: the answer's version, or nothing.
type Known = BTreeMap<String, Option<(String, u64)>>;

fn named(key: &str) -> Value {
    let mut declaration = declaration();
    declaration["service"]["summary"] = json!(key);
    declaration
}

/// Submits under `key`; the application's id and version, if there was an answer.
fn submit(provider: &Client, key: &str) -> Option<(String, u64)> {
    let answer = provider.post("/api/v1/applications", &named(key)).key(key).try_send().ok()?;
    let state = answer.ok();
    assert_eq!(text(&state["declaration"]["service"], "summary"), key, "everybody gets their own answer");
    Some((text(&state, "id").to_owned(), version(&state)))
}

/// Submits and withdraws until nobody answers any more.
fn act_until_it_dies(server: &Client, cast: &Cast, caller: &str, answers: &AtomicUsize) -> Known {
    let provider = server.signed_in(&cast.provider).apart();
    let mut known = Known::new();
    for number in 0.. {
        let key = format!("{caller}-{number:04}");
        let submitted = submit(&provider, &key);
        known.insert(key.clone(), submitted.clone());
        let Some((id, version)) = submitted else { break };
        answers.fetch_add(1, Ordering::Relaxed);
        if number % 2 == 0 {
            continue;
        }
        let withdraw = provider.post(&format!("/api/v1/applications/{id}/withdrawal"), &json!({ "reason": "やめる" }));
        let Ok(answer) = withdraw.on_version(version).try_send() else { break };
        known.insert(key, Some((id, tests::version(&answer.ok()))));
    }
    known
}

fn killed_while_acts_run(database: Database) {
    let (register, cast) = Register::staffed(database);
    let mut chance = Chance(7);
    let mut server = Some(register.serve());
    let (mut requests, mut unanswered) = (0, 0);
    for kill in 0..KILLS {
        let answers = AtomicUsize::new(0);
        let client = server.as_ref().expect("it serves").client();
        let known: Known = thread::scope(|scope| {
            let callers: Vec<_> = (0..CALLERS)
                .map(|caller| {
                    let (client, cast, answers) = (&client, &cast, &answers);
                    scope.spawn(move || act_until_it_dies(client, cast, &format!("kill-{kill:02}-{caller}"), answers))
                })
                .collect();
            while answers.load(Ordering::Relaxed) == 0 {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(chance.below(60_000)));
            server.take().expect("it serves").kill();
            callers.into_iter().flat_map(|caller| caller.join().expect("callers do not panic")).collect()
        });
        register.assert_whole();
        let provider = server.insert(register.serve()).client().signed_in(&cast.provider);
        requests += known.len();
        for (key, answered) in known {
            match answered {
                // It was answered, so it is there, as it was answered or as the next act left it.
                Some((id, version)) => {
                    let state = provider.get(&format!("/api/v1/applications/{id}")).send().ok();
                    assert_eq!(text(&state["declaration"]["service"], "summary"), key);
                    assert!(tests::version(&state) >= version, "{key}: {state}");
                }
                // It was not: asked again under the same key, it is done once, whether it had been done or not.
                None => {
                    unanswered += 1;
                    let first = submit(&provider, &key).expect("the server is back");
                    assert_eq!(submit(&provider, &key), Some(first));
                }
            }
        }
        let count = register.database().sql().number("SELECT count(*) FROM applications");
        assert_eq!(count, requests as i64, "each request is one application");
    }
    assert!(requests >= KILLS * 2 && unanswered > 0, "the kills met requests under way: {unanswered} of {requests}");
    server.expect("it serves").end();
    register.assert_whole();
}

/// Killed during the very first start: keys, tables and the first acts are being made.
fn killed_while_it_is_made(database: Database) {
    let register = Register::new(database);
    for delay in [0, 10, 20, 30, 45, 60, 80, 100, 130, 170, 220, 300] {
        let mut serve = register.command(&["serve", "--listen", "127.0.0.1:0", "--log", "off"]);
        let mut serve = serve.spawn().expect("it starts");
        thread::sleep(Duration::from_millis(delay));
        serve.kill().expect("the process is ours");
        serve.wait().expect("the process is ours");
    }
    let cast = Cast::admit(&register);
    let server = register.serve();
    Case::submit(&server.client(), &cast, &declaration()).pass().register();
    server.end();
    register.assert_whole();
    // A key for each purpose and fourteen people: none was recorded twice, none is missing.
    let count = |table| register.database().sql().number(&format!("SELECT count(*) FROM {table}"));
    assert_eq!((count("signing_keys"), count("people")), (KEYS, 14));
}

/// The first key is in the log, the others and the editions are not yet: the next start goes on from there.
fn killed_between_its_keys(database: Database) {
    let register = Register::new(database);
    register.run(&["serve", "--check"]);
    let sql = register.database().sql();
    let first = sql.texts("SELECT leaf FROM acts WHERE seq = 0").remove(0);
    let mut frontier = Frontier::new();
    frontier.append(leaf_hash(first.as_bytes()));
    let bytes = data_encoding::HEXLOWER.encode(&frontier.to_bytes());
    let bytes = match register.database().engine() {
        Engine::Sqlite => format!("X'{bytes}'"),
        Engine::Postgres => format!("'\\x{bytes}'"),
    };
    sql.execute("DELETE FROM signing_keys WHERE 'key/' || id IN (SELECT subject FROM acts WHERE seq >= 1)");
    sql.execute("DELETE FROM editions");
    sql.execute("DELETE FROM edition_files");
    sql.execute("DELETE FROM acts WHERE seq >= 1");
    sql.execute(&format!("UPDATE log_head SET frontier = {bytes}"));
    register.assert_whole();
    assert_eq!(sql.number("SELECT count(*) FROM signing_keys"), 1);

    register.serve().end();
    register.assert_whole();
    assert_eq!(sql.number("SELECT count(*) FROM signing_keys"), KEYS);
    assert_eq!(sql.number("SELECT count(*) FROM editions"), 3);
}

/// Writing stops at a size that no file may pass, which is what a full disk is to SQLite. (PostgreSQL's disk is
/// PostgreSQL's own: the register learns of it as of any statement that fails.)
#[test]
fn a_full_disk() {
    let (register, cast) = Register::staffed(Database::sqlite());
    // Without the signal that would end the process the write fails instead, as on a full disk.
    let server = register.serve_under(&["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    let limit = |bytes: &str| {
        let limited =
            Command::new("prlimit").args(["--pid", &server.id().to_string(), &format!("--fsize={bytes}:")]).status();
        assert!(limited.expect("prlimit is there (util-linux)").success());
    };
    let provider = server.client().signed_in(&cast.provider);
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_provider(&registration);
    let mut done = 1;
    for round in 0..3 {
        limit(&(size(&register) + 20_000).to_string());
        // Some still find room in what was written before, and are done; the others are told.
        let mut refused = Vec::new();
        for number in 0..40 {
            let key = format!("full-{round}-{number:03}");
            let answer = provider.post("/api/v1/applications", &named(&key)).key(&key).send();
            match answer.status {
                201 => done += 1,
                _ => refused.push((key, answer.refused(503, "unavailable"))),
            }
        }
        assert!(!refused.is_empty(), "the disk is full by now");
        // Reading goes on: marks are verified, and nothing half-written is seen.
        assert_eq!(case.marks(&licence).map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"]);
        let count = register.database().sql().number("SELECT count(*) FROM applications");
        assert_eq!(count, done as i64, "what was answered is written, what was refused is not");
        register.assert_whole();

        limit("unlimited");
        for (key, _) in refused {
            let answer = provider.post("/api/v1/applications", &named(&key)).key(&key).send();
            assert_eq!(answer.status, 201, "there is room again: {}", answer.told());
            done += 1;
        }
    }
    server.end();
    register.assert_whole();
    let server = register.serve();
    let shown = server.client().get(&format!("/api/v1/registrations/{}", text(&registration, "number"))).send().ok();
    assert_eq!(text(&shown["state"], "name"), "valid");
    server.end();
}

/// The largest of the database's files, in bytes.
fn size(register: &Register) -> u64 {
    let path = register.database().url().trim_start_matches("sqlite://").trim_end_matches("?mode=rwc").to_owned();
    let sizes = ["", "-wal"].map(|suffix| fs::metadata(format!("{path}{suffix}")).map_or(0, |file| file.len()));
    sizes.into_iter().max().unwrap_or(0)
}
