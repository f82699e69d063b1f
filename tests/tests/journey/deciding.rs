//! Deciding: what a decision rests on, conditions of a pass, objections, what is provisional, and the gates to class 2.

use serde_json::{Value, json};
use tests::{Answer, Case, Client, Database, Person, Register, conditional, declaration, example, fail, pass, text};

tests::on_both!(
    a_decision_is_bound_to_what_it_rests_on,
    conditions_are_reported_and_replied_to,
    an_objection_is_heard_by_others_and_the_case_by_others_again,
    nothing_is_decided_under_a_provisional_limit,
    the_gates_to_class_two_are_shown,
);

const BODY: &str = "registration-body";

fn decision(case: &Case<'_>, by: &Person) -> Value {
    case.by(by).get(&format!("/api/v1/applications/{}/decision", case.id())).send().ok()
}

fn page(case: &Case<'_>, by: &Person, path: &str) -> String {
    let page = case.by(by).ask("GET", path).header("accept", "text/html").send();
    assert_eq!(page.status, 200, "{path}: {}", page.told());
    page.text().to_owned()
}

fn ruling(case: &Case<'_>, by: &Person) -> String {
    page(case, by, &format!("/applications/{}/decision", case.id()))
}

/// Posts a form of the decision's page.
fn post(case: &Case<'_>, by: &Person, what: &str, fields: &[(&str, &str)]) -> Answer {
    let version = case.version().to_string();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    case.by(by).ask("POST", &format!("/applications/{}/{what}", case.id())).form(&fields).send()
}

fn upload(by: &Client, bytes: &[u8]) -> String {
    let file = by.ask("POST", "/api/v1/evidence?name=proof.csv").body("application/octet-stream", bytes).send().ok();
    text(&file, "digest").to_owned()
}

/// The leaf of the application's last act of this kind.
fn leaf(client: &Client, register: &Register, kind: &str) -> Value {
    let sql = format!("SELECT max(seq) FROM acts WHERE leaf LIKE '%\"kind\":\"{kind}\"%'");
    let seq = register.database().sql().number(&sql);
    client.get(&format!("/api/v1/log/leaves/{seq}")).send().ok()
}

/// Edition 2.0 is published anew, changed by no more than a comment.
fn correct_edition(case: &Case<'_>, by: [&Person; 2]) {
    let client = case.by(by[0]);
    let file = client.get("/api/v1/editions/2.0/file").send().text().to_owned();
    let seen = client.get("/api/v1/editions/2.0").send();
    let version: u64 = seen.header("etag").trim_matches('"').parse().expect("a version");
    let body = json!({ "file": format!("{file}# 訂正\n"), "reason": "誤記を改めるため。" });
    let proposal = client.post("/api/v1/editions", &body).on_version(version).send().ok();
    case.confirm(by[1], &proposal).ok();
}

fn a_decision_is_bound_to_what_it_rests_on(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let file = upload(&provider, b"month,calls\n1,3\n");
    let submission = json!({ "declaration": declaration(), "evidence": [{ "digest": file }] });
    let submit = || Case::submit(&client, &cast, &submission).accept().judge().recommend();
    let (case, other) = (submit(), submit());

    let before = decision(&case, &cast.decision_maker);
    assert_eq!((&before["basis"]["evidence"], &before["shifts"]), (&json!([file]), &json!([])), "{before}");
    assert_eq!(before["basis"]["examinations"].as_array().map(Vec::len), Some(2));
    let told = decision(&case, &cast.provider);
    assert!(told["basis"].is_null() && told["criteria"] == json!([]), "not before it is decided: {told}");

    let proposal = case.propose();
    assert_eq!(proposal["basis"], before["basis"], "two people decide about one thing");
    let waiting = other.propose();
    let shown = page(&case, &cast.second_decision_maker, &format!("/proposals/{}", text(&proposal, "id")));
    assert!(shown.contains(text(&proposal["basis"], "digest")), "{shown}");
    case.confirm(&cast.second_decision_maker, &proposal).ok();
    let decided = decision(&case, &cast.provider);
    assert_eq!((&decided["basis"], &decided["shifts"]), (&before["basis"], &json!([])));
    let facts = leaf(&client, &register, "application.decided");
    let leaf: Value = serde_json::from_str(text(&facts, "leaf")).expect("a leaf is JSON");
    let expected = json!({ "basis": before["basis"]["digest"], "verdict": "pass" });
    assert_eq!(leaf["facts"], expected, "the log shows the digest, and nothing of what is behind it");

    // Reasons, criterion by criterion, without names.
    let reasons = decided["criteria"].as_array().expect("a list");
    assert!(reasons.iter().all(|one| one["judgements"].as_array().map(Vec::len) == Some(2)), "{decided}");
    let (shown, name) = (ruling(&case, &cast.provider), "審査員 甲");
    assert!(shown.contains("証跡を確かめた。") && shown.contains(text(&reasons[0], "clause")), "{shown}");
    assert!(!shown.contains(name) && !shown.contains("審査員 乙"), "who judged it is not told");

    // A correction of the edition: what was decided is seen to rest on another file, and what was proposed is not
    // confirmed any more.
    correct_edition(&case, [&cast.secretariat, &cast.second_secretariat]);
    assert_eq!(decision(&case, &cast.provider)["shifts"], json!(["edition"]));
    for shown in [ruling(&case, &cast.provider), page(&case, &cast.secretariat, &format!("/intake/{}", case.id()))] {
        assert!(shown.contains("根拠が、いまの案件と違います") && shown.contains("版が訂正され"), "{shown}");
    }
    let shown = page(&other, &cast.second_decision_maker, &format!("/proposals/{}", text(&waiting, "id")));
    assert!(shown.contains("根拠が違うため、確認できません") && !shown.contains("を確認する</button>"), "{shown}");
    other.confirm(&cast.second_decision_maker, &waiting).refused(409, "basis_changed");
    let other = other.decide();
    assert_eq!(decision(&other, &cast.provider)["shifts"], json!([]), "proposed anew, it rests on what is there");
    server.end();
    register.assert_whole();
}

fn conditions_are_reported_and_replied_to(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).accept().judge().recommend();
    let today = case.today();
    let propose = |body: &Value| case.act(&cast.decision_maker, "decision", body);
    let past = propose(&conditional("2021-04-15")).refused(422, "invalid");
    assert_eq!(past["errors"][0]["pointer"], "/conditions/0/due", "{past}");
    let mut failing = conditional(&today);
    failing["verdict"] = json!("fail");
    propose(&failing).refused(422, "invalid");
    // The same on the page: nothing that was typed is lost.
    let mut typed = vec![("/verdict", "pass"), ("/reason", "すべて充足。"), ("/conditions/0/words", "改定の公表")];
    typed.extend([
        ("/conditions/0/due/year", "2021"),
        ("/conditions/0/due/month", "4"),
        ("/conditions/0/due/day", "15"),
    ]);
    let version = case.version().to_string();
    typed.push(("version", &version));
    let path = format!("/decisions/{}", case.id());
    let refused = case.by(&cast.decision_maker).ask("POST", &path).form(&typed).send();
    assert_eq!(refused.status, 422, "{}", refused.told());
    assert!(
        refused.text().contains("改定の公表") && refused.text().contains("行う人を入力してください"),
        "{}",
        refused.told()
    );

    let case = case.decide_by([&cast.decision_maker, &cast.second_decision_maker], &conditional(&today));
    let registration = case.register();
    let public = format!("/api/v1/registrations/{}/conditions", text(&registration, "number"));
    assert_eq!(client.get(&public).send().ok(), json!({ "open": 1, "due": [today] }));
    let register_page = client.get(&format!("/register/{}", text(&registration, "number"))).send();
    assert!(register_page.text().contains("1件が未了"), "{}", register_page.told());
    assert!(!register_page.text().contains("規約の改定を公表"), "what they are is not the public's");
    for by in [&cast.provider, &cast.secretariat, &cast.decision_maker, &cast.auditor] {
        let listed = case.by(by).get("/api/v1/conditions").send().ok();
        assert_eq!(
            (&listed["items"][0]["application"], &listed["items"][0]["due"]),
            (&case.state["id"], &json!(today))
        );
        assert!(page(&case, by, "/conditions").contains("お客さま相談室長"));
    }
    assert_eq!(case.by(&cast.stranger).get("/api/v1/conditions").send().ok()["items"], json!([]));

    let words = json!({ "words": "公表した。" });
    case.act(&cast.stranger, "conditions/1/report", &words).refused(404, "not_found");
    case.act(&cast.secretariat, "conditions/1/report", &words).refused(403, "forbidden");
    case.act(&cast.provider, "conditions/2/report", &words).refused(404, "not_found");
    let yes = json!({ "isAccepted": true, "reason": "確かめた。" });
    case.act(&cast.secretariat, "conditions/1/reply", &yes).refused(409, "no_report");
    let provider = client.signed_in(&cast.provider);
    let file = upload(&provider, b"month,calls\n1,4\n");
    let with_file = json!({ "words": "公表した。", "evidence": [file] });
    let case = case.follow(&cast.provider, "conditions/1/report", &with_file);
    // Whoever replies may open the file; another provider may not.
    case.by(&cast.secretariat).get(&format!("/api/v1/evidence/{file}/file")).send().text();
    case.by(&cast.stranger).get(&format!("/api/v1/evidence/{file}")).send().refused(404, "not_found");
    case.act(&cast.provider, "conditions/1/report", &words).refused(409, "report_waits");
    case.act(&cast.provider, "conditions/1/reply", &yes).refused(403, "forbidden");
    let no = json!({ "isAccepted": false, "reason": "公表された場所が分からない。" });
    let mut case = case.follow(&cast.decision_maker, "conditions/1/reply", &no);
    assert!(ruling(&case, &cast.provider).contains("公表された場所が分からない。"));
    // Again, on the pages.
    let empty = post(&case, &cast.provider, "conditions/1/report", &[("/words", " ")]);
    assert_eq!(empty.status, 422, "{}", empty.told());
    let again =
        post(&case, &cast.provider, "conditions/1/report", &[("/words", "トップページに載せた。"), ("digest", &file)]);
    assert_eq!(again.status, 303, "{}", again.told());
    case.state = case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    let fields = [("/answer", "accepted"), ("/reason", "確かめた。")];
    assert_eq!(post(&case, &cast.secretariat, "conditions/1/reply", &fields).status, 303);
    let met = decision(&case, &cast.provider);
    assert_eq!((&met["conditions"][0]["progress"], &met["conditions"][0]["isOverdue"]), (&json!("met"), &json!(false)));
    assert_eq!(case.by(&cast.secretariat).get("/api/v1/conditions").send().ok()["items"], json!([]));
    assert_eq!(client.get(&public).send().ok(), json!({ "open": 0, "due": [] }));
    server.end();
    register.assert_whole();
}

fn an_objection_is_heard_by_others_and_the_case_by_others_again(database: Database) {
    let (register, cast) = Register::staffed(database);
    let [hearer, other, fresh] = register.admit_all([
        ("decision_maker", "判定者 三", BODY),
        ("decision_maker", "判定者 四", BODY),
        ("examiner", "審査員 丁", BODY),
    ]);
    let server = register.serve();
    let client = server.client();
    let deciders = [&cast.decision_maker, &cast.second_decision_maker];
    let recommended = || Case::submit(&client, &cast, &declaration()).accept().judge().recommend();
    let passed = recommended().decide();
    passed.act(&cast.provider, "objection", &json!({ "reason": "不服" })).refused(409, "nothing_to_object");

    let mut case = recommended().decide_by(deciders, &fail());
    let until = decision(&case, &cast.provider);
    assert!(until["objectionUntil"].is_string(), "{until}");
    case.act(&cast.stranger, "objection", &json!({ "reason": "不服" })).refused(404, "not_found");
    case.act(&cast.secretariat, "objection", &json!({ "reason": "不服" })).refused(403, "forbidden");
    let objected = post(&case, &cast.provider, "objection", &[("/reason", "証跡の2頁を見落としている。")]);
    assert_eq!(objected.status, 303, "{}", objected.told());
    case.state = case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    case.act(&cast.provider, "objection", &json!({ "reason": "もう一度" })).refused(409, "objected");

    let upheld = json!({ "outcome": "upheld", "reason": "見落としがあった。" });
    for by in deciders {
        case.act(by, "objection/finding", &upheld).refused(403, "forbidden");
        assert!(!ruling(&case, by).contains("判断を提案する"), "not offered to who decided it");
    }
    case.act(&cast.examiners[0], "objection/finding", &upheld).refused(403, "forbidden");
    assert!(page(&case, &hearer, "/decisions").contains("異議の判断待ち"));
    assert!(ruling(&case, &hearer).contains("証跡の2頁を見落としている。"));
    let proposal = case.act(&hearer, "objection/finding", &upheld).ok();
    case.confirm(&hearer, &proposal).refused(403, "forbidden");
    // To who decided it, what becomes of the objection is not there.
    case.confirm(&cast.decision_maker, &proposal).refused(404, "not_found");
    case.confirm(&other, &proposal).ok();
    case.state = case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    assert_eq!((text(&case.state, "stage"), &case.state["examiners"]), ("submitted", &json!([])));
    let set_aside = decision(&case, &cast.provider);
    assert_eq!(set_aside["earlier"][0]["objection"]["outcome"], "upheld", "{set_aside}");
    assert!(ruling(&case, &cast.provider).contains("異議は認められ、判定は取り消されました"));

    // Nobody of the first round judges or decides again.
    case.act(&cast.secretariat, "acceptance", &case.both_examiners()).refused(422, "former_examiner");
    let seats = [&cast.other_examiner, &fresh];
    let accepted = json!({ "examiners": seats.map(|examiner| &examiner.id) });
    let case = case.follow(&cast.secretariat, "acceptance", &accepted).declare(seats[0]).declare(seats[1]);
    case.act(&cast.examiners[0], "judgements", &case.judgements()).refused(404, "not_found");
    for examiner in seats {
        case.act(examiner, "judgements", &case.judgements()).ok();
    }
    let case = case.follow(seats[0], "recommendation", &pass());
    case.act(&cast.decision_maker, "decision", &pass()).refused(403, "forbidden");
    let case = case.decide_by([&hearer, &other], &pass());
    assert_eq!(text(&case.register(), "serviceName"), text(&declaration()["service"], "name"));

    // Against conditions: the pass stands, and stays registered, also where the objection is dismissed.
    let due = passed.today();
    let case = recommended().decide_by(deciders, &conditional(&due));
    let registration = case.register();
    let case = case.follow(&cast.provider, "objection", &json!({ "reason": "条件が過大である。" }));
    let public = format!("/api/v1/registrations/{}", text(&registration, "number"));
    assert_eq!(client.get(&public).send().ok()["state"]["name"], "valid");
    let dismissed = json!({ "outcome": "dismissed", "reason": "条件は必要である。" });
    let proposal = case.act(&hearer, "objection/finding", &dismissed).ok();
    case.confirm(&other, &proposal).ok();
    assert_eq!(client.get(&public).send().ok()["state"]["name"], "valid");
    let after = decision(&case, &cast.provider);
    let found = (&after["objection"]["outcome"], &after["conditions"][0]["progress"]);
    assert_eq!(found, (&json!("dismissed"), &json!("open")));
    server.end();
    register.assert_whole();
}

fn nothing_is_decided_under_a_provisional_limit(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    // The combined kind has no confirmed price in edition 2.0.
    let combined = example("combined-class-1-nationwide.json");
    let case = Case::submit(&client, &cast, &combined).accept().judge().recommend();
    let told = case.act(&cast.decision_maker, "decision", &pass()).refused(409, "provisional");
    assert!(text(&told, "detail").contains("価格（併用型）"), "{told}");
    let shown = page(&case, &cast.decision_maker, &format!("/decisions/{}", case.id()));
    assert!(shown.contains("暫定の基準があります") && shown.contains("価格（併用型）"), "{shown}");
    let of = |case: &Case<'_>| decision(case, &cast.provider)["provisions"].as_array().map(Vec::len);
    assert!(of(&case) > Some(0));
    // A fail has a reason of its own, and class 1 under the published caps can be decided.
    let case = case.decide_by([&cast.decision_maker, &cast.second_decision_maker], &fail());
    assert_eq!(text(&case.state, "stage"), "decided");
    let firm = Case::submit(&client, &cast, &declaration()).pass();
    assert_eq!(of(&firm), Some(0));
    server.end();
    register.assert_whole();
}

fn the_gates_to_class_two_are_shown(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let first = Case::submit(&client, &cast, &declaration()).pass();
    let registration = first.register();
    first.license_user(&registration, "見本工業株式会社");
    let mut second = declaration();
    second["service"]["class"] = json!(2);
    second["consulting"] = example("combined-class-2.json")["consulting"].clone();
    let case = Case::submit(&client, &cast, &second);
    let gates = case.by(&cast.provider).get(&format!("/api/v1/applications/{}/class-2", case.id())).send().ok();
    let names: Vec<&str> = gates["gates"].as_array().expect("a list").iter().map(|gate| text(gate, "name")).collect();
    assert_eq!(names, ["registered", "each_company", "in_all", "endpoints"], "{gates}");
    assert!(gates["gates"].as_array().expect("a list").iter().take(3).all(|gate| gate["isMet"] == false), "{gates}");
    assert_eq!(gates["gates"][3]["isProvisional"], true, "how class 2 watches is not confirmed: {gates}");
    assert_eq!(text(&gates, "day"), case.today());
    for (by, path) in [
        (&cast.provider, format!("/applications/{}", case.id())),
        (&cast.secretariat, format!("/intake/{}", case.id())),
    ] {
        let shown = page(&case, by, &path);
        assert!(shown.contains("2類の前提") && shown.contains("強化された監視"), "{shown}");
    }
    let none = case.by(&cast.provider).get(&format!("/api/v1/applications/{}/class-2", first.id())).send().ok();
    assert_eq!(none["gates"], json!([]), "of class 1");
    server.end();
    register.assert_whole();
}
