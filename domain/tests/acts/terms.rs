//! Terms 「有効期間」 to the second, and the state at every instant around what was done.

use domain::calendar::{Instant, Period};
use domain::registration::{Registration, Status};

use crate::world::{self, at, day};

/// First day; the instants in UTC before, at the beginning of, at the end of and after a term of two years. A day in
/// Japan begins at 15:00 UTC of the day before.
#[test]
fn a_term_holds_from_midnight_to_midnight_in_japan() {
    for (from, last_day, not_yet, begins, last_second, lapsed) in [
        (
            "2026-05-01",
            "2028-04-30",
            "2026-04-30T14:59:59Z",
            "2026-04-30T15:00:00Z",
            "2028-04-30T14:59:59Z",
            "2028-04-30T15:00:00Z",
        ),
        (
            "2027-01-01",
            "2028-12-31",
            "2026-12-31T14:59:59Z",
            "2026-12-31T15:00:00Z",
            "2028-12-31T14:59:59Z",
            "2028-12-31T15:00:00Z",
        ),
        (
            "2026-12-31",
            "2028-12-30",
            "2026-12-30T14:59:59Z",
            "2026-12-30T15:00:00Z",
            "2028-12-30T14:59:59Z",
            "2028-12-30T15:00:00Z",
        ),
        // Ends with 29 February, where there is one.
        (
            "2026-03-01",
            "2028-02-29",
            "2026-02-28T14:59:59Z",
            "2026-02-28T15:00:00Z",
            "2028-02-29T14:59:59Z",
            "2028-02-29T15:00:00Z",
        ),
        // Begins on 29 February: there is none two years later, so the term ends with the month.
        (
            "2028-02-29",
            "2030-02-28",
            "2028-02-28T14:59:59Z",
            "2028-02-28T15:00:00Z",
            "2030-02-28T14:59:59Z",
            "2030-02-28T15:00:00Z",
        ),
    ] {
        let mut registration = world::registered();
        registration.terms = vec![Period::of_years(day(from), 2)];
        assert_eq!(registration.term_at(day(from)).last_day(), day(last_day), "from {from}");
        assert_eq!(registration.status(at(not_yet)), Status::NotYet { from: day(from) }, "{not_yet}");
        assert_eq!(registration.status(at(begins)), Status::Valid, "{begins}");
        assert_eq!(registration.status(at(last_second)), Status::Valid, "{last_second}");
        assert_eq!(registration.status(at(lapsed)), Status::Lapsed { since: at(lapsed) }, "{lapsed}");
        assert_eq!(registration.status(Instant::LAST), Status::Lapsed { since: at(lapsed) }, "for ever");
        // Time alone changes the state at these two instants and at no other.
        assert_eq!(registration.changes_by_itself(at("2020-01-01T00:00:00Z")), Some(at(begins)));
        assert_eq!(registration.changes_by_itself(at(not_yet)), Some(at(begins)));
        assert_eq!(registration.changes_by_itself(at(begins)), Some(at(lapsed)));
        assert_eq!(registration.changes_by_itself(at(last_second)), Some(at(lapsed)));
        assert_eq!(registration.changes_by_itself(at(lapsed)), None);
    }
}

/// Suspended, reinstated, suspended, and at last revoked or left to lapse.
fn measured(is_revoked: bool) -> Registration {
    let state = world::suspended(world::registered(), at("2026-07-01T03:00:00Z"));
    let state = world::reinstated(state, at("2026-08-01T03:00:00Z"));
    let state = world::suspended(state, at("2028-03-01T03:00:00Z"));
    if is_revoked { world::revoked(state, at("2028-04-01T03:00:00Z")) } else { state }
}

#[test]
fn the_state_at_every_instant_around_the_measures() {
    for (instant, left, revoked) in [
        ("2026-04-30T14:59:59Z", "not_yet", "not_yet"),
        ("2026-04-30T15:00:00Z", "valid", "valid"),
        ("2026-07-01T02:59:59Z", "valid", "valid"),
        ("2026-07-01T03:00:00Z", "suspended", "suspended"),
        ("2026-08-01T02:59:59Z", "suspended", "suspended"),
        ("2026-08-01T03:00:00Z", "valid", "valid"),
        ("2028-03-01T02:59:59Z", "valid", "valid"),
        ("2028-03-01T03:00:00Z", "suspended", "suspended"),
        ("2028-04-01T02:59:59Z", "suspended", "suspended"),
        ("2028-04-01T03:00:00Z", "suspended", "revoked"),
        ("2028-04-30T14:59:59Z", "suspended", "revoked"),
        ("2028-04-30T15:00:00Z", "lapsed", "revoked"), // a suspension does not outlast the term, a revocation does
        ("2040-01-01T00:00:00Z", "lapsed", "revoked"),
    ] {
        assert_eq!(measured(false).status(at(instant)).as_str(), left, "{instant}");
        assert_eq!(measured(true).status(at(instant)).as_str(), revoked, "{instant}");
    }
    let since = at("2028-03-01T03:00:00Z");
    let reason = world::REASON.to_owned();
    assert_eq!(measured(false).status(at("2028-04-01T03:00:00Z")), Status::Suspended { since, reason });
}

#[test]
fn only_an_act_ends_what_is_revoked_and_time_ends_what_is_suspended() {
    let end = at("2028-04-30T15:00:00Z");
    assert_eq!(measured(false).changes_by_itself(at("2028-03-02T00:00:00Z")), Some(end));
    assert_eq!(measured(false).changes_by_itself(end), None);
    assert_eq!(measured(true).changes_by_itself(at("2028-04-02T00:00:00Z")), None);
}

/// A revocation before the first day: it never begins.
#[test]
fn what_is_revoked_before_it_begins_never_begins() {
    let revoked = world::revoked(world::registered_from("2026-12-01"), at(world::NOW));
    assert_eq!(revoked.status(at("2026-05-31T15:00:00Z")).as_str(), "not_yet");
    assert_eq!(revoked.status(at("2027-01-01T00:00:00Z")).as_str(), "revoked");
    assert_eq!(revoked.changes_by_itself(at(world::NOW)), None);
}

/// Terms one after the other count up; where they meet nothing changes, where they leave a gap it lapses.
#[test]
fn terms_follow_each_other() {
    let mut renewed = world::registered();
    let (second, third) = (Period::of_years(day("2028-05-01"), 2), Period::of_years(day("2030-06-01"), 2));
    renewed.terms.extend([second, third]);
    for (on, number, state) in [
        ("2026-04-30", 1, "not_yet"),
        ("2028-04-30", 1, "valid"),
        ("2028-05-01", 2, "valid"),
        ("2030-04-30", 2, "valid"),
        ("2030-05-01", 2, "lapsed"),
        ("2030-05-31", 2, "lapsed"),
        ("2030-06-01", 3, "valid"),
        ("2032-05-31", 3, "valid"),
        ("2032-06-01", 3, "lapsed"),
    ] {
        assert_eq!(renewed.term_number(day(on)), number, "{on}");
        assert_eq!(renewed.status(day(on).start()).as_str(), state, "{on}");
    }
    let changes = [day("2026-05-01"), day("2030-05-01"), day("2030-06-01"), day("2032-06-01")].map(|day| day.start());
    let mut now = at("2026-01-01T00:00:00Z");
    for change in changes {
        now = renewed.changes_by_itself(now).expect("time goes on");
        assert_eq!(now, change);
    }
    assert_eq!(renewed.changes_by_itself(now), None);
}
