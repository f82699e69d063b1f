//! Declarations at the edge: JSON is checked by the schema first, so that every fault is named at once, then typed.

use std::sync::LazyLock;

use domain::declaration::{Declaration, Format};
use domain::text::Text;
use jsonschema::{Draft, Validator};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::acts::FieldFault;
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

/// Reads a declaration, or tells everything that is wrong with it.
pub fn read(document: &Value) -> Result<Declaration, Vec<FieldFault>> {
    let faults = faults(&VALIDATOR, document);
    if !faults.is_empty() {
        return Err(faults);
    }
    // Rules the schema cannot say are the types' own; serde names the first.
    serde_path_to_error::deserialize(document).map_err(|error| {
        let pointer = pointer(error.path());
        let read = document.pointer(&pointer).map_or_else(String::new, ToString::to_string);
        let said: String = error.inner().to_string().chars().take(300).collect();
        let message = Text::new(format!("読み取れません：{said}"), format!("cannot be read: {said}"));
        vec![FieldFault { pointer, code: "type".into(), read: read.chars().take(80).collect(), message }]
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
