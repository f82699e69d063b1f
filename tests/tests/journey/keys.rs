//! Signing keys, from the making of the next one to the loss of all: what is signed with which, and what still counts.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use api::seal::keys::{KeySet, Keys, Purpose};
use data_encoding::HEXLOWER;
use domain::licence::token::Token;
use serde_json::{Value, json};
use signed_note::{Note, StandardVerifier, VerifierList};
use tests::{
    Case, Cast, Client, Database, PASSPHRASE, Person, Register, declaration, otasuketai, text, version, wait_for,
};

tests::on_both!(
    a_key_follows_another,
    what_a_compromised_key_signed,
    checkpoints_while_the_logs_key_changes,
    a_key_file_without_the_key_that_signs,
);

/// Everybody here, and a register that serves.
struct Stage<'a> {
    cast: &'a Cast,
    client: Client,
}

impl Stage<'_> {
    fn by(&self, person: &Person) -> Client {
        self.client.signed_in(person)
    }

    fn keys(&self) -> Vec<Value> {
        self.client.get("/api/v1/keys").send().ok()["items"].as_array().expect("a list").clone()
    }

    /// The keys of a purpose, each as `id state`, the oldest first.
    fn key(&self, purpose: &str, state: &str) -> Value {
        let is_it = |key: &&Value| text(key, "purpose") == purpose && text(key, "state") == state;
        self.keys().iter().find(is_it).unwrap_or_else(|| panic!("no {state} key for {purpose}")).clone()
    }

    /// One proposes, another confirms.
    fn change(&self, key: &Value, what: &str, reason: Option<&str>) {
        let path = format!("/api/v1/keys/{}/{what}", text(key, "id"));
        let body = reason.map(|reason| json!({ "reason": reason }));
        let by = self.by(&self.cast.secretariat);
        let ask = by.ask("POST", &path).on_version(version(key));
        let proposal = if let Some(body) = &body { ask.json(body) } else { ask }.send().ok();
        let confirmation = format!("/api/v1/proposals/{}/confirmation", text(&proposal, "id"));
        self.by(&self.cast.secretariat).ask("POST", &confirmation).send().refused(403, "forbidden");
        self.by(&self.cast.operator).ask("POST", &confirmation).send().ok();
        self.by(&self.cast.operator).ask("POST", &confirmation).send().refused(409, "state");
    }

    fn answer(&self, digits: &str) -> (String, String) {
        let said = self.client.get(&format!("/api/v1/marks/{digits}")).send().ok();
        (text(&said, "answer").to_owned(), said["why"].as_str().unwrap_or_default().to_owned())
    }

    fn published(&self) -> Vec<String> {
        let jwks = self.client.get("/.well-known/jwks.json").send().ok();
        let set = KeySet::from_jwks(&jwks).expect("a key set");
        set.of(Purpose::Licence).map(|key| HEXLOWER.encode(&key.kid())).collect()
    }
}

fn digits(licence: &Value) -> String {
    text(licence, "link").rsplit('/').next().expect("a link has a last part").to_owned()
}

fn kid(digits: &str) -> String {
    HEXLOWER.encode(&Token::from_decimal(digits).expect("our own").kid())
}

fn good() -> (String, String) {
    ("valid".to_owned(), String::new())
}

fn a_key_follows_another(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let case = Case::submit(&stage.client, &cast, &declaration()).pass();
    let registration = case.register();
    let first = digits(&case.license_user(&registration, "見本工業株式会社"));
    let before = stage.key("licence", "active");
    assert_eq!(kid(&first), text(&before, "id"));

    // Made while the server runs: everybody can see the key, and this server cannot sign with it.
    let made = register.run(&["keys", "create", "--purpose", "licence"]);
    thread::sleep(Duration::from_millis(500));
    let next = stage.key("licence", "next");
    assert_eq!(made.trim(), text(&next, "id"));
    assert_eq!(stage.published().len(), 2, "whoever verifies has it in time");
    let path = format!("/api/v1/keys/{}/activation", text(&next, "id"));
    let told = stage.by(&cast.operator).ask("POST", &path).on_version(1).send().refused(409, "key_not_held");
    assert!(told["detail"].as_str().expect("words").contains(text(&next, "id")), "{told}");
    let second = digits(&case.license_user(&registration, "見本商店"));
    assert_eq!(kid(&second), text(&before, "id"));
    server.end();

    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    stage.change(&next, "activation", None);
    let (retired, active) = (stage.key("licence", "retired"), stage.key("licence", "active"));
    assert_eq!((text(&retired, "id"), text(&active, "id")), (text(&before, "id"), text(&next, "id")));
    // It is no next key any more.
    stage.by(&cast.operator).ask("POST", &path).on_version(version(&active)).send().refused(409, "state");
    let case = case.through(&stage.client);
    let third = digits(&case.license_user(&registration, "見本製作所"));
    assert_eq!(kid(&third), text(&active, "id"));
    for digits in [&first, &second, &third] {
        assert_eq!(stage.answer(digits), good());
    }
    let listed = register.run(&["keys", "--format", "list"]);
    for key in [&retired, &active] {
        let line = listed.lines().find(|line| line.starts_with(text(key, "id"))).expect("it is listed");
        assert!(line.contains(text(key, "state")) && line.ends_with(" held"), "{line}");
    }
    server.end();
    register.assert_whole();
}

fn what_a_compromised_key_signed(database: Database) {
    let (register, cast) = Register::staffed(database);
    register.add_keys(&[Purpose::Licence]);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let case = Case::submit(&stage.client, &cast, &declaration()).pass();
    let registration = case.register();
    let granted = digits(&case.license_user(&registration, "見本工業株式会社"));
    let (next, lost) = (stage.key("licence", "next"), stage.key("licence", "active"));

    // Whoever has the key signs what they like: another name under a real licence, and a licence that nobody granted.
    let secrets = Keys::open(&register.data().join("keys.pem"), PASSPHRASE).expect("the file is whole");
    let secret = secrets.all(Purpose::Licence).next().expect("the first key");
    let genuine = Token::from_decimal(&granted).expect("our own");
    let set = KeySet::from_jwks(&stage.client.get("/.well-known/jwks.json").send().ok()).expect("a key set");
    let claims = genuine.verify(&set.ring(Purpose::Licence)).expect("genuine").claims;
    let forged = |change: &dyn Fn(&mut domain::licence::token::Claims)| {
        let mut claims = claims.clone();
        change(&mut claims);
        Token::sign(&claims, secret, genuine.kid()).to_decimal()
    };
    let renamed = forged(&|claims| claims.holder_name = "偽りの会社".to_owned());
    let unlisted = forged(&|claims| claims.licence = "00000000".parse().expect("an id"));
    assert_eq!(forged(&|_| {}), granted, "signing is deterministic");
    // As long as nobody knows of it, the first of them cannot be told from a mark.
    assert_eq!((stage.answer(&renamed), stage.answer(&unlisted).0), (good(), "unknown".to_owned()));

    stage.change(&lost, "compromise", Some("控えの入った媒体が失われた。"));
    assert_eq!(text(&stage.key("licence", "compromised"), "reason"), "控えの入った媒体が失われた。");
    assert_eq!(stage.published(), [text(&next, "id")]);
    let not_ours = || ("not_ours".to_owned(), "compromised_key".to_owned());
    assert_eq!(stage.answer(&granted), good(), "the register remembers what it granted");
    assert_eq!((stage.answer(&renamed), stage.answer(&unlisted)), (not_ours(), not_ours()));
    let page = stage.client.get(&format!("/{renamed}")).send();
    assert!(page.text().contains("信用されない鍵") && !page.text().contains("偽りの会社"), "{}", page.told());

    // Away from the register nobody remembers: with today's keys, none of them is genuine.
    let jwks = register.data().with_file_name("published.json");
    fs::write(&jwks, stage.client.get("/.well-known/jwks.json").send().body).expect("the folder is ours");
    for digits in [&granted, &renamed] {
        assert_eq!(verify(digits, &jwks), Some(1));
    }

    // Nothing is signed until two people put the next key to use; everything else goes on.
    let license = |name: &str| case.by(&cast.provider).post(&tests::licences(&registration), &case.user(name)).send();
    license("見本商店").refused(409, "no_active_key");
    stage.change(&next, "activation", None);
    let after = digits(&license("見本商店").ok());
    assert_eq!((kid(&after), stage.answer(&after)), (text(&next, "id").to_owned(), good()));
    assert_eq!(verify(&after, &jwks), Some(0));
    signed_anew(&stage, &case, &granted, &next);
    assert_eq!(stage.answer(&renamed), not_ours());
    stage
        .by(&cast.operator)
        .ask("POST", &format!("/api/v1/keys/{}/compromise", text(&lost, "id")))
        .on_version(2)
        .json(&json!({ "reason": "もう一度" }))
        .send()
        .refused(409, "state");
    server.end();
    register.assert_whole();
    // The register's own copy, made as it starts, knows the compromised key by its name, and does not trust it.
    let server = register.serve();
    assert_eq!(verify(&granted, &register.data().join("jwks.json")), Some(1));
    assert_eq!(Stage { cast: &cast, client: server.client() }.answer(&granted), good());
    server.end();
}

/// The last step of the drill: what the lost key signed is signed with the key of now, once, and those concerned are told.
fn signed_anew(stage: &Stage<'_>, case: &Case<'_>, granted: &str, key: &Value) {
    let by = stage.by(&stage.cast.secretariat);
    let preview = |by: &Client| by.post("/api/v1/bulk/preview", &json!({ "kind": "reissue" })).send();
    preview(&stage.by(&stage.cast.operator)).refused(403, "forbidden");
    let found = preview(&by).ok();
    let [line] = &found["lines"].as_array().expect("lines")[..] else { panic!("{found}") };
    let (word, licence) = (text(line, "line"), text(line, "line").trim_start_matches("licence/"));
    let path = format!("/api/v1/licences/{}", licence.trim_end_matches("@1"));
    let body = json!({ "kind": "reissue", "lines": [word] });
    for _ in 0..2 {
        let done = by.post("/api/v1/bulk", &body).key("the drill, once").send().ok();
        assert_eq!(text(&done["lines"][0], "outcome"), "done", "{done}");
    }
    let state = case.by(&stage.cast.provider).get(&path).send().ok();
    let anew = digits(&state);
    assert_eq!((version(&state), kid(&anew).as_str()), (2, text(key, "id")));
    for mark in [&anew, granted] {
        assert_eq!(stage.answer(mark), good(), "the earlier print is what the register granted");
    }
    let page = by.get("/bulk?%2Fkind=reissue").header("accept", "text/html").send();
    assert!(page.text().contains("当てはまるものはありません"), "{}", page.text());
    let told = || {
        let messages = case.by(&stage.cast.provider).get("/api/v1/messages").send().ok();
        let items = messages["items"].as_array().expect("a list").clone();
        items.into_iter().find(|item| item["title"]["ja"] == "新しいマークを受け取ってください")
    };
    wait_for(told, || "the provider is told".to_owned());
}

fn verify(digits: &str, keys: &Path) -> Option<i32> {
    let keys = keys.to_str().expect("text");
    otasuketai(&["verify", digits, "--keys", keys]).output().expect("the binary can be started").status.code()
}

/// Whoever knows only the old key, or only the new one, reads every checkpoint while both are trusted.
fn checkpoints_while_the_logs_key_changes(database: Database) {
    let (register, cast) = Register::staffed(database);
    register.add_keys(&[Purpose::Log]);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let vkeys = register.run(&["keys", "--format", "vkey"]);
    let [old, new] = vkeys.lines().collect::<Vec<_>>()[..] else { panic!("{vkeys}") };
    let signers = || {
        let note = checkpoint(&register, &stage.client);
        [old, new].map(|vkey| is_signed(&note, vkey))
    };
    assert_eq!(signers(), [true, false]);
    let (before, next) = (stage.key("log", "active"), stage.key("log", "next"));
    stage.change(&next, "activation", None);
    assert_eq!(signers(), [true, true]);
    assert_eq!(
        register.run(&["keys", "--format", "vkey"]),
        format!("{new}\n{old}\n"),
        "the one that signs stands first"
    );
    stage.change(&stage.key("log", "retired"), "compromise", Some("廃棄した機器から読み取られたおそれがある。"));
    assert_eq!(text(&stage.key("log", "compromised"), "id"), text(&before, "id"));
    assert_eq!(signers(), [false, true]);
    assert_eq!(register.run(&["keys", "--format", "vkey"]), format!("{new}\n"));
    register.assert_whole();

    // The last one is lost: what is done is done, and no checkpoint says so.
    stage.change(&stage.key("log", "active"), "compromise", Some("漏れた。"));
    Case::submit(&stage.client, &cast, &declaration());
    thread::sleep(Duration::from_secs(2));
    let acts = register.acts();
    let said = stage.client.get("/log/checkpoint").send().text().to_owned();
    assert!(said.lines().nth(1).and_then(|size| size.parse::<i64>().ok()).is_some_and(|size| size < acts), "{said}");
    server.end();
    register.assert_whole();
}

/// The checkpoint, once it covers all acts.
fn checkpoint(register: &Register, client: &Client) -> String {
    let acts = register.acts().to_string();
    let begun = Instant::now();
    loop {
        let note = client.get("/log/checkpoint").send().text().to_owned();
        if note.lines().nth(1) == Some(&acts) {
            return note;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the checkpoint does not follow: {note}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// By a library that this project did not write.
fn is_signed(note: &str, vkey: &str) -> bool {
    let verifier = StandardVerifier::new(vkey).expect("a C2SP verifier key");
    let note = Note::from_bytes(note.as_bytes()).expect("a signed note");
    note.verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok()
}

/// An old copy put back, or another register's file: the program says which key is missing, and does not start.
fn a_key_file_without_the_key_that_signs(database: Database) {
    let (register, cast) = Register::staffed(database);
    let file = register.data().join("keys.pem");
    let old = fs::read(&file).expect("a key file");
    register.add_keys(&[Purpose::Licence]);
    let server = register.serve();
    let stage = Stage { cast: &cast, client: server.client() };
    let next = stage.key("licence", "next");
    stage.change(&next, "activation", None);
    server.end();
    let whole = fs::read(&file).expect("a key file");
    fs::write(&file, old).expect("the folder is ours");
    let refused = || {
        let ended = register.command(&["serve", "--check"]).output().expect("the binary can be started");
        assert_eq!(ended.status.code(), Some(70));
        String::from_utf8(ended.stderr).expect("UTF-8")
    };
    let told = refused();
    assert!(told.contains(text(&next, "id")) && told.contains("put it back from its copy"), "{told}");

    let mut rng = rand::rng();
    let others = Keys::generate(&Purpose::USED, &mut rng);
    fs::remove_file(&file).expect("the folder is ours");
    others.save_new(&file, PASSPHRASE, api::seal::keys::Cost::FORMER, &mut rng).expect("there is none");
    let told = refused();
    assert!(told.contains("is not this register's"), "{told}");
    fs::write(&file, whole).expect("the folder is ours");
    register.run(&["serve", "--check"]);
    register.assert_whole();
}
