//! 情報共有: undertakes to share at least alert statistics 「アラートの統計情報」; the reports follow later.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule = Rule {
    term: ("情報共有", "Information sharing"),
    reads: &["/informationSharing"],
    needs: &[],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    vec![facts.declared(
        facts.declaration.information_sharing.undertakes_alert_statistics,
        "/informationSharing/undertakesAlertStatistics",
        ("アラートの統計情報の提供に応じる", "alert statistics will be provided"),
    )]
}
