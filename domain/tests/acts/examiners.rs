//! Examiners' interests 「利害関係」: what they declare, who may not examine, who takes their place, and what is waived.

use domain::act::{Replay, Role};
use domain::application::{Application, Candidate, Clearance, EXAMINERS, Refusal};
use domain::authority::{Actor, Denial, Power};
use domain::examination::{self, Answer, Examination};
use domain::settings::Settings;

use crate::world::{self, CRITERIA, EXAMINED, NOW, REASON, SUBMITTED, TIE, at};

fn declare(
    before: Application,
    by: &Actor,
    tie: Option<&str>,
    is_tied_elsewhere: bool,
) -> Result<Application, Refusal> {
    before.declare_interest(tie.map(str::to_owned), is_tied_elsewhere, by, at(EXAMINED)).map(|(state, _)| state)
}

fn replace(before: Application, leaving: &Actor, joining: &Candidate) -> Result<Application, Refusal> {
    let (leaving, reason) = (leaving.person.clone(), "異動した。".to_owned());
    before.replace_examiner(leaving, joining, reason, &world::secretary(), at(EXAMINED)).map(|(state, _)| state)
}

fn clearances(application: &Application) -> Vec<Clearance> {
    application.examiners.iter().map(|person| application.clearance(person)).collect()
}

fn may_read(application: &Application, by: &Actor) -> Result<(), Denial> {
    by.caller(Power::ReadApplication, &application.object(), at(NOW)).map(drop)
}

fn judge(application: &Application, by: &Actor) -> Result<(), examination::Refusal> {
    let (id, judgements, asked) = ("X-1".parse().expect("an id"), world::all(Answer::Met), world::asked());
    Examination::judge(&world::bench(application, &asked, &[]), id, judgements, by, at(EXAMINED)).map(drop)
}

/// The same person, who belongs to the applicant by its corporate number.
fn numbered(mut application: Application, number: &str) -> Application {
    application.declaration.provider.legal_entity_number = Some(number.parse().expect("a number"));
    application
}

/// What was declared before, what is declared now, and how far that brings them.
#[test]
fn nobody_takes_back_what_they_declared() {
    use Clearance::{Cleared, Tied};
    let first = world::first();
    let before = |declared: &[Option<&str>]| {
        declared.iter().fold(world::accepted(), |state, tie| world::declared(state, &first, *tie))
    };
    let waived = || world::waive(before(&[Some(TIE)]), &first).expect("waived").0;
    for (name, state, tie, expected) in [
        ("nothing", before(&[]), None, Ok(Cleared)),
        ("a tie", before(&[]), Some(TIE), Ok(Tied)),
        ("a tie without words", before(&[]), Some(" 　"), Err(Refusal::NoReason)),
        ("nothing, twice", before(&[None]), None, Err(Refusal::Declared)),
        ("a tie that came later", before(&[None]), Some(TIE), Ok(Tied)),
        ("a tie that is no more", before(&[Some(TIE)]), None, Err(Refusal::Declared)),
        ("another tie", before(&[Some(TIE)]), Some("株を持つ。"), Err(Refusal::Declared)),
        ("another tie, where the first was waived", waived(), Some("株を持つ。"), Ok(Tied)),
        ("nothing, where a tie was waived", waived(), None, Err(Refusal::Declared)),
    ] {
        let after = declare(state, &first, tie, false).map(|state| state.clearance(&first.person));
        assert_eq!(after, expected, "{name}");
    }
}

/// A case opens to each examiner as they declare; nobody judges before it is open to both.
#[test]
fn nothing_is_seen_before_it_is_declared_and_nothing_judged_before_both_have() {
    let (first, second) = (world::first(), world::second());
    let (closed, open) = (Err(Denial::Undeclared), Ok(()));
    let shut = || Err(examination::Refusal::Denied(Denial::Undeclared));
    let waits = || Err(examination::Refusal::NotAllDeclared);
    let one = || world::declared(world::accepted(), &first, None);
    let tied_later = || world::declared(world::examining(), &second, Some(TIE));
    let waived = || world::waive(world::tied(), &first).expect("waived").0;
    for (name, application, reads, judges) in [
        ("nobody", world::accepted(), [closed.clone(), closed.clone()], [shut(), shut()]),
        ("the first", one(), [open.clone(), closed.clone()], [waits(), shut()]),
        ("both", world::examining(), [open.clone(), open.clone()], [Ok(()), Ok(())]),
        ("the first is tied", world::tied(), [closed.clone(), open.clone()], [shut(), waits()]),
        ("the second has a tie by now", tied_later(), [open.clone(), closed], [waits(), shut()]),
        ("the first's tie was waived", waived(), [open.clone(), open], [Ok(()), Ok(())]),
    ] {
        let examiners = [&first, &second];
        assert_eq!(examiners.map(|by| may_read(&application, by)), reads, "{name}");
        assert_eq!(examiners.map(|by| judge(&application, by)), judges, "{name}");
        // The house and the applicant read on.
        assert_eq!(may_read(&application, &world::secretary()), Ok(()), "{name}");
        assert_eq!(may_read(&application, &world::applicant()), Ok(()), "{name}");
    }
    // Judged before the tie came up: still nothing is recommended.
    let both = world::both(&world::examining(), Answer::Met);
    let recommended = tied_later().recommend(world::pass(), &CRITERIA, &both, &first, at(NOW)).map(drop);
    assert_eq!(recommended, Err(Refusal::NotAllDeclared));
}

/// Whoever examines looks as the examiner, whatever other role would let them.
#[test]
fn another_role_does_not_open_a_case() {
    for role in [Role::Secretariat, Role::Auditor, Role::DecisionMaker] {
        let by = world::also(world::acting_as(&world::first(), role), Role::Examiner, world::BODY);
        assert_eq!(may_read(&world::accepted(), &by), Err(Denial::Undeclared), "{role}");
        assert_eq!(may_read(&world::examining(), &by), Ok(()), "{role}");
    }
    // Once recommended or withdrawn, cases of before anything was declared are as they were, or are shut.
    let old = |state: Application| Application { interests: Vec::new(), ..state };
    assert_eq!(may_read(&old(world::recommended(world::pass())), &world::first()), Ok(()));
    assert_eq!(may_read(&old(world::decided(world::pass())), &world::first()), Ok(()));
    assert_eq!(may_read(&old(world::withdrawn()), &world::first()), Err(Denial::Undeclared));
}

/// Who is refused by what they are, and by what they declared elsewhere: when a case is accepted, when a seat is given,
/// and when they declare.
#[test]
fn whoever_is_tied_does_not_examine() {
    let number = "9000000000000";
    let of = |organisation: &str| world::actor("P-STRANGER", Role::Examiner, organisation);
    let person = world::stranger().person;
    let own = || Err(Refusal::OwnOrganisation { person: person.clone() });
    let tied = || Err(Refusal::Tied { person: person.clone() });
    for (name, by, is_tied, expected) in [
        ("an examiner from elsewhere", world::stranger(), false, Ok(())),
        ("one of the applicant's", of(world::APPLICANT), false, own()),
        ("one of its corporate number", of(number), false, own()),
        ("one of the body's and of that number", world::also(world::stranger(), Role::User, number), false, own()),
        ("one tied elsewhere", world::stranger(), true, tied()),
        ("one of the applicant's, tied elsewhere too", of(world::APPLICANT), true, own()),
    ] {
        let candidate = Candidate { is_tied, ..world::candidate(&by) };
        let both = [world::candidate(&world::second()), candidate.clone()];
        let accepted = numbered(world::submitted(), number)
            .accept(&both, Settings::bundled(), &world::secretary(), at(NOW))
            .map(drop);
        assert_eq!(accepted, expected, "{name}, accepted");
        let examining = || numbered(world::examining(), number);
        assert_eq!(replace(examining(), &world::first(), &candidate).map(drop), expected, "{name}, replacing");
        // Belonging to the applicant stands in the way of the seat itself; a number, or a tie, is found now.
        let seated = replace(examining(), &world::first(), &world::candidate(&world::stranger())).expect("free");
        let declared = declare(seated, &by, None, is_tied).map(drop);
        let expected = if by.belongs_to(&world::applicant().memberships[0].organisation, at(NOW).day()) {
            Err(Refusal::Denied(Denial::OwnOrganisation))
        } else {
            expected
        };
        assert_eq!(declared, expected, "{name}, declaring");
    }
}

/// A tie declared elsewhere is waived before the case is accepted; belonging to the applicant never is.
#[test]
fn a_waiver_is_for_this_case_and_for_what_was_declared() {
    let (first, secretary, other) = (world::first(), world::secretary(), world::other_secretary());
    let propose = |state: &Application, elsewhere| {
        let proposed = state.propose_waiver(
            world::proposal_id(),
            &first.person,
            REASON.to_owned(),
            elsewhere,
            &secretary,
            at(NOW),
        );
        proposed.map(|(proposal, _)| proposal)
    };
    let no_tie = || Err(Refusal::NoTie { person: first.person.clone() });
    assert_eq!(propose(&world::submitted(), false).map(drop), no_tie());
    assert_eq!(propose(&world::examining(), false).map(drop), no_tie());
    let proposal = propose(&world::submitted(), true).expect("there is a tie");
    let (waived, _) = world::submitted().waive(&proposal, true, &other, at(NOW)).expect("waived");
    assert_eq!(propose(&waived, true).map(drop), no_tie(), "it was waived before");
    let tied = |by: &Actor| Candidate { is_tied: true, ..world::candidate(by) };
    let accepted = waived.clone().accept(
        &[tied(&first), world::candidate(&world::second())],
        Settings::bundled(),
        &secretary,
        at(NOW),
    );
    // What was waived is what they had declared elsewhere: they still declare here.
    let accepted = accepted.expect("accepted").0;
    assert_eq!(clearances(&accepted), [Clearance::Undeclared, Clearance::Undeclared]);
    let cleared = declare(accepted.clone(), &first, None, true).expect("declared");
    assert_eq!(cleared.clearance(&first.person), Clearance::Cleared);
    let again = declare(accepted, &first, Some("株を持つ。"), true).expect("declared");
    assert_eq!(again.clearance(&first.person), Clearance::Tied, "a new tie is not what was waived");
    let torn = world::also(first.clone(), Role::ProviderMember, world::APPLICANT);
    let own = waived
        .accept(&[tied(&torn), world::candidate(&world::second())], Settings::bundled(), &secretary, at(NOW))
        .map(drop);
    assert_eq!(own, Err(Refusal::OwnOrganisation { person: first.person.clone() }));
}

/// Neither by the examiner, nor by one person alone, nor in silence.
#[test]
fn a_waiver_is_somebody_elses() {
    let (tied, first, now) = (world::tied(), world::first(), at(NOW));
    let propose = |examiner: &Actor, reason: &str, by: &Actor| {
        let proposed = tied.propose_waiver(world::proposal_id(), &examiner.person, reason.to_owned(), true, by, now);
        proposed.map(|(proposal, _)| proposal)
    };
    assert_eq!(propose(&first, " ", &world::secretary()).map(drop), Err(Refusal::NoReason));
    let seated = world::acting_as(&first, Role::Secretariat);
    assert_eq!(propose(&first, REASON, &seated).map(drop), Err(Refusal::Denied(Denial::Examined)));
    let oneself = world::acting_as(&world::stranger(), Role::Secretariat);
    assert_eq!(propose(&world::stranger(), REASON, &oneself).map(drop), Err(Refusal::Denied(Denial::Oneself)));
    let proposal = propose(&first, REASON, &world::secretary()).expect("proposed");
    let own = tied.clone().waive(&proposal, false, &world::secretary(), now).map(drop);
    assert_eq!(own, Err(Refusal::Proposal(domain::proposal::Refusal::OwnProposal)));
    let stale = world::declared(world::examining(), &world::second(), Some(TIE));
    let elsewhere = stale.waive(&proposal, true, &world::other_secretary(), now).map(drop);
    assert_eq!(
        elsewhere,
        Err(Refusal::Proposal(domain::proposal::Refusal::Closed(domain::proposal::Standing::Settled)))
    );
}

/// Who leaves, who joins.
#[test]
fn a_seat_is_given_to_somebody_new() {
    let (first, second, stranger) = (world::first(), world::second(), world::stranger());
    let third = world::actor("P-THIRD", Role::Examiner, world::BODY);
    let replaced = || replace(world::examining(), &first, &world::candidate(&stranger)).expect("replaced");
    let not_examiner = |by: &Actor| Err(Refusal::NotExaminer { person: by.person.clone() });
    for (name, before, leaving, joining, expected) in [
        ("a stranger for the first", world::examining(), &first, &stranger, Ok([&stranger, &second])),
        ("a stranger for one who is tied", world::tied(), &first, &stranger, Ok([&stranger, &second])),
        ("a stranger for the second", world::accepted(), &second, &stranger, Ok([&first, &stranger])),
        ("the other examiner", world::examining(), &first, &second, Err(Refusal::Examiners { needed: EXAMINERS })),
        ("themselves", world::examining(), &first, &first, Err(Refusal::Examiners { needed: EXAMINERS })),
        ("for one who does not examine", world::examining(), &stranger, &third, not_examiner(&stranger)),
        ("for one who left", replaced(), &first, &third, not_examiner(&first)),
        ("one who left", replaced(), &second, &first, Err(Refusal::Former { person: first.person.clone() })),
        ("a third", replaced(), &stranger, &third, Ok([&third, &second])),
    ] {
        let after = replace(before, leaving, &world::candidate(joining)).map(|state| state.examiners);
        let expected = expected.map(|seats| seats.map(|by| by.person.clone()).to_vec());
        assert_eq!(after, expected, "{name}");
    }
    let silent = world::examining().replace_examiner(
        first.person.clone(),
        &world::candidate(&stranger),
        "　".to_owned(),
        &world::secretary(),
        at(NOW),
    );
    assert_eq!(silent.map(drop), Err(Refusal::NoReason));
}

/// What they judged stays in the record and counts no longer; they see nothing, decide nothing, and do not come back.
#[test]
fn who_was_replaced_has_no_part_in_it() {
    let (first, second, stranger) = (world::first(), world::second(), world::stranger());
    let judged = world::both(&world::examining(), Answer::Met);
    let state = replace(world::examining(), &first, &world::candidate(&stranger)).expect("replaced");
    assert_eq!(clearances(&state), [Clearance::Undeclared, Clearance::Cleared]);
    assert_eq!(may_read(&state, &first), Err(Denial::NotAssigned));
    assert_eq!(judge(&state, &second), Err(examination::Refusal::NotAllDeclared), "the new one declares first");
    let state = world::declared(state, &stranger, None);
    let recommend = |examinations: &[Examination]| {
        state.clone().recommend(world::pass(), &CRITERIA, examinations, &second, at(NOW)).map(|(state, _)| state)
    };
    assert_eq!(recommend(&judged).map(drop), Err(Refusal::OtherNotDone));
    let mut all = judged;
    all.push(world::examined(&state, &stranger, world::all(Answer::Met)));
    let recommended = recommend(&all).expect("both are done");
    let deciding = world::acting_as(&first, Role::DecisionMaker);
    let (what, ground) = ((world::pass(), Vec::new()), world::ground(&recommended));
    let proposed = recommended.propose_decision(world::proposal_id(), what, &ground, &deciding, at(NOW)).map(drop);
    assert_eq!(proposed, Err(Refusal::Denied(Denial::Examined)));
    let [left] = &recommended.replaced[..] else { panic!("one left") };
    assert_eq!((&left.examiner, &left.by, left.reason.as_str()), (&first.person, &stranger.person, "異動した。"));
}

/// The day is in the act: it stays what it was, and cases of before there was one have none.
#[test]
fn a_case_is_due_some_working_days_after_its_acceptance() {
    let state = world::accepted();
    assert_eq!(state.due, Some(Settings::bundled().working_days_after(at(SUBMITTED).day(), 40)));
    assert_eq!(state.due, Some(world::day("2026-06-02")), "over the holidays of spring");
    let (_, act) = world::submitted()
        .accept(&world::examiners(), Settings::bundled(), &world::secretary(), at(SUBMITTED))
        .expect("accepted");
    let domain::act::Deed::Accepted { examiners, .. } = act.deed.clone() else { panic!("accepted") };
    let of_old = domain::act::Act { deed: domain::act::Deed::Accepted { examiners, due: None }, ..act };
    let state = Application::replay(Some(world::submitted()), &of_old).expect("it follows");
    let written = serde_json::to_value(&state).expect("JSON");
    for field in ["due", "interests", "waivers", "replaced"] {
        assert!(written.get(field).is_none(), "a row of before has no {field}");
    }
    assert_eq!(serde_json::from_value::<Application>(written).expect("read back"), state);
}

/// A record in which somebody declares who does not examine, or who takes a seat that is taken, was altered.
#[test]
fn a_seats_record_follows_the_seats() {
    let (before, stranger) = (world::accepted(), world::stranger());
    let by = |by: &Actor, deed| domain::act::Act {
        subject: before.subject(),
        version: before.version + 1,
        at: at(EXAMINED),
        by: world::caller(by),
        deed,
    };
    use domain::act::Deed::{ExaminerReplaced, InterestDeclared};
    let replaced = |leaving: &Actor, joining: &Actor| {
        let (leaving, joining) = (leaving.person.clone(), joining.person.clone());
        by(&world::secretary(), ExaminerReplaced { leaving, joining, reason: REASON.to_owned() })
    };
    for (name, act, follows) in [
        ("an examiner declares", by(&world::first(), InterestDeclared { tie: None }), true),
        ("a stranger declares", by(&stranger, InterestDeclared { tie: None }), false),
        ("a stranger for the first", replaced(&world::first(), &stranger), true),
        ("the second for the first", replaced(&world::first(), &world::second()), false),
        ("the first for a stranger", replaced(&stranger, &world::first()), false),
    ] {
        assert_eq!(Application::replay(Some(before.clone()), &act).is_ok(), follows, "{name}");
    }
}
