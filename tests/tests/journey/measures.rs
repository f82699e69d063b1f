//! Measures over HTTP: announced, in an emergency, corrected, heard, objected to; the end of a service; and what marks say.

use api::clock;
use serde_json::{Value, json};
use tests::{Answer, Case, Database, Person, Register, declaration, measure_body, text, version};

tests::on_both!(
    a_correction_is_demanded_reported_and_accepted,
    a_measure_is_announced_and_seen_by_all,
    an_emergency_is_confirmed_by_another_or_ends,
    nobody_is_revoked_unheard,
    an_objection_sets_a_measure_aside,
    a_service_is_discontinued,
    every_step_of_the_pages_is_taken,
);

fn measures(case: &Case<'_>, by: &Person, registration: &Value) -> Value {
    case.by(by).get(&format!("/api/v1/registrations/{}/measures", text(registration, "number"))).send().ok()
}

fn at_once() -> Value {
    let mut body = measure_body("suspend", "監視が止まっているため");
    body.as_object_mut().expect("an object").remove("measure");
    body
}

fn page(case: &Case<'_>, by: &Person, path: &str) -> String {
    let page = case.by(by).ask("GET", path).header("accept", "text/html").send();
    assert_eq!(page.status, 200, "{path}: {}", page.told());
    page.text().to_owned()
}

fn state(case: &Case<'_>, registration: &Value) -> String {
    text(&case.now(registration)["state"], "name").to_owned()
}

fn a_correction_is_demanded_reported_and_accepted(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    for (missing, pointer) in [("clauses", "/clauses"), ("facts", "/facts"), ("corrections", "/corrections")] {
        let mut body = measure_body("demand_correction", "報告に誤りがあったため");
        body.as_object_mut().expect("an object").remove(missing);
        let refused = case.step(&cast.secretariat, &registration, "measures", Some(&body));
        assert!([400, 422].contains(&refused.status), "{missing}: {}", refused.told());
        assert!(refused.text().contains(pointer), "{missing}: {}", refused.told());
    }
    let registration = case.measure(&registration, "demand_correction", "報告に誤りがあったため").ok();
    assert_eq!(state(&case, &registration), "valid");
    let what = "measures/1/corrections/1/report";
    let provider = case.by(&cast.provider);
    let file = provider.ask("POST", "/api/v1/evidence?name=proof.csv");
    let file = file.body("application/octet-stream", "month,calls\n2,4\n").send().ok();
    let report = json!({ "words": "監視を再開した。", "evidence": [text(&file, "digest")] });
    case.step(&cast.stranger, &registration, what, Some(&report)).refused(403, "forbidden");
    let reported = case.step(&cast.provider, &registration, what, Some(&report)).ok();
    // A second click, and a page that is stale.
    case.step(&cast.provider, &registration, what, Some(&report)).refused(412, "stale");
    case.step(&cast.provider, &reported["registration"], what, Some(&report)).refused(409, "report_waits");
    let waiting = case.by(&cast.secretariat).get("/api/v1/measures").send().ok();
    assert_eq!(waiting.as_array().map(Vec::len), Some(1), "{waiting}");
    // Whoever may read the case may read the file.
    let path = format!("/api/v1/evidence/{}/file", text(&file, "digest"));
    assert_eq!(case.by(&cast.secretariat).get(&path).send().status, 200);
    let answer = |is_accepted: bool| json!({ "isAccepted": is_accepted, "reason": "確かめた。" });
    let answered = "measures/1/corrections/1/answer";
    let refused = case.step(&cast.secretariat, &reported["registration"], answered, Some(&answer(false))).ok();
    let again = case.step(&cast.provider, &refused["registration"], what, Some(&json!({ "words": "直した。" }))).ok();
    let accepted = case.step(&cast.secretariat, &again["registration"], answered, Some(&answer(true))).ok();
    let correction = &accepted["measures"][0]["corrections"][0];
    assert_eq!(
        (correction["progress"].as_str(), correction["reports"].as_array().map(Vec::len)),
        (Some("met"), Some(2))
    );
    assert_eq!(case.by(&cast.secretariat).get("/api/v1/measures").send().ok(), json!([]));
    // Facts are the provider's and the body's, and nobody else's.
    assert_eq!(measures(&case, &cast.provider, &registration)["measures"][0]["facts"], "立入調査で確かめた。");
    let path = format!("/api/v1/registrations/{}/measures", text(&registration, "number"));
    case.by(&cast.stranger).get(&path).send().refused(403, "forbidden");
    let public = page(&case, &cast.stranger, &format!("/register/{}", text(&registration, "number")));
    assert!(public.contains("報告に誤りがあったため") && !public.contains("立入調査"), "{public}");
    server.end();
    register.assert_whole();
}

fn a_measure_is_announced_and_seen_by_all(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let user = case.license_user(&registration, "見本工業株式会社");
    let from = clock::now().day().plus_days(20).start();
    let mut body = measure_body("suspend", "監視が止まるため");
    body["from"] = json!("2020-01-01T00:00:00Z");
    case.step(&cast.secretariat, &registration, "measures", Some(&body)).refused(422, "invalid");
    body["from"] = json!("来週");
    case.step(&cast.secretariat, &registration, "measures", Some(&body)).refused(422, "invalid");
    body["from"] = json!(from.to_string());
    let proposal = case.step(&cast.secretariat, &registration, "measures", Some(&body)).ok();
    let shown = page(&case, &cast.second_secretariat, &format!("/proposals/{}", text(&proposal, "id")));
    assert!(shown.contains("公開される経過") && shown.contains("予告しました"), "{shown}");
    case.confirm(&cast.second_secretariat, &proposal).ok();
    assert_eq!(state(&case, &registration), "valid", "it is announced, and does not hold yet");
    for mark in case.marks(&user) {
        assert_eq!(text(&mark, "answer"), "valid");
    }
    let public = page(&case, &cast.stranger, &format!("/register/{}", text(&registration, "number")));
    assert!(public.contains("予告しました") && public.contains("監視が止まるため"), "{public}");
    server.end();
    register.assert_whole();
}

fn an_emergency_is_confirmed_by_another_or_ends(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let user = case.license_user(&registration, "見本工業株式会社");
    case.step(&cast.decision_maker, &registration, "emergency", Some(&at_once())).refused(403, "forbidden");
    let taken = case.step(&cast.secretariat, &registration, "emergency", Some(&at_once())).ok();
    let registration = &taken["registration"];
    for mark in case.marks(&user) {
        assert_eq!(text(&mark, "answer"), "suspended");
    }
    let desk = page(&case, &cast.second_secretariat, "/measures");
    assert!(desk.contains("二人目の確認待ち"), "{desk}");
    case.step(&cast.secretariat, registration, "emergency/confirmation", None).refused(409, "own_emergency");
    let confirmed = case.step(&cast.second_secretariat, registration, "emergency/confirmation", None).ok();
    assert!(confirmed["measures"][0]["confirmedAt"].is_string(), "{confirmed}");
    let again = case.step(&cast.second_secretariat, &confirmed["registration"], "emergency/confirmation", None);
    again.refused(409, "no_emergency");
    server.end();
    register.assert_whole();
}

fn nobody_is_revoked_unheard(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let mut hasty = measure_body("revoke", "虚偽の申請があったため");
    hasty["hearingUntil"] = json!(clock::now().day().plus_days(13).to_string());
    case.step(&cast.secretariat, &registration, "measures", Some(&hasty)).refused(422, "invalid");
    let proposal = case.propose_measure(&registration, "revoke", "虚偽の申請があったため").ok();
    case.confirm(&cast.second_secretariat, &proposal).refused(409, "hearing_open");
    // The provider sees what is intended, on what grounds, and not who proposed it; nobody else does.
    let told = measures(&case, &cast.provider, &registration);
    assert_eq!(told["hearings"][0]["facts"], "立入調査で確かめた。", "{told}");
    assert!(!told.to_string().contains(cast.secretariat.id.as_str()), "{told}");
    let statement = format!("/api/v1/proposals/{}/statement", text(&proposal, "id"));
    let words = json!({ "words": "事実ではない。" });
    case.by(&cast.stranger).post(&statement, &words).send().refused(404, "not_found");
    case.by(&cast.provider).post(&statement, &words).send().ok();
    case.by(&cast.provider).post(&statement, &words).send().refused(409, "stated");
    let shown = page(&case, &cast.second_secretariat, &format!("/proposals/{}", text(&proposal, "id")));
    assert!(shown.contains("事実ではない。"), "{shown}");
    case.confirm(&cast.second_secretariat, &proposal).ok();
    assert_eq!(state(&case, &registration), "revoked");
    server.end();
    register.assert_whole();
}

fn an_objection_sets_a_measure_aside(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.measure(&case.register(), "suspend", "監視が止まったため").ok();
    let user_is_refused = case.by(&cast.provider).post(&tests::licences(&registration), &case.user("見本商店")).send();
    user_is_refused.refused(409, "state");
    let reason = json!({ "reason": "監視は止まっていない。" });
    let objected = case.step(&cast.provider, &registration, "measures/1/objection", Some(&reason)).ok();
    let registration = &objected["registration"];
    case.step(&cast.provider, registration, "measures/1/objection", Some(&reason)).refused(409, "objected");
    case.step(&cast.provider, registration, "measures/9/objection", Some(&reason)).refused(404, "not_found");
    let finding = json!({ "outcome": "upheld", "reason": "記録で確かめた。" });
    let what = "measures/1/objection/finding";
    case.step(&cast.secretariat, registration, what, Some(&finding)).refused(403, "forbidden");
    let proposal = case.step(&cast.decision_maker, registration, what, Some(&finding)).ok();
    case.confirm(&cast.decision_maker, &proposal).refused(403, "forbidden");
    case.confirm(&cast.second_decision_maker, &proposal).ok();
    assert_eq!(state(&case, registration), "valid");
    let public = page(&case, &cast.stranger, &format!("/register/{}", text(registration, "number")));
    assert!(public.contains("異議が認められ") && public.contains("記録で確かめた。"), "{public}");
    case.license_user(registration, "見本工業株式会社");
    server.end();
    register.assert_whole();
}

fn a_service_is_discontinued(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let today = clock::now().day();
    let end = |day: domain::calendar::Day| json!({ "lastDay": day.to_string(), "forUsers": "後継へ移れます。", "contracts": "違約金なし。" });
    case.step(&cast.member, &registration, "discontinuation", Some(&end(today.plus_days(60))))
        .refused(403, "forbidden");
    for day in [today.plus_days(29), today.plus_days(1_000)] {
        case.step(&cast.provider, &registration, "discontinuation", Some(&end(day))).refused(422, "invalid");
    }
    let announced = case.step(&cast.provider, &registration, "discontinuation", Some(&end(today.plus_days(30)))).ok();
    let told = &announced["registration"];
    assert_eq!(told["discontinuation"]["lastDay"], today.plus_days(30).to_string());
    let moved = case.step(&cast.provider, told, "discontinuation", Some(&end(today.plus_days(90)))).ok();
    assert_eq!(version(&moved["registration"]), version(&registration) + 2);
    let public = page(&case, &cast.stranger, &format!("/register/{}", text(&registration, "number")));
    assert!(public.contains("後継へ移れます。") && public.contains("違約金なし。"), "{public}");
    server.end();
    register.assert_whole();
}

/// Posts a form of the page of measures.
fn post(case: &Case<'_>, by: &Person, registration: &Value, what: &str, fields: &[(&str, &str)]) -> Answer {
    let version = version(&case.now(registration)).to_string();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    case.by(by).ask("POST", &format!("/register/{}/{what}", text(registration, "number"))).form(&fields).send()
}

fn every_step_of_the_pages_is_taken(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let here = format!("/register/{}/measures", text(&registration, "number"));
    let soon = clock::now().day().plus_days(40).to_string();
    let [year, month, day] = [0, 1, 2].map(|part| soon.split('-').nth(part).unwrap_or_default());
    let reasoned = [("/clauses", "criteria_unmet"), ("/facts", "記録"), ("/reason", "監視が止まったため")];
    let due = [("/corrections/0/due/year", year), ("/corrections/0/due/month", month), ("/corrections/0/due/day", day)];
    let named = [("/corrections/0/words", "監視を再開すること。"), ("/corrections/0/owner", "技術部長")];
    let demand = [&reasoned[..], &named[..]].concat();
    let refused = post(&case, &cast.secretariat, &registration, "measures/correction", &demand);
    assert_eq!(refused.status, 422, "{}", refused.told());
    assert!(refused.text().contains("期限を入力してください"), "{}", refused.text());
    let confirm = |answer: &Answer, by: &Person| {
        let proposal = answer.header("location").to_owned();
        assert_eq!((answer.status, proposal.starts_with("/proposals/")), (303, true), "{}", answer.told());
        let done = case.by(by).ask("POST", &format!("{proposal}/confirm")).form(&[]).send();
        assert_eq!(done.status, 303, "{}", done.told());
    };
    let demanded = [&demand[..], &due[..]].concat();
    confirm(&post(&case, &cast.secretariat, &registration, "measures/correction", &demanded), &cast.second_secretariat);
    let back = |answer: Answer| {
        assert_eq!((answer.status, answer.header("location")), (303, here.as_str()), "{}", answer.told())
    };
    back(post(&case, &cast.provider, &registration, "measures/1/corrections/1/report", &[("/words", "再開した。")]));
    let answer = [("/answer", "accepted"), ("/reason", "確かめた。")];
    back(post(&case, &cast.secretariat, &registration, "measures/1/corrections/1/answer", &answer));
    back(post(&case, &cast.secretariat, &registration, "measures/emergency", &reasoned));
    back(post(&case, &cast.second_secretariat, &registration, "measures/confirmation", &[]));
    back(post(&case, &cast.provider, &registration, "measures/2/objection", &[("/reason", "事実と違う。")]));
    let finding = [("/outcome", "upheld"), ("/reason", "記録で確かめた。")];
    confirm(
        &post(&case, &cast.decision_maker, &registration, "measures/2/finding", &finding),
        &cast.second_decision_maker,
    );
    let until = [("/hearingUntil/year", year), ("/hearingUntil/month", month), ("/hearingUntil/day", day)];
    let revoke = [&reasoned[..], &until[..]].concat();
    let proposed = post(&case, &cast.secretariat, &registration, "measures/revoke", &revoke);
    let proposal = proposed.header("location").trim_start_matches("/proposals/").to_owned();
    let early =
        case.by(&cast.second_secretariat).ask("POST", &format!("/proposals/{proposal}/confirm")).form(&[]).send();
    assert_eq!(early.status, 409, "{}", early.told());
    let seen = page(&case, &cast.provider, &here);
    assert!(seen.contains("予定されている措置：取消し"), "{seen}");
    back(post(
        &case,
        &cast.provider,
        &registration,
        &format!("statements/{proposal}"),
        &[("/words", "事実ではない。")],
    ));
    let last = [("/lastDay/year", year), ("/lastDay/month", month), ("/lastDay/day", day)];
    let words = [("/forUsers", "終了します。"), ("/contracts", "解約できます。")];
    back(post(&case, &cast.provider, &registration, "discontinuation", &[&last[..], &words[..]].concat()));
    // What the provider did meanwhile settles nothing.
    confirm(&proposed, &cast.second_secretariat);
    assert_eq!(state(&case, &registration), "revoked");
    server.end();
    register.assert_whole();
}
