//! Two people for what weighs most: who confirms what another proposed, until when, and what stands in the way.

use std::collections::BTreeMap;

use domain::act::{Act, Deed, PersonId, Role, Subject};
use domain::application::{self, ObjectionOutcome, Ruling};
use domain::authority::{Actor, Denial, Object, Proof};
use domain::calendar::Instant;
use domain::edition::{self, PublishedEdition};
use domain::licence;
use domain::proposal::{DAYS, Motion, Proposal, Refusal, Standing};
use domain::registration::{self, MeasureKind};
use domain::signing_key;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::life::{Life, steps};
use crate::world::{self, NOW, REASON, Refused, at};

/// What is proposed: everything that takes two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Decision,
    Measure,
    Licence,
    Activation,
    Distrust,
    Publication,
    Waiver,
    Objection,
}

use About::{Activation, Decision, Distrust, Licence, Measure, Objection, Publication, Waiver};

impl About {
    const ALL: [Self; 8] = [Decision, Measure, Licence, Activation, Distrust, Publication, Waiver, Objection];

    fn proposer(self) -> Actor {
        match self {
            Decision | Publication => world::decider(),
            Measure | Licence | Waiver => world::secretary(),
            Activation | Distrust => world::operator(),
            Objection => world::hearers()[0].clone(),
        }
    }

    /// Somebody with the proposer's role.
    fn confirmer(self) -> Actor {
        match self {
            Decision | Publication => world::other_decider(),
            Measure | Licence | Waiver => world::other_secretary(),
            Activation | Distrust => world::other_operator(),
            Objection => world::hearers()[1].clone(),
        }
    }

    /// The role of both.
    fn role(self) -> Role {
        self.proposer().memberships[0].role
    }

    /// Every role that may.
    fn roles(self) -> Vec<Role> {
        match self {
            Decision | Objection => vec![Role::DecisionMaker],
            Measure | Licence | Waiver => vec![Role::Secretariat],
            Activation | Distrust => vec![Role::Secretariat, Role::Operator],
            Publication => vec![Role::DecisionMaker, Role::Secretariat],
        }
    }

    /// Of the body's people, somebody who may not.
    fn outsider(self) -> Actor {
        if self.roles().contains(&Role::DecisionMaker) { world::stranger() } else { world::decider() }
    }

    /// Is it about a provider? Keys and editions are the register's own.
    fn is_about_a_provider(self) -> bool {
        matches!(self, Decision | Measure | Licence | Waiver | Objection)
    }

    fn proposed(self, by: &Actor, now: Instant) -> Result<Proposal, Refused> {
        let (id, registration, reason) = (world::proposal_id(), world::registered(), REASON.to_owned());
        let (proposal, _) = match self {
            Decision => {
                let (before, what) = (world::recommended(world::pass()), (world::pass(), Vec::new()));
                before.propose_decision(id, what, &world::ground(&before), by, now)?
            }
            Measure => registration.propose(id, MeasureKind::Suspended, reason, by, now)?,
            Licence => world::licensed().propose_revocation(id, &registration, reason, by, now)?,
            Activation => world::next_key().propose_activation(id, by, now)?,
            Distrust => world::next_key().propose_distrust(id, reason, by, now)?,
            Publication => {
                let (before, text) = (world::first_edition().0, world::correction());
                PublishedEdition::propose(&world::editions(), Some(&before), &text, id, reason, by, now)?
            }
            Waiver => world::tied().propose_waiver(id, &world::first().person, reason, false, by, now)?,
            Objection => world::objected().propose_on_objection(id, ObjectionOutcome::Dismissed, reason, by, now)?,
        };
        Ok(proposal)
    }

    /// As it is made properly, [`NOW`].
    fn open(self) -> Proposal {
        self.proposed(&self.proposer(), at(NOW)).expect("proposed")
    }

    fn confirm(self, proposal: &Proposal, by: &Actor, now: Instant) -> Result<Act, Refused> {
        Ok(match self {
            Decision => {
                let before = world::recommended(world::pass());
                let ground = world::ground(&before);
                before.decide(proposal, &ground, by, now)?.1
            }
            Measure => world::registered().take(proposal, by, now)?.1,
            Licence => world::licensed().revoke(&world::registered(), proposal, by, now)?.1,
            Activation => world::next_key().activate(proposal, by, now)?.1,
            Distrust => world::next_key().distrust(proposal, by, now)?.1,
            Publication => {
                let (before, text) = (world::first_edition().0, world::correction());
                PublishedEdition::publish(&world::editions(), Some(before), &text, proposal, by, now)?.1
            }
            Waiver => world::tied().waive(proposal, false, by, now)?.1,
            Objection => world::objected().decide_objection(proposal, by, now)?.1,
        })
    }

    fn drop_it(self, proposal: Proposal, reason: &str, by: &Actor, now: Instant) -> Result<(Proposal, Act), Refusal> {
        let (application, registration) = (world::recommended(world::pass()), world::registered());
        let (tied, objected) = (world::tied(), world::objected());
        let object = match self {
            Objection => objected.object(),
            Decision => application.object(),
            Waiver => tied.object(),
            Measure | Licence => registration.object(),
            Activation | Distrust | Publication => Object::default(),
        };
        proposal.drop_it(self.found(), reason.to_owned(), &object, by, now)
    }

    /// The version of what it is about.
    fn found(self) -> u32 {
        match self {
            Decision => world::recommended(world::pass()).version,
            Measure => world::registered().version,
            Licence => world::licensed().version,
            Activation | Distrust => world::next_key().version,
            Publication => world::first_edition().0.version,
            Waiver => world::tied().version,
            Objection => world::objected().version,
        }
    }

    /// The refusal of what is proposed.
    fn refused(self, refusal: Refusal) -> Refused {
        match self {
            Decision | Waiver | Objection => application::Refusal::Proposal(refusal).into(),
            Measure => registration::Refusal::Proposal(refusal).into(),
            Licence => licence::Refusal::Proposal(refusal).into(),
            Activation | Distrust => signing_key::Refusal::Proposal(refusal).into(),
            Publication => edition::Refusal::Proposal(refusal).into(),
        }
    }

    fn denied(self, denial: Denial) -> Refused {
        match self {
            Decision | Waiver | Objection => application::Refusal::Denied(denial).into(),
            Measure => registration::Refusal::Denied(denial).into(),
            Licence => licence::Refusal::Denied(denial).into(),
            Activation | Distrust => signing_key::Refusal::Denied(denial).into(),
            Publication => edition::Refusal::Denied(denial).into(),
        }
    }
}

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
        let of_rival = world::also(confirmer.clone(), Role::ProviderMember, world::RIVAL);
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
        registration.propose(id, measure, REASON.to_owned(), &by, at(NOW)).expect("proposed").0
    };
    let (suspend, revoke) = (propose("Q-1", MeasureKind::Suspended), propose("Q-2", MeasureKind::Revoked));
    let (suspended, _) = registration.take(&suspend, &world::other_secretary(), at(NOW)).expect("suspended");
    for proposal in [&suspend, &revoke] {
        assert_eq!(proposal.standing(suspended.version, at(NOW)), Standing::Settled);
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
            Motion::TakeMeasure { measure, reason, .. } => {
                Motion::TakeMeasure { registration: "OTK-2026-00099".parse().expect("a number"), measure, reason }
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
    for (about, deed) in [
        (Decision, decided),
        (Objection, on_objection),
        (Measure, Deed::Suspended { reason: reason.clone(), proposal: proposal.clone() }),
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
        for act in Life::of(&steps).acts {
            match &act.deed {
                Deed::Proposed { motion, about_version, until, .. } => {
                    let proposal = (act.by.person.clone(), motion.subject(), *about_version, *until);
                    made.insert(act.subject.clone(), proposal);
                }
                Deed::ProposalDropped { .. } => drop(made.remove(&act.subject)),
                deed => if let Some(proposal) = proposal_of(deed) {
                    let (by, about, version, until) = made.remove(&proposal).expect("made, not dropped, not used");
                    prop_assert_ne!(by, act.by.person);
                    prop_assert_eq!((about, version + 1), (act.subject, act.version));
                    prop_assert!(act.at < until);
                },
            }
        }
    }
}
