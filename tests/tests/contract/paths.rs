//! Addresses and queries that are wrong, and methods that an address does not know.

use serde_json::Value;
use tests::raw;

use crate::operations::Operation;
use crate::refusal::Refusal;
use crate::stage::Stage;

/// What no id can be. Most would do harm to somebody who pasted them into SQL, a file name or a page.
pub const NO_IDS: [&str; 14] = [
    "x",
    "0",
    "-1",
    "%00",
    "A%00B",
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "'%20OR%20'1'='1",
    "%22%3E%3Cscript%3E",
    "%E7%94%B3%E8%AB%8B",
    "99999999999999999999999999",
    "A-9999-99999",
    "%F0%9F%92%A9",
];

/// Every operation.
pub fn sweep(stage: &Stage) {
    for operation in &stage.operations {
        path_parameters(stage, operation);
        query_parameters(stage, operation);
        words(stage, operation);
        methods(stage, operation);
    }
    nothing_there(stage);
}

/// An address with an id that is nobody's: not found, whatever it looks like. A code always has an answer.
fn path_parameters(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let right = stage.right(operation);
    let template: Vec<&str> = operation.path.split('/').skip(1).collect();
    let long = "9".repeat(5_000);
    for (place, part) in template.iter().enumerate().filter(|(_, part)| part.starts_with('{')) {
        for wrong in NO_IDS.into_iter().chain([long.as_str()]) {
            if (*part, wrong) == ("{index}", "0") {
                continue;
            }
            let mut parts: Vec<&str> = right.path.split('/').collect();
            parts[3 + place] = wrong;
            let mut spoiled = stage.right(operation);
            spoiled.path = parts.join("/");
            // What is no text at all is no code either.
            if operation.id == "verifyMark" && wrong != "%ff%fe" {
                let answer = spoiled.ask(&client, operation).send().ok();
                assert_eq!(answer["answer"], "not_ours", "{wrong}");
                continue;
            }
            let refusal = stage.refused(operation, || spoiled.ask(&client, operation));
            let is_day = *part == "{day}" && wrong != "%ff%fe";
            let expected = if is_day { (422, "invalid") } else { (404, "not_found") };
            assert_eq!((refusal.status, refusal.code.as_str()), expected, "{}", spoiled.path);
            if is_day {
                refusal.names("/day");
            }
        }
    }
}

/// The path with this parameter, in place of one of that name.
fn asking(path: &str, name: &str, value: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let others = query.split('&').filter(|one| !one.is_empty() && one.split('=').next() != Some(name));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("{name}={value}")]).collect();
    format!("{path}?{}", query.join("&"))
}

/// A query that its schema does not take.
fn query_parameters(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    for parameter in operation.parameters("query") {
        let name = parameter["name"].as_str().expect("a parameter has a name");
        let schema = followed(&parameter["schema"], stage);
        for wrong in wrong_values(name, &schema).into_iter().filter(|wrong| !is_right(&operation.id, name, wrong)) {
            let mut spoiled = stage.right(operation);
            spoiled.path = asking(&spoiled.path, name, &wrong);
            let refusal = stage.refused(operation, || spoiled.ask(&client, operation));
            assert_eq!((refusal.status, refusal.code.as_str()), (422, "invalid"), "{}", spoiled.path);
            let fault = refusal.names(&format!("/{name}"));
            assert!(wrong.is_empty() || !fault["read"].as_str().unwrap_or_default().is_empty(), "{fault}");
        }
    }
}

/// Whatever words are looked for, it is a question: found or not, or not understood.
fn words(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    for parameter in operation.parameters("query").filter(|parameter| parameter["schema"]["type"] == "string") {
        let name = parameter["name"].as_str().expect("a parameter has a name");
        for word in ["%00", "a%00b", "%25", "_", "%27%20OR%201%3D1", "%E2%80%AE", "%F0%9F%92%A9", "%5C"] {
            let mut asked = stage.right(operation);
            asked.path = asking(&asked.path, name, word);
            let answer = asked.ask(&client, operation).send();
            // The name of a file that is there already.
            let is_right =
                answer.status == 201 && ["uploadEvidence", "importLicences"].contains(&operation.id.as_str());
            assert!(is_right || matches!(answer.status, 200 | 422), "{}", answer.told());
        }
    }
}

fn followed(schema: &Value, stage: &Stage) -> Value {
    let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) else { return schema.clone() };
    let document = stage.client().get("/api/v1/openapi.json").send().ok();
    document["components"]["schemas"][name].clone()
}

/// The trail is looked through before any line and for any word.
fn is_right(operation: &str, name: &str, value: &str) -> bool {
    let is_number = name == "before" || name == "limit" && value == "201";
    operation == "searchTrail" && is_number && value.parse::<i64>().is_ok()
}

fn wrong_values(name: &str, schema: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    if !schema["enum"].is_null() {
        wrong.extend(["nonsense", "VALID", "%00", "%ff", "", "valid,suspended"].map(str::to_owned));
    }
    if schema["type"] == "integer" {
        wrong.extend(["x", "-1", "1.5", "1e1", "0", "201", "99999999999999999999", "", "%EF%BC%91"].map(str::to_owned));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        wrong.push("9".repeat(most as usize + 1));
        wrong.push("%E3%81%82".repeat(most as usize + 1));
    }
    match name {
        "on" | "from" | "until" => {
            wrong.extend(["2026-13-01", "2026-02-30", "20260401", "tomorrow", "%00"].map(str::to_owned))
        }
        "after" => wrong.extend(["%00", "%E3%81%82", "a%20b"].map(str::to_owned)),
        _ => {}
    }
    wrong
}

/// Another method is refused, with the ones there are; HEAD is GET without its body.
fn methods(stage: &Stage, operation: &Operation) {
    let right = stage.right(operation);
    let here =
        |method: &str| stage.operations.iter().any(|other| other.path == operation.path && other.method == method);
    let own = right.lines();
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "HEAD"] {
        if here(method) {
            continue;
        }
        // Reading may be for others than writing.
        let reading = stage.operations.iter().find(|other| other.path == operation.path && other.method == "GET");
        let reading = reading.filter(|_| method == "HEAD").map(|reading| stage.right(reading).lines());
        let lines = reading.as_ref().unwrap_or(&own).iter().map(|line| line.as_bytes());
        let lines: Vec<&[u8]> = lines.chain([&b"Content-Length: 0"[..]]).collect();
        let request = raw::request(method, &right.path, &lines, b"");
        let (status, header, body) = raw::send(stage.server.port(), &request);
        if method == "HEAD" {
            let expected = if here("GET") { 200 } else { 405 };
            assert_eq!((status, body.len()), (expected, 0), "HEAD {}", right.path);
            continue;
        }
        let refusal = Refusal::of(status, &body);
        assert_eq!((status, refusal.code.as_str()), (405, "method_not_allowed"), "{method} {}", right.path);
        let allow = header
            .lines()
            .find_map(|line| line.strip_prefix("allow: "))
            .unwrap_or_else(|| panic!("no Allow: {header}"));
        for known in ["GET", "POST", "PUT"] {
            assert_eq!(
                allow.split(", ").any(|word| word == known.to_lowercase()),
                here(known),
                "{} {allow}",
                right.path
            );
        }
    }
}

/// Addresses below the API with nothing there.
fn nothing_there(stage: &Stage) {
    let client = stage.client();
    for path in [
        "/api/v1/nothing",
        "/api/v2/registrations",
        "/api/",
        "/api/v1/registrations/a/b/c",
        "/log/nothing",
        "/health/x",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            for (language, is_english) in [("", false), ("en", true)] {
                let answer =
                    client.ask(method, path).header("accept-language", language).header("accept", "text/html").send();
                let refusal = Refusal::read(&answer, is_english);
                assert_eq!((refusal.status, refusal.code.as_str()), (404, "not_found"), "{method} {path}");
            }
        }
    }
}
