//! The price check 「価格の確認」: a price as it is advertised against the one that is registered.
//!
//! Both are reckoned as what a month costs in the end: the monthly price and, spread over the minimum term, what is paid
//! at the beginning; without tax, exactly. A price per endpoint is reckoned for one endpoint.

use std::cmp::Ordering;

use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

use crate::act::{Act, Deed, Impossible, PriceCheckId, RegistrationNumber, Replay, Subject};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::{Day, Instant};
use crate::reading::has_words;
use crate::registration::Registration;
use crate::yen::{Amount, Audience, Charge, ExcludingTax, LineItem, Tax};

/// The longest term that is taken, in months.
pub const MOST_MONTHS: u32 = 1_200;

/// A price as somebody pays it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Offer {
    pub monthly: Amount,
    /// What is paid once, at the beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initial: Vec<Amount>,
    /// Over which that is spread; one month where there is no minimum term.
    pub minimum_term_months: u32,
}

/// Where and when a price was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Advertised {
    pub offer: Offer,
    pub seen_at: String,
    pub seen_on: Day,
}

/// A check that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceCheck {
    pub id: PriceCheckId,
    pub version: u32,
    pub registration: RegistrationNumber,
    /// The registered line that it was held against, by its label.
    pub label: String,
    pub registered: Offer,
    pub advertised: Advertised,
    pub changed_at: Instant,
}

/// What a month costs in the end, without tax: a fraction of yen.
#[derive(Clone, Debug)]
pub struct Effective {
    numerator: BigUint,
    denominator: BigUint,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceFinding {
    /// At most what is registered.
    Within,
    /// More, by this much.
    Above { excess: ExcludingTax },
}

/// Why a price check is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceRefusal {
    /// The caller may not do this.
    Denied(Denial),
    /// There is no such line, or it is not a monthly price; counted from 0.
    NoSuchLine { line: usize },
    /// Nothing says where the price was seen.
    NoPlace,
    /// It was seen on a day that is still to come.
    Ahead { seen_on: Day, today: Day },
    /// A term of more than [`MOST_MONTHS`].
    Term { months: u32 },
}

impl From<Denial> for PriceRefusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Offer {
    /// The monthly price on a line of a price list, with the initial costs that whoever pays it pays.
    pub fn of(prices: &[LineItem], line: usize, minimum_term_months: u32) -> Option<Self> {
        let chosen = prices.get(line)?;
        matches!(chosen.charge, Charge::Monthly | Charge::MonthlyPerEndpoint).then_some(())?;
        let pays = |item: &&LineItem| {
            item.charge == Charge::Initial
                && (item.audience == chosen.audience
                    || item.audience == Audience::Anyone
                    || chosen.audience == Audience::Anyone)
        };
        let initial = prices.iter().filter(pays).map(|item| item.amount).collect();
        Some(Self { monthly: chosen.amount, initial, minimum_term_months })
    }

    /// What a month costs in the end.
    pub fn effective(&self) -> Effective {
        let months = u64::from(self.minimum_term_months.max(1));
        let once = self.initial.iter().map(|amount| without_tax(*amount)).map(|(yen, divisor)| (yen, divisor * months));
        let whole = Effective { numerator: BigUint::ZERO, denominator: BigUint::from(1_u8) };
        once.chain([without_tax(self.monthly)]).fold(whole, |sum, (yen, divisor)| Effective {
            numerator: sum.numerator * divisor + yen * &sum.denominator,
            denominator: sum.denominator * divisor,
        })
    }
}

/// An amount without tax as a fraction.
fn without_tax(amount: Amount) -> (BigUint, u64) {
    let divisor = match amount.tax {
        Tax::Excluded => 100,
        Tax::Included { rate_percent } => 100 + u64::from(rate_percent),
    };
    (BigUint::from(amount.yen) * 100_u8, divisor)
}

impl Effective {
    /// In whole yen, rounded up where it is not whole.
    pub fn rounded(&self) -> ExcludingTax {
        rounded(&self.numerator, &self.denominator)
    }

    /// By how much it is over another one.
    pub fn over(&self, other: &Self) -> Option<ExcludingTax> {
        let (own, theirs) = (&self.numerator * &other.denominator, &other.numerator * &self.denominator);
        (own.cmp(&theirs) == Ordering::Greater)
            .then(|| rounded(&(own - theirs), &(&self.denominator * &other.denominator)))
    }
}

fn rounded(numerator: &BigUint, denominator: &BigUint) -> ExcludingTax {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let is_exact = rest == BigUint::ZERO;
    let yen = u64::try_from(whole).expect("sums of amounts that are read fit") + u64::from(!is_exact);
    ExcludingTax { yen, is_exact }
}

impl PriceCheck {
    /// 価格の確認: the secretariat holds a price that it has seen against a registered line, counted from 0.
    pub fn make(
        id: PriceCheckId,
        registration: &Registration,
        minimum_term_months: u32,
        line: usize,
        advertised: Advertised,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), PriceRefusal> {
        let by = by.caller(Power::CheckPrice, &registration.object(), at)?;
        let prices = &registration.listing.prices;
        let registered = Offer::of(prices, line, minimum_term_months).ok_or(PriceRefusal::NoSuchLine { line })?;
        if !has_words(&advertised.seen_at) {
            return Err(PriceRefusal::NoPlace);
        }
        let (seen_on, today) = (advertised.seen_on, at.day());
        if seen_on > today {
            return Err(PriceRefusal::Ahead { seen_on, today });
        }
        let months = advertised.offer.minimum_term_months;
        if months > MOST_MONTHS {
            return Err(PriceRefusal::Term { months });
        }
        let deed = Deed::PriceChecked {
            registration: registration.number.clone(),
            label: prices[line].label.clone(),
            registered,
            advertised: Box::new(advertised),
        };
        let act = Act { subject: Subject::PriceCheck(id), version: 1, at, by, deed };
        let after = Self::replay(None, &act).expect("an act made from nothing begins a record");
        Ok((after, act))
    }

    /// Is it advertised for more than is registered?
    pub fn finding(&self) -> PriceFinding {
        match self.advertised.offer.effective().over(&self.registered.effective()) {
            Some(excess) => PriceFinding::Above { excess },
            None => PriceFinding::Within,
        }
    }
}

impl PriceFinding {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Above { .. } => "above",
        }
    }
}

impl Replay for PriceCheck {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        match (&act.subject, &act.deed, before) {
            (Subject::PriceCheck(id), Deed::PriceChecked { registration, label, registered, advertised }, None) => {
                Ok(Self {
                    id: id.clone(),
                    version: 1,
                    registration: registration.clone(),
                    label: label.clone(),
                    registered: registered.clone(),
                    advertised: (**advertised).clone(),
                    changed_at: act.at,
                })
            }
            _ => Err(Impossible::Deed { kind: act.deed.kind() }),
        }
    }

    fn subject(&self) -> Subject {
        Subject::PriceCheck(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
