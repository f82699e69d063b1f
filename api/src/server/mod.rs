//! Serving: both faces on one address, until the process is asked to end.

pub mod connections;
pub mod limits;
mod rest;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, Request, Response};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::account::retention::Sweep;
use crate::account::trail::{Line, Origin};
use crate::acts::{AtHand, Errand, Refused, SweepDrafts};
use crate::caller::Visitor;
use crate::problem::face::RequestId;
use crate::problem::{Problem, Told, face};
use crate::registry::Registry;
use crate::{caller, clock, evidence, gate, http, imports, post, web};
use limits::Limits;
use rest::Rest;

/// The largest body anybody may send, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// The largest header anybody may send, in bytes of names and values.
const MOST_HEADER_BYTES: usize = 32 << 10;
/// How long a body may take to arrive.
const BODY: Duration = Duration::from_secs(30);

/// Both faces, with what every request goes through.
pub fn endpoint(registry: &Arc<Registry>, limits: Arc<Limits>) -> impl Endpoint<Output = Response> + use<> {
    let routes = web::routes(http::routes(registry));
    let inner = routes.data(registry.clone()).map_to_response();
    let (is_demo, is_secure) = (registry.is_demonstration, registry.base_url.is_secure());
    let registry = registry.clone();
    let front = Arc::new(http::Front::new(&registry));
    inner.around(move |routes, request| {
        let limited = Limited { front: front.clone(), limits: limits.clone(), registry: registry.clone(), routes };
        async move { face::dress(limited, is_demo, is_secure, request).await }
    })
}

/// Refuses whoever asks too often, and a header that is too large; reads the body up front and refuses one that is too
/// large, whatever it says of its length, or that does not come.
struct Limited<E> {
    front: Arc<http::Front>,
    limits: Arc<Limits>,
    registry: Arc<Registry>,
    routes: Arc<E>,
}

impl<E: Endpoint<Output = Response>> Endpoint for Limited<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        let rest = gate::takes_files(&request).then(|| Rest::of(&mut request));
        let (origin, network) = (self.origin(&request), self.limits.network(&request));
        let mut is_known = false;
        let answer = self.answered(request, origin.clone(), &mut is_known).await;
        self.tell_of(&answer, &origin, network, is_known);
        if let Some(rest) = rest.filter(|_| Told::of(&answer).is_some()) {
            rest.pass_over().await;
        }
        answer
    }
}

impl<E: Endpoint<Output = Response>> Limited<E> {
    async fn answered(&self, mut request: Request, origin: Origin, is_known: &mut bool) -> poem::Result<Response> {
        if let Err(wait) = self.limits.count(&request) {
            return Err(Problem::too_many(wait).into());
        }
        if is_complaint(&request)
            && let Err(wait) = self.limits.count_rare(&request)
        {
            return Err(Problem::too_many(wait).into());
        }
        let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
        if headers.sum::<usize>() > MOST_HEADER_BYTES {
            return Err(poem::Error::from_status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        // Nothing can be said of what holds now; only that the process lives.
        if request.uri().path() != "/health/live" {
            clock::check().map_err(Problem::clock_set_back)?;
        }
        if let Some(response) = self.front.answer(&request).await {
            return Ok(response);
        }
        let method = request.method();
        // Files are read as they come, each within its own limits, by the routes that take them.
        if method != Method::GET && method != Method::HEAD && !gate::takes_files(&request) {
            let body = tokio::time::timeout(BODY, request.take_body().into_bytes_limit(MOST_BYTES)).await;
            request.set_body(body.map_err(|_| poem::Error::from_status(StatusCode::REQUEST_TIMEOUT))??);
        }
        let at = clock::now();
        let Some(visitor) = caller::visitor(&self.registry, &request, &origin, at).await? else {
            request.extensions_mut().insert(origin);
            return self.routes.call(request).await;
        };
        if let Err(wait) = self.limits.count_person(&visitor.actor.person) {
            return Err(Problem::too_many(wait).into());
        }
        *is_known = true;
        let visitor = Arc::new(visitor);
        let tried = Tried::new(&request);
        request.extensions_mut().insert(visitor.origin.clone());
        request.extensions_mut().insert(visitor.clone());
        let mut answer = self.routes.call(request).await;
        if let Ok(response) = &mut answer {
            keep_out_of_caches(response);
        }
        if let Some(line) = tried.refused(&visitor, &answer) {
            self.registry.run(line, visitor.origin.clone(), at).await.map_err(Problem::from)?;
        }
        answer
    }
}

impl<E> Limited<E> {
    /// What is refused to nobody known has no line of the trail, which strangers must not fill: it has one of the
    /// process's log, at most one a minute for each network and kind. So has a flood, whoever it comes from. Nothing of
    /// what was sent is in it. That somebody must sign in, or that there is nothing at an address, is no event.
    fn tell_of(&self, answer: &poem::Result<Response>, origin: &Origin, network: Option<IpAddr>, is_known: bool) {
        let Some(Told { status, code }) = Told::of(answer) else { return };
        let is_event = match status {
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
                false
            }
            StatusCode::TOO_MANY_REQUESTS => true,
            _ => status.is_client_error() && !is_known,
        };
        if is_event && self.limits.is_news(network, code) {
            let network = network.map(|network| network.to_string()).unwrap_or_default();
            tracing::warn!(request = %origin.request, network, status = status.as_u16(), code, "refused");
        }
    }
}

/// Does somebody complain, whoever they are?
fn is_complaint(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && matches!(path, "/complaint" | "/en/complaint" | "/api/v1/complaints")
}

/// What one person was shown is kept by nobody, unless it is what everybody is shown.
fn keep_out_of_caches(response: &mut Response) {
    let is_public = response.header(header::CACHE_CONTROL).is_some_and(|told| told.starts_with("public"));
    if !is_public {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

impl<E> Limited<E> {
    fn origin(&self, request: &Request) -> Origin {
        let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let address = self.limits.address(request).map(|address| address.to_string());
        Origin { request: id, address, proof: "nobody".to_owned() }
    }
}

/// What somebody known asked for, for the trail of what was refused.
struct Tried {
    is_change: bool,
    what: String,
}

impl Tried {
    fn new(request: &Request) -> Self {
        let method = request.method();
        // A link's secret stands in its path.
        let path = request.uri().path();
        let path = if path.starts_with("/invitation/") { "/invitation/…" } else { path };
        let what = format!("{method} {path}").chars().take(200).collect();
        Self { is_change: !matches!(*method, Method::GET | Method::HEAD), what }
    }

    /// The line to write where a change, or anything that is not theirs, was refused.
    fn refused(self, visitor: &Visitor, answer: &poem::Result<Response>) -> Option<Noted> {
        let told = Told::of(answer)?;
        let is_refusal = told.status == StatusCode::FORBIDDEN || self.is_change && told.status.is_client_error();
        let by = visitor.actor.memberships.first().map(|held| held.caller(&visitor.actor.person));
        let line = Line::refused(&self.what, told.code, visitor.at, &visitor.origin);
        is_refusal.then(|| Noted(by.into_iter().fold(line, Line::by)))
    }
}

/// A line of the trail that stands alone.
#[derive(Debug)]
struct Noted(Line);

impl Errand for Noted {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        at_hand.note(self.0);
        Ok(())
    }
}

/// Serves until SIGTERM or SIGINT, then finishes what is under way.
pub async fn serve(registry: Arc<Registry>, listener: TcpListener, limits: Limits) -> io::Result<()> {
    let limits = Arc::new(limits);
    let mut terminate = signal(SignalKind::terminate())?;
    let asked_to_end = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("asked to end");
    };
    let publisher = tokio::spawn(registry.clone().publish_checkpoints());
    let tidier = tokio::spawn(tidy(limits.clone()));
    let sweeper = tokio::spawn(sweep(registry.clone()));
    let postman = tokio::spawn(post::run(registry.clone()));
    let importer = tokio::spawn(imports::run::run(registry.clone()));
    connections::serve(listener, endpoint(&registry, limits), asked_to_end).await;
    tidier.abort();
    sweeper.abort();
    postman.abort();
    importer.abort();
    publisher.abort();
    if let Err(error) = registry.publish_checkpoint().await {
        tracing::error!(%error, "the last checkpoint was not published");
    }
    registry.store.close().await;
    tracing::info!("ended");
    Ok(())
}

/// Lets go, every hour, what has been kept long enough. Several processes may do so at once: each finds less.
async fn sweep(registry: Arc<Registry>) {
    loop {
        let origin = Origin { request: "sweep".to_owned(), address: None, proof: "process".to_owned() };
        if let Err(refused) = registry.run(Sweep, origin.clone(), clock::now()).await {
            tracing::error!(?refused, "what has been kept long enough was not let go");
        }
        // Before the files: those that only such a draft named are let go with the others.
        if let Err(refused) = registry.run(SweepDrafts, origin.clone(), clock::now()).await {
            tracing::error!(?refused, "drafts that were kept long enough were not let go");
        }
        if let Err(failed) = evidence::sweep::sweep(&registry, &origin, clock::now()).await {
            tracing::error!(?failed, "files that nobody can reach were not let go");
        }
        tokio::time::sleep(Duration::from_secs(3_600)).await;
    }
}

/// Callers come and go; what is counted of those who went is let go too.
async fn tidy(limits: Arc<Limits>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        limits.tidy();
    }
}
