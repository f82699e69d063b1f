//! 事業継続性: people, quality management, stable finances and accounting.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule =
    Rule {
        term: ("事業継続性", "Continuity of business"), reads: &["/continuity"], needs: &[], may_have: &[], assess
    };

fn assess(facts: &Facts) -> Vec<Check> {
    let continuity = &facts.declaration.continuity;
    vec![
        facts.described(&continuity.people, "/continuity/people", ("要員の確保", "people")),
        facts.described(
            &continuity.quality_management,
            "/continuity/qualityManagement",
            ("品質管理等の社内プロセス", "quality management"),
        ),
        facts.described(&continuity.finances, "/continuity/finances", ("財政基盤", "finances")),
        facts.described(&continuity.accounting, "/continuity/accounting", ("経理処理能力", "accounting")),
    ]
}
