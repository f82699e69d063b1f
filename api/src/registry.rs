//! What every part of the service shares: database, keys, criteria and settings.

use std::sync::{Arc, Mutex};

use domain::application::Application;
use domain::assessment::{Assessment, assess_under};
use domain::edition::Editions;
use domain::licence::token::KeyRing;
use domain::scheme::Scheme;
use domain::tlog::checkpoint::Checkpoint;
use domain::tlog::note::NoteKey;
use ed25519_dalek::SigningKey;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::config::BaseUrl;
use crate::identity::passkey::Passkeys;
use crate::identity::secret::{Opaque, Secret};
use crate::oidc;
use crate::problem::Problem;
use crate::seal::keys::{Keys, Purpose};
use crate::seal::picture::MarkAssets;
use crate::seal::vault::Vault;
use crate::store::Store;

/// The open registry.
#[derive(Debug)]
pub struct Registry {
    pub store: Store,
    pub editions: &'static Editions,
    pub scheme: Scheme,
    pub keys: Keys,
    /// Seals what the database must not show.
    pub vault: Vault,
    /// The public keys of licences, for verifying tokens.
    pub ring: KeyRing,
    /// The log's name and public key.
    pub log: NoteKey,
    pub assets: MarkAssets,
    pub base_url: BaseUrl,
    /// None where no browser would make passkeys: the register is reached without TLS, or by an address.
    pub passkeys: Option<Passkeys>,
    /// None where nobody signs in with GビズID.
    pub oidc: Option<Arc<oidc::Client>>,
    /// Everything here is invented; every page says so.
    pub is_demonstration: bool,
    entropy: Mutex<StdRng>,
}

/// The parts of a [`Registry`].
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    pub keys: Keys,
    pub assets: MarkAssets,
    pub base_url: BaseUrl,
    pub oidc: Option<Arc<oidc::Client>>,
    pub is_demonstration: bool,
    /// The generator that everything random is drawn from.
    pub entropy: StdRng,
}

/// Why the registry cannot be opened with these keys.
#[derive(Debug)]
pub struct KeysUnusable(pub String);

impl std::fmt::Display for KeysUnusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "署名鍵が使えません / the signing keys cannot be used: {}", self.0)
    }
}

impl std::error::Error for KeysUnusable {}

impl Registry {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Result<Arc<Self>, KeysUnusable> {
        let Parts { store, keys, assets, base_url, oidc, is_demonstration, entropy } = parts;
        let of = |purpose: Purpose| keys.public().into_iter().find(move |record| record.purpose == purpose);
        let missing = |purpose: Purpose| KeysUnusable(format!("no key for {}", purpose.name()));
        let licence = of(Purpose::Licence).ok_or_else(|| missing(Purpose::Licence))?;
        let log = of(Purpose::Log).ok_or_else(|| missing(Purpose::Log))?;
        let ring = [licence.key].into_iter().collect();
        let log = NoteKey::new(&base_url.log_origin(), log.key).map_err(|error| KeysUnusable(format!("{error:?}")))?;
        let vault = Vault::new(keys.secrets(Purpose::Log)).ok_or_else(|| missing(Purpose::Log))?;
        let passkeys = Passkeys::new(&base_url, "お助け隊サービス登録簿");
        Ok(Arc::new(Self {
            passkeys,
            oidc,
            store,
            editions: Editions::bundled(),
            scheme: Scheme::bundled(),
            keys,
            vault,
            ring,
            log,
            assets,
            base_url,
            is_demonstration,
            entropy: Mutex::new(entropy),
        }))
    }

    /// What the engine finds about an application under the edition that governs it, with the provider's history.
    pub async fn assessment_of(&self, application: &Application) -> Result<Assessment, Problem> {
        let missing = || Problem::internal(&format!("edition {} is not bundled", application.edition));
        let edition = self.editions.find(&application.edition).ok_or_else(missing)?;
        let class = application.declaration.service.class;
        let record = self.store.track_record(&application.owner, class, application.submitted_at).await?;
        Ok(assess_under(edition, &application.declaration, application.governing_day(), Some(&record)))
    }

    /// The secret key of a purpose that [`Registry::new`] has checked for.
    pub(crate) fn signing_key(&self, purpose: Purpose) -> &SigningKey {
        self.keys.signing_key(purpose).expect("the registry was opened with keys for licences and the log")
    }

    /// A new secret.
    pub(crate) fn draw_secret(&self, kind: Opaque) -> Secret {
        kind.draw(&mut self.draw_rng())
    }

    /// A generator of one's own, seeded from the registry's.
    pub(crate) fn draw_rng(&self) -> StdRng {
        StdRng::from_rng(&mut *self.entropy.lock().expect("nobody panics while drawing"))
    }

    /// Signs the log's head as it is durable now, and keeps the checkpoint. Quiet when it was kept before.
    pub async fn publish_checkpoint(&self) -> Result<String, crate::store::Error> {
        let head = self.store.head().await?;
        let checkpoint = Checkpoint { origin: self.log.name().to_owned(), size: head.size, root: head.root };
        let note =
            checkpoint.sign(self.signing_key(Purpose::Log)).expect("a log's origin is a note's name").to_string();
        self.store.keep_checkpoint(head, &note).await?;
        Ok(note)
    }

    /// Publishes a checkpoint soon after each commit: at once when the log was quiet, at most once a second when not.
    pub async fn publish_checkpoints(self: Arc<Self>) {
        let mut size = self.store.watch_size();
        loop {
            if let Err(error) = self.publish_checkpoint().await {
                tracing::error!(%error, "no checkpoint was published");
            }
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            if size.changed().await.is_err() {
                return;
            }
        }
    }
}
