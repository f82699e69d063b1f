//! Refusals outside the API: a page for people, a document for programs.

use tests::Answer;

use crate::refusal::Refusal;
use crate::stage::Stage;

/// Addresses with nothing there, and methods they do not know.
pub fn sweep(stage: &Stage) {
    let client = stage.client();
    for path in [
        "/nothing",
        "/en/nothing",
        "/registrations/x/y/z",
        "/%00",
        "/%ff",
        "/a%2f..%2fb",
        "/.env",
        "/static/nothing.css",
    ] {
        let is_english = path.starts_with("/en/");
        for accept in ["", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*"] {
            page(&client.get(path).header("accept", accept).send(), is_english);
        }
        let json = || client.get(path).header("accept", "application/json");
        let refusal = Refusal::read(&json().send(), is_english);
        assert_eq!((refusal.status, refusal.code.as_str()), (404, "not_found"), "{path}");
        Refusal::read(&json().header("accept-language", "en").send(), true);
    }
}

/// A search that cannot be read is not the search for everything: both faces refuse it.
pub fn queries(stage: &Stage) {
    let client = stage.client();
    for query in ["q=a&q=b", "state=valid&state=revoked", "after=A&q=x&after=B"] {
        for path in ["/register", "/en/register"] {
            let told = client.get(&format!("{path}?{query}")).header("accept", "text/html").send();
            let words = if path == "/register" { "同じ項目が二つあります" } else { "Name each thing once." };
            assert!(told.status == 422 && told.text().contains(words), "{}", told.told());
        }
    }
    let twice = client.get("/api/v1/registrations?state=valid&state=revoked").send();
    twice.refused(422, "invalid");
    // What is merely unknown asks for nothing.
    assert_eq!(client.get("/register?color=red&state=purple").send().status, 200);
}

#[track_caller]
fn page(answer: &Answer, is_english: bool) {
    let told = answer.told();
    assert_eq!((answer.status, answer.header("content-type")), (404, "text/html; charset=utf-8"), "{told}");
    let (language, title) = if is_english { ("en", "Not found") } else { ("ja", "見つかりません") };
    assert!(answer.text().contains(&format!("<html lang=\"{language}\"")), "{told}");
    assert!(answer.text().contains(title), "{told}");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{told}");
    assert_eq!(answer.header("cache-control"), "no-store", "{told}");
}
