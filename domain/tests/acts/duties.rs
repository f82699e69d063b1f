//! Separation of duties (ISO/IEC 17065, 7.6), ownership, and reasons: nobody decides a case alone or in silence.

use domain::act::{Caller, Role};
use domain::application::{Application, EXAMINERS, Refusal};
use domain::criteria::CriterionId;
use domain::examination::{Answer, Examination};

use crate::world::{self, CRITERIA, NOW, at};

type Tried = Result<&'static str, Refusal>;

fn accept(examiners: &[&Caller]) -> Tried {
    let examiners: Vec<_> = examiners.iter().map(|by| (by.person.clone(), by.organisation.clone())).collect();
    let accepted = world::submitted().accept(&examiners, &world::secretary(), at(NOW));
    accepted.map(|(state, _)| state.stage.as_str())
}

fn recommend(opinion: domain::act::Determination, examinations: &[Examination], by: &Caller) -> Tried {
    let recommended = world::examining().recommend(opinion, &CRITERIA, examinations, by, at(NOW));
    recommended.map(|(state, _)| state.stage.as_str())
}

fn decide(before: Application, decision: domain::act::Determination, by: &Caller) -> Tried {
    before.decide(decision, by, at(NOW)).map(|(state, _)| state.stage.as_str())
}

/// The same person in another role.
fn acting_as(by: &Caller, role: Role) -> Caller {
    Caller { role, ..by.clone() }
}

/// The same role in the applicant's organisation.
fn of_applicant(by: &Caller) -> Caller {
    Caller { organisation: world::applicant().organisation, ..by.clone() }
}

#[test]
fn a_case_has_two_different_examiners_from_elsewhere() {
    let (first, second, stranger) = (world::first(), world::second(), world::stranger());
    let own = of_applicant(&second);
    let nowhere = Caller { organisation: None, ..second.clone() };
    let two = || Refusal::Examiners { needed: EXAMINERS };
    for (examiners, expected) in [
        (&[][..], Err(two())),
        (&[&first], Err(two())),
        (&[&first, &first], Err(two())),
        (&[&first, &second, &stranger], Err(two())),
        (&[&first, &second, &first], Err(two())),
        (&[&first, &own], Err(Refusal::OwnOrganisation { person: own.person.clone() })),
        (&[&own, &first], Err(Refusal::OwnOrganisation { person: own.person.clone() })),
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
    let stranger = acting_as(&world::stranger(), Role::DecisionMaker);
    let (decider, own) = (world::decider(), of_applicant(&world::decider()));
    for (name, by, expected) in [
        ("the examiner who recommended", acting_as(&world::first(), Role::DecisionMaker), Err(Refusal::Examined)),
        ("the other examiner", acting_as(&world::second(), Role::DecisionMaker), Err(Refusal::Examined)),
        ("one of the applicant's", own, Err(Refusal::OwnOrganisation { person: decider.person.clone() })),
        ("an examiner of other cases", stranger, Ok("decided")),
        ("one of the body's, as the examiners are", decider, Ok("decided")),
    ] {
        for decision in [world::pass(), world::fail()] {
            assert_eq!(decide(recommended(), decision, &by), expected, "{name}");
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
        assert_eq!(decide(world::recommended(opinion.clone()), decision, &world::decider()), expected, "{opinion:?}");
    }
}

#[test]
fn a_recommendation_is_one_of_the_examiners() {
    let examinations = world::both(&world::examining(), Answer::Met);
    for (by, expected) in [
        (world::first(), Ok("recommended")),
        (world::second(), Ok("recommended")),
        (world::stranger(), Err(Refusal::NotAssigned)),
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
    let fine = Ok("recommended");
    for (one, other, pass, fail) in [
        ("+++", "+++", fine.clone(), unsupported(&[])),
        ("+o+", "+o+", fine.clone(), unsupported(&[])),
        ("ooo", "ooo", fine.clone(), unsupported(&[])),
        ("++-", "++-", unsupported(&[Insurance]), fine.clone()),
        ("-+-", "-+-", unsupported(&[HelpDesk, Insurance]), fine.clone()),
        ("---", "---", unsupported(&CRITERIA), fine.clone()),
        ("+++", "++-", disagreement(&[Insurance]), disagreement(&[Insurance])),
        ("+++", "-+o", disagreement(&[HelpDesk, Insurance]), disagreement(&[HelpDesk, Insurance])),
        ("+++", "++.", unjudged(&[Insurance]), unjudged(&[Insurance])),
        ("+.+", "++.", unjudged(&[NetworkPrice, Insurance]), unjudged(&[NetworkPrice, Insurance])),
        ("---", "--.", unjudged(&[Insurance]), unjudged(&[Insurance])), // before disagreement and support
        ("+++", "...", unjudged(&CRITERIA), unjudged(&CRITERIA)),
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

fn answered(application: &Application, by: &Caller, answers: &str) -> Option<Examination> {
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
        let silent = |verdict| domain::act::Determination { reason: blank.to_owned(), verdict };
        let silent_pass = || silent(domain::act::Verdict::Pass);
        let refused = Err(Refusal::NoReason);
        assert_eq!(recommend(silent_pass(), &examinations, &world::first()), refused, "{blank:?}");
        assert_eq!(decide(world::recommended(world::pass()), silent_pass(), &world::decider()), refused, "{blank:?}");
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
    let nobody = Caller { organisation: None, ..world::applicant() };
    let colleague = Caller { person: world::rival().person, ..world::applicant() };
    for (by, expected) in
        [(world::rival(), Err(Refusal::NotOwner)), (nobody.clone(), Err(Refusal::NotOwner)), (colleague, Ok(()))]
    {
        let resubmitted = world::returned().resubmit(world::declaration(), &by, at(NOW)).map(drop);
        assert_eq!(resubmitted, expected, "{by:?}");
        assert_eq!(world::submitted().withdraw(String::new(), &by, at(NOW)).map(drop), expected, "{by:?}");
    }
    let id = "A-2026-00002".parse().expect("an id");
    let submitted = Application::submit(id, world::declaration(), "2.0", world::DIGEST, &nobody, at(NOW));
    assert_eq!(submitted.map(drop), Err(Refusal::NotOwner));
}

/// One's own case is not shown to others by the order of refusals: role, then owner, then stage, then content.
#[test]
fn the_first_refusal_is_about_the_caller() {
    let rival = world::rival();
    let of_another = world::submitted().resubmit(world::declaration(), &rival, at(NOW)).map(drop);
    assert_eq!(of_another, Err(Refusal::NotOwner), "not: wrong stage");
    let silent = world::returned().send_back(Vec::new(), &world::secretary(), at(NOW)).map(drop);
    assert_eq!(silent, Err(Refusal::Stage { found: "returned", needed: "submitted" }), "not: no reason");
    let auditor = acting_as(&world::secretary(), Role::Auditor);
    let by_auditor = world::returned().send_back(Vec::new(), &auditor, at(NOW)).map(drop);
    assert_eq!(by_auditor, Err(Refusal::Role { needed: Role::Secretariat }), "not: wrong stage");
}
