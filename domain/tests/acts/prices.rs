//! Price checks: what a month costs in the end, and whether that is more than is registered.

use domain::authority::{Actor, Denial};
use domain::watching::{Advertised, MOST_MONTHS, Offer, PriceFinding, PriceRefusal};
use domain::yen::{Amount, Audience, Charge, ExcludingTax, LineItem};

use crate::world::{self, day};

fn offer(monthly: Amount, initial: &[Amount], minimum_term_months: u32) -> Offer {
    Offer { monthly, initial: initial.to_vec(), minimum_term_months }
}

/// Monthly and initial amounts and the months, and what a month costs without tax, rounded up where it is not whole.
#[test]
fn the_initial_cost_is_spread_over_the_minimum_term() {
    let (without, with) = (Amount::excluding_tax, Amount::including_tax);
    for (monthly, initial, months, yen, is_exact) in [
        (without(9_800), &[][..], 24, 9_800, true),
        (without(9_800), &[without(24_000)], 24, 10_800, true),
        (without(9_800), &[without(24_001)], 24, 10_801, false),
        (without(9_800), &[without(10_000)], 3, 13_134, false),
        // Without a minimum term all of it is the first month's.
        (without(9_800), &[without(5_000)], 0, 14_800, true),
        (without(9_800), &[without(5_000)], 1, 14_800, true),
        (with(6_600, 10), &[], 12, 6_000, true),
        (with(6_600, 10), &[with(13_200, 10)], 12, 7_000, true),
        (with(6_600, 10), &[without(12_000), with(13_200, 10)], 12, 8_000, true),
        (with(1, 10), &[], 1, 1, false),
        // Two that are not whole by themselves, and are together: 10/11 and 1/11.
        (with(1, 10), &[with(11, 10)], 110, 1, true),
        (without(Amount::MOST_YEN), &[without(Amount::MOST_YEN)], MOST_MONTHS, 1_000_833_333_334, false),
    ] {
        let found = offer(monthly, initial, months).effective().rounded();
        assert_eq!(found, ExcludingTax { yen, is_exact }, "{monthly:?} {initial:?} {months}");
    }
}

/// The registered line is 5,500 yen with 10 % tax: 5,000 without.
#[test]
fn a_price_is_within_what_is_registered_or_above_it_by_a_sum() {
    let (without, with) = (Amount::excluding_tax, Amount::including_tax);
    for (advertised, excess) in [
        (offer(without(5_000), &[], 0), None),
        (offer(with(5_500, 10), &[], 24), None),
        (offer(without(4_000), &[without(12_000)], 12), None),
        (offer(without(4_000), &[without(12_001)], 12), Some((1, false))),
        (offer(with(5_501, 10), &[], 0), Some((1, false))),
        (offer(without(5_001), &[], 0), Some((1, true))),
        (offer(without(5_000), &[without(1)], 0), Some((1, true))),
        (offer(without(9_800), &[], 0), Some((4_800, true))),
        // The same price under another tax is another one without it.
        (offer(with(5_500, 8), &[], 0), Some((93, false))),
    ] {
        let seen = Advertised { offer: advertised.clone(), ..world::advertised(0) };
        let (check, _) = world::price_check(seen, &world::secretary()).expect("checked");
        let finding = match excess {
            None => PriceFinding::Within,
            Some((yen, is_exact)) => PriceFinding::Above { excess: ExcludingTax { yen, is_exact } },
        };
        assert_eq!(check.finding(), finding, "{advertised:?}");
    }
}

#[test]
fn whoever_pays_a_line_pays_the_initial_costs_that_are_theirs() {
    let item = |charge, audience, yen| LineItem {
        label: "例".to_owned(),
        charge,
        audience,
        amount: Amount::excluding_tax(yen),
    };
    use Audience::{Anyone, Member, NonMember};
    let prices = [
        item(Charge::Monthly, Member, 1),
        item(Charge::MonthlyPerEndpoint, NonMember, 2),
        item(Charge::Initial, Anyone, 10),
        item(Charge::Initial, Member, 100),
        item(Charge::Initial, NonMember, 1_000),
        item(Charge::Optional, Anyone, 10_000),
        item(Charge::Monthly, Anyone, 3),
    ];
    let initial = |line| {
        let offer = Offer::of(&prices, line, 12)?;
        Some(offer.initial.iter().map(|amount| amount.yen).sum::<u64>())
    };
    for (line, found) in
        [(0, Some(110)), (1, Some(1_010)), (2, None), (3, None), (5, None), (6, Some(1_110)), (7, None)]
    {
        assert_eq!(initial(line), found, "{line}");
    }
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let (by, seen) = (world::secretary(), || world::advertised(1));
    fn refused(seen: Advertised, by: &Actor) -> PriceRefusal {
        world::price_check(seen, by).expect_err("refused")
    }
    let place = Advertised { seen_at: " ".to_owned(), ..seen() };
    assert_eq!(refused(place, &by), PriceRefusal::NoPlace);
    let ahead = Advertised { seen_on: day("2026-06-02"), ..seen() };
    assert_eq!(refused(ahead, &by), PriceRefusal::Ahead { seen_on: day("2026-06-02"), today: day("2026-06-01") });
    let today = Advertised { seen_on: day("2026-06-01"), ..seen() };
    world::price_check(today, &by).expect("seen today");
    let long = Advertised { offer: offer(Amount::excluding_tax(1), &[], MOST_MONTHS + 1), ..seen() };
    assert_eq!(refused(long, &by), PriceRefusal::Term { months: MOST_MONTHS + 1 });
    let id = "D-1".parse().expect("an id");
    let (registration, now) = (world::registered(), world::at(world::NOW));
    let no_line = domain::watching::PriceCheck::make(id, &registration, 12, 1, seen(), &by, now);
    assert_eq!(no_line.expect_err("one line"), PriceRefusal::NoSuchLine { line: 1 });
    for other in [world::applicant(), world::first(), world::decider()] {
        let why = refused(seen(), &other);
        assert!(matches!(why, PriceRefusal::Denied(Denial::Role { .. })));
    }
    let tied = world::also(by.clone(), domain::act::Role::User, world::APPLICANT);
    assert_eq!(refused(seen(), &tied), PriceRefusal::Denied(Denial::OwnOrganisation));
}
