//! What-if over the whole register beside parsing and assessing the same declarations with nothing around it.
//!
//! `cargo bench -p api --bench what_if`. Ends with failure where the ratio is below what is asked. The register is made
//! first, by real acts: a minute or so.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod pace;
mod stage;

use std::process::ExitCode;
use std::time::Instant;

use api::what_if::Candidate;
use api::{clock, declaration};
use domain::act::EditionId;
use domain::edition::Edition;
use domain::what_if::what_if;
use pace::median;
use stage::Stage;

const SERVICES: usize = 1_000;
const APPLICATIONS: usize = 10_000;
/// Asked for together.
const CALLERS: usize = 100;
const TURNS: usize = 5;
/// Bare time over the whole time. The register also reads 11,000 rows, and of 1,000 of them their registrations.
const ASKED: f64 = 0.5;

/// The edition that governs, and one with a lower cap.
fn editions(stage: &Stage) -> (Edition, String) {
    let present = stage.editions.governing(clock::now().day()).expect("an edition governs today").clone();
    let id: &EditionId = &present.id;
    let text = present.text().replacen("at_most = 10_000", "at_most = 9_999", 1);
    assert_ne!(text, present.text(), "edition {id} has a cap of 10,000 yen");
    (present, text)
}

async fn measure() -> ExitCode {
    let folder = stage::folder();
    let stage = Stage::open(&format!("sqlite://{}?mode=rwc", folder.path().join("register.sqlite").display())).await;
    for _ in 0..SERVICES / CALLERS {
        stage.services(CALLERS).await;
    }
    for _ in 0..APPLICATIONS / CALLERS {
        stage.applications(CALLERS).await;
    }
    let (present, text) = editions(&stage);
    let candidate = Candidate::read(&stage.registry, &text).await.expect("an edition");
    let other = candidate.edition().clone();
    let document = serde_json::to_string(&stage::document()).expect("JSON");
    let today = clock::now().day();
    let (mut ratios, mut whole, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let begin = Instant::now();
        let counts = candidate.count(&stage.registry, clock::now()).await.expect("the database answers");
        let counted = begin.elapsed().as_secs_f64();
        let found = |count: api::what_if::Count| (count.met + count.unmet + count.undetermined) as usize;
        assert_eq!((found(counts.registered), found(counts.applications)), (SERVICES, APPLICATIONS));
        let begin = Instant::now();
        for _ in 0..SERVICES + APPLICATIONS {
            let read = serde_json::from_str(&document).expect("JSON");
            let declaration = declaration::read(&read).expect("a declaration");
            std::hint::black_box(what_if(&present, &other, &declaration, today, None));
        }
        let alone = begin.elapsed().as_secs_f64();
        ratios.push(alone / counted);
        whole.push(counted);
        bare.push(alone);
    }
    let (ratio, spread) = median(ratios);
    println!("{SERVICES} services and {APPLICATIONS} applications, SQLite; seconds by the clock on the wall");
    println!("what-if over the register   {:7.3}", median(whole).0);
    println!("bare parse and assess       {:7.3}", median(bare).0);
    println!("ratio                       {ratio:7.2} ± {:2.0} %   ≥ {ASKED:.2}", spread * 100.0);
    if ratio >= ASKED { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(measure())
}
