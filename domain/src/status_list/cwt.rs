//! A status list as a CWT (RFC 8392) in a COSE_Sign1.

use ed25519_dalek::Signature;
use minicbor::Decoder;

use super::{BITS, CWT, Statement, StatusList, StatusListError, TTL_SECONDS, Unsigned, not};
use crate::calendar::Instant;
use crate::cose::{ALG, ED25519, EDDSA, KID, Sign1, cbor, to_be_signed};
use crate::jws::check;
use crate::licence::token::{KeyRing, Kid};

const TYP: i64 = 16;
const SUB: i64 = 2;
const EXP: i64 = 4;
const IAT: i64 = 6;
const STATUS_LIST: i64 = 65_533;
const TTL: i64 = 65_534;

impl Unsigned<'_> {
    /// Signs it as a CWT; `sign` is given the bytes to be signed (RFC 9052 §4.4).
    pub fn to_cwt<E>(&self, kid: Kid, sign: impl FnOnce(&[u8]) -> Result<Signature, E>) -> Result<Vec<u8>, E> {
        let protected = cbor(|to| to.map(3)?.i64(ALG)?.i64(EDDSA)?.i64(KID)?.bytes(&kid)?.i64(TYP)?.str(CWT)?.ok());
        let Statement { uri, issued_at, expires_at, .. } = self.statement;
        let payload = cbor(|to| {
            to.map(5)?.i64(SUB)?.str(uri)?.i64(EXP)?.i64(expires_at.unix())?.i64(IAT)?.i64(issued_at.unix())?;
            to.i64(STATUS_LIST)?.map(3)?.str("lst")?.bytes(&self.compressed)?.str("bits")?.u8(BITS)?;
            to.str("aggregation_uri")?.str(self.lists)?.i64(TTL)?.u32(TTL_SECONDS)?.ok()
        });
        let signature = sign(&to_be_signed(&protected, &payload))?.to_bytes();
        Ok(Sign1 { protected: &protected, payload: &payload, signature: &signature }.write())
    }
}

impl Statement {
    /// Reads a CWT, if one of these keys signed it. Whether it is too old is the caller's question.
    pub fn from_cwt(bytes: &[u8], keys: &KeyRing) -> Result<Self, StatusListError> {
        let Sign1 { protected, payload, signature } = Sign1::read(bytes).map_err(not)?;
        let kid = kid_of(protected)?;
        check(keys, kid, &to_be_signed(protected, payload), signature)?;
        read(payload)
    }
}

fn kid_of(protected: &[u8]) -> Result<Kid, StatusListError> {
    let mut from = Decoder::new(protected);
    let (mut alg, mut kid, mut typ) = (None, None, None);
    members(&mut from, "protected", |name, from| {
        match name {
            ALG => alg = from.i64().ok(),
            KID => kid = from.bytes().ok().and_then(|kid| kid.try_into().ok()),
            TYP => typ = from.str().ok().map(str::to_owned),
            _ => from.skip().ok()?,
        }
        Some(())
    })?;
    alg.filter(|alg| [EDDSA, ED25519].contains(alg)).ok_or(not("alg"))?;
    typ.filter(|typ| typ == CWT).ok_or(not("typ"))?;
    kid.ok_or(not("kid"))
}

fn read(payload: &[u8]) -> Result<Statement, StatusListError> {
    let mut from = Decoder::new(payload);
    let (mut uri, mut issued_at, mut expires_at, mut list) = (None, None, None, None);
    members(&mut from, "payload", |name, from| {
        match name {
            SUB => uri = from.str().ok().map(str::to_owned),
            EXP => expires_at = from.i64().ok().and_then(Instant::from_unix),
            IAT => issued_at = from.i64().ok().and_then(Instant::from_unix),
            STATUS_LIST => list = read_list(from),
            _ => from.skip().ok()?,
        }
        Some(())
    })?;
    Ok(Statement {
        uri: uri.ok_or(not("sub"))?,
        issued_at: issued_at.ok_or(not("iat"))?,
        expires_at: expires_at.ok_or(not("exp"))?,
        list: StatusList::from_compressed(&list.ok_or(not("status_list"))?)?,
    })
}

/// The compressed list, if its places are of as many bits as ours.
fn read_list(from: &mut Decoder<'_>) -> Option<Vec<u8>> {
    let (mut bits, mut list) = (None, None);
    for _ in 0..from.map().ok()?? {
        match from.str().ok()? {
            "bits" => bits = Some(from.u8().ok()?),
            "lst" => list = Some(from.bytes().ok()?.to_vec()),
            _ => from.skip().ok()?,
        }
    }
    list.filter(|_| bits == Some(BITS))
}

/// Gives each member of a map to `take`; what is behind the map is an error.
fn members<'b>(
    from: &mut Decoder<'b>,
    part: &'static str,
    mut take: impl FnMut(i64, &mut Decoder<'b>) -> Option<()>,
) -> Result<(), StatusListError> {
    let length = from.map().ok().flatten().ok_or(not(part))?;
    for _ in 0..length {
        let name = from.i64().map_err(|_| not(part))?;
        take(name, from).ok_or(not(part))?;
    }
    if from.position() == from.input().len() { Ok(()) } else { Err(not(part)) }
}
