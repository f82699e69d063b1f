//! Self-checks: which years are checked, by when, and what has to be said of each criterion.

use domain::criteria::CriterionId;
use domain::registration::Registration;
use domain::settings::Settings;
use domain::watching::{CheckFault, Matter, OwnFinding, Progress, Refusal, name_of};

use crate::world::{self, CRITERIA, at, day};

/// Each year that is checked, with its due day.
fn years(registration: &Registration, today: &str) -> Vec<(String, String)> {
    let duties = registration.duties(Settings::bundled(), day(today)).into_iter();
    let checks = duties.filter(|duty| duty.matter == Matter::SelfCheck);
    checks.map(|duty| (name_of(duty.period), duty.due.to_string())).collect()
}

#[test]
fn a_year_is_checked_where_the_registration_goes_on() {
    let year = |name: &str, due: &str| (name.to_owned(), due.to_owned());
    let first = year("2026-05-01--2027-04-30", "2027-05-31");
    let mut renewed = world::registered();
    renewed.terms.push(domain::calendar::Period::of_years(day("2028-05-01"), 2));
    let revoked = |when: &str| world::revoked(world::registered(), at(when));
    let suspended = world::suspended(world::registered(), at(world::NOW));
    for (name, registration, today, found) in [
        ("before the first day", world::registered(), "2026-04-30", vec![]),
        ("on the first day", world::registered(), "2026-05-01", vec![first.clone()]),
        // The second year ends with the term: what comes then is a renewal, or nothing.
        ("not renewed", world::registered(), "2030-01-01", vec![first.clone()]),
        (
            "renewed",
            renewed,
            "2030-01-01",
            vec![
                first.clone(),
                year("2027-05-01--2028-04-30", "2028-05-31"),
                year("2028-05-01--2029-04-30", "2029-05-31"),
            ],
        ),
        ("suspended", suspended, "2030-01-01", vec![first.clone()]),
        ("revoked a second before the anniversary", revoked("2027-04-30T14:59:59Z"), "2030-01-01", vec![]),
        ("revoked a second after it", revoked("2027-04-30T15:00:01Z"), "2030-01-01", vec![first]),
        (
            "begun on a leap day",
            world::running_from("2028-02-29"),
            "2029-03-01",
            vec![year("2028-02-29--2029-02-28", "2029-03-31")],
        ),
    ] {
        assert_eq!(years(&registration, today), found, "{name}");
    }
}

#[test]
fn it_is_open_from_sixty_days_before_the_anniversary_and_due_thirty_after() {
    let (registration, scheme) = (world::registered(), Settings::bundled());
    let year = domain::watching::period_named(world::YEAR).expect("a year");
    let duty = registration.duty(scheme, Matter::SelfCheck, year, day("2026-05-01")).expect("it is owed");
    for (today, progress) in [
        ("2027-03-01", Progress::Ahead),
        ("2027-03-02", Progress::Open),
        ("2027-05-31", Progress::Open),
        ("2027-06-01", Progress::Missing { days: 1 }),
    ] {
        assert_eq!(duty.progress(None, day(today)), progress, "{today}");
    }
    let check = |now| world::check(world::YEAR, world::still_met(), &world::applicant(), now);
    let refused = check("2027-03-01T14:59:59Z").expect_err("too early");
    assert_eq!(refused, Refusal::TooEarly { opens: day("2027-03-02") });
    for (now, progress) in [
        ("2027-03-01T15:00:00Z", Progress::Filed),
        ("2027-05-31T14:59:59Z", Progress::Filed),
        ("2027-05-31T15:00:00Z", Progress::FiledLate { days: 1 }),
    ] {
        let (report, _) = check(now).expect("checked");
        assert_eq!(duty.progress(Some(&report), day("2029-01-01")), progress, "{now}");
    }
}

#[test]
fn something_is_said_of_each_criterion_once() {
    let refused = |change: &dyn Fn(&mut Vec<domain::watching::CheckedCriterion>)| {
        let mut checked = world::still_met();
        change(&mut checked);
        world::check(world::YEAR, checked, &world::applicant(), world::CHECKED).map(drop)
    };
    let fault = |fault| Err(Refusal::Check(fault));
    assert_eq!(refused(&|checked| drop(checked.remove(1))), fault(CheckFault::Missing(CRITERIA[1])));
    assert_eq!(refused(&Vec::clear), fault(CheckFault::Missing(CRITERIA[0])));
    assert_eq!(refused(&|checked| checked.push(checked[2].clone())), fault(CheckFault::TooMany(CRITERIA[2])));
    let not_asked = CriterionId::Renewal;
    let other = |checked: &mut Vec<domain::watching::CheckedCriterion>| {
        let more = domain::watching::CheckedCriterion { criterion: not_asked, ..checked[0].clone() };
        checked.push(more);
    };
    assert_eq!(refused(&other), fault(CheckFault::TooMany(not_asked)));
    for (words, is_taken) in [("", false), (" \u{3000}", false), ("窓口を移した。", true)] {
        let changed = refused(&|checked| {
            checked[0].finding = OwnFinding::Changed;
            words.clone_into(&mut checked[0].words);
        });
        assert_eq!(changed, if is_taken { Ok(()) } else { fault(CheckFault::NoWords(CRITERIA[0])) }, "{words:?}");
    }
}
