//! 推薦意見

use domain::act::{ApplicationId, Determination};
use domain::application::Application;

use super::examiners::require_untied;
use super::judge::asked;
use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// An examiner recommends, once all have judged and agree.
#[derive(Debug)]
pub struct Recommend {
    pub application: ApplicationId,
    pub opinion: Determination,
}

impl Deed for Recommend {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        require_untied(desk, &before).await?;
        let criteria: Vec<_> = asked(desk, &before).await?.into_iter().map(|bound| bound.criterion).collect();
        let examinations = desk.tx.examinations_of(&before.id).await?;
        let (state, act) = before.recommend(self.opinion, &criteria, &examinations, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
