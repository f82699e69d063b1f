//! What is refused of keys and editions, in words.

use domain::text::Text;
use domain::{edition, signing_key};
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};
use super::states::state;
use crate::acts::FieldFault;

impl From<signing_key::Refusal> for Problem {
    fn from(refusal: signing_key::Refusal) -> Self {
        use signing_key::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::State { found, needed } => state(found, needed),
            R::NoReason => no_reason(),
        }
    }
}

impl From<edition::Refusal> for Problem {
    fn from(refusal: edition::Refusal) -> Self {
        use edition::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::File(error) => {
                let (pointer, code) = ("/file".to_owned(), "edition_file".to_owned());
                let (read, message) = (error.field.chars().take(80).collect(), error.into());
                Self::invalid(vec![FieldFault { pointer, code, read, message }])
            }
            R::TooLate { in_force_from, today } => unprocessable(
                "too_late",
                Text::new(
                    format!(
                        "施行日 {in_force_from} は今日 {today} より後でなければなりません。施行された版で審査したものの基準は、\
                         後から変わりません。"
                    ),
                    format!(
                        "It would be in force from {in_force_from}, which has to be after today, {today}: nothing that \
                         was judged is judged by other rules afterwards."
                    ),
                ),
            )
            .at("/file", &in_force_from.to_string()),
            R::DayMoved { from, to } => unprocessable(
                "day_moved",
                Text::new(
                    format!("この版はすでに {from} から施行されています。訂正で施行日を {to} に変えることはできません。"),
                    format!("The edition is in force since {from}. A correction cannot move that to {to}."),
                ),
            )
            .at("/file", &to.to_string()),
            R::Unchanged => unprocessable(
                "unchanged",
                Text::new("この版のいまのファイルと同じです。", "It is the very file that stands for this edition."),
            )
            .at("/file", ""),
            R::NoReason => no_reason(),
            R::Stopped { since, reason } => conflict(
                StatusCode::CONFLICT,
                "decisions_stopped",
                Text::new(
                    format!("この版による判定は {since} から止められています（理由：{reason}）。再開されるまで判定できません。"),
                    format!("Decisions under this edition are stopped since {since} ({reason}), until somebody resumes them."),
                ),
            ),
            R::NotStopped => state("running", "stopped"),
            R::OwnStop => Self::forbidden(Text::new(
                "判定を止めた人は再開できません。別の人が再開します。",
                "Whoever stopped decisions does not resume them. Somebody else does.",
            )),
        }
    }
}
