//! 登録・更新

use domain::act::{ApplicationId, Subject};
use domain::calendar::Day;
use domain::registration::Registration;
use domain::settings::Figure;

use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// The secretariat enters what passed into the register: a service that is new to it, or the next term of one.
#[derive(Debug)]
pub struct Register {
    pub application: ApplicationId,
    /// The first day of the term.
    pub from: Day,
}

impl Deed for Register {
    type State = Registration;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Registration>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Registration(number) = subject else { return Err(Refused::KeyReused) };
            let missing = Refused::NotFound { what: "registration", id: number.to_string() };
            let state = desk.tx.registration(&number).await?.ok_or(missing)?;
            return if state.is_from(&self.application) { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let application = load(desk, &self.application).await?;
        desk.check_version(application.version)?;
        let years = desk.tx.settings().await?.number(Figure::TermYears, self.from) as u8;
        if let Some(concern) = &application.concerns {
            let missing = || Refused::NotFound { what: "registration", id: concern.registration.to_string() };
            let before = desk.tx.registration(&concern.registration).await?.ok_or_else(missing)?;
            let (state, act) = before.renew(&application, self.from, years, desk.by, desk.at)?;
            desk.tx.update_registration(&state).await?;
            return Ok(Done { state, entry: desk.record(&act).await? });
        }
        let existing = desk.tx.registration_of(&application.id).await?;
        let scheme = &desk.registry.scheme;
        let number = scheme.number(self.from.ymd().0, desk.tx.registrations().await? + 1);
        let (state, act) = Registration::register(number, &application, existing, self.from, years, desk.by, desk.at)?;
        desk.tx.insert_registration(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
