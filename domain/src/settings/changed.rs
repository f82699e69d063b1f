//! The record of one setting: what it was changed to, from when, by whose reasons.

use serde::{Deserialize, Serialize};

use super::SettingId;
use crate::act::{Act, Deed, Impossible, Replay, Subject};
use crate::calendar::{Day, Instant};
use crate::scheme::Standing;

/// A setting that was changed at least once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangedSetting {
    pub id: SettingId,
    pub version: u32,
    /// Of a figure, in the order in which they were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Change>,
    /// Of the holidays, in the order in which they were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidayChange>,
    pub changed_at: Instant,
}

/// A figure, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// In the figure's unit.
    pub value: u32,
    /// The first day in Japan on which it holds.
    pub from: Day,
    pub standing: Standing,
    pub source: String,
    pub reason: String,
    /// When two people had made it.
    pub at: Instant,
}

/// What was said of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HolidayChange {
    pub days: Vec<Holiday>,
    pub source: String,
    pub reason: String,
    pub at: Instant,
}

/// A day, and the name of the holiday it is; none where it is none, whatever was said of it before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holiday {
    pub day: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Replay for ChangedSetting {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Setting(id) = &act.subject else { return Err(impossible) };
        let (mut figures, mut holidays) = before.map_or_else(Default::default, |own| (own.figures, own.holidays));
        let today = act.at.day();
        match (id, &act.deed) {
            (SettingId::Figure(figure), Deed::SettingChanged { value, from, standing, source, reason, .. }) => {
                let (least, most) = figure.bounds();
                // What was said of a day that has begun stands.
                if *from <= today || !(least..=most).contains(value) {
                    return Err(impossible);
                }
                let (source, reason) = (source.clone(), reason.clone());
                figures.push(Change { value: *value, from: *from, standing: *standing, source, reason, at: act.at });
            }
            (SettingId::Holidays, Deed::HolidaysChanged { days, source, reason, .. }) => {
                if days.is_empty() || days.iter().any(|holiday| holiday.day <= today) {
                    return Err(impossible);
                }
                let (days, source, reason) = (days.clone(), source.clone(), reason.clone());
                holidays.push(HolidayChange { days, source, reason, at: act.at });
            }
            _ => return Err(impossible),
        }
        Ok(Self { id: *id, version: act.version, figures, holidays, changed_at: act.at })
    }

    fn subject(&self) -> Subject {
        Subject::Setting(self.id)
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
