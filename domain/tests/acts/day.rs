//! What is due, late and waiting, and for whom: the same for the calendar, reminders and the secretariat's list.

use std::collections::BTreeSet;

use domain::act::Subject;
use domain::application::Application;
use domain::calendar::Instant;
use domain::notice::{
    Due, Waiting, WaitsFor, Work, due_of_proposal, due_of_registration, waiting_of_application, waiting_of_complaint,
    waiting_of_fault, waiting_of_proposal, waiting_of_registration,
};
use domain::registration::{MeasureKind, Registration};
use domain::settings::Settings;

use crate::world::{self, NOW, at, day};

const PLAIN: fn() -> &'static Settings = Settings::bundled;

fn of(application: &Application, is_examined: bool, is_entered: bool) -> Vec<&'static str> {
    let today = application.changed_at.day();
    let found = waiting_of_application(application, is_examined, is_entered, PLAIN(), today);
    found.iter().map(|one| one.work.as_str()).collect()
}

#[test]
fn every_kind_has_words_and_somebody_it_waits_for() {
    let words: BTreeSet<&str> = Work::ALL.iter().map(|work| work.as_str()).collect();
    assert_eq!(words.len(), Work::ALL.len(), "each has a word of its own");
    for work in Work::ALL {
        assert!(WaitsFor::ALL.contains(&work.waits_for()));
        assert!(!work.words().ja.is_empty() && !work.words().en.is_empty());
    }
}

/// A case's way, and for whom it waits at each stop.
#[test]
fn a_case_waits_for_one_after_the_other() {
    for (name, case, is_examined, is_entered, expected) in [
        ("submitted", world::submitted(), false, false, vec!["intake"]),
        ("returned", world::returned(), false, false, vec!["returned"]),
        ("accepted", world::examining(), false, false, vec!["examination"]),
        ("asked", world::ask(world::examining()).0, false, false, vec!["question", "examination"]),
        ("answered", world::answered(), false, false, vec!["examination"]),
        ("both have judged", world::examining(), true, false, vec!["recommendation"]),
        ("recommended", world::recommended(world::pass()), true, false, vec!["decision"]),
        ("passed", world::decided(world::pass()), true, false, vec!["entry"]),
        ("entered", world::decided(world::pass()), true, true, vec![]),
        ("passed on conditions, entered", world::conditional(), true, true, vec!["condition"]),
        ("its condition was reported", world::reported(), true, true, vec!["condition_reply"]),
        ("its condition is met", world::met(), true, true, vec![]),
        ("withdrawn", world::withdrawn(), false, false, vec![]),
    ] {
        assert_eq!(of(&case, is_examined, is_entered), expected, "{name}");
    }
}

fn works(of: &Registration, now: &str) -> Vec<(&'static str, String)> {
    let found = waiting_of_registration(of, &[], PLAIN(), at(now));
    found.iter().map(|one| (one.work.as_str(), one.due.map_or_else(String::new, |day| day.to_string()))).collect()
}

/// The term of this world runs from 1 May 2026 to 30 April 2028; renewals open on 30 August 2027 and are due on
/// 30 December.
#[test]
fn a_registration_waits_for_its_renewal_from_the_day_on_which_that_opens() {
    let term = || ("term_end", "2028-04-30".to_owned());
    let renewal = || ("renewal", "2027-12-30".to_owned());
    let of = world::registered();
    let waits = |now: &str| {
        let kept = |work: &&(&str, String)| ["term_end", "renewal"].contains(&work.0);
        works(&of, now).iter().filter(kept).cloned().collect::<Vec<_>>()
    };
    assert_eq!(waits("2027-08-29T14:59:59Z"), [term()], "it cannot be applied for yet");
    assert_eq!(waits("2027-08-29T15:00:00Z"), [term(), renewal()]);
    assert_eq!(waits("2028-01-15T01:00:00Z"), [term(), renewal()], "late, and still possible");
    assert_eq!(waits("2028-04-30T15:00:00Z"), [term()], "lapsed: nothing is renewed any more");
    let (filed, ..) = world::filed(world::registered(), "A-2027-00001", at(world::RENEWING)).expect("filed");
    let waits: Vec<_> = works(&filed, "2027-11-01T01:00:00Z").into_iter().map(|one| one.0).collect();
    assert!(!waits.contains(&"renewal") && !waits.contains(&"term_end"), "its case waits: {waits:?}");
}

/// Reports are asked for from the day on which they can be made, and late once their due day is over.
#[test]
fn reports_wait_and_are_late() {
    let find = |now: &str, work: Work| {
        let found = waiting_of_registration(&world::registered(), &[], PLAIN(), at(now));
        found.into_iter().find(|one| one.work == work)
    };
    assert_eq!(find("2026-09-30T14:59:59Z", Work::AlertReport), None, "the half-year is not over");
    let (open, late) = ("2026-09-30T15:00:00Z", "2026-10-30T15:00:00Z");
    let found = find(open, Work::AlertReport).expect("it can be reported");
    assert_eq!(
        (found.due, found.is_late(at(open)), found.left(day("2026-10-01"), PLAIN())),
        (Some(day("2026-10-30")), false, Some(29))
    );
    let found = find(late, Work::AlertReport).expect("it was not reported");
    assert!(found.is_late(at(late)) && !found.is_late(at("2026-10-30T14:59:59Z")));
    assert_eq!(found.left(day("2026-11-02"), PLAIN()), Some(-3));
    let figures = world::figures(1);
    let report =
        world::report_alerts(None, world::PERIOD, figures, &world::applicant(), world::REPORTED).expect("filed").0;
    let reported = waiting_of_registration(&world::registered(), std::slice::from_ref(&report), PLAIN(), at(late));
    assert!(!reported.iter().any(|one| one.work == Work::AlertReport), "it was reported");
    assert!(find("2027-03-01T01:00:00Z", Work::SelfCheck).is_none(), "sixty days before the anniversary it opens");
    assert_eq!(find("2027-03-02T01:00:00Z", Work::SelfCheck).and_then(|one| one.due), Some(day("2027-05-31")));
}

/// Days are those that the rule counts: working days for an examination, days for a condition.
#[test]
fn days_left_are_counted_as_the_rule_counts_them() {
    let case = world::examining();
    let waiting = |today| {
        let found = waiting_of_application(&case, false, false, PLAIN(), today);
        found.into_iter().next().expect("it is examined")
    };
    let due = waiting(case.changed_at.day()).due.expect("it has one");
    // 2 June 2026 is a Tuesday.
    assert_eq!(due, day("2026-06-02"));
    for (today, left, is_late) in [
        ("2026-05-29", 2, false),
        ("2026-05-30", 2, false), // a Saturday
        ("2026-06-01", 1, false),
        ("2026-06-02", 0, false),
        ("2026-06-03", -1, true),
        ("2026-06-05", -3, true),
        ("2026-06-08", -4, true), // over a weekend
    ] {
        let found = waiting(day(today));
        assert_eq!(
            (found.left(day(today), PLAIN()), found.is_late(day(today).start())),
            (Some(left), is_late),
            "{today}"
        );
    }
}

#[test]
fn complaints_proposals_and_addresses_wait() {
    let (complaint, _) = world::complaint();
    let found = waiting_of_complaint(&complaint, PLAIN()).expect("nobody has acknowledged it");
    let until = complaint.received_at.plus_seconds(24 * 3_600);
    assert_eq!((found.work, found.until), (Work::ComplaintReceived, Some(until)));
    let before = Instant::from_unix(until.unix() - 1).expect("an instant");
    assert_eq!((found.is_late(before), found.is_late(until)), (false, true), "to the second");
    let (proposal, _) = world::longer_answers();
    let found = waiting_of_proposal(&proposal);
    assert_eq!((found.work, found.due), (Work::Proposal, Some(day("2026-06-15"))), "fourteen days after it was made");
    assert_eq!(found.work.waits_for(), WaitsFor::SecondPerson);
    let found = waiting_of_fault(&proposal.by, day("2026-06-02"));
    assert_eq!((found.work, found.due, found.is_late(at(NOW))), (Work::MailFault, None, false));
    assert_eq!(found.subject, Subject::Person(proposal.by));
}

#[test]
fn measures_wait_for_providers_second_people_and_decision_makers() {
    let alone = world::emergency(world::registered(), NOW);
    let since = alone.measures[0].at;
    let found = waiting_of_registration(&alone, &[], PLAIN(), since);
    let waits: Vec<Waiting> = found.into_iter().filter(|one| one.work == Work::Emergency).collect();
    assert_eq!(waits.len(), 1);
    assert_eq!(waits[0].until, Some(since.plus_seconds(24 * 3_600)));
    let over = waiting_of_registration(&alone, &[], PLAIN(), since.plus_seconds(24 * 3_600));
    assert!(!over.iter().any(|one| one.work == Work::Emergency), "it ended by itself");
    let demanded = world::take(world::registered(), MeasureKind::CorrectionDemanded, "公表できる理由", at(NOW));
    let demanded = demanded.expect("demanded").0;
    let due: Vec<Due> = due_of_registration(&demanded, &[], PLAIN(), at(NOW).day());
    let correction = due.iter().find(|due| due.work == Work::Correction).expect("it is demanded");
    assert_eq!(correction.what, "correction-1-1");
    let (registration, plan) = (world::registered(), world::plan(MeasureKind::Revoked, at(NOW)));
    let (id, reason) = (world::proposal_id(), "公表できる理由".to_owned());
    let proposed = registration.propose(id, MeasureKind::Revoked, reason, plan, &world::secretary(), at(NOW));
    let (proposal, _) = proposed.expect("proposed");
    let until = proposal.motion.hearing_until().expect("the provider is heard");
    assert_eq!(due_of_proposal(&proposal, &registration, until).map(|due| due.day), Some(until));
    assert_eq!(due_of_proposal(&proposal, &registration, until.next()), None, "the time is over");
}
