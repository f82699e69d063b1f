//! `/registrations`: the public register, and the secretariat's measures.

use std::sync::Arc;

use bytes::Bytes;
use domain::act::RegistrationNumber;
use domain::calendar::{Day, Instant};
use domain::proposal::Motion;
use domain::registration::MeasureKind;
use domain::text::Text;
use poem::Request;
use poem::http::HeaderValue;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use sha2::{Digest, Sha256};

use super::Chapter;
use super::asked::Asked;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::rendered::Rendered;
use super::request::{Caller, cursor, identifier, query_with};
use super::wire::{ClassParameter, RegistrationView, State, Term};
use super::words::{KindName, StateName};
use crate::catalogue::{Wanted, find};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store;

pub(super) const REGISTRATION: (&str, &str) = ("登録", "registration");

/// Most services on one page.
const MOST: u32 = 200;

pub(super) struct Api {
    registry: Arc<Registry>,
    shown: Shown,
}

/// Services as they were written for earlier callers.
pub(super) struct Shown {
    registry: Arc<Registry>,
    kept: quick_cache::sync::Cache<RegistrationNumber, Arc<Kept>>,
}

/// A written answer, good while its registration has this version and the clock does not change its state.
pub(super) struct Kept {
    version: u32,
    from: Instant,
    until: Option<Instant>,
    pub(super) body: Bytes,
    pub(super) etag: HeaderValue,
}

impl Kept {
    fn write(registration: &domain::registration::Registration, at: Instant) -> Self {
        let body = Bytes::from(RegistrationView::new(registration, at).to_json_string());
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..12]);
        let etag = HeaderValue::from_str(&format!("\"{}-{digest}\"", registration.version));
        Self {
            version: registration.version,
            from: at,
            until: registration.changes_by_itself(at),
            body,
            etag: etag.expect("digits, hyphens and quotes are a header"),
        }
    }

    fn is_good(&self, version: u32, at: Instant) -> bool {
        self.version == version && self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

impl Shown {
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        Self { registry, kept: quick_cache::sync::Cache::new(4_000) }
    }

    /// The service as the public sees it at `at`, written now or earlier.
    pub(super) async fn find(
        &self,
        number: &RegistrationNumber,
        at: Instant,
    ) -> Result<Option<Arc<Kept>>, store::Error> {
        let Some(registration) = self.registry.store.registration(number).await? else { return Ok(None) };
        if let Some(kept) = self.kept.get(number).filter(|kept| kept.is_good(registration.version, at)) {
            return Ok(Some(kept));
        }
        let fresh = Arc::new(Kept::write(&registration, at));
        self.kept.insert(number.clone(), fresh.clone());
        Ok(Some(fresh))
    }
}

impl Api {
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        Self { shown: Shown::new(registry.clone()), registry }
    }
}

/// Some services, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Registrations {
    items: Vec<RegistrationView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

#[derive(ApiResponse)]
enum Listed {
    /// Some services, in the order of their numbers.
    #[oai(status = 200)]
    Page(
        Json<Registrations>,
        /// The next page (RFC 8288).
        #[oai(header = "Link")]
        Option<String>,
    ),
}

/// The register's answer about a day.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct OnDayView {
    number: String,
    /// The day in Japan that was asked about.
    day: String,
    /// The state at the day's last second; for today, now.
    state: State,
    /// The term that holds the day, if one does.
    term: Option<Term>,
    class: u8,
    edition: String,
    /// When the register last learned something that bears on this day, in UTC.
    known_since: String,
}

/// What the secretariat does.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum MeasureWord {
    Suspend,
    Reinstate,
    Revoke,
}

/// A measure and its reason.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct MeasureBody {
    measure: MeasureWord,
    /// Fit for the public: it is shown on the service's page and to whoever scans its marks.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

#[OpenApi(prefix_path = "/registrations", tag = "Chapter::Register")]
impl Api {
    /// Lists the register
    ///
    /// Words are matched in names and numbers, ignoring width, kana kind, spaces, dashes, legal forms and old kanji.
    #[oai(path = "/", method = "get", operation_id = "listRegistrations")]
    async fn list(
        &self,
        request: &Request,
        /// Words; each must occur.
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        class: Asked<ClassParameter>,
        monitoring: Asked<KindName>,
        /// All states when absent.
        state: Asked<StateName>,
        /// Only numbers after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
        /// At most so many (50 when absent).
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Asked<u32>,
    ) -> Result<Listed, Problem> {
        let at = clock::now();
        let after = after.0.as_deref().map(|text| cursor(REGISTRATION, text)).transpose()?;
        let limit = limit.0.unwrap_or(50).min(MOST);
        let wanted = Wanted {
            words: q.0.clone().unwrap_or_default(),
            class: class.0.map(Into::into),
            kind: monitoring.0.map(Into::into),
            states: state.0.iter().map(|state| state.word().to_owned()).collect(),
            after,
        };
        let page = find(&self.registry.store, &wanted, limit as usize, at).await?;
        let next = page.items.last().filter(|_| page.has_more).map(|last| last.number.to_string());
        let link = next.as_ref().map(|next| {
            let path = format!("/api/v1/registrations?{}", query_with(request.uri(), "after", next));
            format!("<{}>; rel=\"next\"", self.registry.base_url.join(&path))
        });
        let items = page.items.iter().map(|registration| RegistrationView::new(registration, at)).collect();
        Ok(Listed::Page(Json(Registrations { items, next }), link))
    }

    /// Shows a service
    #[oai(path = "/:number", method = "get", operation_id = "getRegistration")]
    async fn show(
        &self,
        number: Path<String>,
        #[oai(name = "If-None-Match")] if_none_match: Header<Option<String>>,
    ) -> Result<Rendered<RegistrationView>, Problem> {
        let number: RegistrationNumber = identifier(REGISTRATION, &number.0)?;
        let kept = self.shown.find(&number, clock::now()).await?.ok_or_else(|| missing(&number))?;
        Ok(Rendered::kept(kept.body.clone(), kept.etag.clone(), if_none_match.0.as_deref()))
    }

    /// Was it valid on a day?
    #[oai(path = "/:number/valid-on/:day", method = "get", operation_id = "registrationOnDay")]
    async fn on_day(
        &self,
        number: Path<String>,
        /// `YYYY-MM-DD`, a day in Japan; today at the latest.
        day: Path<String>,
    ) -> Result<Json<OnDayView>, Problem> {
        let registration = self.find(&identifier(REGISTRATION, &number.0)?).await?;
        let on_day = on_day(&registration, &day.0, clock::now())?;
        let term = on_day.term.map(|term| Term::new(registration.term_number(on_day.day), term));
        Ok(Json(OnDayView {
            number: registration.number.to_string(),
            day: on_day.day.to_string(),
            state: on_day.status.into(),
            term,
            class: registration.listing.class.into(),
            edition: registration.listing.edition.clone(),
            known_since: on_day.known_since.to_string(),
        }))
    }

    /// Proposes to suspend, reinstate or revoke
    ///
    /// The secretariat's. It is done once a second person confirms it; every licence under the registration follows.
    #[oai(path = "/:number/measures", method = "post", operation_id = "proposeMeasure")]
    async fn measure(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<MeasureBody>,
        /// The version you saw, such as `"3"`.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let MeasureBody { measure, reason } = body.0;
        let measure = match measure {
            MeasureWord::Suspend => MeasureKind::Suspended,
            MeasureWord::Reinstate => MeasureKind::Reinstated,
            MeasureWord::Revoke => MeasureKind::Revoked,
        };
        let registration = identifier(REGISTRATION, &number.0)?;
        let motion = Motion::TakeMeasure { registration, measure, reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }
}

impl Api {
    async fn find(&self, number: &RegistrationNumber) -> Result<Arc<domain::registration::Registration>, Problem> {
        self.registry.store.registration(number).await?.ok_or_else(|| missing(number))
    }
}

fn missing(number: &RegistrationNumber) -> Problem {
    Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number.as_str())
}

/// Reads the day and asks.
pub(crate) fn on_day(
    registration: &domain::registration::Registration,
    day: &str,
    now: Instant,
) -> Result<domain::registration::OnDay, Problem> {
    let parsed: Day = day.parse().map_err(|_| {
        let message = Text::new("日付は 2026-04-01 のように書いてください。", "Write the day like 2026-04-01.");
        Problem::unreadable("/day", day, message)
    })?;
    registration.on_day(parsed, now).map_err(|ahead| {
        let message = Text::new(
            format!("{} はまだ来ていません。今日（{}）までの日を指定してください。", ahead.day, ahead.today),
            format!("{} is still to come. Ask about a day up to today, {}.", ahead.day, ahead.today),
        );
        Problem::unreadable("/day", day, message)
    })
}
