//! The criteria 「要件」, one small file each.
//!
//! A criterion checks facts; `finding` adds the checks up, and is the only place that decides. Wording, clause,
//! limits and standing come from the [edition](crate::edition) that governs the day.

mod class_two;
mod combined_price;
mod consulting;
mod continuity;
mod disclosure;
mod emergency_response;
mod endpoint_monitoring;
mod endpoint_price;
mod experience;
mod facts;
mod finding;
mod help_desk;
mod information_sharing;
mod insurance;
mod minimum_term;
mod network_monitoring;
mod network_price;
mod one_package;
mod price;
mod renewal;
mod simplicity;
mod track_record;
mod watching;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::declaration::Declaration;
use crate::edition::{Criterion, LimitName};
use crate::text::Text;
use facts::Facts;
use finding::{Check, conclude};

pub use class_two::{Gate, GateName, gates};
pub use finding::{Conclusion, Doubt, Finding, Shortfall};
pub use track_record::TrackRecord;

/// A criterion's name, the same in every edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionId {
    /// 1 相談窓口
    HelpDesk,
    /// 2a 異常の監視（ネットワーク一括監視型）
    NetworkMonitoring,
    /// 2b 異常の監視（端末監視型）
    EndpointMonitoring,
    /// 3 緊急時の対応支援
    EmergencyResponse,
    /// 4 導入・運用できる簡単さ
    Simplicity,
    /// 5a 価格（ネットワーク一括監視型）
    NetworkPrice,
    /// 5b 価格（端末監視型）
    EndpointPrice,
    /// 価格（併用型）
    CombinedPrice,
    /// 5c 最低契約年数
    MinimumTerm,
    /// 5d 契約条件の説明
    Disclosure,
    /// 6 簡易サイバー保険
    Insurance,
    /// 7 ワンパッケージ
    OnePackage,
    /// 8 実績
    Experience,
    /// 9 情報共有
    InformationSharing,
    /// 10 事業継続性
    Continuity,
    /// 11 更新
    Renewal,
    /// 12 コンサルティング
    Consulting,
}

/// A criterion as code: its name, the limits it compares with, and what it checks.
pub(crate) struct Rule {
    term: (&'static str, &'static str),
    /// Where in the declaration it looks, as JSON Pointers, unless an edition says otherwise.
    pub(crate) reads: &'static [&'static str],
    /// Limits an edition has to give.
    pub(crate) needs: &'static [LimitName],
    /// Limits an edition may give: all of them or none.
    pub(crate) may_have: &'static [LimitName],
    assess: fn(&Facts) -> Vec<Check>,
}

impl CriterionId {
    /// Every criterion, in the order of the edition that first had it.
    pub const ALL: [Self; 17] = [
        Self::HelpDesk,
        Self::NetworkMonitoring,
        Self::EndpointMonitoring,
        Self::EmergencyResponse,
        Self::Simplicity,
        Self::NetworkPrice,
        Self::EndpointPrice,
        Self::CombinedPrice,
        Self::MinimumTerm,
        Self::Disclosure,
        Self::Insurance,
        Self::OnePackage,
        Self::Experience,
        Self::InformationSharing,
        Self::Continuity,
        Self::Renewal,
        Self::Consulting,
    ];

    /// The criterion's name for people: 「相談窓口」.
    pub fn term(self) -> Text {
        let (ja, en) = self.rule().term;
        Text::new(ja, en)
    }

    pub(crate) fn rule(self) -> &'static Rule {
        match self {
            Self::HelpDesk => &help_desk::RULE,
            Self::NetworkMonitoring => &network_monitoring::RULE,
            Self::EndpointMonitoring => &endpoint_monitoring::RULE,
            Self::EmergencyResponse => &emergency_response::RULE,
            Self::Simplicity => &simplicity::RULE,
            Self::NetworkPrice => &network_price::RULE,
            Self::EndpointPrice => &endpoint_price::RULE,
            Self::CombinedPrice => &combined_price::RULE,
            Self::MinimumTerm => &minimum_term::RULE,
            Self::Disclosure => &disclosure::RULE,
            Self::Insurance => &insurance::RULE,
            Self::OnePackage => &one_package::RULE,
            Self::Experience => &experience::RULE,
            Self::InformationSharing => &information_sharing::RULE,
            Self::Continuity => &continuity::RULE,
            Self::Renewal => &renewal::RULE,
            Self::Consulting => &consulting::RULE,
        }
    }
}

/// The finding on a criterion that is in force for the declaration's class and kind. `missing` is where a draft says
/// nothing yet.
pub(crate) fn find(
    criterion: &Criterion,
    declaration: &Declaration,
    missing: &[String],
    day: Day,
    record: Option<&TrackRecord>,
) -> Finding {
    let facts = Facts { declaration, day, record, criterion, missing };
    conclude(criterion, (criterion.id.rule().assess)(&facts))
}

/// The finding on a criterion of a draft that does not say yet of which class or kind the service is.
pub(crate) fn find_nothing(criterion: &Criterion, pointer: &str, what: Text) -> Finding {
    conclude(criterion, vec![Check::not_filled_in(pointer, what)])
}
