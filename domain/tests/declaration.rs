//! The declaration's JSON Schema and its types say the same, shown by the examples in `schemas/examples/declaration`.
#![expect(clippy::disallowed_methods, reason = "the examples are files; only the scheme itself does without")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::criteria::CriterionId;
use domain::declaration::{Class, Declaration, Explained, Format, Kind};
use domain::parties::Prefecture;
use domain::yen::{Amount, Audience, Charge};
use jsonschema::{Draft, Validator};
use serde_json::Value;

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
}

fn schema() -> Value {
    let text = fs::read_to_string(schemas().join("declaration.schema.json")).expect("the schema is there");
    serde_json::from_str(&text).expect("the schema is JSON")
}

fn validator() -> Validator {
    let mut options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    for format in Format::ALL {
        options = options.with_format(format.name(), move |text: &str| format.check(text).is_ok());
    }
    options.build(&schema()).expect("the schema compiles")
}

/// Every example of a folder, by its name.
fn examples(folder: &str) -> Vec<(String, Value)> {
    let files = fs::read_dir(schemas().join("examples/declaration").join(folder)).expect("the folder is there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a readable entry").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("readable");
        let example = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, example)
    };
    paths.iter().map(read).collect()
}

/// Where the schema finds faults, as JSON Pointers.
fn faults(validator: &Validator, document: &Value) -> BTreeSet<String> {
    validator.iter_errors(document).map(|error| error.instance_path().to_string()).collect()
}

#[test]
fn valid_examples_pass_the_schema_and_the_types_and_come_back_equal() {
    let validator = validator();
    let examples = examples("valid");
    assert!(examples.len() >= 8);
    for (name, document) in examples {
        assert_eq!(faults(&validator, &document), BTreeSet::new(), "{name}");
        let declaration: Declaration =
            serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(&declaration).expect("JSON"), document, "{name}");
    }
}

/// What only the types find: JSON Schema calls 10000.0 an integer.
#[test]
fn invalid_examples_left_to_the_types_fail_there() {
    let left = examples("invalid").into_iter().filter(|(_, file)| file["by"] == "serde");
    let refused = left.map(|(name, file)| {
        assert!(serde_json::from_value::<Declaration>(file["document"].clone()).is_err(), "{name}");
    });
    assert!(refused.count() > 0);
}

/// The lists of the schema are the lists of the types.
#[test]
fn every_list_of_the_schema_is_the_types() {
    let schema = schema();
    let list = |pointer: &str| -> Vec<Value> {
        let values = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
        values.as_array().expect("a list").clone()
    };
    let written = |values: Vec<Result<Value, serde_json::Error>>| -> Vec<Value> {
        values.into_iter().map(|value| value.expect("JSON")).collect()
    };
    macro_rules! same {
        ($pointer:literal, $all:expr) => {
            assert_eq!(list($pointer), written($all.into_iter().map(serde_json::to_value).collect()), $pointer);
        };
    }
    same!("/$defs/prefecture/enum", Prefecture::all());
    same!("/$defs/service/properties/class/enum", [Class::One, Class::Two]);
    same!("/$defs/service/properties/kind/enum", [Kind::Network, Kind::Endpoint, Kind::Combined]);
    same!("/$defs/lineItem/properties/audience/enum", [Audience::Anyone, Audience::Member, Audience::NonMember]);
    same!("/$defs/evidence/properties/criterion/enum", CriterionId::ALL);
    let charges = [Charge::Monthly, Charge::MonthlyPerEndpoint, Charge::Initial, Charge::Optional];
    same!("/$defs/lineItem/properties/charge/enum", charges);
    let ways = [Explained::Orally, Explained::InWriting, Explained::OrallyAndInWriting, Explained::NotExplained];
    same!("/$defs/contract/properties/explained/enum", ways);
    assert_eq!(schema["$defs"]["amount"]["properties"]["yen"]["maximum"], Amount::MOST_YEN);
}

/// What people type passes the schema as it is, and is stored in one form.
#[test]
fn what_is_typed_generously_is_stored_in_one_form() {
    let validator = validator();
    let (_, stored) = examples("valid").swap_remove(0);
    for (pointer, typed, expected) in [
        ("/provider/legalEntityNumber", "９－0000ー0000 0000", "9000000000000"),
        ("/provider/tradeName", "　㈱髙﨑\u{202e}商会 \n", "㈱髙﨑商会"),
        ("/provider/tradeNameKana", "ｶﾌﾞｼｷｶﾞｲｼｬ たかさき", "カブシキガイシャ　タカサキ"),
        ("/provider/postalCode", "〒０００－００００", "0000000"),
        ("/provider/telephone", "+81 (0)3 0000 0000", "03-0000-0000"),
        ("/helpDesk/telephone", "０１２０ー０００ー０００", "0120-000-000"),
        ("/helpDesk/hours", "\t平日9時から17時", "平日9時から17時"),
        ("/service/summary", "一行目\r\n二行目\n", "一行目\n二行目"),
        ("/prices/0/label", " 月額\u{0}", "月額"),
    ] {
        let mut document = stored.clone();
        *document.pointer_mut(pointer).expect(pointer) = Value::from(typed);
        assert_eq!(faults(&validator, &document), BTreeSet::new(), "{pointer}: {typed}");
        let declaration: Declaration = serde_json::from_value(document).expect(typed);
        let written = serde_json::to_value(declaration).expect("JSON");
        assert_eq!(written.pointer(pointer), Some(&Value::from(expected)), "{pointer}: {typed}");
    }
}

/// The types stand by themselves too: each of these is refused without the schema before them.
#[test]
fn the_types_refuse_what_the_schema_refuses() {
    let (_, stored) = examples("valid").swap_remove(0);
    for (pointer, wrong) in [
        ("/provider/legalEntityNumber", Value::from("1000000000000")),
        ("/provider/tradeName", Value::from(" 　")),
        ("/provider/tradeNameKana", Value::from("例示")),
        ("/provider/postalCode", Value::from("000-000")),
        ("/provider/telephone", Value::from("0000-0000")),
        ("/provider/prefecture", Value::from("48")),
        ("/service/class", Value::from(3)),
        ("/service/kind", Value::from("cloud")),
        ("/service/startedOn", Value::from("2023-02-29")),
        ("/prices/0/label", Value::from("")),
        ("/prices/0/amount", serde_json::json!({ "yen": 1, "tax": "included" })),
        ("/package", serde_json::json!({ "isSingleContract": true, "note": "" })),
    ] {
        let mut document = stored.clone();
        *document.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(serde_json::from_value::<Declaration>(document).is_err(), "{pointer}");
    }
}

#[test]
fn a_field_is_declared_or_may_be_left_out() {
    let (_, osaka) = examples("valid").into_iter().find(|(name, _)| name.contains("osaka")).expect("it is there");
    let declaration: Declaration = serde_json::from_value(osaka).expect("it is valid");
    for pointer in ["", "/service/name", "/prices/0/amount/yen", "/prices", "/consulting", "/evidence"] {
        assert_eq!(declaration.first_unknown([pointer].into_iter()), None, "{pointer}");
    }
    assert_eq!(declaration.first_unknown(["/monitoring/network/maximumEndpoints"].into_iter()), None, "left out");
    for pointer in ["x", "/", "/nonsense", "/nonsense/x", "/prices/99", "/prices/x", "/service/name/x"] {
        assert_eq!(declaration.first_unknown(["", pointer].into_iter()), Some(1), "{pointer}");
    }
}
