//! What is let go, and when (`docs/operations.md`, Retention).

use sha2::{Digest, Sha256};
use tests::{Case, Database, Engine, Register, Visit, declaration};

use crate::shift;

const DAY: i64 = 86_400;

tests::on_both!(what_has_been_kept_long_enough_goes, a_line_of_the_trail_stands, who_is_erased_leaves_the_record);

/// Lets lines of the trail be altered, as the database would not.
fn let_the_trail_be_altered(register: &Register) {
    let sql = register.database().sql();
    let on = if register.database().engine() == Engine::Postgres { " ON trail" } else { "" };
    for trigger in ["trail_stands", "trail_is_kept"] {
        sql.execute(&format!("DROP TRIGGER {trigger}{on}"));
    }
}

/// The database itself refuses what no face does: whoever reaches it with the program's rights alters no line.
fn a_line_of_the_trail_stands(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    case.act(&cast.auditor, "acceptance", &case.both_examiners()).refused(403, "forbidden");
    server.end();
    let sql = register.database().sql();
    let whole = "SELECT id || at || request || coalesce(person, '-') || coalesce(role, '-') || coalesce(organisation, '-') \
                 || proof || coalesce(address, '-') || coalesce(address_digest, '-') || what || coalesce(subject, '-') \
                 || outcome || coalesce(detail, '-') || coalesce(seq, -1) FROM trail ORDER BY id";
    let before = sql.texts(whole);
    assert!(sql.number("SELECT count(*) FROM trail WHERE seq IS NULL AND address IS NOT NULL") > 0);
    let columns = ["at", "request", "person", "role", "organisation", "proof", "what", "subject", "outcome", "detail"];
    let mut refused: Vec<String> =
        columns.iter().map(|column| format!("UPDATE trail SET {column} = 'another'")).collect();
    refused.extend([
        "UPDATE trail SET id = id + 1000".to_owned(),
        "UPDATE trail SET seq = coalesce(seq, 0) + 1".to_owned(),
        "UPDATE trail SET address = '192.0.2.1' WHERE address IS NOT NULL".to_owned(),
        // Its digest takes its place after 90 days, and not before.
        "UPDATE trail SET address = NULL, address_digest = '#0' WHERE address IS NOT NULL".to_owned(),
        "DELETE FROM trail WHERE seq IS NULL".to_owned(),
        "DELETE FROM trail WHERE seq IS NOT NULL".to_owned(),
    ]);
    if register.database().engine() == Engine::Postgres {
        refused.push("TRUNCATE trail".to_owned());
    }
    for statement in refused {
        let told = sql.try_execute(&statement).expect_err(&statement).to_string();
        assert!(told.contains("a line of the trail"), "{statement}: {told}");
    }
    assert_eq!(sql.texts(whole), before);

    // What is to be let go is.
    for days in [91, 3 * 365 + 1] {
        let at = domain::calendar::Instant::from_unix(api::clock::now().unix() - days * DAY).expect("an instant");
        let columns = "request, person, role, organisation, proof, address, what, subject, outcome, detail";
        let lone = "FROM trail WHERE seq IS NULL AND address IS NOT NULL ORDER BY id LIMIT 1";
        sql.execute(&format!("INSERT INTO trail (at, {columns}) SELECT '{at}', {columns} {lone}"));
    }
    assert!(register.run(&["admin", "sweep"]).starts_with("2 addresses, 1 lines, "));
}

fn what_has_been_kept_long_enough_goes(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    case.act(&cast.auditor, "acceptance", &case.both_examiners()).refused(403, "forbidden");
    Visit::new(&server).post("/sign-in", &[("login", &cast.auditor.id), ("password", "x"), ("code", "x")]);
    let sql = register.database().sql();
    let count = |query: &str| sql.number(&format!("SELECT count(*) FROM {query}"));
    let from_here = "trail WHERE address = '127.0.0.1'";
    let [all, sessions] = [count(from_here), count("sessions")];
    assert!(all >= 3);
    server.end();

    // Time goes by in the rows, which the database would not allow.
    let_the_trail_be_altered(&register);
    // Nothing is old enough.
    assert_eq!(register.run(&["admin", "sweep"]), "0 addresses, 0 lines, 0 others, 0 sealed\n");
    shift(&register, "trail", "at", "address IS NOT NULL", -(90 * DAY - 60));
    assert_eq!(register.run(&["admin", "sweep"]), "0 addresses, 0 lines, 0 others, 0 sealed\n");
    // An address is kept for 90 days; then its digest is, the same for the same address.
    shift(&register, "trail", "at", "address IS NOT NULL", -(90 * DAY + 60));
    assert_eq!(register.run(&["admin", "sweep"]), format!("{all} addresses, 0 lines, 0 others, 0 sealed\n"));
    assert_eq!(count(from_here), 0);
    assert_eq!(count("(SELECT DISTINCT address_digest FROM trail WHERE address_digest IS NOT NULL) AS one"), 1);
    let digest = sql.texts("SELECT DISTINCT address_digest FROM trail WHERE address_digest IS NOT NULL").remove(0);
    assert!(digest.starts_with('#') && digest.len() == 33, "{digest}");
    // The key they are digested under is not in the database as it is.
    let keys = "secrets WHERE length(value) > 60";
    assert_eq!((count("secrets"), count(keys)), (1, 1));
    // One that an earlier version kept open goes on, and is sealed.
    let open = "'00000000000000000000000000000000'";
    let open = if register.database().engine() == Engine::Postgres {
        format!("convert_to({open}, 'UTF8')")
    } else {
        format!("CAST({open} AS BLOB)")
    };
    sql.execute(&format!("UPDATE secrets SET value = {open}"));
    sql.execute("UPDATE trail SET address = '127.0.0.1', address_digest = NULL WHERE address_digest IS NOT NULL");
    register.run(&["admin", "sweep"]);
    let by_hand = Sha256::new().chain_update([b'0'; 32]).chain_update("127.0.0.1").finalize();
    let by_hand = format!("#{}", data_encoding::HEXLOWER.encode(&by_hand[..16]));
    assert_eq!(sql.texts("SELECT DISTINCT address_digest FROM trail WHERE address_digest IS NOT NULL"), [by_hand]);
    assert_eq!(count(keys), 1);

    // A line that stands for no act goes after three years; one that does stays with its act.
    shift(&register, "trail", "at", "id > 0", -(3 * 365 * DAY - 60));
    assert!(register.run(&["admin", "sweep"]).contains(" 0 lines"));
    shift(&register, "trail", "at", "id > 0", -(3 * 365 * DAY + 60));
    let lone = count("trail WHERE seq IS NULL");
    assert!(lone >= 2);
    assert!(register.run(&["admin", "sweep"]).contains(&format!(" {lone} lines")));
    assert_eq!(count("trail WHERE seq IS NOT NULL"), count("acts"));

    // Sessions a day after they began, failures after a quiet day.
    shift(&register, "sessions", "begun_at", "digest <> ''", -(DAY + 1));
    shift(&register, "failures", "last_at", "count > 0", -DAY);
    assert!(register.run(&["admin", "sweep"]).contains(&format!(" {} others", sessions + 1)));
    assert_eq!(count("sessions") + count("failures"), 0);
    register.assert_whole();
}

fn who_is_erased_leaves_the_record(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    register.run(&["admin", "dismiss", &cast.provider.id, "--reason", "退職"]);
    register.run(&["admin", "erase", &cast.provider.id]);
    let sql = register.database().sql();
    for table in ["profiles", "credentials", "sessions", "identities", "links"] {
        let rows = sql.number(&format!(
            "SELECT count(*) FROM {table} WHERE person = '{}' {}",
            cast.provider.id,
            if table == "profiles" { "AND (name <> '' OR email IS NOT NULL OR handle <> '')" } else { "" }
        ));
        assert_eq!(rows, 0, "{table}");
    }
    let name = "大阪 担当";
    for table in ["acts", "people", "trail"] {
        let column = if table == "trail" {
            "coalesce(detail, '')"
        } else if table == "acts" {
            "sealed"
        } else {
            "state"
        };
        let named = sql.number(&format!("SELECT count(*) FROM {table} WHERE {column} LIKE '%{name}%'"));
        assert_eq!(named, 0, "{table} holds the name");
    }
    // The case and the log stand.
    assert_eq!(case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().status, 200);
    server.end();
    register.assert_whole();
}
