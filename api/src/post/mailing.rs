//! Sending what waits: taken in hand for a minute, handed to the mail server, and settled.

use std::sync::Arc;

use super::mail::{MailFault, Mailer, Outcome};
use super::{MailState, Message, TICK, origin, schedule};
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::clock;
use crate::identity::secret::digest;
use crate::registry::Registry;

/// Mails in hand at once.
const AT_ONCE: u64 = 8;

/// Sends until the process ends. Nothing to do where no mail server is set.
pub async fn run(registry: &Arc<Registry>) {
    let Some(mailer) = &registry.outgoing.mailer else { return };
    loop {
        match step(registry, mailer).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failed) => tracing::error!(?failed, "mail was not sent"),
        }
        tokio::time::sleep(TICK).await;
    }
}

async fn step(registry: &Arc<Registry>, mailer: &Mailer) -> Result<bool, Refused> {
    let at = clock::now();
    if !registry.store.has_mail_due(at).await? {
        return Ok(false);
    }
    let taken = registry.run(Take, origin(), at).await?;
    let is_any = !taken.is_empty();
    let sent = taken.into_iter().map(|(message, to)| async move {
        let Some((name, address)) = to else { return Tried { message, address: None } };
        let outcome = mailer.send(&message, &name, &address, &registry.base_url).await;
        if outcome != Outcome::Sent {
            tracing::warn!(message = message.id, ?outcome, "a mail was not taken");
        }
        Tried { message, address: Some((address, outcome)) }
    });
    let tried = futures::future::join_all(sent).await;
    registry.run(Settle(tried), origin(), clock::now()).await?;
    Ok(is_any)
}

#[derive(Debug)]
struct Take;

impl Errand for Take {
    type Done = Vec<(Message, Option<(String, String)>)>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let until = at_hand.at.plus_seconds(schedule::LEASE);
        Ok(at_hand.tx.take_mail(at_hand.at, until, AT_ONCE).await?)
    }
}

/// A message that was in hand; with the address, where there was one, and what came of it.
#[derive(Debug)]
struct Tried {
    message: Message,
    address: Option<(String, Outcome)>,
}

#[derive(Debug)]
struct Settle(Vec<Tried>);

impl Errand for Settle {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let (tx, at) = (at_hand.tx, at_hand.at);
        for Tried { message, address } in self.0 {
            let attempts = message.mail_attempts;
            let (state, due_at, detail) = match &address {
                None => (MailState::NoAddress, None, None),
                Some((_, Outcome::Sent)) => (MailState::Sent, None, None),
                Some((_, Outcome::Refused(why))) => (MailState::Failed, None, Some(why.clone())),
                Some((address, Outcome::NoMailbox(why))) => {
                    let fault = MailFault { digest: digest(address), at, detail: why.clone() };
                    tx.keep_mail_fault(&message.person, Some(&fault)).await?;
                    at_hand.note(undeliverable(&message, why, at_hand));
                    (MailState::Bounced, None, Some(why.clone()))
                }
                Some((_, Outcome::Later(why))) => match schedule::next(schedule::MAIL, attempts, at) {
                    Some(due) => (MailState::Waiting, Some(due), Some(why.clone())),
                    None => (MailState::Failed, None, Some(why.clone())),
                },
            };
            tx.settle_mail(&message.id, attempts, state, due_at, detail).await?;
        }
        Ok(())
    }
}

fn undeliverable(message: &Message, why: &str, at_hand: &AtHand<'_>) -> Line {
    let line = Line::done("mail.undeliverable", at_hand.at, at_hand.from).about(format!("person/{}", message.person));
    Line { detail: Some(why.to_owned()), ..line }
}
