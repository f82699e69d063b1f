//! The offline page: what it says of itself, and the words of each answer that it may give.

use askama::Template;
use domain::text::Text;

use super::frame::Frame;
use super::parts::INFO;
use super::state::State;

/// The page. Its script fills in what a signature covers; every word stands here.
#[derive(Debug, Template)]
#[template(path = "public/offline.html")]
pub struct OfflinePage {
    pub frame: Frame,
}

/// One of the answers, with its reason where it has one.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The answer, or answer and reason.
    name: &'static str,
    state: State,
    headline: (&'static str, &'static str),
    meaning: (&'static str, &'static str),
}

impl Words {
    fn headline(&self) -> Text {
        Text::new(self.headline.0, self.headline.1)
    }

    fn meaning(&self) -> Text {
        Text::new(self.meaning.0, self.meaning.1)
    }

    /// Does the answer name a holder?
    fn is_genuine(&self) -> bool {
        self.state != State::NotOurs && !["unknown no_keys", "unknown mini_mark"].contains(&self.name)
    }

    /// Is it only the register that can say more?
    fn asks_online(&self) -> bool {
        self.state == State::Unknown
    }
}

const GENUINE: (&str, &str) = ("本物ですが、いまの状態は分かりません", "Genuine, but its status is unknown");
const UNCHECKED: (&str, &str) = ("いまは確かめられません", "It cannot be checked now");
const NOT_OURS: (&str, &str) = ("このマークは確認できません", "This mark is not confirmed");

const WORDS: [Words; 13] = [
    Words {
        name: "valid",
        state: State::Valid,
        headline: ("このマークは有効です（オフライン確認）", "This mark is valid (checked offline)"),
        meaning: (
            "署名は本物で、この端末にある状態一覧では有効です。一覧より後の停止や取消しは分かりません。",
            "The signature is genuine, and the status list on this device says that it is valid. What happened after the list was made is not known.",
        ),
    },
    Words {
        name: "suspended",
        state: State::Suspended,
        headline: ("このマークは一時停止中です", "This mark is suspended"),
        meaning: (
            "署名は本物ですが、この端末にある状態一覧では一時停止中です。いつから、なぜかは登録簿で確かめられます。",
            "The signature is genuine, but the status list on this device says that it is suspended. The register tells since when and why.",
        ),
    },
    Words {
        name: "revoked",
        state: State::Revoked,
        headline: ("このマークは取り消されました", "This mark was revoked"),
        meaning: (
            "署名は本物ですが、この端末にある状態一覧では取り消されています。いつから、なぜかは登録簿で確かめられます。",
            "The signature is genuine, but the status list on this device says that it was revoked. The register tells since when and why.",
        ),
    },
    Words {
        name: "ended",
        state: State::Ended,
        headline: ("このマークは終了しました", "This mark has ended"),
        meaning: (
            "署名は本物ですが、この端末にある状態一覧では終わっています。",
            "The signature is genuine, but the status list on this device says that it has ended.",
        ),
    },
    Words {
        name: "unknown offline",
        state: State::Unknown,
        headline: GENUINE,
        meaning: (
            "このマークが載るはずの状態一覧が、この端末にありません。つながる所で「最新の情報を取り込む」を押すか、登録簿に尋ねてください。",
            "The status list that this mark is in is not on this device. Fetch the newest information, or ask the register.",
        ),
    },
    Words {
        name: "unknown printed_term_ended",
        state: State::Unknown,
        headline: GENUINE,
        meaning: (
            "印刷された期間は終わっています。更新されたかどうかは、登録簿だけが知っています。",
            "The term printed in it has ended. Only the register knows whether it was renewed.",
        ),
    },
    Words {
        name: "unknown list_altered",
        state: State::Unknown,
        headline: GENUINE,
        meaning: (
            "この端末にある状態一覧は、登録簿が署名したとおりではありません。つながる所で「最新の情報を取り込む」を押してください。",
            "The status list on this device is not as the register signed it. Fetch the newest information.",
        ),
    },
    Words {
        name: "unknown list_old",
        state: State::Unknown,
        headline: GENUINE,
        meaning: (
            "この端末にある状態一覧は古すぎます。つながる所で「最新の情報を取り込む」を押すか、登録簿に尋ねてください。",
            "The status list on this device is too old. Fetch the newest information, or ask the register.",
        ),
    },
    Words {
        name: "unknown mini_mark",
        state: State::Unknown,
        headline: UNCHECKED,
        meaning: (
            "小さいマークと番号には署名がありません。登録簿だけが答えられます。",
            "A mini mark or a number carries no signature. Only the register can answer.",
        ),
    },
    Words {
        name: "unknown no_keys",
        state: State::Unknown,
        headline: UNCHECKED,
        meaning: (
            "この端末には、まだ登録簿の公開鍵がありません。つながる所で一度この画面を開いてください。",
            "This device does not have the register's public keys yet. Open this page once where there is a network.",
        ),
    },
    Words {
        name: "not_ours unreadable",
        state: State::NotOurs,
        headline: NOT_OURS,
        meaning: (
            "読み取ったものは、お助け隊サービスのマークではありません。このマークを信用しないでください。",
            "What was read is not a mark of this scheme. Do not trust this mark.",
        ),
    },
    Words {
        name: "not_ours unknown_key",
        state: State::NotOurs,
        headline: NOT_OURS,
        meaning: (
            "署名した鍵が、この端末にある登録簿の鍵の中にありません。ほかの登録簿のもの、偽のもの、または信用されなくなった鍵のものです。つながる所で登録簿に尋ねてください。",
            "The key that signed it is not among the register's keys on this device: another register's, a forgery, or a key that is not trusted any more. Ask the register where there is a network.",
        ),
    },
    Words {
        name: "not_ours altered",
        state: State::NotOurs,
        headline: NOT_OURS,
        meaning: (
            "読み取ったコードの署名が正しくありません。偽のマーク、または書き換えられたコードの可能性があります。このマークを信用しないでください。",
            "The code's signature is not right. It may be a forgery, or may have been altered. Do not trust this mark.",
        ),
    },
];

impl OfflinePage {
    fn words(&self) -> &'static [Words] {
        &WORDS
    }
}
