//! `otasuketai token`, `keys` and `fsck`: on both databases.

use std::fs;

use serde_json::Value;
use tests::{Case, Cast, Database, Engine, Register, declaration};

use crate::Ended;

tests::on_both!(tokens, an_ended_token_is_refused_at_once, keys, fsck_says_what_it_found);

fn tokens(database: Database) {
    let register = Register::new(database);
    let token = register.run(&["token", "new", "--role", "secretariat", "--name", "事務局 花子"]);
    let secret = token.strip_suffix('\n').and_then(|token| token.strip_prefix("otk_")).expect("one token on one line");
    let bytes = data_encoding::BASE64URL_NOPAD.decode(secret.as_bytes()).expect("base64url");
    assert_eq!(bytes.len(), 32);
    register.run(&[
        "token",
        "new",
        "--role",
        "provider",
        "--name",
        " 名\t前\u{202e}\n二行 ",
        "--organisation",
        "osaka-cci",
    ]);
    let list = register.run(&["token", "list"]);
    assert!(!list.contains(token.trim()), "a token is shown once");
    let mut rows: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    rows.sort_by_key(|row| row[1]);
    let told: Vec<&[&str]> = rows.iter().map(|row| &row[1..]).collect();
    assert_eq!(told, [&["provider", "名 前 二行", "osaka-cci", ""][..], &["secretariat", "事務局 花子", "", ""]]);

    for (arguments, words) in [
        (
            &["token", "new", "--role", "auditor", "--name", " \u{200e} "][..],
            &["名前が空です", "The name is empty"][..],
        ),
        (&["token", "end", "P-00000000", "--reason", "x"], &["P-00000000"]),
        (&["token", "end", rows[0][0], "--reason", " "], &["理由を書いてください"]),
    ] {
        Ended::of(register.command(arguments)).complained(70, words);
    }
    assert_eq!(register.run(&["token", "list"]), list);
    register.assert_whole();
}

/// The person is gone for a server that runs, from its next request on.
fn an_ended_token_is_refused_at_once(database: Database) {
    let register = Register::new(database);
    let auditor = register.admit("auditor", "監査人", None);
    let other = register.admit("auditor", "別の監査人", None);
    let server = register.serve();
    let list = |token: &str| server.client().with_token(token).get("/api/v1/applications").send();
    assert_eq!((list(&auditor.token).status, list(&other.token).status), (200, 200));
    assert_eq!(register.run(&["token", "end", &auditor.id, "--reason", "退任"]), "");
    list(&auditor.token).refused(401, "signed_out");
    assert_eq!(list(&other.token).status, 200);
    // A person admitted meanwhile may act at once.
    let late = register.admit("auditor", "新しい監査人", None);
    assert_eq!(list(&late.token).status, 200);
    let told = register.run(&["token", "list"]);
    let row = told.lines().find(|line| line.starts_with(&auditor.id)).expect("nobody vanishes");
    assert!(row.ends_with("\tended"), "{row}");
    // Once is enough.
    let again = Ended::of(register.command(&["token", "end", &auditor.id, "--reason", "もう一度"]));
    again.complained(70, &["dismissed"]);
    server.end();
    register.assert_whole();
}

fn keys(database: Database) {
    let register = Register::new(database);
    // The first start makes them.
    let jwks = register.run(&["keys"]);
    let set: Value = serde_json::from_str(&jwks).expect("JSON");
    let purposes: Vec<&Value> = set["keys"].as_array().expect("keys").iter().map(|key| &key["purpose"]).collect();
    assert_eq!(purposes, ["licence", "log"]);
    assert!(set["keys"].as_array().into_iter().flatten().all(|key| key["d"].is_null()), "no secret is shown");
    assert_eq!(register.run(&["keys", "--format", "jwks"]), jwks);
    assert_eq!(fs::read_to_string(register.data().join("jwks.json")).expect("published"), jwks);
    let vkey = register.run(&["keys", "--format", "vkey"]);
    let parts: Vec<&str> = vkey.trim().splitn(3, '+').collect();
    assert_eq!((parts[0], parts[1].len(), parts.len()), ("otasuketai.example/log", 8, 3));
    let server = register.serve();
    let served = server.client().get("/.well-known/jwks.json").send();
    assert_eq!((served.ok(), served.header("content-type")), (set, "application/jwk-set+json"));

    let secret = fs::read_to_string(register.data().join("keys.pem")).expect("a key file");
    assert!(secret.contains("ENCRYPTED"), "keys at rest are encrypted");
    // Without them it is not the same register: none are made in their place, and what was published stays.
    let file = register.data().join("keys.pem");
    fs::rename(&file, register.data().join("keys.bak")).expect("ours");
    Ended::of(register.command(&["serve", "--check"])).complained(70, &["keys.pem", "is missing"]);
    assert!(!file.exists());
    assert_eq!(fs::read_to_string(register.data().join("jwks.json")).expect("published"), jwks);
    fs::rename(register.data().join("keys.bak"), &file).expect("ours");

    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(register.data().join("keys.pem")).expect("there").permissions(),
    );
    assert_eq!(mode & 0o077, 0, "only the owner reads it");
}

fn fsck_says_what_it_found(database: Database) {
    let is_embedded = database.engine() == Engine::Sqlite;
    let register = Register::new(database);
    let fsck = |more: &[&str]| Ended::of(register.command(&[&["fsck"], more].concat()));
    // Before the first start there are no keys to check against, and none are made.
    fsck(&[]).complained(70, &["jwks.json"]);
    assert!(!register.data().exists());

    let cast = Cast::admit(&register);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    case.license_provider(&case.register());
    server.end();
    let clean = fsck(&[]).said(0);
    assert!(clean.ends_with(": 0 differences\n") && clean.contains(" acts, "), "{clean}");

    // Another name: nothing was altered, and it says what to give.
    let mut elsewhere = tests::otasuketai(&["fsck", "--json", "--base-url", "https://other.example"]);
    elsewhere.args(["--database", register.database().url()]).arg("--data").arg(register.data());
    let told = Ended::of(elsewhere).said(2);
    let told: Value = serde_json::from_str(&told).expect("JSON, whatever becomes of it");
    let error = told["error"].as_str().expect("it says why");
    assert!(error.contains("--base-url") && error.contains("otasuketai.example/log"), "{error}");
    // Nor is a second log begun in the same database.
    let mut serve = tests::otasuketai(&["serve", "--check", "--base-url", "https://other.example"]);
    serve.args(["--database", register.database().url()]).arg("--data").arg(register.data());
    serve.env("OTASUKETAI_PASSPHRASE", tests::PASSPHRASE);
    Ended::of(serve).complained(70, &["--base-url", "otasuketai.example/log"]);

    // Other keys: not one checkpoint holds.
    let other = Register::new(Database::sqlite());
    let theirs = tempfile::NamedTempFile::new().expect("temporary files can be made");
    fs::write(theirs.path(), other.run(&["keys"])).expect("ours");
    let found = fsck(&["--keys", theirs.path().to_str().expect("text")]).said(1);
    assert!(found.contains("checkpoints "), "{found}");

    register.database().sql().execute("UPDATE registrations SET version = version + 1");
    let found = fsck(&[]).said(1);
    assert!(found.contains("registrations OTK-") && found.contains("1 differences"), "{found}");
    let found: Value = serde_json::from_str(&fsck(&["--json"]).said(1)).expect("JSON");
    assert_eq!(found["differences"][0]["table"], "registrations");

    // What cannot be read cannot be checked, and is not called clean.
    register.database().sql().execute("DROP TABLE licences");
    let ended = fsck(&[]);
    assert_eq!(ended.status, 2, "{ended:?}");
    if is_embedded {
        let missing = register.data().join("not-there.sqlite");
        let url = format!("sqlite://{}", missing.display());
        let mut command = tests::otasuketai(&["fsck", "--base-url", "https://otasuketai.example", "--database", &url]);
        command.arg("--data").arg(register.data());
        assert_eq!(Ended::of(command).status, 2);
        assert!(!missing.exists(), "a check makes no database");
    }
}
