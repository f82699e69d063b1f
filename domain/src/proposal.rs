//! Two people for what weighs most: one proposes, another confirms.
//!
//! A proposal is open until it is confirmed, dropped, or its last day has passed; and only as long as what it is about
//! has not changed since. Confirming it *is* the act: there is no state between "proposed" and "done".

use serde::{Deserialize, Serialize};

use crate::act::{
    Act, ApplicationId, Caller, Deed, Determination, EditionId, Impossible, KeyId, PersonId, ProposalId,
    RegistrationNumber, Replay, Subject,
};
use crate::application::{Basis, Condition, ObjectionOutcome};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::Instant;
use crate::licence::LicenceId;
use crate::reading::has_words;
use crate::registration::MeasureKind;

/// Days, after the day it is made in Japan, on which a proposal can be confirmed (`scheme.toml`, `proposal_days`).
pub const DAYS: i32 = 14;

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "motion", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Motion {
    /// 判定
    Decide {
        application: ApplicationId,
        decision: Determination,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<Condition>,
    },
    /// 一時停止・再開・取消し
    TakeMeasure { registration: RegistrationNumber, measure: MeasureKind, reason: String },
    /// 使用許諾の取消し
    RevokeLicence { licence: LicenceId, reason: String },
    /// 署名鍵の使用開始
    ActivateKey { key: KeyId },
    /// 署名鍵の危殆化
    CompromiseKey { key: KeyId, reason: String },
    /// 版の公示: the file with this digest, as it was shown.
    PublishEdition { edition: EditionId, digest: String, reason: String },
    /// 審査員の利益相反の免除
    WaiveConflict { application: ApplicationId, examiner: PersonId, reason: String },
    /// 異議についての判断
    DecideObjection { application: ApplicationId, outcome: ObjectionOutcome, reason: String },
}

impl Motion {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Decide { application, .. }
            | Self::WaiveConflict { application, .. }
            | Self::DecideObjection { application, .. } => Subject::Application(application.clone()),
            Self::TakeMeasure { registration, .. } => Subject::Registration(registration.clone()),
            Self::RevokeLicence { licence, .. } => Subject::Licence(*licence),
            Self::ActivateKey { key } | Self::CompromiseKey { key, .. } => Subject::Key(key.clone()),
            Self::PublishEdition { edition, .. } => Subject::Edition(edition.clone()),
        }
    }

    /// The right that proposing, confirming and dropping it takes.
    pub fn power(&self) -> Power {
        match self {
            Self::Decide { .. } => Power::Decide,
            Self::TakeMeasure { .. } => Power::TakeMeasure,
            Self::RevokeLicence { .. } => Power::RevokeLicence,
            Self::ActivateKey { .. } | Self::CompromiseKey { .. } => Power::ChangeKey,
            Self::PublishEdition { .. } => Power::PublishEdition,
            Self::WaiveConflict { .. } => Power::WaiveConflict,
            Self::DecideObjection { .. } => Power::DecideObjection,
        }
    }
}

/// A proposal and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proposal {
    pub id: ProposalId,
    pub version: u32,
    pub motion: Motion,
    /// The version of what it is about; 0 where it is not there yet.
    pub about_version: u32,
    /// What a decision would rest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Box<Basis>>,
    pub by: PersonId,
    pub made_at: Instant,
    /// It can be confirmed before this.
    pub until: Instant,
    pub dropped: Option<Dropped>,
    pub changed_at: Instant,
}

/// Who dropped a proposal, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dropped {
    pub by: PersonId,
    pub at: Instant,
    pub reason: String,
}

/// Whether a proposal can be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// Somebody dropped it.
    Dropped,
    /// What it is about has changed since: it was confirmed, or something else was done.
    Settled,
    /// Its last day has passed.
    Expired,
}

impl Standing {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Dropped => "dropped",
            Self::Settled => "settled",
            Self::Expired => "expired",
        }
    }
}

/// Why a proposal is not confirmed or dropped. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// Whoever proposed it does not confirm it.
    OwnProposal,
    /// It is not open.
    Closed(Standing),
    /// It proposes something else.
    OtherMotion,
    /// A reason is required and was empty.
    NoReason,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Proposal {
    /// Makes a proposal. `by` may do what is proposed, and it could be done now: what it is about has checked both.
    pub(crate) fn make(id: ProposalId, motion: Motion, about_version: u32, by: Caller, at: Instant) -> (Self, Act) {
        Self::make_on(id, motion, about_version, None, by, at)
    }

    /// The same of what rests on something that must not have changed when it is confirmed.
    pub(crate) fn make_on(
        id: ProposalId,
        motion: Motion,
        about_version: u32,
        basis: Option<Basis>,
        by: Caller,
        at: Instant,
    ) -> (Self, Act) {
        let until = at.day().plus_days(DAYS + 1).start();
        let deed = Deed::Proposed { motion: Box::new(motion), about_version, until, basis: basis.map(Box::new) };
        settle(None, Act { subject: Subject::Proposal(id), version: 1, at, by, deed })
    }

    /// May `by` be the second person? `found` is the version of what it is about now.
    pub(crate) fn second(&self, found: u32, by: &Caller, at: Instant) -> Result<(), Refusal> {
        if self.by == by.person {
            return Err(Refusal::OwnProposal);
        }
        self.require_open(found, at)
    }

    /// Drops it, with a reason: whoever may propose it may, the proposer included. `object` is what it is about.
    pub fn drop_it(
        self,
        found: u32,
        reason: String,
        object: &Object<'_>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(self.motion.power(), object, at)?;
        self.require_open(found, at)?;
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        let act = Act { subject: self.subject(), version, at, by, deed: Deed::ProposalDropped { reason } };
        Ok(settle(Some(self), act))
    }

    /// Can it be confirmed at `at`, when what it is about has version `found`?
    pub fn standing(&self, found: u32, at: Instant) -> Standing {
        match &self.dropped {
            Some(_) => Standing::Dropped,
            None if found != self.about_version => Standing::Settled,
            None if at >= self.until => Standing::Expired,
            None => Standing::Open,
        }
    }

    fn require_open(&self, found: u32, at: Instant) -> Result<(), Refusal> {
        match self.standing(found, at) {
            Standing::Open => Ok(()),
            closed => Err(Refusal::Closed(closed)),
        }
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Proposal>, act: Act) -> (Proposal, Act) {
    let after = Proposal::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Proposal {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Proposal(id) = &act.subject else { return Err(impossible) };
        match (before, &act.deed) {
            (None, Deed::Proposed { motion, about_version, until, basis }) => Ok(Self {
                id: id.clone(),
                version: 1,
                motion: (**motion).clone(),
                about_version: *about_version,
                basis: basis.clone(),
                by: act.by.person.clone(),
                made_at: act.at,
                until: *until,
                dropped: None,
                changed_at: act.at,
            }),
            (Some(state), Deed::ProposalDropped { reason }) if state.dropped.is_none() => {
                let dropped = Dropped { by: act.by.person.clone(), at: act.at, reason: reason.clone() };
                Ok(Self { version: act.version, dropped: Some(dropped), changed_at: act.at, ..state })
            }
            _ => Err(impossible),
        }
    }

    fn subject(&self) -> Subject {
        Subject::Proposal(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
