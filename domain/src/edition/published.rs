//! Publishing 「公示」: which file stands for an edition, by whose act.
//!
//! A new edition is published before the day from which it governs, so that nothing that was judged is judged by other
//! rules afterwards. A correction takes the place of a file from the instant it is published. Cases stay bound to the
//! digest under which they were submitted, and show it.
//!
//! Where an edition turns out to be wrong, one person stops decisions under it, at once and everywhere; somebody else
//! resumes them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Edition, EditionError, Editions};
use crate::act::{Act, Caller, Deed, EditionId, Impossible, PersonId, ProposalId, Replay, Subject};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::{Day, Instant};
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;

/// An edition as the log knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishedEdition {
    pub id: EditionId,
    pub version: u32,
    /// SHA-256 of the file that stands for it, in hexadecimal.
    pub digest: String,
    /// Those of the files it has corrected, oldest first.
    pub corrected: Vec<String>,
    pub in_force_from: Day,
    /// While nothing is decided under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    pub changed_at: Instant,
}

/// 判定の停止: since when nothing is decided under an edition, by whom, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stopped {
    pub at: Instant,
    pub by: PersonId,
    pub reason: String,
}

/// Why a file is not published. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal does not carry it.
    Proposal(proposal::Refusal),
    /// It is no edition, or does not go with the others.
    File(EditionError),
    /// It would govern from a day that has begun.
    TooLate { in_force_from: Day, today: Day },
    /// It governs already, and from another day.
    DayMoved { from: Day, to: Day },
    /// This very file stands for the edition already.
    Unchanged,
    /// A reason is required and was empty.
    NoReason,
    /// Decisions under it are stopped.
    Stopped { since: Instant, reason: String },
    /// Decisions under it are not stopped.
    NotStopped,
    /// Whoever stopped them does not resume them.
    OwnStop,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<proposal::Refusal> for Refusal {
    fn from(refusal: proposal::Refusal) -> Self {
        Self::Proposal(refusal)
    }
}

impl PublishedEdition {
    /// Records an edition that a register begins with. There is no way to refuse: it is in force.
    pub fn begin_with(edition: &Edition, by: &Caller, at: Instant) -> (Self, Act) {
        let deed = Deed::EditionPublished {
            digest: edition.digest_hex(),
            in_force_from: edition.in_force_from,
            reason: None,
            proposal: None,
        };
        let subject = Subject::Edition(edition.id.clone());
        settle(None, Act { subject, version: 1, at, by: by.clone(), deed })
    }

    /// 公示の提案: `text` as a new edition, or in the place of the file that stands for one of `editions`; `before` is
    /// that one's record, if there is one.
    pub fn propose(
        editions: &Editions,
        before: Option<&Self>,
        text: &str,
        id: ProposalId,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let (by, file) = fit(editions, before, text, &reason, by, at)?;
        let motion = Motion::PublishEdition { edition: file.id, digest: file.digest, reason };
        Ok(Proposal::make(id, motion, before.map_or(0, |before| before.version), by, no_earlier(before, at)))
    }

    /// 公示: a second person confirms. `text` is the file that was proposed.
    pub fn publish(
        editions: &Editions,
        before: Option<Self>,
        text: &str,
        proposal: &Proposal,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let (edition, reason) = match &proposal.motion {
            Motion::PublishEdition { edition, digest, reason }
                if *digest == digest_of(text) && before.as_ref().is_none_or(|before| before.id == *edition) =>
            {
                (edition, reason)
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let version = before.as_ref().map_or(0, |before| before.version);
        let caller = by.caller(Power::PublishEdition, &Object::default(), at)?;
        proposal.second(version, &caller, at)?;
        let (by, file) = fit(editions, before.as_ref(), text, reason, by, at)?;
        if file.id != *edition {
            return Err(proposal::Refusal::OtherMotion.into());
        }
        let deed = Deed::EditionPublished {
            digest: file.digest,
            in_force_from: file.in_force_from,
            reason: Some(reason.clone()),
            proposal: Some(proposal.id.clone()),
        };
        let at = no_earlier(before.as_ref(), at);
        Ok(settle(before, Act { subject: Subject::Edition(file.id), version: version + 1, at, by, deed }))
    }

    /// 判定の停止: one person is enough, because every minute counts. What is under way goes on up to the decision.
    pub fn stop(self, reason: String, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::StopDecisions, &Object::default(), at)?;
        self.require_running()?;
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        Ok(self.act(Deed::EditionStopped { reason }, by, at))
    }

    /// 判定の再開: by somebody else than who stopped them.
    pub fn resume(self, reason: String, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::PublishEdition, &Object::default(), at)?;
        let stopped = self.stopped.as_ref().ok_or(Refusal::NotStopped)?;
        if stopped.by == by.person {
            return Err(Refusal::OwnStop);
        }
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        Ok(self.act(Deed::EditionResumed { reason }, by, at))
    }

    /// May anything be decided under it?
    pub fn require_running(&self) -> Result<(), Refusal> {
        match &self.stopped {
            None => Ok(()),
            Some(stopped) => Err(Refusal::Stopped { since: stopped.at, reason: stopped.reason.clone() }),
        }
    }

    fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        let (version, at) = (self.version + 1, no_earlier(Some(&self), at));
        let act = Act { subject: self.subject(), version, at, by, deed };
        settle(Some(self), act)
    }
}

impl PublishedEdition {
    fn turned(self, stopped: Option<Stopped>, act: &Act) -> Self {
        Self { version: act.version, stopped, changed_at: act.at, ..self }
    }
}

/// What a record says of a file.
struct File {
    id: EditionId,
    digest: String,
    in_force_from: Day,
}

/// Who publishes the file, if it can be published now.
fn fit(
    editions: &Editions,
    before: Option<&PublishedEdition>,
    text: &str,
    reason: &str,
    by: &Actor,
    at: Instant,
) -> Result<(Caller, File), Refusal> {
    let by = by.caller(Power::PublishEdition, &Object::default(), at)?;
    let (after, id) = editions.with("edition.toml", text).map_err(Refusal::File)?;
    let edition = after.find(id.as_str()).expect("it was read just now");
    let (digest, in_force_from) = (edition.digest_hex(), edition.in_force_from);
    may_stand(before, &digest, in_force_from, no_earlier(before, at).day())?;
    if !has_words(reason) {
        return Err(Refusal::NoReason);
    }
    Ok((by, File { id, digest, in_force_from }))
}

/// May the file with this digest stand for the edition, if it is published today?
fn may_stand(before: Option<&PublishedEdition>, digest: &str, in_force_from: Day, today: Day) -> Result<(), Refusal> {
    match before {
        Some(before) if before.digest == digest => Err(Refusal::Unchanged),
        Some(before) if before.in_force_from <= today => {
            let (from, to) = (before.in_force_from, in_force_from);
            if from == to { Ok(()) } else { Err(Refusal::DayMoved { from, to }) }
        }
        _ if in_force_from <= today => Err(Refusal::TooLate { in_force_from, today }),
        _ => Ok(()),
    }
}

/// Machines' clocks disagree; a record's acts are in order.
fn no_earlier(before: Option<&PublishedEdition>, at: Instant) -> Instant {
    before.map_or(at, |before| at.max(before.changed_at))
}

/// SHA-256 of an edition's file, in hexadecimal.
pub fn digest_of(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<PublishedEdition>, act: Act) -> (PublishedEdition, Act) {
    let after = PublishedEdition::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for PublishedEdition {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Edition(id) = &act.subject else { return Err(impossible) };
        let (digest, in_force_from, reason, proposal) = match (&act.deed, before.as_ref().map(|state| &state.stopped)) {
            (Deed::EditionPublished { digest, in_force_from, reason, proposal }, _) => {
                (digest, in_force_from, reason, proposal)
            }
            (Deed::EditionStopped { reason }, Some(None)) => {
                let stopped = Some(Stopped { at: act.at, by: act.by.person.clone(), reason: reason.clone() });
                return before.map(|state| state.turned(stopped, act)).ok_or(impossible);
            }
            (Deed::EditionResumed { .. }, Some(Some(stopped))) if stopped.by != act.by.person => {
                return before.map(|state| state.turned(None, act)).ok_or(impossible);
            }
            _ => return Err(impossible),
        };
        // What a register begins with was not proposed, for no reason, and only begins a record.
        let follows = match (reason, proposal) {
            (Some(_), Some(_)) => may_stand(before.as_ref(), digest, *in_force_from, act.at.day()).is_ok(),
            (None, None) => before.is_none(),
            _ => false,
        };
        if !follows {
            return Err(impossible);
        }
        let (corrected, stopped) = before.map_or_else(Default::default, |before| {
            let Self { mut corrected, digest, stopped, .. } = before;
            corrected.push(digest);
            (corrected, stopped)
        });
        Ok(Self {
            id: id.clone(),
            version: act.version,
            digest: digest.clone(),
            corrected,
            in_force_from: *in_force_from,
            stopped,
            changed_at: act.at,
        })
    }

    fn subject(&self) -> Subject {
        Subject::Edition(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
