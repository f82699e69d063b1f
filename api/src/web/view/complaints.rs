//! Complaints: the form and the receipt for anybody, the case for whoever sees to it.

use std::borrow::Cow::{Borrowed, Owned};
use std::collections::BTreeMap;

use askama::Template;
use domain::act::PersonId;
use domain::calendar::Instant;
use domain::settings::Settings;
use domain::text::Text;
use domain::watching::{Closing, Complaint, ComplaintOutcome, ComplaintStage, Grievance, Reply};

use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine};
use super::frame::Frame;
use super::parts::{Badge, Icon, Shape};
use crate::identity::secret::Secret;
use crate::store::Words;

/// 苦情・不正使用の通報
#[derive(Debug, Template)]
#[template(path = "public/complaint.html")]
pub struct ComplaintPage {
    pub frame: Frame,
    /// Sent with it, so that a second click is the same complaint.
    pub key: String,
    pub form: Form,
    /// Hours within which a person acknowledges it.
    pub hours: u32,
}

/// What the reporter keeps.
#[derive(Debug, Template)]
#[template(path = "public/complaint_receipt.html")]
pub struct ReceiptPage {
    pub frame: Frame,
    pub id: String,
    pub secret: Secret,
    pub received_at: Instant,
    pub acknowledge_by: Instant,
}

/// Following one's own complaint.
#[derive(Debug, Template)]
#[template(path = "public/complaint_progress.html")]
pub struct FollowPage {
    pub frame: Frame,
    pub form: Form,
    pub followed: Option<Followed>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub struct Followed {
    complaint: Complaint,
    acknowledge_by: Instant,
    /// Is anything left to be erased now?
    can_erase: bool,
    /// Something was erased just now.
    is_erased: bool,
}

/// Complaints on the desk.
#[derive(Debug, Template)]
#[template(path = "desk/complaints.html")]
pub struct CasesPage {
    pub frame: Frame,
    pub is_closed: bool,
    pub lines: Vec<CaseLine>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct CaseLine {
    pub id: String,
    pub version: u32,
    pub grievance: Grievance,
    pub registration: Option<String>,
    pub licence: Option<String>,
    pub received_at: Instant,
    pub acknowledge_by: Instant,
    pub acknowledged_at: Option<Instant>,
    pub handler: Option<String>,
    pub stage: ComplaintStage,
    pub is_late: bool,
}

/// A complaint with what was written.
#[derive(Debug, Template)]
#[template(path = "desk/complaint.html")]
pub struct CasePage {
    pub frame: Frame,
    pub line: CaseLine,
    pub stage: ComplaintStage,
    pub text: Option<String>,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub replies: Vec<Reply>,
    pub closed: Option<Closing>,
    /// The field that chooses who sees to it.
    pub assign: Field,
    pub may: bool,
    pub form: Form,
    pub tried: Option<Tried>,
}

/// One of the forms of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Acknowledge,
    Assign,
    Reply,
    Close,
}

const OUTCOMES: &[Choice] = &[
    (Borrowed("substantiated"), Borrowed("事実と認め、対応した")),
    (Borrowed("unsubstantiated"), Borrowed("事実と認められなかった")),
    (Borrowed("out_of_scope"), Borrowed("この登録簿の扱う事柄ではない")),
];

/// 回答
pub static REPLY: [Field; 1] = [Field::required(
    "/text",
    "通報した人への回答",
    "受付番号で確認した人に示されます。記録に残り、消せません。個人の名前を書かないでください。",
    Input::Lines,
)];
/// 終結
pub static CLOSE: [Field; 2] = [
    Field::required("/outcome", "結果", "", Input::OneOf(Borrowed(OUTCOMES))),
    Field::required(
        "/reason",
        "通報した人への説明",
        "確かめたことと、行ったことを書いてください。記録に残り、消せません。個人の名前を書かないでください。",
        Input::Lines,
    ),
];

/// The field that chooses among those who may see to it.
pub fn assigning(handlers: impl Iterator<Item = (String, String)>) -> Field {
    let choices: Vec<Choice> = handlers.map(|(id, name)| (Owned(id), Owned(name))).collect();
    Field::required("/handler", "担当者", "", Input::Select(Owned(choices)))
}

impl Tried {
    /// The fields of its form that are read alike.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Acknowledge | Self::Assign => &[],
            Self::Reply => &REPLY,
            Self::Close => &CLOSE,
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Assign => "assign",
            Self::Reply => "reply",
            Self::Close => "close",
        }
    }
}

impl CaseLine {
    pub(crate) fn new(of: &Complaint, names: &BTreeMap<PersonId, String>, settings: &Settings, now: Instant) -> Self {
        let name = |person: &PersonId| names.get(person).cloned().unwrap_or_else(|| person.to_string());
        Self {
            id: of.id.to_string(),
            version: of.version,
            grievance: of.grievance,
            registration: of.registration.as_ref().map(ToString::to_string),
            licence: of.licence.map(|licence| licence.to_string()),
            received_at: of.received_at,
            acknowledge_by: of.acknowledge_by(settings),
            acknowledged_at: of.acknowledged_at,
            handler: of.handler.as_ref().map(name),
            stage: of.stage(),
            is_late: of.is_acknowledged_late(settings, now),
        }
    }

    fn badge(&self) -> Badge {
        let (shape, tone, word) = match self.stage {
            ComplaintStage::Received if self.is_late => (Shape::Alert, "red", "受領の確認が遅れています"),
            ComplaintStage::Received => (Shape::Clock, "yellow", "受領の確認待ち"),
            ComplaintStage::Acknowledged => (Shape::Clock, "blue", "対応中"),
            ComplaintStage::Closed => (Shape::Tick, "gray", "終結"),
        };
        Badge { icon: Icon { shape }, tone, word: word.to_owned() }
    }
}

impl CasePage {
    fn form_of(&self, tried: Tried) -> Form {
        let form = if self.tried == Some(tried) { self.form.clone() } else { Form::default() };
        form.marked(tried.mark())
    }

    fn offers(&self, tried: Tried) -> bool {
        self.may
            && match tried {
                Tried::Acknowledge => self.stage == ComplaintStage::Received,
                Tried::Assign | Tried::Reply | Tried::Close => self.stage == ComplaintStage::Acknowledged,
            }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        match self.tried {
            Some(Tried::Assign) if self.offers(Tried::Assign) => {
                self.form_of(Tried::Assign).summary(std::slice::from_ref(&self.assign))
            }
            Some(tried) if self.offers(tried) => self.form_of(tried).summary(tried.fields()),
            _ => self.leftover().lines,
        }
    }

    /// What is left of a form that came too late.
    fn leftover(&self) -> Leftover {
        match self.tried {
            Some(tried) if !self.offers(tried) => Leftover::of(&self.form, tried.fields()),
            _ => Leftover::default(),
        }
    }

    fn can_erase(&self) -> bool {
        self.may
            && (self.name.is_some()
                || self.contact.is_some()
                || self.text.is_some() && self.stage == ComplaintStage::Closed)
    }
}

impl ComplaintPage {
    fn grievances(&self) -> Vec<(&'static str, String)> {
        Grievance::ALL.map(|grievance| (grievance.as_str(), self.frame.say(grievance.term()))).to_vec()
    }

    fn error(&self, field: &str) -> Option<String> {
        self.form.error(field).map(|text| self.frame.say(text))
    }

    /// What is wrong, with the field to go to; and what no field shows.
    fn errors(&self) -> Vec<(Option<String>, String)> {
        let line = |error: &super::form::FieldError| {
            let anchor = (!error.field.is_empty()).then(|| self.form.anchor(&error.field));
            (anchor, self.frame.say(&error.message))
        };
        self.form.errors.iter().map(line).collect()
    }
}

impl FollowPage {
    fn error(&self) -> Option<String> {
        self.form.errors.first().map(|error| self.frame.say(&error.message))
    }
}

impl Followed {
    pub(crate) fn new(complaint: Complaint, words: Option<&Words>, settings: &Settings, is_erased: bool) -> Self {
        let is_closed = complaint.stage() == ComplaintStage::Closed;
        let has = |word: &Option<String>| word.is_some();
        let can_erase =
            words.is_some_and(|words| has(&words.name) || has(&words.contact) || has(&words.text) && is_closed);
        Self { acknowledge_by: complaint.acknowledge_by(settings), complaint, can_erase, is_erased }
    }

    fn stage(&self) -> Text {
        match self.complaint.stage() {
            ComplaintStage::Received => {
                Text::new("受け付けました。担当者の確認を待っています。", "Received. Somebody will acknowledge it.")
            }
            ComplaintStage::Acknowledged => {
                Text::new("担当者が確認し、対応しています。", "Somebody has read it and sees to it.")
            }
            ComplaintStage::Closed => Text::new("対応を終えました。", "It is closed."),
        }
    }

    fn outcome(&self) -> Option<(&Closing, Text)> {
        self.complaint.closed.as_ref().map(|closed| (closed, ComplaintOutcome::term(closed.outcome)))
    }
}
