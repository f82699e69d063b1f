//! What the OpenAPI document says beyond what the framework gathers: bodies without unknown fields, for each operation
//! the answers it can really give, and examples.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{examples, rules};

/// Finishes the document that the framework wrote. `cookie` is the name of a session's cookie.
pub(super) fn finish(gathered: &str, cookie: &str) -> Value {
    let mut document: Value = serde_json::from_str(gathered).expect("the framework writes JSON");
    let base = document["servers"][0]["url"].as_str().unwrap_or_default().to_owned();
    let mut bodies = BTreeSet::new();
    for (path, item) in fields(&mut document["paths"]) {
        for (method, operation) in fields(item) {
            if let Some(security) = rules::security(operation["operationId"].as_str().unwrap_or_default()) {
                operation["security"] = security;
            }
            keep_possible_answers(method, operation);
            add_examples(path, &base, operation);
            collect_references(&operation["requestBody"], &mut bodies);
        }
    }
    document["components"]["securitySchemes"] = rules::schemes(cookie);
    // A body's parts are closed too; a reference leads to others.
    let mut open: Vec<String> = bodies.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let schema = &mut document["components"]["schemas"][&name];
        close_one(schema);
        let mut parts = BTreeSet::new();
        collect_references(schema, &mut parts);
        open.extend(parts.into_iter().filter(|part| bodies.insert(part.clone())));
    }
    document
}

/// Says of every object among these schemas that it has no other fields: the framework refuses them and does not say so.
pub(super) fn close(schemas: &mut Value) {
    fields(schemas).for_each(|(_, schema)| close_one(schema));
}

fn close_one(schema: &mut Value) {
    if schema["type"] == "object" {
        schema["additionalProperties"] = json!(false);
    }
}

fn fields(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The names of the component schemas that this refers to.
fn collect_references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
            names.extend(name.map(str::to_owned));
            fields.values().for_each(|field| collect_references(field, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, names)),
        _ => {}
    }
}

/// The framework lists every answer of a type at every operation that uses it.
fn keep_possible_answers(method: &str, operation: &mut Value) {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    let has_in = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let is_change = method != "get";
    let has_body = !operation["requestBody"].is_null();
    let is_signed_in = !operation["security"].is_null();
    // The same file again is the same file: it needs no key to be sent twice.
    let is_upload = !operation["requestBody"]["content"]["application/octet-stream"].is_null();
    // A draft that answers a return is begun once, and a draft is submitted once: asked again, it is there already.
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let is_draft = ["beginDraft", "submitDraft"].contains(&name.as_str());
    // Readings that wait for something to be done, or end when it is.
    let is_timely = ["getRecord", "printRecord", "getRecordOscal", "proposalWhatIf"].contains(&name.as_str());
    let is_plain = ["performBulk", "notifyChange"].contains(&name.as_str());
    let is_possible = |status: &str| match status {
        // No operation ends a link; the pages do.
        "410" => false,
        // Line by line, each with its own act; and a notice leaves nothing with an address of its own.
        "200" => !has("Idempotency-Key") && !is_upload || is_plain,
        "201" => has("Idempotency-Key") && !is_plain || is_upload || is_draft,
        "304" => has("If-None-Match"),
        "401" => is_signed_in,
        "403" => is_signed_in,
        "404" => has_in("path"),
        "400" | "415" => has_body,
        "409" => is_change || is_timely,
        "413" => is_change,
        "412" | "428" => has("If-Match"),
        "422" => is_change || has_in("query") || has("day"),
        // Another method at the same address is another operation.
        "405" => false,
        _ => true,
    };
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.retain(|status, _| is_possible(status));
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let mut refusal = |status: &str, description: &str| {
        let answer = json!({ "description": description, "content": problem });
        responses.entry(status).or_insert(answer);
    };
    refusal("431", "The header is too large.");
    if has_in("path") {
        refusal("404", "The address is no text.");
    }
}

fn add_examples(path: &str, base: &str, operation: &mut Value) {
    // `get_mut` and `pointer_mut`: an index would leave a null where there is nothing.
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        if let Some(example) = examples::of_parameter(path, name) {
            parameter["example"] = example;
        }
    }
    let example = examples::of_body(operation["operationId"].as_str().unwrap_or_default());
    for (_, media) in operation.pointer_mut("/requestBody/content").into_iter().flat_map(fields) {
        if media["schema"] == json!({}) {
            media["schema"] = declaration(base);
        }
        if let Some(example) = &example {
            media["example"] = example.clone();
        }
    }
}

/// A declaration's own schema is of a later dialect than this document can hold.
fn declaration(base: &str) -> Value {
    json!({
        "type": "object",
        "description": "A declaration. Its schema is JSON Schema 2020-12.",
        "externalDocs": { "url": format!("{base}/schemas/declaration.schema.json") },
    })
}
