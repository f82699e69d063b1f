//! A register with something in every state, and for each operation the one request that would go well.

use std::thread;
use std::time::{Duration, Instant};

use api::account::trail::Origin;
use api::acts::{Admit, Call};
use api::seal::keys::Purpose;
use domain::act::Role;
use domain::people::Membership;
use serde_json::{Value, json};
use tests::staff::{in_process, operator};
use tests::{
    Ask, Case, Cast, Client, Database, Person, Register, Server, declaration, drafts, pass, text, untied, version,
};

use crate::accounts::{self, Accounts};
use crate::operations::{Operation, read};
use crate::refusal::Refusal;
use crate::watched::{self, Watched};

mod requests;

/// The register, its people, and ids of what there is.
pub struct Stage {
    pub register: Register,
    pub server: Server,
    pub cast: Cast,
    pub operations: Vec<Operation>,
    /// What opened the register once: of somebody signed out, and of somebody dismissed.
    pub gone: Vec<Shown>,
    /// What stands in an invitation that nobody has followed yet.
    pub invitation: String,
    cases: Cases,
    measured: Measured,
    keys: Keys,
    /// A file that could take the place of edition 1.0's.
    correction: String,
    registration: Value,
    licences: Licences,
    accounts: Accounts,
    /// The digest of a file that an application names.
    file: String,
    /// A file of users that was sent.
    import: String,
    watched: Watched,
}

/// A new edition's file.
const EDITION: &str = include_str!("../../../schemas/examples/edition/new.toml");

/// A file that is taken.
const FILE: &[u8] = b"month,calls\n1,3\n";
/// One that attests nobody: nothing is licensed by it.
const USERS: &[u8] = b"holderName,holderNumber,contractFrom\n";

/// An application in each stage, and its version; and what waits for a second person.
struct Cases {
    to_withdraw: (String, u64),
    to_return: (String, u64),
    to_accept: (String, u64),
    returned: (String, u64),
    examining: (String, u64),
    judged: (String, u64),
    disputed: (String, u64),
    recommended: (String, u64),
    decided: (String, u64),
    to_confirm: String,
    to_drop: String,
    /// About an edition.
    publication: String,
    assigned: (String, u64),
    to_replace: (String, u64),
    tied: (String, u64),
    /// With a question each.
    to_answer: (String, u64),
    to_extend: (String, u64),
    to_close: (String, u64),
    conditional: (String, u64),
    reported: (String, u64),
    failed: (String, u64),
    objected: (String, u64),
    /// Drafts; the one to submit says everything.
    to_save: (String, u64),
    to_delete: (String, u64),
    to_submit: (String, u64),
}

/// The ids of keys that could be the next.
struct Keys {
    to_activate: String,
    to_distrust: String,
}

/// Registrations about which something was done: correction demanded and reported, an objection that waits, an
/// emergency; and the proposal to revoke one, about which its provider is heard.
struct Measured {
    demanded: (String, u64),
    corrected: (String, u64),
    contested: (String, u64),
    emergency: (String, u64),
    heard: (String, String),
    /// About which nothing was done; correction was demanded of the second.
    to_suspend: (String, u64),
    to_object: (String, u64),
    to_discontinue: (String, u64),
    to_change: (String, u64),
    to_succeed: (String, u64),
}

impl Measured {
    fn prepare(client: &Client, cast: &Cast) -> Self {
        let seen = |registration: &Value| (text(registration, "number").to_owned(), version(registration));
        let case = || Case::submit(client, cast, &declaration()).pass();
        let plain = || case().register();
        let demanded = || {
            let case = case();
            case.measure(&case.register(), "demand_correction", "監視が止まった。").ok()
        };
        let after = |registration: Value, what: &str, body: Value| {
            let case = Case::submit(client, cast, &declaration());
            seen(&case.step(&cast.provider, &registration, what, Some(&body)).ok()["registration"])
        };
        let mut at_once = tests::measure_body("suspend", "監視が止まった。");
        at_once.as_object_mut().expect("an object").remove("measure");
        let case = case();
        let emergency = case.step(&cast.second_secretariat, &case.register(), "emergency", Some(&at_once)).ok();
        let case = Case::submit(client, cast, &declaration()).pass();
        let registration = case.register();
        let proposal = case.propose_measure(&registration, "revoke", "監視が止まった。").ok();
        Self {
            demanded: seen(&demanded()),
            corrected: after(demanded(), "measures/1/corrections/1/report", json!({ "words": "再開した。" })),
            contested: after(demanded(), "measures/1/objection", json!({ "reason": "事実と違う。" })),
            emergency: seen(&emergency["registration"]),
            to_suspend: seen(&plain()),
            to_object: seen(&demanded()),
            to_discontinue: seen(&plain()),
            to_change: seen(&plain()),
            to_succeed: seen(&plain()),
            heard: (text(&registration, "number").to_owned(), text(&proposal, "id").to_owned()),
        }
    }
}

struct Licences {
    to_end: (String, u64),
    to_revoke: (String, u64),
}

/// Headers that show who calls.
pub type Shown = Vec<(&'static str, String)>;

/// A request that goes well.
#[derive(Clone)]
pub struct Right {
    /// Who sends it; nobody where anybody may.
    pub by: Option<Person>,
    pub shown: Shown,
    /// With ids in place of names.
    pub path: String,
    pub version: Option<u64>,
    pub body: Option<Value>,
    pub file: Option<&'static [u8]>,
}

impl Stage {
    /// Takes an empty register this far.
    pub fn set(database: Database) -> Self {
        let register = Register::new(database).with_loopback_webhooks();
        let cast = Cast::admit(&register);
        let body = "registration-body";
        let deciders =
            register.admit_all([("decision_maker", "判定者 三", body), ("decision_maker", "判定者 四", body)]);
        let [left, dismissed] = register
            .admit_all([("provider_member", "帰った人", "osaka-cci"), ("provider_owner", "退職した人", "left")]);
        register.run(&["admin", "dismiss", &dismissed.id, "--reason", "退職"]);
        let invitation = invite(&register);
        let accounts = Accounts::prepare(&register, &cast, &dismissed.id);
        let past = tests::past::first_round(&register).registration;
        register.add_keys(&[Purpose::Licence; 2]);
        let server = register.serve();
        let client = server.client();
        let out = client.signed_in(&left).ask("POST", "/sign-out").form(&[]).send();
        assert_eq!(out.status, 303, "{}", out.told());
        let gone = vec![session(&left), session(&dismissed), key(&dismissed.api_key)];
        let cases = Cases::prepare(&client, &cast, deciders.each_ref());
        let measured = Measured::prepare(&client, &cast);
        let keys = Keys::prepare(&client);
        let correction = format!("{}# 訂正\n", client.get("/api/v1/editions/1.0/file").send().text());
        let case = Case::submit(&client, &cast, &declaration()).pass();
        let registration = case.register();
        let file = name_file(&client, &cast);
        let provider = client.signed_in(&cast.provider);
        let path = tests::licences(&registration).replace("/licences", "/licence-imports");
        let sent = provider.ask("POST", &path).body("application/octet-stream", USERS).send().ok();
        let import = text(&sent, "id").to_owned();
        let license = |name| {
            let licence = case.license_user(&registration, name);
            (text(&licence, "id").to_owned(), version(&licence))
        };
        let licences =
            Licences { to_end: license("見本工業株式会社"), to_revoke: license("見本商事株式会社") };
        let watched = Watched::prepare(&client, &cast, past);
        let operations = read(&client);
        wait_for_checkpoint(&register, &client);
        Self {
            register,
            server,
            cast,
            operations,
            gone,
            invitation,
            cases,
            measured,
            keys,
            correction,
            registration,
            licences,
            accounts,
            file,
            import,
            watched,
        }
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        self.server.client()
    }

    /// A registration whose provider is heard, and the proposal that it is heard about.
    pub fn heard(&self) -> (&str, &str) {
        (&self.measured.heard.0, &self.measured.heard.1)
    }

    /// An operation by its id.
    pub fn operation(&self, id: &str) -> &Operation {
        self.operations.iter().find(|operation| operation.id == id).expect("it is in the document")
    }

    /// Everybody, by role; `stranger` is a provider who has nothing to do with any of it.
    pub fn everybody(&self) -> [(&'static str, &Person); 14] {
        let cast = &self.cast;
        let [first, second] = &cast.examiners;
        [
            ("provider", &cast.provider),
            ("member", &cast.member),
            ("agent", &cast.agent),
            ("stranger", &cast.stranger),
            ("user", &cast.user),
            ("secretariat", &cast.secretariat),
            ("secretariat", &cast.second_secretariat),
            ("examiner", first),
            ("examiner", second),
            ("other_examiner", &cast.other_examiner),
            ("decision_maker", &cast.decision_maker),
            ("decision_maker", &cast.second_decision_maker),
            ("auditor", &cast.auditor),
            ("operator", &cast.operator),
        ]
    }

    /// What is done must leave no trace: no act, no leaf, no row, no checkpoint. That it was tried the trail says.
    pub fn unchanged(&self, what: impl FnOnce()) {
        let before = self.traces();
        what();
        assert_eq!(self.traces(), before);
    }

    fn traces(&self) -> Vec<String> {
        const TABLES: [&str; 21] = [
            "acts",
            "settings",
            "price_checks",
            "complaints",
            "complaint_words",
            "applications",
            "examinations",
            "registrations",
            "reports",
            "licences",
            "proposals",
            "people",
            "organisations",
            "credentials",
            "drafts",
            "draft_files",
            "sessions",
            "api_keys",
            "links",
            "uploads",
            "evidence",
        ];
        let sql = self.register.database().sql();
        let rows = |table| format!("{table} {}", sql.number(&format!("SELECT count(*) FROM {table}")));
        let checkpoint = self.client().get("/log/checkpoint").send().text().to_owned();
        TABLES.into_iter().map(rows).chain([checkpoint]).collect()
    }

    /// Lines of the trail that say this was asked for by somebody known, and refused.
    pub fn refusals(&self, method: &str, path: &str) -> i64 {
        let what = format!("outcome = 'refused' AND person IS NOT NULL AND what = '{method} {path}'");
        self.register.database().sql().number(&format!("SELECT count(*) FROM trail WHERE {what}"))
    }

    /// Sends a spoiled request in both languages; both are refused alike. The refusal in English.
    #[track_caller]
    pub fn refused<'a>(&self, operation: &Operation, ask: impl Fn() -> Ask<'a>) -> Refusal {
        let japanese = ask().send();
        operation.assert_documented(&japanese);
        let japanese = Refusal::read(&japanese, false);
        let english = Refusal::read(&ask().header("accept-language", "en-GB,en;q=0.8").send(), true);
        assert_eq!((japanese.status, &japanese.code), (english.status, &english.code));
        for (ja, en) in japanese.faults().iter().zip(english.faults()) {
            assert_eq!((&ja["pointer"], &ja["code"], &ja["read"]), (&en["pointer"], &en["code"], &en["read"]));
            assert_ne!(ja["message"], en["message"]);
        }
        english
    }
}

impl Cases {
    /// What is objected to is decided by these: so either decision maker of the cast may hear it.
    fn prepare(client: &Client, cast: &Cast, deciders: [&Person; 2]) -> Self {
        let submit = || Case::submit(client, cast, &declaration());
        let seen = |case: &Case<'_>| (case.id().to_owned(), case.version());
        let draft = || {
            let draft = drafts::whole(&client.signed_in(&cast.provider));
            (text(&draft, "id").to_owned(), version(&draft))
        };
        let recommended = || submit().accept().judge().recommend();
        let proposed = || text(&recommended().propose(), "id").to_owned();
        // Nothing is decided under an edition that is over.
        let stop = json!({ "reason": "誤記が見つかった。" });
        client.signed_in(&cast.second_secretariat).post("/api/v1/editions/1.0/stop", &stop).send().ok();
        let edition = json!({ "file": EDITION, "reason": "新しい年度から適用するため。" });
        let published = client.signed_in(&cast.secretariat).post("/api/v1/editions", &edition).send().ok();
        // What was read before the last act is read no longer, which another question would not make so.
        let asked = || {
            let mut case = submit().assign().declare(&cast.examiners[0]);
            let question = json!({ "criterion": "help_desk", "text": "規程のどこにありますか。" });
            case.state["version"] = case.act(&cast.examiners[0], "questions", &question).ok()["version"].clone();
            seen(&case.declare(&cast.examiners[1]))
        };
        let decided_so = |decision: &Value| recommended().decide_by(deciders, decision);
        let due = api::clock::now().day().to_string();
        let words = json!({ "words": "公表した。" });
        let conditional = || decided_so(&tests::conditional(&due));
        let failed = || decided_so(&tests::fail());
        let mut returned = submit();
        let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
        returned.state = returned.act(&cast.secretariat, "return", &reasons).ok();
        Self {
            to_withdraw: seen(&submit()),
            to_return: seen(&submit()),
            to_accept: seen(&submit()),
            returned: seen(&returned),
            examining: seen(&submit().accept()),
            judged: seen(&submit().accept().judge()),
            disputed: seen(&submit().accept().dispute()),
            recommended: seen(&recommended()),
            decided: seen(&submit().pass()),
            to_confirm: proposed(),
            to_drop: proposed(),
            publication: text(&published, "id").to_owned(),
            assigned: seen(&submit().assign()),
            to_replace: seen(&submit().accept()),
            tied: seen(&Case::tied(client, cast, &declaration())),
            to_answer: asked(),
            to_extend: asked(),
            to_close: asked(),
            conditional: seen(&conditional()),
            reported: seen(&conditional().follow(&cast.provider, "conditions/1/report", &words)),
            failed: seen(&failed()),
            objected: seen(&failed().follow(&cast.provider, "objection", &json!({ "reason": "事実と違う。" }))),
            to_save: draft(),
            to_delete: draft(),
            to_submit: draft(),
        }
    }
}

/// A file that an application names.
fn name_file(client: &Client, cast: &Cast) -> String {
    let by = client.signed_in(&cast.provider);
    let file = by.ask("POST", "/api/v1/evidence").body("application/octet-stream", FILE).send().ok();
    let digest = text(&file, "digest");
    Case::submit(client, cast, &json!({ "declaration": declaration(), "evidence": [{ "digest": digest }] }));
    digest.to_owned()
}

impl Keys {
    fn prepare(client: &Client) -> Self {
        let keys = client.get("/api/v1/keys").send().ok();
        let mut next = keys["items"].as_array().expect("a list").iter().filter(|key| key["state"] == "next");
        let mut draw = || text(next.next().expect("two were added"), "id").to_owned();
        Self { to_activate: draw(), to_distrust: draw() }
    }
}

/// What stands in the link of a fresh invitation.
fn invite(register: &Register) -> String {
    let first = Membership { role: Role::User, organisation: "9000000000000".parse().expect("a word"), until: None };
    let deed = Admit { first, name: "招かれた人".to_owned(), email: None };
    in_process(register, async |registry| {
        let call = Call::new(operator(), Origin::command(), api::clock::now());
        let admitted = registry.perform(deed, call).await.expect("nothing stands against it").state;
        admitted.invitation.expose().to_owned()
    })
}

/// A session's headers, as a page of ours sends them.
pub fn session(person: &Person) -> Shown {
    vec![
        ("cookie", format!("__Host-session={}", person.session)),
        ("sec-fetch-site", "same-origin".to_owned()),
        ("x-csrf-token", person.csrf.clone()),
    ]
}

/// An API key's header.
pub fn key(key: &str) -> Shown {
    vec![("authorization", format!("Bearer {key}"))]
}

/// The checkpoint follows the acts within a second; then nothing moves by itself.
fn wait_for_checkpoint(register: &Register, client: &Client) {
    let acts = register.acts().to_string();
    let begun = Instant::now();
    while client.get("/log/checkpoint").send().text().lines().nth(1) != Some(&acts) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the checkpoint does not follow the acts");
        thread::sleep(Duration::from_millis(50));
    }
}

impl Right {
    /// A request that anybody may send to this path of the API.
    pub fn public(path: String) -> Self {
        Self { by: None, shown: Vec::new(), path: format!("/api/v1{path}"), version: None, body: None, file: None }
    }

    /// The same in somebody's session.
    pub fn by(self, person: &Person) -> Self {
        Self { by: Some(person.clone()), shown: session(person), ..self }
    }

    /// The same for the version that was seen.
    pub fn on(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// The same with a body.
    pub fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The same with a file.
    pub fn file(self, file: &'static [u8]) -> Self {
        Self { file: Some(file), ..self }
    }

    /// As it goes well.
    pub fn ask<'a>(&self, client: &'a Client, operation: &Operation) -> Ask<'a> {
        let ask = self.without_body(client, operation);
        match (&self.body, self.file) {
            (Some(body), _) => ask.json(body),
            (None, Some(file)) => ask.body("application/octet-stream", file),
            (None, None) => ask,
        }
    }

    /// All but the body.
    pub fn without_body<'a>(&self, client: &'a Client, operation: &Operation) -> Ask<'a> {
        let ask = client.ask(&operation.method, &self.path);
        let ask = self.shown.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        match self.version {
            Some(version) => ask.on_version(version),
            None => ask,
        }
    }

    /// The lines of its header, for a request that no library would send.
    pub fn lines(&self) -> Vec<String> {
        let version = self.version.map(|version| format!("If-Match: \"{version}\""));
        self.shown.iter().map(|(name, value)| format!("{name}: {value}")).chain(version).collect()
    }
}
