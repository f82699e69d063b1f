//! How old a sign-in is: as old as the provider says that the person was asked.

use tests::{Database, Visit};

use crate::{Stage, session};

/// Does what only a sign-in of the last five minutes may.
fn renew_codes(stage: &Stage, session: &str) -> u16 {
    let page = stage.get("/account", session);
    assert_eq!(page.status, 200, "{}", page.told());
    let csrf = page.text().split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = [("csrf", csrf.expect("its forms carry a token"))];
    let ask = stage.client();
    let ask = ask.ask("POST", "/account/codes").header("cookie", session).header("sec-fetch-site", "same-origin");
    let answer = ask.form(&form).send();
    let wants_more = answer.text().contains("5分以内のサインインが必要です");
    assert_eq!(answer.status == 403, wants_more, "{}", answer.told());
    answer.status
}

#[test]
fn what_the_provider_remembers_is_not_fresh() {
    let stage = Stage::hostile(Database::sqlite());
    for (scenario, expected) in [("honest", 200), ("authenticated-long-ago", 403), ("authenticated-untold", 403)] {
        stage.rig.play(scenario);
        let session = stage.enter("prime");
        assert_eq!(renew_codes(&stage, &session), expected, "{scenario}");
    }
}

#[test]
fn signing_in_again_asks_the_person() {
    let stage = Stage::hostile(Database::sqlite());
    stage.rig.play("authenticated-long-ago");
    let old = stage.enter("prime");
    let mut visit = Visit::new(&stage.server);
    assert!(!stage.depart(&visit, &[]).contains("prompt="), "whoever only signs in is not asked twice");
    visit.cookie = format!("{}; {old}", visit.cookie);
    stage.rig.play("honest");
    let url = stage.depart(&visit, &[]);
    assert!(url.contains("prompt=login") && url.contains("max_age=300"), "{url}");
    let back = stage.rig.sign_in(&url, "prime");
    let answer = stage.arrive(&visit, back.strip_prefix(crate::BASE).expect("back here"));
    let new = session(&answer).unwrap_or_else(|| panic!("{}", answer.told()));
    assert_eq!(renew_codes(&stage, &new), 200);
}

/// A provider that keeps to the rules takes the question. That it asks though it remembers, `browser` shows.
#[test]
fn an_honest_provider_says_when_it_asked() {
    let stage = Stage::honest(Database::sqlite());
    let old = stage.enter("prime");
    assert_eq!(renew_codes(&stage, &old), 200, "it says when it asked");
    let mut visit = Visit::new(&stage.server);
    visit.cookie = format!("{}; {old}", visit.cookie);
    let back = stage.go(&visit, "prime", &[]);
    let answer = stage.arrive(&visit, &back);
    let new = session(&answer).unwrap_or_else(|| panic!("{}", answer.told()));
    assert_eq!(renew_codes(&stage, &new), 200);
}
