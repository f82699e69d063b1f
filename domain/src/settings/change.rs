//! Changing a setting 「設定の変更」: one person proposes it, another confirms it, and it holds from a day to come.

use std::collections::BTreeSet;

use super::{ChangedSetting, Figure, Holiday, SettingId, Settings};
use crate::act::{Act, Caller, Deed, ProposalId, Replay, Subject};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::{Day, Instant};
use crate::proposal::{self, Motion, Proposal};
use crate::reading::has_words;
use crate::scheme::Standing;

/// The most days of one change of the holidays.
pub const HOLIDAYS: usize = 40;
/// The longest name of a holiday, in characters.
const NAME_CHARACTERS: usize = 60;
/// The most days ahead from which a change holds, and on which a holiday lies.
const AHEAD_DAYS: i32 = 3 * 366;

/// What is proposed of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposed {
    /// A figure is another one from a day on.
    Figure { figure: Figure, value: u32, from: Day, standing: Standing },
    /// Some days are holidays, or are none.
    Holidays(Vec<Holiday>),
}

/// Why a setting is not changed. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The proposal does not carry it.
    Proposal(proposal::Refusal),
    /// The number is not within its bounds.
    Bounds { figure: Figure, value: u32 },
    /// It is that already on the day from which it would hold.
    Unchanged { figure: Figure, value: u32, from: Day },
    /// A renewal would be due before, or when, it can be applied for: on `day` the window would open `opens` months, and
    /// end `due` months, before the end of the term.
    Window { opens: u32, due: u32, day: Day },
    /// It would hold from a day that has begun. `index` counts the days of a change of the holidays from 0.
    TooLate { index: Option<usize>, day: Day, earliest: Day },
    /// It would hold from a day that is too far ahead.
    TooFarAhead { index: Option<usize>, day: Day, latest: Day },
    /// No day is named, or more than [`HOLIDAYS`].
    HowMany { days: usize },
    /// A day is named twice.
    Twice { index: usize, day: Day },
    /// A holiday's name is empty or too long.
    Name { index: usize },
    /// What is said of the day is so already.
    HolidayUnchanged { index: usize, day: Day },
    /// Where it comes from is required and was empty.
    NoSource,
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

impl Proposed {
    /// The setting that it is about.
    pub fn setting(&self) -> SettingId {
        match self {
            Self::Figure { figure, .. } => SettingId::Figure(*figure),
            Self::Holidays(_) => SettingId::Holidays,
        }
    }
}

impl Settings {
    /// 設定の変更の提案: by the first of two people.
    pub fn propose(
        &self,
        id: ProposalId,
        what: Proposed,
        source: String,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let (at, version) = (self.no_earlier(what.setting(), at), self.version(what.setting()));
        let by = self.fit(&what, &source, &reason, by, at)?;
        let motion = match what {
            Proposed::Figure { figure, value, from, standing } => {
                Motion::ChangeSetting { setting: SettingId::Figure(figure), value, from, standing, source, reason }
            }
            Proposed::Holidays(days) => Motion::ChangeHolidays { days, source, reason },
        };
        Ok(Proposal::make(id, motion, version, by, at))
    }

    /// 設定の変更: another person confirms it.
    pub fn change(&self, proposal: &Proposal, by: &Actor, at: Instant) -> Result<(ChangedSetting, Act), Refusal> {
        let (what, source, reason) = Proposed::of(&proposal.motion).ok_or(proposal::Refusal::OtherMotion)?;
        let setting = what.setting();
        let (at, version) = (self.no_earlier(setting, at), self.version(setting));
        proposal.second(version, &by.caller(Power::ChangeSettings, &Object::default(), at)?, at)?;
        let by = self.fit(&what, source, reason, by, at)?;
        let (source, reason, proposal) = (source.to_owned(), reason.to_owned(), proposal.id.clone());
        let deed = match what {
            Proposed::Figure { value, from, standing, .. } => {
                Deed::SettingChanged { value, from, standing, source, reason, proposal }
            }
            Proposed::Holidays(days) => Deed::HolidaysChanged { days, source, reason, proposal },
        };
        let act = Act { subject: Subject::Setting(setting), version: version + 1, at, by, deed };
        let before = self.changed(setting).cloned();
        let after = ChangedSetting::replay(before, &act).expect("an act made from a state follows it");
        Ok((after, act))
    }

    /// Machines' clocks disagree; a record's acts are in order.
    fn no_earlier(&self, setting: SettingId, at: Instant) -> Instant {
        self.changed(setting).map_or(at, |own| at.max(own.changed_at))
    }

    /// Who changes it, if it can be changed now.
    fn fit(&self, what: &Proposed, source: &str, reason: &str, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let by = by.caller(Power::ChangeSettings, &Object::default(), at)?;
        match what {
            Proposed::Figure { figure, value, from, .. } => self.fits_figure(*figure, *value, *from, at.day())?,
            Proposed::Holidays(days) => self.fit_holidays(days, at.day())?,
        }
        if !has_words(source) {
            return Err(Refusal::NoSource);
        }
        if !has_words(reason) {
            return Err(Refusal::NoReason);
        }
        Ok(by)
    }

    fn fits_figure(&self, figure: Figure, value: u32, from: Day, today: Day) -> Result<(), Refusal> {
        let (least, most) = figure.bounds();
        if !(least..=most).contains(&value) {
            return Err(Refusal::Bounds { figure, value });
        }
        is_ahead(None, from, today)?;
        if self.number(figure, from) == value && self.on(figure, from).from != Some(from) {
            return Err(Refusal::Unchanged { figure, value, from });
        }
        // Until the next change that was made for a later day it is this one.
        let later = self.history(figure).iter().map(|change| change.from).filter(|day| *day > from).min();
        let holds = |day: &Day| later.is_none_or(|later| *day < later);
        let beside = |other: Figure| {
            let values: Vec<(Day, u32)> = self.values_from(other, from).filter(|(day, _)| holds(day)).collect();
            values
        };
        let wrong = match figure {
            Figure::RenewalOpensMonths => {
                let found = beside(Figure::RenewalDueMonths).into_iter().find(|(_, due)| *due >= value);
                found.map(|(day, due)| Refusal::Window { opens: value, due, day })
            }
            Figure::RenewalDueMonths => {
                let found = beside(Figure::RenewalOpensMonths).into_iter().find(|(_, opens)| value >= *opens);
                found.map(|(day, opens)| Refusal::Window { opens, due: value, day })
            }
            _ => None,
        };
        wrong.map_or(Ok(()), Err)
    }

    fn fit_holidays(&self, days: &[Holiday], today: Day) -> Result<(), Refusal> {
        if days.is_empty() || days.len() > HOLIDAYS {
            return Err(Refusal::HowMany { days: days.len() });
        }
        let mut named = BTreeSet::new();
        for (index, Holiday { day, name }) in days.iter().enumerate() {
            is_ahead(Some(index), *day, today)?;
            if !named.insert(day) {
                return Err(Refusal::Twice { index, day: *day });
            }
            let fits = |name: &String| has_words(name) && name.chars().count() <= NAME_CHARACTERS;
            if !name.as_ref().is_none_or(fits) {
                return Err(Refusal::Name { index });
            }
            if self.holiday(*day) == name.as_deref() {
                return Err(Refusal::HolidayUnchanged { index, day: *day });
            }
        }
        Ok(())
    }
}

/// Has that day still to come, and is it near enough?
fn is_ahead(index: Option<usize>, day: Day, today: Day) -> Result<(), Refusal> {
    let (earliest, latest) = (today.next(), today.plus_days(AHEAD_DAYS));
    if day < earliest {
        return Err(Refusal::TooLate { index, day, earliest });
    }
    if day > latest { Err(Refusal::TooFarAhead { index, day, latest }) } else { Ok(()) }
}

impl Proposed {
    /// What a motion about a setting proposes, from where and why.
    pub fn of(motion: &Motion) -> Option<(Self, &str, &str)> {
        match motion {
            Motion::ChangeSetting { setting: SettingId::Figure(figure), value, from, standing, source, reason } => {
                let what = Self::Figure { figure: *figure, value: *value, from: *from, standing: *standing };
                Some((what, source, reason))
            }
            Motion::ChangeHolidays { days, source, reason } => Some((Self::Holidays(days.clone()), source, reason)),
            _ => None,
        }
    }
}
