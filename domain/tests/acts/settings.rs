//! Settings of the scheme: two people change them, from a day to come, and nothing that was said before becomes otherwise.

use domain::authority::Denial;
use domain::calendar::{Day, Period};
use domain::proposal::{self, Standing as Open};
use domain::registration::{Refusal as Unfit, Window};
use domain::scheme::Standing;
use domain::settings::{Figure, HOLIDAYS, Proposed, Refusal, SettingId, Settings};
use domain::watching::{Matter, period_named};
use proptest::prelude::*;

use crate::world::{self, NOW, after, at, day, figure, holidays, propose};

use Figure::{AlertDueDays, AnswerDays, ExaminationDays, RenewalDueMonths, RenewalOpensMonths};

#[test]
fn what_the_program_came_with_is_readable_cited_and_within_its_bounds() {
    let known = Settings::bundled();
    for figure in Figure::ALL {
        let (held, (least, most)) = (known.on(figure, day("2026-01-01")), figure.bounds());
        assert!((least..=most).contains(&held.value), "{}: {} is not in {least}..={most}", figure.as_str(), held.value);
        assert!(held.source.len() > 20 && held.from.is_none(), "{}: a citation a person can check", figure.as_str());
        let id: SettingId = figure.as_str().parse().expect("its own name");
        assert_eq!(id, SettingId::Figure(figure));
        for words in [figure.words(), figure.governed_by(), figure.unit().words()] {
            assert!(!words.ja.is_empty() && !words.en.is_empty(), "{}", figure.as_str());
        }
    }
    assert_eq!(known.number(AnswerDays, day("2026-06-01")), 10);
    assert_eq!(known.on(Figure::TermYears, day("2026-06-01")).standing, Standing::Official);
    assert!("answer_day".parse::<SettingId>().is_err(), "a misspelt setting is none");
}

/// Each boundary from both sides; NOW is 1 June 2026 in Japan.
#[test]
fn a_change_is_refused_for_what_is_wrong_with_it() {
    let (earliest, latest) = (day("2026-06-02"), day("2026-06-01").plus_days(3 * 366));
    let late = |from: &str| Refusal::TooLate { index: None, day: day(from), earliest };
    for (name, what, expected) in [
        ("from today", figure(AnswerDays, 15, "2026-06-01"), Err(late("2026-06-01"))),
        ("from a day long gone", figure(AnswerDays, 15, "2020-01-01"), Err(late("2020-01-01"))),
        ("from tomorrow", figure(AnswerDays, 15, "2026-06-02"), Ok(())),
        (
            "too far ahead",
            figure(AnswerDays, 15, "2029-06-04"),
            Err(Refusal::TooFarAhead { index: None, day: day("2029-06-04"), latest }),
        ),
        ("the last day that is near enough", figure(AnswerDays, 15, "2029-06-03"), Ok(())),
        ("no days", figure(AnswerDays, 0, "2026-07-01"), Err(Refusal::Bounds { figure: AnswerDays, value: 0 })),
        ("one day", figure(AnswerDays, 1, "2026-07-01"), Ok(())),
        ("the most days", figure(AnswerDays, 60, "2026-07-01"), Ok(())),
        ("a day more", figure(AnswerDays, 61, "2026-07-01"), Err(Refusal::Bounds { figure: AnswerDays, value: 61 })),
        (
            "what it is already",
            figure(AnswerDays, 10, "2026-07-01"),
            Err(Refusal::Unchanged { figure: AnswerDays, value: 10, from: day("2026-07-01") }),
        ),
        (
            "due when it opens",
            figure(RenewalDueMonths, 8, "2026-07-01"),
            Err(Refusal::Window { opens: 8, due: 8, day: day("2026-07-01") }),
        ),
        ("due a month later than it opens", figure(RenewalDueMonths, 7, "2026-07-01"), Ok(())),
        (
            "opens when it is due",
            figure(RenewalOpensMonths, 4, "2026-07-01"),
            Err(Refusal::Window { opens: 4, due: 4, day: day("2026-07-01") }),
        ),
        ("opens a month before it is due", figure(RenewalOpensMonths, 5, "2026-07-01"), Ok(())),
        ("no holidays", holidays(&[]), Err(Refusal::HowMany { days: 0 })),
        (
            "a holiday today",
            holidays(&[("2026-06-03", Some("休")), ("2026-06-01", Some("休"))]),
            Err(Refusal::TooLate { index: Some(1), day: day("2026-06-01"), earliest }),
        ),
        (
            "the same day twice",
            holidays(&[("2026-06-03", Some("休")), ("2026-06-03", None)]),
            Err(Refusal::Twice { index: 1, day: day("2026-06-03") }),
        ),
        ("a holiday without a name", holidays(&[("2026-06-03", Some(" 　"))]), Err(Refusal::Name { index: 0 })),
        (
            "a holiday that is one, of the same name",
            holidays(&[("2026-07-20", Some("海の日"))]),
            Err(Refusal::HolidayUnchanged { index: 0, day: day("2026-07-20") }),
        ),
        (
            "a working day that is no holiday",
            holidays(&[("2026-07-21", None)]),
            Err(Refusal::HolidayUnchanged { index: 0, day: day("2026-07-21") }),
        ),
        ("a holiday that is to be none", holidays(&[("2026-07-20", None)]), Ok(())),
    ] {
        let found = propose(Settings::bundled(), what, &world::secretary(), NOW).map(drop);
        assert_eq!(found, expected, "{name}");
    }
    let many = Proposed::Holidays(vec![domain::settings::Holiday { day: earliest, name: None }; HOLIDAYS + 1]);
    let found = propose(Settings::bundled(), many, &world::secretary(), NOW).map(drop);
    assert_eq!(found, Err(Refusal::HowMany { days: HOLIDAYS + 1 }));
    let what = || figure(AnswerDays, 15, "2026-07-01");
    let without = |source: &str, reason: &str| {
        let (source, reason) = (source.to_owned(), reason.to_owned());
        let id = world::proposal_id();
        Settings::bundled().propose(id, what(), source, reason, &world::secretary(), at(NOW)).map(drop)
    };
    assert_eq!(without("　", "理由"), Err(Refusal::NoSource));
    assert_eq!(without("出典", " "), Err(Refusal::NoReason));
}

#[test]
fn two_people_of_the_secretariat_or_the_operator_change_a_setting() {
    let known = Settings::bundled();
    let what = || figure(AnswerDays, 15, "2026-07-01");
    for (by, second) in [
        (world::secretary(), world::other_secretary()),
        (world::secretary(), world::operator()),
        (world::operator(), world::secretary()),
    ] {
        let (proposal, _) = propose(known, what(), &by, NOW).expect("proposed");
        let own = known.change(&proposal, &by, at(NOW)).map(drop);
        assert_eq!(own, Err(Refusal::Proposal(proposal::Refusal::OwnProposal)));
        let (changed, act) = known.change(&proposal, &second, at(NOW)).expect("changed");
        assert_eq!((changed.version, act.by.person), (1, second.person));
    }
    for nobody in [world::applicant(), world::first(), world::decider()] {
        let denied = propose(known, what(), &nobody, NOW).map(drop);
        assert!(matches!(denied, Err(Refusal::Denied(Denial::Role { .. }))), "{denied:?}");
    }
}

/// A proposal is about the setting as it was; it is measured again on the day on which it is confirmed.
#[test]
fn a_proposal_is_confirmed_while_its_day_is_ahead_and_its_setting_unchanged() {
    let (proposal, _) = world::longer_answers();
    let confirm = |known: &Settings, now: &str| known.change(&proposal, &world::other_secretary(), at(now)).map(drop);
    assert_eq!(confirm(Settings::bundled(), "2026-06-15T14:59:59Z"), Ok(()));
    let expired = Err(Refusal::Proposal(proposal::Refusal::Closed(Open::Expired)));
    assert_eq!(confirm(Settings::bundled(), "2026-06-15T15:00:00Z"), expired);
    let other = after(&[(NOW, figure(AnswerDays, 12, "2026-08-01"))]);
    let settled = Err(Refusal::Proposal(proposal::Refusal::Closed(Open::Settled)));
    assert_eq!(confirm(&other, "2026-06-03T01:00:00Z"), settled);
    let beside = after(&[(NOW, figure(ExaminationDays, 30, "2026-08-01"))]);
    assert_eq!(confirm(&beside, "2026-06-03T01:00:00Z"), Ok(()), "another setting's change settles nothing");
    // Proposed for the next day, confirmed on that day: what has begun is not changed.
    let soon = propose(Settings::bundled(), figure(AnswerDays, 15, "2026-06-02"), &world::secretary(), NOW);
    let (soon, _) = soon.expect("proposed");
    let begun = Settings::bundled().change(&soon, &world::other_secretary(), at("2026-06-01T15:00:00Z")).map(drop);
    let (day_of, earliest) = (day("2026-06-02"), day("2026-06-03"));
    assert_eq!(begun, Err(Refusal::TooLate { index: None, day: day_of, earliest }));
}

#[test]
fn a_change_holds_from_its_day_and_the_last_word_about_a_day_counts() {
    let known = after(&[
        (NOW, figure(AnswerDays, 15, "2026-07-01")),
        ("2026-06-03T01:00:00Z", figure(AnswerDays, 20, "2026-09-01")),
        ("2026-06-04T01:00:00Z", figure(AnswerDays, 12, "2026-08-01")),
        // The one from September on is put right before it holds.
        ("2026-06-05T01:00:00Z", figure(AnswerDays, 18, "2026-09-01")),
    ]);
    for (on, value) in [
        ("2026-06-30", 10),
        ("2026-07-01", 15),
        ("2026-07-31", 15),
        ("2026-08-01", 12),
        ("2026-08-31", 12),
        ("2026-09-01", 18),
        ("2040-01-01", 18),
    ] {
        assert_eq!(known.number(AnswerDays, day(on)), value, "on {on}");
    }
    assert_eq!(known.history(AnswerDays).len(), 4, "nothing that was said is forgotten");
    // A window that is right today may be wrong on a later day.
    let later = after(&[(NOW, figure(RenewalOpensMonths, 6, "2027-01-01"))]);
    let due =
        |value| propose(&later, figure(RenewalDueMonths, value, "2026-07-01"), &world::secretary(), NOW).map(drop);
    assert_eq!(due(6), Err(Refusal::Window { opens: 6, due: 6, day: day("2027-01-01") }));
    assert_eq!(due(5), Ok(()));
}

/// 6 July 2026 is a Monday, 20 July 海の日.
#[test]
fn a_holiday_is_counted_as_two_people_said() {
    let (plain, known) =
        (Settings::bundled(), after(&[(NOW, holidays(&[("2026-07-06", Some("臨時の休日")), ("2026-07-20", None)]))]));
    for (from, count, was, is) in [
        ("2026-07-03", 1, "2026-07-06", "2026-07-07"),
        ("2026-07-03", 2, "2026-07-07", "2026-07-08"),
        ("2026-07-17", 1, "2026-07-21", "2026-07-20"),
        ("2026-07-03", 11, "2026-07-21", "2026-07-21"),
    ] {
        assert_eq!(plain.working_days_after(day(from), count), day(was), "{count} after {from}, before");
        assert_eq!(known.working_days_after(day(from), count), day(is), "{count} after {from}");
        assert_eq!(known.working_days_between(day(from), day(is)), count);
    }
    assert_eq!((known.holiday(day("2026-07-06")), known.holiday(day("2026-07-20"))), (Some("臨時の休日"), None));
}

/// Which day's value governs: that of the question, of the acceptance, of the term's first day, of the period's last.
#[test]
fn rules_ask_for_the_setting_of_the_day_concerned() {
    let known = after(&[
        (NOW, figure(AnswerDays, 1, "2026-07-01")),
        (NOW, figure(ExaminationDays, 20, "2026-07-01")),
        (NOW, figure(RenewalOpensMonths, 10, "2027-01-01")),
        (NOW, figure(AlertDueDays, 60, "2026-09-30")),
        (NOW, figure(Figure::DiscontinuationDays, 60, "2026-07-01")),
    ]);
    let earliest = |on| domain::application::earliest_answer(day(on), &known);
    assert_eq!((earliest("2026-06-30"), earliest("2026-07-01")), (day("2026-07-14"), day("2026-07-02")));
    let accepted = |now| {
        let accepted = world::submitted().accept(&world::examiners(), &known, &world::secretary(), at(now));
        accepted.expect("accepted").0.due.expect("it has one")
    };
    let after_days = |on, days| known.working_days_after(day(on), days);
    assert_eq!(accepted("2026-06-30T14:59:59Z"), after_days("2026-06-30", 40));
    assert_eq!(accepted("2026-06-30T15:00:00Z"), after_days("2026-07-01", 20));
    let opens = |from| Window::of(Period::of_years(day(from), 2), &known).opens;
    assert_eq!((opens("2026-12-31"), opens("2027-01-01")), (day("2028-04-30"), day("2028-02-29")));
    let due = |name| known.alerts_due(period_named(name).expect("a period"));
    assert_eq!(due("2025-10-01--2026-03-31"), day("2026-04-30"));
    assert_eq!(due(world::PERIOD), day("2026-11-29"), "the period ends on the day from which sixty days hold");
    let end = |now, last_day| {
        let ending = world::ending(last_day);
        world::registered().discontinue(ending, &known, &world::applicant(), at(now)).map(drop)
    };
    assert_eq!(end("2026-06-30T01:00:00Z", "2026-07-30"), Ok(()));
    let (last_day, earliest) = (day("2026-08-29"), day("2026-08-30"));
    let refused = Err(Unfit::LastDayTooSoon { last_day, earliest });
    assert_eq!(end("2026-07-01T01:00:00Z", "2026-08-29"), refused);
    assert_eq!(end("2026-07-01T01:00:00Z", "2026-08-30"), Ok(()));
    let duties = |known: &Settings| world::registered().duties(known, day("2027-04-01"));
    let alerts = |known| duties(known).into_iter().filter(|duty| duty.matter == Matter::Alerts).count();
    assert_eq!(alerts(&known), alerts(Settings::bundled()), "what is owed is the same; only when it is due is not");
}

proptest! {
    /// Whatever two people change, and when: on every day that has begun everything is as it was.
    #[test]
    fn no_change_touches_a_day_that_has_begun(
        changes in proptest::collection::vec((0..20_i32, 1..60_u32, 0..40_i32, any::<bool>()), 1..12),
    ) {
        let mut known = Settings::bundled().clone();
        let mut today = day("2026-06-02");
        for (wait, value, ahead, is_holiday) in changes {
            today = today.plus_days(wait);
            let now = today.start().plus_seconds(3_600);
            let from = today.plus_days(ahead).to_string();
            let what = if is_holiday {
                let name = (value % 3 > 0).then_some("臨時の休日");
                holidays(&[(&from, name)])
            } else {
                figure(Figure::ALL[value as usize % Figure::ALL.len()], value, &from)
            };
            let Ok((proposal, _)) = propose(&known, what, &world::secretary(), &now.to_string()) else { continue };
            let (changed, _) = known.change(&proposal, &world::other_secretary(), now).expect("it was proposed just now");
            let next = known.and(changed);
            let days: Vec<Day> = (0..200).map(|back| today.plus_days(-back)).collect();
            for past in days {
                for figure in Figure::ALL {
                    prop_assert_eq!(known.on(figure, past), next.on(figure, past), "{} on {}", figure.as_str(), past);
                }
                prop_assert_eq!(known.is_working_day(past), next.is_working_day(past), "{}", past);
            }
            for figure in Figure::ALL {
                let (least, most) = figure.bounds();
                prop_assert!((least..=most).contains(&next.number(figure, today.plus_days(400))));
            }
            let opens = |on| next.number(RenewalOpensMonths, on) > next.number(RenewalDueMonths, on);
            prop_assert!((0..60).map(|on| today.plus_days(on)).all(opens), "every window opens before it is due");
            known = next;
        }
    }
}
