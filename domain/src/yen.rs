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
