//! Renewal 「更新」: another term under the same number, by an application that is judged as any other.
//!
//! What an application does to the registration it concerns are acts of that registration, done in the application's own
//! transaction: so its state at any instant follows from its own acts, and time alone ends what nobody decides.

use serde::{Deserialize, Serialize};

use super::{Cause, Refusal, Registration, Status, listing};
use crate::act::{Act, ApplicationId, Deed, Verdict};
use crate::application::{Application, Matter, ObjectionOutcome};
use crate::authority::{Actor, Power};
use crate::calendar::{Day, Instant, Period};
use crate::settings::{Figure, Settings};

/// An application that concerns the registration, since it was filed 「申請の受付」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filing {
    pub application: ApplicationId,
    pub matter: Matter,
    pub filed_at: Instant,
    /// Where the last term ends that was entered when it was filed: the one that it may carry the registration behind.
    pub term_until: Day,
    /// The first day on which the registration does not go on any more while the renewal is undecided; none where it was
    /// not filed in time, and for whatever is no renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds_until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<FilingEnd>,
}

/// How a filing ended, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilingEnd {
    pub outcome: FilingOutcome,
    pub at: Instant,
}

/// What became of a filing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingOutcome {
    /// It passed, and stands in the register.
    Entered,
    /// 不合格
    Failed,
    /// 取下げ
    Withdrawn,
    /// Another one was entered meanwhile, or the registration had ended.
    Superseded,
}

/// An edition under which a registration was judged, until it was renewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarlierEdition {
    pub edition: String,
    pub until: Instant,
}

/// When a renewal can be applied for 「更新の申請期間」: days in Japan, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub opens: Day,
    /// The last day on which it is in time: what is filed by then goes on being registered while it is undecided.
    pub due: Day,
    /// The last day of the term. After it nothing is renewed that was not filed.
    pub closes: Day,
}

/// A registration that goes on behind the end of its term, because its renewal was filed in time and is undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    pub filing: &'a Filing,
    /// The term that has ended.
    pub term: Period,
    /// The first day on which it does not go on any more, unless it is renewed.
    pub until: Day,
}

impl Window {
    /// The window of a term: that of the settings on its first day, so that nobody's moves.
    pub fn of(term: Period, settings: &Settings) -> Self {
        let closes = term.last_day();
        let before = |figure| closes.plus_months(-(settings.number(figure, term.from) as i32));
        Self { opens: before(Figure::RenewalOpensMonths), due: before(Figure::RenewalDueMonths), closes }
    }
}

impl Registration {
    /// When the last term that was entered can be renewed.
    pub fn renewal_window(&self, settings: &Settings) -> Window {
        Window::of(self.last_term(), settings)
    }

    /// The renewal that is being examined, or has passed and waits to be entered.
    pub fn open_renewal(&self) -> Option<&Filing> {
        self.filings.iter().find(|filing| filing.matter == Matter::Renewal && filing.ended.is_none())
    }

    /// The change that is being examined.
    pub fn open_change(&self) -> Option<&Filing> {
        self.filings.iter().find(|filing| filing.matter == Matter::Change && filing.ended.is_none())
    }

    /// The applications that concern it and are neither entered nor over.
    pub fn pending(&self) -> impl Iterator<Item = &ApplicationId> {
        self.filings.iter().filter(|filing| filing.ended.is_none()).map(|filing| &filing.application)
    }

    /// The application that led to what the register says now: the one registered last, or renewed with.
    pub fn judged_on(&self) -> &ApplicationId {
        let entered = self.filings.iter().rfind(|filing| filing.is_entered());
        entered.map_or(&self.application, |filing| &filing.application)
    }

    /// The application by which all criteria were judged last: the one it was registered with, or renewed with. A change
    /// is examined in part, so it is none.
    pub fn judged_whole_on(&self) -> &ApplicationId {
        let renewals = self.filings.iter().filter(|filing| filing.matter == Matter::Renewal);
        renewals.rev().find(|filing| filing.is_entered()).map_or(&self.application, |filing| &filing.application)
    }

    /// The applications that led to what the register says, oldest first.
    pub fn entered(&self) -> impl Iterator<Item = &ApplicationId> {
        let later = self.filings.iter().filter(|filing| filing.is_entered()).map(|filing| &filing.application);
        std::iter::once(&self.application).chain(later)
    }

    /// Did this application lead to a term or a change of this registration?
    pub fn is_from(&self, application: &ApplicationId) -> bool {
        self.entered().any(|entered| entered == application)
    }

    /// 受付: an application that was submitted for this registration.
    pub fn file(
        self,
        application: &Application,
        settings: &Settings,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::SubmitApplication, &self.object(), at)?;
        let matter = application.concerns.as_ref().filter(|concern| concern.registration == self.number);
        let matter = matter.ok_or(Refusal::NotFiled)?.matter;
        let at = at.max(self.changed_at);
        let holds_until = self.can_file(matter, settings, at)?;
        if application.declaration.service.class != self.listing.class {
            return Err(Refusal::OtherClass { registered: self.listing.class });
        }
        let deed = Deed::Filed { application: application.id.clone(), matter, holds_until };
        Ok(self.act(deed, by, at))
    }

    /// Can something be applied for about this registration now? Until when it would carry the registration on.
    pub fn can_file(&self, matter: Matter, settings: &Settings, at: Instant) -> Result<Option<Day>, Refusal> {
        let status = self.status(at);
        if !matches!(status, Status::Valid | Status::Suspended { .. }) {
            return Err(Refusal::Status { found: status.as_str(), needed: "valid, suspended" });
        }
        if let Some(filing) = self.filings.iter().find(|filing| filing.ended.is_none()) {
            return Err(Refusal::Filed { application: filing.application.clone() });
        }
        match matter {
            Matter::Change => Ok(None),
            Matter::Renewal => {
                let (window, today) = (self.renewal_window(settings), at.day());
                if today < window.opens || window.closes < today {
                    return Err(Refusal::OutsideWindow { window, today });
                }
                let months = settings.number(Figure::RenewalUndecidedMonths, today) as i32;
                Ok((today <= window.due && months > 0).then(|| self.last_term().until.plus_months(months)))
            }
        }
    }

    /// What an act on an application does to the registration it concerns: a withdrawal or a fail ends its filing, and an
    /// objection to the fail that is upheld files it again. None where nothing follows.
    ///
    /// What it had held it holds again only while it never ceased to: nobody's register changes backwards.
    pub fn follow(self, application: &Application, done: &Act) -> Option<(Self, Act)> {
        let last = self.filings.iter().rev().find(|filing| filing.application == application.id)?.clone();
        let at = done.at.max(self.changed_at);
        let ended = |outcome| Deed::FilingEnded { application: application.id.clone(), outcome };
        let deed = match (&done.deed, last.ended.as_ref().map(|ended| ended.outcome)) {
            (Deed::Withdrawn { .. }, None) => ended(FilingOutcome::Withdrawn),
            (Deed::Decided { decision, .. }, None) if decision.verdict == Verdict::Fail => ended(FilingOutcome::Failed),
            // What changes holds from the decision; nobody enters it.
            (Deed::Decided { .. }, None) if last.matter == Matter::Change => match self.require_changeable(at) {
                Ok(()) => self.changed_by(application)?,
                Err(_) => ended(FilingOutcome::Superseded),
            },
            (
                Deed::ObjectionDecided { outcome: ObjectionOutcome::Upheld, .. },
                Some(FilingOutcome::Failed | FilingOutcome::Superseded),
            ) => {
                let is_same_term = last.term_until == self.last_term().until;
                let holds_until = last.holds_until.filter(|_| is_same_term && self.holds(at.day()));
                Deed::Filed { application: application.id.clone(), matter: last.matter, holds_until }
            }
            _ => return None,
        };
        Some(self.act(deed, done.by.clone(), at))
    }

    /// 更新: the secretariat enters the next term of what passed.
    ///
    /// While the registration holds, the next term begins where the last one ends, so that no moment lies between; once
    /// it has lapsed, on a later day, so that what was said of the past stays true.
    pub fn renew(
        self,
        application: &Application,
        from: Day,
        years: u8,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Register, &application.object(), at)?;
        application.passed_at().ok_or(Refusal::NotPassed)?;
        let is_filed = self.open_renewal().is_some_and(|filing| filing.application == application.id);
        if !is_filed {
            return Err(Refusal::NotFiled);
        }
        let at = at.max(self.changed_at);
        let status = self.status(at);
        if !matches!(status, Status::Valid | Status::Suspended { .. } | Status::Lapsed { .. }) {
            return Err(Refusal::Status { found: status.as_str(), needed: "valid, suspended, lapsed" });
        }
        let earliest = self.renews_from(at);
        if matches!(status, Status::Lapsed { .. }) {
            if from < earliest {
                return Err(Refusal::TermBegins { from, earliest, is_exact: false });
            }
            if from > Period::of_years(at.day(), 1).until {
                return Err(Refusal::TooFarAhead { from });
            }
        } else if from != earliest {
            return Err(Refusal::TermBegins { from, earliest, is_exact: true });
        }
        let declaration = self.notified_meanwhile(application);
        let declared = declaration.as_deref().unwrap_or(&application.declaration);
        let (edition, digest) = (application.edition.clone(), application.edition_digest.clone());
        let deed = Deed::Renewed {
            application: application.id.clone(),
            listing: Box::new(listing(declared, edition, digest)),
            term: Period::of_years(from, years),
            declaration,
        };
        Ok(self.act(deed, by, at))
    }

    /// The first day of the next term: where the last one ends, or tomorrow once the registration has lapsed.
    pub fn renews_from(&self, at: Instant) -> Day {
        let (today, last) = (at.day(), self.last_term());
        if self.runs_until(last) <= today { today.next() } else { last.until }
    }

    /// Why it goes on at `at` behind its term, if it does. A measure may stand in the way all the same.
    pub fn extension(&self, at: Instant) -> Option<Extension<'_>> {
        let (day, term) = (at.day(), self.term_as_known(at)?);
        if term.contains(day) || day < term.from {
            return None;
        }
        let holding = |filing: &&Filing| filing.filed_at <= at && filing.holds(term).is_some_and(|until| day < until);
        let filing = self.filings.iter().filter(holding).max_by_key(|filing| filing.holds(term))?;
        Some(Extension { filing, term, until: filing.holds(term)? })
    }

    /// The last term that had begun by `at` and was entered by then.
    fn term_as_known(&self, at: Instant) -> Option<Period> {
        let mut known = self.terms.iter().enumerate().rev();
        let is_known = |index: usize| self.entered_at(index).is_none_or(|entered| entered <= at);
        known.find(|(index, term)| term.from <= at.day() && is_known(*index)).map(|(_, term)| *term)
    }

    /// When a term behind the first was entered.
    pub(super) fn entered_at(&self, index: usize) -> Option<Instant> {
        let mut renewed = self.filings.iter().filter(|filing| filing.matter == Matter::Renewal && filing.is_entered());
        renewed.nth(index.checked_sub(1)?)?.ended.as_ref().map(|ended| ended.at)
    }

    /// The day on which what began with this term ceases, if nothing is entered behind it.
    pub fn runs_until(&self, term: Period) -> Day {
        let extended = self.filings.iter().filter_map(|filing| filing.holds(term)).max();
        extended.map_or(term.until, |until| until.max(term.until))
    }

    /// The days on which it was registered, as they are known at `at`: its terms, each with what carried it on behind it.
    pub fn held(&self, at: Instant) -> impl Iterator<Item = Period> {
        let carried = move |term: &Period| {
            let until = self.runs_until(*term).min(at.day().next()).max(term.until);
            Period { from: term.from, until }
        };
        self.terms.iter().map(carried)
    }

    /// The last term that was entered.
    pub fn last_term(&self) -> Period {
        *self.terms.last().expect("a registration begins with a term")
    }

    /// Takes a filing's act into account; false where it cannot follow.
    pub(super) fn take_filing(&mut self, act: &Act) -> bool {
        let open = |application: &ApplicationId| {
            let is_open = |filing: &Filing| filing.application == *application && filing.ended.is_none();
            self.filings.iter().position(is_open)
        };
        match &act.deed {
            Deed::Filed { application, matter, holds_until } if open(application).is_none() => {
                self.filings.push(Filing {
                    application: application.clone(),
                    matter: *matter,
                    filed_at: act.at,
                    term_until: self.last_term().until,
                    holds_until: *holds_until,
                    ended: None,
                });
            }
            Deed::FilingEnded {
                application,
                outcome: outcome @ (FilingOutcome::Failed | FilingOutcome::Withdrawn | FilingOutcome::Superseded),
            } => {
                let Some(index) = open(application) else { return false };
                self.filings[index].ended = Some(FilingEnd { outcome: *outcome, at: act.at });
            }
            Deed::Renewed { application, listing, term, declaration } => {
                if open(application).is_none() || term.from < self.last_term().until {
                    return false;
                }
                self.enter(application, act.at);
                let edition = self.listing.edition.clone();
                self.earlier_editions.push(EarlierEdition { edition, until: act.at });
                let cause = Cause::Renewed { application: application.clone() };
                self.list(cause, listing, declaration.as_deref(), act.at);
                self.terms.push(*term);
            }
            Deed::Changed { application, fields, listing, declaration } => {
                if open(application).is_none_or(|index| self.filings[index].matter != Matter::Change) {
                    return false;
                }
                self.enter(application, act.at);
                let cause = Cause::Examined { application: application.clone(), fields: fields.clone() };
                self.list(cause, listing, declaration.as_deref(), act.at);
            }
            _ => return false,
        }
        true
    }

    /// What this application was filed for is entered: no other one waits any more.
    fn enter(&mut self, application: &ApplicationId, at: Instant) {
        for filing in self.filings.iter_mut().filter(|filing| filing.ended.is_none()) {
            let is_it = filing.application == *application;
            let outcome = if is_it { FilingOutcome::Entered } else { FilingOutcome::Superseded };
            filing.ended = Some(FilingEnd { outcome, at });
        }
    }
}

impl Filing {
    fn is_entered(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.outcome == FilingOutcome::Entered)
    }

    /// Until when it carries the registration behind a term. What failed or was taken back does so until the end of that
    /// day: a registration ends at midnight.
    fn holds(&self, term: Period) -> Option<Day> {
        let until = self.holds_until.filter(|_| self.term_until == term.until)?;
        match &self.ended {
            Some(FilingEnd { outcome: FilingOutcome::Failed | FilingOutcome::Withdrawn, at }) => {
                Some(until.min(at.day().next()))
            }
            _ => Some(until),
        }
    }
}
