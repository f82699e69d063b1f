//! 受理と審査員の割当て

use domain::act::{ApplicationId, PersonId};
use domain::application::Application;

use super::examiners::candidate;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// The secretariat accepts an application and assigns its examiners.
#[derive(Debug)]
pub struct Accept {
    pub application: ApplicationId,
    pub examiners: Vec<PersonId>,
}

impl Deed for Accept {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        let mut examiners = Vec::new();
        for id in self.examiners {
            examiners.push(candidate(desk, &before, id).await?);
        }
        let (state, act) = before.accept(&examiners, &*desk.tx.settings().await?, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
