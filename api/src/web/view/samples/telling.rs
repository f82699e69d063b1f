//! Pages about what people and systems are told.

use std::collections::BTreeSet;

use domain::act::Role;
use domain::calendar::Day;
use domain::notice::{Place, Topic, Until, Words};
use domain::text::{Language, Text};

use super::account::frame;
use super::{HOSTILE, Put, at, error};
use crate::identity::secret::Secret;
use crate::post::webhook::{Delivery, DeliveryState, End, Webhook};
use crate::post::{MailState, Message};
use crate::web::view::form::Form;
use crate::web::view::frame::Frame;
use crate::web::view::inbox::{CalendarPage, InboxPage, MessagePage, SettingsPage, UnsubscribePage};
use crate::web::view::webhooks::{WebhookPage, WebhookSecretPage, WebhooksPage, fields};

/// All of them: in Japanese, as everything behind the sign-in.
pub(super) fn add(put: &mut Put) {
    let day: Day = "2026-12-15".parse().expect("a day");
    let untils = [Until::Open, Until::Day(day), Until::Event(Text::new("再開されるまで。", "Until then."))];
    let messages: Vec<Message> = untils.into_iter().map(|until| message(until, MailState::Sent)).collect();
    let inbox = |messages, next: Option<&str>, is_later| InboxPage {
        frame: frame(Role::ProviderOwner),
        messages,
        is_later,
        next: next.map(str::to_owned),
        has_unread: true,
    };
    put("inbox", &inbox(messages, Some("abc"), true));
    put("inbox-empty", &InboxPage { has_unread: false, ..inbox(Vec::new(), None, false) });
    let states = [
        MailState::Off,
        MailState::NoAddress,
        MailState::Declined,
        MailState::Undeliverable,
        MailState::Waiting,
        MailState::Sent,
        MailState::Failed,
        MailState::Bounced,
    ];
    for state in states {
        let message = message(Until::Day(day), state);
        put(&format!("message-{}", state.as_str()), &MessagePage { frame: frame(Role::User), message });
    }
    let settings = SettingsPage {
        frame: frame(Role::ProviderOwner),
        address: Some("hanako@example.jp".to_owned()),
        sends_mail: true,
        fault: None,
        declined: BTreeSet::from([Topic::Deadline]),
        calendar: None,
        is_saved: false,
    };
    let off = SettingsPage {
        frame: frame(Role::User),
        address: None,
        sends_mail: false,
        fault: Some(at("2026-12-01T00:00:00Z")),
        declined: BTreeSet::new(),
        calendar: Some(at("2026-12-01T00:00:00Z")),
        is_saved: true,
    };
    put("settings", &settings);
    put("settings-off", &off);
    let link = Secret::from("https://otasuketai.example/calendar/otc_example");
    put("calendar", &CalendarPage { frame: frame(Role::Examiner), link });
    for is_done in [false, true] {
        let frame = Frame { path: None, ..Frame::public(Language::Ja, "/", None, true) };
        let page = UnsubscribePage { frame, id: "abc".to_owned(), topic: Topic::Work, is_done };
        put(if is_done { "unsubscribed" } else { "unsubscribing" }, &page);
    }
    webhooks(put);
}

fn webhooks(put: &mut Put) {
    let own = vec![("osaka-cci".to_owned(), HOSTILE.to_owned()), ("9000000000000".to_owned(), "例示".to_owned())];
    let page = |form| WebhooksPage {
        frame: frame(Role::ProviderOwner),
        webhooks: vec![webhook(None), webhook(Some(End::Gone))],
        fields: fields(&own),
        own: own.clone(),
        form,
    };
    put("webhooks", &page(Form::default()));
    let wrong = [
        error("/url", "https:// で始まるアドレスを入力してください。", "https"),
        error("/organisation", "選んでください。", "Choose."),
    ];
    put("webhooks-wrong", &page(Form::of(vec![("/url".to_owned(), HOSTILE.to_owned())]).with(wrong)));
    put("webhooks-empty", &WebhooksPage { webhooks: Vec::new(), own: Vec::new(), ..page(Form::default()) });
    let answers = [
        (DeliveryState::Waiting, 0, None, None),
        (DeliveryState::Waiting, 2, Some(503), None),
        (DeliveryState::Delivered, 1, Some(200), None),
        (DeliveryState::Failed, 10, None, Some("timeout")),
        (DeliveryState::Failed, 10, None, Some("certificate")),
        (DeliveryState::Failed, 10, None, Some("address")),
        (DeliveryState::Failed, 10, None, Some("secret")),
        (DeliveryState::Failed, 10, None, Some("connection")),
        (DeliveryState::Ended, 0, None, None),
    ];
    let deliveries = answers.into_iter().enumerate().map(|(number, (state, attempts, status, detail))| Delivery {
        id: format!("msg_{number}"),
        webhook: "W-04HMASW9".to_owned(),
        announcement: format!("act/{number}/0"),
        kind: "registration.suspended".to_owned(),
        at: at("2026-12-01T00:00:00Z"),
        body: "{}".to_owned(),
        state,
        due_at: (state == DeliveryState::Waiting).then(|| at("2026-12-01T00:05:00Z")),
        attempts,
        tried_at: None,
        status,
        detail: detail.map(str::to_owned),
    });
    let one = WebhookPage {
        frame: frame(Role::ProviderOwner),
        webhook: webhook(None),
        deliveries: deliveries.collect(),
        is_later: true,
        next: Some("msg_8".to_owned()),
        may_send: true,
        refusal: None,
    };
    put("webhook", &one);
    let refusal = Some(Text::new("このWebhookは終わっています。", "It has ended."));
    for end in [End::Owner, End::Gone] {
        let page = WebhookPage {
            frame: frame(Role::Auditor),
            webhook: webhook(Some(end)),
            deliveries: Vec::new(),
            is_later: false,
            next: None,
            may_send: false,
            refusal: refusal.clone(),
        };
        put(&format!("webhook-{}-wrong", end.as_str()), &page);
    }
    let secret = Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    put("webhook-secret", &WebhookSecretPage { frame: frame(Role::ProviderOwner), webhook: webhook(None), secret });
}

fn webhook(end: Option<End>) -> Webhook {
    Webhook {
        id: "W-04HMASW9".to_owned(),
        organisation: "osaka-cci".parse().expect("an organisation"),
        person: "P-04HMASW9".parse().expect("an id"),
        url: "https://hooks.example.jp/otasuketai/very/long/path/that/has/to/break/somewhere/on/a/phone".to_owned(),
        secret: String::new(),
        public: "whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned(),
        made_at: at("2026-12-01T00:00:00Z"),
        ended: end.map(|how| (at("2026-12-02T00:00:00Z"), how)),
    }
}

fn message(until: Until, mail: MailState) -> Message {
    Message {
        id: "abcdefghijklmnopqrstuvwxyz".to_owned(),
        person: "P-04HMASW9".parse().expect("an id"),
        announcement: "act/1/0".to_owned(),
        at: at("2026-12-01T00:00:00Z"),
        topic: Topic::Measure,
        words: Words {
            title: Text::new("サービスの登録が一時停止されました", "A service's registration was suspended"),
            happened: Text::new(format!("{HOSTILE}の登録が一時停止されました。"), "It was suspended."),
            why: Some(format!("{HOSTILE}\n二行目")),
            todo: Text::new("マークの掲示を止めてください。", "Take the mark down."),
            until,
        },
        place: Place::Registration("OTK-2026-00001".parse().expect("a number")),
        read_at: (mail != MailState::Sent).then(|| at("2026-12-02T00:00:00Z")),
        mail,
        mail_due_at: None,
        mail_attempts: 1,
    }
}
