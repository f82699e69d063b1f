//! Succession 「承継」: a merger, a transfer of the business or another ground brings a registration to another provider.
//!
//! Number, terms, measures, history and the users' licences go with it. Days before keep the provider they had.

use serde::{Deserialize, Serialize};

use super::{Cause, Refusal, Registration, listing};
use crate::act::{Act, Caller, Deed, OrganisationId, ProposalId};
use crate::authority::{Actor, Object, Power};
use crate::calendar::{Day, Instant};
use crate::declaration::{Declaration, Provider};
use crate::parties::CorporateNumber;
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;
use crate::text::Text;

/// To whom a registration goes over, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Succession {
    pub to: OrganisationId,
    pub kind: SuccessionKind,
    /// The day in Japan on which the law or the contract brought it over, as the documents say. The register says so from
    /// the instant of the act on.
    pub on: Day,
    /// Fit for the public.
    pub reason: String,
    /// The documents that were shown, and who at the new provider consents; never published.
    pub evidence: String,
}

/// Why it goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuccessionKind {
    /// 合併
    Merger,
    /// 事業譲渡
    Transfer,
    /// 会社分割、相続その他の承継
    Succession,
}

impl SuccessionKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Merger, Self::Transfer, Self::Succession];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Merger => "merger",
            Self::Transfer => "transfer",
            Self::Succession => "succession",
        }
    }

    /// The word for people.
    pub fn term(self) -> Text {
        match self {
            Self::Merger => Text::new("合併", "merger"),
            Self::Transfer => Text::new("事業譲渡", "transfer of the business"),
            Self::Succession => {
                Text::new("承継（会社分割・相続など）", "succession (company split, inheritance or the like)")
            }
        }
    }
}

impl Registration {
    /// 承継の提案: the secretariat proposes that the registration go over to another provider.
    pub fn propose_succession(
        &self,
        id: ProposalId,
        succession: Succession,
        provider: Provider,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let at = at.max(self.changed_at);
        let by = self.may_succeed(&succession, by, at)?;
        self.can_succeed(&succession, &provider, at)?;
        let (registration, succession) = (self.number.clone(), Box::new(succession));
        let motion = Motion::Succeed { registration, succession, provider: Box::new(provider) };
        Ok(Proposal::make(id, motion, self.measured(), by, at))
    }

    /// 承継: a second person confirms it. `now` is what is declared so far; of that only the provider changes.
    pub fn succeed(
        self,
        proposal: &Proposal,
        now: &Declaration,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let (succession, provider) = match &proposal.motion {
            Motion::Succeed { registration, succession, provider } if *registration == self.number => {
                ((**succession).clone(), (**provider).clone())
            }
            _ => return Err(proposal::Refusal::OtherMotion.into()),
        };
        let at = at.max(self.changed_at);
        // Those of either provider have no part in it.
        let by = self.may_succeed(&succession, by, at)?;
        // What was confirmed already is said so, before what it did stands in its own way.
        proposal.second(self.measured(), &by, at)?;
        self.can_succeed(&succession, &provider, at)?;
        let declaration = Declaration { provider, ..now.clone() };
        let (edition, digest) = (self.listing.edition.clone(), self.listing.edition_digest.clone());
        let listing = Box::new(listing(&declaration, edition, digest));
        let (succession, declaration) = (Box::new(succession), Box::new(declaration));
        let deed = Deed::Succeeded { succession, declaration, listing, proposal: proposal.id.clone() };
        Ok(self.act(deed, by, at))
    }

    /// Who has a part in it, of neither provider.
    fn may_succeed(&self, succession: &Succession, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        by.caller(Power::Succeed, &Object { owner: Some(&succession.to), ..Object::default() }, at)?;
        Ok(by.caller(Power::Succeed, &self.object(), at)?)
    }

    fn can_succeed(&self, succession: &Succession, provider: &Provider, at: Instant) -> Result<(), Refusal> {
        self.require_changeable(at)?;
        if succession.to == self.owner {
            return Err(Refusal::OwnSuccessor);
        }
        if let Some(filing) = self.filings.iter().find(|filing| filing.ended.is_none()) {
            return Err(Refusal::Filed { application: filing.application.clone() });
        }
        // An organisation is its corporate number, where it has one.
        let of_organisation: Option<CorporateNumber> = succession.to.as_str().parse().ok();
        if of_organisation != provider.legal_entity_number {
            return Err(Refusal::OtherNumber { organisation: of_organisation });
        }
        let (earliest, latest) = (self.registered_at.day(), at.day());
        if succession.on < earliest || latest < succession.on {
            return Err(Refusal::SuccessionDay { on: succession.on, earliest, latest });
        }
        if !has_words(&succession.reason) {
            return Err(Refusal::NoReason);
        }
        if !has_words(&succession.evidence) {
            return Err(Refusal::NoWords { field: "evidence" });
        }
        Ok(())
    }

    /// Takes a succession into account; false where it cannot follow.
    pub(super) fn take_succession(&mut self, act: &Act) -> bool {
        let Deed::Succeeded { succession, declaration, listing, .. } = &act.deed else { return false };
        if self.require_changeable(act.at).is_err() || succession.to == self.owner {
            return false;
        }
        self.list(Cause::Succeeded { succession: succession.clone() }, listing, Some(declaration), act.at);
        self.owner = succession.to.clone();
        true
    }
}
