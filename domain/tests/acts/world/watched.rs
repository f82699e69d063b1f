//! What is asked of this world's service once it is registered.

use domain::act::Act;
use domain::authority::Actor;
use domain::people::Person;
use domain::settings::Settings;
use domain::watching::{
    self, Advertised, AlertFigures, CheckedCriterion, Complaint, Contents, Grievance, Offer, OwnFinding, PriceCheck,
    Report,
};
use domain::yen::Amount;

use super::{CRITERIA, DIGEST, NOW, SUBMITTED, at, caller, day, operator, registered, secretary};

/// The first period about which [`registered`] reports, and a day on which it can.
pub const PERIOD: &str = "2026-04-01--2026-09-30";
pub const REPORTED: &str = "2026-10-10T01:00:00Z";

/// Every count is this one.
pub fn figures(count: u32) -> AlertFigures {
    AlertFigures::of(|_| count)
}

/// Alert statistics of [`registered`] about a period.
pub fn report_alerts(
    before: Option<Report>,
    period: &str,
    figures: AlertFigures,
    by: &Actor,
    now: &str,
) -> Result<(Report, Act), watching::Refusal> {
    let (id, period) = ("R-04HMASW9".parse().expect("an id"), watching::period_named(period).expect("a period"));
    let (registration, scheme) = (registered(), Settings::bundled());
    Report::file(before, id, &registration, period, Contents::Alerts(figures), &[], scheme, by, at(now))
}

/// The year of the first term of [`registered`] that is checked, and a day on which it can be.
pub const YEAR: &str = "2026-05-01--2027-04-30";
pub const CHECKED: &str = "2027-05-10T01:00:00Z";

/// Every criterion is still met.
pub fn still_met() -> Vec<CheckedCriterion> {
    let one = |criterion| CheckedCriterion { criterion, finding: OwnFinding::StillMet, words: String::new() };
    CRITERIA.map(one).to_vec()
}

/// The self-check of [`registered`] about a year.
pub fn check(
    year: &str,
    checked: Vec<CheckedCriterion>,
    by: &Actor,
    now: &str,
) -> Result<(Report, Act), watching::Refusal> {
    let (id, year) = ("R-07HMASW9".parse().expect("an id"), watching::period_named(year).expect("a year"));
    let (contents, scheme) = (Contents::SelfCheck(checked), Settings::bundled());
    Report::file(None, id, &registered(), year, contents, &CRITERIA, scheme, by, at(now))
}

/// A price that was seen: so much a month without tax, with no more to pay.
pub fn advertised(yen: u64) -> Advertised {
    let offer = Offer { monthly: Amount::excluding_tax(yen), initial: Vec::new(), minimum_term_months: 0 };
    Advertised { offer, seen_at: "https://example.jp/price".to_owned(), seen_on: day("2026-05-31") }
}

/// A price against the only line of [`registered`].
pub fn price_check(advertised: Advertised, by: &Actor) -> Result<(PriceCheck, Act), watching::PriceRefusal> {
    PriceCheck::make("D-04HMASW9".parse().expect("an id"), &registered(), 12, 0, advertised, by, at(NOW))
}

/// A complaint about [`registered`], received [`NOW`].
pub fn complaint() -> (Complaint, Act) {
    let (id, number) = ("C-04HMASW9".parse().expect("an id"), registered().number);
    Complaint::receive(id, Grievance::Misuse, Some(number), None, DIGEST.to_owned(), caller(&operator()), at(NOW))
}

/// The same, which the secretary sees to.
pub fn acknowledged() -> Complaint {
    complaint().0.acknowledge(&registered().object(), &secretary(), at(NOW)).expect("acknowledged").0
}

/// Somebody of the secretariat, as the register knows them.
pub fn person_of(by: &Actor) -> Person {
    Person {
        id: by.person.clone(),
        version: 1,
        memberships: by.memberships.clone(),
        is_dismissed: false,
        changed_at: at(SUBMITTED),
    }
}
