//! 使用許諾の終了・取消し

use domain::licence::{Licence, LicenceId};

use super::{Deed, Desk, Done, Refused};

/// How a licence is to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// 終了
    End,
    /// 取消し
    Revoke,
}

/// A licence ends or is revoked, with a reason.
#[derive(Debug)]
pub struct CloseLicence {
    pub licence: LicenceId,
    pub closing: Closing,
    pub reason: String,
}

impl Deed for CloseLicence {
    type State = Licence;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Licence>, Refused> {
        let missing = || Refused::NotFound { what: "licence", id: self.licence.to_string() };
        let (before, token) = desk.tx.licence(self.licence).await?.ok_or_else(missing)?;
        desk.check_version(before.version)?;
        let registration = desk.tx.registration(&before.grant.registration).await?.ok_or_else(missing)?;
        let (state, act) = match self.closing {
            Closing::End => before.end(&registration, self.reason, desk.by, desk.at),
            Closing::Revoke => before.revoke(self.reason, desk.by, desk.at),
        }?;
        desk.tx.update_licence(&state, token).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
