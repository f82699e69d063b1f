//! Path traversal: no address leads to a file that is not meant to be read.

use tests::{Database, raw};

use crate::places::{House, encoded};
use crate::sources;

/// What leads out of a folder, where somebody lets it.
const WAYS_OUT: [&str; 14] = [
    "../Cargo.toml",
    "../../../../../../etc/passwd",
    "....//....//etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%5c..%5c..%5cetc%5cpasswd",
    "..%c0%af..%c0%afetc%c0%afpasswd",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "site.css%00.svg",
    "site.css/../../keys.pem",
    "file:%2f%2f%2fetc%2fpasswd",
    ".%00./etc/passwd",
];

/// In every place that is part of a path, and behind every folder there is.
#[test]
fn no_address_leads_out_of_its_folder() {
    let house = House::open(Database::sqlite());
    let keys = house.register.data().join("keys.pem");
    let own = encoded(keys.to_str().expect("temporary folders have plain names"));
    let ways: Vec<&str> = WAYS_OUT.into_iter().chain([own.as_str()]).collect();
    let in_path = house.places().into_iter().filter(|place| !place.contains('?'));
    let folders = ["/static/{}", "/.well-known/{}", "/log/{}", "/health/{}", "/api/v1/docs/{}", "/api/v1/schemas/{}"];
    for place in in_path.chain(folders.map(str::to_owned)) {
        for way in &ways {
            let (status, header, body) = house.ask(&place, way);
            // A code always has an answer, and it says that it is no mark of ours.
            let is_mark = place == "/api/v1/marks/{}" && status == 200;
            assert!((400..500).contains(&status) || is_mark, "{place} {way}: {header}");
            assert_nothing_read(&format!("{place} {way}"), &body);
        }
    }
    for target in
        ["/static/../../Cargo.toml", "/../Cargo.toml", "//etc/passwd", "/./../keys.pem", "/static//etc/passwd"]
    {
        let (status, _, body) = raw::send(house.server.port(), &raw::request("GET", target, &[], b""));
        assert!((400..500).contains(&status), "{target}: {status}");
        assert_nothing_read(target, &body);
    }
    house.server.end();
}

/// Beginnings of the files that were asked for.
fn assert_nothing_read(asked: &str, body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    for beginning in ["root:x:", "[workspace]", "-----BEGIN", "SQLite format"] {
        assert!(!text.contains(beginning), "{asked}: {text}");
    }
}

/// A folder is not listed, with or without a slash behind it.
#[test]
fn no_folder_is_listed() {
    let house = House::open(Database::sqlite());
    for path in ["/static", "/static/", "/licences/", "/.well-known/", "/log/", "/.git/", "/.git/config"] {
        let answer = house.client().get(path).header("accept", "text/html").send();
        assert_eq!(answer.status, 404, "{}", answer.told());
    }
    house.server.end();
}

/// Neither face opens a file: what they serve is inside the binary, or in the database.
#[test]
fn no_face_opens_a_file() {
    let opens = ["std::fs", "tokio::fs", "fs::", "File::", "StaticFile", "OpenOptions", "std::path", "PathBuf"];
    for folder in ["api/src/http", "api/src/web", "api/src/acts", "api/src/server", "api/src/problem"] {
        let found = sources::holding(folder, &opens);
        assert!(found.is_empty(), "{found:#?}");
    }
    assert!(!sources::holding("api/src/seal", &opens).is_empty(), "the words are the right ones");
}
