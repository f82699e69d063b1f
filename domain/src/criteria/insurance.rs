//! 簡易サイバー保険: attached, covers at least the first response; who pays what beyond it is explained.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;

pub(super) const RULE: Rule = Rule {
    term: ("簡易サイバー保険", "Simple cyber insurance"),
    reads: &["/insurance"],
    needs: &[],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let insurance = &facts.declaration.insurance;
    vec![
        facts.declared(
            insurance.is_attached,
            "/insurance/isAttached",
            ("サイバー保険が付帯されている", "a cyber insurance is attached"),
        ),
        facts.declared(
            insurance.covers_first_response,
            "/insurance/coversFirstResponse",
            (
                "初動対応（駆付け支援等）の費用を補償する",
                "it covers the cost of the first response (dispatch and the like)",
            ),
        ),
        facts.declared(
            insurance.explains_remainder,
            "/insurance/explainsRemainder",
            ("補償を超える費用の負担をユーザに説明する", "users are told who pays what beyond the cover"),
        ),
        facts.described(&insurance.insurer, "/insurance/insurer", ("引受保険会社", "the insurer")),
        facts.described(&insurance.policy, "/insurance/policy", ("保険の内容", "the policy")),
    ]
}
