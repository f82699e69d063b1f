//! The table: written, read, and compared.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use tests::staff::in_process;
use tests::{Database, Register};

use crate::actors::NAMES;
use crate::derived;
use crate::request::ask;
use crate::routes::{Row, rows};
use crate::stage::{Stage, routes};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/matrix.txt");

const HEAD: &str = "\
# Who gets in where. One line a route (several where the answer depends on what it is asked about), one column for
# whoever asks. Written by `BLESS=1 cargo test -p tests --test authority`; a second test derives every cell from
# domain/src/authority/table.txt.
#
# ok   not refused for who they are      401  sign in first
# 403  this visitor may not do it        404  for this visitor there is no such thing
# 422  the form offers this visitor no such choice
#
# All things are the organisation's of provider, member, agent and both keys; stranger is another provider, user holds
# the user's licence, examiner is one of the case's two examiners. key_write has every scope, key_read those that read.
# Proposals were made by somebody else. Everybody signed in a moment ago.
";

/// Every cell of a row, in the columns' order.
type Cells = Vec<String>;

/// Asks for every cell; a route without a row, or a row without a route, is told apart from a cell that differs.
#[test]
fn every_cell_is_what_the_table_says() {
    let stage = Stage::set();
    let rows = rows(&stage.routes, &stage.cast);
    assert_distinct(&rows);
    let found: Vec<(Row, Cells)> = rows.into_iter().map(|row| (row.clone(), asked(&stage, &row))).collect();
    let written = write(&found);
    if is_blessing() {
        fs::write(FILE, &written).expect("the tests can be written");
    }
    let blessed = read();
    let found: BTreeMap<String, Cells> = found.into_iter().map(|(row, cells)| (row.to_string(), cells)).collect();
    assert_same_rows(&blessed, found.keys());
    let wrong: Vec<String> =
        found.iter().flat_map(|(row, cells)| differences(row, &blessed[row], cells, "is answered")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(fs::read_to_string(FILE).unwrap_or_default(), written, "only the layout or a rule differs: bless it");
}

fn asked(stage: &Stage, row: &Row) -> Cells {
    stage.columns.iter().map(|column| ask(stage, row, column).as_str().to_owned()).collect()
}

/// The table as a person blessed it follows from the domain's. While it is being written, there is nothing to compare.
#[test]
fn the_table_follows_from_the_domains() {
    if is_blessing() {
        return;
    }
    let (register, cast) = Register::staffed(Database::sqlite());
    let routes = in_process(&register, async |registry| routes(registry));
    let rows = rows(&routes, &cast);
    let blessed = read();
    assert_same_rows(&blessed, rows.iter().map(ToString::to_string).collect::<Vec<_>>().iter());
    let derived = |row: &Row| -> Cells { NAMES.map(|name| derived::cell(row, name).as_str().to_owned()).to_vec() };
    let wrong: Vec<String> = rows
        .iter()
        .flat_map(|row| differences(&row.to_string(), &blessed[&row.to_string()], &derived(row), "must be"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_blessing() -> bool {
    env::var_os("BLESS").is_some()
}

fn assert_distinct(rows: &[Row]) {
    let names: BTreeMap<String, ()> = rows.iter().map(|row| (row.to_string(), ())).collect();
    assert_eq!(names.len(), rows.len(), "two rows have one name");
}

#[track_caller]
fn assert_same_rows<'a>(blessed: &BTreeMap<String, Cells>, rows: impl Iterator<Item = &'a String>) {
    let rows: Vec<&String> = rows.collect();
    let new: Vec<_> = rows.iter().filter(|row| !blessed.contains_key(**row)).collect();
    let gone: Vec<_> = blessed.keys().filter(|row| !rows.contains(row)).collect();
    assert!(new.is_empty() && gone.is_empty(), "routes without a row: {new:#?}\nrows without a route: {gone:#?}");
}

fn differences(row: &str, blessed: &[String], other: &[String], how: &str) -> Vec<String> {
    let cells = NAMES.iter().zip(blessed.iter().zip(other));
    let wrong = cells.filter(|(_, (blessed, other))| blessed != other);
    wrong.map(|(name, (blessed, other))| format!("{row}, {name}: the table says {blessed}, it {how} {other}")).collect()
}

/// The table's text: every column as wide as its name, the route's rule behind.
fn write(rows: &[(Row, Cells)]) -> String {
    let names: Vec<String> = rows.iter().map(|(row, _)| row.to_string()).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let line = |first: &str, cells: &[String], last: &str| {
        let cells = cells.iter().zip(NAMES).map(|(cell, name)| format!("  {cell:<wide$}", wide = name.len()));
        format!("{first:<width$}{}  {last}\n", cells.collect::<String>())
    };
    let head = line("route", &NAMES.map(str::to_owned), "rule");
    let lines = rows.iter().zip(&names).map(|((row, cells), name)| line(name, cells, &row.rule.words()));
    format!("{HEAD}\n{head}{}", lines.collect::<String>())
}

/// The blessed cells, by row.
fn read() -> BTreeMap<String, Cells> {
    let text = fs::read_to_string(Path::new(FILE)).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    lines.map(read_line).collect()
}

/// A route's name may hold single spaces; two end it.
fn read_line(line: &str) -> (String, Cells) {
    let mut parts = line.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let name = parts.next().expect("a line is not empty").to_owned();
    let cells: Cells = parts.take(NAMES.len()).map(str::to_owned).collect();
    assert_eq!(cells.len(), NAMES.len(), "{name} has not a cell for everybody");
    (name, cells)
}
