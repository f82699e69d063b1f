//! The pre-check of drafts: the engine finds on what is there exactly what it will find on the whole, and of what is
//! missing it says so.

use domain::assessment::{Precheck, assess_under, precheck};
use domain::calendar::Day;
use domain::criteria::{Conclusion, CriterionId, Doubt, Finding, TrackRecord};
use domain::declaration::{Class, Declaration, Incomplete};
use domain::edition::{Edition, Editions};
use serde_json::{Value, json};

const EXAMPLES: [&str; 3] = [
    include_str!("cases/base/osaka.json"),
    include_str!("cases/base/endpoint.json"),
    include_str!("cases/base/combined.json"),
];

fn day() -> Day {
    "2026-11-21".parse().expect("a day")
}

fn checked(edition: &Edition, said: &Value) -> Precheck {
    precheck(edition, &Incomplete::of(said, &[]), day(), Some(&TrackRecord::default()))
}

fn found(precheck: &Precheck, criterion: CriterionId) -> &Finding {
    precheck.findings.iter().find(|finding| finding.criterion == criterion).expect("a finding on every criterion")
}

fn wants(finding: &Finding) -> Vec<&str> {
    let Conclusion::Undetermined { why } = &finding.conclusion else { return Vec::new() };
    why.iter().filter_map(wanted).collect()
}

fn wanted(doubt: &Doubt) -> Option<&str> {
    match doubt {
        Doubt::NotFilledIn { pointer } => Some(pointer.as_str()),
        _ => None,
    }
}

/// Every place of a document that holds nothing else, and every list.
fn places(value: &Value, pointer: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{pointer}/{name}"), all));
        }
        Value::Array(entries) => {
            all.push(pointer.to_owned());
            entries.iter().enumerate().for_each(|(at, entry)| places(entry, &format!("{pointer}/{at}"), all));
        }
        _ => all.push(pointer.to_owned()),
    }
}

fn without(document: &Value, pointer: &str) -> Value {
    let mut document = document.clone();
    let (section, name) = pointer.rsplit_once('/').expect("a place is below something");
    match document.pointer_mut(section).expect("it is there") {
        Value::Object(members) => drop(members.remove(name)),
        Value::Array(entries) => entries[name.parse::<usize>().expect("an index")] = Value::Null,
        other => panic!("{section}: {other}"),
    }
    document
}

#[test]
fn the_whole_is_found_as_it_will_be() {
    for (example, edition) in
        EXAMPLES.iter().flat_map(|example| Editions::bundled().all().iter().map(move |e| (example, e)))
    {
        let document: Value = serde_json::from_str(example).expect("JSON");
        let declaration: Declaration = serde_json::from_str(example).expect("a declaration");
        let whole = assess_under(edition, &declaration, day(), Some(&TrackRecord::default()));
        let precheck = checked(edition, &document);
        assert_eq!(precheck.findings, whole.findings);
        assert!(precheck.missing.is_empty(), "{:?}", precheck.missing);
        assert_eq!((precheck.class, precheck.kind), (Some(whole.class), Some(whole.kind)));
    }
}

/// Whatever is left out, a finding that does not say that something is missing is the one on the whole: nothing that
/// stands in for what nobody said is ever compared, or told.
#[test]
fn nothing_is_found_on_what_nobody_said() {
    let mut held_back = 0;
    for (example, edition) in
        EXAMPLES.iter().flat_map(|example| Editions::bundled().all().iter().map(move |e| (example, e)))
    {
        let document: Value = serde_json::from_str(example).expect("JSON");
        let declaration: Declaration = serde_json::from_str(example).expect("a declaration");
        let whole = assess_under(edition, &declaration, day(), Some(&TrackRecord::default()));
        let mut all = Vec::new();
        places(&document, "", &mut all);
        let is_asked = |place: &&String| {
            !place.starts_with("/evidence")
                && (!place.starts_with("/consulting") || declaration.service.class == Class::Two)
        };
        for place in all.iter().filter(is_asked) {
            let precheck = checked(edition, &without(&document, place));
            let is_optional = ["legalEntityNumber", "maximumEndpoints", "exception", "providedToSmesSince"];
            if is_optional.iter().any(|name| place.ends_with(name)) {
                assert!(precheck.missing.is_empty(), "{place}: {:?}", precheck.missing);
                continue;
            }
            assert!(!precheck.missing.is_empty(), "{place} is missed");
            for finding in &precheck.findings {
                if wants(finding).is_empty() {
                    let expected = whole.finding(finding.criterion);
                    let is_unmet = |finding: &Finding| matches!(finding.conclusion, Conclusion::Unmet { .. });
                    assert!(expected == finding || is_unmet(expected) && is_unmet(finding), "{place}: {finding:?}");
                } else {
                    held_back += 1;
                    assert!(finding.reason.ja.contains("未入力") && finding.reason.en.contains("Not filled in"));
                }
            }
        }
    }
    assert!(held_back > 100, "{held_back}");
}

#[test]
fn an_empty_draft_is_undetermined_and_says_what_is_missing() {
    for said in [json!({}), json!(null), json!([]), json!({ "service": 7, "prices": {} })] {
        let precheck = checked(Editions::bundled().find("2.0").expect("an edition"), &said);
        assert!(precheck.class.is_none() && precheck.kind.is_none());
        assert!(precheck.findings.len() > 10);
        for finding in &precheck.findings {
            assert_eq!(wants(finding), ["/service/class"]);
        }
    }
}

#[test]
fn what_is_unmet_already_is_said_while_the_rest_is_missing() {
    let edition = Editions::bundled().find("1.0").expect("an edition");
    let price = json!({ "label": "月額", "charge": "monthly", "audience": "anyone", "amount": { "yen": 20000, "tax": "excluded" } });
    let said = json!({ "service": { "class": 1, "kind": "network" }, "prices": [price, { "label": "会員" }] });
    let precheck = checked(edition, &said);
    let finding = found(&precheck, CriterionId::NetworkPrice);
    assert!(matches!(&finding.conclusion, Conclusion::Unmet { by } if by.len() == 1), "{finding:?}");
    assert!(finding.reason.ja.contains("10,000円超えています") && finding.reason.ja.contains("料金の2行目"));
    assert_eq!(wants(found(&precheck, CriterionId::MinimumTerm)), ["/contract/minimumTermMonths"]);
    let only_words =
        json!({ "service": { "class": 1, "kind": "network" }, "contract": { "minimumTermMonths": "二年" } });
    assert_eq!(wants(found(&checked(edition, &only_words), CriterionId::MinimumTerm)), ["/contract/minimumTermMonths"]);
}

/// What stands there and cannot be read is not taken for something left out.
#[test]
fn what_cannot_be_read_is_missing_where_it_could_be_left_out() {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    let document: Value = serde_json::from_str(EXAMPLES[0]).expect("JSON");
    let unread = ["/experience/providedToSmesSince".to_owned()];
    let mut said = without(&document, &unread[0]);
    said["experience"]["tookPartInPilot"] = json!(false);
    let precheck = precheck(edition, &Incomplete::of(&said, &unread), day(), None);
    assert_eq!(precheck.missing, unread);
    assert_eq!(wants(found(&precheck, CriterionId::Experience)), unread);
}
