//! 判定の停止と再開

use domain::act::EditionId;
use domain::application::Application;
use domain::authority::{Object, Power};
use domain::edition::PublishedEdition;

use super::{Deed, Desk, Done, Refused};

/// 停止: from now on nothing is decided under an edition, by any server.
#[derive(Debug)]
pub struct StopDecisions {
    pub edition: EditionId,
    pub reason: String,
}

impl Deed for StopDecisions {
    type State = PublishedEdition;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<PublishedEdition>, Refused> {
        // Whatever was seen: what was changed meanwhile does not make it less urgent.
        let (state, act) = find(desk, &self.edition).await?.stop(self.reason, desk.by, desk.at)?;
        desk.tx.store_edition(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// 再開: somebody else says that decisions may go on.
#[derive(Debug)]
pub struct ResumeDecisions {
    pub edition: EditionId,
    pub reason: String,
}

impl Deed for ResumeDecisions {
    type State = PublishedEdition;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<PublishedEdition>, Refused> {
        let before = find(desk, &self.edition).await?;
        desk.check_right(Power::PublishEdition, &Object::default())?;
        desk.check_version(before.version)?;
        let (state, act) = before.resume(self.reason, desk.by, desk.at)?;
        desk.tx.store_edition(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

async fn find(desk: &Desk<'_>, id: &EditionId) -> Result<PublishedEdition, Refused> {
    let missing = || Refused::NotFound { what: "edition", id: id.to_string() };
    desk.tx.published_edition(id).await?.ok_or_else(missing)
}

/// May this application be decided now? Asked inside the transaction that would decide it: a stop that was answered
/// holds for every decision after it, whichever server takes it.
pub(super) async fn require_running(desk: &Desk<'_>, application: &Application) -> Result<(), Refused> {
    let missing = || Refused::NotFound { what: "edition", id: application.edition.clone() };
    let id: EditionId = application.edition.parse().map_err(|_| missing())?;
    Ok(find(desk, &id).await?.require_running()?)
}
