//! What holds of every case whatever people tried, read from its acts alone and in no way from the states: ten thousand
//! random lives.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, Deed, PersonId, Subject};
use domain::application::ObjectionOutcome;
use domain::criteria::CriterionId;
use proptest::prelude::*;

use crate::life::{Life, steps};
use crate::world::CRITERIA;

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
    registered: u32,
}

impl Known {
    /// Takes an act into account; says which rule it breaks.
    fn take(&mut self, act: &Act) -> Result<(), &'static str> {
        let rule = |holds: bool, name: &'static str| if holds { Ok(()) } else { Err(name) };
        let by = &act.by.person;
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
            Deed::Decided { proposal, .. } => {
                let proposer = self.proposed.get(&Subject::Proposal(proposal.clone())).ok_or("it was proposed")?;
                rule(self.recommended, "nothing is decided that was not recommended")?;
                rule(proposer != by, "two people decide")?;
                let deciders = [proposer, by];
                rule(!deciders.iter().any(|person| self.judged.contains_key(*person)), "no examiner decides")?;
                rule(!deciders.iter().any(|person| self.former.contains(*person)), "nobody decides again")?;
                self.decided += 1;
                rule(self.decided == 1, "it is decided once a round")?;
                self.deciders = deciders.map(Clone::clone).to_vec();
            }
            Deed::Registered { .. } => {
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
                    ..Self::default()
                };
            }
            Deed::Withdrawn { .. } => rule(self.decided == 0, "what is decided is not withdrawn")?,
            _ => {}
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_life_breaks_a_rule(steps in steps()) {
        let mut known = Known::default();
        for (place, act) in Life::of(&steps).acts.iter().enumerate() {
            if let Err(broken) = known.take(act) {
                return Err(TestCaseError::fail(format!("{broken}: act {place}, {}", act.deed.kind())));
            }
        }
    }
}
