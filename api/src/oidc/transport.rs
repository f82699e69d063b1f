//! Asking the provider, and nobody else: the only place of this program that opens connections to the outside.
//!
//! Nothing is followed, waited for or taken in beyond what an honest provider needs.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use hyper::{Request, Response, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::refusal::Fault;
use super::settings::{Hosts, may_be_asked};

/// How long a whole exchange may take.
const LONGEST: Duration = Duration::from_secs(5);
/// How large an answer may be, in bytes.
const LARGEST: usize = 256 << 10;
/// What an answer must call itself.
pub(super) const JSON: &[&str] = &["application/json"];
/// What a key set may call itself (RFC 7517, section 8.5).
pub(super) const KEYS: &[&str] = &["application/json", "application/jwk-set+json"];

/// The way to one provider.
#[derive(Debug)]
pub(super) struct Transport {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    is_local: bool,
    hosts: Hosts,
}

impl Transport {
    /// To a provider on this machine, or to one elsewhere, over TLS, known by the public certificate authorities; and to
    /// no host but these.
    pub(super) fn new(is_local: bool, hosts: Hosts) -> Self {
        let tls = HttpsConnectorBuilder::new().with_webpki_roots();
        let schemes = if is_local { tls.https_or_http() } else { tls.https_only() };
        // People sign in now and then: a connection kept would be closed at the other end when it is needed.
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(schemes.enable_http1().build());
        Self { client, is_local, hosts }
    }

    /// The document at this address.
    pub(super) async fn get(&self, url: &Url, media: &'static [&'static str]) -> Result<Vec<u8>, Fault> {
        let request = Request::get(url.as_str()).header(ACCEPT, media.join(", ")).body(Vec::new());
        let answer = self.exchange(request.map_err(|error| Fault::Connection(error.to_string()))?, media).await?;
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            other => Err(Fault::Status(other.as_u16())),
        }
    }

    async fn exchange(&self, request: HttpRequest, media: &[&str]) -> Result<HttpResponse, Fault> {
        tokio::time::timeout(LONGEST, self.unhurried(request, media)).await.unwrap_or(Err(Fault::TooSlow))
    }

    async fn unhurried(&self, request: HttpRequest, media: &[&str]) -> Result<HttpResponse, Fault> {
        // The provider's metadata name the addresses, but neither over what they are asked nor at whom.
        let url = Url::parse(&request.uri().to_string()).ok();
        let url = url.filter(|url| may_be_asked(url, self.is_local)).ok_or(Fault::Insecure)?;
        if !self.hosts.name(&url) {
            return Err(Fault::Elsewhere);
        }
        let answer = self.client.request(request.map(Full::from)).await.map_err(|error| broken(&error))?;
        let (head, body) = answer.into_parts();
        check_head(head.status, &head.headers, media)?;
        let body = Limited::new(body, LARGEST).collect().await.map_err(|error| cut_off(&*error))?;
        Ok(Response::from_parts(head, body.to_bytes().into()))
    }
}

/// The library asks for tokens and for UserInfo through this.
impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request, JSON))
    }
}

/// Before the body is read: what is not JSON is not looked at. An error may be JSON too, and is then the caller's.
fn check_head(status: StatusCode, headers: &HeaderMap, media: &[&str]) -> Result<(), Fault> {
    if status.is_redirection() {
        return Err(Fault::Redirect);
    }
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = named.split(';').next().unwrap_or_default().trim();
    match media.iter().any(|known| essence.eq_ignore_ascii_case(known)) {
        true => Ok(()),
        false if status == StatusCode::OK => Err(Fault::ContentType),
        false => Err(Fault::Status(status.as_u16())),
    }
}

/// An error with its causes; none of them holds what was sent.
fn broken(error: &(dyn Error + 'static)) -> Fault {
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        why = format!("{why}: {error}");
        cause = error.source();
    }
    Fault::Connection(why)
}

fn cut_off(error: &(dyn Error + Send + Sync + 'static)) -> Fault {
    if error.is::<LengthLimitError>() { Fault::TooLarge } else { broken(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_must_call_itself_json() {
        for (status, named, expected) in [
            (200, "application/json", Ok(())),
            (200, "Application/JSON; charset=utf-8", Ok(())),
            (400, "application/json", Ok(())),
            (200, "text/html", Err(Fault::ContentType)),
            (200, "application/jwt", Err(Fault::ContentType)),
            (200, "", Err(Fault::ContentType)),
            (500, "text/html", Err(Fault::Status(500))),
            (302, "application/json", Err(Fault::Redirect)),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, named.parse().unwrap())]);
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(check_head(status, &headers, JSON), expected, "{status} {named}");
        }
    }

    #[tokio::test]
    async fn another_machine_is_asked_over_tls_only() {
        for (is_local, url) in
            [(false, "http://127.0.0.1:9/"), (true, "http://192.0.2.1/"), (true, "http://localhost/")]
        {
            let url: Url = url.parse().unwrap();
            let asked = Transport::new(is_local, Hosts::of(&url, &[])).get(&url, JSON).await;
            assert_eq!(asked, Err(Fault::Insecure), "{url}");
        }
    }
}
