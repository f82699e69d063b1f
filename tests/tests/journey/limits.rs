//! Callers who ask too often, or too slowly: they are told or let go, and nobody else waits for them.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use tests::{Ask, Client, Database, Register, Server};

/// A server that counts, behind a proxy at this very address.
fn strict(register: &Register, per_second: u32) -> Server {
    let rate = format!("OTASUKETAI_REQUESTS_PER_SECOND={per_second}");
    register.serve_under(&["env", &rate, "OTASUKETAI_TRUSTED_PROXY=127.0.0.1"])
}

fn from<'a>(client: &'a Client, address: &str) -> Ask<'a> {
    client.get("/api/v1/editions").header("x-forwarded-for", address)
}

#[test]
fn too_many_requests() {
    let register = Register::new(Database::sqlite());
    let server = strict(&register, 1);
    let client = server.client();
    let answered = (0..40).take_while(|_| from(&client, "203.0.113.7").send().status == 200).count();
    // Ten at once, and one more for each second that this took.
    assert!((10..20).contains(&answered), "{answered}");
    let refused = from(&client, "203.0.113.7").header("accept-language", "en").send();
    let problem = refused.refused(429, "too_many_requests");
    let wait: u64 = refused.header("retry-after").parse().expect("it says when to come back");
    assert_eq!(wait, 1, "{problem}");
    assert!(!refused.header("content-security-policy").is_empty());
    let page = client.get("/register").header("x-forwarded-for", "203.0.113.7").send();
    assert_eq!((page.status, page.header("content-type")), (429, "text/html; charset=utf-8"));
    assert!(page.text().contains("要求が多すぎます"), "{}", page.told());
    let log = server.log();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("too_many_requests")).collect();
    assert!(told.len() == 1 && told[0].contains("network=\"203.0.113.7\""), "one line for all of them: {log}");

    assert_eq!(from(&client, "203.0.113.8").send().status, 200, "nobody else waits");
    // What a client writes in front of what the proxy adds changes nothing.
    assert_eq!(from(&client, "198.51.100.1, 203.0.113.7").send().status, 429);
    thread::sleep(Duration::from_secs(wait));
    assert_eq!(from(&client, "203.0.113.7").send().status, 200, "it is worth coming back");
    server.end();
}

/// The same tokens tried from many places.
#[test]
fn a_token_is_counted_wherever_it_is_shown() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = strict(&register, 1);
    let client = server.client().signed_in(&cast.auditor);
    let ask = |place: u32| client.get("/api/v1/applications").header("x-forwarded-for", &format!("203.0.113.{place}"));
    let answered = (1..=40).take_while(|place| ask(*place).send().status == 200).count();
    assert!((10..20).contains(&answered), "{answered}");
    ask(99).send().refused(429, "too_many_requests");
    server.end();
}

/// Without a trusted proxy nobody escapes by a header.
#[test]
fn an_untrusted_header_is_no_escape() {
    let register = Register::new(Database::sqlite());
    let server = register.serve_under(&["env", "OTASUKETAI_REQUESTS_PER_SECOND=1"]);
    let client = server.client();
    let answered = (1..=40).take_while(|place| from(&client, &format!("203.0.113.{place}")).send().status == 200);
    assert!((5..20).contains(&answered.count()));
    server.end();
}

/// Reads until the server closes: what came, and how long it took.
fn until_closed(mut stream: TcpStream, begun: Instant) -> (String, Duration) {
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a duration that is not zero");
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    assert!(!read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "the server holds the connection");
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

/// Many who never finish what they ask, one byte after the other; others are served meanwhile.
#[test]
fn slow_heads() {
    let register = Register::new(Database::sqlite());
    let server = register.serve();
    let begun = Instant::now();
    let connect = || TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    let mut slow: Vec<TcpStream> = (0..200).map(|_| connect()).collect();
    let silent = connect();
    for byte in b"GET / H" {
        for stream in &mut slow {
            stream.write_all(&[*byte]).expect("the server reads");
        }
        thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(server.client().get("/health/live").send().status, 200);
    for stream in slow.into_iter().chain([silent]) {
        let (answer, after) = until_closed(stream, begun);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!((8..40).contains(&after.as_secs()), "{after:?}");
    }
    assert_eq!(server.client().get("/health/live").send().status, 200);
    server.end();
}

/// A body that was announced and does not come.
#[test]
fn slow_bodies() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let begun = Instant::now();
    let head = |framing: &str| {
        format!(
            "POST /api/v1/applications HTTP/1.1\r\nhost: otasuketai.example\r\ncontent-type: application/json\r\n\
             accept-language: en\r\nauthorization: Bearer {}\r\n{framing}\r\n\r\n",
            cast.provider.api_key
        )
    };
    let announced = format!("{}{{", head("content-length: 1000"));
    let chunked = format!("{}1\r\n{{\r\n", head("transfer-encoding: chunked"));
    let streams = [announced, chunked].map(|request| {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("the server reads");
        stream
    });
    for stream in streams {
        let (answer, after) = until_closed(stream, begun);
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"code\":\"too_slow\""), "{answer}");
        assert!((25..60).contains(&after.as_secs()), "{after:?}");
    }
    let mine = server.client().signed_in(&cast.provider).get("/api/v1/applications").send().ok();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(0), "nothing was recorded");
    server.end();
}
