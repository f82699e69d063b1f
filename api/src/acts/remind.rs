//! 催促: the secretariat reminds a provider of what is due, beside the reminders that come by themselves

use domain::authority::{Actor, Object, Power};
use domain::notice::Due;

use super::{AtHand, Errand, Refused};
use crate::account::trail::Line;
use crate::post::{Event, Told};

/// Somebody of the secretariat reminds a provider of something that is due. Whoever does so again on the same day does
/// nothing.
#[derive(Debug)]
pub struct RemindProvider {
    pub due: Due,
    pub by: Actor,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminded {
    Now,
    /// Somebody did so on this day.
    Before,
}

impl Errand for RemindProvider {
    type Done = Reminded;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Reminded, Refused> {
        let Self { due, by } = self;
        let object = Object { owner: due.provider.as_ref(), ..Object::default() };
        let caller = by.caller(Power::RemindProvider, &object, at_hand.at)?;
        let today = at_hand.at.day();
        let event = Event {
            kind: "deadline.near".to_owned(),
            subject: due.subject.to_string(),
            version: None,
            leaf: None,
            due: Some(due.day),
        };
        let told = Told { notice: due.notice(today), event, by: Some(caller.person.clone()) };
        let id = format!("remind/{}/{}/{}/{today}", due.subject, due.what, due.day);
        if !at_hand.tx.announce(&id, at_hand.at, &told).await? {
            return Ok(Reminded::Before);
        }
        let line = Line::done("provider.reminded", at_hand.at, at_hand.from).by(caller).about(&due.subject);
        at_hand.note(Line { detail: Some(due.what), ..line });
        Ok(Reminded::Now)
    }
}
