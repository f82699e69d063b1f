//! The states of marks and registrations as they are shown: each has its own words, icon and colour.

use domain::licence::Standing;
use domain::licence::answer::Answer;
use domain::registration::Status;
use domain::text::Text;

use super::parts::{Icon, Shape};

/// What is shown of a mark or a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// 有効
    Valid,
    /// 一時停止
    Suspended,
    /// 取消し
    Revoked,
    /// 終了・失効
    Ended,
    /// Genuine, but what became of it cannot be said now.
    Unknown,
    /// Not ours, or altered.
    NotOurs,
    /// Registered, but its first day is still to come; never a mark's answer.
    NotYet,
    /// サービス終了; never a mark's answer.
    Discontinued,
}

impl State {
    /// The class of its colour.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Valid => "green",
            Self::Suspended => "yellow",
            Self::Revoked => "red",
            Self::Ended | Self::Discontinued => "gray",
            Self::Unknown | Self::NotYet => "blue",
            Self::NotOurs => "black",
        }
    }

    /// Its icon.
    pub fn icon(self) -> Icon {
        let shape = match self {
            Self::Valid => Shape::Tick,
            Self::Suspended => Shape::Pause,
            Self::Revoked => Shape::Cross,
            Self::Ended | Self::Discontinued => Shape::Hourglass,
            Self::Unknown => Shape::Question,
            Self::NotOurs => Shape::Alert,
            Self::NotYet => Shape::Clock,
        };
        Icon { shape }
    }

    /// The word on a badge.
    pub fn word(self) -> Text {
        match self {
            Self::Valid => Text::new("有効", "Valid"),
            Self::Suspended => Text::new("一時停止中", "Suspended"),
            Self::Revoked => Text::new("取消し", "Revoked"),
            Self::Ended => Text::new("期間終了", "Ended"),
            Self::Unknown => Text::new("状態不明", "Status unknown"),
            Self::NotOurs => Text::new("確認できません", "Not confirmed"),
            Self::NotYet => Text::new("開始前", "Not yet in force"),
            Self::Discontinued => Text::new("サービス終了", "Discontinued"),
        }
    }
}

impl From<&Status> for State {
    fn from(status: &Status) -> Self {
        match status {
            Status::NotYet { .. } => Self::NotYet,
            Status::Valid => Self::Valid,
            Status::Suspended { .. } => Self::Suspended,
            Status::Revoked { .. } => Self::Revoked,
            Status::Lapsed { .. } => Self::Ended,
            Status::Discontinued { .. } => Self::Discontinued,
        }
    }
}

impl From<&Standing> for State {
    fn from(standing: &Standing) -> Self {
        match standing {
            Standing::Valid => Self::Valid,
            Standing::Suspended { .. } => Self::Suspended,
            Standing::Revoked { .. } => Self::Revoked,
            Standing::Ended { .. } => Self::Ended,
        }
    }
}

impl From<&Answer> for State {
    fn from(answer: &Answer) -> Self {
        match answer {
            Answer::Valid => Self::Valid,
            Answer::Suspended { .. } => Self::Suspended,
            Answer::Revoked { .. } => Self::Revoked,
            Answer::Ended { .. } => Self::Ended,
            Answer::Unknown(_) => Self::Unknown,
            Answer::NotOurs(_) => Self::NotOurs,
        }
    }
}
