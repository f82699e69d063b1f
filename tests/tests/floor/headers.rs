//! HTTP header injection and request smuggling: a stranger's line end ends no line.

use tests::{Database, raw};

use crate::places::House;

/// A line end, as it can be written in an address, and a header behind it.
const LINES: [&str; 8] = [
    "x%0d%0aX-Injected:%20yes",
    "x%0aX-Injected:%20yes",
    "x%0dX-Injected:%20yes",
    "x%0d%0a%0d%0a%3Cscript%3E",
    "x%250d%250aX-Injected:%20yes",
    "x%E5%98%8D%E5%98%8AX-Injected:%20yes",
    "%2fx%0d%0aSet-Cookie:%20__Host-session=x",
    "x%C2%85X-Injected:%20yes%E2%80%A8",
];

#[test]
fn a_line_end_in_an_address_reaches_no_header() {
    let house = House::open(Database::sqlite());
    for place in house.places() {
        for line in LINES {
            let (status, header, _) = house.ask(&place, line);
            assert!(status < 500, "{place} {line}: {header}");
            assert_whole(&format!("{place} {line}"), &header);
        }
    }
    house.server.end();
}

/// Forms that answer with an address to go on to.
#[test]
fn a_line_end_in_a_form_reaches_no_header() {
    let house = House::open(Database::sqlite());
    let (number, licence) = (&house.number, &house.licence);
    for line in LINES {
        for (path, form) in [
            ("/verify", format!("code={line}")),
            ("/verify", format!("code={number}{line}")),
            ("/verify", format!("code={licence}{line}")),
            ("/verify", format!("code=https://otasuketai.example/{licence}{line}")),
            ("/en/verify", format!("code=1234{line}")),
            ("/sign-in", format!("token={line}")),
            ("/sign-in", format!("token=x&next=/{line}")),
        ] {
            let answer = house.post(path, &form);
            assert!(answer.status < 500, "{form}: {}", answer.told());
            assert!(answer.headers.get("x-injected").is_none(), "{form}: {:?}", answer.headers);
            assert!(answer.headers.get_all("set-cookie").iter().count() <= 1, "{form}: {:?}", answer.headers);
            let location = answer.header("location");
            assert!(location.is_empty() || location.starts_with('/') && !location.starts_with("//"), "{location}");
        }
    }
    house.server.end();
}

fn assert_whole(asked: &str, header: &str) {
    let mut lines = header.split("\r\n");
    assert!(lines.next().is_some_and(|status| status.starts_with("http/1.1 ")), "{asked}: {header}");
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{asked}: no header: {line}"));
        // The forms before a sign-in are tied to the visit by a cookie of ours.
        let is_visit =
            name == "set-cookie" && value.starts_with("__host-visit=ots_") && value.matches('=').count() == 3;
        assert!(is_visit || !["x-injected", "set-cookie", "location"].contains(&name), "{asked}: {header}");
        assert!(!line.contains(['\r', '\n']), "{asked}: {line}");
    }
}

/// Bare line ends, folded lines and names that are none are refused before anything is routed.
#[test]
fn a_head_that_two_readers_understand_differently_is_refused() {
    let server = House::open(Database::sqlite()).server;
    for line in [
        &b"X-One: a\nX-Two: b\rX-Three: c"[..],
        b"X-One : a",
        b"X\x00: a",
        b"X-One: a\x00b",
        b" folded: a",
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Content-Length: -1",
        b"Content-Length: 1, 2",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked, identity",
    ] {
        let (status, ..) = raw::send(server.port(), &raw::request("POST", "/verify", &[line], b""));
        assert_eq!(status, 400, "{:?}", String::from_utf8_lossy(line));
    }
    server.end();
}

/// A body in chunks that also says its length is read by its chunks, and what follows is a request of its own.
#[test]
fn a_body_has_one_length() {
    let server = House::open(Database::sqlite()).server;
    let lines: [&[u8]; 4] = [
        b"Content-Type: application/x-www-form-urlencoded",
        b"Sec-Fetch-Site: same-origin",
        b"Content-Length: 4",
        b"Transfer-Encoding: chunked",
    ];
    let body = b"b\r\ncode=zqxzqx\r\n0\r\n\r\nGET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n";
    let (status, header, answer) = raw::send(server.port(), &raw::request("POST", "/verify", &lines, body));
    assert!([400, 422].contains(&status), "{header}");
    let text = String::from_utf8_lossy(&answer);
    assert!(status == 400 || text.contains("zqxzqx"), "the chunk was the body: {text}");
    assert!(!text.contains("User-agent: *"), "the connection was to be closed: {text}");
    server.end();
}
