//! The token's bytes: deterministic CBOR (RFC 8949 §4.2) written, and read in that one order.

use minicbor::Decoder;
use minicbor::data::Type;

use super::{Claims, HolderKind, Kid, LicenceId, TokenError};
use crate::calendar::Instant;
use crate::cose::{ALG, ED25519, EDDSA, KID, SIGNATURE_LENGTH, Sign1, cbor};
use crate::parties::CorporateNumber;

const EXP: i64 = 4;
const CTI: i64 = 7;
const MARK: i64 = -65537;
const PROFILE: u64 = 1;

/// What the signature covers, apart from the fixed parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) alg: i64,
    pub(super) kid: Kid,
    pub(super) claims: Claims,
}

impl Envelope {
    /// The protected header, to be wrapped in a byte string.
    pub(super) fn protected(&self) -> Vec<u8> {
        cbor(|to| to.map(2)?.i64(ALG)?.i64(self.alg)?.i64(KID)?.bytes(&self.kid)?.ok())
    }

    /// The claims, to be wrapped in a byte string.
    pub(super) fn payload(&self) -> Vec<u8> {
        let Claims { licence, kind, status_index, holder_name, corporate_number, expires_at } = &self.claims;
        cbor(|to| {
            to.map(3)?.i64(EXP)?.i64(expires_at.unix())?.i64(CTI)?.bytes(&licence.to_bytes())?.i64(MARK)?;
            to.array(5)?.u64(PROFILE)?.u8(*kind as u8)?.u32(*status_index)?.str(holder_name)?;
            match corporate_number {
                Some(number) => to.bytes(&six_bytes(number))?.ok(),
                None => to.null()?.ok(),
            }
        })
    }
}

/// The content and the signature. Other encodings of the same content may pass here; the caller compares.
pub(super) fn read(bytes: &[u8]) -> Result<(Envelope, &[u8; SIGNATURE_LENGTH]), TokenError> {
    let Sign1 { protected, payload, signature } = Sign1::read(bytes).map_err(|part| TokenError::NotAToken { part })?;
    let (alg, kid) = read_protected(protected)?;
    Ok((Envelope { alg, kid, claims: read_payload(payload)? }, signature))
}

fn read_protected(bytes: &[u8]) -> Result<(i64, Kid), TokenError> {
    let mut from = Decoder::new(bytes);
    part("protected", from.map().ok().filter(|&length| length == Some(2)))?;
    part("alg", key(&mut from, ALG))?;
    let alg = part("alg", from.i64().ok())?;
    if alg != EDDSA && alg != ED25519 {
        return Err(TokenError::UnknownAlgorithm { alg });
    }
    part("kid", key(&mut from, KID))?;
    let kid = part("kid", from.bytes().ok().and_then(|kid| kid.try_into().ok()))?;
    part("protected", (from.position() == bytes.len()).then_some((alg, kid)))
}

fn read_payload(bytes: &[u8]) -> Result<Claims, TokenError> {
    let mut from = Decoder::new(bytes);
    part("payload", from.map().ok().filter(|&length| length == Some(3)))?;
    part("exp", key(&mut from, EXP))?;
    let expires_at = part("exp", from.i64().ok().and_then(Instant::from_unix))?;
    part("cti", key(&mut from, CTI))?;
    let licence = part("cti", from.bytes().ok().and_then(|id| id.try_into().ok()).map(LicenceId::from_bytes))?;
    part("mark", key(&mut from, MARK))?;
    part("mark", from.array().ok().filter(|&length| length == Some(5)))?;
    let profile = part("profile", from.u64().ok())?;
    if profile != PROFILE {
        return Err(TokenError::UnknownProfile { profile });
    }
    let kind = part("kind", from.u8().ok().and_then(holder_kind))?;
    let status_index = part("status index", from.u32().ok())?;
    let holder_name = part("name", from.str().ok())?.to_owned();
    let corporate_number = part("number", number_or_null(&mut from))?;
    part("payload", (from.position() == bytes.len()).then_some(()))?;
    Ok(Claims { licence, kind, status_index, holder_name, corporate_number, expires_at })
}

fn part<T>(part: &'static str, found: Option<T>) -> Result<T, TokenError> {
    found.ok_or(TokenError::NotAToken { part })
}

/// The next key of a map; deterministic CBOR has only one order.
fn key(from: &mut Decoder<'_>, expected: i64) -> Option<()> {
    (from.i64().ok()? == expected).then_some(())
}

fn holder_kind(number: u8) -> Option<HolderKind> {
    [HolderKind::Provider, HolderKind::User].into_iter().find(|&kind| kind as u8 == number)
}

fn number_or_null(from: &mut Decoder<'_>) -> Option<Option<CorporateNumber>> {
    if from.datatype().ok()? == Type::Null {
        return from.null().ok().map(|()| None);
    }
    let [a, b, c, d, e, f] = from.bytes().ok()?.try_into().ok()?;
    u64::from_be_bytes([0, 0, a, b, c, d, e, f]).to_string().parse().ok().map(Some)
}

fn six_bytes(number: &CorporateNumber) -> [u8; 6] {
    let digits: u64 = number.to_string().parse().expect("a corporate number is thirteen digits");
    let [_, _, six @ ..] = digits.to_be_bytes();
    six
}
