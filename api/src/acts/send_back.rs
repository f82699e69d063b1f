//! 差戻し

use domain::act::{ApplicationId, FieldReason};
use domain::application::Application;

use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// The secretariat sends an application back with a reason for each field.
#[derive(Debug)]
pub struct SendBack {
    pub application: ApplicationId,
    pub reasons: Vec<FieldReason>,
}

impl Deed for SendBack {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        let (state, act) = before.send_back(self.reasons, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
