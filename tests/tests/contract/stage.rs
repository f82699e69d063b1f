//! A register with something in every state, and for each operation the one request that would go well.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Ask, Case, Cast, Client, Database, Register, Server, declaration, licences};

use crate::operations::{Operation, read};
use crate::refusal::Refusal;

/// The register, its people, and ids of what there is.
pub struct Stage {
    pub register: Register,
    pub server: Server,
    pub cast: Cast,
    pub operations: Vec<Operation>,
    /// A token that was ended.
    pub ended_token: String,
    operator: String,
    cases: Cases,
    registration: Value,
    licence: Value,
}

/// An application in each stage, and its version.
struct Cases {
    to_withdraw: (String, u64),
    to_return: (String, u64),
    to_accept: (String, u64),
    returned: (String, u64),
    examining: (String, u64),
    judged: (String, u64),
    recommended: (String, u64),
    decided: (String, u64),
}

/// A request that goes well.
pub struct Right {
    pub token: Option<String>,
    /// With ids in place of names.
    pub path: String,
    pub version: Option<u64>,
    pub body: Option<Value>,
}

impl Stage {
    /// Takes an empty register this far.
    pub fn set(database: Database) -> Self {
        let register = Register::new(database);
        let cast = Cast::admit(&register);
        let operator = register.admit("operator", "運用者", None).token;
        let dismissed = register.admit("provider", "退職した人", Some("osaka-cci"));
        register.run(&["token", "end", &dismissed.id, "--reason", "退職"]);
        let server = register.serve();
        let client = server.client();
        let submit = || Case::submit(&client, &cast, &declaration());
        let seen = |case: &Case| (case.id().to_owned(), case.version());
        let mut returned = submit();
        let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
        returned.state = returned.act(&cast.secretariat, "return", &reasons).ok();
        let cases = Cases {
            to_withdraw: seen(&submit()),
            to_return: seen(&submit()),
            to_accept: seen(&submit()),
            returned: seen(&returned),
            examining: seen(&submit().accept()),
            judged: seen(&submit().accept().judge()),
            recommended: seen(&submit().accept().judge().recommend()),
            decided: seen(&submit().pass()),
        };
        let case = submit().pass();
        let registration = case.register();
        let licence = case.license_user(&registration, "見本工業株式会社");
        let operations = read(&client);
        wait_for_checkpoint(&register, &client);
        let ended_token = dismissed.token;
        Self { register, server, cast, operations, ended_token, operator, cases, registration, licence }
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        self.server.client()
    }

    /// The tokens of everybody, by role; `stranger` is a provider who has nothing to do with any of it.
    pub fn tokens(&self) -> [(&str, &str); 7] {
        let Cast { provider, stranger, secretariat, examiners, decision_maker, auditor } = &self.cast;
        [
            ("provider", &provider.token),
            ("stranger", &stranger.token),
            ("secretariat", &secretariat.token),
            ("examiner", &examiners[0].token),
            ("decision_maker", &decision_maker.token),
            ("auditor", &auditor.token),
            ("operator", &self.operator),
        ]
    }

    /// What is done must leave no trace: no act, no leaf, no row, no checkpoint.
    pub fn unchanged(&self, what: impl FnOnce()) {
        let before = self.traces();
        what();
        assert_eq!(self.traces(), before);
    }

    fn traces(&self) -> Vec<String> {
        const TABLES: [&str; 6] = ["acts", "applications", "examinations", "registrations", "licences", "people"];
        let sql = self.register.database().sql();
        let rows = |table| format!("{table} {}", sql.number(&format!("SELECT count(*) FROM {table}")));
        let checkpoint = self.client().get("/log/checkpoint").send().text().to_owned();
        TABLES.into_iter().map(rows).chain([checkpoint]).collect()
    }

    /// The request that goes well. An operation without one fails the sweep.
    pub fn right(&self, operation: &Operation) -> Right {
        let Cast { provider, secretariat, examiners, decision_maker, auditor, .. } = &self.cast;
        let Cases { to_withdraw, to_return, to_accept, returned, examining, judged, recommended, decided } =
            &self.cases;
        let number = self.registration["number"].as_str().expect("a registration has a number");
        let licence = self.licence["id"].as_str().expect("a licence has an id");
        let pass = || json!({ "verdict": "pass", "reason": "すべて満たす。" });
        let judgement = json!({ "criterion": "help_desk", "answer": "met", "reason": "規約で確かめた。" });
        let public = |path: String| Right { token: None, path, version: None, body: None };
        let get = |path: String| Right { token: Some(auditor.token.clone()), ..public(path) };
        let new = |token: &str, path: String, body: Value| Right {
            token: Some(token.to_owned()),
            path,
            version: None,
            body: Some(body),
        };
        let act = |token: &str, (id, version): &(String, u64), what: &str, body: Value| Right {
            version: Some(*version),
            ..new(token, format!("/applications/{id}/{what}"), body)
        };
        let under = |what: &str| format!("/registrations/{number}{what}");
        let mut right = match operation.id.as_str() {
            "listRegistrations" => public("/registrations".into()),
            "getRegistration" => public(under("")),
            "registrationOnDay" => public(under("/valid-on/2026-01-01")),
            "takeMeasure" => Right {
                version: self.registration["version"].as_u64(),
                ..new(
                    &secretariat.token,
                    under("/measures"),
                    json!({ "measure": "suspend", "reason": "監視が止まった。" }),
                )
            },
            "verifyMark" => public(format!("/marks/{licence}")),
            "listEditions" => public("/editions".into()),
            "getEdition" => public("/editions/1.0".into()),
            "assess" => Right { body: Some(declaration()), ..public("/assessments".into()) },
            "submitApplication" => new(&provider.token, "/applications".into(), declaration()),
            "listApplications" => get("/applications".into()),
            "getApplication" => get(format!("/applications/{}", decided.0)),
            "assessApplication" => get(format!("/applications/{}/assessment", decided.0)),
            "listExaminations" => get(format!("/applications/{}/examinations", decided.0)),
            "resubmitApplication" => act(&provider.token, returned, "declaration", declaration()),
            "withdrawApplication" => {
                act(&provider.token, to_withdraw, "withdrawal", json!({ "reason": "見直すため。" }))
            }
            "returnApplication" => {
                let reason = json!({ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" });
                act(&secretariat.token, to_return, "return", json!({ "reasons": [reason] }))
            }
            "acceptApplication" => {
                let both = examiners.each_ref().map(|examiner| &examiner.id);
                act(&secretariat.token, to_accept, "acceptance", json!({ "examiners": both }))
            }
            "judge" => act(&examiners[0].token, examining, "judgements", json!({ "judgements": [judgement] })),
            "recommend" => act(&examiners[0].token, judged, "recommendation", pass()),
            "decide" => act(&decision_maker.token, recommended, "decision", pass()),
            "register" => {
                act(&secretariat.token, decided, "registration", json!({ "from": api::clock::now().day().to_string() }))
            }
            "grantLicence" => new(
                &provider.token,
                String::new(),
                json!({
                    "holderKind": "user", "holderName": "別の利用企業", "contractFrom": "2026-01-05",
                }),
            ),
            "listLicences" => get(String::new()),
            "getLicence" => get(format!("/licences/{licence}")),
            "closeLicence" => Right {
                version: self.licence["version"].as_u64(),
                ..new(
                    &secretariat.token,
                    format!("/licences/{licence}/closing"),
                    json!({ "closing": "end", "reason": "契約が終わった。" }),
                )
            },
            "getLeaf" => public("/log/leaves/0".into()),
            new => panic!("the sweep does not know {new}: say here what a right request to it is"),
        };
        if right.path.is_empty() {
            right.path = licences(&self.registration);
        } else {
            right.path = format!("/api/v1{}", right.path);
        }
        right
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

/// The checkpoint follows the acts within a second; then nothing moves by itself.
fn wait_for_checkpoint(register: &Register, client: &Client) {
    let acts = register.database().sql().number("SELECT count(*) FROM acts").to_string();
    let begun = Instant::now();
    while client.get("/log/checkpoint").send().text().lines().nth(1) != Some(&acts) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the checkpoint does not follow the acts");
        thread::sleep(Duration::from_millis(50));
    }
}

impl Right {
    /// As it goes well.
    pub fn ask<'a>(&self, client: &'a Client, operation: &Operation) -> Ask<'a> {
        let ask = self.without_body(client, operation);
        match &self.body {
            Some(body) => ask.json(body),
            None => ask,
        }
    }

    /// All but the body.
    pub fn without_body<'a>(&self, client: &'a Client, operation: &Operation) -> Ask<'a> {
        let mut ask = client.ask(&operation.method, &self.path);
        if let Some(token) = &self.token {
            ask = ask.header("authorization", &format!("Bearer {token}"));
        }
        match self.version {
            Some(version) => ask.on_version(version),
            None => ask,
        }
    }
}
