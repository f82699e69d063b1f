//! As much of a declaration as a draft says.

use serde_json::{Value, json};

use super::{Class, Declaration, Kind};
use crate::yen::LineItem;

/// A declaration on its way: what is said so far, something in place of what is not, and where that is. The engine looks
/// at no place that is [missing](Incomplete::missing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    declaration: Declaration,
    missing: Vec<String>,
}

/// Where everybody has to say something.
fn blank() -> Value {
    let words = "–";
    let watched = json!({
        "hoursPerDay": 0, "daysPerWeek": 0, "detects": false, "notifies": false, "coversPcs": false,
        "coversServers": false, "tool": words, "hasMonitoringService": false, "method": words,
    });
    let mut network = watched.clone();
    for of_endpoints in ["coversPcs", "coversServers"] {
        network.as_object_mut().expect("it was written as one").remove(of_endpoints);
    }
    json!({
        "provider": {
            "tradeName": words, "tradeNameKana": "ア", "prefecture": "13", "postalCode": "1000000", "address": words,
            "telephone": "0300000000",
        },
        "service": {
            "name": words, "nameKana": "ア", "class": 1, "kind": "combined", "summary": words,
            "startedOn": "2021-04-01", "regions": ["13"],
        },
        "helpDesk": {
            "isSingleWindow": false, "coversIntroduction": false, "coversOperation": false, "hours": words,
            "telephone": "0300000000",
        },
        "monitoring": { "network": network, "endpoint": watched },
        "emergencyResponse": { "dispatches": false, "onRequest": false, "termsClause": words },
        "simplicity": { "measures": words },
        "prices": [],
        "contract": {
            "minimumTermMonths": 0, "minimumEndpoints": 0, "conditionsInTerms": false, "termsClause": words,
            "explained": "not_explained",
        },
        "insurance": {
            "isAttached": false, "coversFirstResponse": false, "explainsRemainder": false, "insurer": words,
            "policy": words,
        },
        "package": { "isSingleContract": false },
        "experience": { "tookPartInPilot": false, "description": words },
        "informationSharing": { "undertakesAlertStatistics": false },
        "continuity": { "people": words, "qualityManagement": words, "finances": words, "accounting": words },
        "renewal": { "undertakesExamination": false },
        "consulting": { "timesPerYear": 0, "content": words },
    })
}

/// Where something may be said or left out: nothing is missing there while nothing is said.
const OPTIONAL: [&str; 5] = [
    "/provider/legalEntityNumber",
    "/monitoring/network/maximumEndpoints",
    "/monitoring/endpoint/maximumEndpoints",
    "/package/exception",
    "/experience/providedToSmesSince",
];

/// Does a declaration have something at this JSON Pointer, or may it? Entries of lists are no places of their own.
pub fn is_place(pointer: &str) -> bool {
    let is_named = OPTIONAL.contains(&pointer) || pointer == "/evidence";
    is_named || !pointer.is_empty() && blank().pointer(pointer).is_some()
}

impl Incomplete {
    /// What `said` says: any JSON, read where a declaration has a field. `unread` are places where something stands that
    /// nobody can read, so that it is not taken for nothing.
    pub fn of(said: &Value, unread: &[String]) -> Self {
        let mut document = blank();
        let mut missing = Vec::new();
        for pointer in places(&document).into_iter().chain(OPTIONAL.map(str::to_owned)) {
            let is_optional = OPTIONAL.contains(&pointer.as_str());
            let is_unread = unread.contains(&pointer);
            match said.pointer(&pointer).filter(|value| !value.is_null() && !is_unread) {
                Some(value) => {
                    let before = std::mem::replace(&mut document, Value::Null);
                    let mut with = before.clone();
                    put(&mut with, &pointer, value.clone());
                    if serde_json::from_value::<Declaration>(with.clone()).is_ok() {
                        document = with;
                    } else {
                        document = before;
                        missing.push(pointer);
                    }
                }
                None if is_optional && !is_unread => {}
                None => missing.push(pointer),
            }
        }
        let mut declaration: Declaration =
            serde_json::from_value(document).expect("each place was tried before it was taken");
        let lines = said.pointer("/prices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, line) in lines.iter().enumerate() {
            let place = format!("/prices/{index}");
            let is_unread = unread.iter().any(|unread| unread.starts_with(&format!("{place}/")) || *unread == place);
            let read = serde_json::from_value::<LineItem>(line.clone()).ok().filter(|_| !is_unread);
            declaration.prices.push(read.unwrap_or_else(|| {
                missing.push(place);
                nothing()
            }));
        }
        if lines.is_empty() {
            missing.push("/prices".to_owned());
        }
        Self { declaration, missing }.without_what_is_not_asked()
    }

    /// What the service's kind and class have no part in is not missing.
    fn without_what_is_not_asked(mut self) -> Self {
        let of = |pointer: &str, section: &str| {
            pointer.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut not_asked: Vec<&str> = Vec::new();
        if self.kind() == Some(Kind::Network) {
            not_asked.extend(["/monitoring/endpoint", "/contract/minimumEndpoints"]);
            self.declaration.monitoring.endpoint = None;
            self.declaration.contract.minimum_endpoints = None;
        }
        if self.kind() == Some(Kind::Endpoint) {
            not_asked.push("/monitoring/network");
            self.declaration.monitoring.network = None;
        }
        if self.class() == Some(Class::One) {
            not_asked.push("/consulting");
            self.declaration.consulting = None;
        }
        self.missing.retain(|missing| !not_asked.iter().any(|section| of(missing, section)));
        self
    }

    /// The class, once it is said.
    pub fn class(&self) -> Option<Class> {
        self.says("/service/class").then_some(self.declaration.service.class)
    }

    /// The kind, once it is said.
    pub fn kind(&self) -> Option<Kind> {
        self.says("/service/kind").then_some(self.declaration.service.kind)
    }

    /// Where nothing is said yet that can be read.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// With something in each place that is missing.
    pub(crate) fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn says(&self, pointer: &str) -> bool {
        !self.missing.iter().any(|missing| missing == pointer)
    }
}

/// A price that nobody asks for.
fn nothing() -> LineItem {
    let amount = json!({ "yen": 0, "tax": "excluded" });
    let line = json!({ "label": "–", "charge": "optional", "audience": "anyone", "amount": amount });
    serde_json::from_value(line).expect("it is a line of a price list")
}

/// The pointers of everything in a document that holds nothing else; lists count as one, but for the prices.
fn places(document: &Value) -> Vec<String> {
    fn below(value: &Value, pointer: &str, all: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| below(value, &format!("{pointer}/{name}"), all));
            }
            _ if pointer == "/prices" => {}
            _ => all.push(pointer.to_owned()),
        }
    }
    let mut all = Vec::new();
    below(document, "", &mut all);
    all
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (section, name) = pointer.rsplit_once('/').expect("a place is below the declaration");
    let section = document.pointer_mut(section).and_then(Value::as_object_mut);
    section.expect("every section is in the blank").insert(name.to_owned(), value);
}
