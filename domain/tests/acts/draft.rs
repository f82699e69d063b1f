//! Drafts: who keeps them, and that nobody's text is lost to somebody else's.

use domain::act::Role;
use domain::authority::Denial;
use domain::calendar::Instant;
use domain::draft::{CHARACTERS, Draft, MOST, Refusal, Typed, typed};

use crate::world::*;

fn of(pairs: &[(&str, &str)]) -> Typed {
    typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn after(seconds: u32) -> Instant {
    at(NOW).plus_seconds(seconds)
}

fn begun(pairs: &[(&str, &str)]) -> Draft {
    let owner = APPLICANT.parse().expect("an id");
    Draft::begin("D-1".parse().expect("an id"), owner, 0, of(pairs), None, &applicant(), after(0)).expect("it may")
}

fn value(draft: &Draft, name: &str) -> Vec<String> {
    draft.fields.iter().find(|field| field.name == name).map(|field| field.values.clone()).unwrap_or_default()
}

const WHOLE: &[&str] = &[""];

#[test]
fn a_save_keeps_everything_as_typed() {
    let draft = begun(&[("/provider/tradeName", "大阪")]);
    let saved = draft.save(
        &["/provider"],
        of(&[("/provider/tradeName", "  ９９円 \u{3000}"), ("csrf", "x")]),
        1,
        &applicant(),
        after(9),
    );
    let saved = saved.expect("nothing stands against it");
    assert_eq!((saved.version, saved.saved_at), (2, after(9)));
    assert_eq!(saved.typed(), [("/provider/tradeName".to_owned(), "  ９９円 \u{3000}".to_owned())]);
}

#[test]
fn a_save_touches_the_places_it_names_and_no_others() {
    let draft = begun(&[
        ("/provider/tradeName", "a"),
        ("/providers", "b"),
        ("/service/regions", "27"),
        ("/service/regions", "28"),
    ]);
    let saved =
        draft.save(&["/provider", "/service/regions"], of(&[("/service/regions", "13")]), 1, &applicant(), after(1));
    let saved = saved.expect("nothing stands against it");
    assert_eq!(value(&saved, "/provider/tradeName"), Vec::<String>::new());
    assert_eq!(value(&saved, "/providers"), ["b"], "its name only begins like the place");
    assert_eq!(value(&saved, "/service/regions"), ["13"]);
}

/// Saving what is there already changes no version, and still counts as having been there.
#[test]
fn the_same_again_is_no_change() {
    let pairs = [("/service/name", "a"), ("/service/summary", "")];
    let saved = begun(&pairs[..1]).save(WHOLE, of(&pairs), 1, &applicant(), after(60)).expect("it may");
    assert_eq!((saved.version, saved.saved_at), (1, after(60)));
    assert!(saved.kept_until() > saved.saved_at.day());
}

#[test]
fn of_two_who_write_at_once_neither_loses_a_word() {
    let draft = begun(&[("/service/name", "a"), ("/service/summary", "s"), ("/helpDesk/hours", "h")]);
    let first =
        draft.save(&["/service"], of(&[("/service/name", "b"), ("/service/summary", "s")]), 1, &applicant(), after(1));
    let first = first.expect("it is the newest");
    // Elsewhere, and the same change: both are taken, though the version was read before.
    let other = first
        .clone()
        .save(&["/helpDesk"], of(&[("/helpDesk/hours", "9-17")]), 1, &applicant(), after(2))
        .expect("apart");
    assert_eq!(
        (value(&other, "/service/name"), value(&other, "/helpDesk/hours")),
        (vec!["b".to_owned()], vec!["9-17".to_owned()])
    );
    let same = other.clone().save(
        &["/service"],
        of(&[("/service/name", "b"), ("/service/summary", "s2")]),
        1,
        &applicant(),
        after(3),
    );
    assert_eq!(value(&same.expect("the same change"), "/service/summary"), ["s2"]);
    // The same field, to something else: nothing is saved, and it is told which.
    let refused = other.clone().save(
        &["/service"],
        of(&[("/service/name", "c"), ("/service/summary", "s2")]),
        1,
        &applicant(),
        after(3),
    );
    assert_eq!(refused, Err(Refusal::Changed { read: 1, found: 3, names: vec!["/service/name".to_owned()] }));
    // Emptying is a change like any other.
    let emptied = other.save(&["/service"], Typed::new(), 3, &applicant(), after(4)).expect("it is the newest");
    let refused = emptied.save(&["/service/name"], of(&[("/service/name", "c")]), 3, &applicant(), after(5));
    assert!(matches!(refused, Err(Refusal::Changed { .. })), "{refused:?}");
}

#[test]
fn drafts_are_for_those_who_may_apply() {
    let draft = begun(&[]);
    for nobody in [first(), secretary(), decider(), rival()] {
        assert!(draft.open_to(&nobody, after(1)).is_err());
        assert!(matches!(draft.clone().save(WHOLE, Typed::new(), 1, &nobody, after(1)), Err(Refusal::Denied(_))));
    }
    assert_eq!(draft.open_to(&rival(), after(1)), Err(Denial::NotOwner));
    assert_eq!(draft.open_to(&applicant(), after(1)), Ok(()));
    // An agent, as long as their day has not passed.
    let mut agent = actor("P-AGENT", Role::DelegatedAgent, APPLICANT);
    for (until, may) in [(after(1).day(), true), (after(1).day().previous(), false)] {
        agent.memberships[0].until = Some(until);
        assert_eq!(draft.open_to(&agent, after(1)).is_ok(), may, "{until}");
    }
}

#[test]
fn there_are_limits() {
    let owner = || APPLICANT.parse().expect("an id");
    let id = || "D-1".parse().expect("an id");
    let refused = Draft::begin(id(), owner(), MOST, Typed::new(), None, &applicant(), after(0));
    assert_eq!(refused, Err(Refusal::TooMany));
    let long = "長".repeat(CHARACTERS);
    let refused = begun(&[]).save(WHOLE, of(&[("/a", &long)]), 1, &applicant(), after(1));
    assert!(matches!(refused, Err(Refusal::TooLarge { fields: 1, .. })), "{refused:?}");
}

#[test]
fn only_a_return_is_answered() {
    let id = || "D-1".parse().expect("an id");
    let submitted = submitted();
    let refused = Draft::answer(id(), &submitted, 0, Typed::new(), &applicant(), after(9));
    assert_eq!(refused, Err(Refusal::NotReturned { found: "submitted" }));
    let returned = returned();
    let draft = Draft::answer(id(), &returned, 0, Typed::new(), &applicant(), after(9)).expect("it may be");
    assert_eq!((draft.answers, draft.source), (Some(returned.id), None));
}
