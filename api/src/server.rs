//! Serving: both faces on one address, until the process is asked to end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{Endpoint, EndpointExt, Request, Response, Server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::problem::face;
use crate::registry::Registry;
use crate::{http, web};

/// The largest body anybody may send, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// The largest header anybody may send, in bytes of names and values.
const MOST_HEADER_BYTES: usize = 32 << 10;
/// How long requests under way may take once the process is asked to end.
const GRACE: Duration = Duration::from_secs(20);

/// Both faces, with what every request goes through.
pub fn endpoint(registry: &Arc<Registry>) -> impl Endpoint<Output = Response> + use<> {
    let routes = web::routes(registry, http::routes(registry));
    let inner = routes.data(registry.clone()).map_to_response();
    let is_demo = registry.is_demonstration;
    let front = Arc::new(http::Front::new(registry));
    inner.around(move |routes, request| {
        let limited = Limited { front: front.clone(), routes };
        async move { face::dress(limited, is_demo, request).await }
    })
}

/// Refuses a header that is too large; reads the body up front and refuses one that is, whatever it says of its length.
struct Limited<E> {
    front: Arc<http::Front>,
    routes: Arc<E>,
}

impl<E: Endpoint<Output = Response>> Endpoint for Limited<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
        if headers.sum::<usize>() > MOST_HEADER_BYTES {
            return Err(poem::Error::from_status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        if let Some(response) = self.front.answer(&request).await {
            return Ok(response);
        }
        let method = request.method();
        if method != poem::http::Method::GET && method != poem::http::Method::HEAD {
            let body = request.take_body().into_bytes_limit(MOST_BYTES).await?;
            request.set_body(body);
        }
        self.routes.call(request).await
    }
}

/// Serves until SIGTERM or SIGINT, then finishes what is under way.
pub async fn serve(registry: Arc<Registry>, listener: TcpListener) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let asked_to_end = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("asked to end");
    };
    let publisher = tokio::spawn(registry.clone().publish_checkpoints());
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let server = Server::new_with_acceptor(acceptor);
    server.run_with_graceful_shutdown(endpoint(&registry), asked_to_end, Some(GRACE)).await?;
    publisher.abort();
    if let Err(error) = registry.publish_checkpoint().await {
        tracing::error!(%error, "the last checkpoint was not published");
    }
    registry.store.close().await;
    tracing::info!("ended");
    Ok(())
}
