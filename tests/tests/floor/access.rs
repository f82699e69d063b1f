//! Access: a page that is not written down as public asks who is there.

use tests::Database;

use crate::places::{House, encoded, is_public};
use crate::sources;

/// A page that anybody may look at is a decision: it is in `places.rs`, or it is refused here.
#[test]
fn every_other_page_asks_who_is_there() {
    let house = House::open(Database::sqlite());
    let behind: Vec<String> = sources::page_routes().into_iter().filter(|route| !is_public(route)).collect();
    assert!(behind.len() >= 9, "{behind:?}");
    for route in behind {
        let path = route.replace(':', "A-2026-00001");
        for cookie in ["", "__Host-session=", "__Host-session=x", "__Host-session=ots_x", "session=ots_x"] {
            let answer = house.client().get(&path).header("accept", "text/html").header("cookie", cookie).send();
            assert_eq!(answer.status, 401, "{}", answer.told());
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert!(answer.headers.get("set-cookie").is_none(), "{path}");
        }
        // A token in the address opens nothing: addresses are kept and passed on.
        for name in ["token", "access_token", "session", "__Host-session"] {
            let with = format!("{path}?{name}={}", house.cast.secretariat.session);
            assert_eq!(house.client().get(&with).header("accept", "text/html").send().status, 401, "{name}");
        }
    }
    house.server.end();
}

/// A method that an address does not know changes nothing, however it is written.
#[test]
fn no_header_stands_for_another_method() {
    let house = House::open(Database::sqlite());
    let before = house.traces();
    let client = house.client().signed_in(&house.cast.secretariat);
    for (name, value) in [
        ("x-http-method-override", "POST"),
        ("x-http-method", "POST"),
        ("x-method-override", "DELETE"),
        ("x-original-url", "/intake"),
        ("x-rewrite-url", "/intake"),
    ] {
        let answer = client.get("/api/v1/registrations").header(name, value).send();
        assert!(answer.status == 200 && answer.json()["items"].is_array(), "{name}: {}", answer.told());
        let page = house.client().get("/register").header(name, value).send();
        assert!(page.status == 200 && page.text().contains("id=\"q\""), "{name}: {}", page.told());
    }
    assert_eq!(house.traces(), before);
    house.server.end();
}

/// Nothing is left lying about: no source control, no editor's copy, no debugging page.
#[test]
fn nothing_is_left_lying_about() {
    let house = House::open(Database::sqlite());
    for path in [
        "/.git/HEAD",
        "/.env",
        "/.gitignore",
        "/Cargo.toml",
        "/Cargo.lock",
        "/src/main.rs",
        "/static/site.css~",
        "/static/site.css.bak",
        "/config.toml",
        "/keys.pem",
        "/register.sqlite",
        "/debug",
        "/metrics",
        "/admin",
        "/server-status",
        "/actuator/env",
        "/phpinfo.php",
        "/.DS_Store",
        "/static/design-tokens/tokens.css",
    ] {
        for accept in ["text/html", "application/json"] {
            let answer = house.client().get(path).header("accept", accept).send();
            assert_eq!(answer.status, 404, "{}", answer.told());
        }
    }
    house.server.end();
}

/// Two readers of an address take the same of two: nothing. Neither face answers another question than was asked.
#[test]
fn a_parameter_given_twice_is_read_in_one_way() {
    let house = House::open(Database::sqlite());
    let osaka = encoded("大阪商工会議所");
    for query in [format!("q={osaka}&q=zqxzqx"), format!("q=zqxzqx&q={osaka}"), "q=x&q=x".to_owned()] {
        house.client().get(&format!("/api/v1/registrations?{query}")).send().refused(422, "invalid");
        let page = house.client().get(&format!("/register?{query}")).header("accept", "text/html").send();
        assert_eq!((page.status, page.text().matches("class=\"card\"").count()), (422, 0), "{query}: {}", page.told());
    }
    house.server.end();
}
