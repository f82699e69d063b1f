//! 判定

use domain::act::{ApplicationId, Determination};
use domain::application::Application;

use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// A decision maker who did not examine decides.
#[derive(Debug)]
pub struct Decide {
    pub application: ApplicationId,
    pub decision: Determination,
}

impl Deed for Decide {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        let (state, act) = before.decide(self.decision, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
