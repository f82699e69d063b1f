//! Random lives: whatever people try, in any order, by anybody, on clocks that disagree.

mod filed;
mod proposed;
mod watched;
mod wish;

use domain::act::{Act, Determination, Role, Subject, Verdict};
use domain::application::{Application, Clearance, Ground, ObjectionOutcome, Progress, Stage};
use domain::authority::Actor;
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::examination::{Answer, Bench, Examination, Judgement, disagreements};
use domain::licence::{Holder, Licence, LicenceId, offer};
use domain::people::{OrganisationKind, Person};
use domain::proposal::{Motion, Proposal, Standing};
use domain::registration::{Measure, MeasureKind, Registration};
use domain::settings::Settings;
use domain::watching::{Complaint, PriceCheck, Report};
use proptest::sample::Index;

pub use wish::{Step, Wish, steps};

use crate::world::{self, Refused, at};

/// Whoever acts, perhaps in a wrong role.
type As<'a> = &'a dyn Fn(Actor) -> Actor;

/// One service's life so far: states as the methods made them, and every act in the order of the log.
#[derive(Debug, Default)]
pub struct Life {
    /// The one that is under way, or was last.
    pub application: Option<Application>,
    /// Those before it.
    pub past: Vec<Application>,
    pub examinations: [Option<Examination>; 2],
    /// Those of a round whose decision was set aside, and of earlier applications.
    pub set_aside: Vec<Examination>,
    pub registration: Option<Registration>,
    pub licences: Vec<Licence>,
    pub proposals: Vec<Proposal>,
    pub reports: Vec<Report>,
    pub complaint: Option<Complaint>,
    pub price_checks: Vec<PriceCheck>,
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
            Wish::Complain
            | Wish::Acknowledge
            | Wish::Reassign { .. }
            | Wish::ReplyToComplaint
            | Wish::CloseComplaint => self.on_complaint(wish, role, now),
            Wish::CheckItself { has_words } => self.check_itself(*has_words, role, now),
            Wish::CheckPrice(yen) => self.check_price(*yen, role, now),
            Wish::ReportAlerts { ago, count } => self.report(*ago, *count, role, now),
            Wish::FileRenewal => self.file(role, now),
            Wish::Renew { ahead } => self.renew(*ahead, role, now),
            Wish::Notify => self.notify(role, now),
            Wish::FileChange => self.file_change(role, now),
            Wish::Grant { .. } | Wish::EndLicence(_) => self.on_licence(wish, role, now),
            Wish::ProposeDecision { .. }
            | Wish::ProposeOnObjection { .. }
            | Wish::ProposeWaiver { .. }
            | Wish::ProposeMeasure(_)
            | Wish::ProposeOnMeasure { .. }
            | Wish::ProposeSuccession
            | Wish::ProposeRevocation(_) => self.propose(wish, role, now),
            Wish::Emergency { .. }
            | Wish::ConfirmEmergency { .. }
            | Wish::Correct
            | Wish::AnswerCorrection { .. }
            | Wish::ObjectToMeasure(_)
            | Wish::Discontinue { .. } => self.on_registration(wish, role, now),
            Wish::State => match (self.proposals.last().cloned(), &self.registration) {
                (Some(proposal), Some(registration)) => {
                    let (found, object) = (self.found(&proposal), registration.object());
                    let words = world::SIDE.to_owned();
                    let (state, act) = proposal.state_side(found, words, &object, &role(self.provider()), now)?;
                    self.keep_proposal(state, act);
                    Ok(())
                }
                _ => Ok(()),
            },
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
            if let (Some(_), Some(_)) = (proposal.hearing(now.day()), &self.registration) {
                return self.attempt(&Wish::State, role, now);
            }
            return self.confirm(&proposal, &role(for_proposal(&proposal, false)), now);
        }
        if self.answer_provider(role, now)? {
            return Ok(());
        }
        let next = match application.stage {
            Stage::Submitted => {
                let examiners = self.seats().each_ref().map(world::candidate);
                let accepted = application.accept(&examiners, Settings::bundled(), &role(world::secretary()), now)?;
                self.keep_application(accepted);
                return Ok(());
            }
            Stage::Returned { .. } => {
                let again = application.resubmit(world::declaration(), &role(self.provider()), now)?;
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
                    application.answer(number, "答え".to_owned(), Vec::new(), &role(self.provider()), now)?;
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
            Stage::Decided { .. } if self.waits_to_be_renewed() => Wish::Renew { ahead: 0 },
            Stage::Decided { .. } if self.can_be_filed(now) => Wish::FileRenewal,
            Stage::Decided { .. } => Wish::Grant { name: format!("例示{}", self.acts.len()), contract_from: 0 },
            Stage::Withdrawn { .. } => return Ok(()),
        };
        self.attempt(&next, role, now)
    }

    fn on_application(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(application) = self.application.clone() else { return Ok(()) };
        let done = match wish {
            Wish::SendBack => application.send_back(world::reasons(), &role(world::secretary()), now)?,
            Wish::Withdraw => application.withdraw(String::new(), &role(self.provider()), now)?,
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
                application.report_condition(1, "済んだ。".to_owned(), Vec::new(), &role(self.provider()), now)?
            }
            Wish::Reply { is_accepted } => {
                application.reply_to_report(1, *is_accepted, "理由".to_owned(), &role(world::secretary()), now)?
            }
            Wish::Object => {
                application.object_to_decision("理由".to_owned(), Vec::new(), &role(self.provider()), now)?
            }
            Wish::Replace { by_first } => {
                let (leaving, joining) = (world::second(), if *by_first { world::first() } else { world::stranger() });
                let (reason, by) = ("異動した。".to_owned(), role(world::secretary()));
                application.replace_examiner(leaving.person, &world::candidate(&joining), reason, &by, now)?
            }
            Wish::Ask { by_second, about, ahead } => {
                let by = role(self.seats()[usize::from(*by_second)].clone());
                let (criterion, until) = (criterion(*about), now.day().plus_days(*ahead));
                application.ask(
                    criterion,
                    format!("{now}"),
                    until,
                    (&world::CRITERIA, Settings::bundled()),
                    &by,
                    now,
                )?
            }
            Wish::Answer(which) | Wish::Extend(which) | Wish::Close(which) => {
                let (number, until) =
                    (which.index(application.questions.len() + 1) as u32 + 1, now.day().plus_days(30));
                match wish {
                    Wish::Answer(_) => {
                        application.answer(number, "答え".to_owned(), Vec::new(), &role(self.provider()), now)?
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
        let fresh = format!("X-{which}-{}-{}", application.earlier.len(), self.past.len()).parse().expect("an id");
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

    /// What the provider reported or objected to is answered; false where it waits for nothing.
    fn answer_provider(&mut self, role: As<'_>, now: Instant) -> Result<bool, Refused> {
        let Some(registration) = self.registration.clone() else { return Ok(false) };
        let is_reported =
            |measure: &Measure| measure.corrections.iter().any(|one| one.progress() == Progress::Reported);
        if let Some(which) = registration.measures.iter().position(is_reported) {
            let (is_accepted, by) = (now.unix() % 2 == 0, role(world::secretary()));
            let answered = registration.answer_correction((which + 1, 1), is_accepted, "理由".to_owned(), &by, now)?;
            self.registration = Some(answered.0);
            self.acts.push(answered.1);
            return Ok(true);
        }
        let waits = |measure: &Measure| measure.waiting_objection().is_some();
        if let Some(which) = registration.measures.iter().position(waits) {
            let id = format!("Q-{}", self.proposals.len()).parse().expect("an id");
            let (outcome, by) = (ObjectionOutcome::Upheld, role(world::hearers()[0].clone()));
            let (state, act) =
                registration.propose_on_objection(id, which + 1, outcome, "理由".to_owned(), &by, now)?;
            self.proposals.push(state);
            self.acts.push(act);
            return Ok(true);
        }
        Ok(false)
    }

    fn on_registration(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(registration) = self.registration.clone() else { return Ok(()) };
        let secretary = |by_second| if by_second { world::other_secretary() } else { world::secretary() };
        let (reason, nothing) = ("理由".to_owned(), Vec::new);
        let (state, act) = match wish {
            Wish::Emergency { by_second } => {
                let plan = world::plan(MeasureKind::Suspended, now);
                registration.suspend_at_once(reason, plan, &role(secretary(*by_second)), now)?
            }
            Wish::ConfirmEmergency { by_second } => {
                registration.confirm_emergency(&role(secretary(*by_second)), now)?
            }
            Wish::Correct => {
                let of = (demanding(&registration), 1);
                registration.report_correction(of, reason, nothing(), &role(self.provider()), now)?
            }
            Wish::AnswerCorrection { is_accepted } => {
                let of = (demanding(&registration), 1);
                registration.answer_correction(of, *is_accepted, reason, &role(world::secretary()), now)?
            }
            Wish::ObjectToMeasure(which) => {
                let measure = number(which, &registration);
                registration.object_to_measure(measure, reason, nothing(), &role(self.provider()), now)?
            }
            Wish::Discontinue { ahead } => {
                let plan = world::ending(&now.day().plus_days(*ahead).to_string());
                registration.discontinue(plan, Settings::bundled(), &role(self.provider()), now)?
            }
            other => panic!("not about a registration: {other:?}"),
        };
        self.registration = Some(state);
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
        if let (Subject::Registration(_), Some(registration)) = (proposal.motion.subject(), &self.registration) {
            return registration.measured();
        }
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
                let by = role(self.provider());
                let offer = offer(registration, holder, None, id, index.into(), &by, now)?;
                (None, offer.grant("01020304".to_owned(), world::DIGEST.to_owned()))
            }
            Wish::EndLicence(index) => {
                let Some(place) = place(index) else { return Ok(()) };
                let licence = self.licences[place].clone();
                (Some(place), licence.end(registration, "理由".to_owned(), &role(self.provider()), now)?)
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
        self.acts.push(act.clone());
        self.follow(&act);
    }
}

/// The last of its measures that demands a correction, from 1, or the first of all.
fn demanding(registration: &Registration) -> usize {
    let last = registration.measures.iter().rposition(|measure| !measure.corrections.is_empty());
    last.unwrap_or(0) + 1
}

/// One of its measures, from 1, or one more than there are.
fn number(which: &Index, registration: &Registration) -> usize {
    which.index(registration.measures.len() + 1) + 1
}

/// Of those who may: who proposed it, or the other one.
fn for_proposal(proposal: &Proposal, by_same: bool) -> Actor {
    let hearers = world::hearers();
    let [same, other] = match &proposal.motion {
        Motion::DecideObjection { .. } | Motion::DecideMeasureObjection { .. } => hearers,
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
