//! `/registrations`: the public register.

use std::sync::Arc;

use bytes::Bytes;
use domain::act::RegistrationNumber;
use domain::calendar::Instant;
use domain::settings::Settings;
use domain::text::Text;
use poem::Request;
use poem::http::HeaderValue;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, Object, OpenApi};
use sha2::{Digest, Sha256};

use super::Chapter;
use super::asked::Asked;
use super::rendered::Rendered;
use super::request::{cursor, identifier, query_with};
use super::wire::{ClassParameter, RegistrationView};
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
    /// What it was written under.
    settings: Arc<Settings>,
    from: Instant,
    until: Option<Instant>,
    pub(super) body: Bytes,
    pub(super) etag: HeaderValue,
}

impl Kept {
    fn write(registration: &domain::registration::Registration, settings: Arc<Settings>, at: Instant) -> Self {
        let body = Bytes::from(RegistrationView::new(registration, &settings, at).to_json_string());
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..12]);
        let etag = HeaderValue::from_str(&format!("\"{}-{digest}\"", registration.version));
        Self {
            version: registration.version,
            settings,
            from: at,
            until: registration.shown_until(at),
            body,
            etag: etag.expect("digits, hyphens and quotes are a header"),
        }
    }

    fn is_good(&self, version: u32, settings: &Arc<Settings>, at: Instant) -> bool {
        let is_same = self.version == version && Arc::ptr_eq(&self.settings, settings);
        is_same && self.from <= at && self.until.is_none_or(|until| at < until)
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
        let settings = self.registry.store.settings().await?;
        if let Some(kept) = self.kept.get(number).filter(|kept| kept.is_good(registration.version, &settings, at)) {
            return Ok(Some(kept));
        }
        let fresh = Arc::new(Kept::write(&registration, settings, at));
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
        let settings = self.registry.store.settings().await?;
        let items = page.items.iter().map(|registration| RegistrationView::new(registration, &settings, at)).collect();
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
}

fn missing(number: &RegistrationNumber) -> Problem {
    Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number.as_str())
}
