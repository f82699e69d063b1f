//! Who may not, who has not seen the newest version, and who asks twice. None of them changes anything.

use serde_json::{Value, json};
use tests::staff::BODY;
use tests::{
    Answer, Case, Cast, Client, Database, Person, Register, declaration, licences, pass, text, untied, version,
};

tests::on_both!(
    each_act_is_one_roles,
    another_organisations_case_is_not_there,
    judgements_are_read_by_those_concerned,
    nobody_acts_signed_out,
    a_dismissed_person_acts_no_more,
    a_version_is_named_and_is_the_newest,
    a_repeated_request_is_done_once,
    a_key_is_for_one_request,
    a_second_click_is_told,
);

/// The next leaf's index: how many acts there are.
fn acts(client: &Client) -> u64 {
    let is_there = |seq: &u64| client.get(&format!("/api/v1/log/leaves/{seq}")).send().status == 200;
    (0..).find(|seq| !is_there(seq)).expect("logs end")
}

fn reason() -> Value {
    json!({ "reason": "理由" })
}

/// Every act with its body and the role that may do it, on a case in a stage that allows it.
fn everything<'a>(case: &Case<'a>, cast: &'a Cast) -> Vec<(&'static str, Value, Vec<&'a Person>)> {
    let back = json!({ "reasons": [{ "pointer": "/service/name", "reason": "理由" }] });
    let examiners = || cast.examiners.iter().collect::<Vec<_>>();
    match text(&case.state, "stage") {
        "submitted" => vec![
            ("acceptance", case.both_examiners(), vec![&cast.secretariat]),
            ("return", back, vec![&cast.secretariat]),
            ("withdrawal", reason(), vec![&cast.provider]),
        ],
        "examining" => {
            let (leaving, joining) = (&cast.examiners[1].id, &cast.other_examiner.id);
            let replacement = json!({ "leaving": leaving, "joining": joining, "reason": "理由" });
            vec![
                ("judgements", case.judgements(), examiners()),
                ("recommendation", pass(), examiners()),
                ("interest", untied(), examiners()),
                ("replacement", replacement, vec![&cast.secretariat]),
            ]
        }
        "recommended" => vec![("decision", pass(), vec![&cast.decision_maker, &cast.second_decision_maker])],
        _ => vec![("registration", json!({ "from": case.today() }), vec![&cast.secretariat])],
    }
}

fn everybody(cast: &Cast) -> [&Person; 9] {
    let Cast { provider, stranger, user, secretariat, examiners, decision_maker, auditor, operator, .. } = cast;
    let [first, second] = examiners;
    [provider, stranger, user, operator, secretariat, first, second, decision_maker, auditor]
}

fn each_act_is_one_roles(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let new = || Case::submit(&server.client(), &cast, &declaration());
    for case in [new(), new().accept().judge(), new().accept().judge().recommend(), new().pass()] {
        let before = acts(&server.client());
        let shown = || case.by(&cast.auditor).get(&path(&case)).send().ok();
        let state = shown();
        for (act, body, allowed) in everything(&case, &cast) {
            for person in everybody(&cast).into_iter().filter(|person| allowed.iter().all(|one| one.id != person.id)) {
                let answer = case.act(person, act, &body);
                // To another provider, a case of somebody else's is not there; who could do it to nothing is told so.
                match (person.id == cast.stranger.id, act) {
                    (true, "withdrawal") => answer.refused(404, "not_found"),
                    _ => answer.refused(403, "forbidden"),
                };
            }
            assert_eq!(shown(), state, "{act}");
        }
        assert_eq!(acts(&server.client()), before);
    }
    for person in everybody(&cast).into_iter().skip(3) {
        let by = server.client().signed_in(person);
        by.post("/api/v1/applications", &declaration()).send().refused(403, "forbidden");
    }
    server.end();
    register.assert_whole();
}

fn path(case: &Case<'_>) -> String {
    format!("/api/v1/applications/{}", case.id())
}

fn another_organisations_case_is_not_there(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let stranger = case.by(&cast.stranger);
    for what in ["", "/assessment", "/examinations"] {
        stranger.get(&format!("{}{what}", path(&case))).send().refused(404, "not_found");
    }
    assert_eq!(stranger.get("/api/v1/applications").send().ok()["items"], json!([]));
    case.act(&cast.stranger, "withdrawal", &reason()).refused(404, "not_found");
    let declare = stranger.ask("PUT", &format!("{}/declaration", path(&case))).json(&declaration());
    declare.on_version(case.version()).send().refused(404, "not_found");

    // An examiner who is not on the case does not see it either, nor act on it.
    let outsider = register.admit("examiner", "審査員 丙", BODY);
    let case = case.accept().judge();
    case.by(&outsider).get(&path(&case)).send().refused(404, "not_found");
    case.act(&outsider, "judgements", &case.judgements()).refused(404, "not_found");
    case.act(&outsider, "recommendation", &pass()).refused(404, "not_found");

    // Nor does another provider meddle with a service and its licences.
    let registration = case.recommend().decide().register();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let user = case.license_user(&registration, "見本工業株式会社");
    let stranger = case.by(&cast.stranger);
    stranger.post(&licences(&registration), &case.user("見本商店")).send().refused(403, "forbidden");
    stranger.get(&licences(&registration)).send().refused(403, "forbidden");
    let licence = format!("/api/v1/licences/{}", text(&user, "id"));
    stranger.get(&licence).send().refused(403, "forbidden");
    let close = stranger.post(&format!("{licence}/end"), &json!({ "reason": "理由" }));
    close.clone().on_version(version(&user)).send().refused(403, "forbidden");
    // Whoever may not is not told that the version they guess at is another.
    close.clone().on_version(version(&user) + 1).send().refused(403, "forbidden");
    close.send().refused(403, "forbidden");
    let measure = tests::measure_body("suspend", "理由");
    let measures = format!("/api/v1/registrations/{}/measures", text(&registration, "number"));
    for person in [&cast.provider, &cast.stranger, &cast.examiners[0], &cast.decision_maker, &cast.auditor] {
        let by = case.by(person);
        by.post(&measures, &measure).on_version(version(&registration)).send().refused(403, "forbidden");
        by.post(&measures, &measure).on_version(version(&registration) + 1).send().refused(403, "forbidden");
        by.post(&licences(&registration), &json!({ "holderKind": "provider" })).send().refused(403, "forbidden");
    }
    // The secretariat attests no user, on neither face, and is not given something else in its place.
    let secretariat = case.by(&cast.secretariat);
    secretariat.post(&licences(&registration), &case.user("見本商店")).send().refused(403, "forbidden");
    let form = format!("/register/{}/licences", text(&registration, "number"));
    let today = case.today();
    let mut day = today.split('-');
    let mut next = || day.next().unwrap_or_default();
    let fields = [
        ("/holderName", "見本商店"),
        ("/contractFrom/year", next()),
        ("/contractFrom/month", next()),
        ("/contractFrom/day", next()),
    ];
    assert_eq!(secretariat.ask("POST", &form).form(&fields).send().status, 403);
    let granted = register.database().sql().number("SELECT count(*) FROM licences");
    assert_eq!(granted, 1, "the user's alone");
    assert_eq!(secretariat.ask("POST", &form).form(&[("holderKind", "provider")]).send().status, 303);
    server.end();
    register.assert_whole();
}

fn judgements_are_read_by_those_concerned(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let mut case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let seen = |case: &Case<'_>, person: &Person| -> Vec<String> {
        let found = case.by(person).get(&format!("{}/examinations", path(case))).send().ok();
        found.as_array().expect("a list").iter().map(|one| text(one, "examiner").to_owned()).collect()
    };
    let [first, second] = &cast.examiners;
    let both = {
        let mut both = [first.id.clone(), second.id.clone()];
        both.sort();
        both
    };
    case.act(first, "judgements", &case.judgements()).ok();
    assert_eq!(seen(&case, first), [first.id.as_str()]);
    assert_eq!(seen(&case, second), Vec::<String>::new(), "each judges alone");
    assert_eq!(seen(&case, &cast.auditor), [first.id.as_str()]);
    case.act(second, "judgements", &case.judgements()).ok();
    assert_eq!(seen(&case, first), both, "both are done: now they confer");
    assert_eq!(seen(&case, second), both);
    assert_eq!(seen(&case, &cast.auditor), both);
    assert_eq!(seen(&case, &cast.provider), Vec::<String>::new());
    case = case.recommend();
    assert_eq!(seen(&case, first), both);
    assert_eq!(seen(&case, &cast.provider), Vec::<String>::new());
    case = case.decide();
    assert_eq!(seen(&case, &cast.provider), both, "reasons are the applicant's once it is decided");
    drop(server);
    register.assert_whole();
}

fn nobody_acts_signed_out(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let before = acts(&server.client());
    let other = format!("otk_{}", "A".repeat(43));
    let (longer, shorter) = (format!("{}x", cast.provider.api_key), cast.provider.api_key[1..].to_owned());
    let wrong =
        [None, Some(""), Some("otk_"), Some(&other), Some(&longer), Some(&shorter), Some(&cast.auditor.session)];
    for key in wrong.map(|key| key.map(String::from)) {
        let client = key.map_or(server.client(), |key| server.client().with_key(&key));
        let by = |method, path: &str| client.ask(method, path);
        let acting = case.acting(&client, "acceptance", &case.both_examiners());
        let submit = by("POST", "/api/v1/applications").json(&declaration());
        for ask in [acting, submit, by("GET", "/api/v1/applications"), by("GET", &path(&case))] {
            let answer = ask.send();
            answer.refused(401, "signed_out");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    assert_eq!(acts(&server.client()), before);
}

fn a_dismissed_person_acts_no_more(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    // Admitted and dismissed by the command while the server runs.
    let late = register.admit("provider_owner", "後から来た人", "late-comer");
    let (by, by_key) = (server.client().signed_in(&late), server.client().with_key(&late.api_key));
    by.post("/api/v1/applications", &declaration()).send().ok();
    by_key.post("/api/v1/applications", &declaration()).send().ok();
    register.run(&["admin", "dismiss", &late.id, "--reason", "退職"]);
    for client in [&by, &by_key] {
        client.post("/api/v1/applications", &declaration()).send().refused(401, "signed_out");
    }
    let again = register.command(&["admin", "dismiss", &late.id, "--reason", "退職"]).output().expect("it runs");
    assert!(!again.status.success(), "nobody is dismissed twice");
    assert_eq!(by.signed_in(&cast.provider).get("/api/v1/applications").send().status, 200);
    server.end();
    register.assert_whole();
}

fn a_version_is_named_and_is_the_newest(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let new = || Case::submit(&server.client(), &cast, &declaration());
    for case in [new(), new().accept().judge(), new().accept().judge().recommend(), new().pass()] {
        for (act, body, allowed) in everything(&case, &cast) {
            let by = case.by(allowed[0]);
            let post = || by.post(&format!("{}/{act}", path(&case)), &body);
            assert_versions(case.version(), |tag| tag.map_or(post(), |tag| post().header("if-match", tag)).send());
        }
    }
    let mut case = new();
    let back = json!({ "reasons": [{ "pointer": "/service/name", "reason": "理由" }] });
    case.state = case.act(&cast.secretariat, "return", &back).ok();
    let by = case.by(&cast.provider);
    let put = || by.ask("PUT", &format!("{}/declaration", path(&case))).json(&declaration());
    assert_versions(case.version(), |tag| tag.map_or(put(), |tag| put().header("if-match", tag)).send());

    let case = new().pass();
    let registration = case.register();
    let user = case.license_user(&registration, "見本工業株式会社");
    let by = case.by(&cast.secretariat);
    for (of, path, body) in [
        (
            &registration,
            format!("registrations/{}/measures", text(&registration, "number")),
            tests::measure_body("suspend", "理由"),
        ),
        (&user, format!("licences/{}/end", text(&user, "id")), json!({ "reason": "理由" })),
    ] {
        let post = || by.post(&format!("/api/v1/{path}"), &body);
        assert_versions(version(of), |tag| tag.map_or(post(), |tag| post().header("if-match", tag)).send());
    }
    server.end();
    register.assert_whole();
}

/// No tag, an older one, one to come, and what is no tag at all are each refused in their own way.
fn assert_versions(now: u64, send: impl Fn(Option<&str>) -> Answer) {
    let before = send(None).refused(428, "version_needed");
    assert!(text(&before, "detail").contains(&format!("\"{now}\"")), "it says what the version is: {before}");
    for other in [now - 1, now + 1] {
        send(Some(&format!("\"{other}\""))).refused(412, "stale");
    }
    for no_tag in ["", "1", "*", "\"x\"", "W/\"1\"", "\"1\", \"2\"", "\"-1\"", "\"99999999999\""] {
        send(Some(no_tag)).refused(422, "invalid");
    }
}

fn a_repeated_request_is_done_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let submit = || provider.post("/api/v1/applications", &declaration()).key("submit-0001").send();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let secretariat = case.by(&cast.secretariat);
    let from = json!({ "from": case.today() });
    let enter = || case.acting(&secretariat, "registration", &from).key("register-0001").send();
    let registration = enter().ok();
    let grant = || provider.post(&licences(&registration), &case.user("見本工業株式会社")).key("grant-0001").send();
    for repeat in [&submit as &dyn Fn() -> Answer, &enter, &grant] {
        let first = repeat();
        first.ok();
        let before = acts(&server.client());
        for _ in 0..3 {
            let again = repeat();
            assert_eq!((again.status, &again.body), (first.status, &first.body));
            for header in ["location", "etag", "log-leaf"] {
                assert_eq!(again.header(header), first.header(header), "{header}");
            }
        }
        assert_eq!(acts(&server.client()), before);
    }
    // Another person's key of the same letters is another key.
    let stranger = server.client().signed_in(&cast.stranger);
    let theirs = stranger.post("/api/v1/applications", &declaration()).key("submit-0001").send().ok();
    assert_eq!(text(&theirs, "owner"), "somebody-else");

    // It is remembered across a restart.
    let before = submit();
    server.end();
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let after = provider.post("/api/v1/applications", &declaration()).key("submit-0001").send();
    assert_eq!((after.status, after.body), (before.status, before.body));
    server.end();
    register.assert_whole();
}

fn a_key_is_for_one_request(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let provider = case.by(&cast.provider);
    let submit = |declaration: &Value, key: &str| provider.post("/api/v1/applications", declaration).key(key).send();
    let grant = |name: &str, key: &str| provider.post(&licences(&registration), &case.user(name)).key(key).send();
    submit(&declaration(), "key-submit").ok();
    grant("見本工業株式会社", "key-grant").ok();
    let mut other = declaration();
    other["service"]["summary"] = json!("別のサービス");
    let before = acts(&server.client());
    submit(&other, "key-submit").refused(422, "idempotency_key_reused");
    submit(&declaration(), "key-grant").refused(422, "idempotency_key_reused");
    grant("見本商店", "key-grant").refused(422, "idempotency_key_reused");
    grant("見本工業株式会社", "key-submit").refused(422, "idempotency_key_reused");
    for key in ["", "1234567", &"k".repeat(201)] {
        submit(&declaration(), key).refused(422, "invalid");
    }
    assert_eq!(acts(&server.client()), before);
    submit(&declaration(), "12345678").ok();
    submit(&declaration(), &"k".repeat(200)).ok();
    server.end();
    register.assert_whole();
}

fn a_second_click_is_told(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    // The same request twice, as a form sent by two clicks: the first is done, the second learns that it is.
    let twice = |case: &Case<'_>, person, act: &str, body: &Value| {
        case.act(person, act, body).ok();
        case.act(person, act, body)
    };
    twice(&case, &cast.secretariat, "acceptance", &case.both_examiners()).refused(412, "stale");
    let case = Case::submit(&server.client(), &cast, &declaration()).accept().judge();
    twice(&case, &cast.examiners[0], "recommendation", &pass()).refused(412, "stale");
    let case = Case::submit(&server.client(), &cast, &declaration()).accept().judge().recommend();
    // Proposed twice, it is confirmed once.
    let [one, other] = [(); 2].map(|()| case.propose());
    case.confirm(&cast.second_decision_maker, &one).ok();
    case.confirm(&cast.second_decision_maker, &one).refused(409, "state");
    case.confirm(&cast.second_decision_maker, &other).refused(409, "state");
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    twice(&case, &cast.secretariat, "registration", &json!({ "from": case.today() })).refused(409, "registered");
    server.end();
    register.assert_whole();
}
