//! 最低契約年数: the shortest contract a user has to keep has a cap.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use crate::edition::LimitName;

pub(super) const RULE: Rule = Rule {
    term: ("最低契約年数", "Minimum contract term"),
    reads: &["/contract/minimumTermMonths"],
    needs: &[LimitName::MinimumTermMonths],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let months = facts.declaration.contract.minimum_term_months;
    let what = ("最低契約期間", "Minimum contract term");
    vec![facts.figure(LimitName::MinimumTermMonths, months.into(), "/contract/minimumTermMonths", what)]
}
