//! Where to sign in, and as whom this register asks.

use std::fmt;
use std::net::IpAddr;

use openidconnect::url::{Host, Url};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::config::BaseUrl;

/// Where the provider sends people back to, under the base URL.
pub const CALLBACK: &str = "/sign-in/oidc/callback";

/// What the provider knows this register by.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The provider's name for itself, compared character by character: `https://gbiz-id.go.jp/oauth/` has its slash.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// The whole address people come back to, as the provider was told it.
    pub redirect: String,
    /// Hosts beside the issuer's own that may be asked for tokens, keys and UserInfo: `keys.example` or
    /// `keys.example:8443`.
    pub hosts: Vec<String>,
}

/// Why sign-in cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// Not `https://…`, or with a query, a fragment or a user. `http://` is for a provider on this machine, named by a
    /// loopback address.
    Issuer(String),
    /// Not an address.
    Redirect(String),
    /// Neither a host nor a host and a port.
    Host(String),
    /// The client's id or its secret, which must not be empty.
    Empty(&'static str),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuer(text) => write!(
                f,
                "発行者は https:// で始まるURLにしてください（http:// はループバックアドレスのみ） / the issuer must be an \
                 https:// URL (http:// for loopback addresses only): {text}"
            ),
            Self::Redirect(text) => write!(f, "戻り先がURLではありません / the redirect is no URL: {text}"),
            Self::Host(text) => write!(
                f,
                "ホスト名（とポート）だけを書いてください / give host and port only, such as keys.example:8443: {text}"
            ),
            Self::Empty(what) => write!(f, "{what} が空です / {what} is empty"),
        }
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Settings of the register at `base`.
    pub fn new(base: &BaseUrl, issuer: String, client_id: String, client_secret: Secret) -> Self {
        Self { issuer, client_id, client_secret, redirect: base.join(CALLBACK), hosts: Vec::new() }
    }

    /// Can one sign in with these?
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if !Url::parse(&self.issuer).is_ok_and(|issuer| is_bare(&issuer) && may_be_asked(&issuer, true)) {
            return Err(SettingsError::Issuer(self.issuer.clone()));
        }
        if Url::parse(&self.redirect).is_err() {
            return Err(SettingsError::Redirect(self.redirect.clone()));
        }
        if let Some(wrong) = self.hosts.iter().find(|host| host_and_port(host).is_none()) {
            return Err(SettingsError::Host(wrong.clone()));
        }
        match (self.client_id.as_str(), self.client_secret.expose()) {
            ("", _) => Err(SettingsError::Empty("client_id")),
            (_, "") => Err(SettingsError::Empty("client_secret")),
            _ => Ok(()),
        }
    }

    /// Is the provider on this machine, so that it may be asked without TLS?
    pub(super) fn is_local(&self) -> bool {
        self.issuer.starts_with("http://")
    }
}

/// Scheme, host and path only (OpenID Connect Discovery 1.0, section 3).
fn is_bare(issuer: &Url) -> bool {
    issuer.query().is_none()
        && issuer.fragment().is_none()
        && issuer.username().is_empty()
        && issuer.password().is_none()
}

/// TLS, or this machine where the provider `is_local`. A name would not do: who answers to it is decided elsewhere.
pub(super) fn may_be_asked(url: &Url, is_local: bool) -> bool {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
        Some(Host::Domain(_)) | None => None,
    };
    match url.scheme() {
        "https" => true,
        "http" => is_local && address.is_some_and(|address| address.is_loopback()),
        _ => false,
    }
}

/// Whom this program may ask, and nobody else: each by host and port.
#[derive(Debug)]
pub(super) struct Hosts(Vec<(String, u16)>);

impl Hosts {
    /// The issuer's own, and those that were named.
    pub(super) fn of(issuer: &Url, also: &[String]) -> Self {
        let named = also.iter().filter_map(|host| host_and_port(host));
        Self(place(issuer).into_iter().chain(named).collect())
    }

    /// Is this address on one of them?
    pub(super) fn name(&self, url: &Url) -> bool {
        place(url).is_some_and(|place| self.0.contains(&place))
    }
}

/// Where an address leads.
fn place(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// What stands between the scheme and the path of an address, and nothing else.
fn host_and_port(text: &str) -> Option<(String, u16)> {
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    let is_all = is_bare(&url) && url.path() == "/" && !text.contains(['/', '\\', ' ']);
    place(&url).filter(|_| is_all)
}

/// A text that no log shows and that is wiped from memory.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl PartialEq for Secret {
    /// In a time that says nothing about where they differ.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl Secret {
    /// The text itself, to be sent or stored.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str) -> Settings {
        let base = "https://register.example".parse().unwrap();
        Settings::new(&base, issuer.to_owned(), "register".to_owned(), Secret::from("hidden".to_owned()))
    }

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for issuer in [
            "https://gbiz-id.go.jp/oauth/",
            "https://login.example",
            "http://127.0.0.1:7999/oauth/",
            "http://[::1]:7999/oauth/",
        ] {
            assert_eq!(settings(issuer).check(), Ok(()), "{issuer}");
        }
        for issuer in [
            "",
            "gbiz-id.go.jp/oauth/",
            "ftp://gbiz-id.go.jp/oauth/",
            "http://gbiz-id.go.jp/oauth/",
            "http://localhost:7999/oauth/",
            "http://192.0.2.1/oauth/",
            "https://gbiz-id.go.jp/oauth/?a=b",
            "https://gbiz-id.go.jp/oauth/#a",
            "https://me@gbiz-id.go.jp/oauth/",
        ] {
            assert_eq!(settings(issuer).check(), Err(SettingsError::Issuer(issuer.to_owned())));
        }
    }

    #[test]
    fn nothing_may_be_missing() {
        let whole = settings("https://login.example/");
        assert_eq!(whole.redirect, "https://register.example/sign-in/oidc/callback");
        let nobody = Settings { client_id: String::new(), ..whole.clone() };
        assert_eq!(nobody.check(), Err(SettingsError::Empty("client_id")));
        let open = Settings { client_secret: Secret::default(), ..whole.clone() };
        assert_eq!(open.check(), Err(SettingsError::Empty("client_secret")));
        let astray = Settings { hosts: vec!["keys.example/path".to_owned()], ..whole.clone() };
        assert_eq!(astray.check(), Err(SettingsError::Host("keys.example/path".to_owned())));
        let lost = Settings { redirect: "/callback".to_owned(), ..whole };
        assert_eq!(lost.check(), Err(SettingsError::Redirect("/callback".to_owned())));
    }

    #[test]
    fn nobody_is_asked_but_the_issuer_and_whom_the_settings_name() {
        let hosts = |also: &[&str]| {
            let also: Vec<String> = also.iter().map(ToString::to_string).collect();
            Hosts::of(&"https://login.example/oauth/".parse().unwrap(), &also)
        };
        let named = |hosts: &Hosts, url: &str| hosts.name(&url.parse().unwrap());
        let alone = hosts(&[]);
        for url in ["https://login.example/", "https://LOGIN.example:443/keys", "https://login.example/a/b?c"] {
            assert!(named(&alone, url), "{url}");
        }
        for url in [
            "https://login.example:8443/",
            "https://keys.example/",
            "https://login.example.other.example/",
            "https://login.example@other.example/",
            "https://sub.login.example/",
            "https://127.0.0.1/",
        ] {
            assert!(!named(&alone, url), "{url}");
        }
        let more = hosts(&["keys.example", "tokens.example:8443", "[2001:db8::1]:8443"]);
        for url in [
            "https://login.example/",
            "https://keys.example/",
            "https://tokens.example:8443/",
            "https://[2001:db8::1]:8443/",
        ] {
            assert!(named(&more, url), "{url}");
        }
        for url in ["https://keys.example:8443/", "https://tokens.example/", "https://[2001:db8::1]/"] {
            assert!(!named(&more, url), "{url}");
        }
        for wrong in ["", "https://keys.example", "keys.example/", "a b", "me@keys.example", "keys.example?a", ":443"] {
            assert_eq!(host_and_port(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert!(!format!("{:?}", settings("https://login.example/")).contains("hidden"));
    }
}
