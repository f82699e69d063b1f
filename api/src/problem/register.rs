//! Why an act on a licence is refused, in words.

use domain::declaration::Class;
use domain::licence;
use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};
use super::states::{CLOSED, OPEN, state};

pub(super) fn other_class(registered: Class) -> Problem {
    let class = u8::from(registered);
    let message = Text::new(
        format!("{class}類として登録されたサービスです。別の類は、新しく申請してください。"),
        format!("The service is registered in class {class}. Apply anew for another class."),
    );
    Problem::unreadable("/service/class", "", message)
}

impl From<licence::Refusal> for Problem {
    fn from(refusal: licence::Refusal) -> Self {
        use licence::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::Registration { status } => state(status, "valid"),
            R::Licensed { licence } => conflict(
                StatusCode::CONFLICT,
                "licensed",
                Text::new(
                    format!("この相手にはすでに使用許諾 {licence} があります。"),
                    format!("This holder has the licence {licence} already."),
                ),
            ),
            R::ContractAhead { from, today } => unprocessable(
                "contract_ahead",
                Text::new(
                    format!("契約の開始日 {from} は今日 {today} より後です。契約が始まってから申し込んでください。"),
                    format!("The contract begins on {from}, after today {today}. Attest it once it has begun."),
                ),
            ),
            R::Name { characters } => unprocessable(
                "name",
                Text::new(
                    format!("名称は1文字から{}文字です（読み取った長さ：{characters}）。", licence::NAME_LIMIT),
                    format!("A name has 1 to {} characters (read: {characters}).", licence::NAME_LIMIT),
                ),
            ),
            R::Closed => state(CLOSED, OPEN),
            R::KeyTrusted { key } => conflict(
                StatusCode::CONFLICT,
                "key_trusted",
                Text::new(
                    format!("この許諾証に署名した鍵 {key} は危殆化していません。再発行は要りません。"),
                    format!("The key {key} that signed this licence is trusted. Nothing is to be issued anew."),
                ),
            ),
            R::NoReason => no_reason(),
        }
    }
}
