//! Evidence: uploaded, named in an application, read by those who examine it and by nobody else; within its limits, and
//! nothing of it left where anything went wrong.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Answer, Case, Cast, Client, Database, Person, Register, Server, declaration, text};

tests::on_both!(
    from_upload_to_decision,
    only_what_was_uploaded_is_named,
    what_is_broken_off_leaves_nothing,
    what_a_crash_left_is_swept,
    fsck_names_what_is_wrong_with_a_file,
);

const OCTETS: &str = "application/octet-stream";
/// The largest file.
const MOST: usize = 50_000_000;

/// A picture that tells who took it where, and one that shows the same and tells nothing.
fn pictures() -> [Vec<u8>; 2] {
    let segment =
        |marker: u8, data: &[u8]| [&[0xff, marker], &(data.len() as u16 + 2).to_be_bytes()[..], data].concat();
    let frame = segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    let scan = [&segment(0xda, &[1, 1, 0, 0, 63, 0])[..], b"data"].concat();
    let picture = [&frame[..], &scan, &[0xff, 0xd9]].concat();
    let telling = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x>Hanako, Osaka</x>");
    [[&[0xff, 0xd8], &telling[..], &picture].concat(), [&[0xff, 0xd8][..], &picture].concat()]
}

fn upload(by: &Client, name: &str, bytes: &[u8]) -> Answer {
    by.ask("POST", &format!("/api/v1/evidence?name={name}")).body(OCTETS, bytes).send()
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Every file below the evidence's folder.
fn kept(register: &Register) -> Vec<PathBuf> {
    fn below(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it is ours").path());
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }
    below(&register.data().join("evidence"))
}

fn uploads(register: &Register) -> i64 {
    register.database().sql().number("SELECT count(*) FROM uploads")
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What somebody is told of a file, and what they are handed.
fn handed(server: &Server, person: &Person, digest: &str) -> Option<(Value, Answer)> {
    let by = server.client().signed_in(person);
    let told = by.get(&format!("/api/v1/evidence/{digest}")).send();
    let file = by.get(&format!("/api/v1/evidence/{digest}/file")).send();
    let page = by.get(&format!("/evidence/{digest}")).header("accept", "text/html").send();
    assert_eq!((file.status, page.status), (told.status, told.status), "{}", told.told());
    if told.status != 200 {
        told.refused(404, "not_found");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        return None;
    }
    for name in ["content-disposition", "content-security-policy", "x-content-type-options", "content-type"] {
        assert_eq!(file.header(name), page.header(name));
    }
    assert_eq!(file.body, page.body);
    Some((told.ok(), file))
}

fn from_upload_to_decision(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let [telling, bare] = pictures();

    let answer = upload(&provider, "%E8%A8%AD%E7%BD%AE.exe", &telling);
    let file = answer.ok();
    let photo = digest(&telling);
    assert_eq!((answer.status, answer.header("location")), (201, &*format!("/api/v1/evidence/{photo}")));
    assert_eq!(
        (text(&file, "digest"), text(&file, "mediaType"), text(&file, "name")),
        (&*photo, "image/jpeg", "設置.exe")
    );
    assert_eq!((&file["bytes"], text(&file, "scan")), (&json!(telling.len()), "none"));
    let again = upload(&provider, "again.jpg", &telling).ok();
    assert_eq!((text(&again, "digest"), text(&again, "name")), (&*photo, "again.jpg"));
    let table = b"month,calls\n1,3\n";
    let calls = text(&upload(&provider, "calls.csv", table).ok(), "digest").to_owned();
    assert_eq!((kept(&register).len(), uploads(&register)), (3, 2), "two files, and one of them as others see it");

    // Nobody else sees a file before an application names it.
    let Cast { stranger, examiners, other_examiner, secretariat, auditor, decision_maker, member, .. } = &cast;
    for person in [stranger, &examiners[0], secretariat, auditor, decision_maker] {
        assert!(handed(&server, person, &photo).is_none(), "{person:?}");
    }
    assert!(handed(&server, member, &photo).is_some(), "its own organisation's people do");

    let link = json!({ "criterion": "help_desk", "note": "受付の様子" });
    let named = json!([
        { "digest": photo, "speaksOf": "2026-03-31", "links": [link] },
        { "digest": calls, "links": [{ "criterion": "help_desk" }] },
    ]);
    let submission = json!({ "declaration": declaration(), "evidence": named });
    let mut case = Case::submit(&server.client(), &cast, &submission);
    let files = &case.state["evidence"];
    assert_eq!((&files[0]["digest"], &files[0]["speaksOf"]), (&json!(photo), &json!("2026-03-31")));
    assert_eq!((&files[0]["name"], &files[0]["uploadedBy"]), (&json!("again.jpg"), &json!(cast.provider.id)));
    assert_eq!(files[0]["links"], json!([link]));

    // Sent back and answered with one file less: what was submitted once is read as before.
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    case.state = case.act(secretariat, "return", &reasons).ok();
    assert!(handed(&server, secretariat, &calls).is_some());
    let path = format!("/api/v1/applications/{}/declaration", case.id());
    let submission = json!({ "declaration": declaration(), "evidence": [named[0]] });
    case.state = provider.ask("PUT", &path).json(&submission).on_version(case.version()).send().ok();
    assert_eq!(case.state["evidence"].as_array().map(Vec::len), Some(1));
    assert!(handed(&server, secretariat, &calls).is_some());
    assert!(handed(&server, &examiners[0], &photo).is_none(), "not assigned yet");

    let case = case.accept();
    for person in [&examiners[0], &examiners[1], secretariat, auditor, decision_maker] {
        let (told, file) = handed(&server, person, &photo).expect("they may read the application");
        assert_eq!(file.body, bare, "without what the picture tells beside itself");
        assert_eq!((text(&told, "digest"), text(&told, "fileDigest")), (&*photo, &*digest(&bare)));
    }
    for person in [stranger, other_examiner] {
        assert!(handed(&server, person, &photo).is_none(), "{person:?}");
    }
    let (_, own) = handed(&server, &cast.provider, &photo).expect("its own");
    assert_eq!(own.body, telling, "its own organisation gets the file itself");
    assert_eq!(own.header("content-disposition"), "attachment; filename=\"again.jpg\"; filename*=UTF-8''again.jpg");
    assert_eq!(own.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!((own.header("x-content-type-options"), own.header("content-type")), ("nosniff", "image/jpeg"));
    assert_eq!(own.header("cache-control"), "no-store");

    let page = server.client().signed_in(&examiners[0]).get(&format!("/examinations/{}", case.id())).send();
    for words in ["again.jpg", "受付の様子", "2026年3月31日", "未検査", &format!("/evidence/{photo}")] {
        assert!(page.text().contains(words), "{words}: {}", page.told());
    }
    let case = case.judge().recommend().decide();
    assert_eq!(text(&case.state, "stage"), "decided");
    let trail = "SELECT count(*) FROM trail WHERE what = 'evidence.uploaded'";
    assert_eq!(register.database().sql().number(trail), 3);
    server.end();
    register.assert_whole();
}

fn only_what_was_uploaded_is_named(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [provider, stranger] = [&cast.provider, &cast.stranger].map(|person| server.client().signed_in(person));
    let own = text(&upload(&provider, "a.csv", b"a,b\n").ok(), "digest").to_owned();
    let others = text(&upload(&stranger, "b.csv", b"b,c\n").ok(), "digest").to_owned();
    let submit = |evidence: Value| {
        let submission = json!({ "declaration": declaration(), "evidence": evidence });
        provider.post("/api/v1/applications", &submission).header("accept-language", "en").send()
    };
    let link = |page: u32| json!([{ "digest": own, "links": [{ "criterion": "help_desk", "page": page }] }]);
    for (evidence, pointer) in [
        (json!([{ "digest": others }]), "/evidence/0/digest"),
        (json!([{ "digest": own }, { "digest": "0".repeat(64) }]), "/evidence/1/digest"),
        (json!([{ "digest": own }, { "digest": own }]), "/evidence/1/digest"),
        (json!([{ "digest": "../../keys.pem" }]), "/evidence/0/digest"),
        (link(0), "/evidence/0/links/0/page"),
        (json!([{ "digest": own, "links": [{ "criterion": "no_such" }] }]), "/evidence/0/links/0/criterion"),
        (json!([{ "digest": own, "speaksOf": "2026-02-30" }]), "/evidence/0/speaksOf"),
        (json!([{ "digest": own, "path": "/etc/passwd" }]), "/evidence/0/path"),
    ] {
        let refused = submit(evidence).refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let other = json!({ "declaration": declaration(), "evidence": [], "file": 1 });
    let refused = provider.post("/api/v1/applications", &other).send().refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/file");
    let mut faulty = declaration();
    faulty["service"]["name"] = json!("");
    let refused = provider.post("/api/v1/applications", &json!({ "declaration": faulty })).send();
    assert_eq!(refused.refused(422, "invalid")["errors"][0]["pointer"], "/declaration/service/name");
    assert_eq!(register.database().sql().number("SELECT count(*) FROM evidence"), 0, "nothing was recorded");
    // A key is for what was sent with it: another file is another request.
    let named = json!({ "declaration": declaration(), "evidence": [{ "digest": own }] });
    let once = provider.post("/api/v1/applications", &named).key("the-same-request").send().ok();
    let twice = provider.post("/api/v1/applications", &named).key("the-same-request").send().ok();
    assert_eq!(once["id"], twice["id"]);
    let without = provider.post("/api/v1/applications", &declaration()).key("the-same-request").send();
    without.refused(422, "idempotency_key_reused");
    server.end();
    register.assert_whole();
}

/// The head of an upload that says how long it is.
fn begin(server: &Server, person: &Person, framing: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    let head = format!(
        "POST /api/v1/evidence HTTP/1.1\r\nhost: localhost\r\ncontent-type: {OCTETS}\r\naccept-language: en\r\n\
         authorization: Bearer {}\r\n{framing}\r\n\r\n",
        person.api_key
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    stream
}

fn what_is_broken_off_leaves_nothing(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    for framing in ["content-length: 10000000", "transfer-encoding: chunked"] {
        let mut stream = begin(&server, &cast.provider, framing);
        let piece = vec![b'a'; 1 << 20];
        if framing.ends_with("chunked") {
            stream.write_all(b"100000\r\n").expect("the server reads");
        }
        stream.write_all(&piece).expect("the server reads");
        until("it arrives", || !kept(&register).is_empty());
        drop(stream);
        until("it is gone", || kept(&register).is_empty());
    }
    // Whole, and not taken.
    let provider = server.client().signed_in(&cast.provider);
    for (bytes, status, code) in [
        (&b"MZ\x90\0"[..], 422, "file_executable"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 422, "file_markup"),
        (b"", 422, "file_empty"),
        (b"no separator", 422, "file_unknown"),
    ] {
        let refused = upload(&provider, "a.pdf", bytes).refused(status, code);
        assert!(!text(&refused, "detail").is_empty());
    }
    upload(&provider, "%2F", b"a,b\n").refused(422, "file_name");
    until("it is gone", || kept(&register).is_empty());
    assert_eq!(uploads(&register), 0);
    server.end();
    register.assert_whole();
}

fn what_a_crash_left_is_swept(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let named = text(&upload(&provider, "a.csv", b"a,b\n").ok(), "digest").to_owned();
    let unnamed = text(&upload(&provider, "b.csv", b"b,c\n").ok(), "digest").to_owned();
    Case::submit(&server.client(), &cast, &json!({ "declaration": declaration(), "evidence": [{ "digest": named }] }));
    let mut stream = begin(&server, &cast.provider, "content-length: 10000000");
    stream.write_all(&vec![b'a'; 1 << 20]).expect("the server reads");
    until("it arrives", || kept(&register).len() == 3);
    server.kill();
    assert_eq!(kept(&register).len(), 3, "half a file is left");
    // A file that lies under its digest without a row, as where the machine died in between.
    let stray = register.data().join("evidence/ab").join("ab".repeat(32));
    fs::create_dir_all(stray.parent().expect("it has a folder")).expect("it is ours");
    fs::write(&stray, "stray").expect("it is ours");

    // Not yet: it may be on its way in another process.
    register.serve().end();
    assert_eq!(kept(&register).len(), 4);
    let now = UNIX_EPOCH + Duration::from_secs(api::clock::now().unix().unsigned_abs());
    for path in kept(&register) {
        let file = fs::File::options().append(true).open(path).expect("it is ours");
        file.set_modified(now - Duration::from_secs(25 * 60 * 60)).expect("it is ours");
    }
    let old = api::clock::now().unix() - 91 * 24 * 60 * 60;
    let old = domain::calendar::Instant::from_unix(old).expect("it is inside the calendar");
    assert_eq!(register.database().sql().execute(&format!("UPDATE uploads SET uploaded_at = '{old}'")), 2);
    let server = register.serve();
    until("it is swept", || kept(&register).len() == 1);
    assert!(handed(&server, &cast.secretariat, &named).is_some(), "what an application names stays");
    assert!(handed(&server, &cast.provider, &unnamed).is_none(), "what none named for 90 days is let go");
    assert_eq!(uploads(&register), 1);
    server.end();
    register.assert_whole();
}

fn fsck_names_what_is_wrong_with_a_file(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let [telling, bare] = pictures();
    let photo = text(&upload(&provider, "a.jpg", &telling).ok(), "digest").to_owned();
    Case::submit(&server.client(), &cast, &json!({ "declaration": declaration(), "evidence": [{ "digest": photo }] }));
    server.end();
    register.assert_whole();
    let paths = [&telling, &bare].map(|bytes| {
        let digest = digest(bytes);
        register.data().join("evidence").join(&digest[..2]).join(digest)
    });
    let found = || {
        let findings = register.fsck();
        assert_eq!(findings.status, i32::from(!findings.differences().is_empty()), "{}", findings.said);
        let why = |difference: &Value| format!("{}: {}", text(difference, "table"), text(difference, "why"));
        findings.differences().iter().map(why).collect::<Vec<_>>()
    };
    for path in &paths {
        let bytes = fs::read(path).expect("it is kept");
        let mut changed = bytes.clone();
        changed[5] ^= 1;
        fs::write(path, changed).expect("it is ours");
        assert_eq!(found(), ["uploads: not the file of this digest"]);
        fs::write(path, &bytes[1..]).expect("it is ours");
        assert_eq!(found(), [format!("uploads: the file has {} bytes, not {}", bytes.len() - 1, bytes.len())]);
        fs::remove_file(path).expect("it is ours");
        assert_eq!(found(), ["uploads: the file is missing"]);
        fs::write(path, &bytes).expect("it is ours");
        assert!(found().is_empty());
    }
    let sql = register.database().sql();
    sql.execute("UPDATE uploads SET digest = shown");
    assert!(found().contains(&"uploads: an act names this file, and nobody has uploaded it".to_owned()));
    sql.execute(&format!("UPDATE uploads SET digest = '{photo}'"));
    sql.execute("DELETE FROM evidence");
    assert_eq!(found(), ["evidence: an act names this file, and no row"]);
    sql.execute(&format!("INSERT INTO evidence (application, digest) SELECT id, '{photo}' FROM applications"));
    sql.execute(&format!("INSERT INTO evidence (application, digest) VALUES ('A-9999-00001', '{photo}')"));
    assert_eq!(found(), ["evidence: no act names this file"]);
}

/// Whoever is refused before the file is read learns why, although all of it was sent.
#[test]
fn a_refusal_reaches_whoever_is_still_sending() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let client = server.client();
    let file = lines(0, 900_000);
    for _ in 0..50 {
        upload(&client, "a.csv", &file).refused(401, "signed_out");
        upload(&client.signed_in(&cast.auditor), "a.csv", &file).refused(403, "forbidden");
    }
    assert!(kept(&register).is_empty());
    // Somebody who says that there is more and does not send it is not waited for.
    let begun = Instant::now();
    let mut nobody = cast.provider.clone();
    nobody.api_key.push('x');
    let mut stream = begin(&server, &nobody, "content-length: 10000\r\nconnection: close");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 401 ") && begun.elapsed() < Duration::from_secs(10), "{answer}");
    server.end();
}

/// Lines of text of exactly so many bytes, which are no others' of another `seed`.
fn lines(seed: u8, bytes: usize) -> Vec<u8> {
    let mut all = format!("seed,{seed}\n").into_bytes();
    all.resize(bytes, b'x');
    (99..bytes).step_by(100).for_each(|at| all[at] = b'\n');
    all
}

/// The most memory that a process has held, in bytes.
fn peak(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
}

/// The limit of a file to the byte, however its length is told; and however many come at once, they are never held.
#[test]
fn the_largest_file() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    upload(&provider, "small.csv", b"a,b\n").ok();
    let before = peak(&server);
    let largest = lines(0, MOST);
    let told = upload(&provider, "largest.csv", &largest).ok();
    assert_eq!((text(&told, "digest"), &told["bytes"]), (&*digest(&largest), &json!(MOST)));
    let over = lines(1, MOST + 1);
    upload(&provider, "over.csv", &over).refused(413, "file_too_large");
    let mut stream = begin(&server, &cast.provider, "transfer-encoding: chunked\r\nconnection: close");
    // It may be refused before all of it is read.
    let _ = stream.write_all(&tests::raw::chunked(&over));
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("file_too_large"), "{answer}");
    let grown = peak(&server) - before;
    assert!(grown < MOST as u64 / 2, "a file of {MOST} bytes took {grown}");
    assert_eq!(kept(&register).len(), 2);
    let whole =
        server.client().signed_in(&cast.provider).get(&format!("/api/v1/evidence/{}/file", digest(&largest))).send();
    assert_eq!((whole.body.len(), digest(&whole.body)), (MOST, digest(&largest)));
    server.end();
    register.assert_whole();
}

/// Fifty of the largest arrive side by side, 2.5 GB in all, and little of each is held.
#[test]
fn fifty_of_the_largest_files_at_once() {
    const MANY: usize = 50;
    /// A part on its way to the disk, the next one, and what the connection has read.
    const OF_EACH: u64 = 4_000_000;
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    upload(&server.client().signed_in(&cast.provider), "small.csv", b"a,b\n").ok();
    // An organisation may leave a gigabyte unnamed; here every file counts as named.
    let sql = register.database().sql();
    sql.execute(
        "CREATE TRIGGER named AFTER INSERT ON uploads BEGIN \
         UPDATE uploads SET is_named = 1 WHERE organisation = NEW.organisation AND digest = NEW.digest; END",
    );
    let before = peak(&server);
    // All have the same body after the first line. Each has sent half of its own before any sends the rest.
    let rest = &lines(0, MOST)[9..];
    let (server_, cast_, half_way) = (&server, &cast, Barrier::new(MANY));
    thread::scope(|scope| {
        for seed in 0..MANY {
            let half_way = &half_way;
            scope.spawn(move || {
                let framing = format!("content-length: {MOST}\r\nconnection: close");
                let mut stream = begin(server_, &cast_.provider, &framing);
                let mut send = |piece: &[u8]| stream.write_all(piece).expect("the server reads");
                send(format!("seed,{seed:03}\n").as_bytes());
                let (first, second) = rest.split_at(rest.len() / 2);
                send(first);
                half_way.wait();
                send(second);
                let mut answer = String::new();
                stream.read_to_string(&mut answer).expect("it answers");
                assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
            });
        }
    });
    let grown = peak(&server) - before;
    assert!(grown < MANY as u64 * OF_EACH, "{MANY} files of {MOST} bytes took {grown}");
    assert_eq!((kept(&register).len(), uploads(&register)), (MANY + 1, MANY as i64 + 1));
    sql.execute("DROP TRIGGER named");
    sql.execute("UPDATE uploads SET is_named = 0");
    server.end();
    register.assert_whole();
}

/// The limit of an application's files together, to the byte; and of what an organisation may leave unnamed.
#[test]
fn the_largest_case() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let uploaded = |seed, bytes| text(&upload(&provider, "a.csv", &lines(seed, bytes)).ok(), "digest").to_owned();
    let mut files: Vec<String> = (0..10).map(|seed| uploaded(seed, MOST)).collect();
    files.push(uploaded(10, 10));
    let submit = |files: &[String]| {
        let named: Vec<Value> = files.iter().map(|digest| json!({ "digest": digest })).collect();
        provider.post("/api/v1/applications", &json!({ "declaration": declaration(), "evidence": named })).send()
    };
    let refused = submit(&files).refused(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["read"]),
        (&json!("/evidence"), &json!("500000010"))
    );
    // The others would do.
    assert_eq!(submit(&files[..10]).ok()["evidence"].as_array().map(Vec::len), Some(10));
    // What no application names is bounded too; here the database says that there is as much as there may be.
    let sql = register.database().sql();
    assert_eq!(sql.execute("UPDATE uploads SET bytes = 1000000000 WHERE NOT is_named"), 1);
    upload(&provider, "more.csv", b"more,\n").refused(409, "file_too_many_unnamed");
    assert_eq!(text(&upload(&provider, "named.csv", &lines(0, MOST)).ok(), "digest"), files[0], "it is there already");
    server.end();
}
