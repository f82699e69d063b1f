//! Reports: which are due and by when, what is late, how one is corrected, and what is published of all of them.

use domain::act::RegistrationNumber;
use domain::authority::Denial;
use domain::calendar::{Day, Instant};
use domain::registration::Registration;
use domain::scheme::Scheme;
use domain::settings::Settings;
use domain::watching::{
    Aggregate, AlertFigures, Category, Contents, Count, Filing, MOST, Matter, Progress, Refusal, Report, Severity,
    aggregate, cut_offs, name_of, period_named, suppress,
};
use proptest::prelude::*;

use crate::world::{self, at, day, figures, report_alerts};

fn periods(registration: &Registration, today: &str) -> Vec<String> {
    let duties = registration.duties(Settings::bundled(), day(today));
    duties.iter().filter(|duty| duty.matter == Matter::Alerts).map(|duty| name_of(duty.period)).collect()
}

#[test]
fn half_years_of_the_fiscal_year_are_the_periods() {
    let rules = Scheme::bundled().alert_reports.clone();
    for (day, period) in [
        ("2026-03-31", "2025-10-01--2026-03-31"),
        ("2026-04-01", "2026-04-01--2026-09-30"),
        ("2026-09-30", "2026-04-01--2026-09-30"),
        ("2026-10-01", "2026-10-01--2027-03-31"),
        ("2026-12-31", "2026-10-01--2027-03-31"),
        ("2027-01-01", "2026-10-01--2027-03-31"),
        ("2028-02-29", "2027-10-01--2028-03-31"),
    ] {
        let found = rules.period_of(self::day(day));
        assert_eq!(name_of(found), period, "{day}");
        assert_eq!(period_named(period), Some(found));
    }
    for wrong in ["", "2026-04-01", "2026-04-01--", "2026-10-01--2026-09-30", "2026-04-01--2026-09-31", "a--b"] {
        assert_eq!(period_named(wrong), None, "{wrong}");
    }
    assert_eq!(Settings::bundled().alerts_due(rules.period_of(day("2026-04-01"))), day("2026-10-30"));
}

/// A service reports about every period on one day of which it was registered, suspended or not.
#[test]
fn what_is_owed_follows_the_registration() {
    let registered = world::running_from;
    let (first, second, third) = ("2026-04-01--2026-09-30", "2026-10-01--2027-03-31", "2027-04-01--2027-09-30");
    let (fourth, fifth) = ("2027-10-01--2028-03-31", "2028-04-01--2028-09-30");
    let suspended = world::suspended(registered("2026-05-01"), at(world::NOW));
    let revoked = |when: &str| world::revoked(registered("2026-05-01"), at(when));
    for (name, registration, today, owed) in [
        ("before the first day", registered("2026-10-01"), "2026-09-30", &[][..]),
        ("on the first day", registered("2026-10-01"), "2026-10-01", &[second]),
        ("on a period's last day", registered("2026-09-30"), "2026-10-01", &[first, second]),
        ("while suspended", suspended, "2027-04-01", &[first, second, third]),
        ("revoked in the first period", revoked("2026-09-30T14:59:59Z"), "2027-10-01", &[first]),
        ("revoked as the second begins", revoked("2026-09-30T15:00:00Z"), "2027-10-01", &[first]),
        ("revoked a second later", revoked("2026-09-30T15:00:01Z"), "2027-10-01", &[first, second]),
        ("long after it lapsed", registered("2026-05-01"), "2030-01-01", &[first, second, third, fourth, fifth]),
        ("lapsed with a period", registered("2026-04-01"), "2030-01-01", &[first, second, third, fourth]),
        ("lapsed a day later", registered("2026-04-02"), "2030-01-01", &[first, second, third, fourth, fifth]),
    ] {
        assert_eq!(periods(&registration, today), owed, "{name}");
    }
}

#[test]
fn late_is_after_the_due_day_in_japan() {
    let registration = world::registered();
    let (scheme, period) = (Settings::bundled(), period_named(world::PERIOD).expect("a period"));
    let duty = registration.duty(scheme, Matter::Alerts, period, day("2026-10-01")).expect("it is owed");
    for (today, progress) in [
        ("2026-09-30", Progress::Ahead),
        ("2026-10-01", Progress::Open),
        ("2026-10-30", Progress::Open),
        ("2026-10-31", Progress::Missing { days: 1 }),
        ("2027-10-30", Progress::Missing { days: 365 }),
    ] {
        assert_eq!(duty.progress(None, day(today)), progress, "{today}");
    }
    for (filed, progress) in [
        ("2026-09-30T15:00:00Z", Progress::Filed),
        ("2026-10-30T14:59:59Z", Progress::Filed),
        ("2026-10-30T15:00:00Z", Progress::FiledLate { days: 1 }),
        ("2026-11-30T15:00:00Z", Progress::FiledLate { days: 32 }),
    ] {
        let filed_at = |now| report_alerts(None, world::PERIOD, figures(1), &world::applicant(), now).expect("filed").0;
        assert_eq!(duty.progress(Some(&filed_at(filed)), day("2028-01-01")), progress, "{filed}");
        // A correction changes nothing about that.
        let again = report_alerts(
            Some(filed_at(filed)),
            world::PERIOD,
            figures(2),
            &world::applicant(),
            "2027-05-01T00:00:00Z",
        );
        assert_eq!(duty.progress(Some(&again.expect("corrected").0), day("2028-01-01")), progress, "{filed}");
    }
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let (owner, first) = (world::applicant(), world::PERIOD);
    let second = "2026-10-01--2027-03-31";
    let denied = |by| report_alerts(None, first, figures(1), &by, world::REPORTED).expect_err("denied");
    assert_eq!(denied(world::rival()), Refusal::Denied(Denial::NotOwner));
    assert!(matches!(denied(world::secretary()), Refusal::Denied(Denial::Role { .. })));
    let not_owed = |name| Refusal::NotOwed { period: period_named(name).expect("a period") };
    for (period, now, refusal) in [
        (first, "2026-09-30T14:59:59Z", Refusal::TooEarly { opens: day("2026-10-01") }),
        (second, "2027-03-31T14:59:59Z", Refusal::TooEarly { opens: day("2027-04-01") }),
        // One that has not begun, one before the registration, and one that is no period of this scheme.
        (second, "2026-09-30T14:59:59Z", not_owed(second)),
        ("2025-10-01--2026-03-31", world::REPORTED, not_owed("2025-10-01--2026-03-31")),
        ("2026-04-01--2026-06-30", world::REPORTED, not_owed("2026-04-01--2026-06-30")),
    ] {
        assert_eq!(report_alerts(None, period, figures(1), &owner, now).expect_err("refused"), refusal, "{period}");
    }
    report_alerts(None, first, figures(1), &owner, "2026-09-30T15:00:00Z").expect("the first second");
    report_alerts(None, first, figures(MOST), &owner, world::REPORTED).expect("the most");
    for count in Count::all() {
        let figures = AlertFigures::of(|other| if other == count { MOST + 1 } else { 0 });
        let refused = report_alerts(None, first, figures, &owner, world::REPORTED).expect_err("too many");
        assert_eq!(refused, Refusal::Count { count, read: Some(MOST + 1) });
    }
    let mut lacking = figures(1);
    lacking.alerts.remove(&Category::Mail);
    let refused = report_alerts(None, first, lacking, &owner, world::REPORTED).expect_err("one is missing");
    assert_eq!(refused, Refusal::Count { count: Count::Alerts(Category::Mail, Severity::High), read: None });
}

#[test]
fn a_correction_takes_the_place_of_what_was_reported_and_that_stays() {
    let owner = world::applicant();
    let file = |before, count, now| report_alerts(before, world::PERIOD, figures(count), &owner, now);
    let (report, _) = file(None, 1, world::REPORTED).expect("reported");
    assert_eq!(file(Some(report.clone()), 1, "2026-10-11T01:00:00Z").expect_err("the same"), Refusal::Unchanged);
    let (report, act) = file(Some(report), 2, "2026-11-11T01:00:00Z").expect("corrected");
    assert_eq!((report.version, act.version, report.filings.len()), (2, 2, 2));
    assert_eq!(report.last().contents, Contents::Alerts(figures(2)));
    let contents = |report: &Report, day: &str| report.as_of(self::day(day)).map(|filing| filing.contents.clone());
    for (day, count) in
        [("2026-10-09", None), ("2026-10-10", Some(1)), ("2026-11-10", Some(1)), ("2026-11-11", Some(2))]
    {
        assert_eq!(contents(&report, day), count.map(|count| Contents::Alerts(figures(count))), "{day}");
    }
    // A clock that is behind changes the order of nothing.
    let (report, act) = file(Some(report), 3, world::REPORTED).expect("corrected");
    assert_eq!((act.at, report.filings.len()), (at("2026-11-11T01:00:00Z"), 3));
}

/// Who filed, on which days with which count each; of two services of a provider, `A/1` and `A/2`.
type Filed<'a> = (&'a str, &'a [(&'a str, u32)]);

fn reports(of: &[Filed<'_>]) -> Vec<Report> {
    let filing = |provider: &str, (day, count): &(&str, u32)| Filing {
        provider: provider.split('/').next().and_then(|name| name.parse().ok()).expect("an id"),
        at: self::day(day).start(),
        contents: Contents::Alerts(figures(*count)),
    };
    let number = |name: &str| -> RegistrationNumber { name.replace('/', "-").parse().expect("a number") };
    of.iter()
        .map(|(name, filed)| Report {
            id: "R-1".parse().expect("an id"),
            version: filed.len() as u32,
            registration: number(name),
            period: period_named(world::PERIOD).expect("a period"),
            filings: filed.iter().map(|one| filing(name, one)).collect(),
            changed_at: Instant::LAST,
        })
        .collect()
}

fn published(of: &[Filed<'_>], today: &str) -> Option<Aggregate> {
    aggregate(&reports(of), Settings::bundled(), period_named(world::PERIOD).expect("a period"), day(today))
}

#[test]
fn statistics_are_published_after_the_due_day_and_anew_only_where_enough_have_changed() {
    let (early, late, later) = ("2026-10-30", "2026-10-31", "2027-05-01");
    let three: &[Filed<'_>] = &[("A", &[(early, 1)]), ("B", &[(early, 2)]), ("C", &[(early, 3)])];
    let users = |found: &Aggregate| found.totals[0].1;
    assert_eq!(published(three, early), None, "the due day is not over");
    let found = published(three, late).expect("published");
    assert_eq!((found.as_of, found.providers, found.services, users(&found)), (day(early), 3, 3, Some(6)));
    assert_eq!(found.alerts[7][3], Some(6 * 21), "the total of all");
    // Too few providers: two services of one are one provider.
    assert_eq!(published(&[("A/1", &[(early, 1)]), ("A/2", &[(early, 1)]), ("B", &[(early, 1)])], later), None);
    // Those who report late count as of the next due day, and alone they would show in the difference.
    let [a, b, c] = [three[0], three[1], three[2]];
    let with_one: &[Filed<'_>] = &[a, b, c, ("D", &[(late, 4)])];
    for today in [late, "2027-04-30", later, "2030-01-01"] {
        assert_eq!(users(&published(with_one, today).expect("published")), Some(6), "{today}");
    }
    let corrected: &[(&str, u32)] = &[(early, 1), (late, 7)];
    let with_three: &[Filed<'_>] = &[("A", corrected), b, c, ("D", &[(late, 4)]), ("E", &[(late, 5)])];
    assert_eq!(users(&published(with_three, "2027-04-30").expect("published")), Some(6), "before the next due day");
    let found = published(with_three, later).expect("published");
    assert_eq!((found.as_of, found.providers, users(&found)), (day("2027-04-30"), 5, Some(7 + 2 + 3 + 4 + 5)));
    // All late: nothing by the first due day, everything by the next.
    let all_late: &[Filed<'_>] = &[("A", &[(late, 1)]), ("B", &[(late, 2)]), ("C", &[(late, 3)])];
    assert_eq!(published(all_late, "2027-04-30"), None);
    assert_eq!(published(all_late, later).map(|found| found.as_of), Some(day("2027-04-30")));
    let days: Vec<Day> = cut_offs(Settings::bundled(), period_named(world::PERIOD).expect("one"), day(later)).collect();
    assert_eq!(days, [day(early), day("2027-04-30")]);
}

#[test]
fn a_figure_behind_which_two_stand_is_left_out() {
    let filed = "2026-10-30";
    let found = published(&[("A", &[(filed, 1)]), ("B", &[(filed, 2)]), ("C", &[(filed, 0)])], "2026-11-01");
    let found = found.expect("three have reported");
    assert!(found.totals.iter().all(|(_, figure)| figure.is_none()));
    assert!(found.alerts.iter().flatten().all(Option::is_none));
    let none = published(&[("A", &[(filed, 0)]), ("B", &[(filed, 0)]), ("C", &[(filed, 0)])], "2026-11-01");
    assert_eq!(
        none.expect("three have reported").totals[0].1,
        Some(0),
        "that nobody saw anything tells nothing of one"
    );
}

/// The figures of a table that follow from what is shown: those whose unit vector is in the span of the equations,
/// reckoned modulo a prime. It knows nothing of graphs.
fn computable(shown: &[Vec<Option<u64>>]) -> usize {
    const P: u64 = 1_000_003;
    let unknown: Vec<(usize, usize)> = (0..shown.len())
        .flat_map(|row| (0..shown[row].len()).map(move |column| (row, column)))
        .filter(|(row, column)| shown[*row][*column].is_none())
        .collect();
    let last = |length: usize, place: usize| if place + 1 == length { P - 1 } else { 1 };
    let equation = |is_in: &dyn Fn(usize, usize) -> Option<u64>| -> Vec<u64> {
        unknown.iter().map(|(row, column)| is_in(*row, *column).unwrap_or(0)).collect()
    };
    let (rows, columns) = (shown.len(), shown[0].len());
    let by_row = (0..rows).map(|of| equation(&|row, column| (row == of).then(|| last(columns, column))));
    let by_column = (0..columns).map(|of| equation(&|row, column| (column == of).then(|| last(rows, row))));
    let equations: Vec<Vec<u64>> = by_row.chain(by_column).collect();
    let rank = |mut matrix: Vec<Vec<u64>>| {
        let mut rank = 0;
        for column in 0..unknown.len() {
            let Some(pivot) = (rank..matrix.len()).find(|row| matrix[*row][column] != 0) else { continue };
            matrix.swap(rank, pivot);
            let inverse = (0..20).fold((1, matrix[rank][column], P - 2), |(result, base, power), _| {
                (if power & 1 == 1 { result * base % P } else { result }, base * base % P, power >> 1)
            });
            for cell in &mut matrix[rank] {
                *cell = *cell * inverse.0 % P;
            }
            let chosen = matrix[rank].clone();
            for (_, row) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != rank) {
                let factor = row[column];
                for (cell, above) in row.iter_mut().zip(&chosen) {
                    *cell = (*cell + (P - factor) * above) % P;
                }
            }
            rank += 1;
        }
        rank
    };
    let whole = rank(equations.clone());
    let is_computable = |place: &usize| {
        let unit = (0..unknown.len()).map(|other| u64::from(other == *place)).collect();
        rank(equations.iter().cloned().chain([unit]).collect()) == whole
    };
    (0..unknown.len()).filter(is_computable).count()
}

#[test]
fn what_the_check_takes_for_computable_is() {
    let (x, o) = (None, Some(1));
    assert_eq!(computable(&[vec![x, o, o], vec![o, o, o], vec![o, o, o]]), 1, "one alone");
    assert_eq!(computable(&[vec![x, x, o], vec![o, o, o], vec![o, o, o]]), 2, "two in a row");
    assert_eq!(computable(&[vec![x, x, o], vec![x, x, o], vec![o, o, o]]), 0, "a circle");
    assert_eq!(computable(&[vec![x, x, x], vec![x, x, o], vec![o, o, o]]), 1, "and one beside it");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is small: nothing left out can be computed, nothing shown is changed, and every small figure is left out.
    #[test]
    fn nothing_left_out_can_be_computed(
        cells in prop::collection::vec(prop::collection::vec(prop_oneof![2 => Just(0_u64), 3 => 1..50_u64], 3), 2..6),
        small in prop::collection::vec(any::<bool>(), 18),
    ) {
        let mut figures: Vec<Vec<u64>> =
            cells.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
        figures.push((0..4).map(|column| figures.iter().map(|row| row[column]).sum()).collect());
        // Cells may be small, totals as well now and then; nobody stands behind a zero.
        let is_small = |row: usize, column: usize| {
            figures[row][column] > 0 && small[(row * 4 + column) % small.len()] && (row + column) % 3 != 1
        };
        let shown = suppress(&figures, is_small);
        prop_assert_eq!(computable(&shown), 0, "{:?}", shown);
        for (row, (shown, whole)) in shown.iter().zip(&figures).enumerate() {
            for (column, (shown, whole)) in shown.iter().zip(whole).enumerate() {
                prop_assert!(shown.is_none_or(|shown| shown == *whole));
                prop_assert!(!is_small(row, column) || shown.is_none());
                prop_assert!(*whole > 0 || shown.is_some(), "a zero hides nothing");
            }
        }
        prop_assert!((0..figures.len()).any(|row| (0..4).any(|column| is_small(row, column))) || shown.iter().flatten().all(Option::is_some));
    }
}
