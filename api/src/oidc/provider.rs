//! What the provider publishes about itself, and its keys: asked for when needed and kept for an hour.

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use domain::calendar::Instant;
use openidconnect::IssuerUrl;
use openidconnect::url::Url;
use serde_json::Value;

use super::library::{KeySet, Metadata};
use super::refusal::{Endpoint, Fault, Refusal, Said};
use super::settings::{Hosts, may_be_asked};
use super::transport::{JSON, KEYS, Transport};

/// How long the metadata and the keys are believed, in seconds.
const KEPT: i64 = 60 * 60;
/// An unknown key has the keys asked for again, but not more often than once in so many seconds.
const BETWEEN: i64 = 60;
/// The shortest RSA modulus, in bytes: 2,048 bits (RFC 7518, section 3.3). The library takes any.
const SHORTEST: usize = 256;

/// The provider, as far as it is known.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: IssuerUrl,
    is_local: bool,
    pub(super) transport: Transport,
    metadata: Slot<Metadata>,
    keys: Slot<KeySet>,
    /// When the keys were last asked for because of an unknown one.
    asked_again: Mutex<Option<Instant>>,
}

impl Provider {
    pub(super) fn new(issuer: IssuerUrl, is_local: bool, also: &[String]) -> Self {
        let transport = Transport::new(is_local, Hosts::of(issuer.url(), also));
        Self {
            issuer,
            is_local,
            transport,
            metadata: Slot::default(),
            keys: Slot::default(),
            asked_again: Mutex::default(),
        }
    }

    /// The discovery document. The library could fetch it, but only together with the keys: then nobody could tell
    /// which of them failed, and a rotated key would cost both.
    pub(super) async fn metadata(&self, at: Instant) -> Result<Arc<Metadata>, Refusal> {
        if let Some(kept) = self.metadata.read(at) {
            return Ok(kept);
        }
        let failed = |fault| Refusal::ProviderUnreachable { endpoint: Endpoint::Discovery, fault };
        // `join` puts one slash between the two, whether the issuer ends with one or not.
        let url = self.issuer.join(".well-known/openid-configuration");
        let url = url.map_err(|_| Refusal::Malformed { what: "issuer" })?;
        let document = self.transport.get(&url, JSON).await.map_err(failed)?;
        let metadata: Metadata =
            serde_json::from_slice(&document).map_err(|_| Refusal::Malformed { what: "metadata" })?;
        if *metadata.issuer() != self.issuer {
            return Err(Refusal::Issuer(Said::Discovery));
        }
        self.check_authorisation(metadata.authorization_endpoint().url())?;
        Ok(self.metadata.keep(metadata, at))
    }

    /// Browsers are sent there. The other addresses are this program's to ask, and `transport` holds them against the hosts.
    fn check_authorisation(&self, url: &Url) -> Result<(), Refusal> {
        if !may_be_asked(url, self.is_local) {
            let endpoint = Endpoint::Authorisation;
            return Err(Refusal::ProviderUnreachable { endpoint, fault: Fault::Insecure });
        }
        // The sign-in page lets its form lead to the issuer's origin, and is written before anybody asks the provider.
        match url.origin() == self.issuer.url().origin() {
            true => Ok(()),
            false => Err(Refusal::Malformed { what: "authorization_endpoint" }),
        }
    }

    /// The issuer's scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.issuer.url().origin().ascii_serialization()
    }

    /// The provider's keys.
    pub(super) async fn keys(&self, metadata: &Metadata, at: Instant) -> Result<Arc<KeySet>, Refusal> {
        match self.keys.read(at) {
            Some(kept) => Ok(kept),
            None => self.fetch_keys(metadata, at).await,
        }
    }

    /// The keys as they are now, because one was not among those kept; `None` if that has just been tried.
    pub(super) async fn newer_keys(&self, metadata: &Metadata, at: Instant) -> Result<Option<Arc<KeySet>>, Refusal> {
        if !self.may_ask_again(at) {
            return Ok(None);
        }
        self.fetch_keys(metadata, at).await.map(Some)
    }

    fn may_ask_again(&self, at: Instant) -> bool {
        let mut last = self.asked_again.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| is_within(last, BETWEEN, at)) {
            return false;
        }
        *last = Some(at);
        true
    }

    async fn fetch_keys(&self, metadata: &Metadata, at: Instant) -> Result<Arc<KeySet>, Refusal> {
        let document = self.transport.get(metadata.jwks_uri().url(), KEYS).await.map_err(Refusal::KeysUnreachable)?;
        let keys = read_keys(&document).ok_or(Refusal::Malformed { what: "jwks" })?;
        Ok(self.keys.keep(keys, at))
    }
}

/// The key set without RSA keys that are too short. The library skips what it cannot use, such as other kinds of key.
fn read_keys(document: &[u8]) -> Option<KeySet> {
    let mut document: Value = serde_json::from_slice(document).ok()?;
    document.get_mut("keys")?.as_array_mut()?.retain(is_long_enough);
    serde_json::from_value(document).ok()
}

fn is_long_enough(key: &Value) -> bool {
    if key["kty"] != "RSA" {
        return true;
    }
    let modulus = key["n"].as_str().and_then(|n| BASE64URL_NOPAD.decode(n.as_bytes()).ok()).unwrap_or_default();
    modulus.iter().skip_while(|byte| **byte == 0).count() >= SHORTEST
}

/// Is `at` less than so many seconds after `since`? Before it, nothing is known.
fn is_within(since: Instant, seconds: i64, at: Instant) -> bool {
    (0..seconds).contains(&(at.unix() - since.unix()))
}

/// One thing and since when it is known. The lock is never held while the provider is asked: at worst two requests ask
/// at once, and neither waits for the other's failure.
#[derive(Debug)]
struct Slot<T>(Mutex<Option<(Arc<T>, Instant)>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Slot<T> {
    fn read(&self, at: Instant) -> Option<Arc<T>> {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref().filter(|(_, since)| is_within(*since, KEPT, at)).map(|(value, _)| value.clone())
    }

    fn keep(&self, value: T, at: Instant) -> Arc<T> {
        let value = Arc::new(value);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((value.clone(), at));
        value
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn second(seconds: i64) -> Instant {
        Instant::from_unix(seconds).unwrap()
    }

    #[test]
    fn what_is_kept_is_believed_for_an_hour() {
        let slot = Slot::default();
        slot.keep("kept", second(10_000));
        for (at, is_known) in [(10_000, true), (13_599, true), (13_600, false), (9_999, false)] {
            assert_eq!(slot.read(second(at)).is_some(), is_known, "{at}");
        }
    }

    #[test]
    fn keys_are_asked_for_again_once_a_minute_at_most() {
        let provider = Provider::new(IssuerUrl::new("https://login.example/".to_owned()).unwrap(), false, &[]);
        for (at, may_ask) in [(1_000, true), (1_000, false), (1_059, false), (1_060, true), (1_119, false)] {
            assert_eq!(provider.may_ask_again(second(at)), may_ask, "{at}");
        }
    }

    #[test]
    fn short_rsa_keys_are_left_out() {
        let rsa = |bytes: &[u8]| json!({"kty": "RSA", "e": "AQAB", "n": BASE64URL_NOPAD.encode(bytes)});
        let document = json!({"keys": [
            rsa(&[1; 256]), rsa(&[1; 255]), rsa(&[&[0][..], &[1; 255]].concat()), {"kty": "RSA", "e": "AQAB"},
            {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}, {"kty": "something newer"},
        ]});
        let keys = read_keys(document.to_string().as_bytes()).unwrap();
        assert_eq!(keys.keys().len(), 2, "the long RSA key and the other curve's");
        for unreadable in ["", "[]", "{}", r#"{"keys": {}}"#] {
            assert_eq!(read_keys(unreadable.as_bytes()), None, "{unreadable}");
        }
    }
}
