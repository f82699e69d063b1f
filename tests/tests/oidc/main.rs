//! Signing in with OpenID Connect, at a provider that keeps to the rules and at one that lies.

mod honest;
mod hostile;
mod kept;

use std::collections::HashMap;

use api::clock;
use api::oidc::{Asked, Begun, Callback, Client, Identity, Refusal, Secret, Settings};
use domain::calendar::Instant;
use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};
use tests::oidc::{CLIENT_ID, CLIENT_SECRET, Rig};
use tokio::runtime::Runtime;
use url::Url;

/// Where the register would stand. Nobody listens there: the browser's return is read from its address.
const BASE: &str = "http://127.0.0.1:1";
/// The register's callback, which the providers know.
const REDIRECT: &str = "http://127.0.0.1:1/sign-in/oidc/callback";

/// A register that signs people in at one provider.
struct Register {
    client: Client,
    runtime: Runtime,
}

impl Register {
    fn at(issuer: String) -> Self {
        Self::with_secret(issuer, CLIENT_SECRET)
    }

    fn with_secret(issuer: String, secret: &str) -> Self {
        Self::set(settings(issuer, secret))
    }

    /// One that may ask these hosts too.
    fn with_hosts(issuer: String, hosts: &[&str]) -> Self {
        let hosts = hosts.iter().map(ToString::to_string).collect();
        Self::set(Settings { hosts, ..settings(issuer, CLIENT_SECRET) })
    }

    fn set(settings: Settings) -> Self {
        let client = Client::new(settings).expect("these settings can be used");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { client, runtime }
    }

    fn begin(&self, at: Instant) -> Result<Begun, Refusal> {
        self.ask(Asked::Who, at)
    }

    fn ask(&self, asked: Asked, at: Instant) -> Result<Begun, Refusal> {
        let mut rng = StdRng::try_from_rng(&mut SysRng).expect("the system has randomness");
        self.runtime.block_on(sendable(self.client.begin(&mut rng, asked, at)))
    }

    fn finish(&self, begun: &Begun, callback: Callback, at: Instant) -> Result<Identity, Refusal> {
        self.runtime.block_on(sendable(self.client.finish(&begun.kept, callback, at)))
    }

    /// A whole sign-in, now.
    fn sign_in(&self, rig: &Rig, account: &str) -> Result<Identity, Refusal> {
        self.sign_in_at(rig, account, clock::now())
    }

    /// A whole sign-in when this register's clock says `at`; the provider's is right.
    fn sign_in_at(&self, rig: &Rig, account: &str, at: Instant) -> Result<Identity, Refusal> {
        let begun = self.begin(at)?;
        let callback = returned(&rig.sign_in(&begun.url, account));
        self.finish(&begun, callback, at)
    }
}

fn settings(issuer: String, secret: &str) -> Settings {
    let base = BASE.parse().expect("a base URL");
    Settings::new(&base, issuer, CLIENT_ID.to_owned(), Secret::from(secret.to_owned()))
}

/// A page's handler may wait for this: the server moves it between threads.
fn sendable<F: Future + Send>(future: F) -> F {
    future
}

/// What the browser brings back.
fn returned(address: &str) -> Callback {
    assert!(address.starts_with(REDIRECT), "{address}");
    let mut query = query(address);
    let mut take = |name: &str| query.remove(name);
    Callback {
        code: take("code").map(Secret::from),
        state: take("state").map(Secret::from),
        error: take("error"),
        iss: take("iss"),
    }
}

/// An address's query, each name once.
fn query(address: &str) -> HashMap<String, String> {
    let pairs: Vec<(String, String)> = Url::parse(address).expect("an address").query_pairs().into_owned().collect();
    let names = pairs.len();
    let query: HashMap<_, _> = pairs.into_iter().collect();
    assert_eq!(query.len(), names, "a name stands twice: {address}");
    query
}
