//! What several desks show of an application.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{PersonId, Subject};
use domain::application::{Application, Stage};
use domain::criteria::CriterionId;
use domain::examination::Examination;

use crate::caller::Visitor;
use crate::deciding;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::register::{licence_panel, registration};
use crate::web::view::applications::{Case, Decision, Moment};
use crate::web::view::criteria::{CriterionLine, Earlier, Judged};
use crate::web::view::evidence::FileLine;
use crate::web::view::footing::Footing;
use crate::web::view::licences::LicencePanel;

/// The application of that id, if this visitor may read it.
pub(super) async fn find(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Application, Problem> {
    crate::caller::application(registry, visitor, id).await
}

pub(super) async fn head(registry: &Registry, application: &Application) -> Result<Case, Problem> {
    let registered = registry.store.registration_of(&application.id).await?;
    let settings = registry.store.settings().await?;
    Ok(Case::new(application, registered.is_some(), crate::clock::now().day(), &settings))
}

pub(super) async fn heads(registry: &Registry, applications: &[Application]) -> Result<Vec<Case>, Problem> {
    let mut cases = Vec::with_capacity(applications.len());
    for application in applications {
        cases.push(head(registry, application).await?);
    }
    Ok(cases)
}

/// The engine's findings beside the edition's wording.
pub(super) async fn lines(registry: &Registry, application: &Application) -> Result<Vec<CriterionLine>, Problem> {
    let assessment = registry.assessment_of(application).await?;
    let editions = registry.store.editions().await?;
    let missing = || Problem::internal(&format!("no file for the edition of {}", application.id));
    Ok(CriterionLine::all(&assessment, editions.with_digest(&application.edition_digest).ok_or_else(missing)?))
}

/// Names by person's id.
pub(super) async fn names(registry: &Registry) -> Result<BTreeMap<PersonId, String>, Problem> {
    Ok(registry.store.names().await?)
}

/// The files of its last submission.
pub(super) async fn files(registry: &Registry, application: &Application) -> Result<Vec<FileLine>, Problem> {
    let mut files = Vec::with_capacity(application.evidence.len());
    for file in &application.evidence {
        let upload = registry.store.upload(&application.owner, &file.digest).await?;
        files.push(FileLine::new(file, upload.map(|upload| upload.scan)));
    }
    Ok(files)
}

/// What the examiners answered about one criterion, and what they had answered before they conferred.
pub(super) fn judged(
    criterion: CriterionId,
    application: &Application,
    examinations: &[Examination],
    name: impl Fn(usize, &PersonId) -> String,
) -> Vec<Judged> {
    let files = &application.evidence;
    let of = |(index, examination): (usize, &Examination)| {
        let judgement = examination.judgements.get(&criterion)?;
        let name = name(index, &examination.examiner);
        let earlier = examination.earlier(criterion).map(|earlier| Earlier {
            judged: Judged::new(name.clone(), &earlier.judgement, files),
            until: earlier.until,
        });
        let earlier = earlier.collect();
        Some(Judged { earlier, ..Judged::new(name, judgement, files) })
    };
    examinations.iter().enumerate().filter_map(of).collect()
}

/// The applicant learns what was judged, not who judged it.
pub(super) fn nameless(index: usize, _: &PersonId) -> String {
    format!("審査員{}", ["甲", "乙"].get(index).unwrap_or(&""))
}

/// What the case stands on, as far as this visitor may know.
pub(super) async fn footing(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Footing, Problem> {
    let ground = deciding::ground(registry, application).await?;
    let gates = deciding::gates(registry, application).await?;
    let basis = match &application.stage {
        Stage::Recommended { basis, .. } if !deciding::is_companys(visitor, application) => basis.as_deref(),
        Stage::Decided { ruling, .. } => ruling.as_ref().map(|ruling| &ruling.basis),
        _ => None,
    };
    let shifts = application.shifts(&ground);
    Ok(Footing::new(application.governing_day(), &gates, &ground.provisions, &shifts, basis))
}

/// What was done, newest first, as far as this visitor may know of it; above it, while it is examined, the day by which it
/// is to be.
pub(super) async fn timeline_for(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Vec<Moment>, Problem> {
    let hidden = super::questions::hidden_versions(registry, visitor, application).await?;
    moments(registry, application, &hidden).await
}

/// The same for those who may know of everything.
pub(super) async fn timeline(registry: &Registry, application: &Application) -> Result<Vec<Moment>, Problem> {
    moments(registry, application, &BTreeSet::new()).await
}

/// What was done, but for what made the `hidden` versions.
async fn moments(
    registry: &Registry,
    application: &Application,
    hidden: &BTreeSet<u32>,
) -> Result<Vec<Moment>, Problem> {
    let subject = Subject::Application(application.id.clone());
    let leaves = registry.store.leaves_of(&subject.to_string()).await?;
    let is_examined = application.stage == Stage::Examining;
    let settings = registry.store.settings().await?;
    let due = application.clock(crate::clock::now().day(), &settings).due.filter(|_| is_examined).map(Moment::due);
    let known = leaves.iter().rev().filter(|leaf| !hidden.contains(&leaf.version));
    Ok(due.into_iter().chain(known.filter_map(Moment::of)).collect())
}

pub(super) fn decision(application: &Application) -> Option<Decision> {
    let Stage::Decided { decision, at, .. } = &application.stage else { return None };
    let is_pass = decision.verdict == domain::act::Verdict::Pass;
    Some(Decision { is_pass, reason: decision.reason.clone(), at: *at })
}

/// The registration it led to, with its licences.
pub(super) async fn panel(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Option<LicencePanel>, Problem> {
    let Some(number) = registry.store.registration_of(&application.id).await? else { return Ok(None) };
    let registration = registration(registry, number.as_str()).await?;
    licence_panel(registry, Some(visitor), &registration, crate::clock::now()).await
}
