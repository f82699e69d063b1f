//! A complaint 「苦情」 or a report of misuse 「不正使用の通報」 from anybody, followed to an end.
//!
//! What was written, and by whom, is never part of an act: it stands beside the log, where it can be erased. The act
//! holds a salted digest of it.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Caller, ComplaintId, Deed, Impossible, PersonId, RegistrationNumber, Replay, Role, Subject};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::Instant;
use crate::licence::LicenceId;
use crate::people::Person;
use crate::reading::has_words;
use crate::settings::{Figure, Settings};
use crate::text::Text;

/// A complaint and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Complaint {
    pub id: ComplaintId,
    pub version: u32,
    pub grievance: Grievance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<LicenceId>,
    /// Salted SHA-256 of what was written, in hexadecimal.
    pub digest: String,
    pub received_at: Instant,
    /// By a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Instant>,
    /// Who sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<PersonId>,
    /// What the reporter was told, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
    pub changed_at: Instant,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grievance {
    /// マークの不正使用
    Misuse,
    /// サービスへの苦情
    Service,
    /// 料金・広告
    Advertising,
    Other,
}

/// What the reporter was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub text: String,
    pub at: Instant,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    pub outcome: ComplaintOutcome,
    /// For the reporter.
    pub reason: String,
    pub at: Instant,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintOutcome {
    /// It is so, and was put right or handed on.
    Substantiated,
    /// It was not found to be so.
    Unsubstantiated,
    /// It is not for this register.
    OutOfScope,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintStage {
    /// Nobody has acknowledged it yet.
    Received,
    Acknowledged,
    Closed,
}

/// Why an act on a complaint is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintRefusal {
    /// The caller may not do this.
    Denied(Denial),
    /// It is not as far as this needs.
    Stage { found: &'static str, needed: &'static str },
    /// Words are required and there were none.
    NoWords,
    /// This person does not handle complaints, or belongs to the organisation it is about.
    NotHandler { person: PersonId },
}

impl From<Denial> for ComplaintRefusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Grievance {
    pub const ALL: [Self; 4] = [Self::Misuse, Self::Service, Self::Advertising, Self::Other];

    /// The word in JSON and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Misuse => "misuse",
            Self::Service => "service",
            Self::Advertising => "advertising",
            Self::Other => "other",
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::Misuse => Text::new("マークの不正使用", "Misuse of the mark"),
            Self::Service => Text::new("サービスへの苦情", "Complaint about the service"),
            Self::Advertising => Text::new("料金・広告の表示", "Prices or advertising"),
            Self::Other => Text::new("その他", "Something else"),
        }
    }
}

impl ComplaintOutcome {
    pub const ALL: [Self; 3] = [Self::Substantiated, Self::Unsubstantiated, Self::OutOfScope];

    /// The word in JSON and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Substantiated => "substantiated",
            Self::Unsubstantiated => "unsubstantiated",
            Self::OutOfScope => "out_of_scope",
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::Substantiated => Text::new("事実と認め、対応した", "Found to be so, and acted upon"),
            Self::Unsubstantiated => Text::new("事実と認められなかった", "Not found to be so"),
            Self::OutOfScope => Text::new("この登録簿の扱う事柄ではない", "Not a matter for this register"),
        }
    }
}

impl ComplaintStage {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Closed => "closed",
        }
    }
}

impl Complaint {
    /// 受付: anybody complains, signed in or not. The register itself receives it: `by` is the caller it acts as.
    pub fn receive(
        id: ComplaintId,
        grievance: Grievance,
        registration: Option<RegistrationNumber>,
        licence: Option<LicenceId>,
        digest: String,
        by: Caller,
        at: Instant,
    ) -> (Self, Act) {
        let deed = Deed::ComplaintReceived { grievance, registration, licence, digest };
        settle(None, Act { subject: Subject::Complaint(id), version: 1, at, by, deed })
    }

    /// 受領の確認: a person of the secretariat has read it, and sees to it from now on.
    pub fn acknowledge(self, about: &Object<'_>, by: &Actor, at: Instant) -> Result<(Self, Act), ComplaintRefusal> {
        let by = self.handling(about, by, ComplaintStage::Received, at)?;
        Ok(self.follow(Deed::ComplaintAcknowledged {}, by, at))
    }

    /// 担当の割当て: somebody else sees to it.
    pub fn assign(
        self,
        handler: &Person,
        about: &Object<'_>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), ComplaintRefusal> {
        let by = self.handling(about, by, ComplaintStage::Acknowledged, at)?;
        let belongs = |own: &crate::people::Membership| about.owner == Some(&own.organisation);
        let is_tied = handler.memberships.iter().any(|own| own.is_in_force(at.day()) && belongs(own));
        if handler.is_dismissed || !handler.is(Role::Secretariat, at.day()) || is_tied {
            return Err(ComplaintRefusal::NotHandler { person: handler.id.clone() });
        }
        Ok(self.follow(Deed::ComplaintAssigned { handler: handler.id.clone() }, by, at))
    }

    /// 回答: the reporter is told something.
    pub fn reply(
        self,
        text: String,
        about: &Object<'_>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), ComplaintRefusal> {
        let by = self.handling(about, by, ComplaintStage::Acknowledged, at)?;
        if !has_words(&text) {
            return Err(ComplaintRefusal::NoWords);
        }
        Ok(self.follow(Deed::ComplaintReplied { text }, by, at))
    }

    /// 終結: it is closed with what was found.
    pub fn close(
        self,
        outcome: ComplaintOutcome,
        reason: String,
        about: &Object<'_>,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), ComplaintRefusal> {
        let by = self.handling(about, by, ComplaintStage::Acknowledged, at)?;
        if !has_words(&reason) {
            return Err(ComplaintRefusal::NoWords);
        }
        Ok(self.follow(Deed::ComplaintClosed { outcome, reason }, by, at))
    }

    pub fn stage(&self) -> ComplaintStage {
        match (&self.closed, self.acknowledged_at) {
            (Some(_), _) => ComplaintStage::Closed,
            (None, Some(_)) => ComplaintStage::Acknowledged,
            (None, None) => ComplaintStage::Received,
        }
    }

    /// The instant by which a person acknowledges it: as many hours after it was received as held on that day.
    pub fn acknowledge_by(&self, settings: &Settings) -> Instant {
        let hours = settings.number(Figure::AcknowledgeHours, self.received_at.day());
        self.received_at.plus_seconds(hours * 3_600)
    }

    /// Has the time for acknowledging it passed by `now`, or had it when that was done?
    pub fn is_acknowledged_late(&self, settings: &Settings, now: Instant) -> bool {
        self.acknowledged_at.unwrap_or(now) > self.acknowledge_by(settings)
    }

    fn handling(
        &self,
        about: &Object<'_>,
        by: &Actor,
        needed: ComplaintStage,
        at: Instant,
    ) -> Result<Caller, ComplaintRefusal> {
        let by = by.caller(Power::HandleComplaint, about, at)?;
        let found = self.stage();
        if found != needed {
            return Err(ComplaintRefusal::Stage { found: found.as_str(), needed: needed.as_str() });
        }
        Ok(by)
    }

    fn follow(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        let act = Act { subject: self.subject(), version, at, by, deed };
        settle(Some(self), act)
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Complaint>, act: Act) -> (Complaint, Act) {
    let after = Complaint::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Complaint {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Complaint(id) = &act.subject else { return Err(impossible) };
        let mut state = match (before, &act.deed) {
            (None, Deed::ComplaintReceived { grievance, registration, licence, digest }) => {
                return Ok(Self {
                    id: id.clone(),
                    version: 1,
                    grievance: *grievance,
                    registration: registration.clone(),
                    licence: *licence,
                    digest: digest.clone(),
                    received_at: act.at,
                    acknowledged_at: None,
                    handler: None,
                    replies: Vec::new(),
                    closed: None,
                    changed_at: act.at,
                });
            }
            (Some(state), _) => state,
            (None, _) => return Err(impossible),
        };
        match (state.stage(), &act.deed) {
            (ComplaintStage::Received, Deed::ComplaintAcknowledged {}) => {
                state.acknowledged_at = Some(act.at);
                state.handler = Some(act.by.person.clone());
            }
            (ComplaintStage::Acknowledged, Deed::ComplaintAssigned { handler }) => {
                state.handler = Some(handler.clone());
            }
            (ComplaintStage::Acknowledged, Deed::ComplaintReplied { text }) => {
                state.replies.push(Reply { text: text.clone(), at: act.at });
            }
            (ComplaintStage::Acknowledged, Deed::ComplaintClosed { outcome, reason }) => {
                state.closed = Some(Closing { outcome: *outcome, reason: reason.clone(), at: act.at });
            }
            _ => return Err(impossible),
        }
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Complaint(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
