//! What is refused of the post, in words.

use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, unprocessable};
use crate::post::own::Refusal;
use crate::post::webhook::MOST_WEBHOOKS;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Duty { topic } => {
                let words = topic.words();
                let detail = Text::new(
                    format!("「{}」のお知らせは大切なため、メールを止められません。", words.ja),
                    format!("Mail about \"{}\" is duty and cannot be switched off.", words.en),
                );
                unprocessable("duty", detail).at("/declined", topic.as_str())
            }
            Refusal::Url { read, why } => Self::unreadable("/url", &read, why),
            Refusal::WebhookKnown => conflict(
                StatusCode::CONFLICT,
                "webhook_known",
                Text::new("このアドレスへのWebhookはすでにあります。", "There is a webhook for this address already."),
            )
            .at("/url", ""),
            Refusal::TooManyWebhooks => conflict(
                StatusCode::CONFLICT,
                "too_many_webhooks",
                Text::new(
                    format!("Webhookは組織ごとに{MOST_WEBHOOKS}つまでです。使わないものを終えてください。"),
                    format!("An organisation has at most {MOST_WEBHOOKS} webhooks: end one that is not used."),
                ),
            ),
            Refusal::WebhookEnded => conflict(
                StatusCode::CONFLICT,
                "webhook_ended",
                Text::new(
                    "このWebhookは終わっています。必要なら新しく作ってください。",
                    "This webhook has ended. Make another where it is needed.",
                ),
            ),
        }
    }
}
