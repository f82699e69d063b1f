//! One act of every kind, the same in every run, as the properties of leaves need them.

mod registered;

use std::collections::BTreeSet;

use domain::act::{Act, Deed, Determination, ProposalId, Role};
use domain::application::ObjectionOutcome;
use domain::edition::PublishedEdition;
use domain::examination::{Answer, Examination, Judgement};
use domain::licence::Holder;
use domain::people::{Membership, OrganisationKind, Person};
use domain::proposal::Motion;
use domain::registration::MeasureKind;
use domain::settings::Settings;
use domain::watching::Matter;

use crate::judging;
use crate::world::{self, DECIDED, EXAMINED, NOW, SUBMITTED, at};

use registered::{on_changes, on_checks, on_complaints, on_measures, on_renewals, on_reports};

/// Every kind of deed, and a name for each act that stands for it: the kind, and the holder's or the motion's where
/// there are several. In the order of `tests/vectors/leaves.toml`, where new ones come last.
pub fn acts() -> Vec<(&'static str, Act)> {
    let acts = on_applications().into_iter().chain(on_registrations()).chain(on_licences()).chain(on_others());
    acts.chain(on_proposals())
        .chain(on_roles())
        .chain(on_keys())
        .chain(on_editions())
        .chain(on_proposals_of_the_register())
        .chain(on_stops())
        .chain(on_examiners())
        .chain([on_a_dispute()])
        .chain(on_decisions())
        .chain(on_questions())
        .chain(on_reports())
        .chain(on_complaints())
        .chain(on_checks())
        .chain(on_measures())
        .chain(on_renewals())
        .chain(on_settings())
        .chain(on_changes())
        .chain([world::reissued().1])
        .map(|act| match &act.deed {
            Deed::Granted(grant) if grant.contract_from.is_some() => ("licence.granted.user", act),
            Deed::Granted(_) => ("licence.granted.provider", act),
            Deed::Proposed { motion, .. } => match **motion {
                Motion::Decide { ref conditions, .. } if conditions.is_empty() => ("proposal.made.decide", act),
                Motion::Decide { .. } => ("proposal.made.decide.conditional", act),
                Motion::TakeMeasure { plan: None, .. } => ("proposal.made.take_measure", act),
                Motion::TakeMeasure { plan: Some(_), .. } => ("proposal.made.take_measure.grounded", act),
                Motion::RevokeLicence { .. } => ("proposal.made.revoke_licence", act),
                Motion::ActivateKey { .. } => ("proposal.made.activate_key", act),
                Motion::CompromiseKey { .. } => ("proposal.made.compromise_key", act),
                Motion::PublishEdition { .. } => ("proposal.made.publish_edition", act),
                Motion::WaiveConflict { .. } => ("proposal.made.waive_conflict", act),
                Motion::DecideObjection { .. } => ("proposal.made.decide_objection", act),
                Motion::DecideMeasureObjection { .. } => ("proposal.made.decide_measure_objection", act),
                Motion::ChangeSetting { .. } => ("proposal.made.change_setting", act),
                Motion::ChangeHolidays { .. } => ("proposal.made.change_holidays", act),
                Motion::Succeed { .. } => ("proposal.made.succeed", act),
            },
            Deed::Filed { matter: domain::application::Matter::Change, .. } => ("registration.filed.change", act),
            Deed::Recommended { basis: Some(_), .. } => ("application.recommended.bound", act),
            Deed::Decided { ruling: Some(_), .. } => ("application.decided.bound", act),
            Deed::Accepted { due: Some(_), .. } => ("application.accepted.due", act),
            Deed::Suspended { grounds: Some(_), .. } => ("registration.suspended.grounded", act),
            Deed::Reinstated { grounds: Some(_), .. } => ("registration.reinstated.grounded", act),
            Deed::Revoked { grounds: Some(_), .. } => ("registration.revoked.grounded", act),
            Deed::KeyCreated { is_next: true, .. } => ("key.created.next", act),
            Deed::EditionPublished { proposal: None, .. } => ("edition.published.first", act),
            Deed::ReportFiled { contents, .. } if contents.matter() == Matter::SelfCheck => {
                ("report.filed.self_check", act)
            }
            Deed::ReportFiled { .. } if act.version > 1 => ("report.filed.correction", act),
            deed => (deed.kind(), act),
        })
        .collect()
}

/// As it was done before cases had a day by which to be examined, examiners declared their interests, and decisions named
/// what they rest on: acts and facts that these do not count yet.
fn of_old(act: Act) -> Act {
    let (version, deed) = match act.deed {
        Deed::Accepted { examiners, .. } => (act.version, Deed::Accepted { examiners, due: None }),
        Deed::Judged { application, application_version, last_answer, judgements } => {
            let application_version = application_version - 2;
            (act.version, Deed::Judged { application, application_version, last_answer, judgements })
        }
        Deed::Proposed { motion, about_version, until, .. } => {
            (act.version, Deed::Proposed { motion, about_version: about_version - 2, until, basis: None })
        }
        Deed::Recommended { opinion, .. } => (act.version - 2, Deed::Recommended { opinion, basis: None }),
        Deed::Decided { decision, proposal, conditions, .. } => {
            (act.version - 2, Deed::Decided { decision, proposal, conditions, ruling: None })
        }
        deed => (act.version - 2, deed),
    };
    Act { version, deed, ..act }
}

/// As it was done before measures named what they rest on.
fn groundless(act: Act) -> Act {
    let deed = match act.deed {
        Deed::Suspended { reason, proposal, .. } => Deed::Suspended { reason, proposal, grounds: None },
        Deed::Reinstated { reason, proposal, .. } => Deed::Reinstated { reason, proposal, grounds: None },
        Deed::Revoked { reason, proposal, .. } => Deed::Revoked { reason, proposal, grounds: None },
        Deed::Proposed { motion, about_version, until, basis } => {
            let motion = match *motion {
                Motion::TakeMeasure { registration, measure, reason, .. } => {
                    Motion::TakeMeasure { registration, measure, reason, plan: None }
                }
                other => other,
            };
            Deed::Proposed { motion: Box::new(motion), about_version, until, basis }
        }
        deed => deed,
    };
    Act { deed, ..act }
}

fn on_applications() -> [Act; 8] {
    let (secretary, applicant, first) = (world::secretary(), world::applicant(), world::first());
    let application = "A-2026-00001".parse().expect("an id");
    let examining = world::examining();
    let both = world::both(&examining, Answer::Met);
    let (examination, asked) = ("X-04HMASW9".parse().expect("an id"), world::asked());
    let judgements = vec![world::judgement(world::CRITERIA[0], Answer::Met)];
    let bench = world::bench(&examining, &asked, &[]);
    [
        world::submit(application, &applicant, SUBMITTED).expect("submitted").1,
        world::returned().resubmit(world::declaration(), &applicant, at(EXAMINED)).expect("submitted again").1,
        world::submitted().send_back(world::reasons(), &secretary, at(SUBMITTED)).expect("sent back").1,
        of_old(
            world::submitted()
                .accept(&world::examiners(), Settings::bundled(), &secretary, at(SUBMITTED))
                .expect("accepted")
                .1,
        ),
        world::submitted().withdraw("見直す。".to_owned(), &applicant, at(EXAMINED)).expect("withdrawn").1,
        of_old(Examination::judge(&bench, examination, judgements, &first, at(EXAMINED)).expect("judged").1),
        of_old(
            world::examining()
                .recommend(world::pass(), &world::CRITERIA, &both, &first, at(EXAMINED))
                .expect("recommended")
                .1,
        ),
        of_old(world::decide(world::recommended(world::pass()), world::pass(), at(DECIDED)).expect("decided").1),
    ]
}

fn on_registrations() -> [Act; 4] {
    let (by, now) = (world::secretary(), at(NOW));
    let take = |before, measure| world::take(before, measure, world::REASON, now).expect("taken");
    let (suspended, suspension) = take(world::registered(), MeasureKind::Suspended);
    [
        world::register(&world::decided(world::pass()), "2026-05-01", &by, DECIDED).expect("registered").1,
        groundless(suspension),
        groundless(take(suspended, MeasureKind::Reinstated).1),
        groundless(take(world::registered(), MeasureKind::Revoked).1),
    ]
}

fn on_licences() -> [Act; 4] {
    let (by, now) = (world::secretary(), at(NOW));
    let registration = world::registered();
    [
        world::grant(&registration, Holder::Provider, &by, NOW).expect("granted").1,
        world::grant(&registration, world::user(), &world::applicant(), NOW).expect("granted").1,
        world::licensed().end(&registration, "契約が終わった。".to_owned(), &by, now).expect("ended").1,
        world::revoke_licence(world::licensed(), "誤用", now).expect("revoked").1,
    ]
}

/// A provider's owner, admitted [`SUBMITTED`], and the act.
fn admitted() -> (Person, Act) {
    let (id, first) = ("P-04HMASW9".parse().expect("an id"), world::membership(Role::ProviderOwner, world::APPLICANT));
    Person::admit(id, first, OrganisationKind::Provider, &world::operator(), at(SUBMITTED)).expect("admitted")
}

fn on_others() -> [Act; 3] {
    let (person, admission) = admitted();
    [
        admission,
        person.dismiss("退職".to_owned(), &world::operator(), at(NOW)).expect("dismissed").1,
        world::key("01020304", false, SUBMITTED).1,
    ]
}

fn on_proposals() -> [Act; 4] {
    let (by, now, registration) = (world::secretary(), at(NOW), world::registered());
    let id = |number: u32| -> ProposalId { format!("Q-{number}").parse().expect("an id") };
    let recommended = world::recommended(world::pass());
    let decision = Determination { reason: "要件をすべて満たす。".to_owned(), ..world::pass() };
    let suspended = MeasureKind::Suspended;
    let (to_suspend, measure) = registration
        .propose(id(2), suspended, world::REASON.to_owned(), world::plan(suspended, now), &by, now)
        .expect("proposed");
    let revocation = world::licensed().propose_revocation(id(3), &registration, "誤用".to_owned(), &by, now);
    let (found, object) = (registration.version, registration.object());
    [
        of_old(
            recommended
                .propose_decision(
                    id(1),
                    (decision, Vec::new()),
                    &world::ground(&recommended),
                    &world::decider(),
                    at(DECIDED),
                )
                .expect("proposed")
                .1,
        ),
        groundless(measure),
        revocation.expect("proposed").1,
        to_suspend.drop_it(found, "是正を確かめた。".to_owned(), &object, &by, now).expect("dropped").1,
    ]
}

/// A provider's owner who is another's delegated agent for a while.
fn on_roles() -> [Act; 2] {
    let (by, kind) = (world::operator(), OrganisationKind::Provider);
    let until = Some(world::day("2026-09-30"));
    let agency = Membership { until, ..world::membership(Role::DelegatedAgent, world::RIVAL) };
    let (agent, given) = admitted().0.give(agency.clone(), kind, &by, at(NOW)).expect("given");
    let ended = agent.end(agency.role, agency.organisation, "委任が終わった。".to_owned(), &by, at(NOW));
    [given, ended.expect("ended").1]
}

/// The next key, made, used, and lost.
fn on_keys() -> [Act; 3] {
    let (next, made) = world::key("05060708", true, SUBMITTED);
    let (operator, secretary, now) = (world::operator(), world::secretary(), at(NOW));
    let (proposal, _) = next.propose_activation(world::proposal_id(), &operator, now).expect("proposed");
    let (active, activated) = next.activate(&proposal, &secretary, now).expect("activated");
    let reason = "鍵が漏れた。".to_owned();
    let (proposal, _) = active.propose_distrust(world::proposal_id(), reason, &operator, now).expect("proposed");
    [made, activated, active.distrust(&proposal, &secretary, now).expect("distrusted").1]
}

/// The edition that the register begins with, and its correction.
fn on_editions() -> [Act; 2] {
    let ((before, began), editions, text) = (world::first_edition(), world::editions(), world::correction());
    let (id, reason, now) = (world::proposal_id(), "誤記を改めた。".to_owned(), at(NOW));
    let (decider, secretary) = (world::decider(), world::secretary());
    let proposed = PublishedEdition::propose(&editions, Some(&before), &text, id, reason, &decider, now);
    let (proposal, _) = proposed.expect("proposed");
    let corrected = PublishedEdition::publish(&editions, Some(before), &text, &proposal, &secretary, now);
    [began, corrected.expect("published").1]
}

/// About keys and editions: what is proposed about the register itself.
fn on_proposals_of_the_register() -> [Act; 3] {
    let (next, operator, now) = (world::next_key(), world::operator(), at(NOW));
    let id = |number: u32| -> ProposalId { format!("Q-{number}").parse().expect("an id") };
    let (leak, new) = ("鍵が漏れた。".to_owned(), "新しい版".to_owned());
    let (editions, text, decider) = (world::editions(), world::new_edition(), world::decider());
    [
        next.propose_activation(id(4), &operator, now).expect("proposed").1,
        next.propose_distrust(id(5), leak, &operator, now).expect("proposed").1,
        PublishedEdition::propose(&editions, None, &text, id(6), new, &decider, now).expect("proposed").1,
    ]
}

/// Decisions under the first edition, stopped and resumed.
fn on_stops() -> [Act; 2] {
    let ((before, _), now) = (world::first_edition(), at(NOW));
    let (stopped, stop) =
        before.stop("上限の誤記が見つかった。".to_owned(), &world::secretary(), now).expect("stopped");
    let resumed = stopped.resume("誤記を改めた。".to_owned(), &world::decider(), now).expect("resumed");
    [stop, resumed.1]
}

/// Settings of the scheme: a figure and some holidays, proposed and changed.
fn on_settings() -> [Act; 4] {
    let ((longer, proposed), (figure, _)) = (world::longer_answers(), world::changed(world::longer_answers().0));
    let (holidays, named) = world::extraordinary_holiday();
    let changed = |proposal| world::changed(proposal).1;
    assert_eq!(figure.version, 1);
    [proposed, changed(longer), named, changed(holidays)]
}

/// What examiners declare of themselves, and what follows.
fn on_examiners() -> [Act; 5] {
    let (first, secretary, now) = (world::first(), world::secretary(), at(EXAMINED));
    let (joining, reason) = (world::candidate(&world::stranger()), "異動した。".to_owned());
    let tie = || Some(world::TIE.to_owned());
    let id = "Q-7".parse().expect("an id");
    let waiver = world::tied().propose_waiver(id, &first.person, world::REASON.to_owned(), false, &secretary, now);
    [
        world::submitted().accept(&world::examiners(), Settings::bundled(), &secretary, now).expect("accepted").1,
        world::accepted().declare_interest(tie(), false, &first, now).expect("declared").1,
        world::tied().replace_examiner(first.person.clone(), &joining, reason, &secretary, now).expect("replaced").1,
        waiver.expect("proposed").1,
        world::waive(world::tied(), &first).expect("waived").1,
    ]
}

/// A question, its answer, more time for it, and a question that is closed.
fn on_questions() -> [Act; 4] {
    let (first, applicant, now) = (world::first(), world::applicant(), at(EXAMINED));
    let (asked, asking) = world::ask(world::examining());
    let until = world::day("2026-07-15");
    let (extended, extension) = asked.clone().extend_question(1, until, &first, now).expect("extended");
    let answer = extended.answer(1, "規程の3ページです。".to_owned(), Vec::new(), &applicant, now);
    let closed = asked.close_question(1, "別の書類で分かった。".to_owned(), &first, now);
    [asking, answer.expect("answered").1, extension, closed.expect("closed").1]
}

/// The first examiner comes round to what the second found, and overrules the engine with that.
fn on_a_dispute() -> Act {
    let (application, mut asked) = (judging::shown(world::examining()), world::asked());
    asked[0].found = Some(Answer::Unmet);
    let examinations = judging::disputed(&world::examining());
    let judgement = Judgement {
        evidence: vec![judging::ground(Some(2))],
        overrules: true,
        ..world::judgement(world::CRITERIA[0], Answer::Met)
    };
    let bench = world::bench(&application, &asked, &examinations);
    Examination::reconcile(&bench, judgement, &world::first(), at(EXAMINED)).expect("reconciled").1
}

/// What a decision rests on, what it asks of the applicant, and what the applicant says to it.
fn on_decisions() -> [Act; 8] {
    let (examining, applicant, now) = (world::examining(), world::applicant(), at(DECIDED));
    let (both, recommended) = (world::both(&examining, Answer::Met), world::recommended(world::pass()));
    let (what, id) = ((world::pass(), vec![world::condition()]), "Q-8".parse().expect("an id"));
    let ground = world::ground(&recommended);
    let proposed = recommended.propose_decision(id, what.clone(), &ground, &world::decider(), now).expect("proposed").1;
    let words = || "改定を公表した。".to_owned();
    let [hearer, _] = world::hearers();
    let (id, upheld) = ("Q-9".parse().expect("an id"), ObjectionOutcome::Upheld);
    let on_objection = world::objected().propose_on_objection(id, upheld, world::REASON.to_owned(), &hearer, now);
    let objecting = world::decided(world::fail());
    [
        examining
            .recommend(world::pass(), &world::CRITERIA, &both, &world::first(), at(EXAMINED))
            .expect("recommended")
            .1,
        proposed,
        world::decide_with(recommended, what.0, what.1, now).expect("decided").1,
        world::conditional().report_condition(1, words(), Vec::new(), &applicant, now).expect("reported").1,
        world::reported().reply_to_report(1, true, words(), &world::secretary(), now).expect("answered").1,
        objecting.object_to_decision(world::REASON.to_owned(), Vec::new(), &applicant, now).expect("objected").1,
        on_objection.expect("proposed").1,
        world::hear(world::objected(), upheld).expect("upheld").1,
    ]
}

/// A deed that is missing above does not compile here before it is missed: whoever adds one is led to this file.
#[test]
fn no_kind_is_missing() {
    let place = |deed: &Deed| match deed {
        Deed::Submitted { .. } => 0,
        Deed::Resubmitted { .. } => 1,
        Deed::Returned { .. } => 2,
        Deed::Accepted { .. } => 3,
        Deed::Withdrawn { .. } => 4,
        Deed::Judged { .. } => 5,
        Deed::Recommended { .. } => 6,
        Deed::Decided { .. } => 7,
        Deed::Registered { .. } => 8,
        Deed::Suspended { .. } => 9,
        Deed::Reinstated { .. } => 10,
        Deed::Revoked { .. } => 11,
        Deed::Granted(_) => 12,
        Deed::Ended { .. } => 13,
        Deed::LicenceRevoked { .. } => 14,
        Deed::Reissued(_) => 64,
        Deed::Admitted { .. } => 15,
        Deed::Dismissed { .. } => 16,
        Deed::KeyCreated { .. } => 17,
        Deed::Proposed { .. } => 18,
        Deed::ProposalDropped { .. } => 19,
        Deed::RoleGiven { .. } => 20,
        Deed::RoleEnded { .. } => 21,
        Deed::KeyActivated { .. } => 22,
        Deed::KeyCompromised { .. } => 23,
        Deed::EditionPublished { .. } => 24,
        Deed::EditionStopped { .. } => 25,
        Deed::EditionResumed { .. } => 26,
        Deed::InterestDeclared { .. } => 27,
        Deed::ExaminerReplaced { .. } => 28,
        Deed::ConflictWaived { .. } => 29,
        Deed::Reconciled { .. } => 30,
        Deed::ConditionReported { .. } => 31,
        Deed::ConditionAnswered { .. } => 32,
        Deed::Objected { .. } => 33,
        Deed::ObjectionDecided { .. } => 34,
        Deed::Asked { .. } => 35,
        Deed::Answered { .. } => 36,
        Deed::QuestionExtended { .. } => 37,
        Deed::QuestionClosed { .. } => 38,
        Deed::ReportFiled { .. } => 39,
        Deed::ComplaintReceived { .. } => 40,
        Deed::ComplaintAcknowledged {} => 41,
        Deed::ComplaintAssigned { .. } => 42,
        Deed::ComplaintReplied { .. } => 43,
        Deed::ComplaintClosed { .. } => 44,
        Deed::PriceChecked { .. } => 45,
        Deed::Cautioned { .. } => 46,
        Deed::CorrectionDemanded { .. } => 47,
        Deed::CorrectionReported { .. } => 48,
        Deed::CorrectionAnswered { .. } => 49,
        Deed::Stated { .. } => 50,
        Deed::EmergencySuspended { .. } => 51,
        Deed::EmergencyConfirmed {} => 52,
        Deed::MeasureObjected { .. } => 53,
        Deed::MeasureObjectionDecided { .. } => 54,
        Deed::Discontinued { .. } => 55,
        Deed::Filed { .. } => 56,
        Deed::FilingEnded { .. } => 57,
        Deed::Renewed { .. } => 58,
        Deed::SettingChanged { .. } => 59,
        Deed::HolidaysChanged { .. } => 60,
        Deed::Notified { .. } => 61,
        Deed::Changed { .. } => 62,
        Deed::Succeeded { .. } => 63,
    };
    // Some kinds are there more than once: what counts is where the first one stands.
    let mut seen = BTreeSet::new();
    let mut places: Vec<usize> = acts().iter().map(|(_, act)| place(&act.deed)).collect();
    places.retain(|place| seen.insert(*place));
    assert_eq!(places, (0..65).collect::<Vec<_>>());
}

/// The word in the act's JSON is the word of the act everywhere.
#[test]
fn a_kind_has_one_name() {
    for (name, act) in acts() {
        let written = serde_json::to_value(&act).expect("JSON");
        assert_eq!(written["deed"]["kind"], act.deed.kind(), "{name}");
        assert_eq!(serde_json::from_value::<Act>(written).expect(name), act);
    }
}
