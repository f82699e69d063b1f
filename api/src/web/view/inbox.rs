//! What somebody was told, and how they are told.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use askama::Template;
use domain::calendar::Instant;
use domain::notice::Topic;
use domain::text::Text;

use super::frame::Frame;
use crate::identity::secret::Secret;
use crate::post::{MailState, Message, path_of};

/// A person's messages.
#[derive(Debug, Template)]
#[template(path = "post/inbox.html")]
pub struct InboxPage {
    pub frame: Frame,
    pub messages: Vec<Message>,
    /// Is it a later page than the first?
    pub is_later: bool,
    /// Where the next page begins.
    pub next: Option<String>,
    pub has_unread: bool,
}

/// One message.
#[derive(Debug, Template)]
#[template(path = "post/message.html")]
pub struct MessagePage {
    pub frame: Frame,
    pub message: Message,
}

impl MessagePage {
    fn path(&self) -> String {
        path_of(&self.message.place)
    }

    fn until(&self) -> Text {
        self.message.words.until.words()
    }

    fn mail(&self) -> Text {
        mail_words(self.message.mail)
    }
}

/// What became of a message's mail.
fn mail_words(state: MailState) -> Text {
    match state {
        MailState::Off => Text::new(
            "メールは送っていません（この登録簿はメールを送らない設定です）。",
            "No mail: this register sends none.",
        ),
        MailState::NoAddress => {
            Text::new("メールは送っていません（メールアドレスが登録されていません）。", "No mail: no address is known.")
        }
        MailState::Declined => Text::new(
            "メールは送っていません（この種類のメールを止めています）。",
            "No mail: you switched mail about this off.",
        ),
        MailState::Undeliverable => Text::new(
            "メールは送っていません（アドレスに届かないことが分かっています）。",
            "No mail: your address takes none.",
        ),
        MailState::Waiting => Text::new("メールの送信を待っています。", "Mail waits to be sent."),
        MailState::Sent => Text::new("同じ内容をメールでも送りました。", "The same was sent by mail."),
        MailState::Failed => Text::new("メールは送れませんでした。", "Mail could not be sent."),
        MailState::Bounced => {
            Text::new("メールは届かずに戻ってきました。", "Mail came back: it could not be delivered.")
        }
    }
}

/// How somebody is told.
#[derive(Debug, Template)]
#[template(path = "post/settings.html")]
pub struct SettingsPage {
    pub frame: Frame,
    pub address: Option<String>,
    /// Does this register send mail at all?
    pub sends_mail: bool,
    /// Since when the address is known to take none.
    pub fault: Option<Instant>,
    pub declined: BTreeSet<Topic>,
    /// Since when there is a calendar's address.
    pub calendar: Option<Instant>,
    pub is_saved: bool,
}

impl SettingsPage {
    fn topics(&self) -> [Topic; 7] {
        Topic::ALL
    }

    fn takes(&self, topic: impl Borrow<Topic>) -> bool {
        !self.declined.contains(topic.borrow())
    }
}

/// A calendar's address, shown once.
#[derive(Debug, Template)]
#[template(path = "post/calendar.html")]
pub struct CalendarPage {
    pub frame: Frame,
    pub link: Secret,
}

/// Mail about a topic ends, without signing in.
#[derive(Debug, Template)]
#[template(path = "post/unsubscribe.html")]
pub struct UnsubscribePage {
    pub frame: Frame,
    pub id: String,
    pub topic: Topic,
    pub is_done: bool,
}
