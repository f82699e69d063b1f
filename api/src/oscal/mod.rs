//! OSCAL (NIST): editions as catalogs, records as assessment results, for programs that read no other form.
//!
//! What stands for what is written in `docs/oscal.md`. Every UUID is made from the register's address and the name of
//! the thing (UUIDv5), so that the same thing has the same one whenever it is asked for.

mod catalog;
mod results;

use domain::criteria::CriterionId;
use domain::declaration::Class;
use serde_json::{Value, json};
use uuid::Uuid;

pub use catalog::catalog;
pub use results::results;

use crate::config::BaseUrl;

/// The version of the models.
const VERSION: &str = "1.2.1";

/// Names of the properties that are this register's own.
fn namespace(base: &BaseUrl) -> String {
    base.join("/oscal")
}

/// The UUID of something of this register, by its name.
fn uuid(base: &BaseUrl, name: &str) -> String {
    let of_register = Uuid::new_v5(&Uuid::NAMESPACE_URL, namespace(base).as_bytes());
    Uuid::new_v5(&of_register, name.as_bytes()).to_string()
}

/// A criterion's word: `help_desk`.
fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

/// A criterion's control within its edition's catalog.
fn control_id(class: Class, criterion: CriterionId) -> String {
    format!("class-{}.{}", u8::from(class), word(criterion))
}

/// What a finding about it aims at.
fn objective_id(class: Class, criterion: CriterionId) -> String {
    format!("{}_obj", control_id(class, criterion))
}

/// A property of our own. Values are one line and never empty.
fn property(base: &BaseUrl, name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": namespace(base), "value": value })
}
