//! `/keys`: what signs for the register, and since when.

use std::sync::Arc;

use domain::act::KeyId;
use domain::proposal::Motion;
use domain::signing_key::{KeyState, SigningKey};
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::rendered::Rendered;
use super::request::{Caller, identifier};
use super::wire::Reason;
use crate::problem::Problem;
use crate::registry::Registry;

const KEY: (&str, &str) = ("署名鍵", "signing key");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A signing key: its public half, and what it is good for.
#[derive(Object, Debug)]
#[oai(rename = "SigningKey", rename_all = "camelCase", skip_serializing_if_is_none)]
struct KeyView {
    /// The `kid` of tokens and of COSE, in hexadecimal.
    id: String,
    /// Acts about the key so far; what `If-Match` takes.
    version: u32,
    /// What it signs: `licence` or `log`.
    purpose: String,
    state: KeyStateName,
    /// Since when it is in this state, in UTC.
    since: String,
    /// The 32 bytes of the Ed25519 public key, in hexadecimal.
    public: String,
    created_at: String,
    /// Why it is not trusted any more.
    reason: Option<String>,
}

/// What a key is good for.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "KeyState", rename_all = "snake_case")]
enum KeyStateName {
    /// Made, and not used yet.
    Next,
    /// Signs.
    Active,
    /// Another signs in its place; what it has signed is good.
    Retired,
    /// What it has signed counts only where the register itself remembers it.
    Compromised,
}

/// Every key there ever was.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct SigningKeys {
    items: Vec<KeyView>,
}

#[OpenApi(prefix_path = "/keys", tag = "Chapter::Keys")]
impl Api {
    /// Lists the signing keys
    ///
    /// Every one that there ever was, the compromised among them. For checking signatures, `/.well-known/jwks.json` has
    /// those that are trusted.
    #[oai(path = "/", method = "get", operation_id = "listKeys")]
    async fn list(&self) -> Result<Json<SigningKeys>, Problem> {
        let keys = self.registry.store.signing_keys().await?;
        Ok(Json(SigningKeys { items: keys.iter().map(|key| view(key, &keys)).collect() }))
    }

    /// Proposes that a key sign from now on
    ///
    /// For a key that was made to be the next. It signs once a second person confirms it.
    #[oai(path = "/:id/activation", method = "post", operation_id = "proposeActivation")]
    async fn activate(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let motion = Motion::ActivateKey { key: identifier::<KeyId>(KEY, &id.0)? };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Proposes that a key not be trusted any more
    ///
    /// The reason is published. Once a second person confirms it, nothing is signed with the key, and what it has
    /// signed counts only where the register itself remembers it.
    #[oai(path = "/:id/compromise", method = "post", operation_id = "proposeCompromise")]
    async fn distrust(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let motion = Motion::CompromiseKey { key: identifier::<KeyId>(KEY, &id.0)?, reason: body.0.reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }
}

fn view(key: &SigningKey, all: &[SigningKey]) -> KeyView {
    let (state, since) = match key.state(all) {
        KeyState::Next => (KeyStateName::Next, key.created_at),
        KeyState::Active { since } => (KeyStateName::Active, since),
        KeyState::Retired { since } => (KeyStateName::Retired, since),
        KeyState::Compromised { since } => (KeyStateName::Compromised, since),
    };
    KeyView {
        id: key.id.to_string(),
        version: key.version,
        purpose: key.purpose.clone(),
        state,
        since: since.to_string(),
        public: key.public.clone(),
        created_at: key.created_at.to_string(),
        reason: key.compromised.as_ref().map(|compromised| compromised.reason.clone()),
    }
}
