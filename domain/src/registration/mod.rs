//! A registration 「登録」: a service in the register, its terms, and what was done about it.
//!
//! The number never changes. Whether it is in force is computed from terms and measures for any instant, never stored.

mod status;
mod valid_on;

use serde::{Deserialize, Serialize};

pub use status::Status;
pub use valid_on::{DayAhead, OnDay};

use crate::act::{
    Act, ApplicationId, Caller, Deed, Impossible, Listing, OrganisationId, ProposalId, RegisteredProvider,
    RegistrationNumber, Replay, Subject,
};
use crate::application::Application;
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::{Day, Instant, Period};
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;

/// A registered service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    pub number: RegistrationNumber,
    pub version: u32,
    pub owner: OrganisationId,
    pub application: ApplicationId,
    pub listing: Listing,
    /// In order; each begins where the one before ends, or later.
    pub terms: Vec<Period>,
    /// In order of their instants.
    pub measures: Vec<Measure>,
    pub registered_at: Instant,
    pub changed_at: Instant,
}

/// A measure 「措置」 against, or in favour of, a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measure {
    pub kind: MeasureKind,
    pub at: Instant,
    /// Fit for the public.
    pub reason: String,
}

/// What the measure does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// 一時停止
    Suspended,
    /// 再開
    Reinstated,
    /// 取消し
    Revoked,
}

impl MeasureKind {
    /// The states it changes.
    fn can_follow(self, status: &Status) -> bool {
        match self {
            Self::Suspended => matches!(status, Status::Valid),
            Self::Reinstated => matches!(status, Status::Suspended { .. }),
            Self::Revoked => matches!(status, Status::Valid | Status::Suspended { .. } | Status::NotYet { .. }),
        }
    }

    /// The same in words for a refusal.
    fn follows(self) -> &'static str {
        match self {
            Self::Suspended => "valid",
            Self::Reinstated => "suspended",
            Self::Revoked => "valid, suspended, not_yet",
        }
    }

    fn deed(self, reason: String, proposal: ProposalId) -> Deed {
        match self {
            Self::Suspended => Deed::Suspended { reason, proposal },
            Self::Reinstated => Deed::Reinstated { reason, proposal },
            Self::Revoked => Deed::Revoked { reason, proposal },
        }
    }
}

/// Why an act on a registration is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal cannot be confirmed.
    Proposal(proposal::Refusal),
    /// The application was not decided with a pass.
    NotPassed,
    /// The application has its registration already.
    Registered { number: RegistrationNumber },
    /// The first day lies before the decision.
    BeforeDecision { from: Day, decided: Day },
    /// The first day lies more than a year ahead.
    TooFarAhead { from: Day },
    /// The registration is not in the state that the measure changes.
    Status { found: &'static str, needed: &'static str },
    /// A reason is required and was empty.
    NoReason,
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

impl Registration {
    /// 登録: the secretariat enters a service that passed. `existing` is the registration this application already has.
    /// `years` is the scheme's term (`scheme.toml`).
    pub fn register(
        number: RegistrationNumber,
        application: &Application,
        existing: Option<RegistrationNumber>,
        from: Day,
        years: u8,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Register, &application.object(), at)?;
        let decided = application.passed_at().ok_or(Refusal::NotPassed)?.day();
        if let Some(number) = existing {
            return Err(Refusal::Registered { number });
        }
        if from < decided {
            return Err(Refusal::BeforeDecision { from, decided });
        }
        if from > Period::of_years(at.day(), 1).until {
            return Err(Refusal::TooFarAhead { from });
        }
        let deed = Deed::Registered {
            application: application.id.clone(),
            owner: application.owner.clone(),
            listing: Box::new(listing(application)),
            term: Period::of_years(from, years),
        };
        let act =
            Act { subject: Subject::Registration(number), version: 1, at: at.max(application.changed_at), by, deed };
        Ok(settle(None, act))
    }

    /// 措置の提案: the secretariat proposes a measure, with a reason fit for the public.
    ///
    /// Suspended 「一時停止」, a registration in force stops counting, and with it every licence under it; reinstated
    /// 「再開」, it counts again; revoked 「取消し」, it ends for cause and never counts again.
    pub fn propose(
        &self,
        id: ProposalId,
        measure: MeasureKind,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.measuring(measure, &reason, by, at)?;
        let motion = Motion::TakeMeasure { registration: self.number.clone(), measure, reason };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at)))
    }

    /// 措置: a second person confirms what the first proposed.
    pub fn take(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let (measure, reason) = match &proposal.motion {
            Motion::TakeMeasure { registration, measure, reason } if *registration == self.number => {
                (*measure, reason.clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.measuring(measure, &reason, by, at)?;
        proposal.second(self.version, &by, at)?;
        let deed = measure.deed(reason, proposal.id.clone());
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        let act = Act { subject: self.subject(), version, at, by, deed };
        Ok(settle(Some(self), act))
    }

    /// Who takes the measure, if it can be taken now.
    fn measuring(&self, measure: MeasureKind, reason: &str, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let by = by.caller(Power::TakeMeasure, &self.object(), at)?;
        let status = self.status(at.max(self.changed_at));
        if !measure.can_follow(&status) {
            return Err(Refusal::Status { found: status.as_str(), needed: measure.follows() });
        }
        if !has_words(reason) {
            return Err(Refusal::NoReason);
        }
        Ok(by)
    }

    /// The registration, as far as it matters for who may do what.
    pub fn object(&self) -> Object<'_> {
        Object { owner: Some(&self.owner), ..Object::default() }
    }

    /// The term that holds `day`, or else the last one that began before it, or else the first.
    pub fn term_at(&self, day: Day) -> Period {
        let begun = self.terms.iter().rev().find(|term| term.from <= day);
        *begun.or(self.terms.first()).expect("a registration begins with a term")
    }

    /// The first term is term 1.
    pub fn term_number(&self, day: Day) -> usize {
        self.terms.iter().filter(|term| term.from <= day).count().max(1)
    }
}

/// The public part of what was judged.
fn listing(application: &Application) -> Listing {
    let declaration = &application.declaration;
    let (service, provider) = (&declaration.service, &declaration.provider);
    Listing {
        service_name: service.name.clone(),
        service_name_kana: service.name_kana.clone(),
        summary: service.summary.clone(),
        class: service.class,
        monitoring: service.kind,
        regions: service.regions.clone(),
        prices: declaration.prices.clone(),
        provider: RegisteredProvider {
            legal_entity_number: provider.legal_entity_number,
            trade_name: provider.trade_name.clone(),
            trade_name_kana: provider.trade_name_kana.clone(),
            prefecture: provider.prefecture,
        },
        edition: application.edition.clone(),
        edition_digest: application.edition_digest.clone(),
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Registration>, act: Act) -> (Registration, Act) {
    let after = Registration::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Registration {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Registration(number) = &act.subject else { return Err(impossible) };
        let (mut state, kind, reason) = match (before, &act.deed) {
            (None, Deed::Registered { application, owner, listing, term }) => {
                return Ok(Self {
                    number: number.clone(),
                    version: 1,
                    owner: owner.clone(),
                    application: application.clone(),
                    listing: (**listing).clone(),
                    terms: vec![*term],
                    measures: Vec::new(),
                    registered_at: act.at,
                    changed_at: act.at,
                });
            }
            (Some(state), Deed::Suspended { reason, .. }) => (state, MeasureKind::Suspended, reason),
            (Some(state), Deed::Reinstated { reason, .. }) => (state, MeasureKind::Reinstated, reason),
            (Some(state), Deed::Revoked { reason, .. }) => (state, MeasureKind::Revoked, reason),
            _ => return Err(impossible),
        };
        if !kind.can_follow(&state.status(act.at)) {
            return Err(impossible);
        }
        state.measures.push(Measure { kind, at: act.at, reason: reason.clone() });
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Registration(self.number.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
