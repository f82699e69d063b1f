//! Bodies that are wrong in every way: as bytes, as JSON, against the schema, field by field.

use serde_json::{Value, json};
use tests::{Client, raw};

use crate::operations::Operation;
use crate::refusal::Refusal;
use crate::stage::{Right, Stage};

/// The largest body.
const MOST: usize = 1 << 20;

/// Every operation with a body.
pub fn sweep(stage: &Stage) {
    let with_body = stage.operations.iter().filter(|operation| operation.body.is_some());
    for operation in with_body {
        let target = Target { stage, operation, right: stage.right(operation), client: stage.client() };
        target.bytes();
        target.types();
        target.sizes();
        target.roots();
        target.every_field();
    }
}

/// One operation and the request that would go well.
struct Target<'a> {
    stage: &'a Stage,
    operation: &'a Operation,
    right: Right,
    client: Client,
}

impl Target<'_> {
    /// The right request with another body is refused.
    #[track_caller]
    fn refused(&self, status: u16, code: &str, content_type: &str, body: &[u8]) -> Refusal {
        let ask = || self.right.without_body(&self.client, self.operation).body(content_type, body);
        let refusal = self.stage.refused(self.operation, ask);
        let sent = String::from_utf8_lossy(&body[..body.len().min(300)]);
        assert_eq!((refusal.status, refusal.code.as_str()), (status, code), "{sent}: {}", refusal.document);
        refusal
    }

    /// Not JSON at all, or JSON that two readers understand differently.
    fn bytes(&self) {
        let deep = |open: &str, close: &str| format!("{}{}", open.repeat(200), close.repeat(200)).into_bytes();
        let bodies: [(&[u8], &str); 16] = [
            (b"", "empty"),
            (b" \r\n\t", "empty"),
            (b"{", "column 1"),
            (b"{\"reason\": }", "column 12"),
            (b"{\"reason\": \"x\"", "EOF"),
            (b"{'reason': 'x'}", "column 2"),
            (b"{\"reason\": \"x\"} {}", "trailing"),
            (b"reason=x", "column 1"),
            (b"<reason>x</reason>", "column 1"),
            (b"{\"reason\": \"\xff\xfe\"}", "Byte 13 is not UTF-8"),
            (b"{\"reason\": \"\x82\xb1\x82\xf1\"}", "UTF-8"),
            (b"{\"reason\": \"\x00\"}", "control character"),
            (b"{\"reason\": \"\\ud800\"}", "column"),
            (b"{\"reason\": \"x\", \"reason\": \"y\"}", "twice"),
            (&deep("[", "]"), "recursion limit"),
            (&deep("{\"a\":", "}"), "recursion limit"),
        ];
        for (body, said) in bodies {
            let refusal = self.refused(400, "unreadable", "application/json", body);
            let fault = refusal.names("");
            assert!(fault["message"].as_str().unwrap_or_default().contains(said), "{said}: {fault}");
        }
    }

    /// Of another type than JSON, or of none.
    fn types(&self) {
        let right = self.right.body.as_ref().expect("it has a body").to_string();
        for content_type in
            ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "x"]
        {
            let refusal = self.refused(415, "unsupported_media_type", content_type, right.as_bytes());
            assert_eq!(refusal.names("/Content-Type")["read"], content_type);
        }
        let ask = || self.right.without_body(&self.client, self.operation);
        let refusal = self.stage.refused(self.operation, ask);
        assert_eq!((refusal.status, refusal.code.as_str()), (415, "unsupported_media_type"));
        // Compressed bytes are not JSON.
        let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
        self.refused(400, "unreadable", "application/json", gzip);
    }

    /// One byte too many, with a length and without one. What fits is read, and refused for what it is.
    fn sizes(&self) {
        let mut body = vec![b' '; MOST - 2];
        body.extend_from_slice(b"[]");
        self.refused(422, "invalid", "application/json", &body);
        body.insert(0, b' ');
        let length = format!("Content-Length: {}", body.len());
        let framings = [(length.as_str(), &body), ("Transfer-Encoding: chunked", &raw::chunked(&body))];
        for (framing, body) in framings {
            let own = self.right.lines().into_iter();
            let lines: Vec<String> =
                own.chain(["Content-Type: application/json", framing].map(str::to_owned)).collect();
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            let request = raw::request(&self.operation.method, &self.right.path, &lines, body);
            let (status, _, body) = raw::send(self.stage.server.port(), &request);
            let refusal = Refusal::of(status, &body);
            assert_eq!((status, refusal.code.as_str()), (413, "too_large"), "{}: {framing}", self.operation.id);
        }
    }

    /// JSON, but no object.
    fn roots(&self) {
        for root in [json!([]), json!("text"), json!(7), json!(null), json!(true), json!([{}])] {
            let refusal = self.refused(422, "invalid", "application/json", root.to_string().as_bytes());
            let fault = refusal.names("");
            assert_eq!((&fault["code"], &fault["read"]), (&json!("type"), &json!(root.to_string())));
        }
    }

    /// Every field of the right body, one at a time: missing, of every wrong type, beyond its limits; and unknown ones
    /// beside it.
    fn every_field(&self) {
        let right = self.right.body.as_ref().expect("it has a body");
        let schema = self.operation.body.as_ref().expect("it has a schema");
        let schema = if schema["properties"].is_null() { &declaration_schema() } else { schema };
        let mut places = Vec::new();
        collect(right, schema, schema, String::new(), &mut places);
        assert!(!places.is_empty());
        for Place { pointer, schema, .. } in places.iter().filter(|place| !place.pointer.is_empty()) {
            for wrong in wrong_values(schema) {
                let mut body = right.clone();
                *body.pointer_mut(pointer).expect("the place is there") = wrong.clone();
                self.names(pointer, &body, Some(&wrong));
            }
            let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
            let mut body = right.clone();
            if let Some(fields) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                fields.remove(name);
                let is_required = places.iter().any(|place| place.pointer == parent && place.requires(name));
                if is_required {
                    assert_eq!(self.names(pointer, &body, None)["code"], "required");
                }
            }
        }
        for Place { pointer, .. } in places.iter().filter(|place| place.is_object) {
            for name in ["unknown", "reasons ", "__proto__", "a/b~c", "名前"] {
                let mut body = right.clone();
                let fields = body.pointer_mut(pointer).and_then(Value::as_object_mut).expect("it is an object");
                fields.insert(name.to_owned(), json!("読んだ値"));
                let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                let fault = self.names(&place, &body, None).clone();
                assert_eq!((&fault["code"], &fault["read"]), (&json!("additionalProperties"), &json!("\"読んだ値\"")));
            }
        }
    }

    /// The body is refused, and the fault at `pointer` repeats what was read there.
    #[track_caller]
    fn names(&self, pointer: &str, body: &Value, read: Option<&Value>) -> Value {
        let refusal = self.refused(422, "invalid", "application/json", body.to_string().as_bytes());
        let fault = refusal.names(pointer);
        if let Some(read) = read {
            let start: String = read.to_string().chars().take(40).collect();
            let repeated = fault["read"].as_str().unwrap_or_default();
            assert!(repeated.starts_with(&start), "{start} is not repeated: {fault}");
        }
        fault.clone()
    }
}

/// A field of the right body and its schema.
struct Place {
    pointer: String,
    schema: Value,
    is_object: bool,
}

impl Place {
    fn requires(&self, name: &str) -> bool {
        self.schema["required"].as_array().is_some_and(|required| required.iter().any(|field| field == name))
    }
}

/// Every place in `value` with its schema; `root` holds what references lead to.
fn collect(value: &Value, schema: &Value, root: &Value, pointer: String, places: &mut Vec<Place>) {
    let schema = merged(schema, root);
    // A part of a declaration has its schema elsewhere, where declarations are swept.
    if value.is_object() && schema["properties"].is_null() {
        return;
    }
    places.push(Place { pointer: pointer.clone(), schema: schema.clone(), is_object: value.is_object() });
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let inner = &schema["properties"][name];
                assert!(!inner.is_null(), "{pointer}/{name} is not in the schema");
                collect(field, inner, root, format!("{pointer}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &schema["items"], root, format!("{pointer}/{index}"), places);
            }
        }
        _ => {}
    }
}

/// The schema with its reference and its unconditional parts in one object.
fn merged(schema: &Value, root: &Value) -> Value {
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    let target = whole.remove("$ref");
    let parts = whole.remove("allOf").and_then(|parts| parts.as_array().cloned()).unwrap_or_default();
    let target = target.iter().filter_map(|pointer| root.pointer(pointer.as_str()?.strip_prefix('#')?)).cloned();
    for part in target.chain(parts) {
        for (name, value) in merged(&part, root).as_object().into_iter().flatten() {
            whole.entry(name).or_insert_with(|| value.clone());
        }
    }
    Value::Object(whole)
}

/// Values that a place with this schema does not take.
fn wrong_values(schema: &Value) -> Vec<Value> {
    let types: Vec<&str> = match &schema["type"] {
        Value::String(only) => vec![only],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => schema["enum"].as_array().map_or(vec![], |_| vec!["string"]),
    };
    let is = |name: &str| types.contains(&name);
    let all = [
        (json!("文字列"), is("string")),
        (json!(7.5), is("number")),
        (json!(true), is("boolean")),
        (json!(null), is("null")),
        (json!(["配列"]), is("array")),
        (json!({ "項目": 1 }), is("object")),
    ];
    let mut wrong: Vec<Value> =
        all.into_iter().filter(|(_, fits)| !types.is_empty() && !fits).map(|(value, _)| value).collect();
    if !schema["enum"].is_null() {
        wrong.push(json!("no such word"));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        wrong.push(json!("長".repeat(most as usize + 1)));
    }
    if schema["minLength"].as_u64().is_some_and(|least| least > 0) {
        wrong.push(json!(""));
    }
    if let Some(most) = schema["maximum"].as_f64().filter(|_| is("integer")) {
        wrong.push(json!(most as u64 + 1));
    }
    if let Some(least) = schema["minimum"].as_f64().filter(|_| is("integer")) {
        wrong.push(json!(least as i64 - 1));
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        wrong.push(json!([]));
    }
    wrong
}

fn declaration_schema() -> Value {
    serde_json::from_str(api::declaration::SCHEMA).expect("a schema is JSON")
}

/// Texts with characters that nobody types on purpose are taken without them: PostgreSQL takes no NUL, and a name that
/// turns the direction of writing can look like another.
pub fn tidied(stage: &Stage) {
    let client = stage.client();
    let grant = stage.operation("grantLicence");
    let mut right = stage.right(grant);
    let body = right.body.as_mut().expect("a grant has a body");
    body["holderName"] = json!("\u{202e} 見本\u{0}商\u{2066}店\u{7f}\r\n本店 ");
    let granted = right.ask(&client, grant).send().ok();
    assert_eq!(granted["holderName"], "見本商店 本店");

    let end = stage.operation("endLicence");
    let mut right = stage.right(end);
    right.body.as_mut().expect("an end has a body")["reason"] = json!("\u{0}理由\u{0}\n続き\u{1b}[31m");
    right.ask(&client, end).send().ok();

    let submit = stage.operation("submitApplication");
    let mut right = stage.right(submit);
    right.body.as_mut().expect("a declaration")["service"]["name"] = json!("お助け\u{0}サービス\u{202d}");
    let submitted = right.ask(&client, submit).send().ok();
    assert_eq!(submitted["declaration"]["service"]["name"], "お助けサービス");

    // A text of nothing else is empty.
    let withdraw = stage.operation("withdrawApplication");
    let mut right = stage.right(withdraw);
    right.body = Some(json!({ "reason": " \u{0}\u{200e}\u{feff}\n" }));
    let refusal = stage.refused(withdraw, || right.ask(&client, withdraw));
    assert_eq!((refusal.status, &refusal.names("/reason")["code"]), (422, &json!("minLength")));
}
