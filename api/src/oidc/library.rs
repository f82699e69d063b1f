//! The library's types with this register's choices filled in, and what it does not read by itself.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, JsonWebKeySet, ProviderMetadata, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};

/// What a provider announces of the response's `iss` parameter (RFC 9207).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Announced {
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Announced {}

/// A claim of the ID token that OpenID Connect does not name, but every JWT may have (RFC 7519, section 4.1.5).
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct NotBefore {
    /// Seconds since 1970, with a fraction if the provider likes.
    pub(super) nbf: Option<f64>,
}

impl AdditionalClaims for NotBefore {}

/// The discovery document.
pub(super) type Metadata = ProviderMetadata<
    Announced,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The provider's public keys.
pub(super) type KeySet = JsonWebKeySet<CoreJsonWebKey>;

/// An ID token that nobody has verified yet.
pub(super) type IdToken =
    openidconnect::IdToken<NotBefore, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What an ID token says.
pub(super) type IdTokenClaims = openidconnect::IdTokenClaims<NotBefore, CoreGenderClaim>;

/// The token endpoint's answer.
pub(super) type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        NotBefore,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The token endpoint's refusal.
pub(super) type TokenError = StandardErrorResponse<CoreErrorResponseType>;

/// The library's client, made from a provider's metadata.
pub(super) type Library = openidconnect::Client<
    NotBefore,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
