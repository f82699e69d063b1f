//! Problem documents (RFC 9457) for every failure, in Japanese or English as the caller asked.
//!
//! A handler answers with a [`Problem`]; which face it wears (JSON or a page, in which language) is settled once, at
//! the root ([`face`]), where the request is known.

mod application;
pub mod deciding;
mod drafts;
mod evidence;
mod examination;
pub mod face;
mod framework;
mod house;
mod measures;
mod oidc;
pub mod people;
mod post;
mod refusals;
mod register;
mod settings;
mod states;
mod watching;

use std::time::Duration;

use domain::text::Text;
use poem::http::{HeaderValue, StatusCode};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;

use crate::acts::FieldFault;
use crate::clock::SetBack;

/// What went wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// A stable word for programs.
    pub code: &'static str,
    /// What happened.
    pub title: Text,
    /// What exactly, and what to do.
    pub detail: Text,
    /// What is wrong field by field.
    pub errors: Vec<FieldFault>,
    /// A number to quote to the operator; only where the cause is on our side.
    pub reference: Option<String>,
    /// The methods that the address knows.
    pub allow: Option<HeaderValue>,
    /// Seconds after which it is worth trying again.
    pub retry_after: Option<u64>,
    /// What was typed into a form that came without a session, to be shown again for copying out.
    pub typed: Vec<(String, String)>,
}

impl Problem {
    /// A problem with its words.
    pub fn new(status: StatusCode, code: &'static str, title: Text, detail: Text) -> Self {
        Self {
            status,
            code,
            title,
            detail,
            errors: Vec::new(),
            reference: None,
            allow: None,
            retry_after: None,
            typed: Vec::new(),
        }
    }

    /// There is no such thing.
    pub fn not_found(what: &Text, id: &str) -> Self {
        let id: String = id.chars().take(60).collect();
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            Text::new("見つかりません", "Not found"),
            Text::new(
                format!("{}「{id}」はありません。番号を確かめてください。", what.ja),
                format!("There is no {} \"{id}\". Check the number.", what.en),
            ),
        )
    }

    /// Something in the request cannot be read: `what` names the part, `read` is what stood there.
    pub fn unreadable(pointer: &str, read: &str, message: Text) -> Self {
        let read: String = read.chars().take(80).collect();
        let fault =
            FieldFault { pointer: pointer.to_owned(), code: "unreadable".into(), read, message: message.clone() };
        let title = Text::new("読み取れない項目があります", "Something could not be read");
        Self { errors: vec![fault], ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title, message) }
    }

    /// The request can be read, and some of it is wrong.
    pub fn invalid(errors: Vec<FieldFault>) -> Self {
        let title = Text::new("送られた内容に誤りがあります", "What was sent has faults");
        let detail = Text::new(
            "errors の各項目を直して送り直してください。何も記録されていません。",
            "Mend each of the errors and send it again. Nothing was recorded.",
        );
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title, detail) }
    }

    /// The same, said of the field at `pointer`, where `read` stood.
    #[must_use]
    pub fn at(self, pointer: &str, read: &str) -> Self {
        let read: String = read.chars().take(80).collect();
        let (pointer, code, message) = (pointer.to_owned(), self.code.to_owned(), self.detail.clone());
        Self { errors: vec![FieldFault { pointer, code, read, message }], ..self }
    }

    /// The address knows other methods only.
    pub fn method_not_allowed(allow: Option<HeaderValue>) -> Self {
        let title = Text::new("この操作は受け付けません", "Method not allowed");
        let known = allow.as_ref().and_then(|allow| allow.to_str().ok()).unwrap_or_default();
        let detail = match known {
            "" => Text::new("この住所は別のメソッドだけを受け付けます。", "This address knows other methods only."),
            known => Text::new(
                format!("この住所が受け付けるメソッドは {known} です。"),
                format!("The methods that this address knows are {known}."),
            ),
        };
        Self { allow, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", title, detail) }
    }

    /// The caller has not said who they are.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed_out",
            Text::new("サインインが必要です", "Sign in first"),
            Text::new(
                "サインインしてください。システムからは Authorization: Bearer に有効なAPIキーを付けてください。",
                "Sign in. Systems send a valid API key as Authorization: Bearer.",
            ),
        )
    }

    /// The caller's role does not allow it.
    pub fn forbidden(detail: Text) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", Text::new("権限がありません", "Not allowed"), detail)
    }

    /// An API key was shown where people come.
    pub fn pages_take_no_key() -> Self {
        Self::forbidden(Text::new(
            "APIキーは /api/v1 だけで使えます。画面を使うには、サインインしてください。",
            "An API key is for /api/v1 alone. Sign in to use the pages.",
        ))
    }

    /// Our own failure. What happened goes to the log once, under the reference.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        let reference = reference();
        tracing::error!(reference, %error, "a request failed");
        let title = Text::new("処理できませんでした", "Something went wrong on our side");
        let detail = Text::new(
            format!("時間をおいてもう一度お試しください。続くときは番号 {reference} をお知らせください。"),
            format!("Try again later. If it goes on, tell us the number {reference}."),
        );
        Self { reference: Some(reference), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", title, detail) }
    }

    /// The caller asks too often.
    pub fn too_many(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            Text::new("要求が多すぎます", "Too many requests"),
            Text::new(
                format!("{seconds}秒待ってから、もう一度お試しください。何も記録されていません。"),
                format!("Wait {seconds} seconds and try again. Nothing was recorded."),
            ),
        );
        Self { retry_after: Some(seconds.max(1)), ..problem }
    }

    /// The registry cannot write now, and may soon.
    pub fn unavailable() -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            Text::new("いまは受け付けられません", "Not available now"),
            Text::new(
                "何も記録されていません。少し待って、同じ操作をもう一度行ってください。",
                "Nothing was recorded. Wait a little and do the same again.",
            ),
        );
        Self { retry_after: Some(5), ..problem }
    }
}

impl Problem {
    /// Nobody can say what holds now.
    pub fn clock_set_back(back: SetBack) -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "clock_set_back",
            Text::new("このサーバーの時計が正しくありません", "This server's clock is wrong"),
            Text::new(
                format!(
                    "時計は {} を指していますが、{} がすでに記録されています。運用者が時計を合わせるまで、いまの状態は\
                     お答えできません。何も記録されていません。",
                    back.now, back.seen
                ),
                format!(
                    "It says {}, and {} has been recorded already. Nothing can be said of what holds now until the operator \
                     puts it right. Nothing was recorded.",
                    back.now, back.seen
                ),
            ),
        );
        Self { retry_after: Some(60), ..problem }
    }
}

/// What a page that shows its form again was refused for: the trail has the same line of it as of a problem.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub status: StatusCode,
    pub code: &'static str,
}

impl Told {
    /// Some of the form could not be read.
    pub const INVALID: Self = Self { status: StatusCode::UNPROCESSABLE_ENTITY, code: "invalid" };

    /// What an answer says was refused, if it does.
    pub fn of(answer: &poem::Result<Response>) -> Option<Self> {
        match answer {
            Ok(response) => match response.extensions().get::<Problem>() {
                Some(problem) => Some(problem.into()),
                // A page that shows its form again.
                None => response.extensions().get::<Self>().copied(),
            },
            Err(error) => match error.data::<Problem>() {
                Some(problem) => Some(problem.into()),
                None if error.is_from_response() => None,
                // What the framework refused by itself.
                None => Some(Self { status: error.status(), code: "unreadable" }),
            },
        }
    }

    /// The page as the answer to that.
    pub fn said_of(self, mut page: Response) -> Response {
        page.set_status(self.status);
        page.extensions_mut().insert(self);
        page
    }
}

impl From<&Problem> for Told {
    fn from(problem: &Problem) -> Self {
        Self { status: problem.status, code: problem.code }
    }
}

/// A short random number that joins an answer with a line of our log.
fn reference() -> String {
    let bytes: [u8; 5] = rand::random();
    data_encoding::BASE32_NOPAD.encode(&bytes)
}

impl IntoResponse for Problem {
    /// Only the status: the root writes the words ([`face`]).
    fn into_response(self) -> Response {
        Response::builder().status(self.status).extension(self).finish()
    }
}

impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        let mut error = Self::from_status(problem.status);
        error.set_data(problem);
        error
    }
}

/// The document's wire form, for the OpenAPI document; [`face`] writes it.
#[derive(Debug, poem_openapi::Object)]
#[oai(rename = "Problem", rename_all = "camelCase")]
struct Document {
    /// A stable address for the kind of problem.
    #[oai(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    /// A stable word for programs.
    code: String,
    /// What is wrong field by field.
    errors: Option<Vec<Fault>>,
    /// A number to quote to the operator.
    reference: Option<String>,
}

/// One thing wrong with a submitted document.
#[derive(Debug, poem_openapi::Object)]
#[oai(rename = "ProblemField", rename_all = "camelCase")]
struct Fault {
    /// JSON Pointer (RFC 6901).
    pointer: String,
    code: String,
    /// What was read there, cut to 80 characters.
    read: String,
    message: String,
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let of = |status, description| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/problem+json", schema: Document::schema_ref() }],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![
                of(400, "The request cannot be read."),
                of(401, "Sign in first."),
                of(403, "The caller's role or organisation does not allow it."),
                of(404, "There is no such thing."),
                of(405, "The address knows other methods only."),
                of(408, "The body did not arrive in time."),
                of(409, "The state does not allow it."),
                of(410, "It is gone."),
                of(412, "The caller acted on an older version."),
                of(413, "The body is too large."),
                of(415, "The body is of another type."),
                of(422, "What was sent is readable and wrong."),
                of(428, "If-Match is needed."),
                of(429, "Too many requests; Retry-After says when to come back."),
                of(500, "Our own failure; the reference tells the operator which."),
                of(503, "Nothing was recorded; try again soon."),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        Document::register(registry);
    }
}
