//! Judging: which judgements 「判断」 are taken, and what two examiners disagree about.

use domain::act::{Deed, ExaminationId, Role, Subject};
use domain::application::Application;
use domain::authority::{Actor, Denial};
use domain::criteria::CriterionId;
use domain::examination::{Answer, Bench, Bound, Examination, Judgement, Refusal, disagreements};

use crate::world::{self, EXAMINED, at, judgement};
use CriterionId::{HelpDesk, Insurance, NetworkPrice, OnePackage};

fn fresh() -> ExaminationId {
    "X-1".parse().expect("an id")
}

/// Judges as the first examiner; arithmetic leaves only `Unmet` for the price.
fn judge(application: &Application, read: u32, by: &Actor, judgements: Vec<Judgement>) -> Result<Examination, Refusal> {
    let mut asked = world::asked();
    (asked[1].found, asked[1].may_overrule) = (Some(Answer::Unmet), false);
    let bench = Bench { read, ..world::bench(application, &asked, &[]) };
    Examination::judge(&bench, fresh(), judgements, by, at(EXAMINED)).map(|(state, _)| state)
}

/// Judgements of a case that can be judged.
#[test]
fn every_judgement_is_taken_or_refused() {
    let silent = |criterion, reason: &str| Judgement { reason: reason.to_owned(), ..judgement(criterion, Answer::Met) };
    let (met, unmet, not_applicable) = (Answer::Met, Answer::Unmet, Answer::NotApplicable);
    for (name, judgements, expected) in [
        ("one", vec![judgement(HelpDesk, met)], Ok(())),
        ("one unmet", vec![judgement(HelpDesk, unmet)], Ok(())),
        ("one not applicable", vec![judgement(HelpDesk, not_applicable)], Ok(())),
        ("all", vec![judgement(HelpDesk, met), judgement(NetworkPrice, unmet), judgement(Insurance, met)], Ok(())),
        ("none", vec![], Err(Refusal::Nothing)),
        ("not asked", vec![judgement(OnePackage, met)], Err(Refusal::NotAsked { criterion: OnePackage })),
        (
            "one of two not asked",
            vec![judgement(HelpDesk, met), judgement(OnePackage, met)],
            Err(Refusal::NotAsked { criterion: OnePackage }),
        ),
        (
            "twice, the same",
            vec![judgement(HelpDesk, met), judgement(HelpDesk, met)],
            Err(Refusal::Twice { criterion: HelpDesk }),
        ),
        (
            "twice, differently and apart",
            vec![judgement(HelpDesk, met), judgement(Insurance, met), judgement(HelpDesk, unmet)],
            Err(Refusal::Twice { criterion: HelpDesk }),
        ),
        ("no reason", vec![silent(HelpDesk, "")], Err(Refusal::NoReason { criterion: HelpDesk })),
        ("blank reason", vec![silent(HelpDesk, " 　\n")], Err(Refusal::NoReason { criterion: HelpDesk })),
        (
            "the second without reason",
            vec![judgement(HelpDesk, met), silent(Insurance, "")],
            Err(Refusal::NoReason { criterion: Insurance }),
        ),
        ("as arithmetic says", vec![judgement(NetworkPrice, unmet)], Ok(())),
        (
            "against arithmetic",
            vec![judgement(NetworkPrice, met)],
            Err(Refusal::Overrules { criterion: NetworkPrice, only: unmet }),
        ),
        (
            "past arithmetic",
            vec![judgement(NetworkPrice, not_applicable)],
            Err(Refusal::Overrules { criterion: NetworkPrice, only: unmet }),
        ),
    ] {
        let application = world::examining();
        let taken = judge(&application, application.version, &world::first(), judgements.clone());
        assert_eq!(taken.as_ref().map(drop).map_err(Clone::clone), expected, "{name}");
        if let Ok(state) = taken {
            let kept: Vec<_> = state.judgements.into_values().collect();
            assert_eq!(kept, judgements, "{name}");
        }
    }
}

/// Who judges, what, and having read which version.
#[test]
fn a_case_is_judged_by_its_examiners_as_they_read_it() {
    let examining = world::examining();
    let version = examining.version;
    let provider = world::acting_as(&world::first(), Role::ProviderOwner);
    let not_assigned = || Err(Refusal::Denied(Denial::NotAssigned));
    let role = Err(Refusal::Denied(Denial::Role { needed: vec![Role::Examiner] }));
    let tied = world::also(world::first(), Role::ProviderMember, world::APPLICANT);
    let stale = |read| Err(Refusal::Stale { read, found: version });
    let stage = |found| Err(Refusal::Stage { found });
    for (name, application, read, by, expected) in [
        ("first", &examining, version, world::first(), Ok(())),
        ("second", &examining, version, world::second(), Ok(())),
        ("not assigned", &examining, version, world::stranger(), not_assigned()),
        ("not an examiner now", &examining, version, provider, role),
        ("of the applicant by now", &examining, version, tied, Err(Refusal::Denied(Denial::OwnOrganisation))),
        ("before acceptance", &world::submitted(), 1, world::first(), not_assigned()),
        ("after recommendation", &world::recommended(world::pass()), 3, world::first(), stage("recommended")),
        ("after decision", &world::decided(world::pass()), 4, world::first(), stage("decided")),
        ("after withdrawal", &world::withdrawn(), 4, world::first(), stage("withdrawn")),
        ("read before acceptance", &examining, version - 1, world::first(), stale(version - 1)),
        ("read nothing", &examining, 0, world::first(), stale(0)),
        ("read what is not there yet", &examining, version + 1, world::first(), stale(version + 1)),
    ] {
        let judgements = vec![judgement(HelpDesk, Answer::Met)];
        assert_eq!(judge(application, read, &by, judgements).map(drop), expected, "{name}");
    }
}

#[test]
fn the_act_says_which_version_was_read() {
    let application = world::examining();
    let judgements = world::all(Answer::Met);
    let asked = world::asked();
    let bench = world::bench(&application, &asked, &[]);
    let judged = Examination::judge(&bench, fresh(), judgements.clone(), &world::first(), at(EXAMINED));
    let (state, act) = judged.expect("judged");
    assert_eq!(act.subject, Subject::Examination("X-1".parse().expect("an id")));
    assert_eq!((act.version, act.at), (1, at(EXAMINED)));
    let (application_version, application) = (application.version, application.id);
    assert_eq!(act.deed, Deed::Judged { application, application_version, last_answer: None, judgements });
    assert_eq!(state.examiner, world::first().person);
}

/// The last answer counts; what was not judged again stays.
#[test]
fn judging_again_replaces_what_is_judged_again() {
    let application = world::examining();
    let (by, asked) = (world::first(), world::asked());
    let before = [world::examined(&application, &by, world::all(Answer::Met))];
    let (id, bench) = (before[0].id.clone(), world::bench(&application, &asked, &before));
    let anew = vec![Judgement { reason: "規約が変わった。".to_owned(), ..judgement(Insurance, Answer::Unmet) }];
    let early = at(world::SUBMITTED);
    let (after, act) = Examination::judge(&bench, fresh(), anew.clone(), &by, early).expect("judged again");
    assert_eq!((after.id.clone(), after.version, act.version), (id, 2, 2));
    assert_eq!(act.at, at(EXAMINED), "never before what was judged before");
    let answers = [HelpDesk, NetworkPrice, Insurance, OnePackage].map(|criterion| after.answer(criterion));
    assert_eq!(answers, [Some(Answer::Met), Some(Answer::Met), Some(Answer::Unmet), None]);
    assert_eq!(after.judgements[&Insurance], anew[0]);
    assert!(after.superseded.is_empty(), "what nobody else has seen is no history");
}

/// An examiner goes on with their own examination of this case only.
#[test]
fn an_examination_is_one_persons_and_one_cases() {
    let application = world::examining();
    let elsewhere = Application { id: "A-2026-00099".parse().expect("an id"), ..application.clone() };
    let (by, asked) = (world::first(), world::asked());
    let of_second = world::examined(&application, &world::second(), vec![judgement(HelpDesk, Answer::Met)]);
    let of_elsewhere = world::examined(&elsewhere, &by, world::all(Answer::Met));
    let others = [of_second, of_elsewhere];
    let bench = world::bench(&application, &asked, &others);
    let (state, act) =
        Examination::judge(&bench, fresh(), world::all(Answer::Unmet), &by, at(EXAMINED)).expect("judged");
    assert_eq!((state.id, state.version, state.application), (fresh(), 1, application.id.clone()));
    assert_eq!(act.subject, Subject::Examination(fresh()));
}

#[test]
fn nothing_bound_means_any_answer() {
    let application = world::examining();
    for only in [None, Some(Answer::Met), Some(Answer::Unmet), Some(Answer::NotApplicable)] {
        for answer in [Answer::Met, Answer::Unmet, Answer::NotApplicable] {
            let asked = [Bound { found: only, may_overrule: false, ..world::free(HelpDesk) }];
            assert_eq!(asked[0].only(), only);
            let (by, bench) = (world::first(), world::bench(&application, &asked, &[]));
            let judgements = vec![judgement(HelpDesk, answer)];
            let judged = Examination::judge(&bench, fresh(), judgements, &by, at(EXAMINED));
            assert_eq!(judged.is_ok(), only.is_none_or(|only| only == answer), "{answer:?} where only {only:?}");
        }
    }
}

/// Two examiners' answers, and the criteria they disagree about. What one has not judged is no disagreement.
#[test]
fn disagreements_are_found() {
    let all = [HelpDesk, NetworkPrice, Insurance];
    for (one, other, expected) in [
        (vec![(HelpDesk, Answer::Met)], vec![(HelpDesk, Answer::Met)], vec![]),
        (vec![(HelpDesk, Answer::Met)], vec![(HelpDesk, Answer::Unmet)], vec![HelpDesk]),
        (vec![(HelpDesk, Answer::Met)], vec![(HelpDesk, Answer::NotApplicable)], vec![HelpDesk]),
        (vec![(HelpDesk, Answer::Met)], vec![(Insurance, Answer::Unmet)], vec![]),
        (
            vec![(HelpDesk, Answer::Met), (NetworkPrice, Answer::Unmet), (Insurance, Answer::Met)],
            vec![(HelpDesk, Answer::Unmet), (NetworkPrice, Answer::Unmet), (Insurance, Answer::Unmet)],
            vec![HelpDesk, Insurance],
        ),
    ] {
        let application = world::examining();
        let of = |by: &Actor, answers: &[(CriterionId, Answer)]| {
            let judgements = answers.iter().map(|(criterion, answer)| judgement(*criterion, *answer)).collect();
            world::examined(&application, by, judgements)
        };
        let (one, other) = (of(&world::first(), &one), of(&world::second(), &other));
        assert_eq!(disagreements(&all, &[&one, &other]), expected);
        assert_eq!(disagreements(&all, &[&other, &one]), expected, "whoever is asked first");
        assert_eq!(disagreements(&[], &[&one, &other]), [], "nothing asked, nothing disagreed about");
        assert_eq!(disagreements(&all, &[&one]), []);
    }
}
