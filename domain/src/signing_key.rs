//! The public record of a signing key: what it signs, since when, and whether it is still to be trusted. The secret is
//! the edge's business.
//!
//! A register's first key of a purpose signs from its creation. Every later one is made as the *next*; two people
//! activate it, and from that instant it signs in the other's place. What the former signed stays good: it is retired,
//! not distrusted. Two people declare a key *compromised*: nothing is signed with it any more, and what it has signed
//! counts only where the register itself remembers it.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Caller, Deed, Impossible, KeyId, ProposalId, Replay, Subject};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::Instant;
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;

/// A key of the registry, as the log knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SigningKey {
    pub id: KeyId,
    pub version: u32,
    /// `licence` or `log`: one key, one purpose.
    pub purpose: String,
    /// The 32 bytes of the Ed25519 public key, in hexadecimal.
    pub public: String,
    pub created_at: Instant,
    /// Made to follow another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_next: bool,
    /// When two people activated it; never of a register's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised: Option<Compromised>,
}

/// Since when a key is not trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Compromised {
    pub at: Instant,
    pub reason: String,
}

/// What a key is good for, among the others of its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// 次の鍵: made, and not yet used.
    Next,
    /// 使用中: signs.
    Active { since: Instant },
    /// 引退: another signs in its place; what it signed is good.
    Retired { since: Instant },
    /// 危殆化
    Compromised { since: Instant },
}

impl KeyState {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active { .. } => "active",
            Self::Retired { .. } => "retired",
            Self::Compromised { .. } => "compromised",
        }
    }
}

/// Why nothing is done to a key. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal does not carry it.
    Proposal(proposal::Refusal),
    /// It is in another state.
    State { found: &'static str, needed: &'static str },
    /// A reason is required and was empty.
    NoReason,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<proposal::Refusal> for Refusal {
    fn from(refusal: proposal::Refusal) -> Self {
        Self::Proposal(refusal)
    }
}

impl SigningKey {
    /// Records a key that was made. There is no way to refuse: the key exists. `is_next`: its purpose has a key already.
    pub fn create(id: KeyId, purpose: &str, public: String, is_next: bool, by: &Caller, at: Instant) -> (Self, Act) {
        let deed = Deed::KeyCreated { purpose: purpose.to_owned(), public, is_next };
        let act = Act { subject: Subject::Key(id), version: 1, at, by: by.clone(), deed };
        settle(None, act)
    }

    /// 使用開始の提案: for a key that was made to be the next.
    pub fn propose_activation(&self, id: ProposalId, by: &Actor, at: Instant) -> Result<(Proposal, Act), Refusal> {
        let by = self.activating(by, at)?;
        let motion = Motion::ActivateKey { key: self.id.clone() };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at())))
    }

    /// 使用開始: a second person confirms. From now on it signs in the place of its purpose's other key.
    pub fn activate(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        if proposal.motion != (Motion::ActivateKey { key: self.id.clone() }) {
            return Err(proposal::Refusal::OtherMotion.into());
        }
        let by = self.activating(by, at)?;
        proposal.second(self.version, &by, at)?;
        Ok(self.act(Deed::KeyActivated { proposal: proposal.id.clone() }, by, at))
    }

    /// 危殆化の提案: in whatever state the key is.
    pub fn propose_distrust(
        &self,
        id: ProposalId,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = self.distrusting(&reason, by, at)?;
        let motion = Motion::CompromiseKey { key: self.id.clone(), reason };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at())))
    }

    /// 危殆化: a second person confirms. It signs nothing more, and there is no way back.
    pub fn distrust(self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let reason = match &proposal.motion {
            Motion::CompromiseKey { key, reason } if *key == self.id => reason.clone(),
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = self.distrusting(&reason, by, at)?;
        proposal.second(self.version, &by, at)?;
        Ok(self.act(Deed::KeyCompromised { reason, proposal: proposal.id.clone() }, by, at))
    }

    /// Since when it has signed; none while it waits to be the next.
    pub fn signs_from(&self) -> Option<Instant> {
        if self.is_next { self.activated_at } else { Some(self.created_at) }
    }

    /// What it is good for, among all keys of the register.
    pub fn state(&self, all: &[Self]) -> KeyState {
        if let Some(Compromised { at, .. }) = &self.compromised {
            return KeyState::Compromised { since: *at };
        }
        let Some(since) = self.signs_from() else { return KeyState::Next };
        let follows = |other: &&Self| other.purpose == self.purpose && other.order() > self.order();
        match all.iter().filter(follows).filter_map(Self::signs_from).min() {
            Some(since) => KeyState::Retired { since },
            None => KeyState::Active { since },
        }
    }

    /// The key that signs for `purpose`. None where it was compromised and no other is activated yet: then nothing is
    /// signed, least of all with a key that was retired before.
    pub fn active<'a>(all: &'a [Self], purpose: &str) -> Option<&'a Self> {
        all.iter().find(|key| key.purpose == purpose && matches!(key.state(all), KeyState::Active { .. }))
    }

    /// Keys of one purpose sign one after the other. Two activated in the same second: the later act is not known
    /// here, so the id decides, for everybody alike.
    fn order(&self) -> Option<(Instant, &KeyId)> {
        self.signs_from().map(|since| (since, &self.id))
    }

    fn activating(&self, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let by = by.caller(Power::ChangeKey, &Object::default(), at)?;
        let found = match (&self.compromised, self.signs_from()) {
            (Some(_), _) => "compromised",
            (None, Some(_)) => "activated",
            (None, None) => return Ok(by),
        };
        Err(Refusal::State { found, needed: "next" })
    }

    fn distrusting(&self, reason: &str, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let by = by.caller(Power::ChangeKey, &Object::default(), at)?;
        if self.compromised.is_some() {
            return Err(Refusal::State { found: "compromised", needed: "next, active, retired" });
        }
        if has_words(reason) { Ok(by) } else { Err(Refusal::NoReason) }
    }

    fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        let (version, at) = (self.version + 1, at.max(self.changed_at()));
        let act = Act { subject: self.subject(), version, at, by, deed };
        settle(Some(self), act)
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<SigningKey>, act: Act) -> (SigningKey, Act) {
    let after = SigningKey::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for SigningKey {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let mut state = match (&act.subject, &act.deed, before) {
            (Subject::Key(id), Deed::KeyCreated { purpose, public, is_next }, None) => {
                return Ok(Self {
                    id: id.clone(),
                    version: 1,
                    purpose: purpose.clone(),
                    public: public.clone(),
                    created_at: act.at,
                    is_next: *is_next,
                    activated_at: None,
                    compromised: None,
                });
            }
            (_, _, Some(state)) if state.compromised.is_none() => state,
            _ => return Err(impossible),
        };
        match &act.deed {
            Deed::KeyActivated { .. } if state.signs_from().is_none() => state.activated_at = Some(act.at),
            Deed::KeyCompromised { reason, .. } => {
                state.compromised = Some(Compromised { at: act.at, reason: reason.clone() });
            }
            _ => return Err(impossible),
        }
        state.version = act.version;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Key(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        let compromised = self.compromised.as_ref().map(|compromised| compromised.at);
        [Some(self.created_at), self.activated_at, compromised].into_iter().flatten().max().expect("it was created")
    }
}
