//! Statistics: days by the calendar in Japan, answers of finished cases only, agreement of what was answered
//! independently.

use domain::act::{Act, Replay, Subject, Verdict};
use domain::application::Application;
use domain::assessment::{Assessment, assess_under};
use domain::authority::Actor;
use domain::criteria::CriterionId;
use domain::edition::Editions;
use domain::examination::{Answer, Examination, Judgement};
use domain::settings::Settings;
use domain::statistics::{Course, Days, Quartiles, Statistics};

use crate::world::{self, CRITERIA, at};

fn assessment() -> Assessment {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    assess_under(edition, &world::declaration(), world::day("2026-04-01"), None)
}

/// What both examiners answered about the help desk at first, and in the end; everything else is met.
struct Told {
    first: [Answer; 2],
    last: Answer,
}

fn answers(help_desk: Answer) -> Vec<Judgement> {
    let of = |criterion| {
        world::judgement(criterion, if criterion == CriterionId::HelpDesk { help_desk } else { Answer::Met })
    };
    CRITERIA.map(of).to_vec()
}

fn judge(case: &Application, by: &Actor, with: Vec<Judgement>, now: &str) -> (Examination, Act) {
    let id = by.person.as_str().replace('P', "X").parse().expect("an id");
    Examination::judge(&world::bench(case, &world::asked(), &[]), id, with, by, at(now)).expect("judged")
}

/// A case from the first of April to its decision, or to where `until` says.
fn acts(told: &Told, until: &str) -> Vec<Act> {
    let (first, second) = (world::first(), world::second());
    let id = "A-2026-00001".parse().expect("an id");
    // Half an hour before midnight in Japan.
    let (case, act) = world::submit(id, &world::applicant(), "2026-04-01T14:30:00Z").expect("submitted");
    let mut acts = vec![act];
    let mut case = case;
    let mut step = |(after, act): (Application, Act), case: &mut Application| {
        *case = after;
        acts.push(act);
    };
    let next = case.clone().send_back(world::reasons(), &world::secretary(), at("2026-04-01T15:00:00Z"));
    step(next.expect("sent back"), &mut case);
    let next = case.clone().resubmit(world::declaration(), &world::applicant(), at("2026-04-06T01:00:00Z"));
    step(next.expect("again"), &mut case);
    let next =
        case.clone().accept(&world::examiners(), Settings::bundled(), &world::secretary(), at("2026-04-08T01:00:00Z"));
    step(next.expect("accepted"), &mut case);
    for by in [&first, &second] {
        step(case.clone().declare_interest(None, false, by, at("2026-04-08T02:00:00Z")).expect("declared"), &mut case);
    }
    if until == "examining" {
        return acts;
    }
    let (one, act) = judge(&case, &first, answers(told.first[0]), "2026-04-10T01:00:00Z");
    acts.push(act);
    if until == "half" {
        return acts;
    }
    let (two, act) = judge(&case, &second, answers(told.first[1]), "2026-04-11T01:00:00Z");
    acts.push(act);
    let mut both = [one, two];
    // Whoever answered otherwise gives way.
    for (at_seat, by) in [&first, &second].into_iter().enumerate() {
        if told.first[0] != told.first[1] && told.first[at_seat] != told.last {
            let judgement = world::judgement(CriterionId::HelpDesk, told.last);
            let asked = world::asked();
            let reconciled =
                Examination::reconcile(&world::bench(&case, &asked, &both), judgement, by, at("2026-04-12T01:00:00Z"));
            let (state, act) = reconciled.expect("they differ");
            acts.push(act);
            both[at_seat] = state;
        }
    }
    if until == "done" {
        return acts;
    }
    let opinion = if told.last == Answer::Unmet { world::fail() } else { world::pass() };
    let (case, act) =
        case.recommend(opinion.clone(), &CRITERIA, &both, &first, at("2026-04-18T01:00:00Z")).expect("recommended");
    acts.push(act);
    if until == "recommended" {
        return acts;
    }
    if until == "withdrawn" {
        acts.push(
            case.withdraw("やめる。".to_owned(), &world::applicant(), at("2026-04-30T01:00:00Z")).expect("gone").1,
        );
        return acts;
    }
    assert_eq!(opinion.verdict == Verdict::Pass, told.last != Answer::Unmet);
    acts.push(world::decide(case, opinion, at("2026-05-01T01:00:00Z")).expect("decided").1);
    acts
}

fn course(acts: &[Act]) -> Course {
    let examiners = [world::first().person, world::second().person];
    let mut course = Course::new(&examiners, CRITERIA.to_vec());
    for act in acts {
        course.add(act).expect("acts that follow");
    }
    course
}

fn counted(cases: &[(Told, &str)]) -> Statistics {
    let mut statistics = Statistics::default();
    for (told, until) in cases {
        statistics.add(&course(&acts(told, until)), &assessment());
    }
    statistics
}

fn same(answer: Answer) -> Told {
    Told { first: [answer; 2], last: answer }
}

#[test]
fn quartiles_are_days_that_cases_took() {
    for (days, expected) in [
        (&[][..], None),
        (&[3], Some((3, 3, 3))),
        (&[1, 2], Some((1, 1, 2))),
        (&[5, 1, 3], Some((1, 3, 5))),
        (&[1, 2, 3, 4], Some((1, 2, 3))),
        (&[1, 1, 1, 9], Some((1, 1, 1))),
        (&[0, 0, 10, 20, 30, 40, 50, 60], Some((0, 20, 40))),
    ] {
        let mut counted = Days::default();
        days.iter().for_each(|day| counted.add(*day));
        let expected =
            expected.map(|(first, median, third)| Quartiles { cases: days.len() as u32, first, median, third });
        assert_eq!(counted.quartiles(), expected, "{days:?}");
    }
}

/// Midnight in Japan counts, and days in one stage add up over its visits.
#[test]
fn stages_take_days_in_japan() {
    let found = counted(&[(same(Answer::Met), "decided")]);
    let took = |stage: &str| found.stays[stage].quartiles().map(|days| days.median);
    assert_eq!(took("submitted"), Some(1 + 2), "1 April to 2 April, and 6 to 8 April");
    assert_eq!(took("returned"), Some(4));
    assert_eq!(took("examining"), Some(10));
    assert_eq!(took("recommended"), Some(13));
    assert_eq!(found.to_decision.quartiles().map(|days| days.median), Some(30));
    assert_eq!((found.cases, found.finished), (1, 1));
    // What a case has not left, and what was withdrawn, says nothing of how long it takes.
    let open = counted(&[(same(Answer::Met), "examining")]);
    assert!(!open.stays.contains_key("examining") && open.stays.contains_key("submitted"));
    let gone = counted(&[(same(Answer::Met), "withdrawn")]);
    assert!(gone.stays.is_empty() && gone.stages["withdrawn"] == 1, "{gone:?}");
}

/// Whatever was judged in a case whose examination is not finished counts nowhere.
#[test]
fn what_is_not_finished_is_not_told() {
    let empty = counted(&[(same(Answer::Met), "examining")]);
    for until in ["half", "done"] {
        let told = Told { first: [Answer::Unmet, Answer::Met], last: Answer::Met };
        assert_eq!(counted(&[(told, until)]), empty, "{until}");
    }
    assert_eq!(counted(&[(same(Answer::Met), "recommended")]).criteria[&CriterionId::HelpDesk].asked, 1);
}

#[test]
fn agreement_is_of_what_was_answered_before_conferring() {
    let (met, unmet) = (Answer::Met, Answer::Unmet);
    let found = counted(&[
        (same(met), "decided"),
        (same(met), "recommended"),
        (same(unmet), "decided"),
        (Told { first: [met, unmet], last: unmet }, "decided"),
        (Told { first: [unmet, met], last: met }, "decided"),
        (same(unmet), "half"),
    ]);
    let help_desk = &found.criteria[&CriterionId::HelpDesk];
    assert_eq!((help_desk.asked, help_desk.met, help_desk.unmet, help_desk.split), (5, 3, 2, 0));
    assert_eq!((help_desk.compared(), help_desk.agreed(), help_desk.reconciled), (5, 3, 2));
    // Found 3/5; by chance 3/5 × 3/5 + 2/5 × 2/5 = 13/25; (15 - 13) / (25 - 13).
    let kappa = help_desk.kappa().expect("both answers were given");
    assert!((kappa - 1.0 / 6.0).abs() < 1e-9, "{kappa}");
    let price = &found.criteria[&CriterionId::NetworkPrice];
    assert_eq!((price.agreed(), price.kappa()), (5, None), "one answer alone says nothing of agreement");
    assert_eq!(
        counted(&[(Told { first: [met, unmet], last: met }, "decided")]).criteria[&CriterionId::HelpDesk].kappa(),
        Some(0.0)
    );
}

/// The engine finds the price of this declaration met; the help desk it finds met as well.
#[test]
fn overruled_is_what_the_engine_had_decided_otherwise() {
    let found = counted(&[(same(Answer::Unmet), "decided"), (same(Answer::Met), "decided")]);
    let decided = !matches!(
        assessment().finding(CriterionId::HelpDesk).conclusion,
        domain::criteria::Conclusion::Undetermined { .. }
    );
    assert_eq!(found.criteria[&CriterionId::HelpDesk].overruled, u32::from(decided));
    assert_eq!(found.criteria[&CriterionId::NetworkPrice].overruled, 0);
}

/// Asked before and answered after midnight in Japan is a day; closed, or not answered yet, is no answer at all.
#[test]
fn questions_take_days_to_their_answer() {
    let told = same(Answer::Met);
    let mut all = acts(&told, "examining");
    let replayed = all.iter().try_fold(None, |before, act| Application::replay(before, act).map(Some));
    let mut case = replayed.expect("acts that follow").expect("a case");
    let (first, owner) = (world::first(), world::applicant());
    let mut step = |(after, act): (Application, Act)| {
        all.push(act);
        after
    };
    for (criterion, text) in [
        (CriterionId::HelpDesk, "窓口は何時までですか。"),
        (CriterionId::HelpDesk, "休日はどうですか。"),
        (CriterionId::HelpDesk, "夜間はどうですか。"),
        (CriterionId::NetworkPrice, "初期費用はいくらですか。"),
    ] {
        // The last second of 9 April in Japan.
        let (until, now) = (world::day("2026-06-01"), at("2026-04-09T14:59:59Z"));
        let asked = case.ask(criterion, text.to_owned(), until, (&CRITERIA, Settings::bundled()), &first, now);
        case = step(asked.expect("asked"));
    }
    let words = || "お答えします。".to_owned();
    case = step(case.answer(1, words(), Vec::new(), &owner, at("2026-04-09T15:00:00Z")).expect("answered"));
    case = step(case.answer(2, words(), Vec::new(), &owner, at("2026-04-13T01:00:00Z")).expect("answered"));
    case = step(case.close_question(3, words(), &first, at("2026-04-14T01:00:00Z")).expect("closed"));
    case = step(case.answer(4, words(), Vec::new(), &owner, at("2026-04-15T01:00:00Z")).expect("answered"));
    let count = |acts: &[Act]| {
        let mut found = Statistics::default();
        found.add(&course(acts), &assessment());
        found
    };
    assert!(count(&all).criteria.is_empty(), "nothing is told of a case that is still examined");

    let (one, act) = judge(&case, &first, answers(told.last), "2026-04-16T01:00:00Z");
    let (two, other) = judge(&case, &world::second(), answers(told.last), "2026-04-16T01:00:00Z");
    all.extend([act, other]);
    let recommended = case.recommend(world::pass(), &CRITERIA, &[one, two], &first, at("2026-04-18T01:00:00Z"));
    all.push(recommended.expect("recommended").1);
    let found = count(&all).criteria;
    let of = |criterion| {
        let answers: &domain::statistics::Answers = &found[&criterion];
        (answers.questions, answers.to_answer.quartiles().map(|days| (days.cases, days.first, days.third)))
    };
    assert_eq!(of(CriterionId::HelpDesk), (3, Some((2, 1, 4))));
    assert_eq!(of(CriterionId::NetworkPrice), (1, Some((1, 6, 6))));
    assert_eq!(of(CriterionId::Insurance), (0, None));
}

/// Answers of somebody who is no examiner of the case any more count in nothing.
#[test]
fn who_was_replaced_does_not_count() {
    let told = Told { first: [Answer::Unmet, Answer::Met], last: Answer::Met };
    let all = acts(&told, "decided");
    let mut course = Course::new(&[world::first().person, world::stranger().person], CRITERIA.to_vec());
    for act in &all {
        course.add(act).expect("acts that follow");
    }
    let mut found = Statistics::default();
    found.add(&course, &assessment());
    let help_desk = &found.criteria[&CriterionId::HelpDesk];
    assert_eq!((help_desk.asked, help_desk.met, help_desk.compared()), (1, 0, 0));
    assert!(matches!(all[0].subject, Subject::Application(_)));
}
