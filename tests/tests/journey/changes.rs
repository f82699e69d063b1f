//! Change notices over the whole way: what is notified holds at once, what a criterion asks about is examined in part, and
//! what a change would mean is told before anything is saved.

use domain::calendar::Day;
use serde_json::{Value, json};
use tests::drafts::fields;
use tests::{Case, Client, Database, Register, fail, past, text, version};

tests::on_both!(
    what_no_criterion_asks_about_holds_at_once,
    what_one_asks_about_is_examined_in_part,
    a_price_above_its_cap_is_told_of_and_never_holds_by_itself,
    what_fails_or_is_taken_back_changes_nothing,
    the_pages_say_what_becomes_of_a_change,
    of_two_notices_one_is_told,
    prices_are_checked_on_what_is_declared_now,
);

fn today() -> Day {
    api::clock::now().day()
}

/// A registration of a year ago, of which nothing has changed.
fn registered(register: &Register) -> String {
    past::registered_from(register, today().plus_months(-12)).registration
}

fn shown(client: &Client, number: &str) -> Value {
    client.get(&format!("/api/v1/registrations/{number}")).send().ok()
}

/// What was declared a year ago.
fn declaration() -> Value {
    let mut declaration = tests::declaration();
    declaration["provider"]["legalEntityNumber"] = json!("9000000000000");
    declaration
}

/// The same with another telephone, which no criterion asks about.
fn moved() -> Value {
    let mut declaration = declaration();
    declaration["provider"]["telephone"] = tests::moved()["provider"]["telephone"].clone();
    declaration
}

/// The declaration at another price, tax included.
fn priced(yen: u64) -> Value {
    let mut declaration = declaration();
    declaration["prices"][0]["amount"]["yen"] = json!(yen);
    declaration
}

fn changes_of(registration: &Value) -> Vec<&str> {
    let history = registration["history"].as_array().expect("a list");
    history.iter().filter_map(|event| event["change"].as_str()).collect()
}

fn what_no_criterion_asks_about_holds_at_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let path = |what: &str| format!("/api/v1/registrations/{number}/{what}");
    let [provider, stranger, secretariat] =
        [&cast.provider, &cast.stranger, &cast.secretariat].map(|person| client.signed_in(person));
    let before = shown(&client, &number);
    let declared = provider.get(&path("declaration")).send().ok();
    assert_eq!(declared["declaration"], declaration());
    stranger.get(&path("declaration")).send().refused(403, "forbidden");

    let mut after = moved();
    after["service"]["name"] = json!("新しい見守り");
    let checked = provider.post(&path("changes/check"), &after).send().ok();
    let touched = json!({ "criteria": [], "fields": ["/provider/telephone", "/service/name"] });
    assert_eq!(
        (&checked["touched"], &checked["isGeneral"], &checked["findings"]),
        (&touched, &json!(true), &json!([]))
    );
    assert_eq!(shown(&client, &number), before, "nothing is saved of it");

    stranger.post(&path("changes"), &after).on_version(version(&before)).send().refused(403, "forbidden");
    secretariat.post(&path("changes"), &after).on_version(version(&before)).send().refused(403, "forbidden");
    provider.post(&path("changes"), &after).send().refused(428, "version_needed");
    provider.post(&path("changes"), &after).on_version(9).send().refused(412, "stale");
    provider.post(&path("changes"), &declaration()).on_version(1).send().refused(422, "nothing_changed");
    let mut other = moved();
    other["provider"].as_object_mut().expect("an object").remove("legalEntityNumber");
    let refused = provider.post(&path("changes"), &other).on_version(version(&before)).send().refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/provider/legalEntityNumber");
    let notified = provider.post(&path("changes"), &after).on_version(version(&before)).send();
    assert_eq!(notified.status, 200, "{}", notified.told());
    let notified = notified.ok();
    assert_eq!((text(&notified, "serviceName"), &notified["term"]), ("新しい見守り", &before["term"]));
    assert_eq!(changes_of(&notified), ["notified"]);
    assert_eq!(provider.get(&path("declaration")).send().ok()["declaration"], after);

    // Everybody finds it under both names, and reads of yesterday what the register said yesterday.
    for words in ["新しい見守り", text(&before, "serviceName")] {
        let encoded: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = client.get(&format!("/api/v1/registrations?q={encoded}")).send().ok();
        let numbers: Vec<&str> =
            found["items"].as_array().expect("a list").iter().map(|item| text(item, "number")).collect();
        assert!(numbers.contains(&number.as_str()), "{words}");
    }
    for (day, name) in [(today().previous(), text(&before, "serviceName")), (today(), "新しい見守り")] {
        let answer = client.get(&path(&format!("valid-on/{day}"))).send().ok();
        assert_eq!(text(&answer, "serviceName"), name, "{day}");
    }
    let page = client.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("変更が届け出られました") && page.contains("新しい見守り"), "{page}");
    assert!(!page.contains("06-0000-9999"), "what the register does not publish is not told");
    server.end();
    register.assert_whole();
}

fn what_one_asks_about_is_examined_in_part(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let before = shown(&client, &number);
    let after = priced(6_500);
    let changes = format!("/api/v1/registrations/{number}/changes");
    provider.post(&changes, &after).on_version(version(&before)).send().refused(409, "examined");
    let general = json!({ "declaration": moved(), "changes": number });
    provider.post("/api/v1/applications", &general).send().refused(409, "general");
    let both = json!({ "declaration": after, "changes": number, "renews": number });
    provider.post("/api/v1/applications", &both).send().refused(422, "invalid");

    let case = Case::change(&client, &cast, &number, &after);
    assert_eq!((text(&case.state, "changes"), case.state.get("renews")), (number.as_str(), None));
    assert_eq!(case.state["touched"], json!({ "criteria": ["network_price"], "fields": ["/prices"] }));
    let filed = shown(&client, &number);
    assert_eq!((text(&filed, "changing"), &filed["prices"]), (case.id(), &before["prices"]));
    // Somebody moves meanwhile; that is notified, and stays.
    provider.post(&changes, &moved()).on_version(version(&filed)).send().ok();
    let another = json!({ "declaration": priced(6_400), "changes": number });
    provider.post("/api/v1/applications", &another).send().refused(409, "filed");

    let case = case.accept();
    let other = json!({ "criterion": "help_desk", "answer": "met", "reason": "確かめた。" });
    case.act(&cast.examiners[0], "judgements", &json!({ "judgements": [other] })).refused(422, "not_asked");
    let page = client.signed_in(&cast.examiners[0]).get(&format!("/examinations/{}", case.id())).send();
    let page = page.text().to_owned();
    assert!(page.contains("の変更") && page.contains("審査する要件"), "{page}");
    let case = case.judge().recommend();
    assert_eq!(shown(&client, &number)["prices"], before["prices"], "nothing holds before the decision");
    let case = case.decide();
    let changed = shown(&client, &number);
    assert_eq!(changed["prices"][0]["yen"], json!(6_500));
    assert_eq!((&changed["terms"], &changed["edition"]), (&before["terms"], &before["edition"]));
    assert_eq!(changes_of(&changed), ["filed", "notified", "changed"]);
    assert_eq!(changed.get("changing"), None);
    let declared = provider.get(&format!("/api/v1/registrations/{number}/declaration")).send().ok();
    assert_eq!(declared["declaration"]["provider"]["telephone"], "06-0000-9999", "what was notified meanwhile stays");
    assert_eq!(declared["declaration"]["prices"][0]["amount"]["yen"], json!(6_500));
    // Nobody has to enter it.
    case.act(&cast.secretariat, "registration", &json!({ "from": case.today() })).refused(409, "not_filed");
    let waiting = client.signed_in(&cast.secretariat).get("/intake").send().text().to_owned();
    assert!(!waiting.contains(case.id()), "nothing waits any more");
    let record = client.signed_in(&cast.auditor).get(&format!("/api/v1/applications/{}/record", case.id())).send().ok();
    let kinds: Vec<&str> = record["acts"].as_array().expect("a list").iter().map(|act| text(act, "kind")).collect();
    assert!(kinds.contains(&"registration.filed") && kinds.contains(&"registration.changed"), "{kinds:?}");
    server.end();
    register.assert_whole();
}

fn a_price_above_its_cap_is_told_of_and_never_holds_by_itself(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let before = shown(&client, &number);
    // 11,000 yen with a tenth of tax in them are 10,000 without.
    for (yen, turns) in [(11_000, false), (11_001, true)] {
        let checked = provider.post(&format!("/api/v1/registrations/{number}/changes/check"), &priced(yen)).send().ok();
        let findings = checked["findings"].as_array().expect("a list");
        assert_eq!(findings.len(), 1, "{checked}");
        assert_eq!(
            (text(&findings[0]["after"], "criterion"), &findings[0]["turnsUnmet"]),
            ("network_price", &json!(turns))
        );
    }
    assert_eq!(shown(&client, &number), before, "nothing is saved of it");
    let case = Case::change(&client, &cast, &number, &priced(11_001));
    assert_eq!(shown(&client, &number)["prices"], before["prices"]);
    case.act(&cast.provider, "withdrawal", &json!({ "reason": "上限を超えるため。" })).ok();
    server.end();
    register.assert_whole();
}

fn what_fails_or_is_taken_back_changes_nothing(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let before = shown(&client, &number);
    let first = Case::change(&client, &cast, &number, &priced(6_500));
    first.act(&cast.provider, "withdrawal", &json!({ "reason": "書き直す" })).ok();
    // What arithmetic decides nobody overrules; this an examiner judges.
    let mut simpler = declaration();
    simpler["simplicity"]["measures"] = json!("手順書を一枚にした。");
    let second = Case::change(&client, &cast, &number, &simpler).accept();
    let mut judged = second.judgements();
    judged["judgements"][0]["answer"] = json!("unmet");
    for examiner in &cast.examiners {
        second.act(examiner, "judgements", &judged).ok();
    }
    let deciders = [&cast.decision_maker, &cast.second_decision_maker];
    second.follow(&cast.examiners[0], "recommendation", &fail()).decide_by(deciders, &fail());
    let after = shown(&client, &number);
    assert_eq!(changes_of(&after), ["filed", "withdrawn", "filed", "failed"]);
    assert_eq!((&after["prices"], &after["state"]), (&before["prices"], &before["state"]));
    server.end();
    register.assert_whole();
}

/// From the register's page to the last step of the draft, which says how it is dealt with; then to the register, or to an
/// application.
fn the_pages_say_what_becomes_of_a_change(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let page = provider.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("変更届を書く"), "{page}");
    let begin = || {
        let begun = provider.post("/api/v1/drafts", &json!({ "changes": number })).send();
        assert_eq!(begun.status, 201, "{}", begun.told());
        begun.ok()
    };
    let write = |draft: &Value, name: &str, value: &str| {
        let mut typed: Vec<(String, Vec<String>)> = draft["fields"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|field| {
                let values = field["values"].as_array().expect("a list").iter();
                (text(field, "name").to_owned(), values.filter_map(Value::as_str).map(str::to_owned).collect())
            })
            .collect();
        typed.iter_mut().filter(|(known, _)| known == name).for_each(|(_, values)| *values = vec![value.to_owned()]);
        let path = format!("/api/v1/drafts/{}", text(draft, "id"));
        provider.ask("PUT", &path).json(&fields(&typed)).on_version(version(draft)).send().ok()
    };
    let submit = |draft: &Value| {
        let path = format!("/drafts/{}/submission", text(draft, "id"));
        provider.ask("POST", &path).form(&[("version", &version(draft).to_string())]).send()
    };
    let last_step = |draft: &Value| provider.get(&format!("/drafts/{}/5", text(draft, "id"))).send().text().to_owned();

    let draft = begin();
    let draft = write(&draft, "/service/name", "新しい見守り");
    let page = last_step(&draft);
    assert!(page.contains("届出で済む変更です") && page.contains("届け出る"), "{page}");
    let refused = provider.ask("POST", &format!("/api/v1/drafts/{}/submission", text(&draft, "id")));
    refused.on_version(version(&draft)).send().refused(409, "general");
    let done = submit(&draft);
    assert_eq!((done.status, done.header("location")), (303, format!("/register/{number}").as_str()));
    assert_eq!(text(&shown(&client, &number), "serviceName"), "新しい見守り");

    let draft = begin();
    let draft = write(&draft, "/prices/0/amount/yen", "11001");
    let page = last_step(&draft);
    assert!(page.contains("審査が必要な変更です") && page.contains("満たさなくなります"), "{page}");
    let draft = write(&draft, "/prices/0/amount/yen", "6500");
    let page = last_step(&draft);
    assert!(page.contains("審査が必要な変更です") && !page.contains("満たさなくなります"), "{page}");
    let done = submit(&draft);
    let application = done.header("location").to_owned();
    assert!(done.status == 303 && application.starts_with("/applications/A-"), "{application}");
    let page = provider.get(&application).send().text().to_owned();
    assert!(page.contains("の変更"), "{page}");
    let page = client.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("変更の申請を受け付け、審査しています"), "{page}");
    server.end();
    register.assert_whole();
}

fn of_two_notices_one_is_told(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let read = version(&shown(&client, &number));
    let path = format!("/api/v1/registrations/{number}/changes");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = |person| {
            let (by, path) = (client.signed_in(person), &path);
            scope.spawn(move || by.post(path, &moved()).on_version(read).send().status)
        };
        [&cast.provider, &cast.member, &cast.agent].map(ask).map(|asked| asked.join().expect("an answer")).into()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 2, "{statuses:?}");
    assert_eq!(changes_of(&shown(&client, &number)), ["notified"]);
    server.end();
    register.assert_whole();
}

/// A price seen somewhere is held against what is declared now, whatever the first application said.
fn prices_are_checked_on_what_is_declared_now(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = registered(&register);
    let server = register.serve();
    let client = server.client();
    let mut after = priced(6_600);
    let months = after["contract"]["minimumTermMonths"].as_u64().expect("a number") - 1;
    after["contract"]["minimumTermMonths"] = json!(months);
    Case::change(&client, &cast, &number, &after).accept().judge().recommend().decide();
    let seen = json!({
        "line": 0, "monthly": { "yen": 6_600, "tax": "included", "taxRatePercent": 10 },
        "minimumTermMonths": 12, "seenAt": "https://example.jp/price", "seenOn": today().to_string(),
    });
    let path = format!("/api/v1/registrations/{number}/price-checks");
    let checked = client.signed_in(&cast.secretariat).post(&path, &seen).send().ok();
    assert_eq!(checked["registered"]["minimumTermMonths"], json!(months), "{checked}");
    server.end();
    register.assert_whole();
}
