//! Declarations at the edge: JSON is checked by the schema first, so that every fault is named at once, then typed.

use std::sync::LazyLock;

use domain::act::RegistrationNumber;
use domain::application::Concern;
use domain::declaration::{Declaration, Format, Provider};
use domain::text::Text;
use jsonschema::{Draft, Validator};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::acts::FieldFault;
use crate::evidence::Named;
use crate::schema_fault::faults;

/// The schema providers write against: `schemas/declaration.schema.json`.
pub const SCHEMA: &str = include_str!("../../schemas/declaration.schema.json");

/// Compiled once: compiling costs 150 times a validation.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA).expect("a test of domain reads the schema");
    let mut options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    for format in Format::ALL {
        options = options.with_format(format.name(), move |typed: &str| format.check(typed).is_ok());
    }
    options.build(&schema).expect("a test of domain compiles the schema")
});

/// What is submitted.
#[derive(Debug)]
pub struct Submitted {
    pub declaration: Declaration,
    pub evidence: Vec<Named>,
    /// The registration that it is about: to renew it, or to change what is declared of it.
    pub concerns: Option<Concern>,
}

/// Reads what is submitted: a declaration by itself, or `{ "declaration": …, "evidence": [ … ], "renews": … }` with the
/// files that show it, and perhaps the registration that it is to renew or, as `changes`, to change.
pub fn read_submission(document: &Value) -> Result<Submitted, Vec<FieldFault>> {
    let Some(declaration) = document.get("declaration") else {
        return Ok(Submitted { declaration: read(document)?, evidence: Vec::new(), concerns: None });
    };
    let mut wrong = Vec::new();
    let below = |mut fault: FieldFault| {
        fault.pointer.insert_str(0, "/declaration");
        fault
    };
    let declaration = read(declaration).map_err(|faults| wrong.extend(faults.into_iter().map(below))).ok();
    let none = Value::Array(Vec::new());
    let files = document.get("evidence").unwrap_or(&none);
    let files = read_files(files).map_err(|fault| wrong.push(fault)).ok();
    let mut number = |name: &str| -> Option<RegistrationNumber> {
        let found = typed(document.get(name)?);
        let told = |mut fault: FieldFault| {
            fault.pointer = format!("/{name}{}", fault.pointer);
            wrong.push(fault);
        };
        found.map_err(told).ok()
    };
    let (renews, changes) = (number("renews").map(Concern::renewal), number("changes").map(Concern::change));
    if renews.is_some() && changes.is_some() {
        let message =
            Text::new("更新と変更は、別々に申請してください。", "Apply for a renewal and for a change apart.");
        wrong.push(FieldFault { pointer: "/changes".into(), code: "both".into(), read: String::new(), message });
    }
    let others = document.as_object().into_iter().flat_map(|fields| fields.keys());
    for other in others.filter(|name| !matches!(name.as_str(), "declaration" | "evidence" | "renews" | "changes")) {
        let message = Text::new("この名前の項目はありません。", "There is no such field.");
        let (pointer, read) =
            (format!("/{}", other.replace('~', "~0").replace('/', "~1")), other.chars().take(80).collect());
        wrong.push(FieldFault { pointer, code: "additionalProperties".into(), read, message });
    }
    match (declaration, files) {
        (Some(declaration), Some(evidence)) if wrong.is_empty() => {
            Ok(Submitted { declaration, evidence, concerns: renews.or(changes) })
        }
        _ => Err(wrong),
    }
}

/// Reads the files that stand under `evidence`, or tells the first thing that is wrong with them.
pub fn read_files(files: &Value) -> Result<Vec<Named>, FieldFault> {
    typed(files).map_err(|mut fault| {
        fault.pointer.insert_str(0, "/evidence");
        fault
    })
}

/// Reads a provider by itself, as it stands under `provider` in a declaration, or tells the first thing that is wrong.
pub fn read_provider(provider: &Value) -> Result<Provider, FieldFault> {
    typed(provider).map_err(|mut fault: FieldFault| {
        fault.pointer.insert_str(0, "/provider");
        fault
    })
}

/// Everything that the schema finds wrong with as much of a declaration as there is.
pub fn faults_of(document: &Value) -> Vec<FieldFault> {
    faults(&VALIDATOR, document)
}

/// Reads a declaration, or tells everything that is wrong with it.
pub fn read(document: &Value) -> Result<Declaration, Vec<FieldFault>> {
    let faults = faults(&VALIDATOR, document);
    if !faults.is_empty() {
        return Err(faults);
    }
    // Rules the schema cannot say are the types' own; serde names the first.
    typed(document).map_err(|fault| vec![fault])
}

fn typed<T: DeserializeOwned>(document: &Value) -> Result<T, FieldFault> {
    serde_path_to_error::deserialize(document).map_err(|error| {
        let pointer = pointer(error.path());
        let read = document.pointer(&pointer).map_or_else(String::new, ToString::to_string);
        let said: String = error.inner().to_string().chars().take(300).collect();
        let message = Text::new(format!("読み取れません：{said}"), format!("cannot be read: {said}"));
        FieldFault { pointer, code: "type".into(), read: read.chars().take(80).collect(), message }
    })
}

/// Where in a document, as a JSON Pointer.
fn pointer(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        // The variants of our types are not written into the document.
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only the types refuse is named like what the schema refuses.
    #[test]
    fn the_types_name_the_field_too() {
        let file = include_str!("../../schemas/examples/declaration/invalid/yen-written-as-a-decimal.json");
        let example: Value = serde_json::from_str(file).unwrap();
        let faults = read(&example["document"]).unwrap_err();
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!(example["pointer"], fault.pointer);
        assert_eq!((fault.code.as_ref(), fault.read.as_str()), ("type", "10000.0"));
    }
}
