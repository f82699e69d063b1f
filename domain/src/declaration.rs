//! The declaration 「申告内容」: what a provider says of its service when it applies.
//!
//! The wire form is JSON, checked first by `schemas/declaration.schema.json`, then typed here. Field names follow the
//! government's GIF core vocabulary where it has them.

mod compared;
mod format;
mod incomplete;
pub(crate) mod typed;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::Day;
use crate::criteria::CriterionId;
use crate::parties::{CorporateNumber, PostalCode, Prefecture, Telephone};
use crate::text::Text;
use crate::yen::LineItem;

pub use format::Format;
pub use incomplete::{Incomplete, is_place};

/// A whole declaration. Every text is as typed, less control characters and blanks around it; readings are katakana;
/// days are days in Japan; money says its tax basis. Reading it is generous (numbers in full width, hiragana),
/// writing it gives the one stored form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Declaration {
    pub provider: Provider,
    pub service: Service,
    pub help_desk: HelpDesk,
    pub monitoring: Monitoring,
    pub emergency_response: EmergencyResponse,
    pub simplicity: Simplicity,
    pub prices: Vec<LineItem>,
    pub contract: Contract,
    pub insurance: Insurance,
    pub package: Package,
    pub experience: Experience,
    pub information_sharing: InformationSharing,
    pub continuity: Continuity,
    pub renewal: Renewal,
    /// Asked of class 2 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consulting: Option<Consulting>,
    /// Documents that show what is declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

impl Declaration {
    /// The place of the first of these JSON Pointers that names no field: neither one that is declared, nor one that may
    /// have been left out of a section that is. An empty pointer names the whole.
    pub fn first_unknown<'a>(&self, mut pointers: impl Iterator<Item = &'a str>) -> Option<usize> {
        let document = serde_json::to_value(self).expect("a declaration has a JSON form");
        let is_section = |pointer: &str| !pointer.is_empty() && document.pointer(pointer).is_some_and(Value::is_object);
        pointers.position(|pointer| {
            let is_left_out = matches!(pointer, "/consulting" | "/evidence")
                || pointer.rsplit_once('/').is_some_and(|(section, _)| is_section(section));
            document.pointer(pointer).is_none() && !is_left_out
        })
    }
}

/// The provider 「サービス提供事業者」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Provider {
    /// 法人番号; a sole proprietor has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_entity_number: Option<CorporateNumber>,
    #[serde(deserialize_with = "typed::line")]
    pub trade_name: String,
    #[serde(deserialize_with = "typed::kana")]
    pub trade_name_kana: String,
    pub prefecture: Prefecture,
    pub postal_code: PostalCode,
    #[serde(deserialize_with = "typed::line")]
    pub address: String,
    pub telephone: Telephone,
}

/// The service 「お助け隊サービス」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    #[serde(deserialize_with = "typed::line")]
    pub name: String,
    #[serde(deserialize_with = "typed::kana")]
    pub name_kana: String,
    pub class: Class,
    pub kind: Kind,
    #[serde(deserialize_with = "typed::text")]
    pub summary: String,
    /// The day from which the service is or was first offered.
    pub started_on: Day,
    /// Prefectures in which users are served; never empty.
    pub regions: Vec<Prefecture>,
}

/// 類: editions before 2.0 know one class only, which 2.0 carries on as class 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Class {
    /// 1類
    One,
    /// 2類
    Two,
}

impl From<Class> for u8 {
    fn from(class: Class) -> Self {
        match class {
            Class::One => 1,
            Class::Two => 2,
        }
    }
}

impl TryFrom<u8> for Class {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(format!("類は1または2です（読み取った値：{other}） / the class is 1 or 2, read: {other}")),
        }
    }
}

/// The kind of monitoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// ネットワーク一括監視型
    Network,
    /// 端末監視型
    Endpoint,
    /// 併用型
    Combined,
}

impl Kind {
    /// The kind for people: 「ネットワーク一括監視型」.
    pub fn term(self) -> Text {
        match self {
            Self::Network => Text::new("ネットワーク一括監視型", "network kind"),
            Self::Endpoint => Text::new("端末監視型", "endpoint kind"),
            Self::Combined => Text::new("併用型", "combined kind"),
        }
    }
}

/// 相談窓口
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelpDesk {
    /// One window takes, or guides, every enquiry.
    pub is_single_window: bool,
    pub covers_introduction: bool,
    pub covers_operation: bool,
    #[serde(deserialize_with = "typed::line")]
    pub hours: String,
    pub telephone: Telephone,
}

/// 異常の監視の仕組み: the parts that the service's kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Monitoring {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkMonitoring>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointMonitoring>,
}

/// Watching a user's network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkMonitoring {
    /// 0–24
    pub hours_per_day: u8,
    /// 0–7
    pub days_per_week: u8,
    pub detects: bool,
    pub notifies: bool,
    /// UTM and the like; empty when there is none.
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub tool: String,
    /// People or a centre who watch what the tool reports.
    pub has_monitoring_service: bool,
    /// How it is watched, in the applicant's words.
    #[serde(deserialize_with = "typed::text")]
    pub method: String,
    /// Endpoints in the network that one contract can cover; none when there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_endpoints: Option<u32>,
}

/// Watching endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointMonitoring {
    /// 0–24
    pub hours_per_day: u8,
    /// 0–7
    pub days_per_week: u8,
    pub detects: bool,
    pub notifies: bool,
    pub covers_pcs: bool,
    pub covers_servers: bool,
    /// EDR and the like; empty when there is none.
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub tool: String,
    pub has_monitoring_service: bool,
    #[serde(deserialize_with = "typed::text")]
    pub method: String,
    /// Endpoints one contract can cover; none when there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_endpoints: Option<u32>,
}

/// 緊急時の対応支援
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyResponse {
    /// An engineer is sent to the place the user names 「駆付け」.
    pub dispatches: bool,
    /// At the user's request.
    pub on_request: bool,
    /// The clause of the terms of service that says so; empty only when nobody is sent.
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub terms_clause: String,
}

/// 導入・運用できる簡単さ
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Simplicity {
    #[serde(deserialize_with = "typed::text")]
    pub measures: String,
}

/// Conditions of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contract {
    /// 最低契約期間 in months; 0 when there is none.
    pub minimum_term_months: u16,
    /// The fewest endpoints one can contract for; asked of the endpoint and combined kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_endpoints: Option<u32>,
    /// Initial cost, contract years and other conditions stand in the terms.
    pub conditions_in_terms: bool,
    /// The clause of the terms where they stand; empty only when they do not.
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub terms_clause: String,
    pub explained: Explained,
}

/// How the conditions are explained to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Explained {
    Orally,
    InWriting,
    OrallyAndInWriting,
    NotExplained,
}

/// 簡易サイバー保険
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Insurance {
    pub is_attached: bool,
    pub covers_first_response: bool,
    /// Who pays what beyond the cover is explained to users.
    pub explains_remainder: bool,
    /// Insurer and policy; both empty only when none is attached.
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub insurer: String,
    #[serde(deserialize_with = "typed::line_or_nothing")]
    pub policy: String,
}

/// ワンパッケージ
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Package {
    pub is_single_contract: bool,
    /// Why the user nevertheless has no extra paperwork, where there is more than one contract.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "typed::optional_text")]
    pub exception: Option<String>,
}

/// 実績
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Experience {
    /// Took part in the pilot 「お助け隊実証事業」.
    pub took_part_in_pilot: bool,
    /// Has provided such a service to SMEs since this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provided_to_smes_since: Option<Day>,
    #[serde(deserialize_with = "typed::text")]
    pub description: String,
}

/// 情報共有
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InformationSharing {
    /// Undertakes to give at least アラートの統計情報.
    pub undertakes_alert_statistics: bool,
}

/// 事業継続性
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Continuity {
    #[serde(deserialize_with = "typed::text")]
    pub people: String,
    #[serde(deserialize_with = "typed::text")]
    pub quality_management: String,
    #[serde(deserialize_with = "typed::text")]
    pub finances: String,
    #[serde(deserialize_with = "typed::text")]
    pub accounting: String,
}

/// 更新
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Renewal {
    /// Undertakes to be examined again at every renewal.
    pub undertakes_examination: bool,
}

/// コンサルティング
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consulting {
    pub times_per_year: u16,
    #[serde(deserialize_with = "typed::text")]
    pub content: String,
}

/// A document and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    pub criterion: CriterionId,
    #[serde(deserialize_with = "typed::line")]
    pub title: String,
    /// Page or clause, as a person would cite it.
    #[serde(deserialize_with = "typed::line")]
    pub place: String,
}
