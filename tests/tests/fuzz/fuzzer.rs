//! The fuzzer: its settings, and one run.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tests::Person;

use crate::stage::{Stage, Subject};
use tests::python::programs;

/// How somebody shows who they are.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    Nothing,
    Session(&'a Person),
    ApiKey(&'a Person),
}

/// What a run does beside what is in the settings. `coverage` sends every operation what its schema forbids, field by
/// field: who sends it matters only as far as they are known, so it is done for a few.
#[derive(Clone, Copy, Debug)]
pub enum Phases {
    All,
    WithoutCoverage,
}

/// Fuzzes every operation of the served document; nothing may be found.
pub fn run(stage: &Stage, shown: Shown<'_>, phases: Phases) {
    let document = stage.server.client().get("/api/v1/openapi.json").send().ok();
    let phases: &[&str] = match phases {
        Phases::All => &[],
        Phases::WithoutCoverage => &["--phases", "examples,fuzzing,stateful"],
    };
    if let Err(found) = fuzz(stage, shown, &document, phases) {
        panic!("{found}");
    }
}

/// What is found in the service where this is its document; `more` narrows what is fuzzed.
pub fn fuzz(stage: &Stage, shown: Shown<'_>, document: &Value, more: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let in_folder = |name: &str, text: String| {
        fs::write(folder.path().join(name), text).expect("the folder is ours");
        name.to_owned()
    };
    let settings = in_folder("settings.toml", settings_of(stage, shown));
    let document = in_folder("openapi.json", document.to_string());
    let api = format!("{}/api/v1", stage.server.client().base());
    let run = Command::new(programs().join("schemathesis"))
        .current_dir(folder.path())
        .env("SCHEMATHESIS_HOOKS", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/tidied.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["--config-file", &settings, "run", &document, "--url", &api])
        .args(more)
        .output()
        .expect("it is installed");
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    let is_clean = run.status.success() && said.contains("No issues found");
    if is_clean { Ok(()) } else { Err(said) }
}

fn settings_of(stage: &Stage, shown: Shown<'_>) -> String {
    let mut settings = include_str!("schemathesis.toml").to_owned();
    let today = api::clock::now().day().to_string();
    settings += &dictionary("days", &[&today, "2026-02-29", "0001-01-01", "9999-12-31"]);
    settings += &dictionary("examiners", &stage.cast.examiners.each_ref().map(|examiner| examiner.id.as_str()));
    settings.extend(stage.subjects.iter().map(about));
    settings + &credentials(shown)
}

/// Binds an operation's parameters to what it may be about.
fn about(subject: &Subject) -> String {
    let Subject { operation, parameter, values, version } = subject;
    let bound = |parameter: &str, to: &str| format!("\"{parameter}\" = {{ dictionary = \"{to}\", probability = 0.8 }}");
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let mut words = dictionary(operation, &values);
    let mut bindings = vec![bound(&format!("path.{parameter}"), operation)];
    if let Some(version) = version {
        let versions = format!("{operation}-versions");
        words += &dictionary(&versions, &[&format!("\"{version}\"")]);
        bindings.push(bound("header.If-Match", &versions));
    }
    let bindings = bindings.join(", ");
    format!("{words}\n[[operations]]\ninclude-operation-id = \"{operation}\"\nparameters = {{ {bindings} }}\n")
}

/// JSON's lists of texts are TOML's too.
fn dictionary(name: &str, values: &[&str]) -> String {
    format!("\n[dictionaries.{name}]\nvalues = {}\n", json!(values))
}

fn credentials(shown: Shown<'_>) -> String {
    match shown {
        Shown::Nothing => String::new(),
        Shown::Session(Person { session, csrf, .. }) => format!(
            "\n[auth.openapi.session]\napi_key = \"{session}\"\n\
             \n[headers]\nSec-Fetch-Site = \"same-origin\"\nX-CSRF-Token = \"{csrf}\"\n"
        ),
        Shown::ApiKey(Person { api_key, .. }) => format!("\n[auth.openapi.apiKey]\nbearer = \"{api_key}\"\n"),
    }
}
