//! The clock of an examination, which stands while the applicant has the ball: in a table, and in random cases.

use super::*;

/// The events of a case that was accepted on 2026-11-25 and is due on 2027-01-27; each with its day. `ask`s are numbered
/// from 1 as they come, and name their last day; `more` and `end` name the question.
const CLOCK: &str = "
events                                                                          today       due         left since
-                                                                               2026-11-25  2027-01-27  40   -
-                                                                               2027-01-27  2027-01-27  0    -
-                                                                               2027-01-28  2027-01-27  late -
ask:2026-12-01:2026-12-15                                                       2026-12-01  2027-01-27  36   2026-12-01
ask:2026-12-01:2026-12-15                                                       2026-12-02  2027-01-28  36   2026-12-01
ask:2026-12-01:2026-12-15                                                       2026-12-06  2027-02-01  34!  2026-12-01
ask:2026-12-01:2026-12-15                                                       2026-12-15  2027-02-10  36   2026-12-01
ask:2026-12-01:2026-12-15                                                       2026-12-16  2027-02-10  35   -
ask:2026-12-01:2026-12-15                                                       2027-02-12  2027-02-10  late -
ask:2026-12-01:2026-12-15,answer:1:2026-12-01                                   2026-12-20  2027-01-27  -    -
ask:2026-12-01:2026-12-15,answer:1:2026-12-02                                   2026-12-20  2027-01-28  -    -
ask:2026-12-01:2026-12-15,answer:1:2026-12-20                                   2026-12-20  2027-02-10  -    -
ask:2026-12-01:2026-12-15,close:1:2026-12-04                                    2026-12-20  2027-02-01  -    -
ask:2026-12-01:2026-12-15,more:1:2026-12-10:2026-12-18                          2026-12-20  2027-02-16  -    -
ask:2026-12-01:2026-12-15,more:1:2026-12-18:2026-12-22                          2026-12-25  2027-02-15  -    -
ask:2026-12-01:2026-12-15,more:1:2026-12-18:2026-12-22                          2026-12-21  2027-02-12  -    2026-12-18
ask:2026-12-01:2026-12-15,ask:2026-12-08:2026-12-22                             2026-12-25  2027-02-18  -    -
ask:2026-12-01:2026-12-15,ask:2026-12-08:2026-12-22                             2026-12-17  2027-02-15  -    2026-12-01
ask:2026-12-01:2026-12-15,ask:2026-12-08:2026-12-22,answer:1:2026-12-09         2026-12-10  2027-02-05  -    2026-12-01
ask:2026-12-01:2026-12-15,answer:1:2026-12-03,ask:2026-12-07:2026-12-21         2026-12-08  2027-02-01  -    2026-12-07
ask:2026-12-25:2027-01-15                                                       2027-01-03  2027-01-28  -    2026-12-25
ask:2026-12-25:2027-01-15                                                       2027-01-04  2027-01-29  -    2026-12-25
ask:2026-12-01:2027-11-30                                                       2027-01-28  2027-03-24  -    2026-12-01
";

fn on(day: Day, hour: u32) -> Instant {
    day.start().plus_seconds(hour * 3_600)
}

fn of_events(events: &str) -> Application {
    let accepted = on(day("2026-11-25"), 9);
    let id = "A-2026-00003".parse().expect("an id");
    let submitted = world::submit(id, &world::applicant(), &accepted.to_string()).expect("submitted").0;
    let mut state =
        submitted.accept(&world::examiners(), Settings::bundled(), &world::secretary(), accepted).expect("accepted").0;
    for by in [world::first(), world::second()] {
        state = state.declare_interest(None, false, &by, accepted).expect("declared").0;
    }
    for (hour, event) in events.split(',').filter(|event| *event != "-").enumerate() {
        let words: Vec<&str> = event.split(':').collect();
        let number = || words[1].parse().expect("a number");
        let when = |place: usize| on(day(words[place]), 9 + u32::try_from(hour).expect("few"));
        let (first, reason) = (world::first(), "理由".to_owned());
        state = match words[0] {
            "ask" => {
                state.ask(HelpDesk, event.to_owned(), day(words[2]), (&CRITERIA, Settings::bundled()), &first, when(1))
            }
            "answer" => state.answer(number(), "答え".to_owned(), Vec::new(), &world::applicant(), when(2)),
            "close" => state.close_question(number(), reason, &first, when(2)),
            "more" => state.extend_question(number(), day(words[3]), &first, when(2)),
            other => panic!("no such event: {other}"),
        }
        .unwrap_or_else(|refusal| panic!("{event}: {refusal:?}"))
        .0;
    }
    state
}

#[test]
fn the_clock_stands_while_the_applicant_has_the_ball() {
    for line in CLOCK.lines().skip(2) {
        let [events, today, due, left, since] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}")
        };
        let (today, due) = (day(today), day(due));
        let clock = of_events(events).clock(today, Settings::bundled());
        let Clock { due: Some(seen), stopped_since } = clock else { panic!("no due day: {line}") };
        assert_eq!(seen.day, due, "{line}");
        assert_eq!(stopped_since, (since != "-").then(|| day(since)), "{line}");
        match left {
            "late" => assert!(seen.is_overdue && seen.left == 0, "{line}: {seen:?}"),
            "-" | "34!" => assert!(!seen.is_overdue, "{line}: {seen:?}"),
            left => assert_eq!((seen.left.to_string().as_str(), seen.is_overdue), (left, false), "{line}"),
        }
    }
}

/// Once the examination is over nothing moves any more; a case of before there was a due day has none.
#[test]
fn the_clock_ends_with_the_examination() {
    let later = day("2026-07-01");
    let withdrawn =
        asked().withdraw(String::new(), &world::applicant(), at("2026-04-22T01:00:00Z")).expect("withdrawn").0;
    let until_then = withdrawn.clock(day("2026-04-22"), Settings::bundled());
    assert_eq!(withdrawn.clock(later, Settings::bundled()), until_then);
    assert_eq!((until_then.stopped_since, until_then.due.map(|due| due.day)), (None, Some(two_later())));
    let old = Application { due: None, ..asked() };
    assert_eq!(
        old.clock(at(EXAMINED).day(), Settings::bundled()),
        Clock { due: None, stopped_since: Some(at(EXAMINED).day()) }
    );
}

/// Two working days after the day by which [`world::examining`] is due.
fn two_later() -> Day {
    Settings::bundled().working_days_after(world::examining().due.expect("it has one"), 2)
}

/// One step of a random case: which event, which question, so many days later, so many days ahead.
type Step = (u8, usize, i32, i32);

fn random(steps: &[Step]) -> Application {
    let mut state = of_events("-");
    let mut now = state.changed_at;
    for (event, which, wait, ahead) in steps {
        now = Instant::from_unix(now.unix() + i64::from(*wait) * 43_200).expect("an instant");
        let number = state.questions.get(which % state.questions.len().max(1)).map_or(1, |question| question.number);
        let (first, before) = (world::first(), state.clone());
        let until = now.day().plus_days(*ahead);
        let done = match event % 4 {
            0 | 1 => {
                before.ask(HelpDesk, format!("{now} {ahead}"), until, (&CRITERIA, Settings::bundled()), &first, now)
            }
            2 => before.answer(number, "答え".to_owned(), Vec::new(), &world::applicant(), now),
            _ if *ahead % 2 == 0 => before.extend_question(number, until, &first, now),
            _ => before.close_question(number, "理由".to_owned(), &first, now),
        };
        state = done.map_or(state, |(state, _)| state);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// However questions lie: the due day never comes nearer than it was recorded and never moves back; it moves by one
    /// working day for each on which somebody was waited for, and by none on any other.
    #[test]
    fn the_clock_never_runs_backwards(steps in prop::collection::vec((any::<u8>(), any::<usize>(), 0..30i32, 0..60i32), 0..20)) {
        let state = random(&steps);
        let recorded = state.due.expect("accepted with a due day");
        let due = |today| state.clock(today, Settings::bundled()).due.expect("it has one").day;
        let waits = |question: &Question, today: Day| {
            let ended = question.ended.as_ref().map(|ended| ended.at().day());
            question.spans_over(today) && ended.is_none_or(|ended| today <= ended)
        };
        let mut today = at("2026-11-25T00:00:00Z").day();
        prop_assert_eq!(due(today.previous()), recorded);
        for _ in 0..200 {
            let (before, after) = (due(today.previous()), due(today));
            let stood = state.questions.iter().any(|question| waits(question, today));
            let moved = u32::from(stood && Settings::bundled().is_working_day(today));
            prop_assert_eq!(Settings::bundled().working_days_between(before, after), moved, "{}", today);
            let Deadline { left, is_overdue, .. } = state.clock(today, Settings::bundled()).due.expect("it has one");
            prop_assert!(left == 0 || !is_overdue);
            today = today.next();
        }
    }

    /// The record of any such case says what it adds up to.
    #[test]
    fn a_conversation_is_read_as_it_was_written(steps in prop::collection::vec((any::<u8>(), any::<usize>(), 0..30i32, 0..60i32), 0..20)) {
        let state = random(&steps);
        let read: Application = serde_json::from_value(serde_json::to_value(&state).expect("JSON")).expect("read");
        prop_assert_eq!(read.version(), state.version());
        prop_assert_eq!(read, state);
    }
}

/// The days of a question by another way than the product's: day by day.
trait SpansOver {
    fn spans_over(&self, day: Day) -> bool;
}

impl SpansOver for Question {
    fn spans_over(&self, day: Day) -> bool {
        let extended = self.extensions.iter().map(|extension| (extension.at.day(), extension.until));
        let mut spans = std::iter::once((self.asked_at.day(), self.until)).chain(extended);
        spans.any(|(from, until)| from < day && day <= until)
    }
}
