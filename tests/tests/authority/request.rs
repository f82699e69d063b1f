//! One request of the matrix, and what came of it.

use api::account::session::csrf_of;
use api::gate::Rule;
use serde_json::Value;
use tests::Answer;

use crate::actors::{By, Column};
use crate::routes::Row;
use crate::stage::{Stage, Thing};

/// A visit before a sign-in: what stands in its cookie.
const VISIT: &str = "ots_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is sent beside the path. `FRESH` stands for a word that was not there before.
#[derive(Clone, Debug, PartialEq)]
pub enum Sends {
    Nothing,
    Json(Value),
    Form(Vec<(&'static str, String)>),
    /// A file by itself.
    File(&'static [u8]),
}

/// What somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Ok,
    SignedOut,
    Forbidden,
    Hidden,
    /// The form does not offer this visitor what was chosen.
    Unoffered,
}

impl Cell {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::SignedOut => "401",
            Self::Forbidden => "403",
            Self::Hidden => "404",
            Self::Unoffered => "422",
        }
    }
}

/// Asks; what is changed by it is made anew for the next.
pub fn ask(stage: &Stage, row: &Row, column: &Column) -> Cell {
    let thing = stage.thing(row.kind, column);
    let answer = send(stage, row, column, &thing);
    let cell = read(row, column, &answer);
    // Behind a rule nothing is for everybody: neither the browser nor anything on the way keeps it.
    let is_public = matches!(row.rule, Rule::Public | Rule::Entrance);
    let kept = answer.header("cache-control");
    assert!(is_public || kept == "no-store", "{row}, {}: cache-control: {kept}", column.name);
    if row.method != "GET" && (200..400).contains(&answer.status) {
        stage.forget(row.kind);
    }
    cell
}

fn send(stage: &Stage, row: &Row, column: &Column, thing: &Thing) -> Answer {
    let client = match &thing.session {
        Some(other) if row.uses_other_session => stage.client().signed_in(other),
        _ => column.client(&stage.client()),
    };
    let path = row.path_to(thing);
    let mut ask = client.ask(&row.method, &path);
    if !matches!(column.by, By::Session(_)) {
        ask = ask.header("sec-fetch-site", "same-origin");
    }
    match &row.sends {
        Sends::Nothing => thing.version.map_or(ask.clone(), |version| ask.on_version(version)).send(),
        Sends::Json(body) => {
            let body = body.to_string().replace("FRESH", &stage.fresh());
            let ask = ask.body("application/json", body);
            thing.version.map_or(ask.clone(), |version| ask.on_version(version)).send()
        }
        Sends::File(bytes) => ask.body("application/octet-stream", *bytes).send(),
        Sends::Form(fields) => {
            let version = thing.version.map(|version| ("version", version.to_string()));
            let token = match (row.rule, &column.by) {
                (Rule::Entrance, _) => Some(csrf_of(VISIT)),
                // Nothing was rendered for a key.
                (_, By::Key(_)) => Some(String::new()),
                _ => None,
            };
            let cookie = format!("__Host-visit={VISIT}");
            // Of two fields of one name the first counts; behind these stands the session's own token.
            let token = token.map(|token| ("csrf", token));
            let mut fields: Vec<_> = token.into_iter().chain(fields.clone()).chain(version).collect();
            fields.iter_mut().filter(|(_, value)| value == "FRESH").for_each(|(_, value)| *value = stage.fresh());
            // A field may name the thing as a path does.
            let named =
                |value: &mut String| thing.names.get(value.as_str()).into_iter().for_each(|name| *value = name.clone());
            fields.iter_mut().for_each(|(_, value)| named(value));
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            ask.header("cookie", &cookie).form(&fields).send()
        }
    }
}

fn read(row: &Row, column: &Column, answer: &Answer) -> Cell {
    match answer.status {
        // Should a page lead to the sign-in one day, it is the same.
        303 if answer.header("location").starts_with("/sign-in") => Cell::SignedOut,
        200..400 => Cell::Ok,
        401 => Cell::SignedOut,
        403 => Cell::Forbidden,
        404 => Cell::Hidden,
        400..500 if row.stops_short => Cell::Ok,
        422 if row.offers && answer.text().contains("示された中から選んでください。") => Cell::Unoffered,
        _ => panic!("{row}, {}: what is prepared for it does not go well: {}", column.name, answer.told()),
    }
}
