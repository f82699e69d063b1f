//! `/proposals`: what one person proposed and another confirms.

use std::sync::Arc;

use domain::calendar::Instant;
use domain::proposal::{Motion, Proposal, Standing};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::Chapter;
use super::body::Body;
use super::criteria::cases;
use super::deciding::basis_json;
use super::rendered::Rendered;
use super::request::{Caller, call};
use super::wire::Reason;
use crate::acts::{Confirm, Done, DropProposal, Propose};
use crate::problem::Problem;
use crate::proposals;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A proposal.
#[derive(Object, Debug)]
#[oai(rename = "Proposal", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct ProposalView {
    id: String,
    /// Acts about the proposal itself so far.
    version: u32,
    /// What it is about, such as `registration/OTK-2026-00001`.
    subject: String,
    /// The version of that; once it has changed, the proposal is settled. Of a registration, how often something was
    /// done about its measures.
    subject_version: u32,
    /// What is proposed: `decide`, `take_measure`, `revoke_licence`, `activate_key`, `compromise_key`,
    /// `publish_edition`, `waive_conflict`, `decide_objection`, `decide_measure_objection`, `change_setting`,
    /// `change_holidays` or `succeed`, with its particulars.
    motion: Any<Value>,
    /// What a decision would rest on; it is not confirmed once that has changed.
    basis: Option<Any<Value>>,
    /// The person who proposed it, and cannot confirm it.
    by: String,
    made_at: String,
    /// It can be confirmed before this, in UTC.
    until: String,
    standing: StandingName,
    /// What the provider stated of its side, where it is heard.
    statement: Option<String>,
    /// Why it was dropped.
    dropped: Option<String>,
    /// The file that would be published, where one proposal about an edition is shown.
    file: Option<String>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ProposalStanding", rename_all = "snake_case")]
enum StandingName {
    Open,
    Dropped,
    Settled,
    Expired,
}

impl From<Standing> for StandingName {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Open => Self::Open,
            Standing::Dropped => Self::Dropped,
            Standing::Settled => Self::Settled,
            Standing::Expired => Self::Expired,
        }
    }
}

/// What a confirmation did.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct ConfirmedView {
    proposal: ProposalView,
    /// The leaf of the act that was done.
    leaf: u64,
}

#[OpenApi(prefix_path = "/proposals", tag = "Chapter::Proposals")]
impl Api {
    /// Lists what waits for a second person
    ///
    /// Open proposals, the first to expire first: those whose motion the caller could make. An auditor reads all.
    #[oai(path = "/", method = "get", operation_id = "listProposals")]
    async fn list(&self, caller: Caller) -> Result<Json<Vec<ProposalView>>, Problem> {
        let at = caller.0.at;
        let open = proposals::open_to(&self.registry, &caller.0).await?;
        Ok(Json(open.iter().map(|(proposal, found)| view(proposal, *found, at)).collect()))
    }

    /// Shows a proposal
    #[oai(path = "/:id", method = "get", operation_id = "getProposal")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Rendered<ProposalView>, Problem> {
        let proposal = proposals::find(&self.registry, &caller.0, &id.0).await?;
        let found = proposals::version_of(&self.registry, &proposal.motion).await?;
        let file = proposals::file(&self.registry, &proposal).await?;
        let shown = ProposalView { file, ..view(&proposal, found, caller.0.at) };
        Ok(Rendered::at_version(&shown, proposal.version))
    }

    /// Lists what a proposed edition would find
    ///
    /// Of every registered service and open application, in the order of their numbers; of a correction, those that are
    /// bound to the edition. A page at a time; without `next` it is the last. Only while the proposal is open.
    #[oai(path = "/:id/what-if", method = "get", operation_id = "proposalWhatIf")]
    async fn what_if(
        &self,
        caller: Caller,
        id: Path<String>,
        /// Only cases after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Any<Value>>, Problem> {
        let (_, candidate) = proposals::candidate(&self.registry, &caller.0, &id.0).await?;
        cases(&self.registry, &caller, &candidate, after.0.as_deref()).await
    }

    /// Confirms
    ///
    /// Whoever proposed it cannot. What was proposed is done by this act.
    #[oai(path = "/:id/confirmation", method = "post", operation_id = "confirmProposal")]
    async fn confirm(&self, caller: Caller, id: Path<String>) -> Result<Json<ConfirmedView>, Problem> {
        let proposal = proposals::find(&self.registry, &caller.0, &id.0).await?.id;
        let Done { entry, .. } = self.registry.perform(Confirm { proposal }, call(&caller, None, None)?).await?;
        let proposal = proposals::find(&self.registry, &caller.0, &id.0).await?;
        let found = proposals::version_of(&self.registry, &proposal.motion).await?;
        Ok(Json(ConfirmedView { proposal: view(&proposal, found, caller.0.at), leaf: entry.seq }))
    }

    /// Drops a proposal
    #[oai(path = "/:id/dropping", method = "post", operation_id = "dropProposal")]
    async fn drop_it(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let proposal = proposals::find(&self.registry, &caller.0, &id.0).await?.id;
        let deed = DropProposal { proposal, reason: body.0.reason };
        let Done { state, entry } = self.registry.perform(deed, call(&caller, None, None)?).await?;
        let found = proposals::version_of(&self.registry, &state.motion).await?;
        Ok(Rendered::at_version(&view(&state, found, caller.0.at), state.version).logged(entry))
    }
}

/// Proposes; the answer of every operation that does.
pub(super) async fn propose(
    registry: &Arc<Registry>,
    caller: &Caller,
    motion: Motion,
    if_match: Header<Option<String>>,
    key: Header<Option<String>>,
) -> Result<Rendered<ProposalView>, Problem> {
    Ok(made(registry.perform(Propose { motion }, call(caller, if_match.0, key.0)?).await?, caller.0.at))
}

pub(super) fn made(done: Done<Proposal>, at: Instant) -> Rendered<ProposalView> {
    let Done { state, entry } = done;
    let location = format!("/api/v1/proposals/{}", state.id);
    let view = view(&state, state.about_version, at);
    Rendered::at_version(&view, state.version).created(&location).logged(entry)
}

fn view(proposal: &Proposal, found: u32, at: Instant) -> ProposalView {
    ProposalView {
        id: proposal.id.to_string(),
        version: proposal.version,
        subject: proposal.motion.subject().to_string(),
        subject_version: proposal.about_version,
        motion: Any(serde_json::to_value(&proposal.motion).expect("the domain's states have JSON forms")),
        basis: proposal.basis.as_deref().map(basis_json),
        by: proposal.by.to_string(),
        made_at: proposal.made_at.to_string(),
        until: proposal.until.to_string(),
        standing: proposal.standing(found, at).into(),
        statement: proposal.statement.as_ref().map(|statement| statement.words.clone()),
        dropped: proposal.dropped.as_ref().map(|dropped| dropped.reason.clone()),
        file: None,
    }
}
