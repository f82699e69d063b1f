//! Complaints: who sees to them, how far each step leads, and by when somebody acknowledges one.

use domain::act::Role;
use domain::authority::{Actor, Denial};
use domain::settings::Settings;
use domain::watching::{Complaint, ComplaintOutcome, ComplaintRefusal, ComplaintStage};

use crate::world::{self, at};

type Outcome = Result<(Complaint, domain::act::Act), ComplaintRefusal>;

const STEPS: [&str; 4] = ["acknowledge", "assign", "reply", "close"];

fn step(before: Complaint, name: &str, by: &Actor) -> Outcome {
    let (registration, now) = (world::registered(), at(world::NOW));
    let about = registration.object();
    match name {
        "acknowledge" => before.acknowledge(&about, by, now),
        "assign" => before.assign(&world::person_of(&world::other_secretary()), &about, by, now),
        "reply" => before.reply("確かめています。".to_owned(), &about, by, now),
        "close" => before.close(ComplaintOutcome::Unsubstantiated, "確かめました。".to_owned(), &about, by, now),
        other => panic!("no such step: {other}"),
    }
}

fn closed() -> Complaint {
    step(world::acknowledged(), "close", &world::secretary()).expect("closed").0
}

#[test]
fn each_step_follows_where_it_may() {
    let by = world::secretary();
    for (stage, made) in [
        (ComplaintStage::Received, world::complaint().0),
        (ComplaintStage::Acknowledged, world::acknowledged()),
        (ComplaintStage::Closed, closed()),
    ] {
        assert_eq!(made.stage(), stage);
        for name in STEPS {
            let needed = if name == "acknowledge" { ComplaintStage::Received } else { ComplaintStage::Acknowledged };
            let done = step(made.clone(), name, &by);
            match done {
                Ok((state, act)) => {
                    assert_eq!(stage, needed, "{name}");
                    assert_eq!((state.version, act.version), (made.version + 1, made.version + 1), "{name}");
                }
                Err(refusal) => {
                    let (found, needed) = (stage.as_str(), needed.as_str());
                    assert_eq!(refusal, ComplaintRefusal::Stage { found, needed }, "{name}");
                }
            }
        }
    }
}

#[test]
fn the_secretariat_sees_to_it_and_nobody_of_the_provider() {
    let tied = world::also(world::secretary(), Role::User, world::APPLICANT);
    for name in STEPS {
        let before = || if name == "acknowledge" { world::complaint().0 } else { world::acknowledged() };
        for by in [world::applicant(), world::first(), world::decider(), world::operator()] {
            let refused = step(before(), name, &by).expect_err("not theirs");
            assert!(matches!(refused, ComplaintRefusal::Denied(Denial::Role { .. })), "{name}");
        }
        let refused = step(before(), name, &tied).expect_err("their own organisation");
        assert_eq!(refused, ComplaintRefusal::Denied(Denial::OwnOrganisation), "{name}");
    }
}

#[test]
fn whoever_acknowledges_sees_to_it_until_somebody_else_does() {
    let acknowledged = world::acknowledged();
    assert_eq!(acknowledged.handler, Some(world::secretary().person));
    let (assigned, _) = step(acknowledged.clone(), "assign", &world::secretary()).expect("assigned");
    assert_eq!(assigned.handler, Some(world::other_secretary().person));
    let registration = world::registered();
    let assign = |person: domain::people::Person| {
        acknowledged.clone().assign(&person, &registration.object(), &world::secretary(), at(world::NOW))
    };
    let tied = world::also(world::other_secretary(), Role::ProviderMember, world::APPLICANT);
    let mut dismissed = world::person_of(&world::other_secretary());
    dismissed.is_dismissed = true;
    for person in [world::person_of(&world::first()), world::person_of(&tied), dismissed] {
        let refused = assign(person.clone()).expect_err("no handler");
        assert_eq!(refused, ComplaintRefusal::NotHandler { person: person.id });
    }
}

#[test]
fn it_is_acknowledged_within_a_day() {
    let (complaint, settings) = (world::complaint().0, Settings::bundled());
    assert_eq!(complaint.acknowledge_by(settings), at("2026-06-02T01:00:00Z"));
    for (now, is_late) in
        [("2026-06-01T01:00:00Z", false), ("2026-06-02T01:00:00Z", false), ("2026-06-02T01:00:01Z", true)]
    {
        assert_eq!(complaint.is_acknowledged_late(settings, at(now)), is_late, "{now}");
        let registration = world::registered();
        let (then, _) =
            complaint.clone().acknowledge(&registration.object(), &world::secretary(), at(now)).expect("acknowledged");
        // Once it is, time changes nothing about that.
        assert_eq!(then.is_acknowledged_late(settings, at("2027-01-01T00:00:00Z")), is_late, "{now}");
    }
}

#[test]
fn words_are_needed_where_the_reporter_is_told_something() {
    let (registration, by, now) = (world::registered(), world::secretary(), at(world::NOW));
    let about = registration.object();
    for blank in ["", " ", "\u{3000}\n", "\u{200b}"] {
        let replied = world::acknowledged().reply(blank.to_owned(), &about, &by, now);
        assert_eq!(replied.expect_err("no words"), ComplaintRefusal::NoWords);
        let closed = world::acknowledged().close(ComplaintOutcome::OutOfScope, blank.to_owned(), &about, &by, now);
        assert_eq!(closed.expect_err("no words"), ComplaintRefusal::NoWords);
    }
    let closed = closed();
    let closing = closed.closed.as_ref().expect("closed");
    assert_eq!((closing.outcome, closing.reason.as_str()), (ComplaintOutcome::Unsubstantiated, "確かめました。"));
}
