//! The log of the process: it is for the operator, and a stranger writes nothing into it.

use tests::Database;

use crate::places::House;

/// Neither what strangers send, nor which mark was looked at, nor what opens the register.
#[test]
fn what_strangers_send_is_not_logged() {
    let house = House::open(Database::sqlite());
    let client = house.client();
    for place in house.places() {
        house.ask(&place, "x%0d%0a2026-11-24T00:00:00Z%20ERROR%20stranger");
        house.ask(&place, "%1b[31mstranger");
    }
    client.get("/register").header("user-agent", "stranger").header("referer", "https://stranger.example").send();
    client.get("/api/v1/applications").header("authorization", "Bearer otk_stranger").send();
    house.post("/sign-in", "token=stranger");
    house.post("/verify", "code=stranger");
    client.get(&format!("/{}", house.licence)).send();
    let log = house.server.log();
    assert!(log.contains("serving"), "it is written: {log}");
    for word in ["stranger", "otk_", &house.licence, "\u{1b}"] {
        assert!(!log.contains(word), "{word}: {log}");
    }
    for person in [&house.cast.provider, &house.cast.secretariat, &house.cast.decision_maker] {
        assert!(!log.contains(&person.session) && !log.contains(&person.csrf), "a secret: {log}");
    }
    house.server.end();
}
