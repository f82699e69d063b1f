//! One act of every kind, the same in every run, as the properties of leaves need them.

use domain::act::{Act, Caller, Deed, Role};
use domain::examination::{Answer, Examination};
use domain::licence::Holder;
use domain::people::Person;
use domain::signing_key::SigningKey;

use crate::world::{self, DECIDED, EXAMINED, NOW, SUBMITTED, at};

/// Every kind of deed, and a name for each act that stands for it: the kind, and the holder's where there are two.
pub fn acts() -> Vec<(&'static str, Act)> {
    let acts: Vec<_> =
        on_applications().into_iter().chain(on_registrations()).chain(on_licences()).chain(on_others()).collect();
    acts.into_iter()
        .map(|act| match &act.deed {
            Deed::Granted(grant) if grant.contract_from.is_some() => ("licence.granted.user", act),
            Deed::Granted(_) => ("licence.granted.provider", act),
            deed => (deed.kind(), act),
        })
        .collect()
}

fn on_applications() -> [Act; 8] {
    let (secretary, applicant, first) = (world::secretary(), world::applicant(), world::first());
    let application = "A-2026-00001".parse().expect("an id");
    let examining = world::examining();
    let both = world::both(&examining, Answer::Met);
    let examination = Err("X-04HMASW9".parse().expect("an id"));
    let judgements = vec![world::judgement(world::CRITERIA[0], Answer::Met)];
    let version = examining.version;
    [
        domain::application::Application::submit(
            application,
            world::declaration(),
            "2.0",
            world::DIGEST,
            &applicant,
            at(SUBMITTED),
        )
        .expect("submitted")
        .1,
        world::returned().resubmit(world::declaration(), &applicant, at(EXAMINED)).expect("submitted again").1,
        world::submitted().send_back(world::reasons(), &secretary, at(SUBMITTED)).expect("sent back").1,
        world::submitted().accept(&world::examiners(), &secretary, at(SUBMITTED)).expect("accepted").1,
        world::submitted().withdraw("見直す。".to_owned(), &applicant, at(EXAMINED)).expect("withdrawn").1,
        Examination::judge(examination, &examining, version, &world::asked(), judgements, &first, at(EXAMINED))
            .expect("judged")
            .1,
        world::examining()
            .recommend(world::pass(), &world::CRITERIA, &both, &first, at(EXAMINED))
            .expect("recommended")
            .1,
        world::recommended(world::pass()).decide(world::pass(), &world::decider(), at(DECIDED)).expect("decided").1,
    ]
}

fn on_registrations() -> [Act; 4] {
    let (by, now) = (world::secretary(), at(NOW));
    let reason = || "公表できる理由".to_owned();
    let (suspended, suspension) = world::registered().suspend(reason(), &by, now).expect("suspended");
    [
        world::register(&world::decided(world::pass()), "2026-05-01", &by, DECIDED).expect("registered").1,
        suspension,
        suspended.reinstate(reason(), &by, now).expect("reinstated").1,
        world::registered().revoke(reason(), &by, now).expect("revoked").1,
    ]
}

fn on_licences() -> [Act; 4] {
    let (by, now) = (world::secretary(), at(NOW));
    let registration = world::registered();
    [
        world::grant(&registration, Holder::Provider, &by, NOW).expect("granted").1,
        world::grant(&registration, world::user(), &world::applicant(), NOW).expect("granted").1,
        world::licensed().end(&registration, "契約が終わった。".to_owned(), &by, now).expect("ended").1,
        world::licensed().revoke("誤用".to_owned(), &by, now).expect("revoked").1,
    ]
}

fn on_others() -> [Act; 3] {
    let by = Caller { organisation: None, ..world::operator() };
    let organisation = Some("O-APPLICANT".parse().expect("an id"));
    let id = "P-04HMASW9".parse().expect("an id");
    let admitted =
        Person::admit(id, Role::Provider, "例示花子", organisation, world::DIGEST.to_owned(), &by, at(SUBMITTED));
    let (person, admission) = admitted.expect("admitted");
    let key = "01020304".parse().expect("an id");
    [
        admission,
        person.dismiss("退職".to_owned(), &by, at(NOW)).expect("dismissed").1,
        SigningKey::create(key, "licence", world::DIGEST.to_owned(), &by, at(SUBMITTED)).1,
    ]
}

/// A deed that is missing above does not compile here before it is missed: whoever adds one is led to this file.
#[test]
fn no_kind_is_missing() {
    let place = |deed: &Deed| match deed {
        Deed::Submitted { .. } => 0,
        Deed::Resubmitted { .. } => 1,
        Deed::Returned { .. } => 2,
        Deed::Accepted { .. } => 3,
        Deed::Withdrawn { .. } => 4,
        Deed::Judged { .. } => 5,
        Deed::Recommended { .. } => 6,
        Deed::Decided { .. } => 7,
        Deed::Registered { .. } => 8,
        Deed::Suspended { .. } => 9,
        Deed::Reinstated { .. } => 10,
        Deed::Revoked { .. } => 11,
        Deed::Granted(_) => 12,
        Deed::Ended { .. } => 13,
        Deed::LicenceRevoked { .. } => 14,
        Deed::Admitted { .. } => 15,
        Deed::Dismissed { .. } => 16,
        Deed::KeyCreated { .. } => 17,
    };
    let mut places: Vec<usize> = acts().iter().map(|(_, act)| place(&act.deed)).collect();
    places.dedup(); // a user's grant follows the provider's
    assert_eq!(places, (0..18).collect::<Vec<_>>());
}

/// The word in the act's JSON is the word of the act everywhere.
#[test]
fn a_kind_has_one_name() {
    for (name, act) in acts() {
        let written = serde_json::to_value(&act).expect("JSON");
        assert_eq!(written["deed"]["kind"], act.deed.kind(), "{name}");
        assert_eq!(serde_json::from_value::<Act>(written).expect(name), act);
    }
}
