//! Somebody who calls the service over HTTP.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// A caller: signed out, or with a bearer token. Redirects are not followed and no status is an error.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
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
    asked: String,
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
        Self { agent: config.into(), base: base.to_owned(), token: None }
    }

    /// The same caller with somebody's token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller over connections of its own.
    pub fn apart(&self) -> Self {
        Self { token: self.token.clone(), ..Self::new(&self.base) }
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
        let token = self.token.iter().map(|token| ("authorization".to_owned(), format!("Bearer {token}")));
        Ask { client: self, method: method.to_owned(), path: path.to_owned(), headers: token.collect(), body: None }
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
