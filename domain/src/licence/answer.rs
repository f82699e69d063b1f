//! The answer to "is this mark good?": one of six, whoever asks and however.

use super::state::Standing;
use super::token::{TokenError, Verified};
use crate::calendar::Instant;
use crate::status_list::{Said, Statement, place};

/// The six answers of `MARK.md`'s promise, for page, JSON and command alike. A status list tells neither since when nor
/// why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 有効
    Valid,
    /// 一時停止中
    Suspended { since: Option<Instant>, reason: String },
    /// 取消し
    Revoked { since: Option<Instant>, reason: String },
    /// 終了・失効
    Ended { since: Option<Instant> },
    /// Genuine, but its status is not known. Never shown as valid, nor as forged.
    Unknown(Silence),
    /// Not ours, or altered. Nothing read from the code is repeated.
    NotOurs(Rejection),
}

/// Why the status of a genuine mark is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The register has no such licence, or another one under its id.
    NotListed,
    /// The register cannot be read now.
    Unreachable,
    /// Verified away from the register, without its status.
    Offline,
    /// As before, and the term printed in the mark has ended: ask online.
    PrintedTermEnded { at: Instant },
    /// Verified away from the register with a status list that no key of the register signed as it stands.
    ListAltered,
    /// Verified away from the register with a status list that is too old to be relied on.
    ListOld { issued_at: Instant },
}

/// Why a code is not one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It is no token of this profile.
    Unreadable(TokenError),
    /// A token, but no key of ours signed it as it stands.
    Signature(TokenError),
    /// A key signed it that is not trusted any more, and the register did not grant it as it stands.
    CompromisedKey,
    /// No licence has this id.
    NoSuchLicence,
}

impl Answer {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
            Self::Ended { .. } => "ended",
            Self::Unknown(_) => "unknown",
            Self::NotOurs(_) => "not_ours",
        }
    }
}

impl Silence {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotListed => "not_listed",
            Self::Unreachable => "unreachable",
            Self::Offline => "offline",
            Self::PrintedTermEnded { .. } => "printed_term_ended",
            Self::ListAltered => "list_altered",
            Self::ListOld { .. } => "list_old",
        }
    }
}

impl Rejection {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Signature(TokenError::UnknownKey { .. }) => "unknown_key",
            Self::Signature(_) => "altered",
            Self::CompromisedKey => "compromised_key",
            Self::NoSuchLicence => "no_such_licence",
        }
    }
}

impl From<TokenError> for Rejection {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::UnknownKey { .. } | TokenError::Altered { .. } => Self::Signature(error),
            TokenError::NotDecimal { .. }
            | TokenError::TooLong { .. }
            | TokenError::NotAToken { .. }
            | TokenError::UnknownAlgorithm { .. }
            | TokenError::UnknownProfile { .. }
            | TokenError::NotCanonical { .. } => Self::Unreadable(error),
        }
    }
}

impl From<Standing> for Answer {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Valid => Self::Valid,
            Standing::Suspended { since, reason } => Self::Suspended { since: Some(since), reason },
            Standing::Revoked { since, reason } => Self::Revoked { since: Some(since), reason },
            Standing::Ended { since } => Self::Ended { since: Some(since) },
        }
    }
}

/// What can be said of a genuine token away from the register, at `at`: with the status list that its licence is in, what
/// the register said when the list was signed. The end of the printed term comes first: behind it only the register knows
/// whether it was renewed.
pub fn offline(verified: &Verified, list: Option<&Statement>, at: Instant) -> Answer {
    let ends = verified.claims.expires_at;
    if ends <= at {
        return Answer::Unknown(Silence::PrintedTermEnded { at: ends });
    }
    let Some(list) = list else { return Answer::Unknown(Silence::Offline) };
    if list.is_old(at) {
        return Answer::Unknown(Silence::ListOld { issued_at: list.issued_at });
    }
    match list.list.get(place(verified.claims.status_index).1) {
        Said::Valid => Answer::Valid,
        Said::Suspended => Answer::Suspended { since: None, reason: String::new() },
        Said::Revoked => Answer::Revoked { since: None, reason: String::new() },
        Said::Ended => Answer::Ended { since: None },
    }
}
