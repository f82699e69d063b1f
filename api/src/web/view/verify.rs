//! The answer to a mark: what somebody sees who has just scanned one, and the form for typing one in.

use askama::Template;
use domain::calendar::{Day, Instant, Period};
use domain::declaration::{Class, Kind};
use domain::licence::token::HolderKind;
use domain::parties::Prefecture;
use domain::text::Text;

use super::answer::Answer;
use super::frame::Frame;
use super::parts::INFO;

/// The form for typing a number or pasting a link.
#[derive(Debug, Template)]
#[template(path = "public/verify.html")]
pub struct VerifyPage {
    pub frame: Frame,
    pub typed: String,
    pub error: Option<Text>,
}

/// One of the six answers.
#[derive(Debug, Template)]
#[template(path = "public/answer.html")]
pub struct AnswerPage {
    pub frame: Frame,
    pub checked_at: Instant,
    pub found: Found,
}

/// What the code turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Genuine, and the register knows what became of it.
    Known(Box<Known>),
    /// Genuine, but the register cannot say now what became of it.
    Unknown(Certificate, Silence),
    /// Not ours, or altered. Holds nothing that was read from the code.
    NotOurs(Rejection),
}

/// What the mark itself says, its signature checked (or, for a mini mark, what the register says it says).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The licence id as shown to people.
    pub licence: String,
    pub holder: String,
    pub holder_number: Option<String>,
    pub kind: HolderKind,
    pub print: Print,
}

/// Which mark was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// The full mark, signed; the term printed in it ends then.
    Full { ends: Instant },
    /// The mini mark, or a number typed by hand: an address only, worth nothing offline.
    Mini,
}

/// A mark the register knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub certificate: Certificate,
    /// Valid, suspended, revoked or ended.
    pub answer: Answer,
    /// Since when it is so; not asked of a valid one.
    pub since: Option<Instant>,
    /// Why it is so, in words fit for the public.
    pub reason: Option<String>,
    pub service: Service,
    /// Newest first.
    pub history: Vec<Event>,
    pub proof: Proof,
}

/// The registered service that the licence hangs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The registration's number.
    pub number: String,
    pub name: String,
    pub provider: String,
    pub provider_number: Option<String>,
    pub class: Class,
    pub kind: Kind,
    pub regions: Vec<Prefecture>,
    pub term: Period,
    /// The registration's own state.
    pub state: Answer,
}

/// Something that happened, as the public may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub day: Day,
    pub what: Text,
    pub reason: Option<String>,
}

/// Where an outsider can check this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The leaf of the act, in the log.
    pub leaf: u64,
    /// The key that signed, in hexadecimal.
    pub key: String,
    pub edition: String,
    /// SHA-256 of the token, in hexadecimal.
    pub digest: String,
}

/// Why a genuine mark's state is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The register has no such licence.
    NotListed,
    /// The register cannot be read now.
    Unreachable,
}

/// Why a code is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It is no mark at all.
    Unreadable,
    /// Its signature is not one of ours.
    Signature,
    /// No licence has this number.
    NoSuchNumber,
}

impl AnswerPage {
    fn answer(&self) -> Answer {
        match &self.found {
            Found::Known(known) => known.answer,
            Found::Unknown(..) => Answer::Unknown,
            Found::NotOurs(_) => Answer::NotOurs,
        }
    }

    fn certificate(&self) -> Option<&Certificate> {
        match &self.found {
            Found::Known(known) => Some(&known.certificate),
            Found::Unknown(certificate, _) => Some(certificate),
            Found::NotOurs(_) => None,
        }
    }

    fn known(&self) -> Option<&Known> {
        match &self.found {
            Found::Known(known) => Some(known),
            Found::Unknown(..) | Found::NotOurs(_) => None,
        }
    }

    /// The answer itself.
    fn headline(&self) -> Text {
        match self.answer() {
            Answer::Valid | Answer::NotYet => Text::new("このマークは有効です", "This mark is valid"),
            Answer::Suspended => Text::new("このマークは一時停止中です", "This mark is suspended"),
            Answer::Revoked => Text::new("このマークは取り消されました", "This mark was revoked"),
            Answer::Ended => Text::new("このマークの期間は終わりました", "This mark has ended"),
            Answer::Unknown => Text::new("本物ですが、いまの状態は分かりません", "Genuine, but its status is unknown"),
            Answer::NotOurs => Text::new("このマークは確認できません", "This mark is not confirmed"),
        }
    }

    /// What the answer means, in a sentence or two.
    fn meaning(&self) -> Text {
        match &self.found {
            Found::Known(known) => known.meaning(),
            Found::Unknown(_, Silence::NotListed) => Text::new(
                "署名はこの登録簿のものですが、この使用許諾がいまの登録簿に見当たりません。有効とは扱わないでください。",
                "The signature is this register's, but the register does not list this licence now. Do not treat it as valid.",
            ),
            Found::Unknown(_, Silence::Unreachable) => Text::new(
                "署名はこの登録簿のものですが、いま登録簿を読めません。有効とも無効とも言えません。",
                "The signature is this register's, but the register cannot be read now. It may or may not be valid.",
            ),
            Found::NotOurs(Rejection::Unreadable) => Text::new(
                "読み取ったものは、お助け隊サービスのマークではありません。",
                "What was read is not a mark of this scheme.",
            ),
            Found::NotOurs(Rejection::Signature) => Text::new(
                "読み取ったコードの署名が正しくありません。偽のマーク、または書き換えられたコードの可能性があります。このマークを信用しないでください。",
                "The code's signature is not ours. It may be a forgery, or may have been altered. Do not trust this mark.",
            ),
            Found::NotOurs(Rejection::NoSuchNumber) => Text::new(
                "この番号のマークは登録簿にありません。打ち間違い、または偽のマークの可能性があります。",
                "The register has no mark with this number. It may be mistyped, or the mark may be a forgery.",
            ),
        }
    }

    /// What to do next.
    fn advice(&self) -> Vec<Text> {
        match self.answer() {
            Answer::Valid | Answer::NotYet => Vec::new(),
            Answer::Suspended => vec![
                Text::new(
                    "取消しが決まったわけではありません。新しい契約や取引は、再開を確かめてからにしてください。",
                    "It has not been revoked. Wait for it to be reinstated before you enter into new business because of it.",
                ),
                Text::new("すでに契約しているときは、提供事業者に事情を尋ねてください。", "If you already have a contract, ask the provider."),
            ],
            Answer::Revoked => vec![
                Text::new(
                    "このマークを、契約や取引の判断の根拠にしないでください。",
                    "Do not rely on this mark when you decide on a contract or a deal.",
                ),
                Text::new(
                    "マークをまだ見かけるときは、見せている会社に登録簿の内容を伝えてください。",
                    "If the mark is still shown, tell the company that shows it what the register says.",
                ),
            ],
            Answer::Ended => vec![
                Text::new(
                    "いまの登録や利用を示すものではありません。見せている会社に、新しいマークがあるか尋ねてください。",
                    "It shows no present registration or use. Ask the company that shows it whether it has a new mark.",
                ),
            ],
            Answer::Unknown => vec![
                Text::new("しばらくしてから、もう一度読み取ってください。", "Scan the mark again after a while."),
                Text::new("急ぐときは、登録番号か会社名で登録簿を調べてください。", "If it is urgent, search the register by number or name."),
            ],
            Answer::NotOurs => vec![
                Text::new(
                    "このマークがあった画面や書類の案内で、支払い・会員登録・個人情報の入力をしないでください。",
                    "Do not pay, sign up or give personal data where you found this mark.",
                ),
                Text::new(
                    "汚れや折れで読み違えることもあります。明るい所でもう一度読み取るか、印刷された番号を入力してください。",
                    "Dirt or folds can cause misreading: scan again in good light, or type the printed number.",
                ),
                Text::new(
                    "会社名で登録簿を調べ、本当に登録があるか確かめてください。",
                    "Search the register by the company's name to see whether it is really registered.",
                ),
            ],
        }
    }
}

impl Known {
    fn is_user(&self) -> bool {
        self.certificate.kind == HolderKind::User
    }

    /// The end of the term printed in the mark has passed, but the register goes on.
    fn is_old_print(&self, at: Instant) -> bool {
        matches!(self.certificate.print, Print::Full { ends } if ends <= at) && self.answer == Answer::Valid
    }

    fn meaning(&self) -> Text {
        let (user, provider) = match self.answer {
            Answer::Suspended => (
                ("この会社の利用は、いまマークの効力が止められています。", "This company's mark does not count at present."),
                ("登録の効力が、いま止められています。", "The registration does not count at present."),
            ),
            Answer::Revoked => (
                ("この会社がマークを使う許諾は、取り消されています。", "This company's licence to show the mark was revoked."),
                ("このサービスの登録と、マークを使う許諾は、取り消されています。", "This service's registration, and the licence to show the mark, were revoked."),
            ),
            Answer::Ended => (
                ("この会社がマークを使う許諾は、終わっています。", "This company's licence to show the mark has ended."),
                ("このサービスの登録の期間は、終わっています。", "The term of this service's registration has ended."),
            ),
            _ => (
                ("この会社は、登録されたお助け隊サービスを利用しています。", "This company uses a registered service."),
                ("このサービスは、基準を満たすと確認され、いま登録されています。", "This service was found to meet the criteria and is registered now."),
            ),
        };
        let (ja, en) = if self.is_user() { user } else { provider };
        Text::new(ja, en)
    }
}
