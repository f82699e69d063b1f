//! Where a webhook may lead: to the public internet over TLS, and to nothing of ours.
//!
//! A name is resolved for each attempt, what is not public is left out, and the connection goes to an address that was
//! looked at. So a name that leads elsewhere the second time leads nowhere.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use domain::text::Text;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use openidconnect::url::{Host, Url};
use tower_service::Service;

/// The longest address of a webhook, in bytes.
pub const LONGEST_URL: usize = 500;

/// Reads the address of a webhook as its owner typed it. `allows_loopback` is for tests: plain HTTP to this machine.
pub fn read_url(typed: &str, allows_loopback: bool) -> Result<Url, Text> {
    let typed = typed.trim();
    let wrong = |ja: &str, en: &str| {
        let read: String = typed.chars().take(60).collect();
        Text::new(format!("{ja}（読み取った値：{read}）。"), format!("{en}; read: {read}."))
    };
    let url = Url::parse(typed).ok().filter(|_| typed.len() <= LONGEST_URL);
    let Some(url) = url else {
        return Err(wrong(
            "https:// で始まる500文字までのアドレスを入力してください",
            "Enter an address that begins with https://, of 500 characters at most",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "アドレスに利用者名・パスワード・# を入れないでください",
            "Leave names, passwords and # out of the address",
        ));
    }
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if allows_loopback && is_loopback && matches!(url.scheme(), "http" | "https") {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err(wrong("https:// で始まるアドレスを入力してください", "The address begins with https://"));
    }
    let is_public = match url.host() {
        Some(Host::Domain(name)) => name.contains('.') && !is_inner_name(name),
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    };
    if is_public {
        Ok(url)
    } else {
        Err(wrong(
            "インターネットから届く公開のアドレスを入力してください。内部のアドレスには送れません",
            "Enter a public address of the internet: nothing is sent to internal ones",
        ))
    }
}

/// Names that no public resolver answers for (RFC 6761, RFC 6762, RFC 8375).
fn is_inner_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    ["localhost", "local", "internal", "home.arpa", "test", "invalid", "onion"]
        .iter()
        .any(|last| name.strip_suffix(last).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Is it an address of the public internet (IANA's registries of special-purpose addresses)?
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a == 10
        || a == 127
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224)
}

/// Global unicast, without those that stand for an IPv4 address (6to4, Teredo) or for examples.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_unicast = first & 0xe000 == 0x2000;
    let is_special = first == 0x2002 || (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first == 0x3fff;
    is_unicast && !is_special
}

/// Resolves names, and leaves out what nobody may be led to.
#[derive(Clone, Debug)]
pub struct Guarded {
    inner: GaiResolver,
    allows_loopback: bool,
}

impl Guarded {
    /// The system's resolver behind the guard.
    pub fn new(allows_loopback: bool) -> Self {
        Self { inner: GaiResolver::new(), allows_loopback }
    }
}

impl Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (mut inner, allows_loopback) = (self.inner.clone(), self.allows_loopback);
        Box::pin(async move {
            let found = inner.call(name).await?;
            let may = |found: &SocketAddr| is_public(found.ip()) || allows_loopback && found.ip().is_loopback();
            let kept: Vec<SocketAddr> = found.filter(may).collect();
            if kept.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a public address"));
            }
            Ok(kept.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("9.255.255.255", true),
            ("10.0.0.0", false),
            ("11.0.0.0", true),
            ("0.0.0.0", false),
            ("100.63.255.255", true),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("127.0.0.1", false),
            ("127.255.255.255", false),
            ("169.254.169.254", false),
            ("172.15.255.255", true),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("198.20.0.1", true),
            ("203.0.113.9", false),
            ("223.255.255.255", true),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:7f00:1::", false),
            ("2400:cb00::1", true),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn an_address_is_public_and_over_tls() {
        for (typed, is_good, is_good_in_tests) in [
            ("https://hooks.example.jp/otasuketai", true, true),
            ("https://hooks.example.jp:8443/a?b=c", true, true),
            ("http://hooks.example.jp/", false, false),
            ("https://127.0.0.1/", false, true),
            ("http://127.0.0.1:8000/", false, true),
            ("http://localhost:8000/", false, true),
            ("https://[::1]/", false, true),
            ("https://169.254.169.254/latest/meta-data", false, false),
            ("https://10.0.0.1/", false, false),
            ("https://0x7f.1/", false, true),
            ("https://2130706433/", false, true),
            ("https://[::ffff:10.0.0.1]/", false, false),
            ("https://db/", false, false),
            ("https://db.internal/", false, false),
            ("https://printer.local./", false, false),
            ("https://user:secret@hooks.example.jp/", false, false),
            ("https://hooks.example.jp/#x", false, false),
            ("ftp://hooks.example.jp/", false, false),
            ("file:///etc/passwd", false, false),
            ("花子", false, false),
            ("", false, false),
        ] {
            assert_eq!(read_url(typed, false).is_ok(), is_good, "{typed}");
            assert_eq!(read_url(typed, true).is_ok(), is_good_in_tests, "{typed} in tests");
        }
        let long = |bytes: usize| format!("https://hooks.example.jp/{}", "a".repeat(bytes - 25));
        assert!(read_url(&long(LONGEST_URL), false).is_ok() && read_url(&long(LONGEST_URL + 1), false).is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_leads_nowhere() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = Guarded::new(false).call(name()).await.map(|found| found.count());
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert!(Guarded::new(true).call(name()).await.unwrap().all(|found| found.ip().is_loopback()));
    }
}
