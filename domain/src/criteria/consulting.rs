//! コンサルティング: class 2 asks for it at regular intervals; how often is not known.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use crate::edition::LimitName;

pub(super) const RULE: Rule = Rule {
    term: ("コンサルティング", "Consulting"),
    reads: &["/consulting"],
    needs: &[LimitName::ConsultingTimesAYear],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let is_any = |times: u16| times > 0 || facts.lacks("/consulting/timesPerYear");
    let consulting = facts.declaration.consulting.as_ref().filter(|consulting| is_any(consulting.times_per_year));
    let Some(consulting) = consulting else {
        return vec![facts.declared(
            false,
            "/consulting",
            ("定期的なコンサルティングを行う", "there is periodic consulting"),
        )];
    };
    let times = consulting.times_per_year.into();
    vec![
        facts.figure(
            LimitName::ConsultingTimesAYear,
            times,
            "/consulting/timesPerYear",
            ("コンサルティング", "Consulting"),
        ),
        facts.described(&consulting.content, "/consulting/content", ("コンサルティングの内容", "what is consulted on")),
    ]
}
