//! A round is announced in the same words before the entry and after it, and tells nothing that is not public.

use domain::act::Act;
use domain::calendar::Period;
use domain::round::{Entry, NoRound, Round, announcement, in_order};

use crate::world::{self, at, day};

fn round(from: &str, last: &str) -> Round {
    Round::new(day(from), day(last)).expect("days")
}

/// The entry of the world's service, and its renewal.
fn acts() -> Vec<Act> {
    let (_, registered) =
        world::register(&world::decided(world::pass()), "2026-05-01", &world::secretary(), world::DECIDED)
            .expect("registered");
    vec![registered]
}

#[test]
fn a_term_belongs_to_the_round_on_whose_days_it_begins() {
    for (from, last, count) in [
        ("2026-04-01", "2026-04-30", 0),
        ("2026-04-01", "2026-05-01", 1),
        ("2026-05-01", "2026-05-01", 1),
        ("2026-05-02", "2026-05-31", 0),
    ] {
        assert_eq!(round(from, last).entries(&acts()).len(), count, "{from} to {last}");
    }
    let (from, last) = (day("2026-05-02"), day("2026-05-01"));
    assert_eq!(Round::new(from, last), Err(NoRound::Backwards { from, last }));
    assert!(Round::new(day("2026-01-01"), day("2027-01-01")).is_ok(), "366 days");
    assert_eq!(Round::new(day("2026-01-01"), day("2027-01-02")), Err(NoRound::TooLong { days: 367 }));
}

#[test]
fn what_is_announced_before_the_entry_is_what_is_announced_after_it() {
    let (round, passed) = (round("2026-05-01", "2026-05-31"), world::decided(world::pass()));
    let term = Period::of_years(day("2026-05-01"), 2);
    let expected = Entry::expected(&passed, None, term).expect("it passed");
    let [entered] = &round.entries(&acts())[..] else { panic!("one") };
    assert_eq!(Entry { number: entered.number.clone(), ..expected.clone() }, *entered, "but for the number");
    let (before, after) = (announcement(&round, &[expected]), announcement(&round, std::slice::from_ref(entered)));
    let number = entered.number.as_ref().expect("it was given one").as_str();
    assert_eq!(before.ja.replace("登録のときに付番", number), after.ja);
    assert_eq!(before.en.replace("given on entry", number), after.en);
    assert!(after.ja.contains("次の1件です") && after.en.contains("1 service is registered"), "{after:?}");
    assert_eq!(Entry::expected(&world::submitted(), None, term), None, "what did not pass is not announced");
    assert_eq!(Entry::expected(&world::decided(world::fail()), None, term), None);
}

/// Facts of the application that are nobody's business do not show: every text of it is looked for.
#[test]
fn nothing_is_told_that_the_register_does_not_publish() {
    let passed = world::decided(world::pass());
    let term = Period::of_years(day("2026-05-01"), 2);
    let entry = Entry::expected(&passed, None, term).expect("it passed");
    let told = announcement(&round("2026-05-01", "2026-05-31"), std::slice::from_ref(&entry));
    let listing = serde_json::to_string(&entry.listing).expect("JSON");
    let mut texts = Vec::new();
    fn gather(value: &serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => texts.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
            serde_json::Value::Object(fields) => fields.values().for_each(|field| gather(field, texts)),
            _ => {}
        }
    }
    gather(&serde_json::to_value(&passed).expect("JSON"), &mut texts);
    let secret: Vec<_> = texts.iter().filter(|text| text.chars().count() > 5 && !listing.contains(*text)).collect();
    assert!(secret.len() > 10, "an application says much that is not public");
    for text in secret {
        assert!(!told.ja.contains(text.as_str()) && !told.en.contains(text.as_str()), "{text}");
    }
}

#[test]
fn a_renewal_is_announced_as_one_in_the_order_of_readings() {
    let (registration, application, _) =
        world::filed(world::registered(), "A-2027-00001", at(world::RENEWING)).expect("filed");
    let passed = world::judged(application, world::pass(), at(world::RENEWING)).0;
    let term = Period::of_years(day("2028-05-01"), 2);
    let renewal = Entry::expected(&passed, Some(registration.number), term).expect("it passed");
    assert!(renewal.is_renewal && renewal.lines()[4].ja.contains("更新") && renewal.lines()[4].en.contains("renewal"));
    let named = |kana: &str| {
        let mut entry = renewal.clone();
        entry.listing.service_name_kana = kana.to_owned();
        entry
    };
    let kana = |entries: Vec<Entry>| -> Vec<String> {
        entries.into_iter().map(|entry| entry.listing.service_name_kana).collect()
    };
    assert_eq!(kana(in_order(vec![named("サ"), named("ア"), named("カ")])), ["ア", "カ", "サ"]);
}
