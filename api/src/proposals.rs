//! What waits for a second person, and who may know of it.

use domain::act::{ProposalId, Subject};
use domain::authority::{Object, Power};
use domain::calendar::Instant;
use domain::proposal::{Motion, Proposal, Refusal, Standing};
use domain::registration::Registration;
use domain::text::Text;

use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::what_if::Candidate;

/// What a second person confirms.
pub const SECOND: &[Power] = &[
    Power::Decide,
    Power::TakeMeasure,
    Power::RevokeLicence,
    Power::ChangeKey,
    Power::PublishEdition,
    Power::WaiveConflict,
    Power::DecideObjection,
    Power::HearMeasure,
    Power::ChangeSettings,
    Power::Succeed,
];

/// What lets somebody read proposals: of each its own, or that of reading all.
pub const READ: &[Power] = &[
    Power::ReadProposals,
    Power::Decide,
    Power::TakeMeasure,
    Power::RevokeLicence,
    Power::ChangeKey,
    Power::PublishEdition,
    Power::WaiveConflict,
    Power::DecideObjection,
    Power::HearMeasure,
    Power::ChangeSettings,
    Power::Succeed,
];

/// What lets somebody read what an edition would change: of proposals about editions, and of their cases.
pub const READ_EDITIONS: &[Power] = &[Power::ReadProposals, Power::PublishEdition];

/// The version of what a proposal is about, as it counts for whether the proposal is settled; 0 where there is no such
/// thing.
pub async fn version_of(registry: &Registry, motion: &Motion) -> Result<u32, Problem> {
    let store = &registry.store;
    Ok(match &motion.subject() {
        Subject::Application(id) => store.application(id).await?.map_or(0, |found| found.version),
        Subject::Registration(number) => store.registration(number).await?.map_or(0, |found| found.measured()),
        Subject::Licence(id) => store.licence(*id).await?.map_or(0, |found| found.version),
        Subject::Key(id) => {
            let keys = store.signing_keys().await?;
            keys.iter().find(|key| key.id == *id).map_or(0, |found| found.version)
        }
        Subject::Edition(id) => {
            let editions = store.published_editions().await?;
            editions.iter().find(|edition| edition.id == *id).map_or(0, |found| found.version)
        }
        Subject::Examination(_) | Subject::Proposal(_) | Subject::Person(_) => 0,
        Subject::Setting(id) => store.settings().await?.version(*id),
        Subject::Report(_) | Subject::Complaint(_) | Subject::PriceCheck(_) => 0,
    })
}

/// A proposal that the visitor may know of: whoever may do what is proposed, and whoever audits. To others it is not
/// there.
pub async fn find(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Proposal, Problem> {
    let missing = || Problem::not_found(&Text::new("提案", "proposal"), id);
    let parsed: ProposalId = id.parse().map_err(|_| missing())?;
    let found = registry.store.proposal(&parsed).await?.ok_or_else(missing)?;
    if may_read(registry, visitor, &found).await? { Ok(found) } else { Err(missing()) }
}

/// Proposals that can be confirmed now and that the visitor may know of, with the version of what they are about; the
/// first to expire first.
pub async fn open_to(registry: &Registry, visitor: &Visitor) -> Result<Vec<(Proposal, u32)>, Problem> {
    let mut open = Vec::new();
    for proposal in registry.store.proposals_waiting(visitor.at).await? {
        let found = version_of(registry, &proposal.motion).await?;
        if proposal.standing(found, visitor.at) == Standing::Open && may_read(registry, visitor, &proposal).await? {
            open.push((proposal, found));
        }
    }
    Ok(open)
}

/// Measures about this registration that are proposed and open, and of which the provider is heard.
pub async fn heard(registry: &Registry, about: &Registration, at: Instant) -> Result<Vec<Proposal>, Problem> {
    let mut open = registry.store.proposals_waiting(at).await?;
    let subject = Subject::Registration(about.number.clone());
    open.retain(|proposal| {
        let is_heard = proposal.motion.hearing_until().is_some() && proposal.motion.subject() == subject;
        is_heard && proposal.standing(about.measured(), at) == Standing::Open
    });
    Ok(open)
}

/// The file that a proposal would publish.
pub async fn file(registry: &Registry, proposal: &Proposal) -> Result<Option<String>, Problem> {
    match &proposal.motion {
        Motion::PublishEdition { digest, .. } => Ok(registry.store.edition_file(digest).await?),
        _ => Ok(None),
    }
}

/// What the proposal of this id would publish, and the proposal. Of one that is not about an edition there is no such
/// thing; of one that is settled, dropped or expired there is nothing to look ahead to.
pub async fn candidate(registry: &Registry, visitor: &Visitor, id: &str) -> Result<(Proposal, Candidate), Problem> {
    let proposal = find(registry, visitor, id).await?;
    let missing = || Problem::not_found(&Text::new("版の公示の提案", "proposal about an edition"), id);
    let Motion::PublishEdition { digest, .. } = &proposal.motion else { return Err(missing()) };
    match proposal.standing(version_of(registry, &proposal.motion).await?, visitor.at) {
        Standing::Open => {}
        closed => return Err(Refusal::Closed(closed).into()),
    }
    let candidate = Candidate::of(registry, digest).await?.ok_or_else(missing)?;
    Ok((proposal, candidate))
}

async fn may_read(registry: &Registry, visitor: &Visitor, proposal: &Proposal) -> Result<bool, Problem> {
    let day = visitor.at.day();
    let may = |power, object: &Object<'_>| visitor.actor.in_role(power, object, day).is_ok();
    if may(Power::ReadProposals, &Object::default()) {
        return Ok(true);
    }
    let (store, power) = (&registry.store, proposal.motion.power());
    let number = match &proposal.motion {
        Motion::Decide { application, .. }
        | Motion::WaiveConflict { application, .. }
        | Motion::DecideObjection { application, .. } => {
            let found = store.application(application).await?;
            return Ok(found.is_some_and(|application| may(power, &application.object())));
        }
        Motion::ActivateKey { .. }
        | Motion::CompromiseKey { .. }
        | Motion::PublishEdition { .. }
        | Motion::ChangeSetting { .. }
        | Motion::ChangeHolidays { .. } => {
            return Ok(may(power, &Object::default()));
        }
        Motion::TakeMeasure { registration, .. } | Motion::Succeed { registration, .. } => registration.clone(),
        Motion::DecideMeasureObjection { registration, measure, .. } => {
            let Some(found) = store.registration(registration).await? else { return Ok(false) };
            return Ok(found.measure(*measure as usize).is_ok_and(|measure| may(power, &found.object_of(measure))));
        }
        Motion::RevokeLicence { licence, .. } => match store.licence(*licence).await? {
            Some(licence) => licence.grant.registration.clone(),
            None => return Ok(false),
        },
    };
    let found = store.registration(&number).await?;
    Ok(found.is_some_and(|registration| may(power, &registration.object())))
}
