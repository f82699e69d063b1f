//! The JSON face: REST under `/api/v1`.
//!
//! A handler types the body, knows the caller, reads the clock once, and hands over to a deed or a reader. It never
//! decides and never names the database.

mod api_keys;
mod applications;
mod asked;
mod assigning;
mod body;
mod bulk;
mod changes;
mod complaints;
mod criteria;
mod day;
mod deciding;
mod document;
mod drafts;
mod evidence;
mod examining;
mod examples;
mod front;
mod health;
mod imports;
mod inbox;
mod judgements;
mod key_sets;
mod keys;
mod licences;
mod log;
mod marks;
mod measures;
mod methods;
mod organisations;
mod people;
mod price_checks;
mod proposals;
mod questions;
mod records;
mod reference;
mod register;
mod rendered;
mod request;
mod round;
mod rules;
mod session;
mod settings;
mod statistics;
pub(crate) mod status_lists;
mod trail;
mod valid_on;
mod watching;
mod webhooks;
mod wire;
mod words;

use std::sync::Arc;

use poem::endpoint::make_sync;
use poem::{Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Request, Route};
use poem_openapi::{OpenApiService, Tags};

use crate::caller::cookie_name;
use crate::gate::{Declared, Guarded, Rule};
use crate::registry::Registry;

pub use front::Front;
pub use marks::MarkAnswer;
use methods::Methods;
pub(crate) use request::in_query;
use request::legible;
use rules::Rules;

/// Chapters of the document.
#[derive(Tags, Debug)]
enum Chapter {
    /// The public register: what is registered, and was on a day.
    Register,
    /// Is this mark good?
    Marks,
    /// The criteria, and what the engine finds.
    Criteria,
    /// The keys that sign marks and log.
    Keys,
    /// From submission to registration.
    Applications,
    /// Files that show what is declared.
    Evidence,
    /// Mark licences.
    Licences,
    /// What waits for a second person.
    Proposals,
    /// Who may act, and what as.
    People,
    /// The organisations people act for.
    Organisations,
    /// Keys of providers' systems.
    ApiKeys,
    /// The audit trail: who did, tried or was refused what.
    Trail,
    /// Who is signed in.
    Session,
    /// The public log of every act.
    Log,
    /// Records of cases: everything that was done, in one document.
    Records,
    /// What is reported of services once they are registered.
    Watching,
    /// The settings of the scheme, as they hold on a day.
    Settings,
    /// What is due, late and waiting, of everybody.
    Day,
    /// What the caller was told, and how.
    Inbox,
    /// Systems of providers that are told.
    Webhooks,
}

type Apis = (
    register::Api,
    marks::Api,
    criteria::Api,
    keys::Api,
    applications::Api,
    evidence::Api,
    licences::Api,
    proposals::Api,
    people::Api,
    organisations::Api,
    api_keys::Api,
    trail::Api,
    session::Api,
    log::Api,
    Cases,
    Later,
);
/// After the registration.
type Later = (Watching, Telling, valid_on::Api, Own);
/// The registration body's own.
type Own = (settings::Api, day::Api, round::Api, bulk::Api, imports::Api);
/// What is asked of services once they are registered.
type Watching = (watching::Api, complaints::Api, price_checks::Api);
/// A case's way. The framework counts to sixteen.
type Cases = (
    drafts::Api,
    assigning::Api,
    questions::Api,
    deciding::Api,
    measures::Api,
    changes::Api,
    examining::Api,
    records::Api,
    statistics::Api,
);
/// How people and systems are told.
type Telling = (inbox::Api, webhooks::Api);
type Service = OpenApiService<Apis, ()>;

fn service(registry: &Arc<Registry>) -> Service {
    let of = || registry.clone();
    let apis = (
        register::Api::new(of()),
        marks::Api { registry: of() },
        criteria::Api { registry: of() },
        keys::Api { registry: of() },
        applications::Api { registry: of() },
        evidence::Api { registry: of() },
        licences::Api { registry: of() },
        proposals::Api { registry: of() },
        people::Api { registry: of() },
        organisations::Api { registry: of() },
        api_keys::Api { registry: of() },
        trail::Api { registry: of() },
        session::Api,
        log::Api { registry: of() },
        (
            drafts::Api { registry: of() },
            assigning::Api { registry: of() },
            questions::Api { registry: of() },
            deciding::Api { registry: of() },
            measures::Api { registry: of() },
            changes::Api { registry: of() },
            examining::Api { registry: of() },
            records::Api { registry: of() },
            statistics::Api { registry: of() },
        ),
        (
            (
                watching::Api { registry: of() },
                complaints::Api { registry: of() },
                price_checks::Api { registry: of() },
            ),
            (inbox::Api { registry: of() }, webhooks::Api { registry: of() }),
            valid_on::Api { registry: of() },
            (
                settings::Api { registry: of() },
                day::Api { registry: of() },
                round::Api { registry: of() },
                bulk::Api { registry: of() },
                imports::Api { registry: of() },
            ),
        ),
    );
    OpenApiService::new(apis, "Otasuketai register", env!("CARGO_PKG_VERSION"))
        .description(include_str!("description.md"))
        .server(registry.base_url.join("/api/v1"))
}

/// The OpenAPI document.
fn document(service: &Service, registry: &Registry) -> Value {
    document::finish(&service.spec(), cookie_name(registry))
}

/// Every operation with its rule, and what else this face answers.
pub fn rules(registry: &Arc<Registry>) -> Vec<Declared> {
    let document = document(&service(registry), registry);
    let mut declared = Rules::of(&document).declared();
    declared.extend(plain(&document).declared().iter().cloned());
    declared
}

/// What this face answers beside the document's operations.
fn plain(document: &Value) -> Guarded {
    let text = format!("{document:#}\n");
    let document = make_sync(move |_| text.clone().with_content_type("application/json; charset=utf-8"));
    Guarded::default()
        .get("/api/v1/openapi.json", Rule::Public, document)
        .get("/api/v1/schemas/declaration.schema.json", Rule::Public, criteria::declaration_schema)
        .get("/api/v1/schemas/alert-report.schema.json", Rule::Public, watching::alert_report_schema)
        .get("/health/live", Rule::Public, health::live)
        .get("/health/ready", Rule::Public, health::ready)
        .get("/log/checkpoint", Rule::Public, log::checkpoint)
        .get("/.well-known/jwks.json", Rule::Public, key_sets::jwk_set)
        .get("/.well-known/cose-keys", Rule::Public, key_sets::cose_keys)
        .get("/.well-known/did.json", Rule::Public, key_sets::did_document)
        .get("/credentials/v1", Rule::Public, key_sets::credentials_context)
        .get("/status", Rule::Public, status_lists::lists)
        .get("/status/bundle", Rule::Public, status_lists::bundle)
        .get("/status/:name", Rule::Public, status_lists::list)
}

/// Every route of this face.
pub fn routes(registry: &Arc<Registry>) -> Route {
    let service = service(registry);
    let document = document(&service, registry);
    let (methods, rules) = (Arc::new(Methods::of(&document)), Arc::new(Rules::of(&document)));
    let reference = reference::routes(registry.is_demonstration);
    let operations = service.into_endpoint().before(legible).around(move |service, request| {
        let (methods, rules) = (methods.clone(), rules.clone());
        async move {
            let guarded = Behind { rules, service };
            methods.told(&guarded, request).await
        }
    });
    plain(&document).onto(Route::new().nest("/api/v1/docs", reference)).nest("/api/v1", operations)
}

/// The operations behind their rules.
struct Behind<E> {
    rules: Arc<Rules>,
    service: Arc<E>,
}

impl<E: Endpoint> Endpoint for Behind<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<E::Output> {
        self.rules.guard(&*self.service, request).await
    }
}
