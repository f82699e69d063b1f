//! People who can act, signing keys, and the scheme's settings.

use domain::act::{Deed, OrganisationId, Role, Subject};
use domain::people::{Person, Refusal};
use domain::scheme::{GoverningDay, Scheme, Standing};
use domain::signing_key::SigningKey;

use crate::world::{self, DIGEST, NOW, at};

fn admit(role: Role, name: &str, organisation: Option<&str>) -> Result<Person, Refusal> {
    let organisation: Option<OrganisationId> = organisation.map(|id| id.parse().expect("an id"));
    let id = "P-NEW".parse().expect("an id");
    Person::admit(id, role, name, organisation, DIGEST.to_owned(), &world::operator(), at(NOW)).map(|(state, _)| state)
}

/// A provider acts for an organisation; the body's own people need not name it.
#[test]
fn every_admission_is_done_or_refused() {
    for role in Role::ALL {
        let alone = if role == Role::Provider { Err(Refusal::NoOrganisation) } else { Ok(()) };
        assert_eq!(admit(role, "例示花子", None).map(drop), alone, "{role}");
        assert_eq!(admit(role, "例示花子", Some("O-NEW")).map(drop), Ok(()), "{role}");
        for blank in ["", " 　\n"] {
            assert_eq!(admit(role, blank, Some("O-NEW")).map(drop), Err(Refusal::NoName), "{role}");
        }
    }
}

#[test]
fn a_person_acts_in_the_role_admitted_to() {
    let person = admit(Role::Provider, "　例示 花子 ", Some("O-NEW")).expect("admitted");
    assert_eq!((person.name.as_str(), person.token_digest.as_str()), ("例示 花子", DIGEST));
    assert!(!person.is_dismissed);
    let caller = person.caller();
    assert_eq!((caller.person, caller.role), (person.id, Role::Provider));
    assert_eq!(caller.organisation.expect("named").as_str(), "O-NEW");
}

#[test]
fn a_person_is_dismissed_once() {
    let by = world::operator();
    let person = admit(Role::Examiner, "例示花子", None).expect("admitted");
    assert_eq!(person.clone().dismiss("　".to_owned(), &by, at(NOW)).map(drop), Err(Refusal::NoReason));
    let (dismissed, act) = person.dismiss("退職".to_owned(), &by, at(world::DECIDED)).expect("dismissed");
    assert!(dismissed.is_dismissed);
    assert_eq!((act.version, act.at), (2, at(NOW)), "never before the admission");
    assert_eq!(act.subject, Subject::Person("P-NEW".parse().expect("an id")));
    assert_eq!(dismissed.dismiss("退職".to_owned(), &by, at(NOW)).map(drop), Err(Refusal::Dismissed));
}

#[test]
fn a_keys_record_begins_with_its_creation() {
    let (key, act) = SigningKey::create(
        "01020304".parse().expect("an id"),
        "licence",
        DIGEST.to_owned(),
        &world::operator(),
        at(NOW),
    );
    assert_eq!((key.version, key.created_at, key.purpose.as_str()), (1, at(NOW), "licence"));
    assert_eq!(act.deed, Deed::KeyCreated { purpose: "licence".to_owned(), public: DIGEST.to_owned() });
    assert_eq!(act.subject.to_string(), "key/01020304");
}

/// What no source says is provisional, and says so; whoever changes a setting changes this table.
#[test]
fn the_schemes_settings() {
    let scheme = Scheme::bundled();
    assert_eq!((scheme.term_years.value, scheme.term_years.standing), (2, Standing::Official));
    assert_eq!((scheme.examiners_per_case.value, scheme.examiners_per_case.standing), (2, Standing::Provisional));
    let governing = &scheme.governing_day;
    assert_eq!((governing.value, governing.standing), (GoverningDay::FirstSubmission, Standing::Provisional));
    let number = &scheme.registration_number;
    assert_eq!((number.prefix.as_str(), number.digits, number.standing), ("OTK", 5, Standing::Provisional));
    for read in
        [scheme.term_years.last_read, scheme.examiners_per_case.last_read, governing.last_read, number.last_read]
    {
        assert!(read >= world::day("2026-11-21"), "read on {read}");
    }
}

/// Subjects are read as they are written; a licence's id as leniently as people type it.
#[test]
fn subjects_are_read_as_they_are_written() {
    for text in [
        "application/A-2026-00001",
        "examination/X-1",
        "registration/OTK-2026-00001",
        "licence/04HMASW9",
        "person/P-1",
        "key/01020304",
    ] {
        let subject: Subject = text.parse().expect(text);
        assert_eq!(subject.to_string(), text);
        assert_eq!(serde_json::to_value(&subject).expect("JSON"), text);
    }
    let lenient: Subject = "licence/o4hm-asw9".parse().expect("as typed");
    assert_eq!(lenient.to_string(), "licence/04HMASW9");
    for wrong in
        ["", "application", "application/", "applications/A-1", "application/A 1", "licence/1", "x/y/z", "key/例"]
    {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
    }
}
