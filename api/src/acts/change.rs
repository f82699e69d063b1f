//! 変更届・承継: what is declared of a registered service changes, or whose it is

use std::sync::Arc;

use domain::act::{DraftId, RegistrationNumber, Subject};
use domain::application::{Concern, Matter};
use domain::authority::Power;
use domain::declaration::Declaration;
use domain::edition::{Edition, Editions};
use domain::registration::Registration;

use super::measures::load;
use super::{Deed, Desk, Done, Refused, request_of};
use crate::store::Error;

/// 届出: the provider notifies a change that no criterion asks about.
#[derive(Debug)]
pub struct Notify {
    pub registration: RegistrationNumber,
    /// The whole of what is to be declared.
    pub declaration: Declaration,
}

impl Deed for Notify {
    type State = Registration;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Registration>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let state = load(desk, &self.registration).await?;
            let is_same = subject == Subject::Registration(self.registration);
            return if is_same { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let before = load(desk, &self.registration).await?;
        desk.check_right(Power::NotifyChange, &before.object())?;
        desk.check_version(before.version)?;
        notify(desk, before, self.declaration).await
    }
}

/// The same of what a draft says. The draft goes with it: both in one transaction, or neither.
#[derive(Debug)]
pub struct NotifyDraft {
    pub draft: DraftId,
    /// What the draft says at the version that was read.
    pub declaration: Declaration,
}

impl Deed for NotifyDraft {
    type State = Registration;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Registration>, Refused> {
        // Whoever notifies it a second time is given what came of the first.
        desk.request = Some(request_of(&self.draft));
        let missing = || Refused::NotFound { what: "draft", id: self.draft.to_string() };
        let Some(draft) = desk.tx.draft(&self.draft).await? else {
            let Some((Subject::Registration(number), entry)) = desk.done_before().await? else { return Err(missing()) };
            let state = load(desk, &number).await?;
            desk.check_right(Power::NotifyChange, &state.object()).map_err(|_| missing())?;
            return Ok(Done { state, entry });
        };
        draft.open_to(desk.by, desk.at).map_err(|_| missing())?;
        desk.check_version(draft.version)?;
        let about = draft.concerns.as_ref().filter(|concern| concern.matter == Matter::Change).ok_or_else(missing)?;
        let before = load(desk, &about.registration).await?;
        let done = notify(desk, before, self.declaration).await?;
        desk.tx.delete_draft(&draft.id).await?;
        Ok(done)
    }
}

async fn notify(desk: &mut Desk<'_>, before: Registration, after: Declaration) -> Result<Done<Registration>, Refused> {
    let now = declared(desk, &before).await?;
    let editions = desk.tx.editions().await?;
    let (state, act) = before.notify(&now, after, governing(desk, &editions)?, desk.by, desk.at)?;
    desk.tx.update_registration(&state).await?;
    Ok(Done { state, entry: desk.record(&act).await? })
}

/// What an application concerns, with what it touches where it is a change: of what is declared now, under the edition
/// that governs it.
pub(super) async fn concern(
    desk: &Desk<'_>,
    concern: Concern,
    after: &Declaration,
    edition: &Edition,
) -> Result<Concern, Refused> {
    match concern.matter {
        Matter::Renewal => Ok(concern),
        Matter::Change => {
            let registration = load(desk, &concern.registration).await?;
            let now = declared(desk, &registration).await?;
            Ok(registration.change(&now, after, edition)?)
        }
    }
}

/// What is declared of a registered service now.
pub(super) async fn declared(desk: &Desk<'_>, registration: &Registration) -> Result<Declaration, Refused> {
    if let Some(declared) = &registration.declared {
        return Ok((**declared).clone());
    }
    let id = registration.judged_on();
    let missing = || Error::Corrupt { table: "registrations", column: "state", row: registration.number.to_string() };
    Ok(desk.tx.application(id).await?.ok_or_else(missing)?.declaration)
}

/// The edition that governs today.
fn governing<'a>(desk: &Desk<'_>, editions: &'a Arc<Editions>) -> Result<&'a Edition, Refused> {
    let day = desk.at.day();
    editions.governing(day).ok_or(Refused::NoEdition { day })
}

/// The old provider's own licence to show the mark ends when its service goes over to another one; its users' go on.
pub(super) async fn end_providers_licence(desk: &mut Desk<'_>, registration: &Registration) -> Result<(), Refused> {
    use domain::licence::Holder;
    let Some(id) = desk.tx.open_licence(&registration.number, &Holder::Provider).await? else { return Ok(()) };
    let missing = || Refused::NotFound { what: "licence", id: id.to_string() };
    let (before, token) = desk.tx.licence(id).await?.ok_or_else(missing)?;
    let reason = format!("登録の承継（新しい提供事業者：{}）", registration.listing.provider.trade_name);
    let (state, act) = before.end(registration, reason, desk.by, desk.at)?;
    desk.tx.update_licence(&state, token).await?;
    desk.record_beside(&act).await?;
    Ok(())
}
