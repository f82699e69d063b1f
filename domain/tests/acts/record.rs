//! The record of a case: who reads it when, and what of each act they may know.

use std::collections::BTreeSet;

use domain::act::{Act, Determination, Role, Subject, words};
use domain::application::{Application, Condition, Ground, ObjectionOutcome};
use domain::assessment::{Assessment, assess_under};
use domain::authority::Actor;
use domain::edition::Editions;
use domain::examination::{Answer, Examination, Judgement};
use domain::record::{CaseRecord, Logged, Reader, Refusal, application, reader};
use domain::settings::Settings;

use crate::application::rows;
use crate::world::{self, APPLICANT, BODY, CRITERIA, DECIDED, EXAMINED, SUBMITTED, TIE, at};
use crate::{every_deed, leaf_schema};

/// A case in which everything was done that can be, act by act.
struct Story {
    acts: Vec<Act>,
    case: Application,
}

impl Story {
    fn step(&mut self, (case, act): (Application, Act)) {
        self.case = case;
        self.acts.push(act);
    }

    fn declare(&mut self, by: &Actor, tie: Option<&str>) {
        let declared = self.case.clone().declare_interest(tie.map(str::to_owned), false, by, at(SUBMITTED));
        self.step(declared.expect("declared"));
    }

    fn judge(&mut self, by: &Actor, judgements: Vec<Judgement>) -> Examination {
        let id = by.person.as_str().replace('P', "X").parse().expect("an id");
        let judged =
            Examination::judge(&world::bench(&self.case, &world::asked(), &[]), id, judgements, by, at(EXAMINED));
        let (state, act) = judged.expect("judged");
        self.acts.push(act);
        state
    }

    fn logged(&self) -> Vec<Logged> {
        let logged =
            |(index, act): (usize, &Act)| Logged { seq: 100 + index as u64, leaf_hash: [7; 32], act: act.clone() };
        self.acts.iter().enumerate().map(logged).collect()
    }

    fn record(&self, reader: Reader) -> CaseRecord {
        CaseRecord::of(&self.logged(), &assessment(), &CRITERIA, reader).expect("the acts add up")
    }
}

fn assessment() -> Assessment {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    assess_under(edition, &world::declaration(), world::day("2026-04-01"), None)
}

const LEFT: &str = "退いた審査員の判断。";
const WHY_REPLACED: &str = "退いた理由。";

/// Sent back once, one examiner replaced after judging, one tied and waived, decided and registered.
fn story() -> Story {
    let (applicant, secretary, first, second, left) =
        (world::applicant(), world::secretary(), world::first(), world::second(), world::stranger());
    let id = "A-2026-00001".parse().expect("an id");
    let (case, act) = world::submit(id, &applicant, SUBMITTED).expect("submitted");
    let mut story = Story { acts: vec![act], case };
    story.step(story.case.clone().send_back(world::reasons(), &secretary, at(SUBMITTED)).expect("sent back"));
    story.step(story.case.clone().resubmit(world::declaration(), &applicant, at(SUBMITTED)).expect("again"));
    let examiners = [world::candidate(&first), world::candidate(&left)];
    story
        .step(story.case.clone().accept(&examiners, Settings::bundled(), &secretary, at(SUBMITTED)).expect("accepted"));
    story.declare(&first, None);
    story.declare(&left, None);
    let mut judgement = world::judgement(CRITERIA[0], Answer::Unmet);
    judgement.reason = LEFT.to_owned();
    story.judge(&left, vec![judgement]);
    let joining = world::candidate(&second);
    let replaced =
        story.case.clone().replace_examiner(left.person, &joining, WHY_REPLACED.to_owned(), &secretary, at(EXAMINED));
    story.step(replaced.expect("replaced"));
    story.declare(&second, Some(TIE));
    let waiver = "Q-WAIVER".parse().expect("an id");
    let reason = || world::REASON.to_owned();
    let proposed = story.case.propose_waiver(waiver, &second.person, reason(), false, &secretary, at(EXAMINED));
    let (proposal, act) = proposed.expect("proposed");
    story.acts.push(act);
    let waived = story.case.clone().waive(&proposal, false, &world::other_secretary(), at(EXAMINED));
    story.step(waived.expect("waived"));
    let both = [story.judge(&first, world::all(Answer::Met)), story.judge(&second, world::all(Answer::Met))];
    let recommended = story.case.clone().recommend(world::pass(), &CRITERIA, &both, &first, at(EXAMINED));
    story.step(recommended.expect("recommended"));
    let ground = Ground { examinations: both.to_vec(), ..Ground::default() };
    // One proposal is dropped, the next confirmed.
    for (id, is_dropped) in [("Q-DROPPED", true), ("Q-DECIDED", false)] {
        let id = id.parse().expect("an id");
        let proposed =
            story.case.propose_decision(id, (world::pass(), Vec::new()), &ground, &world::decider(), at(DECIDED));
        let (proposal, act) = proposed.expect("proposed");
        story.acts.push(act);
        if is_dropped {
            let found = story.case.version;
            let object = story.case.object();
            let dropped = proposal.drop_it(found, "書き直す。".to_owned(), &object, &world::decider(), at(DECIDED));
            story.acts.push(dropped.expect("dropped").1);
        } else {
            let decided = story.case.clone().decide(&proposal, &ground, &world::other_decider(), at(DECIDED));
            story.step(decided.expect("decided"));
        }
    }
    story.acts.push(world::register(&story.case, "2026-05-01", &secretary, DECIDED).expect("registered").1);
    story
}

/// A kind of act without words would be told by its own name.
#[test]
fn every_kind_of_act_has_its_words() {
    let kinds: BTreeSet<String> = leaf_schema::kinds();
    assert!(kinds.len() >= 30, "{kinds:?}");
    for kind in &kinds {
        let said = words(kind).unwrap_or_else(|| panic!("{kind} has no line in domain/src/act/words.rs"));
        assert!(!said.ja.is_ascii() && said.en.is_ascii() && said.en.len() > 5, "{kind}: {said:?}");
    }
    let done: BTreeSet<String> = every_deed::acts().iter().map(|(_, act)| act.deed.kind().to_owned()).collect();
    assert!(done.is_subset(&kinds));
    for (_, act) in every_deed::acts() {
        assert_eq!(Some(act.deed.words()), words(act.deed.kind()));
    }
}

/// Who reads how much, by where the case stands; `done` is where the examiners are done and confer.
const READERS: &str = "
who              submitted  returned   accepted    examining    done      recommended decided   withdrawn objected  reopened
secretary        whole      whole      whole       whole        whole     whole       whole     whole     whole     whole
auditor          whole      whole      whole       whole        whole     whole       whole     whole     whole     whole
decider          decider    decider    decider     decider      decider   decider     decider   decider   decider   decider
first            no         no         undeclared  not_examined examiner  examiner    examiner  undone    examiner  no
first_as_auditor whole      whole      undeclared  not_examined examiner  examiner    examiner  undone    examiner  whole
applicant        undecided  undecided  undecided   undecided    undecided undecided   applicant undecided applicant undecided
rival            no         no         no          no           no        no          no        no        no        no
stranger         no         no         no          no           no        no          no        no        no        no
operator         no         no         no          no           no        no          no        no        no        no
insider          decider    decider    decider     decider      decider   decider     decider   decider   decider   decider
";

#[test]
fn who_reads_a_record_and_how_much() {
    for (name, row) in rows(READERS) {
        let first = world::first();
        let by = match name {
            "secretary" => world::secretary(),
            "auditor" => world::actor("P-AUDITOR", Role::Auditor, BODY),
            "decider" => world::decider(),
            "first" => first,
            "first_as_auditor" => world::also(first, Role::Auditor, BODY),
            "applicant" => world::applicant(),
            "rival" => world::rival(),
            "stranger" => world::stranger(),
            "operator" => world::operator(),
            // Of the secretariat, and of the applicant: what keeps examiners apart from it is not for them.
            "insider" => world::also(world::secretary(), Role::ProviderMember, APPLICANT),
            other => panic!("{other}"),
        };
        for (situation, expected) in row {
            let case = match situation {
                "submitted" => world::submitted(),
                "returned" => world::returned(),
                "accepted" => world::accepted(),
                "examining" | "done" => world::examining(),
                "recommended" => world::recommended(world::pass()),
                "decided" => world::decided(world::pass()),
                "objected" => world::objected(),
                "reopened" => world::reopened(),
                _ => {
                    world::examining()
                        .withdraw("やめる。".to_owned(), &world::applicant(), at(EXAMINED))
                        .expect("withdrawn")
                        .0
                }
            };
            let found = reader(&by, &case, situation == "done", world::day("2026-06-01"));
            let word = match &found {
                Ok(reader) => reader.as_str(),
                Err(Refusal::NotDecided) => "undecided",
                Err(Refusal::NotExamined) if situation == "withdrawn" => "undone",
                Err(Refusal::NotExamined) => "not_examined",
                Err(Refusal::Denied(domain::authority::Denial::Undeclared)) => "undeclared",
                Err(Refusal::Denied(_)) => "no",
            };
            assert_eq!(word, expected, "{name}, {situation}: {found:?}");
        }
    }
}

#[test]
fn the_whole_record_holds_every_act_in_order_and_is_the_same_bytes() {
    let story = story();
    let record = story.record(Reader::Whole);
    let kinds: Vec<&str> = record.acts.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, story.acts.iter().map(|act| act.deed.kind()).collect::<Vec<_>>());
    for (index, (entry, act)) in record.acts.iter().zip(&story.acts).enumerate() {
        assert_eq!((entry.seq, entry.at, entry.day), (100 + index as u64, act.at, act.at.day()));
        assert_eq!(entry.by.person.as_ref(), Some(&act.by.person));
        // Whatever an act says stands in its fields, or in a chapter of its own.
        let said = serde_json::to_value(&act.deed).expect("JSON");
        for (name, value) in said.as_object().expect("an object") {
            if !["kind", "declaration", "evidence"].contains(&name.as_str()) {
                assert_eq!(entry.fields.get(name), Some(value), "{}", entry.kind);
            }
        }
    }
    assert_eq!(record.submissions.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2]);
    let text = record.canonical();
    for said in [TIE, LEFT, WHY_REPLACED, world::REASON, "すべての要件を満たす。", "書き直す。"] {
        assert!(text.contains(said), "{said}");
    }
    let judged = |record: &CaseRecord| record.criteria.iter().map(|judged| judged.judgements.len()).sum::<usize>();
    assert_eq!(judged(&record), 2 * CRITERIA.len(), "who left does not count");
    assert_eq!((record.interests.len(), record.replaced.len(), record.waivers.len()), (3, 1, 1));
    assert!(record.decision.is_some() && record.recommendation.is_some() && record.registration.is_some());
    assert_eq!((record.canonical(), record.digest()), (story.record(Reader::Whole).canonical(), record.digest()));
    assert_eq!(application(&story.logged()), Ok(story.case.clone()));
    assert!(application(&[]).is_err());
    assert!(application(&story.logged()[1..]).is_err(), "a record never begins in the middle");
}

/// Words that stay with the secretariat and auditors, or that never reach the applicant.
#[test]
fn nobody_reads_what_is_not_theirs() {
    let story = story();
    let text = |reader| story.record(reader).canonical();
    for (said, readers) in [
        (TIE, &[Reader::Whole][..]),
        (WHY_REPLACED, &[Reader::Whole]),
        (world::REASON, &[Reader::Whole]),
        (LEFT, &[Reader::Whole, Reader::Decider]),
        ("書き直す。", &[Reader::Whole, Reader::Decider]),
        ("税の扱いが分からない。", &Reader::ALL),
        ("すべての要件を満たす。", &Reader::ALL),
        ("規約第3条を確かめた。", &Reader::ALL),
    ] {
        for reader in Reader::ALL {
            assert_eq!(text(reader).contains(said), readers.contains(&reader), "{said}, {reader:?}");
        }
    }
    // To the applicant nobody has a name but its own people.
    let record = story.record(Reader::Applicant);
    let named: BTreeSet<String> = record.people().iter().map(ToString::to_string).collect();
    assert_eq!(named, BTreeSet::from([world::applicant().person.to_string()]));
    let text = record.canonical();
    let people = [world::first(), world::second(), world::stranger(), world::secretary(), world::other_secretary()];
    for by in people.iter().chain(&[world::decider(), world::other_decider()]) {
        assert!(!text.contains(by.person.as_str()), "{}", by.person);
    }
    assert!(!text.contains("Q-") && !text.contains("proposal"), "proposals are not the applicant's");
    // Nor do examiners read what was proposed.
    let kinds = |reader| story.record(reader).acts.iter().map(|entry| entry.kind).collect::<Vec<_>>();
    for reader in [Reader::Examiner, Reader::Applicant] {
        assert!(!kinds(reader).iter().any(|kind| kind.starts_with("proposal.")), "{reader:?}");
    }
    let proposed = |reader| kinds(reader).iter().filter(|kind| **kind == "proposal.made").count();
    assert_eq!((proposed(Reader::Whole), proposed(Reader::Decider)), (3, 2), "a waiver is not the decision makers'");
}

const FIRST_ROUND: &str = "一度目の判断。";
const OBJECTED: &str = "税込の額を税抜と読んでいる。";
const HEARD: &str = "取り違えがある。";
const REPORTED: &str = "改定を公表した。";
const ACCEPTED: &str = "公表を確かめた。";

/// A fail that is objected to and set aside; a pass by other people, with a condition that is met.
fn two_rounds() -> Story {
    let (applicant, secretary) = (world::applicant(), world::secretary());
    let id = "A-2026-00001".parse().expect("an id");
    let (case, act) = world::submit(id, &applicant, SUBMITTED).expect("submitted");
    let mut story = Story { acts: vec![act], case };
    let unmet = world::all(Answer::Unmet).into_iter();
    let unmet = unmet.map(|judgement| Judgement { reason: FIRST_ROUND.to_owned(), ..judgement }).collect();
    let deciders = [world::decider(), world::other_decider()];
    story.round([world::first(), world::second()], unmet, world::fail(), Vec::new(), ("Q-FIRST", &deciders));
    let objected = story.case.clone().object_to_decision(OBJECTED.to_owned(), Vec::new(), &applicant, at(DECIDED));
    story.step(objected.expect("objected"));
    let ([hearer, other], id) = (world::hearers(), "Q-HEARD".parse().expect("an id"));
    let upheld = ObjectionOutcome::Upheld;
    let proposed = story.case.propose_on_objection(id, upheld, HEARD.to_owned(), &hearer, at(DECIDED));
    let (proposal, act) = proposed.expect("proposed");
    story.acts.push(act);
    story.step(story.case.clone().decide_objection(&proposal, &other, at(DECIDED)).expect("upheld"));
    let (met, conditions) = (world::all(Answer::Met), vec![world::condition()]);
    let seats = [world::stranger(), world::third()];
    story.round(seats, met, world::pass(), conditions, ("Q-SECOND", &[hearer, other]));
    let reported = story.case.clone().report_condition(1, REPORTED.to_owned(), Vec::new(), &applicant, at(DECIDED));
    story.step(reported.expect("reported"));
    let replied = story.case.clone().reply_to_report(1, true, ACCEPTED.to_owned(), &secretary, at(DECIDED));
    story.step(replied.expect("accepted"));
    story
}

impl Story {
    /// From the acceptance to the decision, by these people.
    fn round(
        &mut self,
        seats: [Actor; 2],
        judgements: Vec<Judgement>,
        decision: Determination,
        conditions: Vec<Condition>,
        (id, deciders): (&str, &[Actor; 2]),
    ) {
        let candidates = [world::candidate(&seats[0]), world::candidate(&seats[1])];
        self.step(
            self.case
                .clone()
                .accept(&candidates, Settings::bundled(), &world::secretary(), at(SUBMITTED))
                .expect("accepted"),
        );
        seats.iter().for_each(|seat| self.declare(seat, None));
        let both: Vec<_> = seats.iter().map(|seat| self.judge(seat, judgements.clone())).collect();
        let recommended = self.case.clone().recommend(decision.clone(), &CRITERIA, &both, &seats[0], at(DECIDED));
        self.step(recommended.expect("recommended"));
        let ground = Ground { examinations: both, ..Ground::default() };
        let (id, what) = (id.parse().expect("an id"), (decision, conditions));
        let proposed = self.case.propose_decision(id, what, &ground, &deciders[0], at(DECIDED));
        let (proposal, act) = proposed.expect("proposed");
        self.acts.push(act);
        let decided = self.case.clone().decide(&proposal, &ground, &deciders[1], at(DECIDED));
        self.step(decided.expect("decided"));
    }
}

/// What follows a decision is told to those concerned; of who objects and who hears it, to nobody who decided.
#[test]
fn what_follows_a_decision_is_in_the_record() {
    let story = two_rounds();
    for (said, readers) in [
        (FIRST_ROUND, &[Reader::Whole, Reader::Decider][..]),
        (OBJECTED, &Reader::ALL),
        (HEARD, &Reader::ALL),
        (REPORTED, &Reader::ALL),
        (ACCEPTED, &Reader::ALL),
        ("お客さま相談室長", &Reader::ALL),
    ] {
        for reader in Reader::ALL {
            assert_eq!(
                story.record(reader).canonical().contains(said),
                readers.contains(&reader),
                "{said}, {reader:?}"
            );
        }
    }
    let record = story.record(Reader::Applicant);
    let text = record.canonical();
    assert_eq!(record.people(), [world::applicant().person]);
    assert!(!text.contains("Q-") && !text.contains("X-") && !text.contains("\"ruling\""), "{text}");
    let outcome = record.acts.iter().find(|entry| entry.kind == "application.objection_decided").expect("it is told");
    assert_eq!(outcome.fields.get("outcome"), Some(&serde_json::json!("upheld")));
    let proposed = |reader| {
        let of = story.record(reader);
        of.acts.iter().filter(|entry| entry.kind == "proposal.made").count()
    };
    assert_eq!((proposed(Reader::Whole), proposed(Reader::Decider)), (3, 2));
    let whole = story.record(Reader::Whole);
    let judged: Vec<_> = whole.criteria.iter().flat_map(|judged| &judged.judgements).collect();
    assert_eq!(judged.len(), 2 * CRITERIA.len(), "the second round's count");
    assert!(judged.iter().all(|given| given.answer == Answer::Met));
    let decision = whole.decision.expect("decided again").determination;
    assert_eq!(decision, world::pass());
}

/// An act that cannot follow the others is no record's.
#[test]
fn a_record_is_of_acts_that_add_up() {
    let story = story();
    let mut acts = story.logged();
    let last = acts.last().expect("registered").act.clone();
    let subject = Subject::Examination("X-ODD".parse().expect("an id"));
    let act = Act { subject, version: 1, by: world::caller(&world::first()), ..last };
    acts.push(Logged { seq: 999, leaf_hash: [0; 32], act });
    assert!(CaseRecord::of(&acts, &assessment(), &CRITERIA, Reader::Whole).is_err());
}
