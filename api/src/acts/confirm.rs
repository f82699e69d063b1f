//! 確認: the second of two people

use domain::act::ProposalId;
use domain::application::Application;
use domain::edition::PublishedEdition;
use domain::licence::Licence;
use domain::proposal::{Motion, Proposal};
use domain::registration::Registration;
use domain::settings::ChangedSetting;
use domain::signing_key::SigningKey;

use super::change::{declared, end_providers_licence};
use super::deciding::ground;
use super::measures;
use super::propose::key;
use super::stop_decisions::require_running;
use super::submit::{load, record_and_follow};
use super::{Deed, Desk, Done, Refused};

/// A second person confirms a proposal: what was proposed is done.
#[derive(Debug)]
pub struct Confirm {
    pub proposal: ProposalId,
}

/// What was done.
#[derive(Debug)]
pub enum Confirmed {
    Decided(Application),
    /// An objection was decided on.
    Heard(Application),
    Waived(Application),
    Measured(Registration),
    /// It went over to another provider.
    Succeeded(Registration),
    Revoked(Licence),
    Keyed(SigningKey),
    Published(PublishedEdition),
    Set(ChangedSetting),
}

impl Deed for Confirm {
    type State = Confirmed;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Confirmed>, Refused> {
        let proposal = find(desk, &self.proposal).await?;
        let (state, act) = match &proposal.motion {
            Motion::Decide { application, .. } => {
                let found = load(desk, application).await?;
                require_running(desk, &found).await?;
                let ground = ground(desk, &found).await?;
                let (state, act) = found.decide(&proposal, &ground, desk.by, desk.at)?;
                desk.tx.update_application(&state).await?;
                (Confirmed::Decided(state), act)
            }
            Motion::TakeMeasure { registration, .. } => {
                let before = measures::load(desk, registration).await?;
                let (state, act) = before.take(&proposal, desk.by, desk.at)?;
                desk.tx.update_registration(&state).await?;
                (Confirmed::Measured(state), act)
            }
            Motion::DecideMeasureObjection { registration, .. } => {
                let before = measures::load(desk, registration).await?;
                let (state, act) = before.decide_objection(&proposal, desk.by, desk.at)?;
                desk.tx.update_registration(&state).await?;
                (Confirmed::Measured(state), act)
            }
            Motion::Succeed { registration, .. } => {
                let before = measures::load(desk, registration).await?;
                let now = declared(desk, &before).await?;
                let (state, act) = before.succeed(&proposal, &now, desk.by, desk.at)?;
                desk.tx.update_registration(&state).await?;
                (Confirmed::Succeeded(state), act)
            }
            Motion::RevokeLicence { licence, .. } => {
                let missing = || Refused::NotFound { what: "licence", id: licence.to_string() };
                let (before, token) = desk.tx.licence(*licence).await?.ok_or_else(missing)?;
                let registration = desk.tx.registration(&before.grant.registration).await?.ok_or_else(missing)?;
                let (state, act) = before.revoke(&registration, &proposal, desk.by, desk.at)?;
                desk.tx.update_licence(&state, token).await?;
                (Confirmed::Revoked(state), act)
            }
            Motion::ActivateKey { key: id } => {
                let before = key(desk, id).await?;
                // A key that nobody here can sign with would stop the register.
                desk.registry.keys.of(&before).ok_or(Refused::KeyNotHeld { key: id.to_string() })?;
                // Machines' clocks disagree; the key that is activated later signs, so it has the later instant.
                let keys = desk.tx.signing_keys().await?;
                let others = keys.iter().filter(|key| key.purpose == before.purpose).filter_map(SigningKey::signs_from);
                let at = others.max().map_or(desk.at, |last| desk.at.max(last.plus_seconds(1)));
                let (state, act) = before.activate(&proposal, desk.by, at)?;
                desk.tx.update_signing_key(&state).await?;
                (Confirmed::Keyed(state), act)
            }
            Motion::CompromiseKey { key: id, .. } => {
                let (state, act) = key(desk, id).await?.distrust(&proposal, desk.by, desk.at)?;
                desk.tx.update_signing_key(&state).await?;
                (Confirmed::Keyed(state), act)
            }
            Motion::PublishEdition { edition, digest, .. } => {
                let missing = || Refused::NotFound { what: "edition", id: edition.to_string() };
                let text = desk.tx.edition_file(digest).await?.ok_or_else(missing)?;
                let (editions, before) = (desk.tx.editions().await?, desk.tx.published_edition(edition).await?);
                let (state, act) = PublishedEdition::publish(&editions, before, &text, &proposal, desk.by, desk.at)?;
                desk.tx.store_edition(&state).await?;
                (Confirmed::Published(state), act)
            }
            Motion::ChangeSetting { .. } | Motion::ChangeHolidays { .. } => {
                let (state, act) = desk.tx.settings().await?.change(&proposal, desk.by, desk.at)?;
                desk.tx.store_setting(&state).await?;
                (Confirmed::Set(state), act)
            }
            Motion::DecideObjection { application, .. } => {
                let found = load(desk, application).await?;
                require_running(desk, &found).await?;
                let (state, act) = found.decide_objection(&proposal, desk.by, desk.at)?;
                desk.tx.update_application(&state).await?;
                (Confirmed::Heard(state), act)
            }
            Motion::WaiveConflict { application, examiner, .. } => {
                let before = load(desk, application).await?;
                let is_tied = desk.tx.is_tied(&before, examiner).await?;
                let (state, act) = before.waive(&proposal, is_tied, desk.by, desk.at)?;
                desk.tx.update_application(&state).await?;
                (Confirmed::Waived(state), act)
            }
        };
        let entry = match &state {
            Confirmed::Decided(application) | Confirmed::Heard(application) => {
                record_and_follow(desk, application, &act).await?
            }
            Confirmed::Succeeded(registration) => {
                let entry = desk.record(&act).await?;
                end_providers_licence(desk, registration).await?;
                entry
            }
            _ => desk.record(&act).await?,
        };
        Ok(Done { state, entry })
    }
}

/// The proposal of that id.
pub(super) async fn find(desk: &Desk<'_>, id: &ProposalId) -> Result<Proposal, Refused> {
    let missing = || Refused::NotFound { what: "proposal", id: id.to_string() };
    desk.tx.proposal(id).await?.ok_or_else(missing)
}
