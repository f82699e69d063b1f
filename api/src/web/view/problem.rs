//! The page for everything that went wrong.

use askama::Template;
use domain::text::Text;

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
}

impl ProblemPage {
    /// The page of a problem.
    pub fn new(frame: Frame, problem: &Problem) -> Self {
        Self {
            frame,
            status: problem.status.as_u16(),
            title: problem.title.clone(),
            detail: problem.detail.clone(),
            reference: problem.reference.clone(),
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
            405 => Text::new(
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
            _ => Text::new(
                "しばらくしてからもう一度試してください。続くときは、下の受付番号を添えて事務局に知らせてください。",
                "Try again after a while. If it goes on, tell the secretariat the reference number below.",
            ),
        }
    }
}
