//! Every JSON Schema in `schemas/` is one, is closed, limited and bilingual, and decides its examples as they say.
#![expect(clippy::disallowed_methods, reason = "schemas and examples are files; only the scheme itself does without")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::declaration::Format;
use jsonschema::{Draft, Validator};
use serde::Deserialize;
use serde_json::Value;

/// A document with one fault.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invalid {
    why: String,
    /// Where the fault is.
    pointer: String,
    /// Who finds it: the schema unless said otherwise.
    #[serde(default)]
    by: FoundBy,
    document: Value,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum FoundBy {
    #[default]
    Schema,
    /// The type behind the schema; its own test says how.
    Serde,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
}

/// The JSON files of a folder by name, in order.
fn files(folder: &Path, ending: &str) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    let named =
        paths.iter().filter_map(|path| Some((path.file_name()?.to_str()?.strip_suffix(ending)?.to_owned(), path)));
    let read = |path: &PathBuf| -> Value {
        let text = fs::read_to_string(path).expect("readable");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    named.map(|(name, path)| (name, read(path))).collect()
}

fn schemas() -> Vec<(String, Value)> {
    let schemas = files(&folder(), ".schema.json");
    assert!(!schemas.is_empty());
    schemas
}

fn validator(schema: &Value) -> Validator {
    let mut options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    for format in Format::ALL {
        options = options.with_format(format.name(), move |text: &str| format.check(text).is_ok());
    }
    options.build(schema).expect("the schema compiles")
}

/// Where a schema finds faults, as JSON Pointers.
fn faults(validator: &Validator, document: &Value) -> BTreeSet<String> {
    validator.iter_errors(document).map(|error| error.instance_path().to_string()).collect()
}

#[test]
fn every_schema_is_one() {
    for (name, schema) in schemas() {
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        let id = schema["$id"].as_str().unwrap_or_default();
        assert!(id.starts_with(&format!("urn:otasuketai:schema:{name}:")), "{name}: {id}");
    }
}

/// A meta-schema passes unknown keywords in silence, so each is looked at here.
#[test]
fn every_keyword_is_known_and_everything_has_a_limit() {
    for (name, schema) in schemas() {
        check(&schema, &name);
    }
}

/// One schema and those below it.
fn check(schema: &Value, at: &str) {
    const KEYWORDS: &str = "$schema $id $ref $defs $comment title description type enum const required properties \
        additionalProperties items minItems maxItems uniqueItems minimum maximum minLength maxLength pattern format \
        allOf if then";
    let Some(object) = schema.as_object() else {
        return assert!(schema.is_boolean(), "{at} is no schema");
    };
    for (key, value) in object {
        assert!(KEYWORDS.split_whitespace().any(|known| known == key), "{at}: unknown keyword {key}");
        match (key.as_str(), value) {
            ("properties" | "$defs", Value::Object(named)) => {
                named.iter().for_each(|(name, below)| check(below, &format!("{at}/{key}/{name}")));
            }
            ("allOf", Value::Array(all)) => all.iter().for_each(|below| check(below, &format!("{at}/{key}"))),
            ("items" | "if" | "then", below) => check(below, &format!("{at}/{key}")),
            ("format", format) => assert!(is_known_format(format), "{at}: unknown format {format}"),
            _ => {}
        }
    }
    if let Some(kind) = object.get("type") {
        let is_bilingual =
            |key: &str| object.get(key).and_then(Value::as_str).is_some_and(|words| words.contains(" / "));
        assert!(is_bilingual("title") && is_bilingual("description"), "{at}: title and description in both languages");
        let limits: &[&str] = match kind.as_str() {
            Some("string") => &["maxLength", "enum"],
            Some("array") => &["maxItems"],
            Some("integer") => &["maximum", "enum"],
            Some("object") => &["additionalProperties"],
            _ => &["type"],
        };
        assert!(limits.iter().any(|limit| object.contains_key(*limit)), "{at}: {kind} without a limit");
        assert_ne!(object.get("additionalProperties"), Some(&Value::Bool(true)), "{at}: open");
    }
}

/// A format nobody checks is passed in silence too.
fn is_known_format(format: &Value) -> bool {
    format.as_str().is_some_and(|name| name == "date" || Format::named(name).is_some())
}

#[test]
fn every_example_is_decided_as_it_says() {
    for (name, schema) in schemas() {
        let validator = validator(&schema);
        let examples = folder().join("examples").join(&name);
        let (valid, invalid) = (files(&examples.join("valid"), ".json"), files(&examples.join("invalid"), ".json"));
        assert!(!valid.is_empty() && !invalid.is_empty(), "{name} has examples of both kinds");
        for (example, document) in valid {
            assert_eq!(faults(&validator, &document), BTreeSet::new(), "{name}: {example}");
        }
        for (example, file) in invalid {
            let Invalid { why, pointer, by, document } =
                serde_json::from_value(file).unwrap_or_else(|error| panic!("{name}: {example}: {error}"));
            assert!(why.contains(" / "), "{name}: {example}: why, in both languages");
            assert!(document.pointer(&pointer).is_some(), "{name}: {example}: {pointer} leads nowhere");
            let expected = if by == FoundBy::Schema { BTreeSet::from([pointer]) } else { BTreeSet::new() };
            assert_eq!(faults(&validator, &document), expected, "{name}: {example}");
        }
    }
}
