//! Random lives: whatever people try, in any order, by anybody, on clocks that disagree.

use domain::act::{Act, Determination, ProposalId, Role, Verdict};
use domain::application::{Application, Clearance, Condition, Ground, ObjectionOutcome, Stage};
use domain::authority::{Actor, Object};
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::examination::{Answer, Bench, Examination, Judgement, disagreements};
use domain::licence::{Holder, Licence, LicenceId, offer};
use domain::people::{OrganisationKind, Person};
use domain::proposal::{Motion, Proposal, Standing};
use domain::registration::{MeasureKind, Registration};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::world::{self, Refused, at};

/// What somebody tries.
#[derive(Clone, Debug)]
pub enum Wish {
    /// The next step towards a licence.
    Onward,
    SendBack,
    Withdraw,
    Judge {
        by_second: bool,
        answers: Vec<(usize, Answer)>,
        late: u32,
    },
    /// What both are done with, whether they disagree about it or not.
    Reconcile {
        by_second: bool,
        criterion: usize,
        answer: Answer,
    },
    Recommend(Verdict),
    Declare {
        by_second: bool,
        is_tied: bool,
    },
    /// The second examiner's seat goes to a stranger, or to the first.
    Replace {
        by_first: bool,
    },
    ProposeWaiver {
        of_second: bool,
    },
    ProposeDecision {
        verdict: Verdict,
        is_conditional: bool,
    },
    Report,
    Reply {
        is_accepted: bool,
    },
    Object,
    ProposeOnObjection {
        is_upheld: bool,
    },
    /// Of the second examiner or the first, about one of the criteria, with so many days for the answer.
    Ask {
        by_second: bool,
        about: usize,
        ahead: i32,
    },
    /// Answered by the applicant, or extended or closed by whoever may.
    Answer(Index),
    Extend(Index),
    Close(Index),
    Register {
        ahead: i32,
    },
    ProposeMeasure(MeasureKind),
    Grant {
        name: String,
        contract_from: i32,
    },
    EndLicence(Index),
    ProposeRevocation(Index),
    /// By another person, or by the one who proposed it.
    Confirm {
        which: Index,
        by_same: bool,
    },
    Drop {
        which: Index,
        by_same: bool,
    },
    Admit,
    GiveRole(Role),
    EndRole(Role),
    Dismiss,
}

/// A wish, the seconds since the last one on this machine's clock, and the role it is tried in if it is the wrong one.
#[derive(Clone, Debug)]
pub struct Step {
    wish: Wish,
    wait: i32,
    wrong_role: Option<Role>,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let verdict = || prop_oneof![3 => Just(Verdict::Pass), 1 => Just(Verdict::Fail)];
    let answer = || prop_oneof![6 => Just(Answer::Met), 1 => Just(Answer::Unmet), 1 => Just(Answer::NotApplicable)];
    let answers = prop::collection::vec((0..4usize, answer()), 0..4);
    let late = prop_oneof![4 => Just(0), 1 => 1..3u32];
    use MeasureKind::{Reinstated, Revoked, Suspended};
    let measure = prop_oneof![2 => Just(Suspended), 2 => Just(Reinstated), 1 => Just(Revoked)];
    let role = || prop_oneof![Just(Role::Examiner), Just(Role::Auditor)];
    let wish = prop_oneof![
        26 => Just(Wish::Onward),
        1 => Just(Wish::SendBack),
        1 => Just(Wish::Withdraw),
        2 => (any::<bool>(), answers, late)
            .prop_map(|(by_second, answers, late)| Wish::Judge { by_second, answers, late }),
        2 => (any::<bool>(), 0..4usize, answer()).prop_map(|(by_second, criterion, answer)| Wish::Reconcile {
            by_second,
            criterion,
            answer
        }),
        1 => verdict().prop_map(Wish::Recommend),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(by_second, is_tied)| Wish::Declare { by_second, is_tied }),
        1 => any::<bool>().prop_map(|by_first| Wish::Replace { by_first }),
        2 => any::<bool>().prop_map(|of_second| Wish::ProposeWaiver { of_second }),
        1 => (verdict(), any::<bool>())
            .prop_map(|(verdict, is_conditional)| Wish::ProposeDecision { verdict, is_conditional }),
        3 => Just(Wish::Report),
        3 => any::<bool>().prop_map(|is_accepted| Wish::Reply { is_accepted }),
        2 => Just(Wish::Object),
        3 => any::<bool>().prop_map(|is_upheld| Wish::ProposeOnObjection { is_upheld }),
        2 => (any::<bool>(), 0..4usize, 10..60i32)
            .prop_map(|(by_second, about, ahead)| Wish::Ask { by_second, about, ahead }),
        2 => any::<Index>().prop_map(Wish::Answer),
        1 => any::<Index>().prop_map(Wish::Extend),
        1 => any::<Index>().prop_map(Wish::Close),
        1 => (-2..400i32).prop_map(|ahead| Wish::Register { ahead }),
        5 => measure.prop_map(Wish::ProposeMeasure),
        2 => ("[例示 ]{0,3}", -3..3i32).prop_map(|(name, contract_from)| Wish::Grant { name, contract_from }),
        2 => any::<Index>().prop_map(Wish::EndLicence),
        2 => any::<Index>().prop_map(Wish::ProposeRevocation),
        3 => (any::<Index>(), any::<bool>()).prop_map(|(which, by_same)| Wish::Confirm { which, by_same }),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(which, by_same)| Wish::Drop { which, by_same }),
        1 => Just(Wish::Admit),
        1 => role().prop_map(Wish::GiveRole),
        1 => role().prop_map(Wish::EndRole),
        1 => Just(Wish::Dismiss),
    ];
    let wait = prop_oneof![3 => 0..100_000i32, 1 => -100..0i32, 1 => 0..20_000_000i32];
    let wrong_role = prop_oneof![9 => Just(None), 1 => prop::sample::select(&Role::ALL[..]).prop_map(Some)];
    let step = (wish, wait, wrong_role).prop_map(|(wish, wait, wrong_role)| Step { wish, wait, wrong_role });
    prop::collection::vec(step, 1..80)
}

/// Whoever acts, perhaps in a wrong role.
type As<'a> = &'a dyn Fn(Actor) -> Actor;

/// One service's life so far: states as the methods made them, and every act in the order of the log.
#[derive(Debug, Default)]
pub struct Life {
    pub application: Option<Application>,
    pub examinations: [Option<Examination>; 2],
    /// Those of a round whose decision was set aside.
    pub set_aside: Vec<Examination>,
    pub registration: Option<Registration>,
    pub licences: Vec<Licence>,
    pub proposals: Vec<Proposal>,
    pub person: Option<Person>,
    pub acts: Vec<Act>,
}

impl Life {
    pub fn of(steps: &[Step]) -> Self {
        let (mut life, mut now) = (Self::default(), at(world::SUBMITTED));
        for step in steps {
            now = Instant::from_unix(now.unix() + i64::from(step.wait)).expect("an instant");
            let as_wrong = |by: Actor| step.wrong_role.map_or(by.clone(), |role| world::acting_as(&by, role));
            // A refusal changes nothing: the property is about what is left.
            let _: Result<(), Refused> = life.attempt(&step.wish, &as_wrong, now);
        }
        life
    }

    fn attempt(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        match wish {
            Wish::Onward => self.go_on(role, now),
            Wish::SendBack
            | Wish::Withdraw
            | Wish::Judge { .. }
            | Wish::Reconcile { .. }
            | Wish::Recommend(_)
            | Wish::Declare { .. }
            | Wish::Report
            | Wish::Reply { .. }
            | Wish::Object
            | Wish::Replace { .. }
            | Wish::Ask { .. }
            | Wish::Answer(_)
            | Wish::Extend(_)
            | Wish::Close(_) => self.on_application(wish, role, now),
            Wish::Register { .. } => self.register(wish, role, now),
            Wish::Grant { .. } | Wish::EndLicence(_) => self.on_licence(wish, role, now),
            Wish::ProposeDecision { .. }
            | Wish::ProposeOnObjection { .. }
            | Wish::ProposeWaiver { .. }
            | Wish::ProposeMeasure(_)
            | Wish::ProposeRevocation(_) => self.propose(wish, role, now),
            Wish::Confirm { which, by_same } => match self.proposal(which) {
                Some(proposal) => self.confirm(&proposal, &role(for_proposal(&proposal, *by_same)), now),
                None => Ok(()),
            },
            Wish::Drop { which, by_same } => match self.proposal(which) {
                Some(proposal) => self.drop_it(proposal.clone(), &role(for_proposal(&proposal, *by_same)), now),
                None => Ok(()),
            },
            Wish::Admit | Wish::GiveRole(_) | Wish::EndRole(_) | Wish::Dismiss => self.on_person(wish, role, now),
        }
    }

    fn on_person(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (by, kind, body) = (role(world::operator()), OrganisationKind::RegistrationBody, world::BODY);
        let (state, act) = match (wish, self.person.clone()) {
            (Wish::Admit, None) => {
                let id = "P-NEW".parse().expect("an id");
                Person::admit(id, world::membership(Role::Auditor, body), kind, &by, now)?
            }
            (Wish::GiveRole(role), Some(person)) => person.give(world::membership(*role, body), kind, &by, now)?,
            (Wish::EndRole(role), Some(person)) => {
                person.end(*role, body.parse().expect("an id"), "異動".to_owned(), &by, now)?
            }
            (Wish::Dismiss, Some(person)) => person.dismiss("退職".to_owned(), &by, now)?,
            _ => return Ok(()),
        };
        self.person = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn go_on(&mut self, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(application) = self.application.clone() else {
            let id = "A-2026-00001".parse().expect("an id");
            let submitted = world::submit(id, &role(world::applicant()), &now.to_string())?;
            self.keep_application(submitted);
            return Ok(());
        };
        if let Some(proposal) = self.proposals.last().filter(|last| self.is_open(last, now)).cloned() {
            return self.confirm(&proposal, &role(for_proposal(&proposal, false)), now);
        }
        let next = match application.stage {
            Stage::Submitted => {
                let examiners = self.seats().each_ref().map(world::candidate);
                let accepted = application.accept(&examiners, &role(world::secretary()), now)?;
                self.keep_application(accepted);
                return Ok(());
            }
            Stage::Returned { .. } => {
                let again = application.resubmit(world::declaration(), &role(world::applicant()), now)?;
                self.keep_application(again);
                return Ok(());
            }
            Stage::Examining if !application.is_open_to_all() => {
                let is_waiting = |by: &Actor| application.clearance(&by.person) == Clearance::Undeclared;
                match self.seats().iter().position(is_waiting) {
                    Some(which) => Wish::Declare { by_second: which == 1, is_tied: false },
                    None => Wish::ProposeWaiver { of_second: false },
                }
            }
            Stage::Examining if application.questions.iter().any(|question| question.is_waited_for(now.day())) => {
                let open = application.questions.iter().position(|question| question.is_waited_for(now.day()));
                let number = application.questions[open.expect("one is")].number;
                let answered =
                    application.answer(number, "答え".to_owned(), Vec::new(), &role(world::applicant()), now)?;
                self.keep_application(answered);
                return Ok(());
            }
            Stage::Examining => match self.examinations.iter().position(|found| !is_done(&application, found.as_ref()))
            {
                Some(which) => {
                    // In every fourth second, the second one differs.
                    let differs = which == 1 && now.unix() % 4 == 0;
                    let answer = if differs { Answer::Unmet } else { Answer::Met };
                    let answers = (0..world::CRITERIA.len()).map(|criterion| (criterion, answer)).collect();
                    Wish::Judge { by_second: which == 1, answers, late: 0 }
                }
                None => match self.disputed() {
                    Some(criterion) => Wish::Reconcile { by_second: true, criterion, answer: Answer::Met },
                    None => Wish::Recommend(Verdict::Pass),
                },
            },
            Stage::Recommended { .. } => Wish::ProposeDecision { verdict: Verdict::Pass, is_conditional: true },
            Stage::Decided { .. } if self.registration.is_none() => Wish::Register { ahead: 0 },
            Stage::Decided { .. } => Wish::Grant { name: format!("例示{}", self.acts.len()), contract_from: 0 },
            Stage::Withdrawn { .. } => return Ok(()),
        };
        self.attempt(&next, role, now)
    }

    fn on_application(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(application) = self.application.clone() else { return Ok(()) };
        let done = match wish {
            Wish::SendBack => application.send_back(world::reasons(), &role(world::secretary()), now)?,
            Wish::Withdraw => application.withdraw(String::new(), &role(world::applicant()), now)?,
            Wish::Recommend(verdict) => {
                let examinations = self.examined();
                let opinion = determination(verdict);
                application.recommend(opinion, &world::CRITERIA, &examinations, &role(self.seats()[0].clone()), now)?
            }
            Wish::Declare { by_second, is_tied } => {
                let by = role(self.seats()[usize::from(*by_second)].clone());
                application.declare_interest(is_tied.then(|| world::TIE.to_owned()), false, &by, now)?
            }
            Wish::Report => {
                application.report_condition(1, "済んだ。".to_owned(), Vec::new(), &role(world::applicant()), now)?
            }
            Wish::Reply { is_accepted } => {
                application.reply_to_report(1, *is_accepted, "理由".to_owned(), &role(world::secretary()), now)?
            }
            Wish::Object => {
                application.object_to_decision("理由".to_owned(), Vec::new(), &role(world::applicant()), now)?
            }
            Wish::Replace { by_first } => {
                let (leaving, joining) = (world::second(), if *by_first { world::first() } else { world::stranger() });
                let (reason, by) = ("異動した。".to_owned(), role(world::secretary()));
                application.replace_examiner(leaving.person, &world::candidate(&joining), reason, &by, now)?
            }
            Wish::Ask { by_second, about, ahead } => {
                let by = role(self.seats()[usize::from(*by_second)].clone());
                let (criterion, until) = (criterion(*about), now.day().plus_days(*ahead));
                application.ask(criterion, format!("{now}"), until, &world::CRITERIA, &by, now)?
            }
            Wish::Answer(which) | Wish::Extend(which) | Wish::Close(which) => {
                let (number, until) =
                    (which.index(application.questions.len() + 1) as u32 + 1, now.day().plus_days(30));
                match wish {
                    Wish::Answer(_) => {
                        application.answer(number, "答え".to_owned(), Vec::new(), &role(world::applicant()), now)?
                    }
                    Wish::Extend(_) => application.extend_question(number, until, &role(world::secretary()), now)?,
                    _ => application.close_question(number, "理由".to_owned(), &role(world::first()), now)?,
                }
            }
            Wish::Judge { by_second, answers, late } => {
                return self.judge(&application, usize::from(*by_second), answers, *late, role, now);
            }
            Wish::Reconcile { by_second, criterion, answer } => {
                return self.reconcile(&application, usize::from(*by_second), (*criterion, *answer), role, now);
            }
            other => panic!("not about an application: {other:?}"),
        };
        self.keep_application(done);
        Ok(())
    }

    fn judge(
        &mut self,
        application: &Application,
        which: usize,
        answers: &[(usize, Answer)],
        late: u32,
        role: As<'_>,
        now: Instant,
    ) -> Result<(), Refused> {
        let by = role(self.seats()[which].clone());
        let fresh = format!("X-{which}-{}", application.earlier.len()).parse().expect("an id");
        let judgements: Vec<Judgement> = answers.iter().map(|(place, answer)| judgement(*place, *answer)).collect();
        let (asked, examinations) = (world::asked(), self.examined());
        let read = application.version.saturating_sub(late);
        let bench = Bench { read, ..world::bench(application, &asked, &examinations) };
        let (state, act) = Examination::judge(&bench, fresh, judgements, &by, now)?;
        self.examinations[which] = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn reconcile(
        &mut self,
        application: &Application,
        which: usize,
        (place, answer): (usize, Answer),
        role: As<'_>,
        now: Instant,
    ) -> Result<(), Refused> {
        let by = role(self.seats()[which].clone());
        let (asked, examinations) = (world::asked(), self.examined());
        let bench = world::bench(application, &asked, &examinations);
        let (state, act) = Examination::reconcile(&bench, judgement(place, answer), &by, now)?;
        self.examinations[which] = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn examined(&self) -> Vec<Examination> {
        self.examinations.iter().flatten().cloned().collect()
    }

    /// The first criterion that the examiners disagree about.
    fn disputed(&self) -> Option<usize> {
        let examinations: Vec<_> = self.examinations.iter().flatten().collect();
        let first = *disagreements(&world::CRITERIA, &examinations).first()?;
        world::CRITERIA.iter().position(|criterion| *criterion == first)
    }

    fn register(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Wish::Register { ahead }, Some(application)) = (wish, &self.application) else { return Ok(()) };
        let number = "OTK-2026-00001".parse().expect("a number");
        let existing = self.registration.as_ref().map(|registration| registration.number.clone());
        let (from, by) = (now.day().plus_days(*ahead), role(world::secretary()));
        let (state, act) = Registration::register(number, application, existing, from, 2, &by, now)?;
        self.registration = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn propose(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let id: ProposalId = format!("Q-{}", self.proposals.len()).parse().expect("an id");
        let (by, reason) = (role(world::secretary()), "理由".to_owned());
        let (state, act) = match (wish, &self.application, &self.registration) {
            (Wish::ProposeDecision { verdict, is_conditional }, Some(application), _) => {
                let condition = Condition { due: now.day().plus_days(30), criterion: None, ..world::condition() };
                let conditions = if *is_conditional { vec![condition] } else { Vec::new() };
                let decider =
                    if application.earlier.is_empty() { world::decider() } else { world::hearers()[0].clone() };
                let what = (determination(verdict), conditions);
                application.propose_decision(id, what, &self.ground(), &role(decider), now)?
            }
            (Wish::ProposeOnObjection { is_upheld }, Some(application), _) => {
                let outcome = if *is_upheld { ObjectionOutcome::Upheld } else { ObjectionOutcome::Dismissed };
                application.propose_on_objection(id, outcome, reason, &role(world::hearers()[0].clone()), now)?
            }
            (Wish::ProposeWaiver { of_second }, Some(application), _) => {
                let examiner = if *of_second { world::second() } else { world::first() }.person;
                application.propose_waiver(id, &examiner, reason, false, &by, now)?
            }
            (Wish::ProposeMeasure(measure), _, Some(registration)) => {
                registration.propose(id, *measure, reason, &by, now)?
            }
            (Wish::ProposeRevocation(index), _, Some(registration)) if !self.licences.is_empty() => {
                index.get(&self.licences).propose_revocation(id, registration, reason, &by, now)?
            }
            _ => return Ok(()),
        };
        self.proposals.push(state);
        self.acts.push(act);
        Ok(())
    }

    /// Confirms it, whatever it is about.
    fn confirm(&mut self, proposal: &Proposal, by: &Actor, now: Instant) -> Result<(), Refused> {
        let act = match (&proposal.motion, self.application.clone(), self.registration.clone()) {
            (Motion::Decide { .. }, Some(application), _) => {
                let (state, act) = application.decide(proposal, &self.ground(), by, now)?;
                self.application = Some(state);
                act
            }
            (Motion::DecideObjection { .. }, Some(application), _) => {
                let (state, act) = application.decide_objection(proposal, by, now)?;
                if state.stage == Stage::Submitted {
                    self.set_aside.extend(self.examinations.iter_mut().filter_map(Option::take));
                }
                self.application = Some(state);
                act
            }
            (Motion::WaiveConflict { .. }, Some(application), _) => {
                let (state, act) = application.waive(proposal, false, by, now)?;
                self.application = Some(state);
                act
            }
            (Motion::TakeMeasure { .. }, _, Some(registration)) => {
                let (state, act) = registration.take(proposal, by, now)?;
                self.registration = Some(state);
                act
            }
            (Motion::RevokeLicence { licence, .. }, _, Some(registration)) => {
                let found = self.licences.iter_mut().find(|held| held.id == *licence).expect("it was proposed");
                let (state, act) = found.clone().revoke(&registration, proposal, by, now)?;
                *found = state;
                act
            }
            (motion, ..) => panic!("proposed about nothing: {motion:?}"),
        };
        self.acts.push(act);
        Ok(())
    }

    fn drop_it(&mut self, proposal: Proposal, by: &Actor, now: Instant) -> Result<(), Refused> {
        let object = match (&proposal.motion, &self.application, &self.registration) {
            (
                Motion::Decide { .. } | Motion::WaiveConflict { .. } | Motion::DecideObjection { .. },
                Some(application),
                _,
            ) => application.object(),
            (_, _, Some(registration)) => registration.object(),
            _ => Object::default(),
        };
        let (state, act) = proposal.clone().drop_it(self.found(&proposal), "見直す。".to_owned(), &object, by, now)?;
        let kept = self.proposals.iter_mut().find(|kept| kept.id == state.id).expect("it was proposed");
        *kept = state;
        self.acts.push(act);
        Ok(())
    }

    /// Who examines: after a decision was set aside, others than before.
    fn seats(&self) -> [Actor; 2] {
        if self.application.as_ref().is_none_or(|application| application.earlier.is_empty()) {
            [world::first(), world::second()]
        } else {
            [world::stranger(), world::third()]
        }
    }

    /// Nothing of this world's edition is provisional.
    fn ground(&self) -> Ground {
        Ground { examinations: self.examinations.iter().flatten().cloned().collect(), ..Ground::default() }
    }

    fn proposal(&self, which: &Index) -> Option<Proposal> {
        (!self.proposals.is_empty()).then(|| which.get(&self.proposals).clone())
    }

    /// The version of what it is about.
    fn found(&self, proposal: &Proposal) -> u32 {
        self.acts.iter().filter(|act| act.subject == proposal.motion.subject()).count() as u32
    }

    fn is_open(&self, proposal: &Proposal, now: Instant) -> bool {
        proposal.standing(self.found(proposal), now) == Standing::Open
    }

    fn on_licence(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(registration) = &self.registration else { return Ok(()) };
        let place = |index: &Index| (!self.licences.is_empty()).then(|| index.index(self.licences.len()));
        let (at, (state, act)) = match wish {
            Wish::Grant { name, contract_from } => {
                let contract_from = now.day().plus_days(*contract_from);
                let holder = Holder::User { name: name.clone(), number: None, contract_from };
                let index = self.licences.len() as u8;
                let id = LicenceId::from_bytes([0, 0, 0, 0, index]);
                let by = role(world::applicant());
                let offer = offer(registration, holder, None, id, index.into(), &by, now)?;
                (None, offer.grant("01020304".to_owned(), world::DIGEST.to_owned()))
            }
            Wish::EndLicence(index) => {
                let Some(place) = place(index) else { return Ok(()) };
                let licence = self.licences[place].clone();
                (Some(place), licence.end(registration, "理由".to_owned(), &role(world::applicant()), now)?)
            }
            other => panic!("not about a licence: {other:?}"),
        };
        match at {
            Some(place) => self.licences[place] = state,
            None => self.licences.push(state),
        }
        self.acts.push(act);
        Ok(())
    }

    fn keep_application(&mut self, (state, act): (Application, Act)) {
        self.application = Some(state);
        self.acts.push(act);
    }
}

/// Of those who may: who proposed it, or the other one.
fn for_proposal(proposal: &Proposal, by_same: bool) -> Actor {
    let hearers = world::hearers();
    let [same, other] = match &proposal.motion {
        Motion::DecideObjection { .. } => hearers,
        Motion::Decide { .. } if proposal.by == hearers[0].person => hearers,
        Motion::Decide { .. } => [world::decider(), world::other_decider()],
        _ => [world::secretary(), world::other_secretary()],
    };
    if by_same { same } else { other }
}

fn judgement(place: usize, answer: Answer) -> Judgement {
    world::judgement(criterion(place), answer)
}

fn determination(verdict: &Verdict) -> Determination {
    Determination { verdict: *verdict, reason: "理由".to_owned() }
}

/// One of the criteria; the fourth is not asked.
fn criterion(place: usize) -> CriterionId {
    world::CRITERIA.get(place).copied().unwrap_or(CriterionId::Renewal)
}

fn is_done(application: &Application, examination: Option<&Examination>) -> bool {
    let stands = |found: &Examination, criterion: CriterionId| {
        found.answer(criterion).is_some() && !application.is_outdated(found, criterion)
    };
    examination.is_some_and(|found| world::CRITERIA.iter().all(|criterion| stands(found, *criterion)))
}
