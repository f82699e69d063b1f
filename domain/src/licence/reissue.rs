//! A licence issued anew: the same licence, holder and service, in a token signed again.
//!
//! Because a key was compromised, the earlier token stays one that the register granted: asked online, a print of it is
//! worth what the licence is worth. Away from the register nobody trusts its key, so its place in the status list stays
//! the licence's. (Whoever lost a mark ends the licence and is given another: the lost print has ended then.)

use super::state::{Former, Licence, Refusal, Standing};
use super::token::Claims;
use crate::act::{Act, Caller, Cause, Deed, Reissue};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::registration::Registration;
use crate::signing_key::SigningKey;

/// A licence about to be issued anew: what its new token will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    pub claims: Claims,
    licence: Licence,
    cause: Cause,
    by: Caller,
    at: Instant,
}

impl Licence {
    /// 再発行（署名鍵の危殆化）: the secretariat's. `signed_with` is the key that signed the token of now.
    pub fn renew_token(
        self,
        registration: &Registration,
        signed_with: &SigningKey,
        by: &Actor,
        at: Instant,
    ) -> Result<NewToken, Refusal> {
        let by = by.caller(Power::ReissueLicences, &registration.object(), at)?;
        if signed_with.id.as_str() != self.grant.key || signed_with.compromised.is_none() {
            return Err(Refusal::KeyTrusted { key: self.grant.key });
        }
        if self.closed.is_some() {
            return Err(Refusal::Closed);
        }
        let at = at.max(self.changed_at).max(registration.changed_at);
        if !matches!(self.standing(registration, at), Standing::Valid | Standing::Suspended { .. }) {
            return Err(Refusal::Registration { status: registration.status(at).as_str() });
        }
        let claims = Claims {
            licence: self.id,
            kind: self.grant.holder_kind,
            status_index: self.grant.status_index,
            holder_name: self.grant.holder_name.clone(),
            corporate_number: self.grant.holder_number,
            expires_at: registration.printed_end(at),
        };
        Ok(NewToken { claims, licence: self, cause: Cause::KeyCompromised, by, at })
    }

    /// The state after its token was signed anew; none where that moved it to another place of the status lists.
    pub(super) fn reissued(mut self, reissue: &Reissue, act: &Act) -> Option<Self> {
        if self.grant.status_index != reissue.status_index {
            return None;
        }
        let token_digest = std::mem::replace(&mut self.grant.token_digest, reissue.token_digest.clone());
        let key = std::mem::replace(&mut self.grant.key, reissue.key.clone());
        self.grant.expires_at = reissue.expires_at;
        self.former.push(Former { token_digest, key, cause: reissue.cause, until: act.at });
        Some(Self { version: act.version, changed_at: act.at, ..self })
    }

    /// Was this token, known by its SHA-256 in hexadecimal, ever granted as this licence?
    pub fn had_token(&self, digest: &str) -> bool {
        self.grant.token_digest == digest || self.former.iter().any(|former| former.token_digest == digest)
    }
}

impl NewToken {
    /// Issues it, once `key` has signed the token with this SHA-256.
    pub fn issue(self, key: String, token_digest: String) -> (Licence, Act) {
        let Self { claims, licence, cause, by, at } = self;
        let Claims { status_index, expires_at, .. } = claims;
        let deed = Deed::Reissued(Reissue { cause, status_index, expires_at, key, token_digest });
        licence.act(deed, by, at)
    }
}
