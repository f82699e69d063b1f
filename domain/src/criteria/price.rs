//! 価格: line items against a cap, tax excluded, in whole numbers.
//!
//! Every line of the charge concerned has to be within the cap, members' and non-members' alike; a price equal to the
//! cap is. Initial and optional costs are no part of the monthly price. Where a user may have to pay several lines
//! together, and each is within the cap but their sum is not, the contract has to be read: a person judges.

use num_bigint::BigUint;

use super::facts::Facts;
use super::finding::{Check, Doubt, Shortfall};
use crate::edition::{Limit, LimitName, Measure};
use crate::text::Text;
use crate::yen::{Amount, Audience, Charge, LineItem, Tax, grouped};

/// Lines of one charge against one cap.
pub(super) fn assess(facts: &Facts, charge: Charge, cap: LimitName) -> Vec<Check> {
    let limit = facts.limit(cap);
    let (concerned, others): (Vec<_>, Vec<_>) = monthly(facts).partition(|(_, line)| line.charge == charge);
    let mut checks: Vec<_> = concerned.iter().map(|(index, line)| compared(limit, *index, line)).collect();
    if concerned.is_empty() && others.is_empty() && unfinished(facts).is_empty() {
        checks.push(facts.declared(false, "/prices", ("月額の料金", "a monthly price")));
    }
    checks.extend(unfinished(facts));
    checks.extend(together(limit, &concerned));
    checks.extend(unpriced(limit, &concerned));
    checks.extend(others.iter().map(|(_, line)| other_charge(limit, line)));
    checks.extend(outside(facts));
    checks
}

/// All monthly lines of any of `charges` against one cap; how they add up depends on the number of endpoints.
pub(super) fn assess_together(facts: &Facts, charges: &[Charge], cap: LimitName) -> Vec<Check> {
    let limit = facts.limit(cap);
    let lines: Vec<_> = monthly(facts).filter(|(_, line)| charges.contains(&line.charge)).collect();
    let mut checks: Vec<_> = lines.iter().map(|(index, line)| compared(limit, *index, line)).collect();
    if lines.is_empty() && unfinished(facts).is_empty() {
        checks.push(facts.declared(false, "/prices", ("月額の料金", "a monthly price")));
    }
    checks.extend(unfinished(facts));
    if lines.iter().any(|(_, line)| line.charge == Charge::MonthlyPerEndpoint) {
        checks.push(Check::open(limit, Doubt::PriceComposition, depends_on_endpoints()));
    }
    checks.extend(together(limit, &lines));
    checks.extend(unpriced(limit, &lines));
    checks.extend(outside(facts));
    checks
}

fn monthly<'a>(facts: &'a Facts) -> impl Iterator<Item = (usize, &'a LineItem)> {
    let is_monthly = |line: &LineItem| matches!(line.charge, Charge::Monthly | Charge::MonthlyPerEndpoint);
    finished(facts).filter(move |(_, line)| is_monthly(line))
}

/// The lines of which a draft says everything; of what was submitted, all.
fn finished<'a>(facts: &'a Facts) -> impl Iterator<Item = (usize, &'a LineItem)> {
    facts.declaration.prices.iter().enumerate().filter(|(index, _)| !is_unfinished(facts, *index))
}

/// The lines of which a draft does not say everything yet: which price they are cannot be told.
fn unfinished(facts: &Facts) -> Vec<Check> {
    let lines = (0..facts.declaration.prices.len()).filter(|index| is_unfinished(facts, *index));
    let told = |index: usize| {
        let what = Text::new(format!("料金の{}行目", index + 1), format!("line {} of the prices", index + 1));
        Check::not_filled_in(&format!("/prices/{index}"), what)
    };
    lines.map(told).collect()
}

fn is_unfinished(facts: &Facts, index: usize) -> bool {
    facts.lacks(&format!("/prices/{index}"))
}

fn compared(limit: &Limit, index: usize, line: &LineItem) -> Check {
    let stated = stated(line);
    let Some(cap) = limit.value else {
        let reason = Text::new(
            format!("{}で、比べる上限額が分かっていません。", stated.ja),
            format!("{}; the cap to compare it with is not known.", stated.en),
        );
        return Check::holds(limit, reason);
    };
    let net = line.amount.without_tax();
    let capped = Measure::YenExcludingTax.text(cap);
    if line.amount.is_at_most(cap) {
        let (ja, en) = if net.is_exact && net.yen == cap {
            ("と同額です（同額は充足）", "equal to")
        } else {
            ("以下です", "within")
        };
        let reason = Text::new(
            format!("{}で、上限{}{ja}。", stated.ja, capped.ja),
            format!("{}, {en} the cap of {}.", stated.en, capped.en),
        );
        return Check::holds(limit, reason);
    }
    let by = line.amount.excess_over(cap);
    let (excess, rounded_ja, rounded_en) =
        (grouped(by), rounded(net.is_exact, "（円未満切上げ）"), rounded(net.is_exact, " (rounded up)"));
    let reason = Text::new(
        format!("{}で、上限{}を{excess}円{rounded_ja}超えています。", stated.ja, capped.ja),
        format!("{}, {excess} yen{rounded_en} over the cap of {}.", stated.en, capped.en),
    );
    let pointer = Some(format!("/prices/{index}/amount"));
    Check::fails(limit, Shortfall::Figure { pointer, measure: Measure::YenExcludingTax, by }, reason)
}

fn rounded(is_exact: bool, words: &str) -> &str {
    if is_exact { "" } else { words }
}

/// The line as declared and, where tax is in it, as compared.
fn stated(line: &LineItem) -> Text {
    let LineItem { label, charge, audience, amount } = line;
    let (per_ja, per_en) = match charge {
        Charge::Monthly => ("月額", "a month"),
        Charge::MonthlyPerEndpoint => ("端末1台あたり月額", "a month for each endpoint"),
        Charge::Initial => ("初期費用", "once"),
        Charge::Optional => ("任意の費用", "optional"),
    };
    let (whose_ja, whose_en) = match audience {
        Audience::Anyone => ("", ""),
        Audience::Member => ("（会員）", " (members)"),
        Audience::NonMember => ("（会員以外）", " (non-members)"),
    };
    let (gross, net) = (amount.text(), amount.without_tax().text());
    let (net_ja, net_en) = match amount.tax {
        Tax::Excluded => (String::new(), String::new()),
        Tax::Included { .. } => (format!("＝{}", net.ja), format!(" = {}", net.en)),
    };
    Text::new(
        format!("「{label}」{whose_ja}は{per_ja}{}{net_ja}", gross.ja),
        format!("\"{label}\"{whose_en}: {} {per_en}{net_en}", gross.en),
    )
}

/// A doubt for each audience whose lines are within the cap one by one and beyond it together.
fn together(limit: &Limit, lines: &[(usize, &LineItem)]) -> Option<Check> {
    let cap = limit.value?;
    let exceeds = |audience: Audience| {
        let amounts = lines.iter().filter(|(_, line)| line.audience == audience || line.audience == Audience::Anyone);
        let amounts: Vec<_> = amounts.map(|(_, line)| line.amount).collect();
        amounts.iter().all(|amount| amount.is_at_most(cap)) && !sum_is_at_most(&amounts, cap)
    };
    (exceeds(Audience::Member) || exceeds(Audience::NonMember)).then(|| {
        let reason = Text::new(
            "併せて支払う料金であれば合計が上限を超えるため、契約の内容を確かめる必要があります。",
            "If these prices fall due together, their sum is over the cap: the contract has to be read.",
        );
        Check::open(limit, Doubt::PriceComposition, reason)
    })
}

/// A doubt where members have a price and the others none, or the other way round: one may be over the cap.
fn unpriced(limit: &Limit, lines: &[(usize, &LineItem)]) -> Option<Check> {
    let is_for = |audience| lines.iter().any(|(_, line)| line.audience == audience);
    let reason = match (is_for(Audience::Anyone), is_for(Audience::Member), is_for(Audience::NonMember)) {
        (false, true, false) => Text::new(
            "会員以外の料金が申告されていません。",
            "The price for those who are not members is not declared.",
        ),
        (false, false, true) => Text::new("会員の料金が申告されていません。", "The price for members is not declared."),
        _ => return None,
    };
    Some(Check::open(limit, Doubt::PriceNotDeclared, reason))
}

/// Σ 100·y / (100 + r) ≤ cap, over a common denominator.
fn sum_is_at_most(amounts: &[Amount], cap_yen_excluding_tax: u64) -> bool {
    let (mut sum, mut denominator) = (BigUint::ZERO, BigUint::from(1_u8));
    for amount in amounts {
        let divisor = match amount.tax {
            Tax::Excluded => 100_u64,
            Tax::Included { rate_percent } => 100 + u64::from(rate_percent),
        };
        sum = sum * divisor + BigUint::from(amount.yen) * 100_u8 * &denominator;
        denominator *= divisor;
    }
    sum <= denominator * cap_yen_excluding_tax
}

/// A monthly price of the other sort: what a user pays depends on the number of endpoints.
fn other_charge(limit: &Limit, line: &LineItem) -> Check {
    let (stated, depends) = (stated(line), depends_on_endpoints());
    let reason = Text::new(format!("{}です。{}", stated.ja, depends.ja), format!("{}. {}", stated.en, depends.en));
    Check::open(limit, Doubt::PriceComposition, reason)
}

fn depends_on_endpoints() -> Text {
    Text::new("月額の合計は端末の台数によります。", "What a month costs depends on the number of endpoints.")
}

/// Initial and optional costs: mentioned, so that nobody thinks they were overlooked.
fn outside(facts: &Facts) -> impl Iterator<Item = Check> {
    let lines = finished(facts).filter(|(_, line)| matches!(line.charge, Charge::Initial | Charge::Optional));
    lines.map(|(_, line)| {
        let stated = stated(line);
        let reason = Text::new(
            format!("{}で、月額の上限の対象外です。", stated.ja),
            format!("{}; no part of the monthly price.", stated.en),
        );
        Check::remark(reason)
    })
}
