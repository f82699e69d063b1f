//! 取下げ

use domain::act::ApplicationId;
use domain::application::Application;

use super::submit::{load, record_and_follow};
use super::{Deed, Desk, Done, Refused};

/// The owner takes an application back.
#[derive(Debug)]
pub struct Withdraw {
    pub application: ApplicationId,
    pub reason: String,
}

impl Deed for Withdraw {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        let (state, act) = before.withdraw(self.reason, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        let entry = record_and_follow(desk, &state, &act).await?;
        Ok(Done { state, entry })
    }
}
