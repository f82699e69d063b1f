//! Alert statistics 「アラートの統計情報」: what a service saw in a period, counted.
//!
//! No source says how they are broken down; categories and severities are this registry's until one does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The largest count that is taken.
pub const MOST: u32 = 1_000_000_000;

/// One period's figures of one service: `schemas/alert-report.schema.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertFigures {
    /// 利用企業 watched on the period's last day.
    pub users: u32,
    /// Networks and endpoints watched on that day.
    pub devices: u32,
    /// Alerts that turned out to be incidents and were responded to.
    pub incidents: u32,
    /// 駆付け
    pub dispatches: u32,
    pub alerts: BTreeMap<Category, BySeverity>,
}

/// What an alert was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Malware,
    Intrusion,
    Outbound,
    Site,
    Mail,
    Anomaly,
    Other,
}

/// How grave it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    High,
    Medium,
    Low,
}

/// Alerts of one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BySeverity {
    pub high: u32,
    pub medium: u32,
    pub low: u32,
}

/// One of the counts of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    Users,
    Devices,
    Incidents,
    Dispatches,
    Alerts(Category, Severity),
}

impl Category {
    pub const ALL: [Self; 7] =
        [Self::Malware, Self::Intrusion, Self::Outbound, Self::Site, Self::Mail, Self::Anomaly, Self::Other];

    /// The word in JSON and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malware => "malware",
            Self::Intrusion => "intrusion",
            Self::Outbound => "outbound",
            Self::Site => "site",
            Self::Mail => "mail",
            Self::Anomaly => "anomaly",
            Self::Other => "other",
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::Malware => Text::new("マルウェア", "Malware"),
            Self::Intrusion => Text::new("不正アクセス", "Attempted intrusion"),
            Self::Outbound => Text::new("不審な外部通信", "Suspicious outbound traffic"),
            Self::Site => Text::new("危険なサイト", "Dangerous sites"),
            Self::Mail => Text::new("不審なメール", "Suspicious mail"),
            Self::Anomaly => Text::new("設定・操作の異常", "Unusual settings or use"),
            Self::Other => Text::new("その他", "Other"),
        }
    }
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word in JSON and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::High => Text::new("高", "High"),
            Self::Medium => Text::new("中", "Medium"),
            Self::Low => Text::new("低", "Low"),
        }
    }
}

impl BySeverity {
    pub fn of(self, severity: Severity) -> u32 {
        match severity {
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }
}

impl Count {
    /// Every count of a report, in the order of its file.
    pub fn all() -> impl Iterator<Item = Self> {
        let single = [Self::Users, Self::Devices, Self::Incidents, Self::Dispatches];
        let of = |category: Category| Severity::ALL.into_iter().map(move |severity| Self::Alerts(category, severity));
        single.into_iter().chain(Category::ALL.into_iter().flat_map(of))
    }

    /// The word for what is counted, in JSON and in files; of alerts their category's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Devices => "devices",
            Self::Incidents => "incidents",
            Self::Dispatches => "dispatches",
            Self::Alerts(category, _) => category.as_str(),
        }
    }

    pub fn term(self) -> Text {
        match self {
            Self::Users => Text::new("利用企業", "Users"),
            Self::Devices => Text::new("監視対象", "Networks and endpoints watched"),
            Self::Incidents => Text::new("対応した事案", "Incidents responded to"),
            Self::Dispatches => Text::new("駆付け", "Dispatches"),
            Self::Alerts(category, _) => category.term(),
        }
    }

    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Alerts(_, severity) => Some(severity),
            Self::Users | Self::Devices | Self::Incidents | Self::Dispatches => None,
        }
    }

    /// Where it stands in a report, as a JSON Pointer.
    pub fn pointer(self) -> String {
        match self {
            Self::Alerts(category, severity) => format!("/alerts/{}/{}", category.as_str(), severity.as_str()),
            single => format!("/{}", single.as_str()),
        }
    }
}

impl AlertFigures {
    /// The figures that give each count what `count` says.
    pub fn of(count: impl Fn(Count) -> u32) -> Self {
        let category = |category| {
            let of = |severity| count(Count::Alerts(category, severity));
            let by = BySeverity { high: of(Severity::High), medium: of(Severity::Medium), low: of(Severity::Low) };
            (category, by)
        };
        Self {
            users: count(Count::Users),
            devices: count(Count::Devices),
            incidents: count(Count::Incidents),
            dispatches: count(Count::Dispatches),
            alerts: Category::ALL.into_iter().map(category).collect(),
        }
    }

    /// One of the counts; none of a category that was left out.
    pub fn get(&self, count: Count) -> Option<u32> {
        match count {
            Count::Users => Some(self.users),
            Count::Devices => Some(self.devices),
            Count::Incidents => Some(self.incidents),
            Count::Dispatches => Some(self.dispatches),
            Count::Alerts(category, severity) => self.alerts.get(&category).map(|by| by.of(severity)),
        }
    }

    /// The first count that is missing or too large.
    pub fn fault(&self) -> Option<Count> {
        Count::all().find(|count| self.get(*count).is_none_or(|found| found > MOST))
    }
}
