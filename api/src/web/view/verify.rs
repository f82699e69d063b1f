//! The answer to a mark: what somebody sees who has just scanned one, and the form for typing one in.

mod words;

use askama::Template;
use domain::calendar::{Day, Instant, Period};
use domain::declaration::{Class, Kind};
use domain::licence::answer::Answer;
use domain::licence::token::HolderKind;
use domain::parties::Prefecture;
use domain::text::Text;

use super::frame::Frame;
use super::history::{Event, history};
use super::parts::INFO;
use super::state::State;
use crate::verification::{self, Verification};

/// The form for typing a number or pasting a link.
#[derive(Debug, Template)]
#[template(path = "public/verify.html")]
pub struct VerifyPage {
    pub frame: Frame,
    pub typed: String,
    pub error: Option<Text>,
}

/// One of the six answers.
#[derive(Debug, Template)]
#[template(path = "public/answer.html")]
pub struct AnswerPage {
    pub frame: Frame,
    pub checked_at: Instant,
    pub answer: Answer,
    /// What the mark says; nothing read from a code that is not ours.
    pub certificate: Option<Certificate>,
    /// What the register knows; none unless the answer is one of the first four.
    pub known: Option<Known>,
}

/// What the mark itself says, its signature checked; of a mini mark, what the register says it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The licence id as shown to people.
    pub licence: String,
    pub holder: String,
    pub holder_number: Option<String>,
    pub kind: HolderKind,
    /// The end of the term printed in a full mark; a mini mark, or a number typed by hand, has none.
    pub printed_until: Option<Instant>,
}

/// The licence and the service it hangs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The registration's number.
    pub number: String,
    pub service: String,
    pub provider: String,
    pub provider_number: Option<String>,
    pub class: Class,
    pub kind: Kind,
    pub regions: Vec<Prefecture>,
    pub term: Period,
    /// The last day on which the registration goes on behind its term while its renewal is undecided, if it does.
    pub extended: Option<Day>,
    /// The registration's own state.
    pub state: State,
    /// Until when the mark still counts, though the service has ended.
    pub grace_until: Option<Instant>,
    /// Newest first.
    pub history: Vec<Event>,
    pub edition: String,
    /// Where the act that granted the licence stands in the log.
    pub leaf: Option<u64>,
    /// The key that signed the token, in hexadecimal.
    pub key: String,
    /// SHA-256 of the token, in hexadecimal.
    pub digest: String,
}

impl AnswerPage {
    /// The page of an answer. `leaf` is the log's index of the act that granted the licence.
    ///
    /// Where the answer is "not ours", `frame.path` must not hold what was read from the code.
    pub fn new(frame: Frame, verification: &Verification, leaf: Option<u64>) -> Self {
        Self {
            frame,
            checked_at: verification.at,
            answer: verification.answer.clone(),
            certificate: Certificate::of(verification),
            known: verification.known.as_ref().map(|known| Known::new(known, leaf, verification.at)),
        }
    }

    fn state(&self) -> State {
        (&self.answer).into()
    }

    fn since(&self) -> Option<Instant> {
        match &self.answer {
            Answer::Suspended { since, .. } | Answer::Revoked { since, .. } | Answer::Ended { since } => *since,
            Answer::Valid | Answer::Unknown(_) | Answer::NotOurs(_) => None,
        }
    }

    fn reason(&self) -> Option<&str> {
        match &self.answer {
            Answer::Suspended { reason, .. } | Answer::Revoked { reason, .. } => Some(reason),
            Answer::Valid | Answer::Ended { .. } | Answer::Unknown(_) | Answer::NotOurs(_) => None,
        }
    }

    fn is_user(&self) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.kind == HolderKind::User)
    }

    fn is_mini(&self) -> bool {
        self.known.is_some() && self.certificate.as_ref().is_some_and(|certificate| certificate.printed_until.is_none())
    }

    /// How long it goes on behind its term, if that is why the answer is what it is.
    fn extended(&self) -> Option<Day> {
        self.known.as_ref().and_then(|known| known.extended).filter(|_| self.answer == Answer::Valid)
    }

    /// The end of the term printed in the mark has passed, but the register goes on.
    fn is_old_print(&self) -> bool {
        let printed = self.certificate.as_ref().and_then(|certificate| certificate.printed_until);
        self.answer == Answer::Valid && printed.is_some_and(|until| until <= self.checked_at)
    }
}

impl Certificate {
    /// The register's full name where it knows the licence, else the name inside the signature.
    fn of(verification: &Verification) -> Option<Self> {
        let claims = verification.claims.as_ref();
        let printed_until = claims.map(|claims| claims.expires_at);
        if let Some(known) = &verification.known {
            let grant = &known.licence.grant;
            return Some(Self {
                licence: known.licence.id.to_string(),
                holder: grant.holder_name.clone(),
                holder_number: grant.holder_number.as_ref().map(ToString::to_string),
                kind: grant.holder_kind,
                printed_until,
            });
        }
        claims.map(|claims| Self {
            licence: claims.licence.to_string(),
            holder: claims.holder_name.clone(),
            holder_number: claims.corporate_number.as_ref().map(ToString::to_string),
            kind: claims.kind,
            printed_until,
        })
    }
}

impl Known {
    fn new(known: &verification::Known, leaf: Option<u64>, at: Instant) -> Self {
        let (registration, grant) = (&known.registration, &known.licence.grant);
        let listing = registration.listing.clone();
        Self {
            number: registration.number.to_string(),
            service: listing.service_name,
            provider: listing.provider.trade_name,
            provider_number: listing.provider.legal_entity_number.map(|number| number.to_string()),
            class: listing.class,
            kind: listing.monitoring,
            regions: listing.regions,
            term: registration.term_at(at.day()),
            extended: registration.extension(at).map(|extension| extension.until.previous()),
            state: (&registration.status(at)).into(),
            grace_until: known.licence.grace(registration, at),
            history: history(registration, at),
            edition: listing.edition,
            leaf,
            key: grant.key.to_string(),
            digest: grant.token_digest.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::licence::answer::Silence;
    use domain::text::Language;

    use super::*;

    /// Only a signature shows that a mark is genuine. A number that could not be looked up shows nothing.
    #[test]
    fn a_number_is_not_called_genuine_while_the_register_is_silent() {
        let at = Instant::from_unix(1_790_000_000).expect("an instant");
        let answer = Answer::Unknown(Silence::Unreachable);
        let verification = Verification { at, answer, claims: None, known: None };
        let frame = Frame { language: Language::En, path: None, viewer: None, is_demo: false, form_token: None };
        let page = AnswerPage::new(frame, &verification, None);
        assert_eq!(page.headline().en, "It cannot be checked now");
        let html = page.render().expect("it renders");
        assert!(!html.to_lowercase().contains("genuine") && !html.contains("本物"), "{html}");
    }
}
