//! The stages of an application 「申請」, cell by cell.

use domain::act::{Act, Deed, Determination};
use domain::application::{Application, ObjectionOutcome, Refusal};
use domain::authority::{Actor, Denial};
use domain::examination::{self, Answer, Examination};
use domain::proposal::{Motion, Proposal};
use domain::registration;
use domain::settings::Settings;

use crate::judging;
use crate::world::{self, NOW, Refused, at};

/// Stage by act, done by whoever may do it: the next stage, or `.` where the stage forbids it, or `-` where nobody is
/// assigned yet; `?` where the case is not open to them, `&` where it is not open to the other, `!` where they have
/// declared already; `d` where they decided what is objected to or was set aside; `f` where the examiner had a part in a
/// decision that was set aside. They reconcile what the other, who is done as they are, answered differently. A decision
/// is proposed, which changes nothing yet, and confirmed. A waiver is about an examiner who declared a tie in another
/// case. `0` where there is no question, `e` where it has ended, `w` where its answer is waited for, `o` where it has come
/// since they judged, `b` where both are not done for that reason.
const STAGES: &str = "
stage        resubmit   send_back  accept     judge      recommend    propose      confirm  withdraw   register    declare    replace    propose_waiver  waive      reconcile  ask        answer     extend     close
submitted    .          returned   examining  -          -            .            .        withdrawn  .           -          .          submitted       submitted  -          -          .          -          -
returned     submitted  .          .          -          -            .            .        withdrawn  .           -          .          .               .          -          -          .          -          -
accepted     .          .          .          ?          ?            .            .        withdrawn  .           examining  examining  examining       examining  ?          ?          0          ?          ?
tied         .          .          .          ?          ?            .            .        withdrawn  .           !          examining  examining       examining  ?          ?          0          ?          ?
half         .          .          .          &          &            .            .        withdrawn  .           !          examining  examining       examining  &          examining  0          0          0
examining    .          .          .          examining  recommended  .            .        withdrawn  .           !          examining  examining       examining  examining  examining  0          0          0
asked        .          .          .          examining  w            .            .        withdrawn  .           !          examining  examining       examining  examining  examining  examining  examining  examining
answered     .          .          .          examining  o            .            .        withdrawn  .           !          examining  examining       examining  b          examining  e          e          e
recommended  .          .          .          .          .            recommended  decided  withdrawn  .           .          .          .               .          .          .          .          .          .
passed       .          .          .          .          .            .            .        .          registered  .          .          .               .          .          .          .          .          .
failed       .          .          .          .          .            .            .        .          .           .          .          .               .          .          .          .          .          .
conditional  .          .          .          .          .            .            .        .          registered  .          .          .               .          .          .          .          .          .
reported     .          .          .          .          .            .            .        .          registered  .          .          .               .          .          .          .          .          .
objected     .          .          .          .          .            d            d        .          .           .          .          .               .          .          .          .          .          .
dismissed    .          .          .          .          .            .            .        .          .           .          .          .               .          .          .          .          .          .
reopened     .          returned   examining  -          -            d            d        withdrawn  .           -          .          f               f          -          -          .          -          -
withdrawn    .          .          .          .          .            .            .        .          .           .          .          .               .          .          .          .          .          .
";

pub fn at_stage(name: &str) -> Application {
    match name {
        "submitted" => world::submitted(),
        "returned" => world::returned(),
        "accepted" => world::accepted(),
        "tied" => world::tied(),
        "half" => world::declared(world::accepted(), &world::first(), None),
        "examining" => world::examining(),
        "asked" => world::ask(world::examining()).0,
        "answered" => world::answered(),
        "recommended" => world::recommended(world::pass()),
        "passed" => world::decided(world::pass()),
        "failed" => world::decided(world::fail()),
        "withdrawn" => world::withdrawn(),
        "conditional" => world::conditional(),
        "reported" => world::reported(),
        "met" => world::met(),
        "objected" => world::objected(),
        "dismissed" => world::hear(world::objected(), ObjectionOutcome::Dismissed).expect("dismissed").0,
        "reopened" => world::reopened(),
        other => panic!("no such stage: {other}"),
    }
}

/// Who may do it.
pub fn entitled(act: &str) -> Actor {
    match act {
        "submit" | "resubmit" | "withdraw" | "answer" => world::applicant(),
        "judge" | "reconcile" | "recommend" | "declare" | "ask" | "extend" | "close" => world::first(),
        "waive" => world::other_secretary(),
        "propose" => world::decider(),
        "confirm" => world::other_decider(),
        _ => world::secretary(),
    }
}

/// Does `act` as it should be done; the stage it leads to, and the act.
pub fn attempt(act: &str, before: Application, by: &Actor) -> Result<(&'static str, Act), Refused> {
    let now = at(NOW);
    let judged = world::both(&world::examining(), Answer::Met);
    let (after, act) = match act {
        "resubmit" => before.resubmit(world::declaration(), by, now)?,
        "send_back" => before.send_back(world::reasons(), by, now)?,
        "accept" => {
            let examiners = if before.earlier.is_empty() { world::examiners() } else { world::other_examiners() };
            before.accept(&examiners, Settings::bundled(), by, now)?
        }
        "recommend" => before.recommend(world::pass(), &world::CRITERIA, &judged, by, now)?,
        "confirm" => {
            let proposal = proposed(world::pass(), &before);
            let ground = world::ground(&before);
            before.decide(&proposal, &ground, by, now)?
        }
        "withdraw" => before.withdraw("見直す。".to_owned(), by, now)?,
        "declare" => before.declare_interest(None, false, by, now)?,
        "replace" => {
            let (leaving, joining) = (world::first().person, world::candidate(&world::stranger()));
            before.replace_examiner(leaving, &joining, "異動した。".to_owned(), by, now)?
        }
        "propose_waiver" => {
            let (first, reason) = (world::first().person, world::REASON.to_owned());
            let (_, act) = before.propose_waiver(world::proposal_id(), &first, reason, true, by, now)?;
            return Ok((before.stage.as_str(), act));
        }
        "waive" => {
            let (application, examiner, reason) = (before.id.clone(), world::first().person, world::REASON.to_owned());
            let motion = Motion::WaiveConflict { application, examiner, reason };
            let proposal = world::proposed(motion, before.version, &world::secretary(), now);
            before.waive(&proposal, true, by, now)?
        }
        "ask" => {
            let (text, until) = ("ほかの窓口はありますか。".to_owned(), world::day("2026-06-30"));
            before.ask(world::CRITERIA[0], text, until, (&world::CRITERIA, Settings::bundled()), by, now)?
        }
        "answer" => before.answer(1, "規程の3ページです。".to_owned(), Vec::new(), by, now)?,
        "extend" => before.extend_question(1, world::day("2026-07-31"), by, now)?,
        "close" => before.close_question(1, "別の書類で分かった。".to_owned(), by, now)?,
        "propose" => {
            let (_, act) = before.propose_decision(
                world::proposal_id(),
                (world::pass(), Vec::new()),
                &world::ground(&before),
                by,
                now,
            )?;
            return Ok((before.stage.as_str(), act));
        }
        "judge" => {
            let (id, asked) = ("X-1".parse().expect("an id"), world::asked());
            let bench = world::bench(&before, &asked, &[]);
            let (_, act) = Examination::judge(&bench, id, world::all(Answer::Met), by, now)?;
            return Ok((before.stage.as_str(), act));
        }
        "reconcile" => {
            let (examinations, asked) = (judging::disputed(&world::examining()), world::asked());
            let (bench, judgement) = (world::bench(&before, &asked, &examinations), world::all(Answer::Met).remove(0));
            let (_, act) = Examination::reconcile(&bench, judgement, by, now)?;
            return Ok((before.stage.as_str(), act));
        }
        "register" => return world::register(&before, "2026-06-01", by, NOW).map(|(_, act)| ("registered", act)),
        other => panic!("no such act: {other}"),
    };
    Ok((after.stage.as_str(), act))
}

/// The record of a decision maker's proposal about `before`, as it is.
pub fn proposed(decision: Determination, before: &Application) -> Proposal {
    let motion = Motion::Decide { application: before.id.clone(), decision, conditions: Vec::new() };
    let basis = before.basis_on(&world::ground(before));
    world::proposed_on(motion, before.version, Some(basis), &world::decider(), at(NOW))
}

/// The refusal of an act at a stage that forbids it.
fn forbidden(act: &str, found: &'static str) -> Refused {
    let needed = match act {
        "resubmit" => "returned",
        "send_back" | "accept" => "submitted",
        "recommend" | "declare" | "replace" | "ask" | "answer" | "extend" | "close" => "examining",
        "propose_waiver" | "waive" => "submitted, examining",
        "propose" | "confirm" => "recommended",
        "withdraw" => "submitted, returned, examining, recommended",
        "judge" | "reconcile" => return examination::Refusal::Stage { found }.into(),
        "register" => return registration::Refusal::NotPassed.into(),
        other => panic!("no such act: {other}"),
    };
    Refusal::Stage { found, needed }.into()
}

/// The rows of a table, with its heads.
pub fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty()).map(str::split_whitespace);
    let heads: Vec<_> = lines.next().expect("a table has heads").skip(1).collect();
    lines.map(move |mut cells| {
        let name = cells.next().expect("a row has a name");
        let cells: Vec<_> = heads.iter().copied().zip(cells).collect();
        assert_eq!(cells.len(), heads.len(), "{name}: a cell is missing");
        (name, cells)
    })
}

#[test]
fn every_stage_and_act_is_decided() {
    let mut cells = 0;
    for (stage, row) in rows(STAGES) {
        for (act, next) in row {
            let before = at_stage(stage);
            let (found, judges) = (before.stage.as_str(), matches!(act, "judge" | "reconcile"));
            let outcome = attempt(act, before, &entitled(act)).map(|(next, _)| next);
            let expected = match next {
                "." => Err(forbidden(act, found)),
                "-" if judges => Err(examination::Refusal::Denied(Denial::NotAssigned).into()),
                "-" => Err(Refusal::Denied(Denial::NotAssigned).into()),
                "?" if judges => Err(examination::Refusal::Denied(Denial::Undeclared).into()),
                "?" => Err(Refusal::Denied(Denial::Undeclared).into()),
                "&" if judges => Err(examination::Refusal::NotAllDeclared.into()),
                "&" => Err(Refusal::NotAllDeclared.into()),
                "!" => Err(Refusal::Declared.into()),
                "d" => Err(Refusal::Denied(Denial::Decided).into()),
                "f" => Err(Refusal::Former { person: world::first().person }.into()),
                "0" => Err(Refusal::NoSuchQuestion { question: 1 }.into()),
                "e" => Err(Refusal::QuestionEnded { question: 1, found: "answered" }.into()),
                "w" => Err(Refusal::AnswersWaitedFor { criteria: vec![world::CRITERIA[0]] }.into()),
                "b" => Err(examination::Refusal::NotBothDone.into()),
                "o" => Err(Refusal::Outdated { criteria: vec![world::CRITERIA[0]] }.into()),
                next => Ok(next),
            };
            assert_eq!(outcome, expected, "{act} at {stage}");
            cells += 1;
        }
    }
    assert_eq!(cells, 17 * 18);
}

/// Each act counts one version up, bears the instant at which it was done, and says who did it.
#[test]
fn an_act_says_what_when_and_by_whom() {
    for (stage, act, kind) in [
        ("returned", "resubmit", "application.resubmitted"),
        ("submitted", "send_back", "application.returned"),
        ("submitted", "accept", "application.accepted"),
        ("examining", "judge", "examination.judged"),
        ("examining", "reconcile", "examination.reconciled"),
        ("examining", "recommend", "application.recommended"),
        ("recommended", "propose", "proposal.made"),
        ("recommended", "confirm", "application.decided"),
        ("examining", "withdraw", "application.withdrawn"),
        ("passed", "register", "registration.registered"),
        ("accepted", "declare", "application.interest_declared"),
        ("examining", "replace", "application.examiner_replaced"),
        ("submitted", "propose_waiver", "proposal.made"),
        ("examining", "waive", "application.conflict_waived"),
        ("examining", "ask", "application.asked"),
        ("asked", "answer", "application.answered"),
        ("asked", "extend", "application.question_extended"),
        ("asked", "close", "application.question_closed"),
    ] {
        let (before, by) = (at_stage(stage), entitled(act));
        let version = before.version;
        let (_, done) = attempt(act, before, &by).expect(act);
        assert_eq!((done.deed.kind(), done.at, done.by), (kind, at(NOW), world::caller(&by)), "{act}");
        let is_new = matches!(act, "judge" | "propose" | "register" | "propose_waiver");
        let expected = match act {
            _ if is_new => 1,
            // The examination's own, which they began by judging.
            "reconcile" => 2,
            _ => version + 1,
        };
        assert_eq!(done.version, expected, "{act}");
    }
}

#[test]
fn a_submission_names_its_edition_and_its_owner() {
    let application = world::submitted();
    assert_eq!((application.version, application.submission), (1, 1));
    assert_eq!(application.edition, "2.0");
    assert_eq!(application.edition_digest, world::DIGEST);
    assert_eq!(application.owner.as_str(), world::APPLICANT);
    assert_eq!(application.declaration, world::declaration());
    assert!(application.examiners.is_empty());
    assert_eq!(application.passed_at(), None);
}

/// The edition is that of the first submission's day in Japan, whenever it is submitted again.
#[test]
fn a_new_submission_keeps_the_edition_and_the_governing_day() {
    let mut declaration = world::declaration();
    declaration.service.summary = "書き直した。".to_owned();
    let by = world::applicant();
    // 15:00 UTC is midnight in Japan.
    for (submitted, governing) in [("2026-03-31T14:59:59Z", "2026-03-31"), ("2026-03-31T15:00:00Z", "2026-04-01")] {
        let id = "A-2026-00002".parse().expect("an id");
        let first = world::submit(id, &by, submitted);
        let sent_back = first.expect("submitted").0.send_back(world::reasons(), &world::secretary(), at(NOW));
        let again = sent_back.expect("sent back").0.resubmit(declaration.clone(), &by, at("2027-01-01T00:00:00Z"));
        let (again, _) = again.expect("submitted again");
        assert_eq!((again.submission, again.version), (2, 3));
        assert_eq!(again.declaration, declaration);
        assert_eq!((again.edition.as_str(), again.governing_day()), ("2.0", world::day(governing)));
    }
}

#[test]
fn only_a_decision_to_pass_has_passed() {
    assert_eq!(world::decided(world::pass()).passed_at(), Some(at(world::DECIDED)));
    for stage in ["submitted", "returned", "examining", "recommended", "failed", "withdrawn"] {
        assert_eq!(at_stage(stage).passed_at(), None, "{stage}");
    }
}

/// A machine whose clock is slow does not make the record run backwards.
#[test]
fn an_act_is_never_earlier_than_the_one_before() {
    let slow = at("2026-03-01T00:00:00Z");
    let (state, act) = world::submitted()
        .accept(&world::examiners(), Settings::bundled(), &world::secretary(), slow)
        .expect("accepted");
    assert_eq!((act.at, state.changed_at), (at(world::SUBMITTED), at(world::SUBMITTED)));
    let recommended = world::recommended(world::pass());
    let (state, act) = world::decide(recommended, world::pass(), slow).expect("decided");
    assert_eq!((act.at, state.passed_at()), (at(world::EXAMINED), Some(at(world::EXAMINED))));
    let application = world::decided(world::pass());
    let early = world::register(&application, "2026-05-01", &world::secretary(), "2026-03-01T00:00:00Z");
    // On the slow clock's day, that first day is less than a year ahead.
    assert_eq!(early.expect("registered").1.at, at(world::DECIDED));
}

#[test]
fn the_record_of_a_decision_holds_opinion_and_decision() {
    let (state, act) = world::decide(world::recommended(world::pass()), world::fail(), at(NOW)).expect("decided");
    let Deed::Decided { decision, proposal, conditions, ruling: Some(ruling) } = act.deed else { panic!("decided") };
    assert_eq!((decision, proposal, conditions), (world::fail(), world::proposal_id(), Vec::new()));
    assert_eq!(ruling.deciders, [world::decider().person, world::other_decider().person]);
    let domain::application::Stage::Decided { recommended, decision, at: decided_at, .. } = state.stage else {
        panic!("decided: {:?}", state.stage);
    };
    assert_eq!((recommended, decision, decided_at), (world::pass(), world::fail(), at(NOW)));
}
