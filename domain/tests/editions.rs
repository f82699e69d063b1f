//! The editions as data: which day each governs, and what a file may not say.

use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::declaration::{Class, Kind};
use domain::edition::{DayPrecision, Editions, Fault, LimitName, ProvisionOf, Standing, provisions};
use sha2::{Digest, Sha256};

const V1_0: &str = include_str!("../editions/1.0.toml");
const V1_1: &str = include_str!("../editions/1.1.toml");
const V2_0: &str = include_str!("../editions/2.0.toml");

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// Temporal coverage: no values, only that every day from the first on has exactly one edition, and none before.
#[test]
fn every_day_of_ten_years_has_exactly_one_edition_or_none_before_the_first() {
    let editions = Editions::bundled();
    let (mut today, first) = (day("2021-01-01"), editions.all()[0].in_force_from);
    while today <= day("2030-12-31") {
        let began = editions.all().iter().filter(|edition| edition.in_force_from <= today);
        // One governs: the one that began last, which no other replaced by this day.
        let governs = began
            .clone()
            .filter(|edition| !began.clone().any(|later| later.replaces.as_deref() == Some(edition.id.as_str())));
        let governs: Vec<_> = governs.map(|edition| &edition.id).collect();
        assert_eq!(governs.len(), usize::from(today >= first), "{today}: {governs:?}");
        assert_eq!(editions.governing(today).map(|edition| &edition.id), governs.first().copied(), "{today}");
        today = today.next();
    }
}

#[test]
fn the_days_on_which_editions_change() {
    for (on, id) in [
        ("2021-01-31", None),
        ("2021-02-01", Some("1.0")),
        ("2021-03-01", Some("1.0")),
        ("2021-04-15", Some("1.0")),
        ("2021-06-30", Some("1.0")),
        ("2021-07-01", Some("1.1")),
        ("2024-02-29", Some("1.1")),
        ("2024-03-14", Some("1.1")),
        ("2024-03-15", Some("2.0")),
        ("2026-11-21", Some("2.0")),
        ("9998-12-31", Some("2.0")),
    ] {
        assert_eq!(Editions::bundled().governing(day(on)).map(|edition| edition.id.as_str()), id, "{on}");
    }
}

#[test]
fn what_is_official_and_what_is_not() {
    let standing = |id: &str| Editions::bundled().find(id).map(|edition| (edition.standing, edition.day_precision));
    assert_eq!(standing("1.0"), Some((Standing::Official, DayPrecision::Month)));
    assert_eq!(standing("1.1"), Some((Standing::Provisional, DayPrecision::Month)));
    assert_eq!(standing("2.0"), Some((Standing::Official, DayPrecision::Day)));
    assert_eq!(standing("3.0"), None);
    for edition in Editions::bundled().all() {
        for criterion in edition.classes.iter().flat_map(|rules| &rules.criteria) {
            assert!(criterion.standing == Standing::Official || criterion.note.is_some(), "{:?}", criterion.id);
            for limit in &criterion.limits {
                assert!(limit.standing == Standing::Official || limit.note.is_some(), "{:?}", limit.name);
                assert_eq!(limit.citation.clause.as_ref(), Some(&criterion.clause.ja));
            }
        }
    }
}

/// The figures of CRITERIA as a person would look them up.
#[test]
fn limits_by_edition_and_class() {
    use CriterionId::*;
    use LimitName::*;
    use Standing::*;
    for (id, class, criterion, limit, value, standing) in [
        ("1.0", Class::One, NetworkPrice, MonthlyYenExcludingTax, Some(10_000), Official),
        ("1.1", Class::One, NetworkPrice, MonthlyYenExcludingTax, Some(10_000), Provisional),
        ("2.0", Class::One, NetworkPrice, MonthlyYenExcludingTax, Some(10_000), Official),
        ("2.0", Class::Two, NetworkPrice, MonthlyYenExcludingTax, None, Provisional),
        ("1.0", Class::One, EndpointPrice, MonthlyYenPerEndpointExcludingTax, Some(2_000), Official),
        ("2.0", Class::Two, EndpointPrice, MonthlyYenPerEndpointExcludingTax, None, Provisional),
        ("1.0", Class::One, EndpointPrice, FewestEndpointsOfAContract, Some(1), Official),
        ("2.0", Class::One, CombinedPrice, MonthlyYenExcludingTax, None, Provisional),
        ("2.0", Class::Two, CombinedPrice, MonthlyYenExcludingTax, None, Provisional),
        ("1.0", Class::One, MinimumTerm, MinimumTermMonths, Some(24), Official),
        ("2.0", Class::Two, MinimumTerm, MinimumTermMonths, Some(24), Official),
        ("2.0", Class::Two, NetworkMonitoring, MonitoredEndpoints, Some(50), Official),
        ("2.0", Class::Two, Experience, ClassOneRegisteredYears, Some(2), Official),
        ("2.0", Class::Two, Experience, ClassOneCompanies, Some(10), Official),
        ("2.0", Class::Two, Experience, ClassOneServiceYears, Some(1), Official),
        ("2.0", Class::Two, Consulting, ConsultingTimesAYear, None, Provisional),
    ] {
        let edition = Editions::bundled().find(id).expect("a bundled edition");
        let found = edition.class(class).expect("a class").criteria.iter().find(|c| c.id == criterion);
        let found = found.expect("a criterion").limit(limit).expect("a limit");
        assert_eq!((found.value, found.standing), (value, standing), "{id} {class:?} {limit:?}");
    }
}

/// An examiner's list follows kind and class.
#[test]
fn what_examiners_judge() {
    for (id, class, kind, number) in [
        ("1.0", Class::One, Kind::Network, 13),
        ("1.0", Class::One, Kind::Endpoint, 13),
        ("1.0", Class::One, Kind::Combined, 0),
        ("1.0", Class::Two, Kind::Network, 0),
        ("2.0", Class::One, Kind::Network, 13),
        ("2.0", Class::One, Kind::Combined, 14),
        ("2.0", Class::Two, Kind::Endpoint, 14),
        ("2.0", Class::Two, Kind::Combined, 15),
    ] {
        let edition = Editions::bundled().find(id).expect("a bundled edition");
        assert_eq!(edition.criteria_for(class, kind).len(), number, "{id} {class:?} {kind:?}");
    }
}

#[test]
fn a_digest_is_of_the_files_exact_bytes() {
    for (id, text) in [("1.0", V1_0), ("1.1", V1_1), ("2.0", V2_0)] {
        let expected: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let edition = Editions::bundled().find(id).expect("a bundled edition");
        assert_eq!(edition.digest(), expected);
    }
    let longer = format!("{V1_0}\n");
    let other = Editions::read(&[("1.0.toml", &longer)]).expect("a blank line more is still an edition");
    assert_ne!(other.all()[0].digest(), Editions::bundled().all()[0].digest());
}

/// Adding an edition is one file: here one that replaces 2.0 and lowers a price.
#[test]
fn an_edition_more_is_one_file_more() {
    let next = V2_0.replacen("\"2.0\"", "\"2.1\"", 1).replacen("\"1.1\"", "\"2.0\"", 1);
    let next = next.replacen("2024-03-15", "2027-04-01", 1).replacen("at_most = 10_000", "at_most = 9_000", 1);
    let files = [("2.1.toml", next.as_str()), ("1.1.toml", V1_1), ("2.0.toml", V2_0), ("1.0.toml", V1_0)];
    let editions = Editions::read(&files).expect("four editions");
    let governing = |on: &str| editions.governing(day(on)).map(|edition| edition.id.as_str());
    assert_eq!((governing("2027-03-31"), governing("2027-04-01")), (Some("2.0"), Some("2.1")));
}

/// One change to edition 1.0 each: what is refused, and the words at which the refusal points.
#[test]
fn a_fault_is_refused_with_file_line_and_field() {
    let unreadable = |message: &str| Fault::Unreadable { message: message.to_owned() };
    let unknown_source = Fault::UnknownSource { source: "ipa_2012".into() };
    let not_of_it = Fault::LimitNotOfCriterion { limit: LimitName::RenewalEveryYears };
    let needed = Fault::LimitMissing { limit: LimitName::FewestEndpointsOfAContract };
    let not_first = Fault::NotFirstOfMonth { day: day("2021-02-02") };
    let fewest = "[[class.criterion.limit]]\nname = \"fewest_endpoints_of_a_contract\"\nat_most = 1\nstanding = \"official\"\nsource = \"ipa_2021\"\n";
    let twice = "name = \"monthly_yen_per_endpoint_excluding_tax\"\nat_most = 1\n";
    let class = "class = 1\nstanding = \"provisional\"";
    let limit = "at_most = 10_000\nstanding = \"provisional\"";
    let figure = "at_most = 10_000\n";
    for (was, is, at, field, fault) in [
        // Fields that no edition has, at every depth.
        ("edition = ", "editoin = ", "editoin", "editoin", Fault::UnknownField),
        ("last_read", "lastread", "lastread", "lastread", Fault::UnknownField),
        ("decided_by", "decidedby", "decidedby", "decidedby", Fault::UnknownField),
        ("clause = { ja", "clause = { jp", "clause = { jp", "jp", Fault::UnknownField),
        ("reason = true,", "reson = true,", "reson", "reson", Fault::UnknownField),
        ("at_most = 10_000", "at_msot = 10_000", "at_msot", "at_msot", Fault::UnknownField),
        // Fields that every edition has: the refusal points at what they are missing from.
        ("in_force_from = \"2021-02-01\"\n", "", "", "in_force_from", Fault::MissingField),
        ("last_read = \"2026-11-21\"\n", "", "[sources.ipa_2021]", "last_read", Fault::MissingField),
        ("kinds = [\"network\"]\n", "", "[[class.criterion]]\nid = \"network_m", "kinds", Fault::MissingField),
        ("evidence = true, ", "", "judgement = { reason = true, may", "evidence", Fault::MissingField),
        // Values of another shape.
        ("note = {", "title = {", "title = { ja = \"2021年2月", "title", unreadable("duplicate key")),
        ("at_most = 10_000", "at_most = -1", "at_most = -1", "at_most", unreadable("invalid value")),
        ("at_most = 10_000", "at_most = 10.5", "at_most = 10.5", "at_most", unreadable("invalid type")),
        ("\"help_desk\"", "\"helpdesk\"", "id = \"helpdesk\"", "id", unreadable("unknown variant `helpdesk`")),
        ("class = 1", "class = 3", "class = 3", "class", unreadable("読み取った値：3")),
        ("2021-02-01", "2021-02-29", "in_force_from", "in_force_from", unreadable("2021-02-29")),
        ("2021-02-01\"", "2021-02-01", "in_force_from", "in_force_from", unreadable("")),
        // Values of the right shape that contradict others.
        ("2021-02-01", "2021-02-02", "in_force_from", "in_force_from", not_first),
        ("\"ipa_2021\"", "\"ipa_2012\"", "source = \"ipa_2012\"", "source", unknown_source),
        (
            "\"At most 10,000 yen a month, tax excluded.\"",
            "\" \"",
            "wording = { ja = \"月額1万円",
            "wording",
            Fault::Empty,
        ),
        ("[\"network\"]", "[]", "kinds = []", "kinds", Fault::Empty),
        ("[\"network\"]", "[\"network\", \"network\"]", "[\"network\", \"network\"]", "kinds", Fault::Twice),
        ("[\"network\"]", "[\"combined\"]", "kinds = [\"combined\"]", "kinds", Fault::KindNotOfClass),
        (
            "\"simplicity\"",
            "\"help_desk\"",
            "id = \"help_desk\"\nkinds = [\"network\", \"endpoint\"]\nclause = { ja = \"主な要件 4",
            "id",
            Fault::Twice,
        ),
        (
            figure,
            "",
            "standing = \"official\"\nsource = \"ipa_2021\"\n\n[[class.criterion]]\nid = \"endpoint_p",
            "standing",
            Fault::OfficialWithoutFigure,
        ),
        ("at_most = 10_000", "at_least = 10_000", "at_least = 10_000", "at_least", Fault::WrongBound),
        ("\"minimum_term_months\"", "\"renewal_every_years\"", "name = \"renewal_every", "name", not_of_it),
        (fewest, "", "id = \"endpoint_price\"", "limit", needed),
        (
            "name = \"fewest_endpoints_of_a_contract\"",
            "name = \"monthly_yen_per_endpoint_excluding_tax\"",
            twice,
            "name",
            Fault::Twice,
        ),
        // What is provisional says why.
        ("class = 1\nstanding = \"official\"", class, "standing = \"provisional\"", "standing", Fault::WithoutNote),
        (
            "at_most = 10_000\nstanding = \"official\"",
            limit,
            "standing = \"provisional\"",
            "standing",
            Fault::WithoutNote,
        ),
        ("\nnote = ", "\n# note = ", "day_precision", "day_precision", Fault::WithoutNote),
    ] {
        let text = V1_0.replacen(was, is, 1);
        assert_ne!(text, V1_0, "the file does not say {was}");
        let error = Editions::read(&[("1.0.toml", &text)]).expect_err(is);
        let found = text.find(at).expect("the words pointed at");
        let line = 1 + text[..found].matches('\n').count();
        assert_eq!((error.file.as_str(), error.line, error.field.as_str()), ("1.0.toml", line, field), "{is}: {error}");
        match (&error.fault, &fault) {
            (Fault::Unreadable { message }, Fault::Unreadable { message: part }) => {
                assert!(message.contains(part), "{error}")
            }
            (other, fault) => assert_eq!(*other, *fault, "{error}"),
        }
    }
}

/// All limits of a group or none: class 2's experience cannot do with two of its three figures.
#[test]
fn a_group_of_limits_is_whole() {
    let years = "[[class.criterion.limit]]\nname = \"class_one_service_years\"\nat_least = 1\nstanding = \"official\"\nsource = \"watch_2024\"\n";
    let text = V2_0.replacen(years, "", 1);
    let error =
        Editions::read(&[("1.0.toml", V1_0), ("1.1.toml", V1_1), ("2.0.toml", &text)]).expect_err("a limit less");
    assert_eq!(error.fault, Fault::LimitMissing { limit: LimitName::ClassOneServiceYears });
}

/// A note of what is provisional covers what is provisional inside it, and only that.
#[test]
fn a_note_covers_what_is_inside() {
    let note = |text: &str| {
        let editions = Editions::read(&[("1.0.toml", V1_0), ("1.1.toml", text)]).expect("two editions");
        editions.all()[1].classes[0].criteria[0].note.clone()
    };
    let around = Editions::bundled().find("1.1").expect("a bundled edition").note.clone();
    assert!(around.is_some());
    assert_eq!(note(V1_1), around);
    let own = V1_1.replacen(
        "source = \"ipa_2021\"\nstanding",
        "note = { ja = \"別\", en = \"other\" }\nsource = \"ipa_2021\"\nstanding",
        1,
    );
    assert_eq!(note(&own).map(|note| note.en), Some("other".to_owned()));
}

/// Files that are each right and together leave a day without one edition.
#[test]
fn editions_follow_one_another() {
    let same_day = V2_0.replacen("2024-03-15", "2021-07-01", 1);
    let again = V1_1.replacen("edition = \"1.1\"", "edition = \"1.0\"", 1);
    let too_early = V2_0.replacen("2024-03-15", "2021-01-15", 1);
    let (a, b, c) = (("a.toml", V1_0), ("b.toml", V1_1), ("c.toml", V2_0));
    for (files, file, field, fault) in [
        (vec![], "", "edition", Fault::NoEditions),
        (vec![b], "b.toml", "replaces", Fault::ReplacesAnother { before: None }),
        (vec![a, c], "c.toml", "replaces", Fault::ReplacesAnother { before: Some("1.0".into()) }),
        (vec![a, b, ("c.toml", &too_early)], "c.toml", "replaces", Fault::ReplacesAnother { before: None }),
        (vec![a, b, ("c.toml", &same_day)], "c.toml", "in_force_from", {
            Fault::DayTwice { day: day("2021-07-01"), other_file: "b.toml".into() }
        }),
        (vec![a, ("b.toml", &again)], "b.toml", "edition", Fault::EditionTwice { other_file: "a.toml".into() }),
        (vec![a, b, c, ("d.toml", V2_0)], "d.toml", "edition", Fault::EditionTwice { other_file: "c.toml".into() }),
    ] {
        let error = Editions::read(&files).expect_err(file);
        assert_eq!((error.file.as_str(), error.field.as_str()), (file, field), "{error}");
        assert_eq!(error.fault, fault);
        assert_eq!(error.line > 0, !file.is_empty());
    }
}

/// What a pass of each class and kind would rest on that is not confirmed.
#[test]
fn what_is_provisional_of_what_a_service_is_judged_by() {
    let editions = Editions::bundled();
    let found = |id: &str, class, kind| {
        let edition = editions.find(id).expect("bundled");
        provisions(edition, edition, class, kind).into_iter().map(|provision| provision.what).collect::<Vec<_>>()
    };
    use ProvisionOf as P;
    for kind in [Kind::Network, Kind::Endpoint] {
        assert_eq!(found("1.0", Class::One, kind), []);
        assert_eq!(found("2.0", Class::One, kind), [], "the published caps decide");
        let second = found("2.0", Class::Two, kind);
        assert_eq!(second[0], P::Class(Class::Two));
        assert!(second.iter().any(|what| matches!(what, P::Limit(CriterionId::Consulting, _))), "{second:?}");
        assert_eq!(found("1.1", Class::One, kind)[..2], [P::Edition, P::Class(Class::One)]);
    }
    let price = CriterionId::CombinedPrice;
    let combined = [P::Wording(price), P::Limit(price, LimitName::MonthlyYenExcludingTax)];
    assert_eq!(found("2.0", Class::One, Kind::Combined), combined);
}

/// A correction that says the same officially confirms what a case was judged by; another figure or other words do not.
#[test]
fn a_correction_confirms_what_it_says_alike() {
    let class_two = V2_0.rfind("[[class]]").expect("two classes");
    let (before, second) = V2_0.split_at(class_two);
    let hours = "name = \"watched_hours_a_day\"\nat_least = 24\nstanding = \"provisional\"";
    use ProvisionOf as P;
    let limit = P::Limit(CriterionId::NetworkMonitoring, LimitName::WatchedHoursADay);
    let wording = P::Wording(CriterionId::NetworkMonitoring);
    for (name, from, to, is_limit_open, is_wording_open) in [
        ("nothing", "", "", true, true),
        ("the limit, officially", hours, &*hours.replace("provisional", "official"), false, true),
        (
            "another figure, officially",
            hours,
            &hours.replace("provisional", "official").replace("24", "20"),
            true,
            true,
        ),
        (
            "the words, officially",
            "standing = \"provisional\"\nnote = { ja = \"2類では監視機能",
            "standing = \"official\"\nnote = { ja = \"2類では監視機能",
            true,
            false,
        ),
        (
            "other words, officially",
            "少なくとも50台とすること\", en = \"Stronger watching than in class 1; more endpoints than in class 1, at least 50.\" }\nsource = \"ipa_2024\"\nstanding = \"provisional\"",
            "50台とすること\", en = \"At least 50.\" }\nsource = \"ipa_2024\"\nstanding = \"official\"",
            true,
            true,
        ),
    ] {
        assert!(second.contains(from), "{name}");
        // A limit says for itself why it is provisional once the words around it are not.
        let unsure = format!("{hours}\nnote = {{ ja = \"未確認\", en = \"Not found.\" }}");
        let corrected = format!("{before}{}", second.replacen(from, to, 1).replacen(hours, &unsure, 1));
        let (now, _) =
            Editions::bundled().with("2.0.toml", &corrected).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (bound, now) = (Editions::bundled().find("2.0").expect("bundled"), now.find("2.0").expect("corrected"));
        let found: Vec<_> =
            provisions(bound, now, Class::Two, Kind::Network).into_iter().map(|provision| provision.what).collect();
        assert_eq!((found.contains(&limit), found.contains(&wording)), (is_limit_open, is_wording_open), "{name}");
        assert!(found.contains(&P::Class(Class::Two)), "{name}: the class stays what it was");
    }
}
