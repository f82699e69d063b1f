//! The operations of the served OpenAPI document.

use serde_json::Value;
use tests::{Answer, Client};

/// One method at one address.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    /// Below `/api/v1`, with `{names}`.
    pub path: String,
    pub document: Value,
    /// The body's schema with every reference followed; none where there is no body.
    pub body: Option<Value>,
}

/// Every operation, as the served document has them.
pub fn read(client: &Client) -> Vec<Operation> {
    let document = client.get("/api/v1/openapi.json").send().ok();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("a document has paths") {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an operation has an id").to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                document: operation.clone(),
                body: (!schema.is_null()).then(|| followed(schema, &document)),
            });
        }
    }
    assert!(operations.len() >= 58, "the document has lost operations");
    operations
}

/// The schema without references.
fn followed(schema: &Value, document: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            if let Some(pointer) = fields.get("$ref").and_then(Value::as_str) {
                let target = document.pointer(&pointer[1..]).expect("references lead somewhere");
                return followed(target, document);
            }
            fields.iter().map(|(name, field)| (name.clone(), followed(field, document))).collect()
        }
        Value::Array(items) => items.iter().map(|item| followed(item, document)).collect(),
        other => other.clone(),
    }
}

impl Operation {
    /// Does it ask who is calling?
    pub fn is_signed_in(&self) -> bool {
        !self.document["security"].is_null()
    }

    /// Will an API key do?
    pub fn takes_keys(&self) -> bool {
        self.document["security"].as_array().is_some_and(|ways| ways.iter().any(|way| !way["apiKey"].is_null()))
    }

    /// Does it read only?
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }

    /// Its parameters in `place`.
    pub fn parameters<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a Value> {
        self.document["parameters"].as_array().into_iter().flatten().filter(move |parameter| parameter["in"] == place)
    }

    /// Does it take this parameter?
    pub fn takes(&self, name: &str) -> bool {
        self.document["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == name)
    }

    /// The status stands in the document at this operation.
    #[track_caller]
    pub fn assert_documented(&self, answer: &Answer) {
        let documented = &self.document["responses"];
        assert!(!documented[answer.status.to_string()].is_null(), "{}: undocumented: {}", self.id, answer.told());
    }
}
