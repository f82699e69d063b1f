//! Acts 「処分・手続」: what was done, by whom, to what, and when.
//!
//! An act is the unit of everything: one domain function yields it, one transaction stores it, one leaf of the log
//! stands for it. State is what the acts of a subject add up to, so it can be replayed from them at any time.

mod deed;
mod leaf;
mod parts;
mod told;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use deed::Deed;
pub use leaf::{Commitment, Leaf, NotALeaf, Record, Salt, Sealed};
pub use parts::{Cause, Determination, FieldReason, Grant, Listing, RegisteredProvider, Reissue, Verdict};
pub use words::words;

use crate::calendar::Instant;
use crate::licence::id::LicenceId;
use crate::settings::SettingId;

/// One thing done. `version` counts the acts of its subject from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Act {
    pub subject: Subject,
    pub version: u32,
    pub at: Instant,
    pub by: Caller,
    pub deed: Deed,
}

/// Who acts, in which role, for which organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Caller {
    pub person: PersonId,
    pub role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}

/// What a person may do. One person may hold several roles, but acts in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// サービス提供事業者の責任者: acts for the organisation, and says who else does.
    ProviderOwner,
    /// サービス提供事業者の担当者
    ProviderMember,
    /// 代理人 (行政書士 and the like), until a day.
    DelegatedAgent,
    /// 利用企業
    User,
    /// 審査員
    Examiner,
    /// 判定者
    DecisionMaker,
    /// 事務局
    Secretariat,
    /// 監査人: reads everything, changes nothing.
    Auditor,
    /// 運用者: people, keys and the machine.
    Operator,
}

impl Role {
    /// Every role, in the order of the authority's table.
    pub const ALL: [Self; 9] = [
        Self::ProviderOwner,
        Self::ProviderMember,
        Self::DelegatedAgent,
        Self::User,
        Self::Examiner,
        Self::DecisionMaker,
        Self::Secretariat,
        Self::Auditor,
        Self::Operator,
    ];

    /// The role's word in URLs, settings and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProviderOwner => "provider_owner",
            Self::ProviderMember => "provider_member",
            Self::DelegatedAgent => "delegated_agent",
            Self::User => "user",
            Self::Examiner => "examiner",
            Self::DecisionMaker => "decision_maker",
            Self::Secretariat => "secretariat",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// Is it held in an organisation that applies or is licensed, and not in the body or the scheme's owner?
    pub fn is_companys(self) -> bool {
        matches!(self, Self::ProviderOwner | Self::ProviderMember | Self::DelegatedAgent | Self::User)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("not a role: {text} ({})", known()))
    }
}

/// A name that the registry itself gives out, such as `A-2026-00012`: ASCII letters, digits and hyphens, at most 40.
fn is_given_out(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Numbers with points between them, at most 20 characters: as the leaves of applications have always had it.
fn is_edition(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 20 && text.split('.').all(is_number)
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        identifier!($(#[$doc])* $name, is_given_out);
    };
    ($(#[$doc:meta])* $name:ident, $fits:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnIdentifier;

            fn from_str(text: &str) -> Result<Self, NotAnIdentifier> {
                let fits = $fits(text).then(|| Self(text.to_owned()));
                fits.ok_or_else(|| NotAnIdentifier(text.chars().take(60).collect()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnIdentifier;

            fn try_from(text: String) -> Result<Self, NotAnIdentifier> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// A person who can act.
    PersonId
);
identifier!(
    /// An organisation: its corporate number, or a name the registry gave it where it has none.
    OrganisationId
);
identifier!(
    /// An application, `A-<year>-<running number>`.
    ApplicationId
);
identifier!(
    /// One examiner's examination of one application; drawn at random, so that the public log does not tell whose case
    /// is being judged, or how far it is.
    ExaminationId
);
identifier!(
    /// A proposal that waits for a second person; drawn at random, so that the public log does not tell what it is about.
    ProposalId
);
identifier!(
    /// A draft; drawn at random, so that nobody's tells how many there are.
    DraftId
);
identifier!(
    /// What a provider reports about one period; drawn at random, so that the public log does not tell who is late.
    ReportId
);
identifier!(
    /// A complaint; drawn at random, so that nobody's tells how many there are.
    ComplaintId
);
identifier!(
    /// A price check; drawn at random, so that the public log does not tell whose price was looked at.
    PriceCheckId
);
identifier!(
    /// The number of a registration. It never changes at renewal.
    RegistrationNumber
);
identifier!(
    /// An edition of the criteria, as its file names it: `2.0`.
    EditionId,
    is_edition
);
identifier!(
    /// A key's id: the first 4 bytes of its RFC 9679 thumbprint, in hexadecimal.
    KeyId
);

/// What was given where an identifier is expected, cut to 60 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnIdentifier(pub String);

impl fmt::Display for NotAnIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "番号として読めません / not an identifier: {:?}", self.0)
    }
}

impl std::error::Error for NotAnIdentifier {}

/// What an act is done to; written `registration/OTK-2021-00001`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    Application(ApplicationId),
    Examination(ExaminationId),
    Registration(RegistrationNumber),
    Licence(LicenceId),
    Proposal(ProposalId),
    Person(PersonId),
    Key(KeyId),
    Edition(EditionId),
    Report(ReportId),
    Complaint(ComplaintId),
    PriceCheck(PriceCheckId),
    Setting(SettingId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application(id) => write!(f, "application/{id}"),
            Self::Examination(id) => write!(f, "examination/{id}"),
            Self::Registration(number) => write!(f, "registration/{number}"),
            Self::Licence(id) => write!(f, "licence/{id}"),
            Self::Proposal(id) => write!(f, "proposal/{id}"),
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Key(id) => write!(f, "key/{id}"),
            Self::Edition(id) => write!(f, "edition/{id}"),
            Self::Report(id) => write!(f, "report/{id}"),
            Self::Complaint(id) => write!(f, "complaint/{id}"),
            Self::PriceCheck(id) => write!(f, "price_check/{id}"),
            Self::Setting(id) => write!(f, "setting/{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = NotAnIdentifier;

    fn from_str(text: &str) -> Result<Self, NotAnIdentifier> {
        let wrong = || NotAnIdentifier(text.chars().take(60).collect());
        let (class, id) = text.split_once('/').ok_or_else(wrong)?;
        match class {
            "application" => id.parse().map(Self::Application),
            "examination" => id.parse().map(Self::Examination),
            "registration" => id.parse().map(Self::Registration),
            "licence" => id.parse().map(Self::Licence).map_err(|_| wrong()),
            "proposal" => id.parse().map(Self::Proposal),
            "person" => id.parse().map(Self::Person),
            "key" => id.parse().map(Self::Key),
            "edition" => id.parse().map(Self::Edition),
            "report" => id.parse().map(Self::Report),
            "complaint" => id.parse().map(Self::Complaint),
            "price_check" => id.parse().map(Self::PriceCheck),
            "setting" => id.parse().map(Self::Setting).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = NotAnIdentifier;

    fn try_from(text: String) -> Result<Self, NotAnIdentifier> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

/// Why acts do not add up to a state: the record was altered, or written by another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// The version does not follow the one before.
    Version { expected: u32, found: u32 },
    /// This deed cannot follow the state before it, or is not a deed of this subject.
    Deed { kind: &'static str },
    /// The act is earlier than the one before it.
    Backwards,
    /// The act was done to something else.
    Subject { expected: Subject },
}

/// What the acts of one subject add up to.
pub trait Replay: Sized {
    /// The state after `act`, given the state before it (`None` before the first).
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible>;

    /// What these acts were done to.
    fn subject(&self) -> Subject;

    /// Acts so far.
    fn version(&self) -> u32;

    /// When the last act was done.
    fn changed_at(&self) -> Instant;

    /// Checks what holds for every subject: its acts are its own, versions count up by one and time never runs
    /// backwards.
    fn check_order(before: Option<&Self>, act: &Act) -> Result<(), Impossible> {
        if let Some(expected) = before.map(Self::subject).filter(|subject| *subject != act.subject) {
            return Err(Impossible::Subject { expected });
        }
        let expected = before.map_or(0, Self::version) + 1;
        if act.version != expected {
            return Err(Impossible::Version { expected, found: act.version });
        }
        if before.is_some_and(|state| act.at < state.changed_at()) {
            return Err(Impossible::Backwards);
        }
        Ok(())
    }
}
