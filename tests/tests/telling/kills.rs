//! The process dies at any moment while acts are done and told of: nothing of it is lost, and nothing has two effects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Client, Database, PostOffice, declaration, text};

use crate::stage::{drained, stage};

tests::on_both!(nothing_is_lost_and_nothing_is_told_twice);

const KILLS: usize = 200;

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

/// Applies until nobody answers any more.
fn act_until_it_dies(provider: &Client, kill: usize, is_over: &AtomicBool, answers: &AtomicUsize) {
    for number in 0.. {
        let key = format!("telling-{kill:03}-{number:04}");
        let answered = provider.post("/api/v1/applications", &declaration()).key(&key).try_send();
        if answered.is_err() || is_over.load(Ordering::Relaxed) {
            return;
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
}

fn add(by: &Client, office: &PostOffice) {
    let body = json!({ "organisation": "osaka-cci", "url": office.hook("/ok") });
    let made = by.post("/api/v1/webhooks", &body).send().ok();
    office.verify("/ok", text(&made, "secret"), text(&made["webhook"], "publicKey"));
}

fn nothing_is_lost_and_nothing_is_told_twice(database: Database) {
    let (register, cast, office) = stage(database);
    let mut chance = Chance(11);
    let server = register.serve();
    add(&server.client().signed_in(&cast.provider), &office);
    let mut server = Some(server);
    let mut met_mail_under_way = 0;
    for kill in 0..KILLS {
        let provider = server.as_ref().expect("it serves").client().signed_in(&cast.provider).apart();
        let (answers, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| act_until_it_dies(&provider, kill, &is_over, &answers));
            while answers.load(Ordering::Relaxed) == 0 {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(chance.below(120_000)));
            server.take().expect("it serves").kill();
            is_over.store(true, Ordering::Relaxed);
        });
        let waiting = register
            .database()
            .sql()
            .number("SELECT count(*) FROM messages WHERE mail_due_at IS NOT NULL AND mail_attempts > 0");
        met_mail_under_way += i64::from(waiting > 0);
        server = Some(register.serve());
    }
    assert!(met_mail_under_way > 0, "the kills met mail under way");
    drained(&register);
    server.expect("it serves").end();
    register.assert_whole();

    let sql = register.database().sql();
    let submitted = "leaf LIKE '%\"application.submitted\"%'";
    let acts = sql.number(&format!("SELECT count(*) FROM acts WHERE {submitted}"));
    assert!(acts >= KILLS as i64, "{acts}");

    // Mail: each that was to be sent came, under an id of its own, whatever came twice came under the same.
    let sent: BTreeSet<String> = sql
        .texts("SELECT id FROM messages WHERE mail = 'sent'")
        .into_iter()
        .map(|id| format!("<{id}@otasuketai.example>"))
        .collect();
    let mails = office.mails();
    let came: BTreeSet<String> = mails.iter().map(|mail| text(mail, "id").to_owned()).collect();
    assert_eq!(came, sent, "no mail is lost, none is of what did not happen");
    assert_eq!(sql.number("SELECT count(*) FROM messages WHERE mail NOT IN ('sent', 'no_address')"), 0);
    // Two of the secretariat, and the applicant's colleague, have an address and are told of each.
    let of_acts = mails.iter().filter(|mail| {
        let subject = text(mail, "subject");
        subject.contains("申請が届きました") || subject.contains("申請を受け付けました")
    });
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mail in of_acts {
        told.entry(mail["to"][0].as_str().expect("an address")).or_default().insert(text(mail, "id"));
    }
    let counts: BTreeMap<&str, usize> = told.iter().map(|(address, ids)| (*address, ids.len())).collect();
    let each = acts as usize;
    let expected = [("member@osaka.example", each), ("second@body.example", each), ("secretariat@body.example", each)];
    assert_eq!(counts, BTreeMap::from(expected), "each act was told to each of them once");

    // Webhooks: the same, by what each was about.
    let hooks = office.hooks();
    let mut about: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for hook in hooks.iter().filter(|hook| hook["body"]["type"] == "application.submitted") {
        assert_eq!((&hook["v1"], &hook["v1a"]), (&Value::Bool(true), &Value::Bool(true)), "{hook}");
        about.entry(text(&hook["body"]["data"], "subject").to_owned()).or_default().insert(text(hook, "id"));
    }
    assert_eq!(about.len(), each, "each act was told");
    assert!(about.values().all(|ids| ids.len() == 1), "under one id: {about:?}");
    assert_eq!(sql.number("SELECT count(*) FROM deliveries WHERE state <> 'delivered'"), 0);
    // Inboxes: one message a person and act.
    let per_act = sql.number("SELECT count(*) FROM messages WHERE announcement LIKE 'act/%'");
    let distinct = sql.number(
        "SELECT count(*) FROM (SELECT DISTINCT announcement, person FROM messages WHERE announcement LIKE 'act/%') AS once",
    );
    assert_eq!(per_act, distinct);
    let again = |all: &[Value]| all.len() - all.iter().map(|one| text(one, "id")).collect::<BTreeSet<_>>().len();
    eprintln!(
        "{KILLS} kills, {acts} acts, {} mails ({} again), {} webhooks ({} again)",
        mails.len(),
        again(&mails),
        hooks.len(),
        again(&hooks)
    );
}
