//! Who is told of which act, and when somebody is reminded of a due day.

use std::collections::BTreeSet;

use domain::act::{Act, Deed, Subject};
use domain::calendar::Day;
use domain::notice::{
    About, Audience, Due, Notice, Place, Topic, Until, Work, due_of_application, due_of_registration, notices,
};
use domain::registration::Registration;
use domain::settings::Settings;
use domain::text::Text;

use crate::every_deed;
use crate::world::{self, day};

/// Acts that nobody is told of. A new kind of act is told of, or stands here.
const QUIET: &[&str] = &[
    // Between an examiner and the record, until both are done.
    "examination.judged",
    "examination.reconciled",
    // Who was dismissed reads nothing any more.
    "person.dismissed",
    // What a register begins with.
    "key.created",
    "key.created.next",
    "edition.published.first",
    // What stands in the lists of those who look after a service.
    "report.filed",
    "report.filed.self_check",
    // The application tells of it.
    "registration.filed",
    "registration.filed.change",
    "registration.filing_ended",
    "report.filed.correction",
    "price.checked",
    // Whoever complained follows it by number and code.
    "complaint.acknowledged",
    "complaint.replied",
    "complaint.closed",
];

fn told(act: &Act) -> Vec<Notice> {
    let (application, registration, licence) = (world::conditional(), registration(), world::licensed());
    let proposer = world::secretary().person;
    let about = About {
        application: Some(&application),
        registration: Some(&registration),
        licence: Some(&licence),
        proposer: Some(&proposer),
    };
    notices(act, about)
}

fn registration() -> Registration {
    world::registered()
}

fn act(name: &str) -> Act {
    let found = every_deed::acts().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("there is an act {name}")).1
}

#[test]
fn every_act_is_told_in_both_languages_or_quiet() {
    let mut quiet = BTreeSet::new();
    for (name, act) in every_deed::acts() {
        let told = told(&act);
        if told.is_empty() {
            assert!(QUIET.contains(&name), "nobody is told of {name}");
            quiet.insert(name);
        }
        for notice in told {
            let words = &notice.words;
            for text in [&words.title, &words.happened, &words.todo, &words.until.words()] {
                assert!(!text.ja.trim().is_empty() && !text.en.trim().is_empty(), "{name}: {text:?}");
                assert!(!text.en.contains(char::from_u32(0x3002).unwrap()), "{name}: {text:?}");
            }
            // People, or a provider's systems alone.
            assert!(!notice.audience.is_empty() || notice.provider.is_some(), "{name}");
            let people = |audience: &Audience| !matches!(audience, Audience::People(people) if people.is_empty());
            assert!(notice.audience.iter().all(people), "{name}");
            let json = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&json).unwrap(), notice, "{name}");
        }
    }
    let known: BTreeSet<&str> = QUIET.iter().copied().collect();
    assert_eq!(quiet, known, "what is told of does not stand among the quiet");
}

#[test]
fn a_tie_is_told_and_that_there_is_none_is_not() {
    let tied = act("application.interest_declared");
    assert_eq!(told(&tied).len(), 1);
    let untied = Act { deed: Deed::InterestDeclared { tie: None }, ..tied };
    assert!(told(&untied).is_empty());
}

/// What happened, why, what to do, until when: for the provider and for its users, each in their own words.
#[test]
fn a_measure_is_told_to_the_provider_and_to_its_users() {
    for name in ["registration.suspended", "registration.reinstated", "registration.revoked"] {
        let act = act(name);
        let reason = match &act.deed {
            Deed::Suspended { reason, .. } | Deed::Reinstated { reason, .. } | Deed::Revoked { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        let told = told(&act);
        let [own, users] = &told[..] else { panic!("{name}: {told:?}") };
        assert_eq!(own.audience, [Audience::Company(registration().owner)], "{name}");
        assert_eq!(users.audience, [Audience::Users(registration().number)], "{name}");
        for notice in [own, users] {
            assert!(notice.topic.is_duty(), "{name}");
            assert_eq!(notice.words.why.as_ref(), Some(reason), "{name}");
            assert_ne!(notice.words.until, Until::Open, "{name} says until when");
        }
        assert!(own.provider.is_some() && users.provider.is_none(), "only the provider's own systems are told");
    }
}

#[test]
fn nobody_is_told_who_examines_but_the_body() {
    for (name, act) in every_deed::acts() {
        for notice in told(&act) {
            let is_companys =
                notice.audience.iter().any(|one| matches!(one, Audience::Company(_) | Audience::Users(_)));
            let json = serde_json::to_string(&notice.words).unwrap();
            for examiner in world::conditional().examiners {
                assert!(!is_companys || !json.contains(&format!("\"{examiner}\"")), "{name}: {json}");
            }
        }
    }
}

#[test]
fn a_topic_has_one_word_and_three_are_duty() {
    for topic in Topic::ALL {
        assert_eq!(topic.as_str().parse(), Ok(topic));
        assert!(!topic.words().ja.is_empty());
    }
    let duty: Vec<_> = Topic::ALL.into_iter().filter(|topic| topic.is_duty()).map(Topic::as_str).collect();
    assert_eq!(duty, ["measure", "procedure", "access"]);
    assert!("weather".parse::<Topic>().unwrap_err().contains("measure, procedure"));
}

const DAYS: [i64; 5] = [180, 90, 60, 30, 7];

fn due(on: &str, since: &str) -> Due {
    Due {
        work: Work::TermEnd,
        subject: Subject::Registration(registration().number),
        what: "term-1".to_owned(),
        day: day(on),
        since: day(since),
        audience: vec![Audience::Company(registration().owner)],
        provider: None,
        place: Place::Account,
        title: Text::new("期限", "due"),
        todo: Text::new("する", "do"),
    }
}

/// By days left: the reminder that stands, by the days it is named after.
#[test]
fn a_reminder_stands_from_its_day_to_the_next_ones() {
    let on: Day = day("2028-02-29");
    for (left, expected) in [
        (181, None),
        (180, Some("180")),
        (179, Some("180")),
        (91, Some("180")),
        (90, Some("90")),
        (61, Some("90")),
        (60, Some("60")),
        (31, Some("60")),
        (30, Some("30")),
        (8, Some("30")),
        (7, Some("7")),
        (1, Some("7")),
        (0, Some("7")),
        (-1, Some("7")),
        (-7, Some("7")),
        (-8, None),
    ] {
        let reminder = due("2028-02-29", "2026-03-01").reminder(&DAYS, on.plus_days(-left));
        let id = reminder.as_ref().map(|one| one.id.rsplit('/').next().unwrap().to_owned());
        assert_eq!(id.as_deref(), expected, "{left} days before");
        if let Some(reminder) = reminder {
            assert!(reminder.id.starts_with("due/registration/"), "{}", reminder.id);
            assert_eq!(reminder.notice.words.title.ja.starts_with("期限を過ぎました"), left < 0, "{left}");
            assert_eq!(reminder.notice.words.until, Until::Day(on));
        }
    }
}

/// What was asked ten days before its last day is not "near in thirty days" at once.
#[test]
fn what_was_not_known_yet_is_not_reminded_of() {
    for (since, today, expected) in [
        ("2026-12-01", "2026-12-01", None),
        ("2026-12-01", "2026-12-03", None),
        ("2026-12-01", "2026-12-04", Some("7")),
        ("2026-12-04", "2026-12-04", None),
        ("2026-12-04", "2026-12-11", None),
        ("2026-12-03", "2026-12-11", Some("7")),
    ] {
        let reminder = due("2026-12-11", since).reminder(&DAYS, day(today));
        let stage = reminder.map(|one| one.id.rsplit('/').next().unwrap().to_owned());
        assert_eq!(stage.as_deref(), expected, "known since {since}, on {today}");
    }
}

#[test]
fn what_is_due_follows_from_the_state() {
    let registered = registration();
    let today = registered.registered_at.day();
    let of = due_of_registration(&registered, &[], Settings::bundled(), today);
    assert_eq!(of.len(), 1);
    assert_eq!((of[0].day, of[0].since), (registered.terms[0].last_day(), registered.terms[0].from));
    let what = |due: Vec<Due>| due.into_iter().map(|one| one.what).collect::<Vec<_>>();
    assert_eq!(what(due_of_application(&world::conditional(), Settings::bundled(), today)), ["condition-1"]);
    assert!(what(due_of_application(&world::met(), Settings::bundled(), today)).is_empty(), "it is met");
    assert!(what(due_of_application(&world::submitted(), Settings::bundled(), today)).is_empty());
    let (asked, _) = world::ask(world::examining());
    let found = due_of_application(&asked, Settings::bundled(), asked.changed_at.day());
    assert_eq!(what(found.clone()), ["question-1", "examination"]);
    assert_eq!(found[0].audience, [Audience::Company(asked.owner.clone())]);
    assert_eq!(found[1].audience, [Audience::People(asked.examiners.clone())]);
    assert_eq!(
        what(due_of_application(&world::answered(), Settings::bundled(), asked.changed_at.day())),
        ["examination"]
    );
}
