//! Why a draft is not begun or not saved.

use domain::draft::{CHARACTERS, FIELDS, MOST, Refusal};
use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, unprocessable};
use super::states::state;
use crate::acts::FieldFault;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(denial) => denial.into(),
            Refusal::TooMany => conflict(
                StatusCode::CONFLICT,
                "too_many_drafts",
                Text::new(
                    format!("1つの組織の下書きは{MOST}件までです。使わない下書きを削除してください。"),
                    format!("An organisation has at most {MOST} drafts. Delete those that are not needed."),
                ),
            ),
            Refusal::TooLarge { characters, fields } => unprocessable(
                "draft_too_large",
                Text::new(
                    format!(
                        "下書きは{FIELDS}項目・{CHARACTERS}文字までです（読み取った量：{fields}項目・{characters}文字）。"
                    ),
                    format!(
                        "A draft has at most {FIELDS} fields and {CHARACTERS} characters (read: {fields} and {characters})."
                    ),
                ),
            ),
            Refusal::NotReturned { found } => state(found, "returned"),
            Refusal::Changed { read, found, names } => {
                let message = Text::new(
                    "ほかの人、または別の画面が、先に別の値を保存しました。両方を見て、残す値を保存してください。",
                    "Somebody else, or another window, has saved another value since. Look at both and save the one to keep.",
                );
                let fault = |pointer: String| FieldFault {
                    pointer,
                    code: "changed".to_owned(),
                    read: format!("\"{read}\""),
                    message: message.clone(),
                };
                let detail = Text::new(
                    format!("下書きのいまの版は \"{found}\" です（見ていた版：\"{read}\"）。何も保存していません。"),
                    format!("The draft is at version \"{found}\" now (you saw \"{read}\"). Nothing was saved."),
                );
                let problem = conflict(StatusCode::PRECONDITION_FAILED, "draft_changed", detail);
                Self { errors: names.into_iter().map(fault).collect(), ..problem }
            }
        }
    }
}
