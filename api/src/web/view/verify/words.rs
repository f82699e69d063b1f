//! The words of the six answers.

use domain::licence::answer::{Answer, Rejection, Silence};
use domain::text::Text;

use super::AnswerPage;

impl AnswerPage {
    /// The answer itself.
    pub(super) fn headline(&self) -> Text {
        match &self.answer {
            Answer::Valid => Text::new("このマークは有効です", "This mark is valid"),
            Answer::Suspended { .. } => Text::new("このマークは一時停止中です", "This mark is suspended"),
            Answer::Revoked { .. } => Text::new("このマークは取り消されました", "This mark was revoked"),
            Answer::Ended { .. } => Text::new("このマークは終了しました", "This mark has ended"),
            // Only a signature shows that a mark is genuine; a number by itself shows nothing.
            Answer::Unknown(_) if self.certificate.is_none() => {
                Text::new("いまは確かめられません", "It cannot be checked now")
            }
            Answer::Unknown(_) => {
                Text::new("本物ですが、いまの状態は分かりません", "Genuine, but its status is unknown")
            }
            Answer::NotOurs(_) => Text::new("このマークは確認できません", "This mark is not confirmed"),
        }
    }

    /// What the answer means, in a sentence or two.
    pub(super) fn meaning(&self) -> Text {
        // The licence follows the registration, unless it closed by an act of its own.
        let follows = self.known.as_ref().is_some_and(|known| known.state == self.state());
        let (ja, en) = match (&self.answer, self.is_user(), follows) {
            (Answer::Valid, true, _) => {
                ("この会社は、登録されたお助け隊サービスを利用しています。", "This company uses a registered service.")
            }
            (Answer::Valid, false, _) => (
                "このサービスは、基準を満たすと確認され、いま登録されています。",
                "This service was found to meet the criteria and is registered now.",
            ),
            (Answer::Suspended { .. }, true, _) => (
                "この会社が利用するサービスの登録が、いま止められています。",
                "The registration of the service that this company uses does not count at present.",
            ),
            (Answer::Suspended { .. }, false, _) => (
                "このサービスの登録の効力は、いま止められています。",
                "This service's registration does not count at present.",
            ),
            (Answer::Revoked { .. }, true, true) => (
                "この会社が利用するサービスの登録は、取り消されています。",
                "The registration of the service that this company uses was revoked.",
            ),
            (Answer::Revoked { .. }, false, true) => {
                ("このサービスの登録は、取り消されています。", "This service's registration was revoked.")
            }
            (Answer::Revoked { .. }, _, false) => (
                "この会社がマークを使う許諾は、取り消されています。",
                "This company's licence to show the mark was revoked.",
            ),
            (Answer::Ended { .. }, true, true) => (
                "この会社が利用するサービスの登録の期間は、終わっています。",
                "The registration of the service that this company uses has ended.",
            ),
            (Answer::Ended { .. }, false, true) => {
                ("このサービスの登録の期間は、終わっています。", "The term of this service's registration has ended.")
            }
            (Answer::Ended { .. }, _, false) => {
                ("この会社がマークを使う許諾は、終わっています。", "This company's licence to show the mark has ended.")
            }
            (Answer::Unknown(silence), ..) => silent(*silence),
            (Answer::NotOurs(rejection), ..) => rejected(rejection),
        };
        Text::new(ja, en)
    }

    /// What to do next.
    pub(super) fn advice(&self) -> Vec<Text> {
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
        Silence::NotListed
        | Silence::Offline
        | Silence::PrintedTermEnded { .. }
        | Silence::ListAltered
        | Silence::ListOld { .. } => (
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
        Rejection::CompromisedKey => (
            "読み取ったコードは、いまは信用されない鍵で署名されていて、登録簿が許諾したものと一致しません。このマークを信用しないでください。",
            "The code was signed with a key that is not trusted any more, and it is not what the register granted. Do not trust this mark.",
        ),
        Rejection::NoSuchLicence => (
            "この番号のマークは登録簿にありません。打ち間違い、または偽のマークの可能性があります。",
            "The register has no mark with this number. It may be mistyped, or the mark may be a forgery.",
        ),
    }
}
