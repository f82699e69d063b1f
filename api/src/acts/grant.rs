//! マークの使用許諾

use domain::act::{RegistrationNumber, Subject};
use domain::licence::token::{Claims, Kid, Token, fit_name, kid};
use domain::licence::{Holder, Licence, LicenceId, offer};
use domain::signing_key::SigningKey;
use sha2::{Digest, Sha256};

use super::{Deed, Desk, Done, Refused};
use crate::registry::Registry;
use crate::seal::keys::Purpose;

/// A mark licence is signed and granted: the provider's by the secretariat, a user's on the provider's attestation.
#[derive(Debug)]
pub struct Grant {
    pub registration: RegistrationNumber,
    pub to: Holder,
}

impl Deed for Grant {
    type State = Licence;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Licence>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Licence(id) = subject else { return Err(Refused::KeyReused) };
            let missing = Refused::NotFound { what: "licence", id: id.to_string() };
            let (state, _) = desk.tx.licence(id).await?.ok_or(missing)?;
            return if is_same(&state, &self) { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let missing = || Refused::NotFound { what: "registration", id: self.registration.to_string() };
        let registration = desk.tx.registration(&self.registration).await?.ok_or_else(missing)?;
        let existing = desk.tx.open_licence(&registration.number, &self.to).await?;
        let id = free_id(desk).await?;
        let tx = desk.tx;
        let index = tx.free_status_index(|| desk.random_u64()).await?;
        let offer = offer(&registration, self.to, existing, id, index, desk.by, desk.at)?;
        let active = active(desk.registry, &desk.tx.signing_keys().await?)?;
        let token = signed(desk.registry, &offer.claims, &active);
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()));
        let (state, act) = offer.grant(active.name, digest);
        desk.tx.insert_licence(&state, token.as_bytes().to_vec()).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The key that signs licences now.
pub(super) struct Active<'a> {
    key: &'a ed25519_dalek::SigningKey,
    kid: Kid,
    /// Its kid, as acts name it.
    pub(super) name: String,
}

pub(super) fn active<'a>(registry: &'a Registry, keys: &[SigningKey]) -> Result<Active<'a>, Refused> {
    let purpose = Purpose::Licence.name();
    let active = SigningKey::active(keys, purpose).ok_or(Refused::NoActiveKey { purpose })?;
    let held = registry.keys.of(active);
    let key = held.ok_or_else(|| Refused::KeyNotHeld { key: active.id.to_string() })?;
    let kid = kid(&key.verifying_key());
    Ok(Active { key, kid, name: data_encoding::HEXLOWER.encode(&kid) })
}

/// The token of what is offered, with as much of the name as a mark holds.
pub(super) fn signed(registry: &Registry, claims: &Claims, active: &Active<'_>) -> Token {
    let holder_name = fit_name(&claims.holder_name, registry.base_url.name_bytes()).to_owned();
    Token::sign(&Claims { holder_name, ..claims.clone() }, active.key, active.kid)
}

/// Does an earlier licence answer this request?
fn is_same(state: &Licence, asked: &Grant) -> bool {
    let grant = &state.grant;
    let is_same_holder = match &asked.to {
        Holder::Provider => grant.contract_from.is_none(),
        Holder::User { name, number, contract_from } => {
            grant.holder_name == name.trim()
                && grant.holder_number == *number
                && grant.contract_from == Some(*contract_from)
        }
    };
    grant.registration == asked.registration && is_same_holder
}

/// A licence id nobody has. Of 2^40 few are taken; a second draw is rare, a fourth would mean a broken generator.
async fn free_id(desk: &mut Desk<'_>) -> Result<LicenceId, Refused> {
    for _ in 0..4 {
        let id = LicenceId::from_bytes(desk.random());
        if desk.tx.licence(id).await?.is_none() {
            return Ok(id);
        }
    }
    Err(Refused::Store(crate::store::Error::Conflict))
}
