//! Role by act: who may do what, that everybody else is refused for the role alone, and how they must have shown who
//! they are. Written beside the domain's own table, not from it.

use domain::act::{OrganisationId, Role};
use domain::application::ObjectionOutcome;
use domain::authority::{Actor, Denial, FRESH, Proof};
use domain::calendar::Instant;
use domain::licence::Holder;
use domain::people::{OrganisationKind, Person};
use domain::registration::{MeasureKind, Registration};

use crate::application::{attempt, rows};
use crate::world::{self, NOW, Refused, at};

/// Owner, member and agent are a provider's. `yes`, or `.` where the role does it to nothing; `key`, whether an API key
/// will do, and with which scope; `sign-in`, whether any running session will do, or only a fresh one.
const ROLES: &str = "
act               owner member agent user  examiner decider secretary auditor operator key                sign-in
submit            yes   yes    yes   .     .        .       .         .       .        applications:write any
resubmit          yes   yes    yes   .     .        .       .         .       .        applications:write any
withdraw          yes   yes    yes   .     .        .       .         .       .        applications:write any
send_back         .     .      .     .     .        .       yes       .       .        .                  any
accept            .     .      .     .     .        .       yes       .       .        .                  any
judge             .     .      .     .     yes      .       .         .       .        .                  any
recommend         .     .      .     .     yes      .       .         .       .        .                  any
propose           .     .      .     .     .        yes     .         .       .        .                  fresh
confirm           .     .      .     .     .        yes     .         .       .        .                  fresh
drop              .     .      .     .     .        yes     .         .       .        .                  fresh
register          .     .      .     .     .        .       yes       .       .        .                  any
propose_suspend   .     .      .     .     .        .       yes       .       .        .                  fresh
confirm_suspend   .     .      .     .     .        .       yes       .       .        .                  fresh
propose_reinstate .     .      .     .     .        .       yes       .       .        .                  fresh
confirm_reinstate .     .      .     .     .        .       yes       .       .        .                  fresh
propose_revoke    .     .      .     .     .        .       yes       .       .        .                  fresh
confirm_revoke    .     .      .     .     .        .       yes       .       .        .                  fresh
drop_measure      .     .      .     .     .        .       yes       .       .        .                  fresh
grant_provider    .     .      .     .     .        .       yes       .       .        .                  any
grant_user        yes   yes    yes   .     .        .       .         .       .        licences:write     any
end_user          yes   yes    yes   .     .        .       yes       .       .        licences:write     any
end_provider      .     .      .     .     .        .       yes       .       .        .                  any
reissue           .     .      .     .     .        .       yes       .       .        .                  any
propose_licence   .     .      .     .     .        .       yes       .       .        .                  fresh
confirm_licence   .     .      .     .     .        .       yes       .       .        .                  fresh
drop_licence      .     .      .     .     .        .       yes       .       .        .                  fresh
admit_company     yes   .      .     .     .        .       yes       .       yes      .                  fresh
give_company      yes   .      .     .     .        .       yes       .       yes      .                  fresh
end_company       yes   .      .     .     .        .       yes       .       yes      .                  fresh
admit_staff       .     .      .     .     .        .       .         .       yes      .                  fresh
give_staff        .     .      .     .     .        .       .         .       yes      .                  fresh
end_staff         .     .      .     .     .        .       .         .       yes      .                  fresh
dismiss           .     .      .     .     .        .       .         .       yes      .                  fresh
declare           .     .      .     .     yes      .       .         .       .        .                  any
replace           .     .      .     .     .        .       yes       .       .        .                  any
propose_waiver    .     .      .     .     .        .       yes       .       .        .                  fresh
confirm_waiver    .     .      .     .     .        .       yes       .       .        .                  fresh
drop_waiver       .     .      .     .     .        .       yes       .       .        .                  fresh
report            yes   yes    yes   .     .        .       .         .       .        applications:write any
reply             .     .      .     .     .        yes     yes       .       .        .                  any
object            yes   yes    yes   .     .        .       .         .       .        applications:write any
propose_hearing   .     .      .     .     .        yes     .         .       .        .                  fresh
hear              .     .      .     .     .        yes     .         .       .        .                  fresh
drop_hearing      .     .      .     .     .        yes     .         .       .        .                  fresh
ask               .     .      .     .     yes      .       .         .       .        .                  any
answer            yes   yes    yes   .     .        .       .         .       .        applications:write any
extend            .     .      .     .     yes      .       yes       .       .        .                  any
close             .     .      .     .     yes      .       yes       .       .        .                  any
";

/// Does what is asked, in the state in which it can be done.
fn act(name: &str, by: &Actor) -> Result<(), Refused> {
    match name {
        "submit" => {
            world::submit("A-2026-00002".parse().expect("an id"), by, NOW)?;
        }
        "resubmit" => drop(attempt(name, world::returned(), by)?),
        "send_back" | "accept" | "withdraw" => drop(attempt(name, world::submitted(), by)?),
        "judge" | "recommend" | "replace" | "ask" => drop(attempt(name, world::examining(), by)?),
        "answer" | "extend" | "close" => drop(attempt(name, world::ask(world::examining()).0, by)?),
        "declare" => drop(attempt(name, world::accepted(), by)?),
        "propose_waiver" | "confirm_waiver" | "drop_waiver" => waive(name, by)?,
        "propose" | "confirm" => drop(attempt(name, world::recommended(world::pass()), by)?),
        "drop" => {
            let recommended = world::recommended(world::pass());
            let proposal = crate::application::proposed(world::pass(), &recommended);
            proposal.drop_it(recommended.version, reason(), &recommended.object(), by, at(NOW))?;
        }
        "report" => drop(crate::deciding::attempt(name, world::conditional(), by)?),
        "reply" => drop(crate::deciding::attempt(name, world::reported(), by)?),
        "object" => drop(crate::deciding::attempt(name, world::decided(world::fail()), by)?),
        "propose_hearing" | "hear" => drop(crate::deciding::attempt(name, world::objected(), by)?),
        "drop_hearing" => {
            let objected = world::objected();
            let proposal = crate::deciding::hearing(&objected, ObjectionOutcome::Dismissed);
            proposal.drop_it(objected.version, reason(), &objected.object(), by, at(NOW))?;
        }
        "register" => drop(attempt(name, world::decided(world::pass()), by)?),
        "propose_suspend" | "confirm_suspend" => measure(name, world::registered(), MeasureKind::Suspended, by)?,
        "propose_reinstate" | "confirm_reinstate" => {
            let suspended = world::suspended(world::registered(), at(NOW));
            measure(name, suspended, MeasureKind::Reinstated, by)?;
        }
        "propose_revoke" | "confirm_revoke" => measure(name, world::registered(), MeasureKind::Revoked, by)?,
        "drop_measure" => measure(name, world::registered(), MeasureKind::Suspended, by)?,
        "grant_provider" => drop(world::grant(&world::registered(), Holder::Provider, by, NOW)?),
        "grant_user" => drop(world::grant(&world::registered(), world::user(), by, NOW)?),
        "end_user" => drop(world::licensed().end(&world::registered(), reason(), by, at(NOW))?),
        "end_provider" => drop(world::provider_licensed().end(&world::registered(), reason(), by, at(NOW))?),
        "reissue" => drop(world::licensed().renew_token(&world::registered(), &world::lost_key(), by, at(NOW))?),
        "propose_licence" | "confirm_licence" | "drop_licence" => revoke_licence(name, by)?,
        _ => on_person(name, by)?,
    }
    Ok(())
}

fn reason() -> String {
    "理由".to_owned()
}

/// `by` proposes the measure, or confirms or drops what a secretary proposed.
fn measure(name: &str, before: Registration, measure: MeasureKind, by: &Actor) -> Result<(), Refused> {
    let propose = |by: &Actor| {
        before.propose(world::proposal_id(), measure, reason(), world::plan(measure, at(NOW)), by, at(NOW))
    };
    if name.starts_with("propose") {
        return Ok(propose(by).map(drop)?);
    }
    let (proposal, _) = propose(&world::secretary())?;
    let proposal = world::heard(proposal, &before);
    match name {
        "drop_measure" => drop(proposal.drop_it(before.measured(), reason(), &before.object(), by, at(NOW))?),
        _ => drop(before.take(&proposal, by, at(NOW))?),
    }
    Ok(())
}

/// The same for the revocation of a licence.
fn revoke_licence(name: &str, by: &Actor) -> Result<(), Refused> {
    let (licence, registration) = (world::licensed(), world::registered());
    let propose = |by: &Actor| licence.propose_revocation(world::proposal_id(), &registration, reason(), by, at(NOW));
    if name == "propose_licence" {
        return Ok(propose(by).map(drop)?);
    }
    let (proposal, _) = propose(&world::secretary())?;
    match name {
        "drop_licence" => drop(proposal.drop_it(licence.version, reason(), &registration.object(), by, at(NOW))?),
        _ => drop(licence.revoke(&registration, &proposal, by, at(NOW))?),
    }
    Ok(())
}

/// And for the waiver of the first examiner's tie.
fn waive(name: &str, by: &Actor) -> Result<(), Refused> {
    let (tied, first) = (world::tied(), world::first().person);
    let propose = |by: &Actor| tied.propose_waiver(world::proposal_id(), &first, reason(), false, by, at(NOW));
    if name == "propose_waiver" {
        return Ok(propose(by).map(drop)?);
    }
    let (proposal, _) = propose(&world::secretary())?;
    match name {
        "drop_waiver" => drop(proposal.drop_it(tied.version, reason(), &tied.object(), by, at(NOW))?),
        _ => drop(tied.clone().waive(&proposal, false, by, at(NOW))?),
    }
    Ok(())
}

/// Admits somebody, or changes somebody admitted: of the applicant's, or of the body's.
fn on_person(name: &str, by: &Actor) -> Result<(), Refused> {
    let (role, further, organisation, kind) = if name.ends_with("_company") {
        (Role::ProviderMember, Role::ProviderOwner, world::APPLICANT, OrganisationKind::Provider)
    } else {
        (Role::Examiner, Role::Auditor, world::BODY, OrganisationKind::RegistrationBody)
    };
    let id = "P-NEW".parse().expect("an id");
    let admit = |by: &Actor| Person::admit(id, world::membership(role, organisation), kind, by, at(NOW));
    if name.starts_with("admit_") {
        return Ok(admit(by).map(drop)?);
    }
    let (person, _) = admit(&world::operator())?;
    match name {
        "give_company" | "give_staff" => {
            drop(person.give(world::membership(further, organisation), kind, by, at(NOW))?);
        }
        "end_company" | "end_staff" => {
            drop(person.end(role, organisation.parse().expect("an id"), reason(), by, at(NOW))?);
        }
        "dismiss" => drop(person.dismiss(reason(), by, at(NOW))?),
        other => panic!("no such act: {other}"),
    }
    Ok(())
}

/// The one person who could do it, if only the role were right: one of the applicant's, or one of the body's.
fn person_for(name: &str, role: Role) -> Actor {
    let by = match name {
        "judge" | "recommend" | "declare" | "ask" => world::first(),
        "extend" | "close" if role == Role::Examiner => world::first(),
        _ => world::stranger(),
    };
    let organisation = if role.is_companys() { world::APPLICANT } else { world::BODY };
    Actor { memberships: vec![world::membership(role, organisation)], ..by }
}

/// One act of the table: who may do it, and how they must have shown who they are.
struct Line {
    act: &'static str,
    roles: Vec<(Role, bool)>,
    scope: Option<&'static str>,
    is_fresh: bool,
}

impl Line {
    fn may(&self) -> Vec<Role> {
        self.roles.iter().filter(|(_, may)| *may).map(|(role, _)| *role).collect()
    }
}

fn role_of(head: &str) -> Role {
    match head {
        "owner" => Role::ProviderOwner,
        "member" => Role::ProviderMember,
        "agent" => Role::DelegatedAgent,
        "decider" => Role::DecisionMaker,
        "secretary" => Role::Secretariat,
        word => word.parse().expect("a role"),
    }
}

fn lines() -> Vec<Line> {
    let role = |(head, cell): &(&str, &str)| (role_of(head), *cell == "yes");
    rows(ROLES)
        .map(|(act, row)| {
            let [roles @ .., (_, key), (_, sign_in)] = &row[..] else { panic!("{act}: no columns") };
            let scope = (*key != ".").then_some(*key);
            Line { act, roles: roles.iter().map(role).collect(), scope, is_fresh: *sign_in == "fresh" }
        })
        .collect()
}

#[test]
fn every_role_and_act_is_decided() {
    let lines = lines();
    assert_eq!(lines.len(), 48);
    for line in lines {
        assert_eq!(line.roles.iter().map(|(role, _)| *role).collect::<Vec<_>>(), Role::ALL, "{}", line.act);
        assert!(!line.may().is_empty(), "{}: nobody may do it", line.act);
        for (role, may) in &line.roles {
            let done = act(line.act, &person_for(line.act, *role));
            let denial = done.as_ref().err().map(|refused| refused.denial().expect("about the caller"));
            let expected = (!may).then(|| Denial::Role { needed: line.may() });
            assert_eq!(denial, expected.as_ref(), "{} as {role}", line.act);
        }
    }
}

/// Asked of the act itself, so that none forgets to ask: no key without its scope, no weighty act on a stale sign-in.
#[test]
fn every_act_asks_how_they_showed_who_they_are() {
    for line in lines() {
        let proved = |proof: Proof| {
            let by = Actor { proof, ..person_for(line.act, line.may()[0]) };
            act(line.act, &by).map_err(|refused| refused.denial().expect("about the caller").clone())
        };
        let signed_in_at = Instant::from_unix(at(NOW).unix() - FRESH - 1).expect("an instant");
        let stale = if line.is_fresh { Err(Denial::SignInAgain) } else { Ok(()) };
        assert_eq!(proved(Proof::Session { signed_in_at }), stale, "{}, signed in long ago", line.act);
        let needed = line.scope.map(|scope| scope.parse().expect("a scope"));
        let none = Proof::Key { scopes: [].into() };
        assert_eq!(proved(none), Err(Denial::Scope { needed }), "{} with a key of no scope", line.act);
        let with = Proof::Key { scopes: needed.into_iter().collect() };
        let expected = if needed.is_some() { Ok(()) } else { Err(Denial::Scope { needed }) };
        assert_eq!(proved(with), expected, "{} with a key of its scope", line.act);
        assert_eq!(proved(Proof::Command), Ok(()), "{} at the command line", line.act);
    }
}

/// A role's word is read back, and nothing else is a role.
#[test]
fn roles_are_read_as_they_are_written() {
    for role in Role::ALL {
        assert_eq!(role.to_string().parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).expect("JSON"), role.as_str());
    }
    for other in ["", "provider", "ProviderOwner", "decision-maker", "owner"] {
        let error = other.parse::<Role>().expect_err(other);
        let known = "(provider_owner, provider_member, delegated_agent, user, examiner, decision_maker, secretariat, \
                     auditor, operator)";
        assert!(error.ends_with(known), "{error}");
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
