//! What the documents promise, a test shows: every test that `docs/` names is there, and OWASP's list is answered whole.
#![expect(clippy::disallowed_methods, reason = "documents are files; only the scheme itself does without")]

#[path = "documents/asvs.rs"]
mod asvs;
#[path = "documents/chapters.rs"]
mod chapters;
#[path = "documents/named.rs"]
mod named;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
