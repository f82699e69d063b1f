//! Drafts: begun, saved, deleted, swept; and the act that consumes one.

use domain::act::{ApplicationId, DraftId, OrganisationId, Subject};
use domain::application::{Application, Concern};
use domain::authority::{Actor, Power};
use domain::declaration::Declaration;
use domain::draft::{Draft, Typed, kept_since};
use sha2::{Digest, Sha256};

use super::submit::{resubmit, submit};
use super::{AtHand, Deed, Desk, Done, Errand, Refused};
use crate::account::trail::Line;
use crate::evidence::Named;

/// What a draft is begun for.
#[derive(Debug)]
pub enum Begin {
    /// A new application of this organisation, filled in with what was typed for `source`, if that is an application.
    New { owner: OrganisationId, source: Option<Box<Application>> },
    /// Something about a registration, whose owner this is; the same.
    About { owner: OrganisationId, source: Option<Box<Application>>, concern: Concern },
    /// The answer to a return.
    Answer(ApplicationId),
}

/// Begins a draft. A return has one only, and so has what is applied for about a registration: whoever asks for another
/// is given that one.
#[derive(Debug)]
pub struct BeginDraft {
    pub actor: Actor,
    pub what: Begin,
    /// What it is filled in with.
    pub typed: Typed,
}

impl Errand for BeginDraft {
    /// The draft, and whether it was begun now.
    type Done = (Draft, bool);

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(Draft, bool), Refused> {
        let Self { actor, what, typed } = self;
        let id: DraftId = at_hand.random_id("D").parse().expect("a prefix and letters are an identifier");
        let (at, tx) = (at_hand.at, at_hand.tx);
        let draft = match what {
            Begin::New { owner, source } => {
                let others = tx.count_drafts(&owner).await?;
                Draft::begin(id, owner, others, typed, source.as_deref(), &actor, at)?
            }
            Begin::About { owner, source, concern } => {
                if let Some(begun) = tx.draft_about(&owner, &concern).await? {
                    begun.open_to(&actor, at)?;
                    return Ok((begun, false));
                }
                let others = tx.count_drafts(&owner).await?;
                Draft::begin(id, owner, others, typed, source.as_deref(), &actor, at)?.about(Some(concern))
            }
            Begin::Answer(application) => {
                let missing = || Refused::NotFound { what: "application", id: application.to_string() };
                let returned = tx.application(&application).await?.ok_or_else(missing)?;
                if crate::caller::may_read(&actor, &returned, at).is_err() {
                    return Err(missing());
                }
                if let Some(begun) = tx.draft_answering(&application).await? {
                    begun.open_to(&actor, at)?;
                    return Ok((begun, false));
                }
                let others = tx.count_drafts(&returned.owner).await?;
                Draft::answer(id, &returned, others, typed, &actor, at)?
            }
        };
        tx.insert_draft(&draft, &files(&draft)).await?;
        note(at_hand, "draft.begun", &actor, &draft)?;
        Ok((draft, true))
    }
}

/// Saves what was typed. It leaves no line in the trail: that would be one for every pause in somebody's typing.
#[derive(Debug)]
pub struct SaveDraft {
    pub actor: Actor,
    pub draft: DraftId,
    /// The fields that are meant: those at or below these places.
    pub places: Vec<&'static str>,
    pub typed: Typed,
    /// The version that was read.
    pub read: Option<u32>,
    /// Must it be the newest, whatever was changed since?
    pub is_strict: bool,
}

impl Errand for SaveDraft {
    type Done = Draft;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Draft, Refused> {
        let before = load(at_hand, &self.actor, &self.draft).await?;
        let found = before.version;
        let read = self.read.ok_or(Refused::VersionNeeded { found })?;
        if self.is_strict && read != found || read == 0 || read > found {
            return Err(Refused::Stale { read, found });
        }
        let draft = before.save(&self.places, self.typed, read, &self.actor, at_hand.at)?;
        at_hand.tx.update_draft(&draft, &files(&draft)).await?;
        Ok(draft)
    }
}

/// Deletes a draft.
#[derive(Debug)]
pub struct DeleteDraft {
    pub actor: Actor,
    pub draft: DraftId,
    pub read: Option<u32>,
}

impl Errand for DeleteDraft {
    /// As it was.
    type Done = Draft;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Draft, Refused> {
        let draft = load(at_hand, &self.actor, &self.draft).await?;
        let found = draft.version;
        match self.read {
            Some(read) if read == found => {}
            Some(read) => return Err(Refused::Stale { read, found }),
            None => return Err(Refused::VersionNeeded { found }),
        }
        at_hand.tx.delete_draft(&draft.id).await?;
        note(at_hand, "draft.deleted", &self.actor, &draft)?;
        Ok(draft)
    }
}

/// Deletes drafts that nobody has saved for so long. How many there were.
#[derive(Debug)]
pub struct SweepDrafts;

impl Errand for SweepDrafts {
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        let at = at_hand.at;
        let count = at_hand.tx.forget_drafts(kept_since(at)).await?;
        if count > 0 {
            let detail = Some(format!("{count} drafts"));
            at_hand.note(Line { detail, ..Line::done("draft.swept", at, at_hand.from) });
        }
        Ok(count)
    }
}

/// 提出・再提出 of what a draft says. The draft goes with it: both in one transaction, or neither.
#[derive(Debug)]
pub struct SubmitDraft {
    pub draft: DraftId,
    /// What the draft says at the version that was read.
    pub declaration: Declaration,
    pub evidence: Vec<Named>,
}

impl Deed for SubmitDraft {
    type State = Application;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        // Whoever submits it a second time, or with somebody else at once, is given what came of the first.
        desk.request = Some(request_of(&self.draft));
        let missing = || Refused::NotFound { what: "draft", id: self.draft.to_string() };
        let Some(draft) = desk.tx.draft(&self.draft).await? else {
            let Some((Subject::Application(id), entry)) = desk.done_before().await? else { return Err(missing()) };
            let state = super::submit::load(desk, &id).await.map_err(|_| missing())?;
            return Ok(Done { state, entry });
        };
        draft.open_to(desk.by, desk.at).map_err(|_| missing())?;
        desk.check_version(draft.version)?;
        let done = match &draft.answers {
            None => submit(desk, draft.owner.clone(), self.declaration, self.evidence, draft.concerns.clone()).await?,
            Some(application) => {
                let before = super::submit::load(desk, application).await?;
                resubmit(desk, before, self.declaration, self.evidence).await?
            }
        };
        desk.tx.delete_draft(&draft.id).await?;
        Ok(done)
    }
}

/// Under which request the act of a draft's submission is found. Nobody's idempotency key is written like it.
pub fn request_of(draft: &DraftId) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("draft\n\n{draft}")))
}

/// The draft, if this person may know of it; to others it is not there.
async fn load(at_hand: &AtHand<'_>, actor: &Actor, id: &DraftId) -> Result<Draft, Refused> {
    let missing = || Refused::NotFound { what: "draft", id: id.to_string() };
    let found = at_hand.tx.draft(id).await?.ok_or_else(missing)?;
    found.open_to(actor, at_hand.at).map_err(|_| missing())?;
    Ok(found)
}

fn files(draft: &Draft) -> Vec<domain::evidence::FileDigest> {
    draft.files().into_iter().collect()
}

fn note(at_hand: &AtHand<'_>, what: &str, actor: &Actor, draft: &Draft) -> Result<(), Refused> {
    let by = actor.caller(Power::SubmitApplication, &draft.object(), at_hand.at)?;
    at_hand.note(Line::done(what, at_hand.at, at_hand.from).by(by).about(format_args!("draft/{}", draft.id)));
    Ok(())
}
