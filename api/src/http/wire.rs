//! The shapes of answers. Names follow the GIF core vocabulary where it has them; every field says its unit.

use domain::act::{Determination, Verdict};
use domain::calendar::{Instant, Period};
use domain::declaration::{Class, Kind};
use domain::registration::{Registration, Status};
use domain::yen::{LineItem, Tax};
use poem_openapi::{Enum, Object};

use super::words::{AudienceName, ChargeName, KindName, MeasureName, StateName, TaxName};

/// A term of a registration: days in Japan.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
pub(super) struct Term {
    /// 1 for the first.
    number: u32,
    /// The first day, `YYYY-MM-DD`.
    from: String,
    /// The last day, `YYYY-MM-DD`.
    last_day: String,
}

impl Term {
    pub(super) fn new(number: usize, period: Period) -> Self {
        Self { number: number as u32, from: period.from.to_string(), last_day: period.last_day().to_string() }
    }
}

/// The state of a registration.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct State {
    name: StateName,
    /// Since when, in UTC; for `not_yet`, the instant it begins.
    since: Option<String>,
    /// Why, in words fit for the public.
    reason: Option<String>,
}

impl From<Status> for State {
    fn from(status: Status) -> Self {
        let name = StateName::from(&status);
        let (since, reason) = match status {
            Status::Valid => (None, None),
            Status::NotYet { from } => (Some(from.start()), None),
            Status::Lapsed { since } => (Some(since), None),
            Status::Suspended { since, reason } | Status::Revoked { since, reason } => (Some(since), Some(reason)),
        };
        Self { name, since: since.map(|at| at.to_string()), reason }
    }
}

/// One price of a service.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct Price {
    /// What it is for, as the provider words it.
    label: String,
    charge: ChargeName,
    audience: AudienceName,
    /// Yen as declared; `tax` says whether tax is in it.
    yen: u64,
    tax: TaxName,
    /// Per cent, where tax is included.
    tax_rate_percent: Option<u8>,
}

impl From<&LineItem> for Price {
    fn from(line: &LineItem) -> Self {
        let tax_rate_percent = match line.amount.tax {
            Tax::Excluded => None,
            Tax::Included { rate_percent } => Some(rate_percent),
        };
        Self {
            label: line.label.clone(),
            charge: (&line.charge).into(),
            audience: (&line.audience).into(),
            yen: line.amount.yen,
            tax: (&line.amount.tax).into(),
            tax_rate_percent,
        }
    }
}

/// Something that happened to a registration.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct Event {
    /// What was done; absent for the registration itself.
    measure: Option<MeasureName>,
    /// In UTC.
    at: String,
    reason: Option<String>,
}

/// A registered service, as the public sees it.
#[derive(Object, Debug)]
#[oai(rename = "Registration", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RegistrationView {
    /// Never changes.
    pub(super) number: String,
    /// Acts about it so far; what `If-Match` takes.
    version: u32,
    state: State,
    service_name: String,
    service_name_kana: String,
    summary: String,
    /// 類: 1 or 2.
    class: u8,
    monitoring: KindName,
    /// Prefectures served: JIS X 0401 codes, two digits.
    regions: Vec<String>,
    prices: Vec<Price>,
    provider: Provider,
    term: Term,
    /// Oldest first.
    history: Vec<Event>,
    /// The edition of the criteria it was judged under.
    edition: String,
    /// SHA-256 of that edition's file, in hexadecimal.
    edition_digest: String,
}

/// A registered provider.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Provider {
    /// 法人番号, 13 digits; a sole proprietor has none.
    legal_entity_number: Option<String>,
    trade_name: String,
    trade_name_kana: String,
    /// JIS X 0401, two digits.
    prefecture: String,
}

impl RegistrationView {
    pub(super) fn new(registration: &Registration, at: Instant) -> Self {
        let (listing, day) = (&registration.listing, at.day());
        let provider = &listing.provider;
        Self {
            number: registration.number.to_string(),
            version: registration.version,
            state: registration.status(at).into(),
            service_name: listing.service_name.clone(),
            service_name_kana: listing.service_name_kana.clone(),
            summary: listing.summary.clone(),
            class: listing.class.into(),
            monitoring: (&listing.monitoring).into(),
            regions: listing.regions.iter().map(|region| format!("{:02}", region.code())).collect(),
            prices: listing.prices.iter().map(Price::from).collect(),
            provider: Provider {
                legal_entity_number: provider.legal_entity_number.as_ref().map(ToString::to_string),
                trade_name: provider.trade_name.clone(),
                trade_name_kana: provider.trade_name_kana.clone(),
                prefecture: format!("{:02}", provider.prefecture.code()),
            },
            term: Term::new(registration.term_number(day), registration.term_at(day)),
            history: history(registration),
            edition: listing.edition.clone(),
            edition_digest: listing.edition_digest.clone(),
        }
    }
}

fn history(registration: &Registration) -> Vec<Event> {
    let registered = Event { measure: None, at: registration.registered_at.to_string(), reason: None };
    let measures = registration.measures.iter().map(|measure| Event {
        measure: Some((&measure.kind).into()),
        at: measure.at.to_string(),
        reason: Some(measure.reason.clone()),
    });
    std::iter::once(registered).chain(measures).collect()
}

/// A class in a query.
#[derive(Enum, Clone, Copy, Debug)]
pub(super) enum ClassParameter {
    #[oai(rename = "1")]
    One,
    #[oai(rename = "2")]
    Two,
}

impl From<ClassParameter> for Class {
    fn from(class: ClassParameter) -> Self {
        match class {
            ClassParameter::One => Self::One,
            ClassParameter::Two => Self::Two,
        }
    }
}

impl From<KindName> for Kind {
    fn from(kind: KindName) -> Self {
        match kind {
            KindName::Network => Self::Network,
            KindName::Endpoint => Self::Endpoint,
            KindName::Combined => Self::Combined,
        }
    }
}

/// A verdict on a whole application.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
pub(super) enum VerdictWord {
    Pass,
    Fail,
}

impl From<Verdict> for VerdictWord {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Fail,
        }
    }
}

/// A verdict and its reason.
#[derive(Object, Clone, Debug)]
#[oai(rename = "Determination", rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeterminationBody {
    pub(super) verdict: VerdictWord,
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
}

impl From<DeterminationBody> for Determination {
    fn from(body: DeterminationBody) -> Self {
        let verdict = match body.verdict {
            VerdictWord::Pass => Verdict::Pass,
            VerdictWord::Fail => Verdict::Fail,
        };
        Self { verdict, reason: body.reason }
    }
}

impl From<&Determination> for DeterminationBody {
    fn from(determination: &Determination) -> Self {
        Self { verdict: determination.verdict.into(), reason: determination.reason.clone() }
    }
}

/// A reason in words.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reason {
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
}
