//! Sessions: kept by the server, new at every sign-in, ended by time, by their owner, and by the end of a role.

use tests::{Client, Database, Person, Register, Server, Visit, text};

use crate::shift;

tests::on_both!(
    every_sign_in_begins_a_new_one,
    time_ends_them,
    their_owner_ends_them,
    elsewhere_they_end_after_a_fresh_sign_in_only,
    an_operator_ends_somebodys,
    their_end_clears_the_browser,
    the_end_of_a_role_ends_them,
    deciding_takes_a_fresh_sign_in,
    a_session_alone_changes_nothing_through_the_json_face,
);

/// Where the person is signed in with this cookie.
fn runs(server: &Server, cookie: &str) -> bool {
    server.client().get("/api/v1/session").header("cookie", cookie).send().status == 200
}

fn enter(server: &Server, person: &Person, code: usize) -> String {
    let entered = Visit::new(server).sign_in(person, code, &[]);
    assert_eq!(entered.status, 303, "{}", entered.told());
    entered.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

fn every_sign_in_begins_a_new_one(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    let first = enter(&server, person, 0);
    let other = enter(&server, person, 1);
    assert_ne!(first, other);
    // Another device's goes on; the same browser's own ends when it signs in again.
    assert!(runs(&server, &first) && runs(&server, &other));
    let visit = Visit::new(&server);
    let again = visit.with_cookie(&first);
    let token = |cookie: &str| {
        text(&server.client().get("/api/v1/session").header("cookie", cookie).send().ok(), "csrfToken").to_owned()
    };
    let open_form = token(&first);
    let entered = again.sign_in(person, 2, &[]);
    let third = entered.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert!(!runs(&server, &first) && runs(&server, &third));
    assert_eq!(token(&third), open_form, "a form that was open can still be sent");
    // Somebody else at the same browser is given nothing of it.
    let visit = Visit::new(&server);
    let theirs = visit.with_cookie(&third).sign_in(&cast.provider, 0, &[]);
    let theirs = theirs.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    assert!(!runs(&server, &third));
    assert_ne!(token(&theirs), open_form);
    // A cookie that somebody else chose is never taken over.
    let planted = format!("__Host-session=ots_{}", "A".repeat(43));
    let visit = Visit::new(&server);
    let entered = visit.with_cookie(&planted).sign_in(person, 3, &[]);
    assert!(!entered.header("set-cookie").starts_with(&planted) && !runs(&server, &planted));
}

fn time_ends_them(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    // Role, minutes without a request, hours in all.
    for (person, minutes, hours) in
        [(&cast.provider, 60, 12), (&cast.examiners[0], 60, 10), (&cast.secretariat, 30, 10), (&cast.operator, 15, 4)]
    {
        let client = server.client().signed_in(person);
        let is_in = || client.get("/api/v1/session").send().status == 200;
        let of = format!("person = '{}'", person.id);
        shift(&register, "sessions", "begun_at", &of, -(hours * 3600 - 20));
        shift(&register, "sessions", "seen_at", &of, -(minutes * 60 - 20));
        assert!(is_in(), "{}", person.id);
        // It was seen just now, and that is written down.
        let begun = std::time::Instant::now();
        while register.database().sql().number(&format!(
            "SELECT count(*) FROM sessions WHERE {of} AND seen_at < '{}'",
            domain::calendar::Instant::from_unix(api::clock::now().unix() - 60).expect("an instant")
        )) > 0
        {
            assert!(begun.elapsed().as_secs() < 20, "it is not written down");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        shift(&register, "sessions", "seen_at", &of, -(minutes * 60 + 1));
        assert!(!is_in(), "idle: {}", person.id);
        shift(&register, "sessions", "seen_at", &of, 0);
        assert!(is_in());
        shift(&register, "sessions", "begun_at", &of, -(hours * 3600 + 1));
        assert!(!is_in(), "in all: {}", person.id);
    }
}

fn their_owner_ends_them(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.provider;
    let here = server.client().signed_in(person);
    let (one, other) = (enter(&server, person, 0), enter(&server, person, 1));
    let page = here.get("/account").send();
    let ids: Vec<&str> =
        page.text().split("/account/sessions/").skip(1).filter_map(|rest| rest.split('/').next()).collect();
    let ids: Vec<&&str> = ids.iter().filter(|id| id.starts_with("S-")).collect();
    assert_eq!(ids.len(), 2, "all but this one can be ended: {}", page.text());
    let end = |client: &Client, id: &str| client.ask("POST", &format!("/account/sessions/{id}/end")).form(&[]).send();
    assert_eq!(end(&here, ids[0]).status, 303);
    assert!(runs(&server, &one) != runs(&server, &other), "one of them");
    // Nobody ends somebody else's.
    let stranger = server.client().signed_in(&cast.stranger);
    assert_eq!(end(&stranger, ids[1]).status, 404);
    assert_eq!(here.ask("POST", "/account/sessions/end").form(&[]).send().status, 303);
    assert!(!runs(&server, &one) && !runs(&server, &other));
    assert_eq!(here.get("/account").send().status, 200);
    assert_eq!(here.ask("POST", "/sign-out").form(&[]).send().status, 303);
    assert_eq!(here.get("/account").send().status, 401);
    // Nothing is left of it for whoever finds the cookie.
    assert_eq!(here.get("/api/v1/session").send().status, 401);
}

fn elsewhere_they_end_after_a_fresh_sign_in_only(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.provider;
    let other = enter(&server, person, 0);
    let here = server.client().signed_in(person);
    let id = format!("SELECT id FROM sessions WHERE person = '{}' ORDER BY begun_at DESC, id", person.id);
    let own = here.get("/account").send();
    let ids = register.database().sql().texts(&id);
    let named = ids.iter().find(|id| own.text().contains(&format!("/account/sessions/{id}/end"))).expect("the other");
    shift(&register, "sessions", "signed_in_at", &format!("person = '{}'", person.id), -301);
    for path in [format!("/account/sessions/{named}/end"), "/account/sessions/end".to_owned()] {
        let told = here.ask("POST", &path).form(&[]).send();
        assert_eq!((told.status, told.text().contains("5分以内")), (403, true), "{}", told.told());
    }
    assert!(runs(&server, &other));
    // So with every way to sign in, whatever is sent.
    let credential = "/account/credentials/C-00000000/remove";
    for path in ["/account/password", "/account/passkey/options", "/account/passkey", "/account/codes", credential] {
        let told = here.ask("POST", path).form(&[("answer", "{}")]).send();
        assert_eq!(told.status, 403, "{path}: {}", told.told());
        assert!(told.text().contains("5分以内"), "{path}: {}", told.told());
    }
    // One's own end needs nothing.
    assert_eq!(here.ask("POST", "/sign-out").form(&[]).send().status, 303);
}

fn an_operator_ends_somebodys(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let (person, reason) = (&cast.provider, "端末をなくしたと電話があった");
    let operator = server.client().signed_in(&cast.operator);
    let path = format!("/people/{}/sessions/end", person.id);
    let two = || [enter(&server, person, 0), enter(&server, person, 1)];
    let ended =
        || register.database().sql().number(&format!("SELECT count(*) FROM sessions WHERE person = '{}'", person.id));

    // On the page: a reason first.
    let cookies = two();
    assert!(operator.get(&format!("/people/{}", person.id)).send().text().contains("サインインをすべて終える"));
    assert_eq!(operator.ask("POST", &path).form(&[("/reason", "")]).send().status, 422);
    assert!(runs(&server, &cookies[0]));
    assert_eq!(operator.ask("POST", &path).form(&[("/reason", reason)]).send().status, 303);
    assert_eq!((ended(), runs(&server, &cookies[0]), runs(&server, &cookies[1])), (0, false, false));
    // They sign in again, and what they may do stands; so does what their programs may.
    let again = Visit::new(&server).sign_in(person, 2, &[]);
    assert_eq!((again.status, again.header("location")), (303, "/applications"), "{}", again.told());
    assert_eq!(server.client().with_key(&person.api_key).get("/api/v1/applications").send().status, 200);

    // For a program, and on the machine itself.
    let told = operator.post(&format!("/api/v1{path}"), &serde_json::json!({ "reason": reason })).send().ok();
    assert_eq!((told["ended"].as_u64(), ended()), (Some(1), 0), "{told}");
    let entered = Visit::new(&server).sign_in(person, 3, &[]);
    assert_eq!(entered.status, 303);
    assert_eq!(register.run(&["admin", "end-sessions", &person.id, "--reason", reason]), "1\n");
    assert_eq!(ended(), 0);

    let lines = register.database().sql().texts(&format!(
        "SELECT coalesce(role, '') || ' ' || subject FROM trail WHERE what = 'sessions.ended' AND detail = '{reason}' ORDER BY id"
    ));
    assert_eq!(lines, [(); 3].map(|()| format!("operator person/{}", person.id)));
}

fn their_end_clears_the_browser(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let here = server.client().signed_in(&cast.provider);
    let clears = |answer: &tests::Answer| answer.header("clear-site-data") == "\"cache\", \"storage\"";
    assert!(!clears(&here.get("/account").send()));
    let left = here.ask("POST", "/sign-out").form(&[]).send();
    assert!(left.status == 303 && clears(&left), "{}", left.told());
    let cookie = left.header("set-cookie");
    assert!(cookie.starts_with("__Host-session=;") && cookie.contains("Max-Age=0"), "{cookie}");
    // Where time has ended it, the next answer does.
    let idle = server.client().signed_in(&cast.secretariat);
    shift(&register, "sessions", "seen_at", &format!("person = '{}'", cast.secretariat.id), -3_600);
    for path in ["/intake", "/api/v1/session"] {
        let told = idle.get(path).send();
        assert!(told.status == 401 && clears(&told), "{}", told.told());
        assert!(!clears(&server.client().get(path).send()), "a stranger has nothing to clear");
    }
}

fn the_end_of_a_role_ends_them(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.provider;
    register.run(&["admin", "give", &person.id, "--role", "provider_member", "--organisation", "osaka-cci"]);
    let mine = |client: Client| client.get("/api/v1/applications").send().status;
    assert_eq!(mine(server.client().signed_in(person)), 200);
    let role = ["--role", "provider_owner", "--organisation", "osaka-cci", "--reason", "異動"];
    register.run(&[&["admin", "end", person.id.as_str()][..], &role].concat());
    assert_eq!(mine(server.client().signed_in(person)), 401, "every session of the person ended");
    assert_eq!(mine(server.client().with_key(&person.api_key)), 401, "and the keys they answered for there");
    let cookie = enter(&server, person, 0);
    let session = server.client().get("/api/v1/session").header("cookie", &cookie).send().ok();
    assert_eq!(session["roles"].as_array().map(Vec::len), Some(1), "what is left of their roles: {session}");
    register.assert_whole();
}

fn deciding_takes_a_fresh_sign_in(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = tests::Case::submit(&server.client(), &cast, &tests::declaration()).accept().judge().recommend();
    let of = |person: &Person, seconds: i64| {
        shift(&register, "sessions", "signed_in_at", &format!("person = '{}'", person.id), -seconds)
    };
    of(&cast.decision_maker, 310);
    let told = case.act(&cast.decision_maker, "decision", &tests::pass()).refused(403, "sign_in_again");
    assert!(text(&told, "detail").contains("5分以内"), "{told}");
    // On the page nothing of what was typed is lost.
    let path = format!("/decisions/{}", case.id());
    let version = case.version().to_string();
    let fields = [("/verdict", "pass"), ("/reason", "長い時間をかけて書いた理由"), ("version", &version)];
    let again = server.client().signed_in(&cast.decision_maker).ask("POST", &path).form(&fields).send();
    assert_eq!(again.status, 403);
    assert!(
        again.text().contains("長い時間をかけて書いた理由") && again.text().contains("5分以内"),
        "{}",
        again.told()
    );

    of(&cast.decision_maker, 280);
    let proposal = case.propose();
    of(&cast.second_decision_maker, 310);
    case.confirm(&cast.second_decision_maker, &proposal).refused(403, "sign_in_again");
    of(&cast.second_decision_maker, 280);
    case.confirm(&cast.second_decision_maker, &proposal).ok();
    // What needs no fresh sign-in goes on.
    of(&cast.secretariat, 3_000);
    assert_eq!(server.client().signed_in(&cast.secretariat).get("/intake").send().status, 200);
}

fn a_session_alone_changes_nothing_through_the_json_face(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let cookie = format!("__Host-session={}", cast.provider.session);
    let client = server.client();
    let ask = || client.post("/api/v1/applications", &tests::declaration()).header("cookie", &cookie);
    let token = ("x-csrf-token", cast.provider.csrf.as_str());
    for headers in [
        &[][..],
        &[("sec-fetch-site", "same-origin")],
        &[token],
        &[token, ("sec-fetch-site", "cross-site")],
        &[token, ("sec-fetch-site", "same-site")],
        &[token, ("origin", "https://elsewhere.example")],
        &[("x-csrf-token", cast.stranger.csrf.as_str()), ("sec-fetch-site", "same-origin")],
    ] {
        headers.iter().fold(ask(), |ask, (name, value)| ask.header(name, value)).send().refused(403, "forbidden");
    }
    let ours = ask().header(token.0, token.1).header("sec-fetch-site", "same-origin").send();
    assert_eq!(ours.status, 201, "{}", ours.told());
}
