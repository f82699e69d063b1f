//! Links for one use: invitation and recovery.

use serde_json::{Value, json};
use tests::staff::{BODY, PASSWORD};
use tests::{Answer, Database, Register, Server, Visit, code_now};

use crate::shift;

tests::on_both!(
    an_invitation_is_followed_once,
    a_link_lasts_fifteen_minutes,
    recovery_ends_the_old_ways,
    nobody_gets_a_link_unchecked,
    a_weak_password_is_refused_and_costs_nothing,
);

fn path(link: &str) -> String {
    link.trim_end().strip_prefix("https://otasuketai.example").expect("a link of ours").to_owned()
}

fn invite(register: &Register) -> String {
    let organisation = ["--kind", "registration_body", "--name", "登録機関", "--id", BODY];
    register.run(&[&["admin", "organisation"][..], &organisation].concat());
    let person = ["--role", "operator", "--name", "運用 花子", "--email", "hanako@example.jp", "--organisation", BODY];
    path(&register.run(&[&["admin", "invite"][..], &person].concat()))
}

/// What the page shows for the app, and the code that goes with it.
fn set_up(server: &Server, path: &str, password: &str, again: &str) -> Answer {
    let visit = Visit::at(&server.client(), path);
    let page = server.client().get(path).header("cookie", &visit.cookie).send();
    let secret = page.text().split("class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let code = code_now(&secret.replace(' ', ""));
    visit.post(&format!("{path}/password"), &[("password", password), ("again", again), ("code", &code)])
}

fn codes(answer: &Answer) -> Vec<String> {
    let parts = answer.text().split("<code>").skip(1);
    parts.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()).collect()
}

fn an_invitation_is_followed_once(database: Database) {
    let register = Register::new(database);
    let link = invite(&register);
    let server = register.serve();
    let page = server.client().get(&link).send();
    assert!(page.text().contains("運用 花子") && page.text().contains("hanako@example.jp"), "{}", page.told());
    // The address is a secret: it is kept nowhere, and told to nobody.
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));

    let ready = set_up(&server, &link, PASSWORD, PASSWORD);
    assert_eq!((ready.status, ready.header("cache-control")), (200, "no-store"), "{}", ready.told());
    let codes = codes(&ready);
    assert_eq!(codes.len(), 10);
    let cookie = ready.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let session = server.client().get("/api/v1/session").header("cookie", &cookie).send().ok();
    assert_eq!((&session["name"], &session["roles"][0]["role"]), (&"運用 花子".into(), &"operator".into()));

    for again in [server.client().get(&link).send(), server.client().get(&format!("{link}x")).send()] {
        assert_eq!(again.status, 410, "{}", again.told());
        assert!(again.text().contains("一度だけ"), "{}", again.told());
    }
    let fields = [("login", "HANAKO@example.jp"), ("password", PASSWORD), ("code", codes[0].as_str())];
    assert_eq!(Visit::new(&server).post("/sign-in", &fields).status, 303);
    assert!(!server.log().contains("otl_"), "the log holds a link");
    register.assert_whole();
}

fn a_link_lasts_fifteen_minutes(database: Database) {
    let register = Register::new(database);
    let link = invite(&register);
    let server = register.serve();
    shift(&register, "links", "expires_at", "purpose = 'invitation'", 5);
    assert_eq!(server.client().get(&link).send().status, 200);
    shift(&register, "links", "expires_at", "purpose = 'invitation'", 0);
    assert_eq!(server.client().get(&link).send().status, 410);
    // A new one takes the place of the old.
    let person = register.run(&["admin", "people"]).split('\t').next().expect("an id").to_owned();
    let fresh =
        path(&register.run(&["admin", "link", &person, "--identity-check", "call_back", "--reason", "期限切れ"]));
    assert_eq!(server.client().get(&fresh).send().status, 200);
    let newer =
        path(&register.run(&["admin", "link", &person, "--identity-check", "call_back", "--reason", "もう一度"]));
    assert_eq!(server.client().get(&fresh).send().status, 410);
    assert_eq!(set_up(&server, &newer, PASSWORD, PASSWORD).status, 200);
}

fn recovery_ends_the_old_ways(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    let link =
        path(&register.run(&["admin", "link", &person.id, "--identity-check", "in_person", "--reason", "端末の紛失"]));
    let new = "another long sentence";
    // Until it is used nothing ends: a link that went astray locks nobody out.
    assert_eq!(server.client().signed_in(person).get("/api/v1/session").send().status, 200);
    let ready = set_up(&server, &link, new, new);
    assert_eq!(ready.status, 200, "{}", ready.told());
    server.client().signed_in(person).get("/api/v1/session").send().refused(401, "signed_out");
    assert_eq!(Visit::new(&server).sign_in(person, 0, &[]).status, 422, "the old password and the old codes are over");
    let fields = [("login", person.id.as_str()), ("password", new), ("code", &codes(&ready)[0])];
    assert_eq!(Visit::new(&server).post("/sign-in", &fields).status, 303);
    let lines = register.database().sql().texts(
        "SELECT what || ' ' || coalesce(detail, '') FROM trail WHERE what LIKE 'link.%' OR what = 'sign_in' ORDER BY id",
    );
    assert!(lines.contains(&"link.recovery in_person: 端末の紛失".to_owned()), "{lines:?}");
    assert!(lines.contains(&"sign_in recovery".to_owned()), "{lines:?}");
}

/// How they showed who they are is asked on every way, and kept.
fn nobody_gets_a_link_unchecked(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = cast.auditor.id.as_str();
    let operator = server.client().signed_in(&cast.operator);
    let made = || register.database().sql().texts("SELECT detail FROM trail WHERE what = 'link.recovery' ORDER BY id");
    let before = made();
    let by_command = |how: &[&str]| {
        let arguments = [&["admin", "link", person, "--reason", "紛失"], how].concat();
        register.command(&arguments).output().expect("it can be started").status.success()
    };
    let by_program = |how: Value| {
        let body = json!({ "reason": "紛失", "identityCheck": how });
        operator.post(&format!("/api/v1/people/{person}/recovery"), &body).send().status
    };
    let by_page = |how: &str| {
        let fields = [("/reason", "紛失"), ("/identityCheck", how), ("csrf", &cast.operator.csrf)];
        let ask = operator.ask("POST", &format!("/people/{person}/link")).header("sec-fetch-site", "same-origin");
        ask.form(&fields).send()
    };
    assert!(!by_command(&[]) && !by_command(&["--identity-check", "believed"]));
    for how in [Value::Null, json!(""), json!("believed")] {
        assert_eq!(by_program(how.clone()), 422, "{how}");
    }
    for how in ["", "believed"] {
        let refused = by_page(how);
        assert_eq!(refused.status, 422, "{}", refused.told());
        assert!(refused.text().contains("本人であることをどう確かめたか"), "{}", refused.told());
    }
    assert_eq!(made(), before, "nothing was made");
    assert!(by_command(&["--identity-check", "in_person"]));
    assert_eq!(by_program(json!("call_back")), 200);
    assert_eq!(by_page("organisation").status, 200);
    assert_eq!(made()[before.len()..], ["in_person: 紛失", "call_back: 紛失", "organisation: 紛失"]);
}

fn a_weak_password_is_refused_and_costs_nothing(database: Database) {
    let register = Register::new(database);
    let link = invite(&register);
    let server = register.serve();
    for (password, again, why) in [
        ("eleven char", "eleven char", "12文字から128文字"),
        (&"長".repeat(129), &"長".repeat(129), "129文字"),
        ("password12345!", "password12345!", "よく使われる"),
        ("hanako@example.jp", "hanako@example.jp", "よく使われる"),
        (PASSWORD, "a long sentence for test", "二つのパスワードが違います"),
        ("", "", "12文字から128文字"),
    ] {
        let refused = set_up(&server, &link, password, again);
        assert_eq!(refused.status, 422, "{password}: {}", refused.told());
        assert!(refused.text().contains(why), "{password}: {}", refused.told());
        let field = refused.text().split("id=\"password\"").nth(1).and_then(|rest| rest.split('>').next());
        assert!(field.is_some_and(|field| !field.contains("value")), "a password is not written into a page");
    }
    let visit = Visit::at(&server.client(), &link);
    let wrong =
        visit.post(&format!("{link}/password"), &[("password", PASSWORD), ("again", PASSWORD), ("code", "000000")]);
    assert!(wrong.status == 422 && wrong.text().contains("確認コードが合いません"), "{}", wrong.told());
    let least = "exactly 12 c";
    assert_eq!(set_up(&server, &link, least, least).status, 200);
}
