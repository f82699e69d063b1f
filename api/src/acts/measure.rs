//! 一時停止・再開・取消し

use domain::act::RegistrationNumber;
use domain::registration::Registration;

use super::{Deed, Desk, Done, Refused};

/// A measure about a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// 一時停止
    Suspend,
    /// 再開
    Reinstate,
    /// 取消し
    Revoke,
}

/// The secretariat takes a measure, with a reason fit for the public.
#[derive(Debug)]
pub struct TakeMeasure {
    pub registration: RegistrationNumber,
    pub measure: Measure,
    pub reason: String,
}

impl Deed for TakeMeasure {
    type State = Registration;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Registration>, Refused> {
        let missing = || Refused::NotFound { what: "registration", id: self.registration.to_string() };
        let before = desk.tx.registration(&self.registration).await?.ok_or_else(missing)?;
        desk.check_version(before.version)?;
        let (state, act) = match self.measure {
            Measure::Suspend => before.suspend(self.reason, desk.by, desk.at),
            Measure::Reinstate => before.reinstate(self.reason, desk.by, desk.at),
            Measure::Revoke => before.revoke(self.reason, desk.by, desk.at),
        }?;
        desk.tx.update_registration(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
