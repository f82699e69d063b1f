//! Whole assessments: one real service in full, what all findings amount to, and that nothing provisional decides.

use std::collections::BTreeMap;

use domain::assessment::{NoEdition, Outcome, assess, assess_under};
use domain::calendar::{Day, Period};
use domain::criteria::{Conclusion, CriterionId, Doubt, GateName, TrackRecord, gates};
use domain::declaration::{Class, Declaration};
use domain::edition::{Edition, Editions, Standing};
use domain::text::Language;
use domain::yen::Amount;
use proptest::prelude::*;

const OSAKA: &str = include_str!("cases/base/osaka.json");
const ENDPOINT: &str = include_str!("cases/base/endpoint.json");
const COMBINED: &str = include_str!("cases/base/combined.json");

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn read(json: &str) -> Declaration {
    serde_json::from_str(json).expect("a declaration")
}

fn edition(id: &str) -> &'static Edition {
    Editions::bundled().find(id).expect("a bundled edition")
}

/// The first round, as it was received: 6,600 yen with tax are 6,000 without, members' and non-members' prices both
/// count, help with installing does not.
#[test]
fn the_osaka_service_in_full() {
    let assessment = assess(Editions::bundled(), &read(OSAKA), day("2021-04-15"), Some(&TrackRecord::default()));
    let assessment = assessment.expect("edition 1.0 governs the day");
    assert_eq!(assessment.to_prose(Language::Ja), include_str!("cases/expected/osaka.ja.txt"));
    assert_eq!(assessment.to_prose(Language::En), include_str!("cases/expected/osaka.en.txt"));

    let json = serde_json::to_string_pretty(&assessment).expect("JSON") + "\n";
    let digest = edition("1.0").digest_hex();
    assert_eq!(json, include_str!("cases/expected/osaka.json").replace("{digest of edition 1.0}", &digest));
    assert_eq!(serde_json::from_str::<domain::assessment::Assessment>(&json).expect("the same"), assessment);
}

#[test]
fn what_all_findings_amount_to() {
    let assessed = |json: &str, on: &str, change: fn(&mut Declaration)| {
        let mut declaration = read(json);
        change(&mut declaration);
        assess(Editions::bundled(), &declaration, day(on), Some(&TrackRecord::default()))
            .expect("a governed day")
            .outcome()
    };
    // Some criteria always need an examiner, so the engine alone never says met.
    assert_eq!(assessed(OSAKA, "2021-04-15", |_| ()), Outcome::Undetermined);
    assert_eq!(assessed(ENDPOINT, "2026-11-21", |_| ()), Outcome::Undetermined);
    let one_yen_over = |d: &mut Declaration| d.prices[0].amount = Amount::excluding_tax(10_001);
    assert_eq!(assessed(OSAKA, "2021-04-15", one_yen_over), Outcome::Unmet);
    // Under a provisional edition nothing is unmet by the engine.
    assert_eq!(assessed(OSAKA, "2022-04-15", one_yen_over), Outcome::Undetermined);
    // What an edition does not have cannot be registered under it.
    assert_eq!(assessed(OSAKA, "2021-04-15", |d| d.service.class = Class::Two), Outcome::Unmet);
    assert_eq!(assessed(COMBINED, "2024-03-14", |_| ()), Outcome::Unmet);
    assert_eq!(assessed(COMBINED, "2024-03-15", |_| ()), Outcome::Undetermined);
}

/// Once no criterion is left to a person, a declaration that contradicts nothing is met.
#[test]
fn met_is_reachable() {
    let mut edition = edition("1.0").clone();
    let decided = |c: &domain::edition::Criterion| c.decided_by != domain::edition::DecidedBy::Examiner;
    edition.classes[0].criteria.retain(decided);
    let assessment = assess_under(&edition, &read(OSAKA), day("2021-04-15"), Some(&TrackRecord::default()));
    assert_eq!(assessment.outcome(), Outcome::Met);
}

#[test]
fn no_edition_governs_the_days_before_the_first() {
    let assess = |on| assess(Editions::bundled(), &read(OSAKA), day(on), Some(&TrackRecord::default()));
    assert_eq!(assess("2021-01-31"), Err(NoEdition { day: day("2021-01-31") }));
    assert_eq!(assess("2021-02-01").expect("the first day").edition, "1.0");
}

/// Every criterion there is has exactly one finding, the edition's first and in its order.
#[test]
fn findings_are_complete_and_in_order() {
    for json in [OSAKA, ENDPOINT, COMBINED] {
        for edition in Editions::bundled().all() {
            let declaration = read(json);
            let found = assess_under(edition, &declaration, edition.in_force_from, Some(&TrackRecord::default()));
            let ids: Vec<_> = found.findings.iter().map(|finding| finding.criterion).collect();
            let mut all = ids.clone();
            all.sort();
            assert_eq!(all, CriterionId::ALL);

            let service = &declaration.service;
            let judged = edition.criteria_for(service.class, service.kind).into_iter().map(|criterion| criterion.id);
            let answered = found
                .findings
                .iter()
                .filter(|finding| !matches!(finding.conclusion, Conclusion::NotApplicable | Conclusion::NotInForce));
            assert!(judged.eq(answered.map(|finding| finding.criterion)), "{} {:?}", edition.id, service.kind);
        }
    }
}

/// Texts that the declaration's JSON cannot leave blank are looked at all the same.
#[test]
fn a_blank_text_is_unmet() {
    type Field = fn(&mut Declaration) -> &mut String;
    let blanks: [(CriterionId, &str, Field); 7] = [
        (CriterionId::Simplicity, "/simplicity/measures", |d| &mut d.simplicity.measures),
        (CriterionId::Continuity, "/continuity/people", |d| &mut d.continuity.people),
        (CriterionId::Continuity, "/continuity/qualityManagement", |d| &mut d.continuity.quality_management),
        (CriterionId::Continuity, "/continuity/finances", |d| &mut d.continuity.finances),
        (CriterionId::Continuity, "/continuity/accounting", |d| &mut d.continuity.accounting),
        (CriterionId::NetworkMonitoring, "/monitoring/network/method", |d| {
            &mut d.monitoring.network.as_mut().expect("the combined kind has it").method
        }),
        (CriterionId::EndpointMonitoring, "/monitoring/endpoint/method", |d| {
            &mut d.monitoring.endpoint.as_mut().expect("the combined kind has it").method
        }),
    ];
    for (id, at, field) in blanks {
        let mut declaration = read(COMBINED);
        "　 ".clone_into(field(&mut declaration));
        let assessment = assess_under(edition("2.0"), &declaration, day("2026-11-21"), Some(&TrackRecord::default()));
        let fact = domain::criteria::Shortfall::Fact { pointer: at.to_owned() };
        assert_eq!(assessment.finding(id).conclusion, Conclusion::Unmet { by: vec![fact] });
    }
}

prop_compose! {
    /// A declaration of any class and kind with every figure and many facts drawn anew, around and far from the limits.
    fn any_declaration()(
        json in prop_oneof![Just(OSAKA), Just(ENDPOINT), Just(COMBINED)],
        class_two in any::<bool>(),
        yen in proptest::collection::vec(prop_oneof![0..30_000_u64, 9_990..11_010_u64, 1_990..2_210_u64], 4),
        rates in proptest::collection::vec(proptest::option::of(0..=100_u8), 4),
        months in 0..40_u16,
        hours in 20..=24_u8,
        days in 5..=7_u8,
        endpoints in proptest::option::of(0..100_u32),
        fewest in proptest::option::of(0..4_u32),
        times in proptest::option::of(0..5_u16),
        facts in any::<[bool; 8]>(),
    ) -> Declaration {
        let mut d = read(json);
        if class_two { d.service.class = Class::Two }
        for (line, (yen, rate)) in d.prices.iter_mut().zip(yen.into_iter().zip(rates)) {
            line.amount = rate.map_or(Amount::excluding_tax(yen), |rate| Amount::including_tax(yen, rate));
        }
        d.contract.minimum_term_months = months;
        d.contract.minimum_endpoints = fewest;
        if let Some(network) = &mut d.monitoring.network {
            (network.hours_per_day, network.days_per_week, network.detects) = (hours, days, facts[0]);
            network.maximum_endpoints = endpoints.filter(|_| facts[2]);
        }
        if let Some(endpoint) = &mut d.monitoring.endpoint {
            (endpoint.hours_per_day, endpoint.maximum_endpoints, endpoint.covers_servers) = (hours, endpoints, facts[1]);
        }
        match (times, &mut d.consulting) {
            (Some(times), Some(consulting)) => consulting.times_per_year = times,
            (_, consulting) => *consulting = None,
        }
        d.help_desk.is_single_window = facts[2];
        d.emergency_response.dispatches = facts[3];
        d.insurance.is_attached = facts[4];
        d.package.is_single_contract = facts[5];
        d.renewal.undertakes_examination = facts[6];
        d.experience.took_part_in_pilot = facts[7];
        d
    }
}

prop_compose! {
    /// Terms and companies over some years before 2026-11-21 and a little after.
    fn any_record()(
        terms in proptest::collection::vec((0..1_500_i32, 1..900_i32), 0..4),
        companies in proptest::collection::vec(proptest::collection::vec((0..900_i32, 1..600_i32), 1..3), 0..14),
    ) -> TrackRecord {
        let period = |(from, days): (i32, i32)| {
            let from = day("2023-01-01").plus_days(from);
            Period { from, until: from.plus_days(days) }
        };
        let served = companies.into_iter().enumerate();
        let companies: BTreeMap<_, _> = served
            .map(|(number, periods)| (number.to_string(), periods.into_iter().map(period).collect()))
            .collect();
        TrackRecord { class_one_terms: terms.into_iter().map(period).collect(), companies }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever figure stands in a provisional limit, the answer is the same, and it is not "met".
    #[test]
    fn a_provisional_limit_never_decides(
        declaration in any_declaration(),
        record in any_record(),
        figures in any::<[Option<u16>; 2]>(),
    ) {
        let today = day("2026-11-21");
        for edition in Editions::bundled().all() {
            for (c, rules) in edition.classes.iter().enumerate() {
                for (i, criterion) in rules.criteria.iter().enumerate() {
                    for l in 0..criterion.limits.len() {
                        let answer = |figure: Option<u16>| {
                            let mut edition = edition.clone();
                            let limit = &mut edition.classes[c].criteria[i].limits[l];
                            limit.standing = Standing::Provisional;
                            limit.value = figure.map(u64::from);
                            let found = assess_under(&edition, &declaration, today, Some(&record));
                            let concerned = edition.classes[c].class == declaration.service.class;
                            concerned.then(|| match found.finding(criterion.id).conclusion.clone() {
                                // Doubts may name what the figure would have meant; the answer may not.
                                Conclusion::Undetermined { .. } => {
                                    Conclusion::Undetermined { why: vec![Doubt::Judgement] }
                                }
                                other => other,
                            })
                        };
                        let (one, other) = (answer(figures[0]), answer(figures[1]));
                        prop_assert_eq!(&one, &other, "{:?} in {}", criterion.limits[l].name, edition.id);
                        let is_met = one == Some(Conclusion::Met);
                        let asks = criterion.limits[l].name != domain::edition::LimitName::MonitoredEndpoints
                            || declaration.monitoring.endpoint.as_ref().is_some_and(|e| e.maximum_endpoints.is_some())
                            || declaration.monitoring.network.as_ref().is_some_and(|n| n.maximum_endpoints.is_some());
                        prop_assert!(!(is_met && asks), "{:?} in {}", criterion.limits[l].name, edition.id);
                    }
                }
            }
        }
    }

    /// Where wording and figures are provisional throughout, everything is left to a person.
    #[test]
    fn a_provisional_edition_decides_nothing(declaration in any_declaration(), record in any_record()) {
        for edition in Editions::bundled().all() {
            let mut edition = edition.clone();
            for criterion in edition.classes.iter_mut().flat_map(|rules| &mut rules.criteria) {
                criterion.standing = Standing::Provisional;
                criterion.limits.iter_mut().for_each(|limit| limit.standing = Standing::Provisional);
            }
            let found = assess_under(&edition, &declaration, day("2026-11-21"), Some(&record));
            for finding in found.findings {
                let is_decided = matches!(finding.conclusion, Conclusion::Met | Conclusion::Unmet { .. });
                prop_assert!(!is_decided, "{finding:?}");
            }
        }
    }

    /// Ten companies for a year each are ten companies over a year: the strict reading never holds alone.
    #[test]
    fn the_two_readings_of_a_year_are_nested(record in any_record(), companies in 1..12_u64, years in 0..3_u8) {
        let today = day("2026-11-21");
        if record.companies_for_years_before(today, years) >= companies {
            prop_assert!(record.companies_before(today) >= companies);
            let span = record.service_span_before(today).expect("somebody was served");
            prop_assert!(Period::of_years(span.from, years).until <= span.until);
        }
    }
}

/// A class-1 run from this day for so many years, and companies served from these days on, until the day that is asked.
fn remembered(from: &str, years: u8, served: &[(usize, &str)], on: &str) -> TrackRecord {
    let mut record =
        TrackRecord { class_one_terms: vec![Period::of_years(day(from), years)], ..TrackRecord::default() };
    for (companies, since) in served {
        for company in 0..*companies {
            let served = Period { from: day(since), until: day(on) };
            record.companies.insert(format!("{since} {company}"), vec![served]);
        }
    }
    record
}

/// Figure by figure: met or not, and from which day, if that can be said.
#[test]
fn the_gates_to_class_two() {
    let mut declaration = read(OSAKA);
    declaration.service.class = Class::Two;
    let of = |record: &TrackRecord, on: &str| -> Vec<(GateName, bool, Option<Day>)> {
        let found = gates(edition("2.0"), &declaration, day(on), record);
        found.into_iter().map(|gate| (gate.name, gate.is_met, gate.met_from)).collect()
    };
    use GateName::{EachCompany, Endpoints, InAll, Registered};
    let on = "2026-11-21";
    for (name, record, registered, each, all) in [
        ("nothing", TrackRecord::default(), (false, None), (false, None), (false, None)),
        (
            "two years to the day",
            remembered("2024-11-21", 4, &[(10, "2025-11-21")], on),
            (true, None),
            (true, None),
            (true, None),
        ),
        (
            "a day short",
            remembered("2024-11-22", 4, &[(10, "2025-11-22")], on),
            (false, Some("2026-11-22")),
            (false, Some("2026-11-22")),
            (false, Some("2026-11-22")),
        ),
        (
            "nine companies",
            remembered("2024-11-21", 4, &[(9, "2025-01-01")], on),
            (true, None),
            (false, None),
            (false, None),
        ),
        (
            "the tenth came late",
            remembered("2024-11-21", 4, &[(9, "2025-01-01"), (1, "2026-07-01")], on),
            (true, None),
            (false, Some("2027-07-01")),
            (true, None),
        ),
        (
            "the term that was entered ends before",
            remembered("2025-06-01", 2, &[(10, "2026-07-01")], on),
            (false, Some("2027-06-01")),
            (false, None),
            (false, None),
        ),
        (
            "one of a single year",
            remembered("2026-06-01", 1, &[(10, "2026-06-01")], on),
            (false, None),
            (false, Some("2027-06-01")),
            (false, Some("2027-06-01")),
        ),
        ("it ended long ago", remembered("2020-06-01", 4, &[], on), (false, None), (false, None), (false, None)),
    ] {
        let from = |(is_met, from): (bool, Option<&str>)| (is_met, from.map(day));
        let [registered, each, all] = [registered, each, all].map(from);
        let expected = [
            (Registered, registered.0, registered.1),
            (EachCompany, each.0, each.1),
            (InAll, all.0, all.1),
            (Endpoints, true, None),
        ];
        assert_eq!(of(&record, on), expected, "{name}");
    }
    assert_eq!(gates(edition("2.0"), &read(OSAKA), day(on), &TrackRecord::default()), [], "class 1 has no gate");
    assert_eq!(gates(edition("1.0"), &declaration, day(on), &TrackRecord::default()), [], "nor has edition 1.0");
}

/// At least fifty endpoints, where a limit is declared at all; how class 2 watches is not confirmed.
#[test]
fn the_strengthened_monitoring() {
    for (most, is_met) in [(None, true), (Some(49), false), (Some(50), true), (Some(51), true)] {
        let mut declaration = read(OSAKA);
        declaration.service.class = Class::Two;
        declaration.monitoring.network.as_mut().expect("it watches the network").maximum_endpoints = most;
        let found = gates(edition("2.0"), &declaration, day("2026-11-21"), &TrackRecord::default());
        let gate = found.iter().find(|gate| gate.name == GateName::Endpoints).expect("there is one");
        assert_eq!((gate.is_met, gate.standing), (is_met, Standing::Provisional), "{most:?}");
        assert!(gate.note.is_some(), "and says why");
    }
}
