//! 相談窓口: one single window, set up or guided to, for every enquiry about introducing and running the service.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule = Rule {
    term: ("相談窓口", "Help desk"),
    reads: &["/helpDesk/isSingleWindow", "/helpDesk/coversIntroduction", "/helpDesk/coversOperation"],
    needs: &[],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let desk = &facts.declaration.help_desk;
    vec![
        facts.declared(
            desk.is_single_window,
            "/helpDesk/isSingleWindow",
            ("相談窓口が一元化されている", "there is one single window"),
        ),
        facts.declared(
            desk.covers_introduction,
            "/helpDesk/coversIntroduction",
            ("導入の相談を受け付ける", "it takes enquiries about introducing the service"),
        ),
        facts.declared(
            desk.covers_operation,
            "/helpDesk/coversOperation",
            ("運用の相談を受け付ける", "it takes enquiries about running the service"),
        ),
    ]
}
