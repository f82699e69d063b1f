//! What a decision rests on, what a pass asks of the applicant, and objections: cell by cell.

use domain::act::{Act, Deed, Determination, ProposalId, Replay, Role};
use domain::application::{
    Application, Condition, ConditionFault, Ground, OBJECTION_DAYS, ObjectionOutcome, Progress, Refusal, Shift, Stage,
};
use domain::authority::{Actor, Denial};
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::edition::{LimitName, Provision, ProvisionOf};
use domain::examination::Answer;
use domain::proposal::{Motion, Proposal};
use domain::settings::Settings;
use proptest::prelude::*;

use crate::application::{at_stage, rows};
use crate::life::{Life, steps};
use crate::world::{self, DECIDED, NOW, REASON, Refused, at, day};

/// Stage by act: the next stage; or `.` where nothing is decided, `n` no such condition, `m`
/// it is met, `w` its report waits, `r` none does, `o` nothing to object to, `b` objected before, `h` no objection waits.
const STAGES: &str = "
stage        report   reply    object   propose_hearing  hear     uphold
submitted    .        .        .        .                .        .
returned     .        .        .        .                .        .
accepted     .        .        .        .                .        .
examining    .        .        .        .                .        .
recommended  .        .        .        .                .        .
passed       n        n        o        h                h        h
failed       n        n        decided  h                h        h
conditional  decided  r        decided  h                h        h
reported     w        decided  decided  h                h        h
met          m        r        decided  h                h        h
objected     n        n        b        decided          decided  submitted
dismissed    n        n        b        h                h        h
reopened     .        .        .        .                .        .
withdrawn    .        .        .        .                .        .
";

/// Does `act` as it should be done; the stage it leads to, and the act.
pub fn attempt(act: &str, before: Application, by: &Actor) -> Result<(&'static str, Act), Refused> {
    // An objection has its last day; everything else is done long after it.
    let (now, reason) = (at(if act == "object" { DECIDED } else { NOW }), REASON.to_owned());
    let (after, act) = match act {
        "report" => before.report_condition(1, reason, Vec::new(), by, now)?,
        "reply" => before.reply_to_report(1, true, reason, by, now)?,
        "object" => before.object_to_decision(reason, Vec::new(), by, now)?,
        "propose_hearing" => {
            let (id, outcome) = (world::proposal_id(), ObjectionOutcome::Dismissed);
            let (_, act) = before.propose_on_objection(id, outcome, reason, by, now)?;
            return Ok((before.stage.as_str(), act));
        }
        "hear" | "uphold" => {
            let outcome = if act == "hear" { ObjectionOutcome::Dismissed } else { ObjectionOutcome::Upheld };
            let proposal = hearing(&before, outcome);
            before.decide_objection(&proposal, by, now)?
        }
        other => panic!("no such act: {other}"),
    };
    Ok((after.stage.as_str(), act))
}

/// The record of a proposal about an objection, whether or not there is one.
pub fn hearing(before: &Application, outcome: ObjectionOutcome) -> Proposal {
    let motion = Motion::DecideObjection { application: before.id.clone(), outcome, reason: REASON.to_owned() };
    world::proposed(motion, before.version, &world::hearers()[0], at(NOW))
}

fn entitled(act: &str) -> Actor {
    match act {
        "report" | "object" => world::applicant(),
        "reply" => world::secretary(),
        _ => world::hearers()[1].clone(),
    }
}

#[test]
fn every_stage_and_act_is_decided() {
    let mut cells = 0;
    for (stage, row) in rows(STAGES) {
        for (act, next) in row {
            let before = at_stage(stage);
            let found = before.stage.as_str();
            let (number, of) = (1, before.conditions.len());
            let expected = match next {
                "." => Err(Refusal::Stage { found, needed: "decided" }),
                "n" => Err(Refusal::NoSuchCondition { number, of }),
                "m" => Err(Refusal::ConditionMet { number }),
                "w" => Err(Refusal::ReportWaits { number }),
                "r" => Err(Refusal::NoReport { number }),
                "o" => Err(Refusal::NothingToObject),
                "b" => Err(Refusal::Objected),
                "h" => Err(Refusal::NoObjection),
                next => Ok(next),
            };
            let outcome = attempt(act, before, &entitled(act)).map(|(next, _)| next);
            assert_eq!(outcome, expected.map_err(Refused::from), "{act} at {stage}");
            cells += 1;
        }
    }
    assert_eq!(cells, 14 * 6);
}

fn propose(before: &Application, what: (Determination, Vec<Condition>), ground: &Ground) -> Result<Proposal, Refusal> {
    before.propose_decision(world::proposal_id(), what, ground, &world::decider(), at(DECIDED)).map(|(made, _)| made)
}

/// Whatever of the basis is not as it was when it was proposed, the proposal is not confirmed, and the decision is seen
/// to rest on something else.
#[test]
fn what_is_decided_is_what_was_proposed() {
    let before = world::recommended(world::pass());
    let ground = world::ground(&before);
    let proposal = propose(&before, (world::pass(), Vec::new()), &ground).expect("proposed");
    assert_eq!(proposal.basis.as_deref(), Some(&before.basis_on(&ground)));

    let mut judged_again = ground.clone();
    judged_again.examinations[0].version += 1;
    let corrected = Ground { corrected_to: Some("c".repeat(64)), ..ground.clone() };
    let mut others = before.clone();
    others.declaration.service.summary = "書き直した。".to_owned();
    let mut submitted_again = before.clone();
    submitted_again.submission += 1;
    let mut with_a_file = before.clone();
    with_a_file.evidence = vec![crate::evidence::file(1, 10)];
    let mut rebound = before.clone();
    rebound.edition_digest = "d".repeat(64);
    let as_it_was = || (before.clone(), ground.clone());
    for (name, (now, ground), shifts) in [
        ("nothing", as_it_was(), vec![]),
        ("a judgement", (before.clone(), judged_again), vec![Shift::Judgements]),
        ("the edition", (before.clone(), corrected), vec![Shift::Edition]),
        ("the file it is bound to", (rebound, ground.clone()), vec![Shift::Edition]),
        ("the declaration", (others, ground.clone()), vec![Shift::Declaration]),
        ("the submission", (submitted_again, ground.clone()), vec![Shift::Declaration]),
        ("a file", (with_a_file, ground.clone()), vec![Shift::Evidence]),
        ("the examinations", (before.clone(), Ground::default()), vec![Shift::Judgements]),
    ] {
        let confirmed = now.clone().decide(&proposal, &ground, &world::other_decider(), at(DECIDED)).map(drop);
        let expected = if shifts.is_empty() { Ok(()) } else { Err(Refusal::Shifted { shifts: shifts.clone() }) };
        assert_eq!(confirmed, expected, "{name} changed");
        // The same, once it is decided.
        let decided = world::decided(world::pass());
        let later = Application { stage: decided.stage, ..now };
        assert_eq!(later.shifts(&ground), shifts, "{name} changed after the decision");
    }
    let unbound = Proposal { basis: None, ..proposal };
    let refused = before.decide(&unbound, &ground, &world::other_decider(), at(DECIDED)).map(drop);
    assert_eq!(refused, Err(Refusal::Shifted { shifts: vec![Shift::Unrecorded] }), "from before it was recorded");
}

/// The digest is of everything that was judged.
#[test]
fn another_basis_has_another_digest() {
    let before = world::recommended(world::pass());
    let ground = world::ground(&before);
    let basis = before.basis_on(&ground);
    assert_eq!((basis.digest().len(), basis.examinations.len(), basis.submission), (64, 2, 1));
    let mut other = ground.clone();
    other.examinations[1].version += 1;
    assert_ne!(before.basis_on(&other).digest(), basis.digest());
    // Who was replaced counts no more.
    let mut more = ground;
    let stranger =
        domain::examination::Examination { examiner: world::stranger().person, ..more.examinations[0].clone() };
    more.examinations.push(stranger);
    assert_eq!(before.basis_on(&more), basis);
}

/// An act that says it rests on what was not there leads nowhere: `fsck` replays the same.
#[test]
fn a_record_that_rests_on_something_else_is_impossible() {
    let before = world::recommended(world::pass());
    let (_, act) = world::decide(before.clone(), world::pass(), at(DECIDED)).expect("decided");
    assert!(Application::replay(Some(before.clone()), &act).is_ok());
    let spoil: [fn(&mut domain::application::Ruling); 5] = [
        |ruling| ruling.basis.declaration = "e".repeat(64),
        |ruling| ruling.basis.submission += 1,
        |ruling| ruling.basis.edition_digest = "e".repeat(64),
        |ruling| ruling.basis.evidence = vec![domain::evidence::FileDigest::of([1; 32])],
        |ruling| ruling.deciders.reverse(),
    ];
    for (index, spoil) in spoil.into_iter().enumerate() {
        let mut spoilt = act.clone();
        let Deed::Decided { ruling: Some(ruling), .. } = &mut spoilt.deed else { panic!("decided") };
        spoil(ruling);
        assert!(Application::replay(Some(before.clone()), &spoilt).is_err(), "{index}");
    }
}

fn provision(what: ProvisionOf) -> Provision {
    Provision { what, note: None }
}

/// A pass rests on everything that is asked; a fail on what was found unmet.
#[test]
fn nothing_is_decided_under_a_provisional_limit() {
    let price = || provision(ProvisionOf::Limit(CriterionId::NetworkPrice, LimitName::MonthlyYenExcludingTax));
    let desk = || provision(ProvisionOf::Wording(CriterionId::HelpDesk));
    let class = || provision(ProvisionOf::Class(domain::declaration::Class::Two));
    let edition = || provision(ProvisionOf::Edition);
    let unmet = |criteria: &[CriterionId]| {
        let answer = |criterion| if criteria.contains(&criterion) { Answer::Unmet } else { Answer::Met };
        let judged = world::CRITERIA.map(|criterion| world::judgement(criterion, answer(criterion))).to_vec();
        vec![world::examined(&world::examining(), &world::first(), judged)]
    };
    let (pass, fail) = (world::pass(), world::fail());
    use CriterionId::{HelpDesk, Insurance, NetworkPrice};
    for (recommended, decision, unmet, provisions, in_the_way) in [
        (&pass, &pass, unmet(&[]), vec![], vec![]),
        (&pass, &pass, unmet(&[]), vec![price()], vec![price()]),
        (&pass, &pass, unmet(&[]), vec![class(), desk()], vec![class(), desk()]),
        (&pass, &pass, unmet(&[]), vec![edition()], vec![edition()]),
        // A reason of its own, which no limit gives.
        (&pass, &fail, unmet(&[]), vec![price()], vec![]),
        (&fail, &fail, unmet(&[NetworkPrice]), vec![price()], vec![price()]),
        (&fail, &fail, unmet(&[NetworkPrice, HelpDesk]), vec![price(), desk()], vec![price(), desk()]),
        // One firm criterion is enough.
        (&fail, &fail, unmet(&[NetworkPrice, Insurance]), vec![price(), desk()], vec![]),
        (&fail, &fail, unmet(&[Insurance]), vec![price()], vec![]),
        (&fail, &fail, unmet(&[Insurance]), vec![class()], vec![]),
    ] {
        let before = world::recommended(recommended.clone());
        let ground = Ground { examinations: unmet, provisions, ..Ground::default() };
        let proposed = propose(&before, (decision.clone(), Vec::new()), &ground).map(drop);
        let expected = match &in_the_way[..] {
            [] => Ok(()),
            _ => Err(Refusal::Provisional { provisions: in_the_way }),
        };
        assert_eq!(proposed, expected, "{recommended:?} {decision:?} {:?}", ground.provisions);
    }
    // Asked again when it is confirmed: an edition may have been corrected meanwhile.
    let before = world::recommended(world::pass());
    let ground = world::ground(&before);
    let proposal = propose(&before, (world::pass(), Vec::new()), &ground).expect("proposed");
    let open = Ground { provisions: vec![price()], ..ground };
    let confirmed = before.decide(&proposal, &open, &world::other_decider(), at(DECIDED)).map(drop);
    assert_eq!(confirmed, Err(Refusal::Provisional { provisions: vec![price()] }));
}

#[test]
fn a_condition_has_words_an_owner_and_a_day_to_come() {
    let condition = world::condition;
    let due = |due: &str| Condition { due: day(due), ..condition() };
    let about = |criterion| Condition { criterion: Some(criterion), ..condition() };
    let long = |characters| Condition { owner: "長".repeat(characters), ..condition() };
    let (index, on) = (0, day("2026-05-01"));
    use ConditionFault::{NoOwner, NoWords, NotJudged, OnFail, Past, TooMany};
    for (decision, conditions, fault) in [
        (world::pass(), vec![], None),
        (world::pass(), vec![condition()], None),
        (world::pass(), vec![condition(); 20], None),
        (world::pass(), vec![condition(); 21], Some(TooMany { conditions: 21 })),
        (world::fail(), vec![condition()], Some(OnFail)),
        (world::pass(), vec![due("2026-05-01")], None),
        (world::pass(), vec![due("2026-04-30")], Some(Past { index, due: day("2026-04-30"), day: on })),
        (
            world::pass(),
            vec![condition(), Condition { words: " 　".to_owned(), ..condition() }],
            Some(NoWords { index: 1 }),
        ),
        (world::pass(), vec![Condition { owner: String::new(), ..condition() }], Some(NoOwner { index })),
        (world::pass(), vec![long(200)], None),
        (world::pass(), vec![long(201)], Some(NoOwner { index })),
        (world::pass(), vec![Condition { criterion: None, ..condition() }], None),
        (world::pass(), vec![about(CriterionId::Renewal)], Some(NotJudged { index, criterion: CriterionId::Renewal })),
    ] {
        let before = world::recommended(world::pass());
        let proposed = propose(&before, (decision, conditions.clone()), &world::ground(&before)).map(drop);
        assert_eq!(proposed, fault.map_or(Ok(()), |fault| Err(Refusal::Conditions(fault))), "{conditions:?}");
    }
    // The day is that of the decision, not of the proposal.
    let before = world::recommended(world::pass());
    let ground = world::ground(&before);
    let proposal = propose(&before, (world::pass(), vec![due("2026-05-01")]), &ground).expect("proposed");
    let next_day = at("2026-05-01T15:00:00Z");
    let confirmed = before.decide(&proposal, &ground, &world::other_decider(), next_day).map(drop);
    let past = Past { index, due: on, day: day("2026-05-02") };
    assert_eq!(confirmed, Err(Refusal::Conditions(past)));
}

/// Reports that are not accepted are answered by another; what was reported in time is in time while it waits.
#[test]
fn a_condition_is_open_until_its_report_is_accepted() {
    let (by, secretary) = (world::applicant(), world::secretary());
    let progress = |state: &Application| state.conditions[0].progress();
    let overdue = |state: &Application, on: &str| state.conditions[0].is_overdue(day(on));
    let open = world::conditional();
    assert_eq!((progress(&open), open.condition_due()), (Progress::Open, Some(day("2026-06-30"))));
    assert_eq!((overdue(&open, "2026-06-30"), overdue(&open, "2026-07-01")), (false, true));
    let report = |state: Application, now| state.report_condition(1, REASON.to_owned(), Vec::new(), &by, at(now));
    // The last second of the last day in Japan, and the first after it.
    for (now, is_late) in [("2026-06-30T14:59:59Z", false), ("2026-06-30T15:00:00Z", true)] {
        let (reported, _) = report(open.clone(), now).expect("reported");
        assert_eq!(progress(&reported), Progress::Reported);
        assert_eq!(overdue(&reported, "2026-07-01"), is_late, "{now}");
        let reply = |is_accepted| {
            let replied = reported.clone().reply_to_report(1, is_accepted, REASON.to_owned(), &secretary, at(now));
            replied.expect("answered").0
        };
        let (accepted, refused) = (reply(true), reply(false));
        assert_eq!((progress(&accepted), overdue(&accepted, "2026-08-01")), (Progress::Met, false));
        assert_eq!((accepted.condition_due(), accepted.open_conditions().count()), (None, 0));
        assert_eq!((progress(&refused), overdue(&refused, "2026-07-01")), (Progress::Open, true));
        assert!(report(refused, now).is_ok(), "and again");
    }
    for blank in ["", " 　"] {
        let said = open.clone().report_condition(1, blank.to_owned(), Vec::new(), &by, at(DECIDED)).map(drop);
        assert_eq!(said, Err(Refusal::NoReason));
        let said = world::reported().reply_to_report(1, false, blank.to_owned(), &secretary, at(DECIDED)).map(drop);
        assert_eq!(said, Err(Refusal::NoReason));
    }
    for number in [0, 2] {
        let none = open.clone().report_condition(number, REASON.to_owned(), Vec::new(), &by, at(DECIDED)).map(drop);
        assert_eq!(none, Err(Refusal::NoSuchCondition { number, of: 1 }));
    }
}

/// Days in Japan: the last one counts whole.
#[test]
fn an_objection_has_thirty_days() {
    assert_eq!(OBJECTION_DAYS, 30);
    let until = day("2026-05-31");
    let late = Err(Refusal::ObjectionLate { until });
    for (now, expected) in [
        (DECIDED, Ok(())),
        ("2026-05-30T15:00:00Z", Ok(())), // 00:00:00 of the last day
        ("2026-05-31T14:59:59Z", Ok(())),
        ("2026-05-31T15:00:00Z", late),
    ] {
        for before in [world::decided(world::fail()), world::conditional()] {
            let objected = before.object_to_decision(REASON.to_owned(), Vec::new(), &world::applicant(), at(now));
            assert_eq!(objected.map(drop), expected, "{now}");
        }
    }
    let silent =
        world::decided(world::fail()).object_to_decision(String::new(), Vec::new(), &world::applicant(), at(DECIDED));
    assert_eq!(silent.map(drop), Err(Refusal::NoReason));
    let Stage::Decided { ruling: Some(ruling), .. } = world::decided(world::pass()).stage else { panic!("decided") };
    assert_eq!(ruling.objection_until, None, "nothing to object to");
}

/// Neither who examined, nor who decided, nor who belongs to the applicant; and two of those who remain.
#[test]
fn other_people_hear_an_objection() {
    let [hearer, other] = world::hearers();
    let deciding = |by: Actor| world::acting_as(&by, Role::DecisionMaker);
    let torn = world::also(other.clone(), Role::ProviderMember, world::APPLICANT);
    for (name, by, expected) in [
        ("who proposed the decision", world::decider(), Err(Refusal::Denied(Denial::Decided))),
        ("who confirmed it", world::other_decider(), Err(Refusal::Denied(Denial::Decided))),
        ("an examiner", deciding(world::first()), Err(Refusal::Denied(Denial::Examined))),
        ("one of the applicant's", torn, Err(Refusal::Denied(Denial::OwnOrganisation))),
        ("who proposed it", hearer, Err(Refusal::Proposal(domain::proposal::Refusal::OwnProposal))),
        ("another", other, Ok(())),
    ] {
        let objected = world::objected();
        let proposal = hearing(&objected, ObjectionOutcome::Upheld);
        let heard = objected.decide_objection(&proposal, &by, at(NOW)).map(drop);
        assert_eq!(heard, expected, "{name}");
    }
}

/// The case starts anew, and nobody of the first round judges or decides it again.
#[test]
fn what_is_set_aside_is_kept_and_its_people_do_not_come_back() {
    let reopened = world::reopened();
    assert_eq!((reopened.stage.as_str(), reopened.due, reopened.objection.as_ref()), ("submitted", None, None));
    assert!(reopened.examiners.is_empty());
    let [round] = &reopened.earlier[..] else { panic!("one round") };
    assert_eq!((&round.decision, round.examiners.len()), (&world::fail(), 2));
    assert_eq!(round.objection.finding.as_ref().map(|finding| finding.outcome), Some(ObjectionOutcome::Upheld));

    let accept = |examiners: &[Actor]| {
        let candidates: Vec<_> = examiners.iter().map(world::candidate).collect();
        reopened
            .clone()
            .accept(&candidates, Settings::bundled(), &world::secretary(), at(DECIDED))
            .map(|(state, _)| state)
    };
    let (fresh, third) = (world::stranger(), world::actor("P-THIRD", Role::Examiner, world::BODY));
    for former in [world::first(), world::second(), world::acting_as(&world::decider(), Role::Examiner)] {
        let expected = Refusal::Former { person: former.person.clone() };
        assert_eq!(accept(&[fresh.clone(), former.clone()]).map(drop), Err(expected.clone()));
        let seated = accept(&[fresh.clone(), third.clone()]).expect("accepted");
        let (leaving, reason) = (third.person.clone(), REASON.to_owned());
        let joined =
            seated.replace_examiner(leaving, &world::candidate(&former), reason, &world::secretary(), at(DECIDED));
        assert_eq!(joined.map(drop), Err(expected), "nor in another's place");
    }

    let seated = accept(&[fresh.clone(), third.clone()]).expect("accepted");
    let open = world::declared(world::declared(seated, &fresh, None), &third, None);
    let judged = [&fresh, &third].map(|by| world::examined(&open, by, world::all(Answer::Met)));
    let mut all = world::both(&world::examining(), Answer::Unmet);
    all.extend(judged);
    // What was judged in the first round counts no more.
    let recommended =
        open.recommend(world::pass(), &world::CRITERIA, &all, &fresh, at(DECIDED)).expect("recommended").0;
    let ground = Ground { examinations: all, ..Ground::default() };
    let decide = |first: &Actor, second: &Actor| {
        let (id, what): (ProposalId, _) = (world::proposal_id(), (world::pass(), Vec::new()));
        let (proposal, _) = recommended.propose_decision(id, what, &ground, first, at(DECIDED))?;
        recommended.clone().decide(&proposal, &ground, second, at(DECIDED)).map(|(state, _)| state)
    };
    let [hearer, other] = world::hearers();
    let examined = world::acting_as(&world::first(), Role::DecisionMaker);
    for (first, second, denial) in [
        (&world::decider(), &other, Denial::Decided),
        (&hearer, &world::other_decider(), Denial::Decided),
        (&hearer, &examined, Denial::Examined),
    ] {
        assert_eq!(decide(first, second).map(drop), Err(Refusal::Denied(denial)));
    }
    // Who found the objection right had no part in the first decision.
    let decided = decide(&hearer, &other).expect("decided");
    assert_eq!((decided.passed_at(), decided.earlier.len()), (Some(at(DECIDED)), 1));
}

/// A pass stays a pass while its conditions are objected to; set aside, it is none, and its conditions bind no more.
#[test]
fn a_pass_stands_until_the_objection_is_decided() {
    let by = world::applicant();
    let (objected, _) =
        world::conditional().object_to_decision(REASON.to_owned(), Vec::new(), &by, at(DECIDED)).expect("objected");
    assert!(objected.passed_at().is_some() && objected.waiting_objection().is_some());
    assert!(objected.clone().report_condition(1, REASON.to_owned(), Vec::new(), &by, at(DECIDED)).is_ok());
    let (dismissed, _) = world::hear(objected.clone(), ObjectionOutcome::Dismissed).expect("dismissed");
    assert_eq!((dismissed.passed_at().is_some(), dismissed.condition_due()), (true, Some(day("2026-06-30"))));
    let (upheld, _) = world::hear(objected, ObjectionOutcome::Upheld).expect("upheld");
    assert_eq!((upheld.passed_at(), upheld.condition_due()), (None::<_>, None::<Day>));
    assert_eq!(upheld.earlier[0].conditions.len(), 1, "they stay in the record");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people try: a decision rests on two examinations and bears two names, none of them an examiner's; and
    /// whoever judged or decided a case before its decision was set aside, or decided what is objected to, has no part in
    /// what comes after.
    #[test]
    fn nobody_takes_part_twice(steps in steps()) {
        let life = Life::of(&steps);
        let mut state: Option<Application> = None;
        for act in life.acts.iter().filter(|act| act.deed.kind().starts_with("application.")) {
            let before = state.take().filter(|_| !matches!(act.deed, Deed::Submitted { .. }));
            let after = Application::replay(before.clone(), act).expect("the record of a life replays");
            let earlier: Vec<_> = after.earlier.iter().flat_map(|round| {
                let deciders = round.ruling.as_ref().map(|ruling| ruling.deciders.to_vec()).unwrap_or_default();
                round.examiners.iter().cloned().chain(deciders)
            }).collect();
            prop_assert!(after.examiners.iter().all(|person| !earlier.contains(person)));
            match (&act.deed, &after.stage) {
                (Deed::Decided { .. }, Stage::Decided { ruling: Some(ruling), .. }) => {
                    prop_assert_eq!(ruling.basis.examinations.len(), 2);
                    for decider in &ruling.deciders {
                        prop_assert!(!after.examiners.contains(decider) && !earlier.contains(decider));
                    }
                    prop_assert_ne!(&ruling.deciders[0], &ruling.deciders[1]);
                }
                (Deed::Decided { .. }, _) => prop_assert!(false, "decided on nothing"),
                (Deed::ObjectionDecided { .. }, _) => {
                    let Some(Stage::Decided { ruling: Some(ruling), .. }) = before.map(|before| before.stage) else {
                        panic!("nothing was decided");
                    };
                    prop_assert!(!ruling.deciders.contains(&act.by.person));
                }
                _ => {}
            }
            state = Some(after);
        }
    }
}
