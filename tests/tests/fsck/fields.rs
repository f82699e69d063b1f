//! One field of one row becomes another plausible value.

use tests::{Database, Engine};

use crate::catalogue::{Column, Kind, Row, Table};
use crate::populated::Populated;

tests::on_both!(every_field_of_every_table);

fn every_field_of_every_table(database: Database) {
    let engine = database.engine();
    for (populated, tables) in Populated::whole(database) {
        for table in &tables {
            every_field(&populated, table, engine);
        }
    }
}

fn every_field(populated: &Populated, table: &Table, engine: Engine) {
    let rows = table.rows(&populated.sql, engine);
    for (index, column) in table.columns.iter().enumerate() {
        let mut tried = 0;
        for row in telling(&rows, index) {
            for value in plausible(column, row, index, &rows, engine) {
                tried += usize::from(is_found(populated, table, row, index, &value, tried == 0));
            }
        }
        assert!(tried > 0, "{}.{}: the database let nothing be changed", table.name, column.name);
    }
    populated.assert_clean();
}

/// The first and the last row, and where the column may be empty, one that is and one that is not.
fn telling(rows: &[Row], column: usize) -> Vec<&Row> {
    let mut picked = vec![&rows[0], &rows[rows.len() - 1]];
    picked.extend(rows.iter().find(|row| row[column] == "NULL"));
    picked.extend(rows.iter().find(|row| row[column] != "NULL"));
    picked.dedup();
    picked
}

/// Tampers, looks, and puts back. False when the database itself refused.
fn is_found(populated: &Populated, table: &Table, row: &Row, index: usize, value: &str, by_command: bool) -> bool {
    let column = &table.columns[index];
    if table.set(&populated.sql, row, index, value).is_err() {
        return false;
    }
    let what = format!("{}.{} of {}: {} became {value}", table.name, column.name, table.named(row), row[index]);
    let mut tampered = row.clone();
    value.clone_into(&mut tampered[index]);
    let differences = populated.check().differences;
    let names = |row: &Row| {
        let row = table.named(row);
        let place = |column: &str| {
            let is_here = |found: &api::store::Difference| {
                found.table == table.name && found.row == row && found.column == column
            };
            differences.iter().any(is_here)
        };
        place(&column.name) || said_otherwise(&table.name, &column.name).iter().any(|other| place(other))
    };
    // A row under another key is one that no acts lead to, or a gap where it stood.
    let is_named = names(row) || names(&tampered);
    assert!(is_named, "{what}\n{differences:#?}");
    if by_command {
        let findings = populated.register.fsck();
        assert!(findings.status == 1 && findings.name(&table.name), "{what}: {}", findings.said);
    }
    table.set(&populated.sql, &tampered, index, &row[index]).expect("the old value is put back");
    true
}

/// Where the difference shows in another column of the same row.
fn said_otherwise(table: &str, column: &str) -> &'static [&'static str] {
    match (table, column) {
        // A salt is judged with its body.
        ("acts", "open_salt") => &["open"],
        ("acts", "sealed_salt") => &["sealed"],
        // What the leaf says is held against the rest of the row.
        ("acts", "leaf") => &["subject", "version", "open", "sealed"],
        // A genuine checkpoint of another size: it is the size that is wrong.
        ("checkpoints", "note") => &["size"],
        ("log_head", _) => &["frontier"],
        ("log_tiles", _) => &["hashes"],
        // No acts lead to a row with this key.
        _ => &["*"],
    }
}

/// Other values that the column could hold.
fn plausible(column: &Column, row: &Row, index: usize, rows: &[Row], engine: Engine) -> Vec<String> {
    let now = &row[index];
    let mut values = match column.kind {
        _ if now == "NULL" => vec!["'0'".to_owned(), "'{}'".to_owned()],
        Kind::Boolean => {
            let (no, yes) = if engine == Engine::Sqlite { ("0", "1") } else { ("'false'", "'true'") };
            vec![if now == no { yes } else { no }.to_owned()]
        }
        Kind::Integer => {
            let number: i64 = now.trim_matches('\'').parse().expect("a number");
            [number + 1, number - 1, number + 1_000].iter().map(ToString::to_string).collect()
        }
        Kind::Bytes => bytes(now),
        Kind::Text => text(now),
    };
    // What stands in another row is the most plausible of all.
    values.extend(rows.iter().map(|other| &other[index]).find(|other| *other != now).cloned());
    if column.is_nullable && now != "NULL" {
        values.push("NULL".to_owned());
    }
    values
}

/// The same with one digit changed in the first byte or in the last, and one byte shorter.
fn bytes(now: &str) -> Vec<String> {
    let from = now.find(|digit: char| digit.is_ascii_digit()).unwrap_or(now.len());
    let from = if let Some(escaped) = now.find("\\\\x") { escaped + 3 } else { from.min(2) };
    let digits = now[from..].trim_end_matches('\'');
    let (before, after) = (&now[..from], "'");
    let other = |digit: &str| if digit == "0" { "1" } else { "0" };
    let (first, rest) = digits.split_at(1);
    let (start, last) = digits.split_at(digits.len() - 1);
    vec![
        format!("{before}{}{rest}{after}", other(first)),
        format!("{before}{start}{}{after}", other(last)),
        format!("{before}{}{after}", &digits[..digits.len() - 2]),
    ]
}

/// The same with one letter or digit changed, near the middle or at the end, and with a space behind it.
fn text(now: &str) -> Vec<String> {
    let inner = &now[1..now.len() - 1];
    let places: Vec<usize> =
        inner.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()).map(|(at, _)| at).collect();
    let changed = |at: &usize| {
        let next = match inner.as_bytes()[*at] {
            b'9' => b'8',
            b'z' => b'y',
            b'Z' => b'Y',
            other => other + 1,
        };
        format!("'{}{}{}'", &inner[..*at], char::from(next), &inner[at + 1..])
    };
    let mut values: Vec<String> = places.get(places.len() / 2).into_iter().chain(places.last()).map(changed).collect();
    values.push(format!("'{inner} '"));
    values
}
