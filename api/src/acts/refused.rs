//! Why a deed was not done. Nothing has changed.

use domain::authority::Denial;
use domain::calendar::Day;
use domain::{
    application, draft, edition, examination, licence, people, proposal, registration, settings, signing_key, watching,
};

use crate::store;

/// A refusal: the domain's own, or what the edge found before asking it.
#[derive(Debug)]
pub enum Refused {
    /// There is no such thing (or it is not the caller's to know of).
    NotFound {
        what: &'static str,
        id: String,
    },
    /// The caller acted on an older version.
    Stale {
        read: u32,
        found: u32,
    },
    /// The caller must name the version they act on.
    VersionNeeded {
        found: u32,
    },
    /// The same idempotency key was used for something else.
    KeyReused,
    /// The declaration does not follow its schema.
    Declaration(Vec<FieldFault>),
    /// No edition of the criteria governs this day.
    NoEdition {
        day: Day,
    },
    /// A name that nobody can see, or of more than 100 characters.
    Name {
        characters: usize,
    },
    /// The caller applies for several organisations and named none of them.
    WhichOrganisation,
    /// The same invitation was made before, and its link was shown then.
    InvitedBefore {
        person: String,
    },
    /// This server does not have the secret half of the key: it was made after the server started.
    KeyNotHeld {
        key: String,
    },
    /// No key signs for this purpose: the last one was compromised, and none is activated yet.
    NoActiveKey {
        purpose: &'static str,
    },
    /// The organisation is known already.
    OrganisationKnown {
        id: String,
    },
    /// The application names a file that the organisation has not uploaded; counted from 0.
    NoSuchFile {
        index: usize,
        digest: String,
    },
    /// A file is not taken.
    File(crate::evidence::refusal::NotTaken),
    Denied(Denial),
    Draft(draft::Refusal),
    Application(application::Refusal),
    Examination(examination::Refusal),
    Registration(registration::Refusal),
    Licence(licence::Refusal),
    People(people::Refusal),
    Proposal(proposal::Refusal),
    Key(signing_key::Refusal),
    Edition(edition::Refusal),
    Report(watching::Refusal),
    Complaint(watching::ComplaintRefusal),
    Price(watching::PriceRefusal),
    Setting(settings::Refusal),
    Account(crate::account::Refusal),
    Post(crate::post::own::Refusal),
    Store(store::Error),
}

/// One thing wrong with a submitted document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON Pointer (RFC 6901) to the field.
    pub pointer: String,
    /// A stable word for the rule that was broken.
    pub code: String,
    /// What was read there, cut to 80 characters.
    pub read: String,
    /// What is wrong and what to do.
    pub message: domain::text::Text,
}

macro_rules! from {
    ($($variant:ident($error:ty)),+ $(,)?) => {
        $(impl From<$error> for Refused {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })+
    };
}
from!(
    Denied(Denial),
    Draft(draft::Refusal),
    Proposal(proposal::Refusal),
    Key(signing_key::Refusal),
    Edition(edition::Refusal),
    Report(watching::Refusal),
    Complaint(watching::ComplaintRefusal),
    Price(watching::PriceRefusal),
    Setting(settings::Refusal),
    Account(crate::account::Refusal),
    Post(crate::post::own::Refusal),
    Application(application::Refusal),
    Examination(examination::Refusal),
    Registration(registration::Refusal),
    Licence(licence::Refusal),
    People(people::Refusal),
    Store(store::Error),
);
