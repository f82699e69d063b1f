//! The secretariat's day: what waits, many at once, and rounds to be announced.

use api::clock;
use serde_json::{Value, json};
use tests::{Answer, Case, Client, Database, Person, Register, declaration, text};

tests::on_both!(
    everything_waits_for_somebody,
    a_round_is_entered_at_once,
    a_stale_line_stops_no_other,
    providers_are_reminded_once
);

fn day(client: &Client, by: &Person) -> Value {
    client.signed_in(by).get("/api/v1/day").send().ok()
}

/// What waits for some people, as `work subject`.
fn group(of: &Value, waits_for: &str) -> Vec<String> {
    let groups = of["groups"].as_array().expect("groups");
    let found = groups.iter().find(|group| text(group, "waitsFor") == waits_for).expect("it is there");
    let items = found["items"].as_array().expect("items").iter();
    items.map(|item| format!("{} {}", text(item, "work"), text(item, "subject"))).collect()
}

fn everything_waits_for_somebody(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let submitted = Case::submit(&client, &cast, &declaration());
    let examined = Case::submit(&client, &cast, &declaration()).accept();
    let judged = Case::submit(&client, &cast, &declaration()).accept().judge();
    let recommended = Case::submit(&client, &cast, &declaration()).accept().judge().recommend();
    let passed = Case::submit(&client, &cast, &declaration()).pass();
    let of = |case: &Case<'_>, work: &str| format!("{work} application/{}", case.id());
    let proposal = json!({ "value": 15, "from": clock::now().day().plus_days(9).to_string(), "standing": "provisional",
                           "source": "運営委員会の決定", "reason": "負担を減らす。" });
    let by = client.signed_in(&cast.secretariat);
    let proposed = by.post("/api/v1/settings/answer_days/changes", &proposal).on_version(0).send().ok();
    let complaint = json!({ "grievance": "service", "text": "電話がつながらない。" });
    let complained = client.post("/api/v1/complaints", &complaint).key("a complaint, once").send().ok();

    let shown = day(&client, &cast.secretariat);
    let secretariat = group(&shown, "secretariat");
    for expected in [
        of(&submitted, "intake"),
        of(&passed, "entry"),
        format!("complaint_received complaint/{}", text(&complained, "id")),
    ] {
        assert!(secretariat.contains(&expected), "{expected}: {secretariat:?}");
    }
    let examiner = group(&shown, "examiner");
    assert!(
        examiner.contains(&of(&examined, "examination")) && examiner.contains(&of(&judged, "recommendation")),
        "{examiner:?}"
    );
    assert_eq!(group(&shown, "decision_maker"), [of(&recommended, "decision")]);
    assert_eq!(group(&shown, "second_person"), [format!("proposal proposal/{}", text(&proposed, "id"))]);
    assert_eq!((&shown["late"], &shown["isCut"]), (&json!(0), &json!(false)));
    let page = by.get("/day").header("accept", "text/html").send();
    assert!(
        page.text().contains("登録簿への登録") && page.text().contains("遅れているものはありません"),
        "{}",
        page.text()
    );
    assert_eq!(group(&day(&client, &cast.auditor), "secretariat").len(), secretariat.len());
    for nobody in [&cast.provider, &cast.examiners[0], &cast.decision_maker, &cast.operator] {
        client.signed_in(nobody).get("/api/v1/day").send().refused(403, "forbidden");
        assert_eq!(client.signed_in(nobody).get("/day").header("accept", "text/html").send().status, 403);
    }
    drop(server);
    register.assert_whole();
}

fn preview(client: &Client, by: &Person, body: &Value) -> Answer {
    client.signed_in(by).post("/api/v1/bulk/preview", body).send()
}

fn lines(of: &Value) -> Vec<(String, String)> {
    let each = of["lines"].as_array().expect("lines").iter();
    each.map(|line| (text(line, "line").to_owned(), text(line, "outcome").to_owned())).collect()
}

fn a_round_is_entered_at_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    for _ in 0..3 {
        Case::submit(&client, &cast, &declaration()).pass();
    }
    let today = clock::now().day();
    let round = |first: &str| {
        let path = format!("/api/v1/round?from={today}&until={today}{first}");
        client.signed_in(&cast.secretariat).get(&path).send().ok()
    };
    let expected = round(&format!("&first={today}"));
    assert_eq!(
        (expected["expected"].as_array().map(Vec::len), expected["entered"].as_array().map(Vec::len)),
        (Some(3), Some(0))
    );
    assert_eq!(round("")["expected"], json!([]), "only what is entered, unless it is asked for");

    let body = json!({ "kind": "enter", "first": today.to_string() });
    let before = register.acts();
    let found = lines(&preview(&client, &cast.secretariat, &body).ok());
    assert_eq!(found.iter().filter(|(_, outcome)| outcome == "would").count(), 3, "{found:?}");
    assert_eq!(register.acts(), before, "a preview is no act");
    let chosen: Vec<&String> = found.iter().map(|(line, _)| line).collect();
    let body = json!({ "kind": "enter", "first": today.to_string(), "lines": chosen });
    let by = client.signed_in(&cast.secretariat);
    // A process that died after the first line left this behind.
    let one = json!({ "kind": "enter", "first": today.to_string(), "lines": [chosen[0]] });
    by.post("/api/v1/bulk", &one).key("one round, once").send().ok();
    let perform = || by.post("/api/v1/bulk", &body).key("one round, once").send();
    let done = perform().ok();
    assert!(lines(&done).iter().all(|(_, outcome)| outcome == "done"), "{done}");
    // The second click, and a process that died and was asked again, repeat nothing.
    assert_eq!(lines(&perform().ok()), lines(&done));
    let listed = client.get("/api/v1/registrations").send().ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
    // Under another key they are refused one by one: they stand in the register.
    let again = by.post("/api/v1/bulk", &body).send().ok();
    assert!(lines(&again).iter().all(|(_, outcome)| outcome == "refused"), "{again}");

    // The text of before, but for the numbers.
    let entered = round("");
    let mut said = text(&expected["text"], "ja").to_owned();
    for one in entered["entered"].as_array().expect("a list") {
        said = said.replacen("登録のときに付番", text(one, "number"), 1);
    }
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&said), sorted(text(&entered["text"], "ja")));
    assert!(text(&entered["text"], "en").contains("following 3 services are registered"));

    // Then their providers are licensed, from the page.
    let page = by.get("/bulk?%2Fkind=license").header("accept", "text/html").send();
    let html = page.text().to_owned();
    let values = |name: &str| -> Vec<String> {
        let mark = format!("name=\"{name}\" value=\"");
        html.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let (keys, chosen) = (values("key"), values("line"));
    assert_eq!((keys.len(), chosen.len()), (1, 3), "{html}");
    let mut fields = vec![("/kind", "license"), ("key", keys[0].as_str())];
    fields.extend(chosen.iter().map(|line| ("line", line.as_str())));
    for _ in 0..2 {
        let done = by.ask("POST", "/bulk").header("accept", "text/html").form(&fields).send();
        assert_eq!((done.status, done.text().matches("使用許諾 ").count()), (200, 3), "{}", done.text());
    }
    let none = by.get("/bulk?%2Fkind=license").header("accept", "text/html").send();
    assert!(none.text().contains("当てはまるものはありません"), "{}", none.text());
    let csv = by.get(&format!("/round.csv?{}", dates(today))).send();
    assert_eq!((csv.status, csv.text().lines().count()), (200, 4), "{}", csv.text());
    drop(server);
    register.assert_whole();
}

/// The boxes of a round of one day.
fn dates(day: domain::calendar::Day) -> String {
    let (year, month, dom) = day.ymd();
    let boxes = |name: &str| format!("%2F{name}%2Fyear={year}&%2F{name}%2Fmonth={month}&%2F{name}%2Fday={dom}");
    format!("{}&{}", boxes("from"), boxes("until"))
}

fn a_stale_line_stops_no_other(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let [first, second, third] = std::array::from_fn(|_| Case::submit(&client, &cast, &declaration()).pass());
    let today = clock::now().day().to_string();
    let found = preview(&client, &cast.secretariat, &json!({ "kind": "enter", "first": today })).ok();
    let chosen: Vec<String> = lines(&found).into_iter().map(|(line, _)| line).collect();
    assert_eq!(chosen.len(), 3);
    // Meanwhile one is entered by somebody else, and one is named at a version that nobody saw.
    second.register();
    let stale = chosen
        .iter()
        .map(|line| if line.contains(third.id()) { format!("application/{}@1", third.id()) } else { line.clone() });
    let body = json!({ "kind": "enter", "first": today, "lines": stale.collect::<Vec<_>>() });
    let by = client.signed_in(&cast.secretariat);
    let done = by.post("/api/v1/bulk", &body).key("three of which one goes").send().ok();
    let of = |case: &Case<'_>| {
        let each = done["lines"].as_array().expect("lines").iter();
        let line = each.clone().find(|line| text(line, "line").contains(case.id())).expect("it is there");
        (text(line, "outcome").to_owned(), line["problem"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(of(&first), ("done".to_owned(), String::new()));
    assert_eq!(of(&second).0, "refused");
    assert_eq!(of(&third), ("refused".to_owned(), "stale".to_owned()));
    for nobody in [&cast.provider, &cast.auditor, &cast.decision_maker] {
        preview(&client, nobody, &json!({ "kind": "license" })).refused(403, "forbidden");
    }
    preview(&client, &cast.secretariat, &json!({ "kind": "enter" })).refused(422, "invalid");
    preview(&client, &cast.secretariat, &json!({ "kind": "license", "lines": ["nonsense"] })).refused(422, "invalid");
    drop(server);
    register.assert_whole();
}

fn providers_are_reminded_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).accept();
    let question = json!({ "criterion": "help_desk", "text": "受付時間の根拠はどこですか。" });
    case.act(&cast.examiners[0], "questions", &question).ok();
    let found = preview(&client, &cast.secretariat, &json!({ "kind": "remind" })).ok();
    let chosen: Vec<String> = lines(&found).into_iter().map(|(line, _)| line).collect();
    assert!(chosen.iter().any(|line| line.contains("#question-1")), "{found}");
    let body = json!({ "kind": "remind", "lines": chosen });
    let by = client.signed_in(&cast.secretariat);
    for (key, words) in [("remind them now", "催促しました"), ("and once more", "今日すでに催促しました")]
    {
        let done = by.post("/api/v1/bulk", &body).key(key).send().ok();
        let line = &done["lines"][0];
        assert!(text(line, "outcome") == "done" && text(line, "ja").starts_with(words), "{done}");
    }
    drop(server);
    register.assert_whole();
}
