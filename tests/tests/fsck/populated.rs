//! A register in which every table has rows, and every column that may be empty is both empty and not.

use api::store::{Findings, check};
use domain::tlog::note::NoteKey;
use serde_json::json;
use tests::staff::BODY;
use tests::{Case, Cast, Database, Register, Sql, declaration, text, version};
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
        let checked = self.runtime.block_on(check(self.register.database().url(), std::slice::from_ref(&self.log)));
        checked.unwrap_or_else(|error| panic!("could not be checked: {error}"))
    }

    #[track_caller]
    pub fn assert_clean(&self) {
        let findings = self.check();
        assert!(findings.is_clean(), "{:?}", findings.differences);
    }
}

fn populate(register: &Register, cast: &Cast, submissions: usize) {
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
    let withdrawn = new();
    withdrawn.act(&cast.provider, "withdrawal", &json!({ "reason": "やめる" })).ok();
    let provider = client.signed_in(&cast.provider);
    for submission in 0..3 + submissions {
        let key = format!("submission-{submission}");
        provider.post("/api/v1/applications", &declaration()).key(&key).send().ok();
    }
    let leaver = register.admit("auditor", "辞める人", BODY);
    register.run(&["admin", "dismiss", &leaver.id, "--reason", "退職"]);
    server.end();
}
