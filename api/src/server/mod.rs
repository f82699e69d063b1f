//! Serving: both faces on one address, until the process is asked to end.

pub mod connections;
pub mod limits;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, Request, Response};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::problem::{Problem, face};
use crate::registry::Registry;
use crate::{http, web};
use limits::Limits;

/// The largest body anybody may send, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// The largest header anybody may send, in bytes of names and values.
const MOST_HEADER_BYTES: usize = 32 << 10;
/// How long a body may take to arrive.
const BODY: Duration = Duration::from_secs(30);

/// Both faces, with what every request goes through.
pub fn endpoint(registry: &Arc<Registry>, limits: Arc<Limits>) -> impl Endpoint<Output = Response> + use<> {
    let routes = web::routes(registry, http::routes(registry));
    let inner = routes.data(registry.clone()).map_to_response();
    let is_demo = registry.is_demonstration;
    let front = Arc::new(http::Front::new(registry));
    inner.around(move |routes, request| {
        let limited = Limited { front: front.clone(), limits: limits.clone(), routes };
        async move { face::dress(limited, is_demo, request).await }
    })
}

/// Refuses whoever asks too often, and a header that is too large; reads the body up front and refuses one that is too
/// large, whatever it says of its length, or that does not come.
struct Limited<E> {
    front: Arc<http::Front>,
    limits: Arc<Limits>,
    routes: Arc<E>,
}

impl<E: Endpoint<Output = Response>> Endpoint for Limited<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        if let Err(wait) = self.limits.count(&request) {
            return Err(Problem::too_many(wait).into());
        }
        let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
        if headers.sum::<usize>() > MOST_HEADER_BYTES {
            return Err(poem::Error::from_status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        if let Some(response) = self.front.answer(&request).await {
            return Ok(response);
        }
        let method = request.method();
        if method != poem::http::Method::GET && method != poem::http::Method::HEAD {
            let body = tokio::time::timeout(BODY, request.take_body().into_bytes_limit(MOST_BYTES)).await;
            request.set_body(body.map_err(|_| poem::Error::from_status(StatusCode::REQUEST_TIMEOUT))??);
        }
        self.routes.call(request).await
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
    connections::serve(listener, endpoint(&registry, limits), asked_to_end).await;
    tidier.abort();
    publisher.abort();
    if let Err(error) = registry.publish_checkpoint().await {
        tracing::error!(%error, "the last checkpoint was not published");
    }
    registry.store.close().await;
    tracing::info!("ended");
    Ok(())
}

/// Callers come and go; what is counted of those who went is let go too.
async fn tidy(limits: Arc<Limits>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        limits.tidy();
    }
}
