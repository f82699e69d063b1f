//! A register in which every table has rows, and every column that may be empty is both empty and not.

use api::evidence::shelf::Shelf;
use api::store::{Findings, check};
use domain::tlog::note::NoteKey;
use serde_json::json;
use tests::staff::BODY;
use tests::{Case, Cast, Client, Database, Register, Sql, declaration, pass, past, text, version};
use tokio::runtime::Runtime;

use crate::catalogue::{Table, tables};

/// A register at rest, looked at behind its back.
pub struct Populated {
    pub register: Register,
    pub cast: Cast,
    pub sql: Sql,
    log: NoteKey,
    runtime: Runtime,
}

impl Populated {
    /// A few acts of each kind.
    pub fn small(database: Database) -> Self {
        Self::with(database, 0)
    }

    /// Registers in which every table has rows, each with the tables to tamper with. Most do with a few acts; a
    /// complete tile of the log needs 256, and every look at those takes longer.
    pub fn whole(database: Database) -> Vec<(Self, Vec<Table>)> {
        let engine = database.engine();
        let small = Self::with(database, 0);
        let has_rows = |populated: &Self, table: &Table| !table.rows(&populated.sql, engine).is_empty();
        let (filled, empty): (Vec<_>, Vec<_>) =
            tables(&small.sql, engine).into_iter().partition(|table| has_rows(&small, table));
        assert!(filled.len() >= 9, "{filled:?}");
        let large = Self::with(engine.database(), 220);
        for table in &empty {
            assert!(has_rows(&large, table), "{} has no rows to tamper with", table.name);
        }
        vec![(small, filled), (large, empty)]
    }

    fn with(database: Database, submissions: usize) -> Self {
        let (register, cast) = Register::staffed(database);
        populate(&register, &cast, submissions);
        let log = register.run(&["keys", "--format", "vkey"]).trim().parse().expect("a verifier key");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("threads can be made");
        let populated = Self { sql: register.database().sql(), register, cast, log, runtime };
        populated.assert_clean();
        populated
    }

    /// What `fsck` does, without the command around it.
    pub fn check(&self) -> Findings {
        let (url, log) = (self.register.database().url(), std::slice::from_ref(&self.log));
        let shelf = Shelf::look(&self.register.data().join("evidence")).expect("the folder is ours");
        let checked = self.runtime.block_on(check(url, log, shelf.as_ref()));
        checked.unwrap_or_else(|error| panic!("could not be checked: {error}"))
    }

    #[track_caller]
    pub fn assert_clean(&self) {
        let findings = self.check();
        assert!(findings.is_clean(), "{:?}", findings.differences);
    }
}

fn populate(register: &Register, cast: &Cast, submissions: usize) {
    let past = tests::past::first_round(register).registration;
    let from = api::clock::now().day().plus_months(-18);
    let renewable = [from, from.next()].map(|from| past::registered_from(register, from).registration);
    let server = register.serve();
    let client = server.client();
    let new = || Case::submit(&client, cast, &declaration());
    let passed = new().pass();
    let registration = passed.register();
    passed.license_provider(&registration);
    let user = passed.license_user(&registration, "見本工業株式会社");
    passed.license_user(&registration, "見本商店");
    let close = json!({ "reason": "契約が終わったため" });
    let closing = format!("/api/v1/licences/{}/end", text(&user, "id"));
    passed.by(&cast.provider).post(&closing, &close).on_version(version(&user)).send().ok();
    let suspended = passed.measure(&registration, "suspend", "確認のため").ok();
    passed.measure(&suspended, "reinstate", "確認できたため").ok();
    new().pass().register();
    disputed(new().accept(), cast);
    let withdrawn = new();
    withdrawn.act(&cast.provider, "withdrawal", &json!({ "reason": "やめる" })).ok();
    let provider = client.signed_in(&cast.provider);
    for files in [&["a,b\n", "c,d\n"][..], &["a,b\n"]] {
        let upload = |file: &&str| {
            let ask = provider.ask("POST", "/api/v1/evidence").body("application/octet-stream", *file);
            json!({ "digest": ask.send().ok()["digest"] })
        };
        let evidence: Vec<_> = files.iter().map(upload).collect();
        Case::submit(&client, cast, &json!({ "declaration": declaration(), "evidence": evidence }));
    }
    // One renewal waits, the other one is over.
    let [waiting, over] = renewable.map(|number| Case::renew(&client, cast, &number));
    assert_eq!(text(&waiting.state, "stage"), "submitted");
    over.act(&cast.provider, "withdrawal", &json!({ "reason": "やめる" })).ok();
    for submission in 0..3 + submissions {
        let key = format!("submission-{submission}");
        provider.post("/api/v1/applications", &declaration()).key(&key).send().ok();
    }
    let report = |period: &str, count: u32| {
        let figures = json!(domain::watching::AlertFigures::of(|_| count));
        let path = format!("/api/v1/registrations/{past}/alert-reports/{period}");
        provider.ask("PUT", &path).json(&figures)
    };
    report("2021-04-01--2021-09-30", 1).send().ok();
    report("2021-10-01--2022-03-31", 2).send().ok();
    report("2021-10-01--2022-03-31", 3).on_version(1).send().ok();
    let seen = json!({ "line": 0, "monthly": { "yen": 9800, "tax": "excluded" }, "minimumTermMonths": 24,
        "seenAt": "https://example.jp/price", "seenOn": "2026-01-05" });
    for number in [past.as_str(), text(&registration, "number")] {
        let path = format!("/api/v1/registrations/{number}/price-checks");
        client.signed_in(&cast.secretariat).post(&path, &seen).send().ok();
    }
    let complain = |body: serde_json::Value| client.post("/api/v1/complaints", &body).send().ok();
    let about = json!({ "grievance": "misuse", "text": "看板", "registration": text(&registration, "number") });
    let complaint = complain(about);
    complain(json!({ "grievance": "other", "text": "例", "name": "例示 花子" }));
    let (secretary, path) =
        (client.signed_in(&cast.secretariat), format!("/api/v1/complaints/{}", text(&complaint, "id")));
    secretary.ask("POST", &format!("{path}/acknowledgement")).on_version(1).send().ok();
    let end = json!({ "outcome": "substantiated", "reason": "確かめました。" });
    secretary.post(&format!("{path}/closing"), &end).on_version(2).send().ok();
    settled(&client, cast);
    let leaver = register.admit("auditor", "辞める人", BODY);
    register.run(&["admin", "dismiss", &leaver.id, "--reason", "退職"]);
    server.end();
}

/// Settings that two people have changed: one twice, and some holidays.
fn settled(client: &Client, cast: &Cast) {
    let day = |ahead: i32| api::clock::now().day().plus_days(ahead).to_string();
    let answers = |value: u32| {
        let (standing, source, reason) = ("provisional", "運営委員会", "負担を減らす。");
        let body = json!({ "value": value, "from": day(30), "standing": standing, "source": source, "reason": reason });
        ("/api/v1/settings/answer_days/changes", body)
    };
    let days = json!([{ "day": day(10), "name": "臨時の休日" }, { "day": day(11), "name": "臨時の休日" }]);
    let holidays = ("/api/v1/holidays/changes", json!({ "days": days, "source": "官報", "reason": "停電のため。" }));
    for ((path, body), version) in [(answers(15), 0), (answers(12), 1), (holidays, 0)] {
        let proposal = client.signed_in(&cast.secretariat).post(path, &body).on_version(version).send().ok();
        let path = format!("/api/v1/proposals/{}/confirmation", text(&proposal, "id"));
        client.signed_in(&cast.operator).ask("POST", &path).send().ok();
    }
}

/// Asked about and answered, judged apart, reconciled, decided: everything that a basis can rest on.
fn disputed(mut case: Case<'_>, cast: &Cast) {
    let [first, second] = &cast.examiners;
    let all = case.judgements();
    let mut differs = all.clone();
    differs["judgements"][0]["answer"] = json!("unmet");
    let asked = json!({ "criterion": all["judgements"][0]["criterion"], "text": "何時までですか。" });
    let answer = json!({ "text": "17時までです。" });
    for (by, what, body) in [
        (first, "questions", &asked),
        (&cast.provider, "questions/1/answer", &answer),
        (first, "judgements", &differs),
        (second, "judgements", &all),
        (first, "reconciliation", &all["judgements"][0]),
        (first, "recommendation", &pass()),
    ] {
        let state = case.act(by, what, body).ok();
        if !["judgements", "reconciliation"].contains(&what) {
            case.state["version"] = state["version"].clone();
        }
    }
    case.decide();
}
