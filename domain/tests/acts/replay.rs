//! The acts are the record: state is what they add up to, and a record that was altered adds up to nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, Deed, Impossible, Replay, Sealed, Subject};
use domain::application::Application;
use domain::edition::PublishedEdition;
use domain::examination::Examination;
use domain::licence::Licence;
use domain::people::Person;
use domain::proposal::Proposal;
use domain::registration::{MeasureKind, Registration};
use domain::settings::ChangedSetting;
use domain::signing_key::SigningKey;
use domain::watching::{Complaint, PriceCheck, Report};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::application::attempt;
use crate::every_deed;
use crate::life::{Life, steps};
use crate::registration::in_state;
use crate::world::{self, at};

fn replayed<T: Replay>(acts: &[Act]) -> Result<Option<T>, Impossible> {
    acts.iter().try_fold(None, |before, act| T::replay(before, act).map(Some))
}

/// Every subject's own acts, in order.
fn by_subject(acts: &[Act]) -> BTreeMap<Subject, Vec<Act>> {
    let mut subjects: BTreeMap<Subject, Vec<Act>> = BTreeMap::new();
    for act in acts {
        subjects.entry(act.subject.clone()).or_default().push(act.clone());
    }
    subjects
}

/// Replays whatever kind of subject it is; the version it ends with.
fn replay_any(acts: &[Act]) -> Result<u32, Impossible> {
    fn version<T: Replay>(acts: &[Act]) -> Result<u32, Impossible> {
        replayed::<T>(acts).map(|state| state.map_or(0, |state| state.version()))
    }
    match acts.first().map(|act| &act.subject) {
        None => Ok(0),
        Some(Subject::Application(_)) => version::<Application>(acts),
        Some(Subject::Examination(_)) => version::<Examination>(acts),
        Some(Subject::Registration(_)) => version::<Registration>(acts),
        Some(Subject::Licence(_)) => version::<Licence>(acts),
        Some(Subject::Proposal(_)) => version::<Proposal>(acts),
        Some(Subject::Person(_)) => version::<Person>(acts),
        Some(Subject::Key(_)) => version::<SigningKey>(acts),
        Some(Subject::Edition(_)) => version::<PublishedEdition>(acts),
        Some(Subject::Report(_)) => version::<Report>(acts),
        Some(Subject::Complaint(_)) => version::<Complaint>(acts),
        Some(Subject::PriceCheck(_)) => version::<PriceCheck>(acts),
        Some(Subject::Setting(_)) => version::<ChangedSetting>(acts),
    }
}

/// One way to alter a record.
#[derive(Clone, Debug)]
enum Alter {
    Drop,
    Repeat,
    Swap,
    Version(u32),
    Earlier(u32),
    OtherSubject,
    OtherDeed,
}

/// Alters `acts` at `place`; what must be found out, or `None` where this cannot be done here.
fn alter(acts: &mut Vec<Act>, place: usize, how: &Alter) -> Option<Impossible> {
    let expected = acts[place].version;
    match how {
        // The last act's absence does not show: that is what the log is for.
        Alter::Drop if place + 1 == acts.len() => None,
        Alter::Drop => {
            acts.remove(place);
            Some(Impossible::Version { expected, found: expected + 1 })
        }
        Alter::Repeat => {
            acts.insert(place, acts[place].clone());
            Some(Impossible::Version { expected: expected + 1, found: expected })
        }
        Alter::Swap if place + 1 == acts.len() => None,
        Alter::Swap => {
            acts.swap(place, place + 1);
            Some(Impossible::Version { expected, found: expected + 1 })
        }
        Alter::Version(found) => {
            acts[place].version = *found;
            (*found != expected).then_some(Impossible::Version { expected, found: *found })
        }
        Alter::Earlier(seconds) => {
            let before = acts[place.checked_sub(1)?].at.unix();
            acts[place].at = domain::calendar::Instant::from_unix(before - i64::from(*seconds) - 1)?;
            Some(Impossible::Backwards)
        }
        Alter::OtherSubject => {
            let own = acts[place].subject.clone();
            acts[place].subject = Subject::Key("09090909".parse().expect("an id"));
            // The first act says whose record it is; it is only of the wrong kind there.
            Some(if place > 0 {
                Impossible::Subject { expected: own }
            } else {
                Impossible::Deed { kind: acts[place].deed.kind() }
            })
        }
        Alter::OtherDeed => {
            let is_key = matches!(acts[place].subject, Subject::Key(_));
            let foreign = Deed::KeyCreated { purpose: "licence".to_owned(), public: String::new(), is_next: false };
            acts[place].deed = if is_key { Deed::Withdrawn { reason: String::new() } } else { foreign };
            Some(Impossible::Deed { kind: acts[place].deed.kind() })
        }
    }
}

fn alterations() -> impl Strategy<Value = Alter> {
    prop_oneof![
        Just(Alter::Drop),
        Just(Alter::Repeat),
        Just(Alter::Swap),
        prop_oneof![0..60u32, any::<u32>()].prop_map(Alter::Version),
        (0..100_000u32).prop_map(Alter::Earlier),
        Just(Alter::OtherSubject),
        Just(Alter::OtherDeed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What the methods made is what the acts add up to, also after both were stored as JSON.
    #[test]
    fn state_is_what_its_acts_add_up_to(steps in steps()) {
        let life = Life::of(&steps);
        let stored: Vec<Act> = life.acts.iter().map(through_json).collect();
        prop_assert_eq!(&stored, &life.acts);
        let mut subjects = by_subject(&stored);
        let mut of = |subject: Subject| subjects.remove(&subject).unwrap_or_default();
        for state in life.application.iter().chain(&life.past) {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        for state in life.examinations.iter().flatten().chain(&life.set_aside) {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        if let Some(state) = &life.registration {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        for state in &life.licences {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        if let Some(state) = &life.complaint {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        for state in &life.price_checks {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        for state in &life.reports {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        for state in &life.proposals {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        if let Some(state) = &life.person {
            prop_assert_eq!(replayed(&of(state.subject())), Ok(Some(state.clone())));
        }
        prop_assert!(subjects.is_empty(), "acts without a state: {:?}", subjects);
        for acts in by_subject(&life.acts).values() {
            prop_assert!(acts.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].version + 1 == pair[1].version));
        }
    }

    /// Wherever a record is altered, replay stops there and says what is wrong.
    #[test]
    fn an_altered_record_is_impossible(steps in steps(), subject: Index, place: Index, how in alterations()) {
        let subjects: Vec<Vec<Act>> = by_subject(&Life::of(&steps).acts).into_values().collect();
        prop_assume!(!subjects.is_empty());
        let mut acts = subjects[subject.index(subjects.len())].clone();
        let whole = replay_any(&acts);
        prop_assert_eq!(whole, Ok(acts.len() as u32));
        let (place, kind_of_subject) = (place.index(acts.len()), acts[0].subject.clone());
        if let Some(expected) = alter(&mut acts, place, &how) {
            // Replayed as what it is kept as, whatever its acts claim.
            let found = match kind_of_subject {
                Subject::Application(_) => replayed::<Application>(&acts).map(drop),
                Subject::Examination(_) => replayed::<Examination>(&acts).map(drop),
                Subject::Registration(_) => replayed::<Registration>(&acts).map(drop),
                Subject::Licence(_) => replayed::<Licence>(&acts).map(drop),
                Subject::Proposal(_) => replayed::<Proposal>(&acts).map(drop),
                Subject::Person(_) => replayed::<Person>(&acts).map(drop),
                Subject::Key(_) => replayed::<SigningKey>(&acts).map(drop),
                Subject::Edition(_) => replayed::<PublishedEdition>(&acts).map(drop),
                Subject::Report(_) => replayed::<Report>(&acts).map(drop),
                Subject::Complaint(_) => replayed::<Complaint>(&acts).map(drop),
                Subject::PriceCheck(_) => replayed::<PriceCheck>(&acts).map(drop),
                Subject::Setting(_) => replayed::<ChangedSetting>(&acts).map(drop),
            };
            prop_assert_eq!(found, Err(expected), "{:?} at {}", how, place);
        }
    }

    /// Any acts, forced into one record: replay answers, it never panics.
    #[test]
    fn any_acts_in_any_order_are_answered(chosen in prop::collection::vec((any::<Index>(), 0..3u32), 1..12)) {
        let pool = every_deed::acts();
        let first = pool[chosen[0].0.index(pool.len())].1.clone();
        let forced: Vec<Act> = chosen
            .iter()
            .zip(1..)
            .map(|((index, off), version)| {
                let act = pool[index.index(pool.len())].1.clone();
                Act { subject: first.subject.clone(), version: version + off / 2, at: first.at, ..act }
            })
            .collect();
        if let Ok(version) = replay_any(&forced) {
            prop_assert_eq!(version as usize, forced.len());
        }
    }
}

fn through_json(act: &Act) -> Act {
    let sealed = Sealed { act: act.clone(), request: None };
    let stored = serde_json::to_string(&sealed).expect("JSON");
    serde_json::from_str::<Sealed>(&stored).expect("an act as stored").act
}

/// The properties above are about something: among some lives every kind of act happens.
#[test]
fn random_lives_see_everything() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    for _ in 0..1_500 {
        let steps = steps().new_tree(&mut runner).expect("steps").current();
        seen.extend(Life::of(&steps).acts.iter().map(|act| act.deed.kind()));
    }
    let mut every: BTreeSet<_> = every_deed::acts().iter().map(|(_, act)| act.deed.kind()).collect();
    // Keys, editions and settings have lives of their own, in `keys.rs`, `editions.rs` and `settings.rs`.
    // A licence is issued anew when a key was lost, in `licence.rs`.
    let elsewhere = ["key.", "edition.", "setting.", "licence.reissued"];
    every.retain(|kind| !elsewhere.iter().any(|class| kind.starts_with(class)));
    assert_eq!(seen, every);
}

/// Replay lets a deed follow exactly where the method would do it.
#[test]
fn a_deed_follows_where_its_act_is_allowed() {
    let states = [
        world::submitted(),
        world::returned(),
        world::examining(),
        world::recommended(world::pass()),
        world::decided(world::pass()),
        world::withdrawn(),
    ];
    for before in states {
        for (name, from) in [
            ("resubmit", world::returned()),
            ("send_back", world::submitted()),
            ("accept", world::submitted()),
            ("recommend", world::examining()),
            ("confirm", world::recommended(world::pass())),
            ("withdraw", world::submitted()),
            ("replace", world::examining()),
        ] {
            let by = crate::application::entitled(name);
            let done = attempt(name, from, &by).expect("allowed there").1;
            let act = Act { subject: before.subject(), version: before.version + 1, ..done };
            let follows = Application::replay(Some(before.clone()), &act).is_ok();
            let is_allowed = attempt(name, before.clone(), &by).is_ok();
            assert_eq!(follows, is_allowed, "{name} at {}", before.stage.as_str());
        }
    }
}

/// The same for measures, in every state of a registration.
#[test]
fn a_measure_follows_where_it_is_allowed() {
    let (by, now) = (world::caller(&world::other_secretary()), at(world::NOW));
    for name in ["not_yet", "valid", "suspended", "reinstated", "revoked", "lapsed", "lapsed_suspended"] {
        let before = in_state(name);
        for measure in [MeasureKind::Suspended, MeasureKind::Reinstated, MeasureKind::Revoked] {
            let (reason, proposal) = (world::REASON.to_owned(), world::proposal_id());
            let deed = match measure {
                MeasureKind::Suspended => Deed::Suspended { reason, proposal, grounds: None },
                MeasureKind::Reinstated => Deed::Reinstated { reason, proposal, grounds: None },
                _ => Deed::Revoked { reason, proposal, grounds: None },
            };
            let (subject, version) = (before.subject(), before.version + 1);
            let act = Act { subject, version, at: now, by: by.clone(), deed };
            let replayed = Registration::replay(Some(before.clone()), &act);
            let done = world::take(before.clone(), measure, world::REASON, now);
            // As it was before measures named what they rest on.
            let of_old = |(mut state, _): (Registration, Act)| {
                state.measures.last_mut().expect("it was taken").grounds = None;
                state
            };
            let expected = done.map(of_old).map_err(|_| Impossible::Deed { kind: act.deed.kind() });
            assert_eq!(replayed, expected, "{} when {name}", act.deed.kind());
        }
    }
}

/// And for what ends once: licences, proposals, roles and people.
#[test]
fn what_has_ended_ends_no_more() {
    let (now, reason) = (at(world::NOW), || "理由".to_owned());
    let (ended, end) = world::licensed().end(&world::registered(), reason(), &world::secretary(), now).expect("ended");
    for deed in
        [Deed::Ended { reason: reason() }, Deed::LicenceRevoked { reason: reason(), proposal: world::proposal_id() }]
    {
        let act = Act { version: 3, deed, ..end.clone() };
        assert_eq!(Licence::replay(Some(ended.clone()), &act), Err(Impossible::Deed { kind: act.deed.kind() }));
    }
    let acts: BTreeMap<_, _> = every_deed::acts().into_iter().collect();
    for (record, again) in [
        (&["proposal.made.take_measure", "proposal.dropped"][..], "proposal.dropped"),
        (&["person.admitted", "person.dismissed"], "person.dismissed"),
        (&["person.admitted", "person.dismissed"], "person.role_given"),
        (&["person.admitted", "person.role_given", "person.role_ended"], "person.role_ended"),
        (&["person.admitted"], "person.role_ended"), // of a role never given
        (&["key.created"], "key.activated"),         // it signs already
        (&["key.created.next", "key.activated"], "key.activated"),
        (&["key.created.next", "key.activated", "key.compromised"], "key.activated"),
        (&["key.created.next", "key.activated", "key.compromised"], "key.compromised"),
        (&["key.created.next", "key.compromised"], "key.activated"),
        (&["edition.published.first", "edition.published"], "edition.published"), // the same file
        (&["edition.published.first", "edition.stopped"], "edition.stopped"),
        (&["edition.published.first", "edition.stopped", "edition.resumed"], "edition.resumed"),
        (&["edition.published.first"], "edition.resumed"),
    ] {
        let subject = &acts[record[0]].subject;
        let names = record.iter().chain([&again]).zip(1..);
        let whole = names.map(|(name, version)| Act { subject: subject.clone(), version, ..acts[name].clone() });
        let mut record: Vec<Act> = whole.collect();
        let last = record.pop().expect("the one that comes again");
        assert_eq!(replay_any(&record), Ok(record.len() as u32), "{again}");
        record.push(last);
        assert_eq!(replay_any(&record), Err(Impossible::Deed { kind: again }), "{again} again");
    }
}

/// A record begins with its own first act, and with no other.
#[test]
fn a_record_begins_at_the_beginning() {
    for (name, act) in every_deed::acts() {
        let begins = matches!(
            name,
            "application.submitted"
                | "examination.judged"
                | "registration.registered"
                | "licence.granted.provider"
                | "licence.granted.user"
                | "proposal.made.decide"
                | "proposal.made.take_measure"
                | "proposal.made.revoke_licence"
                | "person.admitted"
                | "key.created"
                | "key.created.next"
                | "edition.published.first"
                | "proposal.made.activate_key"
                | "proposal.made.compromise_key"
                | "proposal.made.publish_edition"
                | "proposal.made.waive_conflict"
                | "proposal.made.decide.conditional"
                | "proposal.made.decide_objection"
                | "proposal.made.take_measure.grounded"
                | "proposal.made.decide_measure_objection"
                | "proposal.made.succeed"
                | "report.filed"
                | "report.filed.correction"
                | "report.filed.self_check"
                | "complaint.received"
                | "price.checked"
                | "proposal.made.change_setting"
                | "proposal.made.change_holidays"
                | "setting.changed"
                | "setting.holidays_changed"
        );
        let first = Act { version: 1, ..act };
        let expected = if begins { Ok(1) } else { Err(Impossible::Deed { kind: first.deed.kind() }) };
        assert_eq!(replay_any(std::slice::from_ref(&first)), expected, "{name}");
        // Not even its own first act follows one, but for a judgement, a report, which is corrected, and a setting.
        let second = Act { version: 2, ..first.clone() };
        if begins
            && name != "examination.judged"
            && first.deed.kind() != "report.filed"
            && !name.starts_with("setting.")
        {
            let again = replay_any(&[first, second.clone()]);
            assert_eq!(again, Err(Impossible::Deed { kind: second.deed.kind() }), "{name}");
        }
    }
}

/// An examination goes on by the same examiner about the same application.
#[test]
fn an_examinations_record_is_one_persons_and_one_cases() {
    let acts = every_deed::acts();
    let (_, judged) = acts.iter().find(|(name, _)| *name == "examination.judged").expect("there is one");
    let Deed::Judged { application_version, judgements, .. } = judged.deed.clone() else { panic!("judged") };
    let application = "A-2026-00099".parse().expect("an id");
    let elsewhere = Deed::Judged { application, application_version, last_answer: None, judgements };
    let impossible = Err(Impossible::Deed { kind: "examination.judged" });
    let by_another = Act { version: 2, by: world::caller(&world::second()), ..judged.clone() };
    assert_eq!(replay_any(&[judged.clone(), by_another]), impossible);
    let of_another = Act { version: 2, deed: elsewhere, ..judged.clone() };
    assert_eq!(replay_any(&[judged.clone(), of_another]), impossible);
    assert_eq!(replay_any(&[judged.clone(), Act { version: 2, ..judged.clone() }]), Ok(2));
}
