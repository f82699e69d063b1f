//! Somebody who calls the service over HTTP.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::Person;

/// A caller: signed out, in somebody's session, or with an API key. Redirects are not followed and no status is an error.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    /// Headers that show who calls.
    shown: Vec<(String, String)>,
    /// What the session's forms carry.
    csrf: String,
}

/// A request being written.
#[derive(Clone, Debug)]
#[must_use = "it is not sent yet"]
pub struct Ask<'a> {
    client: &'a Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What the service answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Method and path, for messages.
    pub asked: String,
}

impl Client {
    /// Calls `base`, such as `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .allow_non_standard_methods(true)
            .build();
        Self { agent: config.into(), base: base.to_owned(), shown: Vec::new(), csrf: String::new() }
    }

    /// The same caller with an API key.
    pub fn with_key(&self, key: &str) -> Self {
        let shown = vec![("authorization".to_owned(), format!("Bearer {key}"))];
        Self { shown, csrf: String::new(), ..self.clone() }
    }

    /// The same caller in somebody's session, as a page of ours at this address would call.
    pub fn signed_in(&self, person: &Person) -> Self {
        let cookie = format!("__Host-session={0}; session={0}", person.session);
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("x-csrf-token", &person.csrf)];
        let shown = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { shown, csrf: person.csrf.clone(), ..self.clone() }
    }

    /// The same caller over connections of its own.
    pub fn apart(&self) -> Self {
        Self { shown: self.shown.clone(), csrf: self.csrf.clone(), ..Self::new(&self.base) }
    }

    /// Where it calls.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }

    /// `POST` with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Ask<'_> {
        self.ask("POST", path).json(body)
    }

    /// Any method.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let headers = self.shown.clone();
        Ask { client: self, method: method.to_owned(), path: path.to_owned(), headers, body: None }
    }
}

impl Ask<'_> {
    /// One more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `If-Match` with the version that was seen.
    pub fn on_version(self, version: u64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// The fields of a form of ours, and what every form of the session carries.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let csrf = self.client.csrf.clone();
        let own = [("csrf", csrf.as_str())].into_iter().filter(|(_, token)| !token.is_empty());
        let all = fields.iter().copied().chain(own);
        let pairs = all.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.body("application/x-www-form-urlencoded", body)
    }

    /// The same as a form that brings files: a field's name, a file's name and its bytes each.
    pub fn form_with_files(self, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Self {
        const BOUNDARY: &str = "boundary-of-a-form-of-this-test";
        let csrf = self.client.csrf.clone();
        let own = [("csrf", csrf.as_str())].into_iter().filter(|(_, token)| !token.is_empty());
        let mut body = Vec::new();
        let mut part = |head: &str, bytes: &[u8]| {
            let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in own.chain(fields.iter().copied()) {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        for (name, file, bytes) in files {
            part(&format!("name=\"{name}\"; filename=\"{file}\""), bytes);
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    /// Any body.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// The answer, or why there was none.
    pub fn try_send(self) -> Result<Answer, ureq::Error> {
        let mut request =
            Request::builder().method(self.method.as_str()).uri(format!("{}{}", self.client.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.client.agent;
        let response = match self.body {
            Some(body) => agent.run(request.body(body)?),
            None => agent.run(request.body(())?),
        }?;
        let (parts, mut body) = response.into_parts();
        let body = body.with_config().limit(64 << 20).read_to_vec()?;
        let asked = format!("{} {}", self.method, self.path);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body, asked })
    }

    /// The answer; there must be one.
    pub fn send(self) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        self.try_send().unwrap_or_else(|error| panic!("{asked}: no answer: {error}"))
    }
}

/// Percent-encoded, all but letters and digits.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Answer {
    /// A header as text, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("answers are UTF-8")
    }

    /// The body of an answer that went well.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}", self.told());
        self.json()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.told()))
    }

    /// The problem document of a refusal with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.header("content-type")), (status, "application/problem+json"), "{}", self.told());
        let problem = self.json();
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()), "{}", self.told());
        problem
    }

    /// All of it, for messages.
    pub fn told(&self) -> String {
        format!("{}: {} {}", self.asked, self.status, String::from_utf8_lossy(&self.body))
    }
}
