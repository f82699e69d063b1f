//! What a judgement 「判断」 rests on, what it may overrule, and how two examiners who differ confer 「協議」.

use domain::act::{Deed, Impossible, Replay};
use domain::application::Application;
use domain::authority::{Actor, Denial};
use domain::criteria::{Conclusion, CriterionId, Doubt, Shortfall};
use domain::edition::Editions;
use domain::evidence::FileDigest;
use domain::examination::{Answer, Bench, Bound, Examination, Ground, Judgement, Refusal, Superseded};

use crate::world::{self, EXAMINED, NOW, at, judgement};
use Answer::{Met, NotApplicable, Unmet};
use CriterionId::{HelpDesk, Insurance, NetworkPrice, Renewal};

/// Both are done; the first calls everything unmet, and the second met.
pub fn disputed(application: &Application) -> Vec<Examination> {
    let answers = [(world::first(), Unmet), (world::second(), Met)];
    answers.map(|(by, answer)| world::examined(application, &by, world::all(answer))).to_vec()
}

/// The same case with a file of twelve pages, which its applicant says is about the help desk.
pub fn shown(application: Application) -> Application {
    Application { evidence: vec![crate::evidence::file(7, 10)], ..application }
}

/// A place in that file.
pub fn ground(page: Option<u32>) -> Ground {
    Ground { digest: crate::evidence::file(7, 10).digest, page }
}

fn judge(application: &Application, bound: Bound, judgement: Judgement) -> Result<Examination, Refusal> {
    let asked = [bound];
    let (bench, fresh) = (world::bench(application, &asked, &[]), "X-1".parse().expect("an id"));
    Examination::judge(&bench, fresh, vec![judgement], &world::first(), at(EXAMINED)).map(|(state, _)| state)
}

/// What the engine found, whether the edition lets a person overrule it, the answer, whether it says so, and what
/// becomes of it.
#[test]
fn nobody_overrules_in_silence_or_without_need() {
    let criterion = HelpDesk;
    let only = |only| Err(Refusal::Overrules { criterion, only });
    let silent = |found| Err(Refusal::Silent { criterion, found });
    let nothing = || Err(Refusal::NothingOverruled { criterion });
    for (found, may_overrule, answer, overrules, expected) in [
        (None, true, Met, false, Ok(())),
        (None, true, Met, true, nothing()),
        (None, false, Unmet, false, Ok(())),
        (None, false, Unmet, true, nothing()),
        (Some(Met), true, Met, false, Ok(())),
        (Some(Met), true, Met, true, nothing()),
        (Some(Met), true, Unmet, false, silent(Met)),
        (Some(Met), true, Unmet, true, Ok(())),
        (Some(Met), true, NotApplicable, false, silent(Met)),
        (Some(Met), true, NotApplicable, true, Ok(())),
        (Some(Unmet), true, Met, false, silent(Unmet)),
        (Some(Unmet), true, Met, true, Ok(())),
        (Some(Met), false, Met, false, Ok(())),
        (Some(Met), false, Met, true, nothing()),
        (Some(Met), false, Unmet, false, only(Met)),
        (Some(Met), false, Unmet, true, only(Met)),
        (Some(Unmet), false, Met, true, only(Unmet)),
    ] {
        let bound = Bound { found, may_overrule, ..world::free(criterion) };
        let given = Judgement { overrules, ..judgement(criterion, answer) };
        let taken = judge(&world::examining(), bound, given.clone());
        let name = format!("{found:?} {may_overrule} {answer:?} {overrules}");
        assert_eq!(taken.as_ref().map(drop).map_err(Clone::clone), expected, "{name}");
        if let Ok(state) = taken {
            assert_eq!(state.judgements[&criterion], given, "{name}");
        }
    }
}

/// Evidence is demanded where the edition does, and where there is some: for what is met any file of the case will do,
/// for what is unmet only one that is said to be about it is to be answered to.
#[test]
fn what_the_edition_demands_is_cited() {
    let (none, one) = (Vec::new, || vec![ground(Some(12))]);
    let missing = |criterion| Err(Refusal::NoEvidence { criterion });
    for (has_file, criterion, needs_evidence, answer, evidence, expected) in [
        (true, HelpDesk, true, Met, none(), missing(HelpDesk)),
        (true, HelpDesk, true, Met, one(), Ok(())),
        (true, HelpDesk, true, Unmet, none(), missing(HelpDesk)),
        (true, HelpDesk, true, Unmet, one(), Ok(())),
        (true, HelpDesk, true, NotApplicable, none(), Ok(())),
        (true, HelpDesk, false, Met, none(), Ok(())),
        (true, HelpDesk, false, Unmet, one(), Ok(())),
        (true, Insurance, true, Met, none(), missing(Insurance)),
        (true, Insurance, true, Met, one(), Ok(())),
        (true, Insurance, true, Unmet, none(), Ok(())), // nothing shows it
        (false, HelpDesk, true, Met, none(), Ok(())),
        (false, HelpDesk, true, Unmet, none(), Ok(())),
        (false, HelpDesk, true, NotApplicable, none(), Ok(())),
    ] {
        let application = if has_file { shown(world::examining()) } else { world::examining() };
        let bound = Bound { needs_evidence, ..world::free(criterion) };
        let given = Judgement { evidence, ..judgement(criterion, answer) };
        let name = format!("{has_file} {criterion:?} {needs_evidence} {given:?}");
        assert_eq!(judge(&application, bound, given).map(drop), expected, "{name}");
    }
}

#[test]
fn evidence_is_a_page_of_a_file_of_the_case() {
    let digest = FileDigest::of([9; 32]);
    let (criterion, unknown) = (HelpDesk, Ground { digest: digest.clone(), page: None });
    let beyond = |place, page| Err(Refusal::Page { criterion, ground: place, page, pages: Some(12) });
    let foreign = |place| Err(Refusal::NoSuchFile { criterion, ground: place, digest: digest.clone() });
    for (evidence, expected) in [
        (vec![ground(None)], Ok(())),
        (vec![ground(Some(1)), ground(Some(12)), ground(Some(12))], Ok(())),
        (vec![ground(Some(0))], beyond(0, 0)),
        (vec![ground(Some(12)), ground(Some(13))], beyond(1, 13)),
        (vec![unknown.clone()], foreign(0)),
        (vec![ground(None), unknown], foreign(1)),
    ] {
        let given = Judgement { evidence, ..judgement(criterion, Met) };
        let taken = judge(&shown(world::examining()), world::free(criterion), given.clone());
        assert_eq!(taken.map(drop), expected, "{given:?}");
    }
    // Of a file whose pages nobody can count, any page may be meant.
    let mut uncounted = shown(world::examining());
    uncounted.evidence[0].pages = None;
    let given = |page| Judgement { evidence: vec![ground(Some(page))], ..judgement(criterion, Met) };
    assert!(judge(&uncounted, world::free(criterion), given(400)).is_ok());
    let refused = Err(Refusal::Page { criterion, ground: 0, page: 0, pages: None });
    assert_eq!(judge(&uncounted, world::free(criterion), given(0)).map(drop), refused);
}

/// What binds an examiner is the edition's data and the engine's conclusion, and nothing else.
#[test]
fn what_binds_is_read_from_the_edition() {
    let edition = Editions::bundled().find("1.0").expect("it is bundled");
    let criteria = &edition.classes[0].criteria;
    let of = |id| criteria.iter().find(|criterion| criterion.id == id).expect("it is asked");
    let fact = Shortfall::Fact { pointer: "/helpDesk".to_owned() };
    for (conclusion, found) in [
        (Conclusion::Met, Some(Met)),
        (Conclusion::Unmet { by: vec![fact] }, Some(Unmet)),
        (Conclusion::Undetermined { why: vec![Doubt::Judgement] }, None),
        (Conclusion::NotApplicable, None),
        (Conclusion::NotInForce, None),
    ] {
        for (criterion, may_overrule, needs_evidence) in
            [(HelpDesk, true, true), (NetworkPrice, false, false), (Renewal, true, false)]
        {
            let bound = Bound::new(of(criterion), &conclusion);
            assert_eq!(bound, Bound { criterion, found, may_overrule, needs_evidence });
            assert_eq!(bound.only(), if may_overrule { None } else { found });
        }
    }
}

/// Two examinations of the case, and somebody who judges or reconciles in it.
fn bench<'a>(application: &'a Application, asked: &'a [Bound], examinations: &'a [Examination]) -> Bench<'a> {
    world::bench(application, asked, examinations)
}

/// The second one's answers, `+` met, `-` unmet, `.` none, beside the first one's, who is done and calls all of it
/// unmet: what becomes of judging the first criterion again, and of reconciling it.
#[test]
fn what_both_are_done_with_is_reconciled_or_stands() {
    let (application, asked) = (world::examining(), world::asked());
    for (second, judged, reconciled) in [
        ("...", Ok(()), Err(Refusal::NotBothDone)),
        ("+..", Ok(()), Err(Refusal::NotBothDone)),
        ("++.", Ok(()), Err(Refusal::NotBothDone)),
        ("+++", Err(Refusal::BothDone), Ok(())),
        ("+--", Err(Refusal::BothDone), Ok(())),
        ("---", Err(Refusal::BothDone), Err(Refusal::NotDisputed { criterion: HelpDesk })),
        ("-++", Err(Refusal::BothDone), Err(Refusal::NotDisputed { criterion: HelpDesk })),
    ] {
        let answers = second.chars().zip(world::CRITERIA).filter_map(|(mark, criterion)| match mark {
            '.' => None,
            mark => Some(judgement(criterion, if mark == '+' { Met } else { Unmet })),
        });
        let answers: Vec<_> = answers.collect();
        let mut examinations = vec![world::examined(&application, &world::first(), world::all(Unmet))];
        if !answers.is_empty() {
            examinations.push(world::examined(&application, &world::second(), answers));
        }
        let bench = bench(&application, &asked, &examinations);
        let (by, fresh, given) = (world::first(), "X-1".parse().expect("an id"), judgement(HelpDesk, NotApplicable));
        let again = Examination::judge(&bench, fresh, vec![given.clone()], &by, at(EXAMINED));
        assert_eq!(again.map(drop), judged, "judged again, the other being at {second}");
        assert_eq!(Examination::reconcile(&bench, given, &by, at(EXAMINED)).map(drop), reconciled, "{second}");
    }
}

/// Conferring goes on until they agree; each answer that stood before is kept.
#[test]
fn a_dispute_ends_when_they_agree_and_its_history_stays() {
    let (application, asked) = (world::examining(), world::asked());
    let mut both = disputed(&application);
    let because = |answer, reason: &str| Judgement::new(HelpDesk, answer, reason);
    let mut say = |which: usize, answer, reason: &str, now: &str| {
        let by = [world::first(), world::second()][which].clone();
        let done = Examination::reconcile(&bench(&application, &asked, &both), because(answer, reason), &by, at(now));
        let (state, act) = done?;
        assert_eq!(Examination::replay(Some(both[which].clone()), &act).as_ref(), Ok(&state));
        let Deed::Reconciled { application_version, judgement, .. } = &act.deed else { panic!("{act:?}") };
        assert_eq!((*application_version, judgement), (application.version, &because(answer, reason)));
        both[which] = state;
        Ok::<_, Refusal>(both.clone())
    };
    let upheld = say(0, Unmet, "規約に書かれていない。", NOW).expect("upheld");
    assert_eq!(upheld[0].answer(HelpDesk), Some(Unmet));
    assert_eq!(say(1, Met, " 　", NOW).map(drop), Err(Refusal::NoReason { criterion: HelpDesk }), "nor in silence");
    let agreed = say(1, Unmet, "規約を読み直した。", NOW).expect("changed");
    let independent = |answer| Superseded { judgement: judgement(HelpDesk, answer), until: at(NOW) };
    for (state, answer) in agreed.iter().zip([Unmet, Met]) {
        assert_eq!(state.earlier(HelpDesk).cloned().collect::<Vec<_>>(), [independent(answer)]);
        assert_eq!(state.earlier(Insurance).count(), 0);
    }
    let over = Err(Refusal::NotDisputed { criterion: HelpDesk });
    assert_eq!(say(0, Met, "やはり。", NOW).map(drop), over, "what they agree about stands");
    assert_eq!(say(1, Met, "やはり。", NOW).map(drop), over);
}

/// Whoever reconciles is bound as whoever judges is.
#[test]
fn reconciling_is_bound_like_judging() {
    let application = shown(world::examining());
    let both = disputed(&world::examining());
    let mut asked = world::asked();
    (asked[0].found, asked[0].needs_evidence) = (Some(Unmet), true);
    let criterion = HelpDesk;
    let cited = Judgement { evidence: vec![ground(None)], overrules: true, ..judgement(criterion, Met) };
    let with = |judgement: Judgement| {
        let bench = bench(&application, &asked, &both);
        Examination::reconcile(&bench, judgement, &world::first(), at(EXAMINED)).map(drop)
    };
    let not_asked = Judgement::new(Renewal, Met, "見た。");
    assert_eq!(with(not_asked), Err(Refusal::NotAsked { criterion: Renewal }));
    let silent = Judgement { overrules: false, ..cited.clone() };
    assert_eq!(with(silent), Err(Refusal::Silent { criterion, found: Unmet }));
    let unshown = Judgement { evidence: Vec::new(), ..cited.clone() };
    assert_eq!(with(unshown), Err(Refusal::NoEvidence { criterion }));
    assert_eq!(with(cited), Ok(()));
}

/// Whoever has the seats counts: who left it settles nothing, and who came is not done.
#[test]
fn a_new_examiner_opens_what_was_settled() {
    let (application, asked) = (world::examining(), world::asked());
    let both = disputed(&application);
    let stranger = world::candidate(&world::stranger());
    let (reason, secretary) = ("異動した。".to_owned(), world::secretary());
    let replaced = application.replace_examiner(world::second().person, &stranger, reason, &secretary, at(EXAMINED));
    let application = world::declared(replaced.expect("replaced").0, &world::stranger(), None);
    let bench = bench(&application, &asked, &both);
    let reconcile = |by: &Actor| Examination::reconcile(&bench, judgement(HelpDesk, Met), by, at(EXAMINED)).map(drop);
    assert_eq!(reconcile(&world::first()), Err(Refusal::NotBothDone));
    assert_eq!(reconcile(&world::second()), Err(Refusal::Denied(Denial::NotAssigned)));
    let again = vec![judgement(HelpDesk, Met)];
    let fresh = "X-1".parse().expect("an id");
    assert!(Examination::judge(&bench, fresh, again, &world::first(), at(EXAMINED)).is_ok());
}

/// A record never has a reconciliation of what was not judged.
#[test]
fn nothing_is_reconciled_before_it_is_judged() {
    let (application, asked) = (world::examining(), world::asked());
    let both = disputed(&application);
    let bench = bench(&application, &asked, &both);
    let (_, act) =
        Examination::reconcile(&bench, judgement(HelpDesk, Met), &world::first(), at(EXAMINED)).expect("reconciled");
    let half = world::examined(&application, &world::first(), vec![judgement(Insurance, Unmet)]);
    let impossible = Err(Impossible::Deed { kind: "examination.reconciled" });
    assert_eq!(Examination::replay(Some(half), &act), impossible);
}
