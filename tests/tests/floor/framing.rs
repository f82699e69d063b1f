//! Clickjacking, and the other headers that every answer carries, whatever kind of answer it is.

use tests::{Answer, Database, Register};

use crate::places::House;

/// One answer of every kind, named by what it shows.
fn kinds(house: &House) -> Vec<(u16, Answer)> {
    let client = house.client();
    let (number, licence) = (&house.number, &house.licence);
    let get = |path: &str| client.get(path).header("accept", "text/html").send();
    let known = |path: &str| {
        let etag = get(path).header("etag").to_owned();
        client.get(path).header("accept", "text/html").header("if-none-match", &etag).send()
    };
    let registration = format!("/api/v1/registrations/{number}");
    let picture = format!("/licences/{licence}/mark.png");
    let large = "x".repeat(40 << 10);
    vec![
        (200, get("/")),
        (200, get("/en")),
        (200, get("/register?q=x")),
        (200, get(&format!("/register/{number}"))),
        (200, get("/verify")),
        (200, get("/sign-in")),
        (200, get(&format!("/{licence}"))),
        (200, get(&format!("/en/{licence}"))),
        (200, get("/1234567890")),
        (200, get("/robots.txt")),
        (200, get("/static/site.css")),
        (200, get("/static/icon.svg")),
        (200, get(&picture)),
        (200, get(&picture.replace("png", "svg"))),
        (200, get("/health/live")),
        (200, get("/health/ready")),
        (200, get("/log/checkpoint")),
        (200, get("/.well-known/jwks.json")),
        (200, get("/api/v1/openapi.json")),
        (200, get("/api/v1/docs")),
        (200, get("/api/v1/docs/swagger-ui.js")),
        (200, get("/api/v1/registrations")),
        (200, get(&registration)),
        (200, get(&format!("/api/v1/marks/{licence}"))),
        (200, get("/api/v1/log/leaves/0")),
        (200, client.ask("HEAD", "/").send()),
        (200, client.ask("HEAD", &registration).send()),
        (303, house.post("/verify", &format!("code={licence}"))),
        (304, known("/static/site.css")),
        (304, known(&registration)),
        (304, known(&picture)),
        (401, get("/applications")),
        (401, get("/api/v1/applications")),
        (403, client.ask("POST", "/sign-in").body("application/x-www-form-urlencoded", "token=x").send()),
        (404, get("/nothing/there")),
        (404, get("/api/v1/nothing")),
        (404, get("/static/nothing.css")),
        (405, client.ask("DELETE", "/register").header("accept", "text/html").send()),
        (405, client.ask("DELETE", "/api/v1/registrations").send()),
        (405, client.ask("OPTIONS", "/api/v1/registrations").header("origin", "https://elsewhere.example").send()),
        (
            413,
            client
                .apart()
                .ask("POST", "/verify")
                .body("application/x-www-form-urlencoded", vec![b'x'; (1 << 20) + 1024])
                .send(),
        ),
        (415, client.ask("POST", "/api/v1/assessments").body("text/plain", "x").send()),
        (422, house.post("/verify", "code=x")),
        (431, client.ask("POST", "/verify").header("x-large", &large).body("text/plain", "x").send()),
        (422, get("/api/v1/registrations?limit=0")),
        (431, client.get("/").header("x-large", &large).send()),
    ]
}

#[test]
fn every_kind_of_answer_carries_the_headers() {
    let house = House::open(Database::sqlite());
    for (status, answer) in kinds(&house) {
        assert_eq!(answer.status, status, "{}", answer.told());
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|one| one == directive), "{directive}: {}", answer.told());
        }
        assert!(!policy.contains("unsafe-") && !policy.contains('*'), "{policy}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name}: {}", answer.told());
        }
        let referrer = answer.header("referrer-policy");
        assert!(["same-origin", "no-referrer"].contains(&referrer), "{referrer}: {}", answer.told());
        // A body that was not read is not read: the connection ends, and says so.
        let is_closed = status == 413 || status == 431 && answer.asked.starts_with("POST");
        assert_eq!(answer.header("connection") == "close", is_closed, "{}", answer.told());
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{}", answer.told());
    }
    house.server.end();
}

/// Behind TLS every answer asks for TLS from then on; where the register is reached without, none does.
#[test]
fn every_answer_over_tls_asks_for_tls() {
    let house = House::open(Database::sqlite());
    for (_, answer) in kinds(&house) {
        let asked = answer.header("strict-transport-security");
        assert_eq!(asked, "max-age=31536000; includeSubDomains", "{}", answer.told());
    }
    house.server.end();
    let plain = Register::at(Database::sqlite(), "http://127.0.0.1:8080").serve();
    for path in ["/", "/nothing", "/api/v1/registrations", "/static/site.css"] {
        assert!(plain.client().get(path).send().headers.get("strict-transport-security").is_none(), "{path}");
    }
}

/// No other site is let in: nothing says so, whatever it calls itself. What verifiers on other sites need is for everybody,
/// is asked for without a session, and changes nothing.
#[test]
fn no_other_origin_is_let_in() {
    let house = House::open(Database::sqlite());
    for origin in ["https://elsewhere.example", "null", "https://otasuketai.example.elsewhere.example"] {
        for path in ["/api/v1/registrations", "/", "/api/v1/applications", "/log/checkpoint"] {
            for method in ["GET", "OPTIONS"] {
                let ask = house.client();
                let ask = ask.ask(method, path).header("origin", origin).header("accept", "application/json");
                let answer = ask.header("access-control-request-method", "POST").send();
                let told: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-")).collect();
                assert!(told.is_empty(), "{method} {path}: {told:?}");
            }
        }
        let known = ["jwks.json", "cose-keys", "did.json"].map(|name| format!("/.well-known/{name}"));
        let lists = ["/status", "/status/0", "/status/bundle", "/credentials/v1"].map(str::to_owned);
        for path in known.iter().chain(&lists) {
            let answer = house.client().get(path).header("origin", origin).send();
            let told: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-")).collect();
            assert_eq!(told, ["access-control-allow-origin"], "{path}: {}", answer.told());
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert!(answer.headers.get("set-cookie").is_none(), "{path}");
        }
    }
    house.server.end();
}

/// What the type of an answer says is what it is, with its letters' encoding.
#[test]
fn every_answer_says_what_it_is() {
    let house = House::open(Database::sqlite());
    for (_, answer) in kinds(&house).into_iter().filter(|(_, answer)| !answer.body.is_empty()) {
        let kind = answer.header("content-type");
        let begins = |start: &[u8]| answer.body.starts_with(start);
        let is_right = match kind.split(';').next().unwrap_or_default() {
            "text/html" => answer.text().to_lowercase().starts_with("<!doctype html>"),
            "application/json" | "application/problem+json" | "application/jwk-set+json" => answer.json().is_object(),
            "image/svg+xml" => begins(b"<svg") || begins(b"<?xml"),
            "image/png" => begins(b"\x89PNG"),
            "text/css" | "text/javascript" | "text/plain" => std::str::from_utf8(&answer.body).is_ok(),
            _ => false,
        };
        assert!(is_right, "{kind}: {}", answer.told());
        // JSON is UTF-8 by definition and its type takes no parameter (RFC 8259, 11).
        let is_text = kind.starts_with("text/") || kind.starts_with("image/svg+xml");
        assert!(!is_text || kind.ends_with("; charset=utf-8"), "{kind}: {}", answer.told());
    }
    house.server.end();
}

/// Nobody is named: neither the program nor its version.
#[test]
fn no_answer_names_the_server() {
    let house = House::open(Database::sqlite());
    for (_, answer) in kinds(&house) {
        for name in ["server", "x-powered-by", "x-aspnet-version", "via"] {
            assert!(answer.headers.get(name).is_none(), "{name}: {}", answer.told());
        }
    }
    house.server.end();
}
