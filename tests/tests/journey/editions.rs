//! Editions of the criteria as acts: published and corrected by two people, while cases stay bound to their own file.

use domain::edition::digest_of;
use serde_json::{Value, json};
use tests::{Answer, Case, Cast, Client, Database, Person, Register, declaration, text};

tests::on_both!(a_new_edition, a_correction_and_the_cases_before_it, files_that_are_refused);

const NEW: &str = include_str!("../../../schemas/examples/edition/new.toml");

struct Stage<'a> {
    cast: &'a Cast,
    client: Client,
}

impl Stage<'_> {
    fn propose(&self, by: &Person, file: &str, version: Option<u64>) -> Answer {
        let by = self.client.signed_in(by);
        let body = json!({ "file": file, "reason": "基準を改めるため。" });
        let ask = by.post("/api/v1/editions", &body);
        if let Some(version) = version { ask.on_version(version) } else { ask }.send()
    }

    fn confirm(&self, by: &Person, proposal: &Value) -> Answer {
        let path = format!("/api/v1/proposals/{}/confirmation", text(proposal, "id"));
        self.client.signed_in(by).ask("POST", &path).send()
    }

    fn publish(&self, file: &str, version: Option<u64>) {
        let proposal = self.propose(&self.cast.decision_maker, file, version).ok();
        self.confirm(&self.cast.secretariat, &proposal).ok();
    }

    fn edition(&self, id: &str) -> Answer {
        self.client.get(&format!("/api/v1/editions/{id}")).send()
    }

    fn file(&self, id: &str, query: &str) -> String {
        let answer = self.client.get(&format!("/api/v1/editions/{id}/file{query}")).send();
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
        answer.text().to_owned()
    }
}

fn a_new_edition(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    // A file from another machine: its lines end otherwise, and it is kept as this register keeps files.
    let typed = format!("\u{feff}{}\r\n\r\n", NEW.trim_end().replace('\n', "\r\n"));
    let proposal = stage.propose(&cast.decision_maker, &typed, None).ok();
    assert_eq!((text(&proposal, "subject"), text(&proposal, "standing")), ("edition/3.0", "open"));
    assert_eq!(text(&proposal["motion"], "digest"), digest_of(NEW));

    // Nothing is published yet; whoever might confirm it reads the file first.
    assert_eq!(stage.edition("3.0").status, 404);
    let path = format!("/api/v1/proposals/{}", text(&proposal, "id"));
    let shown = stage.client.signed_in(&cast.secretariat).get(&path).send().ok();
    assert_eq!(text(&shown, "file"), NEW);
    stage.client.signed_in(&cast.operator).get(&path).send().refused(404, "not_found");
    stage.confirm(&cast.decision_maker, &proposal).refused(403, "forbidden");
    stage.confirm(&cast.secretariat, &proposal).ok();
    stage.confirm(&cast.second_secretariat, &proposal).refused(409, "state");

    let edition = stage.edition("3.0");
    assert_eq!((edition.header("etag"), text(&edition.ok(), "digest")), ("\"1\"", digest_of(NEW).as_str()));
    assert_eq!(stage.file("3.0", ""), NEW);
    let listed = stage.client.get("/api/v1/editions").send().ok();
    let ids: Vec<&str> = listed["items"].as_array().expect("a list").iter().map(|item| text(item, "id")).collect();
    assert_eq!(ids, ["1.0", "1.1", "2.0", "3.0"]);
    // It governs from its day on: today's cases are under the one before, and a declaration can be tried under both.
    let case = Case::submit(&stage.client, &cast, &declaration());
    assert_eq!(text(&case.state, "edition"), "2.0");
    let under = |on: &str| {
        let found = stage.client.post(&format!("/api/v1/assessments?on={on}"), &declaration()).send().ok();
        asked(&found).len()
    };
    assert!(under("2099-03-31") > 1 && under("2099-04-01") == 1);
    let page = stage.client.get("/editions").send();
    assert!(page.text().contains("例示基準 3.0版") && page.text().contains(&digest_of(NEW)), "{}", page.told());
    server.end();

    // So it is for the next process.
    let server = register.serve();
    assert_eq!(Stage { cast: &cast, client: server.client() }.file("3.0", ""), NEW);
    server.end();
    register.assert_whole();
}

fn a_correction_and_the_cases_before_it(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let before = stage.file("2.0", "");
    let old = Case::submit(&stage.client, &cast, &declaration());
    // From now on the help desk is judged by nobody.
    let corrected = without_criterion(&before, "help_desk");
    stage.propose(&cast.decision_maker, &corrected, None).refused(428, "version_needed");
    stage.propose(&cast.decision_maker, &corrected, Some(2)).refused(412, "stale");
    stage.publish(&corrected, Some(1));

    let edition = stage.edition("2.0");
    let document = edition.ok();
    assert_eq!((edition.header("etag"), text(&document, "digest")), ("\"2\"", digest_of(&corrected).as_str()));
    assert_eq!(document["corrected"], json!([digest_of(&before)]));
    assert_eq!(stage.file("2.0", &format!("?digest={}", digest_of(&before))), before);
    let elsewhere = format!("/api/v1/editions/1.1/file?digest={}", digest_of(&before));
    stage.client.get(&elsewhere).send().refused(404, "not_found");

    // The case before the correction is examined by the file under which it was submitted, the one after by the other.
    let new = Case::submit(&stage.client, &cast, &declaration());
    let is_asked = |case: &Case<'_>| {
        let path = format!("/api/v1/applications/{}/assessment", case.id());
        asked(&case.by(&cast.auditor).get(&path).send().ok()).contains(&"help_desk".to_owned())
    };
    assert_eq!((is_asked(&old), is_asked(&new)), (true, false));
    let (old, new) = (old.accept(), new.accept());
    let help_desk =
        json!({ "judgements": [{ "criterion": "help_desk", "answer": "met", "reason": "規約のとおり。" }] });
    old.act(&cast.examiners[0], "judgements", &help_desk).ok();
    new.act(&cast.examiners[0], "judgements", &help_desk).refused(422, "not_asked");
    let registered = Case::submit(&stage.client, &cast, &declaration());
    assert_eq!(text(&registered.state, "editionDigest"), digest_of(&corrected));
    server.end();
    register.assert_whole();
}

/// The criteria that the edition has, of an assessment.
fn asked(assessment: &Value) -> Vec<String> {
    let findings = assessment["findings"].as_array().expect("findings").iter();
    let in_force = findings.filter(|finding| finding["conclusion"]["answer"] != "not_in_force");
    in_force.map(|finding| text(finding, "criterion").to_owned()).collect()
}

/// The file without one criterion's table.
fn without_criterion(file: &str, id: &str) -> String {
    let parts: Vec<&str> = file.split("\n[[class.criterion]]\n").collect();
    let kept: Vec<&str> = parts.iter().copied().filter(|part| !part.starts_with(&format!("id = \"{id}\""))).collect();
    assert!(kept.len() < parts.len(), "there is no {id}");
    kept.join("\n[[class.criterion]]\n")
}

fn files_that_are_refused(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let present = stage.file("2.0", "");
    let today = api::clock::now().day();
    let from = |day: domain::calendar::Day| NEW.replace("2099-04-01", &day.to_string());
    for (file, version, code, words) in [
        ("no edition".to_owned(), None, "invalid", "1行目"),
        (NEW.replace("simplicity", "simplicitas"), None, "invalid", "simplicitas"),
        (NEW.replace("\"2.0\"", "\"1.1\""), None, "invalid", "直前の版は 2.0"),
        (from(today), None, "too_late", "後でなければなりません"),
        (
            present.replace("in_force_from = \"2024-03-15\"", "in_force_from = \"2024-03-16\""),
            Some(1),
            "day_moved",
            "2024-03-15",
        ),
        (present.clone(), Some(1), "unchanged", "いまのファイルと同じ"),
    ] {
        let told = stage.propose(&cast.decision_maker, &file, version).refused(422, code);
        let fault = &told["errors"][0];
        assert_eq!(text(fault, "pointer"), "/file", "{told}");
        assert!(text(fault, "message").contains(words), "{told}");
    }
    let kept = register.database().sql().number("SELECT count(*) FROM edition_files");
    assert_eq!(kept, 3, "what was refused is not kept");
    // Tomorrow is early enough, and the same request twice is one proposal.
    let body = json!({ "file": from(today.next()), "reason": "基準を改めるため。" });
    let by = stage.client.signed_in(&cast.secretariat);
    let once = by.post("/api/v1/editions", &body).key("edition-3.0-once").send().ok();
    let again = by.post("/api/v1/editions", &body).key("edition-3.0-once").send().ok();
    assert_eq!(once["id"], again["id"]);
    server.end();
    register.assert_whole();
}
