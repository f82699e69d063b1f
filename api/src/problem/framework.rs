//! What the framework refused by itself, in our words: it speaks English only and names no field.

use domain::text::Text;
use poem::http::{StatusCode, Uri};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError};

use super::Problem;
use crate::http::in_query;

impl Problem {
    /// No such address, another method, a parameter or body that cannot be read.
    pub(super) fn of(error: &poem::Error, uri: &Uri) -> Self {
        if let Some(wrong) = error.downcast_ref::<ParseParamError>() {
            return parameter(wrong, uri);
        }
        if let Some(wrong) = error.downcast_ref::<ContentTypeError>() {
            return content_type(wrong);
        }
        let (code, title, detail) = match error.status() {
            // What cannot be an id, or is no text, is not the id of anything.
            _ if error.is::<ParsePathError>() || error.is::<poem::error::ParsePathError>() => return nothing_here(),
            StatusCode::NOT_FOUND => return nothing_here(),
            StatusCode::UNAUTHORIZED => return Self::signed_out(),
            StatusCode::METHOD_NOT_ALLOWED => return Self::method_not_allowed(None),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "too_large",
                Text::new("送られたものが大きすぎます", "Too large"),
                Text::new("1 MiB 以内で送ってください。", "Send at most 1 MiB."),
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
                "header_too_large",
                Text::new("ヘッダーが大きすぎます", "The header is too large"),
                Text::new(
                    "ヘッダーは合わせて 32 KiB 以内にしてください。",
                    "Send headers of 32 KiB at most, all together.",
                ),
            ),
            StatusCode::REQUEST_TIMEOUT => (
                "too_slow",
                Text::new("送信に時間がかかりすぎました", "Too slow"),
                Text::new(
                    "本文が時間内に届きませんでした。何も記録されていません。もう一度送ってください。",
                    "The body did not arrive in time. Nothing was recorded. Send it again.",
                ),
            ),
            status if status.is_server_error() => return Self::internal(error),
            status => {
                let said: String = error.to_string().chars().take(300).collect();
                let title = Text::new("要求を読み取れません", "The request cannot be read");
                let detail =
                    Text::new(format!("読み取れないところ：{said}"), format!("What could not be read: {said}"));
                return Self::new(status, "unreadable", title, detail);
            }
        };
        Self::new(error.status(), code, title, detail)
    }
}

fn nothing_here() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        Text::new("見つかりません", "Not found"),
        Text::new(
            "この住所には何もありません。綴りを確かめてください。",
            "There is nothing at this address. Check its spelling.",
        ),
    )
}

/// A parameter beyond its limits; the framework says which in words such as `verification failed. maxLength(200)`.
fn parameter(wrong: &ParseParamError, uri: &Uri) -> Problem {
    let name = wrong.name;
    let limit = |rule: &str| {
        let rest = wrong.reason.split_once(rule)?.1.strip_prefix('(')?;
        rest.split([',', ')']).next()
    };
    let message = if let Some(most) = limit("maxLength") {
        Text::new(format!("{name} は{most}文字までです。"), format!("{name} has at most {most} characters."))
    } else if let Some(most) = limit("maximum") {
        Text::new(format!("{name} は {most} までです。"), format!("{name} is at most {most}."))
    } else if let Some(least) = limit("minimum") {
        Text::new(format!("{name} は {least} からです。"), format!("{name} is at least {least}."))
    } else {
        Text::new(format!("{name} を読み取れません。"), format!("{name} cannot be read."))
    };
    Problem::unreadable(&format!("/{name}"), &in_query(uri, name), message)
}

fn content_type(wrong: &ContentTypeError) -> Problem {
    let read = match wrong {
        ContentTypeError::NotSupported { content_type } => content_type.chars().take(80).collect(),
        ContentTypeError::ExpectContentType => String::new(),
    };
    let message = Text::new(
        "本文は JSON で、Content-Type: application/json を付けて送ってください。",
        "Send the body as JSON with Content-Type: application/json.",
    );
    let title = Text::new("この形式は受け付けません", "Unsupported media type");
    let told = Problem::unreadable("/Content-Type", &read, message);
    Problem { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, code: "unsupported_media_type", title, ..told }
}
