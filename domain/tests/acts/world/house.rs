//! Keys and editions of this world.

use super::*;

pub fn key_id(id: &str) -> KeyId {
    id.parse().expect("a key's id")
}

/// A key for licences, made by the machine's operator, who has no organisation to name at the command line.
pub fn key(id: &str, is_next: bool, made: &str) -> (SigningKey, Act) {
    let alone = Caller { organisation: None, ..caller(&operator()) };
    SigningKey::create(key_id(id), "licence", DIGEST.to_owned(), is_next, &alone, at(made))
}

/// The key that is to follow the register's first.
pub fn next_key() -> SigningKey {
    key("05060708", true, SUBMITTED).0
}

/// A whole edition with one criterion, in force from this day; `title` tells one file from another.
pub fn edition_file(id: &str, replaces: Option<&str>, from: &str, title: &str) -> String {
    let replaces = replaces.map_or(String::new(), |id| format!("replaces = \"{id}\"\n"));
    format!(
        r#"edition = "{id}"
{replaces}title = {{ ja = "{title}", en = "{title}" }}
in_force_from = "{from}"
day_precision = "day"
standing = "official"
source = "made_up"

[sources.made_up]
source = {{ ja = "例示", en = "made up" }}
url = "https://example.jp/criteria"
last_read = "2026-05-01"

[[class]]
class = 1
standing = "official"
kinds = ["network"]

[[class.criterion]]
id = "simplicity"
kinds = ["network"]
clause = {{ ja = "要件1", en = "Requirement 1" }}
wording = {{ ja = "簡単であること", en = "Simple." }}
source = "made_up"
standing = "official"
decided_by = "examiner"
judgement = {{ reason = true, evidence = false, may_overrule = true }}
"#
    )
}

/// Edition 1.0, in force since April.
pub fn editions() -> Editions {
    Editions::read(&[("1.0.toml", &edition_file("1.0", None, "2026-04-01", "はじめの版"))]).expect("one edition")
}

/// The record of edition 1.0, with which the register began, and the act.
pub fn first_edition() -> (PublishedEdition, Act) {
    let alone = Caller { organisation: None, ..caller(&operator()) };
    PublishedEdition::begin_with(editions().find("1.0").expect("it is there"), &alone, at(SUBMITTED))
}

/// Edition 1.1, from next spring.
pub fn new_edition() -> String {
    edition_file("1.1", Some("1.0"), "2027-04-01", "次の版")
}

/// Edition 1.0 without its mistake.
pub fn correction() -> String {
    edition_file("1.0", None, "2026-04-01", "訂正した版")
}
