//! The JSON face: REST under `/api/v1`.
//!
//! A handler types the body, knows the caller, reads the clock once, and hands over to a deed or a reader. It never
//! decides and never names the database.

mod applications;
mod asked;
mod body;
mod criteria;
mod document;
mod examples;
mod front;
mod health;
mod licences;
mod log;
mod marks;
mod methods;
mod reference;
mod register;
mod rendered;
mod request;
mod wire;
mod words;

use std::sync::Arc;

use poem::endpoint::make_sync;
use poem::{EndpointExt, IntoEndpoint, IntoResponse, Route};
use poem_openapi::{OpenApiService, Tags};

use crate::registry::Registry;

pub use front::Front;
pub use marks::MarkAnswer;
use methods::Methods;
pub(crate) use request::in_query;
use request::legible;

/// Chapters of the document.
#[derive(Tags, Debug)]
enum Chapter {
    /// The public register: what is registered, and was on a day.
    Register,
    /// Is this mark good?
    Marks,
    /// The criteria, and what the engine finds.
    Criteria,
    /// From submission to registration.
    Applications,
    /// Mark licences.
    Licences,
    /// The public log of every act.
    Log,
}

type Service =
    OpenApiService<(register::Api, marks::Api, criteria::Api, applications::Api, licences::Api, log::Api), ()>;

fn service(registry: &Arc<Registry>) -> Service {
    let of = || registry.clone();
    let apis = (
        register::Api::new(of()),
        marks::Api { registry: of() },
        criteria::Api { registry: of() },
        applications::Api { registry: of() },
        licences::Api { registry: of() },
        log::Api { registry: of() },
    );
    OpenApiService::new(apis, "Otasuketai register", env!("CARGO_PKG_VERSION"))
        .description(include_str!("description.md"))
        .server(registry.base_url.join("/api/v1"))
}

/// The OpenAPI document.
pub fn document(registry: &Arc<Registry>) -> String {
    document::finish(&service(registry).spec())
}

/// Every route of this face.
pub fn routes(registry: &Arc<Registry>) -> Route {
    let service = service(registry);
    let text = document::finish(&service.spec());
    let methods = Arc::new(Methods::of(&text));
    let reference = reference::routes(&service.swagger_ui_html(), registry.is_demonstration);
    let operations = service.into_endpoint().before(legible).around(move |service, request| {
        let methods = methods.clone();
        async move { methods.told(&*service, request).await }
    });
    let document = make_sync(move |_| text.clone().with_content_type("application/json; charset=utf-8"));
    Route::new()
        .nest("/api/v1/docs", reference)
        .at("/api/v1/openapi.json", poem::get(document))
        .at("/api/v1/schemas/declaration.schema.json", poem::get(criteria::declaration_schema))
        .nest("/api/v1", operations)
        .at("/health/live", poem::get(health::live))
        .at("/health/ready", poem::get(health::ready).data(registry.clone()))
        .at("/log/checkpoint", poem::get(log::checkpoint).data(registry.clone()))
        .at("/.well-known/jwks.json", poem::get(log::key_set).data(registry.clone()))
}
