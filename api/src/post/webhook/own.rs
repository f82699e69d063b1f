//! A provider's own webhooks: made, tried, told again and ended by whoever is responsible for the provider.

use domain::act::{Caller, OrganisationId};
use domain::authority::{Actor, Object, Power};

use super::guard::read_url;
use super::sign::SigningPair;
use super::{Delivery, End, Event, MOST_WEBHOOKS, Webhook, owe};
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::caller::Visitor;
use crate::identity::secret::Secret;
use crate::post::own::Refusal;
use crate::problem::Problem;
use crate::registry::Registry;
use domain::text::Text;

/// Where a webhook's secret is sealed for.
pub fn place(id: &str) -> String {
    format!("webhook/{id}")
}

/// What the webhooks of organisations this visitor may see.
pub async fn webhooks_for(registry: &Registry, visitor: &Visitor) -> Result<Vec<Webhook>, Problem> {
    let extent = visitor.actor.extent(Power::ReadWebhooks, visitor.at.day());
    let of = (!extent.is_everything).then_some(&extent.organisations[..]);
    Ok(registry.store.webhooks(of).await?)
}

/// The webhook of that id, if this visitor may see it; to others it is not there.
pub async fn webhook_for(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Webhook, Problem> {
    let missing = || Problem::not_found(&Text::new("Webhook", "webhook"), id);
    let found = registry.store.webhook(id).await?.ok_or_else(missing)?;
    let object = Object { owner: Some(&found.organisation), ..Object::default() };
    let may = visitor.actor.in_role(Power::ReadWebhooks, &object, visitor.at.day());
    may.map(|_| found).map_err(|_| missing())
}

/// What it was told under this id.
pub async fn delivery_for(registry: &Registry, webhook: &Webhook, id: &str) -> Result<Delivery, Problem> {
    let missing = || Problem::not_found(&Text::new("送信", "delivery"), id);
    registry.store.delivery(&webhook.id, id).await?.ok_or_else(missing)
}

fn caller(actor: &Actor, power: Power, organisation: &OrganisationId, at_hand: &AtHand<'_>) -> Result<Caller, Refused> {
    let object = Object { owner: Some(organisation), ..Object::default() };
    Ok(actor.caller(power, &object, at_hand.at)?)
}

fn line(what: &str, id: &str, by: Caller, at_hand: &AtHand<'_>) -> Line {
    Line::done(what, at_hand.at, at_hand.from).about(format!("webhook/{id}")).by(by)
}

async fn running(id: &str, at_hand: &AtHand<'_>) -> Result<Webhook, Refused> {
    let missing = || Refused::NotFound { what: "webhook", id: id.to_owned() };
    let found = at_hand.tx.webhook(id).await?.ok_or_else(missing)?;
    if found.ended.is_some() {
        return Err(Refusal::WebhookEnded.into());
    }
    Ok(found)
}

/// Another address that is told.
#[derive(Debug)]
pub struct AddWebhook {
    pub actor: Actor,
    pub organisation: OrganisationId,
    pub url: String,
}

impl Errand for AddWebhook {
    /// The webhook, and its shared secret, shown this once.
    type Done = (Webhook, Secret);

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Self::Done, Refused> {
        let by = caller(&self.actor, Power::ChangeWebhooks, &self.organisation, at_hand)?;
        let allows_loopback = at_hand.registry.outgoing.allows_loopback_webhooks;
        let url = read_url(&self.url, allows_loopback).map_err(|why| Refusal::Url { read: self.url.clone(), why })?;
        let open = at_hand.tx.webhooks_of(&self.organisation).await?;
        // A form that was sent twice makes one.
        if open.iter().any(|open| open.url == url.as_str()) {
            return Err(Refusal::WebhookKnown.into());
        }
        if open.len() >= MOST_WEBHOOKS {
            return Err(Refusal::TooManyWebhooks.into());
        }
        let id = at_hand.random_id("W");
        let pair = SigningPair::draw(at_hand.rng());
        let (registry, kept) = (at_hand.registry, pair.kept());
        let new = Webhook {
            secret: registry.vault.seal(&place(&id), &kept, at_hand.rng()),
            organisation: self.organisation,
            person: by.person.clone(),
            url: url.into(),
            public: pair.public(),
            made_at: at_hand.at,
            ended: None,
            id,
        };
        at_hand.tx.insert_webhook(&new).await?;
        at_hand.note(line("webhook.added", &new.id, by, at_hand));
        Ok((new, pair.shared()))
    }
}

/// An address is told no more.
#[derive(Debug)]
pub struct EndWebhook {
    pub actor: Actor,
    pub id: String,
}

impl Errand for EndWebhook {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let found = running(&self.id, at_hand).await?;
        let by = caller(&self.actor, Power::ChangeWebhooks, &found.organisation, at_hand)?;
        at_hand.tx.end_webhook(&found.id, End::Owner, at_hand.at).await?;
        at_hand.note(line("webhook.ended", &found.id, by, at_hand));
        Ok(())
    }
}

/// An address is told something that did not happen, so that its owner sees whether it arrives.
#[derive(Debug)]
pub struct TestWebhook {
    pub actor: Actor,
    pub id: String,
}

impl Errand for TestWebhook {
    /// The delivery's id.
    type Done = String;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<String, Refused> {
        let found = running(&self.id, at_hand).await?;
        let by = caller(&self.actor, Power::SendToWebhooks, &found.organisation, at_hand)?;
        let event = Event {
            kind: "webhook.test".to_owned(),
            subject: format!("webhook/{}", found.id),
            version: None,
            leaf: None,
            due: None,
        };
        let announcement = at_hand.random_id("test/T");
        let id = owe(at_hand, &found, &announcement, &event, at_hand.at).await?;
        at_hand.note(line("webhook.tested", &found.id, by, at_hand));
        Ok(id)
    }
}

/// An address is told again what it was told before, under the same id.
#[derive(Debug)]
pub struct Replay {
    pub actor: Actor,
    pub webhook: String,
    pub delivery: String,
}

impl Errand for Replay {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let found = running(&self.webhook, at_hand).await?;
        let by = caller(&self.actor, Power::SendToWebhooks, &found.organisation, at_hand)?;
        let missing = || Refused::NotFound { what: "delivery", id: self.delivery.clone() };
        let delivery = at_hand.tx.delivery(&found.id, &self.delivery).await?.ok_or_else(missing)?;
        at_hand.tx.replay_delivery(&delivery.id, at_hand.at).await?;
        let line = line("webhook.replayed", &found.id, by, at_hand);
        at_hand.note(Line { detail: Some(delivery.id), ..line });
        Ok(())
    }
}
