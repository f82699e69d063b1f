//! The words that answers use for states, kinds and the like: closed sets, so that the document lists them.

use domain::act::Role;
use domain::application::{Stage, Urgency};
use domain::declaration::Kind;
use domain::licence::Standing;
use domain::licence::answer::{Answer, Rejection, Silence};
use domain::licence::token::HolderKind;
use domain::people::OrganisationKind;
use domain::registration::{MeasureKind, Status};
use domain::yen::{Audience, Charge, Tax};
use poem_openapi::Enum;
use serde::Serialize;

use crate::account::people::IdentityCheck;
use crate::account::trail::Outcome;

/// A closed set of words, one for each variant of a type of the domain.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident from $source:ty { $($variant:ident = $pattern:pat),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Enum, Serialize, Clone, Copy, Debug, PartialEq, Eq)]
        #[oai(rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name {
            $($variant),+
        }

        impl From<&$source> for $name {
            fn from(source: &$source) -> Self {
                match source {
                    $($pattern => Self::$variant),+
                }
            }
        }
    };
}

words!(
    /// The state of a registration.
    StateName from Status {
        NotYet = Status::NotYet { .. },
        Valid = Status::Valid,
        Suspended = Status::Suspended { .. },
        Revoked = Status::Revoked { .. },
        Lapsed = Status::Lapsed { .. },
        Discontinued = Status::Discontinued { .. },
    }
);
words!(
    /// How much a deadline presses.
    UrgencyName from Urgency {
        Overdue = Urgency::Overdue,
        LastDay = Urgency::LastDay,
        Soon = Urgency::Soon,
        Ahead = Urgency::Ahead,
    }
);
words!(
    /// What a price is charged for.
    ChargeName from Charge {
        Monthly = Charge::Monthly,
        MonthlyPerEndpoint = Charge::MonthlyPerEndpoint,
        Initial = Charge::Initial,
        Optional = Charge::Optional,
    }
);
words!(
    /// Who pays a price.
    AudienceName from Audience {
        Anyone = Audience::Anyone,
        Member = Audience::Member,
        NonMember = Audience::NonMember,
    }
);
words!(
    /// Is tax in the amount?
    TaxName from Tax {
        Excluded = Tax::Excluded,
        Included = Tax::Included { .. },
    }
);
words!(
    /// What was done about a registration.
    MeasureName from MeasureKind {
        Cautioned = MeasureKind::Cautioned,
        CorrectionDemanded = MeasureKind::CorrectionDemanded,
        Suspended = MeasureKind::Suspended,
        Reinstated = MeasureKind::Reinstated,
        Revoked = MeasureKind::Revoked,
    }
);
words!(
    /// The kind of monitoring.
    KindName from Kind {
        Network = Kind::Network,
        Endpoint = Kind::Endpoint,
        Combined = Kind::Combined,
    }
);
words!(
    /// Who holds a licence.
    HolderName from HolderKind {
        Provider = HolderKind::Provider,
        User = HolderKind::User,
    }
);
words!(
    /// Whether a licence counts now.
    StandingName from Standing {
        Valid = Standing::Valid,
        Suspended = Standing::Suspended { .. },
        Revoked = Standing::Revoked { .. },
        Ended = Standing::Ended { .. },
    }
);
words!(
    /// Where an application stands.
    StageName from Stage {
        Submitted = Stage::Submitted,
        Returned = Stage::Returned { .. },
        Examining = Stage::Examining,
        Recommended = Stage::Recommended { .. },
        Decided = Stage::Decided { .. },
        Withdrawn = Stage::Withdrawn { .. },
    }
);
words!(
    /// The six answers about a mark. `unknown`: its status is not known; where `holder` is given, it is genuine.
    AnswerName from Answer {
        Valid = Answer::Valid,
        Suspended = Answer::Suspended { .. },
        Revoked = Answer::Revoked { .. },
        Ended = Answer::Ended { .. },
        Unknown = Answer::Unknown(_),
        NotOurs = Answer::NotOurs(_),
    }
);
words!(
    /// What somebody may act as.
    RoleName from Role {
        ProviderOwner = Role::ProviderOwner,
        ProviderMember = Role::ProviderMember,
        DelegatedAgent = Role::DelegatedAgent,
        User = Role::User,
        Examiner = Role::Examiner,
        DecisionMaker = Role::DecisionMaker,
        Secretariat = Role::Secretariat,
        Auditor = Role::Auditor,
        Operator = Role::Operator,
    }
);
words!(
    /// The kind of an organisation.
    OrganisationKindName from OrganisationKind {
        Provider = OrganisationKind::Provider,
        User = OrganisationKind::User,
        RegistrationBody = OrganisationKind::RegistrationBody,
        SchemeOwner = OrganisationKind::SchemeOwner,
    }
);
words!(
    /// How somebody showed who they are: an identity card face to face, called back at the number or address known
    /// before, or vouched for by whoever answers for them in their organisation.
    IdentityCheckName from IdentityCheck {
        InPerson = IdentityCheck::InPerson,
        CallBack = IdentityCheck::CallBack,
        Organisation = IdentityCheck::Organisation,
    }
);
words!(
    /// What came of something that was tried.
    OutcomeName from Outcome {
        Done = Outcome::Done,
        Refused = Outcome::Refused,
    }
);

impl From<IdentityCheckName> for IdentityCheck {
    fn from(name: IdentityCheckName) -> Self {
        match name {
            IdentityCheckName::InPerson => Self::InPerson,
            IdentityCheckName::CallBack => Self::CallBack,
            IdentityCheckName::Organisation => Self::Organisation,
        }
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::ProviderOwner => Self::ProviderOwner,
            RoleName::ProviderMember => Self::ProviderMember,
            RoleName::DelegatedAgent => Self::DelegatedAgent,
            RoleName::User => Self::User,
            RoleName::Examiner => Self::Examiner,
            RoleName::DecisionMaker => Self::DecisionMaker,
            RoleName::Secretariat => Self::Secretariat,
            RoleName::Auditor => Self::Auditor,
            RoleName::Operator => Self::Operator,
        }
    }
}

impl From<OrganisationKindName> for OrganisationKind {
    fn from(name: OrganisationKindName) -> Self {
        match name {
            OrganisationKindName::Provider => Self::Provider,
            OrganisationKindName::User => Self::User,
            OrganisationKindName::RegistrationBody => Self::RegistrationBody,
            OrganisationKindName::SchemeOwner => Self::SchemeOwner,
        }
    }
}

impl OutcomeName {
    /// The outcome's word in the trail.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Done => Outcome::Done.as_str(),
            Self::Refused => Outcome::Refused.as_str(),
        }
    }
}

impl StageName {
    /// The stage's word in the domain.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Examining => "examining",
            Self::Recommended => "recommended",
            Self::Decided => "decided",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl StateName {
    /// The state's word in the domain.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::Valid => "valid",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Lapsed => "lapsed",
            Self::Discontinued => "discontinued",
        }
    }
}

/// Why an answer is `unknown` or `not_ours`.
#[derive(Enum, Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(super) enum WhyName {
    /// Genuine, but the register has no such licence.
    NotListed,
    /// Genuine, but the register cannot be read now.
    Unreachable,
    /// No token of this profile.
    Unreadable,
    /// No key of this register signed it as it stands.
    Altered,
    /// Signed by a key that is not this register's.
    UnknownKey,
    /// Signed by a key that is not trusted any more, and not granted as it stands.
    CompromisedKey,
    /// No licence has this id.
    NoSuchLicence,
}

impl WhyName {
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        use domain::licence::token::TokenError;
        Some(match answer {
            Answer::Valid | Answer::Suspended { .. } | Answer::Revoked { .. } | Answer::Ended { .. } => return None,
            Answer::Unknown(Silence::Unreachable) => Self::Unreachable,
            // The register itself is never away from the register.
            Answer::Unknown(
                Silence::NotListed
                | Silence::Offline
                | Silence::PrintedTermEnded { .. }
                | Silence::ListAltered
                | Silence::ListOld { .. },
            ) => Self::NotListed,
            Answer::NotOurs(Rejection::Unreadable(_)) => Self::Unreadable,
            Answer::NotOurs(Rejection::Signature(TokenError::UnknownKey { .. })) => Self::UnknownKey,
            Answer::NotOurs(Rejection::Signature(_)) => Self::Altered,
            Answer::NotOurs(Rejection::CompromisedKey) => Self::CompromisedKey,
            Answer::NotOurs(Rejection::NoSuchLicence) => Self::NoSuchLicence,
        })
    }
}
