//! Advertised prices against the registered ones.

use std::sync::Arc;

use domain::watching::{Advertised, Offer, PriceCheck, PriceFinding};
use domain::yen::{Amount, ExcludingTax};
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, day, identifier};
use crate::acts::CheckPrice;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::watching::{PRICE_CHECKS, registration};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
enum TaxBasis {
    Excluded,
    Included,
}

/// Whole yen, and whether tax is in them.
#[derive(Object, Clone, Debug)]
#[oai(rename = "StatedAmount", rename_all = "camelCase", deny_unknown_fields, skip_serializing_if_is_none)]
struct StatedAmount {
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000000")))]
    yen: u64,
    tax: TaxBasis,
    /// Where tax is included.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    tax_rate_percent: Option<u8>,
}

/// A price that was seen.
#[derive(Object, Debug)]
#[oai(rename = "NewPriceCheck", rename_all = "camelCase", deny_unknown_fields)]
struct PriceCheckBody {
    /// The line of the registered price list that it is held against, from 0.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000")))]
    line: u32,
    monthly: StatedAmount,
    /// What is paid once, at the beginning.
    initial: Option<StatedAmount>,
    /// Over which that is spread; 0 where there is no minimum term.
    #[oai(validator(minimum(value = "0"), maximum(value = "1200")))]
    minimum_term_months: u32,
    /// Where it was seen: an address, or what it stood on.
    #[oai(validator(min_length = 1, max_length = 1000))]
    seen_at: String,
    /// The day in Japan, `YYYY-MM-DD`.
    #[oai(validator(max_length = 20))]
    seen_on: String,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum PriceFindingName {
    /// At most what is registered.
    Within,
    /// More than that.
    Above,
}

/// A sum without tax, in whole yen.
#[derive(Object, Debug)]
#[oai(rename = "SumExcludingTax", rename_all = "camelCase")]
struct SumView {
    /// Rounded up.
    yen: u64,
    /// Nothing was rounded.
    is_exact: bool,
}

/// A price as somebody pays it.
#[derive(Object, Debug)]
#[oai(rename = "Offer", rename_all = "camelCase")]
struct OfferView {
    monthly: StatedAmount,
    initial: Vec<StatedAmount>,
    minimum_term_months: u32,
    /// What a month costs in the end, the initial costs spread over the minimum term.
    effective: SumView,
}

/// An advertised price against the registered one.
#[derive(Object, Debug)]
#[oai(rename = "PriceCheck", rename_all = "camelCase", skip_serializing_if_is_none)]
struct PriceCheckView {
    id: String,
    registration: String,
    /// The registered line's.
    label: String,
    registered: OfferView,
    advertised: OfferView,
    seen_at: String,
    seen_on: String,
    finding: PriceFindingName,
    /// By how much a month costs more in the end.
    excess: Option<SumView>,
    checked_at: String,
}

impl StatedAmount {
    fn read(&self, pointer: &str) -> Result<Amount, Problem> {
        let document = self.to_json().unwrap_or_default();
        serde_json::from_value(document.clone()).map_err(|error| {
            let said = error.to_string();
            let (ja, en) = said.split_once(" / ").unwrap_or((&said, &said));
            Problem::unreadable(pointer, &document.to_string(), domain::text::Text::new(ja, en))
        })
    }
}

impl From<Amount> for StatedAmount {
    fn from(amount: Amount) -> Self {
        use domain::yen::Tax;
        let (tax, tax_rate_percent) = match amount.tax {
            Tax::Excluded => (TaxBasis::Excluded, None),
            Tax::Included { rate_percent } => (TaxBasis::Included, Some(rate_percent)),
        };
        Self { yen: amount.yen, tax, tax_rate_percent }
    }
}

impl From<ExcludingTax> for SumView {
    fn from(sum: ExcludingTax) -> Self {
        Self { yen: sum.yen, is_exact: sum.is_exact }
    }
}

impl From<&Offer> for OfferView {
    fn from(offer: &Offer) -> Self {
        Self {
            monthly: offer.monthly.into(),
            initial: offer.initial.iter().map(|amount| (*amount).into()).collect(),
            minimum_term_months: offer.minimum_term_months,
            effective: offer.effective().rounded().into(),
        }
    }
}

impl From<&PriceCheck> for PriceCheckView {
    fn from(check: &PriceCheck) -> Self {
        let (finding, excess) = match check.finding() {
            PriceFinding::Within => (PriceFindingName::Within, None),
            PriceFinding::Above { excess } => (PriceFindingName::Above, Some(excess.into())),
        };
        Self {
            id: check.id.to_string(),
            registration: check.registration.to_string(),
            label: check.label.clone(),
            registered: (&check.registered).into(),
            advertised: (&check.advertised.offer).into(),
            seen_at: check.advertised.seen_at.clone(),
            seen_on: check.advertised.seen_on.to_string(),
            finding,
            excess,
            checked_at: check.changed_at.to_string(),
        }
    }
}

#[OpenApi(tag = "Chapter::Watching")]
impl Api {
    /// Lists the price checks of a registration
    ///
    /// The provider's own; all for the secretariat, decision makers and auditors. The last one first, at most 100.
    #[oai(path = "/registrations/:number/price-checks", method = "get", operation_id = "listPriceChecks")]
    async fn list(&self, caller: Caller, number: Path<String>) -> Result<Json<Vec<PriceCheckView>>, Problem> {
        let found = registration(&self.registry, &caller.0, &number.0).await?;
        let checks = self.registry.store.price_checks_of(&found.number, PRICE_CHECKS).await?;
        Ok(Json(checks.iter().map(PriceCheckView::from).collect()))
    }

    /// Holds an advertised price against a registered line
    ///
    /// The secretariat's. Both are reckoned without tax as what a month costs in the end.
    #[oai(path = "/registrations/:number/price-checks", method = "post", operation_id = "checkPrice")]
    async fn check(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<PriceCheckBody>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<PriceCheckView>, Problem> {
        let body = body.0;
        let initial = body.initial.as_ref().map(|amount| amount.read("/initial")).transpose()?;
        let offer = Offer {
            monthly: body.monthly.read("/monthly")?,
            initial: initial.into_iter().collect(),
            minimum_term_months: body.minimum_term_months,
        };
        let deed = CheckPrice {
            registration: identifier(("登録", "registration"), &number.0)?,
            line: body.line as usize,
            advertised: Advertised { offer, seen_at: body.seen_at, seen_on: day("/seenOn", &body.seen_on)? },
        };
        let done = self.registry.perform(deed, call(&caller, None, key.0)?).await?;
        let location = format!("/api/v1/registrations/{}/price-checks", done.state.registration);
        Ok(Rendered::at_version(&PriceCheckView::from(&done.state), 1).created(&location).logged(done.entry))
    }
}
