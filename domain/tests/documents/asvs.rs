//! `docs/asvs.csv`: OWASP ASVS 5.0.0, every requirement of levels 1 and 2, and what answers it.

use std::collections::{BTreeMap, BTreeSet};

use super::chapters;
use super::named::Named;
use crate::read;

/// Each section with the level of each of its requirements in order: V1.1.1 and V1.1.2 are of level 2. As in the
/// standard's own table, 5.0.0 of 30 May 2025: 70 of level 1, 183 of level 2, 92 of level 3.
const SECTIONS: &str = "
    V1.1 22            V1.2 1111122223    V1.3 112222222223   V1.4 222      V1.5 123
    V2.1 122           V2.2 112           V2.3 12223          V2.4 23
    V3.1 3             V3.2 113           V3.3 12223          V3.4 11222233 V3.5 11122333
    V3.6 3             V3.7 22333
    V4.1 12233         V4.2 23333         V4.3 22             V4.4 1222
    V5.1 2             V5.2 112333        V5.3 113            V5.4 222
    V6.1 122           V6.2 111111112222  V6.3 11223333       V6.4 112233   V6.5 22222333
    V6.6 2223          V6.7 33            V6.8 2222
    V7.1 222           V7.2 1111          V7.3 22             V7.4 11222    V7.5 223      V7.6 22
    V8.1 1233          V8.2 1123          V8.3 133            V8.4 23
    V9.1 111           V9.2 1222
    V10.1 22           V10.2 223          V10.3 22223         V10.4 1111122222233333
    V10.5 22222        V10.6 22           V10.7 222
    V11.1 2233         V11.2 22233        V11.3 11233         V11.4 1222    V11.5 23
    V11.6 23           V11.7 33
    V12.1 12233        V12.2 11           V12.3 22223
    V13.1 2333         V13.2 222223       V13.3 2233          V13.4 1222233
    V14.1 22           V14.2 12223333     V14.3 122
    V15.1 12233        V15.2 12233        V15.3 1222222       V15.4 3333
    V16.1 2            V16.2 22222        V16.3 2222          V16.4 222     V16.5 2223
    V17.1 23           V17.2 22223333     V17.3 22
";

/// Sections about the documents themselves: a chapter answers them.
const ABOUT_DOCUMENTS: [&str; 10] =
    ["V2.1", "V5.1", "V6.1", "V7.1", "V8.1", "V11.1", "V13.1", "V14.1", "V15.1", "V16.1"];

/// What is not shown yet. These numbers only go down: whoever writes a planned test turns its rows into `pass`.
const PLANNED: usize = 0;
const OPEN: usize = 1;

struct Row {
    id: String,
    level: char,
    requirement: String,
    verdict: String,
    evidence: String,
}

fn rows() -> Vec<Row> {
    let text = read("docs/asvs.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,level,requirement,verdict,evidence"));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells = cells(line);
    let [id, level, requirement, verdict, evidence] = &cells[..] else { panic!("five cells: {line}") };
    let level = level.chars().next().unwrap_or_default();
    let [id, requirement, verdict, evidence] = [id, requirement, verdict, evidence].map(String::clone);
    Row { id, level, requirement, verdict, evidence }
}

/// One line of CSV (RFC 4180); no cell holds a line end.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(one) = chars.next() {
        match one {
            '"' if is_quoted && chars.peek() == Some(&'"') => cells.last_mut().expect("one").extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut().expect("one").push(other),
        }
    }
    assert!(!is_quoted, "a quotation does not end: {line}");
    cells
}

/// Every requirement with its level.
fn wanted() -> BTreeMap<String, char> {
    let words: Vec<&str> = SECTIONS.split_whitespace().collect();
    let sections = words.chunks(2).flat_map(|pair| {
        let numbered = pair[1].chars().enumerate();
        numbered.map(|(index, level)| (format!("{}.{}", pair[0], index + 1), level))
    });
    sections.collect()
}

#[test]
fn the_list_is_the_standards() {
    let levels: Vec<char> = wanted().into_values().collect();
    let count = |level| levels.iter().filter(|one| **one == level).count();
    assert_eq!(['1', '2', '3'].map(count), [70, 183, 92]);
}

#[test]
fn every_requirement_of_levels_1_and_2_is_answered_once() {
    let wanted: BTreeMap<String, char> = wanted().into_iter().filter(|(_, level)| *level < '3').collect();
    let mut seen = BTreeSet::new();
    for Row { id, level, requirement, .. } in rows() {
        assert_eq!(wanted.get(&id), Some(&level), "{id}");
        let words = requirement.split_whitespace().count();
        assert!((2..=15).contains(&words), "{id}: {words} words: {requirement}");
        assert!(seen.insert(id.clone()), "{id} stands twice");
    }
    let missing: Vec<_> = wanted.keys().filter(|id| !seen.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_verdict_has_what_it_needs() {
    let mut wrong = Vec::new();
    for Row { id, verdict, evidence, .. } in rows() {
        let named = Named::all(&evidence);
        let section = id.rsplit_once('.').expect("an id has parts").0;
        let chapters: Vec<&str> = evidence.split_whitespace().filter(|word| word.starts_with("docs/")).collect();
        let lost = chapters.iter().find(|link| !chapters::is_there(link.trim_matches(['.', ';', ','])));
        if let Some(lost) = lost {
            wrong.push(format!("{id}: no chapter {lost}"));
        }
        let is_right = match verdict.as_str() {
            "pass" => !named.is_empty() || !chapters.is_empty() && ABOUT_DOCUMENTS.contains(&section),
            "n/a" | "open" => evidence.split_whitespace().count() >= 3,
            "planned" => named.iter().any(|name| !name.is_there()),
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{id}: {verdict}: {evidence}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_becomes_less() {
    let rows = rows();
    let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count();
    assert_eq!((count("planned"), count("open")), (PLANNED, OPEN), "lower the numbers here, never raise them");
}

#[test]
fn cells_are_read_as_rfc_4180_says() {
    assert_eq!(cells("a,\"b, c\",\"d \"\"e\"\"\","), ["a", "b, c", "d \"e\"", ""]);
}
