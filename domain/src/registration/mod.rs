//! A registration 「登録」: a service in the register, its terms, and what was done about it.
//!
//! The number never changes. Whether it is in force is computed from terms and measures for any instant, never stored.

mod change;
mod discontinuation;
mod known;
mod measures;
mod renewal;
mod status;
mod succession;
mod valid_on;

use serde::{Deserialize, Serialize};

pub use change::{Cause, Change, FindingBeside, Preview};
pub use discontinuation::{Announced, Discontinuation};
pub use measures::{
    AHEAD_DAYS, EMERGENCY_SECONDS, Emergency, Grounds, HEARING_DAYS, Measure, MeasureFinding, MeasureKind,
    MeasureObjection, Plan,
};
pub use renewal::{EarlierEdition, Extension, Filing, FilingEnd, FilingOutcome, Window};
pub use status::Status;
pub use succession::{Succession, SuccessionKind};
pub use valid_on::{DayAhead, OnDay};

use crate::act::{
    Act, ApplicationId, Deed, Impossible, Listing, OrganisationId, RegisteredProvider, RegistrationNumber, Replay,
    Subject,
};
use crate::application::{Application, ConditionFault};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::{Day, Instant, Period};
use crate::criteria::CriterionId;
use crate::declaration::{Class, Declaration};
use crate::evidence;
use crate::parties::CorporateNumber;
use crate::proposal;

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
    /// In the order in which they were taken.
    pub measures: Vec<Measure>,
    /// The last day that its provider announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discontinued: Option<Box<Announced>>,
    /// Applications that concern it, in the order in which they were filed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filings: Vec<Filing>,
    /// The editions under which it was judged before, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_editions: Vec<EarlierEdition>,
    /// What is declared now, where that is not what the application declared that it was last judged on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Box<Declaration>>,
    /// After what the register said otherwise, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    pub registered_at: Instant,
    pub changed_at: Instant,
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
    /// The application concerns a registration there is, and is entered there.
    Concerns { number: RegistrationNumber },
    /// The application was not filed for this registration, or that has ended.
    NotFiled,
    /// Another corporate number is another company: the registration goes over to it by succession.
    OtherCompany { registered: Option<CorporateNumber> },
    /// What is declared does not differ from what was declared.
    NothingChanged,
    /// No criterion asks about any of these fields: it is notified, not examined.
    General { fields: Vec<String> },
    /// These criteria ask about what changes: it is examined, not notified.
    Examined { criteria: Vec<CriterionId> },
    /// It goes over to whoever has it.
    OwnSuccessor,
    /// The new provider's corporate number is another one than that of the organisation, or one of them has none.
    OtherNumber { organisation: Option<CorporateNumber> },
    /// It cannot have gone over before it was registered, nor on a day to come.
    SuccessionDay { on: Day, earliest: Day, latest: Day },
    /// Another application concerns it and is not decided.
    Filed { application: ApplicationId },
    /// The service is registered in this class; another class is another registration.
    OtherClass { registered: Class },
    /// It is too early or too late for a renewal.
    OutsideWindow { window: Window, today: Day },
    /// The next term begins on that very day, or not before it.
    TermBegins { from: Day, earliest: Day, is_exact: bool },
    /// The proposal is from before measures named what they rest on.
    NoGrounds,
    /// What was found is required and was empty.
    NoFacts,
    /// No clause was named, or one that does not provide for this; those that do.
    Clauses { known: Vec<String> },
    /// It would begin to hold before now.
    FromPast { from: Instant, at: Instant },
    /// It would begin to hold later than on this day.
    FromTooFarAhead { from: Instant, latest: Day },
    /// A demand for correction says what has to be put right, and nothing else does.
    Corrections { are_needed: bool },
    /// What has to be put right cannot be this.
    Undertakings(ConditionFault),
    /// The provider has to be heard until this day at the least.
    HearingTooShort { earliest: Day },
    /// The provider would be heard for too long.
    HearingTooLong { until: Day, latest: Day },
    /// The provider can state its side until this day, and has not.
    HearingOpen { until: Day },
    /// No emergency suspension waits for a second person.
    NoEmergency,
    /// Whoever took it does not confirm it, nor take another one that nobody has confirmed.
    OwnEmergency,
    /// It ended by itself.
    EmergencyOver { until: Instant },
    /// There are `of` measures, counted from 1.
    NoSuchMeasure { number: usize, of: usize },
    /// The measure demands `of` corrections, counted from 1.
    NoSuchCorrection { number: usize, of: usize },
    /// The measure was set aside.
    SetAside { measure: usize },
    /// The last report waits for its answer.
    ReportWaits { number: usize },
    /// A report was accepted.
    Corrected { number: usize },
    /// No report waits for an answer.
    NoReport { number: usize },
    /// The measure was objected to before.
    Objected { measure: usize },
    /// It is in the provider's favour, or from before objections were taken.
    NothingToObject { measure: usize },
    /// The last day on which it could be objected to has passed.
    ObjectionLate { until: Day },
    /// No objection to this measure waits to be decided.
    NoObjection { measure: usize },
    /// The service would end before its users could know.
    LastDayTooSoon { last_day: Day, earliest: Day },
    /// The service would end on a day on which it is not registered.
    LastDayOutside { last_day: Day },
    /// Words are required and were empty.
    NoWords { field: &'static str },
    /// The files are too many or too large, or what is said of one cannot be.
    Evidence(evidence::Fault),
}

impl From<ConditionFault> for Refusal {
    fn from(fault: ConditionFault) -> Self {
        Self::Undertakings(fault)
    }
}

impl From<evidence::Fault> for Refusal {
    fn from(fault: evidence::Fault) -> Self {
        Self::Evidence(fault)
    }
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
        if let Some(concern) = &application.concerns {
            return Err(Refusal::Concerns { number: concern.registration.clone() });
        }
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
            listing: Box::new(listing_of(application)),
            term: Period::of_years(from, years),
        };
        let act =
            Act { subject: Subject::Registration(number), version: 1, at: at.max(application.changed_at), by, deed };
        Ok(settle(None, act))
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

    /// The end that a token signed at `at` says: behind a term, the day until which it goes on at the longest.
    pub fn printed_end(&self, at: Instant) -> Instant {
        self.extension(at).map_or(self.term_at(at.day()).until, |extension| extension.until).start()
    }

    /// The first term is term 1.
    pub fn term_number(&self, day: Day) -> usize {
        self.terms.iter().filter(|term| term.from <= day).count().max(1)
    }
}

/// The public part of what was judged.
pub(crate) fn listing_of(application: &Application) -> Listing {
    listing(&application.declaration, application.edition.clone(), application.edition_digest.clone())
}

/// The public part of a declaration that was judged under this edition.
fn listing(declaration: &Declaration, edition: String, edition_digest: String) -> Listing {
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
        edition,
        edition_digest,
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
        let mut state = match (before, &act.deed) {
            (None, Deed::Registered { application, owner, listing, term }) => {
                return Ok(Self {
                    number: number.clone(),
                    version: 1,
                    owner: owner.clone(),
                    application: application.clone(),
                    listing: (**listing).clone(),
                    terms: vec![*term],
                    measures: Vec::new(),
                    discontinued: None,
                    filings: Vec::new(),
                    earlier_editions: Vec::new(),
                    declared: None,
                    changes: Vec::new(),
                    registered_at: act.at,
                    changed_at: act.at,
                });
            }
            (Some(state), _) => state,
            (None, _) => return Err(impossible),
        };
        let follows = state.replay_measure(act)
            || state.replay_emergency(act)
            || state.replay_correction(act)
            || state.replay_objection(act)
            || state.replay_discontinuation(act)
            || state.take_notice(act)
            || state.take_succession(act)
            || state.take_filing(act);
        if !follows {
            return Err(impossible);
        }
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
