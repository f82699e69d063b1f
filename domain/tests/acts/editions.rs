//! Publishing editions 「版の公示」: in time or not at all, and without touching what was judged.

use domain::act::{Act, Deed, EditionId, Impossible, Replay, Role, Subject};
use domain::authority::{Actor, Denial};
use domain::calendar::Instant;
use domain::edition::{Editions, Fault, PublishedEdition, Refusal};
use domain::proposal::{self, Motion, Proposal, Standing};
use sha2::{Digest, Sha256};

use crate::application::rows;
use crate::world::{self, NOW, REASON, SUBMITTED, at, day};

fn digest(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}

/// What a register knows: its editions, and the record of the one that is being published.
#[derive(Clone)]
struct Register {
    editions: Editions,
    before: Option<PublishedEdition>,
}

impl Register {
    /// Edition 1.0 is in force, and something is done with it.
    fn in_force() -> Self {
        Self { editions: world::editions(), before: Some(world::first_edition().0) }
    }

    /// The same, and something is done with an edition that is not there yet.
    fn without() -> Self {
        Self { editions: world::editions(), before: None }
    }

    /// Edition 1.1 was published [`NOW`] and governs from 2027-04-01.
    fn announced() -> Self {
        Self::without().with(&world::new_edition(), at(NOW))
    }

    fn propose(&self, text: &str, reason: &str, by: &Actor, now: Instant) -> Result<Proposal, Refusal> {
        let (id, reason) = (world::proposal_id(), reason.to_owned());
        PublishedEdition::propose(&self.editions, self.before.as_ref(), text, id, reason, by, now).map(|made| made.0)
    }

    fn publish(&self, text: &str, by: &Proposal, confirmer: &Actor, now: Instant) -> Result<(Self, Act), Refusal> {
        let before = self.before.clone();
        let (record, act) = PublishedEdition::publish(&self.editions, before, text, by, confirmer, now)?;
        let (editions, _) = self.editions.with("edition.toml", text).expect("it was published");
        Ok((Self { editions, before: Some(record) }, act))
    }

    /// Proposed by one decision maker and confirmed by another.
    fn try_with(&self, text: &str, now: Instant) -> Result<Self, Refusal> {
        let proposal = self.propose(text, REASON, &world::decider(), now)?;
        self.publish(text, &proposal, &world::other_decider(), now).map(|(after, _)| after)
    }

    fn with(&self, text: &str, now: Instant) -> Self {
        self.try_with(text, now).expect("published")
    }

    fn record(&self) -> &PublishedEdition {
        self.before.as_ref().expect("it was published")
    }
}

/// The record of a proposal that a decision maker made [`NOW`], whether or not it could be made.
fn recorded(id: &str, text: &str, reason: &str, about_version: u32) -> Proposal {
    let edition: EditionId = id.parse().expect("an edition's id");
    let motion = Motion::PublishEdition { edition, digest: digest(text), reason: reason.to_owned() };
    world::proposed(motion, about_version, &world::decider(), at(NOW))
}

/// 1.1 governs from 2027-04-01 in Japan: published on the day before at the latest, proposed or confirmed.
#[test]
fn a_new_edition_is_published_before_its_day() {
    let (register, text) = (Register::without(), world::new_edition());
    let in_time = register.propose(&text, REASON, &world::decider(), at("2027-03-31T00:00:00Z")).expect("proposed");
    for (now, today) in [
        ("2027-03-31T01:00:00Z", None),
        ("2027-03-31T14:59:59Z", None), // the last second of 31 March in Japan
        ("2027-03-31T15:00:00Z", Some("2027-04-01")),
        ("2027-04-01T14:59:59Z", Some("2027-04-01")),
        ("2027-04-01T15:00:00Z", Some("2027-04-02")),
    ] {
        let too_late = |today| Refusal::TooLate { in_force_from: day("2027-04-01"), today: day(today) };
        let expected = today.map_or(Ok(()), |today| Err(too_late(today)));
        let proposed = register.propose(&text, REASON, &world::decider(), at(now)).map(drop);
        assert_eq!(proposed, expected, "proposed at {now}");
        let published = register.publish(&text, &in_time, &world::other_decider(), at(now)).map(drop);
        assert_eq!(published, expected, "confirmed at {now}");
    }
}

/// What a file changes, and when: what comes of it. Edition 1.0 governs since 2026-04-01, edition 1.1 from 2027-04-01.
#[test]
fn a_correction_moves_no_day_that_has_come() {
    let moved = |from: &str, to: &str| Err(Refusal::DayMoved { from: day(from), to: day(to) });
    let late = |from: &str, today: &str| Err(Refusal::TooLate { in_force_from: day(from), today: day(today) });
    let (eve, morning) = ("2027-03-31T14:59:59Z", "2027-03-31T15:00:00Z");
    for (id, governs_from, title, now, expected) in [
        // In force: other words, the same day.
        ("1.0", "2026-04-01", "訂正した版", NOW, Ok(())),
        ("1.0", "2026-03-31", "訂正した版", NOW, moved("2026-04-01", "2026-03-31")),
        ("1.0", "2026-04-02", "訂正した版", NOW, moved("2026-04-01", "2026-04-02")),
        ("1.0", "2026-12-01", "訂正した版", NOW, moved("2026-04-01", "2026-12-01")),
        ("1.0", "2026-04-01", "はじめの版", NOW, Err(Refusal::Unchanged)),
        // Announced: other words, and another day that has not begun.
        ("1.1", "2027-04-01", "訂正した版", NOW, Ok(())),
        ("1.1", "2027-10-01", "次の版", NOW, Ok(())),
        ("1.1", "2026-06-02", "次の版", NOW, Ok(())), // tomorrow
        ("1.1", "2026-06-01", "次の版", NOW, late("2026-06-01", "2026-06-01")),
        ("1.1", "2026-05-31", "次の版", NOW, late("2026-05-31", "2026-06-01")),
        ("1.1", "2027-04-01", "次の版", NOW, Err(Refusal::Unchanged)),
        // On the eve of its day it can still be put off; from midnight in Japan it is in force.
        ("1.1", "2027-04-02", "次の版", eve, Ok(())),
        ("1.1", "2027-04-01", "訂正した版", eve, Ok(())),
        ("1.1", "2027-04-02", "次の版", morning, moved("2027-04-01", "2027-04-02")),
        ("1.1", "2027-04-01", "訂正した版", morning, Ok(())),
    ] {
        let (register, replaces) =
            if id == "1.0" { (Register::in_force(), None) } else { (Register::announced(), Some("1.0")) };
        let text = world::edition_file(id, replaces, governs_from, title);
        let what = format!("{id} from {governs_from}, {title}, at {now}");
        assert_eq!(register.try_with(&text, at(now)).map(drop), expected, "{what}");
        // Whether it was right when it was proposed does not matter.
        let until = at(now).day().plus_days(1).start();
        let proposal = Proposal { until, ..recorded(id, &text, REASON, 1) };
        let published = register.publish(&text, &proposal, &world::other_decider(), at(now));
        assert_eq!(published.map(drop), expected, "{what}, confirmed");
    }
}

/// Machines' clocks disagree: what the record's last act has seen, the next one has seen too.
#[test]
fn a_slow_clock_does_not_move_the_day() {
    let morning = at("2027-03-31T15:00:00Z");
    let corrected = world::edition_file("1.1", Some("1.0"), "2027-04-01", "訂正した版");
    let register = Register::announced().with(&corrected, morning);
    let slow = at("2027-03-31T14:59:58Z");
    let put_off = world::edition_file("1.1", Some("1.0"), "2027-04-02", "次の版");
    let moved = Refusal::DayMoved { from: day("2027-04-01"), to: day("2027-04-02") };
    assert_eq!(register.try_with(&put_off, slow).map(drop), Err(moved));
    let proposal = register.propose(&world::new_edition(), REASON, &world::decider(), slow).expect("proposed");
    assert_eq!(proposal.made_at, morning);
    let (after, act) = register.publish(&world::new_edition(), &proposal, &world::other_decider(), slow).expect("done");
    assert_eq!((act.at, after.record().changed_at), (morning, morning));
}

/// Which file governs, and which one a case is bound to, before and after.
#[test]
fn what_was_judged_stays_bound_to_its_file() {
    let (was, is) = (world::editions().all()[0].digest_hex(), digest(&world::correction()));
    let register = Register::in_force().with(&world::correction(), at(NOW));
    let governing = |on: &str| register.editions.governing(day(on)).map(|edition| edition.title.ja.clone());
    assert_eq!(governing("2026-06-01").as_deref(), Some("訂正した版"));
    for (bound_to, title) in [(&was, Some("はじめの版")), (&is, Some("訂正した版")), (&"0".repeat(64), None)]
    {
        let found = register.editions.with_digest(bound_to).map(|edition| edition.title.ja.as_str());
        assert_eq!(found, title, "{bound_to}");
    }
    let record = register.record();
    assert_eq!((&record.digest, &record.corrected, record.version), (&is, &vec![was.clone()], 2));
    // The first file may come back; nothing is forgotten of what stood between.
    let first = world::edition_file("1.0", None, "2026-04-01", "はじめの版");
    let back = register.with(&first, at(NOW));
    assert_eq!((&back.record().digest, &back.record().corrected), (&was, &vec![was.clone(), is.clone()]));
    assert_eq!(back.editions.with_digest(&is).map(|edition| edition.title.ja.as_str()), Some("訂正した版"));
    // A register that starts again reads the same from its files.
    let restored = Editions::restore(&[("1.0.toml", &world::correction())], &[("1.0.toml", &first)]);
    assert_eq!(restored.as_ref(), Ok(&register.editions));
}

/// From its day on the new edition governs, and up to it the old one.
#[test]
fn a_new_edition_governs_from_its_day() {
    let register = Register::announced();
    for (on, id) in
        [("2026-03-31", None), ("2026-06-01", Some("1.0")), ("2027-03-31", Some("1.0")), ("2027-04-01", Some("1.1"))]
    {
        assert_eq!(register.editions.governing(day(on)).map(|edition| edition.id.as_str()), id, "{on}");
    }
    let record = register.record();
    assert_eq!((record.version, record.in_force_from, record.corrected.len()), (1, day("2027-04-01"), 0));
    assert_eq!(record.subject().to_string(), "edition/1.1");
}

/// A file with a fault, or one that leaves a day without exactly one edition, is refused by its line.
#[test]
fn a_file_with_faults_is_not_published() {
    let whole = world::new_edition();
    let changed = |was: &str, is: &str| {
        assert!(whole.contains(was), "{was}");
        whole.replacen(was, is, 1)
    };
    let follows = |before: &str| Fault::ReplacesAnother { before: Some(before.to_owned()) };
    for (text, line, field, fault) in [
        (String::new(), 1, "edition", Some(Fault::MissingField)),
        ("版".to_owned(), 1, "版", None),
        (changed("edition = \"1.1\"", "edition = \"1.1-beta\""), 1, "edition", None),
        (changed("title", "titel"), 3, "titel", Some(Fault::UnknownField)),
        (changed("source = \"made_up\"", "source = \"another\""), 7, "source", {
            Some(Fault::UnknownSource { source: "another".to_owned() })
        }),
        (changed("\"2027-04-01\"", "\"2027-02-29\""), 4, "in_force_from", None),
        (changed("standing = \"official\"", "standing = \"provisional\""), 6, "standing", Some(Fault::WithoutNote)),
        (changed("replaces = \"1.0\"\n", ""), 1, "replaces", Some(follows("1.0"))),
        (changed("replaces = \"1.0\"", "replaces = \"0.9\""), 2, "replaces", Some(follows("1.0"))),
        (changed("\"2027-04-01\"", "\"2026-04-01\""), 4, "in_force_from", {
            Some(Fault::DayTwice { day: day("2026-04-01"), other_file: "1.0.toml".to_owned() })
        }),
    ] {
        let refused = Register::without().propose(&text, REASON, &world::decider(), at(NOW)).map(drop);
        let Err(Refusal::File(error)) = refused else { panic!("{field}: {refused:?}") };
        assert_eq!((error.line, error.field.as_str()), (line, field), "{error}");
        match fault {
            Some(fault) => assert_eq!(error.fault, fault),
            None => assert!(matches!(error.fault, Fault::Unreadable { .. }), "{error}"),
        }
        // Nor when such a proposal is there all the same.
        let published =
            Register::without().publish(&text, &recorded("1.1", &text, REASON, 0), &world::other_decider(), at(NOW));
        assert_eq!(published.map(drop), Err(Refusal::File(error)));
    }
}

/// Two new editions are proposed in the place of one: when the first is published, the other one follows nothing.
#[test]
fn of_two_new_editions_one_is_published() {
    let (register, rival) = (Register::without(), world::edition_file("2.0", Some("1.0"), "2027-10-01", "別の版"));
    let proposal = register.propose(&rival, REASON, &world::decider(), at(NOW)).expect("proposed");
    let after = Register { before: None, ..Register::announced() };
    let refused = after.publish(&rival, &proposal, &world::other_decider(), at(NOW)).map(drop);
    let Err(Refusal::File(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.fault, Fault::ReplacesAnother { before: Some("1.1".to_owned()) });
    // Between the two there is no place either: 1.1 says that it follows 1.0.
    let between = world::edition_file("1.05", Some("1.0"), "2026-12-01", "間の版");
    let refused = after.try_with(&between, at(NOW)).map(drop);
    let Err(Refusal::File(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        (error.file.as_str(), error.fault),
        ("1.1.toml", { Fault::ReplacesAnother { before: Some("1.05".to_owned()) } })
    );
}

/// Two files for one edition: the first that is published settles the other's proposal.
#[test]
fn one_of_two_proposals_settles_the_other() {
    let settled = || Err(Refusal::Proposal(proposal::Refusal::Closed(Standing::Settled)));
    let other_new = world::edition_file("1.1", Some("1.0"), "2027-05-01", "次の版");
    let other_correction = world::edition_file("1.0", None, "2026-04-01", "別の訂正");
    for (name, register, text, other) in [
        ("a new one", Register::without(), world::new_edition(), other_new),
        ("a correction", Register::in_force(), world::correction(), other_correction),
    ] {
        let proposal = register.propose(&other, REASON, &world::decider(), at(NOW)).expect("proposed");
        let after = register.with(&text, at(NOW));
        assert_eq!(proposal.standing(after.record().version, at(NOW)), Standing::Settled, "{name}");
        let published = after.publish(&other, &proposal, &world::other_decider(), at(NOW)).map(drop);
        assert_eq!(published, settled(), "{name}");
        assert!(after.try_with(&other, at(NOW)).is_ok(), "{name}, proposed anew");
    }
}

/// What two people have seen is what is published, to the byte.
#[test]
fn only_the_file_that_was_proposed_is_published() {
    let (other, by) = (Err(Refusal::Proposal(proposal::Refusal::OtherMotion)), world::other_decider());
    let (register, text) = (Register::in_force(), world::correction());
    let proposal = register.propose(&text, REASON, &world::decider(), at(NOW)).expect("proposed");
    let Motion::PublishEdition { edition, digest: proposed, reason } = &proposal.motion else { panic!("{proposal:?}") };
    assert_eq!((edition.as_str(), proposed, reason.as_str()), ("1.0", &digest(&text), REASON));
    for (name, shown) in [("a blank line more", format!("{text}\n")), ("nothing", String::new())] {
        assert_eq!(register.publish(&shown, &proposal, &by, at(NOW)).map(drop), other, "{name}");
    }
    // A right file under the name of another edition, with that edition's record or none.
    let new = world::new_edition();
    let moved = Err(Refusal::DayMoved { from: day("2026-04-01"), to: day("2027-04-01") });
    for (register, named, version, expected) in [
        (Register::without(), "1.2", 0, other.clone()),
        (Register::in_force(), "1.1", 1, other),
        (Register::in_force(), "1.0", 1, moved),
    ] {
        let published = register.publish(&new, &recorded(named, &new, REASON, version), &by, at(NOW)).map(drop);
        assert_eq!(published, expected, "1.1 as {named}");
    }
}

/// Who may propose and confirm.
const WHO: &str = "
role             publish
provider_owner   .
provider_member  .
delegated_agent  .
user             .
examiner         .
decision_maker   yes
secretariat      yes
auditor          .
operator         .
";

#[test]
fn who_may() {
    let denied = Refusal::Denied(Denial::Role { needed: vec![Role::DecisionMaker, Role::Secretariat] });
    let mut roles = Vec::new();
    for (role, row) in rows(WHO) {
        let role: Role = role.parse().expect("a role");
        roles.push(role);
        let (by, expected) = (world::actor("P-SOMEBODY", role, world::BODY), row[0].1 == "yes");
        let expected = if expected { Ok(()) } else { Err(denied.clone()) };
        for (register, text, id) in
            [(Register::in_force(), world::correction(), "1.0"), (Register::without(), world::new_edition(), "1.1")]
        {
            let version = register.before.as_ref().map_or(0, |before| before.version);
            assert_eq!(register.propose(&text, REASON, &by, at(NOW)).map(drop), expected, "{id} proposed as {role}");
            let published = register.publish(&text, &recorded(id, &text, REASON, version), &by, at(NOW));
            if let Ok((_, act)) = &published {
                assert_eq!(act.by, world::caller(&by), "{id} as {role}");
            }
            assert_eq!(published.map(drop), expected, "{id} confirmed as {role}");
        }
        // Whoever may not is told nothing about the file.
        let refused = Register::without().propose("", "", &by, at(NOW)).map(drop);
        assert_eq!(matches!(refused, Err(Refusal::File(_))), expected.is_ok(), "{role}");
    }
    assert_eq!(roles, Role::ALL);
}

/// Two people, whatever their roles; one person with both roles is one.
#[test]
fn a_decision_maker_and_a_secretary_are_two_people() {
    let own = || Err(Refusal::Proposal(proposal::Refusal::OwnProposal));
    let (register, text) = (Register::without(), world::new_edition());
    let proposal = register.propose(&text, REASON, &world::decider(), at(NOW)).expect("proposed");
    for (name, by, expected) in [
        ("the proposer", world::decider(), own()),
        ("the proposer as a secretary", world::acting_as(&world::decider(), Role::Secretariat), own()),
        ("another decision maker", world::other_decider(), Ok(())),
        ("a secretary", world::secretary(), Ok(())),
    ] {
        assert_eq!(register.publish(&text, &proposal, &by, at(NOW)).map(drop), expected, "confirmed by {name}");
    }
}

/// What is new or corrected is published with the file; so it is said.
#[test]
fn nothing_is_published_without_a_reason() {
    for (register, text, id, version) in
        [(Register::without(), world::new_edition(), "1.1", 0), (Register::in_force(), world::correction(), "1.0", 1)]
    {
        for blank in ["", " 　\n", "\u{200b}"] {
            let proposed = register.propose(&text, blank, &world::decider(), at(NOW)).map(drop);
            assert_eq!(proposed, Err(Refusal::NoReason), "{id}: {blank:?}");
            let proposal = recorded(id, &text, blank, version);
            let published = register.publish(&text, &proposal, &world::other_decider(), at(NOW)).map(drop);
            assert_eq!(published, Err(Refusal::NoReason), "{id}: {blank:?}");
        }
        let proposal = register.propose(&text, REASON, &world::decider(), at(NOW)).expect("proposed");
        let (_, act) = register.publish(&text, &proposal, &world::other_decider(), at(NOW)).expect("published");
        assert_eq!(act.deed.open(), Some(serde_json::json!({ "reason": REASON })));
    }
}

/// A register begins with the editions it carries: in force already, proposed by nobody.
#[test]
fn a_register_begins_with_its_editions() {
    for (edition, version) in Editions::bundled().all().iter().zip([1; 3]) {
        let (record, act) = PublishedEdition::begin_with(edition, &world::caller(&world::operator()), at(SUBMITTED));
        assert_eq!((record.version, record.digest.as_str()), (version, edition.digest_hex().as_str()));
        assert_eq!((&record.id, record.in_force_from), (&edition.id, edition.in_force_from));
        assert_eq!((&act.subject, act.deed.open()), (&Subject::Edition(edition.id.clone()), None));
        let facts = serde_json::json!({ "digest": edition.digest_hex(), "inForceFrom": edition.in_force_from });
        assert_eq!(act.deed.facts(), facts);
        let deed = serde_json::to_value(&act.deed).expect("JSON");
        assert!(deed.get("reason").is_none() && deed.get("proposal").is_none(), "{deed}");
    }
}

/// A record is read back where it could have been written, and nowhere else.
#[test]
fn what_could_not_be_published_is_not_replayed() {
    let (first, announced) = (world::first_edition().0, Register::announced().record().clone());
    let (reason, proposal) = (|| Some(REASON.to_owned()), || Some(world::proposal_id()));
    let (new, old) = (digest("新"), first.digest.clone());
    let stands = announced.digest.clone();
    for (name, before, digest, from, reason, proposal, is_possible) in [
        ("begins, in force", None, &old, "2026-04-01", None, None, true),
        ("published ahead", None, &new, "2026-06-02", reason(), proposal(), true),
        ("published on its day", None, &new, "2026-06-01", reason(), proposal(), false),
        ("published by nobody", None, &new, "2026-06-02", reason(), None, false),
        ("published for nothing", None, &new, "2026-06-02", None, proposal(), false),
        ("corrected", Some(&first), &new, "2026-04-01", reason(), proposal(), true),
        ("corrected by nobody", Some(&first), &new, "2026-04-01", reason(), None, false),
        ("corrected for nothing", Some(&first), &new, "2026-04-01", None, proposal(), false),
        ("begins again", Some(&first), &new, "2026-04-01", None, None, false),
        ("its day moved", Some(&first), &new, "2026-04-02", reason(), proposal(), false),
        ("its day moved ahead", Some(&first), &new, "2026-12-01", reason(), proposal(), false),
        ("the same file", Some(&first), &old, "2026-04-01", reason(), proposal(), false),
        ("announced, put off", Some(&announced), &new, "2027-10-01", reason(), proposal(), true),
        ("announced, for today", Some(&announced), &new, "2026-06-01", reason(), proposal(), false),
        ("announced, the same file", Some(&announced), &stands, "2027-04-01", reason(), proposal(), false),
    ] {
        let deed = Deed::EditionPublished { digest: digest.clone(), in_force_from: day(from), reason, proposal };
        let id: EditionId = "1.0".parse().expect("an id");
        let subject = before.map_or(Subject::Edition(id), Replay::subject);
        let (version, by) = (before.map_or(0, Replay::version) + 1, world::caller(&world::decider()));
        let act = Act { subject, version, at: at(NOW), by, deed };
        let replayed = PublishedEdition::replay(before.cloned(), &act).map(|state| state.version);
        let impossible = Impossible::Deed { kind: "edition.published" };
        assert_eq!(replayed, if is_possible { Ok(version) } else { Err(impossible) }, "{name}");
    }
}

/// Decisions under an edition: stopped by one person in a moment, resumed by another; every cell is decided.
#[test]
fn decisions_stop_and_resume() {
    let (secretary, other, decider) = (world::secretary(), world::other_secretary(), world::decider());
    let now = at(NOW);
    let why = || "上限の誤記が見つかった。".to_owned();
    let (running, _) = world::first_edition();
    assert_eq!(running.require_running(), Ok(()));
    assert_eq!(running.clone().resume(why(), &other, now), Err(Refusal::NotStopped));
    assert_eq!(running.clone().stop(" \u{200b}".to_owned(), &secretary, now), Err(Refusal::NoReason));

    let (stopped, act) = running.clone().stop(why(), &secretary, now).expect("one is enough");
    assert_eq!((act.version, act.deed), (2, Deed::EditionStopped { reason: why() }));
    let refused = Refusal::Stopped { since: now, reason: why() };
    assert_eq!(stopped.require_running(), Err(refused.clone()));
    assert_eq!(stopped.clone().stop("もう一度".to_owned(), &decider, now), Err(refused));
    assert_eq!(stopped.clone().resume("改めた。".to_owned(), &secretary, now), Err(Refusal::OwnStop));
    assert_eq!(stopped.clone().resume(String::new(), &other, now), Err(Refusal::NoReason));

    // A correction leaves it stopped: somebody has to say that it may go on.
    let (editions, text) = (world::editions(), world::correction());
    let proposed =
        PublishedEdition::propose(&editions, Some(&stopped), &text, world::proposal_id(), why(), &decider, now);
    let published =
        PublishedEdition::publish(&editions, Some(stopped), &text, &proposed.expect("proposed").0, &secretary, now);
    let (corrected, _) = published.expect("published");
    assert!(corrected.require_running().is_err());
    let (resumed, act) = corrected.resume("誤記を改めた。".to_owned(), &other, now).expect("somebody else");
    assert_eq!((resumed.version, &resumed.stopped, act.version), (4, &None, 4));
    assert_eq!(resumed.require_running(), Ok(()));
}

/// Who may press the button, and who may release it.
#[test]
fn who_stops_and_who_resumes() {
    let now = at(NOW);
    let (stopped, _) =
        world::first_edition().0.stop("誤記".to_owned(), &world::other_secretary(), now).expect("stopped");
    for (name, actor, may) in [
        ("decision maker", world::decider(), true),
        ("secretary", world::secretary(), true),
        ("operator", world::operator(), false),
    ] {
        let stops = world::first_edition().0.stop("誤記".to_owned(), &actor, now);
        let resumes = stopped.clone().resume("改めた。".to_owned(), &actor, now);
        assert_eq!((stops.is_ok(), resumes.is_ok()), (may, may), "{name}");
        assert_eq!(matches!(stops, Err(Refusal::Denied(_))), !may, "{name}");
    }
}
