//! Declarations at the edge: JSON is checked by the schema first, so that every fault is named at once, then typed.

use std::sync::LazyLock;

use domain::declaration::{Declaration, Format};
use domain::text::Text;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::acts::FieldFault;

/// The schema providers write against: `schemas/declaration.schema.json`.
pub const SCHEMA: &str = include_str!("../../schemas/declaration.schema.json");

/// Faults told at once.
const MOST_FAULTS: usize = 100;

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
    let faults: Vec<FieldFault> = VALIDATOR.iter_errors(document).take(MOST_FAULTS).map(|error| fault(&error)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    // Rules the schema cannot say are the types' own; serde names the first.
    serde_json::from_value(document.clone()).map_err(|error| {
        let said = error.to_string();
        let message = Text::new(format!("読み取れません：{said}"), format!("cannot be read: {said}"));
        vec![FieldFault { pointer: String::new(), code: "type".into(), read: String::new(), message }]
    })
}

fn fault(error: &ValidationError<'_>) -> FieldFault {
    let read: String = error.instance().to_string().chars().take(80).collect();
    let code = error.schema_path().as_str().rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
    FieldFault {
        pointer: pointer(error),
        code: code.to_owned(),
        message: said_by_format(error).unwrap_or_else(|| message(code, &read, error.to_string())),
        read,
    }
}

/// The field itself, also where it is the one that is missing.
fn pointer(error: &ValidationError<'_>) -> String {
    let parent = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default().replace('~', "~0").replace('/', "~1");
            format!("{parent}/{name}")
        }
        _ => parent.to_owned(),
    }
}

/// Our own formats say better than a schema what was read and what to do.
fn said_by_format(error: &ValidationError<'_>) -> Option<Text> {
    let ValidationErrorKind::Format { format } = error.kind() else { return None };
    Format::named(format)?.check(error.instance().as_str()?).err()
}

fn message(code: &str, read: &str, said: String) -> Text {
    let ja = match code {
        "required" => format!("必要な項目がありません：{said}"),
        "additionalProperties" | "unevaluatedProperties" => format!("知らない項目があります：{said}"),
        "type" => format!("型が違います（読み取った値：{read}）。"),
        "enum" | "const" => format!("決められた値のどれかにしてください（読み取った値：{read}）。"),
        "maxLength" | "maxItems" => format!("長すぎます（読み取った値：{read}）。"),
        "minLength" | "minItems" => format!("空か短すぎます（読み取った値：{read}）。"),
        "minimum" | "maximum" => format!("範囲の外です（読み取った値：{read}）。"),
        "format" | "pattern" => format!("書き方が違います（読み取った値：{read}）。"),
        _ => format!("規則に合いません：{said}"),
    };
    Text::new(ja, said)
}
