//! Webhooks of providers: what there are, and what they were told.

use askama::Template;
use domain::text::Text;

use super::form::{Field, Form, Input, SummaryLine, Width};
use super::frame::Frame;
use crate::identity::secret::Secret;
use crate::post::webhook::{Delivery, DeliveryState, End, MOST_WEBHOOKS, Webhook};

/// Every webhook that may be seen, with a form for another one.
#[derive(Debug, Template)]
#[template(path = "post/webhooks.html")]
pub struct WebhooksPage {
    pub frame: Frame,
    pub webhooks: Vec<Webhook>,
    /// The organisations for which whoever looks may have one made, each with its name.
    pub own: Vec<(String, String)>,
    pub fields: Vec<Field>,
    pub form: Form,
}

impl WebhooksPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&self.fields)
    }

    fn most(&self) -> usize {
        MOST_WEBHOOKS
    }
}

/// What having a webhook made asks.
pub fn fields(own: &[(String, String)]) -> Vec<Field> {
    let mut fields = Vec::new();
    if own.len() > 1 {
        let choices: Vec<_> = own.iter().map(|(id, name)| (id.clone().into(), name.clone().into())).collect();
        fields.push(Field::required(
            "/organisation",
            "組織",
            "この組織に関することを知らせます。",
            Input::OneOf(choices.into()),
        ));
    }
    fields.push(Field::required(
        "/url",
        "送り先のアドレス",
        "https:// で始まる、インターネットから届くアドレス。",
        Input::Line(Width::Full),
    ));
    fields
}

/// A webhook and what it was told.
#[derive(Debug, Template)]
#[template(path = "post/webhook.html")]
pub struct WebhookPage {
    pub frame: Frame,
    pub webhook: Webhook,
    pub deliveries: Vec<Delivery>,
    pub is_later: bool,
    pub next: Option<String>,
    /// May whoever looks send to it, and end it?
    pub may_send: bool,
    pub refusal: Option<Text>,
}

impl WebhookPage {
    fn state(&self, delivery: &Delivery) -> &'static str {
        match delivery.state {
            DeliveryState::Waiting if delivery.attempts == 0 => "送信待ち",
            DeliveryState::Waiting => "再送待ち",
            DeliveryState::Delivered => "届きました",
            DeliveryState::Failed => "届きませんでした",
            DeliveryState::Ended => "送信前に終了",
        }
    }

    fn answer(&self, delivery: &Delivery) -> String {
        match (delivery.status, delivery.detail.as_deref()) {
            (Some(status), _) => format!("HTTP {status}"),
            (None, Some("timeout")) => "時間内に応答がありません".to_owned(),
            (None, Some("certificate")) => "TLSの証明書を確かめられません".to_owned(),
            (None, Some("address")) => "公開のアドレスではありません".to_owned(),
            (None, Some("secret")) => "署名の鍵を開けません".to_owned(),
            (None, Some(_)) => "接続できません".to_owned(),
            (None, None) => "—".to_owned(),
        }
    }

    fn end(&self) -> Option<&'static str> {
        self.webhook.ended.map(|(_, how)| match how {
            End::Owner => "終えました",
            End::Gone => "送り先が410（もう要らない）と答えたため、終わりました",
        })
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let line = |refusal: &Text| SummaryLine { anchor: None, label: None, message: refusal.ja.clone() };
        self.refusal.iter().map(line).collect()
    }
}

/// A webhook's secret, shown once.
#[derive(Debug, Template)]
#[template(path = "post/webhook_secret.html")]
pub struct WebhookSecretPage {
    pub frame: Frame,
    pub webhook: Webhook,
    pub secret: Secret,
}
