//! People whom the provider knows and this register does not admit, or no longer.

use tests::{Database, Visit, on_both};

use crate::{NUMBER, OTHER_NUMBER, Refused, Stage};

on_both!(a_changed_number_is_refused_and_changes_nothing, whoever_was_dismissed_stays_out);

const NUMBER_CHANGED: Refused =
    Refused {
        status: 403, code: "number_changed", words: "法人番号が、この登録簿ではじめに使われたときと違う"
    };

fn a_changed_number_is_refused_and_changes_nothing(database: Database) {
    let stage = Stage::honest(database);
    let session = stage.enter("moving");
    let before = stage.written();
    stage.rig.move_to("moving", OTHER_NUMBER);
    stage.assert_refused("another number", &stage.sign_in("moving"), &before, &NUMBER_CHANGED);
    assert!(stage.last_line().contains(" person/P-"), "the trail knows whose account it is");
    // What was there is not touched either: whoever has a session goes on in it.
    assert_eq!(stage.get("/applications", &session).status, 200);
    stage.rig.move_to("moving", NUMBER);
    stage.enter("moving");
    stage.register.assert_whole();
}

#[test]
fn a_number_that_comes_or_goes_has_changed() {
    for (first, then) in [("honest", "sole-proprietor"), ("sole-proprietor", "honest")] {
        let stage = Stage::hostile(Database::sqlite());
        stage.rig.play(first);
        stage.enter("prime");
        let before = stage.written();
        stage.rig.play(then);
        stage.assert_refused(then, &stage.sign_in("prime"), &before, &NUMBER_CHANGED);
    }
}

fn whoever_was_dismissed_stays_out(database: Database) {
    let stage = Stage::honest(database);
    let session = stage.enter("prime");
    let person = stage.texts("SELECT id FROM people").remove(0);
    stage.register.run(&["admin", "dismiss", &person, "--reason", "退職"]);
    assert_eq!(stage.get("/applications", &session).status, 401);
    let before = stage.written();
    let expected = Refused { status: 422, code: "sign_in", words: "サインインできません" };
    let answer = stage.sign_in("prime");
    stage.assert_refused("dismissed", &answer, &before, &expected);
    assert!(!answer.text().contains("退職"), "{}", answer.told());
    assert!(stage.last_line().ends_with(&format!(" person/{person}")), "{}", stage.last_line());
    stage.register.assert_whole();
}

/// The same subject at another provider is somebody else, though of the same organisation.
#[test]
fn a_person_is_issuer_and_subject() {
    let mut stage = Stage::hostile(Database::sqlite());
    stage.enter("prime");
    stage.server.end();
    stage.register = stage.register.with_provider(&stage.rig.issuer_of("honest"));
    stage.server = stage.register.serve();
    stage.enter("prime");
    assert_eq!(stage.texts("SELECT subject FROM identities"), ["prime", "prime"]);
    assert_eq!(stage.texts("SELECT DISTINCT person FROM identities").len(), 2);
    assert_eq!(stage.texts("SELECT id FROM organisations"), [NUMBER]);
}

#[test]
fn people_of_the_scheme_are_invited() {
    for kind in ["registration_body", "scheme_owner"] {
        let stage = Stage::honest(Database::sqlite());
        stage.register.run(&["admin", "organisation", "--kind", kind, "--name", "機関", "--id", NUMBER]);
        let before = stage.written();
        for account in ["prime", "member"] {
            let expected = Refused { status: 403, code: "by_invitation", words: "招待によって登録" };
            stage.assert_refused(kind, &stage.sign_in(account), &before, &expected);
        }
    }
}

#[test]
fn entry_is_told_why_prime_is_needed() {
    let stage = Stage::honest(Database::sqlite());
    let visit = Visit::at(&stage.client(), "/en/sign-in");
    let sent = visit.post("/en/sign-in/oidc", &[]);
    let back = stage.rig.sign_in(sent.header("location"), "entry");
    let path = back.strip_prefix(crate::BASE).expect("back here");
    let answer = stage.arrive(&visit, path);
    assert_eq!(answer.status, 403, "{}", answer.told());
    for words in ["<html lang=\"en\"", "You were not signed in", "gBizID Entry", "verified", "gBizID Member"] {
        assert!(answer.text().contains(words), "{words}: {}", answer.told());
    }
    // The address that it was told at holds the provider's answer; the page does not repeat it.
    assert!(!answer.text().contains("code=") && !answer.text().contains("state="), "{}", answer.told());
    assert!(answer.text().contains("href=\"/sign-in\""), "the other language: {}", answer.told());
}
