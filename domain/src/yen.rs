//! Prices as providers state them, compared without tax in whole numbers.
//!
//! The caps of the criteria are tax excluded 「税抜き」; a price may be stated with tax. A price of `y` yen that holds
//! `r` % tax is `100·y / (100 + r)` yen without it, seldom a whole number, so comparisons multiply both sides instead.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// One line of a price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineItem {
    /// As typed.
    #[serde(deserialize_with = "crate::declaration::typed::line")]
    pub label: String,
    pub charge: Charge,
    pub audience: Audience,
    pub amount: Amount,
}

/// What a line charges for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// 月額: each month, for the whole contract.
    Monthly,
    /// 端末1台あたり月額: each month, for each endpoint.
    MonthlyPerEndpoint,
    /// 初期費用: once, at the beginning.
    Initial,
    /// 任意: only for those who ask for it; no part of the monthly fee.
    Optional,
}

/// Who pays the price of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    Anyone,
    /// 会員
    Member,
    /// 非会員
    NonMember,
}

/// Whole yen, and whether consumption tax 「消費税」 is in them.
///
/// As JSON `{"yen": 6000, "tax": "excluded"}` or `{"yen": 6600, "tax": "included", "taxRatePercent": 10}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WireAmount", into = "WireAmount")]
pub struct Amount {
    /// With or without tax, as `tax` says; read from JSON only up to [`Amount::MOST_YEN`].
    pub yen: u64,
    pub tax: Tax,
}

/// The tax basis of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tax {
    /// 税抜
    Excluded,
    /// 税込; the rate in whole per cent, 0–100.
    Included { rate_percent: u8 },
}

/// An amount without tax, in whole yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExcludingTax {
    /// Rounded up, so that it is over a whole-yen cap exactly when the amount is.
    pub yen: u64,
    /// The amount is this many yen exactly: nothing was rounded.
    pub is_exact: bool,
}

/// Why an amount on the wire is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// More than [`Amount::MOST_YEN`].
    TooMuch { yen: u64 },
    /// Tax is said to be in it and the rate is missing.
    NoRate,
    /// Tax is said not to be in it and a rate is given.
    RateWithoutTax { rate_percent: u8 },
    /// A rate over 100 %.
    RateTooHigh { rate_percent: u8 },
}

impl Amount {
    /// The largest amount read: a million million yen, so that sums over a register stay far from overflow.
    pub const MOST_YEN: u64 = 1_000_000_000_000;

    /// `yen` without tax.
    pub fn excluding_tax(yen: u64) -> Self {
        Self { yen, tax: Tax::Excluded }
    }

    /// `yen` with `rate_percent` % tax in it.
    pub fn including_tax(yen: u64, rate_percent: u8) -> Self {
        Self { yen, tax: Tax::Included { rate_percent } }
    }

    /// Is the amount, without tax, at most `cap_yen_excluding_tax`? Exact; a price equal to the cap is at most the cap.
    pub fn is_at_most(self, cap_yen_excluding_tax: u64) -> bool {
        self.hundredfold() <= u128::from(cap_yen_excluding_tax) * self.divisor()
    }

    /// By how much the amount, without tax, is over the cap: the fewest whole yen (tax excluded) it has to come down.
    /// 0 when it is at most the cap.
    pub fn excess_over(self, cap_yen_excluding_tax: u64) -> u64 {
        self.without_tax().yen.saturating_sub(cap_yen_excluding_tax)
    }

    /// The amount without tax in whole yen, rounded up where it is not whole.
    pub fn without_tax(self) -> ExcludingTax {
        let (hundredfold, divisor) = (self.hundredfold(), self.divisor());
        let yen = u64::try_from(hundredfold.div_ceil(divisor)).expect("tax only makes an amount larger");
        ExcludingTax { yen, is_exact: hundredfold.is_multiple_of(divisor) }
    }

    fn hundredfold(self) -> u128 {
        u128::from(self.yen) * 100
    }

    /// 100 plus the rate of the tax that is in the amount.
    fn divisor(self) -> u128 {
        match self.tax {
            Tax::Excluded => 100,
            Tax::Included { rate_percent } => 100 + u128::from(rate_percent),
        }
    }

    /// As people read it: 「6,600円（税込・税率10%）」.
    pub fn text(self) -> Text {
        let yen = grouped(self.yen);
        match self.tax {
            Tax::Excluded => Text::new(format!("{yen}円（税抜）"), format!("{yen} yen (tax excluded)")),
            Tax::Included { rate_percent } => Text::new(
                format!("{yen}円（税込・税率{rate_percent}%）"),
                format!("{yen} yen (including {rate_percent}% tax)"),
            ),
        }
    }
}

impl ExcludingTax {
    /// As people read it: 「6,000円（税抜）」; says so where it is rounded.
    pub fn text(self) -> Text {
        let yen = grouped(self.yen);
        if self.is_exact {
            Text::new(format!("{yen}円（税抜）"), format!("{yen} yen (tax excluded)"))
        } else {
            Text::new(format!("約{yen}円（税抜、円未満切上げ）"), format!("about {yen} yen (tax excluded, rounded up)"))
        }
    }
}

/// Digits in groups of three: `9,800`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// [`Amount`] as it is written in JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WireAmount {
    yen: u64,
    tax: WireTax,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tax_rate_percent: Option<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireTax {
    Excluded,
    Included,
}

impl TryFrom<WireAmount> for Amount {
    type Error = AmountError;

    fn try_from(wire: WireAmount) -> Result<Self, AmountError> {
        if wire.yen > Self::MOST_YEN {
            return Err(AmountError::TooMuch { yen: wire.yen });
        }
        let tax = match (wire.tax, wire.tax_rate_percent) {
            (WireTax::Excluded, None) => Tax::Excluded,
            (WireTax::Excluded, Some(rate_percent)) => return Err(AmountError::RateWithoutTax { rate_percent }),
            (WireTax::Included, None) => return Err(AmountError::NoRate),
            (WireTax::Included, Some(rate_percent @ 0..=100)) => Tax::Included { rate_percent },
            (WireTax::Included, Some(rate_percent)) => return Err(AmountError::RateTooHigh { rate_percent }),
        };
        Ok(Self { yen: wire.yen, tax })
    }
}

impl From<Amount> for WireAmount {
    fn from(amount: Amount) -> Self {
        let (tax, tax_rate_percent) = match amount.tax {
            Tax::Excluded => (WireTax::Excluded, None),
            Tax::Included { rate_percent } => (WireTax::Included, Some(rate_percent)),
        };
        Self { yen: amount.yen, tax, tax_rate_percent }
    }
}

impl AmountError {
    fn statement(&self) -> Text {
        match self {
            Self::TooMuch { yen } => Text::new(
                format!("金額は{}円までです（読み取った値：{}円）。", grouped(Amount::MOST_YEN), grouped(*yen)),
                format!("An amount is at most {} yen; read: {} yen.", grouped(Amount::MOST_YEN), grouped(*yen)),
            ),
            Self::NoRate => Text::new(
                "税込の金額には税率（taxRatePercent）を付けてください。",
                "An amount with tax needs the rate of the tax (taxRatePercent).",
            ),
            Self::RateWithoutTax { rate_percent } => Text::new(
                format!(
                    "税抜の金額に税率（{rate_percent}%）は付けられません。税込であれば tax を included にしてください。"
                ),
                format!(
                    "An amount without tax has no rate ({rate_percent}%). If tax is in it, say so: \"tax\": \"included\"."
                ),
            ),
            Self::RateTooHigh { rate_percent } => Text::new(
                format!("税率は0%から100%までです（読み取った値：{rate_percent}%）。"),
                format!("A tax rate is between 0% and 100%; read: {rate_percent}%."),
            ),
        }
    }
}
crate::reading::in_both_languages!(AmountError);

#[cfg(test)]
mod tests {
    use super::*;

    /// Amount, cap without tax, by how much it is over, and what it is without tax (rounded up when not exact).
    #[test]
    fn amounts_are_compared_without_tax_and_exactly() {
        let (without, with) = (Amount::excluding_tax, Amount::including_tax);
        for (amount, cap, excess, yen, is_exact) in [
            (without(9_999), 10_000, 0, 9_999, true),
            (without(10_000), 10_000, 0, 10_000, true), // a price equal to the cap is at most the cap
            (without(10_001), 10_000, 1, 10_001, true),
            // The two real prices of the first registration: 6,000 and 7,500 without tax.
            (with(6_600, 10), 10_000, 0, 6_000, true),
            (with(8_250, 10), 10_000, 0, 7_500, true),
            (with(10_999, 10), 10_000, 0, 10_000, false), // 9,999.09…
            (with(11_000, 10), 10_000, 0, 10_000, true),
            (with(11_001, 10), 10_000, 1, 10_001, false), // 10,000.91: over by less than a yen, so one yen to come down
            (with(11_002, 10), 10_000, 2, 10_002, false), // 10,001.82
            (with(2_200, 10), 2_000, 0, 2_000, true),
            (with(2_201, 10), 2_000, 1, 2_001, false),
            (with(10_800, 8), 10_000, 0, 10_000, true),
            (with(10_801, 8), 10_000, 1, 10_001, false),
            (with(10_000, 0), 10_000, 0, 10_000, true),
            (with(20_000, 100), 10_000, 0, 10_000, true),
            (with(20_001, 100), 10_000, 1, 10_001, false),
            (without(0), 0, 0, 0, true),
            (with(1, 10), 0, 1, 1, false),
            (without(u64::MAX), u64::MAX, 0, u64::MAX, true),
            (with(u64::MAX, 255), u64::MAX, 0, 5_196_265_936_256_211_723, false),
        ] {
            assert_eq!(amount.is_at_most(cap), excess == 0, "{amount:?} against {cap}");
            assert_eq!(amount.excess_over(cap), excess, "{amount:?} against {cap}");
            assert_eq!(amount.without_tax(), ExcludingTax { yen, is_exact }, "{amount:?}");
        }
    }

    #[test]
    fn what_is_rounded_says_so() {
        for (amount, ja) in [
            (Amount::including_tax(6_600, 10), "6,000円（税抜）"),
            (Amount::including_tax(11_001, 10), "約10,001円（税抜、円未満切上げ）"),
            (Amount::excluding_tax(0), "0円（税抜）"),
        ] {
            assert_eq!(amount.without_tax().text().ja, ja);
        }
        assert_eq!(Amount::including_tax(9_800, 10).text().ja, "9,800円（税込・税率10%）");
        assert_eq!(Amount::excluding_tax(9_800).text().en, "9,800 yen (tax excluded)");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (123_456, "123,456"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn json_says_the_tax_basis() {
        for (amount, json) in [
            (Amount::excluding_tax(9_800), r#"{"yen":9800,"tax":"excluded"}"#),
            (Amount::including_tax(6_600, 10), r#"{"yen":6600,"tax":"included","taxRatePercent":10}"#),
            (Amount::excluding_tax(Amount::MOST_YEN), r#"{"yen":1000000000000,"tax":"excluded"}"#),
        ] {
            assert_eq!(serde_json::to_string(&amount).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<Amount>(json).expect("an amount"), amount);
        }
    }

    #[test]
    fn json_without_a_clear_tax_basis_is_refused() {
        for (json, error) in [
            (r#"{"yen":1,"tax":"included"}"#, AmountError::NoRate),
            (r#"{"yen":1,"tax":"excluded","taxRatePercent":10}"#, AmountError::RateWithoutTax { rate_percent: 10 }),
            (r#"{"yen":1,"tax":"included","taxRatePercent":101}"#, AmountError::RateTooHigh { rate_percent: 101 }),
            (r#"{"yen":1000000000001,"tax":"excluded"}"#, AmountError::TooMuch { yen: 1_000_000_000_001 }),
        ] {
            let refused = serde_json::from_str::<Amount>(json).expect_err(json).to_string();
            assert!(refused.starts_with(&error.to_string()), "{json}: {refused}");
        }
        for json in [
            r#"{"yen":1}"#,
            r#"{"yen":-1,"tax":"excluded"}"#,
            r#"{"yen":1.5,"tax":"excluded"}"#,
            r#"{"yen":1,"tax":"excluded","note":""}"#,
        ] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
    }
}
