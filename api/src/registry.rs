//! What every part of the service shares: database, keys, criteria and settings.

use std::sync::{Arc, Mutex, RwLock};

use data_encoding::HEXLOWER;
use domain::application::Application;
use domain::assessment::{Assessment, assess_under};
use domain::licence::token::PublicKey;
use domain::scheme::Scheme;
use domain::signing_key::{KeyState, SigningKey};
use domain::tlog::checkpoint::Checkpoint;
use domain::tlog::note::{Note, NoteKey};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::acts::Refused;
use crate::config::BaseUrl;
use crate::evidence::clamd::Clamd;
use crate::evidence::shelf::Shelf;
use crate::identity::passkey::Passkeys;
use crate::identity::secret::{Opaque, Secret};
use crate::oidc;
use crate::post::Outgoing;
use crate::problem::Problem;
use crate::seal::keys::{KeyBook, Keys, Purpose};
use crate::seal::picture::MarkAssets;
use crate::seal::vault::Vault;
use crate::status_lists::Lists;
use crate::store::Store;

/// The open registry.
#[derive(Debug)]
pub struct Registry {
    pub store: Store,
    pub scheme: &'static Scheme,
    pub keys: Keys,
    /// Seals what the database must not show.
    pub vault: Vault,
    /// The log's name, under which its keys sign.
    pub log_name: String,
    pub assets: MarkAssets,
    pub base_url: BaseUrl,
    /// None where no browser would make passkeys: the register is reached without TLS, or by an address.
    pub passkeys: Option<Passkeys>,
    /// None where nobody signs in with GビズID.
    pub oidc: Option<Arc<oidc::Client>>,
    /// Where evidence is kept.
    pub shelf: Shelf,
    /// None where files are taken unscanned.
    pub scanner: Option<Clamd>,
    /// How mail and webhooks leave this machine.
    pub outgoing: Outgoing,
    /// Everything here is invented; every page says so.
    pub is_demonstration: bool,
    pub lists: Lists,
    /// An import has arrived.
    pub has_import: tokio::sync::Notify,
    entropy: Mutex<StdRng>,
    book: RwLock<Arc<KeyBook>>,
}

/// The parts of a [`Registry`].
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    /// What the log knows of keys so far.
    pub known: Arc<Vec<SigningKey>>,
    pub keys: Keys,
    pub assets: MarkAssets,
    pub base_url: BaseUrl,
    pub oidc: Option<Arc<oidc::Client>>,
    pub shelf: Shelf,
    pub scanner: Option<Clamd>,
    pub outgoing: Outgoing,
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
        let Parts { store, known, keys, assets, base_url, oidc, shelf, scanner, is_demonstration, entropy, .. } = parts;
        let outgoing = parts.outgoing;
        for purpose in Purpose::NEEDED {
            keys.all(purpose).next().ok_or_else(|| KeysUnusable(format!("no key for {}", purpose.name())))?;
        }
        let log_name = base_url.log_origin();
        for record in keys.public() {
            NoteKey::new(&log_name, record.key).map_err(|error| KeysUnusable(format!("{error:?}")))?;
        }
        // What is sealed here every other server must open: so with the key that they all hold, not with the next one.
        let active = SigningKey::active(&known, Purpose::Log.name()).map(|key| key.id.as_str());
        let mut secrets: Vec<_> = keys.secrets(Purpose::Log).collect();
        secrets.sort_by_key(|(kid, _)| Some(HEXLOWER.encode(kid).as_str()) != active);
        let vault = Vault::new(secrets).ok_or_else(|| KeysUnusable("no key for log".to_owned()))?;
        let passkeys = Passkeys::new(&base_url, "お助け隊サービス登録簿");
        Ok(Arc::new(Self {
            passkeys,
            oidc,
            store,
            scheme: Scheme::bundled(),
            keys,
            vault,
            log_name,
            assets,
            base_url,
            shelf,
            scanner,
            outgoing,
            is_demonstration,
            lists: Lists::default(),
            has_import: tokio::sync::Notify::new(),
            entropy: Mutex::new(entropy),
            book: RwLock::default(),
        }))
    }

    /// What the engine finds about an application under the edition that governs it, with the provider's history.
    pub async fn assessment_of(&self, application: &Application) -> Result<Assessment, Problem> {
        let editions = self.store.editions().await?;
        let missing = || Problem::internal(&format!("no file for the edition of {}", application.id));
        let edition = editions.with_digest(&application.edition_digest).ok_or_else(missing)?;
        let class = application.declaration.service.class;
        let record = self.store.track_record(&application.owner, class, application.submitted_at).await?;
        Ok(assess_under(edition, &application.declaration, application.governing_day(), Some(&record)))
    }

    /// Every key as the log knows it. A mark is answered while the database is away, too: then from what was known last.
    pub async fn key_book(&self) -> Arc<KeyBook> {
        let known = self.book.read().expect("nobody panics while holding it").clone();
        match self.store.signing_keys().await {
            Ok(keys) if Arc::ptr_eq(&keys, &known.keys) => known,
            Ok(keys) => {
                let book = Arc::new(KeyBook::new(keys));
                *self.book.write().expect("nobody panics while holding it") = book.clone();
                book
            }
            Err(error) => {
                tracing::error!(%error, "the keys could not be read; those known last are used");
                known
            }
        }
    }

    /// The key that signs for this purpose now.
    pub async fn signer(&self, purpose: Purpose) -> Result<(PublicKey, &ed25519_dalek::SigningKey), Refused> {
        let keys = self.store.signing_keys().await?;
        let purpose = purpose.name();
        let active = SigningKey::active(&keys, purpose).ok_or(Refused::NoActiveKey { purpose })?;
        let held = self.keys.of(active).ok_or_else(|| Refused::KeyNotHeld { key: active.id.to_string() })?;
        let public = held.verifying_key().try_into().expect("the public half of a secret key is a key");
        Ok((public, held))
    }

    /// The log's keys under its name, but for the compromised; the one that signs now first.
    pub async fn log_keys(&self) -> Vec<NoteKey> {
        let book = self.key_book().await;
        let active = SigningKey::active(&book.keys, Purpose::Log.name()).map(|key| key.public.as_str());
        let mut ours = book.published();
        ours.retain(|record| record.purpose == Purpose::Log);
        ours.sort_by_key(|record| Some(HEXLOWER.encode(record.key.as_bytes()).as_str()) != active);
        ours.into_iter().filter_map(|record| NoteKey::new(&self.log_name, record.key).ok()).collect()
    }

    /// A new secret.
    pub(crate) fn draw_secret(&self, kind: Opaque) -> Secret {
        kind.draw(&mut self.draw_rng())
    }

    /// A name for a file on its way in.
    pub(crate) fn draw_name(&self) -> [u8; 16] {
        let mut name = [0; 16];
        self.entropy.lock().expect("nobody panics while drawing").fill_bytes(&mut name);
        name
    }

    /// A generator of one's own, seeded from the registry's.
    pub(crate) fn draw_rng(&self) -> StdRng {
        StdRng::from_rng(&mut *self.entropy.lock().expect("nobody panics while drawing"))
    }

    /// Signs the log's head as it is durable now, and keeps the checkpoint. Quiet when it was kept before. None where no
    /// key signs for the log, or this server does not hold it.
    pub async fn publish_checkpoint(&self) -> Result<Option<String>, crate::store::Error> {
        let head = self.store.head().await?;
        let checkpoint = Checkpoint { origin: self.log_name.clone(), size: head.size, root: head.root };
        let keys = self.store.signing_keys().await?;
        let active = SigningKey::active(&keys, Purpose::Log.name()).and_then(|key| self.keys.of(key));
        let Some(active) = active else { return Ok(None) };
        // Whoever knows only a key that this one took the place of reads the checkpoint all the same.
        let is_retired = |key: &&SigningKey| matches!(key.state(&keys), KeyState::Retired { .. });
        let retired = keys.iter().filter(|key| key.purpose == Purpose::Log.name()).filter(is_retired);
        let secrets = std::iter::once(active).chain(retired.filter_map(|key| self.keys.of(key)));
        let notes = secrets.map(|secret| checkpoint.sign(secret).expect("a log's origin is a note's name"));
        let note = notes.reduce(Note::and).expect("the active key's is one").to_string();
        self.store.keep_checkpoint(head, &note).await?;
        Ok(Some(note))
    }

    /// Publishes a checkpoint soon after each commit: at once when the log was quiet, at most once a second when not.
    pub async fn publish_checkpoints(self: Arc<Self>) {
        let mut size = self.store.watch_size();
        loop {
            match self.publish_checkpoint().await {
                Ok(Some(_)) => {}
                Ok(None) => tracing::error!("no checkpoint was published: no key that signs for the log is held here"),
                Err(error) => tracing::error!(%error, "no checkpoint was published"),
            }
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            if size.changed().await.is_err() {
                return;
            }
        }
    }
}
