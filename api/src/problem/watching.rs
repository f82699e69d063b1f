//! What is refused of services that are registered, in words.

use domain::text::Text;
use domain::watching::{self, CheckFault, MOST, MOST_MONTHS, name_of};
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};
use super::states::state;
use crate::acts::FieldFault;

impl From<watching::Refusal> for Problem {
    fn from(refusal: watching::Refusal) -> Self {
        use watching::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::NotOwed { period } => {
                Self::not_found(&Text::new("報告の期間", "period to report about"), &name_of(period))
            }
            R::TooEarly { opens } => conflict(
                StatusCode::CONFLICT,
                "too_early",
                Text::new(
                    format!("この期間の報告は {opens} から受け付けます。"),
                    format!("This can be reported from {opens} on."),
                ),
            ),
            R::Count { count, read } => {
                let message = Text::new(
                    format!("0から{MOST}までの整数を書いてください。なかったものは0と書きます。"),
                    format!("Write a whole number from 0 to {MOST}; what did not occur is 0."),
                );
                let read = read.map(|read| read.to_string()).unwrap_or_default();
                let (pointer, code) = (count.pointer(), "maximum".to_owned());
                Self::invalid(vec![FieldFault { pointer, code, read, message }])
            }
            R::Check(fault) => {
                let (criterion, ja, en) = match fault {
                    CheckFault::Missing(criterion) => {
                        (criterion, "この要件についての答えがありません。", "Nothing is said of this criterion.")
                    }
                    CheckFault::TooMany(criterion) => (
                        criterion,
                        "この要件は問われていないか、二度書かれています。",
                        "This criterion is not asked of the service, or stands there twice.",
                    ),
                    CheckFault::NoWords(criterion) => {
                        (criterion, "変わったことを書いてください。", "Write what has changed.")
                    }
                };
                let term = criterion.term();
                let message = Text::new(format!("{}：{ja}", term.ja), format!("{}: {en}", term.en));
                let word = serde_json::json!(criterion);
                Self::unreadable("/criteria", word.as_str().unwrap_or_default(), message)
            }
            R::Unchanged => conflict(
                StatusCode::CONFLICT,
                "unchanged",
                Text::new("すでに同じ内容で報告されています。", "The very same was reported already."),
            ),
        }
    }
}

impl From<watching::ComplaintRefusal> for Problem {
    fn from(refusal: watching::ComplaintRefusal) -> Self {
        use watching::ComplaintRefusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Stage { found, needed } => {
                // What is over by itself is another word than what somebody ended.
                let word = |stage: &'static str| if stage == "closed" { "followed_up" } else { stage };
                state(word(found), needed)
            }
            R::NoWords => no_reason(),
            R::NotHandler { person } => unprocessable(
                "not_handler",
                Text::new(
                    format!("{person} は事務局の人でないか、通報の対象の事業者に属しています。別の人を選んでください。"),
                    format!("{person} is not of the secretariat, or belongs to the provider it is about. Choose somebody else."),
                ),
            )
            .at("/handler", person.as_str()),
        }
    }
}

impl From<watching::PriceRefusal> for Problem {
    fn from(refusal: watching::PriceRefusal) -> Self {
        use watching::PriceRefusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::NoSuchLine { line } => {
                let message = Text::new(
                    "登録された月額の料金の行を選んでください。",
                    "Choose a line of the registered price list that is a monthly price.",
                );
                Self::unreadable("/line", &line.to_string(), message)
            }
            R::NoPlace => {
                let message = Text::new("どこで見た料金かを書いてください。", "Say where the price was seen.");
                Self::unreadable("/seenAt", "", message)
            }
            R::Ahead { seen_on, today } => {
                let message = Text::new(
                    format!("見た日は今日（{today}）までの日にしてください。"),
                    format!("It cannot have been seen after today, {today}."),
                );
                Self::unreadable("/seenOn", &seen_on.to_string(), message)
            }
            R::Term { months } => {
                let message = Text::new(
                    format!("最低契約期間は{MOST_MONTHS}か月までです。"),
                    format!("A minimum term has at most {MOST_MONTHS} months."),
                );
                Self::unreadable("/minimumTermMonths", &months.to_string(), message)
            }
        }
    }
}
