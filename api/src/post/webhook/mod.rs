//! Webhooks: systems of providers are told of what concerns them, as Standard Webhooks 1.0 specifies.

pub mod guard;
pub mod own;
pub mod sending;
pub mod sign;

use domain::act::{OrganisationId, PersonId};
use domain::calendar::Instant;
use serde_json::json;

use super::{Announcement, Event};
use crate::acts::{AtHand, Refused};
use crate::registry::Registry;

/// Webhooks of one organisation that are told at the same time.
pub const MOST_WEBHOOKS: usize = 5;

/// An address of a provider's system that is told of what concerns the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub organisation: OrganisationId,
    /// Who had it made, and answers for it.
    pub person: PersonId,
    pub url: String,
    /// What signs for it, sealed.
    pub secret: String,
    /// The public half of its Ed25519 key: `whpk_…`.
    pub public: String,
    pub made_at: Instant,
    pub ended: Option<(Instant, End)>,
}

/// How a webhook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its owner ended it.
    Owner,
    /// It answered 410: it wants no more.
    Gone,
}

impl End {
    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Gone => "gone",
        }
    }

    /// The end of that word.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Owner, Self::Gone].into_iter().find(|end| end.as_str() == word)
    }
}

/// What a webhook is told, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// `webhook-id`: the same whenever it is told.
    pub id: String,
    pub webhook: String,
    pub announcement: String,
    pub kind: String,
    pub at: Instant,
    pub body: String,
    pub state: DeliveryState,
    pub due_at: Option<Instant>,
    pub attempts: u32,
    pub tried_at: Option<Instant>,
    /// What it answered last.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub detail: Option<String>,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// It was tried often enough.
    Failed,
    /// The webhook ended before.
    Ended,
}

impl DeliveryState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Delivered, Self::Failed, Self::Ended];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }

    /// The state of that word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A delivery's id.
fn draw_id(at_hand: &mut AtHand<'_>) -> String {
    format!("msg_{}", data_encoding::BASE32_NOPAD.encode(&at_hand.random::<16>()).to_lowercase())
}

/// What is sent: names of things, never of people.
fn body(registry: &Registry, event: &Event, at: Instant) -> String {
    let url = event.subject.split_once('/').and_then(|(class, id)| match class {
        "registration" => Some(registry.base_url.join(&format!("/register/{id}"))),
        "application" => Some(registry.base_url.join(&format!("/applications/{id}"))),
        _ => None,
    });
    let mut data = json!({ "subject": event.subject });
    for (name, value) in [
        ("version", event.version.map(|version| json!(version))),
        ("leaf", event.leaf.map(|leaf| json!(leaf))),
        ("due", event.due.map(|due| json!(due))),
        ("url", url.map(|url| json!(url))),
    ] {
        if let Some(value) = value {
            data[name] = value;
        }
    }
    json!({ "type": event.kind, "timestamp": at, "data": data }).to_string()
}

/// Puts down what the provider's webhooks are to be told of an announcement.
pub(super) async fn owed(at_hand: &mut AtHand<'_>, announcement: &Announcement) -> Result<(), Refused> {
    let Some(provider) = &announcement.told.notice.provider else { return Ok(()) };
    for webhook in at_hand.tx.webhooks_of(provider).await? {
        owe(at_hand, &webhook, &announcement.id, &announcement.told.event, announcement.at).await?;
    }
    Ok(())
}

async fn owe(
    at_hand: &mut AtHand<'_>,
    webhook: &Webhook,
    announcement: &str,
    event: &Event,
    at: Instant,
) -> Result<String, Refused> {
    let id = draw_id(at_hand);
    let delivery = Delivery {
        id: id.clone(),
        webhook: webhook.id.clone(),
        announcement: announcement.to_owned(),
        kind: event.kind.clone(),
        at,
        body: body(at_hand.registry, event, at),
        state: DeliveryState::Waiting,
        due_at: Some(at_hand.at),
        attempts: 0,
        tried_at: None,
        status: None,
        detail: None,
    };
    at_hand.tx.owe(&delivery).await?;
    Ok(id)
}
