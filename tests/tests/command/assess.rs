//! `otasuketai assess`

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::example;

use crate::run;

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/examples/declaration/valid");
    folder.join(name).into_os_string().into_string().expect("the checkout's path is text")
}

/// Writes a document to a file of its own.
fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let file = folder.path().join("declaration.json");
    fs::write(&file, text).expect("the folder is ours");
    (folder, file)
}

fn findings(document: &Value) -> impl Iterator<Item = (&str, &str)> {
    document["findings"].as_array().into_iter().flatten().map(|finding| {
        let answer = finding["conclusion"]["answer"].as_str().unwrap_or_default();
        (finding["criterion"].as_str().unwrap_or_default(), answer)
    })
}

/// Osaka's service of the first round, with the prices of its press release, tax included: judged as edition 1.0 would,
/// which capped them at 10,000 yen without tax.
#[test]
fn osaka_on_the_day_of_the_first_round() {
    let osaka = file("osaka-cci.json");
    let out = run(&["assess", &osaka, "--on", "2021-04-15", "--json"]).said(2);
    assert_eq!(out.lines().count(), 1, "one object on one line");
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&document["edition"], &document["day"]), (&json!("1.0"), &json!("2021-04-15")));
    assert_eq!(document["outcome"], "undetermined", "some criteria are a person's to judge");
    for (criterion, answer) in [
        ("network_price", "met"),
        ("minimum_term", "met"),
        ("network_monitoring", "met"),
        ("insurance", "met"),
        ("endpoint_price", "not_applicable"),
        ("combined_price", "not_in_force"),
        ("consulting", "not_in_force"),
        ("simplicity", "undetermined"),
    ] {
        assert_eq!(findings(&document).find(|(found, _)| *found == criterion), Some((criterion, answer)));
    }
    let unmet: Vec<_> = findings(&document).filter(|(_, answer)| *answer == "unmet").collect();
    assert_eq!(unmet, []);
    for finding in document["findings"].as_array().expect("findings") {
        for text in [&finding["clause"], &finding["reason"]] {
            assert!(text["ja"].as_str().is_some_and(|ja| !ja.is_ascii()) && text["en"].is_string(), "{finding}");
        }
    }

    let prose = run(&["assess", &osaka, "--on", "2021-04-15", "--language", "en"]).said(2);
    assert!(prose.starts_with("Edition 1.0, class 1, network kind, as of 2021-04-15\n"), "{prose}");
    assert!(prose.contains("6,600 yen (including 10% tax) a month = 6,000 yen (tax excluded)"), "{prose}");
    let prose = run(&["assess", &osaka, "--on", "2021-04-15"]).said(2);
    assert!(prose.contains("6,600円（税込・税率10%）＝6,000円（税抜）"), "{prose}");
}

#[test]
fn the_status_says_the_outcome() {
    let mut dear = example("osaka-cci.json");
    dear["prices"][0]["amount"]["yen"] = json!(99_000);
    let (_folder, dear) = written(&dear.to_string());
    let dear = dear.to_str().expect("text");
    let out = run(&["assess", dear, "--on", "2021-04-15", "--json"]).said(1);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["outcome"], "unmet");
    assert!(findings(&document).any(|found| found == ("network_price", "unmet")));
    // One criterion unmet outweighs all that a person must judge.
    run(&["assess", &file("meets-hardly-anything.json")]).said(1);
    run(&["assess", &file("network-at-the-cap.json")]).said(2);
}

#[test]
fn the_first_edition_begins_on_its_day() {
    let osaka = file("osaka-cci.json");
    let editions = domain::edition::Editions::bundled();
    let first = editions.all().first().expect("an edition").in_force_from;
    run(&["assess", &osaka, "--on", &first.to_string()]).said(2);
    let before = first.previous().to_string();
    run(&["assess", &osaka, "--on", &before]).complained(3, &[&before, "No edition", "版はありません"]);
    run(&["assess", &osaka, "--on", "1970-01-01", "--json"]).complained(3, &["1970-01-01"]);
}

/// Whatever is no declaration is told with its place, on standard error, and never assessed.
#[test]
fn what_is_no_declaration() {
    let mut wrong = example("osaka-cci.json");
    wrong["prices"][0]["amount"]["yen"] = json!("6600");
    wrong["service"]["class"] = json!(3);
    wrong["helpDesk"]["fax"] = json!(true);
    wrong["provider"].as_object_mut().expect("an object").remove("tradeName");
    let (_folder, path) = written(&wrong.to_string());
    let path = path.to_str().expect("text");
    let places = ["#/prices/0/amount/yen: ", "#/service/class: ", "#/helpDesk/fax: ", "#/provider/tradeName: "];
    let ended = run(&["assess", path, "--on", "2021-04-15"]);
    ended.complained(3, &places);
    ended.complained(3, &["整数で書いてください", "知らない項目"]);
    let ended = run(&["assess", path, "--on", "2021-04-15", "--language", "en"]);
    ended.complained(3, &places);
    ended.complained(3, &["Write a whole number (read: \"6600\")", "no such field"]);

    for (text, said) in [
        ("", "EOF"),
        ("{", "line 1 column 1"),
        ("[1, 2", "line 1"),
        ("{\"provider\": }", "column 14"),
        ("not JSON", "column"),
        (&"[".repeat(300), "recursion limit"),
    ] {
        let (_folder, path) = written(text);
        let path = path.to_str().expect("text");
        run(&["assess", path]).complained(3, &[path, said, "JSON として読めません"]);
    }
    for text in ["[]", "null", "7", "\"x\""] {
        let (_folder, path) = written(text);
        run(&["assess", path.to_str().expect("text")]).complained(3, &["#: "]);
    }
    run(&["assess", "/no/such/file.json"]).complained(3, &["/no/such/file.json"]);
    run(&["assess", "/"]).complained(3, &["/: "]);
}

/// A wrong command line is none of the outcomes.
#[test]
fn a_wrong_command_line() {
    let osaka = file("osaka-cci.json");
    for (arguments, word) in [
        (vec!["assess"], "<DECLARATION>"),
        (vec!["assess", &osaka, "--on", "2021-13-01"], "2021-13-01"),
        (vec!["assess", &osaka, "--on", "yesterday"], "--on <DAY>"),
        (vec!["assess", &osaka, "--language", "fr"], "fr"),
        (vec!["assess", &osaka, "--verbose"], "--verbose"),
        (vec!["assess", &osaka, &osaka], "unexpected argument"),
    ] {
        run(&arguments).complained(64, &[word]);
    }
}
