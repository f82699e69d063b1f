//! What holds of every case whatever people tried, read from its acts alone and in no way from the states: ten thousand
//! random lives.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, Deed, OrganisationId, PersonId, Replay, Subject, Verdict};
use domain::application::{Application, Matter, ObjectionOutcome};
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::settings::Settings;
use proptest::prelude::*;

use crate::life::{Life, steps};
use crate::world::CRITERIA;

/// The clock of an examination, read day by day from the acts of its application.
#[derive(Clone, Default)]
struct Clock {
    accepted: Option<Day>,
    /// As recorded at the acceptance.
    due: Option<Day>,
    /// Number of the question; the days after the first up to the second, on which it waits for its answer.
    waits: Vec<(u32, Day, Day)>,
    open: BTreeSet<u32>,
    is_running: bool,
    /// Where it stood last.
    was_due: Option<Day>,
}

impl Clock {
    fn take(&mut self, act: &Act) {
        let day = act.at.day();
        let end = |waits: &mut Vec<(u32, Day, Day)>, ends: &dyn Fn(u32) -> bool| {
            waits.iter_mut().filter(|(number, ..)| ends(*number)).for_each(|wait| wait.2 = wait.2.min(day));
        };
        match &act.deed {
            Deed::Accepted { due, .. } => {
                *self = Self { accepted: Some(day), due: *due, is_running: true, ..Self::default() };
            }
            Deed::Asked { number, until, .. } => {
                self.waits.push((*number, day, *until));
                self.open.insert(*number);
            }
            Deed::QuestionExtended { question, until } => self.waits.push((*question, day, *until)),
            Deed::Answered { question, .. } | Deed::QuestionClosed { question, .. } => {
                end(&mut self.waits, &|number| number == *question);
                self.open.remove(question);
            }
            Deed::Recommended { .. } | Deed::Withdrawn { .. } => {
                end(&mut self.waits, &|_| true);
                self.is_running = false;
            }
            Deed::ObjectionDecided { outcome: ObjectionOutcome::Upheld, .. } => *self = Self::default(),
            _ => {}
        }
    }

    /// On a day on which `case` is what the acts made of it: does it agree, and does it never go back?
    fn check(&mut self, case: &Application, today: Day) -> Result<(), &'static str> {
        let (Some(accepted), Some(recorded)) = (self.accepted, self.due) else { return Ok(()) };
        let is_waited = |day: Day| self.waits.iter().any(|(_, from, until)| *from < day && day <= *until);
        let days = std::iter::successors(Some(accepted.next()), |day| Some(day.next()));
        let (mut ran, mut stood) = (0, 0);
        for day in days.take_while(|day| *day <= today).filter(|day| Settings::bundled().is_working_day(*day)) {
            *(if is_waited(day) { &mut stood } else { &mut ran }) += 1;
        }
        let clock = case.clock(today, Settings::bundled());
        let due = clock.due.ok_or("a case that was accepted is due on a day")?.day;
        // With nothing but the acceptance's day and the due day: what the clock says has run.
        let said = Settings::bundled()
            .working_days_between(accepted, today)
            .checked_sub(Settings::bundled().working_days_between(recorded, due));
        if said.ok_or("the clock is never negative")? != ran {
            return Err("the clock runs on the days on which nobody waits for the applicant");
        }
        if due < self.was_due.unwrap_or(recorded) {
            return Err("a due day never moves back");
        }
        self.was_due = Some(due);
        let is_waited = |(number, _, until): &(u32, Day, Day)| self.open.contains(number) && today <= *until;
        if clock.stopped_since.is_some() != (self.is_running && self.waits.iter().any(is_waited)) {
            return Err("it stands while the applicant has the ball, and at no other time");
        }
        Ok(())
    }
}

/// Who did what of a case so far.
#[derive(Default)]
struct Known {
    seats: Vec<PersonId>,
    cleared: BTreeSet<PersonId>,
    judged: BTreeMap<PersonId, BTreeSet<CriterionId>>,
    /// Whose an examination is.
    examinations: BTreeMap<Subject, PersonId>,
    proposed: BTreeMap<Subject, PersonId>,
    deciders: Vec<PersonId>,
    /// Who judged or decided in a round that was set aside.
    former: BTreeSet<PersonId>,
    recommended: bool,
    decided: u32,
    is_passed: bool,
    registered: u32,
    /// Whose the registration is.
    owner: Option<OrganisationId>,
}

impl Known {
    /// Takes an act into account; says which rule it breaks.
    fn take(&mut self, act: &Act) -> Result<(), &'static str> {
        let rule = |holds: bool, name: &'static str| if holds { Ok(()) } else { Err(name) };
        let (by, by_organisation) = (&act.by.person, act.by.organisation.clone());
        let judgements = act.deed.judgements();
        if !judgements.is_empty() {
            rule(self.seats.contains(by), "only who sits in a seat judges")?;
            rule(!self.former.contains(by), "nobody judges again what was set aside")?;
            rule(self.seats.iter().all(|seat| self.cleared.contains(seat)), "nobody judges before all have declared")?;
            rule(!self.recommended && self.decided == 0, "nothing is judged once it is recommended")?;
            let whose = self.examinations.entry(act.subject.clone()).or_insert_with(|| by.clone());
            rule(whose == by, "an examination is one person's")?;
            let of_person = self.examinations.values().filter(|person| *person == by).count();
            rule(of_person == 1, "nobody judges a case twice")?;
            self.judged.entry(by.clone()).or_default().extend(judgements.iter().map(|judged| judged.criterion));
        }
        match &act.deed {
            // A renewal is a case of its own.
            Deed::Submitted { .. } => {
                *self = Self {
                    proposed: std::mem::take(&mut self.proposed),
                    registered: self.registered,
                    owner: self.owner.take(),
                    ..Self::default()
                };
            }
            Deed::Filed { matter: Matter::Renewal | Matter::Change, .. } => {
                rule(self.registered == 1, "only what is registered is renewed or changed")?;
            }
            Deed::Changed { .. } => {
                rule(self.decided == 1 && self.is_passed, "only what passed changes what criteria ask about")?;
            }
            Deed::Notified { .. } => {
                rule(self.owner.is_some() && by_organisation == self.owner, "a change is notified by whoever has it")?;
            }
            Deed::Succeeded { proposal, succession, .. } => {
                let proposer = self.proposed.get(&Subject::Proposal(proposal.clone())).ok_or("it was proposed")?;
                rule(proposer != by, "two people bring it over")?;
                rule(self.owner.as_ref() != Some(&succession.to), "it goes over to somebody else")?;
                self.owner = Some(succession.to.clone());
            }
            Deed::Renewed { .. } => {
                rule(self.decided == 1 && self.is_passed, "only what passed is entered")?;
            }
            Deed::Accepted { examiners, .. } => {
                rule(examiners.iter().collect::<BTreeSet<_>>().len() == 2, "two examine a case")?;
                self.seats.clone_from(examiners);
            }
            Deed::InterestDeclared { tie } => {
                rule(self.seats.contains(by), "only examiners declare")?;
                match tie {
                    None => self.cleared.insert(by.clone()),
                    Some(_) => self.cleared.remove(by),
                };
            }
            Deed::ConflictWaived { examiner, .. } => {
                rule(by != examiner, "nobody waives their own tie")?;
                // It counts for who has declared; who declares later is cleared by that.
                self.cleared.insert(examiner.clone());
            }
            Deed::ExaminerReplaced { leaving, joining, .. } => {
                rule(!self.judged.contains_key(joining), "who left does not come back")?;
                self.seats.iter_mut().filter(|seat| *seat == leaving).for_each(|seat| *seat = joining.clone());
                self.cleared.remove(joining);
            }
            Deed::Recommended { .. } => {
                let is_whole = |seat: &PersonId| {
                    self.judged.get(seat).is_some_and(|judged| CRITERIA.iter().all(|asked| judged.contains(asked)))
                };
                rule(self.seats.len() == 2 && self.seats.iter().all(is_whole), "two whole examinations carry it")?;
                rule(self.seats.contains(by), "an examiner recommends")?;
                self.recommended = true;
            }
            Deed::Proposed { .. } => drop(self.proposed.insert(act.subject.clone(), by.clone())),
            Deed::Decided { proposal, decision, .. } => {
                let proposer = self.proposed.get(&Subject::Proposal(proposal.clone())).ok_or("it was proposed")?;
                rule(self.recommended, "nothing is decided that was not recommended")?;
                rule(proposer != by, "two people decide")?;
                let deciders = [proposer, by];
                rule(!deciders.iter().any(|person| self.judged.contains_key(*person)), "no examiner decides")?;
                rule(!deciders.iter().any(|person| self.former.contains(*person)), "nobody decides again")?;
                self.decided += 1;
                self.is_passed = decision.verdict == Verdict::Pass;
                rule(self.decided == 1, "it is decided once a round")?;
                self.deciders = deciders.map(Clone::clone).to_vec();
            }
            Deed::Registered { owner, .. } => {
                self.owner = Some(owner.clone());
                rule(self.decided == 1, "only what is decided is registered")?;
                self.registered += 1;
                rule(self.registered == 1, "it is registered once")?;
            }
            Deed::ObjectionDecided { outcome: ObjectionOutcome::Upheld, proposal, .. } => {
                let proposer = self.proposed.get(&Subject::Proposal(proposal.clone())).ok_or("it was proposed")?;
                rule(proposer != by, "two people decide on an objection")?;
                let took_part = |person: &PersonId| self.deciders.contains(person) || self.judged.contains_key(person);
                rule(!took_part(proposer) && !took_part(by), "others decide on an objection")?;
                // The case begins anew, with other people.
                self.former.extend(self.deciders.drain(..));
                self.former.extend(std::mem::take(&mut self.judged).into_keys());
                *self = Self {
                    former: std::mem::take(&mut self.former),
                    examinations: std::mem::take(&mut self.examinations),
                    proposed: std::mem::take(&mut self.proposed),
                    registered: self.registered,
                    owner: self.owner.take(),
                    ..Self::default()
                };
            }
            Deed::Withdrawn { .. } => rule(self.decided == 0, "what is decided is not withdrawn")?,
            _ => {}
        }
        Ok(())
    }
}

/// The clock at every act of the application, and on a day long after the last.
fn check_clock(acts: &[Act]) -> Result<(), &'static str> {
    let (mut clock, mut case) = (Clock::default(), None);
    for act in acts.iter().filter(|act| matches!(act.subject, Subject::Application(_))) {
        if matches!(act.deed, Deed::Submitted { .. }) {
            // A renewal is a case of its own.
            (clock, case) = (Clock::default(), None);
        }
        let state = Application::replay(case.take(), act).map_err(|_| "an act follows those before it")?;
        clock.take(act);
        clock.check(&state, act.at.day())?;
        case = Some(state);
    }
    let Some(case) = case else { return Ok(()) };
    if clock.is_running {
        clock.check(&case, case.changed_at.day().plus_days(40))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_life_breaks_a_rule(steps in steps()) {
        let mut known = Known::default();
        let acts = Life::of(&steps).acts;
        if let Err(broken) = check_clock(&acts) {
            return Err(TestCaseError::fail(broken));
        }
        for (place, act) in acts.iter().enumerate() {
            if let Err(broken) = known.take(act) {
                return Err(TestCaseError::fail(format!("{broken}: act {place}, {}", act.deed.kind())));
            }
        }
    }
}
