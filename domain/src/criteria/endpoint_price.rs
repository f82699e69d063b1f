//! 価格（端末監視型）: the monthly price of an endpoint has a cap, tax excluded, and a single endpoint can be contracted for.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::price;
use crate::edition::LimitName;
use crate::yen::Charge;

pub(super) const RULE: Rule = Rule {
    term: ("価格（端末監視型）", "Price, endpoint kind"),
    reads: &["/prices", "/contract/minimumEndpoints"],
    needs: &[LimitName::MonthlyYenPerEndpointExcludingTax, LimitName::FewestEndpointsOfAContract],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let mut checks = price::assess(facts, Charge::MonthlyPerEndpoint, LimitName::MonthlyYenPerEndpointExcludingTax);
    let pointer = "/contract/minimumEndpoints";
    checks.push(match facts.declaration.contract.minimum_endpoints {
        Some(fewest) => {
            let what = ("契約できる最少の端末数", "Fewest endpoints of a contract");
            facts.figure(LimitName::FewestEndpointsOfAContract, fewest.into(), pointer, what)
        }
        None => facts.declared(false, pointer, ("契約できる最少の端末数", "the fewest endpoints of a contract")),
    });
    checks
}
