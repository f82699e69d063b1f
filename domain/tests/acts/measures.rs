//! Measures to the second: when they begin and end, who is heard before, who may object after, and what follows for the
//! licences under a service.

use domain::act::{Deed, Replay};
use domain::application::{Condition, ConditionFault, ObjectionOutcome, Progress};
use domain::authority::Denial;
use domain::calendar::Instant;
use domain::licence::cascade::{follow, grace};
use domain::licence::{Fate, Follows, Standing};
use domain::proposal::{self, Proposal};
use domain::registration::{MeasureKind, Plan, Refusal, Registration, Status};
use domain::scheme::Scheme;
use domain::settings::Settings;
use domain::status_list::Said;

use crate::world::{self, NOW, REASON, at, day};

use MeasureKind::{Cautioned, CorrectionDemanded, Reinstated, Revoked, Suspended};

fn propose(before: &Registration, measure: MeasureKind, plan: Plan, now: &str) -> Result<Proposal, Refusal> {
    let made = before.propose(world::proposal_id(), measure, REASON.to_owned(), plan, &world::secretary(), at(now));
    made.map(|(proposal, _)| proposal)
}

fn planned(measure: MeasureKind, from: &str) -> Plan {
    Plan { from: Some(at(from)), ..world::plan(measure, at(NOW)) }
}

/// Suspended from noon in Japan on 1 July, as was announced a month before.
fn announced() -> Registration {
    let proposal = propose(&world::registered(), Suspended, planned(Suspended, "2026-07-01T03:00:00Z"), NOW);
    let taken = world::registered().take(&proposal.expect("proposed"), &world::other_secretary(), at(NOW));
    taken.expect("taken").0
}

#[test]
fn what_is_announced_begins_at_its_second() {
    let state = announced();
    for (now, name, ahead) in [
        (NOW, "valid", 1),
        ("2026-07-01T02:59:59Z", "valid", 1),
        ("2026-07-01T03:00:00Z", "suspended", 0),
        ("2026-07-01T03:00:01Z", "suspended", 0),
    ] {
        assert_eq!((state.status(at(now)).as_str(), state.announced(at(now)).len()), (name, ahead), "{now}");
    }
    let since = at("2026-07-01T03:00:00Z");
    assert_eq!(state.status(since), Status::Suspended { since, reason: REASON.to_owned() });
    assert_eq!(state.changes_by_itself(at(NOW)), Some(since));
    // The day's answer knows of it since it was announced, not since it began.
    assert_eq!(state.on_day(day("2026-07-01"), at("2026-07-02T00:00:00Z")).expect("over").known_since, at(NOW));
}

/// A revocation that comes between leaves nothing of what was announced; a reinstatement can be announced, too.
#[test]
fn what_is_announced_changes_what_it_still_can() {
    let revoked = world::revoked(announced(), at("2026-06-20T00:00:00Z"));
    assert_eq!(revoked.status(at("2026-07-02T00:00:00Z")).as_str(), "revoked");
    assert!(revoked.announced(at("2026-06-21T00:00:00Z")).is_empty());
    let state = announced();
    let plan = Plan { from: Some(at("2026-07-31T15:00:00Z")), ..world::plan(Reinstated, at(NOW)) };
    let proposal = propose(&state, Reinstated, plan, NOW).expect("what will be suspended by then");
    let state = state.take(&proposal, &world::other_secretary(), at(NOW)).expect("taken").0;
    for (now, name) in [
        ("2026-07-01T03:00:00Z", "suspended"),
        ("2026-07-31T14:59:59Z", "suspended"),
        ("2026-07-31T15:00:00Z", "valid"), // midnight in Japan
    ] {
        assert_eq!(state.status(at(now)).as_str(), name, "{now}");
    }
}

/// What was to begin before it was confirmed begins when it is: nothing that was answered is changed.
#[test]
fn nothing_begins_in_the_past() {
    let soon = planned(Suspended, "2026-06-01T02:00:00Z");
    let proposal = propose(&world::registered(), Suspended, soon, NOW).expect("proposed");
    let late = at("2026-06-03T00:00:00Z");
    let state = world::registered().take(&proposal, &world::other_secretary(), late).expect("taken").0;
    assert_eq!(state.status(Instant::from_unix(late.unix() - 1).expect("an instant")), Status::Valid);
    assert_eq!(state.status(late).as_str(), "suspended");
    for (from, expected) in [
        ("2026-06-01T00:59:59Z", Err(Refusal::FromPast { from: at("2026-06-01T00:59:59Z"), at: at(NOW) })),
        (NOW, Ok(())),
        ("2026-08-30T14:59:59Z", Ok(())), // the ninetieth day's last second
        (
            "2026-08-30T15:00:00Z",
            Err(Refusal::FromTooFarAhead { from: at("2026-08-30T15:00:00Z"), latest: day("2026-08-30") }),
        ),
    ] {
        assert_eq!(
            propose(&world::registered(), Suspended, planned(Suspended, from), NOW).map(drop),
            expected,
            "{from}"
        );
    }
}

#[test]
fn every_measure_says_what_it_rests_on() {
    let plan = |measure| world::plan(measure, at(NOW));
    let clauses = |clauses: &[&str]| clauses.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    for bad in [clauses(&[]), clauses(&["grounds_gone"]), clauses(&["criteria_unmet", "nothing_known"])] {
        let refused = propose(&world::registered(), Suspended, Plan { clauses: bad.clone(), ..plan(Suspended) }, NOW);
        assert!(matches!(refused, Err(Refusal::Clauses { known }) if known.contains(&"harm".to_owned())), "{bad:?}");
    }
    let silent = Plan { facts: "　".to_owned(), ..plan(Suspended) };
    assert_eq!(propose(&world::registered(), Suspended, silent, NOW), Err(Refusal::NoFacts));
    let proposal = Proposal {
        motion: groundless(),
        ..propose(&world::registered(), Suspended, plan(Suspended), NOW).expect("proposed")
    };
    let refused = world::registered().take(&proposal, &world::other_secretary(), at(NOW)).map(drop);
    assert_eq!(refused, Err(Refusal::NoGrounds), "proposed before that was asked");
}

fn groundless() -> domain::proposal::Motion {
    let registration = world::registered().number;
    domain::proposal::Motion::TakeMeasure { registration, measure: Suspended, reason: REASON.to_owned(), plan: None }
}

/// Nobody loses a registration unheard: two weeks at the least, to midnight in Japan, or until the side is stated.
#[test]
fn a_revocation_waits_for_the_provider() {
    let until =
        |days: i32| Plan { hearing_until: Some(at(NOW).day().plus_days(days)), ..world::plan(Revoked, at(NOW)) };
    let short = Err(Refusal::HearingTooShort { earliest: day("2026-06-15") });
    let long = Err(Refusal::HearingTooLong { until: day("2026-08-31"), latest: day("2026-08-30") });
    for (plan, expected) in [
        (Plan { hearing_until: None, ..until(14) }, short.clone()),
        (until(13), short),
        (until(14), Ok(())),
        (until(90), Ok(())),
        (until(91), long),
    ] {
        assert_eq!(propose(&world::registered(), Revoked, plan, NOW).map(drop), expected);
    }
    let proposal = propose(&world::registered(), Revoked, until(14), NOW).expect("proposed");
    assert_eq!(proposal.until, at("2026-06-29T15:00:00Z"), "as long after the hearing as any other");
    let confirm = |proposal: &Proposal, now: &str| {
        world::registered()
            .take(proposal, &world::other_secretary(), at(now))
            .map(|(state, _)| state.status(at(now)).as_str())
    };
    let open = Err(Refusal::HearingOpen { until: day("2026-06-15") });
    for (now, expected) in [
        (NOW, open.clone()),
        ("2026-06-15T14:59:59Z", open),
        ("2026-06-15T15:00:00Z", Ok("revoked")),
        ("2026-06-29T14:59:59Z", Ok("revoked")),
        ("2026-06-29T15:00:00Z", Err(proposal::Refusal::Closed(proposal::Standing::Expired).into())),
    ] {
        assert_eq!(confirm(&proposal, now), expected, "{now}");
    }
    assert_eq!(confirm(&world::heard(proposal.clone(), &world::registered()), NOW), Ok("revoked"), "it was heard");
}

#[test]
fn a_side_is_stated_once_in_time_and_by_its_provider() {
    let registration = world::registered();
    let (found, object) = (registration.measured(), registration.object());
    let proposal = propose(&registration, Revoked, world::plan(Revoked, at(NOW)), NOW).expect("proposed");
    let state = |proposal: &Proposal, words: &str, by, now: &str| {
        proposal.clone().state_side(found, words.to_owned(), &object, by, at(now)).map(|(state, _)| state)
    };
    let (applicant, rival) = (world::applicant(), world::rival());
    let last = state(&proposal, world::SIDE, &applicant, "2026-06-15T14:59:59Z").expect("on the last day");
    assert_eq!(last.statement.as_ref().map(|said| said.words.as_str()), Some(world::SIDE));
    for (proposal, words, by, now, expected) in [
        (
            &proposal,
            world::SIDE,
            &applicant,
            "2026-06-15T15:00:00Z",
            proposal::Refusal::HearingOver { until: day("2026-06-15") },
        ),
        (&proposal, " ", &applicant, NOW, proposal::Refusal::NoReason),
        (&last, world::SIDE, &applicant, "2026-06-15T14:59:59Z", proposal::Refusal::Stated),
        (&proposal, world::SIDE, &rival, NOW, proposal::Refusal::Denied(Denial::NotOwner)),
    ] {
        assert_eq!(state(proposal, words, by, now), Err(expected), "{now}");
    }
    let unheard = propose(&registration, Suspended, world::plan(Suspended, at(NOW)), NOW).expect("proposed");
    assert_eq!(state(&unheard, world::SIDE, &applicant, NOW), Err(proposal::Refusal::NoHearing));
}

/// What the provider does meanwhile settles no proposal against it; another measure does.
#[test]
fn a_provider_cannot_settle_what_is_proposed_against_it() {
    let demanded = world::take(world::registered(), CorrectionDemanded, REASON, at(NOW)).expect("demanded").0;
    let proposal = propose(&demanded, Suspended, world::plan(Suspended, at(NOW)), NOW).expect("proposed");
    let applicant = world::applicant();
    let busy =
        demanded.report_correction((1, 1), "改めた。".to_owned(), Vec::new(), &applicant, at(NOW)).expect("reported").0;
    let busy = busy.object_to_measure(1, REASON.to_owned(), Vec::new(), &applicant, at(NOW)).expect("objected").0;
    let busy =
        busy.discontinue(world::ending("2027-01-31"), Settings::bundled(), &applicant, at(NOW)).expect("announced").0;
    assert_eq!(proposal.standing(busy.measured(), at(NOW)), proposal::Standing::Open);
    let taken = busy.take(&proposal, &world::other_secretary(), at(NOW)).expect("taken").0;
    assert_eq!(proposal.standing(taken.measured(), at(NOW)), proposal::Standing::Settled);
}

#[test]
fn an_emergency_is_over_after_a_day_to_the_second() {
    let state = world::emergency(world::registered(), NOW);
    for (now, name, waits) in [
        (NOW, "suspended", true),
        ("2026-06-02T00:59:59Z", "suspended", true),
        ("2026-06-02T01:00:00Z", "valid", false),
    ] {
        assert_eq!(
            (state.status(at(now)).as_str(), state.waiting_emergency(at(now)).is_some()),
            (name, waits),
            "{now}"
        );
    }
    let over = Refusal::EmergencyOver { until: at("2026-06-02T01:00:00Z") };
    for (by, now, expected) in [
        (world::secretary(), NOW, Err(Refusal::OwnEmergency)),
        (world::other_secretary(), NOW, Ok(())),
        (world::other_secretary(), "2026-06-02T00:59:59Z", Ok(())),
        (world::other_secretary(), "2026-06-02T01:00:00Z", Err(over)),
    ] {
        assert_eq!(state.clone().confirm_emergency(&by, at(now)).map(drop), expected, "{now}");
    }
    let confirmed =
        state.clone().confirm_emergency(&world::other_secretary(), at("2026-06-02T00:59:59Z")).expect("in time").0;
    assert_eq!(confirmed.status(at("2027-01-01T00:00:00Z")).as_str(), "suspended", "a suspension like any other");
    assert_eq!(
        confirmed.clone().confirm_emergency(&world::other_secretary(), at(NOW)).map(drop),
        Err(Refusal::NoEmergency)
    );
    // Nobody keeps a service suspended alone, a day at a time; another person can begin anew.
    let later = at("2026-06-03T00:00:00Z");
    let again =
        |by| state.clone().suspend_at_once(REASON.to_owned(), world::plan(Suspended, later), &by, later).map(drop);
    assert_eq!(again(world::secretary()), Err(Refusal::OwnEmergency));
    assert_eq!(again(world::other_secretary()), Ok(()));
    let ended = world::reinstated(state, at("2026-06-01T02:00:00Z"));
    let confirmed = ended.confirm_emergency(&world::other_secretary(), at("2026-06-01T03:00:00Z")).map(drop);
    assert_eq!(confirmed, Err(Refusal::NoEmergency), "it was reinstated meanwhile");
}

#[test]
fn a_correction_is_reported_and_accepted_or_not() {
    let due = day("2026-07-01");
    let mut state = world::take(world::registered(), CorrectionDemanded, REASON, at(NOW)).expect("demanded").0;
    assert_eq!(state.status(at(NOW)), Status::Valid);
    let progress = |state: &Registration| state.measures[0].corrections[0].progress();
    let (applicant, secretary) = (world::applicant(), world::secretary());
    let report = |state: Registration, now: &str| {
        state.report_correction((1, 1), "改めた。".to_owned(), Vec::new(), &applicant, at(now))
    };
    let answer = |state: Registration, is_accepted| {
        state.answer_correction((1, 1), is_accepted, REASON.to_owned(), &secretary, at("2026-07-03T00:00:00Z"))
    };
    assert_eq!(answer(state.clone(), true).map(drop), Err(Refusal::NoReport { number: 1 }));
    for (today, is_overdue) in [("2026-07-01", false), ("2026-07-02", true)] {
        assert_eq!(state.measures[0].corrections[0].is_overdue(day(today)), is_overdue, "due {due}, {today}");
    }
    state = report(state, "2026-07-01T14:59:59Z").expect("on the last day").0;
    assert!(!state.measures[0].corrections[0].is_overdue(day("2026-07-02")), "in time while it waits");
    assert_eq!(report(state.clone(), NOW).map(drop), Err(Refusal::ReportWaits { number: 1 }));
    state = answer(state, false).expect("refused").0;
    assert_eq!((progress(&state), state.attention()), (Progress::Open, Some(due.start())));
    state = report(state, "2026-07-03T00:00:00Z").expect("again").0;
    state = answer(state, true).expect("accepted").0;
    assert_eq!((progress(&state), state.attention()), (Progress::Met, None));
    assert_eq!(report(state.clone(), NOW).map(drop), Err(Refusal::Corrected { number: 1 }));
    for (of, expected) in [
        ((2, 1), Refusal::NoSuchMeasure { number: 2, of: 1 }),
        ((0, 1), Refusal::NoSuchMeasure { number: 0, of: 1 }),
        ((1, 2), Refusal::NoSuchCorrection { number: 2, of: 1 }),
        ((1, 0), Refusal::NoSuchCorrection { number: 0, of: 1 }),
    ] {
        let refused = state.clone().report_correction(of, REASON.to_owned(), Vec::new(), &applicant, at(NOW)).map(drop);
        assert_eq!(refused, Err(expected));
    }
    let past = Plan {
        corrections: vec![Condition { due: day("2026-05-31"), ..world::condition() }],
        ..world::plan(CorrectionDemanded, at(NOW))
    };
    let fault = ConditionFault::Past { index: 0, due: day("2026-05-31"), day: day("2026-06-01") };
    let refused = propose(&world::registered(), CorrectionDemanded, past.clone(), NOW).map(drop);
    assert_eq!(refused, Err(Refusal::Undertakings(fault)));
    let none = Plan { corrections: Vec::new(), ..past.clone() };
    let refused = propose(&world::registered(), CorrectionDemanded, none, NOW).map(drop);
    assert_eq!(refused, Err(Refusal::Corrections { are_needed: true }));
    let refused = propose(&world::registered(), Cautioned, past, NOW).map(drop);
    assert_eq!(refused, Err(Refusal::Corrections { are_needed: false }));
}

/// By other people, in time, and from the instant at which it is decided: what was answered before stays true.
#[test]
fn an_objection_that_is_upheld_sets_the_measure_aside() {
    let suspended = world::suspended(world::registered(), at(NOW));
    let object = |state: &Registration, by, now: &str| {
        state.clone().object_to_measure(1, REASON.to_owned(), Vec::new(), by, at(now)).map(|(state, _)| state)
    };
    let applicant = world::applicant();
    for (now, expected) in [
        ("2026-07-01T14:59:59Z", Ok(())),
        ("2026-07-01T15:00:00Z", Err(Refusal::ObjectionLate { until: day("2026-07-01") })),
    ] {
        assert_eq!(object(&suspended, &applicant, now).map(drop), expected, "{now}");
    }
    let objected = object(&suspended, &applicant, NOW).expect("objected");
    assert_eq!(object(&objected, &applicant, NOW).map(drop), Err(Refusal::Objected { measure: 1 }));
    assert_eq!(object(&suspended, &world::rival(), NOW).map(drop), Err(Refusal::Denied(Denial::NotOwner)));
    let reinstated = world::reinstated(suspended.clone(), at(NOW));
    let refused = reinstated.object_to_measure(2, REASON.to_owned(), Vec::new(), &applicant, at(NOW)).map(drop);
    assert_eq!(refused, Err(Refusal::NothingToObject { measure: 2 }));
    let [hearer, other] = world::hearers();
    let later = at("2026-06-20T00:00:00Z");
    let decide = |outcome| {
        let (proposal, _) = objected
            .propose_on_objection(world::proposal_id(), 1, outcome, REASON.to_owned(), &hearer, later)
            .expect("proposed");
        objected.clone().decide_objection(&proposal, &other, later).expect("decided").0
    };
    let upheld = decide(ObjectionOutcome::Upheld);
    for (now, name) in [(NOW, "suspended"), ("2026-06-19T23:59:59Z", "suspended"), ("2026-06-20T00:00:00Z", "valid")] {
        assert_eq!(upheld.status(at(now)).as_str(), name, "{now}");
    }
    let dismissed = decide(ObjectionOutcome::Dismissed);
    assert_eq!(dismissed.status(later).as_str(), "suspended");
    // Whoever took the measure does not decide on it, whatever else they are.
    let both = world::also(world::secretary(), domain::act::Role::DecisionMaker, world::BODY);
    let refused = objected
        .propose_on_objection(world::proposal_id(), 1, ObjectionOutcome::Dismissed, REASON.to_owned(), &both, later)
        .map(drop);
    assert_eq!(refused, Err(Refusal::Denied(Denial::Decided)));
}

#[test]
fn a_service_ends_with_its_last_day() {
    let applicant = world::applicant();
    let end = |last_day: &str, now: &str| {
        world::registered()
            .discontinue(world::ending(last_day), Settings::bundled(), &applicant, at(now))
            .map(|(state, _)| state)
    };
    for (last_day, expected) in [
        ("2026-06-30", Err(Refusal::LastDayTooSoon { last_day: day("2026-06-30"), earliest: day("2026-07-01") })),
        ("2026-07-01", Ok(())),
        ("2028-04-30", Ok(())),
        ("2028-05-01", Err(Refusal::LastDayOutside { last_day: day("2028-05-01") })),
    ] {
        assert_eq!(end(last_day, NOW).map(drop), expected, "{last_day}");
    }
    let state = end("2026-09-30", NOW).expect("announced");
    let since = at("2026-09-30T15:00:00Z");
    assert_eq!(state.status(at("2026-09-30T14:59:59Z")), Status::Valid);
    assert_eq!(state.status(since), Status::Discontinued { since });
    assert_eq!(state.status(at("2029-01-01T00:00:00Z")), Status::Discontinued { since }, "whatever term was left");
    assert_eq!(state.changes_by_itself(at(NOW)), Some(since));
    assert_eq!(state.on_day(day("2026-10-01"), at("2026-10-02T00:00:00Z")).expect("over").known_since, at(NOW));
    // Suspended by then, it ends all the same; revoked, it stays revoked.
    let suspended = world::suspended(state.clone(), at("2026-09-01T00:00:00Z"));
    assert_eq!(suspended.status(since).as_str(), "discontinued");
    let revoked = world::revoked(state.clone(), at("2026-09-01T00:00:00Z"));
    assert_eq!(revoked.status(since).as_str(), "revoked");
    // Another last day, as long as it is not over.
    let later = state
        .clone()
        .discontinue(world::ending("2026-12-31"), Settings::bundled(), &applicant, at("2026-09-30T14:59:59Z"))
        .expect("moved")
        .0;
    assert_eq!(later.status(since), Status::Valid);
    let over = state.discontinue(world::ending("2026-12-31"), Settings::bundled(), &applicant, since).map(drop);
    assert_eq!(over, Err(Refusal::Status { found: "discontinued", needed: "valid, suspended, not_yet" }));
}

/// Every state has its rule, and a licence counts to the last day of grace at midnight in Japan.
#[test]
fn licences_follow_the_service_as_the_scheme_says() {
    let rules = &Scheme::bundled().cascade;
    let (since, reason) = (at("2026-09-30T15:00:00Z"), String::new());
    let states = [
        Status::NotYet { from: day("2027-01-01") },
        Status::Valid,
        Status::Suspended { since, reason: reason.clone() },
        Status::Revoked { since, reason },
        Status::Lapsed { since },
        Status::Discontinued { since },
    ];
    assert_eq!(rules.len(), states.len());
    let expected = ["ended", "valid", "suspended", "revoked", "ended", "valid"];
    for (status, expected) in states.into_iter().zip(expected) {
        assert_eq!(follow(status.clone(), true, rules, since).as_str(), expected, "{}", status.as_str());
    }
    let (licence, applicant) = (world::licensed(), world::applicant());
    let ended = world::registered()
        .discontinue(world::ending("2026-09-30"), Settings::bundled(), &applicant, at(NOW))
        .expect("announced")
        .0;
    for (now, expected, has_grace) in [
        ("2026-09-30T14:59:59Z", "valid", false),
        ("2026-09-30T15:00:00Z", "valid", true),
        ("2026-10-30T14:59:59Z", "valid", true), // thirty days: October, to the 30th
        ("2026-10-30T15:00:00Z", "ended", false),
    ] {
        assert_eq!(licence.standing(&ended, at(now)).as_str(), expected, "{now}");
        assert_eq!(licence.grace(&ended, at(now)).is_some(), has_grace, "{now}");
    }
    assert_eq!(licence.standing(&ended, Instant::LAST), Standing::Ended { since: at("2026-10-30T15:00:00Z") });
    let closed =
        licence.clone().end(&ended, REASON.to_owned(), &applicant, at("2026-10-01T00:00:00Z")).expect("ended").0;
    assert_eq!(closed.grace(&ended, at("2026-10-02T00:00:00Z")), None, "its own end comes first");
}

#[test]
fn grace_is_counted_in_days_of_japan() {
    let rule = |grace_days| {
        let mut rule: Follows =
            Scheme::bundled().cascade.iter().find(|rule| rule.service == "suspended").expect("there").clone();
        rule.grace_days = grace_days;
        assert_eq!(rule.licence, Fate::Suspended);
        vec![rule]
    };
    for (since, days, end) in [
        ("2026-06-30T15:00:00Z", 0, "2026-06-30T15:00:00Z"),
        ("2026-06-30T15:00:00Z", 1, "2026-07-01T15:00:00Z"), // from midnight: that day and no other
        ("2026-07-01T03:00:00Z", 0, "2026-07-01T03:00:00Z"),
        ("2026-07-01T03:00:00Z", 1, "2026-07-02T15:00:00Z"), // from noon: the day after
        ("2026-07-01T14:59:59Z", 1, "2026-07-02T15:00:00Z"),
    ] {
        let status = Status::Suspended { since: at(since), reason: REASON.to_owned() };
        let before = Instant::from_unix(at(end).unix() - 1).expect("an instant");
        if days > 0 {
            assert_eq!(follow(status.clone(), true, &rule(days), before), Standing::Valid, "{since} + {days}");
            assert_eq!(grace(&status, true, &rule(days), before), Some(at(end)));
        }
        let expected = Standing::Suspended { since: at(end), reason: REASON.to_owned() };
        assert_eq!(follow(status.clone(), true, &rule(days), at(end)), expected, "{since} + {days}");
        assert_eq!(grace(&status, true, &rule(days), at(end)), None);
    }
}

/// A service that ends in good order leaves its users a month; one that ends while it is suspended leaves no mark that
/// counts again.
#[test]
fn what_did_not_count_has_no_grace() {
    let (licence, applicant) = (world::licensed(), world::applicant());
    let ending = |state: Registration| {
        state.discontinue(world::ending("2026-09-30"), Settings::bundled(), &applicant, at(NOW)).expect("announced").0
    };
    let since = at("2026-09-30T15:00:00Z");
    let (good, suspended) = (ending(world::registered()), world::suspended(ending(world::registered()), at(NOW)));
    assert_eq!(licence.standing(&good, since), Standing::Valid);
    assert_eq!(licence.grace(&good, since), Some(at("2026-10-30T15:00:00Z")));
    assert_eq!(licence.standing(&suspended, at("2026-09-30T14:59:59Z")).as_str(), "suspended");
    assert_eq!(licence.standing(&suspended, since), Standing::Ended { since });
    assert_eq!(licence.grace(&suspended, since), None);
    // Reinstated in time, it ends as any other.
    let reinstated = world::reinstated(suspended, at("2026-09-30T14:59:00Z"));
    assert_eq!(licence.standing(&reinstated, since), Standing::Valid);
}

/// Two bits in a status list, the same answer as everywhere.
#[test]
fn a_status_list_says_the_same() {
    let (since, reason) = (at(NOW), REASON.to_owned());
    for (standing, bits) in [
        (Standing::Valid, 0),
        (Standing::Revoked { since, reason: reason.clone() }, 1),
        (Standing::Suspended { since, reason }, 2),
        (Standing::Ended { since }, 3),
    ] {
        assert_eq!(Said::from(&standing).bits(), bits, "{}", standing.as_str());
    }
}

/// A record that was altered adds up to nothing: a measure that begins before it was taken, an emergency that is over.
#[test]
fn what_cannot_have_been_done_does_not_replay() {
    let (state, act) = world::take(world::registered(), Suspended, REASON, at(NOW)).expect("taken");
    let Deed::Suspended { reason, proposal, grounds } = act.deed.clone() else { panic!("suspended") };
    let mut early = grounds.expect("it has some");
    early.from = at("2026-05-31T00:00:00Z");
    let spoilt = domain::act::Act { deed: Deed::Suspended { reason, proposal, grounds: Some(early) }, ..act };
    assert!(Registration::replay(Some(world::registered()), &spoilt).is_err());
    let emergency = world::emergency(world::registered(), NOW);
    let late = domain::act::Act {
        subject: state.subject(),
        version: 3,
        at: at("2026-06-02T01:00:00Z"),
        by: world::caller(&world::other_secretary()),
        deed: Deed::EmergencyConfirmed {},
    };
    assert!(Registration::replay(Some(state), &late).is_err(), "nothing waits");
    assert!(Registration::replay(Some(emergency.clone()), &late).is_err(), "it was over in that second");
    let in_time = domain::act::Act { at: at("2026-06-02T00:59:59Z"), ..late };
    assert!(Registration::replay(Some(emergency), &in_time).is_ok());
}
