//! What every part of the service shares: database, keys, criteria and settings.

use std::sync::{Arc, Mutex};

use domain::edition::Editions;
use domain::licence::token::KeyRing;
use domain::scheme::Scheme;
use domain::tlog::checkpoint::Checkpoint;
use domain::tlog::note::NoteKey;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::config::BaseUrl;
use crate::seal::{Keys, MarkAssets};
use crate::store::Store;

/// The open registry.
#[derive(Debug)]
pub struct Registry {
    pub store: Store,
    pub editions: &'static Editions,
    pub scheme: Scheme,
    pub keys: Keys,
    /// The public keys of licences, for verifying tokens.
    pub ring: KeyRing,
    /// The log's name and public key.
    pub log: NoteKey,
    pub assets: MarkAssets,
    pub base_url: BaseUrl,
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
        let Parts { store, keys, assets, base_url, is_demonstration, entropy } = parts;
        let ring = keys.licence_ring().map_err(|error| KeysUnusable(format!("{error:?}")))?;
        let log = keys.log_key(&base_url.log_origin()).map_err(|error| KeysUnusable(format!("{error:?}")))?;
        Ok(Arc::new(Self {
            store,
            editions: Editions::bundled(),
            scheme: Scheme::bundled(),
            keys,
            ring,
            log,
            assets,
            base_url,
            is_demonstration,
            entropy: Mutex::new(entropy),
        }))
    }

    /// A generator of one's own, seeded from the registry's.
    pub(crate) fn draw_rng(&self) -> StdRng {
        StdRng::from_rng(&mut *self.entropy.lock().expect("nobody panics while drawing"))
    }

    /// Signs the log's head as it is durable now, and keeps the checkpoint. Quiet when it was kept before.
    pub async fn publish_checkpoint(&self) -> Result<String, crate::store::Error> {
        let head = self.store.head().await?;
        let checkpoint = Checkpoint { origin: self.log.name().to_owned(), size: head.size, root: head.root };
        let note = checkpoint.sign(self.keys.log()).expect("a log's origin is a note's name").to_string();
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
