//! The root of every answer: gives problems their words, and every answer its headers.

use domain::text::Language;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use serde_json::{Value, json};

use super::Problem;
use crate::caller::{self, COOKIE, SECURE_COOKIE};
use crate::web;

/// Addresses whose answers are for programs.
const FOR_PROGRAMS: [&str; 5] = ["/api/", "/health/", "/log/", "/.well-known/", "/status/"];

/// What the caller can read.
#[derive(Clone, Copy, Debug)]
struct Reader {
    language: Language,
    wants_page: bool,
    is_demo: bool,
    /// The register is reached over TLS.
    is_secure: bool,
    /// The browser has a session's cookie.
    has_session: bool,
}

/// Serves a request and dresses whatever comes of it.
pub async fn dress<E: Endpoint>(
    endpoint: E,
    is_demo: bool,
    is_secure: bool,
    request: Request,
) -> poem::Result<Response> {
    let reader = reader(&request, is_demo, is_secure);
    let mut request = request;
    let id = RequestId::draw();
    request.extensions_mut().insert(id.clone());
    let is_head = request.method() == Method::HEAD;
    let uri = request.uri().clone();
    let mut response = match endpoint.call(request).await {
        Ok(output) => output.into_response(),
        Err(error) => refused(error, &uri),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = written(&problem, reader);
    }
    if is_head {
        response.take_body();
    }
    secure(response.headers_mut(), reader.wants_page);
    if reader.is_secure {
        // A year, and every host below: the register is one host, and nothing of it is ever served without TLS.
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response.headers_mut().insert(REQUEST_ID, HeaderValue::from_str(&id.0).expect("its letters are ASCII"));
    Ok(response)
}

/// A request's own name, under which its answer, its log lines and its lines of the trail are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// At the end of a session a browser lets go what it keeps of this site; the cookie is told apart.
pub const CLEAR_SITE_DATA: header::HeaderName = header::HeaderName::from_static("clear-site-data");
pub const EVERYTHING_KEPT: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

const REQUEST_ID: header::HeaderName = header::HeaderName::from_static("x-request-id");

impl RequestId {
    fn draw() -> Self {
        let bytes: [u8; 10] = rand::random();
        Self(data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase())
    }
}

fn reader(request: &Request, is_demo: bool, is_secure: bool) -> Reader {
    let path = request.uri().path();
    let is_english = path == "/en" || path.starts_with("/en/");
    let accepts = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or("");
    let is_program = FOR_PROGRAMS.iter().any(|prefix| path.starts_with(prefix));
    let wants_page = !is_program && !accepts(header::ACCEPT).contains("application/json");
    let language = match (is_english, wants_page) {
        (true, _) => Language::En,
        (false, false) => preferred(accepts(header::ACCEPT_LANGUAGE)),
        // A page's language is its address's, never the browser's guess.
        (false, true) => Language::Ja,
    };
    let name = if is_secure { SECURE_COOKIE } else { COOKIE };
    let has_session = caller::cookie(request.headers(), name).is_some();
    Reader { language, wants_page, is_demo, is_secure, has_session }
}

/// Japanese, unless English is asked for with more weight.
pub fn preferred(accept_language: &str) -> Language {
    let weight = |wanted: &str| {
        accept_language
            .split(',')
            .filter_map(|part| {
                let (tag, parameters) = part.trim().split_once(';').unwrap_or((part.trim(), "q=1"));
                let weight: f32 = parameters.trim().strip_prefix("q=")?.parse().ok()?;
                tag.to_ascii_lowercase().split('-').next().filter(|main| *main == wanted).map(|_| weight)
            })
            .fold(0.0_f32, f32::max)
    };
    if weight("en") > weight("ja") { Language::En } else { Language::Ja }
}

/// A handler's own problem, or one for what the framework refused by itself.
fn refused(error: poem::Error, uri: &Uri) -> Response {
    match error.data::<Problem>() {
        Some(problem) => problem.clone().into_response(),
        None if error.is_from_response() => error.into_response(),
        None => Problem::of(&error, uri).into_response(),
    }
}

fn written(problem: &Problem, reader: Reader) -> Response {
    let mut response = if reader.wants_page {
        web::problem_page(problem, reader.language, reader.is_demo)
    } else {
        Response::builder()
            .content_type("application/problem+json")
            .body(document(problem, reader.language).to_string())
    };
    response.set_status(problem.status);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag(reader.language)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(allow) = &problem.allow {
        headers.insert(header::ALLOW, allow.clone());
    }
    if problem.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        // The session has ended, perhaps long ago and without a word: what the browser kept goes now.
        if reader.has_session {
            headers.insert(CLEAR_SITE_DATA, EVERYTHING_KEPT);
        }
    }
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn document(problem: &Problem, language: Language) -> Value {
    let mut document = json!({
        "type": format!("urn:otasuketai:problem:{}", problem.code),
        "title": problem.title.of(language),
        "status": problem.status.as_u16(),
        "detail": problem.detail.of(language),
        "code": problem.code,
    });
    if !problem.errors.is_empty() {
        let errors = problem.errors.iter().map(|fault| {
            json!({
                "pointer": fault.pointer, "code": fault.code, "read": fault.read,
                "message": fault.message.of(language),
            })
        });
        document["errors"] = errors.collect();
    }
    if let Some(reference) = &problem.reference {
        document["reference"] = json!(reference);
    }
    document
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}

/// What a page may load, and where its forms may lead.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page whose forms may lead to one other origin too.
pub(crate) fn policy_to(origin: &str) -> String {
    POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"))
}

/// The policy of a page that installs as an app.
pub(crate) fn policy_with_app() -> String {
    format!("{POLICY}; manifest-src 'self'")
}

/// Headers that every answer carries, errors included. A handler's own stricter word stays.
fn secure(headers: &mut HeaderMap, is_page: bool) {
    const ALWAYS: [(header::HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Under "no-referrer" a browser that sends no fetch metadata calls the origin of our own forms "null".
    let referrer = if is_page { "same-origin" } else { "no-referrer" };
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static(referrer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_tell_our_own_forms_where_they_came_from() {
        for (is_page, expected) in [(true, "same-origin"), (false, "no-referrer")] {
            let mut headers = HeaderMap::new();
            secure(&mut headers, is_page);
            assert_eq!(headers[header::REFERRER_POLICY], expected);
        }
        // The answer about a mark keeps its own stricter word.
        let mut headers = HeaderMap::from_iter([(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"))]);
        secure(&mut headers, true);
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    }

    #[test]
    fn a_policy_lets_forms_lead_to_one_more_origin_and_nothing_else() {
        let policy = policy_to("https://login.example");
        let added: Vec<&str> = policy.split("; ").filter(|part| !POLICY.split("; ").any(|own| own == *part)).collect();
        assert_eq!(added, ["form-action 'self' https://login.example"]);
        assert_eq!(policy.split("; ").count(), POLICY.split("; ").count());
    }

    #[test]
    fn english_only_when_it_is_asked_for_with_more_weight() {
        for (header, expected) in [
            ("", Language::Ja),
            ("*", Language::Ja),
            ("en", Language::En),
            ("en-US,en;q=0.9", Language::En),
            ("ja,en;q=0.9", Language::Ja),
            ("en;q=0.8,ja;q=0.9", Language::Ja),
            ("fr,en;q=0.5", Language::En),
            ("en;q=x", Language::Ja),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }
}
