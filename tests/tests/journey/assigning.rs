//! Who examines: what is shown before interests are declared, who may not, who takes whose place, and that nobody learns
//! anything of the other's judgements before both are done.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Case, Database, Person, Register, declaration, pass, text, untied};

tests::on_both!(
    a_case_opens_to_each_examiner_as_they_declare,
    a_tie_takes_an_examiner_off_the_case_and_off_the_next,
    a_waiver_takes_two_people,
    a_seat_changes_hands_and_the_record_stays,
    the_queue_is_by_due_day_and_says_who_has_how_much,
    the_other_examiner_learns_nothing_before_both_are_done,
);

const TIE: &str = "昨年まで顧問だった。";

fn path(case: &Case<'_>, what: &str) -> String {
    format!("/api/v1/applications/{}{what}", case.id())
}

fn words(case: &Case<'_>, by: &Person, path: &str) -> String {
    let page = case.by(by).ask("GET", path).header("accept", "text/html").send();
    assert_eq!(page.status, 200, "{path}: {}", page.told());
    page.text().to_owned()
}

/// Texts of the declaration that say more than whose case it is.
fn of_the_case() -> Vec<String> {
    let declaration = declaration();
    let texts = ["/service/summary", "/service/nameKana", "/provider/tradeNameKana"];
    texts.map(|pointer| declaration.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned()).to_vec()
}

fn a_case_opens_to_each_examiner_as_they_declare(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).assign();
    let [first, second] = &cast.examiners;
    let judgements = case.judgements();

    for examiner in [first, second] {
        let by = case.by(examiner);
        for what in ["", "/assessment", "/examinations"] {
            by.get(&path(&case, what)).send().refused(403, "undeclared");
        }
        case.act(examiner, "judgements", &judgements).refused(403, "undeclared");
        case.act(examiner, "recommendation", &pass()).refused(403, "undeclared");
        assert_eq!(by.get("/api/v1/applications").send().ok()["items"], json!([]), "not even in a list");
        let queue = by.get("/api/v1/queue").send().ok();
        let [only] = &queue["cases"].as_array().expect("a list")[..] else { panic!("one case: {queue}") };
        let told: Vec<&str> = only.as_object().expect("an object").keys().map(String::as_str).collect();
        let fields = [
            "application",
            "clearance",
            "due",
            "isOverdue",
            "provider",
            "service",
            "urgency",
            "version",
            "workingDaysLeft",
        ];
        assert_eq!(told, fields);
        assert_eq!((text(only, "clearance"), text(only, "provider")), ("undeclared", "大阪商工会議所"));
        assert!(queue.get("loads").is_none(), "who has how much is not an examiner's to know");

        for page in [format!("/applications/{}", case.id()), format!("/intake/{}", case.id())] {
            assert_eq!(by.ask("GET", &page).header("accept", "text/html").send().status, 403, "{page}");
        }
        let opened = by.ask("GET", &format!("/examinations/{}", case.id())).send();
        let interest = format!("/examinations/{}/interest", case.id());
        assert_eq!((opened.status, opened.header("location")), (303, interest.as_str()));
        let pages = [words(&case, examiner, "/examinations"), words(&case, examiner, &interest)];
        for page in &pages {
            assert!(page.contains("大阪商工会議所"), "whose it is, is needed to declare");
            for word in of_the_case() {
                assert!(!page.contains(&word), "{word} is shown before they declare");
            }
        }
    }
    case.act(&cast.other_examiner, "interest", &untied()).refused(404, "not_found");
    case.act(first, "interest", &json!({ "answer": "none", "tie": TIE })).refused(422, "invalid");
    case.act(first, "interest", &json!({ "answer": "tie" })).refused(422, "invalid");

    let case = case.declare(first);
    assert_eq!(case.by(first).get(&path(&case, "")).send().ok()["id"], case.state["id"]);
    assert!(words(&case, first, &format!("/examinations/{}", case.id())).contains("あなたの判断"));
    case.by(second).get(&path(&case, "")).send().refused(403, "undeclared");
    case.act(first, "judgements", &judgements).refused(409, "not_all_declared");
    case.act(first, "interest", &untied()).refused(409, "declared");
    let case = case.declare(second);
    case.act(first, "judgements", &judgements).ok();
    // What comes up later closes the case again, and nothing is recommended on it.
    let case = case.declare_tie(second, TIE);
    case.by(second).get(&path(&case, "")).send().refused(403, "undeclared");
    case.act(first, "recommendation", &pass()).refused(409, "not_all_declared");
    server.end();
    register.assert_whole();
}

fn a_tie_takes_an_examiner_off_the_case_and_off_the_next(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let submit = || Case::submit(&server.client(), &cast, &declaration());
    let [first, second] = &cast.examiners;
    // Both cases were assigned before the tie was known.
    let (case, other) = (submit().assign(), submit().assign().declare(second));
    let case = case.declare_tie(first, TIE);
    case.by(first).get(&path(&case, "")).send().refused(403, "undeclared");
    // It counts wherever the same applicant is examined, also where they had nothing to declare before.
    other.act(first, "interest", &untied()).refused(422, "tied");
    let other = other.declare_tie(first, TIE);
    assert_eq!(other.by(&cast.provider).get(&path(&other, "")).send().ok()["stage"], "examining");
    let next = submit();
    next.act(&cast.secretariat, "acceptance", &next.both_examiners()).refused(422, "tied");
    let others = json!({ "examiners": [&second.id, &cast.other_examiner.id] });
    next.act(&cast.secretariat, "acceptance", &others).ok();

    // The secretariat and the auditor read why; the applicant, the other examiner and decision makers do not.
    for by in [&cast.secretariat, &cast.auditor] {
        let assignment = case.by(by).get(&path(&case, "/examiners")).send().ok();
        assert_eq!(assignment["interests"][0]["tie"], TIE);
        assert_eq!(
            (text(&assignment["seats"][0], "clearance"), text(&assignment["seats"][1], "clearance")),
            ("tied", "undeclared")
        );
    }
    assert!(words(&case, &cast.secretariat, &format!("/intake/{}", case.id())).contains(TIE));
    let case = case.declare(second);
    for by in [&cast.provider, second, &cast.decision_maker] {
        case.by(by).get(&path(&case, "/examiners")).send().refused(403, "forbidden");
        let whole = case.by(by).get(&path(&case, "")).send();
        assert!(!whole.text().contains(TIE), "{}", whole.text());
    }
    assert!(!words(&case, &cast.provider, &format!("/applications/{}", case.id())).contains(TIE));
    server.end();
    register.assert_whole();
}

fn a_waiver_takes_two_people(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let submit = || Case::submit(&server.client(), &cast, &declaration());
    let case = submit().assign().declare_tie(first, TIE).declare(second);
    let waiver = |reason: &str| json!({ "examiner": first.id, "reason": reason });
    case.act(first, "waiver", &waiver("構わない。")).refused(403, "forbidden");
    let of_second = json!({ "examiner": second.id, "reason": "構わない。" });
    case.act(&cast.secretariat, "waiver", &of_second).refused(422, "no_tie");
    let proposal = case.act(&cast.secretariat, "waiver", &waiver("任期は終わり、取引もない。")).ok();
    case.confirm(&cast.secretariat, &proposal).refused(403, "forbidden");
    case.confirm(first, &proposal).refused(403, "forbidden");
    case.by(first).get(&path(&case, "")).send().refused(403, "undeclared");
    case.confirm(&cast.second_secretariat, &proposal).ok();
    let mut case = case;
    case.state = case.by(first).get(&path(&case, "")).send().ok();
    let decided = case.judge().recommend().decide();
    assert_eq!(text(&decided.state, "stage"), "decided");

    // For the next case the tie stands, and is waived before they are assigned: on the page.
    let next = submit();
    next.act(&cast.secretariat, "acceptance", &next.both_examiners()).refused(422, "tied");
    let version = next.version().to_string();
    let form = [("version", version.as_str()), ("/tied", first.id.as_str()), ("/waiver", "任期は終わった。")];
    let proposed = next.by(&cast.secretariat).ask("POST", &format!("/intake/{}/waiver", next.id())).form(&form).send();
    let proposal = proposed.header("location").to_owned();
    assert!(proposed.status == 303 && proposal.starts_with("/proposals/Q-"), "{}", proposed.told());
    let confirmed = next.by(&cast.second_secretariat).ask("POST", &format!("{proposal}/confirm")).form(&[]).send();
    assert_eq!(confirmed.status, 303, "{}", confirmed.told());
    let mut next = next;
    next.state = next.by(&cast.secretariat).get(&path(&next, "")).send().ok();
    let next = next.accept().judge().recommend();
    assert_eq!(text(&next.state, "stage"), "recommended");
    server.end();
    register.assert_whole();
}

fn a_seat_changes_hands_and_the_record_stays(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let third = &cast.other_examiner;
    let mut case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let judgements = case.judgements();
    case.act(first, "judgements", &judgements).ok();
    let version = case.version().to_string();
    let form =
        [("version", version.as_str()), ("/leaving", &first.id), ("/joining", &third.id), ("/reason", "異動した。")];
    let (secretary, address) = (case.by(&cast.secretariat), format!("/intake/{}/replacement", case.id()));
    let replace = || secretary.ask("POST", &address);
    let silent = replace().form(&form[..3]).send();
    assert!(silent.status == 422 && silent.text().contains("理由を入力してください。"), "{}", silent.told());
    let replaced = replace().form(&form).send();
    assert_eq!(replaced.status, 303, "{}", replaced.told());
    case.state = case.by(&cast.secretariat).get(&path(&case, "")).send().ok();
    assert_eq!(case.state["examiners"], json!([third.id, second.id]));

    case.by(first).get(&path(&case, "")).send().refused(404, "not_found");
    case.act(first, "judgements", &judgements).refused(404, "not_found");
    let back = json!({ "leaving": third.id, "joining": first.id, "reason": "戻った。" });
    case.act(&cast.secretariat, "replacement", &back).refused(422, "former_examiner");
    case.act(second, "judgements", &judgements).refused(409, "not_all_declared");
    let case = case.declare(third);
    case.act(second, "judgements", &judgements).ok();
    case.act(second, "recommendation", &pass()).refused(409, "other_not_done");
    let seen = |by: &Person| -> Vec<String> {
        let found = case.by(by).get(&path(&case, "/examinations")).send().ok();
        let mut names: Vec<String> =
            found.as_array().expect("a list").iter().map(|one| text(one, "examiner").to_owned()).collect();
        names.sort();
        names
    };
    let sorted = |people: &[&Person]| {
        let mut names: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(seen(third), Vec::<String>::new(), "not even of the one whose seat it was");
    assert_eq!(seen(&cast.auditor), sorted(&[first, second]), "it stays in the record");
    case.act(third, "judgements", &judgements).ok();
    assert_eq!(seen(third), sorted(&[second, third]));
    let mut case = case;
    case.state = case.act(third, "recommendation", &pass()).ok();
    let case = case.decide();
    let found = case.by(&cast.provider).get(&path(&case, "/examinations")).send().ok();
    assert_eq!(found.as_array().map(Vec::len), Some(2), "the applicant reads what counted");
    let assignment = case.by(&cast.auditor).get(&path(&case, "/examiners")).send().ok();
    let [left] = &assignment["replacements"].as_array().expect("a list")[..] else { panic!("{assignment}") };
    assert_eq!((text(left, "leaving"), text(left, "joining")), (first.id.as_str(), third.id.as_str()));
    server.end();
    register.assert_whole();
}

fn the_queue_is_by_due_day_and_says_who_has_how_much(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let submit = || Case::submit(&server.client(), &cast, &declaration());
    let [first, second] = &cast.examiners;
    let (one, two) = (submit().assign(), submit().accept());
    let three = submit();
    let body = json!({ "examiners": [&second.id, &cast.other_examiner.id] });
    three.act(&cast.secretariat, "acceptance", &body).ok();
    let due = text(&two.state, "due").to_owned();
    let expected = domain::settings::Settings::bundled().working_days_after(api::clock::now().day(), 40).to_string();
    assert_eq!(due, expected);
    let ids = |queue: &Value| -> Vec<String> {
        queue["cases"].as_array().expect("a list").iter().map(|case| text(case, "application").to_owned()).collect()
    };
    let queue = |by: &Person| one.by(by).get("/api/v1/queue").send().ok();
    assert_eq!(ids(&queue(first)), [one.id(), two.id()]);
    assert_eq!(ids(&queue(&cast.other_examiner)), [three.id()]);
    let whole = queue(&cast.secretariat);
    assert_eq!(ids(&whole), [one.id(), two.id(), three.id()]);
    let loads: BTreeMap<&str, u64> = whole["loads"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|load| (text(load, "examiner"), load["openCases"].as_u64().expect("a number")))
        .collect();
    let expected =
        BTreeMap::from([(first.id.as_str(), 2), (second.id.as_str(), 3), (cast.other_examiner.id.as_str(), 1)]);
    assert_eq!(loads, expected);
    let next = submit();
    let page = words(&next, &cast.secretariat, &format!("/intake/{}", next.id()));
    assert!(page.contains("審査員 乙（審査中 3件）"), "the secretariat sees it while assigning");
    // What is done is nobody's load any more.
    two.judge().recommend();
    assert_eq!(ids(&queue(first)), [one.id()]);
    server.end();
    register.assert_whole();
}

/// Everything that an examiner can read: each answer with its headers, by path.
fn everything_read(case: &Case<'_>, by: &Person, routes: &[String]) -> BTreeMap<String, (u16, Vec<String>, String)> {
    let answers = routes.iter().map(|route| {
        let path = route.replace(":id", case.id());
        let answer = case.by(by).ask("GET", &path).header("accept", "*/*").send();
        let headers = ["etag", "last-modified", "log-leaf", "location", "content-length", "link"];
        let headers = headers.map(|name| format!("{name}: {}", answer.header(name))).to_vec();
        (path, (answer.status, headers, String::from_utf8_lossy(&answer.body).into_owned()))
    });
    answers.collect()
}

/// Every reading of both faces, and every refusal, before and after the first examiner judges: to the second they are
/// the same to the byte, until the second is done too.
fn the_other_examiner_learns_nothing_before_both_are_done(database: Database) {
    let (register, cast) = Register::staffed(database);
    let routes = tests::staff::in_process(&register, async |registry| {
        let mut routes = api::web::rules();
        routes.extend(api::http::rules(registry));
        routes
    });
    // About this case, or about nothing by name. Where the whole log ends says that somebody did something, as it does to
    // everybody; and the account's own page, when it was last used.
    let is_about_it = |path: &String| {
        let names = path.split('/').filter(|part| part.starts_with(':')).count();
        let is_case = ["applications", "examinations", "intake", "decisions"].iter().any(|part| path.contains(part));
        (names == 0 || names == 1 && path.contains(":id") && is_case)
            && !["/log/checkpoint", "/status/bundle", "/account", "/health/ready"].contains(&path.as_str())
    };
    let reading = routes.iter().filter(|route| route.method == "GET").map(|route| route.path.as_str());
    let reading: Vec<String> = reading
        .map(|path| path.replace("{id}", ":id").replace('{', ":").replace('}', ""))
        .filter(is_about_it)
        .collect();
    assert!(reading.len() > 30, "{reading:?}");
    for needed in ["/api/v1/applications/:id/examinations", "/examinations/:id", "/applications/:id", "/api/v1/queue"] {
        assert!(reading.iter().any(|path| path == needed), "{needed}");
    }

    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let [first, second] = &cast.examiners;
    let all = case.judgements();
    let some =
        |from: usize, to: usize| json!({ "judgements": all["judgements"].as_array().expect("a list")[from..to] });
    let count = all["judgements"].as_array().map_or(0, Vec::len);
    let refusals = || {
        let bad = json!({ "judgements": [{ "criterion": "help_desk", "answer": "met", "reason": " " }] });
        let asked = [("recommendation", pass()), ("judgements", bad), ("interest", untied())];
        let refused = asked.map(|(what, body)| {
            let answer = case.act(second, what, &body);
            assert!(answer.status >= 400, "{what}: {}", answer.told());
            without_reference(&answer.json())
        });
        refused.to_vec()
    };
    // Some pages say what time it is, or carry a token of their own: they differ though nothing was done.
    let (mut before, refused) = (everything_read(&case, second, &reading), refusals());
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let again = everything_read(&case, second, &reading);
    before.retain(|path, answer| {
        let is_still = again[path] == *answer;
        let is_about_it = path.contains(case.id()) || path.contains("queue") || path.contains("examinations");
        assert!(is_still || !is_about_it, "{path} is never the same");
        is_still
    });
    assert!(before.len() > 30, "{:?}", before.keys());
    let unchanged = |what: &str| {
        let now = everything_read(&case, second, &reading);
        let told: Vec<_> =
            before.iter().filter(|(path, answer)| now[*path] != **answer).map(|(path, _)| path).collect();
        assert!(told.is_empty(), "{what}, and these tell: {told:?}");
        assert_eq!(refusals(), refused, "{what}");
    };
    case.act(first, "judgements", &some(0, 3)).ok();
    unchanged("the first has begun");
    case.act(first, "judgements", &all).ok();
    unchanged("the first is done");

    // All but one, whether the first is done or not, is one and the same to the second.
    let own = case.act(second, "judgements", &some(0, count - 1)).ok();
    assert_eq!(own["version"], 1, "their own acts are counted, nobody else's");
    let refused = case.act(second, "recommendation", &pass()).refused(409, "unjudged");
    let last = text(&all["judgements"][count - 1], "criterion").to_owned();
    let seen = case.by(second).get(&path(&case, "/examinations")).send().ok();
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "{refused:?} {last}");
    case.act(second, "judgements", &some(count - 1, count)).ok();
    let seen = case.by(second).get(&path(&case, "/examinations")).send().ok();
    assert_eq!(seen.as_array().map(Vec::len), Some(2), "both are done");
    let page = words(&case, second, &format!("/examinations/{}", case.id()));
    assert!(page.contains("審査員 甲"), "now they confer");
    server.end();
    register.assert_whole();
}

/// A problem without the request's own number.
fn without_reference(problem: &Value) -> Value {
    let mut problem = problem.clone();
    for own in ["instance", "request"] {
        problem.as_object_mut().expect("an object").remove(own);
    }
    problem
}
