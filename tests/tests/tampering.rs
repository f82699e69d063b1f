//! Somebody changes the database behind the register's back: `fsck` finds every single change and names where.

use std::collections::BTreeSet;

use api::store::{Difference, check};
use domain::tlog::note::NoteKey;
use tests::{Case, Database, Engine, Findings, Register, Sql, declaration};

tests::on_both!(every_field, rows_and_bytes);

/// The migration tool's own list of what has run; it says nothing about the register.
const NOT_OURS: &str = "seaql_migrations";

/// A register with something in every table (in `log_tiles` only with `has_tile`), its server ended.
fn populated(database: Database, has_tile: bool) -> Register {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let mut registration = case.register();
    case.license_provider(&registration);
    case.license_user(&registration, "見本商店");
    // A second service, so that a value can be another row's.
    let other = Case::submit(&server.client(), &cast, &declaration()).pass();
    other.license_provider(&other.register());
    // Enough acts to complete a tile of 256 hashes.
    for _ in 0..if has_tile { 120 } else { 0 } {
        for measure in ["suspend", "reinstate"] {
            registration = case.measure(&registration, measure, "点検のため").ok();
        }
    }
    server.end();
    register.assert_whole();
    register
}

/// Tables and their columns, from the database's own catalogue: a new table cannot be forgotten.
fn columns(sql: &Sql, engine: Engine) -> Vec<(String, String)> {
    let query = match engine {
        Engine::Sqlite => {
            "SELECT m.name || '/' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT (table_name || '/' || column_name)::text FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    let split = |name: String| name.split_once('/').map(|(table, column)| (table.to_owned(), column.to_owned()));
    sql.texts(query).into_iter().filter_map(split).filter(|(table, _)| table != NOT_OURS).collect()
}

/// An expression for another plausible value of a column, by its type.
fn another(sql: &Sql, engine: Engine, table: &str, column: &str) -> String {
    let kind = match engine {
        Engine::Sqlite => format!("SELECT lower(type) FROM pragma_table_info('{table}') WHERE name = '{column}'"),
        Engine::Postgres => format!(
            "SELECT data_type::text FROM information_schema.columns \
             WHERE table_name = '{table}' AND column_name = '{column}'"
        ),
    };
    let kind = sql.texts(&kind).remove(0);
    match (kind.as_str(), engine) {
        ("boolean", _) => format!("NOT {column}"),
        (kind, _) if kind.contains("int") => format!("{column} + 1000"),
        (kind, Engine::Sqlite) if kind.contains("blob") => format!("CAST({column} || x'00' AS BLOB)"),
        ("bytea", Engine::Postgres) => format!("{column} || '\\x00'::bytea"),
        // A digit or a letter more: still text of the same sort. A NULL becomes a text.
        _ => format!("COALESCE({column}, '') || '0'"),
    }
}

/// One row's place, in words of the database: the same one every time.
fn a_row(sql: &Sql, engine: Engine, table: &str) -> String {
    match engine {
        Engine::Sqlite => format!("rowid = (SELECT max(rowid) FROM {table})"),
        Engine::Postgres => {
            let place = sql.texts(&format!("SELECT max(ctid)::text FROM {table}")).remove(0);
            format!("ctid = '{place}'")
        }
    }
}

/// Every field of every table, one at a time.
fn every_field(database: Database) {
    let register = populated(database, true);
    let (engine, sql) = (register.database().engine(), register.database().sql());
    let columns = columns(&sql, engine);
    let tables: BTreeSet<&str> = columns.iter().map(|(table, _)| table.as_str()).collect();
    assert!(tables.len() >= 10, "{tables:?}");
    for (table, column) in &columns {
        let saved = format!("saved_{table}");
        sql.execute(&format!("CREATE TABLE {saved} AS SELECT * FROM {table}"));
        let place = a_row(&sql, engine, table);
        let other = another(&sql, engine, table, column);
        let touched = sql.execute(&format!("UPDATE {table} SET {column} = {other} WHERE {place}"));
        assert_eq!(touched, 1, "{table}.{column}");
        caught(&register.fsck(), table, &format!("{table}.{column}"));
        sql.execute(&format!("DELETE FROM {table}"));
        sql.execute(&format!("INSERT INTO {table} SELECT * FROM {saved}"));
        sql.execute(&format!("DROP TABLE {saved}"));
    }
    register.assert_whole();
}

/// A change is found, and the table it was made in is named.
fn caught(findings: &Findings, table: &str, what: &str) {
    assert_eq!(findings.status, 1, "{what} was not found: {}", findings.said);
    assert!(findings.name(table), "{what}: the table is not named: {}", findings.said);
}

/// Rows gone, added, exchanged; bytes flipped; the end of the log cut off.
fn rows_and_bytes(database: Database) {
    let register = populated(database, false);
    let (engine, sql) = (register.database().engine(), register.database().sql());
    let tables: BTreeSet<String> = columns(&sql, engine).into_iter().map(|(table, _)| table).collect();
    // Nobody can tell that an older checkpoint is gone: not every size has one, and a later one holds the same leaves.
    // There is no complete tile here; `every_field` has one.
    for table in tables.iter().filter(|table| *table != "log_tiles" && *table != "checkpoints") {
        with(&register, &sql, table, "a row gone", |sql| {
            let place = a_row(sql, engine, table);
            sql.execute(&format!("DELETE FROM {table} WHERE {place}"));
        });
    }
    with(&register, &sql, "registrations", "two rows exchanged", |sql| {
        sql.execute(
            "UPDATE registrations SET state = (SELECT r.state FROM registrations r WHERE r.number <> registrations.number)",
        );
    });
    with(&register, &sql, "people", "a row added", |sql| {
        sql.execute(
            "INSERT INTO people SELECT 'P-INVENTED', version, role, 'abc', is_dismissed, state FROM people \
             WHERE id = (SELECT min(id) FROM people)",
        );
    });
    with(&register, &sql, "log_head", "the end of the log cut off", |sql| {
        sql.execute("DELETE FROM acts WHERE seq = (SELECT max(seq) FROM acts)");
    });
    flipped(&register, &sql, "acts", "leaf", "seq = 3");
    flipped(&register, &sql, "checkpoints", "note", "size = (SELECT max(size) FROM checkpoints)");
    register.assert_whole();
}

/// Makes a change, expects it to be found, and undoes it.
fn with(register: &Register, sql: &Sql, table: &str, what: &str, change: impl Fn(&Sql)) {
    let all = ["acts", "log_head", "registrations", "people", table];
    let kept: BTreeSet<&str> = all.into_iter().collect();
    for name in &kept {
        sql.execute(&format!("CREATE TABLE saved_{name} AS SELECT * FROM {name}"));
    }
    change(sql);
    let findings = register.fsck();
    assert_eq!(findings.status, 1, "{what} in {table} was not found: {}", findings.said);
    assert!(!findings.differences().is_empty());
    for name in &kept {
        sql.execute(&format!("DELETE FROM {name}"));
        sql.execute(&format!("INSERT INTO {name} SELECT * FROM saved_{name}"));
        sql.execute(&format!("DROP TABLE saved_{name}"));
    }
}

/// Every byte of a text, one at a time: the lowest bit of it flipped.
fn flipped(register: &Register, sql: &Sql, table: &str, column: &str, place: &str) {
    let whole = sql.texts(&format!("SELECT {column} FROM {table} WHERE {place}")).remove(0);
    let set = |text: &str| {
        let quoted = text.replace('\'', "''");
        assert_eq!(sql.execute(&format!("UPDATE {table} SET {column} = '{quoted}' WHERE {place}")), 1);
    };
    // The command's own check, called here: a process for each of some hundred bytes would take minutes.
    let log: NoteKey = register.run(&["keys", "--format", "vkey"]).trim().parse().expect("it prints a verifier key");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("threads can be made");
    let mut undetected = Vec::new();
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] ^= 1;
        // A flip inside a letter of several bytes is no text any more, and no text column takes it.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        set(&text);
        let findings = runtime.block_on(check(register.database().url(), &log)).expect("the database answers");
        if !findings.differences.iter().any(|difference| difference.table == table) {
            undetected.push((at, findings.differences));
        }
    }
    set(&whole);
    assert_eq!(undetected, Vec::<(usize, Vec<Difference>)>::new(), "{table}.{column}");
}
