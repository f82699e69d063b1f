//! What a JSON Schema finds wrong with a document: where, what was read there and what to do, in both languages.

use domain::declaration::Format;
use domain::text::Text;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::types::JsonType;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::acts::FieldFault;

/// Faults told at once.
const MOST_FAULTS: usize = 100;
/// Characters of a value that are repeated.
const MOST_READ: usize = 80;
/// Characters of a field name that nobody asked for.
const MOST_NAME: usize = 60;
/// Characters of a list of allowed values.
const MOST_ALLOWED: usize = 400;

/// Everything that is wrong with the document, up to a hundred faults.
pub fn faults(validator: &Validator, document: &Value) -> Vec<FieldFault> {
    validator.iter_errors(document).flat_map(|error| of(&error)).take(MOST_FAULTS).collect()
}

/// A missing field and one too many are named themselves, everything else where it stands.
fn of(error: &ValidationError<'_>) -> Vec<FieldFault> {
    let place = error.instance_path().as_str();
    let instance = error.instance();
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let message = Text::new("必要な項目がありません。書き足してください。", "This is missing. Add it.");
            vec![fault(under(place, name), "required", String::new(), message)]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let message = Text::new(
                "知らない項目です。綴りを直すか、取り除いてください。",
                "There is no such field. Mend its spelling or leave it out.",
            );
            let fault_of = |name: &String| {
                let read = shown(instance.get(name).unwrap_or(&Value::Null));
                fault(under(place, name), error.kind().keyword(), read, message.clone())
            };
            unexpected.iter().map(fault_of).collect()
        }
        kind => vec![fault(place.to_owned(), kind.keyword(), shown(instance), message(kind, instance))],
    }
}

fn fault(pointer: String, code: &str, read: String, message: Text) -> FieldFault {
    FieldFault { pointer, code: code.to_owned(), read, message }
}

/// A field of what stands at `place`.
fn under(place: &str, name: &str) -> String {
    let name: String = name.chars().take(MOST_NAME).collect();
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(MOST_READ).collect()
}

fn message(kind: &Kind, instance: &Value) -> Text {
    let read = shown(instance);
    match kind {
        Kind::Type { kind } => {
            let (ja, en) = types(kind);
            Text::new(format!("{ja}で書いてください（読み取った値：{read}）。"), format!("Write {en} (read: {read})."))
        }
        Kind::Enum { options } => one_of(options, &read),
        Kind::Constant { expected_value } => one_of(&Value::Array(vec![(**expected_value).clone()]), &read),
        Kind::MaxLength { limit } => {
            let length = instance.as_str().map_or(0, |text| text.chars().count());
            Text::new(
                format!("{limit}文字以内にしてください（読み取った長さ：{length}文字）。"),
                format!("At most {limit} characters (read: {length})."),
            )
        }
        Kind::MinLength { limit } => Text::new(
            format!("{limit}文字以上を書いてください（空白と制御文字は数えません）。"),
            format!("At least {limit} characters, not counting blanks and control characters around them."),
        ),
        Kind::MaxItems { limit } => Text::new(
            format!("{limit}件以内にしてください（読み取った数：{}件）。", count(instance)),
            format!("At most {limit} items (read: {}).", count(instance)),
        ),
        Kind::MinItems { limit } => Text::new(
            format!("{limit}件以上を書いてください（読み取った数：{}件）。", count(instance)),
            format!("At least {limit} items (read: {}).", count(instance)),
        ),
        Kind::Maximum { limit } => Text::new(
            format!("{limit} 以下にしてください（読み取った値：{read}）。"),
            format!("At most {limit} (read: {read})."),
        ),
        Kind::Minimum { limit } => Text::new(
            format!("{limit} 以上にしてください（読み取った値：{read}）。"),
            format!("At least {limit} (read: {read})."),
        ),
        Kind::UniqueItems => {
            Text::new("同じものが二度あります。一つにしてください。", "The same item stands there twice. Keep one.")
        }
        Kind::FalseSchema => Text::new(
            "ほかの項目の値によると、ここには何も書けません。取り除いてください。",
            "By what the other fields say, nothing belongs here. Leave it out.",
        ),
        Kind::Pattern { .. } if instance.as_str().is_some_and(|text| text.trim().is_empty()) => {
            Text::new("空です。入力してください。", "This is empty. Fill it in.")
        }
        Kind::Format { format } => said_by_format(format, instance).unwrap_or_else(|| unfitting(&read)),
        _ => unfitting(&read),
    }
}

/// Our own formats say better than a schema what was read and what to do.
fn said_by_format(format: &str, instance: &Value) -> Option<Text> {
    Format::named(format)?.check(instance.as_str()?).err()
}

fn unfitting(read: &str) -> Text {
    Text::new(
        format!("決められた書き方ではありません（読み取った値：{read}）。スキーマの例を見てください。"),
        format!("Not in the form asked for (read: {read}). See the schema's examples."),
    )
}

fn one_of(options: &Value, read: &str) -> Text {
    let words = options.as_array().into_iter().flatten().map(Value::to_string);
    let allowed: String = words.collect::<Vec<_>>().join(", ").chars().take(MOST_ALLOWED).collect();
    Text::new(
        format!("次のどれかにしてください：{allowed}（読み取った値：{read}）。"),
        format!("Write one of {allowed} (read: {read})."),
    )
}

fn count(instance: &Value) -> usize {
    instance.as_array().map_or(0, Vec::len)
}

fn types(kind: &TypeKind) -> (String, String) {
    let words: Vec<(&str, &str)> = match kind {
        TypeKind::Single(only) => vec![word(*only)],
        TypeKind::Multiple(several) => several.iter().map(word).collect(),
    };
    let (ja, en): (Vec<&str>, Vec<&str>) = words.into_iter().unzip();
    (ja.join("か"), en.join(" or "))
}

fn word(of: JsonType) -> (&'static str, &'static str) {
    match of {
        JsonType::Array => ("配列 [ ]", "an array"),
        JsonType::Boolean => ("true か false", "true or false"),
        JsonType::Integer => ("整数", "a whole number"),
        JsonType::Null => ("null", "null"),
        JsonType::Number => ("数", "a number"),
        JsonType::Object => ("オブジェクト { }", "an object"),
        JsonType::String => ("文字列", "a string"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every kind of fault: its place, its word, and what stands in the message.
    #[test]
    fn every_fault_names_its_place_and_says_what_to_do() {
        let schema = json!({
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": { "enum": ["end", "revoke"] },
                "reason": { "type": "string", "minLength": 1, "maxLength": 3 },
                "days": { "type": "integer", "minimum": 1, "maximum": 7 },
                "people": { "type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true },
                "gone": false,
                "either": { "type": ["string", "null"] },
                "word": { "pattern": "^a$" },
            },
            "additionalProperties": false,
        });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for (document, pointer, code, said) in [
            (json!({}), "/kind", "required", "missing"),
            (json!({"kind": "stop"}), "/kind", "enum", "one of \"end\", \"revoke\" (read: \"stop\")"),
            (json!({"kind": "end", "reason": 7}), "/reason", "type", "a string (read: 7)"),
            (json!({"kind": "end", "reason": ""}), "/reason", "minLength", "At least 1"),
            (json!({"kind": "end", "reason": "四文字だ"}), "/reason", "maxLength", "At most 3 characters (read: 4)"),
            (json!({"kind": "end", "days": 8}), "/days", "maximum", "At most 7 (read: 8)"),
            (json!({"kind": "end", "days": 0}), "/days", "minimum", "At least 1 (read: 0)"),
            (json!({"kind": "end", "days": 1.5}), "/days", "type", "a whole number (read: 1.5)"),
            (json!({"kind": "end", "people": []}), "/people", "minItems", "At least 1 items (read: 0)"),
            (json!({"kind": "end", "people": [1, 2, 3]}), "/people", "maxItems", "At most 2 items (read: 3)"),
            (json!({"kind": "end", "people": [1, 1]}), "/people", "uniqueItems", "twice"),
            (json!({"kind": "end", "gone": 1}), "/gone", "falseSchema", "nothing belongs here"),
            (json!({"kind": "end", "either": 1}), "/either", "type", "null or a string"),
            (json!({"kind": "end", "word": "b"}), "/word", "pattern", "(read: \"b\")"),
            (json!({"kind": "end", "a/b~c": 1}), "/a~1b~0c", "additionalProperties", "no such field"),
            (json!([]), "", "type", "an object (read: [])"),
        ] {
            let found = faults(&validator, &document);
            let [fault] = &found[..] else { panic!("{document}: {found:?}") };
            assert_eq!((fault.pointer.as_str(), fault.code.as_str()), (pointer, code), "{document}");
            assert!(fault.message.en.contains(said), "{document}: {}", fault.message.en);
            assert!(!fault.message.ja.is_ascii(), "{document}: {}", fault.message.ja);
        }
    }

    #[test]
    fn what_is_repeated_is_short_whatever_was_sent() {
        let validator =
            jsonschema::draft202012::new(&json!({ "maxLength": 3, "additionalProperties": false })).unwrap();
        let long = "あ".repeat(100_000);
        for document in [json!(long), json!({ long.as_str(): long })] {
            let found = faults(&validator, &document);
            assert_eq!(found.len(), 1);
            assert!(found[0].read.chars().count() <= MOST_READ);
            assert!(found[0].pointer.chars().count() <= MOST_NAME + 1);
            assert!(found[0].message.en.len() < 300 && found[0].message.ja.len() < 300);
        }
        let texts = jsonschema::draft202012::new(&json!({ "items": { "type": "string" } })).unwrap();
        assert_eq!(faults(&texts, &json!((0..1000).collect::<Vec<_>>())).len(), MOST_FAULTS);
    }
}
