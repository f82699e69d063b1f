//! Telling webhooks what is due: taken in hand for a minute, posted, and settled.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::calendar::Instant;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::guard::{Guarded, read_url};
use super::own::place;
use super::sign::SigningPair;
use super::{Delivery, DeliveryState, End, Webhook};
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::clock;
use crate::post::{TICK, origin, schedule};
use crate::registry::Registry;

/// Deliveries in hand at once.
const AT_ONCE: u64 = 16;
/// How long an exchange may take: shorter than [`schedule::LEASE`].
const LONGEST: Duration = Duration::from_secs(15);
/// How much of an answer is read before the connection is let go, in bytes. Nobody is shown it.
const LARGEST: usize = 64 << 10;

type Post = Client<HttpsConnector<HttpConnector<Guarded>>, Full<Bytes>>;

/// Tells webhooks until the process ends.
pub async fn run(registry: &Arc<Registry>) {
    let client = client(registry.outgoing.allows_loopback_webhooks);
    loop {
        match step(registry, &client).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failed) => tracing::error!(?failed, "webhooks were not told"),
        }
        tokio::time::sleep(TICK).await;
    }
}

fn client(allows_loopback: bool) -> Post {
    let mut http = HttpConnector::new_with_resolver(Guarded::new(allows_loopback));
    http.enforce_http(false);
    let tls = HttpsConnectorBuilder::new().with_webpki_roots();
    let schemes = if allows_loopback { tls.https_or_http() } else { tls.https_only() };
    // The next thing to tell may be days away, and then its name may lead elsewhere.
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(schemes.enable_http1().wrap_connector(http))
}

async fn step(registry: &Arc<Registry>, client: &Post) -> Result<bool, Refused> {
    let at = clock::now();
    if !registry.store.has_deliveries_due(at).await? {
        return Ok(false);
    }
    let taken = registry.run(Take, origin(), at).await?;
    let is_any = !taken.is_empty();
    let tried = taken.into_iter().map(|(delivery, webhook)| async move {
        let answer = tell(registry, client, &delivery, &webhook, clock::now()).await;
        (delivery, answer)
    });
    let tried = futures::future::join_all(tried).await;
    registry.run(Settle(tried), origin(), clock::now()).await?;
    Ok(is_any)
}

/// One attempt: the status that was answered, or why there was none.
async fn tell(
    registry: &Registry,
    client: &Post,
    delivery: &Delivery,
    webhook: &Webhook,
    at: Instant,
) -> Result<StatusCode, String> {
    // A literal address is never resolved, so it is looked at here.
    let url = read_url(&webhook.url, registry.outgoing.allows_loopback_webhooks).map_err(|_| "address".to_owned())?;
    let kept = registry.vault.open(&place(&webhook.id), &webhook.secret);
    let pair = kept.as_ref().and_then(SigningPair::read).ok_or("secret")?;
    let request = Request::post(url.as_str())
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("otasuketai/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", &delivery.id)
        .header("webhook-timestamp", at.unix().to_string())
        .header("webhook-signature", pair.sign(&delivery.id, at.unix(), &delivery.body))
        .body(Full::from(delivery.body.clone()))
        .map_err(|_| "address".to_owned())?;
    let exchange = async {
        let answer = client.request(request).await.map_err(|error| why(&error))?;
        let status = answer.status();
        // Read so that the other end is done with it, and let go.
        let _ = Limited::new(answer.into_body(), LARGEST).collect().await;
        Ok::<_, String>(status)
    };
    tokio::time::timeout(LONGEST, exchange).await.unwrap_or_else(|_| Err("timeout".to_owned()))
}

/// Why there was no connection, in one of a few words: what the network says stays inside.
fn why(error: &(dyn Error + 'static)) -> String {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            let is_tls = error.get_ref().is_some_and(|inner| inner.to_string().contains("certificate"));
            return match error.kind() {
                std::io::ErrorKind::PermissionDenied => "address",
                _ if is_tls => "certificate",
                _ => "connection",
            }
            .to_owned();
        }
        cause = error.source();
    }
    "connection".to_owned()
}

#[derive(Debug)]
struct Take;

impl Errand for Take {
    type Done = Vec<(Delivery, Webhook)>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let until = at_hand.at.plus_seconds(schedule::LEASE);
        Ok(at_hand.tx.take_deliveries(at_hand.at, until, AT_ONCE).await?)
    }
}

#[derive(Debug)]
struct Settle(Vec<(Delivery, Result<StatusCode, String>)>);

impl Errand for Settle {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let (tx, at) = (at_hand.tx, at_hand.at);
        for (delivery, answer) in self.0 {
            let next = schedule::next(schedule::WEBHOOK, delivery.attempts, at);
            let (state, due_at) = match &answer {
                Ok(status) if status.is_success() => (DeliveryState::Delivered, None),
                Ok(StatusCode::GONE) => (DeliveryState::Failed, None),
                _ => (if next.is_some() { DeliveryState::Waiting } else { DeliveryState::Failed }, next),
            };
            let is_gone = matches!(&answer, Ok(StatusCode::GONE));
            let (status, detail) = match answer {
                Ok(status) => (Some(status.as_u16()), None),
                Err(why) => (None, Some(why)),
            };
            let webhook = delivery.webhook.clone();
            tx.settle_delivery(&Delivery { state, due_at, tried_at: Some(at), status, detail, ..delivery }).await?;
            if is_gone && tx.end_webhook(&webhook, End::Gone, at).await? {
                let line = Line::done("webhook.ended", at, at_hand.from).about(format!("webhook/{webhook}"));
                at_hand.note(Line { detail: Some(End::Gone.as_str().to_owned()), ..line });
            }
        }
        Ok(())
    }
}
