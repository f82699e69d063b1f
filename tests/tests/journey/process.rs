//! The process: it ends when asked, starts again where it was, and refuses a database it does not understand.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use tests::{Case, Database, Engine, Register, Server, declaration, text};

tests::on_both!(
    asked_to_end_it_answers_what_is_under_way,
    idle_connections_do_not_keep_it,
    a_restart_keeps_everything,
    a_database_from_the_future_is_refused,
    the_database_may_go_away_for_a_moment,
);

fn asked_to_end_it_answers_what_is_under_way(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let body = declaration().to_string();
    let head = format!(
        "POST /api/v1/applications HTTP/1.1\r\nhost: otasuketai.example\r\ncontent-type: application/json\r\n\
         authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        cast.provider.api_key,
        body.len()
    );
    // The request is half sent when the server is asked to end.
    let (first, rest) = body.as_bytes().split_at(100);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    stream.write_all(head.as_bytes()).expect("the server reads");
    stream.write_all(first).expect("the server reads");
    thread::sleep(Duration::from_millis(200));
    server.ask_to_end();
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", server.port())).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it takes nobody new any more");
        thread::sleep(Duration::from_millis(10));
    }
    stream.write_all(rest).expect("the server still reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers, then closes");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(server.wait().success());

    let server = register.serve();
    let mine = server.client().signed_in(&cast.provider).get("/api/v1/applications").send().ok();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1), "what was answered was written");
    server.end();
    register.assert_whole();
}

fn idle_connections_do_not_keep_it(database: Database) {
    let register = Register::new(database);
    let server = register.serve();
    let client = server.client();
    assert_eq!(client.get("/health/live").send().status, 200);
    let _idle = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    thread::sleep(Duration::from_millis(50));
    let begun = Instant::now();
    server.end();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

fn a_restart_keeps_everything(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_user(&registration, "見本工業株式会社");
    let paths = [
        format!("/api/v1/applications/{}", case.id()),
        format!("/api/v1/applications/{}/examinations", case.id()),
        format!("/api/v1/registrations/{}", text(&registration, "number")),
        format!("/api/v1/licences/{}", text(&licence, "id")),
        format!("/licences/{}/mark.png", text(&licence, "id")),
        "/api/v1/log/leaves/12".to_owned(),
        "/.well-known/jwks.json".to_owned(),
    ];
    let told = |server: &Server| -> Vec<(u16, String, Vec<u8>)> {
        let client = server.client().signed_in(&cast.secretariat);
        let answers = paths.iter().map(|path| client.get(path).send());
        answers.map(|answer| (answer.status, answer.header("etag").to_owned(), answer.body)).collect()
    };
    let before = told(&server);
    for ((status, ..), path) in before.iter().zip(&paths) {
        assert_eq!(*status, 200, "{path}");
    }
    server.end();
    let checkpoint = |server: &Server| server.client().get("/log/checkpoint").send().text().to_owned();
    let server = register.serve();
    assert!(told(&server) == before, "something changed by itself");
    let first = checkpoint(&server);
    // Signed for the whole log when the server ended; a size never gets a second signature.
    assert_eq!(first.lines().nth(1), Some(register.fsck().document["acts"].to_string().as_str()));
    server.end();
    let server = register.serve();
    assert_eq!(checkpoint(&server), first);
    let marks = case.through(&server.client()).marks(&licence);
    assert_eq!(marks.map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"]);
    server.end();
    register.assert_whole();
}

fn a_database_from_the_future_is_refused(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    Case::submit(&server.client(), &cast, &declaration());
    server.end();
    let root = register.fsck().document["root"].clone();
    let sql = register.database().sql();
    sql.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)");
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["admin", "people"], &["serve", "--check"]] {
        let output = register.command(arguments).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(70), "{arguments:?}: {said}");
        assert!(said.contains("newer version") && said.contains("m9999_later"), "{arguments:?}: {said}");
    }
    sql.execute("DELETE FROM seaql_migrations WHERE version = 'm9999_later'");
    assert_eq!(register.fsck().document["root"], root, "nothing was touched");
    register.serve().end();
}

fn the_database_may_go_away_for_a_moment(database: Database) {
    if database.engine() == Engine::Sqlite {
        return; // a file does not hang up
    }
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let submit = || provider.post("/api/v1/applications", &declaration()).key("through-the-gap").send();
    let sql = register.database().sql();
    for _ in 0..3 {
        sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        // The first to notice may be told that nothing was recorded; whoever asks again is served.
        let begun = Instant::now();
        let answer = loop {
            let answer = submit();
            if answer.status == 201 {
                break answer.ok();
            }
            assert!([500, 503].contains(&answer.status), "{}", answer.told());
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not come back: {}", answer.told());
            thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(text(&answer, "stage"), "submitted");
    }
    let mine = provider.get("/api/v1/applications").send().ok();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1), "one request, one application: {}", mine);
    server.end();
    register.assert_whole();
}
