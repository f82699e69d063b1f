//! The answer to a scanned mark, and the form for typing one in.

use domain::act::Subject;
use domain::licence::LicenceId;
use domain::text::Text;
use poem::http::header;
use poem::web::{Data, Form, Path};
use poem::{IntoResponse, Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde::Deserialize;

use super::session::{Shared, public_frame};
use super::view::verify::{AnswerPage, VerifyPage};
use super::{Answer, language, page, to};
use crate::clock;
use crate::http::MarkAnswer;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::verification::{Verification, code_of, verify};

/// The answer for a code behind the host. It is not kept, not referred from and sets nothing.
#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(code): Path<String>) -> Answer {
    if !is_code(&code) {
        return Err(nothing_there());
    }
    let verification = verify(registry, &code, clock::now()).await;
    let wants_json = request.header(header::ACCEPT).is_some_and(|accept| accept.contains("application/json"));
    let mut response = if wants_json {
        let body = MarkAnswer::new(&verification).to_json_string();
        body.with_content_type("application/json; charset=utf-8").into_response()
    } else {
        shown(registry, request, &verification).await?
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    // The address is the mark's code.
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", header::HeaderValue::from_static("noindex"));
    Ok(response)
}

/// A full mark's digits, or a licence id; anything else is an address that does not exist.
fn is_code(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_digit()) || code.parse::<LicenceId>().is_ok()
}

fn nothing_there() -> Problem {
    Problem::new(
        poem::http::StatusCode::NOT_FOUND,
        "not_found",
        Text::new("見つかりません", "Not found"),
        Text::new("この住所には何もありません。", "There is nothing at this address."),
    )
}

async fn shown(registry: &Registry, request: &Request, verification: &Verification) -> Result<Response, Problem> {
    let mut frame = public_frame(registry, request);
    if matches!(verification.answer, domain::licence::answer::Answer::NotOurs(_)) {
        // The address holds the code, and nothing of a stranger's code is repeated, not even for the other language.
        frame.path = None;
    }
    let leaf = match &verification.known {
        Some(known) => registry
            .store
            .leaves_of(&Subject::Licence(known.licence.id).to_string())
            .await?
            .first()
            .map(|leaf| leaf.seq),
        None => None,
    };
    page(&AnswerPage::new(frame, verification, leaf))
}

#[handler]
pub(super) fn form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&VerifyPage { frame: public_frame(registry, request), typed: String::new(), error: None })
}

/// What was typed or pasted.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
}

/// On to the answer's own address.
#[handler]
pub(super) async fn typed(request: &Request, Data(registry): Data<&Shared>, Form(typed): Form<Typed>) -> Answer {
    let code = code_of(registry, &typed.code);
    // A registration's number is not a mark's, but whoever types one wants its page.
    if let Ok(number) = code.to_ascii_uppercase().parse()
        && registry.store.registration(&number).await?.is_some()
    {
        let home = if language(request) == domain::text::Language::En { "/en" } else { "" };
        return Ok(to(&format!("{home}/register/{number}")));
    }
    if !code.is_empty() && is_code(&code) {
        let home = if language(request) == domain::text::Language::En { "/en/" } else { "/" };
        return Ok(to(&format!("{home}{code}")));
    }
    let error = Text::new(
        "マークの番号（8文字）か、マークのリンクを入力してください。",
        "Enter the mark's number (8 characters) or its link.",
    );
    let kept = typed.code.chars().take(500).collect();
    let again = VerifyPage { frame: public_frame(registry, request), typed: kept, error: Some(error) };
    let mut refused = page(&again)?;
    refused.set_status(poem::http::StatusCode::UNPROCESSABLE_ENTITY);
    Ok(refused)
}
