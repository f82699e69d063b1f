//! Drafts as programs write them.

use serde_json::{Value, json};

use crate::{Client, declaration, text, version};

/// What the form of a declaration holds: each field's name, a JSON Pointer, and its values.
pub fn typed(declaration: &Value) -> Vec<(String, Vec<String>)> {
    fn below(value: &Value, pointer: &str, all: &mut Vec<(String, Vec<String>)>) {
        let one = |text: String| (pointer.to_owned(), vec![text]);
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| below(value, &format!("{pointer}/{name}"), all))
            }
            Value::Array(entries) if entries.iter().all(Value::is_string) => {
                let texts = entries.iter().filter_map(Value::as_str).map(str::to_owned);
                all.push((pointer.to_owned(), texts.collect()));
            }
            Value::Array(entries) => {
                entries.iter().enumerate().for_each(|(index, entry)| below(entry, &format!("{pointer}/{index}"), all));
            }
            Value::String(day) if pointer.ends_with("startedOn") || pointer.ends_with("Since") => {
                let parts = ["year", "month", "day"].into_iter().zip(day.split('-'));
                all.extend(parts.map(|(part, digits)| (format!("{pointer}/{part}"), vec![digits.to_owned()])));
            }
            Value::String(text) => all.push(one(text.clone())),
            Value::Number(number) => all.push(one(number.to_string())),
            Value::Bool(yes) => all.push(one(if *yes { "yes" } else { "no" }.to_owned())),
            Value::Null => {}
        }
    }
    let mut all = Vec::new();
    below(declaration, "", &mut all);
    all
}

/// The body that saves these fields.
pub fn fields(typed: &[(String, Vec<String>)]) -> Value {
    let field = |(name, values): &(String, Vec<String>)| json!({ "name": name, "values": values });
    json!({ "fields": typed.iter().map(field).collect::<Vec<_>>() })
}

/// A new draft of somebody's that says everything, as it was last answered.
pub fn whole(by: &Client) -> Value {
    let begun = by.post("/api/v1/drafts", &json!({})).send().ok();
    let path = format!("/api/v1/drafts/{}", text(&begun, "id"));
    let saved = by.ask("PUT", &path).json(&fields(&typed(&declaration()))).on_version(version(&begun)).send().ok();
    assert_eq!(saved["faults"], json!([]));
    saved
}
