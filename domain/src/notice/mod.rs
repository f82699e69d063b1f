//! Notices 「お知らせ」: who is told of an act or a due day, and in which words.
//!
//! An act tells whom it concerns what happened, why, what to do, and until when. Nothing here sends: the acts are the
//! outbox, and `api/src/post` reads them in their order.

mod acts;
mod application;
mod changes;
mod due;
mod licence;
mod measures;
mod settings;

use serde::{Deserialize, Serialize};

pub use acts::notices;
pub use due::{
    Due, Reminder, Waiting, WaitsFor, Work, due_of_application, due_of_proposal, due_of_registration,
    waiting_of_application, waiting_of_complaint, waiting_of_fault, waiting_of_proposal, waiting_of_registration,
};

use crate::act::{ApplicationId, ComplaintId, OrganisationId, PersonId, ProposalId, RegistrationNumber, Role};
use crate::application::Application;
use crate::calendar::Day;
use crate::licence::Licence;
use crate::registration::Registration;
use crate::text::Text;

/// What somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    pub topic: Topic,
    pub audience: Vec<Audience>,
    pub words: Words,
    pub place: Place,
    /// The provider whose systems are told too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<OrganisationId>,
}

/// In which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Words {
    pub title: Text,
    pub happened: Text,
    /// As it was recorded, in the language it was written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub todo: Text,
    pub until: Until,
}

/// Until when there is something to do, or it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// The last day in Japan.
    Day(Day),
    /// Until something happens.
    Event(Text),
    /// There is no such day.
    Open,
}

impl Until {
    /// In words, as they stand behind 「いつまで」.
    pub fn words(&self) -> Text {
        match self {
            Self::Day(day) => {
                let day = crate::reading::day_text(*day);
                Text::new(format!("{}まで", day.ja), format!("Until the end of {} (Japan time)", day.en))
            }
            Self::Event(text) => text.clone(),
            Self::Open => Text::new("期限はありません。", "There is no due day."),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody who acts for a company.
    Company(OrganisationId),
    /// Everybody who acts for a company that holds an open licence as a user under this registration.
    Users(RegistrationNumber),
    /// Everybody who has this role anywhere.
    Role(Role),
    People(Vec<PersonId>),
}

/// Where it leads: a thing, as its reader comes to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Application(ApplicationId),
    Intake(ApplicationId),
    Examination(ApplicationId),
    Decision(ApplicationId),
    Registration(RegistrationNumber),
    /// Its measures.
    Measures(RegistrationNumber),
    /// What is reported of it.
    Watching(RegistrationNumber),
    Person(PersonId),
    Proposal(ProposalId),
    Complaint(ComplaintId),
    Account,
    Keys,
    Editions,
    /// The settings of the scheme.
    Scheme,
}

/// What a notice is about 「お知らせの種類」: mail about it can be switched off, unless it is duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What a registration or a licence counts for.
    Measure,
    /// What an applicant has to do or may object to.
    Procedure,
    /// One's own roles, and the keys that marks rest on.
    Access,
    /// A due day comes near.
    Deadline,
    /// How an application gets on.
    Progress,
    /// What waits for those who receive, examine and decide.
    Work,
    /// Editions of the criteria.
    Scheme,
}

impl Topic {
    pub const ALL: [Self; 7] =
        [Self::Measure, Self::Procedure, Self::Access, Self::Deadline, Self::Progress, Self::Work, Self::Scheme];

    /// The word in tables, forms and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Procedure => "procedure",
            Self::Access => "access",
            Self::Deadline => "deadline",
            Self::Progress => "progress",
            Self::Work => "work",
            Self::Scheme => "scheme",
        }
    }

    /// Must whom it concerns be told by mail, too? That is not switched off.
    pub fn is_duty(self) -> bool {
        matches!(self, Self::Measure | Self::Procedure | Self::Access)
    }

    /// Its name for people.
    pub fn words(self) -> Text {
        match self {
            Self::Measure => Text::new("登録とマークの効力", "What registrations and marks count for"),
            Self::Procedure => Text::new("申請についての求めと判定", "What an application asks of you, and decisions"),
            Self::Access => Text::new("権限と署名鍵", "Your roles, and signing keys"),
            Self::Deadline => Text::new("期限が近いこと", "Due days that come near"),
            Self::Progress => Text::new("手続の進み具合", "How things get on"),
            Self::Work => Text::new("受付・審査・判定の仕事", "Work of intake, examination and decision"),
            Self::Scheme => Text::new("サービス基準の版", "Editions of the criteria"),
        }
    }
}

impl std::str::FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|topic| topic.as_str() == text).ok_or_else(|| format!("{text}: {}", known()))
    }
}

/// What an act was done to, as it is by now: for names, and for whom it concerns.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    pub application: Option<&'a Application>,
    pub registration: Option<&'a Registration>,
    pub licence: Option<&'a Licence>,
    /// Who made the proposal.
    pub proposer: Option<&'a PersonId>,
}
