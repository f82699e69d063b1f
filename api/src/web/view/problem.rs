//! The page for everything that went wrong.

use askama::Template;
use domain::text::Text;
use poem::http::StatusCode;

use super::declaration;
use super::form::{FieldError, Form, Leftover};
use super::frame::Frame;
use crate::problem::Problem;

/// The same that the JSON face says in a problem document.
#[derive(Debug, Template)]
#[template(path = "public/problem.html")]
pub struct ProblemPage {
    pub frame: Frame,
    /// The HTTP status.
    pub status: u16,
    pub title: Text,
    pub detail: Text,
    /// Names the failure in the registry's own records.
    pub reference: Option<String>,
    /// What was typed while the session ended.
    pub leftover: Leftover,
}

impl ProblemPage {
    /// The page of a problem.
    pub fn new(frame: Frame, problem: &Problem) -> Self {
        Self {
            frame,
            status: problem.status.as_u16(),
            title: problem.title.clone(),
            detail: detail_of(problem),
            reference: problem.reference.clone(),
            leftover: leftover(problem),
        }
    }

    /// What to do now.
    fn advice(&self) -> Text {
        match self.status {
            401 => Text::new("サインインしてから、もう一度開いてください。", "Sign in, then open it again."),
            403 => Text::new(
                "この操作のできる担当者に頼むか、別の役割でサインインしてください。",
                "Ask somebody who may do this, or sign in with another role.",
            ),
            404 => Text::new(
                "番号やアドレスを確かめるか、登録簿を検索してください。登録の記録が消えることはありません。",
                "Check the number or the address, or search the register. Records of registrations never vanish.",
            ),
            405 | 415 => Text::new(
                "元の画面に戻り、そこからやり直してください。",
                "Go back to the page you came from and try from there.",
            ),
            409 | 412 => Text::new(
                "ほかの人が先に変更しました。画面を開き直し、いまの内容を見てからやり直してください。",
                "Somebody else has changed it first. Open the page again, look at what it says now, then try again.",
            ),
            413 => Text::new("送る内容を小さくして、もう一度送ってください。", "Send less, then try again."),
            429 => Text::new("1分ほど待ってから、もう一度試してください。", "Wait about a minute, then try again."),
            400 | 422 => Text::new("元の画面に戻り、入力を直してください。", "Go back and correct what you entered."),
            _ if self.reference.is_some() => Text::new(
                "しばらくしてからもう一度試してください。続くときは、下の受付番号を添えて事務局に知らせてください。",
                "Try again after a while. If it goes on, tell the secretariat the reference number below.",
            ),
            _ => Text::new(
                "しばらくしてからもう一度試してください。続くときは、事務局に知らせてください。",
                "Try again after a while. If it goes on, tell the secretariat.",
            ),
        }
    }
}

/// What was typed into a draft, in the words of its form.
fn leftover(problem: &Problem) -> Leftover {
    let error = FieldError { field: String::new(), message: problem.detail.clone() };
    let form = Form::of(problem.typed.clone()).with([error]);
    Leftover::of(&form, &declaration::fields(&form))
}

/// What exactly happened. A browser is asked to sign in; the header that programs send is none of its reader's business.
fn detail_of(problem: &Problem) -> Text {
    match problem.status {
        StatusCode::UNAUTHORIZED => {
            Text::new("この画面を開くには、サインインが必要です。", "You have to sign in to open this page.")
        }
        _ => problem.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::text::Language;

    use super::*;

    fn page(problem: &Problem, language: Language) -> String {
        let frame = Frame { path: None, ..Frame::public(language, "/", None, false) };
        ProblemPage::new(frame, problem).render().expect("a template writes to memory")
    }

    fn unknown(status: u16) -> Problem {
        let text = || Text::new("題", "Title");
        Problem::new(StatusCode::from_u16(status).expect("a status"), "unreadable", text(), text())
    }

    /// A page speaks of a number below only where there is one.
    #[test]
    fn a_reference_is_spoken_of_where_there_is_one() {
        for (language, words) in [(Language::Ja, "受付番号"), (Language::En, "eference number")] {
            for status in [400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 428, 429, 431, 503] {
                assert!(!page(&unknown(status), language).contains(words), "{status}");
            }
            let internal = Problem { reference: Some("R7F3K29Q".to_owned()), ..unknown(500) };
            assert_eq!(page(&internal, language).matches(words).count(), 2);
        }
    }

    #[test]
    fn a_browser_is_asked_to_sign_in_and_nothing_else() {
        for (language, words) in [(Language::Ja, "サインインが必要です"), (Language::En, "sign in")] {
            let page = page(&Problem::signed_out(), language);
            assert!(page.contains(words), "{page}");
            assert!(!page.contains("Authorization") && !page.contains("トークン"), "{page}");
        }
    }
}
