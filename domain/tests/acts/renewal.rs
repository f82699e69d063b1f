//! Renewal to the day: when it can be applied for, what holds while nobody has decided, and where the next term begins.

use domain::act::{Act, Deed, Verdict};
use domain::application::ObjectionOutcome;
use domain::authority::Denial;
use domain::calendar::{Day, Instant, Period};
use domain::declaration::Class;
use domain::registration::{FilingOutcome, MeasureKind, OnDay, Refusal, Registration, Status, Window};
use domain::settings::Settings;
use proptest::prelude::*;

use crate::world::{self, RENEWING, at, day};

const ID: &str = "A-2027-00001";

/// Registered from 2026-05-01 to 2028-04-30, its renewal filed at this instant.
fn filed(now: &str) -> (Registration, domain::application::Application) {
    let (state, application, _) = world::filed(world::registered(), ID, at(now)).expect("filed");
    (state, application)
}

/// The same, failed at `now`.
fn failed(registration: Registration, application: domain::application::Application, now: &str) -> Registration {
    let (state, done) = world::judged(application, world::fail(), at(now));
    registration.follow(&state, &done).expect("it follows").0
}

/// Filing from the first day of the window to the last of the term; in time until its due day.
#[test]
fn the_window_to_the_second() {
    let window = world::registered().renewal_window(Settings::bundled());
    let expected = Window { opens: day("2027-08-30"), due: day("2027-12-30"), closes: day("2028-04-30") };
    assert_eq!(window, expected);
    for (now, outcome) in [
        ("2027-08-29T14:59:59Z", None),
        ("2027-08-29T15:00:00Z", Some(Some("2028-11-01"))), // midnight in Japan
        ("2027-12-30T14:59:59Z", Some(Some("2028-11-01"))),
        ("2027-12-30T15:00:00Z", Some(None)), // late: nothing holds behind the term
        ("2028-04-30T14:59:59Z", Some(None)),
    ] {
        let filed = world::filed(world::registered(), ID, at(now)).map(|(state, ..)| state.filings[0].holds_until);
        let expected = match outcome {
            Some(until) => Ok(until.map(day)),
            None => Err(Refusal::OutsideWindow { window, today: at(now).day() }),
        };
        assert_eq!(filed, expected, "{now}");
    }
    let lapsed = world::filed(world::registered(), ID, at("2028-04-30T15:00:00Z")).map(drop);
    assert_eq!(lapsed, Err(Refusal::Status { found: "lapsed", needed: "valid, suspended" }));
}

/// Terms that begin or end where months differ.
#[test]
fn windows_of_odd_terms() {
    for (from, opens, due, closes) in [
        ("2028-02-29", "2029-06-28", "2029-10-28", "2030-02-28"),
        ("2026-03-01", "2027-06-29", "2027-10-29", "2028-02-29"),
        ("2027-01-01", "2028-04-30", "2028-08-31", "2028-12-31"),
        ("2026-11-01", "2028-02-29", "2028-06-30", "2028-10-31"),
    ] {
        let window = Window::of(Period::of_years(day(from), 2), Settings::bundled());
        assert_eq!(window, Window { opens: day(opens), due: day(due), closes: day(closes) }, "from {from}");
    }
}

#[test]
fn who_may_not_file_is_refused() {
    let now = at(RENEWING);
    let scheme = Settings::bundled();
    let (state, first) = filed(RENEWING);
    let again = world::filed(state.clone(), "A-2027-00002", now).map(drop);
    assert_eq!(again, Err(Refusal::Filed { application: first.id.clone() }), "one at a time");
    let by_another = world::registered().file(&first, scheme, &world::rival(), now).map(drop);
    assert!(matches!(by_another, Err(Refusal::Denied(Denial::NotOwner))), "{by_another:?}");
    let other = Registration { number: "OTK-2026-00002".parse().expect("a number"), ..world::registered() };
    assert_eq!(other.file(&first, scheme, &world::applicant(), now).map(drop), Err(Refusal::NotFiled));
    let new = world::registered().file(&world::submitted(), scheme, &world::applicant(), now).map(drop);
    assert_eq!(new, Err(Refusal::NotFiled), "an application for a new service concerns none");
    let mut two = world::renewal_of(&world::registered(), ID, now);
    two.declaration.service.class = Class::Two;
    let refused = world::registered().file(&two, scheme, &world::applicant(), now).map(drop);
    assert_eq!(refused, Err(Refusal::OtherClass { registered: Class::One }));
    let revoked = world::revoked(world::registered(), now);
    let refused = world::filed(revoked, ID, now).map(drop);
    assert_eq!(refused, Err(Refusal::Status { found: "revoked", needed: "valid, suspended" }));
    let suspended = world::suspended(world::registered(), now);
    assert!(world::filed(suspended, ID, now).is_ok(), "what is suspended can be renewed");
}

/// What holds around the end of the term, by what became of the renewal.
#[test]
fn what_holds_behind_the_term() {
    let (undecided, application) = filed(RENEWING);
    let late = filed("2028-01-15T00:00:00Z").0;
    let withdrawn = {
        let done = application.clone().withdraw(String::new(), &world::applicant(), at("2028-06-10T03:00:00Z"));
        let (state, act) = done.expect("withdrawn");
        undecided.clone().follow(&state, &act).expect("it follows").0
    };
    let failed_early = failed(undecided.clone(), application.clone(), "2028-02-01T03:00:00Z");
    let failed_behind = failed(undecided.clone(), application, "2028-06-10T03:00:00Z");
    for (instant, by_undecided, by_late, by_early, by_behind) in [
        ("2028-04-30T14:59:59Z", "valid", "valid", "valid", "valid"),
        ("2028-04-30T15:00:00Z", "valid", "lapsed", "lapsed", "valid"),
        ("2028-06-10T03:00:00Z", "valid", "lapsed", "lapsed", "valid"),
        ("2028-06-10T14:59:59Z", "valid", "lapsed", "lapsed", "valid"),
        ("2028-06-10T15:00:00Z", "valid", "lapsed", "lapsed", "lapsed"), // the midnight behind the decision
        ("2028-10-31T14:59:59Z", "valid", "lapsed", "lapsed", "lapsed"),
        ("2028-10-31T15:00:00Z", "lapsed", "lapsed", "lapsed", "lapsed"), // six months
        ("2040-01-01T00:00:00Z", "lapsed", "lapsed", "lapsed", "lapsed"),
    ] {
        for (name, state, expected) in [
            ("undecided", &undecided, by_undecided),
            ("late", &late, by_late),
            ("failed early", &failed_early, by_early),
            ("failed behind", &failed_behind, by_behind),
            ("withdrawn behind", &withdrawn, by_behind),
        ] {
            assert_eq!(state.status(at(instant)).as_str(), expected, "{name} at {instant}");
            let is_behind = at("2028-04-30T15:00:00Z") <= at(instant);
            let extended = state.extension(at(instant)).map(|extension| extension.term.last_day());
            let is_extended = is_behind && expected == "valid";
            assert_eq!(extended, is_extended.then(|| day("2028-04-30")), "{name} at {instant}");
        }
    }
    let end = at("2028-10-31T15:00:00Z");
    assert_eq!(undecided.status(end), Status::Lapsed { since: end });
    assert_eq!(undecided.changes_by_itself(at(RENEWING)), Some(end), "not at the end of the term");
    assert_eq!(failed_early.changes_by_itself(at("2028-02-02T00:00:00Z")), Some(at("2028-04-30T15:00:00Z")));
}

/// A measure outweighs it as it does within the term.
#[test]
fn a_measure_holds_behind_the_term_too() {
    let behind = at("2028-06-01T03:00:00Z");
    let suspended = world::suspended(filed(RENEWING).0, behind);
    assert_eq!(suspended.status(behind).as_str(), "suspended");
    assert_eq!(suspended.status(at("2028-10-31T15:00:00Z")).as_str(), "lapsed");
    assert_eq!(world::revoked(suspended, behind).status(at("2028-12-01T00:00:00Z")).as_str(), "revoked");
}

/// Where the next term begins: where the last one ends, or behind today once it lapsed.
#[test]
fn the_next_term_begins_where_it_must() {
    let exact = |from| Refusal::TermBegins { from: day(from), earliest: day("2028-05-01"), is_exact: true };
    let (state, application) = filed(RENEWING);
    for (now, from, expected) in [
        ("2028-02-01T00:00:00Z", "2028-05-01", Ok(())),
        ("2028-02-01T00:00:00Z", "2028-04-30", Err(exact("2028-04-30"))),
        ("2028-02-01T00:00:00Z", "2028-05-02", Err(exact("2028-05-02"))),
        ("2028-10-31T14:59:59Z", "2028-05-01", Ok(())), // it went on until now
        ("2028-10-31T14:59:59Z", "2028-11-01", Err(exact("2028-11-01"))),
        (
            "2028-10-31T15:00:00Z",
            "2028-11-01",
            Err(Refusal::TermBegins { from: day("2028-11-01"), earliest: day("2028-11-02"), is_exact: false }),
        ),
        ("2028-10-31T15:00:00Z", "2028-11-02", Ok(())),
        ("2028-10-31T15:00:00Z", "2029-11-01", Ok(())),
        ("2028-10-31T15:00:00Z", "2029-11-02", Err(Refusal::TooFarAhead { from: day("2029-11-02") })),
    ] {
        let (passed, _) = world::judged(application.clone(), world::pass(), at("2028-02-01T00:00:00Z"));
        let renewed = world::renew(state.clone(), &passed, from, at(now));
        assert_eq!(renewed.map(drop), expected, "from {from} at {now}");
    }
}

/// Renewed in the sixth month behind the term: no instant lies between, the number stays, the count rises, and what was
/// said of the days before stays as it was said.
#[test]
fn a_term_that_is_entered_late_leaves_no_gap() {
    let (state, application) = filed(RENEWING);
    let now = at("2028-10-20T01:00:00Z");
    let asked = day("2028-06-01");
    let before = state.on_day(asked, now).expect("a day that is over");
    assert_eq!((before.status.as_str(), before.is_extended, before.term), ("valid", true, Some(state.terms[0])));
    assert_eq!(before.known_since, at(RENEWING));
    let (passed, _) = world::judged(application.clone(), world::pass(), now);
    let (renewed, act) = world::renew(state.clone(), &passed, "2028-05-01", now).expect("renewed");
    assert_eq!(renewed.number, state.number);
    assert_eq!(renewed.terms[1], Period::of_years(day("2028-05-01"), 2));
    assert!(matches!(act.deed, Deed::Renewed { .. }));
    assert_eq!(renewed.on_day(asked, now), Ok(before));
    let mut instant = at("2026-05-01T00:00:00Z");
    while instant < at("2030-04-30T14:59:59Z") {
        assert_eq!(renewed.status(instant), Status::Valid, "{instant}");
        instant = instant.plus_seconds(3_601);
    }
    let today = renewed.on_day(now.day(), now).expect("today");
    assert_eq!((today.term, today.is_extended, today.known_since), (Some(renewed.terms[1]), false, now));
    assert_eq!(renewed.extension(now), None);
    assert_eq!(renewed.changes_by_itself(now), Some(at("2030-04-30T15:00:00Z")));
    assert_eq!((renewed.term_number(day("2028-04-30")), renewed.term_number(day("2028-05-01"))), (1, 2));
    assert_eq!((renewed.judged_on(), &renewed.application), (&application.id, &state.application));
    assert_eq!((renewed.judged_whole_on(), state.judged_whole_on()), (&application.id, &state.application));
    assert!(renewed.entered().eq([&state.application, &application.id]) && state.entered().eq([&state.application]));
    assert!(renewed.is_from(&application.id) && renewed.is_from(&state.application));
}

#[test]
fn only_what_passed_and_is_filed_is_renewed() {
    let (state, application) = filed(RENEWING);
    let now = at("2028-02-01T00:00:00Z");
    let renew =
        |state: &Registration, application: &_| world::renew(state.clone(), application, "2028-05-01", now).map(drop);
    assert_eq!(renew(&state, &application), Err(Refusal::NotPassed));
    let (passed, _) = world::judged(application.clone(), world::pass(), now);
    let first = world::decided(world::pass());
    assert_eq!(renew(&world::registered(), &passed), Err(Refusal::NotFiled));
    assert_eq!(renew(&state, &first), Err(Refusal::NotFiled), "the first application");
    let revoked = world::revoked(state.clone(), now);
    let status = Refusal::Status { found: "revoked", needed: "valid, suspended, lapsed" };
    assert_eq!(renew(&revoked, &passed), Err(status));
    let (renewed, _) = world::renew(state.clone(), &passed, "2028-05-01", now).expect("renewed");
    assert_eq!(renew(&renewed, &passed), Err(Refusal::NotFiled), "once");
    let by_examiner = state.renew(&passed, day("2028-05-01"), 2, &world::first(), now).map(drop);
    assert!(matches!(by_examiner, Err(Refusal::Denied(_))));
    // It has a registration: it does not get another one.
    let number = world::registered().number;
    let entered = world::register(&passed, "2028-05-01", &world::secretary(), "2028-02-01T00:00:00Z").map(drop);
    assert_eq!(entered, Err(Refusal::Concerns { number }.into()));
}

/// An objection to the fail that is upheld files it again; what had held holds on only where it never ceased.
#[test]
fn an_upheld_objection_files_it_again() {
    for (decided, heard, holds) in [
        ("2028-06-10T03:00:00Z", "2028-06-10T14:59:58Z", true),
        ("2028-06-10T03:00:00Z", "2028-06-11T03:00:00Z", false),
        ("2028-04-20T03:00:00Z", "2028-04-25T03:00:00Z", true),
        ("2028-04-20T03:00:00Z", "2028-05-15T03:00:00Z", false),
    ] {
        let (state, application) = filed(RENEWING);
        let (failed, done) = world::judged(application, world::fail(), at(decided));
        let state = state.follow(&failed, &done).expect("it follows").0;
        let (reason, now) = (world::REASON.to_owned(), at(heard));
        let objected =
            failed.object_to_decision(reason.clone(), Vec::new(), &world::applicant(), now).expect("objected").0;
        let [first, second] = world::hearers();
        let proposed =
            objected.propose_on_objection(world::proposal_id(), ObjectionOutcome::Upheld, reason, &first, now);
        let (heard_on, done) = objected.decide_objection(&proposed.expect("proposed").0, &second, now).expect("upheld");
        let (again, act) = state.clone().follow(&heard_on, &done).expect("it follows");
        assert!(matches!(&act.deed, Deed::Filed { holds_until, .. } if holds_until.is_some() == holds), "{heard}");
        assert_eq!(
            again.status(now).as_str(),
            if holds || heard < "2028-04-30" { "valid" } else { "lapsed" },
            "{heard}"
        );
        let later = at("2028-06-20T00:00:00Z");
        assert_eq!(again.status(later).as_str(), if holds { "valid" } else { "lapsed" }, "{heard}");
        assert_eq!(again.filings.len(), 2);
    }
}

/// A dismissed objection, a pass, a question: nothing follows.
#[test]
fn nothing_follows_from_other_acts() {
    let (state, application) = filed(RENEWING);
    let (passed, done) = world::judged(application.clone(), world::pass(), at(RENEWING));
    assert_eq!(state.clone().follow(&passed, &done), None);
    let (accepted, done) = application
        .accept(&world::examiners(), Settings::bundled(), &world::secretary(), at(RENEWING))
        .expect("accepted");
    assert_eq!(state.clone().follow(&accepted, &done), None);
    let (other, done) = world::submitted().withdraw(String::new(), &world::applicant(), at(RENEWING)).expect("done");
    assert_eq!(state.follow(&other, &done), None, "another application's");
}

/// A provider cannot settle a proposal to suspend by filing something meanwhile.
#[test]
fn a_filing_settles_no_proposal() {
    let now = at(RENEWING);
    let before = world::registered();
    let suspend = MeasureKind::Suspended;
    let proposed = before.propose(
        world::proposal_id(),
        suspend,
        world::REASON.to_owned(),
        world::plan(suspend, now),
        &world::secretary(),
        now,
    );
    let (proposal, _) = proposed.expect("proposed");
    let (filed, application, _) = world::filed(before, ID, now).expect("filed");
    let (state, done) = application.withdraw(String::new(), &world::applicant(), now).expect("withdrawn");
    let withdrawn = filed.clone().follow(&state, &done).expect("it follows").0;
    for state in [filed, withdrawn] {
        assert!(state.take(&proposal, &world::other_secretary(), now).is_ok());
    }
}

/// What may happen next to a registration.
#[derive(Clone, Debug)]
enum Turn {
    File,
    Withdraw,
    Decide(Verdict),
    Renew(i32),
    Measure(MeasureKind),
    Wait,
}

fn turns() -> impl Strategy<Value = Vec<(u32, Turn, Vec<i32>)>> {
    use MeasureKind::{Reinstated, Revoked, Suspended};
    let measure = prop_oneof![4 => Just(Suspended), 6 => Just(Reinstated), 1 => Just(Revoked)];
    let verdict = prop_oneof![4 => Just(Verdict::Pass), 1 => Just(Verdict::Fail)];
    let turn = prop_oneof![
        6 => Just(Turn::File),
        1 => Just(Turn::Withdraw),
        4 => verdict.prop_map(Turn::Decide),
        4 => prop_oneof![3 => Just(0), 1 => 0..60i32].prop_map(Turn::Renew),
        2 => measure.prop_map(Turn::Measure),
        4 => Just(Turn::Wait),
    ];
    let wait = prop_oneof![1 => 0..3u32, 2 => 0..1_000_000u32, 3 => 0..15_000_000u32];
    let days = prop::collection::vec(prop_oneof![3 => 1..4i32, 2 => 1..400i32], 1..4);
    prop::collection::vec((wait, turn, days), 1..40)
}

/// A registration over the years, and what it told on the way: about days that were over, and about the instants.
struct Lived {
    state: Registration,
    days: Vec<(Day, OnDay)>,
    instants: Vec<(Instant, Status)>,
    now: Instant,
    acts: Vec<Act>,
}

fn live(turns: Vec<(u32, Turn, Vec<i32>)>) -> Lived {
    let (mut state, mut now) = (world::registered(), at(world::DECIDED));
    let (mut days, mut instants, mut acts, mut application) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (place, (wait, turn, asked)) in turns.into_iter().enumerate() {
        now = now.plus_seconds(wait);
        let done = match (turn, application.clone()) {
            (Turn::File, _) => world::filed(state.clone(), &format!("A-2027-{place:05}"), now).ok().map(|filed| {
                application = Some(filed.1);
                (filed.0, filed.2)
            }),
            (Turn::Withdraw, Some(open)) => open.withdraw(String::new(), &world::applicant(), now).ok().and_then(
                |(withdrawn, act): (domain::application::Application, Act)| {
                    let followed = state.clone().follow(&withdrawn, &act);
                    application = Some(withdrawn);
                    followed
                },
            ),
            (Turn::Decide(verdict), Some(open)) if open.stage.as_str() == "submitted" => {
                let decision = if verdict == Verdict::Pass { world::pass() } else { world::fail() };
                let (decided, act) = world::judged(open, decision, now);
                let followed = state.clone().follow(&decided, &act);
                application = Some(decided);
                followed
            }
            (Turn::Renew(ahead), Some(open)) => {
                let from = state.renews_from(now.max(state.changed_at)).plus_days(ahead);
                state.clone().renew(&open, from, 2, &world::secretary(), now).ok()
            }
            (Turn::Measure(measure), _) => world::take(state.clone(), measure, "理由", now).ok(),
            _ => None,
        };
        if let Some((after, act)) = done {
            state = after;
            acts.push(act);
        }
        now = now.max(state.changed_at);
        // Of this second more may still be done.
        let before = Instant::from_unix(now.unix() - 1).expect("an instant");
        instants.push((before, state.status(before)));
        for ago in asked {
            let day = now.day().plus_days(-ago);
            days.push((day, state.on_day(day, now).expect("it is over")));
        }
    }
    Lived { state, days, instants, now, acts }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is filed, decided, entered and measured later: what was said of a day that was over is said for ever, and
    /// so is the state of every instant that has passed.
    #[test]
    fn the_past_never_changes(turns in turns(), later in 0..100_000_000u32) {
        let lived = live(turns);
        for (day, answer) in lived.days {
            prop_assert_eq!(lived.state.on_day(day, lived.now.plus_seconds(later)), Ok(answer), "{}", day);
        }
        for (instant, status) in lived.instants {
            prop_assert_eq!(lived.state.status(instant), status, "{}", instant);
        }
    }

    /// Time alone changes the state at the instant that was named and at no other before it.
    #[test]
    fn time_changes_the_state_where_it_says(turns in turns(), wait in 0..200_000_000u32) {
        let Lived { state, now, .. } = live(turns);
        let name = |instant: Instant| state.status(instant).as_str();
        match state.changes_by_itself(now) {
            Some(change) => {
                let before = Instant::from_unix(change.unix() - 1).expect("an instant");
                prop_assert!(now < change);
                prop_assert_ne!(name(before), name(change));
                prop_assert_eq!(name(now), name(now.plus_seconds(wait).min(before)));
            }
            None => prop_assert_eq!(name(now), name(now.plus_seconds(wait))),
        }
    }

    /// Terms never overlap, and one that was entered while the registration held begins where the last one ended.
    #[test]
    fn terms_stand_in_order(turns in turns()) {
        let lived = live(turns);
        for pair in lived.state.terms.windows(2) {
            prop_assert!(pair[0].until <= pair[1].from);
        }
        let entered = lived.state.filings.iter().filter_map(|filing| filing.ended.as_ref());
        let entered = entered.filter(|ended| ended.outcome == FilingOutcome::Entered).count();
        prop_assert_eq!(lived.state.terms.len(), 1 + entered);
        prop_assert!(lived.acts.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}

/// The property above is about something: years in which registrations are renewed late, lapse and are renewed again.
#[test]
fn random_years_see_everything() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut gapless, mut gaps, mut extended, mut thirds) = (0, 0, 0, 0);
    for _ in 0..500 {
        let lived = live(turns().new_tree(&mut runner).expect("turns").current());
        for pair in lived.state.terms.windows(2) {
            *(if pair[0].until == pair[1].from { &mut gapless } else { &mut gaps }) += 1;
        }
        extended += lived.days.iter().filter(|(_, answer)| answer.is_extended).count();
        thirds += usize::from(lived.state.terms.len() > 2);
    }
    assert!(gapless > 20 && gaps > 5 && extended > 20 && thirds > 0, "{gapless} {gaps} {extended} {thirds}");
}
