//! What one person proposes, and a second one confirms or drops.

use domain::act::{Act, ProposalId};
use domain::application::{Condition, ObjectionOutcome, Stage};
use domain::authority::{Actor, Object};
use domain::calendar::Instant;
use domain::proposal::{Motion, Proposal};

use super::wish::Wish;
use super::{As, Life, determination, number};
use crate::world::{self, Refused};

impl Life {
    pub(super) fn propose(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
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
                let mut plan = world::plan(*measure, now);
                // Announced for a while ahead in every third second.
                plan.from = (now.unix() % 3 == 0).then(|| now.plus_seconds(400_000).max(registration.changed_at));
                registration.propose(id, *measure, reason, plan, &by, now)?
            }
            (Wish::ProposeOnMeasure { which, is_upheld }, _, Some(registration)) => {
                let outcome = if *is_upheld { ObjectionOutcome::Upheld } else { ObjectionOutcome::Dismissed };
                let (measure, by) = (number(which, registration), role(world::hearers()[0].clone()));
                registration.propose_on_objection(id, measure, outcome, reason, &by, now)?
            }
            (Wish::ProposeSuccession, _, Some(registration)) => {
                let to = if registration.owner == world::rival_id() { world::APPLICANT } else { world::RIVAL };
                let (succession, provider) = world::succession(to, now.day());
                registration.propose_succession(id, succession, provider, &by, now)?
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
    pub(super) fn confirm(&mut self, proposal: &Proposal, by: &Actor, now: Instant) -> Result<(), Refused> {
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
            (Motion::DecideMeasureObjection { .. }, _, Some(registration)) => {
                let (state, act) = registration.decide_objection(proposal, by, now)?;
                self.registration = Some(state);
                act
            }
            (Motion::Succeed { .. }, _, Some(registration)) => {
                let said = self.declared(&registration);
                let (state, act) = registration.succeed(proposal, &said, by, now)?;
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
        self.acts.push(act.clone());
        self.follow(&act);
        Ok(())
    }

    pub(super) fn drop_it(&mut self, proposal: Proposal, by: &Actor, now: Instant) -> Result<(), Refused> {
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
        self.keep_proposal(state, act);
        Ok(())
    }

    pub(super) fn keep_proposal(&mut self, state: Proposal, act: Act) {
        let kept = self.proposals.iter_mut().find(|kept| kept.id == state.id).expect("it was proposed");
        *kept = state;
        self.acts.push(act);
    }
}
