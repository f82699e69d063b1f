//! API keys of providers' systems.

use tests::{Case, Database, Register, declaration};

use crate::shift;

tests::on_both!(
    a_key_does_what_its_scopes_say,
    a_key_ends,
    a_key_opens_no_page,
    who_may_not_issue_keys_learns_no_number,
);

/// Issues a key on the page; the key.
fn issue(register: &Register, person: &tests::Person, scopes: &[&str]) -> String {
    use std::collections::BTreeSet;

    use api::account::own::IssueApiKey;
    use api::account::trail::Origin;
    use domain::authority::Proof;

    let id: domain::act::PersonId = person.id.parse().expect("an id");
    tests::staff::in_process(register, async |registry| {
        let found = registry.store.person(&id).await.expect("the database answers").expect("admitted");
        let errand = IssueApiKey {
            actor: found.acting(Proof::Command),
            organisation: found.memberships[0].organisation.clone(),
            label: "例示システム".to_owned(),
            scopes: scopes.iter().map(|scope| scope.parse().expect("a scope")).collect::<BTreeSet<_>>(),
            days: 30,
        };
        let issued = registry.run(errand, Origin::command(), api::clock::now()).await;
        issued.map(|(key, _)| key.expose().to_owned()).map_err(|refused| format!("{refused:?}"))
    })
    .expect("there is room for a key")
}

fn a_key_does_what_its_scopes_say(database: Database) {
    let (register, cast) = Register::staffed(database);
    let reading = issue(&register, &cast.provider, &["applications:read", "licences:read"]);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let path = format!("/api/v1/applications/{}", case.id());
    let (reads, writes) = (server.client().with_key(&reading), server.client().with_key(&cast.provider.api_key));
    assert_eq!((reads.get(&path).send().status, writes.get(&path).send().status), (200, 200));
    let told = reads.post("/api/v1/applications", &declaration()).send().refused(403, "forbidden");
    assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("applications:write")), "{told}");
    assert_eq!(writes.post("/api/v1/applications", &declaration()).send().status, 201);
    // A key shows no session and is no way into an account.
    assert_eq!(writes.get("/account").send().status, 403);
    writes.get("/api/v1/session").send().refused(403, "forbidden");
    // Another organisation's things are as far away as for its people.
    let theirs = server.client().with_key(&cast.stranger.api_key);
    theirs.get(&path).send().refused(404, "not_found");
    // Who answers for it is in the trail, and the key by its short name.
    let line = "SELECT person || ' ' || proof FROM trail WHERE what = 'application.submitted' ORDER BY id DESC LIMIT 1";
    let lines = register.database().sql().texts(line);
    assert!(lines[0].starts_with(&format!("{} key:K-", cast.provider.id)), "{lines:?}");
    let kept = register.database().sql().texts("SELECT digest || label FROM api_keys");
    assert!(!kept.iter().any(|row| row.contains(&reading[4..])), "only a digest is kept");
    register.assert_whole();
}

fn a_key_ends(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let mine = |key: &str| server.client().with_key(key).get("/api/v1/applications").send().status;
    let key = &cast.provider.api_key;
    assert_eq!(mine(key), 200);
    let used = "SELECT count(*) FROM api_keys WHERE used_at IS NOT NULL";
    let begun = std::time::Instant::now();
    while register.database().sql().number(used) == 0 {
        assert!(begun.elapsed().as_secs() < 20, "its use is not written down");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    shift(&register, "api_keys", "expires_at", "organisation = 'osaka-cci'", 5);
    assert_eq!(mine(key), 200);
    shift(&register, "api_keys", "expires_at", "organisation = 'osaka-cci'", 0);
    assert_eq!(mine(key), 401);
    // Two at a time, one of them running out: the successor is put in place while the old one works.
    shift(&register, "api_keys", "expires_at", "organisation = 'osaka-cci'", 3_600);
    let next = issue(&register, &cast.provider, &["applications:read"]);
    assert_eq!((mine(key), mine(&next)), (200, 200));
    let third = std::panic::catch_unwind(|| issue(&register, &cast.provider, &["applications:read"]));
    assert!(third.is_err(), "a third one is refused");
    // Dismissed, whoever answers for them takes them along.
    register.run(&["admin", "dismiss", &cast.provider.id, "--reason", "退職"]);
    assert_eq!((mine(key), mine(&next)), (401, 401));
}

/// Pages are for people. A key that strays there is refused, and on a public page it is nobody.
fn a_key_opens_no_page(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let key = server.client().with_key(&cast.provider.api_key);
    let drafts = || register.database().sql().number("SELECT count(*) FROM drafts");
    for path in ["/applications", "/applications/new", "/people", "/account"] {
        let told = key.get(path).send();
        assert!(told.status == 403 && told.text().contains("/api/v1 だけで使えます"), "{}", told.told());
    }
    let posted = key.ask("POST", "/drafts").header("sec-fetch-site", "same-origin");
    assert_eq!(posted.form(&[("csrf", "")]).send().status, 403);
    assert_eq!(drafts(), 0);
    let public = format!("/register/{}", tests::text(&registration, "number"));
    let (shown, to_all) = (key.get(&public).send(), server.client().get(&public).send());
    assert_eq!((shown.status, shown.text() == to_all.text()), (200, true), "{}", shown.told());
    assert_eq!(key.get(&tests::licences(&registration)).send().status, 200, "the other face is theirs");
}

/// Another provider's owner, who guesses at the number of keys that the page would have shown.
fn who_may_not_issue_keys_learns_no_number(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stranger = server.client().signed_in(&cast.stranger);
    let told = ["0", "1", "2", "3"].map(|version| {
        let fields = [("organisation", "osaka-cci"), ("/label", "鍵"), ("/scopes", "licences:read"), ("/days", "30")];
        let fields = [&fields[..], &[("version", version)]].concat();
        stranger.ask("POST", "/api-keys").form(&fields).send().status
    });
    assert_eq!(told, [403; 4]);
}
