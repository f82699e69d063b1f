//! `/messages` and how one is told: one's own alone.

use std::sync::Arc;

use domain::notice::{Topic, Until};
use domain::text::Text;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::request::Caller;
use crate::post::own::{ChooseMail, EndCalendar, MakeCalendar, ReadMessages, message_for, messages_for};
use crate::post::{Message, path_of};
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What a message is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
enum TopicName {
    Measure,
    Procedure,
    Access,
    Deadline,
    Progress,
    Work,
    Scheme,
}

impl From<Topic> for TopicName {
    fn from(topic: Topic) -> Self {
        match topic {
            Topic::Measure => Self::Measure,
            Topic::Procedure => Self::Procedure,
            Topic::Access => Self::Access,
            Topic::Deadline => Self::Deadline,
            Topic::Progress => Self::Progress,
            Topic::Work => Self::Work,
            Topic::Scheme => Self::Scheme,
        }
    }
}

impl From<TopicName> for Topic {
    fn from(name: TopicName) -> Self {
        match name {
            TopicName::Measure => Self::Measure,
            TopicName::Procedure => Self::Procedure,
            TopicName::Access => Self::Access,
            TopicName::Deadline => Self::Deadline,
            TopicName::Progress => Self::Progress,
            TopicName::Work => Self::Work,
            TopicName::Scheme => Self::Scheme,
        }
    }
}

/// Words in both languages.
#[derive(Object, Debug)]
#[oai(rename = "InBothLanguages")]
struct Words {
    ja: String,
    en: String,
}

impl From<&Text> for Words {
    fn from(text: &Text) -> Self {
        Self { ja: text.ja.clone(), en: text.en.clone() }
    }
}

/// What somebody was told.
#[derive(Object, Debug)]
#[oai(rename = "Message", rename_all = "camelCase", skip_serializing_if_is_none)]
struct MessageView {
    id: String,
    /// In UTC, as are the others: when it happened.
    at: String,
    topic: TopicName,
    title: Words,
    /// What happened.
    happened: Words,
    /// The reason, as it was recorded.
    why: Option<String>,
    /// What to do.
    todo: Words,
    /// Until when.
    until: Words,
    /// The last day in Japan, where there is one.
    due: Option<String>,
    /// Where it leads on the pages.
    url: String,
    read_at: Option<String>,
    /// What became of its mail: `off`, `no_address`, `declined`, `undeliverable`, `waiting`, `sent`, `failed`, `bounced`.
    mail: String,
}

/// Some messages, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Messages {
    items: Vec<MessageView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
    /// How many are not read, up to a hundred.
    unread: u64,
}

/// Topics of which the caller wants no mail.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct MailChoices {
    #[oai(validator(max_items = 7))]
    declined: Vec<TopicName>,
}

/// How the caller is told by mail.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct MailSettings {
    /// Does this register send mail at all?
    sends_mail: bool,
    address: Option<String>,
    /// Since when the address is known to take no mail.
    undeliverable_since: Option<String>,
    declined: Vec<TopicName>,
    /// Topics of which mail cannot be declined.
    duty: Vec<TopicName>,
}

/// A calendar's address.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct CalendarView {
    /// Shown this once. Whoever knows it reads the caller's due days.
    url: String,
}

#[derive(ApiResponse)]
enum CalendarMade {
    /// The address.
    #[oai(status = 200)]
    Made(
        Json<CalendarView>,
        /// Nobody keeps it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// Whether due days are read as a calendar.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct CalendarState {
    is_open: bool,
}

#[OpenApi(tag = "Chapter::Inbox")]
impl Api {
    /// Lists the caller's messages
    ///
    /// The newest first. Listing them reads none.
    #[oai(path = "/messages", method = "get", operation_id = "listMessages")]
    async fn list(
        &self,
        caller: Caller,
        /// Only messages before this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Messages>, Problem> {
        let visitor = &caller.0;
        let found = messages_for(&self.registry, visitor, after.0.as_deref()).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|last| last.id.clone());
        let items = found.items.iter().map(|message| self.view(message)).collect();
        Ok(Json(Messages { items, next, unread: visitor.unread }))
    }

    /// Shows one of the caller's messages
    #[oai(path = "/messages/:id", method = "get", operation_id = "getMessage")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Json<MessageView>, Problem> {
        Ok(Json(self.view(&message_for(&self.registry, &caller.0, &id.0).await?)))
    }

    /// Marks one of the caller's messages as read
    #[oai(path = "/messages/:id/read", method = "post", operation_id = "readMessage")]
    async fn read(&self, caller: Caller, id: Path<String>) -> Result<Json<MessageView>, Problem> {
        let visitor = &caller.0;
        message_for(&self.registry, visitor, &id.0).await?;
        let errand = ReadMessages { actor: visitor.actor.clone(), id: Some(id.0.clone()) };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(self.view(&message_for(&self.registry, visitor, &id.0).await?)))
    }

    /// Shows how the caller is told by mail
    #[oai(path = "/mail-settings", method = "get", operation_id = "getMailSettings")]
    async fn settings(&self, caller: Caller) -> Result<Json<MailSettings>, Problem> {
        self.settings_of(&caller).await.map(Json)
    }

    /// Chooses the topics of which the caller wants no mail
    ///
    /// They take the place of those chosen before. What is duty cannot be declined.
    #[oai(path = "/mail-settings", method = "put", operation_id = "chooseMail")]
    async fn choose(&self, caller: Caller, body: Body<MailChoices>) -> Result<Json<MailSettings>, Problem> {
        let visitor = &caller.0;
        let declined = body.0.declined.into_iter().map(Topic::from).collect();
        let errand = ChooseMail { actor: visitor.actor.clone(), declined };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        self.settings_of(&caller).await.map(Json)
    }

    /// Makes a secret address under which the caller's due days are read as a calendar
    ///
    /// It takes the place of the last one, which leads nowhere then.
    #[oai(path = "/calendar-address", method = "post", operation_id = "makeCalendar")]
    async fn make_calendar(&self, caller: Caller) -> Result<CalendarMade, Problem> {
        let visitor = &caller.0;
        let errand = MakeCalendar { actor: visitor.actor.clone() };
        let secret = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let url = self.registry.calendar_link(&secret).expose().to_owned();
        Ok(CalendarMade::Made(Json(CalendarView { url }), "no-store".to_owned()))
    }

    /// Lets the calendar's address lead nowhere
    #[oai(path = "/calendar-address", method = "delete", operation_id = "endCalendar")]
    async fn end_calendar(&self, caller: Caller) -> Result<Json<CalendarState>, Problem> {
        let visitor = &caller.0;
        let errand = EndCalendar { actor: visitor.actor.clone() };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(CalendarState { is_open: false }))
    }
}

impl Api {
    async fn settings_of(&self, caller: &Caller) -> Result<MailSettings, Problem> {
        let (store, person) = (&self.registry.store, &caller.0.actor.person);
        let address = store.profile(person).await?.and_then(|profile| profile.email);
        let fault = store.mail_fault(person).await?;
        let fault = fault.filter(|fault| address.as_deref().is_some_and(|address| fault.is_of(address)));
        Ok(MailSettings {
            sends_mail: self.registry.outgoing.mailer.is_some(),
            address,
            undeliverable_since: fault.map(|fault| fault.at.to_string()),
            declined: store.declined_by(person).await?.into_iter().map(TopicName::from).collect(),
            duty: Topic::ALL.into_iter().filter(|topic| topic.is_duty()).map(TopicName::from).collect(),
        })
    }

    fn view(&self, message: &Message) -> MessageView {
        let words = &message.words;
        MessageView {
            id: message.id.clone(),
            at: message.at.to_string(),
            topic: message.topic.into(),
            title: (&words.title).into(),
            happened: (&words.happened).into(),
            why: words.why.clone(),
            todo: (&words.todo).into(),
            until: (&words.until.words()).into(),
            due: match &words.until {
                Until::Day(day) => Some(day.to_string()),
                Until::Event(_) | Until::Open => None,
            },
            url: self.registry.base_url.join(&path_of(&message.place)),
            read_at: message.read_at.map(|at| at.to_string()),
            mail: message.mail.as_str().to_owned(),
        }
    }
}
