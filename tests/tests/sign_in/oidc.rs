//! Sign-ins that go well: who is enrolled as what, and who is found again.

use std::thread;

use serde_json::Value;
use tests::{Database, Visit, on_both};

use crate::{NUMBER, Stage, session};

on_both!(
    prime_and_member_are_enrolled_in_one_organisation,
    the_second_sign_in_finds_the_same_person,
    two_first_sign_ins_at_once_are_one_person,
);

/// Name, role and organisation of everybody.
fn people(stage: &Stage) -> Vec<[String; 3]> {
    let names = stage.texts("SELECT p.name FROM profiles p JOIN people q ON q.id = p.person ORDER BY p.name, q.id");
    let states = stage.texts("SELECT q.state FROM profiles p JOIN people q ON q.id = p.person ORDER BY p.name, q.id");
    let people = names.into_iter().zip(states).map(|(name, state)| {
        let state: Value = serde_json::from_str(&state).expect("a state is JSON");
        let [only] = state["memberships"].as_array().expect("a list").as_slice() else { panic!("{state}") };
        let text = |name: &str| only[name].as_str().unwrap_or_default().to_owned();
        [name, text("role"), text("organisation")]
    });
    people.collect()
}

fn organisations(stage: &Stage) -> Vec<String> {
    stage.texts(
        "SELECT id || ' ' || kind || ' ' || name || ' ' || COALESCE(number, '-') FROM organisations ORDER BY name, id",
    )
}

fn prime_and_member_are_enrolled_in_one_organisation(database: Database) {
    let stage = Stage::honest(database);
    for account in ["prime", "member"] {
        let entered = stage.sign_in(account);
        assert_eq!((entered.status, entered.header("location")), (303, "/applications"), "{}", entered.told());
        let session = session(&entered).expect("a session");
        let page = stage.get("/applications", &session);
        assert_eq!(page.status, 200, "{}", page.told());
    }
    assert_eq!(organisations(&stage), [format!("{NUMBER} provider 株式会社見本 {NUMBER}")]);
    let [owner, member] = ["provider_owner", "provider_member"].map(str::to_owned);
    let expected =
        [["代表 太郎".to_owned(), owner, NUMBER.to_owned()], ["山田 花子".to_owned(), member, NUMBER.to_owned()]];
    let mut found = people(&stage);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(stage.texts("SELECT DISTINCT method FROM sessions"), ["oidc"]);
    let issuer = stage.rig.issuer();
    assert_eq!(stage.texts("SELECT DISTINCT issuer FROM identities"), [issuer]);
    let trail = stage.texts("SELECT what || ' ' || outcome FROM trail WHERE person LIKE 'P-%' ORDER BY id");
    let first = ["organisation.entered done", "person.admitted done", "sign_in done"];
    assert_eq!(trail, [&first[..], &first[1..]].concat());
    assert_eq!(stage.texts("SELECT state FROM ceremonies"), [""; 0], "what was remembered is gone");
    stage.register.assert_whole();
}

fn the_second_sign_in_finds_the_same_person(database: Database) {
    let stage = Stage::honest(database);
    let first = stage.enter("prime");
    let before = [stage.texts("SELECT leaf FROM acts"), organisations(&stage), people(&stage).concat()];
    let second = stage.enter("prime");
    assert_ne!(first, second);
    assert_eq!([stage.texts("SELECT leaf FROM acts"), organisations(&stage), people(&stage).concat()], before);
    assert_eq!(stage.texts("SELECT DISTINCT person FROM sessions").len(), 1, "both are the same person's");
    for session in [first, second] {
        assert_eq!(stage.get("/applications", &session).status, 200, "another browser's sign-in ends none");
    }
}

fn two_first_sign_ins_at_once_are_one_person(database: Database) {
    let stage = Stage::honest(database);
    for account in ["prime", "shop"] {
        let before = people(&stage).len();
        let back = [(); 4].map(|()| {
            let visit = Visit::new(&stage.server);
            let path = stage.go(&visit, account, &[]);
            (visit, path)
        });
        let stage = &stage;
        let answers: Vec<_> = thread::scope(|scope| {
            let threads = back.map(|(visit, path)| scope.spawn(move || stage.arrive(&visit, &path)));
            threads.into_iter().map(|thread| thread.join().expect("it arrives")).collect()
        });
        for answer in &answers {
            assert!(session(answer).is_some(), "{}", answer.told());
        }
        assert_eq!(people(stage).len(), before + 1, "{account}");
    }
    assert_eq!(organisations(&stage).len(), 2);
    stage.register.assert_whole();
}

#[test]
fn a_sole_proprietor_has_an_organisation_of_their_own() {
    let stage = Stage::honest(Database::sqlite());
    stage.enter("shop");
    stage.enter("shop");
    let found = organisations(&stage);
    let [only] = found.as_slice() else { panic!("{found:?}") };
    let (id, rest) = only.split_once(' ').expect("an id");
    assert!(id.starts_with("O-") && rest == "provider 見本商店 -", "{only}");
    assert_eq!(people(&stage), [["商店".to_owned(), "provider_owner".to_owned(), id.to_owned()]]);
    stage.register.assert_whole();
}

#[test]
fn whoever_has_no_name_is_shown_as_the_organisation() {
    let stage = Stage::honest(Database::sqlite());
    stage.enter("unnamed");
    assert_eq!(people(&stage)[0][0], "株式会社見本");
}

#[test]
fn an_organisation_that_is_known_stays_what_it_is() {
    for (kind, role, home) in [("provider", "provider_owner", "/applications"), ("user", "user", "/account")] {
        let stage = Stage::honest(Database::sqlite());
        let entered = ["admin", "organisation", "--kind", kind, "--name", "見本（登録済み）", "--id", NUMBER];
        stage.register.run(&entered);
        let answer = stage.sign_in("prime");
        assert_eq!((answer.status, answer.header("location")), (303, home), "{}", answer.told());
        assert_eq!(organisations(&stage), [format!("{NUMBER} {kind} 見本（登録済み） {NUMBER}")]);
        assert_eq!(people(&stage)[0][1], role);
    }
}

#[test]
fn the_way_on_is_remembered_and_leads_nowhere_else() {
    let stage = Stage::honest(Database::sqlite());
    for (next, expected) in [
        ("/account", "/account"),
        ("/register?q=a", "/register?q=a"),
        ("https://elsewhere.example", "/applications"),
        ("//elsewhere.example", "/applications"),
        ("/\\elsewhere.example", "/applications"),
        ("x", "/applications"),
        ("/a\r\nb", "/applications"),
    ] {
        let visit = Visit::new(&stage.server);
        let back = stage.go(&visit, "prime", &[("next", next)]);
        // What the provider, or anybody on the way, adds to the address is not where it leads.
        let answer = stage.arrive(&visit, &format!("{back}&next=https://elsewhere.example"));
        assert_eq!((answer.status, answer.header("location")), (303, expected), "{next}: {}", answer.told());
    }
}

#[test]
fn a_session_is_a_new_one() {
    let stage = Stage::honest(Database::sqlite());
    let old = stage.enter("member");
    let mut visit = Visit::new(&stage.server);
    visit.cookie = format!("{}; {old}", visit.cookie);
    let back = stage.go(&visit, "prime", &[]);
    let answer = stage.arrive(&visit, &back);
    let new = session(&answer).unwrap_or_else(|| panic!("{}", answer.told()));
    assert_ne!(new, old);
    assert_eq!(stage.get("/applications", &new).status, 200);
    assert_eq!(stage.get("/applications", &old).status, 401, "the session before it has ended");

    // A cookie that somebody else has planted becomes nobody's session.
    let planted = "__Host-session=ots_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut visit = Visit::new(&stage.server);
    visit.cookie = format!("{}; {planted}", visit.cookie);
    let back = stage.go(&visit, "prime", &[]);
    let answer = stage.arrive(&visit, &back);
    assert!(session(&answer).is_some_and(|new| new != planted), "{}", answer.told());
    assert_eq!(stage.get("/applications", planted).status, 401);
}

#[test]
fn no_token_of_the_provider_reaches_the_browser() {
    let stage = Stage::hostile(Database::sqlite());
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "prime", &[("next", "/account")]);
    let entered = stage.arrive(&visit, &back);
    let page = stage.get("/account", &session(&entered).expect("a session"));
    for answer in [entered, page] {
        let whole = format!("{:?} {}", answer.headers, answer.text());
        // The access token, and how every JWT begins.
        for token in ["for-userinfo", "eyJ"] {
            assert!(!whole.contains(token), "{token}: {whole}");
        }
    }
}

#[test]
fn a_register_without_gbizid_offers_none() {
    let register = tests::Register::new(Database::sqlite());
    let server = register.serve();
    let visit = Visit::new(&server);
    assert!(!server.client().get("/sign-in").send().text().contains("GビズID"));
    assert_eq!(visit.post("/sign-in/oidc", &[]).status, 404);
    assert_eq!(server.client().get("/sign-in/oidc/callback?state=a&code=b").send().status, 404);
}

/// The provider's tokens are for asking the provider, and nobody else sees them: no browser, no page, no log, and not
/// the database. What waits there for a browser's return is sealed.
#[test]
fn the_providers_tokens_go_nowhere() {
    let stage = Stage::hostile(Database::sqlite());
    stage.rig.play("honest");
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "prime", &[]);
    let waiting = stage.texts("SELECT state FROM ceremonies");
    assert!(waiting.len() == 1 && waiting[0].starts_with("sealed1:"), "{waiting:?}");
    let entered = stage.arrive(&visit, &back);
    let cookie = session(&entered).unwrap_or_else(|| panic!("{}", entered.told()));
    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    // What `hostile.mjs` gives out: an access token, and an ID token, which begins as every JWT does.
    let secret = ["for-userinfo", "eyJ", code];
    let answers = [entered, stage.get("/account", &cookie), stage.get("/api/v1/session", &cookie)];
    for answer in &answers {
        let whole = format!("{:?} {}", answer.headers, answer.text());
        assert!(!secret.iter().any(|secret| whole.contains(secret)), "{whole}");
    }
    assert!(!secret.iter().any(|secret| stage.server.log().contains(secret)), "{}", stage.server.log());
    let file = stage.register.database().url().trim_start_matches("sqlite://").trim_end_matches("?mode=rwc").to_owned();
    let bytes = ["", "-wal"].map(|end| std::fs::read(format!("{file}{end}")).unwrap_or_default()).concat();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("代表 太郎") && holds("sealed1:"), "this is the database");
    assert!(!secret.iter().any(|secret| holds(secret)));
}
