//! A mark licence 「使用許諾」: who may show the mark, because of which registration, and whether it counts.

use serde::{Deserialize, Serialize};

use super::cascade;
use super::id::LicenceId;
use super::token::{Claims, HolderKind};
use crate::act::{
    Act, Caller, Cause, Deed, Grant, Impossible, OrganisationId, ProposalId, RegistrationNumber, Replay, Subject,
};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::{Day, Instant};
use crate::parties::CorporateNumber;
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;
use crate::registration::{Registration, Status};

/// A licence and what became of it. Whether it counts also depends on the registration it hangs from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Licence {
    pub id: LicenceId,
    pub version: u32,
    pub grant: Grant,
    pub granted_at: Instant,
    /// The tokens that were signed before the one of now, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Former>,
    pub closed: Option<Closed>,
    pub changed_at: Instant,
}

/// A token that another one took the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Former {
    pub token_digest: String,
    /// The key that signed it.
    pub key: String,
    pub cause: Cause,
    pub until: Instant,
}

/// The end of a licence by an act of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Closed {
    pub how: How,
    pub at: Instant,
    pub reason: String,
}

/// How a licence closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// 終了: the contract ended, or the holder gave it back.
    Ended,
    /// 取消し: for cause.
    Revoked,
}

/// Who is to hold a licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The registered provider itself.
    Provider,
    /// A user SME that the provider attests.
    User { name: String, number: Option<CorporateNumber>, contract_from: Day },
}

/// A licence about to be granted: what its token will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub claims: Claims,
    registration: RegistrationNumber,
    holder_name: String,
    holder_number: Option<CorporateNumber>,
    contract_from: Option<Day>,
    by: Caller,
    at: Instant,
}

/// Why an act on a licence is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal cannot be confirmed.
    Proposal(proposal::Refusal),
    /// The registration is not in force.
    Registration { status: &'static str },
    /// This holder has a licence under this registration already.
    Licensed { licence: LicenceId },
    /// The contract begins after today.
    ContractAhead { from: Day, today: Day },
    /// The holder's name is empty, or longer than [`NAME_LIMIT`].
    Name { characters: usize },
    /// The licence has ended or was revoked.
    Closed,
    /// The key that signed its token is trusted.
    KeyTrusted { key: String },
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

/// The longest name of a holder, in characters: that of a provider's trade name in a declaration. A token holds what fits.
pub const NAME_LIMIT: usize = 200;

/// Prepares a licence: the provider's own is granted by the secretariat, a user's is attested by the provider whose
/// service it uses. `existing` is an open licence of the same holder under the same registration; `id` and
/// `status_index` were drawn at random and never used before.
pub fn offer(
    registration: &Registration,
    holder: Holder,
    existing: Option<LicenceId>,
    id: LicenceId,
    status_index: u32,
    by: &Actor,
    at: Instant,
) -> Result<Offer, Refusal> {
    let power = match holder {
        Holder::Provider => Power::GrantToProvider,
        Holder::User { .. } => Power::GrantToUser,
    };
    let by = by.caller(power, &registration.object(), at)?;
    let (kind, holder_name, holder_number, contract_from) = match holder {
        Holder::Provider => {
            let provider = &registration.listing.provider;
            (HolderKind::Provider, provider.trade_name.clone(), provider.legal_entity_number, None)
        }
        Holder::User { name, number, contract_from } => {
            let today = at.day();
            if contract_from > today {
                return Err(Refusal::ContractAhead { from: contract_from, today });
            }
            (HolderKind::User, name.trim().to_owned(), number, Some(contract_from))
        }
    };
    // A name that nobody can see could be compared with nothing.
    let characters = if has_words(&holder_name) { holder_name.chars().count() } else { 0 };
    if !(1..=NAME_LIMIT).contains(&characters) {
        return Err(Refusal::Name { characters });
    }
    let at = at.max(registration.changed_at);
    let status = registration.status(at);
    if status != Status::Valid {
        return Err(Refusal::Registration { status: status.as_str() });
    }
    if let Some(licence) = existing {
        return Err(Refusal::Licensed { licence });
    }
    let claims = Claims {
        licence: id,
        kind,
        status_index,
        holder_name: holder_name.clone(),
        corporate_number: holder_number,
        expires_at: registration.printed_end(at),
    };
    let registration = registration.number.clone();
    Ok(Offer { claims, registration, holder_name, holder_number, contract_from, by, at })
}

impl Offer {
    /// Grants what was offered, once `key` has signed the token with this SHA-256.
    pub fn grant(self, key: String, token_digest: String) -> (Licence, Act) {
        let deed = Deed::Granted(Grant {
            registration: self.registration,
            holder_kind: self.claims.kind,
            holder_name: self.holder_name,
            holder_number: self.holder_number,
            contract_from: self.contract_from,
            status_index: self.claims.status_index,
            expires_at: self.claims.expires_at,
            key,
            token_digest,
        });
        let subject = Subject::Licence(self.claims.licence);
        settle(None, Act { subject, version: 1, at: self.at, by: self.by, deed })
    }
}

impl Licence {
    /// What it takes to end it.
    pub fn ending(&self) -> Power {
        match self.grant.holder_kind {
            HolderKind::Provider => Power::EndProvidersLicence,
            HolderKind::User => Power::EndUsersLicence,
        }
    }

    /// 終了: the provider ends its user's licence, or the secretariat any.
    pub fn end(
        self,
        registration: &Registration,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(self.ending(), &registration.object(), at)?;
        self.require_open(&reason)?;
        Ok(self.act(Deed::Ended { reason }, by, at))
    }

    /// 取消しの提案: the secretariat proposes to revoke a licence for cause.
    pub fn propose_revocation(
        &self,
        id: ProposalId,
        registration: &Registration,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let by = by.caller(Power::RevokeLicence, &registration.object(), at)?;
        self.require_open(&reason)?;
        let motion = Motion::RevokeLicence { licence: self.id, reason };
        Ok(Proposal::make(id, motion, self.version, by, at.max(self.changed_at)))
    }

    /// 取消し: a second person confirms what the first proposed.
    pub fn revoke(
        self,
        registration: &Registration,
        proposal: &Proposal,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let reason = match &proposal.motion {
            Motion::RevokeLicence { licence, reason } if *licence == self.id => reason.clone(),
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let by = by.caller(Power::RevokeLicence, &registration.object(), at)?;
        self.require_open(&reason)?;
        proposal.second(self.version, &by, at)?;
        Ok(self.act(Deed::LicenceRevoked { reason, proposal: proposal.id.clone() }, by, at))
    }

    fn require_open(&self, reason: &str) -> Result<(), Refusal> {
        if self.closed.is_some() {
            return Err(Refusal::Closed);
        }
        if has_words(reason) { Ok(()) } else { Err(Refusal::NoReason) }
    }

    pub(super) fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        let (version, at) = (self.version + 1, at.max(self.changed_at));
        let act = Act { subject: self.subject(), version, at, by, deed };
        settle(Some(self), act)
    }

    /// The holder's organisation, where it has a corporate number.
    pub fn holder(&self) -> Option<OrganisationId> {
        self.grant.holder_number.and_then(|number| number.to_string().parse().ok())
    }

    /// The state at `at`: the licence's own end first, then whatever the registration's state is.
    ///
    /// The end of the term printed in the token does not matter here: renewal keeps the licence, so an old print stays
    /// good as long as the register says so.
    pub fn standing(&self, registration: &Registration, at: Instant) -> Standing {
        match self.closed.as_ref().filter(|closed| closed.at <= at) {
            Some(Closed { how: How::Ended, at, .. }) => return Standing::Ended { since: *at },
            Some(Closed { how: How::Revoked, at, reason }) => {
                return Standing::Revoked { since: *at, reason: reason.clone() };
            }
            None => {}
        }
        cascade::worth(registration, at).0
    }

    /// Until when it still counts, though the service behind it does not: a period of grace.
    pub fn grace(&self, registration: &Registration, at: Instant) -> Option<Instant> {
        let is_open = self.closed.as_ref().is_none_or(|closed| closed.at > at);
        cascade::graced(registration, at).filter(|_| is_open)
    }
}

/// What a mark is worth at an instant, as far as the register knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 有効
    Valid,
    /// 一時停止
    Suspended { since: Instant, reason: String },
    /// 取消し
    Revoked { since: Instant, reason: String },
    /// 終了・失効
    Ended { since: Instant },
}

impl Standing {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
            Self::Ended { .. } => "ended",
        }
    }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Licence>, act: Act) -> (Licence, Act) {
    let after = Licence::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Licence {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Licence(id) = &act.subject else { return Err(impossible) };
        let (state, how, reason) = match (before, &act.deed) {
            (None, Deed::Granted(grant)) => {
                let (grant, at) = (grant.clone(), act.at);
                return Ok(Self {
                    id: *id,
                    version: 1,
                    grant,
                    granted_at: at,
                    former: Vec::new(),
                    closed: None,
                    changed_at: at,
                });
            }
            (Some(state), Deed::Reissued(reissue)) if state.closed.is_none() => {
                return state.reissued(reissue, act).ok_or(impossible);
            }
            (Some(state), Deed::Ended { reason }) => (state, How::Ended, reason),
            (Some(state), Deed::LicenceRevoked { reason, .. }) => (state, How::Revoked, reason),
            _ => return Err(impossible),
        };
        if state.closed.is_some() {
            return Err(impossible);
        }
        let closed = Some(Closed { how, at: act.at, reason: reason.clone() });
        Ok(Self { version: act.version, closed, changed_at: act.at, ..state })
    }

    fn subject(&self) -> Subject {
        Subject::Licence(self.id)
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
