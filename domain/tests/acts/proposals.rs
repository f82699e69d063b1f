//! Two people for what weighs most: who confirms what another proposed, until when, and what stands in the way.

mod about;

use std::collections::BTreeMap;

use domain::act::{Deed, PersonId, Role, Subject};
use domain::application::{self, ObjectionOutcome, Ruling};
use domain::authority::{Actor, Denial, Object, Proof};
use domain::calendar::Instant;
use domain::licence;
use domain::proposal::{DAYS, Motion, Proposal, Refusal, Standing};
use domain::registration::{self, MeasureKind};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use about::About::{
    self, Activation, Decision, Distrust, Licence, Measure, MeasureObjection, Objection, Publication, Succession,
    Waiver,
};

use crate::life::{Life, steps};
use crate::world::{self, NOW, REASON, Refused, at};

/// Signed in this many seconds before `now`.
fn signed_in(by: Actor, ago: i64, now: Instant) -> Actor {
    let signed_in_at = Instant::from_unix(now.unix() - ago).expect("an instant");
    Actor { proof: Proof::Session { signed_in_at }, ..by }
}

#[test]
fn who_may_be_the_second_person() {
    for about in About::ALL {
        let (proposer, confirmer, role) = (about.proposer(), about.confirmer(), about.role());
        let own = || Err(about.refused(Refusal::OwnProposal));
        let denied = |denial| Err(about.denied(denial));
        let tied = if about.is_about_a_provider() { denied(Denial::OwnOrganisation) } else { Ok(()) };
        let elsewhere = Actor { memberships: vec![world::membership(role, "O-BRANCH")], ..proposer.clone() };
        let of_applicant = world::also(confirmer.clone(), Role::ProviderMember, world::APPLICANT);
        // Whom it goes over to is as near to it as whoever has it.
        let third = if about == Succession { "O-ELSEWHERE" } else { world::RIVAL };
        let of_rival = world::also(confirmer.clone(), Role::ProviderMember, third);
        let key = Actor { proof: Proof::Key { scopes: [].into() }, ..confirmer.clone() };
        for (name, by, expected) in [
            ("the proposer", proposer.clone(), own()),
            ("the proposer, for another organisation", elsewhere, own()),
            ("the proposer, with another role besides", world::also(proposer, Role::Auditor, world::BODY), own()),
            ("another", confirmer.clone(), Ok(())),
            ("a third", world::actor("P-THIRD", role, world::BODY), Ok(())),
            ("another in the wrong role", world::acting_as(&confirmer, Role::Auditor), denied_role(about)),
            ("the applicant", world::applicant(), denied_role(about)),
            ("one who belongs to the applicant", of_applicant, tied),
            ("one who belongs to another provider", of_rival, Ok(())),
            ("an API key", key, denied(Denial::Scope { needed: None })),
            ("one who signed in 300 s ago", signed_in(confirmer.clone(), 300, at(NOW)), Ok(())),
            ("one who signed in 301 s ago", signed_in(confirmer, 301, at(NOW)), denied(Denial::SignInAgain)),
        ] {
            let confirmed = about.confirm(&about.open(), &by, at(NOW)).map(drop);
            assert_eq!(confirmed, expected, "{about:?} confirmed by {name}");
        }
    }
}

fn denied_role(about: About) -> Result<(), Refused> {
    Err(about.denied(Denial::Role { needed: about.roles() }))
}

/// Who examined neither proposes, confirms nor drops a decision, whatever role they have by now.
#[test]
fn who_examined_has_no_part_in_the_decision() {
    let examined = Decision.denied(Denial::Examined);
    for examiner in [world::first(), world::second()] {
        let by = world::also(examiner, Role::DecisionMaker, world::BODY);
        assert_eq!(Decision.proposed(&by, at(NOW)).map(drop), Err(examined.clone()));
        assert_eq!(Decision.confirm(&Decision.open(), &by, at(NOW)).map(drop), Err(examined.clone()));
        let dropped = Decision.drop_it(Decision.open(), REASON, &by, at(NOW)).map(drop);
        assert_eq!(dropped, Err(Refusal::Denied(Denial::Examined)));
    }
}

/// Proposing takes what confirming takes.
#[test]
fn a_proposal_is_made_on_a_fresh_sign_in() {
    for about in About::ALL {
        for (ago, expected) in [(300, Ok(())), (301, Err(about.denied(Denial::SignInAgain)))] {
            let by = signed_in(about.proposer(), ago, at(NOW));
            assert_eq!(about.proposed(&by, at(NOW)).map(drop), expected, "{about:?}, signed in {ago} s ago");
            let dropped = about.drop_it(about.open(), REASON, &by, at(NOW)).map(drop);
            let expected = expected.map_err(|_| Refusal::Denied(Denial::SignInAgain));
            assert_eq!(dropped, expected, "{about:?} dropped, signed in {ago} s ago");
        }
    }
}

/// Made on a day in Japan, it is open that day and the fourteen after it.
#[test]
fn a_proposal_expires_at_midnight_in_japan() {
    assert_eq!(DAYS, 14);
    for (made, last_second, first_after) in [
        ("2026-06-01T01:00:00Z", "2026-06-15T14:59:59Z", "2026-06-15T15:00:00Z"),
        ("2026-06-01T14:59:59Z", "2026-06-15T14:59:59Z", "2026-06-15T15:00:00Z"),
        ("2026-06-01T15:00:00Z", "2026-06-16T14:59:59Z", "2026-06-16T15:00:00Z"),
    ] {
        for about in About::ALL {
            let proposal = about.proposed(&about.proposer(), at(made)).expect("proposed");
            assert_eq!((proposal.made_at, proposal.until), (at(made), at(first_after)), "{about:?} at {made}");
            let (found, by, closed) = (about.found(), about.confirmer(), Refusal::Closed(Standing::Expired));
            for (now, standing, refusal) in [
                (made, Standing::Open, None),
                (last_second, Standing::Open, None),
                (first_after, Standing::Expired, Some(closed)),
            ] {
                assert_eq!(proposal.standing(found, at(now)), standing, "{about:?} at {now}");
                let expected = refusal.clone().map_or(Ok(()), |refusal| Err(about.refused(refusal)));
                let confirmed = about.confirm(&proposal, &by, at(now)).map(drop);
                assert_eq!(confirmed, expected, "{about:?} made {made}, confirmed {now}");
                let dropped = about.drop_it(proposal.clone(), REASON, &by, at(now)).map(drop);
                assert_eq!(dropped, refusal.map_or(Ok(()), Err), "{about:?} made {made}, dropped {now}");
            }
        }
    }
}

/// Whoever could confirm it may, and so may its proposer; nobody else.
#[test]
fn who_drops_a_proposal() {
    for about in About::ALL {
        let (proposer, confirmer) = (about.proposer(), about.confirmer());
        let tied = if about.is_about_a_provider() { Err(Refusal::Denied(Denial::OwnOrganisation)) } else { Ok(()) };
        let role = Err(Refusal::Denied(Denial::Role { needed: about.roles() }));
        let of_applicant = world::also(proposer.clone(), Role::ProviderMember, world::APPLICANT);
        for (name, by, expected) in [
            ("its proposer", &proposer, Ok(())),
            ("another", &confirmer, Ok(())),
            ("one of the body's who may not", &about.outsider(), role.clone()),
            ("the applicant", &world::applicant(), role.clone()),
            ("an auditor", &world::acting_as(&confirmer, Role::Auditor), role),
            ("its proposer, of the applicant by now", &of_applicant, tied),
        ] {
            let dropped = about.drop_it(about.open(), REASON, by, at(NOW));
            assert_eq!(dropped.map(drop), expected, "{about:?} dropped by {name}");
        }
        for blank in ["", " 　\n"] {
            let dropped = about.drop_it(about.open(), blank, &proposer, at(NOW));
            assert_eq!(dropped.map(drop), Err(Refusal::NoReason), "{about:?}");
        }
    }
}

#[test]
fn a_dropped_proposal_is_closed_and_says_why() {
    for about in About::ALL {
        let (by, early) = (about.confirmer(), at(world::SUBMITTED));
        let (dropped, act) = about.drop_it(about.open(), REASON, &by, early).expect("dropped");
        assert_eq!(act.deed, Deed::ProposalDropped { reason: REASON.to_owned() });
        assert_eq!((act.version, act.at, &act.by), (2, at(NOW), &world::caller(&by)), "never before it was made");
        let why = dropped.dropped.clone().expect("it says so");
        assert_eq!((why.by, why.at, why.reason.as_str()), (by.person.clone(), at(NOW), REASON));
        assert_eq!(dropped.standing(about.found(), at(NOW)), Standing::Dropped);
        let closed = Refusal::Closed(Standing::Dropped);
        let confirmed = about.confirm(&dropped, &by, at(NOW)).map(drop);
        assert_eq!(confirmed, Err(about.refused(closed.clone())), "{about:?}");
        assert_eq!(about.drop_it(dropped, REASON, &by, at(NOW)).map(drop), Err(closed), "{about:?}, again");
    }
}

/// What it is about has changed since, though it could still be done.
#[test]
fn a_proposal_about_what_has_changed_is_settled() {
    for about in About::ALL {
        let closed = Refusal::Closed(Standing::Settled);
        for off in [-1_i32, 1] {
            let version = about.found().checked_add_signed(off).expect("a version");
            let proposal = Proposal { about_version: version, ..about.open() };
            assert_eq!(proposal.standing(about.found(), at(NOW)), Standing::Settled, "{about:?}");
            let confirmed = about.confirm(&proposal, &about.confirmer(), at(NOW)).map(drop);
            assert_eq!(confirmed, Err(about.refused(closed.clone())), "{about:?}");
            let dropped = about.drop_it(proposal, REASON, &about.proposer(), at(NOW)).map(drop);
            assert_eq!(dropped, Err(closed.clone()), "{about:?}");
        }
    }
}

/// Of two proposals about one registration, the second is settled by the first.
#[test]
fn one_of_two_proposals_settles_the_other() {
    let (registration, by) = (world::registered(), world::secretary());
    let propose = |id: &str, measure| {
        let id = id.parse().expect("an id");
        let plan = world::plan(measure, at(NOW));
        registration.propose(id, measure, REASON.to_owned(), plan, &by, at(NOW)).expect("proposed").0
    };
    let (suspend, revoke) = (propose("Q-1", MeasureKind::Suspended), propose("Q-2", MeasureKind::Revoked));
    let (suspended, _) = registration.take(&suspend, &world::other_secretary(), at(NOW)).expect("suspended");
    for proposal in [&suspend, &revoke] {
        assert_eq!(proposal.standing(suspended.measured(), at(NOW)), Standing::Settled);
    }
    let revoked = suspended.take(&revoke, &world::other_secretary(), at(NOW)).map(drop);
    let settled = registration::Refusal::Proposal(Refusal::Closed(Standing::Settled));
    assert_eq!(revoked, Err(settled));
}

/// What cannot be done any more is refused for that, whatever was proposed.
#[test]
fn the_state_is_asked_again() {
    let (decider, secretary, now) = (world::other_decider(), world::other_secretary(), at(NOW));
    for (before, found) in [(world::withdrawn(), "withdrawn"), (world::decided(world::pass()), "decided")] {
        let stage = application::Refusal::Stage { found, needed: "recommended" };
        let ground = world::ground(&before);
        assert_eq!(before.decide(&Decision.open(), &ground, &decider, now).map(drop), Err(stage), "{found}");
    }
    let lapses = at("2028-04-30T15:00:00Z");
    let made = at("2028-04-30T14:59:59Z");
    let proposal = Measure.proposed(&world::secretary(), made).expect("proposed");
    let status = registration::Refusal::Status { found: "lapsed", needed: "valid" };
    assert_eq!(Measure.confirm(&proposal, &secretary, made).map(drop), Ok(()));
    assert_eq!(Measure.confirm(&proposal, &secretary, lapses).map(drop), Err(status.into()));
    let registration = world::registered();
    let ended = world::licensed().end(&registration, REASON.to_owned(), &secretary, now).expect("ended").0;
    let revoked = ended.revoke(&registration, &Licence.open(), &secretary, now).map(drop);
    assert_eq!(revoked, Err(licence::Refusal::Closed));
}

#[test]
fn another_motion_confirms_nothing() {
    for about in About::ALL {
        let other = about.refused(Refusal::OtherMotion);
        for elsewhere in About::ALL.into_iter().filter(|elsewhere| *elsewhere != about) {
            let confirmed = about.confirm(&elsewhere.open(), &about.confirmer(), at(NOW)).map(drop);
            assert_eq!(confirmed, Err(other.clone()), "{about:?} by a proposal of {elsewhere:?}");
        }
        let motion = match about.open().motion {
            Motion::Decide { decision, conditions, .. } => {
                Motion::Decide { application: "A-2026-00099".parse().expect("an id"), decision, conditions }
            }
            Motion::TakeMeasure { measure, reason, plan, .. } => {
                Motion::TakeMeasure { registration: "OTK-2026-00099".parse().expect("a number"), measure, reason, plan }
            }
            Motion::DecideMeasureObjection { measure, outcome, reason, .. } => {
                let registration = "OTK-2026-00099".parse().expect("a number");
                Motion::DecideMeasureObjection { registration, measure, outcome, reason }
            }
            Motion::Succeed { succession, provider, .. } => {
                let registration = "OTK-2026-00099".parse().expect("a number");
                Motion::Succeed { registration, succession, provider }
            }
            Motion::RevokeLicence { reason, .. } => {
                Motion::RevokeLicence { licence: "00000000".parse().expect("an id"), reason }
            }
            Motion::ActivateKey { .. } => Motion::ActivateKey { key: world::key_id("09090909") },
            Motion::CompromiseKey { reason, .. } => Motion::CompromiseKey { key: world::key_id("09090909"), reason },
            Motion::PublishEdition { digest, reason, .. } => {
                Motion::PublishEdition { edition: "1.1".parse().expect("an id"), digest, reason }
            }
            Motion::WaiveConflict { examiner, reason, .. } => {
                Motion::WaiveConflict { application: "A-2026-00099".parse().expect("an id"), examiner, reason }
            }
            Motion::ChangeSetting { .. } | Motion::ChangeHolidays { .. } => panic!("settings.rs has those"),
            Motion::DecideObjection { outcome, reason, .. } => {
                Motion::DecideObjection { application: "A-2026-00099".parse().expect("an id"), outcome, reason }
            }
        };
        let proposal = Proposal { motion, ..about.open() };
        let confirmed = about.confirm(&proposal, &about.confirmer(), at(NOW)).map(drop);
        assert_eq!(confirmed, Err(other), "{about:?} by a proposal about another");
    }
}

/// The act is the second person's, says what was proposed, and names the proposal; the proposal names the first.
#[test]
fn what_is_confirmed_is_what_was_proposed() {
    let (proposal, reason) = (world::proposal_id(), REASON.to_owned());
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(world::correction()));
    let published = Deed::EditionPublished {
        digest,
        in_force_from: world::day("2026-04-01"),
        reason: Some(reason.clone()),
        proposal: Some(proposal.clone()),
    };
    let recommended = world::recommended(world::pass());
    let ruling = Ruling {
        basis: recommended.basis_on(&world::ground(&recommended)),
        deciders: [world::decider().person, world::other_decider().person],
        objection_until: None,
    };
    let ruling = Some(Box::new(ruling));
    let decided = Deed::Decided { decision: world::pass(), proposal: proposal.clone(), conditions: Vec::new(), ruling };
    let (outcome, proposed) = (ObjectionOutcome::Dismissed, proposal.clone());
    let on_objection = Deed::ObjectionDecided { outcome, reason: reason.clone(), proposal: proposed };
    let (outcome, proposed) = (ObjectionOutcome::Dismissed, proposal.clone());
    let on_measure = Deed::MeasureObjectionDecided { measure: 1, outcome, reason: reason.clone(), proposal: proposed };
    let suspension = world::suspended(world::registered(), at(NOW)).measures[0].grounds.clone();
    let Deed::Succeeded { succession, declaration, listing, .. } =
        world::succeeded(world::registered(), at(NOW)).2.deed
    else {
        panic!("it went over");
    };
    let succession = Box::new(registration::Succession { on: world::registered().registered_at.day(), ..*succession });
    let succeeded = Deed::Succeeded { succession, declaration, listing, proposal: proposal.clone() };
    for (about, deed) in [
        (Succession, succeeded),
        (Decision, decided),
        (Objection, on_objection),
        (Measure, Deed::Suspended { reason: reason.clone(), proposal: proposal.clone(), grounds: suspension }),
        (MeasureObjection, on_measure),
        (Licence, Deed::LicenceRevoked { reason: reason.clone(), proposal: proposal.clone() }),
        (Activation, Deed::KeyActivated { proposal: proposal.clone() }),
        (Distrust, Deed::KeyCompromised { reason, proposal: proposal.clone() }),
        (Publication, published),
        (Waiver, Deed::ConflictWaived { examiner: world::first().person, reason: REASON.to_owned(), proposal }),
    ] {
        let open = about.open();
        assert_eq!(
            (&open.id, open.version, open.about_version),
            (&world::proposal_id(), 1, about.found()),
            "{about:?}"
        );
        assert_eq!((&open.by, &open.dropped), (&about.proposer().person, &None), "{about:?}");
        let act = about.confirm(&open, &about.confirmer(), at(NOW)).expect("confirmed");
        assert_eq!((act.deed, act.by), (deed, world::caller(&about.confirmer())), "{about:?}");
        assert_eq!(act.subject, open.motion.subject(), "{about:?}");
        assert_eq!(open.standing(act.version, at(NOW)), Standing::Settled, "confirmed, {about:?} is done with");
    }
}

/// Refused for oneself first, so that a closed proposal tells nobody less.
#[test]
fn the_first_refusal_is_about_the_caller() {
    for about in About::ALL {
        let long_after = at("2026-12-01T00:00:00Z");
        let confirmed = |by: &Actor| about.confirm(&about.open(), by, long_after).map(drop);
        assert_eq!(confirmed(&world::applicant()), denied_role(about), "not: expired");
        assert_eq!(confirmed(&about.proposer()), Err(about.refused(Refusal::OwnProposal)), "not: expired");
        let dropped = about.drop_it(about.open(), "", &world::applicant(), long_after).map(drop);
        assert_eq!(dropped, Err(Refusal::Denied(Denial::Role { needed: about.roles() })), "not: expired");
        let nothing =
            about.open().drop_it(about.found(), REASON.to_owned(), &Object::default(), &about.proposer(), at(NOW));
        assert!(nothing.is_ok(), "{about:?}");
    }
}

#[test]
fn a_standing_has_a_word() {
    let standings = [Standing::Open, Standing::Dropped, Standing::Settled, Standing::Expired];
    assert_eq!(standings.map(Standing::as_str), ["open", "dropped", "settled", "expired"]);
}

/// What a weighty act says of its proposal.
fn proposal_of(deed: &Deed) -> Option<Subject> {
    match deed {
        Deed::Decided { proposal, .. }
        | Deed::Suspended { proposal, .. }
        | Deed::Reinstated { proposal, .. }
        | Deed::Revoked { proposal, .. }
        | Deed::ObjectionDecided { proposal, .. }
        | Deed::Cautioned { proposal, .. }
        | Deed::CorrectionDemanded { proposal, .. }
        | Deed::MeasureObjectionDecided { proposal, .. }
        | Deed::Succeeded { proposal, .. }
        | Deed::LicenceRevoked { proposal, .. } => Some(Subject::Proposal(proposal.clone())),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people try: behind each of these acts stand two people, and a proposal that was open.
    #[test]
    fn no_weighty_act_is_one_persons(steps in steps()) {
        let mut made: BTreeMap<Subject, (PersonId, Subject, u32, Instant)> = BTreeMap::new();
        // Of a registration counts what was done about its measures: nothing else settles a proposal about them.
        let mut measured = 1;
        for act in Life::of(&steps).acts {
            if let Subject::Registration(_) = &act.subject {
                let is_counted = matches!(
                    act.deed, Deed::EmergencySuspended { .. } | Deed::EmergencyConfirmed {}
                );
                measured += u32::from(is_counted || proposal_of(&act.deed).is_some());
            }
            match &act.deed {
                Deed::Proposed { motion, about_version, until, .. } => {
                    let proposal = (act.by.person.clone(), motion.subject(), *about_version, *until);
                    made.insert(act.subject.clone(), proposal);
                }
                Deed::ProposalDropped { .. } => drop(made.remove(&act.subject)),
                deed => if let Some(proposal) = proposal_of(deed) {
                    let (by, about, version, until) = made.remove(&proposal).expect("made, not dropped, not used");
                    prop_assert_ne!(by, act.by.person);
                    let found = if matches!(about, Subject::Registration(_)) { measured } else { act.version };
                    prop_assert_eq!((about, version + 1), (act.subject, found));
                    prop_assert!(act.at < until);
                },
            }
        }
    }
}
