//! The criteria 「要件」, one small file each.

use serde::{Deserialize, Serialize};

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
