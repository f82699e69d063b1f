//! Role by act: who may do what, and that everybody else is refused for the role alone.

use domain::act::{Caller, OrganisationId, Role};
use domain::application::{Application, Refusal};
use domain::examination;
use domain::licence::{self, Holder};
use domain::people::{self, Person};
use domain::registration;

use crate::application::{attempt, rows};
use crate::world::{self, NOW, Refused, at};

const ROLES: &str = "
act               provider  examiner  decision_maker  secretariat  auditor  operator
submit            yes       .         .               .            .        .
resubmit          yes       .         .               .            .        .
send_back         .         .         .               yes          .        .
accept            .         .         .               yes          .        .
withdraw          yes       .         .               .            .        .
judge             .         yes       .               .            .        .
recommend         .         yes       .               .            .        .
decide            .         .         yes             .            .        .
register          .         .         .               yes          .        .
suspend           .         .         .               yes          .        .
reinstate         .         .         .               yes          .        .
revoke            .         .         .               yes          .        .
grant_provider    .         .         .               yes          .        .
grant_user        yes       .         .               .            .        .
end_user          yes       .         .               yes          .        .
end_provider      .         .         .               yes          .        .
revoke_licence    .         .         .               yes          .        .
admit             .         .         .               .            .        yes
dismiss           .         .         .               .            .        yes
";

/// Does what is asked, in the state in which it can be done.
fn act(name: &str, by: &Caller) -> Result<(), Refused> {
    let (now, reason) = (at(NOW), "理由".to_owned());
    match name {
        "submit" => {
            let id = "A-2026-00002".parse().expect("an id");
            Application::submit(id, world::declaration(), "2.0", world::DIGEST, by, now).map(drop)?;
        }
        "resubmit" => drop(attempt(name, world::returned(), by)?),
        "send_back" | "accept" | "withdraw" => drop(attempt(name, world::submitted(), by)?),
        "judge" | "recommend" => drop(attempt(name, world::examining(), by)?),
        "decide" => drop(attempt(name, world::recommended(world::pass()), by)?),
        "register" => drop(attempt(name, world::decided(world::pass()), by)?),
        "suspend" => drop(world::registered().suspend(reason, by, now)?),
        "reinstate" => {
            let (suspended, _) = world::registered().suspend(reason.clone(), &world::secretary(), now)?;
            drop(suspended.reinstate(reason, by, now)?);
        }
        "revoke" => drop(world::registered().revoke(reason, by, now)?),
        "grant_provider" => drop(world::grant(&world::registered(), Holder::Provider, by, NOW)?),
        "grant_user" => drop(world::grant(&world::registered(), world::user(), by, NOW)?),
        "end_user" => drop(world::licensed().end(&world::registered(), reason, by, now)?),
        "end_provider" => drop(world::provider_licensed().end(&world::registered(), reason, by, now)?),
        "revoke_licence" => drop(world::licensed().revoke(reason, by, now)?),
        "admit" => drop(admitted(by)?),
        "dismiss" => drop(admitted(&world::operator())?.dismiss(reason, by, now)?),
        other => panic!("no such act: {other}"),
    }
    Ok(())
}

fn admitted(by: &Caller) -> Result<Person, people::Refusal> {
    let id = "P-NEW".parse().expect("an id");
    Person::admit(id, Role::Examiner, "例示花子", None, world::DIGEST.to_owned(), by, at(NOW)).map(|(person, _)| person)
}

/// The refusal of a caller whose role may not do it.
fn refusal(name: &str, role: Role) -> Refused {
    match name {
        "submit" | "resubmit" | "withdraw" => Refusal::Role { needed: Role::Provider }.into(),
        "send_back" | "accept" => Refusal::Role { needed: Role::Secretariat }.into(),
        "recommend" => Refusal::Role { needed: Role::Examiner }.into(),
        "decide" => Refusal::Role { needed: Role::DecisionMaker }.into(),
        "judge" => examination::Refusal::Role.into(),
        "register" | "suspend" | "reinstate" | "revoke" => {
            registration::Refusal::Role { needed: Role::Secretariat }.into()
        }
        // A provider does end licences, but not its own.
        "end_provider" if role == Role::Provider => licence::Refusal::NotOwner.into(),
        "grant_user" | "end_user" | "end_provider" => licence::Refusal::Role { needed: Role::Provider }.into(),
        "grant_provider" | "revoke_licence" => licence::Refusal::Role { needed: Role::Secretariat }.into(),
        "admit" | "dismiss" => people::Refusal::Role.into(),
        other => panic!("no such act: {other}"),
    }
}

/// The one person who could do it, if only the role were right.
fn person_for(name: &str) -> Caller {
    match name {
        "grant_user" | "end_user" => world::applicant(),
        "admit" | "dismiss" => world::operator(),
        name => crate::application::entitled(name),
    }
}

#[test]
fn every_role_and_act_is_decided() {
    let mut cells = 0;
    for (name, row) in rows(ROLES) {
        assert!(row.iter().any(|(_, cell)| *cell == "yes"), "{name}: nobody may do it");
        for (role, cell) in row {
            let role: Role = role.parse().expect("a role");
            let by = Caller { role, ..person_for(name) };
            let expected = if cell == "yes" { Ok(()) } else { Err(refusal(name, role)) };
            assert_eq!(act(name, &by), expected, "{name} as {role}");
            cells += 1;
        }
    }
    assert_eq!(cells, 19 * Role::ALL.len());
}

/// A role's word is read back, and nothing else is a role.
#[test]
fn roles_are_read_as_they_are_written() {
    for role in Role::ALL {
        assert_eq!(role.to_string().parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).expect("JSON"), role.as_str());
    }
    for other in ["", "Provider", "decision-maker", "owner"] {
        let error = other.parse::<Role>().expect_err(other);
        assert!(error.ends_with("(provider, examiner, decision_maker, secretariat, auditor, operator)"), "{error}");
    }
}

/// Identifiers are what the registry itself gives out: 1 to 40 ASCII letters, digits and hyphens.
#[test]
fn identifiers_have_limits() {
    let longest = "A".repeat(40);
    for fine in ["A", "A-2026-00001", "9000000000000", longest.as_str()] {
        assert_eq!(fine.parse::<OrganisationId>().expect(fine).as_str(), fine);
    }
    let too_long = "A".repeat(41);
    for wrong in ["", "A 1", "A/1", "A_1", "Ａ", "例", "A\n", "../x", too_long.as_str()] {
        assert!(wrong.parse::<OrganisationId>().is_err(), "{wrong:?}");
        assert!(serde_json::from_value::<OrganisationId>(wrong.into()).is_err(), "{wrong:?}");
    }
    // What is repeated of it is cut, so that nobody fills a page or a log line.
    assert_eq!("例".repeat(500).parse::<OrganisationId>().expect_err("too long").0.chars().count(), 60);
}
