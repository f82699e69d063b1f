//! The yearly self-check 「自己点検」: the provider says of each criterion whether it is still met, or what has changed.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::criteria::CriterionId;
use crate::reading::has_words;
use crate::registration::Registration;
use crate::settings::{Figure, Settings};

use super::{Duty, Matter};

/// What the provider says of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckedCriterion {
    pub criterion: CriterionId,
    pub finding: OwnFinding,
    /// What has changed; may be empty where nothing has.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// The provider's own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnFinding {
    /// 引き続き充足
    StillMet,
    /// 変更あり
    Changed,
}

/// Why a self-check is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckFault {
    /// Nothing is said of this criterion.
    Missing(CriterionId),
    /// It is not asked of this service, or stands there twice.
    TooMany(CriterionId),
    /// It has changed, and nothing says how.
    NoWords(CriterionId),
}

/// The first thing that is wrong with a self-check about these criteria.
pub(super) fn fault(checked: &[CheckedCriterion], asked: &[CriterionId]) -> Option<CheckFault> {
    let times = |criterion: CriterionId| checked.iter().filter(|one| one.criterion == criterion).count();
    let missing =
        asked.iter().find(|criterion| times(**criterion) == 0).map(|criterion| CheckFault::Missing(*criterion));
    let of = |one: &CheckedCriterion| {
        if !asked.contains(&one.criterion) || times(one.criterion) > 1 {
            return Some(CheckFault::TooMany(one.criterion));
        }
        let is_silent = one.finding == OwnFinding::Changed && !has_words(&one.words);
        is_silent.then_some(CheckFault::NoWords(one.criterion))
    };
    missing.or_else(|| checked.iter().find_map(of))
}

impl Registration {
    /// A year of a term is checked where the registration goes on after it: at the end of a term that is not renewed
    /// there is nothing left to check, and before a renewal everything is examined.
    pub(super) fn check_duties(&self, settings: &Settings) -> Vec<Duty> {
        let years = |term: &Period| {
            let anniversaries = (0..u8::MAX).map(|year| Period::of_years(term.from, year).until);
            let last = term.until;
            let days: Vec<_> = anniversaries.take_while(|day| *day <= last).collect();
            days.windows(2).map(|pair| Period { from: pair[0], until: pair[1] }).collect::<Vec<_>>()
        };
        let goes_on = |year: &Period| self.is_carried_on(year.from.start()) && self.is_carried_on(year.until.start());
        let duty = |period: Period| {
            let number = |figure| settings.number(figure, period.last_day()) as i32;
            Duty {
                matter: Matter::SelfCheck,
                period,
                opens: period.until.plus_days(-number(Figure::SelfCheckOpensDays)),
                due: period.until.plus_days(number(Figure::SelfCheckDueDays)),
            }
        };
        self.terms.iter().flat_map(years).filter(goes_on).map(duty).collect()
    }
}
