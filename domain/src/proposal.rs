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
use crate::calendar::{Day, Instant};
use crate::declaration::Provider;
use crate::licence::LicenceId;
use crate::reading::has_words;
use crate::registration::{MeasureKind, Plan, Succession};
use crate::scheme::Standing as SettingStanding;
use crate::settings::{Holiday, SettingId};

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
    /// 措置
    TakeMeasure {
        registration: RegistrationNumber,
        measure: MeasureKind,
        /// Fit for the public.
        reason: String,
        /// What it rests on; left out in those from before that was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Box<Plan>>,
    },
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
    /// 措置への異議についての判断; measures are counted from 1
    DecideMeasureObjection { registration: RegistrationNumber, measure: u32, outcome: ObjectionOutcome, reason: String },
    /// 制度の設定の変更: a figure, in its unit, from a day on
    ChangeSetting {
        setting: SettingId,
        value: u32,
        from: Day,
        standing: SettingStanding,
        source: String,
        reason: String,
    },
    /// 休日の変更
    ChangeHolidays { days: Vec<Holiday>, source: String, reason: String },
    /// 承継: the registration goes over to another provider.
    Succeed {
        registration: RegistrationNumber,
        succession: Box<Succession>,
        /// The new provider, as it is declared.
        provider: Box<Provider>,
    },
}

impl Motion {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Decide { application, .. }
            | Self::WaiveConflict { application, .. }
            | Self::DecideObjection { application, .. } => Subject::Application(application.clone()),
            Self::TakeMeasure { registration, .. }
            | Self::DecideMeasureObjection { registration, .. }
            | Self::Succeed { registration, .. } => Subject::Registration(registration.clone()),
            Self::RevokeLicence { licence, .. } => Subject::Licence(*licence),
            Self::ActivateKey { key } | Self::CompromiseKey { key, .. } => Subject::Key(key.clone()),
            Self::PublishEdition { edition, .. } => Subject::Edition(edition.clone()),
            Self::ChangeSetting { setting, .. } => Subject::Setting(*setting),
            Self::ChangeHolidays { .. } => Subject::Setting(SettingId::Holidays),
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
            Self::DecideMeasureObjection { .. } => Power::HearMeasure,
            Self::ChangeSetting { .. } | Self::ChangeHolidays { .. } => Power::ChangeSettings,
            Self::Succeed { .. } => Power::Succeed,
        }
    }

    /// The last day on which the provider states its side, where it is heard.
    pub fn hearing_until(&self) -> Option<Day> {
        match self {
            Self::TakeMeasure { plan: Some(plan), .. } => plan.hearing_until,
            _ => None,
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
    /// The version of what it is about; 0 where it is not there yet. Of a registration, how often something was done
    /// about its measures ([`crate::registration::Registration::measured`]).
    pub about_version: u32,
    /// What a decision would rest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Box<Basis>>,
    pub by: PersonId,
    pub made_at: Instant,
    /// It can be confirmed before this.
    pub until: Instant,
    pub dropped: Option<Dropped>,
    /// 弁明: what the provider said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    pub changed_at: Instant,
}

/// 弁明: the provider's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    pub words: String,
    pub by: PersonId,
    pub at: Instant,
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
    /// The provider is not heard about it.
    NoHearing,
    /// The last day on which the provider could state its side has passed.
    HearingOver { until: Day },
    /// The provider has stated its side.
    Stated,
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
        // Who is heard has been heard for as long before it expires.
        let last_heard = motion.hearing_until().map_or(at.day(), |until| until.max(at.day()));
        let until = last_heard.plus_days(DAYS + 1).start();
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

    /// 弁明: the provider states its side of a measure that is proposed, once. `object` is the registration.
    pub fn state_side(
        self,
        found: u32,
        words: String,
        object: &Object<'_>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::StateSide, object, at)?;
        let until = self.motion.hearing_until().ok_or(Refusal::NoHearing)?;
        self.require_open(found, at)?;
        if self.statement.is_some() {
            return Err(Refusal::Stated);
        }
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        if at.day() > until {
            return Err(Refusal::HearingOver { until });
        }
        if !has_words(&words) {
            return Err(Refusal::NoReason);
        }
        let act = Act { subject: self.subject(), version, at, by, deed: Deed::Stated { words } };
        Ok(settle(Some(self), act))
    }

    /// Until when the provider can still state its side, if it has not.
    pub fn hearing(&self, day: Day) -> Option<Day> {
        self.motion.hearing_until().filter(|until| self.statement.is_none() && day <= *until)
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
                statement: None,
                changed_at: act.at,
            }),
            (Some(state), Deed::Stated { words }) if state.dropped.is_none() && state.statement.is_none() => {
                let statement = Statement { words: words.clone(), by: act.by.person.clone(), at: act.at };
                Ok(Self { version: act.version, statement: Some(statement), changed_at: act.at, ..state })
            }
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
