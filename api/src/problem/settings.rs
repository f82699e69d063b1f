//! What is refused of changes to the scheme's settings, in words.

use domain::settings::{HOLIDAYS, Refusal};
use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        use Refusal as R;
        let of_days = |index: Option<usize>| match index {
            Some(index) => format!("/days/{index}/day"),
            None => "/from".to_owned(),
        };
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::Bounds { figure, value } => {
                let ((least, most), unit) = (figure.bounds(), figure.unit().words());
                let message = Text::new(
                    format!("{least}から{most}までの整数（単位：{}）を書いてください。", unit.ja),
                    format!("Write a whole number from {least} to {most}, in {}.", unit.en),
                );
                Self::unreadable("/value", &value.to_string(), message)
            }
            R::Unchanged { figure, value, from } => conflict(
                StatusCode::CONFLICT,
                "unchanged",
                Text::new(
                    format!("「{}」は、{from} にはすでに{value}です。別の値か別の日にしてください。", figure.words().ja),
                    format!("“{}” is {value} on {from} already. Choose another number or another day.", figure.words().en),
                ),
            ),
            R::Window { opens, due, day } => unprocessable(
                "window",
                Text::new(
                    format!(
                        "{day} には、更新の受付が満了の{opens}か月前に始まり、期限が{due}か月前になります。期限は受付の始まりより後に\
                         なるようにしてください。"
                    ),
                    format!(
                        "On {day} renewals would open {opens} months before the end of the term and be due {due} months \
                         before it. They have to open before they are due."
                    ),
                ),
            )
            .at("/value", &due.to_string()),
            R::TooLate { index, day, earliest } => {
                let message = Text::new(
                    format!("始まった日のことは変えられません。{earliest} 以降の日にしてください。"),
                    format!("What holds on a day that has begun stands. Choose {earliest} or later."),
                );
                Self::unreadable(&of_days(index), &day.to_string(), message)
            }
            R::TooFarAhead { index, day, latest } => {
                let message =
                    Text::new(format!("{latest} までの日にしてください。"), format!("Choose {latest} or earlier."));
                Self::unreadable(&of_days(index), &day.to_string(), message)
            }
            R::HowMany { days } => {
                let message = Text::new(
                    format!("1日から{HOLIDAYS}日までを書いてください。"),
                    format!("Name 1 to {HOLIDAYS} days."),
                );
                Self::unreadable("/days", &days.to_string(), message)
            }
            R::Twice { index, day } => {
                let message = Text::new("この日は二度書かれています。", "This day is named twice.");
                Self::unreadable(&format!("/days/{index}/day"), &day.to_string(), message)
            }
            R::Name { index } => {
                let message = Text::new(
                    "休日の名前を60文字までで書いてください。休日でない日にするときは、名前を付けないでください。",
                    "Name the holiday, in at most 60 characters; leave the name out for a day that is to be none.",
                );
                Self::unreadable(&format!("/days/{index}/name"), "", message)
            }
            R::HolidayUnchanged { index, day } => {
                let message = Text::new("この日はすでにそうなっています。", "The day is so already.");
                Self::unreadable(&format!("/days/{index}/day"), &day.to_string(), message)
            }
            R::NoSource => {
                let message = Text::new("出典を書いてください。", "Say where it comes from.");
                Self::unreadable("/source", "", message)
            }
            R::NoReason => no_reason(),
        }
    }
}
