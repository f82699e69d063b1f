//! The shapes of answers. Names follow the GIF core vocabulary where it has them; every field says its unit.

use domain::act::{Determination, Verdict};
use domain::application::Matter;
use domain::calendar::{Instant, Period};
use domain::declaration::{Class, Kind};
use domain::registration::{Cause, FilingOutcome, Registration, Status};
use domain::settings::Settings;
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
            Status::Lapsed { since } | Status::Discontinued { since } => (Some(since), None),
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

/// When the last term can be renewed: days in Japan, both ends included.
#[derive(Object, Debug)]
#[oai(rename = "Renewal", rename_all = "camelCase", skip_serializing_if_is_none)]
struct RenewalView {
    /// The first day on which its renewal can be applied for.
    opens: String,
    /// The last day on which that is in time.
    due: String,
    /// The last day of the term, and of applying.
    closes: String,
    /// The application that was filed and is not entered or over.
    application: Option<String>,
    /// When it was, in UTC.
    filed_at: Option<String>,
    /// The last day on which the registration goes on while that is undecided; absent where it was not filed in time.
    holds_until: Option<String>,
}

impl RenewalView {
    fn new(registration: &Registration, settings: &Settings) -> Self {
        let (window, filing) = (registration.renewal_window(settings), registration.open_renewal());
        Self {
            opens: window.opens.to_string(),
            due: window.due.to_string(),
            closes: window.closes.to_string(),
            application: filing.map(|filing| filing.application.to_string()),
            filed_at: filing.map(|filing| filing.filed_at.to_string()),
            holds_until: filing.and_then(|filing| filing.holds_until).map(|until| until.previous().to_string()),
        }
    }
}

/// What became of a renewal.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum RenewalWord {
    Filed,
    Renewed,
    Failed,
    Withdrawn,
}

/// What became of a change.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "RegistrationChange", rename_all = "snake_case")]
enum ChangeWord {
    /// Of what no criterion asks about: it holds.
    Notified,
    /// It is examined.
    Filed,
    /// It passed, and holds.
    Changed,
    Failed,
    Withdrawn,
    /// The registration went over to another provider.
    Succeeded,
}

/// Something that happened to a registration.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct Event {
    /// The measure that was taken, if it is one.
    measure: Option<MeasureName>,
    /// What became of a renewal, if it is about one; absent with `measure` for the registration itself.
    renewal: Option<RenewalWord>,
    /// What became of a change, if it is about one.
    change: Option<ChangeWord>,
    /// The fields of the declaration that a change is about, as JSON Pointers.
    fields: Option<Vec<String>>,
    /// Of a succession: the provider until then.
    former_provider: Option<String>,
    /// When it was taken, in UTC.
    at: String,
    /// When it begins to hold, in UTC, if that is later.
    from: Option<String>,
    reason: Option<String>,
    /// The clauses it rests on (`listMeasureClauses`).
    clauses: Vec<String>,
    /// Of an emergency suspension that nobody has confirmed: when it ends by itself, or ended, in UTC.
    unconfirmed_until: Option<String>,
    /// Since when it is set aside, in UTC.
    set_aside_at: Option<String>,
}

/// A service's end, as its provider announced it.
#[derive(Object, Debug)]
#[oai(rename = "AnnouncedEnd", rename_all = "camelCase")]
pub(super) struct AnnouncedEnd {
    /// The last day in Japan.
    last_day: String,
    for_users: String,
    contracts: String,
    /// When it was announced, in UTC.
    announced_at: String,
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
    /// Since when it is this provider's, in UTC, where it went over from another one.
    held_since: Option<String>,
    /// The application for a change that is being examined.
    changing: Option<String>,
    /// The one that holds the day, or held last.
    term: Term,
    /// All of them, oldest first.
    terms: Vec<Term>,
    /// The last day in Japan on which it goes on behind its term while its renewal is undecided, if it does.
    extended_until: Option<String>,
    renewal: RenewalView,
    /// Oldest first; of measures, what is announced and does not hold yet as well.
    history: Vec<Event>,
    discontinuation: Option<AnnouncedEnd>,
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
    pub(super) fn new(registration: &Registration, settings: &Settings, at: Instant) -> Self {
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
            held_since: registration.held_since().map(|at| at.to_string()),
            changing: registration.open_change().map(|filing| filing.application.to_string()),
            term: Term::new(registration.term_number(day), registration.term_at(day)),
            terms: registration.terms.iter().zip(1..).map(|(term, number)| Term::new(number, *term)).collect(),
            extended_until: registration.extension(at).map(|extension| extension.until.previous().to_string()),
            renewal: RenewalView::new(registration, settings),
            history: history(registration),
            discontinuation: registration.discontinuation().map(|announced| AnnouncedEnd {
                last_day: announced.plan.last_day.to_string(),
                for_users: announced.plan.for_users.clone(),
                contracts: announced.plan.contracts.clone(),
                announced_at: announced.at.to_string(),
            }),
            edition: listing.edition.clone(),
            edition_digest: listing.edition_digest.clone(),
        }
    }
}

fn history(registration: &Registration) -> Vec<Event> {
    let plain = |at: Instant| Event {
        measure: None,
        renewal: None,
        change: None,
        fields: None,
        former_provider: None,
        at: at.to_string(),
        from: None,
        reason: None,
        clauses: Vec::new(),
        unconfirmed_until: None,
        set_aside_at: None,
    };
    let mut events = vec![(registration.registered_at, plain(registration.registered_at))];
    events.extend(registration.measures.iter().map(|measure| {
        let event = Event {
            measure: Some((&measure.kind).into()),
            from: Some(measure.from()).filter(|from| *from > measure.at).map(|from| from.to_string()),
            reason: Some(measure.reason.clone()),
            clauses: measure.grounds.as_ref().map(|grounds| grounds.clauses.clone()).unwrap_or_default(),
            unconfirmed_until: measure.unconfirmed_until().map(|until| until.to_string()),
            set_aside_at: measure.set_aside().map(|at| at.to_string()),
            ..plain(measure.at)
        };
        (measure.at, event)
    }));
    for filing in registration.filings.iter().filter(|filing| filing.matter == Matter::Change) {
        let mut push = |at: Instant, word| events.push((at, Event { change: Some(word), ..plain(at) }));
        push(filing.filed_at, ChangeWord::Filed);
        match filing.ended.as_ref().map(|ended| (ended.outcome, ended.at)) {
            Some((FilingOutcome::Failed, at)) => push(at, ChangeWord::Failed),
            Some((FilingOutcome::Withdrawn, at)) => push(at, ChangeWord::Withdrawn),
            // What was entered says it below.
            Some((FilingOutcome::Entered | FilingOutcome::Superseded, _)) | None => {}
        }
    }
    for change in &registration.changes {
        let (word, fields) = match &change.cause {
            Cause::Notified { fields } => (ChangeWord::Notified, Some(fields.clone())),
            Cause::Examined { fields, .. } => (ChangeWord::Changed, Some(fields.clone())),
            Cause::Succeeded { .. } => (ChangeWord::Succeeded, None),
            Cause::Renewed { .. } => continue,
        };
        let (mut reason, mut former_provider) = (None, None);
        if let Cause::Succeeded { succession } = &change.cause {
            reason = Some(succession.reason.clone());
            former_provider = Some(change.listing.provider.trade_name.clone());
        }
        events.push((change.at, Event { change: Some(word), fields, reason, former_provider, ..plain(change.at) }));
    }
    for filing in registration.filings.iter().filter(|filing| filing.matter == Matter::Renewal) {
        let mut push = |at: Instant, word| events.push((at, Event { renewal: Some(word), ..plain(at) }));
        push(filing.filed_at, RenewalWord::Filed);
        if let Some(ended) = &filing.ended {
            match ended.outcome {
                FilingOutcome::Entered => push(ended.at, RenewalWord::Renewed),
                FilingOutcome::Failed => push(ended.at, RenewalWord::Failed),
                FilingOutcome::Withdrawn => push(ended.at, RenewalWord::Withdrawn),
                // The one that was entered says it.
                FilingOutcome::Superseded => {}
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, event)| event).collect()
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
