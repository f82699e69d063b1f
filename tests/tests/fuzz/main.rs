//! The contract, fuzzed: a fuzzer that this project did not write reads the served OpenAPI document, and calls every
//! operation rightly, wrongly and in sequence, with each role's credentials. No answer is a failure of ours (5xx), none
//! has a status, a type, a header or a body that the document does not tell, what the document forbids is refused, and
//! credentials that are none open nothing. Afterwards the register is whole.

mod fuzzer;
mod stage;

use fuzzer::{Phases, Shown};
use serde_json::json;
use stage::Stage;
use tests::{Cast, Database};

/// Somebody whose right requests change the register: some must have gone well.
fn who_acts(database: Database, phases: Phases, shown: impl Fn(&Cast) -> Shown<'_>) {
    assert_ne!(acts_of_a_run(database, phases, shown), 0);
}

/// Somebody who may change nothing, but complain as anybody may.
fn who_reads(database: Database, phases: Phases, shown: impl Fn(&Cast) -> Shown<'_>) {
    assert_eq!(acts_of_a_run(database, phases, shown), 0);
}

fn acts_of_a_run(database: Database, phases: Phases, shown: impl Fn(&Cast) -> Shown<'_>) -> i64 {
    let stage = Stage::set(database);
    let acts = || {
        let sql = stage.register.database().sql();
        sql.number("SELECT count(*) FROM acts WHERE subject NOT LIKE 'complaint/%'")
    };
    let before = acts();
    fuzzer::run(&stage, shown(&stage.cast), phases);
    let done = acts() - before;
    stage.server.end();
    stage.register.assert_whole();
    done
}

/// The fuzzer sees what it is there for: a document that tells less than there is, or something else, is caught at it.
#[test]
fn a_document_that_lies() {
    let stage = Stage::set(Database::sqlite());
    let mut document = stage.server.client().get("/api/v1/openapi.json").send().ok();
    document["components"]["schemas"]["Registration"]["properties"]["serviceName"]["type"] = json!("integer");
    document["paths"]["/editions"]["get"]["security"] = json!([{ "session": [] }]);
    let responses = document["paths"]["/registrations"]["get"]["responses"].as_object_mut();
    responses.and_then(|responses| responses.remove("422")).expect("it is documented");
    let operations = ["--include-operation-id", "listRegistrations", "--include-operation-id", "listEditions"];
    let found = fuzzer::fuzz(&stage, Shown::Nothing, &document, &operations).expect_err("the document lies");
    for lie in ["Undocumented status code", "Response violates schema", "API accepts requests without authentication"] {
        assert!(found.contains(lie), "{lie}: {found}");
    }
}

// One database each: what differs between them, the journeys show.

#[test]
fn nobody() {
    who_reads(Database::sqlite(), Phases::All, |_| Shown::Nothing);
}

#[test]
fn a_provider_in_a_session() {
    who_acts(Database::postgres(), Phases::All, |cast| Shown::Session(&cast.provider));
}

#[test]
fn a_provider_with_a_key() {
    who_acts(Database::sqlite(), Phases::WithoutCoverage, |cast| Shown::ApiKey(&cast.provider));
}

#[test]
fn the_secretariat() {
    who_acts(Database::postgres(), Phases::All, |cast| Shown::Session(&cast.secretariat));
}

#[test]
fn an_examiner() {
    who_acts(Database::sqlite(), Phases::WithoutCoverage, |cast| Shown::Session(&cast.examiners[0]));
}

#[test]
fn a_decision_maker() {
    who_acts(Database::postgres(), Phases::WithoutCoverage, |cast| Shown::Session(&cast.decision_maker));
}

#[test]
fn an_auditor() {
    who_reads(Database::sqlite(), Phases::WithoutCoverage, |cast| Shown::Session(&cast.auditor));
}

#[test]
fn an_operator() {
    who_acts(Database::postgres(), Phases::WithoutCoverage, |cast| Shown::Session(&cast.operator));
}
