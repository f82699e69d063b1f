//! People who can act and their roles, and the scheme's settings.

use domain::act::{Act, Deed, OrganisationId, Role, Subject};
use domain::authority::{Actor, Denial};
use domain::people::{Membership, OrganisationKind, Person, Refusal};
use domain::scheme::{GoverningDay, Scheme, Standing};

use crate::application::rows;
use crate::world::{self, NOW, at, day};

/// Which role is held in which kind of organisation.
const KINDS: &str = "
role             provider  user  registration_body  scheme_owner
provider_owner   yes       .     .                  .
provider_member  yes       .     .                  .
delegated_agent  yes       yes   .                  .
user             .         yes   .                  .
examiner         .         .     yes                .
decision_maker   .         .     yes                .
secretariat      .         .     yes                .
auditor          .         .     yes                yes
operator         .         .     yes                .
";

/// The last day: today in Japan, [`NOW`].
const TODAY: &str = "2026-06-01";

fn organisation(id: &str) -> OrganisationId {
    id.parse().expect("an id")
}

/// A role until today, as a delegated agent's must end some day.
fn role_today(role: Role) -> Membership {
    Membership { until: Some(day(TODAY)), ..world::membership(role, "O-NEW") }
}

fn admit(first: Membership, kind: OrganisationKind) -> Result<Person, Refusal> {
    let id = "P-NEW".parse().expect("an id");
    Person::admit(id, first, kind, &world::operator(), at(NOW)).map(|(state, _)| state)
}

/// An examiner of the body.
fn examiner() -> Person {
    admit(world::membership(Role::Examiner, world::BODY), OrganisationKind::RegistrationBody).expect("admitted")
}

fn give(person: Person, role: Membership, kind: OrganisationKind) -> Result<(Person, Act), Refusal> {
    person.give(role, kind, &world::operator(), at(NOW))
}

fn end(person: Person, role: Role, of: &str, reason: &str) -> Result<(Person, Act), Refusal> {
    person.end(role, organisation(of), reason.to_owned(), &world::operator(), at(NOW))
}

/// Admitted, enrolled by an identity provider, or given as a further role: the kinds of organisation are the same.
#[test]
fn a_role_is_held_in_its_kind_of_organisation() {
    let mut cells = 0;
    for (name, row) in rows(KINDS) {
        for (word, cell) in row {
            let (role, kind): (Role, OrganisationKind) = (name.parse().expect("a role"), word.parse().expect("a kind"));
            let expected = if cell == "yes" { Ok(()) } else { Err(Refusal::Organisation { role, kind }) };
            assert_eq!(admit(role_today(role), kind).map(drop), expected, "{name} admitted in {word}");
            let id = "P-NEW".parse().expect("an id");
            let enrolled = Person::enrol(id, role_today(role), kind, at(NOW)).map(drop);
            assert_eq!(enrolled, expected, "{name} enrolled in {word}");
            assert_eq!(give(examiner(), role_today(role), kind).map(drop), expected, "{name} given in {word}");
            cells += 1;
        }
    }
    assert_eq!(cells, Role::ALL.len() * OrganisationKind::ALL.len());
    assert!("shop".parse::<OrganisationKind>().is_err());
}

/// A delegated agent's last day is named; nobody's has passed.
#[test]
fn a_role_ends_today_or_later() {
    let past = |until| Err(Refusal::Past { until: day(until), today: day(TODAY) });
    for (role, until, expected) in [
        (Role::DelegatedAgent, None, Err(Refusal::NoEnd)),
        (Role::DelegatedAgent, Some("2026-05-31"), past("2026-05-31")),
        (Role::DelegatedAgent, Some("2026-06-01"), Ok(())),
        (Role::DelegatedAgent, Some("2026-06-02"), Ok(())),
        (Role::ProviderMember, None, Ok(())),
        (Role::ProviderMember, Some("2026-05-31"), past("2026-05-31")),
        (Role::ProviderMember, Some("2026-06-01"), Ok(())),
    ] {
        let first = || Membership { until: until.map(day), ..world::membership(role, "O-NEW") };
        assert_eq!(admit(first(), OrganisationKind::Provider).map(drop), expected, "{role} until {until:?}");
        let given = give(examiner(), first(), OrganisationKind::Provider).map(drop);
        assert_eq!(given, expected, "{role} until {until:?}, given");
    }
}

/// Whom an identity provider vouches for is their own caller, and acts as what they were admitted to.
#[test]
fn a_person_acts_in_the_roles_given() {
    let (id, first) = ("P-NEW".parse().expect("an id"), world::membership(Role::ProviderOwner, "O-NEW"));
    let (person, act) = Person::enrol(id, first.clone(), OrganisationKind::Provider, at(NOW)).expect("enrolled");
    assert_eq!((act.by, act.version, act.at), (first.caller(&person.id), 1, at(NOW)));
    let further = Membership { until: Some(day("2026-06-30")), ..world::membership(Role::DelegatedAgent, "O-ELSE") };
    let (person, act) = give(person, further.clone(), OrganisationKind::Provider).expect("given");
    let Membership { role, organisation, until } = further.clone();
    assert_eq!(act.deed, Deed::RoleGiven { role, organisation, until });
    assert_eq!((act.by, act.version), (world::caller(&world::operator()), 2));
    let acting = person.acting(world::signed_in());
    let expected = Actor { person: person.id.clone(), memberships: vec![first, further], proof: world::signed_in() };
    assert_eq!(acting, expected, "in the order in which they were given");
    for (on, is_agent) in [("2026-06-30", true), ("2026-07-01", false)] {
        assert_eq!(person.is(Role::DelegatedAgent, day(on)), is_agent, "{on}");
        assert_eq!(person.holds(Role::DelegatedAgent, &"O-ELSE".parse().expect("an id"), day(on)), is_agent, "{on}");
        assert!(!person.holds(Role::DelegatedAgent, &"O-NEW".parse().expect("an id"), day(on)), "{on}");
    }
}

/// Once at a time in one organisation; given again when it is over, it takes the old one's place.
#[test]
fn a_role_is_given_once_at_a_time() {
    let kind = OrganisationKind::Provider;
    let (person, _) = give(examiner(), role_today(Role::ProviderMember), kind).expect("given");
    let held = Err(Refusal::Held { role: Role::ProviderMember });
    assert_eq!(give(person.clone(), role_today(Role::ProviderMember), kind).map(drop), held);
    let elsewhere = Membership { organisation: organisation("O-ELSE"), ..role_today(Role::ProviderMember) };
    assert!(give(person.clone(), elsewhere, kind).is_ok(), "another organisation's");
    let tomorrow = at("2026-06-01T15:00:00Z");
    let for_good = world::membership(Role::ProviderMember, "O-NEW");
    let (again, _) = person.give(for_good.clone(), kind, &world::operator(), tomorrow).expect("given again");
    assert_eq!(again.memberships, [world::membership(Role::Examiner, world::BODY), for_good]);
}

#[test]
fn a_role_that_is_held_is_ended_with_a_reason() {
    let of_both = give(examiner(), role_today(Role::ProviderMember), OrganisationKind::Provider).expect("given").0;
    for (role, of, reason, expected) in [
        (Role::ProviderMember, "O-NEW", "異動", Ok(())),
        (Role::Examiner, world::BODY, "異動", Ok(())),
        (Role::ProviderMember, "O-NEW", " 　", Err(Refusal::NoReason)),
        (Role::ProviderMember, world::BODY, "異動", Err(Refusal::NotHeld { role: Role::ProviderMember })),
        (Role::ProviderOwner, "O-NEW", "", Err(Refusal::NotHeld { role: Role::ProviderOwner })),
    ] {
        let ended = end(of_both.clone(), role, of, reason);
        assert_eq!(ended.as_ref().map(drop).map_err(Clone::clone), expected, "{role} of {of}, {reason:?}");
        if let Ok((left, act)) = ended {
            assert!(!left.memberships.iter().any(|held| held.role == role) && left.memberships.len() == 1, "{role}");
            let (organisation, reason) = (organisation(of), reason.to_owned());
            assert_eq!(act.deed, Deed::RoleEnded { role, organisation, reason });
            assert_eq!((act.version, left.version), (3, 3));
        }
    }
    // What is over already can still be tidied away.
    let (reason, by) = ("期間満了".to_owned(), world::operator());
    let later = at("2026-07-01T00:00:00Z");
    assert!(of_both.end(Role::ProviderMember, organisation("O-NEW"), reason, &by, later).is_ok());
}

#[test]
fn a_person_is_dismissed_once_and_for_good() {
    let by = world::operator();
    let dismiss = |person: Person, reason: &str, now: &str| person.dismiss(reason.to_owned(), &by, at(now));
    assert_eq!(dismiss(examiner(), "　", NOW).map(drop), Err(Refusal::NoReason));
    let (dismissed, act) = dismiss(examiner(), "退職", world::DECIDED).expect("dismissed");
    assert!(dismissed.is_dismissed && dismissed.memberships.is_empty());
    assert_eq!((act.version, act.at), (2, at(NOW)), "never before the admission");
    assert_eq!(act.subject, Subject::Person("P-NEW".parse().expect("an id")));
    let gone = Err(Refusal::Dismissed);
    assert_eq!(dismiss(dismissed.clone(), "退職", NOW).map(drop), gone);
    assert_eq!(give(dismissed.clone(), role_today(Role::User), OrganisationKind::User).map(drop), gone);
    assert_eq!(end(dismissed, Role::Examiner, world::BODY, "退職").map(drop), gone);
}

/// Nobody changes their own roles; a provider's owner changes those of the own organisation's people.
#[test]
fn roles_are_given_and_ended_by_others() {
    let kind = OrganisationKind::Provider;
    let member = || world::membership(Role::ProviderMember, world::APPLICANT);
    let (owner, rival) = (world::applicant(), world::rival());
    let oneself = Actor { person: examiner().id, ..owner.clone() };
    for (by, expected) in [
        (owner, Ok(())),
        (world::secretary(), Ok(())),
        (world::operator(), Ok(())),
        (rival, Err(Refusal::Denied(Denial::NotOwner))),
        (oneself, Err(Refusal::Denied(Denial::Oneself))),
    ] {
        let id = examiner().id;
        let admitted = Person::admit(id, member(), kind, &by, at(NOW)).map(drop);
        assert_eq!(admitted, expected, "admitted by {}", by.person);
        // A company's people cannot tie an outsider to it; they give more roles to those who belong to it.
        let outsider = if by.memberships.iter().any(|own| own.role.is_companys()) && expected.is_ok() {
            Err(Refusal::Denied(Denial::NotOwner))
        } else {
            expected.clone()
        };
        assert_eq!(examiner().give(member(), kind, &by, at(NOW)).map(drop), outsider, "given by {}", by.person);
        let agent = Membership { until: Some(day(TODAY)), ..world::membership(Role::DelegatedAgent, world::APPLICANT) };
        let of_it = give(examiner(), agent, kind).expect("given").0;
        assert_eq!(of_it.give(member(), kind, &by, at(NOW)).map(drop), expected, "given by {}", by.person);
        let (held, reason) = (give(examiner(), member(), kind).expect("given").0, "異動".to_owned());
        let ended = held.end(Role::ProviderMember, organisation(world::APPLICANT), reason, &by, at(NOW));
        assert_eq!(ended.map(drop), expected, "ended by {}", by.person);
    }
    let themselves = Actor { person: examiner().id, ..world::operator() };
    let dismissed = examiner().dismiss("退職".to_owned(), &themselves, at(NOW)).map(drop);
    assert_eq!(dismissed, Err(Refusal::Denied(Denial::Oneself)));
}

/// What no source says is provisional, and says so; whoever changes a setting changes this table.
#[test]
fn the_schemes_settings() {
    let scheme = Scheme::bundled();
    assert_eq!((scheme.term_years.value, scheme.term_years.standing), (2, Standing::Official));
    assert_eq!((scheme.examiners_per_case.value, scheme.examiners_per_case.standing), (2, Standing::Provisional));
    assert_eq!((scheme.proposal_days.value, scheme.proposal_days.standing), (14, Standing::Provisional));
    let governing = &scheme.governing_day;
    assert_eq!((governing.value, governing.standing), (GoverningDay::FirstSubmission, Standing::Provisional));
    let number = &scheme.registration_number;
    assert_eq!((number.prefix.as_str(), number.digits, number.standing), ("OTK", 5, Standing::Provisional));
    let (years, examiners, days) = (&scheme.term_years, &scheme.examiners_per_case, &scheme.proposal_days);
    for read in [years.last_read, examiners.last_read, days.last_read, governing.last_read, number.last_read] {
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
        "proposal/Q-1",
        "person/P-1",
        "key/01020304",
        "edition/2.0",
    ] {
        let subject: Subject = text.parse().expect(text);
        assert_eq!(subject.to_string(), text);
        assert_eq!(serde_json::to_value(&subject).expect("JSON"), text);
    }
    let lenient: Subject = "licence/o4hm-asw9".parse().expect("as typed");
    assert_eq!(lenient.to_string(), "licence/04HMASW9");
    for wrong in [
        "",
        "application",
        "application/",
        "applications/A-1",
        "application/A 1",
        "licence/1",
        "x/y/z",
        "key/例",
        "edition/../key",
    ] {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
    }
}
