//! How long what is kept beside the acts is kept (`docs/operations.md`, Retention). Nothing that was said on a day
//! depends on it: what has expired is refused whether or not it was swept.

use domain::calendar::Instant;
use sha2::{Digest, Sha256};

use super::throttle::FORGOTTEN;
use super::trail::{ADDRESS_DAYS, Line};
use crate::acts::{AtHand, Errand, Refused};

/// Days for which a line of the trail that stands for no act is kept.
pub const TRAIL_DAYS: i32 = 3 * 365;
/// Seconds after which no role's session runs any more.
const SESSION_SECONDS: i64 = 24 * 60 * 60;
/// Addresses hashed in one run.
const MOST: u64 = 5_000;

/// Lets go what has been kept long enough.
#[derive(Debug)]
pub struct Sweep;

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Addresses of which only a digest is left.
    pub addresses: u64,
    /// Lines of the trail.
    pub lines: u64,
    /// Sessions, links, ceremonies and counts of failures.
    pub rest: u64,
}

impl Errand for Sweep {
    type Done = Swept;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Swept, Refused> {
        let at = at_hand.at;
        let fresh = at_hand.random();
        let key = at_hand.tx.secret("address", fresh).await?;
        let digest = |address: &str| {
            let digest = Sha256::new().chain_update(&key).chain_update(address).finalize();
            format!("#{}", data_encoding::HEXLOWER.encode(&digest[..16]))
        };
        let addresses = at_hand.tx.digest_addresses(days_before(at, ADDRESS_DAYS), MOST, digest).await?;
        let lines = at_hand.tx.forget_trail(days_before(at, TRAIL_DAYS)).await?;
        let sessions = at_hand.tx.sweep_sessions(seconds_before(at, SESSION_SECONDS)).await?;
        let rest = at_hand.tx.sweep(at, seconds_before(at, FORGOTTEN)).await? + sessions;
        let swept = Swept { addresses, lines, rest };
        if swept != Swept::default() {
            let detail = Some(format!("{addresses} addresses, {lines} lines, {rest} others"));
            at_hand.note(Line { detail, ..Line::done("retention.swept", at, at_hand.from) });
        }
        Ok(swept)
    }
}

pub(crate) fn days_before(at: Instant, days: i32) -> Instant {
    seconds_before(at, i64::from(days) * 86_400)
}

pub(crate) fn seconds_before(at: Instant, seconds: i64) -> Instant {
    Instant::from_unix(at.unix() - seconds).expect("years before now is after 1970")
}
