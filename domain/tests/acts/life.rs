//! Random lives: whatever people try, in any order, by anybody, on clocks that disagree.

use domain::act::{Act, Caller, Determination, Role, Verdict};
use domain::application::{Application, Stage};
use domain::calendar::Instant;
use domain::examination::{Answer, Examination, Judgement};
use domain::licence::{Holder, Licence, LicenceId, offer};
use domain::people::Person;
use domain::registration::Registration;
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
    Recommend(Verdict),
    Decide(Verdict),
    Register {
        ahead: i32,
    },
    Suspend,
    Reinstate,
    Revoke,
    Grant {
        name: String,
        contract_from: i32,
    },
    EndLicence(Index),
    RevokeLicence(Index),
    Admit,
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
    let answer = prop_oneof![6 => Just(Answer::Met), 1 => Just(Answer::Unmet), 1 => Just(Answer::NotApplicable)];
    let answers = prop::collection::vec((0..4usize, answer), 0..4);
    let late = prop_oneof![4 => Just(0), 1 => 1..3u32];
    let wish = prop_oneof![
        20 => Just(Wish::Onward),
        1 => Just(Wish::SendBack),
        1 => Just(Wish::Withdraw),
        2 => (any::<bool>(), answers, late)
            .prop_map(|(by_second, answers, late)| Wish::Judge { by_second, answers, late }),
        1 => verdict().prop_map(Wish::Recommend),
        1 => verdict().prop_map(Wish::Decide),
        1 => (-2..400i32).prop_map(|ahead| Wish::Register { ahead }),
        2 => Just(Wish::Suspend),
        2 => Just(Wish::Reinstate),
        1 => Just(Wish::Revoke),
        2 => ("[例示 ]{0,3}", -3..3i32).prop_map(|(name, contract_from)| Wish::Grant { name, contract_from }),
        2 => any::<Index>().prop_map(Wish::EndLicence),
        2 => any::<Index>().prop_map(Wish::RevokeLicence),
        1 => Just(Wish::Admit),
        1 => Just(Wish::Dismiss),
    ];
    let wait = prop_oneof![3 => 0..100_000i32, 1 => -100..0i32, 1 => 0..20_000_000i32];
    let wrong_role = prop_oneof![9 => Just(None), 1 => prop::sample::select(&Role::ALL[..]).prop_map(Some)];
    let step = (wish, wait, wrong_role).prop_map(|(wish, wait, wrong_role)| Step { wish, wait, wrong_role });
    prop::collection::vec(step, 1..50)
}

/// One service's life so far: states as the methods made them, and every act in the order of the log.
#[derive(Debug, Default)]
pub struct Life {
    pub application: Option<Application>,
    pub examinations: [Option<Examination>; 2],
    pub registration: Option<Registration>,
    pub licences: Vec<Licence>,
    pub person: Option<Person>,
    pub acts: Vec<Act>,
}

impl Life {
    pub fn of(steps: &[Step]) -> Self {
        let (mut life, mut now) = (Self::default(), at(world::SUBMITTED));
        for step in steps {
            now = Instant::from_unix(now.unix() + i64::from(step.wait)).expect("an instant");
            let as_wrong = |by: Caller| Caller { role: step.wrong_role.unwrap_or(by.role), ..by };
            // A refusal changes nothing: the property is about what is left.
            let _: Result<(), Refused> = life.attempt(&step.wish, &as_wrong, now);
        }
        life
    }

    fn attempt(&mut self, wish: &Wish, role: &dyn Fn(Caller) -> Caller, now: Instant) -> Result<(), Refused> {
        match wish {
            Wish::Onward => return self.go_on(role, now),
            Wish::Admit => {
                let id = "P-NEW".parse().expect("an id");
                let by = role(world::operator());
                let admitted = Person::admit(id, Role::Auditor, "例示花子", None, world::DIGEST.to_owned(), &by, now);
                if self.person.is_none() {
                    let (state, act) = admitted?;
                    self.person = Some(state);
                    self.acts.push(act);
                }
            }
            Wish::Dismiss => {
                let Some(person) = self.person.clone() else { return Ok(()) };
                let (state, act) = person.dismiss("退職".to_owned(), &role(world::operator()), now)?;
                self.person = Some(state);
                self.acts.push(act);
            }
            Wish::SendBack | Wish::Withdraw | Wish::Judge { .. } | Wish::Recommend(_) | Wish::Decide(_) => {
                return self.on_application(wish, role, now);
            }
            Wish::Register { .. } | Wish::Suspend | Wish::Reinstate | Wish::Revoke => {
                return self.on_registration(wish, role, now);
            }
            Wish::Grant { .. } | Wish::EndLicence(_) | Wish::RevokeLicence(_) => {
                return self.on_licence(wish, role, now);
            }
        }
        Ok(())
    }

    fn go_on(&mut self, role: &dyn Fn(Caller) -> Caller, now: Instant) -> Result<(), Refused> {
        let Some(application) = self.application.clone() else {
            let id = "A-2026-00001".parse().expect("an id");
            let by = role(world::applicant());
            let submitted = Application::submit(id, world::declaration(), "2.0", world::DIGEST, &by, now)?;
            self.keep_application(submitted);
            return Ok(());
        };
        let next = match application.stage {
            Stage::Submitted => {
                let accepted = application.accept(&world::examiners(), &role(world::secretary()), now)?;
                self.keep_application(accepted);
                return Ok(());
            }
            Stage::Returned { .. } => {
                let again = application.resubmit(world::declaration(), &role(world::applicant()), now)?;
                self.keep_application(again);
                return Ok(());
            }
            Stage::Examining => match self.examinations.iter().position(|found| !is_done(found.as_ref())) {
                Some(which) => {
                    let answers = (0..world::CRITERIA.len()).map(|criterion| (criterion, Answer::Met)).collect();
                    Wish::Judge { by_second: which == 1, answers, late: 0 }
                }
                None => Wish::Recommend(Verdict::Pass),
            },
            Stage::Recommended { .. } => Wish::Decide(Verdict::Pass),
            Stage::Decided { .. } if self.registration.is_none() => Wish::Register { ahead: 0 },
            Stage::Decided { .. } => Wish::Grant { name: format!("例示{}", self.acts.len()), contract_from: 0 },
            Stage::Withdrawn { .. } => return Ok(()),
        };
        self.attempt(&next, role, now)
    }

    fn on_application(&mut self, wish: &Wish, role: &dyn Fn(Caller) -> Caller, now: Instant) -> Result<(), Refused> {
        let Some(application) = self.application.clone() else { return Ok(()) };
        let determination = |verdict: &Verdict| Determination { verdict: *verdict, reason: "理由".to_owned() };
        let done = match wish {
            Wish::SendBack => application.send_back(world::reasons(), &role(world::secretary()), now)?,
            Wish::Withdraw => application.withdraw(String::new(), &role(world::applicant()), now)?,
            Wish::Decide(verdict) => application.decide(determination(verdict), &role(world::decider()), now)?,
            Wish::Recommend(verdict) => {
                let examinations: Vec<_> = self.examinations.iter().flatten().cloned().collect();
                let opinion = determination(verdict);
                application.recommend(opinion, &world::CRITERIA, &examinations, &role(world::first()), now)?
            }
            Wish::Judge { by_second, answers, late } => {
                return self.judge(&application, usize::from(*by_second), answers, *late, role, now);
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
        role: &dyn Fn(Caller) -> Caller,
        now: Instant,
    ) -> Result<(), Refused> {
        let by = role([world::first(), world::second()][which].clone());
        let fresh = format!("X-{which}").parse().expect("an id");
        let before = self.examinations[which].clone().ok_or(fresh);
        // The fourth criterion is not asked.
        let criterion =
            |place: usize| world::CRITERIA.get(place).copied().unwrap_or(domain::criteria::CriterionId::Renewal);
        let judgements: Vec<Judgement> =
            answers.iter().map(|(place, answer)| world::judgement(criterion(*place), *answer)).collect();
        let read = application.version.saturating_sub(late);
        let (state, act) = Examination::judge(before, application, read, &world::asked(), judgements, &by, now)?;
        self.examinations[which] = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn on_registration(&mut self, wish: &Wish, role: &dyn Fn(Caller) -> Caller, now: Instant) -> Result<(), Refused> {
        let by = role(world::secretary());
        let (state, act) = match (wish, self.registration.clone(), &self.application) {
            (Wish::Register { ahead }, existing, Some(application)) => {
                let number = "OTK-2026-00001".parse().expect("a number");
                let existing = existing.map(|registration| registration.number);
                let from = now.day().plus_days(*ahead);
                Registration::register(number, application, existing, from, 2, &by, now)?
            }
            (Wish::Suspend, Some(before), _) => before.suspend("理由".to_owned(), &by, now)?,
            (Wish::Reinstate, Some(before), _) => before.reinstate("理由".to_owned(), &by, now)?,
            (Wish::Revoke, Some(before), _) => before.revoke("理由".to_owned(), &by, now)?,
            _ => return Ok(()),
        };
        self.registration = Some(state);
        self.acts.push(act);
        Ok(())
    }

    fn on_licence(&mut self, wish: &Wish, role: &dyn Fn(Caller) -> Caller, now: Instant) -> Result<(), Refused> {
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
            Wish::RevokeLicence(index) => {
                let Some(place) = place(index) else { return Ok(()) };
                let licence = self.licences[place].clone();
                (Some(place), licence.revoke("理由".to_owned(), &role(world::secretary()), now)?)
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

fn is_done(examination: Option<&Examination>) -> bool {
    examination.is_some_and(|found| world::CRITERIA.iter().all(|criterion| found.answer(*criterion).is_some()))
}
