//! Settings of the scheme 「制度の設定」 as they hold on a day: what `scheme.toml` and `holidays.toml` say, and what two
//! people have changed since.
//!
//! A change holds from a day that was still to come when it was confirmed. So what a setting is on a day is known for
//! good once that day has begun, every act of the day is judged by the same one, and nothing that was computed before
//! becomes otherwise. Which day is asked about is said with each setting ([`Figure::governed_by`]).

mod change;
mod changed;
mod figure;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use change::{HOLIDAYS, Proposed, Refusal};
pub use changed::{Change, ChangedSetting, Holiday, HolidayChange};
pub use figure::{Figure, Unit};

use crate::calendar::Day;
use crate::scheme::{Scheme, Standing};
use crate::text::Text;
use crate::working_day::bundled_holiday;

/// A setting that two people can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SettingId {
    /// A number of days, months, years or hours.
    Figure(Figure),
    /// 休日: days on which the registration body does not work.
    Holidays,
}

/// A word that names no setting, cut to 60 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSetting(pub String);

impl fmt::Display for NoSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "設定の名前として読めません / not the name of a setting: {:?}", self.0)
    }
}

impl std::error::Error for NoSetting {}

impl SettingId {
    /// All of them, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        Figure::ALL.into_iter().map(Self::Figure).chain([Self::Holidays])
    }

    /// The word in JSON, tables and addresses; it never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Figure(figure) => figure.as_str(),
            Self::Holidays => "holidays",
        }
    }

    /// Its name for people.
    pub fn words(self) -> Text {
        match self {
            Self::Figure(figure) => figure.words(),
            Self::Holidays => Text::new("休日", "Holidays"),
        }
    }
}

impl fmt::Display for SettingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SettingId {
    type Err = NoSetting;

    fn from_str(text: &str) -> Result<Self, NoSetting> {
        Self::all().find(|id| id.as_str() == text).ok_or_else(|| NoSetting(text.chars().take(60).collect()))
    }
}

impl TryFrom<String> for SettingId {
    type Error = NoSetting;

    fn try_from(text: String) -> Result<Self, NoSetting> {
        text.parse()
    }
}

impl From<SettingId> for String {
    fn from(id: SettingId) -> Self {
        id.as_str().to_owned()
    }
}

/// A setting as it holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce<'a> {
    pub value: u32,
    pub standing: Standing,
    pub source: &'a str,
    /// Since when; none where it is what the program came with.
    pub from: Option<Day>,
}

/// All settings, with every change of them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What no change is about.
    pub scheme: &'static Scheme,
    changed: BTreeMap<SettingId, ChangedSetting>,
    /// What was said last of each day.
    holidays: BTreeMap<Day, Option<String>>,
}

impl Settings {
    /// The settings this program was built with.
    pub fn bundled() -> &'static Self {
        static BUNDLED: LazyLock<Settings> = LazyLock::new(|| Settings::with([]));
        &BUNDLED
    }

    /// Those, with what was changed since.
    pub fn with(changed: impl IntoIterator<Item = ChangedSetting>) -> Self {
        let changed: BTreeMap<SettingId, ChangedSetting> = changed.into_iter().map(|one| (one.id, one)).collect();
        let said = changed.get(&SettingId::Holidays).into_iter().flat_map(|own| &own.holidays);
        let days = said.flat_map(|change| &change.days).map(|holiday| (holiday.day, holiday.name.clone()));
        Self { scheme: Scheme::bundled(), holidays: days.collect(), changed }
    }

    /// The same once this record is in the place of what was known of its setting.
    pub fn and(&self, changed: ChangedSetting) -> Self {
        let others = self.changed.values().filter(|known| known.id != changed.id).cloned();
        Self::with(others.chain([changed.clone()]))
    }

    /// The record of a setting that was changed.
    pub fn changed(&self, id: SettingId) -> Option<&ChangedSetting> {
        self.changed.get(&id)
    }

    /// How often a setting was changed.
    pub fn version(&self, id: SettingId) -> u32 {
        self.changed(id).map_or(0, |own| own.version)
    }

    /// The changes of a figure, in the order in which they were made.
    pub fn history(&self, figure: Figure) -> &[Change] {
        self.changed(SettingId::Figure(figure)).map_or(&[], |own| &own.figures)
    }

    /// What a figure is on `day`: of what was said of days up to it, what is said of the latest; and of that the last.
    pub fn on(&self, figure: Figure, day: Day) -> InForce<'_> {
        let begun = self.history(figure).iter().filter(|change| change.from <= day);
        match begun.max_by_key(|change| change.from) {
            Some(Change { value, from, standing, source, .. }) => {
                InForce { value: *value, standing: *standing, source, from: Some(*from) }
            }
            None => self.bundled_figure(figure),
        }
    }

    /// What the program came with.
    pub fn bundled_figure(&self, figure: Figure) -> InForce<'static> {
        let (value, standing, source, _) = figure.bundled(self.scheme);
        InForce { value, standing, source, from: None }
    }

    /// The number alone.
    pub fn number(&self, figure: Figure, day: Day) -> u32 {
        self.on(figure, day).value
    }

    /// The days on which a figure becomes another one, and those of `day` itself: every value it has from then on.
    pub(super) fn values_from(&self, figure: Figure, day: Day) -> impl Iterator<Item = (Day, u32)> {
        let later = self.history(figure).iter().map(|change| change.from).filter(move |from| *from > day);
        std::iter::once(day).chain(later).map(move |day| (day, self.number(figure, day)))
    }

    /// The name of the holiday that `day` is, as two people said it or as `holidays.toml` does.
    pub fn holiday(&self, day: Day) -> Option<&str> {
        match self.holidays.get(&day) {
            Some(said) => said.as_deref(),
            None => bundled_holiday(day),
        }
    }
}
