//! Passkeys 「パスキー」: WebAuthn Level 3, by the crate webauthn-rs. A person is signed in without typing a name, and
//! the device has always verified its user (PIN, finger, face).
//!
//! Each ceremony has two steps: `begin_…` makes the options for the browser (`static/passkey.js`) and a state;
//! `finish_…` reads the browser's answer. **The state is kept in a row of the database and deleted when it is read**:
//! it holds the challenge, and whoever could hand in an old state with its answer would be signed in again. This is why
//! the crate calls its feature `danger-allow-state-serialisation`: the danger is a state kept in a cookie, and ours
//! never is.
//!
//! The crate draws its challenges itself, from the generator of the thread, and reads the clock for certificates of
//! attestation, which are not asked for here. Nothing else in this module does either.

use std::str::FromStr;
use std::{error, fmt};

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::config::BaseUrl;

/// Whom a device keeps a passkey for: a random UUID (version 4), which tells nothing of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(Uuid);

impl Handle {
    /// Draws a new person's. It is theirs for ever: the device sends it back when they sign in.
    pub fn draw(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for Handle {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// The first step of a ceremony.
#[derive(Debug)]
pub struct Begun {
    /// JSON for the browser: `{"publicKey": …}`.
    pub options: String,
    /// JSON for the database, to be read once and within five minutes; never for the browser.
    pub state: String,
}

/// A passkey that was made.
#[derive(Debug)]
pub struct Registered {
    pub person: Handle,
    /// The credential's id in base64url: the key to store it under. It must be nobody's yet.
    pub id: String,
    /// The public key and all that the next sign-in needs, as JSON.
    pub credential: String,
}

/// Who an answer says it is from. Nothing is proven yet: it only tells which stored credential to check it with.
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    pub person: Handle,
    /// The credential's id in base64url, as in [`Registered`].
    pub id: String,
}

/// Who signed in.
#[derive(Debug)]
pub struct SignedIn {
    pub person: Handle,
    /// The credential's id in base64url.
    pub id: String,
    /// The credential as it must be stored now, when its counter or its backup changed.
    pub changed: Option<String>,
}

/// Why a ceremony failed.
#[derive(Debug)]
pub enum Fault {
    /// The browser's answer cannot be read.
    Answer { source: serde_json::Error },
    /// What was stored cannot be read.
    Stored { what: Kept, source: serde_json::Error },
    /// The device did not verify its user.
    Unverified,
    /// The device's counter did not advance: somebody else may hold a copy of the key.
    Copied,
    /// The device did not keep the passkey (or has not said for whom), so nobody could sign in without a name.
    NotKept,
    /// The passkey is another person's.
    Another { claimed: Handle, owner: Handle },
    /// The answer proves nothing: another challenge, another site, a wrong signature …
    Unproven { source: WebauthnError },
}

/// What is stored for this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Of a ceremony that was begun.
    State,
    /// Of a passkey.
    Credential,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { source } => write!(f, "the browser's answer: {source}"),
            Self::Stored { what, source } => write!(f, "stored {what:?}: {source}"),
            Self::Unverified => write!(f, "the device did not verify its user"),
            Self::Copied => write!(f, "the counter did not advance; the key may be a copy"),
            Self::NotKept => write!(f, "the device did not keep the passkey or its owner's handle"),
            Self::Another { claimed, owner } => write!(f, "claimed for {claimed}, and it is {owner}'s"),
            Self::Unproven { source } => write!(f, "not proven: {source}"),
        }
    }
}

impl error::Error for Fault {}

impl From<WebauthnError> for Fault {
    fn from(source: WebauthnError) -> Self {
        match source {
            WebauthnError::UserNotVerified => Self::Unverified,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            WebauthnError::InvalidUserUniqueId => Self::NotKept,
            source => Self::Unproven { source },
        }
    }
}

/// The state of a registration: for whom it was begun is not the browser's to say.
#[derive(Serialize, Deserialize)]
struct Registration {
    person: Handle,
    ceremony: PasskeyRegistration,
}

/// What is stored of a passkey: whose it is, too, so that no mistaken look-up can sign in somebody else.
#[derive(Serialize, Deserialize)]
struct Credential {
    person: Handle,
    passkey: Passkey,
}

/// Both ceremonies, for this registry's address.
#[derive(Clone, Debug)]
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// For the registry at `base`; `name` is what browsers may show. `None` where no browser would do it: the host is
    /// an address and no name, or reached without TLS (`localhost` may be).
    ///
    /// Passkeys are bound to the host's name: at another name nobody can sign in with the old ones.
    pub fn new(base: &BaseUrl, name: &str) -> Option<Self> {
        let origin = Url::parse(&base.to_string()).ok()?;
        let host = origin.domain()?;
        if !base.is_secure() && host != "localhost" && !host.ends_with(".localhost") {
            return None;
        }
        WebauthnBuilder::new(host, &origin).and_then(|builder| builder.rp_name(name).build()).ok().map(Self)
    }

    /// Begins to make a passkey for `person`. `name` is what the device shows when it asks which one to use, never
    /// empty; `existing` are the person's stored credentials, whose devices will not make a second one.
    pub fn begin_registration(&self, person: Handle, name: &str, existing: &[&str]) -> Result<Begun, Fault> {
        let existing = existing.iter().map(|stored| stored_credential(stored));
        let ids = existing.map(|stored| Ok(stored?.passkey.cred_id().clone())).collect::<Result<_, Fault>>()?;
        let (mut options, ceremony) = self.0.start_passkey_registration(person.0, name, name, Some(ids))?;
        keep_on_the_device(&mut options);
        Ok(Begun { options: written(&options), state: written(&Registration { person, ceremony }) })
    }

    /// Reads what the browser answered to [`Begun::options`]. The caller still has to see that the state was this
    /// session's, and that no passkey with this id is stored.
    pub fn finish_registration(&self, state: &str, answer: &str) -> Result<Registered, Fault> {
        let Registration { person, ceremony } = stored(Kept::State, state)?;
        let answer: RegisterPublicKeyCredential = answered(answer)?;
        let is_kept = answer.extensions.cred_props.as_ref().and_then(|properties| properties.rk);
        if is_kept == Some(false) {
            return Err(Fault::NotKept);
        }
        let passkey = self.0.finish_passkey_registration(&answer, &ceremony)?;
        let id = BASE64URL_NOPAD.encode(passkey.cred_id());
        Ok(Registered { person, id, credential: written(&Credential { person, passkey }) })
    }

    /// Begins to sign somebody in who has not said who they are: their device offers the passkeys that it keeps.
    pub fn begin_authentication(&self) -> Result<Begun, Fault> {
        let (mut options, ceremony) = self.0.start_discoverable_authentication()?;
        // The crate means these for a form's autofill. A person who pressed a button is to be asked at once.
        options.mediation = None;
        Ok(Begun { options: written(&options), state: written(&ceremony) })
    }

    /// Reads what the browser answered to [`Begun::options`]; `credential` is what is stored for its [`claim`].
    pub fn finish_authentication(&self, state: &str, answer: &str, credential: &str) -> Result<SignedIn, Fault> {
        let ceremony: DiscoverableAuthentication = stored(Kept::State, state)?;
        let Credential { person, passkey } = stored_credential(credential)?;
        let Claim { person: claimed, id } = claim(answer)?;
        if claimed != person {
            return Err(Fault::Another { claimed, owner: person });
        }
        let result = self.0.finish_discoverable_authentication_v2(&answered(answer)?, ceremony, &passkey)?;
        Ok(SignedIn { person, id, changed: changed(Credential { person, passkey }, &result) })
    }
}

/// Who an answer to [`Passkeys::begin_authentication`] says it is from.
pub fn claim(answer: &str) -> Result<Claim, Fault> {
    let answer: PublicKeyCredential = answered(answer)?;
    let handle = answer.get_user_unique_id().and_then(|bytes| Uuid::from_slice(bytes).ok()).ok_or(Fault::NotKept)?;
    Ok(Claim { person: Handle(handle), id: BASE64URL_NOPAD.encode(answer.get_credential_id()) })
}

/// The crate leaves it to the device whether it keeps a passkey. One that is not kept could never sign in without a
/// name, which is the only way there is here.
fn keep_on_the_device(options: &mut CreationChallengeResponse) {
    let selection = options.public_key.authenticator_selection.get_or_insert_default();
    selection.resident_key = Some(ResidentKeyRequirement::Required);
    selection.require_resident_key = true; // The same for browsers of Level 1.
}

fn changed(mut credential: Credential, result: &AuthenticationResult) -> Option<String> {
    let is_changed = credential.passkey.update_credential(result) == Some(true);
    is_changed.then(|| written(&credential))
}

fn stored_credential(text: &str) -> Result<Credential, Fault> {
    stored(Kept::Credential, text)
}

fn stored<T: DeserializeOwned>(what: Kept, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|source| Fault::Stored { what, source })
}

fn answered<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|source| Fault::Answer { source })
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and bytes in base64 are JSON")
}

#[cfg(test)]
mod tests;
