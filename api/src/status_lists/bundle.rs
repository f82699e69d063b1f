//! Everything that a verifier needs away from the network, signed as a whole: keys, status lists and the log's head.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::Instant;
use domain::jws;
use domain::licence::token::KeyRing;
use domain::status_list::{LASTS_SECONDS, TTL_SECONDS};
use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Form, Signed, list, uri};
use crate::acts::Refused;
use crate::registry::Registry;
use crate::seal::keys::{Purpose, jwks};

const TYP: &str = "otasuketai-bundle+jwt";

/// What the bundle holds, as the claims of a JWT.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// The register's address.
    iss: String,
    iat: i64,
    /// From when no list in it is to be relied on.
    exp: i64,
    /// The public keys: a JWK set.
    pub jwks: Value,
    /// The log's head: a signed note.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
    /// Each list as a JWT, by its uri.
    pub lists: BTreeMap<String, String>,
}

/// A bundle and what it was made of.
#[derive(Debug)]
pub(super) struct Made {
    form: Form,
    made_at: Instant,
    lists: Vec<Arc<Signed>>,
    jwks: Value,
}

impl Bundle {
    /// The bundle as the register is at `at`.
    pub async fn of(registry: &Registry, at: Instant) -> Result<Form, Refused> {
        let mut lists = Vec::new();
        for number in 0..registry.store.status_lists().await? {
            lists.extend(list(registry, number, at).await?);
        }
        let jwks = jwks(&registry.key_book().await.published());
        let kept = registry.lists.bundle.lock().expect("nobody panics while holding it").clone();
        let is_same = |made: &Arc<Made>| {
            let are_same = made.lists.iter().zip(&lists).all(|(ours, theirs)| Arc::ptr_eq(ours, theirs));
            let is_fresh = at < made.made_at.plus_seconds(TTL_SECONDS);
            made.lists.len() == lists.len() && are_same && made.jwks == jwks && is_fresh
        };
        if let Some(made) = kept.filter(is_same) {
            return Ok(made.form.clone());
        }
        // As old as the oldest list in it: so long it may be relied on.
        let oldest = lists.iter().map(|signed| signed.statement.issued_at).min().unwrap_or(at);
        let text = |form: &Form| String::from_utf8_lossy(&form.bytes).into_owned();
        let claims = Self {
            iss: registry.base_url.join(""),
            iat: at.unix(),
            exp: oldest.plus_seconds(LASTS_SECONDS).unix(),
            jwks: jwks.clone(),
            checkpoint: registry.store.checkpoint().await?,
            lists: (0..).zip(&lists).map(|(number, signed)| (uri(registry, number), text(&signed.jwt))).collect(),
        };
        let (key, secret) = registry.signer(Purpose::Status).await?;
        let signed =
            jws::sign(TYP, key.kid(), &claims, |message| Ok::<_, std::convert::Infallible>(secret.sign(message)));
        let Ok(signed) = signed;
        let made = Arc::new(Made { form: Form::new(signed), made_at: at, lists, jwks });
        *registry.lists.bundle.lock().expect("nobody panics while holding it") = Some(made.clone());
        Ok(made.form.clone())
    }

    /// Reads a bundle, if one of these keys signed it.
    pub fn read(text: &str, keys: &KeyRing) -> Result<Self, jws::JwsError> {
        jws::read(text, TYP, keys)
    }
}
