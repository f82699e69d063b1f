//! 使用許諾の終了

use domain::licence::{Licence, LicenceId};

use super::{Deed, Desk, Done, Refused};

/// A licence ends, with a reason.
#[derive(Debug)]
pub struct EndLicence {
    pub licence: LicenceId,
    pub reason: String,
}

impl Deed for EndLicence {
    type State = Licence;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Licence>, Refused> {
        let missing = || Refused::NotFound { what: "licence", id: self.licence.to_string() };
        let (before, token) = desk.tx.licence(self.licence).await?.ok_or_else(missing)?;
        let registration = desk.tx.registration(&before.grant.registration).await?.ok_or_else(missing)?;
        desk.check_right(before.ending(), &registration.object())?;
        desk.check_version(before.version)?;
        let (state, act) = before.end(&registration, self.reason, desk.by, desk.at)?;
        desk.tx.update_licence(&state, token).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
