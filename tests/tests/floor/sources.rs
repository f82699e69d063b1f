//! The sources, for what is better shown by what is not in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Rust files below a folder, each by its path in the repository, without its tests.
pub fn rust(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder, &mut found);
    assert!(!found.is_empty(), "{folder} holds nothing");
    found
}

fn collect(folder: &Path, path: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{path}: {error}")) {
        let entry = entry.expect("a folder can be read");
        let name = entry.file_name().into_string().expect("our names are ASCII");
        let (place, below) = (entry.path(), format!("{path}/{name}"));
        if place.is_dir() {
            collect(&place, &below, found);
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "every_page.rs" {
            let text = read(&below);
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            found.push((below, code.to_owned()));
        }
    }
}

/// Lines of code, not of comment, that hold one of these.
pub fn holding(folder: &str, words: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, text) in rust(folder) {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word)) {
                lines.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    lines
}

/// The routes of pages that answer to GET, with every parameter written `:`. They are declared as
/// `.at("/address", get(…))` or `.get("/address", …)`.
pub fn page_routes() -> BTreeSet<String> {
    let pages = api::web::rules().into_iter().filter(|route| route.method.as_str() == "GET");
    let parts =
        |path: &str| path.split('/').map(|part| if part.starts_with(':') { ":" } else { part }.to_owned()).collect();
    pages
        .map(|route| {
            let parts: Vec<String> = parts(&route.path);
            parts.join("/")
        })
        .collect()
}
