//! `docs/glossary.md` is about this code: every name in it is there, in the file it says.
#![expect(clippy::disallowed_methods, reason = "documents are files; only the scheme itself does without")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

struct Entry {
    word: String,
    japanese: String,
    code: String,
    file: String,
}

fn entries(root: &Path) -> Vec<Entry> {
    let text = fs::read_to_string(root.join("docs/glossary.md")).expect("the glossary is there");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| word "));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [word, japanese, _, code, file] = cells[..] else { panic!("five cells: {row}") };
        let bare = |cell: &str| cell.trim_matches('`').to_owned();
        Entry { word: word.to_owned(), japanese: japanese.to_owned(), code: bare(code), file: bare(file) }
    })
    .collect()
}

/// `name` as a word of its own.
fn names(source: &str, name: &str) -> bool {
    source.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

#[test]
fn every_word_leads_to_its_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let entries = entries(&root);
    assert!(entries.len() > 50, "the table is read");
    for Entry { word, japanese, code, file } in &entries {
        assert!(!japanese.is_ascii(), "{word} has a Japanese term: {japanese}");
        let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{word}: {file}: {error}"));
        for name in code.split("::") {
            assert!(names(&source, name), "{word}: no {name} in {file}");
        }
    }
}

#[test]
fn every_word_stands_once() {
    let entries = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let mut seen = BTreeSet::new();
    for Entry { word, .. } in &entries {
        assert!(seen.insert(word), "{word} stands twice");
    }
}
