//! 要件ごとの判断・協議

use domain::act::{Act, ApplicationId, ExaminationId};
use domain::application::Application;
use domain::assessment::assess_under;
use domain::criteria::{CriterionId, TrackRecord};
use domain::edition::{Criterion, Editions};
use domain::examination::{Bench, Bound, Examination, Judgement};

use super::examiners::require_untied;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};
use crate::registry::Registry;
use crate::store::Error;

/// An examiner judges some criteria.
#[derive(Debug)]
pub struct Judge {
    pub application: ApplicationId,
    pub judgements: Vec<Judgement>,
}

/// An examiner reconciles one criterion that the two answered differently.
#[derive(Debug)]
pub struct Reconcile {
    pub application: ApplicationId,
    pub judgement: Judgement,
}

impl Deed for Judge {
    type State = Examination;

    // What was typed about these criteria leaves the working papers.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Examination>, Refused> {
        let Self { application, judgements } = self;
        let fresh = fresh_id(desk);
        let criteria: Vec<CriterionId> = judgements.iter().map(|judgement| judgement.criterion).collect();
        let case = Opened::load(desk, &application).await?;
        let (by, at) = (desk.by, desk.at);
        let judged = Examination::judge(&case.bench(), fresh, judgements, by, at)?;
        keep(desk, judged, &criteria).await
    }
}

impl Deed for Reconcile {
    type State = Examination;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Examination>, Refused> {
        let Self { application, judgement } = self;
        let criterion = judgement.criterion;
        let case = Opened::load(desk, &application).await?;
        let (by, at) = (desk.by, desk.at);
        let reconciled = Examination::reconcile(&case.bench(), judgement, by, at)?;
        keep(desk, reconciled, &[criterion]).await
    }
}

/// A case with all that whoever judges it is bound by.
struct Opened {
    application: Application,
    read: u32,
    asked: Vec<Bound>,
    examinations: Vec<Examination>,
}

impl Opened {
    async fn load(desk: &Desk<'_>, id: &ApplicationId) -> Result<Self, Refused> {
        let application = load(desk, id).await?;
        let read = desk.read().ok_or(Refused::VersionNeeded { found: application.version })?;
        require_untied(desk, &application).await?;
        let asked = asked(desk, &application).await?;
        let examinations = desk.tx.examinations_of(&application.id).await?;
        Ok(Self { application, read, asked, examinations })
    }

    fn bench(&self) -> Bench<'_> {
        let Self { application, read, asked, examinations } = self;
        Bench { application, read: *read, asked, examinations }
    }
}

async fn keep(
    desk: &mut Desk<'_>,
    (state, act): (Examination, Act),
    criteria: &[CriterionId],
) -> Result<Done<Examination>, Refused> {
    desk.tx.store_examination(&state).await?;
    desk.tx.forget_unsent(&state.application, &state.examiner, criteria).await?;
    Ok(Done { state, entry: desk.record(&act).await? })
}

fn fresh_id(desk: &mut Desk<'_>) -> ExaminationId {
    desk.random_id("X").parse().expect("a random identifier is an identifier")
}

/// What the edition asks of this service, and what the engine found.
pub(super) async fn asked(desk: &Desk<'_>, application: &Application) -> Result<Vec<Bound>, Refused> {
    let class = application.declaration.service.class;
    let record = desk.tx.track_record(&application.owner, class, application.submitted_at).await?;
    let editions = desk.tx.editions().await?;
    Ok(bound_by(&editions, application, &record)?)
}

/// The same for a page, outside any deed.
pub async fn bounds(registry: &Registry, application: &Application) -> Result<Vec<Bound>, Error> {
    let class = application.declaration.service.class;
    let record = registry.store.track_record(&application.owner, class, application.submitted_at).await?;
    let editions = registry.store.editions().await?;
    bound_by(&editions, application, &record)
}

fn bound_by(editions: &Editions, application: &Application, record: &TrackRecord) -> Result<Vec<Bound>, Error> {
    // The file that the case is bound to, whatever was corrected since.
    let unknown = || Error::Corrupt { table: "applications", column: "state", row: application.id.to_string() };
    let edition = editions.with_digest(&application.edition_digest).ok_or_else(unknown)?;
    let service = &application.declaration.service;
    let assessment = assess_under(edition, &application.declaration, application.governing_day(), Some(record));
    let bound = |criterion: &Criterion| Bound::new(criterion, &assessment.finding(criterion.id).conclusion);
    let asked = edition.criteria_for(service.class, service.kind).into_iter();
    Ok(asked.filter(|criterion| application.asks(criterion.id)).map(bound).collect())
}
