//! Forms of the pages, posted wrongly: refused with a page, nothing changed. What a form asks for, and how it comes back
//! with what was typed, the tests of the pages show.

use serde_json::json;
use tests::{Answer, Ask, Client};

use crate::raw;
use crate::stage::Stage;

const FORM: &str = "application/x-www-form-urlencoded";

/// A form's address, and whose it is; none where anybody may post it.
struct Posted {
    path: String,
    token: Option<String>,
}

/// The addresses that take a form, each on something in the state it is for.
fn forms(stage: &Stage) -> Vec<Posted> {
    let of = |operation: &str| {
        let operation = stage.operations.iter().find(|known| known.id == operation).expect("it is in the document");
        let right = stage.right(operation);
        let id = right.path.split('/').nth(4).expect("its id is behind the collection").to_owned();
        (id, right.token.expect("it is signed in"))
    };
    let desk = |operation: &str, path: &str| {
        let (id, token) = of(operation);
        Posted { path: path.replace("ID", &id), token: Some(token) }
    };
    let provider = stage.cast.provider.token.clone();
    vec![
        Posted { path: "/verify".into(), token: None },
        Posted { path: "/en/verify".into(), token: None },
        Posted { path: "/sign-in".into(), token: None },
        Posted { path: "/applications".into(), token: Some(provider.clone()) },
        desk("resubmitApplication", "/applications/ID/declaration"),
        desk("withdrawApplication", "/applications/ID/withdraw"),
        desk("register", "/applications/ID/registration"),
        desk("acceptApplication", "/intake/ID/accept"),
        desk("returnApplication", "/intake/ID/return"),
        desk("judge", "/examinations/ID/judgements"),
        desk("recommend", "/examinations/ID/recommendation"),
        desk("decide", "/decisions/ID"),
        desk("grantLicence", "/register/ID/licences"),
        desk("takeMeasure", "/register/ID/suspend"),
        desk("takeMeasure", "/register/ID/revoke"),
        desk("closeLicence", "/licences/ID/end"),
    ]
}

/// Every form.
pub fn sweep(stage: &Stage) {
    let client = stage.client();
    for form in forms(stage) {
        for body in bodies() {
            let answer = form.post(&client).body(FORM, body.clone()).send();
            // Asking about a mark changes nothing, and whatever is typed may be asked.
            let is_question = form.path.ends_with("/verify") && answer.status == 303;
            assert!(is_question || is_refusal(&answer), "{:?}: {}", String::from_utf8_lossy(&body), answer.told());
        }
        for content_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let answer = form.post(&client).body(content_type, "reason=x").send();
            assert!(is_refusal(&answer), "{content_type}: {}", answer.told());
        }
        too_large(stage, &form);
        if form.token.is_some() {
            strangers(stage, &form);
        }
    }
}

fn bodies() -> Vec<Vec<u8>> {
    let many = (0..20_000).map(|n| format!("f{n}={n}&")).collect::<String>();
    [
        &b""[..],
        b"=",
        b"&&&",
        b"nothing=asked",
        b"reason=%00%00&version=1",
        b"reason=%ff%fe&version=x",
        b"\xff\xfe\x00",
        b"version=-1&%2Freason=%E2%80%AE",
        b"version=99999999999999999999&%2Freason=x",
        "%2Freason=理由&version=".as_bytes(),
        many.as_bytes(),
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}

impl Posted {
    /// As a browser on our own page posts it.
    fn post<'a>(&self, client: &'a Client) -> Ask<'a> {
        let ask = client.ask("POST", &self.path).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        match &self.token {
            Some(token) => ask.header("cookie", &format!("__Host-session={token}")),
            None => ask,
        }
    }
}

/// A page for people, that somebody's request was refused.
fn is_refusal(answer: &Answer) -> bool {
    (400..500).contains(&answer.status)
        && answer.header("content-type") == "text/html; charset=utf-8"
        && answer.headers.get("set-cookie").is_none()
        && answer.text().contains("<html lang=")
}

/// A reason longer than the other face takes is refused here too: it would stand on the page of every mark.
pub fn too_long(stage: &Stage) {
    let operation = stage.operations.iter().find(|known| known.id == "takeMeasure").expect("it is there");
    let right = stage.right(operation);
    let number = right.path.split('/').nth(4).expect("a number");
    let form = Posted { path: format!("/register/{number}/suspend"), token: right.token.clone() };
    let body = format!("version={}&%2Freason={}", right.version.expect("a version"), "a".repeat(4_001));
    let answer = form.post(&stage.client()).body(FORM, body).send();
    assert!(answer.status == 422 && answer.text().contains("4000文字以内"), "{}", answer.told());
}

fn too_large(stage: &Stage, form: &Posted) {
    let body = [b"reason=".as_slice(), &vec![b'x'; 1 << 20]].concat();
    let cookie = form.token.as_ref().map_or("X-None: 0".to_owned(), |token| format!("Cookie: __Host-session={token}"));
    let kind = format!("Content-Type: {FORM}");
    let site = "Sec-Fetch-Site: same-origin";
    for (framing, body) in [
        (format!("Content-Length: {}", body.len()), body.clone()),
        ("Transfer-Encoding: chunked".to_owned(), raw::chunked(&body)),
    ] {
        let lines = [cookie.as_bytes(), kind.as_bytes(), site.as_bytes(), framing.as_bytes()];
        let (status, header, _) = raw::send(stage.server.port(), &raw::request("POST", &form.path, &lines, &body));
        assert_eq!(status, 413, "{}", form.path);
        assert!(header.contains("content-type: text/html"), "{header}");
    }
}

/// Signed out, with somebody else's token, or from another site.
fn strangers(stage: &Stage, form: &Posted) {
    let client = stage.client();
    let body = "%2Freason=x&version=1";
    let from_outside = |site: &str| client.ask("POST", &form.path).header("sec-fetch-site", site).body(FORM, body);
    let cookie = format!("__Host-session={}", form.token.as_ref().expect("somebody's"));
    for (ask, statuses) in [
        (from_outside("same-origin"), [401, 401]),
        (from_outside("same-origin").header("cookie", "__Host-session=otk_x"), [401, 401]),
        (from_outside("same-origin").header("cookie", &format!("__Host-session={}", stage.ended_token)), [401, 401]),
        (
            from_outside("same-origin")
                .header("cookie", &format!("session={}", form.token.as_ref().expect("somebody's"))),
            [401, 401],
        ),
        (from_outside("cross-site").header("cookie", &cookie), [403, 403]),
        (from_outside("same-site").header("cookie", &cookie), [403, 403]),
        (from_outside("none").header("cookie", &cookie), [403, 403]),
        (client.ask("POST", &form.path).header("cookie", &cookie).body(FORM, body), [403, 403]),
        (
            client
                .ask("POST", &form.path)
                .header("cookie", &cookie)
                .header("origin", "https://elsewhere.example")
                .body(FORM, body),
            [403, 403],
        ),
        (
            client.ask("POST", &form.path).header("cookie", &cookie).header("origin", "null").body(FORM, body),
            [403, 403],
        ),
    ] {
        let answer = ask.send();
        assert!(statuses.contains(&answer.status) && is_refusal(&answer), "{}", answer.told());
    }
    for (role, token) in stage.tokens() {
        if Some(token) == form.token.as_deref() {
            continue;
        }
        if is_theirs_too(role, &form.path) {
            continue;
        }
        let other = Posted { path: form.path.clone(), token: Some(token.to_owned()) };
        let answer = other.post(&client).body(FORM, body).send();
        assert!(matches!(answer.status, 401 | 403 | 404) && is_refusal(&answer), "{role}: {}", answer.told());
    }
}

/// Forms that are for more than the one whose right request stands on the stage.
fn is_theirs_too(role: &str, path: &str) -> bool {
    match role {
        "stranger" => path == "/applications",
        "provider" => path.starts_with("/licences/"),
        "secretariat" => path.starts_with("/register/") && path.ends_with("/licences"),
        _ => false,
    }
}

/// What a form brings is tidied like what the JSON face brings.
pub fn tidied(stage: &Stage) {
    let operation = stage.operations.iter().find(|known| known.id == "withdrawApplication").expect("it is there");
    let right = stage.right(operation);
    let id = right.path.split('/').nth(4).expect("an id");
    let form = Posted { path: format!("/applications/{id}/withdraw"), token: right.token.clone() };
    let body = format!("version={}&%2Freason=%00%E2%80%AE+見直す\r\nため%1B%5B31m+", right.version.expect("a version"));
    let answer = form.post(&stage.client()).body(FORM, body).send();
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, format!("/applications/{id}").as_str()),
        "{}",
        answer.told()
    );
    let by = stage.client().with_token(&right.token.expect("somebody's"));
    let application = by.get(&format!("/api/v1/applications/{id}")).send().ok();
    assert_eq!(application["withdrawn"], json!("見直す\nため[31m"));
}
