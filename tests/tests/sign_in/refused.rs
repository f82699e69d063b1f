//! Returns from the provider that sign nobody in, one a row; and departures that do not take place.

use tests::{Answer, Database, Register, Visit};

use crate::{BASE, Refused, Stage, session, with};

/// A row: what is tried, and how it ends.
struct Case {
    what: &'static str,
    play: fn(&Stage) -> Answer,
    refused: Refused,
}

fn case(what: &'static str, play: fn(&Stage) -> Answer, status: u16, code: &'static str, words: &'static str) -> Case {
    Case { what, play, refused: Refused { status, code, words } }
}

const GONE: &str = "サインインの途中で時間が過ぎたか、別の画面で始められています";
const AGAIN: &str = "サインインの手続きが途中で切れた";
const UNVERIFIED: &str = "GビズIDからの応答を確かめられなかった";
const SILENT: &str = "GビズIDから応答がありません";

fn returns() -> Vec<Case> {
    vec![
        case(
            "a state that nobody was sent off with",
            |stage| changed(stage, "state", Some("guessed")),
            422,
            "sign_in_gone",
            GONE,
        ),
        case("no state", |stage| changed(stage, "state", None), 422, "sign_in_gone", GONE),
        case("an empty state", |stage| changed(stage, "state", Some("")), 422, "sign_in_gone", GONE),
        case("two states", two_states, 422, "sign_in_gone", GONE),
        case("another visit's state", another_state, 422, "sign_in_gone", GONE),
        case("somebody else's return (login CSRF)", another_browser, 422, "sign_in_gone", GONE),
        case("a browser without its cookie", no_cookie, 422, "sign_in_gone", GONE),
        case("the same return twice", twice, 422, "sign_in_gone", GONE),
        case("a return after a refused one", after_refused, 422, "sign_in_gone", GONE),
        case("a return after ten minutes", late, 422, "sign_in_gone", GONE),
        case(
            "nothing but the address",
            |stage| stage.client().get("/sign-in/oidc/callback").send(),
            422,
            "sign_in_gone",
            GONE,
        ),
        case("an error with an invented state", invented_error, 422, "sign_in_gone", GONE),
        case(
            "the person says no",
            |stage| stage.sign_in("nobody"),
            422,
            "oidc_denied",
            "GビズIDでのサインインが取りやめられました",
        ),
        case("no code", |stage| changed(stage, "code", None), 422, "oidc_malformed", UNVERIFIED),
        case("a guessed code", |stage| changed(stage, "code", Some("guessed")), 422, "oidc_code", AGAIN),
        case("a code of another sign-in", another_code, 422, "oidc_code", AGAIN),
        case(
            "another issuer's return (mix-up)",
            |stage| changed(stage, "iss", Some("https://other.example/")),
            422,
            "oidc_issuer",
            UNVERIFIED,
        ),
        case(
            "gBizIDエントリー",
            |stage| stage.sign_in("entry"),
            403,
            "oidc_entry",
            "書類審査などの本人確認を経たgBizIDプライム",
        ),
        case(
            "a sole proprietor's member",
            |stage| stage.sign_in("clerk"),
            403,
            "no_organisation",
            "事業主本人のgBizIDプライム",
        ),
    ]
}

/// A return with something of its address changed.
fn changed(stage: &Stage, name: &str, value: Option<&str>) -> Answer {
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "member", &[]);
    stage.arrive(&visit, &with(&back, name, value))
}

fn two_states(stage: &Stage) -> Answer {
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "member", &[]);
    stage.arrive(&visit, &format!("{back}&state=guessed"))
}

/// The attacker's code with the state of the victim's own sign-in would need that state; theirs does not do.
fn another_state(stage: &Stage) -> Answer {
    let [mine, theirs] = [(); 2].map(|()| Visit::new(&stage.server));
    stage.go(&mine, "member", &[]);
    let back = stage.go(&theirs, "member", &[]);
    stage.arrive(&mine, &back)
}

fn another_browser(stage: &Stage) -> Answer {
    let (attacker, victim) = (Visit::new(&stage.server), Visit::new(&stage.server));
    let back = stage.go(&attacker, "member", &[]);
    stage.arrive(&victim, &back)
}

fn no_cookie(stage: &Stage) -> Answer {
    let back = stage.go(&Visit::new(&stage.server), "member", &[]);
    stage.client().get(&back).send()
}

/// The first time nobody is enrolled either, so that a second time could do harm.
fn twice(stage: &Stage) -> Answer {
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "entry", &[]);
    assert_eq!(stage.arrive(&visit, &back).status, 403);
    stage.arrive(&visit, &back)
}

fn after_refused(stage: &Stage) -> Answer {
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "member", &[]);
    assert_eq!(stage.arrive(&visit, &with(&back, "code", Some("guessed"))).status, 422);
    stage.arrive(&visit, &back)
}

fn late(stage: &Stage) -> Answer {
    let visit = Visit::new(&stage.server);
    let back = stage.go(&visit, "member", &[]);
    let sql = stage.register.database().sql();
    let until = stage.texts("SELECT MAX(expires_at) FROM ceremonies").remove(0);
    let until: domain::calendar::Instant = until.parse().expect("an instant");
    assert!((595..=600).contains(&(until.unix() - api::clock::now().unix())), "it is good for ten minutes");
    sql.execute(&format!("UPDATE ceremonies SET expires_at = '{}'", api::clock::now()));
    stage.arrive(&visit, &back)
}

fn invented_error(stage: &Stage) -> Answer {
    stage.arrive(&Visit::new(&stage.server), "/sign-in/oidc/callback?error=access_denied&state=guessed")
}

fn another_code(stage: &Stage) -> Answer {
    let [mine, theirs] = [(); 2].map(|()| Visit::new(&stage.server));
    let [own, stolen] = [&mine, &theirs].map(|visit| stage.go(visit, "member", &[]));
    let code = stolen.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).expect("a code");
    stage.arrive(&mine, &with(&own, "code", Some(code)))
}

#[test]
fn a_return_that_is_none_signs_nobody_in() {
    let stage = Stage::honest(Database::sqlite());
    let known = stage.enter("prime");
    let before = stage.written();
    for Case { what, play, refused } in returns() {
        stage.assert_refused(what, &play(&stage), &before, &refused);
    }
    assert_eq!(stage.get("/applications", &known).status, 200, "whoever was signed in still is");
    stage.enter("member");
    stage.register.assert_whole();
}

/// What the provider itself may get wrong, from outside; all of it is told apart in `tests/oidc`.
const LIES: [(&str, &str, &str); 14] = [
    ("nonce-other", "oidc_nonce", UNVERIFIED),
    ("nonce-missing", "oidc_nonce", UNVERIFIED),
    ("signature-by-another-key", "oidc_signature", UNVERIFIED),
    ("claims-altered", "oidc_signature", UNVERIFIED),
    ("algorithm-none", "oidc_algorithm", UNVERIFIED),
    ("token-issuer-other", "oidc_issuer", UNVERIFIED),
    ("audience-other", "oidc_audience", UNVERIFIED),
    ("azp-other", "oidc_authorised_party", UNVERIFIED),
    ("expired", "oidc_expired", UNVERIFIED),
    ("issued-later", "oidc_not_yet_valid", UNVERIFIED),
    ("userinfo-subject-other", "oidc_subject", UNVERIFIED),
    ("number-wrong", "oidc_malformed", UNVERIFIED),
    ("token-fails", "oidc_unreachable", SILENT),
    ("userinfo-fails", "oidc_unreachable", SILENT),
];

#[test]
fn a_provider_that_lies_signs_nobody_in() {
    let stage = Stage::hostile(Database::sqlite());
    // The keys are known from here on, so that a scenario about something else does not depend on them.
    let known = stage.enter("prime");
    let before = stage.written();
    for (scenario, code, words) in LIES {
        stage.rig.play(scenario);
        stage.assert_refused(scenario, &stage.sign_in("prime"), &before, &Refused { status: 422, code, words });
    }
    stage.rig.play("number-missing");
    let expected = Refused { status: 403, code: "oidc_no_number", words: "法人番号が登録されていません" };
    stage.assert_refused("number-missing", &stage.sign_in("prime"), &before, &expected);
    assert_eq!(stage.get("/applications", &known).status, 200);
    stage.rig.play("honest");
    stage.enter("prime");
    // None of it is in the log of the process: no code, token, name or number.
    let log = stage.server.log();
    for secret in ["for-userinfo", "代表", crate::NUMBER, "eyJ"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(log.contains("the ID token's nonce is not this browser's"), "{log}");
}

/// A forged return takes nothing from whoever is on the way.
#[test]
fn a_forged_return_uses_nothing_up() {
    let stage = Stage::honest(Database::sqlite());
    let visit = Visit::new(&stage.server);
    let one = stage.go(&visit, "prime", &[]);
    let other = stage.go(&visit, "prime", &[]);
    for forged in [with(&one, "state", Some("guessed")), with(&one, "state", None)] {
        assert_eq!(stage.arrive(&visit, &forged).status, 422);
    }
    // Two windows of one browser: each comes back by itself.
    for path in [one, other] {
        assert!(session(&stage.arrive(&visit, &path)).is_some(), "{path}");
    }
}

#[test]
fn a_departure_takes_our_own_form() {
    let stage = Stage::honest(Database::sqlite());
    let visit = Visit::new(&stage.server);
    let client = stage.client();
    let ours = ("sec-fetch-site", "same-origin");
    let token = visit.csrf.as_str();
    for (what, site, cookie, csrf) in [
        ("another site's form", ("sec-fetch-site", "cross-site"), visit.cookie.as_str(), token),
        ("nobody's form", ("x-nothing", "-"), visit.cookie.as_str(), token),
        ("a form without its token", ours, visit.cookie.as_str(), ""),
        ("a form of another visit", ours, visit.cookie.as_str(), &Visit::new(&stage.server).csrf),
        ("a form without its cookie", ours, "a=b", token),
    ] {
        let ask = client.ask("POST", "/sign-in/oidc").header(site.0, site.1).header("cookie", cookie);
        let answer = ask.form(&[("csrf", csrf)]).send();
        assert_eq!(answer.status, 403, "{what}: {}", answer.told());
        assert!(answer.header("location").is_empty(), "{what}");
    }
    assert_eq!(stage.texts("SELECT state FROM ceremonies"), [""; 0]);
    assert_eq!(client.get("/sign-in/oidc").send().status, 405, "a link begins nothing");
}

#[test]
fn a_provider_that_is_not_there_is_told_of_at_once() {
    let register = Register::at(Database::sqlite(), BASE).with_provider("http://127.0.0.1:1/oauth/");
    let server = register.serve();
    let sent = Visit::new(&server).post("/sign-in/oidc", &[("next", "/account")]);
    assert_eq!((sent.status, sent.header("location")), (422, ""), "{}", sent.told());
    assert!(sent.text().contains(SILENT), "{}", sent.told());
    assert!(sent.text().contains("name=\"next\" value=\"/account\""), "where to go is kept: {}", sent.told());
    let trail = register.database().sql().texts("SELECT detail FROM trail WHERE what = 'sign_in'");
    assert_eq!(trail, ["oidc_unreachable"]);
}
