//! The JSON face: REST under `/api/v1`.
//!
//! A handler types the body, knows the caller, reads the clock once, and hands over to a deed or a reader. It never
//! decides and never names the database.

mod api_keys;
mod applications;
mod asked;
mod assigning;
mod body;
mod criteria;
mod deciding;
mod document;
mod drafts;
mod evidence;
mod examining;
mod examples;
mod front;
mod health;
mod judgements;
mod keys;
mod licences;
mod log;
mod marks;
mod methods;
mod organisations;
mod people;
mod proposals;
mod questions;
mod records;
mod reference;
mod register;
mod rendered;
mod request;
mod rules;
mod session;
mod statistics;
mod trail;
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
);
/// A case's way. The framework counts to sixteen.
type Cases =
    (drafts::Api, assigning::Api, questions::Api, deciding::Api, examining::Api, records::Api, statistics::Api);
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
            examining::Api { registry: of() },
            records::Api { registry: of() },
            statistics::Api { registry: of() },
        ),
    );
    OpenApiService::new(apis, "Otasuketai register", env!("CARGO_PKG_VERSION"))
        .description(include_str!("description.md"))
        .server(registry.base_url.join("/api/v1"))
}

/// The OpenAPI document.
pub fn document(registry: &Arc<Registry>) -> String {
    document::finish(&service(registry).spec(), cookie_name(registry))
}

/// Every operation with its rule, and what else this face answers.
pub fn rules(registry: &Arc<Registry>) -> Vec<Declared> {
    let mut declared = Rules::of(&document(registry)).declared();
    declared.extend(plain(registry).declared().iter().cloned());
    declared
}

/// What this face answers beside the document's operations.
fn plain(registry: &Arc<Registry>) -> Guarded {
    let text = document(registry);
    let document = make_sync(move |_| text.clone().with_content_type("application/json; charset=utf-8"));
    Guarded::default()
        .get("/api/v1/openapi.json", Rule::Public, document)
        .get("/api/v1/schemas/declaration.schema.json", Rule::Public, criteria::declaration_schema)
        .get("/health/live", Rule::Public, health::live)
        .get("/health/ready", Rule::Public, health::ready)
        .get("/log/checkpoint", Rule::Public, log::checkpoint)
        .get("/.well-known/jwks.json", Rule::Public, log::key_set)
}

/// Every route of this face.
pub fn routes(registry: &Arc<Registry>) -> Route {
    let service = service(registry);
    let text = document(registry);
    let (methods, rules) = (Arc::new(Methods::of(&text)), Arc::new(Rules::of(&text)));
    let reference = reference::routes(&service.swagger_ui_html(), registry.is_demonstration);
    let operations = service.into_endpoint().before(legible).around(move |service, request| {
        let (methods, rules) = (methods.clone(), rules.clone());
        async move {
            let guarded = Behind { rules, service };
            methods.told(&guarded, request).await
        }
    });
    plain(registry).onto(Route::new().nest("/api/v1/docs", reference)).nest("/api/v1", operations)
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
