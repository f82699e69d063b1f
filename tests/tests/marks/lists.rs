//! Status lists: what the register says of every licence, signed; the same as it answers about one, at once, and without
//! the register.

use std::fs;
use std::io::Read;
use std::process::Output;

use api::seal::keys::{Keys, Purpose};
use domain::status_list::{LASTS_SECONDS, Said, TTL_SECONDS, place};
use serde_json::{Value, json};
use tests::{Answer, Case, Cast, Client, Database, Demonstration, Register, declaration, node, python, status, text};
use tests::{PASSPHRASE, otasuketai, version};

tests::on_both!(
    lists_say_what_the_register_answers,
    what_is_not_there_is_not_found,
    a_mark_is_answered_without_the_register,
    a_register_from_before_there_were_lists,
);

/// The status index of a licence.
fn index(register: &Register, licence: &Value) -> u32 {
    let id = text(licence, "id");
    let found = register.database().sql().number(&format!("SELECT status_index FROM licences WHERE id = '{id}'"));
    u32::try_from(found).expect("an index")
}

/// A list as it is served.
fn served(client: &Client, name: &str) -> Answer {
    client.get(&format!("/status/{name}")).send()
}

fn end(client: &Client, cast: &Cast, licence: &Value) {
    let path = format!("/api/v1/licences/{}/end", text(licence, "id"));
    let by = client.signed_in(&cast.secretariat);
    by.post(&path, &json!({ "reason": "契約終了" })).on_version(version(licence)).send().ok();
}

fn lists_say_what_the_register_answers(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let lists = client.get("/status").send();
    assert_eq!((lists.header("content-type"), lists.ok()), ("application/json", json!({ "status_lists": [] })));
    let case = Case::submit(&client, &cast, &declaration()).pass();
    let registration = case.register();
    let own = case.license_provider(&registration);
    let [good, ended, revoked] =
        ["よい商店", "終わる商店", "取り消される商店"].map(|name| case.license_user(&registration, name));
    let all = [&own, &good, &ended, &revoked];
    let expect = |expected: [Said; 4]| {
        for (licence, expected) in all.iter().zip(expected) {
            let said = status::said(&client, index(&register, licence));
            assert_eq!(said, expected, "{licence}");
            let asked = client.get(&format!("/api/v1/marks/{}", text(licence, "id"))).send().ok();
            let word = match said {
                Said::Valid => "valid",
                Said::Suspended => "suspended",
                Said::Revoked => "revoked",
                Said::Ended => "ended",
            };
            assert_eq!(text(&asked, "answer"), word, "{licence}");
        }
    };
    expect([Said::Valid; 4]);
    let uris = client.get("/status").send().ok();
    assert_eq!(uris, json!({ "status_lists": ["https://otasuketai.example/status/0"] }));

    // A copy is good until something happens, and is not sent again.
    let first = served(&client, "0");
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && first.header("cache-control").contains("max-age"), "{}", first.told());
    assert_eq!(first.header("access-control-allow-origin"), "*");
    let again = client.get("/status/0").header("if-none-match", &etag).send();
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, &*etag));
    let (cwt, jwt) = (served(&client, "0.cwt"), served(&client, "0.jwt"));
    assert_eq!(cwt.body, first.body);
    assert_ne!(jwt.header("etag"), etag);
    // Whoever holds none of its places changes no list.
    Case::submit(&client, &cast, &declaration());
    assert_eq!(served(&client, "0").header("etag"), etag);

    end(&client, &cast, &ended);
    let path = format!("/api/v1/licences/{}/revocation", text(&revoked, "id"));
    let secretariat = client.signed_in(&cast.secretariat);
    let told = secretariat.post(&path, &json!({ "reason": "虚偽の表示" })).on_version(version(&revoked)).send().ok();
    case.confirm(&cast.second_secretariat, &told).ok();
    expect([Said::Valid, Said::Valid, Said::Ended, Said::Revoked]);
    assert_eq!(client.get("/status/0").header("if-none-match", &etag).send().status, 200);

    // One act on the service is one act, and every licence under it follows.
    let suspended = case.measure(&registration, "suspend", "監視が止まっている").ok();
    expect([Said::Suspended, Said::Suspended, Said::Ended, Said::Revoked]);
    let reinstated = case.measure(&suspended, "reinstate", "監視が戻った").ok();
    expect([Said::Valid, Said::Valid, Said::Ended, Said::Revoked]);
    case.measure(&reinstated, "revoke", "是正されなかった").ok();
    expect([Said::Revoked, Said::Revoked, Said::Ended, Said::Revoked]);
    server.end();
    register.assert_whole();
}

fn what_is_not_there_is_not_found(database: Database) {
    let (register, _) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    for name in ["0", "1", "00", "+1", "-1", "4294967296", "x", "0.pdf", "0.jwt"] {
        served(&client, name).refused(404, "not_found");
    }
    assert_eq!(client.ask("POST", "/status/0").send().status, 405);
    let bundle = served(&client, "bundle");
    assert_eq!((bundle.status, bundle.header("content-type")), (200, "application/jwt"));
    server.end();
}

/// With the keys and the lists in a folder: every answer, whatever file holds them, and none where they are not good.
fn a_mark_is_answered_without_the_register(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).pass();
    let second = Case::submit(&client, &cast, &declaration()).pass();
    let (registration, other) = (case.register(), second.register());
    let good = case.license_user(&registration, "よい商店");
    let ended = case.license_user(&registration, "終わる商店");
    let suspended = second.license_user(&other, "止まる商店");
    end(&client, &cast, &ended);
    second.measure(&other, "suspend", "監視が止まっている").ok();

    let folder = tempfile::tempdir().expect("temporary files can be made");
    let in_folder = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let keep = |name: &str, path: &str| {
        fs::write(in_folder(name), client.get(path).send().body).expect("the folder is ours");
        in_folder(name)
    };
    let keys = keep("jwks.json", "/.well-known/jwks.json");
    let (cwt, jwt, bundle) =
        (keep("list", "/status/0"), keep("list.jwt", "/status/0.jwt"), keep("bundle", "/status/bundle"));
    server.end();
    let written = in_folder("status");
    let write = || {
        let run = register.command(&["status", "--to", &written]).output().expect("the binary can be started");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).expect("text")
    };
    assert_eq!(write(), "1 lists, 1 written\n");
    let before = fs::read(format!("{written}/0")).expect("it was written");
    assert_eq!(write(), "1 lists, 0 written\n");
    assert_eq!(fs::read(format!("{written}/0")).expect("it is there"), before, "what says the same stays");

    let verify = |licence: &Value, status: &str| {
        let run =
            otasuketai(&["verify", text(licence, "link"), "--keys", &keys, "--status", status, "--json"]).output();
        let Output { status, stdout, .. } = run.expect("the binary can be started");
        let said: Value = serde_json::from_slice(&stdout).expect("JSON");
        (status.code().unwrap_or(-1), text(&said, "answer").to_owned(), text(&said, "why").to_owned())
    };
    let told = |status, answer: &str, why: &str| (status, answer.to_owned(), why.to_owned());
    for lists in [&cwt, &jwt, &bundle, &written] {
        assert_eq!(verify(&good, lists), told(0, "valid", ""), "{lists}");
        assert_eq!(verify(&ended, lists), told(5, "ended", ""), "{lists}");
        assert_eq!(verify(&suspended, lists), told(5, "suspended", ""), "{lists}");
    }
    // Changed in one bit, cut short, of another register: no list is believed, and the mark is not called forged.
    for (name, file) in [("list", &cwt), ("list.jwt", &jwt), ("bundle", &bundle)] {
        let mut bytes = fs::read(file).expect("it is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        for (how, bytes) in [("changed", &bytes[..]), ("cut", &bytes[..middle]), ("empty", &[])] {
            let altered = in_folder("altered");
            fs::write(&altered, bytes).expect("the folder is ours");
            assert_eq!(verify(&good, &altered), told(6, "unknown", "list_altered"), "{name}, {how}");
        }
    }
    let empty = in_folder("empty");
    fs::create_dir(&empty).expect("the folder is ours");
    assert_eq!(verify(&good, &empty), told(0, "unknown", "offline"), "a folder without lists says nothing");
    let nowhere = otasuketai(&["verify", text(&good, "link"), "--keys", &keys, "--status", "nowhere"]).output();
    assert_eq!(nowhere.expect("it starts").status.code(), Some(70));
    register.assert_whole();
}

/// Its keys were made before lists were signed. It serves as before and says what is missing; `keys create` mends it.
fn a_register_from_before_there_were_lists(database: Database) {
    let register = Register::new(database);
    fs::create_dir(register.data()).expect("the folder is ours");
    let file = register.data().join("keys.pem");
    let mut rng = rand::rng();
    Keys::open_or_create(&file, PASSPHRASE, &Purpose::NEEDED, &mut rng).expect("keys");
    let server = register.serve();
    served(&server.client(), "bundle").refused(409, "no_active_key");
    server.end();
    let create = |purpose: &str| {
        let run =
            register.command(&["keys", "create", "--purpose", purpose]).output().expect("the binary can be started");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    create("status");
    let server = register.serve();
    assert_eq!(served(&server.client(), "bundle").status, 200);
    server.end();
    register.assert_whole();
}

/// Libraries that this project did not write read both forms, and refuse what is altered.
#[test]
fn others_read_our_lists() {
    let demo = Demonstration::start();
    let client = demo.client();
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let keep = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("the folder is ours");
        file.to_str().expect("text").to_owned()
    };
    let keys = keep("jwks.json", &client.get("/.well-known/jwks.json").send().body);
    let (cwt, jwt) = (served(&client, "0").body, served(&client, "0.jwt").body);
    let ring = status::keys(&client).ring(Purpose::Licence);
    let mut places = Vec::new();
    let mut expected = Vec::new();
    for mark in demo.marks() {
        let digits = mark.link.rsplit('/').next().expect("a last part");
        let token = domain::licence::token::Token::from_decimal(digits).expect("a token");
        let index = token.verify(&ring).expect("genuine").claims.status_index;
        places.push(place(index).1.to_string());
        expected.push(status::said(&client, index).bits());
        let read = node::verify(&["token", &mark.link, &keys]).expect("verified");
        assert!(token.as_bytes().len() > read["payload"].as_str().map_or(0, str::len) / 2, "{read}");
    }
    let statement = status::list(&client, 0);
    let python = |file: &str| {
        let arguments: Vec<&str> = [file, &keys].into_iter().chain(places.iter().map(String::as_str)).collect();
        python::read("verify_status.py", &arguments)
    };
    let js = |file: &str| {
        let arguments: Vec<&str> = ["list", file, &keys].into_iter().chain(places.iter().map(String::as_str)).collect();
        node::verify(&arguments)
    };
    for said in [python(&keep("list", &cwt)).expect("verified"), js(&keep("list.jwt", &jwt)).expect("verified")] {
        assert_eq!(said["statuses"], json!(expected), "{said}");
        assert_eq!(text(&said, "sub"), statement.uri);
        let lasts = said["exp"].as_i64().zip(said["iat"].as_i64()).map(|(exp, iat)| exp - iat);
        assert_eq!((lasts, &said["ttl"]), (Some(i64::from(LASTS_SECONDS)), &json!(TTL_SECONDS)));
    }
    let altered = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    for at in [cwt.len() / 2, cwt.len() - 1] {
        assert!(python(&keep("altered", &altered(&cwt, at))).is_err(), "byte {at}");
    }
    for at in [jwt.len() / 2, jwt.len() - 8] {
        assert!(js(&keep("altered", &altered(&jwt, at))).is_err(), "byte {at}");
    }
    let mut forged = demo.marks()[0].link.clone();
    let last = forged.pop().expect("a digit");
    forged.push(if last == '1' { '2' } else { '1' });
    assert!(node::verify(&["token", &forged, &keys]).is_err());
    // The same keys in COSE's own form.
    let cose = client.get("/.well-known/cose-keys").send();
    assert_eq!((cose.status, cose.header("content-type")), (200, "application/cose-key-set"));
}

/// A licence and its list as credentials: by the W3C's cryptosuite in another's implementation, with the keys of the did
/// document; altered or under another register's keys they are refused.
#[test]
fn others_read_our_credentials() {
    let (demo, other) = (Demonstration::start(), Demonstration::start());
    let client = demo.client();
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let keep = |name: &str, value: &Value| {
        let file = folder.path().join(name);
        fs::write(&file, value.to_string()).expect("the folder is ours");
        file.to_str().expect("text").to_owned()
    };
    let get = |client: &Client, path: &str| client.get(path).send();
    let did = get(&client, "/.well-known/did.json");
    assert_eq!(did.header("content-type"), "application/did+json");
    let document = did.ok();
    let (ours, theirs) = (keep("ours", &document), keep("theirs", &get(&other.client(), "/.well-known/did.json").ok()));
    let host = client.base().trim_start_matches("http://").replace(':', "%3A");
    assert_eq!(text(&document, "id"), format!("did:web:{host}"));
    let context = get(&client, "/credentials/v1");
    assert_eq!(context.header("content-type"), "application/ld+json");
    assert_eq!(context.ok()["@context"]["@vocab"], format!("{}/credentials/v1#", client.base()));
    for mark in demo.marks() {
        let path = format!("/licences/{}/credential.json", mark.licence);
        let answer = get(&client, &path);
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/vc"), "{}", answer.told());
        let etag = answer.header("etag").to_owned();
        assert_eq!(client.get(&path).header("if-none-match", &etag).send().status, 304, "the same bytes");
        let credential = answer.ok();
        let file = keep("credential", &credential);
        let read = node::verify(&["credential", &file, &ours]).expect("verified");
        assert_eq!(text(&read["credentialSubject"]["holder"], "name"), mark.holder);
        assert!(text(&read, "id").ends_with(&mark.licence), "{read}");
        let mut altered = credential.clone();
        altered["credentialSubject"]["holder"]["name"] = json!("別の会社");
        assert!(node::verify(&["credential", &keep("altered", &altered), &ours]).is_err());
        assert!(node::verify(&["credential", &file, &theirs]).is_err(), "another register's keys");
        // The list it names is one, and says of it what the register does.
        let status = &read["credentialStatus"];
        let list = text(status, "statusListCredential").strip_prefix(client.base()).expect("ours").to_owned();
        let answer = get(&client, &list);
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/vc"), "{}", answer.told());
        let list = answer.ok();
        node::verify(&["credential", &keep("list", &list), &ours]).expect("verified");
        let index: usize = text(status, "statusListIndex").parse().expect("an index");
        let encoded = text(&list["credentialSubject"], "encodedList").strip_prefix('u').expect("base64url");
        let bytes = data_encoding::BASE64URL_NOPAD.decode(encoded.as_bytes()).expect("base64url");
        let mut bits = Vec::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut bits).expect("GZIP");
        let said = bits[index / 4] >> (6 - index % 4 * 2) & 3;
        let answer = get(&client, &format!("/api/v1/marks/{}", mark.licence)).ok();
        let word = ["valid", "revoked", "suspended", "ended"][usize::from(said)];
        assert_eq!(text(&answer, "answer"), word, "{}", mark.licence);
    }
    let nobodys = client.get("/licences/00000000/credential.json").header("accept", "application/json").send();
    nobodys.refused(404, "not_found");
}
