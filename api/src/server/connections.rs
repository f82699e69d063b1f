//! Connections: each taken, served within limits of its own, and let go.
//!
//! The framework's own server waits for ever for the rest of a request's head, so that whoever drips a byte a minute
//! holds a connection. Here the same endpoint is served by `hyper` with a timer. HTTP/1.1 only: TLS, and with it
//! HTTP/2, ends at the proxy in front (docs/operations.md).

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::http::uri::Scheme;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// How long the head of a request may take; a connection without one is closed after as long.
const HEAD: Duration = Duration::from_secs(10);
/// How many connections may be open; whoever comes then waits to be taken.
const MOST: usize = 10_000;
/// What one connection may hold of a head that is not whole yet, in bytes. Beyond it the answer is a bare 431.
const MOST_HELD: usize = 256 << 10;
/// How long requests under way may take once the process is asked to end.
const GRACE: Duration = Duration::from_secs(20);

/// Serves `endpoint` until `asked_to_end`, then finishes what is under way.
pub async fn serve<E>(listener: TcpListener, endpoint: E, asked_to_end: impl Future<Output = ()>)
where
    E: Endpoint<Output = Response> + 'static,
{
    let endpoint = Arc::new(endpoint);
    let room = Arc::new(Semaphore::new(MOST));
    let open = GracefulShutdown::new();
    tokio::pin!(asked_to_end);
    loop {
        let place = tokio::select! {
            place = room.clone().acquire_owned() => place.expect("the room is never closed"),
            () = &mut asked_to_end => break,
        };
        let stream = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut asked_to_end => break,
        };
        match stream.and_then(|(stream, _)| Peer::of(&stream).map(|peer| (stream, peer))) {
            Ok((stream, peer)) => {
                let served = connection(stream, peer, endpoint.clone(), open.watcher());
                tokio::spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Most often the process has no descriptor left: others will be let go.
                tracing::warn!(%error, "a connection was not taken");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::warn!("requests under way took too long and were cut off");
    }
}

/// Both ends of a connection.
#[derive(Clone)]
struct Peer {
    here: LocalAddr,
    there: RemoteAddr,
}

impl Peer {
    fn of(stream: &TcpStream) -> io::Result<Self> {
        // An answer goes out when it is written, not when more may follow.
        stream.set_nodelay(true)?;
        let here = LocalAddr(Addr::SocketAddr(stream.local_addr()?));
        Ok(Self { here, there: RemoteAddr(Addr::SocketAddr(stream.peer_addr()?)) })
    }
}

/// What is refused before its body is read leaves the body unread, and the connection is closed behind the answer: the
/// answer says so, or the client would send its next request into a connection that is gone.
fn announced(mut response: Response) -> Response {
    let is_before_the_body = matches!(
        response.status(),
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            | StatusCode::SERVICE_UNAVAILABLE
    );
    if is_before_the_body {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// One connection, from its first request to its last.
async fn connection<E>(stream: TcpStream, peer: Peer, endpoint: Arc<E>, watcher: Watcher)
where
    E: Endpoint<Output = Response> + 'static,
{
    let answer = move |request: hyper::Request<Incoming>| {
        let (endpoint, peer) = (endpoint.clone(), peer.clone());
        async move {
            let has_body = !request.body().is_end_stream();
            let response = endpoint.get_response((request, peer.here, peer.there, Scheme::HTTP).into()).await;
            Ok::<hyper::Response<_>, Infallible>(if has_body { announced(response) } else { response }.into())
        }
    };
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(MOST_HELD)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    // A client that went away, or took too long, is no error of ours.
    let _ = watcher.watch(served).await;
}
