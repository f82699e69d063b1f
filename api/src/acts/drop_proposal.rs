//! 提案の取りやめ

use domain::act::ProposalId;
use domain::authority::Object;
use domain::proposal::{Motion, Proposal};

use super::confirm::find;
use super::propose::key;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};

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
            Motion::TakeMeasure { registration, .. } => {
                let missing = || Refused::NotFound { what: "registration", id: registration.to_string() };
                let about = desk.tx.registration(&registration).await?.ok_or_else(missing)?;
                before.drop_it(about.version, reason, &about.object(), by, at)?
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
            Motion::PublishEdition { edition, .. } => {
                let version = desk.tx.published_edition(&edition).await?.map_or(0, |about| about.version);
                before.drop_it(version, reason, &Object::default(), by, at)?
            }
        };
        desk.tx.update_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
