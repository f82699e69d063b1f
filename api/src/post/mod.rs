//! The post: people and systems are told of acts and due days, in their inbox, by mail and by webhooks.
//!
//! The acts are the outbox. What was done stands in the log in the order of the log, and one row says how far it is
//! announced; moving that row on and writing down what follows are one transaction. So nothing is announced that did not
//! happen, what happened is announced whenever the process comes back, and none of it costs the act anything, however
//! many are to be told. What leaves the machine leaves it at least once, under an id that stays the same ([`schedule`]).

pub mod announce;
pub mod bounce;
pub mod calendar;
pub mod due;
pub mod mail;
pub mod mailing;
pub mod own;
pub mod schedule;
pub mod webhook;

use std::sync::Arc;
use std::time::Duration;

use domain::act::PersonId;
use domain::calendar::{Day, Instant};
use domain::notice::{Notice, Place, Topic, Words};
use serde::{Deserialize, Serialize};

use crate::account::trail::Origin;
use crate::clock;
use crate::registry::Registry;

/// How mail and webhooks leave this machine.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// None where no mail is sent.
    pub mailer: Option<mail::Mailer>,
    /// May webhooks lead to this machine? In tests only.
    pub allows_loopback_webhooks: bool,
}

/// How often it is looked whether there is something to send.
const TICK: Duration = Duration::from_secs(1);

/// What is told, and the event that systems are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub notice: Notice,
    pub event: Event,
    /// Whoever did it is not told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// What a webhook is told: names of things, never of people, and never a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// An act's kind, or `deadline.near`.
    pub kind: String,
    pub subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The act's place in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
}

/// Something that is being told.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub id: String,
    pub at: Instant,
    pub told: Told,
    /// Where it goes on: the audience's number and the last of it.
    pub after: Option<String>,
}

/// What somebody was told.
#[derive(Clone, Debug)]
pub struct Message {
    /// Drawn at random; mail goes out under it, and only its reader knows it.
    pub id: String,
    pub person: PersonId,
    pub announcement: String,
    pub at: Instant,
    pub topic: Topic,
    pub words: Words,
    pub place: Place,
    pub read_at: Option<Instant>,
    pub mail: MailState,
    pub mail_due_at: Option<Instant>,
    pub mail_attempts: u32,
}

/// What becomes of a message's mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// This register sends no mail.
    Off,
    /// No address is known.
    NoAddress,
    /// They want none about this topic.
    Declined,
    /// Their address takes none.
    Undeliverable,
    Waiting,
    /// The mail server has taken it.
    Sent,
    /// It was refused for good, or too often.
    Failed,
    /// It came back.
    Bounced,
}

impl MailState {
    const ALL: [Self; 8] = [
        Self::Off,
        Self::NoAddress,
        Self::Declined,
        Self::Undeliverable,
        Self::Waiting,
        Self::Sent,
        Self::Failed,
        Self::Bounced,
    ];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::NoAddress => "no_address",
            Self::Declined => "declined",
            Self::Undeliverable => "undeliverable",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
        }
    }

    /// The state of that word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Where a place is on the pages.
pub fn path_of(place: &Place) -> String {
    match place {
        Place::Application(id) => format!("/applications/{id}"),
        Place::Intake(id) => format!("/intake/{id}"),
        Place::Examination(id) => format!("/examinations/{id}"),
        Place::Decision(id) => format!("/decisions/{id}"),
        Place::Registration(number) => format!("/register/{number}"),
        Place::Proposal(id) => format!("/proposals/{id}"),
        Place::Complaint(id) => format!("/complaints/{id}"),
        Place::Account => "/account".to_owned(),
        Place::Keys => "/keys".to_owned(),
        Place::Editions => "/editions".to_owned(),
        Place::Scheme => "/scheme".to_owned(),
        Place::Measures(number) => format!("/register/{number}/measures"),
        Place::Watching(number) => format!("/register/{number}/watching"),
        Place::Person(id) => format!("/people/{id}"),
    }
}

/// The process's own, for the trail.
pub(crate) fn origin() -> Origin {
    Origin { request: "post".to_owned(), address: None, proof: "process".to_owned() }
}

/// Tells whoever is to be told, until the process ends. Several processes may do so at once.
pub async fn run(registry: Arc<Registry>) {
    tokio::join!(announcing(&registry), mailing::run(&registry), webhook::sending::run(&registry),);
}

async fn announcing(registry: &Arc<Registry>) {
    let mut size = registry.store.watch_size();
    let mut reminded: Option<Day> = None;
    loop {
        let now = clock::now();
        let today = now.day();
        if reminded != Some(today) {
            match due::remind(registry, now).await {
                Ok(()) => reminded = Some(today),
                Err(failed) => tracing::error!(?failed, "nobody was reminded"),
            }
        }
        match announce::step(registry).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failed) => tracing::error!(?failed, "what was done was not announced"),
        }
        // A commit here or in another process wakes it; the day changes by itself.
        let _ = tokio::time::timeout(TICK, size.changed()).await;
    }
}
