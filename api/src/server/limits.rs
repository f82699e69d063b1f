//! How often one caller may ask: by address, and by the token or session that is shown.
//!
//! Counted before anything is looked up, so that a flood costs little and guessing tokens is counted too. A caller who
//! asks too often is told when to come back; nobody else waits for it.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use domain::act::PersonId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use poem::http::{HeaderMap, HeaderName, header};
use poem::{Addr, Request};

/// What a caller who has been quiet may ask at once, in seconds' worth.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("more than nothing");
/// Refusals that the log is told of in a minute, at most.
const MOST_TOLD: usize = 10_000;
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What is counted. Only hashes of what callers show are kept, under a seed of this process's own.
type Counters = DefaultKeyedRateLimiter<u64>;

/// The counters of one process, and whose word it takes for where a request comes from.
#[derive(Debug)]
pub struct Limits {
    counters: Option<Counters>,
    /// Of what strangers write that people have to read.
    rare: Option<Counters>,
    seed: RandomState,
    clock: DefaultClock,
    proxies: Vec<IpAddr>,
    /// Which refusals the log was told of, as hashes.
    told: Mutex<HashSet<u64>>,
}

impl Limits {
    /// So many requests a second for each address and each token or session; 0 counts nothing. `proxies` are the
    /// addresses whose `X-Forwarded-For` is believed.
    pub fn new(per_second: u32, proxies: &[IpAddr]) -> Self {
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST));
        Self {
            counters: NonZeroU32::new(per_second).map(|rate| RateLimiter::keyed(quota(rate))),
            rare: NonZeroU32::new(per_second.div_ceil(10)).map(|rate| RateLimiter::keyed(Quota::per_hour(rate))),
            seed: RandomState::new(),
            clock: DefaultClock::default(),
            proxies: proxies.to_vec(),
            told: Mutex::default(),
        }
    }

    /// Counts a request. The time to wait, if there were too many.
    pub fn count(&self, request: &Request) -> Result<(), Duration> {
        match &request.remote_addr().0 {
            Addr::SocketAddr(peer) => self.count_from(peer.ip(), request.headers()),
            Addr::Unix(_) | Addr::Custom(..) => Ok(()),
        }
    }

    /// Counts what a stranger writes that people have to read: from one network a tenth as often in an hour as it may
    /// ask for anything in a second.
    pub fn count_rare(&self, request: &Request) -> Result<(), Duration> {
        let (Some(rare), Some(network)) = (&self.rare, self.network(request)) else { return Ok(()) };
        let key = self.seed.hash_one(("rare", network));
        rare.check_key(&key).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Counts a request of somebody known, wherever it comes from.
    pub fn count_person(&self, person: &PersonId) -> Result<(), Duration> {
        let Some(counters) = &self.counters else { return Ok(()) };
        let key = self.seed.hash_one(("person", person.as_str()));
        counters.check_key(&key).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// The address a request comes from.
    pub fn address(&self, request: &Request) -> Option<IpAddr> {
        match &request.remote_addr().0 {
            Addr::SocketAddr(peer) => Some(self.client(peer.ip(), request.headers())),
            Addr::Unix(_) | Addr::Custom(..) => None,
        }
    }

    /// The network it comes from: what is counted together.
    pub fn network(&self, request: &Request) -> Option<IpAddr> {
        self.address(request).map(network)
    }

    /// Is this the first of its kind from there since the last [`Limits::tidy`]? Once a great many were, nothing is.
    pub fn is_news(&self, network: Option<IpAddr>, kind: &'static str) -> bool {
        let mut told = self.told.lock().expect("nobody panics while holding it");
        told.len() < MOST_TOLD && told.insert(self.seed.hash_one((network, kind)))
    }

    fn count_from(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), Duration> {
        let Some(counters) = &self.counters else { return Ok(()) };
        let address = self.seed.hash_one(network(self.client(peer, headers)));
        let shown = [header::AUTHORIZATION, header::COOKIE].into_iter().filter_map(|name| headers.get(name));
        let mut keys = std::iter::once(address).chain(shown.map(|key| self.seed.hash_one(key)));
        keys.try_for_each(|key| counters.check_key(&key).map_err(|until| until.wait_time_from(self.clock.now())))
    }

    /// Forgets whoever has been quiet long enough to start anew.
    pub fn tidy(&self) {
        for counters in self.counters.iter().chain(&self.rare) {
            counters.retain_recent();
            counters.shrink_to_fit();
        }
        self.told.lock().expect("nobody panics while holding it").clear();
    }

    /// Where a request comes from: the last address that a proxy of ours did not add itself.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let told = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
        let told =
            told.map_while(|address| address.trim().parse::<IpAddr>().ok()).map(|address| address.to_canonical());
        let mut client = peer.to_canonical();
        for before in told {
            if !self.proxies.contains(&client) {
                break;
            }
            client = before;
        }
        client
    }
}

/// Whoever has one IPv6 address has the 2^64 beside it.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use poem::http::HeaderValue;

    use super::*;

    fn headers(of: &'static str, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(of, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn whoever_asks_is_the_last_that_no_proxy_of_ours_vouches_for() {
        let limits = Limits::new(1, &["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]);
        for (peer, forwarded, client) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            // Anybody can write the header.
            ("192.0.2.1", &["203.0.113.7"], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
            // What a client wrote itself stands before what the proxy added.
            ("10.0.0.1", &["198.51.100.9, 203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", &["198.51.100.9", "203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", &["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", &["203.0.113.7", "10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", &["203.0.113.7, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["::ffff:203.0.113.7"], "203.0.113.7"),
            ("::ffff:10.0.0.1", &["2001:db8::1"], "2001:db8::1"),
        ] {
            let found = limits.client(peer.parse().unwrap(), &headers("x-forwarded-for", forwarded));
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_refusal_is_news_once_a_minute_for_each_network_and_kind() {
        let limits = Limits::new(1, &[]);
        let from = |address: &str| Some(network(address.parse().unwrap()));
        assert!(limits.is_news(from("192.0.2.1"), "wait") && !limits.is_news(from("192.0.2.1"), "wait"));
        assert!(limits.is_news(from("192.0.2.1"), "forbidden") && limits.is_news(from("192.0.2.2"), "wait"));
        assert!(limits.is_news(from("2001:db8::1"), "wait") && !limits.is_news(from("2001:db8::2"), "wait"));
        limits.tidy();
        assert!(limits.is_news(from("192.0.2.1"), "wait"));
        // A flood from everywhere fills neither the memory nor the log.
        let told = (0..20_000_u32).filter(|n| limits.is_news(Some(Ipv4Addr::from_bits(*n).into()), "wait")).count();
        assert_eq!(told, MOST_TOLD - 1);
    }

    #[test]
    fn each_address_and_each_token_has_its_own() {
        let limits = Limits::new(1, &[]);
        let ask = |peer: &str, token: &'static str| {
            limits.count_from(peer.parse().unwrap(), &headers("authorization", &[token]))
        };
        let times = |peer: &str, token: &'static str| (0..50).take_while(|_| ask(peer, token).is_ok()).count();
        assert_eq!(times("192.0.2.1", "Bearer a"), 10);
        let wait = ask("192.0.2.1", "Bearer b").expect_err("the address has asked enough");
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        // The same token elsewhere was counted too, and another token at another address was not.
        assert_eq!(times("192.0.2.2", "Bearer a"), 0);
        assert_eq!(times("192.0.2.3", "Bearer c"), 10);
        // One house, one network.
        assert_eq!(times("2001:db8:1:2::1", "Bearer d"), 10);
        assert_eq!(times("2001:db8:1:2:ffff::9", "Bearer e"), 0);
        assert_eq!(times("2001:db8:1:3::1", "Bearer f"), 10);
        let none = Limits::new(0, &[]);
        assert!((0..10_000).all(|_| none.count_from("192.0.2.1".parse().unwrap(), &HeaderMap::new()).is_ok()));
    }
}
