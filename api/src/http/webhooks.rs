//! `/webhooks`: systems of providers that are told.

use std::sync::Arc;

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::request::Caller;
use crate::account::read_organisation_id;
use crate::post::own::{ROWS, no_place};
use crate::post::webhook::own::{AddWebhook, EndWebhook, Replay, TestWebhook, delivery_for, webhook_for, webhooks_for};
use crate::post::webhook::{Delivery, Webhook};
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// An address that is told of what concerns an organisation, as Standard Webhooks 1.0 says.
#[derive(Object, Debug)]
#[oai(rename = "Webhook", rename_all = "camelCase", skip_serializing_if_is_none)]
struct WebhookView {
    id: String,
    organisation: String,
    url: String,
    /// For verifying `v1a` signatures.
    public_key: String,
    /// The person who had it made.
    by: String,
    /// In UTC, as are the others.
    made_at: String,
    ended_at: Option<String>,
    /// `owner`, or `gone`: it answered 410.
    ended_by: Option<String>,
}

/// Webhooks, by organisation.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct Webhooks {
    items: Vec<WebhookView>,
}

/// An address to be told.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct WebhookBody {
    /// One that the caller owns: its 法人番号, or its short name.
    #[oai(validator(min_length = 1, max_length = 60))]
    organisation: String,
    /// `https://…`, a public address of the internet.
    #[oai(validator(min_length = 1, max_length = 500))]
    url: String,
}

/// A webhook that was made.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct WebhookMade {
    /// For verifying `v1` signatures: shown this once.
    secret: String,
    webhook: WebhookView,
}

#[derive(ApiResponse)]
enum Made {
    /// The webhook with its secret.
    #[oai(status = 200)]
    Webhook(
        Json<WebhookMade>,
        /// Nobody keeps it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// What a webhook was told.
#[derive(Object, Debug)]
#[oai(rename = "Delivery", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DeliveryView {
    /// `webhook-id`
    id: String,
    /// An act's kind, `deadline.near` or `webhook.test`.
    kind: String,
    at: String,
    /// What is sent, as it is signed.
    body: String,
    /// `waiting`, `delivered`, `failed` or `ended`.
    state: String,
    attempts: u32,
    tried_at: Option<String>,
    /// When it is told next.
    due_at: Option<String>,
    /// What it answered last.
    status: Option<u16>,
    /// Why there was no answer: `timeout`, `connection`, `certificate`, `address` or `secret`.
    failure: Option<String>,
}

/// What a webhook was told, the newest first, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Deliveries {
    items: Vec<DeliveryView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/webhooks", tag = "Chapter::Webhooks")]
impl Api {
    /// Lists webhooks
    ///
    /// Those of the organisations that the caller owns; for an auditor, all.
    #[oai(path = "/", method = "get", operation_id = "listWebhooks")]
    async fn list(&self, caller: Caller) -> Result<Json<Webhooks>, Problem> {
        let found = webhooks_for(&self.registry, &caller.0).await?;
        Ok(Json(Webhooks { items: found.iter().map(view).collect() }))
    }

    /// Has an address told of what concerns an organisation
    ///
    /// The answer holds the secret: it is shown this once.
    #[oai(path = "/", method = "post", operation_id = "addWebhook")]
    async fn add(&self, caller: Caller, body: Body<WebhookBody>) -> Result<Made, Problem> {
        let WebhookBody { organisation, url } = body.0;
        let read = read_organisation_id(&organisation);
        let organisation = read.map_err(|why| Problem::unreadable("/organisation", &organisation, why))?;
        let visitor = &caller.0;
        let errand = AddWebhook { actor: visitor.actor.clone(), organisation, url };
        let (webhook, secret) = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let made = WebhookMade { secret: secret.expose().to_owned(), webhook: view(&webhook) };
        Ok(Made::Webhook(Json(made), "no-store".to_owned()))
    }

    /// Shows a webhook
    #[oai(path = "/:id", method = "get", operation_id = "getWebhook")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Json<WebhookView>, Problem> {
        Ok(Json(view(&webhook_for(&self.registry, &caller.0, &id.0).await?)))
    }

    /// Ends a webhook
    #[oai(path = "/:id/end", method = "post", operation_id = "endWebhook")]
    async fn end(&self, caller: Caller, id: Path<String>) -> Result<Json<WebhookView>, Problem> {
        let visitor = &caller.0;
        let found = webhook_for(&self.registry, visitor, &id.0).await?;
        let errand = EndWebhook { actor: visitor.actor.clone(), id: found.id };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(view(&webhook_for(&self.registry, visitor, &id.0).await?)))
    }

    /// Sends a webhook something that did not happen, to see whether it arrives
    #[oai(path = "/:id/test", method = "post", operation_id = "testWebhook")]
    async fn test(&self, caller: Caller, id: Path<String>) -> Result<Json<DeliveryView>, Problem> {
        let visitor = &caller.0;
        let found = webhook_for(&self.registry, visitor, &id.0).await?;
        let errand = TestWebhook { actor: visitor.actor.clone(), id: found.id.clone() };
        let sent = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(delivery_view(&delivery_for(&self.registry, &found, &sent).await?)))
    }

    /// Lists what a webhook was told
    #[oai(path = "/:id/deliveries", method = "get", operation_id = "listDeliveries")]
    async fn deliveries(
        &self,
        caller: Caller,
        id: Path<String>,
        /// Only deliveries before this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Deliveries>, Problem> {
        let found = webhook_for(&self.registry, &caller.0, &id.0).await?;
        let before = match after.0.as_deref() {
            Some(after) => Some(delivery_for(&self.registry, &found, after).await.map_err(no_place(after))?),
            None => None,
        };
        let page = self.registry.store.deliveries(&found.id, before.as_ref(), ROWS).await?;
        let next = page.items.last().filter(|_| page.has_more).map(|last| last.id.clone());
        Ok(Json(Deliveries { items: page.items.iter().map(delivery_view).collect(), next }))
    }

    /// Tells a webhook again what it was told, under the same id
    #[oai(path = "/:id/deliveries/:delivery/replay", method = "post", operation_id = "replayDelivery")]
    async fn replay(
        &self,
        caller: Caller,
        id: Path<String>,
        delivery: Path<String>,
    ) -> Result<Json<DeliveryView>, Problem> {
        let visitor = &caller.0;
        let found = webhook_for(&self.registry, visitor, &id.0).await?;
        let known = delivery_for(&self.registry, &found, &delivery.0).await?;
        let errand = Replay { actor: visitor.actor.clone(), webhook: found.id.clone(), delivery: known.id.clone() };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(delivery_view(&delivery_for(&self.registry, &found, &known.id).await?)))
    }
}

fn view(webhook: &Webhook) -> WebhookView {
    WebhookView {
        id: webhook.id.clone(),
        organisation: webhook.organisation.to_string(),
        url: webhook.url.clone(),
        public_key: webhook.public.clone(),
        by: webhook.person.to_string(),
        made_at: webhook.made_at.to_string(),
        ended_at: webhook.ended.map(|(at, _)| at.to_string()),
        ended_by: webhook.ended.map(|(_, how)| how.as_str().to_owned()),
    }
}

fn delivery_view(delivery: &Delivery) -> DeliveryView {
    DeliveryView {
        id: delivery.id.clone(),
        kind: delivery.kind.clone(),
        at: delivery.at.to_string(),
        body: delivery.body.clone(),
        state: delivery.state.as_str().to_owned(),
        attempts: delivery.attempts,
        tried_at: delivery.tried_at.map(|at| at.to_string()),
        due_at: delivery.due_at.map(|at| at.to_string()),
        status: delivery.status,
        failure: delivery.detail.clone(),
    }
}
