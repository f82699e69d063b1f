//! The audit trail: who did, tried or was refused what, in which role, from where, when.

use domain::act::{Act, Caller};
use domain::authority::{Actor, Object, Power};
use domain::calendar::Instant;
use domain::text::Text;

use crate::acts::{AtHand, Errand, Refused};

/// Where a call comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The request's id, as the answer's `X-Request-Id` tells it.
    pub request: String,
    /// The address it came from; none for the machine's own command.
    pub address: Option<String>,
    /// How the caller showed who they are: `session:<id>`, `key:<id>`, `command` or `nobody`.
    pub proof: String,
}

impl Origin {
    /// The machine's own command.
    pub fn command() -> Self {
        Self { request: "command".to_owned(), address: None, proof: "command".to_owned() }
    }
}

/// One line of the trail, before the database numbers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: Instant,
    pub origin: Origin,
    pub by: Option<Caller>,
    /// An act's kind, or what was tried: `sign_in`, `session.ended`, …
    pub what: String,
    /// What it was about: `application/A-2026-00001`.
    pub subject: Option<String>,
    pub outcome: Outcome,
    /// A code or a number; never what somebody typed.
    pub detail: Option<String>,
    /// The leaf of an act.
    pub seq: Option<u64>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl Line {
    /// An act that was done, at leaf `seq`.
    pub fn of_act(act: &Act, seq: u64, origin: &Origin) -> Self {
        Self {
            at: act.at,
            origin: origin.clone(),
            by: Some(act.by.clone()),
            what: act.deed.kind().to_owned(),
            subject: Some(act.subject.to_string()),
            outcome: Outcome::Done,
            detail: None,
            seq: Some(seq),
        }
    }

    /// Something else that was done.
    pub fn done(what: &str, at: Instant, origin: &Origin) -> Self {
        let (origin, what) = (origin.clone(), what.to_owned());
        Self { at, origin, by: None, what, subject: None, outcome: Outcome::Done, detail: None, seq: None }
    }

    /// Something that was refused, and the code of the reason.
    pub fn refused(what: &str, code: &str, at: Instant, origin: &Origin) -> Self {
        Self { outcome: Outcome::Refused, detail: Some(code.to_owned()), ..Self::done(what, at, origin) }
    }

    /// The same, by somebody.
    pub fn by(self, by: Caller) -> Self {
        Self { by: Some(by), ..self }
    }

    /// The same, about something.
    pub fn about(self, subject: impl ToString) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }
}

/// A line as auditors read it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub id: i64,
    pub at: String,
    pub request: String,
    pub person: Option<String>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub proof: String,
    /// The address for 90 days, then a digest under which the same address is found again.
    pub address: Option<String>,
    pub what: String,
    pub subject: Option<String>,
    pub outcome: String,
    pub detail: Option<String>,
    pub seq: Option<i64>,
}

/// What is searched for in the trail. Everything that is given must fit.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub person: Option<String>,
    pub what: Option<String>,
    pub subject: Option<String>,
    pub outcome: Option<String>,
    pub request: Option<String>,
    /// First and last day in Japan.
    pub from: Option<domain::calendar::Day>,
    pub until: Option<domain::calendar::Day>,
    /// Only lines before this one: newest first.
    pub before: Option<i64>,
}

/// Days after which an address is kept as a digest only.
pub const ADDRESS_DAYS: i32 = 90;

impl Search {
    /// The last day is not before the first.
    pub fn check(&self) -> Result<(), Text> {
        match (self.from, self.until) {
            (Some(from), Some(until)) if until < from => Err(Text::new(
                format!("最後の日 {until} は最初の日 {from} より前です。"),
                format!("The last day {until} is before the first day {from}."),
            )),
            _ => Ok(()),
        }
    }

    /// The names of what is asked for: `person until`.
    fn asked(&self) -> String {
        let asked = [
            ("person", self.person.is_some()),
            ("what", self.what.is_some()),
            ("subject", self.subject.is_some()),
            ("outcome", self.outcome.is_some()),
            ("request", self.request.is_some()),
            ("from", self.from.is_some()),
            ("until", self.until.is_some()),
            ("before", self.before.is_some()),
        ];
        asked.into_iter().filter(|(_, is_asked)| *is_asked).map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    }

    /// Whom or what is asked about, if that is an id.
    fn about(&self) -> Option<String> {
        let person = self.person.as_ref().map(|person| format!("person/{person}"));
        let is_id = |about: &String| {
            about.len() <= 60 && about.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte))
        };
        person.or_else(|| self.subject.clone()).filter(is_id)
    }
}

/// How the trail is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Searched,
    Exported,
}

impl Read {
    /// The word in the trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Searched => "trail.searched",
            Self::Exported => "trail.exported",
        }
    }
}

/// Somebody reads the trail, which is itself a line of it.
#[derive(Debug)]
pub struct Reading {
    pub actor: Actor,
    pub read: Read,
    pub search: Search,
}

impl Errand for Reading {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let by = self.actor.caller(Power::ReadTrail, &Object::default(), at_hand.at)?;
        let line = Line::done(self.read.as_str(), at_hand.at, at_hand.from).by(by);
        let detail = Some(self.search.asked()).filter(|asked| !asked.is_empty());
        at_hand.note(Line { subject: self.search.about(), detail, ..line });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line that says so holds ids and the names of fields, and never what somebody typed.
    #[test]
    fn reading_is_noted_without_what_was_typed() {
        let person = |typed: &str| Search { person: Some(typed.to_owned()), before: Some(7), ..Search::default() };
        assert_eq!(person("P-04HMASW9").asked(), "person before");
        assert_eq!(person("P-04HMASW9").about().as_deref(), Some("person/P-04HMASW9"));
        assert_eq!(person("花子 090-0000-0000").about(), None);
        let of = Search { subject: Some("session/S-1".to_owned()), ..Search::default() };
        assert_eq!((of.asked().as_str(), of.about().as_deref()), ("subject", Some("session/S-1")));
        assert_eq!((Search::default().asked().as_str(), Search::default().about()), ("", None));
    }
}
