//! 価格（併用型）: the combined kind appeared with edition 2.0; how its price is capped is not known.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::price;
use crate::edition::LimitName;
use crate::yen::Charge;

pub(super) const RULE: Rule = Rule {
    term: ("価格（併用型）", "Price, combined kind"),
    reads: &["/prices"],
    needs: &[LimitName::MonthlyYenExcludingTax],
    may_have: &[],
    assess,
};

/// A combined service may charge for the network, for each endpoint, or both: all of it is one monthly price.
fn assess(facts: &Facts) -> Vec<Check> {
    price::assess_together(facts, &[Charge::Monthly, Charge::MonthlyPerEndpoint], LimitName::MonthlyYenExcludingTax)
}
