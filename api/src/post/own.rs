//! One's own post: messages that were read, topics without mail, an address that is tried again, a calendar's address.

use std::collections::BTreeSet;

use domain::act::{Caller, PersonId};
use domain::authority::Actor;
use domain::notice::Topic;
use domain::text::Text;

use super::Message;
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::caller::Visitor;
use crate::identity::secret::{Opaque, Secret, digest};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Page;

/// Messages on one page.
pub const ROWS: u64 = 30;

/// Why something of the post is not done. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is duty to tell of this topic.
    Duty { topic: Topic },
    /// The address is none that may be told.
    Url { read: String, why: Text },
    /// The organisation tells this address already.
    WebhookKnown,
    /// The organisation has [`super::webhook::MOST_WEBHOOKS`] already.
    TooManyWebhooks,
    /// The webhook has ended.
    WebhookEnded,
}

/// A person's messages, behind the one of that id.
pub async fn messages_for(
    registry: &Registry,
    visitor: &Visitor,
    after: Option<&str>,
) -> Result<Page<Message>, Problem> {
    let before = match after {
        Some(id) => Some(message_for(registry, visitor, id).await.map_err(no_place(id))?),
        None => None,
    };
    Ok(registry.store.messages(&visitor.actor.person, before.as_ref(), ROWS).await?)
}

/// A list does not go on behind this.
pub(crate) fn no_place(after: &str) -> impl Fn(Problem) -> Problem + use<> {
    let message =
        Text::new("after には前の答えの next をそのまま書いてください。", "after takes the next of an earlier answer.");
    let told = Problem::unreadable("/after", after, message);
    move |problem| if problem.code == "not_found" { told.clone() } else { problem }
}

/// A person's own message; nobody else's is there.
pub async fn message_for(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Message, Problem> {
    let missing = || Problem::not_found(&Text::new("お知らせ", "message"), id);
    let found = registry.store.message(id).await?;
    found.filter(|message| message.person == visitor.actor.person).ok_or_else(missing)
}

fn by(actor: &Actor) -> Option<Caller> {
    actor.memberships.first().map(|held| held.caller(&actor.person))
}

fn line(what: &str, person: &PersonId, by: Option<Caller>, at_hand: &AtHand<'_>) -> Line {
    let line = Line::done(what, at_hand.at, at_hand.from).about(format!("person/{person}"));
    by.into_iter().fold(line, Line::by)
}

/// Somebody has read one of their messages, or all of them.
#[derive(Debug)]
pub struct ReadMessages {
    pub actor: Actor,
    pub id: Option<String>,
}

impl Errand for ReadMessages {
    type Done = u64;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
        Ok(at_hand.tx.read_messages(&self.actor.person, self.id.as_deref(), at_hand.at).await?)
    }
}

/// The topics about which somebody wants no mail: these and no others.
#[derive(Debug)]
pub struct ChooseMail {
    pub actor: Actor,
    pub declined: BTreeSet<Topic>,
}

impl Errand for ChooseMail {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        if let Some(topic) = self.declined.iter().find(|topic| topic.is_duty()) {
            return Err(Refusal::Duty { topic: *topic }.into());
        }
        let person = &self.actor.person;
        let mut has_changed = false;
        for topic in Topic::ALL.into_iter().filter(|topic| !topic.is_duty()) {
            has_changed |= at_hand.tx.choose_mail(person, topic, !self.declined.contains(&topic)).await?;
        }
        if has_changed {
            at_hand.note(line("mail.chosen", person, by(&self.actor), at_hand));
        }
        Ok(())
    }
}

/// Somebody wants no mail about the topic of a message, and says so with the link in it.
#[derive(Debug)]
pub struct Unsubscribe {
    pub message: String,
}

impl Errand for Unsubscribe {
    /// The topic; none where there is no such message.
    type Done = Option<Topic>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Option<Topic>, Refused> {
        let Some((person, topic)) = at_hand.tx.message_owner(&self.message).await? else { return Ok(None) };
        if topic.is_duty() {
            return Err(Refusal::Duty { topic }.into());
        }
        if at_hand.tx.choose_mail(&person, topic, false).await? {
            let line = line("mail.unsubscribed", &person, None, at_hand);
            at_hand.note(Line { detail: Some(topic.as_str().to_owned()), ..line });
        }
        Ok(Some(topic))
    }
}

/// An address that took no mail is tried again.
#[derive(Debug)]
pub struct TryAddressAgain {
    pub actor: Actor,
}

impl Errand for TryAddressAgain {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        at_hand.tx.keep_mail_fault(&self.actor.person, None).await?;
        at_hand.note(line("mail.tried_again", &self.actor.person, by(&self.actor), at_hand));
        Ok(())
    }
}

/// A calendar's secret address, in the place of the last one.
#[derive(Debug)]
pub struct MakeCalendar {
    pub actor: Actor,
}

impl Errand for MakeCalendar {
    /// What stands in the address; shown this once.
    type Done = Secret;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Secret, Refused> {
        let secret = Opaque::Calendar.draw(at_hand.rng());
        at_hand.tx.keep_calendar(&self.actor.person, Some(&digest(secret.expose())), at_hand.at).await?;
        at_hand.note(line("calendar.made", &self.actor.person, by(&self.actor), at_hand));
        Ok(secret)
    }
}

/// The address leads nowhere any more.
#[derive(Debug)]
pub struct EndCalendar {
    pub actor: Actor,
}

impl Errand for EndCalendar {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        at_hand.tx.keep_calendar(&self.actor.person, None, at_hand.at).await?;
        at_hand.note(line("calendar.ended", &self.actor.person, by(&self.actor), at_hand));
        Ok(())
    }
}

impl Registry {
    /// The address of a calendar.
    pub(crate) fn calendar_link(&self, secret: &Secret) -> Secret {
        Secret::new(self.base_url.join(&format!("/calendar/{}", secret.expose())))
    }
}
