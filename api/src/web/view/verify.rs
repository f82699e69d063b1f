//! The answer to a mark: what somebody sees who has just scanned one, and the form for typing one in.

use askama::Template;
use domain::calendar::{Instant, Period};
use domain::declaration::{Class, Kind};
use domain::licence::answer::{Answer, Rejection, Silence};
use domain::licence::token::HolderKind;
use domain::parties::Prefecture;
use domain::text::Text;

use super::frame::Frame;
use super::history::{Event, history};
use super::parts::INFO;
use super::state::State;
use crate::verification::{self, Verification};

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
    pub answer: Answer,
    /// What the mark says; nothing read from a code that is not ours.
    pub certificate: Option<Certificate>,
    /// What the register knows; none unless the answer is one of the first four.
    pub known: Option<Known>,
}

/// What the mark itself says, its signature checked; of a mini mark, what the register says it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The licence id as shown to people.
    pub licence: String,
    pub holder: String,
    pub holder_number: Option<String>,
    pub kind: HolderKind,
    /// The end of the term printed in a full mark; a mini mark, or a number typed by hand, has none.
    pub printed_until: Option<Instant>,
}

/// The licence and the service it hangs from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The registration's number.
    pub number: String,
    pub service: String,
    pub provider: String,
    pub provider_number: Option<String>,
    pub class: Class,
    pub kind: Kind,
    pub regions: Vec<Prefecture>,
    pub term: Period,
    /// The registration's own state.
    pub state: State,
    /// Newest first.
    pub history: Vec<Event>,
    pub edition: String,
    /// Where the act that granted the licence stands in the log.
    pub leaf: Option<u64>,
    /// The key that signed the token, in hexadecimal.
    pub key: String,
    /// SHA-256 of the token, in hexadecimal.
    pub digest: String,
}

impl AnswerPage {
    /// The page of an answer. `leaf` is the log's index of the act that granted the licence.
    ///
    /// Where the answer is "not ours", `frame.path` must not hold what was read from the code.
    pub fn new(frame: Frame, verification: &Verification, leaf: Option<u64>) -> Self {
        Self {
            frame,
            checked_at: verification.at,
            answer: verification.answer.clone(),
            certificate: Certificate::of(verification),
            known: verification.known.as_ref().map(|known| Known::new(known, leaf, verification.at)),
        }
    }

    fn state(&self) -> State {
        (&self.answer).into()
    }

    fn since(&self) -> Option<Instant> {
        match &self.answer {
            Answer::Suspended { since, .. } | Answer::Revoked { since, .. } | Answer::Ended { since } => Some(*since),
            Answer::Valid | Answer::Unknown(_) | Answer::NotOurs(_) => None,
        }
    }

    fn reason(&self) -> Option<&str> {
        match &self.answer {
            Answer::Suspended { reason, .. } | Answer::Revoked { reason, .. } => Some(reason),
            Answer::Valid | Answer::Ended { .. } | Answer::Unknown(_) | Answer::NotOurs(_) => None,
        }
    }

    fn is_user(&self) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.kind == HolderKind::User)
    }

    fn is_mini(&self) -> bool {
        self.known.is_some() && self.certificate.as_ref().is_some_and(|certificate| certificate.printed_until.is_none())
    }

    /// The end of the term printed in the mark has passed, but the register goes on.
    fn is_old_print(&self) -> bool {
        let printed = self.certificate.as_ref().and_then(|certificate| certificate.printed_until);
        self.answer == Answer::Valid && printed.is_some_and(|until| until <= self.checked_at)
    }

    /// The answer itself.
    fn headline(&self) -> Text {
        match &self.answer {
            Answer::Valid => Text::new("このマークは有効です", "This mark is valid"),
            Answer::Suspended { .. } => Text::new("このマークは一時停止中です", "This mark is suspended"),
            Answer::Revoked { .. } => Text::new("このマークは取り消されました", "This mark was revoked"),
            Answer::Ended { .. } => Text::new("このマークの期間は終わりました", "This mark has ended"),
            Answer::Unknown(_) => {
                Text::new("本物ですが、いまの状態は分かりません", "Genuine, but its status is unknown")
            }
            Answer::NotOurs(_) => Text::new("このマークは確認できません", "This mark is not confirmed"),
        }
    }

    /// What the answer means, in a sentence or two.
    fn meaning(&self) -> Text {
        let (ja, en) = match (&self.answer, self.is_user()) {
            (Answer::Valid, true) => {
                ("この会社は、登録されたお助け隊サービスを利用しています。", "This company uses a registered service.")
            }
            (Answer::Valid, false) => (
                "このサービスは、基準を満たすと確認され、いま登録されています。",
                "This service was found to meet the criteria and is registered now.",
            ),
            (Answer::Suspended { .. }, true) => {
                ("この会社のマークの効力は、いま止められています。", "This company's mark does not count at present.")
            }
            (Answer::Suspended { .. }, false) => (
                "このサービスの登録の効力は、いま止められています。",
                "This service's registration does not count at present.",
            ),
            (Answer::Revoked { .. }, true) => (
                "この会社がマークを使う許諾は、取り消されています。",
                "This company's licence to show the mark was revoked.",
            ),
            (Answer::Revoked { .. }, false) => (
                "このサービスの登録、またはマークを使う許諾は、取り消されています。",
                "This service's registration, or its licence to show the mark, was revoked.",
            ),
            (Answer::Ended { .. }, true) => {
                ("この会社がマークを使う許諾は、終わっています。", "This company's licence to show the mark has ended.")
            }
            (Answer::Ended { .. }, false) => (
                "このサービスの登録の期間、またはマークを使う許諾は、終わっています。",
                "The term of this service's registration, or its licence to show the mark, has ended.",
            ),
            (Answer::Unknown(silence), _) => silent(*silence),
            (Answer::NotOurs(rejection), _) => rejected(rejection),
        };
        Text::new(ja, en)
    }

    /// What to do next.
    fn advice(&self) -> Vec<Text> {
        let steps: &[(&str, &str)] = match &self.answer {
            Answer::Valid => &[],
            Answer::Suspended { .. } => &[
                (
                    "取消しが決まったわけではありません。新しい契約や取引は、再開を確かめてからにしてください。",
                    "It has not been revoked. Wait for it to be reinstated before you enter into new business because of it.",
                ),
                (
                    "すでに契約しているときは、提供事業者に事情を尋ねてください。",
                    "If you already have a contract, ask the provider.",
                ),
            ],
            Answer::Revoked { .. } => &[
                (
                    "このマークを、契約や取引の判断の根拠にしないでください。",
                    "Do not rely on this mark when you decide on a contract or a deal.",
                ),
                (
                    "マークをまだ見かけるときは、見せている会社に登録簿の内容を伝えてください。",
                    "If the mark is still shown, tell the company that shows it what the register says.",
                ),
            ],
            Answer::Ended { .. } => &[(
                "いまの登録や利用を示すものではありません。見せている会社に、新しいマークがあるか尋ねてください。",
                "It shows no present registration or use. Ask the company that shows it whether it has a new mark.",
            )],
            Answer::Unknown(_) => &[
                ("しばらくしてから、もう一度読み取ってください。", "Scan the mark again after a while."),
                (
                    "急ぐときは、登録番号か会社名で登録簿を調べてください。",
                    "If it is urgent, search the register by number or name.",
                ),
            ],
            Answer::NotOurs(_) => &[
                (
                    "このマークがあった画面や書類の案内で、支払い・会員登録・個人情報の入力をしないでください。",
                    "Do not pay, sign up or give personal data where you found this mark.",
                ),
                (
                    "汚れや折れで読み違えることもあります。明るい所でもう一度読み取るか、印刷された番号を入力してください。",
                    "Dirt or folds can cause misreading: scan again in good light, or type the printed number.",
                ),
                (
                    "会社名で登録簿を調べ、本当に登録があるか確かめてください。",
                    "Search the register by the company's name to see whether it is really registered.",
                ),
            ],
        };
        steps.iter().map(|(ja, en)| Text::new(*ja, *en)).collect()
    }
}

fn silent(silence: Silence) -> (&'static str, &'static str) {
    match silence {
        Silence::Unreachable => (
            "いま登録簿を読めません。有効とも無効とも言えません。",
            "The register cannot be read now. The mark may or may not be valid.",
        ),
        Silence::NotListed | Silence::Offline | Silence::PrintedTermEnded { .. } => (
            "署名はこの登録簿のものですが、いまの登録簿に見当たりません。有効とは扱わないでください。",
            "The signature is this register's, but the register does not list it now. Do not treat it as valid.",
        ),
    }
}

/// Nothing that was read from the code is repeated, the error's details included.
fn rejected(rejection: &Rejection) -> (&'static str, &'static str) {
    match rejection {
        Rejection::Unreadable(_) => (
            "読み取ったものは、お助け隊サービスのマークではありません。このマークを信用しないでください。",
            "What was read is not a mark of this scheme. Do not trust this mark.",
        ),
        Rejection::Signature(_) => (
            "読み取ったコードの署名が正しくありません。偽のマーク、または書き換えられたコードの可能性があります。このマークを信用しないでください。",
            "The code's signature is not ours. It may be a forgery, or may have been altered. Do not trust this mark.",
        ),
        Rejection::NoSuchLicence => (
            "この番号のマークは登録簿にありません。打ち間違い、または偽のマークの可能性があります。",
            "The register has no mark with this number. It may be mistyped, or the mark may be a forgery.",
        ),
    }
}

impl Certificate {
    /// The register's full name where it knows the licence, else the name inside the signature.
    fn of(verification: &Verification) -> Option<Self> {
        let claims = verification.claims.as_ref();
        let printed_until = claims.map(|claims| claims.expires_at);
        if let Some(known) = &verification.known {
            let grant = &known.licence.grant;
            return Some(Self {
                licence: known.licence.id.to_string(),
                holder: grant.holder_name.clone(),
                holder_number: grant.holder_number.as_ref().map(ToString::to_string),
                kind: grant.holder_kind,
                printed_until,
            });
        }
        claims.map(|claims| Self {
            licence: claims.licence.to_string(),
            holder: claims.holder_name.clone(),
            holder_number: claims.corporate_number.as_ref().map(ToString::to_string),
            kind: claims.kind,
            printed_until,
        })
    }
}

impl Known {
    fn new(known: &verification::Known, leaf: Option<u64>, at: Instant) -> Self {
        let (registration, grant) = (&known.registration, &known.licence.grant);
        let listing = registration.listing.clone();
        Self {
            number: registration.number.to_string(),
            service: listing.service_name,
            provider: listing.provider.trade_name,
            provider_number: listing.provider.legal_entity_number.map(|number| number.to_string()),
            class: listing.class,
            kind: listing.monitoring,
            regions: listing.regions,
            term: registration.term_at(at.day()),
            state: (&registration.status(at)).into(),
            history: history(registration, at),
            edition: listing.edition,
            leaf,
            key: grant.key.to_string(),
            digest: grant.token_digest.clone(),
        }
    }
}
