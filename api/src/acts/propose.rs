//! 提案: the first of two people

use domain::act::{ProposalId, Subject};
use domain::authority::Power;
use domain::proposal::{Motion, Proposal};

use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// Somebody proposes what a second person must confirm: a decision, a measure, a revocation.
#[derive(Debug)]
pub struct Propose {
    pub motion: Motion,
}

impl Deed for Propose {
    type State = Proposal;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Proposal>, Refused> {
        let id: ProposalId = desk.random_id("Q").parse().expect("a random identifier is an identifier");
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Proposal(id) = subject else { return Err(Refused::KeyReused) };
            let missing = Refused::NotFound { what: "proposal", id: id.to_string() };
            let state = desk.tx.proposal(&id).await?.ok_or(missing)?;
            return if state.motion == self.motion { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let (state, act) = match self.motion {
            Motion::Decide { application, decision } => {
                let found = load(desk, &application).await?;
                desk.check_right(Power::Decide, &found.object())?;
                desk.check_version(found.version)?;
                found.propose_decision(id, decision, desk.by, desk.at)?
            }
            Motion::TakeMeasure { registration, measure, reason } => {
                let missing = || Refused::NotFound { what: "registration", id: registration.to_string() };
                let found = desk.tx.registration(&registration).await?.ok_or_else(missing)?;
                desk.check_right(Power::TakeMeasure, &found.object())?;
                desk.check_version(found.version)?;
                found.propose(id, measure, reason, desk.by, desk.at)?
            }
            Motion::RevokeLicence { licence, reason } => {
                let missing = || Refused::NotFound { what: "licence", id: licence.to_string() };
                let (found, _) = desk.tx.licence(licence).await?.ok_or_else(missing)?;
                let registration = desk.tx.registration(&found.grant.registration).await?.ok_or_else(missing)?;
                desk.check_right(Power::RevokeLicence, &registration.object())?;
                desk.check_version(found.version)?;
                found.propose_revocation(id, &registration, reason, desk.by, desk.at)?
            }
        };
        desk.tx.insert_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
