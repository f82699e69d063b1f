//! Signing in with OpenID Connect, in the profile of GビズID: authorisation code with PKCE, state and nonce, the client
//! known by HTTP Basic, nothing personal in the ID token and everything in UserInfo.
//!
//! [`Client::begin`] makes the address to send a browser to; [`Client::finish`] turns what it comes back with into an
//! [`Identity`], or a [`Refusal`] that names the cause. Between them the caller keeps [`Kept`] on the server, bound to
//! the browser's own cookie, and gives it to `finish` once.
//!
//! The library `openidconnect` speaks the protocol. Where it checks too little the check stands beside it, with the
//! reason: `provider` (discovery, key sizes), `token` (`azp`, `nbf`, `iat`, algorithms), [`Callback`] (state, `iss`).

mod identity;
mod library;
mod provider;
mod refusal;
mod settings;
mod token;
mod transport;

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::authority::FRESH;
use domain::calendar::Instant;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{
    AccessToken, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SubjectIdentifier, TokenResponse,
    UserInfoError,
};
use rand::CryptoRng;
use serde::Deserialize;

pub use identity::{Account, Identity};
pub use refusal::{Endpoint, Fault, Refusal, Said};
pub use settings::{CALLBACK, Secret, Settings, SettingsError};

use identity::{SCOPES, UserInfo};
use library::{IdToken, Library, Metadata, TokenAnswer, TokenError};
use provider::Provider;
use refusal::error_code;
use token::{Expected, SignedIn};

/// Signs people in at one provider. It keeps the provider's metadata and keys: make one and share it.
#[derive(Debug)]
pub struct Client {
    provider: Provider,
    id: ClientId,
    secret: Secret,
    redirect: RedirectUrl,
}

/// What the provider is asked to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Who somebody is: it may know that from an earlier sign-in, at another service.
    Who,
    /// The same from the person themselves, now: for somebody who is signed in here, and signs in again.
    WhoAnew,
}

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub url: String,
    /// What to keep until it comes back.
    pub kept: Kept,
}

/// What ties a browser's return to its departure. For the server alone: none of it is the browser's to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub state: Secret,
    pub nonce: Secret,
    pub verifier: Secret,
}

/// What a browser comes back with: the query of the callback.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Callback {
    pub code: Option<Secret>,
    pub state: Option<Secret>,
    pub error: Option<String>,
    pub iss: Option<String>,
}

impl Client {
    /// A client that has not asked the provider anything yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        settings.check()?;
        let is_local = settings.is_local();
        let Settings { issuer, client_id, client_secret: secret, redirect, hosts } = settings;
        let issuer = IssuerUrl::new(issuer.clone()).map_err(|_| SettingsError::Issuer(issuer))?;
        let redirect = RedirectUrl::new(redirect.clone()).map_err(|_| SettingsError::Redirect(redirect))?;
        Ok(Self { provider: Provider::new(issuer, is_local, &hosts), id: ClientId::new(client_id), secret, redirect })
    }

    /// Begins a sign-in. Asks the provider for its metadata where that is not known.
    pub async fn begin<R>(&self, rng: &mut R, asked: Asked, at: Instant) -> Result<Begun, Refusal>
    where
        R: CryptoRng + ?Sized,
    {
        let kept = Kept { state: draw(rng), nonce: draw(rng), verifier: draw(rng) };
        let metadata = self.provider.metadata(at).await?;
        let (state, nonce) = (kept.state.clone(), kept.nonce.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(&kept));
        let library = self.library(&metadata);
        let request = library
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.expose().to_owned()),
                move || Nonce::new(nonce.expose().to_owned()),
            )
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        let (url, ..) = match asked {
            Asked::Who => request.url(),
            // Asked for an age, a provider must also say when the person showed who they are (OpenID Connect Core 1.0,
            // section 2): whatever it makes of the prompt, we know.
            Asked::WhoAnew => {
                request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::from_secs(FRESH.unsigned_abs())).url()
            }
        };
        Ok(Begun { url: url.into(), kept })
    }

    /// Finishes the sign-in that `kept` is of. Whatever comes of it, `kept` is used up.
    pub async fn finish(&self, kept: &Kept, callback: Callback, at: Instant) -> Result<Identity, Refusal> {
        callback.check_state(kept)?;
        let metadata = self.provider.metadata(at).await?;
        let code = callback.into_code(&metadata)?;
        let library = self.library(&metadata);
        let answer = self.exchange(&library, code, kept).await?;
        let token = answer.id_token().ok_or(Refusal::Malformed { what: "id_token" })?;
        let expected = Expected { metadata: &metadata, client_id: &self.id, nonce: &kept.nonce, at };
        let signed_in = self.verify(token, &expected).await?;
        let about = self.ask_about(&library, answer.access_token(), &signed_in).await?;
        Identity::read(metadata.issuer(), signed_in, &about)
    }

    /// Where browsers are sent: the provider's scheme, host and port.
    pub fn origin(&self) -> String {
        self.provider.origin()
    }

    fn library(&self, metadata: &Metadata) -> Library {
        let secret = ClientSecret::new(self.secret.expose().to_owned());
        Library::from_provider_metadata(metadata.clone(), self.id.clone(), Some(secret))
            .set_redirect_uri(self.redirect.clone())
    }

    /// The tokens for a code.
    async fn exchange(&self, library: &Library, code: Secret, kept: &Kept) -> Result<TokenAnswer, Refusal> {
        let request = library
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .map_err(|_| Refusal::Malformed { what: "token_endpoint" })?
            .set_pkce_verifier(verifier(kept));
        request.request_async(&self.provider.transport).await.map_err(not_exchanged)
    }

    /// Who signed in. A key that is not known may be a new one: then the keys are asked for again, once.
    async fn verify(&self, token: &IdToken, expected: &Expected<'_>) -> Result<SignedIn, Refusal> {
        let keys = self.provider.keys(expected.metadata, expected.at).await?;
        match expected.verify(token, &keys) {
            Err(Refusal::UnknownKey) => match self.provider.newer_keys(expected.metadata, expected.at).await? {
                Some(newer) => expected.verify(token, &newer),
                None => Err(Refusal::UnknownKey),
            },
            verified => verified,
        }
    }

    /// What the provider knows about who signed in.
    async fn ask_about(&self, library: &Library, token: &AccessToken, who: &SignedIn) -> Result<UserInfo, Refusal> {
        // The library puts the token into a header and panics where it does not fit one (RFC 6750, section 2.1).
        if !token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Refusal::Malformed { what: "access_token" });
        }
        let subject = SubjectIdentifier::new(who.subject.clone());
        let request = library
            .user_info(token.clone(), Some(subject))
            .map_err(|_| Refusal::Malformed { what: "userinfo_endpoint" })?;
        request.request_async(&self.provider.transport).await.map_err(not_told)
    }
}

impl Callback {
    /// Is this the return of the browser that was sent off? Before anything else is believed or asked.
    fn check_state(&self, kept: &Kept) -> Result<(), Refusal> {
        if self.state.as_ref() == Some(&kept.state) { Ok(()) } else { Err(Refusal::State) }
    }

    /// The code to exchange. An `iss` must be the provider's, and must be there where it is announced (RFC 9207): both
    /// for errors too. The library does not see the callback.
    fn into_code(self, metadata: &Metadata) -> Result<Secret, Refusal> {
        let is_ours = match &self.iss {
            Some(issuer) => issuer == metadata.issuer().as_str(),
            None => !metadata.additional_metadata().authorization_response_iss_parameter_supported,
        };
        match (is_ours, self.error, self.code) {
            (false, ..) => Err(Refusal::Issuer(Said::Callback)),
            (true, Some(error), _) => Err(Refusal::Denied { error: error_code(&error) }),
            (true, None, Some(code)) => Ok(code),
            (true, None, None) => Err(Refusal::Malformed { what: "code" }),
        }
    }
}

/// 32 random bytes as 43 characters.
fn draw<R: CryptoRng + ?Sized>(rng: &mut R) -> Secret {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    Secret::from(BASE64URL_NOPAD.encode(&bytes))
}

fn verifier(kept: &Kept) -> PkceCodeVerifier {
    PkceCodeVerifier::new(kept.verifier.expose().to_owned())
}

/// The library's error is dropped rather than logged: it may hold the answer, and that the tokens.
fn not_exchanged(error: RequestTokenError<Fault, TokenError>) -> Refusal {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            Refusal::CodeRefused { error: error_code(answer.error().as_ref()) }
        }
        RequestTokenError::Request(fault) => Refusal::ProviderUnreachable { endpoint: Endpoint::Token, fault },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Refusal::Malformed { what: "token answer" },
    }
}

/// As above: here it may hold the person's data.
fn not_told(error: UserInfoError<Fault>) -> Refusal {
    let failed = |fault| Refusal::ProviderUnreachable { endpoint: Endpoint::UserInfo, fault };
    match error {
        UserInfoError::Request(fault) => failed(fault),
        UserInfoError::Response(status, ..) => failed(Fault::Status(status.as_u16())),
        UserInfoError::ClaimsVerification(_) => Refusal::SubjectDiffers,
        _ => Refusal::Malformed { what: "userinfo" },
    }
}
