//! 更新: undertakes to be examined again at every renewal.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use crate::edition::LimitName;
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    term: ("更新", "Renewal"),
    reads: &["/renewal"],
    needs: &[LimitName::RenewalEveryYears],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let limit = facts.limit(LimitName::RenewalEveryYears);
    let every = limit.value.map_or(Text::new("更新の都度", "at every renewal"), |years| {
        let years = limit.name.measure().text(years);
        Text::new(format!("{}ごとに", years.ja), format!("every {}", years.en))
    });
    let (ja, en) = (format!("{}更新審査を受ける", every.ja), format!("a renewal examination is taken {}", every.en));
    let undertakes = facts.declaration.renewal.undertakes_examination;
    vec![facts.declared_on(limit, undertakes, "/renewal/undertakesExamination", (&ja, &en))]
}
