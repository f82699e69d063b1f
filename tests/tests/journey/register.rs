//! The register once a service is in it: measures, licences that end, finding, and copies that are still good.

use serde_json::{Value, json};
use tests::{Case, Cast, Database, Register, Server, declaration, example, licences, text, version};

tests::on_both!(
    a_measure_reaches_every_mark_at_once,
    a_licence_ends_and_another_begins,
    found_however_it_is_typed,
    listed_a_page_at_a_time,
    a_copy_is_good_until_something_changes,
    a_name_can_be_seen,
    the_tag_that_was_given_is_taken,
    every_case_can_be_reached,
);

fn a_measure_reaches_every_mark_at_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let mut registration = case.register();
    let all = [case.license_provider(&registration), case.license_user(&registration, "見本工業株式会社")];
    let assert_all = |answer: &str, reason: Option<&str>| {
        for mark in all.iter().flat_map(|licence| case.marks(licence)) {
            assert_eq!((text(&mark, "answer"), mark["reason"].as_str()), (answer, reason));
        }
    };
    assert_all("valid", None);
    case.measure(&registration, "reinstate", "誤り").refused(409, "state");

    registration = case.measure(&registration, "suspend", "届出のない変更があったため").ok();
    assert_all("suspended", Some("届出のない変更があったため"));
    let refused = case.by(&cast.provider).post(&licences(&registration), &case.user("見本商店")).send();
    refused.refused(409, "state");
    case.measure(&registration, "suspend", "もう一度").refused(409, "state");

    registration = case.measure(&registration, "reinstate", "是正が確かめられたため").ok();
    assert_all("valid", None);

    registration = case.measure(&registration, "revoke", "虚偽の申請があったため").ok();
    assert_all("revoked", Some("虚偽の申請があったため"));
    for measure in ["reinstate", "suspend", "revoke"] {
        case.measure(&registration, measure, "取消しのあと").refused(409, "state");
    }
    let history = registration["history"].as_array().expect("a registration has a history");
    let measures: Vec<_> = history.iter().map(|event| event["measure"].as_str()).collect();
    assert_eq!(measures, [None, Some("suspended"), Some("reinstated"), Some("revoked")]);
    assert_eq!(numbers(&server, "?state=valid"), Vec::<String>::new());
    assert_eq!(numbers(&server, "?state=revoked"), [text(&registration, "number")]);
    server.end();
    register.assert_whole();
}

fn a_licence_ends_and_another_begins(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let own = case.license_provider(&registration);
    let user = case.license_user(&registration, "見本工業株式会社");
    let close = |person, licence: &Value, how: &str| {
        let path = format!("/api/v1/licences/{}/{how}", text(licence, "id"));
        let body = json!({ "reason": "契約が終わったため" });
        case.by(person).post(&path, &body).on_version(version(licence)).send()
    };

    // One open licence for each holder.
    let again = case.by(&cast.provider).post(&licences(&registration), &case.user("見本工業株式会社")).send();
    again.refused(409, "licensed");

    close(&cast.provider, &own, "end").refused(403, "forbidden");
    close(&cast.provider, &user, "revocation").refused(403, "forbidden");
    let ended = close(&cast.provider, &user, "end").ok();
    assert_eq!((text(&ended, "standing"), version(&ended)), ("ended", 2));
    for mark in case.marks(&user) {
        assert_eq!(text(&mark, "answer"), "ended");
    }
    close(&cast.provider, &ended, "end").refused(409, "state");
    assert_eq!(case.marks(&own).map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"]);

    let next = case.license_user(&registration, "見本工業株式会社");
    assert_ne!((&next["id"], &next["statusIndex"]), (&user["id"], &user["statusIndex"]));
    assert_eq!(case.marks(&next).map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"]);

    let proposal = close(&cast.secretariat, &own, "revocation").ok();
    assert_eq!(case.marks(&own).map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"], "proposed only");
    case.confirm(&cast.secretariat, &proposal).refused(403, "forbidden");
    case.confirm(&cast.second_secretariat, &proposal).ok();
    for mark in case.marks(&own) {
        assert_eq!((text(&mark, "answer"), text(&mark, "reason")), ("revoked", "契約が終わったため"));
    }
    server.end();
    register.assert_whole();
}

fn found_however_it_is_typed(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    for name in ["osaka-cci.json", "names-as-typed.json", "sole-proprietor.json"] {
        Case::submit(&server.client(), &cast, &example(name)).pass().register();
    }
    let all = numbers(&server, "");
    let [osaka, typed, shop] = all.as_slice() else { panic!("three are registered: {all:?}") };
    // 商工会議所サイバーセキュリティお助け隊サービス of 大阪商工会議所 · ①号ｻｰﾋﾞｽ〜みまもり～ of ㈱髙﨑𠮷田渡邉󠄀商会 ·
    // 例示商店のお助けサービス of 例示商店
    for (words, expected) in [
        ("大阪商工会議所", vec![osaka]),
        ("大阪商工會議所", vec![osaka]),
        ("さいばーせきゅりてぃ", vec![osaka]),
        ("ｻｲﾊﾞｰ", vec![osaka]),
        ("サイバー セキュリティ", vec![osaka]),
        ("大阪　さいばー", vec![osaka]),
        ("大阪 みまもり", vec![]),
        ("１号サービス", vec![typed]),
        ("ミマモリ", vec![typed]),
        ("高崎吉田", vec![typed]),
        ("株式会社高崎", vec![typed]),
        ("渡辺商会", vec![typed]),
        ("９００００００００００００", vec![typed]),
        ("お助け", vec![osaka, shop]),
        ("オタスケ", vec![osaka, shop]),
        (osaka, vec![osaka]),
        ("", vec![osaka, typed, shop]),
        ("%", vec![]),
        ("無い名前", vec![]),
    ] {
        let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert_eq!(numbers(&server, &format!("?q={query}")).iter().collect::<Vec<_>>(), expected, "{words}");
    }
    assert_eq!(numbers(&server, "?monitoring=endpoint"), [typed.as_str()]);
    assert_eq!(numbers(&server, "?class=2"), Vec::<String>::new());
    server.end();
    register.assert_whole();
}

fn listed_a_page_at_a_time(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    for _ in 0..3 {
        Case::submit(&server.client(), &cast, &declaration()).pass().register();
    }
    let mut found = Vec::new();
    let mut next = Some("/api/v1/registrations?limit=1".to_owned());
    while let Some(path) = next {
        let page = server.client().get(&path).send();
        let items = page.ok()["items"].as_array().expect("a list has items").clone();
        assert_eq!(items.len(), 1);
        found.extend(items.iter().map(|item| text(item, "number").to_owned()));
        let link = page.header("link").strip_prefix("<https://otasuketai.example").map(str::to_owned);
        next = link.map(|link| link.strip_suffix(">; rel=\"next\"").expect("a link to the next page").to_owned());
        assert_eq!(next.is_some(), page.ok()["next"].is_string());
    }
    assert_eq!(found, numbers(&server, ""));
    assert_eq!(found.len(), 3);
    server.end();
    register.assert_whole();
}

fn a_copy_is_good_until_something_changes(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let (path, registration, case) = registered(&server, &cast);
    let client = server.client();
    let first = client.get(&path).send();
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
    assert_eq!(client.get(&path).send().header("etag"), tag);
    for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let answer = client.get(&path).header("if-none-match", &known).send();
        assert_eq!((answer.status, answer.body.len(), answer.header("etag")), (304, 0, tag.as_str()), "{known}");
    }
    assert_eq!(client.get(&path).header("if-none-match", "\"other\"").send().body, first.body);

    case.measure(&registration, "suspend", "確認のため").ok();
    let after = client.get(&path).header("if-none-match", &tag).send();
    assert_eq!(text(&after.ok()["state"], "name"), "suspended");
    assert_ne!(after.header("etag"), tag);
    server.end();
    register.assert_whole();
}

fn registered<'a>(server: &Server, cast: &'a Cast) -> (String, Value, Case<'a>) {
    let case = Case::submit(&server.client(), cast, &declaration()).pass();
    let registration = case.register();
    (format!("/api/v1/registrations/{}", text(&registration, "number")), registration, case)
}

/// The numbers that a query finds.
fn numbers(server: &Server, query: &str) -> Vec<String> {
    let page = server.client().get(&format!("/api/v1/registrations{query}")).send().ok();
    page["items"].as_array().expect("a list has items").iter().map(|item| text(item, "number").to_owned()).collect()
}

/// The name is what people compare: one of blanks and fillers is no name, whoever writes it where.
fn a_name_can_be_seen(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    for name in ["\u{200b}", "\u{2060}", "\u{ad}", "\u{3164}", "\u{115f}\u{115f}", "。"] {
        let granted = case.by(&cast.provider).post(&licences(&registration), &case.user(name)).send();
        assert_eq!(granted.status, 422, "{name:?}: {}", granted.told());
        let suspended = case.measure(&registration, "suspend", name);
        assert_eq!(suspended.status, 422, "{name:?}: {}", suspended.told());
    }
    case.license_user(&registration, "𠮷");
    server.end();
    register.assert_whole();
}

fn the_tag_that_was_given_is_taken(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let path = format!("/api/v1/registrations/{}", text(&case.register(), "number"));
    let secretariat = case.by(&cast.secretariat);
    let suspend = |tag: &str| {
        let body = tests::measure_body("suspend", "確認のため");
        secretariat.post(&format!("{path}/measures"), &body).header("if-match", tag).send()
    };
    let seen = secretariat.get(&path).send();
    let proposed = suspend(seen.header("etag"));
    assert_eq!(proposed.status, 201);
    case.confirm(&cast.second_secretariat, &proposed.json()).ok();
    // The same one again is of an older version now.
    suspend(seen.header("etag")).refused(412, "stale");
    server.end();
    register.assert_whole();
}

/// More cases than one list holds: none is cut off in silence, and the desks show what waits for them.
fn every_case_can_be_reached(database: Database) {
    const CASES: usize = 503;
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let new = || Case::submit(&server.client(), &cast, &declaration());
    let withdrawn: Vec<Case<'_>> = (0..CASES).map(|_| new()).collect();
    for case in &withdrawn {
        case.act(&cast.provider, "withdrawal", &json!({ "reason": "やめる" })).ok();
    }
    let (passed, examining) = (new().pass(), new().accept());
    for person in [&cast.auditor, &cast.provider] {
        let by = server.client().signed_in(person);
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = by.get(&format!("/api/v1/applications{after}")).send().ok();
            let items = page["items"].as_array().expect("a list");
            seen.extend(items.iter().map(|item| text(item, "id").to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("?after={next}");
        }
        assert_eq!(seen.len(), CASES + 2);
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), CASES + 2, "each once");
        assert_eq!(seen.contains(&passed.id().to_owned()), seen.contains(&examining.id().to_owned()));
    }
    let of_examiner = server.client().signed_in(&cast.examiners[0]).get("/api/v1/applications").send().ok();
    assert_eq!(of_examiner["items"].as_array().map(Vec::len), Some(2), "their cases, whatever came before");
    let intake = server.client().signed_in(&cast.secretariat).get("/intake").send();
    assert!(intake.text().contains(passed.id()), "what waits is shown");
    server.end();
}
