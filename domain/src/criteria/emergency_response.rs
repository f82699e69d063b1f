//! 緊急時の対応支援: at the user's request and under the agreed terms, an engineer is sent to the place the user names.
//! Remote support alone is not enough.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule = Rule {
    term: ("緊急時の対応支援", "Emergency response"),
    reads: &["/emergencyResponse"],
    needs: &[],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let response = &facts.declaration.emergency_response;
    vec![
        facts.declared(
            response.dispatches,
            "/emergencyResponse/dispatches",
            ("ユーザの指定する場所に技術者を派遣する", "an engineer is sent to the place the user names"),
        ),
        facts.declared(
            response.on_request,
            "/emergencyResponse/onRequest",
            ("ユーザの要請に応じる", "this is done at the user's request"),
        ),
        facts.described(
            &response.terms_clause,
            "/emergencyResponse/termsClause",
            ("根拠となるサービス規約の条項", "the clause of the terms of service"),
        ),
    ]
}
