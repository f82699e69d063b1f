//! 価格（ネットワーク一括監視型）: a user's monthly price has a cap, tax excluded.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::price;
use crate::edition::LimitName;
use crate::yen::Charge;

pub(super) const RULE: Rule = Rule {
    term: ("価格（ネットワーク一括監視型）", "Price, network kind"),
    reads: &["/prices"],
    needs: &[LimitName::MonthlyYenExcludingTax],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    price::assess(facts, Charge::Monthly, LimitName::MonthlyYenExcludingTax)
}
