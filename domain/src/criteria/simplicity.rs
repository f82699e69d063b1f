//! 導入・運用できる簡単さ: users without knowledge of IT or security can introduce and run it.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule =
    Rule {
        term: ("導入・運用できる簡単さ", "Simplicity"), reads: &["/simplicity"], needs: &[], may_have: &[], assess
    };

fn assess(facts: &Facts) -> Vec<Check> {
    let measures = &facts.declaration.simplicity.measures;
    vec![facts.described(
        measures,
        "/simplicity/measures",
        ("専門知識のないユーザのための工夫", "what is done for users without expertise"),
    )]
}
