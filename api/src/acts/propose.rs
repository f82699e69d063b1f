//! 提案: the first of two people

use domain::act::{KeyId, ProposalId, Subject};
use domain::authority::{Object, Power};
use domain::edition::{PublishedEdition, digest_of};
use domain::proposal::{Motion, Proposal};
use domain::reading::cleaned_text;
use domain::settings::Proposed;
use domain::signing_key::SigningKey;

use super::deciding::ground;
use super::measures;
use super::stop_decisions::require_running;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// Somebody proposes what a second person must confirm: a decision, a measure, a revocation, an act about a key,
/// a waiver.
#[derive(Debug)]
pub struct Propose {
    pub motion: Motion,
}

impl Deed for Propose {
    type State = Proposal;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Proposal>, Refused> {
        let id = fresh_id(desk);
        if let Some(before) = proposed_before(desk, |motion| *motion == self.motion).await? {
            return Ok(before);
        }
        let (state, act) = match self.motion {
            Motion::Decide { application, decision, conditions } => {
                let found = load(desk, &application).await?;
                desk.check_right(Power::Decide, &found.object())?;
                desk.check_version(found.version)?;
                require_running(desk, &found).await?;
                let ground = ground(desk, &found).await?;
                found.propose_decision(id, (decision, conditions), &ground, desk.by, desk.at)?
            }
            Motion::DecideObjection { application, outcome, reason } => {
                let found = load(desk, &application).await?;
                desk.check_right(Power::DecideObjection, &found.object())?;
                desk.check_version(found.version)?;
                require_running(desk, &found).await?;
                found.propose_on_objection(id, outcome, reason, desk.by, desk.at)?
            }
            Motion::TakeMeasure { registration, measure, reason, plan } => {
                let found = measures::load(desk, &registration).await?;
                desk.check_right(Power::TakeMeasure, &found.object())?;
                desk.check_version(found.version)?;
                let plan = plan.map(|plan| *plan).ok_or(domain::registration::Refusal::NoGrounds)?;
                found.propose(id, measure, reason, plan, desk.by, desk.at)?
            }
            Motion::DecideMeasureObjection { registration, measure, outcome, reason } => {
                let found = measures::load(desk, &registration).await?;
                desk.check_right(Power::HearMeasure, &found.object())?;
                desk.check_version(found.version)?;
                found.propose_on_objection(id, measure as usize, outcome, reason, desk.by, desk.at)?
            }
            Motion::Succeed { registration, succession, provider } => {
                let found = measures::load(desk, &registration).await?;
                desk.check_right(Power::Succeed, &found.object())?;
                desk.check_version(found.version)?;
                let missing = || Refused::NotFound { what: "organisation", id: succession.to.to_string() };
                desk.tx.organisation(&succession.to).await?.ok_or_else(missing)?;
                found.propose_succession(id, *succession, *provider, desk.by, desk.at)?
            }
            Motion::RevokeLicence { licence, reason } => {
                let missing = || Refused::NotFound { what: "licence", id: licence.to_string() };
                let (found, _) = desk.tx.licence(licence).await?.ok_or_else(missing)?;
                let registration = desk.tx.registration(&found.grant.registration).await?.ok_or_else(missing)?;
                desk.check_right(Power::RevokeLicence, &registration.object())?;
                desk.check_version(found.version)?;
                found.propose_revocation(id, &registration, reason, desk.by, desk.at)?
            }
            Motion::ActivateKey { key: of } => {
                let found = key(desk, &of).await?;
                desk.check_right(Power::ChangeKey, &Object::default())?;
                desk.check_version(found.version)?;
                desk.registry.keys.of(&found).ok_or(Refused::KeyNotHeld { key: of.to_string() })?;
                found.propose_activation(id, desk.by, desk.at)?
            }
            Motion::CompromiseKey { key: of, reason } => {
                let found = key(desk, &of).await?;
                desk.check_right(Power::ChangeKey, &Object::default())?;
                desk.check_version(found.version)?;
                found.propose_distrust(id, reason, desk.by, desk.at)?
            }
            Motion::WaiveConflict { application, examiner, reason } => {
                let found = load(desk, &application).await?;
                desk.check_right(Power::WaiveConflict, &found.object())?;
                desk.check_version(found.version)?;
                let is_tied = desk.tx.is_tied(&found, &examiner).await?;
                found.propose_waiver(id, &examiner, reason, is_tied, desk.by, desk.at)?
            }
            Motion::ChangeSetting { .. } | Motion::ChangeHolidays { .. } => {
                desk.check_right(Power::ChangeSettings, &Object::default())?;
                let settings = desk.tx.settings().await?;
                // A figure is never that of the holidays: those are changed by the day.
                let missing = || Refused::NotFound { what: "setting", id: self.motion.subject().to_string() };
                let (what, source, reason) = Proposed::of(&self.motion).ok_or_else(missing)?;
                // What nobody has changed yet has no version to be named.
                let found = settings.version(what.setting());
                if found > 0 || desk.read().is_some() {
                    desk.check_version(found)?;
                }
                let (source, reason) = (source.to_owned(), reason.to_owned());
                settings.propose(id, what, source, reason, desk.by, desk.at)?
            }
            // That is proposed with its file, by the deed below.
            Motion::PublishEdition { digest, .. } => return Err(Refused::NotFound { what: "edition", id: digest }),
        };
        desk.tx.insert_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// A file as it is kept, whatever it went through on its way: lines end in LF, the last one too, and nothing stands
/// around them.
pub fn file_of(text: &str) -> String {
    format!("{}\n", cleaned_text(text))
}

/// 公示の提案: somebody proposes a file as a new edition, or in the place of one that it corrects. The file is kept.
#[derive(Debug)]
pub struct ProposeEdition {
    /// The file: TOML, as [`file_of`] makes it.
    pub text: String,
    pub reason: String,
}

impl Deed for ProposeEdition {
    type State = Proposal;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Proposal>, Refused> {
        let id = fresh_id(desk);
        let of_this = digest_of(&self.text);
        let is_same = |motion: &Motion| match motion {
            Motion::PublishEdition { digest, reason, .. } => *digest == of_this && *reason == self.reason,
            _ => false,
        };
        if let Some(before) = proposed_before(desk, is_same).await? {
            return Ok(before);
        }
        desk.check_right(Power::PublishEdition, &Object::default())?;
        let editions = desk.tx.editions().await?;
        // A file that is none is told of by the domain, with everything else that is wrong.
        let before = match editions.with("", &self.text) {
            Ok((_, edition)) => desk.tx.published_edition(&edition).await?,
            Err(_) => None,
        };
        if let Some(before) = &before {
            desk.check_version(before.version)?;
        }
        let (state, act) =
            PublishedEdition::propose(&editions, before.as_ref(), &self.text, id, self.reason, desk.by, desk.at)?;
        desk.tx.keep_edition_file(of_this, self.text).await?;
        desk.tx.insert_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

fn fresh_id(desk: &mut Desk<'_>) -> ProposalId {
    desk.random_id("Q").parse().expect("a random identifier is an identifier")
}

/// The proposal that the same request made before.
async fn proposed_before(
    desk: &Desk<'_>,
    is_same: impl FnOnce(&Motion) -> bool,
) -> Result<Option<Done<Proposal>>, Refused> {
    let Some((subject, entry)) = desk.done_before().await? else { return Ok(None) };
    let Subject::Proposal(id) = subject else { return Err(Refused::KeyReused) };
    let missing = Refused::NotFound { what: "proposal", id: id.to_string() };
    let state = desk.tx.proposal(&id).await?.ok_or(missing)?;
    if is_same(&state.motion) { Ok(Some(Done { state, entry })) } else { Err(Refused::KeyReused) }
}

/// The key of that id.
pub(super) async fn key(desk: &Desk<'_>, id: &KeyId) -> Result<SigningKey, Refused> {
    let missing = || Refused::NotFound { what: "key", id: id.to_string() };
    desk.tx.signing_key(id).await?.ok_or_else(missing)
}
