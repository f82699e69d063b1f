//! Was it valid on that day? The server knows only the real clock, so the past is played with the library first.

use serde_json::{Value, json};
use tests::{Case, Database, Register, declaration, licences, past, text};

tests::on_both!(the_edges_of_a_term_long_over, a_term_that_has_not_begun, what_was_known_on_a_day, many_at_once);

fn the_edges_of_a_term_long_over(database: Database) {
    let register = Register::new(database);
    let past = past::first_round(&register);
    let server = register.serve();
    let client = server.client();
    let on = |day: &str| {
        let path = format!("/api/v1/registrations/{}/valid-on/{day}", past.registration);
        client.get(&path).send().ok()
    };
    for (day, state, is_in_term) in [
        ("2021-04-30", "not_yet", false),
        ("2021-05-01", "valid", true),
        ("2022-02-28", "valid", true),
        ("2022-03-01", "suspended", true),
        ("2022-03-31", "suspended", true),
        ("2022-04-01", "valid", true),
        ("2023-04-30", "valid", true),
        ("2023-05-01", "lapsed", false),
        ("2024-02-29", "lapsed", false),
    ] {
        let answer = on(day);
        assert_eq!((text(&answer, "day"), text(&answer["state"], "name")), (day, state));
        let term = json!({ "number": 1, "from": "2021-05-01", "lastDay": "2023-04-30" });
        assert_eq!(answer["term"], if is_in_term { term } else { json!(null) }, "{day}");
        assert_eq!((text(&answer, "edition"), &answer["class"]), ("1.0", &json!(1)));
    }
    // Since when the register knows: the last act that bears on the day.
    assert_eq!(text(&on("2021-05-01"), "knownSince"), "2021-04-21T01:00:00Z");
    assert_eq!(text(&on("2022-03-01"), "knownSince"), "2022-03-01T01:00:00Z");
    assert_eq!(text(&on("2023-05-01"), "knownSince"), "2022-04-01T01:00:00Z");
    for day in ["2021-02-29", "2021-13-01", "20210501", "昨日", "2021-05-01T00:00:00Z"] {
        let path = format!("/api/v1/registrations/{}/valid-on/{day}", past.registration);
        client.get(&path).send().refused(422, "invalid");
    }
    client.get("/api/v1/registrations/OTK-2021-99999/valid-on/2021-05-01").send().refused(404, "not_found");

    // Today the term is long over, and so is the mark.
    let now = client.get(&format!("/api/v1/registrations/{}", past.registration)).send().ok();
    assert_eq!(now["state"], json!({ "name": "lapsed", "since": "2023-04-30T15:00:00Z" }));
    let mark = client.get(&format!("/api/v1/marks/{}", past.licence)).send().ok();
    assert_eq!((text(&mark, "answer"), text(&mark, "since")), ("ended", "2023-04-30T15:00:00Z"));
    server.end();
    register.assert_whole();
}

fn a_term_that_has_not_begun(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let enter = |days| {
        let from = api::clock::now().day().plus_days(days).to_string();
        case.act(&cast.secretariat, "registration", &json!({ "from": from }))
    };
    enter(-1).refused(422, "before_decision");
    enter(367).refused(422, "too_far_ahead");
    let registration = enter(30).ok();
    assert_eq!(text(&registration["state"], "name"), "not_yet");
    let number = text(&registration, "number");
    let on = |day: &str| server.client().get(&format!("/api/v1/registrations/{number}/valid-on/{day}")).send();
    assert_eq!(text(&on(&case.today()).ok()["state"], "name"), "not_yet");
    on(text(&registration["term"], "from")).refused(422, "invalid");
    // Nobody may show the mark before the first day.
    let by = case.by(&cast.secretariat);
    by.post(&licences(&registration), &json!({ "holderKind": "provider" })).send().refused(409, "state");
    case.measure(&registration, "suspend", "理由").refused(409, "state");
    let revoked = case.measure(&registration, "revoke", "始まる前に取り消す").ok();
    assert_eq!(text(&revoked["state"], "name"), "revoked");
    server.end();
    register.assert_whole();
}

/// Suspended on 1 March 2022 and reinstated on 1 April: before that, nobody knew.
fn what_was_known_on_a_day(database: Database) {
    let register = Register::new(database);
    let past = past::first_round(&register);
    let server = register.serve();
    let client = server.client();
    let number = &past.registration;
    let on = |day: &str, known: &str| {
        client.get(&format!("/api/v1/registrations/{number}/valid-on/{day}?knownOn={known}")).send()
    };
    for (day, known, state, since) in [
        ("2021-04-21", "2021-04-21", "not_yet", "2021-04-21T01:00:00Z"),
        ("2022-02-28", "2022-02-28", "valid", "2021-04-21T01:00:00Z"),
        ("2022-03-01", "2022-03-01", "suspended", "2022-03-01T01:00:00Z"),
        ("2022-02-28", "2022-03-01", "valid", "2021-04-21T01:00:00Z"),
        ("2022-03-31", "2022-03-31", "suspended", "2022-03-01T01:00:00Z"),
        ("2022-04-01", "2022-04-01", "valid", "2022-04-01T01:00:00Z"),
        ("2022-03-31", "2025-01-01", "suspended", "2022-03-01T01:00:00Z"),
        ("2023-05-01", "2023-05-01", "lapsed", "2022-04-01T01:00:00Z"),
    ] {
        let answer = on(day, known).ok();
        assert_eq!((text(&answer["state"], "name"), text(&answer, "knownSince")), (state, since), "{day} on {known}");
        assert_eq!(text(&answer, "knownOn"), known);
    }
    on("2021-04-20", "2021-04-20").refused(404, "not_found");
    for (day, known, pointer) in [
        ("2022-03-01", "2022-02-28", "/knownOn"),
        ("2022-03-01", "2999-01-01", "/knownOn"),
        ("2022-03-01", "yesterday", "/knownOn"),
        ("2999-01-01", "2022-03-01", "/day"),
    ] {
        let refused = on(day, known).refused(422, "invalid");
        assert_eq!(text(&refused["errors"][0], "pointer"), pointer, "{refused}");
    }
    let history = |known: &str| client.get(&format!("/api/v1/registrations/{number}/history{known}")).send();
    let kinds = |known: &str| -> Vec<String> {
        let all = history(known).ok();
        all["acts"].as_array().expect("a list").iter().map(|act| text(act, "kind").to_owned()).collect()
    };
    let (registered, suspended, reinstated) =
        ("registration.registered", "registration.suspended", "registration.reinstated");
    assert_eq!(kinds(""), [registered, suspended, reinstated]);
    assert_eq!(kinds("?knownOn=2022-03-31"), [registered, suspended]);
    assert_eq!(kinds("?knownOn=2022-02-28"), [registered]);
    history("?knownOn=2021-04-20").refused(404, "not_found");
    let act = history("").ok()["acts"][1].clone();
    assert!(act["open"]["reason"].is_string() && act["words"].is_string(), "{act}");
    let leaf = client.get(&format!("/api/v1/log/leaves/{}", act["seq"])).send().ok();
    assert!(text(&leaf, "leaf").contains(suspended), "the history leads into the log: {leaf}");
    server.end();
}

/// By number and by corporate number, as JSON, on the page and as a table; what cannot be read is said line by line.
fn many_at_once(database: Database) {
    let register = Register::new(database);
    let past = past::first_round(&register);
    let server = register.serve();
    let client = server.client();
    let shown = client.get(&format!("/api/v1/registrations/{}", past.registration)).send().ok();
    let company = text(&shown["provider"], "legalEntityNumber").to_owned();
    let ask = |questions: &Value| client.post("/api/v1/valid-on", &json!({ "questions": questions })).send();
    let found = ask(&json!([
        { "number": past.registration, "day": "2022-03-10" },
        { "legalEntityNumber": company, "day": "令和4年4月1日", "knownOn": "2022-04-01" },
        { "number": "OTK-2021-99999", "day": "2022-03-10" },
        { "number": past.registration },
    ]))
    .ok();
    let states: Vec<Vec<&str>> = found["answers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            one["registrations"].as_array().expect("a list").iter().map(|of| text(&of["state"], "name")).collect()
        })
        .collect();
    assert_eq!(states, [vec!["suspended"], vec!["valid"], vec![], vec!["lapsed"]]);
    assert_eq!(text(&found["answers"][1], "day"), "2022-04-01");
    let faults = ask(&json!([
        { "number": past.registration, "day": "2022-03-10" },
        { "day": "2022-03-10" },
        { "number": "x y", "day": "2022-03-10" },
        { "legalEntityNumber": "1", "day": "2022-03-10" },
        { "number": past.registration, "day": "2022-02-30" },
    ]))
    .refused(422, "invalid");
    let pointers: Vec<&str> =
        faults["errors"].as_array().expect("a list").iter().map(|fault| text(fault, "pointer")).collect();
    assert_eq!(
        pointers,
        ["/questions/1/number", "/questions/2/number", "/questions/3/legalEntityNumber", "/questions/4/day"]
    );
    let question = json!({ "number": past.registration });
    assert_eq!(ask(&json!(vec![&question; 1000])).ok()["answers"].as_array().map(Vec::len), Some(1000));
    ask(&json!(vec![&question; 1001])).refused(422, "invalid");
    ask(&json!([])).refused(422, "invalid");

    let lines = format!("番号,日\n{},2022/3/10\n{company},令和4年4月1日\nOTK-2021-99999\nx,y", past.registration);
    let post = |home: &str, fields: &[(&str, &str)]| {
        let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let ask = client.ask("POST", &format!("{home}/valid-on")).header("accept", "text/html");
        ask.body("application/x-www-form-urlencoded", form.join("&")).send()
    };
    let page = post("", &[("lines", &lines)]);
    assert_eq!(page.status, 200, "{}", page.told());
    for said in ["一時停止中", "有効", "登録は見つかりません。", "読み取れない行が1行あります", "&#60;"]
    {
        assert_eq!(page.text().contains(said), said != "&#60;", "{said}");
    }
    assert!(post("/en", &[("lines", &lines)]).text().contains("No such registration is known."));
    let table = post("", &[("lines", &lines), ("csv", "1")]);
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let rows: Vec<&str> = table.text().trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 5, "{}", table.text());
    assert!(rows[0].starts_with("line,asked,") && rows[1].contains(",suspended,1,2021-05-01,2023-04-30,1,"));
    assert!(rows[2].contains(&format!("{company},2022-04-01,,{}", past.registration)), "{}", rows[2]);
    let many = vec![past.registration.as_str(); 1001].join("\n");
    for (typed, says) in [("", "1行以上"), (many.as_str(), "1000行まで")] {
        let refused = post("", &[("lines", typed)]);
        assert!(refused.status == 422 && refused.text().contains(says), "{}", refused.told());
    }
    server.end();
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
