//! 申請の提出・再提出

use domain::act::{ApplicationId, Role, Subject};
use domain::application::Application;
use domain::declaration::Declaration;

use super::{Deed, Desk, Done, Refused};

/// 提出: a provider applies.
#[derive(Debug)]
pub struct Submit {
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
        let edition = desk.registry.editions.governing(day).ok_or(Refused::NoEdition { day })?;
        let id = desk.tx.next_application(day.ymd().0).await?;
        let (state, act) =
            Application::submit(id, self.declaration, &edition.id, &edition.digest_hex(), desk.by, desk.at)?;
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

/// The application, if the caller may know of it: a provider knows its own only.
pub(super) async fn load(desk: &Desk<'_>, id: &ApplicationId) -> Result<Application, Refused> {
    let missing = || Refused::NotFound { what: "application", id: id.to_string() };
    let found = desk.tx.application(id).await?.ok_or_else(missing)?;
    let is_others = desk.by.role == Role::Provider && desk.by.organisation.as_ref() != Some(&found.owner);
    if is_others { Err(missing()) } else { Ok(found) }
}
