//! 要件ごとの判断

use domain::act::{ApplicationId, ExaminationId};
use domain::application::Application;
use domain::assessment::assess_under;
use domain::criteria::{Conclusion, TrackRecord};
use domain::edition::{Criterion, Editions};
use domain::examination::{Answer, Bound, Examination, Judgement};

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

impl Deed for Judge {
    type State = Examination;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Examination>, Refused> {
        let application = load(desk, &self.application).await?;
        let read = desk.read().ok_or(Refused::VersionNeeded { found: application.version })?;
        require_untied(desk, &application).await?;
        let asked = asked(desk, &application).await?;
        let before = match desk.tx.examination(&application.id, &desk.by.person).await? {
            Some(state) => Ok(state),
            None => Err(fresh_id(desk)),
        };
        let (state, act) = Examination::judge(before, &application, read, &asked, self.judgements, desk.by, desk.at)?;
        desk.tx.store_examination(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

fn fresh_id(desk: &mut Desk<'_>) -> ExaminationId {
    desk.random_id("X").parse().expect("a random identifier is an identifier")
}

/// What the edition asks of this service, and which answers arithmetic leaves.
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
    let bound = |criterion: &Criterion| {
        let finding = assessment.findings.iter().find(|finding| finding.criterion == criterion.id);
        let only = match finding.map(|finding| &finding.conclusion) {
            _ if criterion.judgement.may_overrule => None,
            Some(Conclusion::Met) => Some(Answer::Met),
            Some(Conclusion::Unmet { .. }) => Some(Answer::Unmet),
            Some(Conclusion::Undetermined { .. } | Conclusion::NotApplicable | Conclusion::NotInForce) | None => None,
        };
        Bound { criterion: criterion.id, only }
    };
    Ok(edition.criteria_for(service.class, service.kind).into_iter().map(bound).collect())
}
