//! Every byte of a leaf, and of a checkpoint.

use tests::Database;

use crate::populated::Populated;

tests::on_both!(every_byte_of_a_leaf, every_byte_of_a_checkpoint);

fn every_byte_of_a_leaf(database: Database) {
    let populated = Populated::small(database);
    // The licence of a user: the leaf with the most in it.
    let leaf = "SELECT leaf FROM acts WHERE leaf LIKE '%licence.granted%' ORDER BY seq DESC LIMIT 1";
    let seq = populated.sql.number("SELECT max(seq) FROM acts WHERE leaf LIKE '%licence.granted%'");
    every_byte(&populated, leaf, "acts", "leaf", &format!("seq = {seq}"), seq);
}

fn every_byte_of_a_checkpoint(database: Database) {
    let populated = Populated::small(database);
    let size = populated.sql.number("SELECT max(size) FROM checkpoints");
    every_byte(
        &populated,
        "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1",
        "checkpoints",
        "note",
        &format!("size = {size}"),
        size,
    );
}

/// Flips one bit of each byte in turn; text stays text. Each is found in its row.
fn every_byte(populated: &Populated, query: &str, table: &str, column: &str, is_row: &str, row: i64) {
    let original = populated.sql.texts(query).remove(0);
    assert!(original.len() > 150, "{original}");
    let set = |value: &str| {
        let literal = value.replace('\'', "''");
        assert_eq!(populated.sql.execute(&format!("UPDATE {table} SET {column} = '{literal}' WHERE {is_row}")), 1);
    };
    let mut flipped = 0;
    for index in 0..original.len() {
        let mut bytes = original.clone().into_bytes();
        bytes[index] ^= 1;
        let Ok(value) = String::from_utf8(bytes) else { continue };
        set(&value);
        let findings = populated.check();
        let is_named = findings.differences.iter().any(|found| found.table == table && found.row == row.to_string());
        assert!(is_named, "byte {index} of {table}.{column}: {value}\n{:#?}", findings.differences);
        flipped += 1;
    }
    assert_eq!(flipped, original.len(), "no flip left the text unreadable");
    set(&original);
    populated.assert_clean();
}
