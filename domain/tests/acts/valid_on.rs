//! "Was this service in force on that day?" The answer for a day that is over never changes.

use domain::act::{Act, Subject};
use domain::calendar::{Day, Instant};
use domain::registration::{DayAhead, MeasureKind, OnDay, Registration, Status};
use proptest::prelude::*;

use crate::life::{Life, steps as steps_of_lives};
use crate::world::{self, at, day};

fn on(registration: &Registration, asked: &str, now: &str) -> OnDay {
    registration.on_day(day(asked), at(now)).expect("not ahead")
}

/// Suspended at noon in Japan on 1 July, reinstated at noon on 10 July, revoked at noon on 1 August 2026.
fn measured() -> Registration {
    let state = world::suspended(world::registered(), at("2026-07-01T03:00:00Z"));
    let state = world::reinstated(state, at("2026-07-10T03:00:00Z"));
    world::revoked(state, at("2026-08-01T03:00:00Z"))
}

/// A day's answer is the state at its end; for today, now. It says since when the register has known.
#[test]
fn the_answer_is_the_state_at_the_days_end() {
    let registered = "2026-05-01T01:00:00Z";
    for (asked, state, known_since) in [
        ("2020-01-01", "not_yet", registered),
        ("2026-04-30", "not_yet", registered),
        ("2026-05-01", "valid", registered),
        ("2026-06-30", "valid", registered),
        ("2026-07-01", "suspended", "2026-07-01T03:00:00Z"), // in force until noon: at its end, suspended
        ("2026-07-09", "suspended", "2026-07-01T03:00:00Z"),
        ("2026-07-10", "valid", "2026-07-10T03:00:00Z"),
        ("2026-07-31", "valid", "2026-07-10T03:00:00Z"),
        ("2026-08-01", "revoked", "2026-08-01T03:00:00Z"),
        ("2026-08-02", "revoked", "2026-08-01T03:00:00Z"),
    ] {
        let answer = on(&measured(), asked, "2026-09-01T00:00:00Z");
        assert_eq!((answer.status.as_str(), answer.known_since), (state, at(known_since)), "{asked}");
        assert_eq!(answer.term.is_some(), asked >= "2026-05-01", "{asked}");
        assert_eq!(answer.day, day(asked));
    }
}

/// Of today the register knows what has happened so far.
#[test]
fn todays_answer_is_the_state_now() {
    for (now, state) in [
        ("2026-06-30T15:00:00Z", "valid"), // midnight in Japan
        ("2026-07-01T02:59:59Z", "valid"),
        ("2026-07-01T03:00:00Z", "suspended"),
        ("2026-07-01T14:59:59Z", "suspended"),
    ] {
        assert_eq!(on(&measured(), "2026-07-01", now).status.as_str(), state, "{now}");
    }
}

/// Today is a day in Japan: at 15:00 UTC it is tomorrow.
#[test]
fn a_day_to_come_has_no_answer() {
    let (registration, asked) = (world::registered(), day("2026-07-02"));
    let today = day("2026-07-01");
    for now in ["2026-06-30T15:00:00Z", "2026-07-01T14:59:59Z"] {
        assert_eq!(registration.on_day(asked, at(now)), Err(DayAhead { day: asked, today }), "{now}");
    }
    assert!(registration.on_day(asked, at("2026-07-01T15:00:00Z")).is_ok());
    let far = day("9998-12-31");
    assert_eq!(registration.on_day(far, at("2026-07-01T00:00:00Z")), Err(DayAhead { day: far, today }));
}

/// The term's first and last day, and those beside them.
#[test]
fn the_answer_names_the_term_that_holds_the_day() {
    let registration = world::registered();
    let term = registration.terms[0];
    let now = "2030-01-01T00:00:00Z";
    for (asked, holds, state) in [
        ("2026-04-30", false, "not_yet"),
        ("2026-05-01", true, "valid"),
        ("2028-02-29", true, "valid"),
        ("2028-04-30", true, "valid"),
        ("2028-05-01", false, "lapsed"),
    ] {
        let answer = on(&registration, asked, now);
        assert_eq!(answer.term, holds.then_some(term), "{asked}");
        assert_eq!(answer.status.as_str(), state, "{asked}");
    }
    // The calendar's first day, and what lies before it.
    for long_ago in [day("1970-01-01"), day("1970-01-01").previous()] {
        let answer = registration.on_day(long_ago, at(now)).expect("not ahead");
        assert_eq!(answer.status, Status::NotYet { from: day("2026-05-01") });
    }
}

/// Seconds that pass, what is attempted then, and which days are asked about.
fn steps() -> impl Strategy<Value = Vec<(u32, MeasureKind, Vec<i32>)>> {
    use MeasureKind::{Reinstated, Revoked, Suspended};
    let measure = prop_oneof![4 => Just(Suspended), 4 => Just(Reinstated), 1 => Just(Revoked)];
    let wait = prop_oneof![0..3u32, 0..100_000u32, 0..20_000_000u32];
    let days = prop::collection::vec(prop_oneof![3 => 1..4i32, 1 => 1..900i32], 1..6);
    prop::collection::vec((wait, measure, days), 1..30)
}

/// What was answered, and when.
type Told = Vec<(Day, Instant, OnDay)>;

/// A registration's life from [`world::DECIDED`] on, and everything it answered on the way about days that were over.
fn live(from: Day, steps: Vec<(u32, MeasureKind, Vec<i32>)>) -> (Registration, Told, Instant) {
    let mut state = world::registered_from(&from.to_string());
    let (mut now, mut told) = (at(world::DECIDED), Told::new());
    for (wait, measure, days) in steps {
        now = now.plus_seconds(wait);
        let done = world::take(state.clone(), measure, &format!("理由{}", told.len()), now);
        state = done.map_or(state, |(after, _)| after);
        for ago in days {
            let asked = now.day().plus_days(-ago);
            told.push((asked, now, state.on_day(asked, now).expect("the day is over")));
        }
    }
    (state, told, now)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done later: what was once said of a day that is over is said for ever.
    #[test]
    fn a_past_days_answer_never_changes(
        ahead in 0..365i32, steps in steps(), later in 0..200_000_000u32
    ) {
        let (state, told, now) = live(day("2026-05-01").plus_days(ahead), steps);
        for (asked, then, answer) in told {
            prop_assert!(answer.known_since <= now);
            prop_assert_eq!(state.on_day(asked, now.plus_seconds(later)), Ok(answer), "{} asked at {}", asked, then);
        }
    }

    /// What was known of a day at its end is what is said of it for ever, whatever people do: read from acts alone.
    #[test]
    fn what_was_known_then_is_known_now(steps in steps_of_lives(), ago in prop::collection::vec(0..900i32, 1..6)) {
        let life = Life::of(&steps);
        let acts: Vec<&Act> =
            life.acts.iter().filter(|act| matches!(act.subject, Subject::Registration(_))).collect();
        let Some(now) = life.registration.as_ref() else { return Ok(()) };
        for known in acts.iter().map(|act| act.at.day()) {
            let end = Instant::from_unix(known.next().start().unix() - 1).expect("an instant");
            let then = Registration::as_known(acts.iter().copied(), end).expect("acts that follow");
            let then = then.expect("it was in the register by then");
            for day in ago.iter().map(|ago| known.plus_days(-ago)) {
                prop_assert_eq!(then.on_day(day, end), now.on_day(day, end.plus_seconds(200_000_000)));
            }
        }
        let first = acts[0].at;
        let before = Instant::from_unix(first.unix() - 1).expect("an instant");
        prop_assert_eq!(Registration::as_known(acts.iter().copied(), before), Ok(None));
        let all = Registration::as_known(acts.iter().copied(), now.changed_at).expect("acts that follow");
        prop_assert_eq!(all.as_ref(), Some(now));
    }

    /// The state between two changes is the same at every instant, and another right after.
    #[test]
    fn time_changes_the_state_where_it_says(ahead in 0..365i32, steps in steps(), wait in 0..100_000_000u32) {
        let (state, _, now) = live(day("2026-05-01").plus_days(ahead), steps);
        let name = |instant: Instant| state.status(instant).as_str();
        match state.changes_by_itself(now) {
            Some(change) => {
                let before = Instant::from_unix(change.unix() - 1).expect("an instant");
                prop_assert!(now < change);
                prop_assert_eq!(name(now), name(before));
                prop_assert_ne!(name(before), name(change));
                let between = Instant::from_unix(now.unix() + i64::from(wait)).expect("an instant").min(before);
                prop_assert_eq!(name(now), name(between));
            }
            None => prop_assert_eq!(name(now), name(now.plus_seconds(wait))),
        }
    }
}
