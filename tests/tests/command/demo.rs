//! `otasuketai demo`

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};
use tests::{Client, Demonstration, otasuketai, text};

use crate::{Ended, run};

#[test]
fn its_object_leads_to_everything() {
    let demo = Demonstration::start();
    println!("from start to links: {:?}", demo.took);
    let document = &demo.document;
    let fields: BTreeSet<&str> = document.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["accounts", "api_key", "base_url", "data", "marks", "register"]));
    let base = text(document, "base_url");
    assert_eq!(text(document, "register"), format!("{base}/register"));
    assert!(fs::canonicalize(demo.data()).is_ok_and(|data| data.as_os_str() == text(document, "data")));
    let client = demo.client();
    for mark in document["marks"].as_array().expect("marks") {
        let fields: Vec<&String> = mark.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["holder", "kind", "link", "png"]);
        for link in [text(mark, "link"), text(mark, "png")] {
            let path = link.strip_prefix(base).expect("at the register");
            assert_eq!(client.get(path).send().status, 200, "{path}");
        }
    }
    let by_key = client.with_key(text(document, "api_key"));
    assert_eq!(by_key.get("/api/v1/applications").send().status, 200);
    for (role, account) in document["accounts"].as_object().expect("accounts") {
        let person = enter(&client, account);
        let session = client.get("/api/v1/session").header("cookie", &person).send().ok();
        assert!(!session["roles"].as_array().expect("roles").is_empty(), "{role}: {session}");
    }
}

/// Signs in as the page does, with the first recovery code; the cookie.
fn enter(client: &Client, account: &Value) -> String {
    let form = client.get("/sign-in").send();
    let visit = form.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let csrf = form.text().split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [
        ("login", text(account, "login")),
        ("password", text(account, "password")),
        ("code", account["codes"][0].as_str().expect("a code")),
        ("csrf", csrf.expect("the form carries its token")),
    ];
    let ask = client.ask("POST", "/sign-in").header("cookie", &visit).header("sec-fetch-site", "same-origin");
    let entered = ask.form(&fields).send();
    assert_eq!(entered.status, 303, "{}", entered.told());
    entered.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

/// The first round: registered services each with a provider's mark and a user's, all valid, one application waiting
/// for its examiners, and a register that agrees with its own log.
#[test]
fn the_first_round_is_played_and_one_application_waits() {
    let demo = Demonstration::start();
    let client = demo.client();
    let list = client.get("/api/v1/registrations").send().ok();
    let services = list["items"].as_array().expect("services");
    let states: BTreeSet<&str> = services.iter().map(|service| text(&service["state"], "name")).collect();
    assert_eq!(states, BTreeSet::from(["valid"]));
    let marks = demo.marks();
    assert_eq!(marks.len(), 2 * services.len());
    let osaka = &marks[0];
    assert_eq!((osaka.holder.as_str(), osaka.kind.as_str()), ("大阪商工会議所", "provider"));
    for mark in &marks {
        let said = client.get(&format!("/api/v1/marks/{}", mark.licence)).send().ok();
        assert_eq!((&said["answer"], &said["holder"]["name"]), (&json!("valid"), &json!(mark.holder)));
    }
    let examiner = enter(&client, &demo.document["accounts"]["examiner"]);
    let queue = client.get("/api/v1/applications?stage=examining").header("cookie", &examiner).send().ok();
    assert_eq!(queue["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(services.len(), 5, "the services of the first round");

    let data = text(&demo.document, "data").to_owned();
    let base = text(&demo.document, "base_url").to_owned();
    let fsck = run(&["fsck", "--data", &data, "--base-url", &base, "--json"]).said(0);
    let findings: Value = serde_json::from_str(&fsck).expect("JSON");
    assert_eq!(findings["differences"], json!([]));
    assert!(demo.end(), "it ends well when it is asked to");
}

#[test]
fn its_words_are_for_people() {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let data = folder.path().join("new/data");
    let ended = run(&["demo", "--no-serve", "--log", "warn", "--data", data.to_str().expect("text")]);
    let out = ended.said(0);
    for word in
        ["実演用", "everything in it is an example", "登録簿 / register", "/examinations", "examiner", "otk_", "Ctrl-C"]
    {
        assert!(out.contains(word), "{word} is not there: {out}");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&data).expect("made").permissions());
    assert_eq!(mode & 0o777, 0o700, "only the owner looks in");
}

/// It takes an empty folder only: nobody's register is ever filled with inventions.
#[test]
fn it_refuses_a_folder_with_something_in_it() {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let path = folder.path().to_str().expect("text");
    fs::write(folder.path().join("something"), "kept").expect("the folder is ours");
    run(&["demo", "--no-serve", "--data", path]).complained(70, &["--data", path, "name an empty folder"]);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let file = folder.path().join("something");
    run(&["demo", "--no-serve", "--data", file.to_str().expect("text")]).complained(70, &["--data"]);
    assert_eq!(fs::read_to_string(file).expect("still there"), "kept");
}

/// A port that was asked for and is taken stops it; the usual one being taken does not.
#[test]
fn a_port_that_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = listener.local_addr().expect("bound").to_string();
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let data = folder.path().join("data");
    let data = data.to_str().expect("text");
    run(&["demo", "--listen", &taken, "--data", data]).complained(70, &["--listen", &taken, "in use"]);
    run(&["demo", "--listen", "nowhere", "--data", data]).complained(64, &["--listen", "nowhere"]);

    // Taken by us or by somebody else on this machine.
    let _usual = TcpListener::bind("127.0.0.1:8080");
    let mut process = otasuketai(&["demo", "--json", "--log", "warn", "--data", data])
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("links");
    let document: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let base = text(&document, "base_url");
    assert!(!base.ends_with(":8080"), "{base}");
    assert_eq!(Client::new(base).get("/health/live").send().status, 200);
    process.kill().expect("ours");
    process.wait().expect("ours");
}

/// The links come soon; how soon is measured, not promised, on whatever machine this is.
#[test]
fn without_serving_it_ends_by_itself() {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let data = folder.path().join("data");
    let begun = Instant::now();
    let ended = Ended::of(otasuketai(&[
        "demo",
        "--no-serve",
        "--json",
        "--log",
        "warn",
        "--data",
        data.to_str().expect("text"),
    ]));
    println!("the whole story: {:?}", begun.elapsed());
    let out = ended.said(0);
    assert_eq!(out.lines().count(), 1);
}
