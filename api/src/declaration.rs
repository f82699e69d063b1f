//! Declarations at the edge: JSON is checked by the schema first, so that every fault is named at once, then typed.

use std::sync::LazyLock;

use domain::declaration::{Declaration, Format};
use domain::text::Text;
use jsonschema::{Draft, Validator};
use serde_json::Value;

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
    serde_json::from_value(document.clone()).map_err(|error| {
        let said: String = error.to_string().chars().take(300).collect();
        let message = Text::new(format!("読み取れません：{said}"), format!("cannot be read: {said}"));
        vec![FieldFault { pointer: String::new(), code: "type".into(), read: String::new(), message }]
    })
}
