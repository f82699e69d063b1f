//! 申請の提出・再提出

use domain::act::{ApplicationId, OrganisationId, Subject};
use domain::application::Application;
use domain::authority::Power;
use domain::declaration::Declaration;

use super::{Deed, Desk, Done, Refused};

/// 提出: a provider applies.
#[derive(Debug)]
pub struct Submit {
    /// Whose service it is; none where the caller applies for one organisation only.
    pub owner: Option<OrganisationId>,
    pub declaration: Declaration,
}

impl Deed for Submit {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Application(id) = subject else { return Err(Refused::KeyReused) };
            let state = load(desk, &id).await?;
            return if state.declaration == self.declaration {
                Ok(Done { state, entry })
            } else {
                Err(Refused::KeyReused)
            };
        }
        let day = desk.at.day();
        let owner = match self.owner {
            Some(owner) => owner,
            None => only_organisation(desk)?,
        };
        let editions = desk.tx.editions().await?;
        let edition = editions.governing(day).ok_or(Refused::NoEdition { day })?;
        let id = desk.tx.next_application(day.ymd().0).await?;
        let (state, act) = Application::submit(
            id,
            owner,
            self.declaration,
            edition.id.as_str(),
            &edition.digest_hex(),
            desk.by,
            desk.at,
        )?;
        desk.tx.insert_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// 再提出: the owner answers a return.
#[derive(Debug)]
pub struct Resubmit {
    pub application: ApplicationId,
    pub declaration: Declaration,
}

impl Deed for Resubmit {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        let (state, act) = before.resubmit(self.declaration, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The one organisation that the caller applies for.
fn only_organisation(desk: &Desk<'_>) -> Result<OrganisationId, Refused> {
    desk.by.might(Power::SubmitApplication, desk.at)?;
    let mut own = desk.by.extent(Power::SubmitApplication, desk.at.day()).organisations;
    own.dedup();
    match (own.pop(), own.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(Refused::WhichOrganisation),
    }
}

/// The application, if the caller may know of it; to others it is not there.
pub(super) async fn load(desk: &Desk<'_>, id: &ApplicationId) -> Result<Application, Refused> {
    let missing = || Refused::NotFound { what: "application", id: id.to_string() };
    let found = desk.tx.application(id).await?.ok_or_else(missing)?;
    let is_known = crate::caller::may_read(desk.by, &found, desk.at);
    if is_known { Ok(found) } else { Err(missing()) }
}
