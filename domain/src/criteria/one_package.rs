//! ワンパッケージ: all of it is bought in one contract; an exception only where the user gets no extra paperwork.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::finding::Doubt;
use crate::text::Text;

pub(super) const RULE: Rule =
    Rule { term: ("ワンパッケージ", "One package"), reads: &["/package"], needs: &[], may_have: &[], assess };

fn assess(facts: &Facts) -> Vec<Check> {
    let package = &facts.declaration.package;
    let exception = package.exception.as_deref().map(str::trim).filter(|words| !words.is_empty());
    match exception {
        Some(words) if !package.is_single_contract && !facts.lacks("/package/isSingleContract") => vec![Check::open(
            facts.criterion,
            Doubt::Judgement,
            Text::new(
                format!(
                    "一つの契約ではありません。申告された例外：「{words}」。手続上の煩雑さがないかを判断する必要があります。"
                ),
                format!(
                    "More than one contract. Declared exception: \"{words}\". Whether users have no extra paperwork has to be judged."
                ),
            ),
        )],
        _ => vec![facts.declared(
            package.is_single_contract,
            "/package/isSingleContract",
            ("全ての機能を一つの契約で購入できる", "all of it is bought in one contract"),
        )],
    }
}
