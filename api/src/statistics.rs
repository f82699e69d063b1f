//! Statistics of cases: one pass over those that are asked for, some at a time.

use std::collections::BTreeMap;

use domain::act::ApplicationId;
use domain::authority::{Object, Power};
use domain::calendar::Day;
use domain::edition::Edition;
use domain::statistics::{Course, Statistics};
use domain::text::Text;
use tokio::sync::Semaphore;

use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Error;

/// Cases read at once.
const AT_A_TIME: u64 = 100;

/// Which cases are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Bound to this edition only.
    pub edition: Option<String>,
    /// Submitted for the first time on this day or later, and on this day or before; days in Japan.
    pub from: Option<Day>,
    pub until: Option<Day>,
}

impl Asked {
    /// Do the days make a period?
    pub fn check(&self) -> Result<(), Text> {
        match (self.from, self.until) {
            (Some(from), Some(until)) if until < from => Err(Text::new(
                format!("最後の日 {until} は最初の日 {from} より前です。"),
                format!("The last day {until} is before the first day {from}."),
            )),
            _ => Ok(()),
        }
    }
}

/// What the cases that are asked for amount to.
pub async fn of(registry: &Registry, visitor: &Visitor, asked: &Asked) -> Result<Statistics, Problem> {
    /// A pass reads every case of a period: more at once would only wait for each other.
    static PASSES: Semaphore = Semaphore::const_new(1);
    visitor.actor.in_role(Power::ReadStatistics, &Object::default(), visitor.at.day())?;
    let _pass = PASSES.acquire().await.map_err(|error| Problem::internal(&error))?;
    let (store, editions) = (&registry.store, registry.store.editions().await?);
    let mut statistics = Statistics::default();
    let mut after: Option<ApplicationId> = None;
    loop {
        let page = store.submitted_between(asked.from, asked.until, after.as_ref(), AT_A_TIME).await?;
        after = page.items.last().map(|last| last.id.clone());
        let mut cases = page.items;
        cases.retain(|case| asked.edition.as_ref().is_none_or(|edition| *edition == case.edition));
        let mut courses = BTreeMap::new();
        for case in &cases {
            let unknown = || Problem::internal(&format!("no file for the edition of {}", case.id));
            let edition: &Edition = editions.with_digest(&case.edition_digest).ok_or_else(unknown)?;
            let service = &case.declaration.service;
            let criteria = edition.criteria_for(service.class, service.kind).into_iter().map(|one| one.id);
            let criteria = criteria.filter(|criterion| case.asks(*criterion)).collect();
            courses.insert(case.id.clone(), Course::new(&case.examiners, criteria));
        }
        let ids: Vec<ApplicationId> = courses.keys().cloned().collect();
        let corrupt =
            |id: &ApplicationId| Error::Corrupt { table: "acts", column: "sealed", row: format!("application/{id}") };
        store
            .read_acts(&ids, |id, act| match courses.get_mut(id) {
                Some(course) => course.add(act).map_err(|_| corrupt(id)),
                None => Ok(()),
            })
            .await?;
        for case in &cases {
            let assessment = registry.assessment_of(case).await?;
            statistics.add(&courses[&case.id], &assessment);
        }
        if !page.has_more {
            return Ok(statistics);
        }
    }
}
