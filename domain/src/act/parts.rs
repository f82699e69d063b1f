//! What deeds are made of.

use serde::{Deserialize, Serialize};

use super::RegistrationNumber;
use crate::calendar::{Day, Instant};
use crate::declaration::{Class, Kind};
use crate::licence::token::HolderKind;
use crate::parties::{CorporateNumber, Prefecture};
use crate::yen::LineItem;

/// A field of the declaration, as a JSON Pointer, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldReason {
    pub pointer: String,
    pub reason: String,
}

/// 充足か不充足か, of a whole application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    Fail,
}

/// A verdict and its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Determination {
    pub verdict: Verdict,
    pub reason: String,
}

/// What the register says of a service: the public part of the declaration that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Listing {
    pub service_name: String,
    pub service_name_kana: String,
    pub summary: String,
    pub class: Class,
    /// The monitoring kind.
    pub monitoring: Kind,
    pub regions: Vec<Prefecture>,
    pub prices: Vec<LineItem>,
    pub provider: RegisteredProvider,
    /// The edition it was judged under, and the digest of that edition's file.
    pub edition: String,
    pub edition_digest: String,
}

/// What the register says of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisteredProvider {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_entity_number: Option<CorporateNumber>,
    pub trade_name: String,
    pub trade_name_kana: String,
    pub prefecture: Prefecture,
}

/// A mark licence 「使用許諾」 as granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    pub registration: RegistrationNumber,
    pub holder_kind: HolderKind,
    /// The name as the holder writes it.
    pub holder_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_number: Option<CorporateNumber>,
    /// The first day of the contract the provider attests; a user's only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_from: Option<Day>,
    pub status_index: u32,
    /// The end of the term printed in the token.
    pub expires_at: Instant,
    /// The key that signed the token.
    pub key: String,
    /// SHA-256 of the token, in hexadecimal.
    pub token_digest: String,
}

/// A licence's token signed anew. Holder and service stay what they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reissue {
    pub cause: Cause,
    /// The same as before.
    pub status_index: u32,
    /// The end of the term printed in the new token.
    pub expires_at: Instant,
    /// The key that signed the new token.
    pub key: String,
    /// SHA-256 of the new token, in hexadecimal.
    pub token_digest: String,
}

/// Why a licence was issued anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 署名鍵の危殆化: nobody away from the register trusts the earlier token. The register remembers it, and it counts.
    KeyCompromised,
}
