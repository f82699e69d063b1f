//! Questions to the applicant 「質問」: who asks, answers, extends and closes, what each examiner sees, which judgements an
//! answer undoes, and the clock that stands meanwhile.

use domain::act::{Replay, Role};
use domain::application::{Application, Clock, Deadline, Question, Refusal, earliest_answer};
use domain::authority::{Actor, Denial};
use domain::calendar::{Day, Instant};
use domain::criteria::CriterionId;
use domain::evidence::{CASE_FILES, EvidenceFile, EvidenceLink, Fault};
use domain::examination::{self, Answer, Bench, Examination, Judgement};
use domain::settings::Settings;
use proptest::prelude::*;

use crate::evidence::file;
use crate::world::{self, CRITERIA, EXAMINED, NOW, at, day};
use CriterionId::{HelpDesk, Insurance, NetworkPrice, OnePackage};

mod clock;

/// Ten working days after [`EXAMINED`].
const UNTIL: &str = "2026-05-08";

fn ask(before: Application, until: &str, by: &Actor, now: &str) -> Result<Application, Refusal> {
    let text = format!("受付時間の根拠はどこですか（{until}）。");
    before.ask(HelpDesk, text, day(until), (&CRITERIA, Settings::bundled()), by, at(now)).map(|(state, _)| state)
}

fn answer(before: Application, question: u32, files: Vec<EvidenceFile>, now: &str) -> Result<Application, Refusal> {
    before
        .answer(question, "規程の3ページです。".to_owned(), files, &world::applicant(), at(now))
        .map(|(state, _)| state)
}

fn extend(before: Application, until: &str, by: &Actor, now: &str) -> Result<Application, Refusal> {
    before.extend_question(1, day(until), by, at(now)).map(|(state, _)| state)
}

fn close(before: Application, by: &Actor, now: &str) -> Result<Application, Refusal> {
    before.close_question(1, "別の書類で分かった。".to_owned(), by, at(now)).map(|(state, _)| state)
}

/// Asked by the first examiner on [`EXAMINED`], to be answered by [`UNTIL`].
fn asked() -> Application {
    ask(world::examining(), UNTIL, &world::first(), EXAMINED).expect("asked")
}

fn answered() -> Application {
    answer(asked(), 1, Vec::new(), EXAMINED).expect("answered")
}

#[test]
fn a_question_is_asked_about_what_is_asked_in_words_and_once() {
    let put = |criterion, text: &str, by: &Actor| {
        let text = text.to_owned();
        asked()
            .ask(criterion, text, day(UNTIL), (&CRITERIA, Settings::bundled()), by, at(EXAMINED))
            .map(|(state, _)| state.questions.len())
    };
    let words = asked().questions[0].text.clone();
    let (first, second) = (world::first(), world::second());
    for (name, outcome, expected) in [
        ("another question", put(HelpDesk, "ほかには。", &first), Ok(2)),
        ("of another criterion", put(Insurance, &words, &first), Ok(2)),
        ("the other examiner's, in the same words", put(HelpDesk, &words, &second), Ok(2)),
        ("sent twice", put(HelpDesk, &words, &first), Err(Refusal::AskedAlready { question: 1 })),
        ("not asked", put(OnePackage, "何ですか。", &first), Err(Refusal::NotAsked { criterion: OnePackage })),
        ("without words", put(HelpDesk, " 　\n", &first), Err(Refusal::NoText)),
    ] {
        assert_eq!(outcome, expected, "{name}");
    }
    // Once it has ended it may be asked again.
    let again = answered().ask(HelpDesk, words, day(UNTIL), (&CRITERIA, Settings::bundled()), &first, at(EXAMINED));
    assert_eq!(again.expect("asked").0.questions[1].number, 2);
}

/// The first and the last day that may be named, and those beside them.
#[test]
fn an_applicant_has_ten_working_days_and_never_more_than_a_year() {
    let refused = |until: &str, earliest: &str, latest: &str| {
        Err(Refusal::AnswerDay { until: day(until), earliest: day(earliest), latest: day(latest) })
    };
    let (first, secretary) = (world::first(), world::secretary());
    let last_day = |outcome: Result<Application, Refusal>| outcome.map(|state| state.questions[0].last_day());
    for (until, expected) in [
        ("2026-05-07", refused("2026-05-07", UNTIL, "2027-04-20")),
        (UNTIL, Ok(())),
        ("2026-05-09", Ok(())),
        ("2027-04-20", Ok(())),
        ("2027-04-21", refused("2027-04-21", UNTIL, "2027-04-20")),
    ] {
        let outcome = last_day(ask(world::examining(), until, &first, EXAMINED));
        assert_eq!(outcome, expected.map(|()| day(until)), "asked until {until}");
    }
    assert_eq!(earliest_answer(at(EXAMINED).day(), Settings::bundled()), day(UNTIL));
    // More time is later than before, and later than today.
    let of = |now: &str, until: &str, by: &Actor| last_day(extend(asked(), until, by, now));
    for (now, until, expected) in [
        (EXAMINED, UNTIL, refused(UNTIL, "2026-05-09", "2027-04-20")),
        (EXAMINED, "2026-05-09", Ok(())),
        (EXAMINED, "2027-04-20", Ok(())),
        (EXAMINED, "2027-04-21", refused("2027-04-21", "2026-05-09", "2027-04-20")),
        (NOW, "2026-06-01", refused("2026-06-01", "2026-06-02", "2027-06-01")),
        (NOW, "2026-06-02", Ok(())),
    ] {
        let expected: Result<Day, Refusal> = expected.map(|()| day(until));
        assert_eq!(of(now, until, &first), expected, "{now}, extended to {until}");
        assert_eq!(of(now, until, &secretary), expected, "{now}, extended to {until} by the secretariat");
    }
}

/// What an open question is to each, and what one that has ended is.
#[test]
fn a_question_ends_once() {
    let closed = || close(asked(), &world::first(), EXAMINED).expect("closed");
    let missing = || Err(Refusal::NoSuchQuestion { question: 1 });
    let ended = |found| Err(Refusal::QuestionEnded { question: 1, found });
    let (first, second, secretary) = (world::first(), world::second(), world::secretary());
    for (name, before, answers, own, others, house) in [
        ("none", world::examining(), missing(), missing(), missing(), missing()),
        ("open", asked(), Ok(()), Ok(()), missing(), Ok(())),
        ("answered", answered(), ended("answered"), ended("answered"), missing(), ended("answered")),
        ("closed", closed(), ended("closed"), ended("closed"), missing(), ended("closed")),
    ] {
        for now in [EXAMINED, NOW] {
            assert_eq!(answer(before.clone(), 1, Vec::new(), now).map(drop), answers, "{name}, answered");
            for (by, expected) in [(&first, &own), (&second, &others), (&secretary, &house)] {
                assert_eq!(&close(before.clone(), by, now).map(drop), expected, "{name}, closed by {}", by.person);
                let extended = extend(before.clone(), "2026-07-01", by, now).map(drop);
                assert_eq!(&extended, expected, "{name}, extended by {}", by.person);
            }
        }
    }
    let silent = asked().close_question(1, " ".to_owned(), &first, at(EXAMINED)).map(drop);
    assert_eq!(silent, Err(Refusal::NoReason));
    let silent = asked().answer(1, "　".to_owned(), Vec::new(), &world::applicant(), at(EXAMINED)).map(drop);
    assert_eq!(silent, Err(Refusal::NoText));
    // Neither somebody else's, nor from a secretary who belongs to the applicant.
    let rival = asked().answer(1, "他社です。".to_owned(), Vec::new(), &world::rival(), at(EXAMINED)).map(drop);
    assert_eq!(rival, Err(Refusal::Denied(Denial::NotOwner)));
    let tied = world::also(world::secretary(), Role::ProviderMember, world::APPLICANT);
    assert_eq!(close(asked(), &tied, EXAMINED).map(drop), Err(Refusal::Denied(Denial::OwnOrganisation)));
    // Whoever is tied by now neither asks nor settles what they asked.
    let tied = world::declared(asked(), &first, Some(world::TIE));
    assert_eq!(close(tied.clone(), &first, EXAMINED).map(drop), Err(Refusal::Denied(Denial::Undeclared)));
    assert_eq!(ask(tied.clone(), UNTIL, &first, EXAMINED).map(drop), Err(Refusal::Denied(Denial::Undeclared)));
    assert_eq!(close(tied, &secretary, EXAMINED).map(drop), Ok(()));
}

/// Files come to those that the application has, and have their limits with them.
#[test]
fn an_answer_brings_files_to_the_case() {
    let with = |files: Vec<EvidenceFile>| Application { evidence: files, ..asked() };
    let state = answer(with(vec![file(1, 10)]), 1, vec![file(2, 20)], EXAMINED).expect("answered");
    assert_eq!(state.evidence, [file(1, 10), file(2, 20)]);
    let many = |files: std::ops::Range<usize>| files.map(|n| file(n, 1)).collect::<Vec<_>>();
    let most = CASE_FILES;
    for (name, there, added, expected) in [
        ("the last one there is room for", most - 1, vec![file(most, 1)], None),
        ("one more", most, vec![file(most + 1, 1)], Some(Fault::Files { files: most + 1 })),
        ("none to a full case", most, vec![], None),
        ("one that is there", 3, vec![file(7, 1), file(2, 1)], Some(Fault::Known { file: 1 })),
        ("the same twice", 3, vec![file(7, 1), file(7, 1)], Some(Fault::Twice { file: 1 })),
        ("an empty one", 3, vec![file(7, 0)], Some(Fault::Size { file: 0, bytes: 0 })),
    ] {
        let outcome = answer(with(many(0..there)), 1, added, EXAMINED).map(drop);
        assert_eq!(outcome.err(), expected.map(Refusal::Evidence), "{name}");
    }
    let whole = with((0..10).map(|n| file(n, domain::evidence::FILE_BYTES)).collect());
    let over = answer(whole, 1, vec![file(11, 1)], EXAMINED).map(drop);
    assert_eq!(over, Err(Refusal::Evidence(Fault::Bytes { bytes: domain::evidence::CASE_BYTES + 1 })));
}

/// Who knows of the first examiner's question: the second, the applicant, the secretariat.
#[test]
fn the_other_examiner_sees_what_was_answered_and_nothing_before() {
    let closed = || close(asked(), &world::first(), EXAMINED).expect("closed");
    let replaced = || {
        let (leaving, joining) = (world::first().person, world::candidate(&world::stranger()));
        let reason = "異動した。".to_owned();
        asked().replace_examiner(leaving, &joining, reason, &world::secretary(), at(EXAMINED)).expect("replaced").0
    };
    let withdrawn = || asked().withdraw(String::new(), &world::applicant(), at(EXAMINED)).expect("withdrawn").0;
    for (name, state, is_examined, sees) in [
        ("open", asked(), false, false),
        ("open, both are done", asked(), true, true),
        ("answered", answered(), false, true),
        ("closed", closed(), false, false),
        ("closed, both are done", closed(), true, true),
        ("open, whoever asked has left", replaced(), false, false),
        ("withdrawn meanwhile", withdrawn(), false, false),
    ] {
        let question = &state.questions[0];
        assert_eq!(state.sees(&world::second().person, question, is_examined), sees, "{name}");
        for by in [world::first(), world::applicant(), world::secretary(), world::decider()] {
            assert!(state.sees(&by.person, question, is_examined), "{name}: {}", by.person);
        }
    }
    assert!(!replaced().sees(&world::stranger().person, &replaced().questions[0], false), "nor does who joined");
    let reasons = world::recommended(world::pass());
    let recommended = Application { questions: closed().questions, ..reasons };
    assert!(recommended.sees(&world::second().person, &recommended.questions[0], false), "the examination is over");
}

/// What an answer says something about has to be judged again; the rest stands.
#[test]
fn an_answer_undoes_what_was_judged_before_it() {
    let shows = |criterion| EvidenceFile {
        links: vec![EvidenceLink { criterion, page: None, note: String::new() }],
        ..file(1, 10)
    };
    let judged_before = world::both(&asked(), Answer::Met);
    let recommend = |state: &Application, examinations: &[Examination], by: &Actor| {
        state
            .clone()
            .recommend(world::pass(), &CRITERIA, examinations, by, at(NOW))
            .map(|(state, _)| state.stage.as_str())
    };
    let outdated = |criteria: &[CriterionId]| Err(Refusal::Outdated { criteria: criteria.to_vec() });
    for (name, files, criteria) in [
        ("words", vec![], vec![HelpDesk]),
        ("a file about the same", vec![shows(HelpDesk)], vec![HelpDesk]),
        ("a file about another", vec![shows(Insurance)], vec![HelpDesk, Insurance]),
    ] {
        let state = answer(asked(), 1, files, EXAMINED).expect("answered");
        let counting: Vec<&Examination> = judged_before.iter().collect();
        assert!(!state.is_examined(&CRITERIA, &counting), "{name}: nobody sees the other's before both judge again");
        for by in [world::first(), world::second()] {
            assert_eq!(recommend(&state, &judged_before, &by), outdated(&criteria), "{name}");
        }
        // One of them judges again: the other is not done, and learns no more.
        let again: Vec<_> = criteria.iter().map(|criterion| world::judgement(*criterion, Answer::Met)).collect();
        let judge = |before: &Examination, by: &Actor| {
            let (asked, before) = (world::asked(), [before.clone()]);
            let (bench, fresh) = (world::bench(&state, &asked, &before), "X-9".parse().expect("an id"));
            Examination::judge(&bench, fresh, again.clone(), by, at(NOW)).expect("judged").0
        };
        let first = judge(&judged_before[0], &world::first());
        let half = [first.clone(), judged_before[1].clone()];
        assert_eq!(recommend(&state, &half, &world::first()), Err(Refusal::OtherNotDone), "{name}");
        assert_eq!(recommend(&state, &half, &world::second()), outdated(&criteria), "{name}");
        let both = [first, judge(&judged_before[1], &world::second())];
        assert_eq!(recommend(&state, &both, &world::first()), Ok("recommended"), "{name}");
    }
    // What was closed without an answer says nothing.
    let closed = close(asked(), &world::first(), EXAMINED).expect("closed");
    assert_eq!(recommend(&closed, &judged_before, &world::first()), Ok("recommended"));
}

/// The two differ about the help desk and agree about the rest, and then the applicant answers about it: nothing is
/// reconciled before both have judged that again. What they reconcile knows the answer, and carries the recommendation
/// until the next one, which undoes it as it undoes a judgement.
#[test]
fn what_was_reconciled_before_an_answer_is_judged_again() {
    let (mut state, given) = (asked(), |answer| world::judgement(HelpDesk, answer));
    let mut both = world::both(&state, Answer::Met);
    let asked_of_it = world::asked();
    let say = |state: &Application, both: &mut Vec<Examination>, which: usize, is_conferring, given: Judgement| {
        let by = [world::first(), world::second()][which].clone();
        let (bench, fresh) = (world::bench(state, &asked_of_it, both), "X-9".parse().expect("an id"));
        let done = if is_conferring {
            Examination::reconcile(&bench, given, &by, at(NOW))
        } else {
            Examination::judge(&bench, fresh, vec![given], &by, at(NOW))
        };
        let (after, act) = done?;
        assert_eq!(Examination::replay(Some(both[which].clone()), &act).as_ref(), Ok(&after));
        both[which] = after;
        Ok::<_, examination::Refusal>(())
    };
    let recommend = |state: &Application, both: &[Examination]| {
        let done = state.clone().recommend(world::pass(), &CRITERIA, both, &world::first(), at(NOW));
        done.map(|(state, _)| state.stage.as_str())
    };
    both[1] = world::examined(&state, &world::second(), {
        let mut all = world::all(Answer::Met);
        all[0] = given(Answer::Unmet);
        all
    });
    use examination::Refusal::{BothDone, NotBothDone, NotDisputed};
    assert_eq!(say(&state, &mut both, 0, false, given(Answer::Met)), Err(BothDone));
    for round in [1, 2] {
        state = answer(state, round, Vec::new(), NOW).expect("answered");
        for which in [0, 1] {
            assert_eq!(say(&state, &mut both, which, true, given(Answer::Met)), Err(NotBothDone), "round {round}");
        }
        assert_eq!(recommend(&state, &both), Err(Refusal::Outdated { criteria: vec![HelpDesk] }), "round {round}");
        // Each judges it again for themselves; the first one's is no longer undone, and the second one's is.
        assert_eq!(say(&state, &mut both, 0, false, given(Answer::Met)), Ok(()), "round {round}");
        assert_eq!(say(&state, &mut both, 1, true, given(Answer::Met)), Err(NotBothDone), "round {round}");
        assert_eq!(say(&state, &mut both, 1, false, given(Answer::Unmet)), Ok(()), "round {round}");
        assert_eq!(recommend(&state, &both), Err(Refusal::Disagreement { criteria: vec![HelpDesk] }));
        // The second comes round.
        assert_eq!(say(&state, &mut both, 1, true, given(Answer::Met)), Ok(()), "round {round}");
        assert_eq!(both[1].last_answers.get(&HelpDesk), Some(&state.version), "it knows the answer");
        assert!(!state.is_outdated(&both[1], HelpDesk));
        assert_eq!(say(&state, &mut both, 1, true, given(Answer::Unmet)), Err(NotDisputed { criterion: HelpDesk }));
        assert_eq!(both[1].earlier(HelpDesk).count(), round as usize, "what stood before stays");
        assert_eq!(recommend(&state, &both), Ok("recommended"), "round {round}");
        state = ask(state, "2026-07-10", &world::first(), NOW).expect("asked");
    }
}

/// Whoever reconciles by what they read before an answer about it is told so; one about another criterion is in nobody's
/// way, but undoes what was judged of that one, so that they are not done.
#[test]
fn who_confers_has_read_the_answers() {
    let before = asked();
    let mut both = world::both(&before, Answer::Met);
    both[1] = world::examined(&before, &world::second(), world::all(Answer::Unmet));
    let state = answer(before.clone(), 1, Vec::new(), NOW).expect("answered");
    let asked = world::asked();
    let bench = Bench { read: before.version, ..world::bench(&state, &asked, &both) };
    let confer = |criterion| {
        let given = world::judgement(criterion, Answer::Met);
        Examination::reconcile(&bench, given, &world::second(), at(NOW)).map(drop)
    };
    let (read, found) = (before.version, state.version);
    assert_eq!(confer(HelpDesk), Err(examination::Refusal::Stale { read, found }));
    assert_eq!(confer(Insurance), Err(examination::Refusal::NotBothDone));
}

/// Nothing is recommended while an answer is waited for; once its last day is over it is waited for no longer.
#[test]
fn an_open_question_stands_in_the_way_until_its_day() {
    let state = asked();
    let both = world::both(&state, Answer::Met);
    let on = |now: &str| {
        let by = world::second();
        state.clone().recommend(world::pass(), &CRITERIA, &both, &by, at(now)).map(|(state, _)| state.stage.as_str())
    };
    let waits = || Err(Refusal::AnswersWaitedFor { criteria: vec![HelpDesk] });
    assert_eq!(on(EXAMINED), waits());
    assert_eq!(on("2026-05-08T14:59:59Z"), waits(), "the last second of the day in Japan");
    assert_eq!(on("2026-05-08T15:00:00Z"), Ok("recommended"));
    // Before both are done the other learns nothing of it.
    let alone = state.clone().recommend(world::pass(), &CRITERIA, &both[1..], &world::second(), at(EXAMINED)).map(drop);
    assert_eq!(alone, Err(Refusal::OtherNotDone));
}

/// Whoever read an older version still judges and asks, unless something was done that bears on it.
#[test]
fn nobodys_work_is_in_vain_because_the_other_asked() {
    let read = world::examining().version;
    let judge = |state: &Application, read: u32, criterion| {
        let (fresh, given) = ("X-1".parse().expect("an id"), vec![world::judgement(criterion, Answer::Met)]);
        let asked = world::asked();
        let bench = Bench { read, ..world::bench(state, &asked, &[]) };
        Examination::judge(&bench, fresh, given, &world::second(), at(NOW)).map(|(state, _)| state)
    };
    let stale = |read, found| Err(examination::Refusal::Stale { read, found });
    let extended = || extend(asked(), "2026-06-30", &world::first(), EXAMINED).expect("extended");
    let closed = || close(extended(), &world::first(), EXAMINED).expect("closed");
    let tied = || world::declared(asked(), &world::first(), Some(world::TIE));
    for (name, state, criterion, expected) in [
        ("asked", asked(), HelpDesk, Ok(())),
        ("extended", extended(), HelpDesk, Ok(())),
        ("closed", closed(), HelpDesk, Ok(())),
        ("answered about it", answered(), HelpDesk, stale(read, read + 2)),
        ("answered about another", answered(), NetworkPrice, Ok(())),
        ("something else was done too", tied(), HelpDesk, Err(examination::Refusal::NotAllDeclared)),
    ] {
        assert_eq!(judge(&state, read, criterion).map(drop), expected, "{name}");
        if name != "something else was done too" {
            assert_eq!(judge(&state, state.version + 1, criterion).map(drop), stale(state.version + 1, state.version));
            assert_eq!(judge(&state, read - 1, criterion).map(drop), stale(read - 1, state.version), "{name}");
        }
    }
    assert!(!tied().is_read(read, &[]), "an interest is no question");
    // A judgement knows the answers up to what was read, not up to now.
    let twice = ask(answered(), "2026-05-11", &world::first(), EXAMINED).expect("asked");
    let late = judge(&twice, read, NetworkPrice).expect("judged");
    assert!(late.last_answers.is_empty());
    let now = judge(&twice, twice.version, HelpDesk).expect("judged");
    assert_eq!(now.last_answers.get(&HelpDesk), Some(&(read + 2)));
    assert!(!twice.is_outdated(&now, HelpDesk));
}

/// States without questions are the bytes that they were.
#[test]
fn what_is_older_than_questions_is_as_it_was() {
    let state = serde_json::to_value(world::examining()).expect("JSON");
    assert!(state.get("questions").is_none());
    let judged = world::examined(&world::examining(), &world::first(), world::all(Answer::Met));
    let judged = serde_json::to_value(judged).expect("JSON");
    assert!(judged.get("lastAnswers").is_none());
    let again: Application = serde_json::from_value(serde_json::to_value(answered()).expect("JSON")).expect("read");
    assert_eq!(again, answered());
}
