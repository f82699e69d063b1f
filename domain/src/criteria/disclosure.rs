//! 契約条件の説明: initial cost, contract years and other conditions stand in the terms and are explained orally or in
//! writing. The initial cost itself has no cap.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use crate::declaration::Explained;

pub(super) const RULE: Rule = Rule {
    term: ("契約条件の説明", "Disclosure of conditions"),
    reads: &["/contract/conditionsInTerms", "/contract/termsClause", "/contract/explained"],
    needs: &[],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let contract = &facts.declaration.contract;
    vec![
        facts.declared(
            contract.conditions_in_terms,
            "/contract/conditionsInTerms",
            (
                "初期費用や契約年数等の条件をサービス規約等に記載する",
                "initial cost, contract years and other conditions stand in the terms",
            ),
        ),
        facts.described(
            &contract.terms_clause,
            "/contract/termsClause",
            ("条件を記載した規約の条項", "the clause that states them"),
        ),
        facts.declared(
            contract.explained != Explained::NotExplained,
            "/contract/explained",
            ("条件を口頭又は書面でユーザに説明する", "the conditions are explained to users orally or in writing"),
        ),
    ]
}
