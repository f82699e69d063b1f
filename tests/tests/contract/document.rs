//! The OpenAPI document itself.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;
use tests::{Cast, Client, Database, Register, Server};

use crate::operations::read;

fn served() -> (Server, Client) {
    let server = Register::at(Database::sqlite(), "https://otasuketai.example").serve();
    let client = server.client();
    (server, client)
}

/// `schemas/openapi.json` is the served document. Where a change is meant:
/// `BLESS=1 cargo test -p tests --test contract document`.
#[test]
fn the_served_document_is_the_blessed_one() {
    let (_server, client) = served();
    let answer = client.get("/api/v1/openapi.json").send();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/openapi.json");
    if env::var_os("BLESS").is_some() {
        fs::write(&file, answer.text()).expect("the schemas can be written");
    }
    let blessed = fs::read_to_string(&file).unwrap_or_default();
    let differs =
        blessed.lines().zip(answer.text().lines()).enumerate().find(|(_, (blessed, served))| blessed != served);
    assert_eq!(differs, None, "schemas/openapi.json is another document; bless it with BLESS=1 if the change is meant");
    assert_eq!(blessed, answer.text());
}

/// Whoever reads it learns of each operation what it does, what it takes and what it may answer.
#[test]
fn every_operation_is_described() {
    let (_server, client) = served();
    let document = client.get("/api/v1/openapi.json").send().ok();
    assert_eq!(document["servers"][0]["url"], "https://otasuketai.example/api/v1");
    let mut ids = BTreeSet::new();
    for operation in read(&client) {
        let told = &operation.document;
        let id = &operation.id;
        assert!(ids.insert(id.clone()), "{id} is there twice");
        let summary = told["summary"].as_str().unwrap_or_default();
        assert!((5..80).contains(&summary.len()), "{id}: {summary:?}");
        assert_eq!(told["tags"].as_array().map(Vec::len), Some(1), "{id}");
        for parameter in told["parameters"].as_array().into_iter().flatten() {
            let has_words = !parameter["schema"]["$ref"].is_null();
            let shown = !parameter["example"].is_null() || parameter["schema"]["type"] == "integer";
            assert!(has_words || shown, "{id}: no example of {}", parameter["name"]);
        }
        if let Some(body) = &operation.body {
            let media = &told["requestBody"]["content"]["application/json"];
            assert!(!media["example"].is_null(), "{id}: no example of its body");
            assert!(body["additionalProperties"] == false || !body["externalDocs"]["url"].is_null(), "{id}: {body}");
        }
        for (status, response) in told["responses"].as_object().expect("an operation has answers") {
            if status.as_str() >= "400" {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{id} {status}");
            }
        }
        let all: BTreeSet<&str> =
            told["responses"].as_object().into_iter().flatten().map(|(status, _)| &status[..]).collect();
        for (condition, status) in [
            (operation.is_signed_in(), "401"),
            (operation.is_signed_in(), "403"),
            (operation.path.contains('{'), "404"),
            (!told["requestBody"].is_null(), "400"),
            (!told["requestBody"].is_null(), "415"),
            (!operation.is_read(), "413"),
            (operation.takes("If-Match"), "412"),
            (operation.takes("If-Match"), "428"),
            (true, "431"),
        ] {
            assert_eq!(all.contains(status), condition, "{id} {status}: {all:?}");
        }
    }
}

/// The reference page and its files are there whole: it runs under the policy of every other page.
#[test]
fn the_reference_page_has_its_files() {
    let (_server, client) = served();
    for method in ["PUT", "DELETE"] {
        assert_eq!(client.ask(method, "/api/v1/openapi.json").send().status, 405, "{method}");
    }
    let page = client.get("/api/v1/docs").send();
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("script-src 'self';"), "nothing inline runs");
    assert!(!page.text().contains("<style") && !page.text().contains("<script>"), "nothing inline is there");
    for (file, kind, least, holds) in [
        ("swagger-ui.js", "text/javascript; charset=utf-8", 500_000, "SwaggerUIBundle"),
        ("swagger-ui.css", "text/css; charset=utf-8", 50_000, ".swagger-ui"),
        ("start.js", "text/javascript; charset=utf-8", 20, "/api/v1/openapi.json"),
    ] {
        assert!(page.text().contains(&format!("\"/api/v1/docs/{file}\"")), "{file}");
        let answer = client.get(&format!("/api/v1/docs/{file}")).send();
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{file}");
        assert!(answer.body.len() >= least && answer.text().contains(holds), "{file}: {} bytes", answer.body.len());
    }
}

/// Each example of a body is understood: nobody is refused for what they sent, and somebody is not for who they are.
#[test]
fn examples_are_understood() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let client = server.client();
    let Cast { provider, secretariat, examiners, decision_maker, auditor, operator, .. } = &cast;
    for operation in read(&client).iter().filter(|operation| operation.body.is_some()) {
        let example = &operation.document["requestBody"]["content"]["application/json"]["example"];
        let path =
            operation.path.split('/').map(|part| example_of(&operation.document, part)).collect::<Vec<_>>().join("/");
        let statuses = [provider, secretariat, &examiners[0], decision_maker, auditor, operator].map(|person| {
            let by = client.signed_in(person);
            let answer = by.ask(&operation.method, &format!("/api/v1{path}")).on_version(1).json(example).send();
            assert!(matches!(answer.status, 200 | 201 | 403 | 404 | 409 | 412), "{}", answer.told());
            answer.status
        });
        assert!(statuses.iter().any(|status| *status != 403), "{}: nobody may send it", operation.id);
    }
}

/// The example of the parameter in braces, or the part itself.
fn example_of(operation: &Value, part: &str) -> String {
    let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { return part.to_owned() };
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameter = parameters.into_iter().find(|parameter| parameter["name"] == name).expect("it is described");
    parameter["example"].as_str().expect("it has an example").to_owned()
}
