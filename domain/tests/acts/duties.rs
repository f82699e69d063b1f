//! Separation of duties (ISO/IEC 17065, 7.6), ownership, and reasons: nobody decides a case alone or in silence.

use domain::act::{Determination, Role};
use domain::application::{Application, EXAMINERS, Refusal};
use domain::authority::{Actor, Denial};
use domain::criteria::CriterionId;
use domain::examination::{Answer, Examination};
use domain::settings::Settings;

use crate::world::{self, CRITERIA, NOW, at};

type Tried = Result<&'static str, Refusal>;

fn accept(examiners: &[&Actor]) -> Tried {
    let examiners: Vec<_> = examiners.iter().map(|by| world::candidate(by)).collect();
    let accepted = world::submitted().accept(&examiners, Settings::bundled(), &world::secretary(), at(NOW));
    accepted.map(|(state, _)| state.stage.as_str())
}

fn recommend(opinion: Determination, examinations: &[Examination], by: &Actor) -> Tried {
    let recommended = world::examining().recommend(opinion, &CRITERIA, examinations, by, at(NOW));
    recommended.map(|(state, _)| state.stage.as_str())
}

/// `by` proposes it, where it can be proposed.
fn propose(before: &Application, decision: Determination, by: &Actor) -> Tried {
    let what = (decision, Vec::new());
    let proposed = before.propose_decision(world::proposal_id(), what, &world::ground(before), by, at(NOW));
    proposed.map(|_| before.stage.as_str())
}

/// `by` confirms what a decision maker proposed, as that proposal's record would be.
fn confirm(before: Application, decision: Determination, by: &Actor) -> Tried {
    let proposal = crate::application::proposed(decision, &before);
    let ground = world::ground(&before);
    before.decide(&proposal, &ground, by, at(NOW)).map(|(state, _)| state.stage.as_str())
}

/// The same role in the applicant's organisation.
fn of_applicant(by: &Actor) -> Actor {
    let [own] = &by.memberships[..] else { panic!("one role") };
    Actor { memberships: vec![world::membership(own.role, world::APPLICANT)], ..by.clone() }
}

#[test]
fn a_case_has_two_different_examiners_from_elsewhere() {
    let (first, second, stranger) = (world::first(), world::second(), world::stranger());
    let own = of_applicant(&second);
    let nowhere = Actor { memberships: Vec::new(), ..second.clone() };
    // Of the applicant and of the body: in whichever order, in whatever role.
    let torn = world::also(second.clone(), Role::ProviderMember, world::APPLICANT);
    let torn_too = world::also(own.clone(), Role::Examiner, world::BODY);
    let two = || Refusal::Examiners { needed: EXAMINERS };
    for (examiners, expected) in [
        (&[][..], Err(two())),
        (&[&first], Err(two())),
        (&[&first, &first], Err(two())),
        (&[&first, &second, &stranger], Err(two())),
        (&[&first, &second, &first], Err(two())),
        (&[&first, &own], Err(Refusal::OwnOrganisation { person: own.person.clone() })),
        (&[&own, &first], Err(Refusal::OwnOrganisation { person: own.person.clone() })),
        (&[&first, &torn], Err(Refusal::OwnOrganisation { person: torn.person.clone() })),
        (&[&first, &torn_too], Err(Refusal::OwnOrganisation { person: torn.person.clone() })),
        (&[&first, &second], Ok("examining")),
        (&[&second, &stranger], Ok("examining")),
        (&[&first, &nowhere], Ok("examining")),
    ] {
        assert_eq!(accept(examiners), expected, "{examiners:?}");
    }
    assert_eq!(EXAMINERS, 2);
}

#[test]
fn who_examined_does_not_decide_and_nobody_decides_for_the_own_organisation() {
    let recommended = || world::recommended(world::pass());
    let deciding = |by: Actor| world::acting_as(&by, Role::DecisionMaker);
    let (decider, examined) = (world::other_decider(), Err(Refusal::Denied(Denial::Examined)));
    let own = Err(Refusal::Denied(Denial::OwnOrganisation));
    let torn = world::also(decider.clone(), Role::ProviderMember, world::APPLICANT);
    let examiner_too = world::also(world::first(), Role::DecisionMaker, world::BODY);
    for (name, by, expected) in [
        ("the examiner who recommended", deciding(world::first()), examined.clone()),
        ("the same, still an examiner", examiner_too, examined.clone()),
        ("the other examiner", deciding(world::second()), examined),
        ("one of the applicant's", of_applicant(&decider), own.clone()),
        ("one of the body's and of the applicant's", torn, own),
        ("an examiner of other cases", deciding(world::stranger()), Ok("decided")),
        ("one of the body's, as the examiners are", decider, Ok("decided")),
    ] {
        for decision in [world::pass(), world::fail()] {
            let proposed = propose(&recommended(), decision.clone(), &by);
            assert_eq!(proposed, expected.clone().map(|_| "recommended"), "proposed by {name}");
            assert_eq!(confirm(recommended(), decision, &by), expected, "confirmed by {name}");
        }
    }
}

/// Recommended, decided, outcome.
#[test]
fn a_pass_needs_a_recommendation_to_pass() {
    let (pass, fail) = (world::pass, world::fail);
    for (opinion, decision, expected) in [
        (pass(), pass(), Ok("decided")),
        (pass(), fail(), Ok("decided")),
        (fail(), fail(), Ok("decided")),
        (fail(), pass(), Err(Refusal::NotRecommended)),
    ] {
        let before = world::recommended(opinion.clone());
        let proposed = propose(&before, decision.clone(), &world::decider());
        assert_eq!(proposed, expected.clone().map(|_| "recommended"), "{opinion:?}, proposed");
        assert_eq!(confirm(before, decision, &world::other_decider()), expected, "{opinion:?}");
    }
}

#[test]
fn a_recommendation_is_one_of_the_examiners() {
    let examinations = world::both(&world::examining(), Answer::Met);
    for (by, expected) in [
        (world::first(), Ok("recommended")),
        (world::second(), Ok("recommended")),
        (world::stranger(), Err(Refusal::Denied(Denial::NotAssigned))),
    ] {
        assert_eq!(recommend(world::pass(), &examinations, &by), expected, "{}", by.person);
    }
}

/// What each examiner answered about help desk, price and insurance: `+` met, `-` unmet, `o` not applicable, `.`
/// nothing; whether a pass or a fail can be recommended.
#[test]
fn a_recommendation_needs_all_judged_agreeing_and_supporting_it() {
    use CriterionId::{HelpDesk, Insurance, NetworkPrice};
    let unjudged = |criteria: &[CriterionId]| Err(Refusal::Unjudged { criteria: criteria.to_vec() });
    let disagreement = |criteria: &[CriterionId]| Err(Refusal::Disagreement { criteria: criteria.to_vec() });
    let unsupported = |unmet: &[CriterionId]| Err(Refusal::Unsupported { unmet: unmet.to_vec() });
    let (fine, not_done) = (Ok("recommended"), || Err(Refusal::OtherNotDone));
    for (one, other, pass, fail) in [
        ("+++", "+++", fine.clone(), unsupported(&[])),
        ("+o+", "+o+", fine.clone(), unsupported(&[])),
        ("ooo", "ooo", fine.clone(), unsupported(&[])),
        ("++-", "++-", unsupported(&[Insurance]), fine.clone()),
        ("-+-", "-+-", unsupported(&[HelpDesk, Insurance]), fine.clone()),
        ("---", "---", unsupported(&CRITERIA), fine.clone()),
        ("+++", "++-", disagreement(&[Insurance]), disagreement(&[Insurance])),
        ("+++", "-+o", disagreement(&[HelpDesk, Insurance]), disagreement(&[HelpDesk, Insurance])),
        // Of the other's, nobody learns more than that they are not done.
        ("+++", "++.", not_done(), not_done()),
        ("+.+", "++.", unjudged(&[NetworkPrice]), unjudged(&[NetworkPrice])),
        ("+..", "+++", unjudged(&[NetworkPrice, Insurance]), unjudged(&[NetworkPrice, Insurance])),
        ("---", "--.", not_done(), not_done()), // before disagreement and support
        ("-++", "+..", not_done(), not_done()),
        ("+++", "...", not_done(), not_done()),
        ("...", "...", unjudged(&CRITERIA), unjudged(&CRITERIA)),
    ] {
        let application = world::examining();
        let examinations: Vec<_> = [(world::first(), one), (world::second(), other)]
            .iter()
            .filter_map(|(by, answers)| answered(&application, by, answers))
            .collect();
        for (opinion, expected) in [(world::pass(), pass), (world::fail(), fail)] {
            let verdict = opinion.verdict;
            assert_eq!(recommend(opinion, &examinations, &world::first()), expected, "{one} {other} {verdict:?}");
        }
    }
}

/// An edition without criteria for the class or the kind carries nothing.
#[test]
fn nothing_asked_is_nothing_recommended() {
    for opinion in [world::pass(), world::fail()] {
        let application = world::examining();
        let refused = application.recommend(opinion, &[], &[], &world::first(), at(world::NOW));
        assert_eq!(refused.map(drop), Err(Refusal::NothingAsked));
    }
}

fn answered(application: &Application, by: &Actor, answers: &str) -> Option<Examination> {
    let judgements: Vec<_> = CRITERIA
        .into_iter()
        .zip(answers.chars())
        .filter_map(|(criterion, sign)| {
            let answer = match sign {
                '+' => Answer::Met,
                '-' => Answer::Unmet,
                'o' => Answer::NotApplicable,
                _ => return None,
            };
            Some(world::judgement(criterion, answer))
        })
        .collect();
    (!judgements.is_empty()).then(|| world::examined(application, by, judgements))
}

/// Neither another case's judgements nor another examiner's count, for or against.
#[test]
fn only_the_examiners_judgements_of_this_case_count() {
    let application = world::examining();
    let elsewhere = Application { id: "A-2026-00099".parse().expect("an id"), ..application.clone() };
    let both = world::both(&application, Answer::Met);
    let all = || CRITERIA.to_vec();
    let of_elsewhere = world::both(&elsewhere, Answer::Met);
    assert_eq!(recommend(world::pass(), &of_elsewhere, &world::first()), Err(Refusal::Unjudged { criteria: all() }));
    let theirs = world::both(&elsewhere, Answer::Unmet);
    let mixed: Vec<_> = theirs.into_iter().chain(both.clone()).collect();
    assert_eq!(recommend(world::pass(), &mixed, &world::first()), Ok("recommended"));
    let mut strangers = both.clone();
    strangers[0].examiner = world::stranger().person;
    assert_eq!(recommend(world::pass(), &strangers, &world::first()), Err(Refusal::Unjudged { criteria: all() }));
    let mut three = both;
    three.push(Examination {
        examiner: world::stranger().person,
        ..world::both(&application, Answer::Unmet)[0].clone()
    });
    assert_eq!(recommend(world::pass(), &three, &world::first()), Ok("recommended"));
}

#[test]
fn reasons_are_never_empty() {
    let examinations = world::both(&world::examining(), Answer::Met);
    for blank in ["", " ", "　", "\n\t"] {
        let silent = |verdict| Determination { reason: blank.to_owned(), verdict };
        let silent_pass = || silent(domain::act::Verdict::Pass);
        let refused = Err(Refusal::NoReason);
        assert_eq!(recommend(silent_pass(), &examinations, &world::first()), refused, "{blank:?}");
        let recommended = world::recommended(world::pass());
        assert_eq!(propose(&recommended, silent_pass(), &world::decider()), refused, "{blank:?}");
        assert_eq!(confirm(recommended, silent_pass(), &world::other_decider()), refused, "{blank:?}");
        let mut reasons = world::reasons();
        reasons.extend(world::reasons());
        reasons[1].reason = blank.to_owned();
        let sent_back = world::submitted().send_back(reasons, &world::secretary(), at(NOW));
        assert_eq!(sent_back.map(drop), Err(Refusal::NoReason), "{blank:?}");
    }
    let sent_back = world::submitted().send_back(Vec::new(), &world::secretary(), at(NOW));
    assert_eq!(sent_back.map(drop), Err(Refusal::NoReason));
    // Who takes an application back owes nobody a reason.
    assert!(world::submitted().withdraw(String::new(), &world::applicant(), at(NOW)).is_ok());
}

#[test]
fn an_application_is_its_owners() {
    let not_owner = Err(Refusal::Denied(Denial::NotOwner));
    let colleague = Actor { person: world::rival().person, ..world::applicant() };
    let of_both = world::also(world::rival(), Role::ProviderMember, world::APPLICANT);
    for (by, expected) in [(world::rival(), not_owner.clone()), (colleague, Ok(())), (of_both, Ok(()))] {
        let id = "A-2026-00002".parse().expect("an id");
        assert_eq!(world::submit(id, &by, NOW).map(drop), expected, "{by:?}");
        let resubmitted = world::returned().resubmit(world::declaration(), &by, at(NOW)).map(drop);
        assert_eq!(resubmitted, expected, "{by:?}");
        assert_eq!(world::submitted().withdraw(String::new(), &by, at(NOW)).map(drop), expected, "{by:?}");
    }
}

/// One's own case is not shown to others by the order of refusals: role, then owner, then stage, then content.
#[test]
fn the_first_refusal_is_about_the_caller() {
    let rival = world::rival();
    let of_another = world::submitted().resubmit(world::declaration(), &rival, at(NOW)).map(drop);
    assert_eq!(of_another, Err(Refusal::Denied(Denial::NotOwner)), "not: wrong stage");
    let silent = world::returned().send_back(Vec::new(), &world::secretary(), at(NOW)).map(drop);
    assert_eq!(silent, Err(Refusal::Stage { found: "returned", needed: "submitted" }), "not: no reason");
    let auditor = world::acting_as(&world::secretary(), Role::Auditor);
    let by_auditor = world::returned().send_back(Vec::new(), &auditor, at(NOW)).map(drop);
    let role = Refusal::Denied(Denial::Role { needed: vec![Role::Secretariat] });
    assert_eq!(by_auditor, Err(role), "not: wrong stage");
}
