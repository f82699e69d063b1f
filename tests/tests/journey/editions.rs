//! Editions of the criteria as acts: published and corrected by two people, while cases stay bound to their own file.

use domain::edition::digest_of;
use serde_json::{Value, json};
use tests::{Answer, Case, Cast, Client, Database, Person, Register, declaration, text};

tests::on_both!(
    a_new_edition,
    a_correction_and_the_cases_before_it,
    files_that_are_refused,
    what_a_file_would_find,
    decisions_stop_everywhere
);

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

/// Before anybody publishes it: what changes, for whom, and why; and afterwards, whose cases are bound to the old file.
fn what_a_file_would_find(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    // A service that costs exactly what it may is registered, another is on its way, one was given up.
    let at_the_cap = tests::example("network-at-the-cap.json");
    let registered = Case::submit(&stage.client, &cast, &at_the_cap).pass();
    let number = text(&registered.register(), "number").to_owned();
    let open = Case::submit(&stage.client, &cast, &declaration());
    let given_up = Case::submit(&stage.client, &cast, &at_the_cap);
    given_up.act(&cast.provider, "withdrawal", &json!({ "reason": "やめる。" })).ok();

    let present = stage.file("2.0", "");
    let cheaper = present.replace("at_most = 10_000", "at_most = 9_999");
    let by = stage.client.signed_in(&cast.decision_maker);
    let preview = by.post("/api/v1/editions/preview", &json!({ "file": cheaper })).send().ok();
    let [change] = &preview["changes"].as_array().expect("changes")[..] else { panic!("{preview}") };
    assert_eq!(
        (text(change, "criterion"), text(change, "before"), text(change, "after")),
        ("network_price", "10000", "9999")
    );
    assert_eq!(text(&preview, "corrects"), digest_of(&present));
    let count = |unmet: u64, undetermined: u64, changed: u64| json!({ "met": 0, "unmet": unmet, "undetermined": undetermined, "changed": changed });
    assert_eq!(preview["whatIf"], json!({ "registered": count(1, 0, 1), "applications": count(0, 1, 0) }));
    assert_eq!(text(&stage.edition("2.0").ok(), "digest"), digest_of(&present), "looking changes nothing");
    let page = by.get("/editions/new?of=2.0").send();
    let form = [
        ("csrf", cast.decision_maker.csrf.as_str()),
        ("of", "2.0"),
        ("version", "1"),
        ("/file", &cheaper),
        ("act", "preview"),
    ];
    let shown = stage.client.signed_in(&cast.decision_maker).ask("POST", "/editions/new").form(&form).send();
    assert!(page.status == 200 && shown.status == 200, "{}", shown.told());
    for words in ["月額（税抜の円）", "10000", "9999", "登録中のサービス"] {
        assert!(shown.text().contains(words), "{words}: {}", shown.told());
    }
    assert!(waiting(&by).is_empty(), "nothing was proposed");

    let proposal = stage.propose(&cast.decision_maker, &cheaper, Some(1)).ok();
    let path = format!("/api/v1/proposals/{}/what-if", text(&proposal, "id"));
    let found = stage.client.signed_in(&cast.secretariat).get(&path).send().ok();
    let [first, second] = &found["items"].as_array().expect("cases")[..] else { panic!("{found}") };
    assert_eq!(
        (text(first, "registration"), text(first, "before"), text(first, "after")),
        (number.as_str(), "undetermined", "unmet")
    );
    let [changed] = &first["changed"].as_array().expect("findings")[..] else { panic!("{first}") };
    assert_eq!(text(changed, "criterion"), "network_price");
    assert!(changed["after"]["reason"]["en"].as_str().is_some_and(|reason| reason.contains("9,999")), "{changed}");
    assert_eq!((text(second, "application"), &second["changed"]), (open.id(), &json!([])));
    let csv =
        stage.client.signed_in(&cast.auditor).get(&format!("/proposals/{}/what-if.csv", text(&proposal, "id"))).send();
    let lines: Vec<&str> = csv.text().lines().collect();
    assert_eq!((csv.header("content-type"), lines.len()), ("text/csv; charset=utf-8", 3));
    assert!(
        lines[1].contains(&number) && lines[1].contains("ネットワーク") && lines[1].contains("不充足"),
        "{}",
        lines[1]
    );
    stage.client.signed_in(&cast.operator).get(&path).send().refused(403, "forbidden");

    // Published: the cases of before are bound to the file of before, and found by that.
    stage.confirm(&cast.secretariat, &proposal).ok();
    // It would be compared with itself now: there is nothing to look ahead to.
    let page = format!("/proposals/{}", text(&proposal, "id"));
    let by = stage.client.signed_in(&cast.secretariat);
    by.get(&path).send().refused(409, "state");
    assert_eq!(by.get(&format!("{page}/what-if.csv")).send().status, 409);
    let settled = by.get(&page).send();
    assert!(settled.status == 200 && !settled.text().contains("登録中のサービス"), "{}", settled.told());
    let new = Case::submit(&stage.client, &cast, &declaration());
    let affected = stage.client.signed_in(&cast.auditor).get("/api/v1/editions/2.0/affected").send().ok();
    let ids: Vec<&str> =
        affected["items"].as_array().expect("cases").iter().map(|case| text(case, "application")).collect();
    assert_eq!(ids, [registered.id(), open.id()]);
    assert!(!ids.contains(&new.id()));
    let other = stage.client.signed_in(&cast.auditor).get("/api/v1/editions/1.1/affected").send().ok();
    assert_eq!(other["items"], json!([]));
    server.end();
    register.assert_whole();
}

/// One person presses; no server decides any more, not even what was proposed before. Another lets it go on.
fn decisions_stop_everywhere(database: Database) {
    let (register, cast) = Register::staffed(database);
    let (server, other) = (register.serve(), register.serve());
    let stage = Stage { cast: &cast, client: server.client() };
    let proposed = Case::submit(&stage.client, &cast, &declaration()).accept().judge().recommend();
    let proposal = proposed.propose();
    let next = Case::submit(&stage.client, &cast, &declaration()).accept().judge().recommend();
    let reason = json!({ "reason": "2.0版の上限に誤記が見つかった。" });
    let stop = |by: &Person| stage.client.signed_in(by).post("/api/v1/editions/2.0/stop", &reason).send();
    stop(&cast.examiners[0]).refused(403, "forbidden");
    let stopped = stop(&cast.secretariat).ok();
    assert_eq!(text(&stopped["stopped"], "reason"), text(&reason, "reason"));
    stop(&cast.decision_maker).refused(409, "decisions_stopped");

    // The answer to the button was durable: the very next confirmation, at another server, is refused.
    let elsewhere = other.client();
    let elsewhere = proposed.through(&elsewhere);
    let told = elsewhere.confirm(&cast.second_decision_maker, &proposal).refused(409, "decisions_stopped");
    assert!(text(&told, "detail").contains("誤記が見つかった"), "{told}");
    next.act(&cast.decision_maker, "decision", &tests::pass()).refused(409, "decisions_stopped");
    let page = server.client().get("/editions").send();
    assert!(page.text().contains("判定の停止") && page.text().contains("誤記が見つかった"), "{}", page.told());
    // Everything up to the decision goes on.
    Case::submit(&stage.client, &cast, &declaration()).accept().judge().recommend();

    let resume = |by: &Person, version: u64| {
        stage.client.signed_in(by).post("/api/v1/editions/2.0/resumption", &reason).on_version(version).send()
    };
    resume(&cast.secretariat, 2).refused(403, "forbidden");
    resume(&cast.decision_maker, 1).refused(412, "stale");
    resume(&cast.decision_maker, 2).ok();
    elsewhere.confirm(&cast.second_decision_maker, &proposal).ok();
    next.decide();
    server.end();
    other.end();
    register.assert_whole();
}

fn waiting(client: &Client) -> Vec<Value> {
    client.get("/api/v1/proposals").send().ok().as_array().expect("a list").clone()
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
