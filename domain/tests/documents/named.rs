//! A test's name in a document, such as `tests/tests/journey/limits.rs::too_many_requests`, and the test itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::{read, root};

/// A test as a document names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub file: String,
    pub function: String,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.file, self.function)
    }
}

impl Named {
    /// The test that a word names, if it names one.
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim_matches(['`', ',', '.', ':']);
        let (file, function) = word.split_once(".rs::")?;
        Some(Self { file: format!("{file}.rs"), function: function.to_owned() })
    }

    /// Every test named in a text.
    pub fn all(text: &str) -> Vec<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.' | ':' | '-');
        text.split(|c| !is_name(c)).filter_map(Self::read).collect()
    }

    /// Is it there, and a test?
    pub fn is_there(&self) -> bool {
        root().join(&self.file).is_file() && tests_in(&read(&self.file)).contains(self.function.as_str())
    }
}

/// The tests of a Rust file: functions under `#[test]` or `#[tokio::test]`, and those handed to `on_both!`, which makes
/// two tests of each.
pub fn tests_in(source: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let lines: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    for (index, _) in lines.iter().enumerate().filter(|(_, line)| is_marker(line)) {
        let behind = lines[index + 1..].iter().find(|line| !line.starts_with("#["));
        found.extend(behind.and_then(|line| function(line)));
    }
    for list in source.split("on_both!(").skip(1) {
        let list = list.split(')').next().unwrap_or_default();
        found.extend(list.split(',').map(str::trim).filter(|name| !name.is_empty()));
    }
    found
}

fn is_marker(line: &str) -> bool {
    line == "#[test]" || line.starts_with("#[tokio::test")
}

/// The name of the function that begins on this line.
fn function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("async ").unwrap_or(rest).strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// Documents that promise something of the program, and the least number of tests that each names.
const DOCUMENTS: [(&str, usize); 3] = [("docs/asvs.csv", 100), ("docs/security.md", 60), ("docs/threat-model.md", 60)];

#[test]
fn every_named_test_is_there() {
    let mut sources: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut missing = Vec::new();
    for (document, least) in DOCUMENTS {
        let text = read(document);
        // What is planned is named as well, and is not there yet.
        let lines = text.lines().filter(|line| !is_plan(document, line));
        let names: Vec<Named> = lines.flat_map(Named::all).collect();
        assert!(names.len() >= least, "{document} names {} tests", names.len());
        for name in names {
            let source = sources.entry(name.file.clone()).or_insert_with(|| {
                let is_there = root().join(&name.file).is_file();
                is_there.then(|| read(&name.file))
            });
            if !source.as_deref().is_some_and(|source| tests_in(source).contains(name.function.as_str())) {
                missing.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "no such test:\n{}", missing.join("\n"));
}

/// A row of the table of requirements that is not answered by a test, or a line that says "planned".
fn is_plan(document: &str, line: &str) -> bool {
    if document.ends_with(".csv") { line.contains(",planned,") } else { line.to_lowercase().contains("planned:") }
}

/// The reader of sources sees what cargo runs, and nothing else.
#[test]
fn a_test_is_known_by_what_marks_it() {
    let source = "
        tests::on_both!(first, second,
            third);
        fn first(database: Database) {}
        #[test]
        #[should_panic]
        fn fourth() {}
        #[tokio::test(flavor = \"multi_thread\")]
        async fn fifth() {}
        // #[test]
        fn helper() {}
        fn another() {}
    ";
    assert_eq!(tests_in(source), ["fifth", "first", "fourth", "second", "third"].into());
    let word = "`tests/tests/races.rs::one_of_two_wins_in_one_process`,";
    let named = Named::read(word).expect("it names one");
    assert_eq!(named.to_string(), "tests/tests/races.rs::one_of_two_wins_in_one_process");
    assert!(named.is_there());
    assert!(!Named { function: "one_of_three_wins".to_owned(), ..named }.is_there());
    assert_eq!(Named::read("`api/src/server/limits.rs`"), None);
}

/// Each danger of the threat model is answered by a test by name.
#[test]
fn every_danger_is_shown_to_be_met() {
    let text = read("docs/threat-model.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| must never happen"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [danger, _, shown] = cells[..] else { panic!("three cells: {row}") };
        assert!(!Named::all(shown).is_empty(), "nothing shows: {danger}");
        count += 1;
    }
    assert!(count > 20, "{count} dangers");
}
