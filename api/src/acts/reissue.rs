//! 使用許諾の再発行

use domain::act::Subject;
use domain::licence::{Licence, LicenceId};
use sha2::{Digest, Sha256};

use super::grant::{active, signed};
use super::{Deed, Desk, Done, Refused};

/// A licence whose token was signed with a key that is compromised by now gets a token of the key that signs today.
#[derive(Debug)]
pub struct Reissue {
    pub licence: LicenceId,
}

impl Deed for Reissue {
    type State = Licence;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Licence>, Refused> {
        let missing = || Refused::NotFound { what: "licence", id: self.licence.to_string() };
        let (before, _) = desk.tx.licence(self.licence).await?.ok_or_else(missing)?;
        if let Some((subject, entry)) = desk.done_before().await? {
            let is_same = subject == Subject::Licence(self.licence);
            return if is_same { Ok(Done { state: before, entry }) } else { Err(Refused::KeyReused) };
        }
        let registration = desk.tx.registration(&before.grant.registration).await?.ok_or_else(missing)?;
        desk.check_version(before.version)?;
        let keys = desk.tx.signing_keys().await?;
        let signed_with = keys.iter().find(|key| key.id.as_str() == before.grant.key);
        let signed_with = signed_with.ok_or_else(|| Refused::NotFound { what: "key", id: before.grant.key.clone() })?;
        let new = before.renew_token(&registration, signed_with, desk.by, desk.at)?;
        let active = active(desk.registry, &keys)?;
        let token = signed(desk.registry, &new.claims, &active);
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()));
        let (state, act) = new.issue(active.name, digest);
        desk.tx.update_licence(&state, token.as_bytes().to_vec()).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
