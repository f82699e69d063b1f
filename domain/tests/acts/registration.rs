//! Entering a service into the register, and the measures that follow.

use domain::act::{Deed, Role};
use domain::authority::{Actor, Denial};
use domain::proposal::Motion;
use domain::registration::{MeasureKind, Refusal, Registration, Status};
use domain::scheme::Scheme;

use crate::application::rows;
use crate::world::{self, DECIDED, NOW, REASON, Refused, at, day};

/// State by measure: the state it leads to, or `.` where that state forbids it.
const MEASURES: &str = "
state            suspend    reinstate  revoke
not_yet          .          .          revoked
valid            suspended  .          revoked
suspended        .          valid      revoked
reinstated       suspended  .          revoked
revoked          .          .          .
lapsed           .          .          .
lapsed_suspended .          .          .
";

/// In the register, as it is [`NOW`].
pub fn in_state(name: &str) -> Registration {
    let now = at(NOW);
    match name {
        "not_yet" => world::registered_from("2026-06-02"),
        "valid" => world::registered(),
        "suspended" => world::suspended(world::registered(), now),
        "reinstated" => world::reinstated(in_state("suspended"), now),
        "revoked" => world::revoked(world::registered(), now),
        "lapsed" => shortened(world::registered()),
        "lapsed_suspended" => shortened(world::suspended(world::registered(), at(DECIDED))),
        other => panic!("no such state: {other}"),
    }
}

/// The same with a term whose last day was yesterday.
fn shortened(mut registration: Registration) -> Registration {
    registration.terms[0].until = at(NOW).day();
    registration
}

/// A measure's kind by its verb.
pub fn kind(measure: &str) -> MeasureKind {
    match measure {
        "suspend" => MeasureKind::Suspended,
        "reinstate" => MeasureKind::Reinstated,
        "revoke" => MeasureKind::Revoked,
        other => panic!("no such measure: {other}"),
    }
}

/// `by` proposes it.
fn propose(name: &str, before: &Registration, reason: &str, by: &Actor) -> Result<(), Refusal> {
    let plan = world::plan(kind(name), at(NOW));
    before.propose(world::proposal_id(), kind(name), reason.to_owned(), plan, by, at(NOW)).map(drop)
}

/// `by` confirms what a secretary proposed, as that proposal's record would be.
fn confirm(name: &str, before: Registration, reason: &str, by: &Actor) -> Result<Registration, Refusal> {
    let (registration, measure) = (before.number.clone(), kind(name));
    let plan = Some(Box::new(world::plan(measure, at(NOW))));
    let motion = Motion::TakeMeasure { registration, measure, reason: reason.to_owned(), plan };
    let proposal = world::proposed(motion, before.measured(), &world::secretary(), at(NOW));
    let proposal = world::heard(proposal, &before);
    let (state, act) = before.take(&proposal, by, at(NOW))?;
    assert_eq!((act.version, act.at, act.by), (state.version, at(NOW), world::caller(by)));
    assert_eq!(state.measures.last().map(|measure| measure.at), Some(at(NOW)));
    Ok(state)
}

#[test]
fn every_state_and_measure_is_decided() {
    let mut cells = 0;
    for (name, row) in rows(MEASURES) {
        for (act, next) in row {
            let before = in_state(name);
            let found = before.status(at(NOW)).as_str();
            assert!(name.starts_with(found) || name == "reinstated", "{name} is {found}");
            let needed = match act {
                "suspend" => "valid",
                "reinstate" => "suspended",
                _ => "valid, suspended, not_yet",
            };
            let (by, confirmer) = (world::secretary(), world::other_secretary());
            let expected = if next == "." { Err(Refusal::Status { found, needed }) } else { Ok(next) };
            let proposed = propose(act, &before, REASON, &by);
            assert_eq!(proposed, expected.clone().map(drop), "{act} proposed when {name}");
            let outcome = confirm(act, before.clone(), REASON, &confirmer);
            assert_eq!(outcome.map(|state| state.status(at(NOW)).as_str()), expected, "{act} when {name}");
            for blank in ["", " 　"] {
                let expected = if next == "." { Refusal::Status { found, needed } } else { Refusal::NoReason };
                assert_eq!(propose(act, &before, blank, &by), Err(expected.clone()), "{act} when {name}, silently");
                let silent = confirm(act, before.clone(), blank, &confirmer).map(drop);
                assert_eq!(silent, Err(expected), "{act} when {name}, without a reason");
            }
            cells += 1;
        }
    }
    assert_eq!(cells, 7 * 3);
}

#[test]
fn a_state_says_since_when_and_why() {
    let (since, reason) = (at(NOW), || REASON.to_owned());
    assert_eq!(in_state("not_yet").status(at(NOW)), Status::NotYet { from: day("2026-06-02") });
    assert_eq!(in_state("suspended").status(at(NOW)), Status::Suspended { since, reason: reason() });
    assert_eq!(in_state("revoked").status(at(NOW)), Status::Revoked { since, reason: reason() });
    let lapsed = Status::Lapsed { since: at("2026-05-31T15:00:00Z") };
    assert_eq!(in_state("lapsed").status(at(NOW)), lapsed);
    assert_eq!(in_state("lapsed_suspended").status(at(NOW)), lapsed);
}

/// Who passed is entered once, from the day of the decision to a year from today.
#[test]
fn every_entry_is_taken_or_refused() {
    let secretary = world::secretary();
    let passed = world::decided(world::pass());
    let decided = day("2026-05-01");
    let early = |from: &str| Err(Refusal::BeforeDecision { from: day(from), decided });
    let far = |from: &str| Err(Refusal::TooFarAhead { from: day(from) });
    for (from, now, expected) in [
        ("2026-04-30", DECIDED, early("2026-04-30")),
        ("2026-05-01", DECIDED, Ok(())),
        ("2026-05-01", "2026-07-01T00:00:00Z", Ok(())),
        ("2027-05-01", DECIDED, Ok(())),
        ("2027-05-02", DECIDED, far("2027-05-02")),
        // From 1 March 2027 to 1 March 2028 are 366 days, and a year.
        ("2028-03-01", "2027-03-01T00:00:00Z", Ok(())),
        ("2028-03-02", "2027-03-01T00:00:00Z", far("2028-03-02")),
        // Today is a day in Japan: one second later it is tomorrow.
        ("2027-05-02", "2026-05-01T14:59:59Z", far("2027-05-02")),
        ("2027-05-02", "2026-05-01T15:00:00Z", Ok(())),
    ] {
        let entered = world::register(&passed, from, &secretary, now).map(drop);
        assert_eq!(entered, expected.map_err(Refused::from), "from {from}, entered at {now}");
    }
    for application in [world::submitted(), world::recommended(world::pass()), world::decided(world::fail())] {
        let refused = world::register(&application, "2026-05-01", &secretary, DECIDED).map(drop);
        assert_eq!(refused, Err(Refusal::NotPassed.into()), "{}", application.stage.as_str());
    }
    let number = world::registered().number;
    let again = Registration::register(
        "OTK-2026-00002".parse().expect("a number"),
        &passed,
        Some(number.clone()),
        decided,
        2,
        &secretary,
        at(DECIDED),
    );
    assert_eq!(again.map(drop), Err(Refusal::Registered { number }));
}

/// What the register shows is what was judged, and nothing of it that is not for the public.
#[test]
fn the_entry_is_the_public_part_of_what_was_judged() {
    let (application, registration) = (world::decided(world::pass()), world::registered());
    let (service, provider) = (&application.declaration.service, &application.declaration.provider);
    let listing = &registration.listing;
    assert_eq!(
        (&listing.service_name, &listing.service_name_kana, &listing.summary),
        (&service.name, &service.name_kana, &service.summary)
    );
    assert_eq!((listing.class, listing.monitoring, &listing.regions), (service.class, service.kind, &service.regions));
    assert_eq!(listing.prices, application.declaration.prices);
    assert_eq!((&listing.edition, &listing.edition_digest), (&application.edition, &application.edition_digest));
    assert_eq!(listing.provider.trade_name, provider.trade_name);
    assert_eq!((&registration.owner, &registration.application), (&application.owner, &application.id));
    let shown = serde_json::to_string(listing).expect("JSON");
    for private in [provider.telephone.to_string(), provider.postal_code.to_string(), provider.address.clone()] {
        assert!(!shown.contains(&private), "{private} is not for the public");
    }
}

/// `OTK-<year>-<five digits>`, more where five are not enough, and the same whatever happens.
#[test]
fn a_number_is_given_once() {
    let scheme = Scheme::bundled();
    for (year, running, number) in [
        (2021, 1, "OTK-2021-00001"),
        (2026, 99_999, "OTK-2026-99999"),
        (2026, 100_000, "OTK-2026-100000"),
        (9998, u64::MAX, "OTK-9998-18446744073709551615"),
    ] {
        assert_eq!(scheme.number(year, running).as_str(), number);
    }
    let mut registration = world::registered();
    let number = registration.number.clone();
    for act in ["suspend", "reinstate", "suspend", "revoke"] {
        registration = confirm(act, registration, REASON, &world::other_secretary()).expect(act);
        assert_eq!(registration.number, number);
    }
    let kinds: Vec<_> = registration.measures.iter().map(|measure| measure.kind).collect();
    use MeasureKind::{Reinstated, Revoked, Suspended};
    assert_eq!(kinds, [Suspended, Reinstated, Suspended, Revoked]);
}

/// A slow clock does not put a measure before the one it follows.
#[test]
fn measures_stand_in_order() {
    let done = world::take(in_state("suspended"), MeasureKind::Reinstated, REASON, at(DECIDED));
    let (state, act) = done.expect("reinstated");
    assert_eq!((act.at, state.changed_at), (at(NOW), at(NOW)));
    let grounds = state.measures[1].grounds.clone();
    assert!(grounds.is_some());
    assert_eq!(act.deed, Deed::Reinstated { reason: REASON.to_owned(), proposal: world::proposal_id(), grounds });
}

/// No role but the secretariat's, whatever the state; the table of roles has the rest.
#[test]
fn the_role_is_asked_before_the_state() {
    let by = world::decider();
    for name in ["not_yet", "valid", "suspended", "revoked", "lapsed"] {
        for act in ["suspend", "reinstate", "revoke"] {
            let refused = Err(Refusal::Denied(Denial::Role { needed: vec![Role::Secretariat] }));
            assert_eq!(propose(act, &in_state(name), "", &by), refused, "{act} proposed when {name}");
            assert_eq!(confirm(act, in_state(name), "", &by).map(drop), refused, "{act} when {name}");
        }
    }
}
