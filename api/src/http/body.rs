//! Bodies: JSON, tidied, then checked against the very schema that the OpenAPI document publishes, so that every fault
//! is named at once, with its place, in both languages. The framework would name the first one, in English.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};

use domain::reading::cleaned_text;
use domain::text::Text;
use jsonschema::Validator;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::document::close;
use crate::acts::FieldFault;
use crate::problem::Problem;
use crate::schema_fault::faults;

/// A JSON body of type `T`. Its texts are as sent, less control characters and blanks around them.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        let mut document = read(&bytes)?;
        tidy(&mut document);
        let found = faults(&validator::<T>(), &document);
        if !found.is_empty() {
            return Err(Problem::invalid(found).into());
        }
        // What the schema lets pass the type takes; should the two ever differ, the type's word is told as it is.
        let parsed = T::parse_from_json(Some(document)).map_err(|error| {
            let said: String = error.into_message().chars().take(300).collect();
            Problem::unreadable("", "", Text::new(format!("読み取れません：{said}"), format!("Cannot be read: {said}")))
        })?;
        Ok(Self(parsed))
    }
}

poem_openapi::impl_apirequest_for_payload!(Body<T>, T: ParseFromJSON);

/// The compiled schemas of bodies, by type: compiling costs a hundred times a validation.
fn validator<T: Type>() -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<&str, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().expect("nobody panics while compiling");
    compiled.entry(std::any::type_name::<T>()).or_insert_with(|| Arc::new(compile::<T>())).clone()
}

fn compile<T: Type>() -> Validator {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut schema = json!({ "allOf": [T::schema_ref()], "components": { "schemas": registry.schemas } });
    close(&mut schema["components"]["schemas"]);
    jsonschema::draft202012::new(&schema).expect("the framework's schemas are schemas, as a test of every body shows")
}

/// JSON in UTF-8 with every name once: what two readers could understand differently is refused (RFC 7493).
fn read(bytes: &[u8]) -> Result<Value, Problem> {
    let unreadable = |at: usize, message: Text| {
        let nearby = &bytes[at.saturating_sub(20).min(bytes.len())..(at + 20).min(bytes.len())];
        let read: String = String::from_utf8_lossy(nearby).chars().filter(|c| !c.is_control()).collect();
        let fault = FieldFault { pointer: String::new(), code: "json".into(), read, message: message.clone() };
        let title = Text::new("JSON として読み取れません", "This is not JSON");
        Problem { errors: vec![fault], ..Problem::new(StatusCode::BAD_REQUEST, "unreadable", title, message) }
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let message = Text::new(
            format!("{}バイト目が UTF-8 ではありません。UTF-8 で送ってください。", at + 1),
            format!("Byte {} is not UTF-8. Send UTF-8.", at + 1),
        );
        unreadable(at, message)
    })?;
    // Editors on Windows put it there.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(unreadable(0, Text::new("本文が空です。JSON を送ってください。", "The body is empty. Send JSON.")));
    }
    serde_json::from_str(text).map(|Distinct(value)| value).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let said: String = error.to_string().chars().take(200).collect();
        let message = Text::new(
            format!("{line}行{column}桁で JSON として読めなくなりました（{said}）。そこを直してください。"),
            format!("It stops being JSON at line {line}, column {column} ({said}). Mend it there."),
        );
        unreadable(before + column, message)
    })
}

/// Names, reasons and all other texts are kept as sent, but for what nobody types on purpose.
fn tidy(value: &mut Value) {
    match value {
        Value::String(text) => *text = cleaned_text(text),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(fields) => fields.values_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A JSON value in which no object has a name twice.
struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctVisitor).map(Self)
    }
}

struct DistinctVisitor;

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(Distinct(item)) = items.next_element()? {
            read.push(item);
        }
        Ok(read.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if read.contains_key(&name) {
                let name: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format_args!("the name {name:?} stands there twice")));
            }
            let Distinct(value) = fields.next_value()?;
            read.insert(name, value);
        }
        Ok(read.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_is_shown_where_it_stops_being_so() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for (bytes, said) in [
            (&b""[..], "empty"),
            (b" \n", "empty"),
            (b"{\"a\": }", "line 1, column 7"),
            (b"{\"a\": 1", "EOF"),
            (b"{\"a\": \"\xff\"}", "Byte 8 is not UTF-8"),
            (b"{\"a\": 1, \"a\": 2}", "\"a\" stands there twice"),
            (b"{\"b\": {\"a\": 1, \"\\u0061\": 2}}", "\"a\" stands there twice"),
            (b"{\"a\": 1e999}", "out of range"),
            (b"{\"a\": \"\\ud800\"}", "column"),
            (b"{} {}", "trailing"),
            (deep.as_bytes(), "recursion limit"),
        ] {
            let problem = read(bytes).unwrap_err();
            assert!(problem.detail.en.contains(said), "{:?}: {}", String::from_utf8_lossy(bytes), problem.detail.en);
            assert_eq!((problem.status, problem.errors[0].code.as_str()), (StatusCode::BAD_REQUEST, "json"));
        }
        assert_eq!(read(b"\xef\xbb\xbf{\"a\": [1, -1, 1.5, \"\\u3042\", null, true]}").unwrap()["a"][3], "あ");
    }

    #[test]
    fn texts_lose_what_nobody_types_on_purpose() {
        let mut value = json!({ "a": [" \u{0}名\u{202e}前\n二行目 "], "n": 1 });
        tidy(&mut value);
        assert_eq!(value, json!({ "a": ["名前\n二行目"], "n": 1 }));
    }
}
