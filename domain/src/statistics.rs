//! Statistics 「統計」 of cases: how long each stage takes, how criteria are answered, and how far two examiners who judge
//! independently agree.
//!
//! Cases are added one after the other and forgotten; what is kept grows with the criteria and the days, not with the
//! cases. Judgements count once the case is recommended: before that nothing of them is told to anybody.

use std::collections::BTreeMap;

use crate::act::{Act, Impossible, PersonId, Replay, Subject};
use crate::application::{Application, Ended, Stage};
use crate::assessment::Assessment;
use crate::calendar::Day;
use crate::criteria::{Conclusion, CriterionId};
use crate::examination::Answer;

/// What all cases so far amount to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Cases that were submitted.
    pub cases: u32,
    /// Of these, those whose examination is finished; judgements are counted of no others.
    pub finished: u32,
    /// Of all cases, by the stage they are in now.
    pub stages: BTreeMap<&'static str, u32>,
    /// Days in Japan that cases spent in each stage that they have left.
    pub stays: BTreeMap<&'static str, Days>,
    /// Days in Japan from the first submission to the decision.
    pub to_decision: Days,
    pub criteria: BTreeMap<CriterionId, Answers>,
}

/// Numbers of days, each with how many cases took so many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days(BTreeMap<u32, u32>);

/// Quarters of a number of cases, by days: a fourth, a half and three fourths took at most so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quartiles {
    pub cases: u32,
    pub first: u32,
    pub median: u32,
    pub third: u32,
}

impl Days {
    /// One more case, which took so many days.
    pub fn add(&mut self, days: u32) {
        *self.0.entry(days).or_default() += 1;
    }

    /// How many were added.
    pub fn count(&self) -> u32 {
        self.0.values().sum()
    }

    /// The quartiles; none where there is no case.
    pub fn quartiles(&self) -> Option<Quartiles> {
        let cases = self.count();
        // The smallest number of days that at least so many fourths of the cases did not exceed.
        let rank = |fourths: u32| {
            let needed = (u64::from(cases) * u64::from(fourths)).div_ceil(4);
            let mut reached = 0;
            let found = self.0.iter().find(|(_, count)| {
                reached += u64::from(**count);
                reached >= needed
            });
            found.map(|(days, _)| *days)
        };
        if cases == 0 {
            return None;
        }
        Some(Quartiles { cases, first: rank(1)?, median: rank(2)?, third: rank(3)? })
    }
}

/// How a criterion was answered in finished cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Cases that it was asked of.
    pub asked: u32,
    /// What the examiners answered in the end, both the same.
    pub met: u32,
    pub unmet: u32,
    pub not_applicable: u32,
    /// They differ in the end.
    pub split: u32,
    /// The engine had found it met or unmet, and the examiners answered otherwise in the end.
    pub overruled: u32,
    /// What the first and the second seat answered before they knew of each other's answers, and how often.
    pairs: Vec<((Answer, Answer), u32)>,
    /// Of those that differed at first: answered the same in the end.
    pub reconciled: u32,
    /// Questions to applicants about it, in every round of the cases.
    pub questions: u32,
    /// Days in Japan from each of these to its answer; those closed without one, or never answered, are not in it.
    pub to_answer: Days,
}

impl Answers {
    /// Cases in which both answers are known that were given independently.
    pub fn compared(&self) -> u32 {
        self.pairs.iter().map(|(_, count)| count).sum()
    }

    /// Of these, those in which they were the same at once.
    pub fn agreed(&self) -> u32 {
        self.pairs.iter().filter(|((first, second), _)| first == second).map(|(_, count)| count).sum()
    }

    /// Cohen's kappa of the two seats, at most 1. None where nothing is compared, or where both seats always gave one and
    /// the same answer: chance alone would have them agree then.
    pub fn kappa(&self) -> Option<f64> {
        let all = f64::from(self.compared());
        if all == 0.0 {
            return None;
        }
        let share = |holds: &dyn Fn(&(Answer, Answer)) -> bool| {
            let found: u32 = self.pairs.iter().filter(|(pair, _)| holds(pair)).map(|(_, count)| count).sum();
            f64::from(found) / all
        };
        let mut seen: Vec<Answer> = Vec::new();
        for (first, second) in self.pairs.iter().map(|(pair, _)| *pair) {
            for answer in [first, second] {
                if !seen.contains(&answer) {
                    seen.push(answer);
                }
            }
        }
        let by_chance: f64 =
            seen.iter().map(|answer| share(&|pair| pair.0 == *answer) * share(&|pair| pair.1 == *answer)).sum();
        let found = share(&|pair| pair.0 == pair.1);
        (seen.len() > 1).then(|| (found - by_chance) / (1.0 - by_chance))
    }

    fn count_pair(&mut self, pair: (Answer, Answer)) {
        match self.pairs.iter_mut().find(|(known, _)| *known == pair) {
            Some((_, count)) => *count += 1,
            None => self.pairs.push((pair, 1)),
        }
    }
}

/// A case while its acts are read, in the order of the log.
#[derive(Clone, Debug)]
pub struct Course {
    /// Who examines it now, in the order of the seats: nobody else's answers count.
    examiners: Vec<PersonId>,
    asked: Vec<CriterionId>,
    application: Option<Application>,
    /// The stage it is in, and since when.
    since: Option<(&'static str, Day)>,
    stays: BTreeMap<&'static str, u32>,
    /// Each examiner's last answers, and what they were when all were done for the first time.
    answers: BTreeMap<PersonId, BTreeMap<CriterionId, Answer>>,
    independent: Option<BTreeMap<PersonId, BTreeMap<CriterionId, Answer>>>,
}

impl Course {
    /// A case of which nothing is read yet; the edition asks `asked` of it.
    pub fn new(examiners: &[PersonId], asked: Vec<CriterionId>) -> Self {
        Self {
            examiners: examiners.to_vec(),
            asked,
            application: None,
            since: None,
            stays: BTreeMap::new(),
            answers: BTreeMap::new(),
            independent: None,
        }
    }

    /// The next act of the application or of one of its examinations.
    ///
    /// # Errors
    ///
    /// Where it cannot follow those before it.
    pub fn add(&mut self, act: &Act) -> Result<(), Impossible> {
        let judgements = act.deed.judgements();
        if !judgements.is_empty() {
            if self.examiners.contains(&act.by.person) {
                let own = self.answers.entry(act.by.person.clone()).or_default();
                own.extend(judgements.iter().map(|judgement| (judgement.criterion, judgement.answer)));
            }
            if self.independent.is_none() && self.are_done() {
                self.independent = Some(self.answers.clone());
            }
        }
        if matches!(act.subject, Subject::Application(_)) {
            let after = Application::replay(self.application.take(), act)?;
            self.enter(after.stage.as_str(), act.at.day());
            self.application = Some(after);
        }
        Ok(())
    }

    fn enter(&mut self, stage: &'static str, day: Day) {
        match self.since {
            Some((before, _)) if before == stage => {}
            Some((before, since)) => {
                let days = u32::try_from(since.days_until(day)).unwrap_or_default();
                *self.stays.entry(before).or_default() += days;
                self.since = Some((stage, day));
            }
            None => self.since = Some((stage, day)),
        }
    }

    fn are_done(&self) -> bool {
        let is_done = |person: &PersonId| {
            let own = self.answers.get(person);
            own.is_some_and(|own| self.asked.iter().all(|criterion| own.contains_key(criterion)))
        };
        !self.asked.is_empty() && !self.examiners.is_empty() && self.examiners.iter().all(is_done)
    }

    /// Both seats' answers about a criterion.
    fn pair(
        &self,
        of: &BTreeMap<PersonId, BTreeMap<CriterionId, Answer>>,
        criterion: CriterionId,
    ) -> Option<(Answer, Answer)> {
        let [first, second] = &self.examiners[..] else { return None };
        let of = |person: &PersonId| of.get(person)?.get(&criterion).copied();
        Some((of(first)?, of(second)?))
    }
}

impl Statistics {
    /// One more case; `assessment` is of its last submission.
    pub fn add(&mut self, course: &Course, assessment: &Assessment) {
        let Some(application) = &course.application else { return };
        self.cases += 1;
        *self.stages.entry(application.stage.as_str()).or_default() += 1;
        // One that was withdrawn tells nothing of how long a stage takes; one that may come back has not left it.
        let is_withdrawn = matches!(application.stage, Stage::Withdrawn { .. });
        for (stage, days) in course.stays.iter().filter(|_| !is_withdrawn) {
            if *stage != application.stage.as_str() {
                self.stays.entry(stage).or_default().add(*days);
            }
        }
        if let Stage::Decided { at, .. } = &application.stage {
            let days = application.submitted_at.day().days_until(at.day());
            self.to_decision.add(u32::try_from(days).unwrap_or_default());
        }
        if matches!(application.stage, Stage::Recommended { .. } | Stage::Decided { .. }) {
            self.finished += 1;
            for criterion in &course.asked {
                self.judge(course, *criterion, assessment);
            }
            for question in &application.questions {
                let answers = self.criteria.entry(question.criterion).or_default();
                answers.questions += 1;
                if let Some(Ended::Answered { at, .. }) = &question.ended {
                    let days = question.asked_at.day().days_until(at.day());
                    answers.to_answer.add(u32::try_from(days).unwrap_or_default());
                }
            }
        }
    }

    fn judge(&mut self, course: &Course, criterion: CriterionId, assessment: &Assessment) {
        let answers = self.criteria.entry(criterion).or_default();
        answers.asked += 1;
        let last = course.pair(&course.answers, criterion);
        if let Some((first, second)) = last {
            match first {
                _ if first != second => answers.split += 1,
                Answer::Met => answers.met += 1,
                Answer::Unmet => answers.unmet += 1,
                Answer::NotApplicable => answers.not_applicable += 1,
            }
            let found = match assessment.finding(criterion).conclusion {
                Conclusion::Met => Some(Answer::Met),
                Conclusion::Unmet { .. } => Some(Answer::Unmet),
                Conclusion::Undetermined { .. } | Conclusion::NotApplicable | Conclusion::NotInForce => None,
            };
            answers.overruled += u32::from(first == second && found.is_some_and(|found| found != first));
        }
        let independent = course.independent.as_ref().and_then(|independent| course.pair(independent, criterion));
        if let Some(pair) = independent {
            answers.count_pair(pair);
            let is_same = |(first, second): (Answer, Answer)| first == second;
            answers.reconciled += u32::from(!is_same(pair) && last.is_some_and(is_same));
        }
    }
}
