//! What a refusal must look like.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;
use tests::Answer;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("../../../schemas/problem.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).expect("a schema is JSON")).expect("it is a schema")
});

/// A problem document as the schema has it, in the language that was asked for.
#[derive(Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub document: Value,
}

impl Refusal {
    /// Reads an answer that must be a refusal by the caller's fault.
    #[track_caller]
    pub fn read(answer: &Answer, is_english: bool) -> Self {
        let told = answer.told();
        assert!((400..500).contains(&answer.status), "not refused: {told}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{told}");
        assert_eq!(answer.header("cache-control"), "no-store", "{told}");
        assert_eq!(answer.header("content-language"), if is_english { "en" } else { "ja" }, "{told}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 0, "{told}");
        let refusal = Self::of(answer.status, &answer.body);
        let title = refusal.document["title"].as_str().unwrap_or_default();
        assert_eq!(title.is_ascii(), is_english, "{told}");
        assert_eq!(answer.status == 401, answer.header("www-authenticate") == "Bearer", "{told}");
        refusal
    }

    /// Reads a document.
    #[track_caller]
    pub fn of(status: u16, body: &[u8]) -> Self {
        let told = String::from_utf8_lossy(body);
        let document: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{status} {error}: {told}"));
        let faults: Vec<String> = SCHEMA.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}: {told}");
        assert_eq!(document["status"], status, "{told}");
        let code = document["code"].as_str().expect("the schema asks for it").to_owned();
        assert_eq!(document["type"], format!("urn:otasuketai:problem:{code}"));
        Self { status, code, document }
    }

    /// The faults, field by field.
    pub fn faults(&self) -> &[Value] {
        self.document["errors"].as_array().map_or(&[], Vec::as_slice)
    }

    /// One of the faults is at this place.
    #[track_caller]
    pub fn names(&self, pointer: &str) -> &Value {
        let found = self.faults().iter().find(|fault| fault["pointer"] == pointer);
        found.unwrap_or_else(|| panic!("{pointer} is not named: {}", self.document))
    }
}
