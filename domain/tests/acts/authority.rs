//! Who may: whose thing it is, on which day, in which of several roles, and how they showed who they are. `roles.rs`
//! tries every act.

use domain::act::{OrganisationId, PersonId, Role};
use domain::authority::{Actor, Denial, Extent, FRESH, Object, Power, Proof, Scope, TABLE};
use domain::calendar::Instant;
use domain::people::Membership;

use crate::application::rows;
use crate::world::{self, APPLICANT, BODY, NOW, RIVAL, at, day};

/// A thing, as far as it matters for who may do what.
#[derive(Clone, Default)]
struct Thing {
    owner: Option<OrganisationId>,
    holder: Option<OrganisationId>,
    examiners: Vec<PersonId>,
    closed_to: Vec<PersonId>,
    former: Vec<PersonId>,
    deciders: Vec<PersonId>,
    person: Option<PersonId>,
}

impl Thing {
    /// One that belongs to this organisation.
    fn of(owner: &str) -> Self {
        Self { owner: Some(owner.parse().expect("an id")), ..Self::default() }
    }

    fn held_by(self, holder: &str) -> Self {
        Self { holder: Some(holder.parse().expect("an id")), ..self }
    }

    fn examined_by(self, examiners: &[Actor]) -> Self {
        Self { examiners: examiners.iter().map(|by| by.person.clone()).collect(), ..self }
    }

    fn closed_to(self, by: &Actor) -> Self {
        Self { closed_to: vec![by.person.clone()], ..self }
    }

    fn once_examined_by(self, by: &Actor) -> Self {
        Self { former: vec![by.person.clone()], ..self }
    }

    fn decided_by(self, by: &Actor) -> Self {
        Self { deciders: vec![by.person.clone()], ..self }
    }

    fn about(self, by: &Actor) -> Self {
        Self { person: Some(by.person.clone()), ..self }
    }

    /// In which role `by` may do it, on a June morning in Japan.
    fn may(&self, by: &Actor, power: Power) -> Result<Role, Denial> {
        self.may_at(by, power, NOW)
    }

    fn may_at(&self, by: &Actor, power: Power, now: &str) -> Result<Role, Denial> {
        let (owner, holder, person) = (self.owner.as_ref(), self.holder.as_ref(), self.person.as_ref());
        let (examiners, closed_to) = (self.examiners.as_slice(), self.closed_to.iter().collect());
        let (former, deciders) = (self.former.iter().collect(), self.deciders.iter().collect());
        let object = Object { owner, holder, examiners, closed_to, former, deciders, person };
        let caller = by.caller(power, &object, at(now))?;
        assert_eq!(caller.person, by.person, "nobody acts as another");
        let is_theirs =
            |own: &&Membership| own.role == caller.role && Some(&own.organisation) == caller.organisation.as_ref();
        assert!(by.memberships.iter().any(|own| is_theirs(&own)), "nobody acts in a role they do not have");
        Ok(caller.role)
    }
}

/// The case of the applicant, with its two examiners.
fn the_case() -> Thing {
    Thing::of(APPLICANT).examined_by(&[world::first(), world::second()])
}

fn role(power: Power) -> Denial {
    Denial::Role { needed: power.roles() }
}

/// What each word of the domain's table allows: the own organisation's thing; of another's, one that the own holds, one
/// that the person examines, and any else.
const WORDS: &str = "
word      own  held  examined  else
-         .    .     .         .
own       yes  .     .         .
held      .    yes   .         .
assigned  .    .     yes       .
apart     .    yes   .         yes
anew      .    yes   .         yes
any       yes  yes   yes       yes
";

/// Every cell of the domain's table is what happens.
#[test]
fn the_table_means_what_its_head_says() {
    let words: Vec<_> = rows(WORDS).collect();
    let table: String = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut cells = 0;
    for (name, row) in rows(String::leak(table)) {
        let power: Power = name.parse().expect("a power");
        for (head, word) in &row[..Role::ALL.len()] {
            let by = world::actor("P-ANYBODY", head.parse().expect("a role"), "O-OWN");
            let (_, expected) = words.iter().find(|(known, _)| known == word).expect("a word of the table");
            for (situation, cell) in expected {
                let thing = match *situation {
                    "own" => Thing::of("O-OWN"),
                    "held" => Thing::of(RIVAL).held_by("O-OWN"),
                    "examined" => Thing::of(RIVAL).examined_by(std::slice::from_ref(&by)),
                    _ => Thing::of(RIVAL).held_by(RIVAL).examined_by(&[world::stranger()]),
                };
                let may = thing.may(&by, power);
                assert_eq!(may.is_ok(), *cell == "yes", "{power} as {head}, {situation}: {may:?}");
                assert_eq!(may.err() == Some(role(power)), *word == "-", "{power} as {head}, {situation}");
                cells += 1;
            }
        }
    }
    assert_eq!(cells, Power::ALL.len() * Role::ALL.len() * 4);
}

/// Readings, acts that are the edge's, and those about the register's own keys and editions: to whose things each role
/// may do them. Written beside the domain's table.
const AT_THE_EDGE: &str = "
power              owner member agent user  examiner decider secretary auditor operator key                sign-in
application.read   own   own    own   .     examined any     any       any     .        applications:read  any
licence.read       own   own    own   held  .        .       any       any     .        licences:read      any
key.change         .     .      .     .     .        .       any       .       any      .                  fresh
edition.publish    .     .      .     .     .        any     any       .       .        .                  fresh
edition.stop       .     .      .     .     .        any     any       .       .        .                  any
proposal.read      .     .      .     .     .        .       .         any     .        .                  any
organisation.enter .     .      .     .     .        .       any       .       any      .                  any
person.read        own   .      .     .     .        .       any       any     any      .                  any
person.recover     .     .      .     .     .        .       .         .       any      .                  fresh
person.erase       .     .      .     .     .        .       .         .       any      .                  fresh
api_key.read       own   .      .     .     .        .       .         any     .        .                  any
api_key.issue      own   .      .     .     .        .       .         .       .        .                  fresh
trail.read         .     .      .     .     .        .       .         any     .        .                  any
statistics.read    .     .      .     .     .        any     any       any     .        .                  any
";

#[test]
fn what_is_done_at_the_edge_is_decided() {
    for (name, row) in rows(AT_THE_EDGE) {
        let power: Power = name.parse().expect("a power");
        let [cells @ .., (_, key), (_, sign_in)] = &row[..] else { panic!("{name}: no columns") };
        for (role, (_, cell)) in Role::ALL.into_iter().zip(cells) {
            let by = world::actor("P-ANYBODY", role, "O-OWN");
            let is_any = *cell == "any";
            for (situation, thing) in [
                ("own", Thing::of("O-OWN")),
                ("held", Thing::of(RIVAL).held_by("O-OWN")),
                ("examined", Thing::of(RIVAL).examined_by(std::slice::from_ref(&by))),
                ("else", Thing::of(RIVAL)),
            ] {
                assert_eq!(
                    thing.may(&by, power).is_ok(),
                    is_any || *cell == situation,
                    "{power} as {role}, {situation}"
                );
            }
        }
        assert_eq!(power.scope().map_or(".", Scope::as_str), *key, "{power}");
        assert_eq!(power.needs_fresh_sign_in(), *sign_in == "fresh", "{power}");
    }
}

/// One's own, another's, and what one examines or has examined.
#[test]
fn it_matters_whose_it_is() {
    use Power::{
        Accept, Decide, DeclareInterest, EndUsersLicence, Judge, ReadApplication, ReadLicences, Recommend, TakeMeasure,
        WithdrawApplication,
    };
    let (first, stranger, secretary, decider) =
        (world::first(), world::stranger(), world::secretary(), world::decider());
    let user = world::actor("P-USER", Role::User, "O-SHOP");
    let licence = || Thing::of(APPLICANT).held_by("O-SHOP");
    let nothing = Thing::default;
    for (name, by, power, thing, expected) in [
        ("the applicant", world::applicant(), WithdrawApplication, the_case(), Ok(Role::ProviderOwner)),
        ("another provider", world::rival(), WithdrawApplication, the_case(), Err(Denial::NotOwner)),
        ("a provider, of nobody's", world::applicant(), WithdrawApplication, nothing(), Err(Denial::NotOwner)),
        ("an examiner of the case", first.clone(), Judge, the_case(), Ok(Role::Examiner)),
        ("the same, reading", first.clone(), ReadApplication, the_case(), Ok(Role::Examiner)),
        ("another examiner", stranger.clone(), Judge, the_case(), Err(Denial::NotAssigned)),
        ("the same, reading", stranger.clone(), ReadApplication, the_case(), Err(Denial::NotAssigned)),
        ("an examiner before any is named", first.clone(), Judge, Thing::of(APPLICANT), Err(Denial::NotAssigned)),
        ("a decision maker", decider.clone(), Decide, the_case(), Ok(Role::DecisionMaker)),
        (
            "a decision maker who examined",
            world::acting_as(&first, Role::DecisionMaker),
            Decide,
            the_case(),
            Err(Denial::Examined),
        ),
        (
            "a decision maker who examines other cases",
            world::also(stranger, Role::DecisionMaker, BODY),
            Decide,
            the_case(),
            Ok(Role::DecisionMaker),
        ),
        (
            "who was replaced",
            first.clone(),
            Judge,
            Thing::of(APPLICANT).once_examined_by(&first),
            Err(Denial::NotAssigned),
        ),
        (
            "a decision maker who was replaced as examiner",
            world::acting_as(&first, Role::DecisionMaker),
            Decide,
            Thing::of(APPLICANT).once_examined_by(&first),
            Err(Denial::Examined),
        ),
        ("before they declare", first.clone(), ReadApplication, the_case().closed_to(&first), Err(Denial::Undeclared)),
        ("the same, judging", first.clone(), Judge, the_case().closed_to(&first), Err(Denial::Undeclared)),
        ("the same, recommending", first.clone(), Recommend, the_case().closed_to(&first), Err(Denial::Undeclared)),
        ("the same, declaring", first.clone(), DeclareInterest, the_case().closed_to(&first), Ok(Role::Examiner)),
        (
            "the same, who may read everything",
            world::also(first.clone(), Role::Auditor, BODY),
            ReadApplication,
            the_case().closed_to(&first),
            Err(Denial::Undeclared),
        ),
        ("the other, who has", world::second(), ReadApplication, the_case().closed_to(&first), Ok(Role::Examiner)),
        ("who decided it, deciding", decider.clone(), Decide, the_case().decided_by(&decider), Err(Denial::Decided)),
        (
            "who decided it, on an objection",
            decider.clone(),
            Power::DecideObjection,
            the_case().decided_by(&decider),
            Err(Denial::Decided),
        ),
        (
            "who decided it, on a report",
            decider.clone(),
            Power::ReplyToReport,
            the_case().decided_by(&decider),
            Ok(Role::DecisionMaker),
        ),
        ("a secretary", secretary.clone(), Accept, the_case(), Ok(Role::Secretariat)),
        ("a secretary, of nobody's", secretary.clone(), TakeMeasure, nothing(), Ok(Role::Secretariat)),
        ("the user whose licence it is", user.clone(), ReadLicences, licence(), Ok(Role::User)),
        ("the same, ending it", user.clone(), EndUsersLicence, licence(), Err(role(EndUsersLicence))),
        ("another's user", user, ReadLicences, Thing::of("O-SHOP").held_by(RIVAL), Err(Denial::NotOwner)),
        ("its provider", world::applicant(), ReadLicences, licence(), Ok(Role::ProviderOwner)),
        ("an auditor", world::acting_as(&secretary, Role::Auditor), ReadLicences, licence(), Ok(Role::Auditor)),
    ] {
        assert_eq!(thing.may(&by, power), expected, "{power} by {name}");
    }
}

/// Whoever belongs to the applicant, in whatever role and besides whatever else, has no hand in its case.
#[test]
fn nobody_decides_about_their_own_organisation() {
    use Power::{Accept, Decide, Judge, Recommend, Register, RevokeLicence, SendBack, TakeMeasure};
    let deciding = world::acting_as(&world::stranger(), Role::DecisionMaker);
    for (by, power) in [
        (world::first(), Judge),
        (world::first(), Recommend),
        (deciding, Decide),
        (world::secretary(), Accept),
        (world::secretary(), SendBack),
        (world::secretary(), Register),
        (world::secretary(), TakeMeasure),
        (world::secretary(), RevokeLicence),
    ] {
        let may = by.memberships[0].role;
        for tie in [Role::ProviderOwner, Role::ProviderMember, Role::DelegatedAgent, Role::User, Role::Auditor] {
            let torn = world::also(by.clone(), tie, APPLICANT);
            let mut reversed = torn.clone();
            reversed.memberships.reverse();
            for by in [&torn, &reversed] {
                assert_eq!(the_case().may(by, power), Err(Denial::OwnOrganisation), "{power} by {may} and {tie}");
            }
            let elsewhere = world::also(by.clone(), tie, RIVAL);
            assert_eq!(the_case().may(&elsewhere, power), Ok(may), "{power} by {may} and {tie} elsewhere");
            let mut former = torn;
            former.memberships[1].until = Some(day("2026-05-31"));
            assert_eq!(the_case().may(&former, power), Ok(may), "{power} by {may}, {tie} until yesterday");
        }
    }
}

/// What is done to a person is done by another, whoever they are; reading is not done to anybody.
#[test]
fn nobody_does_it_to_themselves() {
    for power in Power::ALL.iter().copied().filter(|power| power.is_about_a_person()) {
        for may in power.roles() {
            let organisation = if may.is_companys() { APPLICANT } else { BODY };
            let by = world::actor("P-ANYBODY", may, organisation);
            let thing = Thing::of(organisation);
            assert_eq!(thing.clone().about(&world::stranger()).may(&by, power), Ok(may), "{power}");
            assert_eq!(thing.about(&by).may(&by, power), Err(Denial::Oneself), "{power}");
        }
    }
    let of_persons: Vec<_> = Power::ALL.iter().copied().filter(|power| power.is_about_a_person()).collect();
    use Power::{Dismiss, Erase, GiveCompanyRole, GiveStaffRole, ReadPeople, Recover};
    assert_eq!(of_persons, [GiveCompanyRole, GiveStaffRole, Recover, Dismiss, Erase]);
    let owner = world::applicant();
    assert_eq!(Thing::of(APPLICANT).about(&owner).may(&owner, ReadPeople), Ok(Role::ProviderOwner));
}

/// A delegated agent's last day is a day in Japan, whole.
#[test]
fn a_role_counts_until_the_end_of_its_last_day_in_japan() {
    let power = Power::WithdrawApplication;
    for (until, now, is_in_force) in [
        ("2026-05-31", NOW, false),                    // yesterday
        ("2026-06-01", NOW, true),                     // today
        ("2026-06-02", NOW, true),                     // tomorrow
        ("2026-06-01", "2026-06-01T14:59:59Z", true),  // 23:59:59 in Japan
        ("2026-06-01", "2026-06-01T15:00:00Z", false), // 00:00:00
        ("2026-06-02", "2026-06-01T15:00:00Z", true),
    ] {
        let mut agent = world::actor("P-AGENT", Role::DelegatedAgent, APPLICANT);
        agent.memberships[0].until = Some(day(until));
        let expected = if is_in_force { Ok(Role::DelegatedAgent) } else { Err(role(power)) };
        assert_eq!(the_case().may_at(&agent, power, now), expected, "until {until}, at {now}");
        assert_eq!(agent.might(power, at(now)).is_ok(), is_in_force, "until {until}, at {now}");
        let (today, applicant) = (at(now).day(), APPLICANT.parse().expect("an id"));
        assert_eq!(agent.belongs_to(&applicant, today), is_in_force, "until {until}, at {now}");
        assert_eq!(agent.roles(today).count(), usize::from(is_in_force), "until {until}, at {now}");
        assert_eq!(agent.extent(power, today).organisations.len(), usize::from(is_in_force), "until {until}, at {now}");
    }
}

/// The first of several roles that may is the one in which it is done.
#[test]
fn the_first_role_that_may_is_the_callers() {
    let agent = world::actor("P-AGENT", Role::DelegatedAgent, RIVAL);
    let of_both = world::also(agent, Role::ProviderMember, APPLICANT);
    let of_the_house = world::also(world::secretary(), Role::Auditor, BODY);
    let mut reversed = of_the_house.clone();
    reversed.memberships.reverse();
    use Power::{Accept, ReadApplication, ReadTrail, WithdrawApplication};
    for (by, power, thing, expected) in [
        (&of_both, WithdrawApplication, Thing::of(RIVAL), Role::DelegatedAgent),
        (&of_both, WithdrawApplication, Thing::of(APPLICANT), Role::ProviderMember),
        (&of_the_house, ReadApplication, the_case(), Role::Secretariat),
        (&reversed, ReadApplication, the_case(), Role::Auditor),
        (&of_the_house, ReadTrail, Thing::default(), Role::Auditor),
        (&reversed, Accept, the_case(), Role::Secretariat),
    ] {
        assert_eq!(thing.may(by, power), Ok(expected), "{power} of {:?}", by.memberships);
    }
}

/// Where none may, they are told of the role that comes closest, in whichever order they hold them.
#[test]
fn the_closest_denial_is_told() {
    let (member, agent) = ((Role::ProviderMember, RIVAL), (Role::DelegatedAgent, "O-ELSE"));
    let (secretary, user) = ((Role::Secretariat, BODY), (Role::User, APPLICANT));
    let (examiner, operator) = ((Role::Examiner, BODY), (Role::Operator, BODY));
    use Power::{EndUsersLicence, ReadApplication};
    for (roles, power, expected) in [
        (&[][..], ReadApplication, role(ReadApplication)),
        (&[operator, user], ReadApplication, role(ReadApplication)),
        (&[operator, member], ReadApplication, Denial::NotOwner),
        (&[member, agent], ReadApplication, Denial::NotOwner),
        (&[member, examiner], ReadApplication, Denial::NotAssigned),
        (&[secretary, user, member], EndUsersLicence, Denial::OwnOrganisation),
    ] {
        let memberships: Vec<_> = roles.iter().map(|(role, of)| world::membership(*role, of)).collect();
        let mut by = Actor { memberships, ..world::stranger() };
        for _ in 0..2 {
            assert_eq!(the_case().may(&by, power), Err(expected.clone()), "{power} of {:?}", by.memberships);
            by.memberships.reverse();
        }
    }
}

/// A power, the scopes of a key, and what the key lacks.
#[test]
fn a_key_does_what_its_scopes_say() {
    use Scope::{ReadApplications, ReadLicences, WriteApplications, WriteLicences};
    let lacks = |needed| Err(Denial::Scope { needed });
    for (power, scopes, expected) in [
        (Power::ReadApplication, &[ReadApplications][..], Ok(())),
        (Power::ReadApplication, &[WriteApplications], lacks(Some(ReadApplications))),
        (Power::ReadApplication, &[], lacks(Some(ReadApplications))),
        (Power::SubmitApplication, &[WriteApplications], Ok(())),
        (Power::SubmitApplication, &[ReadApplications], lacks(Some(WriteApplications))),
        (Power::ReadLicences, &[ReadLicences, WriteApplications], Ok(())),
        (Power::GrantToUser, &[WriteLicences], Ok(())),
        (Power::GrantToUser, &[ReadLicences, ReadApplications, WriteApplications], lacks(Some(WriteLicences))),
        (Power::ReadPeople, Scope::ALL, lacks(None)),
        (Power::GiveCompanyRole, Scope::ALL, lacks(None)),
        (Power::IssueApiKey, Scope::ALL, lacks(None)),
    ] {
        let by = Actor { proof: Proof::Key { scopes: scopes.iter().copied().collect() }, ..world::applicant() };
        assert_eq!(Thing::of(APPLICANT).may(&by, power).map(drop), expected, "{power} with {scopes:?}");
        assert_eq!(by.might(power, at(NOW)), expected, "{power} with {scopes:?}, before it is known which");
        let anothers = Thing::of(RIVAL).may(&by, power);
        assert_eq!(anothers, Err(Denial::NotOwner), "{power} with {scopes:?}: a scope is not asked for in vain");
    }
}

/// Seconds since the last sign-in. Machines' clocks differ a little: just ahead is fresh too.
#[test]
fn what_weighs_most_takes_a_fresh_sign_in() {
    assert_eq!(FRESH, 300);
    for (ago, is_fresh) in [(-1, true), (0, true), (299, true), (300, true), (301, false), (86_400, false)] {
        let signed_in_at = Instant::from_unix(at(NOW).unix() - ago).expect("an instant");
        let signed_in = |by: Actor| Actor { proof: Proof::Session { signed_in_at }, ..by };
        let expected = if is_fresh { Ok(Role::DecisionMaker) } else { Err(Denial::SignInAgain) };
        let (decider, secretary) = (signed_in(world::decider()), signed_in(world::secretary()));
        assert_eq!(the_case().may(&decider, Power::Decide), expected, "{ago} s ago");
        assert_eq!(the_case().may(&secretary, Power::Accept), Ok(Role::Secretariat), "{ago} s ago");
        let whoever_they_are = decider.in_role(Power::Decide, &Object::default(), at(NOW).day());
        assert_eq!(whoever_they_are, Ok(world::caller(&decider)), "{ago} s ago");
        // Nobody signs in again to learn that they may not.
        assert_eq!(the_case().may(&secretary, Power::Decide), Err(role(Power::Decide)), "{ago} s ago");
        let examined = signed_in(world::acting_as(&world::first(), Role::DecisionMaker));
        assert_eq!(the_case().may(&examined, Power::Decide), Err(Denial::Examined), "{ago} s ago");
        // A form is shown before they sign in again, and what is typed into it kept.
        assert_eq!(decider.might(Power::Decide, at(NOW)), Ok(()), "{ago} s ago");
    }
}

/// Before the thing is known: whoever may do it to something.
#[test]
fn who_might() {
    let provider = world::applicant();
    for (by, power, expected) in [
        (world::first(), Power::Judge, true),
        (world::stranger(), Power::Judge, true),
        (provider.clone(), Power::Judge, false),
        (provider.clone(), Power::GrantToUser, true),
        (provider.clone(), Power::GrantToProvider, false),
        (world::also(provider, Role::Secretariat, BODY), Power::GrantToProvider, true),
        (world::actor("P-USER", Role::User, "O-SHOP"), Power::ReadLicences, true),
        (Actor { memberships: Vec::new(), ..world::operator() }, Power::EnterOrganisation, false),
    ] {
        let expected = if expected { Ok(()) } else { Err(role(power)) };
        assert_eq!(by.might(power, at(NOW)), expected, "{power} by {}", by.person);
        let at_the_machine = Actor { proof: Proof::Command, ..by };
        assert_eq!(at_the_machine.might(power, at(NOW)), expected, "{power}, at the command line");
    }
}

/// Which applications and licences stand in somebody's lists.
#[test]
fn a_list_holds_what_each_may_read() {
    let of = |organisations: &[&str]| Extent {
        organisations: organisations.iter().map(|id| id.parse().expect("an id")).collect(),
        ..Extent::default()
    };
    let everything = || Extent { is_everything: true, ..Extent::default() };
    let agent_of_both = world::also(world::applicant(), Role::DelegatedAgent, RIVAL);
    let torn = world::also(world::first(), Role::ProviderMember, RIVAL);
    use Power::{Decide, ReadApplication, ReadLicences, TakeMeasure};
    for (by, power, expected) in [
        (world::applicant(), ReadApplication, of(&[APPLICANT])),
        (agent_of_both.clone(), ReadApplication, of(&[APPLICANT, RIVAL])),
        (agent_of_both, ReadLicences, of(&[APPLICANT, RIVAL])),
        (world::first(), ReadApplication, Extent { is_assigned: true, ..Extent::default() }),
        (torn, ReadApplication, Extent { is_assigned: true, ..of(&[RIVAL]) }),
        (world::first(), ReadLicences, Extent::default()),
        (world::secretary(), ReadApplication, everything()),
        (world::secretary(), TakeMeasure, everything()), // each registration is asked about again
        (world::decider(), Decide, everything()),
        (world::operator(), ReadApplication, Extent::default()),
        // What a user holds is found by its holder, not by whom it belongs to.
        (world::actor("P-USER", Role::User, "O-SHOP"), ReadLicences, Extent::default()),
    ] {
        assert_eq!(by.extent(power, at(NOW).day()), expected, "{power} by {}", by.person);
    }
}

/// Their words are read back, and nothing else is one.
#[test]
fn powers_and_scopes_are_read_as_they_are_written() {
    for power in Power::ALL {
        assert_eq!(power.to_string().parse(), Ok(*power));
    }
    for scope in Scope::ALL {
        assert_eq!(scope.to_string().parse(), Ok(*scope));
    }
    assert!("application.*".parse::<Power>().is_err());
    let error = "licences".parse::<Scope>().expect_err("not a scope");
    assert_eq!(
        error,
        "licences: applications:read, applications:write, licences:read, licences:write, watching:read, watching:write"
    );
}
