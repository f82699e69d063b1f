//! Whole rows: one goes, one comes, two change places.

use tests::Database;

use crate::catalogue::{Column, Kind, Row, Table};
use crate::populated::Populated;

tests::on_both!(a_row_goes, a_row_comes, two_rows_change_places, the_head_goes);

/// A register, and the tables that have rows there.
type WithRows = (Populated, Vec<(Table, Vec<Row>)>);

/// Every table's rows, each in a register where it has some.
fn with_rows(database: Database) -> Vec<WithRows> {
    let engine = database.engine();
    let whole = Populated::whole(database).into_iter();
    whole
        .map(|(populated, tables)| {
            let tables = tables.into_iter().map(|table| (table.rows(&populated.sql, engine), table));
            let tables = tables.map(|(rows, table)| (table, rows)).collect();
            (populated, tables)
        })
        .collect()
}

/// From every table but `checkpoints`: no acts lead to those. One that is lost is no lie, and the same can be signed
/// again; what they are for is that outsiders keep them (`history`).
fn a_row_goes(database: Database) {
    for (populated, tables) in with_rows(database) {
        for (table, rows) in tables.iter().filter(|(table, _)| table.name != "checkpoints") {
            for row in [&rows[0], &rows[rows.len() / 2], &rows[rows.len() - 1]] {
                table.delete(&populated.sql, row);
                let findings = populated.register.fsck();
                assert_eq!(findings.status, 1, "{} {}: {}", table.name, table.named(row), findings.said);
                // The log's last act leaves no gap among the others: the head knows how many there were.
                let is_last_act = table.name == "acts" && Some(row) == rows.last();
                assert!(findings.name(if is_last_act { "log_head" } else { &table.name }), "{}", findings.said);
                table.insert(&populated.sql, row).expect("it is put back");
            }
            populated.assert_clean();
        }
    }
}

fn a_row_comes(database: Database) {
    let whole = with_rows(database);
    let tables =
        whole.iter().flat_map(|(populated, tables)| tables.iter().map(move |(table, rows)| (populated, table, rows)));
    for (populated, table, rows) in tables {
        let row = &rows[rows.len() - 1];
        let forge = |another: &dyn Fn(&Column, &str) -> String| -> Row {
            let each = table.columns.iter().zip(row);
            each.map(|(column, literal)| if is_unique(column) { another(column, literal) } else { literal.clone() })
                .collect()
        };
        // Behind the last row, and before the first.
        for forged in [
            forge(&|column, literal| another(column.kind, literal, 1)),
            forge(&|column, literal| another(column.kind, literal, -1_000_000)),
        ] {
            table.insert(&populated.sql, &forged).unwrap_or_else(|error| panic!("{}: {error}", table.name));
            let findings = populated.register.fsck();
            assert!(findings.status == 1 && findings.name(&table.name), "{}: {}", table.name, findings.said);
            table.delete(&populated.sql, &forged);
        }
        populated.assert_clean();
    }
}

/// Columns that no two rows may share, alone or with others.
fn is_unique(column: &Column) -> bool {
    column.is_key
        || ["request", "subject", "token_digest", "application", "status_index", "period"]
            .contains(&column.name.as_str())
}

fn another(kind: Kind, literal: &str, step: i64) -> String {
    match kind {
        Kind::Integer => (literal.trim_matches('\'').parse::<i64>().expect("a number") + step).to_string(),
        Kind::Text if literal == "NULL" => literal.to_owned(),
        Kind::Text if step < 0 => format!("'0{}'", literal.trim_matches('\'')),
        Kind::Text => format!("'{}9'", literal.trim_matches('\'')),
        Kind::Boolean | Kind::Bytes => literal.to_owned(),
    }
}

fn two_rows_change_places(database: Database) {
    let whole = with_rows(database);
    let tables =
        whole.iter().flat_map(|(populated, tables)| tables.iter().map(move |(table, rows)| (populated, table, rows)));
    for (populated, table, rows) in tables {
        // The head is one row, and the log has two complete tiles at most here: those need two to change places.
        let [first, .., last] = rows.as_slice() else { continue };
        // Of rows that are nothing but keys two are the same two, whichever place they have.
        if table.columns.iter().all(|column| column.is_key) {
            continue;
        }
        let mut exchanged = [first.clone(), last.clone()];
        for (index, _) in table.keys() {
            exchanged[0][index].clone_from(&last[index]);
            exchanged[1][index].clone_from(&first[index]);
        }
        for (from, to) in [([first, last], exchanged.each_ref()), (exchanged.each_ref(), [first, last])] {
            for row in from {
                table.delete(&populated.sql, row);
            }
            for row in to {
                table.insert(&populated.sql, row).expect("there is room");
            }
            if to[0] == first {
                populated.assert_clean();
            } else {
                let findings = populated.register.fsck();
                assert!(findings.status == 1 && findings.name(&table.name), "{}: {}", table.name, findings.said);
            }
        }
    }
}

/// Without its head the log cannot be told from one that was cut off: it is found, and nobody begins again at nothing.
fn the_head_goes(database: Database) {
    let populated = Populated::small(database);
    populated.sql.execute("DELETE FROM log_head");
    let findings = populated.register.fsck();
    assert!(findings.status == 1 && findings.name("log_head"), "{}", findings.said);
    let serve = populated.register.command(&["serve", "--listen", "127.0.0.1:0"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&serve.stderr);
    assert!(serve.status.code() == Some(70) && said.contains("log_head"), "{said}");
}
