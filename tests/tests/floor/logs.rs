//! The log of the process: it is for the operator, and a stranger writes nothing into it.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::{Database, Register, Visit, text};

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

/// Every line of the log for programs is one JSON object, with its time in UTC.
#[test]
fn programs_read_the_log() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve_under(&["env", "OTASUKETAI_LOG_FORMAT=json"]);
    // A refusal too, and the letters that would end a line or a text.
    assert_eq!(server.client().ask("POST", "/sign-in").form(&[("login", "x\"\r\n{")]).send().status, 403);
    server.client().signed_in(&cast.auditor).get("/trail").send();
    server.ask_to_end();
    let log = server.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.len() >= 2, "{log}");
    for line in &lines {
        let at = line["timestamp"].as_str().unwrap_or_default();
        assert!(at.ends_with('Z') && at.starts_with("20"), "{line}");
        assert!(line["level"].is_string() && line["fields"]["message"].is_string(), "{line}");
    }
    assert!(lines.iter().any(|line| line["fields"]["message"] == "refused" && line["level"] == "WARN"), "{log}");
}

/// What goes wrong on our side is told to nobody but the log, under the reference that the caller is shown.
#[test]
fn a_failure_of_ours_is_in_the_log_under_its_reference() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let secretariat = server.client().signed_in(&cast.secretariat);
    assert_eq!(secretariat.get("/people").send().status, 200);
    register.database().sql().execute("ALTER TABLE profiles RENAME TO gone");
    let page = secretariat.get("/people").send();
    let told = secretariat.get("/api/v1/people").send();
    let problem = told.refused(500, "internal");
    assert_eq!(page.status, 500, "{}", page.told());
    let reference = problem["reference"].as_str().expect("a reference");
    let log = server.log();
    let of_it: Vec<&str> = log.lines().filter(|line| line.contains(reference)).collect();
    assert!(of_it.len() == 1 && of_it[0].contains("ERROR") && of_it[0].contains("profiles"), "{log}");
    for answer in [&page, &told] {
        assert!(!answer.text().contains("profiles") && !answer.text().contains("SQL"), "{}", answer.told());
    }
    // The page's has its own.
    let errors = log.lines().filter(|line| line.contains("ERROR"));
    assert!(errors.clone().any(|line| page.text().contains(reference_in(line))), "{log}");
}

fn reference_in(line: &str) -> &str {
    let after = line.split("reference=").nth(1).unwrap_or("no reference").trim_start_matches('"');
    after.split(['"', ' ']).next().unwrap_or_default()
}

/// What nobody known was refused has a line of its own, with the network and the kind, and not one for every try.
#[test]
fn strangers_who_try_are_in_the_log_once_a_minute() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let count = |code: &str| {
        let log = server.log();
        let lines = log.lines().filter(|line| line.contains(" refused ") && line.contains(&format!("code=\"{code}\"")));
        assert!(lines.clone().all(|line| line.contains("network=\"127.0.0.1\"") && line.contains("WARN")), "{log}");
        lines.count()
    };
    for _ in 0..3 {
        // A form that is none of ours; a body that is none; a search that nobody can mean.
        assert_eq!(server.client().ask("POST", "/sign-in").form(&[("login", "x")]).send().status, 403);
        server.client().ask("POST", "/api/v1/assessments").body("application/json", "{").send();
        server.client().get("/api/v1/registrations?q=a&q=b").send().refused(422, "invalid");
        // Whoever must sign in, or finds nothing, has done nothing.
        server.client().get("/api/v1/applications").send().refused(401, "signed_out");
        server.client().get("/api/v1/nothing").send().refused(404, "not_found");
    }
    assert_eq!(["forbidden", "invalid", "signed_out", "not_found"].map(count), [1, 1, 0, 0], "{}", server.log());
    assert_eq!(count("unreadable"), 1, "{}", server.log());
    // Guesses, and the waits that they cost.
    for _ in 0..8 {
        Visit::new(&server).post("/sign-in", &[("login", &cast.auditor.id), ("password", "x"), ("code", "x")]);
    }
    assert_eq!(["sign_in", "wait"].map(count), [1, 1], "{}", server.log());
    // Of somebody known the trail tells, and this does not.
    server.client().signed_in(&cast.auditor).ask("POST", "/account/password").form(&[("code", "x")]).send();
    assert_eq!(count("code"), 0);
}

/// A server that has done some of everything has these files open for writing besides what it was started with, and leaves no others behind.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_written_anywhere_else() {
    let house = House::open(Database::sqlite());
    house.client().get(&format!("/licences/{}/mark.png", house.licence)).send();
    house.client().signed_in(&house.cast.auditor).get("/trail.csv").send();
    let provider = house.client().signed_in(&house.cast.provider);
    let upload = |file: &str| provider.ask("POST", "/api/v1/evidence").body("application/octet-stream", file).send();
    let kept = upload("a,b\n").ok();
    upload("<svg/>").refused(422, "file_markup");
    let mut open = BTreeSet::new();
    for number in fs::read_dir(format!("/proc/{}/fdinfo", house.server.id())).expect("it runs").flatten() {
        let number = number.file_name().into_string().expect("a number");
        let info = fs::read_to_string(format!("/proc/{}/fdinfo/{number}", house.server.id())).unwrap_or_default();
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).map(str::trim).unwrap_or("0");
        let is_written = u32::from_str_radix(flags, 8).expect("an octal number") & 3 != 0;
        let target = fs::read_link(format!("/proc/{}/fd/{number}", house.server.id())).unwrap_or_default();
        // The first three are what it was given: standard error is the log.
        let is_own = number.parse::<u32>().expect("a number") > 2;
        if is_own && is_written && target.is_absolute() && !target.starts_with("/dev") {
            open.insert(target.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    let is_database = |name: &str| name.starts_with("register.sqlite");
    assert!(open.iter().all(|name| is_database(name)) && !open.is_empty(), "{open:?}");
    for file in fs::read_dir(house.register.data()).expect("it is there").flatten() {
        let name = file.file_name().into_string().expect("a name");
        assert!(["keys.pem", "jwks.json", "evidence"].contains(&name.as_str()) || is_database(&name), "{name}");
    }
    // Of files that were sent the one that was taken, under its digest, and none on its way.
    let digest = text(&kept, "digest");
    let evidence = house.register.data().join("evidence");
    assert!(evidence.join(&digest[..2]).join(digest).is_file());
    let begun = Instant::now();
    while fs::read_dir(evidence.join("incoming")).expect("it is there").next().is_some() {
        assert!(begun.elapsed() < Duration::from_secs(20), "a file that was not taken is left");
        std::thread::sleep(Duration::from_millis(20));
    }
}
