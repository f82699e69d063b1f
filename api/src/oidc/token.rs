//! Verifying the ID token: OpenID Connect Core 1.0, section 3.1.3.7.

use std::time::{Duration, UNIX_EPOCH};

use domain::calendar::Instant;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{ClaimsVerificationError, ClientId, IdTokenVerifier, Nonce, SignatureVerificationError};

use super::library::{IdToken, IdTokenClaims, KeySet, Metadata};
use super::refusal::{Refusal, Said};
use super::settings::Secret;

/// How far the provider's clock and ours may be apart, in seconds.
const SKEW: i64 = 60;
/// The longest subject, in bytes (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// What may sign an ID token: public keys only, whatever the provider announces. EdDSA is left out because the library
/// verifies it in the lax way, in which a degenerate key signs anything; ES512 because it has none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
];

/// What an ID token is held against.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) metadata: &'a Metadata,
    pub(super) client_id: &'a ClientId,
    pub(super) nonce: &'a Secret,
    pub(super) at: Instant,
}

/// Who signed in, by the ID token: nothing personal.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) subject: String,
    /// When the person showed the provider who they are.
    pub(super) auth_time: Option<Instant>,
}

impl Expected<'_> {
    /// Verifies a token by these keys.
    pub(super) fn verify(&self, token: &IdToken, keys: &KeySet) -> Result<SignedIn, Refusal> {
        let nonce = Nonce::new(self.nonce.expose().to_owned());
        let claims = token.claims(&self.verifier(keys), &nonce).map_err(refused)?;
        self.check_parties(claims)?;
        self.check_begun(claims)?;
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
            return Err(Refusal::Malformed { what: "sub" });
        }
        let auth_time = claims.auth_time().and_then(|time| Instant::from_unix(time.timestamp()));
        Ok(SignedIn { subject: subject.to_owned(), auth_time })
    }

    /// The library's verifier. It is told of no client secret, so that it cannot verify by one: a "public client".
    fn verifier(&self, keys: &KeySet) -> IdTokenVerifier<'static, CoreJsonWebKey> {
        let announced = self.metadata.id_token_signing_alg_values_supported();
        let allowed = ALGORITHMS.into_iter().filter(|algorithm| announced.contains(algorithm));
        // It knows no tolerance for `exp`: then its clock is late. Without this it would read the clock itself.
        let seconds = u64::try_from(self.at.unix() - SKEW).unwrap_or_default();
        let late = UNIX_EPOCH + Duration::from_secs(seconds);
        IdTokenVerifier::new_public_client(self.client_id.clone(), self.metadata.issuer().clone(), keys.clone())
            .set_allowed_algs(allowed)
            // Other audiences are `check_parties`'s, so that a token issued to another party is called that.
            .set_other_audience_verifier_fn(|_| true)
            .set_time_fn(move || late.into())
    }

    /// The token was issued to us and is for nobody else. The library does not look at `azp`.
    fn check_parties(&self, claims: &IdTokenClaims) -> Result<(), Refusal> {
        let audiences = claims.audiences();
        match claims.authorized_party() {
            Some(party) if party != self.client_id => return Err(Refusal::AuthorisedParty),
            None if audiences.len() > 1 => return Err(Refusal::AuthorisedParty),
            _ => {}
        }
        match audiences.iter().all(|audience| audience.as_str() == self.client_id.as_str()) {
            true => Ok(()),
            false => Err(Refusal::Audience),
        }
    }

    /// The token's time has come. The library does not know `nbf`, and takes any `iat`.
    fn check_begun(&self, claims: &IdTokenClaims) -> Result<(), Refusal> {
        let latest = self.at.unix() + SKEW;
        let is_early = claims.issue_time().timestamp() > latest
            || claims.additional_claims().nbf.is_some_and(|nbf| nbf > latest as f64);
        if is_early { Err(Refusal::NotYetValid) } else { Ok(()) }
    }
}

fn refused(error: ClaimsVerificationError) -> Refusal {
    match error {
        ClaimsVerificationError::InvalidIssuer(_) => Refusal::Issuer(Said::IdToken),
        ClaimsVerificationError::InvalidAudience(_) => Refusal::Audience,
        ClaimsVerificationError::Expired(_) => Refusal::Expired,
        ClaimsVerificationError::InvalidNonce(_) => Refusal::Nonce,
        ClaimsVerificationError::SignatureVerification(error) => unsigned(&error),
        // Encrypted, nested, of another type, or with extensions that must be understood.
        _ => Refusal::Malformed { what: "id_token" },
    }
}

fn unsigned(error: &SignatureVerificationError) -> Refusal {
    match error {
        SignatureVerificationError::NoSignature
        | SignatureVerificationError::DisallowedAlg(_)
        | SignatureVerificationError::UnsupportedAlg(_) => Refusal::Algorithm,
        // No key, or several of which the token does not name one.
        SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => {
            Refusal::UnknownKey
        }
        _ => Refusal::Signature,
    }
}
