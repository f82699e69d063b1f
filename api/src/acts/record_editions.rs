//! 版の記録: what a register begins with

use std::sync::Arc;

use domain::act::Caller;
use domain::edition::{Editions, PublishedEdition};

use super::{Deed, Desk, Done, Refused};

/// The editions that this program carries are recorded in a register that has none.
#[derive(Debug)]
pub struct RecordEditions;

impl Deed for RecordEditions {
    type State = Arc<Editions>;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Arc<Editions>>, Refused> {
        let editions = desk.tx.editions().await?;
        let mut last = None;
        for edition in editions.all() {
            // Another process may have begun at the same moment.
            if desk.tx.published_edition(&edition.id).await?.is_some() {
                return Err(crate::store::Error::Conflict.into());
            }
        }
        // They are in force: there is nothing to allow, only to write down who recorded them.
        let roles = desk.by.memberships.first().map(|held| held.caller(&desk.by.person));
        let by: Caller = roles.expect("the machine's own command has a role");
        for edition in editions.all() {
            let (state, act) = PublishedEdition::begin_with(edition, &by, desk.at);
            desk.tx.keep_edition_file(state.digest.clone(), edition.text().to_owned()).await?;
            desk.tx.store_edition(&state).await?;
            last = Some(desk.record(&act).await?);
        }
        let entry = last.expect("there is always an edition");
        Ok(Done { state: editions, entry })
    }
}
