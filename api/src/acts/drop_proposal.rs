//! 提案の取りやめ

use domain::act::{ProposalId, Subject};
use domain::authority::Object;
use domain::proposal::{Motion, Proposal};

use super::confirm::find;
use super::measures;
use super::propose::key;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// How often the setting that a motion is about was changed.
async fn version_of(desk: &Desk<'_>, motion: &Motion) -> Result<u32, Refused> {
    let Subject::Setting(setting) = motion.subject() else { return Ok(0) };
    Ok(desk.tx.settings().await?.version(setting))
}

/// Somebody who could have proposed it drops a proposal, with a reason.
#[derive(Debug)]
pub struct DropProposal {
    pub proposal: ProposalId,
    pub reason: String,
}

impl Deed for DropProposal {
    type State = Proposal;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Proposal>, Refused> {
        let before = find(desk, &self.proposal).await?;
        let (by, at, reason) = (desk.by, desk.at, self.reason);
        let (state, act) = match before.motion.clone() {
            Motion::Decide { application, .. }
            | Motion::WaiveConflict { application, .. }
            | Motion::DecideObjection { application, .. } => {
                let about = load(desk, &application).await?;
                before.drop_it(about.version, reason, &about.object(), by, at)?
            }
            Motion::TakeMeasure { registration, .. } | Motion::Succeed { registration, .. } => {
                let about = measures::load(desk, &registration).await?;
                before.drop_it(about.measured(), reason, &about.object(), by, at)?
            }
            Motion::DecideMeasureObjection { registration, measure, .. } => {
                let about = measures::load(desk, &registration).await?;
                let object = about.object_of(about.measure(measure as usize)?);
                before.drop_it(about.measured(), reason, &object, by, at)?
            }
            Motion::RevokeLicence { licence, .. } => {
                let missing = || Refused::NotFound { what: "licence", id: licence.to_string() };
                let (about, _) = desk.tx.licence(licence).await?.ok_or_else(missing)?;
                let registration = desk.tx.registration(&about.grant.registration).await?.ok_or_else(missing)?;
                before.drop_it(about.version, reason, &registration.object(), by, at)?
            }
            Motion::ActivateKey { key: id } | Motion::CompromiseKey { key: id, .. } => {
                let about = key(desk, &id).await?;
                before.drop_it(about.version, reason, &Object::default(), by, at)?
            }
            Motion::ChangeSetting { .. } | Motion::ChangeHolidays { .. } => {
                let version = version_of(desk, &before.motion).await?;
                before.drop_it(version, reason, &Object::default(), by, at)?
            }
            Motion::PublishEdition { edition, .. } => {
                let version = desk.tx.published_edition(&edition).await?.map_or(0, |about| about.version);
                before.drop_it(version, reason, &Object::default(), by, at)?
            }
        };
        desk.tx.update_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
