//! Renewal over the whole way: what is filled in, filed, decided and entered, and what the register says meanwhile.

use std::thread;

use domain::calendar::{Day, Period};
use serde_json::{Value, json};
use tests::drafts::fields;
use tests::{Case, Client, Database, Register, declaration, fail, past, text, version};

tests::on_both!(
    a_service_is_renewed,
    what_cannot_be_renewed_is_refused,
    what_fails_or_is_taken_back_ends,
    of_two_who_file_one_is_told,
    a_filing_does_not_settle_a_measure,
);

fn today() -> Day {
    api::clock::now().day()
}

/// A registration whose term ends in about five and a half months.
fn registered(register: &Register) -> (String, Period) {
    let from = today().plus_months(-18).plus_days(-15);
    (past::registered_from(register, from).registration, Period::of_years(from, 2))
}

fn shown(client: &Client, number: &str) -> Value {
    client.get(&format!("/api/v1/registrations/{number}")).send().ok()
}

fn a_service_is_renewed(database: Database) {
    let (register, cast) = Register::staffed(database);
    let (number, term) = registered(&register);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let before = shown(&client, &number);
    let closes = term.last_day();
    let window = json!({
        "opens": closes.plus_months(-8).to_string(), "due": closes.plus_months(-4).to_string(), "closes": closes.to_string(),
    });
    assert_eq!(before["renewal"], window);

    // The draft says what was said last time, and there is one.
    let begun = provider.post("/api/v1/drafts", &json!({ "renews": number })).send();
    assert_eq!(begun.status, 201, "{}", begun.told());
    let draft = begun.ok();
    assert_eq!(provider.post("/api/v1/drafts", &json!({ "renews": number })).send().ok()["id"], draft["id"]);
    assert_eq!((text(&draft, "registration"), &draft["faults"]), (number.as_str(), &json!([])));
    let path = format!("/api/v1/drafts/{}", text(&draft, "id"));
    let page = provider.get(&format!("/drafts/{}/5", text(&draft, "id"))).send().text().to_owned();
    assert!(page.contains("前回の申告から変わったところはありません"), "{page}");
    let mut typed: Vec<(String, Vec<String>)> = draft["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|field| {
            let values = field["values"].as_array().expect("a list").iter();
            (text(field, "name").to_owned(), values.filter_map(Value::as_str).map(str::to_owned).collect())
        })
        .collect();
    typed.iter_mut().filter(|(name, _)| name == "/helpDesk/hours").for_each(|(_, values)| {
        *values = vec!["平日 8時から20時".to_owned()];
    });
    let saved = provider.ask("PUT", &path).json(&fields(&typed)).on_version(version(&draft)).send().ok();
    let page = provider.get(&format!("/drafts/{}/5", text(&draft, "id"))).send().text().to_owned();
    assert!(page.contains("前回から変わったところ") && page.contains("20時"), "{page}");
    let submitted = provider.ask("POST", &format!("{path}/submission")).on_version(version(&saved)).send();
    assert_eq!(submitted.status, 201, "{}", submitted.told());
    let mut case = Case::submit(&client, &cast, &declaration());
    case.state = submitted.ok();
    assert_eq!((text(&case.state, "renews"), case.state.get("registration")), (number.as_str(), None));

    // It is filed: the register says so, and until when it goes on.
    let filed = shown(&client, &number);
    assert_eq!(filed["renewal"]["application"], case.state["id"]);
    let holds = term.until.plus_months(6).previous().to_string();
    assert_eq!(text(&filed["renewal"], "holdsUntil"), holds);
    assert_eq!(filed["version"], json!(version(&before) + 1));
    assert_eq!(
        filed["history"].as_array().and_then(|all| all.last()).map(|last| &last["renewal"]),
        Some(&json!("filed"))
    );
    let page = client.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("申請を受け付け、審査しています"), "{page}");

    let case = case.pass();
    let waiting = client.signed_in(&cast.secretariat).get("/intake").send().text().to_owned();
    assert!(waiting.contains(case.id()), "what passed waits to be entered");
    let enter = |from: Day| case.act(&cast.secretariat, "registration", &json!({ "from": from.to_string() }));
    enter(term.until.next()).refused(422, "invalid");
    enter(term.until.previous()).refused(422, "invalid");
    let renewed = enter(term.until);
    assert_eq!(renewed.status, 201, "{}", renewed.told());
    let renewed = renewed.ok();
    let next = Period::of_years(term.until, 2);
    let terms = json!([
        { "number": 1, "from": term.from.to_string(), "lastDay": closes.to_string() },
        { "number": 2, "from": next.from.to_string(), "lastDay": next.last_day().to_string() },
    ]);
    assert_eq!((text(&renewed, "number"), &renewed["terms"], &renewed["term"]), (number.as_str(), &terms, &terms[0]));
    assert_eq!(text(&renewed["renewal"], "closes"), next.last_day().to_string(), "the next window is the next term's");
    let again = enter(term.until);
    again.refused(409, "not_filed");
    let waiting = client.signed_in(&cast.secretariat).get("/intake").send().text().to_owned();
    assert!(!waiting.contains(case.id()), "nothing waits any more");
    let seen = provider.get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    assert_eq!(text(&seen, "registration"), number);
    let record = client.signed_in(&cast.auditor).get(&format!("/api/v1/applications/{}/record", case.id())).send().ok();
    let kinds: Vec<&str> = record["acts"].as_array().expect("a list").iter().map(|act| text(act, "kind")).collect();
    assert!(kinds.contains(&"registration.filed") && kinds.contains(&"registration.renewed"), "{kinds:?}");
    assert_eq!(record["registration"]["number"], json!(number));
    server.end();
    register.assert_whole();
}

fn what_cannot_be_renewed_is_refused(database: Database) {
    let (register, cast) = Register::staffed(database);
    let early = past::registered_from(&register, today().plus_months(-6)).registration;
    let over = past::registered_from(&register, today().plus_months(-24)).registration;
    let (number, _) = registered(&register);
    let server = register.serve();
    let client = server.client();
    let (provider, stranger) = (client.signed_in(&cast.provider), client.signed_in(&cast.stranger));
    let apply = |by: &Client, number: &str| {
        by.post("/api/v1/applications", &json!({ "declaration": declaration(), "renews": number })).send()
    };
    let begin = |by: &Client, number: &str| by.post("/api/v1/drafts", &json!({ "renews": number })).send();
    for (number, code) in [(&early, "outside_window"), (&over, "state")] {
        apply(&provider, number).refused(409, code);
        begin(&provider, number).refused(409, code);
    }
    apply(&stranger, &number).refused(403, "forbidden");
    begin(&stranger, &number).refused(403, "forbidden");
    apply(&provider, "OTK-2020-99999").refused(404, "not_found");
    begin(&provider, "OTK-2020-99999").refused(422, "invalid");
    begin(&provider, "番号").refused(422, "invalid");
    apply(&provider, "番号").refused(422, "invalid");
    let mut other = declaration();
    other["service"]["class"] = json!(2);
    other["consulting"] = json!({ "timesPerYear": 2, "content": "面談" });
    let refused = provider
        .post("/api/v1/applications", &json!({ "declaration": other, "renews": number }))
        .send()
        .refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/service/class");
    // Nothing was recorded of any of it.
    assert_eq!(shown(&client, &number)["version"], json!(1));
    server.end();
    register.assert_whole();
}

fn what_fails_or_is_taken_back_ends(database: Database) {
    let (register, cast) = Register::staffed(database);
    let (number, term) = registered(&register);
    let server = register.serve();
    let client = server.client();
    let first = Case::renew(&client, &cast, &number);
    first.act(&cast.provider, "withdrawal", &json!({ "reason": "書き直す" })).ok();
    let withdrawn = shown(&client, &number);
    assert_eq!((withdrawn["renewal"].get("application"), text(&withdrawn["state"], "name")), (None, "valid"));
    let second = Case::renew(&client, &cast, &number).accept();
    let mut judged = second.judgements();
    judged["judgements"][0]["answer"] = json!("unmet");
    for examiner in &cast.examiners {
        second.act(examiner, "judgements", &judged).ok();
    }
    let deciders = [&cast.decision_maker, &cast.second_decision_maker];
    let failed = second.follow(&cast.examiners[0], "recommendation", &fail()).decide_by(deciders, &fail());
    failed.act(&cast.secretariat, "registration", &json!({ "from": term.until.to_string() })).refused(409, "state");
    let after = shown(&client, &number);
    let told: Vec<&str> =
        after["history"].as_array().expect("a list").iter().filter_map(|event| event["renewal"].as_str()).collect();
    assert_eq!(told, ["filed", "withdrawn", "filed", "failed"]);
    assert_eq!(text(&after["state"], "name"), "valid", "its term has not ended");
    let page = client.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("更新の審査で不合格となりました"), "{page}");
    server.end();
    register.assert_whole();
}

fn of_two_who_file_one_is_told(database: Database) {
    let (register, cast) = Register::staffed(database);
    let (number, _) = registered(&register);
    let server = register.serve();
    let client = server.client();
    let body = json!({ "declaration": declaration(), "renews": number });
    let people = [&cast.provider, &cast.member, &cast.agent];
    let answers: Vec<_> = thread::scope(|scope| {
        let ask = |person| {
            let by = client.signed_in(person);
            let body = &body;
            scope.spawn(move || by.post("/api/v1/applications", body).send())
        };
        people.map(ask).map(|asked| asked.join().expect("an answer")).into()
    });
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 1);
    answers.iter().filter(|answer| answer.status != 201).for_each(|answer| drop(answer.refused(409, "filed")));
    // The same request again is the same application.
    let provider = client.signed_in(&cast.stranger);
    provider.post("/api/v1/applications", &declaration()).send().ok();
    assert_eq!(shown(&client, &number)["version"], json!(2));
    server.end();
    register.assert_whole();
}

fn a_filing_does_not_settle_a_measure(database: Database) {
    let (register, cast) = Register::staffed(database);
    let (number, _) = registered(&register);
    let server = register.serve();
    let client = server.client();
    let secretariat = client.signed_in(&cast.secretariat);
    let before = shown(&client, &number);
    let measures = format!("/api/v1/registrations/{number}/measures");
    let revoke = tests::measure_body("revoke", "申告と実態が違うため");
    let proposal = secretariat.post(&measures, &revoke).on_version(version(&before)).send().ok();
    let case = Case::renew(&client, &cast, &number);
    let shown_proposal = secretariat.get(&format!("/api/v1/proposals/{}", text(&proposal, "id"))).send().ok();
    assert_eq!(text(&shown_proposal, "standing"), "open");
    let statement = format!("/api/v1/proposals/{}/statement", text(&proposal, "id"));
    client.signed_in(&cast.provider).post(&statement, &json!({ "words": "認めます。" })).send().ok();
    case.confirm(&cast.second_secretariat, &proposal).ok();
    assert_eq!(text(&shown(&client, &number)["state"], "name"), "revoked");
    // What is revoked is not renewed, though its renewal passes.
    let case = case.pass();
    case.act(&cast.secretariat, "registration", &json!({ "from": case.today() })).refused(409, "state");
    server.end();
    register.assert_whole();
}
