//! Change 「変更届」: what is declared of a registered service changes.
//!
//! What no criterion asks about is notified, and holds from that instant. What one asks about is applied for and examined,
//! as far as it touches criteria ([`crate::edition::Touched`]), and holds from the decision. The term stays in both. The
//! register remembers what it said before, and says it of the days before.

use serde::{Deserialize, Serialize};

use super::{Refusal, Registration, Status, Succession, listing};
use crate::act::{Act, ApplicationId, Deed, Listing, OrganisationId};
use crate::application::{Application, Concern, Matter};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;
use crate::criteria::{Conclusion, Finding};
use crate::declaration::Declaration;
use crate::edition::{Edition, Touched};

/// Something after which the register says otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// From when the register says otherwise.
    pub at: Instant,
    pub cause: Cause,
    /// Whose it was until then.
    pub owner: OrganisationId,
    /// What the register said until then.
    pub listing: Listing,
}

/// What changed it. `fields` are JSON Pointers into the declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Cause {
    /// 届出
    Notified { fields: Vec<String> },
    /// 審査を経た変更
    Examined { application: ApplicationId, fields: Vec<String> },
    /// 更新
    Renewed { application: ApplicationId },
    /// 承継
    Succeeded { succession: Box<Succession> },
}

/// What a changed declaration would mean, before anything is saved of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub touched: Touched,
    /// Of the criteria that it touches, in the edition's order.
    pub findings: Vec<FindingBeside>,
}

/// The engine's finding on a criterion as it is declared now, and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingBeside {
    pub before: Finding,
    pub after: Finding,
    /// It turns unmet: such a change is not likely to pass.
    pub turns_unmet: bool,
}

impl Preview {
    /// Is nothing of it asked by a criterion, so that it holds once it is notified?
    pub fn is_general(&self) -> bool {
        self.touched.criteria.is_empty()
    }

    /// The findings that turn unmet.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.turns_unmet).map(|finding| &finding.after)
    }

    /// Puts together what the engine found of both declarations.
    pub fn of(touched: Touched, before: Vec<Finding>, after: Vec<Finding>) -> Self {
        let of_criterion = |findings: &[Finding], id| findings.iter().find(|finding| finding.criterion == id).cloned();
        let beside = touched.criteria.iter().filter_map(|id| {
            let (before, after) = (of_criterion(&before, *id)?, of_criterion(&after, *id)?);
            let is_unmet = |finding: &Finding| matches!(finding.conclusion, Conclusion::Unmet { .. });
            let turns_unmet = is_unmet(&after) && !is_unmet(&before);
            Some(FindingBeside { before, after, turns_unmet })
        });
        Self { findings: beside.collect(), touched }
    }
}

impl Registration {
    /// What `after` would change of what is declared now, under the edition that governs today: which fields, and which
    /// criteria that touches.
    pub fn touched(&self, now: &Declaration, after: &Declaration, edition: &Edition) -> Result<Touched, Refusal> {
        if after.service.class != self.listing.class {
            return Err(Refusal::OtherClass { registered: self.listing.class });
        }
        if after.provider.legal_entity_number != now.provider.legal_entity_number {
            return Err(Refusal::OtherCompany { registered: now.provider.legal_entity_number });
        }
        let touched = edition.touched(now, after);
        if touched.fields.is_empty() { Err(Refusal::NothingChanged) } else { Ok(touched) }
    }

    /// What a change that is examined concerns. One that no criterion reads is notified instead.
    pub fn change(&self, now: &Declaration, after: &Declaration, edition: &Edition) -> Result<Concern, Refusal> {
        let touched = self.touched(now, after, edition)?;
        if touched.criteria.is_empty() {
            return Err(Refusal::General { fields: touched.fields });
        }
        Ok(Concern { registration: self.number.clone(), matter: Matter::Change, touched: Some(touched) })
    }

    /// 届出: the provider notifies a change that no criterion asks about. `now` is what is declared so far.
    pub fn notify(
        self,
        now: &Declaration,
        after: Declaration,
        edition: &Edition,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::NotifyChange, &self.object(), at)?;
        let at = at.max(self.changed_at);
        self.require_changeable(at)?;
        let touched = self.touched(now, &after, edition)?;
        if !touched.criteria.is_empty() {
            return Err(Refusal::Examined { criteria: touched.criteria });
        }
        let listing = Box::new(listing(&after, self.listing.edition.clone(), self.listing.edition_digest.clone()));
        let deed = Deed::Notified { fields: touched.fields, declaration: Box::new(after), listing };
        Ok(self.act(deed, by, at))
    }

    /// What a change that passed does: the register says what was examined, and whatever was notified meanwhile.
    ///
    /// It was examined in part, so the edition that the whole was judged by stays.
    pub(super) fn changed_by(&self, application: &Application) -> Option<Deed> {
        let fields = application.concerns.as_ref()?.touched.as_ref()?.fields.clone();
        let (edition, digest) = (self.listing.edition.clone(), self.listing.edition_digest.clone());
        let declaration = self.notified_meanwhile(application);
        let listing = listing(declaration.as_deref().unwrap_or(&application.declaration), edition, digest);
        Some(Deed::Changed { application: application.id.clone(), fields, listing: Box::new(listing), declaration })
    }

    /// What an application declares, with what was notified since it was filed; none where nothing was.
    pub(super) fn notified_meanwhile(&self, application: &Application) -> Option<Box<Declaration>> {
        let filed_at = self.filings.iter().rev().find(|filing| filing.application == application.id)?.filed_at;
        let mut notified = Vec::new();
        for change in self.changes.iter().filter(|change| filed_at <= change.at) {
            if let Cause::Notified { fields } = &change.cause {
                notified.extend(fields.iter().cloned());
            }
        }
        let now = self.declared.as_ref().filter(|_| !notified.is_empty())?;
        Some(Box::new(application.declaration.with_fields_of(now, &notified)))
    }

    /// Can something of it change at `at`? What is over stays as it was.
    pub(super) fn require_changeable(&self, at: Instant) -> Result<(), Refusal> {
        match self.status(at) {
            Status::Valid | Status::Suspended { .. } | Status::NotYet { .. } => Ok(()),
            status => Err(Refusal::Status { found: status.as_str(), needed: "valid, suspended, not_yet" }),
        }
    }

    /// Whose it was at `at`, and what the register said of it then.
    pub fn as_listed(&self, at: Instant) -> (&OrganisationId, &Listing) {
        let later = self.changes.iter().find(|change| at < change.at);
        later.map_or((&self.owner, &self.listing), |change| (&change.owner, &change.listing))
    }

    /// Those who had it before, each until an instant, oldest first.
    pub fn successions(&self) -> impl Iterator<Item = (&Change, &Succession)> {
        self.changes.iter().filter_map(|change| match &change.cause {
            Cause::Succeeded { succession } => Some((change, &**succession)),
            _ => None,
        })
    }

    /// Since when its provider has it, where it had another one before.
    pub fn held_since(&self) -> Option<Instant> {
        self.successions().last().map(|(change, _)| change.at)
    }

    /// The register says `listing` from `at` on.
    pub(super) fn list(&mut self, cause: Cause, listing: &Listing, declared: Option<&Declaration>, at: Instant) {
        let before = std::mem::replace(&mut self.listing, listing.clone());
        self.changes.push(Change { at, cause, owner: self.owner.clone(), listing: before });
        self.declared = declared.cloned().map(Box::new);
    }

    /// Takes a notified change into account; false where it cannot follow.
    pub(super) fn take_notice(&mut self, act: &Act) -> bool {
        let Deed::Notified { fields, declaration, listing } = &act.deed else { return false };
        if self.require_changeable(act.at).is_err() {
            return false;
        }
        self.list(Cause::Notified { fields: fields.clone() }, listing, Some(declaration), act.at);
        true
    }
}
