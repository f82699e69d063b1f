//! The six answers, each from real acts, as JSON and as a page, on both databases.

use std::fs;

use serde_json::{Value, json};
use tests::staff::BODY;
use tests::{Answer, Case, Cast, Client, Database, Engine, Register, declaration, past, text, version};

tests::on_both!(what_acts_lead_to, a_term_that_ended, what_the_register_does_not_know);

/// Whatever is asked: the answer is not kept and sets nothing; the page sends nobody on.
fn ask(client: &Client, code: &str) -> Value {
    let answer = client.get(&format!("/api/v1/marks/{code}")).send();
    assert_private(&answer);
    let said = answer.ok();
    for path in [format!("/{code}"), format!("/en/{code}")] {
        let page = client.get(&path).header("accept", "text/html").send();
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert_private(&page);
        if said["answer"] == "not_ours" {
            assert!(!page.text().contains(code), "the page repeats the code");
        } else {
            assert!(page.text().contains(text(&said["holder"], "name")), "no holder on the page");
        }
    }
    let json = client.get(&format!("/{code}")).header("accept", "application/json").send();
    assert_private(&json);
    assert_eq!((&json.ok()["answer"], &json.ok()["why"]), (&said["answer"], &said["why"]));
    said
}

#[track_caller]
fn assert_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.told());
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.headers.get("set-cookie").is_none(), "a cookie");
    assert!(answer.headers.get("etag").is_none(), "a tag to be known by");
}

/// The code behind the host of a licence's mark: the token's digits, or the id.
fn codes(licence: &Value) -> [String; 2] {
    ["link", "miniLink"].map(|link| text(licence, link).rsplit('/').next().expect("a last part").to_owned())
}

fn what_acts_lead_to(database: Database) {
    let register = Register::new(database);
    let cast = Cast::admit(&register);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).pass();
    let registration = case.register();
    let own = case.license_provider(&registration);
    let ended = case.license_user(&registration, "終わる商店");
    let revoked = case.license_user(&registration, "取り消される商店");
    let close = |licence: &Value, how: &str, reason: &str| {
        let path = format!("/api/v1/licences/{}/{how}", text(licence, "id"));
        let by = client.signed_in(&cast.secretariat);
        let told = by.post(&path, &json!({ "reason": reason })).on_version(version(licence)).send().ok();
        if how == "revocation" {
            case.confirm(&cast.second_secretariat, &told).ok();
        }
    };
    let expect = |licence: &Value, answer: &str, reason: Option<&str>| {
        for (code, is_full) in codes(licence).iter().zip([true, false]) {
            let said = ask(&client, code);
            assert_eq!(said["answer"], answer, "{said}");
            assert_eq!(said["why"], Value::Null);
            assert_eq!(said["reason"].as_str(), reason);
            assert_eq!(said["since"].is_null(), answer == "valid", "{said}");
            assert_eq!(said["licence"], licence["id"]);
            assert_eq!(said["holder"]["name"], licence["holderName"]);
            assert_eq!(said["holder"]["kind"], licence["holderKind"]);
            assert_eq!(said["service"]["number"], registration["number"]);
            // Only a token says when its print ends.
            assert_eq!(said["printedTermEndsAt"].is_string(), is_full, "{said}");
        }
    };
    expect(&own, "valid", None);
    expect(&ended, "valid", None);
    close(&ended, "end", "契約終了");
    close(&revoked, "revocation", "虚偽の表示");
    expect(&ended, "ended", None);
    expect(&revoked, "revoked", Some("虚偽の表示"));
    expect(&own, "valid", None);

    let suspended = case.measure(&registration, "suspend", "監視が止まっている").ok();
    expect(&own, "suspended", Some("監視が止まっている"));
    expect(&ended, "ended", None);
    let reinstated = case.measure(&suspended, "reinstate", "監視が戻った").ok();
    expect(&own, "valid", None);
    case.measure(&reinstated, "revoke", "是正されなかった").ok();
    expect(&own, "revoked", Some("是正されなかった"));
    // What a licence's own act did stays what it was.
    expect(&ended, "ended", None);
    expect(&revoked, "revoked", Some("虚偽の表示"));

    // Who looked at which mark is nobody's business, the log's neither.
    let log = server.log();
    for licence in [&own, &ended, &revoked] {
        for code in codes(licence) {
            assert!(!log.contains(&code[..8]), "the log names a mark");
        }
    }
}

/// A term that was never renewed ends by the clock alone.
fn a_term_that_ended(database: Database) {
    let register = Register::new(database);
    let past = past::first_round(&register);
    let admin = register.admit("auditor", "監査人", BODY);
    let server = register.serve();
    let licence = server.client().signed_in(&admin).get(&format!("/api/v1/licences/{}", past.licence)).send().ok();
    for code in codes(&licence) {
        let said = ask(&server.client(), &code);
        assert_eq!((&said["answer"], &said["since"]), (&json!("ended"), &json!("2023-04-30T15:00:00Z")), "{said}");
    }
}

/// A register that was set up anew with the same keys knows nothing of what it signed before: the mark is genuine, and
/// neither shown as valid nor as forged.
fn what_the_register_does_not_know(database: Database) {
    let is_embedded = database.engine() == Engine::Sqlite;
    let before = Register::new(database);
    let cast = Cast::admit(&before);
    let server = before.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let licence = case.license_user(&case.register(), "記録にない商店");
    server.end();

    let after = Register::new(if is_embedded { Database::sqlite() } else { Database::postgres() });
    fs::create_dir(after.data()).expect("the folder is ours");
    fs::copy(before.data().join("keys.pem"), after.data().join("keys.pem")).expect("the keys are there");
    let server = after.serve();
    let [digits, id] = codes(&licence);
    let said = ask(&server.client(), &digits);
    assert_eq!((&said["answer"], &said["why"]), (&json!("unknown"), &json!("not_listed")), "{said}");
    assert_eq!(said["holder"]["name"], "記録にない商店");
    assert_eq!((&said["service"], &said["since"], &said["reason"]), (&Value::Null, &Value::Null, &Value::Null));
    let said = ask(&server.client(), &id);
    assert_eq!((&said["answer"], &said["why"]), (&json!("not_ours"), &json!("no_such_licence")));
}
