//! `schemas/leaf.schema.json` says of leaves what this program does: every kind's leaf is one, and nothing like it is.
#![expect(
    clippy::disallowed_methods,
    reason = "the schema and its examples are files; only the scheme itself does without"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::act::{Leaf, Subject, Verdict};
use domain::application::{Matter, ObjectionOutcome};
use domain::declaration::{Class, Kind};
use domain::licence::token::HolderKind;
use domain::registration::{FilingOutcome, SuccessionKind};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::leaf::records;

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn schema() -> Value {
    read(&schemas().join("leaf.schema.json"))
}

/// Every kind of act that the schema knows.
pub fn kinds() -> BTreeSet<String> {
    let known = &schema()["properties"]["kind"]["enum"];
    let known = known.as_array().expect("a closed set").iter().filter_map(Value::as_str);
    known.map(str::to_owned).collect()
}

fn validator() -> Validator {
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(&schema()).expect("the schema compiles")
}

fn leaves() -> Vec<(&'static str, Value)> {
    let parse = |text: &str| serde_json::from_str(text).expect("JSON");
    records().into_iter().map(|(name, _, record)| (name, parse(&record.leaf))).collect()
}

/// The folder of examples has one for every kind, and it is the vectors' leaf.
#[test]
fn every_kinds_leaf_is_an_example_and_passes() {
    let validator = validator();
    let folder = schemas().join("examples/leaf/valid");
    let mut names = BTreeSet::new();
    for (name, leaf) in leaves() {
        let faults: Vec<String> = validator.iter_errors(&leaf).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
        assert_eq!(read(&folder.join(format!("{name}.json"))), leaf, "{name}");
        names.insert(format!("{name}.json"));
    }
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let found: BTreeSet<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, names);
}

/// Whatever is left out, added, or taken from another kind's leaf, is noticed.
#[test]
fn no_kinds_leaf_passes_with_another_content() {
    let validator = validator();
    let leaves = leaves();
    for (name, leaf) in &leaves {
        let refused = |spoilt: &Value, what: &str| assert!(!validator.is_valid(spoilt), "{name}: {what} {spoilt}");
        for field in leaf.as_object().expect("an object").keys() {
            let mut spoilt = leaf.clone();
            spoilt.as_object_mut().expect("an object").remove(field);
            refused(&spoilt, "left out:");
            for wrong in
                [json!([]), json!("例示花子"), json!(-1), json!(1.5), json!({ "name": "例示花子" }), json!(true)]
            {
                let mut spoilt = leaf.clone();
                spoilt[field] = wrong;
                refused(&spoilt, "of another type:");
            }
        }
        for fact in leaf["facts"].as_object().expect("an object").keys() {
            let mut spoilt = leaf.clone();
            spoilt["facts"].as_object_mut().expect("an object").remove(fact);
            // A key that does not say that it is the next one is the first; old decisions do not say what they rest on.
            // A renewal that was not filed in time holds nothing.
            let may = ["isNext", "basis", "holdsUntil"].contains(&fact.as_str());
            assert_eq!(validator.is_valid(&spoilt), may, "{name}: left out: {spoilt}");
            spoilt["facts"][fact] = json!("例示花子");
            refused(&spoilt, "a name:");
        }
        for add in ["/", "/facts"] {
            let mut spoilt = leaf.clone();
            let place = spoilt.pointer_mut(add.trim_end_matches('/')).expect("it leads somewhere");
            place["name"] = json!("例示花子");
            refused(&spoilt, "added:");
        }
        for (other, another) in &leaves {
            let (own, theirs) = (leaf["facts"].as_object(), another["facts"].as_object());
            let names =
                |facts: Option<&Map<String, Value>>| facts.map(|facts| facts.keys().cloned().collect::<Vec<_>>());
            if leaf["kind"] != another["kind"] && names(own) != names(theirs) {
                let mut spoilt = leaf.clone();
                spoilt["facts"] = another["facts"].clone();
                refused(&spoilt, other);
            }
            let class = |leaf: &Value| {
                leaf["subject"].as_str().and_then(|text| text.split_once('/')).map(|(class, _)| class.to_owned())
            };
            if class(leaf) != class(another) {
                let mut spoilt = leaf.clone();
                spoilt["subject"] = another["subject"].clone();
                refused(&spoilt, other);
            }
        }
        let mut spoilt = leaf.clone();
        spoilt["open"] = if leaf["open"].is_null() { leaf["sealed"].clone() } else { Value::Null };
        // A register begins with editions that it gives no reason for; a later one's first act has one.
        assert_eq!(validator.is_valid(&spoilt), *name == "edition.published.first", "{name}: {spoilt}");
        let mut spoilt = leaf.clone();
        spoilt["version"] = json!(if leaf["version"] == 1 { 2 } else { 1 });
        // Judgements, reports and settings may both begin a record and go on with it, and so may editions, with a reason.
        let may = ["examination.judged", "edition.published"].contains(name)
            || leaf["kind"] == "report.filed"
            || name.starts_with("setting.");
        assert_eq!(validator.is_valid(&spoilt), may, "{name}: {spoilt}");
    }
}

/// What the schema passes, in its one spelling, the program reads.
#[test]
fn what_passes_is_read() {
    for (name, leaf) in leaves() {
        let spelt = serde_json_canonicalizer::to_string(&leaf).expect("JSON");
        assert_eq!(Leaf::read(&spelt).map(|read| serde_json::to_value(read).expect("JSON")), Ok(leaf), "{name}");
    }
}

/// An edition's name is numbers with points between them, 20 characters at most, to the program and to outsiders alike.
#[test]
fn an_editions_name_is_one_to_both() {
    let validator = validator();
    let leaves = leaves();
    let (_, leaf) = leaves.iter().find(|(name, _)| *name == "edition.published").expect("there is one");
    let (longest, longer) = (format!("1.{}", "0".repeat(18)), format!("1.{}", "0".repeat(19)));
    let names = ["2.0", "2", "2.0.1", "02.10", &longest].map(|name| (name, true));
    let others = [&longer, "", ".", "2.", ".2", "2..0", "v2.0", "2.0-beta", "２.０", "2.0\n"].map(|name| (name, false));
    for (name, is_one) in names.into_iter().chain(others) {
        let subject = format!("edition/{name}");
        assert_eq!(subject.parse::<Subject>().is_ok(), is_one, "{name:?}");
        let mut leaf = leaf.clone();
        leaf["subject"] = json!(subject);
        assert_eq!(validator.is_valid(&leaf), is_one, "{name:?} to the schema");
    }
}

/// The lists of the schema are the lists of the types.
#[test]
fn every_list_of_the_schema_is_the_types() {
    let schema = schema();
    let list = |pointer: &str| schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere")).clone();
    let mut kinds: Vec<&str> = records().iter().map(|(_, act, _)| act.deed.kind()).collect();
    let mut seen = BTreeSet::new();
    kinds.retain(|kind| seen.insert(*kind));
    assert_eq!(list("/properties/kind/enum"), json!(kinds));
    let ruled: Vec<_> = schema["allOf"].as_array().expect("rules").iter().map(|rule| &rule["if"]).collect();
    let ruled: Vec<_> = ruled.iter().filter_map(|when| when.pointer("/properties/kind/const")).collect();
    assert_eq!(json!(ruled[..kinds.len()]), json!(kinds), "every kind has a rule of its own");
    assert_eq!(list("/$defs/decided/properties/verdict/enum"), json!([Verdict::Pass, Verdict::Fail]));
    let outcomes = json!([ObjectionOutcome::Dismissed, ObjectionOutcome::Upheld]);
    assert_eq!(list("/$defs/objection/properties/outcome/enum"), outcomes);
    let filed = "/$defs/filed/properties/matter/enum";
    assert_eq!(list(filed), json!([Matter::Renewal, Matter::Change]));
    assert_eq!(list("/$defs/succeeded/properties/succession/enum"), json!(SuccessionKind::ALL));
    let ended = json!([FilingOutcome::Failed, FilingOutcome::Withdrawn, FilingOutcome::Superseded]);
    assert_eq!(list("/$defs/filingEnded/properties/outcome/enum"), ended, "what is entered has an act of its own");
    let registered = "/$defs/registered/properties";
    assert_eq!(list(&format!("{registered}/class/enum")), json!([Class::One, Class::Two]));
    assert_eq!(list(&format!("{registered}/monitoring/enum")), json!([Kind::Network, Kind::Endpoint, Kind::Combined]));
    let holders = json!([HolderKind::Provider, HolderKind::User]);
    assert_eq!(list("/$defs/granted/properties/holderKind/enum"), holders);
}
