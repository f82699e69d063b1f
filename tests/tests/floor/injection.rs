//! SQL injection: what means something to a database means nothing here.

use tests::{Case, Database, Register, Visit, declaration};

use crate::places::{House, encoded};
use crate::sources;

tests::on_both!(what_means_something_in_sql_is_only_text, a_wildcard_is_a_letter);

/// Nobody's name, number or day; each would break a query that it were pasted into, make it say more, or hold it longer
/// than these tests wait.
const TEXTS: [&str; 24] = [
    // A search drops punctuation between letters, and keeps it where there is nothing else.
    "'",
    "''",
    "\"",
    "'--",
    "');--",
    "%'",
    "\\'",
    "\\",
    "zqx'",
    "zqx''",
    "zqx\"",
    "zqx' OR '1'='1",
    "zqx' OR 1=1 -- ",
    "zqx') OR ('1'='1",
    "1 OR 1=1",
    "zqx'; DROP TABLE registrations; --",
    "zqx'; UPDATE registrations SET state = '{}'; --",
    "zqx' UNION SELECT token_digest FROM people --",
    "1; SELECT pg_sleep(90)",
    "zqx'||pg_sleep(90)||'",
    "zqx\\'",
    "zqx' /* */ AND ''='",
    "zqx$1 ?1 :q @q",
    "zqx％＇ＯＲ＇１＇＝＇１",
];
/// What nothing is called, and no id is: harmless, and refused or not found where the others are.
const PLAIN: &str = "zqx,zqx";

fn what_means_something_in_sql_is_only_text(database: Database) {
    let house = House::open(database);
    let before = house.traces();
    for place in house.places() {
        let expected = seen(&house.ask(&place, &encoded(PLAIN)));
        for text in TEXTS {
            let answer = house.ask(&place, &encoded(text));
            assert_eq!(seen(&answer), expected, "{place} with {text}: {}", String::from_utf8_lossy(&answer.2));
            assert_quiet(&place, &answer.2);
        }
    }
    for (path, field) in [("/verify", "code"), ("/en/verify", "code"), ("/sign-in", "token")] {
        let expected = house.post(path, &format!("{field}={PLAIN}")).status;
        for text in TEXTS {
            let answer = house.post(path, &format!("{field}={}", encoded(text)));
            assert_eq!(answer.status, expected, "{path} with {text}: {}", answer.told());
            assert_quiet(path, &answer.body);
        }
    }
    assert_eq!(house.traces(), before);
    house.server.end();
    house.register.assert_whole();
}

/// The status, and how many services are listed.
fn seen((status, _, body): &(u16, String, Vec<u8>)) -> (u16, usize) {
    let text = String::from_utf8_lossy(body);
    (*status, text.matches("class=\"card\"").count() + text.matches("\"tradeName\"").count())
}

/// The database's own words are nobody's business.
fn assert_quiet(place: &str, body: &[u8]) {
    let text = String::from_utf8_lossy(body).to_lowercase();
    for word in ["sqlite", "postgres", "sqlx", "sea_orm", "syntax error", "unterminated", "relation \""] {
        assert!(!text.contains(word), "{place} says {word}: {text}");
    }
}

/// What stands for any letters in a pattern of SQL stands for itself in a search.
fn a_wildcard_is_a_letter(database: Database) {
    let house = House::open(database);
    let found = |words: &str| {
        let answer = house.client().get(&format!("/api/v1/registrations?q={}", encoded(words))).send().ok();
        answer["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((found("大阪商工会議所"), found("大阪商工会議所%")), (1, 1), "it is there");
    for words in ["%", "_", "%%", "_%", "％", "＿", "\\%", "*", "?"] {
        assert_eq!(found(words), 0, "{words}");
    }
}

/// No statement is put together from texts: the query builder writes each, with its values bound. What is written by
/// hand are constants, and the one place that joins statements which the builder wrote.
#[test]
fn no_statement_is_written_from_texts() {
    let raw = [
        "from_string(",
        "execute_unprepared(",
        "from_sql_and_values(",
        "cust(",
        "cust_with",
        "raw_sql",
        "query_as(",
        "sqlx::query",
    ];
    let found: Vec<String> = [sources::holding("api/src", &raw), sources::holding("migrations/src", &raw)].concat();
    let known = [
        "execute_unprepared(\"SELECT 1\")",
        "execute_unprepared(\"SELECT pg_advisory_lock(727461)\")",
        "execute_unprepared(\"SELECT pg_advisory_unlock(727461)\")",
        "Statement::from_sql_and_values(DbBackend::Sqlite, text, values)",
        "Statement::from_string(conn.get_database_backend(), \"SELECT version FROM seaql_migrations\")",
        "Expr::cust(WAITS)",
        "Expr::cust(\"state::json -> 'grant' ->> 'key'\")",
        "Expr::cust(\"json_extract(state, '$.grant.key')\")",
        // The migrations' own constants.
        "Statement::from_string(conn.get_database_backend(), sql)",
        "m0010_trail_stands.rs:27: conn.execute_unprepared(statement)",
        "m0014_the_day.rs:29: conn.execute_unprepared(fill)",
        "conn.execute_unprepared(\"INSERT INTO posting (id, next_seq) SELECT 1, COUNT(*) FROM acts\")",
        "conn.execute_unprepared(held)",
    ];
    let unknown: Vec<&String> = found.iter().filter(|line| !known.iter().any(|known| line.contains(known))).collect();
    assert!(unknown.is_empty(), "not decided on: {unknown:#?}");
    assert!(found.len() >= known.len(), "the sources are read: {found:?}");
}

/// Where an intruder makes the register's own connection say what they like, the database still refuses what serving
/// does not need: `docs/operations.md` describes this role.
#[test]
fn a_role_that_only_serves_changes_no_table_and_no_act() {
    let (register, cast) = Register::staffed(Database::postgres());
    let sql = register.database().sql();
    for grant in [
        "CREATE ROLE serving NOLOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO serving",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO serving",
        "REVOKE UPDATE, DELETE ON acts, seaql_migrations FROM serving",
        "REVOKE INSERT ON seaql_migrations FROM serving",
    ] {
        sql.execute(grant);
    }
    let server = register.serve_under(&["env", "PGOPTIONS=-c role=serving"]);
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    case.license_user(&registration, "見本工業株式会社");
    assert_eq!(Visit::new(&server).sign_in(&cast.auditor, 0, &[]).status, 303);
    assert_eq!(server.client().signed_in(&cast.auditor).get("/trail.csv").send().status, 200);
    server.end();
    register.assert_whole();

    sql.execute("SET ROLE serving");
    for statement in [
        "CREATE TABLE intruder (x int)",
        "DROP TABLE trail",
        "ALTER TABLE people ADD COLUMN x int",
        "UPDATE acts SET leaf = leaf",
        "DELETE FROM acts",
        "TRUNCATE trail",
        "DROP TRIGGER trail_stands ON trail",
        "ALTER TABLE trail DISABLE TRIGGER trail_is_kept",
        "DELETE FROM seaql_migrations",
        "SELECT pg_read_file('/etc/hostname')",
        "CREATE ROLE intruder",
    ] {
        let refused = sql.try_execute(statement).expect_err(statement).to_string();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{statement}: {refused}");
    }
    sql.execute("RESET ROLE");
}
