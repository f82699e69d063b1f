//! Suspending a service with 1,000 licences beside one with 100,000: the act costs the same, and the next verification
//! of any mark under it sees it. So does the next copy of the status list, which costs little more than reading its rows.
//!
//! `cargo bench -p api --bench cascade`; with `OTASUKETAI_BENCH_POSTGRES=postgres://user@host/database` (an empty one) on
//! PostgreSQL. Ends with failure where a ratio is above what is asked, or a mark says something else.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod pace;
mod stage;

use std::process::ExitCode;
use std::time::Instant;

use api::acts::{Confirm, Confirmed, Propose};
use api::clock;
use api::status_lists;
use api::verification::verify;
use domain::licence::LicenceId;
use domain::proposal::Motion;
use domain::registration::{MeasureKind, Plan, Registration};
use futures::future::join_all;
use pace::median;
use stage::Stage;

const FEW: usize = 1_000;
const MANY: usize = 100_000;
const TOGETHER: usize = 256;
const TURNS: usize = 101;
/// A list is made in one turn of so many: it takes as long as many acts.
const LISTED: usize = 10;
/// How much dearer the act may be with a hundred times the licences.
const MOST: f64 = 1.2;
/// How much dearer a list made anew may be than reading which licence is at which place.
const MOST_OF_LIST: f64 = 1.5;

/// A service, and some of the licences under it.
struct Service {
    registration: Registration,
    licences: Vec<LicenceId>,
}

impl Service {
    async fn with(stage: &Stage, registration: Registration, count: usize) -> Self {
        let mut licences = Vec::with_capacity(count);
        for begin in (0..count).step_by(TOGETHER) {
            let some = begin..(begin + TOGETHER).min(count);
            licences.extend(join_all(some.map(|index| stage.grant(&registration, index))).await);
        }
        Self { registration, licences }
    }

    /// Suspends it, or reinstates it; microseconds from asking to the answer that it is durable.
    async fn measure(&mut self, stage: &Stage, measure: MeasureKind) -> f64 {
        let clause = if measure == MeasureKind::Suspended { "criteria_unmet" } else { "grounds_gone" };
        let plan = Plan {
            clauses: vec![clause.to_owned()],
            facts: "測定".to_owned(),
            from: None,
            corrections: Vec::new(),
            hearing_until: None,
        };
        let (registration, reason) = (self.registration.number.clone(), "測定のため".to_owned());
        let motion = Motion::TakeMeasure { registration, measure, reason, plan: Some(Box::new(plan)) };
        let read = Some(self.registration.version);
        let proposal = stage.act(Propose { motion }, &stage.secretariat, clock::now(), read).await;
        let begin = Instant::now();
        let confirmed = stage.act(Confirm { proposal: proposal.id }, &stage.second, clock::now(), None).await;
        let spent = begin.elapsed();
        let Confirmed::Measured(registration) = confirmed else { panic!("a measure was proposed") };
        self.registration = registration;
        spent.as_secs_f64() * 1e6
    }

    /// Does every hundredth mark say this at once?
    async fn says(&self, stage: &Stage, answer: &str) -> bool {
        for licence in self.licences.iter().step_by(self.licences.len() / 100) {
            if verify(&stage.registry, &licence.to_string(), clock::now()).await.answer.as_str() != answer {
                println!("{licence} does not say {answer}");
                return false;
            }
        }
        true
    }
}

/// Milliseconds to read the first list's rows, and to make it anew, signed.
async fn list(stage: &Stage) -> (f64, f64) {
    let begin = Instant::now();
    let rows = stage.registry.store.placed(0).await.expect("the database answers");
    let read = begin.elapsed();
    assert!(rows.len() > MANY / 2, "most are in the first list");
    let begin = Instant::now();
    let list = status_lists::list(&stage.registry, 0, clock::now()).await.expect("a key signs lists");
    let made = begin.elapsed();
    assert!(list.is_some(), "there are licences");
    (read.as_secs_f64() * 1e3, made.as_secs_f64() * 1e3)
}

async fn measure() -> ExitCode {
    let folder = stage::folder();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("register.sqlite").display());
    let database = std::env::var("OTASUKETAI_BENCH_POSTGRES").unwrap_or(url);
    let stage = Stage::open(&database, folder.path()).await;
    let mut services = stage.services(2).await;
    let (few, many) = (services.remove(0), services.remove(0));
    let mut few = Service::with(&stage, few, FEW).await;
    let mut many = Service::with(&stage, many, MANY).await;
    let (mut ratios, mut costs) = (Vec::with_capacity(TURNS), (Vec::new(), Vec::new()));
    let (mut list_ratios, mut lists) = (Vec::with_capacity(TURNS), (Vec::new(), Vec::new()));
    for turn in 0..TURNS {
        let (measure, answer) = match turn % 2 {
            0 => (MeasureKind::Suspended, "suspended"),
            _ => (MeasureKind::Reinstated, "valid"),
        };
        let (one, other) = (few.measure(&stage, measure).await, many.measure(&stage, measure).await);
        costs.0.push(one);
        costs.1.push(other);
        ratios.push(other / one);
        if turn % LISTED == 0 {
            let (read, made) = list(&stage).await;
            lists.0.push(read);
            lists.1.push(made);
            list_ratios.push(made / read);
        }
        if !few.says(&stage, answer).await || !many.says(&stage, answer).await {
            return ExitCode::FAILURE;
        }
    }
    let (one, other, ratio) = (median(costs.0), median(costs.1), median(ratios));
    println!("measure, {FEW:>7} licences {:9.1} µs", one.0);
    println!("measure, {MANY:>7} licences {:9.1} µs", other.0);
    println!("ratio {:6.2} ± {:2.0} %   ≤ {MOST}", ratio.0, ratio.1 * 100.0);
    let (read, made, of_list) = (median(lists.0), median(lists.1), median(list_ratios));
    println!("rows of the first list  {:9.1} ms", read.0);
    println!("the list made anew      {:9.1} ms", made.0);
    println!("ratio {:6.2} ± {:2.0} %   ≤ {MOST_OF_LIST}", of_list.0, of_list.1 * 100.0);
    if ratio.0 <= MOST && of_list.0 <= MOST_OF_LIST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async { tokio::spawn(measure()).await.expect("the measurement ends") })
}
