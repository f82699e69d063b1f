//! Cross-site scripting: what a stranger writes is shown as letters, on every public page.

use tests::Database;

use crate::places::{House, encoded};
use crate::sources;

/// Texts that break out of where they are put, and what must then not be in the page.
const TEXTS: [(&str, &str); 8] = [
    ("\"><script>alert(1)</script>", "<script>alert"),
    ("</title><svg onload=alert(1)>", "<svg onload"),
    ("</textarea><img src=x onerror=alert(1)>", "<img src=x"),
    ("</p><a href=javascript:alert(1)>x</a>", "<a href=javascript"),
    ("x\" onmouseover=\"alert(1)", "\" onmouseover=\"alert"),
    ("x' onmouseover='alert(1)", "' onmouseover='alert"),
    ("<!--<script>", "<!--<script"),
    ("＜script＞alert(1)＜/script＞", "<script>alert"),
];

#[test]
fn what_a_stranger_writes_is_shown_as_letters() {
    let house = House::open(Database::sqlite());
    let mut shown = 0;
    for place in house.places() {
        for (text, harm) in TEXTS {
            let (_, header, body) = house.ask(&place, &encoded(text));
            shown += usize::from(assert_harmless(&format!("{place} {text}"), &header, &body, harm));
        }
    }
    for (path, field) in [("/verify", "code"), ("/en/verify", "code"), ("/sign-in", "token"), ("/sign-in", "next")] {
        for (text, harm) in TEXTS {
            let answer = house.post(path, &format!("{field}={}", encoded(text)));
            let header = format!("content-type: {}", answer.header("content-type"));
            shown += usize::from(assert_harmless(path, &header, &answer.body, harm));
        }
    }
    assert!(shown > 30, "what was written came back on {shown} pages");
    house.server.end();
}

/// Did a page show what was written? A program's answer is of a type that no browser shows as a page.
fn assert_harmless(asked: &str, header: &str, body: &[u8], harm: &str) -> bool {
    let text = String::from_utf8_lossy(body);
    let kind = header.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    if kind != "text/html; charset=utf-8" {
        let is_plain = ["application/json", "application/problem+json", "text/plain", "image/svg+xml"];
        assert!(body.is_empty() || is_plain.iter().any(|plain| kind.starts_with(plain)), "{asked}: {kind}");
        return false;
    }
    assert!(!text.contains(harm), "{asked}: {text}");
    assert!(!text.contains("href=\"javascript:") && !text.contains("href=\"data:"), "{asked}: {text}");
    ["&#60;", "&lt;", "&#34;", "&#39;", "&quot;", "＜script"].iter().any(|escape| text.contains(escape))
}

/// Every template escapes, and none is told not to.
#[test]
fn no_template_says_that_a_text_is_safe() {
    let mut count = 0;
    for folder in ["public", "desk", "parts"] {
        for entry in std::fs::read_dir(sources::root().join("api/templates").join(folder)).expect("templates") {
            let path = entry.expect("a folder can be read").path();
            let text = std::fs::read_to_string(&path).expect("templates are text");
            for word in ["|safe", "| safe", "escape none", "autoescape false"] {
                assert!(!text.contains(word), "{} says {word}", path.display());
            }
            assert!(path.extension().is_some_and(|kind| kind == "html"), "escaped for HTML: {}", path.display());
            count += 1;
        }
    }
    assert!(count > 20, "{count} templates");
    // Parts that write their own tags, of texts that they, or their own templates, escape.
    let parts = ["api/src/web/view/parts.rs", "api/src/web/view/form/part.rs", "api/src/web/view/questions.rs"];
    let written = sources::holding("api/src/web", &["escape = \"none\"", "MarkupDisplay", "HtmlSafe", "Safe("]);
    let others: Vec<_> = written.iter().filter(|line| !parts.iter().any(|part| line.starts_with(part))).collect();
    assert!(others.is_empty(), "{others:#?}");
}
