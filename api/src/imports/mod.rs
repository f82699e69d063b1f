//! Imports 「一括許諾」: a provider attests many of its users with one file.
//!
//! The file is kept in the database as it comes ([`intake`]), checked line by line ([`check`]), and its users are
//! licensed a few hundred at a time, so that other acts go on between ([`run`]). Where the process dies, the next start
//! goes on behind the last line that was settled: an import's row moves on in the transaction of the acts themselves.

pub mod check;
pub mod intake;
pub mod lines;
pub mod own;
pub mod run;

use domain::act::{OrganisationId, PersonId, RegistrationNumber};
use domain::calendar::Instant;
use domain::text::Text;

use crate::spreadsheet::Encoding;

/// The most lines of users that a file may have.
pub const MOST_ROWS: u32 = 100_000;
/// The most bytes that a file may have.
pub const MOST_BYTES: u64 = 32 << 20;
/// Days for which it is kept what was wrong with a file.
pub const FAULT_DAYS: i32 = 30;

/// One import, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: String,
    /// The digest of the caller's key.
    pub request: Option<String>,
    pub registration: RegistrationNumber,
    /// Whom the service belonged to when it was sent.
    pub organisation: OrganisationId,
    pub person: PersonId,
    /// How they showed who they are.
    pub proof: String,
    pub choice: Choice,
    /// The file's name.
    pub name: String,
    pub stage: Stage,
    /// Whoever sends it, while it arrives.
    pub sender: String,
    pub bytes: u64,
    /// SHA-256 of the file, once it is there.
    pub digest: Option<String>,
    pub encoding: Option<Encoding>,
    pub begun_at: Instant,
    pub settled_at: Option<Instant>,
    /// Lines of users that were checked.
    pub rows: u32,
    /// Those of them that are not licensed for a fault of their own.
    pub faulty: u32,
    pub issued: u32,
    /// The last line that was settled.
    pub line: u32,
    /// Why it was stopped.
    pub trouble: Option<String>,
}

/// What becomes of the others where a line is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Nobody is licensed before every line is right.
    #[default]
    All,
    /// Whoever's line is right is licensed.
    Valid,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 受信中: the file arrives.
    Receiving,
    /// 確認中: its lines are checked.
    Checking,
    /// 許諾中: its users are licensed.
    Issuing,
    /// 完了
    Done,
    /// 不受理: nobody was licensed, since something in the file is wrong.
    Refused,
    /// 中止: it could not go on; who was licensed before is.
    Stopped,
}

macro_rules! words {
    ($($type:ident { $($variant:ident => $word:literal),+ })+) => {
        $(impl $type {
            /// The word in tables and in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            pub fn read(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        })+
    };
}
words! {
    Choice { All => "all", Valid => "valid" }
    Stage {
        Receiving => "receiving", Checking => "checking", Issuing => "issuing", Done => "done", Refused => "refused",
        Stopped => "stopped"
    }
}

impl Stage {
    /// Nothing more becomes of it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Stopped)
    }

    pub fn term(self) -> Text {
        match self {
            Self::Receiving => Text::new("受信中", "Arriving"),
            Self::Checking => Text::new("確認中", "Being checked"),
            Self::Issuing => Text::new("許諾中", "Being licensed"),
            Self::Done => Text::new("完了", "Done"),
            Self::Refused => Text::new("不受理", "Refused"),
            Self::Stopped => Text::new("中止", "Stopped"),
        }
    }
}

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Number,
    From,
}

impl Column {
    pub const ALL: [Self; 3] = [Self::Name, Self::Number, Self::From];

    /// The name that programs write, as in a single licence's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "holderName",
            Self::Number => "holderNumber",
            Self::From => "contractFrom",
        }
    }

    /// The name that people write, as on a single licence's form.
    pub fn term(self) -> &'static str {
        match self {
            Self::Name => "利用企業の名称",
            Self::Number => "法人番号",
            Self::From => "サービスの契約を始めた日",
        }
    }

    /// Other names by which it goes.
    fn others(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["利用企業名", "名称", "企業名", "会社名", "holder name", "name"],
            Self::Number => &["holder number", "corporate number", "legalEntityNumber"],
            Self::From => &["契約開始日", "契約を始めた日", "利用開始日", "contract from"],
        }
    }
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u32,
    /// None where it is about the whole line.
    pub column: Option<Column>,
    /// What stood there, cut to 80 characters.
    pub read: String,
    pub message: Text,
}
