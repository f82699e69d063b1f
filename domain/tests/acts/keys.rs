//! Signing keys 「署名鍵」: the next, the one that signs, those that signed, and those that are not trusted.

use domain::act::{Act, Deed, Replay, Role};
use domain::authority::{Actor, Denial};
use domain::calendar::Instant;
use domain::proposal::{self, Motion, Standing};
use domain::signing_key::{KeyState, Refusal, SigningKey};
use proptest::prelude::*;

use crate::application::rows;
use crate::world::{self, NOW, REASON, SUBMITTED, at};

/// State by motion: the state it leads to, or `.` where that state forbids it. The register's first key signs from its
/// creation and is never activated.
const MOTIONS: &str = "
state             activate  distrust
first             .         compromised
next              active    compromised
activated         .         compromised
retired           .         compromised
compromised       .         .
compromised_next  .         .
";

/// Who signs from the beginning, and who follows.
const FIRST: &str = "01020304";
const SECOND: &str = "05060708";
const THIRD: &str = "09101112";

fn first() -> SigningKey {
    world::key(FIRST, false, SUBMITTED).0
}

fn next(id: &str) -> SigningKey {
    world::key(id, true, SUBMITTED).0
}

/// A key, and all keys of the register.
fn in_state(name: &str) -> (SigningKey, Vec<SigningKey>) {
    let now = at(NOW);
    let activated = || activate(next(SECOND), now).expect("activated").0;
    let (key, other) = match name {
        "first" => (first(), next(SECOND)),
        "next" => (next(SECOND), first()),
        "activated" => (activated(), first()),
        "retired" => (first(), activated()),
        "compromised" => (distrust(activated(), now).expect("distrusted").0, first()),
        "compromised_next" => (distrust(next(SECOND), now).expect("distrusted").0, first()),
        other => panic!("no such state: {other}"),
    };
    (key.clone(), vec![key, other])
}

/// Proposed by one operator and confirmed by another.
fn activate(key: SigningKey, now: Instant) -> Result<(SigningKey, Act), Refusal> {
    let (proposal, _) = key.propose_activation(world::proposal_id(), &world::operator(), now)?;
    key.activate(&proposal, &world::other_operator(), now)
}

/// Proposed by one operator and confirmed by another.
fn distrust(key: SigningKey, now: Instant) -> Result<(SigningKey, Act), Refusal> {
    let (proposal, _) = key.propose_distrust(world::proposal_id(), REASON.to_owned(), &world::operator(), now)?;
    key.distrust(&proposal, &world::other_operator(), now)
}

/// `by` proposes it.
fn propose(motion: &str, key: &SigningKey, by: &Actor) -> Result<(), Refusal> {
    let (id, reason) = (world::proposal_id(), REASON.to_owned());
    match motion {
        "activate" => key.propose_activation(id, by, at(NOW)).map(drop),
        "distrust" => key.propose_distrust(id, reason, by, at(NOW)).map(drop),
        other => panic!("no such motion: {other}"),
    }
}

/// `by` confirms what an operator proposed, as that proposal's record would be.
fn confirm(motion: &str, key: SigningKey, reason: &str, by: &Actor) -> Result<(SigningKey, Act), Refusal> {
    let (id, now) = (key.id.clone(), at(NOW));
    let recorded = |motion| world::proposed(motion, key.version, &world::operator(), now);
    match motion {
        "activate" => {
            let proposal = recorded(Motion::ActivateKey { key: id });
            key.activate(&proposal, by, now)
        }
        _ => {
            let proposal = recorded(Motion::CompromiseKey { key: id, reason: reason.to_owned() });
            key.distrust(&proposal, by, now)
        }
    }
}

#[test]
fn every_state_and_motion_is_decided() {
    let mut cells = 0;
    for (name, row) in rows(MOTIONS) {
        for (motion, to) in row {
            let (key, mut all) = in_state(name);
            let now_it_is = key.state(&all).as_str();
            let word = if name == "compromised_next" { "compromised" } else { name };
            let word = if matches!(name, "first" | "activated") { "active" } else { word };
            assert_eq!(now_it_is, word, "{name}");
            // A key does not know of the others: it has been activated, and whether it still signs is not said.
            let is_activated = motion == "activate" && matches!(now_it_is, "active" | "retired");
            let found = if is_activated { "activated" } else { now_it_is };
            let needed = if motion == "activate" { "next" } else { "next, active, retired" };
            let expected = if to == "." { Err(Refusal::State { found, needed }) } else { Ok(to) };
            let proposed = propose(motion, &key, &world::operator());
            assert_eq!(proposed, expected.clone().map(drop), "{motion} proposed when {name}");
            let confirmed = confirm(motion, key.clone(), REASON, &world::other_operator());
            if let Ok((state, act)) = &confirmed {
                assert_eq!((act.version, act.at), (key.version + 1, at(NOW)), "{motion} when {name}");
                assert_eq!(SigningKey::replay(Some(key.clone()), act).as_ref(), Ok(state), "{motion} when {name}");
                all[0] = state.clone();
            }
            assert_eq!(confirmed.map(|(state, _)| state.state(&all).as_str()), expected, "{motion} when {name}");
            cells += 1;
        }
    }
    assert_eq!(cells, 6 * 2);
}

/// A register's keys day by day: what two people do, what each key is afterwards (`.` not made yet), and which signs.
const DAYS: &str = "
day         done              first        second       third   signs
2026-04-01  first_made        active       .            .       first
2026-06-01  second_made       active       next         .       first
2026-06-02  second_activated  retired      active       .       second
2026-06-03  third_made        retired      active       next    second
2026-06-04  second_lost       retired      compromised  next    nobody
2026-06-05  third_activated   retired      compromised  active  third
2026-06-06  first_lost        compromised  compromised  active  third
2026-06-07  third_lost        compromised  compromised  compromised  nobody
";

#[test]
fn one_key_signs_after_the_other() {
    let names = ["first", "second", "third"];
    let ids = [FIRST, SECOND, THIRD];
    let mut keys: Vec<SigningKey> = Vec::new();
    for (day, row) in rows(DAYS) {
        let [(_, done), states @ .., (_, signs)] = &row[..] else { panic!("{day}: no columns") };
        let now = at(&format!("{day}T01:00:00Z"));
        let (name, deed) = done.split_once('_').expect("a key and what was done");
        let place = names.iter().position(|known| *known == name).expect("a key");
        match deed {
            "made" => keys.push(world::key(ids[place], place > 0, &now.to_string()).0),
            "activated" => keys[place] = activate(keys[place].clone(), now).expect("activated").0,
            _ => keys[place] = distrust(keys[place].clone(), now).expect("distrusted").0,
        }
        for ((key, expected), place) in states.iter().zip(0..) {
            let found = keys.get(place).map_or(".", |found| found.state(&keys).as_str());
            assert_eq!(found, *expected, "{key} on {day}");
        }
        let found = SigningKey::active(&keys, "licence").map(|key| key.id.as_str());
        let signer = names.iter().position(|known| known == signs).map(|place| ids[place]);
        assert_eq!(found, signer, "who signs on {day}");
    }
}

/// Since when: a reader of the log dates every signature by these.
#[test]
fn a_state_has_a_beginning() {
    let [made, activated, lost] = ["2026-04-01T01:00:00Z", "2026-06-01T01:00:00Z", "2026-07-01T01:00:00Z"].map(at);
    let second = activate(next(SECOND), activated).expect("activated").0;
    let third = activate(next(THIRD), lost).expect("activated").0;
    let distrusted = |key: &SigningKey| distrust(key.clone(), lost).expect("distrusted").0;
    for (name, key, others, expected) in [
        ("the first, alone", first(), vec![], KeyState::Active { since: made }),
        ("the first, beside the next", first(), vec![next(SECOND)], KeyState::Active { since: made }),
        ("the next", next(SECOND), vec![first()], KeyState::Next),
        ("the second", second.clone(), vec![first()], KeyState::Active { since: activated }),
        ("the first, followed", first(), vec![second.clone()], KeyState::Retired { since: activated }),
        ("the same, later", first(), vec![second.clone(), third.clone()], KeyState::Retired { since: activated }),
        ("the same, in another order", first(), vec![third.clone(), second.clone()], {
            KeyState::Retired { since: activated }
        }),
        ("the second, followed", second.clone(), vec![first(), third], KeyState::Retired { since: lost }),
        ("the first, its follower lost", first(), vec![distrusted(&second)], KeyState::Retired { since: activated }),
        ("the first, the next lost", first(), vec![distrusted(&next(SECOND))], KeyState::Active { since: made }),
        ("lost", distrusted(&second), vec![first()], KeyState::Compromised { since: lost }),
        ("lost when retired", distrusted(&first()), vec![second], KeyState::Compromised { since: lost }),
    ] {
        let all: Vec<_> = [key.clone()].into_iter().chain(others).collect();
        assert_eq!(key.state(&all), expected, "{name}");
    }
}

/// A key of the log does not retire one of licences.
#[test]
fn one_key_has_one_purpose() {
    let log = SigningKey { purpose: "log".to_owned(), ..activate(next(SECOND), at(NOW)).expect("activated").0 };
    let all = [first(), log];
    for (key, purpose) in all.iter().zip(["licence", "log"]) {
        assert_eq!(SigningKey::active(&all, purpose), Some(key));
    }
    assert_eq!(SigningKey::active(&all, "status"), None, "it never had one");
}

/// Two activated in one second: everybody takes the same one, wherever it stands in the list.
#[test]
fn of_two_in_one_second_the_greater_id_signs() {
    let [second, third] = [SECOND, THIRD].map(|id| activate(next(id), at(NOW)).expect("activated").0);
    for all in [[second.clone(), third.clone()], [third.clone(), second.clone()]] {
        assert_eq!(SigningKey::active(&all, "licence"), Some(&third));
        assert_eq!(second.state(&all), KeyState::Retired { since: at(NOW) });
    }
}

/// Who may propose and confirm, and in which role.
const WHO: &str = "
role             activate  distrust
provider_owner   .         .
provider_member  .         .
delegated_agent  .         .
user             .         .
examiner         .         .
decision_maker   .         .
secretariat      yes       yes
auditor          .         .
operator         yes       yes
";

#[test]
fn who_may() {
    let denied = Refusal::Denied(Denial::Role { needed: vec![Role::Secretariat, Role::Operator] });
    let mut roles = Vec::new();
    for (role, row) in rows(WHO) {
        let role: Role = role.parse().expect("a role");
        roles.push(role);
        let by = world::actor("P-SOMEBODY", role, world::BODY);
        for (motion, cell) in row {
            let expected = if cell == "yes" { Ok(()) } else { Err(denied.clone()) };
            assert_eq!(propose(motion, &next(SECOND), &by), expected, "{motion} proposed as {role}");
            let confirmed = confirm(motion, next(SECOND), REASON, &by);
            if let Ok((_, act)) = &confirmed {
                assert_eq!(act.by, world::caller(&by), "{motion} as {role}");
            }
            assert_eq!(confirmed.map(drop), expected, "{motion} confirmed as {role}");
        }
    }
    assert_eq!(roles, Role::ALL);
}

/// Two people, whatever their roles; one person with both roles is one.
#[test]
fn an_operator_and_a_secretary_are_two_people() {
    let own = || Err(Refusal::Proposal(proposal::Refusal::OwnProposal));
    for motion in ["activate", "distrust"] {
        for (name, by, expected) in [
            ("the proposer", world::operator(), own()),
            ("the proposer as a secretary", world::acting_as(&world::operator(), Role::Secretariat), own()),
            ("the proposer, elsewhere", world::actor("P-OPERATOR", Role::Secretariat, "O-BRANCH"), own()),
            ("another operator", world::other_operator(), Ok(())),
            ("a secretary", world::secretary(), Ok(())),
        ] {
            let confirmed = confirm(motion, next(SECOND), REASON, &by).map(drop);
            assert_eq!(confirmed, expected, "{motion} confirmed by {name}");
        }
    }
}

/// What is published of a compromised key is why; so there is one.
#[test]
fn nothing_is_distrusted_without_a_reason() {
    let by = world::operator();
    for blank in ["", " 　\n", "\u{200b}"] {
        let proposed = first().propose_distrust(world::proposal_id(), blank.to_owned(), &by, at(NOW)).map(drop);
        assert_eq!(proposed, Err(Refusal::NoReason), "{blank:?}");
        let confirmed = confirm("distrust", first(), blank, &world::other_operator()).map(drop);
        assert_eq!(confirmed, Err(Refusal::NoReason), "{blank:?}");
    }
    let (_, act) = distrust(first(), at(NOW)).expect("distrusted");
    assert_eq!(act.deed.open(), Some(serde_json::json!({ "reason": REASON })));
}

/// Of two proposals about one key, the first that is confirmed settles the other, though it could still be done.
#[test]
fn one_of_two_proposals_settles_the_other() {
    let (by, second, now) = (world::operator(), world::other_operator(), at(NOW));
    let key = next(SECOND);
    let (activation, _) = key.propose_activation("Q-1".parse().expect("an id"), &by, now).expect("proposed");
    let reason = REASON.to_owned();
    let (leak, _) = key.propose_distrust("Q-2".parse().expect("an id"), reason, &by, now).expect("proposed");
    let settled = || Err(Refusal::Proposal(proposal::Refusal::Closed(Standing::Settled)));

    let (active, _) = key.clone().activate(&activation, &second, now).expect("activated");
    assert_eq!(leak.standing(active.version, now), Standing::Settled);
    assert_eq!(active.clone().distrust(&leak, &second, now).map(drop), settled());
    // Proposed anew, it is done.
    assert!(distrust(active, now).is_ok());

    let (lost, _) = key.distrust(&leak, &second, now).expect("distrusted");
    let state = Refusal::State { found: "compromised", needed: "next" };
    assert_eq!(lost.activate(&activation, &second, now).map(drop), Err(state), "never a key that was lost");
}

#[test]
fn a_keys_record_begins_with_its_creation() {
    for (is_next, signs_from) in [(false, Some(at(NOW))), (true, None)] {
        let (key, act) = world::key(FIRST, is_next, NOW);
        assert_eq!((key.version, key.created_at, key.purpose.as_str()), (1, at(NOW), "licence"));
        assert_eq!((key.signs_from(), key.activated_at, &key.compromised), (signs_from, None, &None));
        let public = world::DIGEST.to_owned();
        assert_eq!(act.deed, Deed::KeyCreated { purpose: "licence".to_owned(), public, is_next });
        assert_eq!(act.subject.to_string(), "key/01020304");
        // Records and leaves of keys that were made before there were next ones have no such field.
        let says = |value: serde_json::Value| value.get("isNext").is_some();
        assert_eq!(says(serde_json::to_value(&key).expect("JSON")), is_next);
        assert_eq!(says(serde_json::to_value(&act.deed).expect("JSON")), is_next);
        assert_eq!(says(act.deed.facts()), is_next);
        let again: SigningKey = serde_json::from_value(serde_json::to_value(&key).expect("JSON")).expect("a key");
        assert_eq!(again, key);
    }
}

/// Machines' clocks disagree; a key's acts are in order, and so are proposals about it.
#[test]
fn nothing_is_done_before_what_it_follows() {
    let early = at("2026-03-31T00:00:00Z");
    let (proposal, made) =
        next(SECOND).propose_activation(world::proposal_id(), &world::operator(), early).expect("made");
    assert_eq!((made.at, proposal.until), (at(SUBMITTED), at("2026-04-15T15:00:00Z")));
    let (active, act) = activate(next(SECOND), early).expect("activated");
    assert_eq!((act.at, active.activated_at), (at(SUBMITTED), Some(at(SUBMITTED))));
    let (active, _) = activate(next(SECOND), at(NOW)).expect("activated");
    let (lost, act) = distrust(active, early).expect("distrusted");
    assert_eq!((act.at, lost.compromised.map(|compromised| compromised.at)), (at(NOW), Some(at(NOW))));
}

/// How far a key has come; it never goes back.
fn rank(state: KeyState) -> usize {
    ["next", "active", "retired", "compromised"].iter().position(|word| *word == state.as_str()).expect("a word")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is tried with three keys, seconds apart or in one: at most one signs, none comes back, and a state's
    /// beginning is not moved by what follows.
    #[test]
    fn at_most_one_key_signs(steps in prop::collection::vec((0..3usize, any::<bool>(), 0..3i64), 0..12)) {
        let (mut keys, mut now) = (vec![first(), next(THIRD), next(SECOND)], at(NOW));
        for (place, is_loss, wait) in steps {
            now = Instant::from_unix(now.unix() + wait).expect("an instant");
            let before: Vec<_> = keys.iter().map(|key| key.state(&keys)).collect();
            let key = keys[place].clone();
            if let Ok((key, _)) = if is_loss { distrust(key, now) } else { activate(key, now) } {
                keys[place] = key;
            }
            let after: Vec<_> = keys.iter().map(|key| key.state(&keys)).collect();
            for (was, is) in before.iter().zip(&after) {
                prop_assert!(rank(*was) < rank(*is) || was == is, "{:?} after {:?}", is, was);
            }
            let active: Vec<_> = after.iter().zip(&keys).filter(|(state, _)| rank(**state) == 1).collect();
            prop_assert!(active.len() <= 1);
            prop_assert_eq!(SigningKey::active(&keys, "licence"), active.first().map(|(_, key)| *key));
        }
    }
}
