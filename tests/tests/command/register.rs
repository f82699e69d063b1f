//! `otasuketai admin`, `keys` and `fsck`: on both databases.

use std::fs;

use serde_json::Value;
use tests::staff::BODY;
use tests::{Case, Cast, Database, Engine, Register, declaration};

use crate::Ended;

tests::on_both!(the_first_people, a_dismissed_person_is_gone_at_once, keys, fsck_says_what_it_found);

fn the_first_people(database: Database) {
    let register = Register::new(database);
    let body =
        ["admin", "organisation", "--kind", "registration_body", "--name", " 登録機関　（例示） ", "--id", "ipa"];
    assert_eq!(register.run(&body), "ipa\n");
    register.run(&["admin", "organisation", "--kind", "provider", "--name", "例示", "--id", "5010-0050-07126"]);
    let told = register.run(&["admin", "organisations"]);
    assert_eq!(told, "5010005007126\tprovider\t例示\nipa\tregistration_body\t登録機関　（例示）\n");

    let invite = |role, name, organisation, more: &[&str]| {
        let known = ["admin", "invite", "--role", role, "--name", name, "--organisation", organisation];
        register.run(&[&known, more].concat())
    };
    let link = invite("operator", "運用 花子", "ipa", &["--email", "Hanako@Example.jp"]);
    let secret =
        link.trim_end().strip_prefix("https://otasuketai.example/invitation/otl_").expect("a link on one line");
    assert_eq!(data_encoding::BASE64URL_NOPAD.decode(secret.as_bytes()).expect("base64url").len(), 32);
    invite("provider_owner", " 名\t前\u{202e}\n二行 ", "5010005007126", &[]);
    invite("delegated_agent", "代理 太郎", "5010005007126", &["--until", "2099-03-31"]);
    let list = register.run(&["admin", "people"]);
    assert!(!list.contains(secret), "a link is shown once");
    let mut rows: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    rows.sort_by_key(|row| row[1]);
    let told: Vec<&[&str]> = rows.iter().map(|row| &row[1..]).collect();
    assert_eq!(
        told,
        [
            &["delegated_agent", "代理 太郎", "5010005007126", "2099-03-31"][..],
            &["operator", "運用 花子", "ipa", ""],
            &["provider_owner", "名 前 二行", "5010005007126", ""],
        ]
    );
    let owner = rows[2][0];
    register.run(&["admin", "give", owner, "--role", "provider_member", "--organisation", "5010005007126"]);
    let person = ["--role", "provider_owner", "--organisation", "5010005007126"];
    register.run(&[&["admin", "end", owner, "--reason", "異動"][..], &person].concat());
    let list = register.run(&["admin", "people"]);
    assert!(list.contains(&format!("{owner}\tprovider_member\t")) && !list.contains("provider_owner"), "{list}");

    let at = ["--organisation", "5010005007126"];
    for (arguments, words) in [
        (&["admin", "invite", "--role", "examiner", "--name", "x"][..], &["審査員", "examiner"][..]),
        (&["admin", "invite", "--role", "provider_owner", "--name", " \u{200e} "], &["1文字から100文字", "1 to 100"]),
        (&["admin", "invite", "--role", "delegated_agent", "--name", "x"], &["最終日", "last day"]),
        (
            &["admin", "invite", "--role", "delegated_agent", "--name", "x", "--until", "2020-01-01"],
            &["2020-01-01", "before today"],
        ),
        (
            &["admin", "invite", "--role", "provider_owner", "--name", "x", "--email", "hanako@example.jp"],
            &["別の人", "somebody else's"],
        ),
        (&["admin", "give", owner, "--role", "provider_member"], &["already"]),
    ] {
        Ended::of(register.command(&[arguments, &at].concat())).complained(70, words);
    }
    for (arguments, words) in [
        (&["admin", "invite", "--role", "auditor", "--name", "x", "--organisation", "none"][..], &["none"][..]),
        (&body, &["ipa"]),
        (&["admin", "dismiss", "P-00000000", "--reason", "x"], &["P-00000000"]),
        (&["admin", "dismiss", owner, "--reason", " "], &["理由を書いてください"]),
        (&["admin", "erase", owner], &["先に解任", "Dismiss them first"]),
        (&["admin", "link", "P-00000000", "--identity-check", "in_person", "--reason", "x"], &["P-00000000"]),
    ] {
        Ended::of(register.command(arguments)).complained(70, words);
    }
    register.assert_whole();
}

/// The person is gone for a server that runs, from its next request on; and erased, only the name is gone.
fn a_dismissed_person_is_gone_at_once(database: Database) {
    let register = Register::new(database);
    let auditor = register.admit("auditor", "監査人", BODY);
    let other = register.admit("auditor", "別の監査人", BODY);
    let server = register.serve();
    let list = |person| server.client().signed_in(person).get("/api/v1/applications").send();
    assert_eq!((list(&auditor).status, list(&other).status), (200, 200));
    assert_eq!(register.run(&["admin", "dismiss", &auditor.id, "--reason", "退任"]), "");
    list(&auditor).refused(401, "signed_out");
    assert_eq!(list(&other).status, 200);
    // A person admitted meanwhile may act at once.
    let late = register.admit("auditor", "新しい監査人", BODY);
    assert_eq!(list(&late).status, 200);
    let row = |told: &str| told.lines().find(|line| line.starts_with(&auditor.id)).expect("nobody vanishes").to_owned();
    assert_eq!(row(&register.run(&["admin", "people"])), format!("{}\t\t監査人\t\tdismissed", auditor.id));
    // Once is enough.
    let again = Ended::of(register.command(&["admin", "dismiss", &auditor.id, "--reason", "もう一度"]));
    again.complained(70, &["dismissed"]);
    register.run(&["admin", "erase", &auditor.id]);
    assert_eq!(row(&register.run(&["admin", "people"])), format!("{}\t\t\t\tdismissed", auditor.id));
    server.end();
    register.assert_whole();
}

fn keys(database: Database) {
    let register = Register::new(database);
    // The first start makes them.
    let jwks = register.run(&["keys"]);
    let set: Value = serde_json::from_str(&jwks).expect("JSON");
    let purposes: Vec<&Value> = set["keys"].as_array().expect("keys").iter().map(|key| &key["purpose"]).collect();
    assert_eq!(purposes, ["credential", "licence", "log", "status"]);
    assert!(set["keys"].as_array().into_iter().flatten().all(|key| key["d"].is_null()), "no secret is shown");
    assert_eq!(register.run(&["keys", "--format", "jwks"]), jwks);
    assert_eq!(fs::read_to_string(register.data().join("jwks.json")).expect("published"), jwks);
    let vkey = register.run(&["keys", "--format", "vkey"]);
    let parts: Vec<&str> = vkey.trim().splitn(3, '+').collect();
    assert_eq!((parts[0], parts[1].len(), parts.len()), ("otasuketai.example/log", 8, 3));
    let server = register.serve();
    let served = server.client().get("/.well-known/jwks.json").send();
    assert_eq!((served.ok(), served.header("content-type")), (set, "application/jwk-set+json"));

    // In every form that others read, and the one who holds a key proves it to whoever has the set alone.
    let served = server.client().get("/.well-known/did.json").send().ok();
    assert_eq!(serde_json::from_str::<Value>(&register.run(&["keys", "--format", "did"])).expect("JSON"), served);
    assert_eq!(register.run(&["keys", "--format", "pem"]).matches("-----BEGIN PUBLIC KEY-----").count(), 4);
    let list = register.run(&["keys", "--format", "list"]);
    let licence =
        list.lines().find(|line| line.contains(" licence ")).expect("a key").split(' ').next().expect("an id");
    let proof = register.run(&["keys", "prove", "--key", licence, "--challenge", "drawn-by-who-asks"]);
    let file = register.data().join("proof.json");
    fs::write(&file, proof).expect("ours");
    let check = |challenge| {
        let (proof, keys) = (file.display().to_string(), register.data().join("jwks.json").display().to_string());
        crate::run(&["keys", "check", &proof, "--keys", &keys, "--challenge", challenge])
    };
    assert_eq!(check("drawn-by-who-asks").said(0).trim(), format!("{licence} licence"));
    check("drawn-by-the-next").complained(1, &["another challenge"]);
    let unknown = ["keys", "prove", "--key", "00000000", "--challenge", "drawn-by-who-asks"];
    Ended::of(register.command(&unknown)).complained(70, &["--key", "00000000"]);

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
