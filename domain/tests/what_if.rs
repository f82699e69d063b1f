//! What an edition would change: between the files, and for a service.

use domain::assessment::{Outcome, assess_under};
use domain::calendar::Day;
use domain::criteria::{CriterionId, TrackRecord};
use domain::declaration::{Class, Declaration};
use domain::edition::{Changed, Edition, Editions, LimitName, changes};
use domain::what_if::what_if;

const AT_THE_CAP: &str = include_str!("../../schemas/examples/declaration/valid/network-at-the-cap.json");

fn present() -> &'static Edition {
    Editions::bundled().find("2.0").expect("a bundled edition")
}

/// Edition 2.0 with one passage changed, once.
fn corrected(from: &str, to: &str) -> Edition {
    let text = present().text();
    assert!(text.contains(from), "{from}");
    let (after, id) = Editions::bundled().with("2.0.toml", &text.replacen(from, to, 1)).expect("an edition");
    after.find(id.as_str()).expect("it is 2.0").clone()
}

/// 2.0 without the table of one criterion of class 1.
fn without(id: &str) -> Edition {
    let text = present().text();
    let parts: Vec<&str> = text.split("[[class.criterion]]\n").collect();
    let at = parts.iter().position(|part| part.starts_with(&format!("id = \"{id}\"\n"))).expect("it has one");
    let (cut, _) = parts[at].split_once("\n[[class]]").unwrap_or((parts[at], ""));
    corrected(&format!("[[class.criterion]]\n{cut}"), "")
}

#[test]
fn a_file_changes_nothing_against_itself() {
    assert_eq!(changes(present(), present()), []);
    // What binds nobody is no change.
    let retitled = corrected("en = \"Service criteria, edition 2.0\"", "en = \"Another title\"");
    assert_eq!(changes(present(), &retitled), []);
}

/// Each part of an edition that binds somebody: where it stands, as it was, as it would be.
#[test]
fn every_part_that_binds_is_told_of() {
    let cap = Changed::Limit { name: LimitName::MonthlyYenExcludingTax };
    let provisional = "standing = \"provisional\"\nnote = { ja = \"未定\", en = \"not known\" }";
    let overruled = r#""reason":true,"evidence":true,"mayOverrule":"#.replace('"', "");
    for (from, to, what, before, after) in [
        ("at_most = 10_000", "at_most = 9_999", cap, "10000", "9999"),
        ("at_most = 10_000\nstanding = \"official\"", provisional, cap, "10000", "provisional"),
        ("\"declared_facts\"", "\"examiner\"", Changed::DecidedBy, "declared_facts", "examiner"),
        (
            "may_overrule = true",
            "may_overrule = false",
            Changed::Judgement,
            &format!("{overruled}true"),
            &format!("{overruled}false"),
        ),
    ] {
        let found = changes(present(), &corrected(from, to));
        let [change] = &found[..] else { panic!("{from}: {found:?}") };
        assert_eq!((change.class, change.what), (Class::One, what), "{from}");
        assert_eq!((change.before.as_str(), change.after.as_str()), (before, after), "{from}");
        assert_eq!(change.criterion.is_some_and(|id| id == CriterionId::NetworkPrice), what == cap, "{from}");
    }
}

#[test]
fn a_criterion_comes_and_goes() {
    let less = without("help_desk");
    let gone = changes(present(), &less);
    let [gone] = &gone[..] else { panic!("{gone:?}") };
    assert_eq!((gone.criterion, gone.what, gone.after.as_str()), (Some(CriterionId::HelpDesk), Changed::Whole, ""));
    let come = changes(&less, present());
    let [come] = &come[..] else { panic!("{come:?}") };
    assert_eq!((come.criterion, &come.before, &come.after), (Some(CriterionId::HelpDesk), &gone.after, &gone.before));
    let class_two = Editions::bundled().find("1.1").expect("a bundled edition");
    let whole = |found: &domain::edition::Change| found.criterion.is_none() && found.what == Changed::Whole;
    assert!(changes(class_two, present()).iter().any(|found| whole(found) && found.class == Class::Two));
}

/// The service costs exactly 10,000 yen a month.
#[test]
fn a_service_at_the_cap() {
    let declaration: Declaration = serde_json::from_str(AT_THE_CAP).expect("a declaration");
    let day: Day = "2026-04-01".parse().expect("a day");
    let record = TrackRecord::default();
    let found = |other: &Edition| what_if(present(), other, &declaration, day, Some(&record));
    let own = assess_under(present(), &declaration, day, Some(&record)).outcome();
    for (other, after, changed) in [
        (present().clone(), own, None),
        (corrected("at_most = 10_000", "at_most = 10_001"), own, None),
        (
            corrected("at_most = 10_000", "at_most = 9_999"),
            Outcome::Unmet,
            Some((CriterionId::NetworkPrice, "充足", "不充足")),
        ),
        (without("help_desk"), own, Some((CriterionId::HelpDesk, "要判断", "対象外"))),
    ] {
        let found = found(&other);
        assert_eq!((found.before, found.after), (own, after));
        let told = found.changed.first().map(|changed| {
            let [before, after] = [&changed.before, &changed.after].map(|finding| finding.conclusion.term().ja);
            (changed.criterion, before, after)
        });
        let expected = changed.map(|(id, before, after): (_, &str, &str)| (id, before.to_owned(), after.to_owned()));
        assert_eq!((told, found.changed.len()), (expected, usize::from(changed.is_some())));
    }
}
