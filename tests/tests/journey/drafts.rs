//! Drafts: kept as typed, seen by their organisation alone, consumed by the act that submits them.

use serde_json::{Value, json};
use tests::drafts::{fields, typed};
use tests::{Answer, Case, Client, Database, Engine, Person, Register, Server, declaration, text, version};

tests::on_both!(
    from_a_draft_to_an_application,
    of_two_who_write_neither_loses_a_word,
    the_next_draft_begins_with_the_last_application,
    a_return_is_answered_by_one_draft,
    draft_and_application_change_places_whole_or_not_at_all,
    old_drafts_go_and_named_files_stay,
    what_was_typed_when_a_session_ended_is_told,
    whoever_applies_for_several_says_for_which,
);

const DRAFTS: &str = "/api/v1/drafts";

fn begin(by: &Client, body: &Value) -> Value {
    let begun = by.post(DRAFTS, body).send();
    assert!(matches!(begun.status, 200 | 201), "{}", begun.told());
    begun.ok()
}

fn path(draft: &Value) -> String {
    format!("{DRAFTS}/{}", text(draft, "id"))
}

fn save(by: &Client, draft: &Value, typed: &[(String, Vec<String>)]) -> Value {
    by.ask("PUT", &path(draft)).json(&fields(typed)).on_version(version(draft)).send().ok()
}

fn submit(by: &Client, draft: &Value) -> Answer {
    by.ask("POST", &format!("{}/submission", path(draft))).on_version(version(draft)).send()
}

fn values<'a>(draft: &'a Value, name: &str) -> &'a Value {
    let found = draft["fields"].as_array().expect("a list").iter().find(|field| field["name"] == name);
    found.map_or(&Value::Null, |field| &field["values"])
}

fn field(name: &str, value: &str) -> (String, Vec<String>) {
    (name.to_owned(), vec![value.to_owned()])
}

fn count(register: &Register, table: &str) -> i64 {
    register.database().sql().number(&format!("SELECT count(*) FROM {table}"))
}

fn from_a_draft_to_an_application(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let begun = begin(&provider, &json!({}));
    let name = register.database().sql().texts("SELECT name FROM organisations WHERE id = 'osaka-cci'");
    assert_eq!(values(&begun, "/provider/tradeName"), &json!(name), "what is known of the organisation is filled in");
    let acts = count(&register, "acts");

    // Whatever is typed is kept, and what is wrong with it is said.
    let half = [
        field("/service/name", "  見守り㈱ "),
        field("/contract/minimumTermMonths", "二年"),
        field("/service/class", "1"),
    ];
    let saved = save(&provider, &begun, &half);
    assert_eq!(values(&saved, "/contract/minimumTermMonths"), &json!(["二年"]));
    let wrong: Vec<&Value> =
        saved["faults"].as_array().expect("a list").iter().filter(|fault| fault["missing"] == false).collect();
    assert_eq!(wrong.len(), 1, "{saved}");
    assert_eq!(wrong[0]["name"], "/contract/minimumTermMonths");
    let assessed = |draft: &Value| provider.get(&format!("{}/assessment", path(draft))).send().ok();
    let early = assessed(&saved);
    assert_eq!(early["findings"][0]["conclusion"]["why"][0]["why"], "not_filled_in", "{early}");
    let refused = submit(&provider, &saved).refused(422, "invalid");
    let errors = refused["errors"].as_array().expect("a list");
    assert!(errors.len() > 20 && errors.iter().any(|error| error["pointer"] == "/service/nameKana"), "{refused}");

    // Its organisation sees it, and nobody else.
    for (person, status) in [
        (&cast.provider, 200),
        (&cast.member, 200),
        (&cast.agent, 200),
        (&cast.stranger, 404),
        (&cast.auditor, 403),
        (&cast.secretariat, 403),
        (&cast.examiners[0], 403),
        (&cast.user, 403),
    ] {
        let by = client.signed_in(person);
        assert_eq!(by.get(&path(&saved)).send().status, status, "{person:?}");
        assert_eq!(by.get(&format!("/drafts/{}/2", text(&saved, "id"))).send().status, status, "{person:?}");
    }
    assert_eq!(client.signed_in(&cast.stranger).get(DRAFTS).send().ok()["items"], json!([]));
    assert_eq!(client.signed_in(&cast.member).get(DRAFTS).send().ok()["items"][0]["id"], saved["id"]);
    // A page tells the same; an empty draft is no error page.
    let page = provider.get(&format!("/drafts/{}/5", text(&saved, "id"))).send();
    assert!(page.text().contains("提出の前に直すところ") && page.text().contains("入力待ち"), "{}", page.told());
    let page = provider.get(&format!("/drafts/{}/3", text(&saved, "id"))).send();
    assert!(page.text().contains("value=\"二年\"") && page.text().contains("<title>エラー："), "{}", page.told());

    let whole = save(&client.signed_in(&cast.member), &saved, &typed(&declaration()));
    assert_eq!((&whole["faults"], &whole["savedBy"]), (&json!([]), &json!(cast.member.id)));
    assert_eq!(count(&register, "acts"), acts, "nothing of it is an act");
    let before = assessed(&whole)["findings"].clone();
    provider
        .ask("POST", &format!("{}/submission", path(&whole)))
        .on_version(version(&saved))
        .send()
        .refused(412, "stale");
    let submitted = submit(&provider, &whole);
    assert_eq!(submitted.status, 201, "{}", submitted.told());
    let application = submitted.ok();
    assert_eq!(application["declaration"], declaration());
    assert_eq!(provider.get(&path(&whole)).send().status, 404, "the draft is no more");
    let after = provider.get(&format!("/api/v1/applications/{}/assessment", text(&application, "id"))).send().ok();
    assert_eq!(after["findings"], before, "the examiner sees what the applicant saw");

    // Again, by whoever of them, on either face: the same application.
    for person in [&cast.provider, &cast.member] {
        let again = submit(&client.signed_in(person), &whole);
        assert_eq!((again.status, &again.ok()["id"]), (200, &application["id"]));
    }
    let page = format!("/drafts/{}", text(&whole, "id"));
    for answer in [
        provider.get(&format!("{page}/2")).send(),
        provider.ask("POST", &format!("{page}/submission")).form(&[("version", "1")]).send(),
    ] {
        let location = format!("/applications/{}", text(&application, "id"));
        assert_eq!((answer.status, answer.header("location")), (303, &*location), "{}", answer.told());
    }
    assert_eq!(submit(&client.signed_in(&cast.stranger), &whole).status, 404);
    assert_eq!((count(&register, "applications"), count(&register, "drafts")), (1, 0));

    let other = begin(&provider, &json!({}));
    let gone = provider.ask("DELETE", &path(&other)).on_version(1).send().ok();
    assert_eq!((&gone["id"], count(&register, "drafts")), (&other["id"], 0));
    let trail = "SELECT count(*) FROM trail WHERE what IN ('draft.begun', 'draft.deleted')";
    assert_eq!(register.database().sql().number(trail), 3);
    server.end();
    register.assert_whole();
}

/// Posts a step of a draft as its page does.
fn post(server: &Server, person: &Person, draft: &Value, step: u8, typed: &[(&str, &str)]) -> Answer {
    let by = server.client().signed_in(person);
    by.ask("POST", &format!("/drafts/{}/{step}", text(draft, "id"))).header("accept", "text/html").form(typed).send()
}

fn of_two_who_write_neither_loses_a_word(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let draft = begin(&provider, &json!({}));
    let now = || provider.get(&path(&draft)).send().ok();
    let (ours, theirs) = ("こちらで書いた概要", "あちらで書いた概要");

    let saved = post(
        &server,
        &cast.member,
        &draft,
        2,
        &[("/service/name", "x"), ("/service/summary", theirs), ("version", "1")],
    );
    assert_eq!(saved.status, 303, "{}", saved.told());
    // Another step, read at the same version, is nobody else's.
    let other = post(&server, &cast.provider, &draft, 3, &[("/contract/minimumTermMonths", "12"), ("version", "1")]);
    assert_eq!(other.status, 303, "{}", other.told());
    // The same step: nothing is saved, and the page has both.
    let both = post(
        &server,
        &cast.provider,
        &draft,
        2,
        &[("/service/name", "x"), ("/service/summary", ours), ("version", "1")],
    );
    assert_eq!(both.status, 412, "{}", both.told());
    for words in
        [ours, theirs, "大阪 同僚", "id=\"f-service-summary-note\"", "name=\"version\" id=\"version\" value=\"3\""]
    {
        assert!(both.text().contains(words), "{words}: {}", both.text());
    }
    assert_eq!(values(&now(), "/service/summary"), &json!([theirs]));
    assert_eq!(values(&now(), "/contract/minimumTermMonths"), &json!(["12"]));
    // Having seen both, they decide.
    let decided = post(
        &server,
        &cast.provider,
        &draft,
        2,
        &[("/service/name", "x"), ("/service/summary", ours), ("version", "3")],
    );
    assert_eq!(decided.status, 303, "{}", decided.told());
    assert_eq!(values(&now(), "/service/summary"), &json!([ours]));
    // A program that read an older version is told so, whatever it changes.
    let late = provider.ask("PUT", &path(&draft)).json(&fields(&[])).on_version(3).send();
    late.refused(412, "stale");
    let none = post(&server, &cast.provider, &draft, 2, &[("/service/summary", ours)]);
    assert_eq!(none.status, 428, "{}", none.told());
    server.end();
    register.assert_whole();
}

fn upload(by: &Client, name: &str, bytes: &[u8]) -> String {
    let path = format!("/api/v1/evidence?name={name}");
    text(&by.ask("POST", &path).body("application/octet-stream", bytes).send().ok(), "digest").to_owned()
}

fn the_next_draft_begins_with_the_last_application(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let link = json!({ "criterion": "help_desk", "note": "受付" });
    let named = json!([{ "digest": upload(&provider, "a.csv", b"a,b\n"), "speaksOf": "2026-03-31", "links": [link] }]);
    let first = Case::submit(&server.client(), &cast, &json!({ "declaration": declaration(), "evidence": named }));

    let draft = begin(&provider, &json!({}));
    assert_eq!(
        (&draft["source"], values(&draft, "/service/name")),
        (&json!(first.id()), &json!([declaration()["service"]["name"]]))
    );
    let page = provider.get(&format!("/drafts/{}/4", text(&draft, "id"))).send();
    for words in [
        &*format!("申請 {}（", first.id()),
        &*format!("前回の申請 {} のファイルです", first.id()),
        "にアップロード",
        "証跡のファイルが1件あります",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    // A file from last time is not taken along without a word.
    let refused = submit(&provider, &draft).refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/files/0/confirmed", "{refused}");
    let kept = draft["fields"].as_array().expect("a list").iter().map(|field| {
        let values = field["values"].as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned);
        (text(field, "name").to_owned(), values.collect())
    });
    let confirmed: Vec<_> = kept.chain([field("/files/0/confirmed", "yes")]).collect();
    let application = submit(&provider, &save(&provider, &draft, &confirmed)).ok();
    assert_eq!((&application["evidence"], &application["declaration"]), (&first.state["evidence"], &declaration()));
    // Another organisation begins with nothing of it.
    let others = begin(&server.client().signed_in(&cast.stranger), &json!({}));
    assert_eq!((&others["source"], values(&others, "/service/name")), (&Value::Null, &Value::Null));
    server.end();
    register.assert_whole();
}

fn a_return_is_answered_by_one_draft(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let [provider, member] = [&cast.provider, &cast.member].map(|person| client.signed_in(person));
    let file = upload(&provider, "a.csv", b"a,b\n");
    let mut case =
        Case::submit(&client, &cast, &json!({ "declaration": declaration(), "evidence": [{ "digest": file }] }));
    let answers = json!({ "answers": case.id() });
    provider.post(DRAFTS, &answers).send().refused(409, "state");
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    case.state = case.act(&cast.secretariat, "return", &reasons).ok();
    client.signed_in(&cast.stranger).post(DRAFTS, &answers).send().refused(404, "not_found");

    let draft = begin(&provider, &answers);
    let again = member.post(DRAFTS, &answers).send();
    assert_eq!((again.status, &again.ok()["id"]), (200, &draft["id"]), "a return has one draft");
    let posted = member.ask("POST", "/drafts").form(&[("answers", case.id())]).send();
    let first = format!("/drafts/{}/1", text(&draft, "id"));
    assert_eq!((posted.status, posted.header("location")), (303, &*first), "{}", posted.told());
    let page = provider.get(&format!("/drafts/{}/2", text(&draft, "id"))).send();
    assert!(page.text().contains("差戻しの理由：受付時間が違います。"), "{}", page.text());
    assert_eq!(draft["faults"], json!([]), "its files are its own, and need no word");

    let mut mended = declaration();
    mended["helpDesk"]["hours"] = json!("平日9時から18時まで");
    let named = [field("/files/0/digest", &file)];
    let saved = save(&member, &draft, &[&typed(&mended)[..], &named].concat());
    let answered = submit(&provider, &saved).ok();
    assert_eq!(
        (&answered["id"], &answered["submission"], &answered["stage"]),
        (&json!(case.id()), &json!(2), &json!("submitted"))
    );
    assert_eq!((&answered["declaration"], &answered["evidence"][0]["digest"]), (&mended, &json!(file)));
    assert_eq!(submit(&member, &saved).ok()["id"], json!(case.id()));
    assert_eq!(count(&register, "drafts"), 0);
    server.end();
    register.assert_whole();
}

/// The database refuses one half of it, then the other: neither is done without its fellow.
fn draft_and_application_change_places_whole_or_not_at_all(database: Database) {
    let engine = database.engine();
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let draft = save(&provider, &begin(&provider, &json!({})), &typed(&declaration()));
    let acts = count(&register, "acts");
    let sql = register.database().sql();
    let hold = format!(
        "CREATE TABLE hold (draft varchar REFERENCES drafts(id)); INSERT INTO hold VALUES ('{}')",
        text(&draft, "id")
    );
    let (stop, go) = match engine {
        Engine::Sqlite => (
            "CREATE TRIGGER stop BEFORE INSERT ON applications BEGIN SELECT RAISE(ABORT, 'stop'); END",
            "DROP TRIGGER stop",
        ),
        Engine::Postgres => (
            "ALTER TABLE applications ADD CONSTRAINT stop CHECK (false) NOT VALID",
            "ALTER TABLE applications DROP CONSTRAINT stop",
        ),
    };
    for (refuse, allow) in [(stop, go), (hold.as_str(), "DROP TABLE hold")] {
        sql.execute(refuse);
        let failed = submit(&provider, &draft);
        assert!(failed.status >= 500, "{}", failed.told());
        assert_eq!((count(&register, "applications"), count(&register, "acts")), (0, acts), "{refuse}");
        assert_eq!(provider.get(&path(&draft)).send().ok()["version"], draft["version"]);
        sql.execute(allow);
    }
    assert_eq!(submit(&provider, &draft).status, 201);
    assert_eq!((count(&register, "applications"), count(&register, "drafts")), (1, 0));
    server.end();
    register.assert_whole();
}

fn old_drafts_go_and_named_files_stay(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let [named, unnamed] = [&b"a,b\n"[..], b"c,d\n"].map(|bytes| upload(&provider, "a.csv", bytes));
    let kept = begin(&provider, &json!({}));
    let kept = save(&provider, &kept, &[field("/files/0/digest", &named)]);
    let old = begin(&provider, &json!({}));
    let last = begin(&provider, &json!({}));
    server.end();
    let sql = register.database().sql();
    let today = api::clock::now().day();
    let on = |days: i32| today.plus_days(-days).start();
    for (draft, days) in [(&old, 91), (&last, 90)] {
        sql.execute(&format!("UPDATE drafts SET saved_at = '{}' WHERE id = '{}'", on(days), text(draft, "id")));
    }
    sql.execute(&format!("UPDATE uploads SET uploaded_at = '{}'", on(120)));

    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let begun = std::time::Instant::now();
    while count(&register, "uploads") != 1 {
        assert!(begun.elapsed().as_secs() < 30, "nothing was swept");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for (draft, status) in [(&kept, 200), (&last, 200), (&old, 404)] {
        assert_eq!(provider.get(&path(draft)).send().status, status, "{draft}");
    }
    for (digest, status) in [(&named, 200), (&unnamed, 404)] {
        assert_eq!(provider.get(&format!("/api/v1/evidence/{digest}")).send().status, status);
    }
    let page = provider.get("/applications").send();
    assert!(page.text().contains("まで保存されます（最後に保存してから90日）"), "{}", page.text());
    server.end();
    register.assert_whole();
}

/// To the browser that sent it from one of our pages, and nothing of it is kept.
fn what_was_typed_when_a_session_ended_is_told(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let draft = begin(&server.client().signed_in(&cast.provider), &json!({}));
    let path = |step: u8| format!("/drafts/{}/{step}", text(&draft, "id"));
    let signed_out = server.client();
    let words = "<b>途中まで書いた概要";
    let summary = [("/service/summary", words), ("csrf", "x"), ("version", "1")];
    let people = [("/continuity/people", words), ("csrf", "x")];
    let ask = |step| signed_out.ask("POST", &path(step)).header("accept", "text/html");
    for (ask, label) in [
        (ask(2).form(&summary), "サービスの概要"),
        (ask(4).form_with_files(&people, &[("file", "a.csv", b"a,b\n")]), "要員の確保"),
    ] {
        let ours = ask.clone().header("sec-fetch-site", "same-origin").send();
        assert_eq!(ours.status, 401, "{}", ours.told());
        assert!(
            ours.text().contains(label) && ours.text().contains("&#60;b&#62;途中まで書いた概要"),
            "{}",
            ours.text()
        );
        let foreign = ask.header("sec-fetch-site", "cross-site").send();
        assert!(foreign.status == 401 && !foreign.text().contains("途中まで書いた概要"), "{}", foreign.told());
    }
    assert_eq!(count(&register, "uploads"), 0);
    assert_eq!(register.database().sql().number("SELECT count(*) FROM drafts WHERE version > 1"), 0);
    server.end();
    register.assert_whole();
}

fn whoever_applies_for_several_says_for_which(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let operator = server.client().signed_in(&cast.operator);
    let role = json!({ "role": "delegated_agent", "organisation": "somebody-else", "until": "2099-12-31" });
    operator.post(&format!("/api/v1/people/{}/roles", cast.agent.id), &role).on_version(1).send().ok();
    let agent = server.client().signed_in(&cast.agent);
    agent.post(DRAFTS, &json!({})).send().refused(422, "which_organisation");
    let page = agent.get("/applications/new").send();
    for words in ["value=\"osaka-cci\"", "value=\"somebody-else\"", "申請する組織"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let post = |fields: &[(&str, &str)]| agent.ask("POST", "/drafts").header("accept", "text/html").form(fields).send();
    let again = post(&[]);
    assert!(again.status == 422 && again.text().contains("＊申請する組織を選んでください。"), "{}", again.told());
    assert_eq!(post(&[("/owner", "9000000000000")]).status, 403, "not theirs");
    assert_eq!(post(&[("/owner", "somebody-else")]).status, 303);
    let drafts = agent.get(DRAFTS).send().ok();
    assert_eq!(
        (drafts["items"].as_array().map(Vec::len), &drafts["items"][0]["owner"]),
        (Some(1), &json!("somebody-else"))
    );
    let theirs = begin(&agent, &json!({ "owner": "osaka-cci" }));
    assert_eq!(theirs["owner"], "osaka-cci");
    // The other provider sees its own draft, which the agent writes, and not the other's.
    let stranger = server.client().signed_in(&cast.stranger);
    assert_eq!(stranger.get(&path(&drafts["items"][0])).send().status, 200);
    assert_eq!(stranger.get(&path(&theirs)).send().status, 404);
    server.end();
    register.assert_whole();
}
