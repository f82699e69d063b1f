//! A licence issued anew: the same licence, holder and service, in a token signed again.
//!
//! Because a key was compromised, the earlier token stays one that the register granted: asked online, a print of it is
//! worth what the licence is worth. Away from the register nobody trusts its key, so its place in the status list stays
//! the licence's. After a loss the earlier token counts no more, and the new one has a place of its own.

use super::state::{Former, Licence, Refusal, Standing};
use super::token::{Claims, HolderKind};
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
        let status_index = self.grant.status_index;
        self.anew(registration, Cause::KeyCompromised, status_index, by, at)
    }

    /// 再発行（紛失）: by whoever grants such a licence. `status_index` was drawn at random and never used before.
    pub fn replace_lost(
        self,
        registration: &Registration,
        status_index: u32,
        by: &Actor,
        at: Instant,
    ) -> Result<NewToken, Refusal> {
        let power = match self.grant.holder_kind {
            HolderKind::Provider => Power::GrantToProvider,
            HolderKind::User => Power::GrantToUser,
        };
        let by = by.caller(power, &registration.object(), at)?;
        self.anew(registration, Cause::Lost, status_index, by, at)
    }

    fn anew(
        self,
        registration: &Registration,
        cause: Cause,
        status_index: u32,
        by: Caller,
        at: Instant,
    ) -> Result<NewToken, Refusal> {
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
            status_index,
            holder_name: self.grant.holder_name.clone(),
            corporate_number: self.grant.holder_number,
            expires_at: registration.printed_end(at),
        };
        Ok(NewToken { claims, licence: self, cause, by, at })
    }

    /// The state after its token was signed anew; none where the earlier token and the new one contradict the cause.
    pub(super) fn reissued(mut self, reissue: &Reissue, act: &Act) -> Option<Self> {
        let is_same_place = self.grant.status_index == reissue.status_index;
        if is_same_place != reissue.cause.keeps_the_former() {
            return None;
        }
        let token_digest = std::mem::replace(&mut self.grant.token_digest, reissue.token_digest.clone());
        let key = std::mem::replace(&mut self.grant.key, reissue.key.clone());
        let status_index = std::mem::replace(&mut self.grant.status_index, reissue.status_index);
        self.grant.expires_at = reissue.expires_at;
        self.former.push(Former { token_digest, status_index, key, cause: reissue.cause, until: act.at });
        Some(Self { version: act.version, changed_at: act.at, ..self })
    }

    /// Was this token, known by its SHA-256 in hexadecimal, ever granted as this licence?
    pub fn had_token(&self, digest: &str) -> bool {
        self.grant.token_digest == digest || self.former.iter().any(|former| former.token_digest == digest)
    }

    /// What a token that names this place of the status lists is worth; none where no token of this licence does.
    pub fn standing_of(&self, status_index: u32, registration: &Registration, at: Instant) -> Option<Standing> {
        if self.grant.status_index == status_index {
            return Some(self.standing(registration, at));
        }
        let former = self.former.iter().rev().find(|former| former.status_index == status_index)?;
        // It is a place that was given up, so every token with it has gone.
        let since = self.closed.as_ref().map_or(former.until, |closed| closed.at.min(former.until));
        Some(Standing::Ended { since })
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
