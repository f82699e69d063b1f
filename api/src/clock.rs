//! The only file that reads the clock. Everything else is given the instant.
//!
//! A clock that was set back would have the register say of a term that is over that it holds: what was seen once is never
//! far behind.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::calendar::Instant;
use time::OffsetDateTime;

/// Seconds by which clocks of several machines may differ, and one may be put right.
const TOLERANCE: i64 = 300;

/// The latest instant that this process read or was told of, in seconds.
static LATEST: AtomicI64 = AtomicI64::new(0);
static IS_TOLD: AtomicBool = AtomicBool::new(false);

/// The clock says that it is earlier than it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetBack {
    pub now: Instant,
    /// What it said before, or when the last act was done.
    pub seen: Instant,
}

/// Now, to the second.
pub fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    let seconds = OffsetDateTime::now_utc().unix_timestamp();
    LATEST.fetch_max(seconds, Ordering::Relaxed);
    Instant::from_unix(seconds).expect("this machine's clock is set between 1970 and 9999")
}

/// Something was done at `at`, on this machine or on another one: no earlier instant is to come.
pub fn seen(at: Instant) {
    LATEST.fetch_max(at.unix(), Ordering::Relaxed);
}

/// Now, unless the clock was set back.
pub fn check() -> Result<Instant, SetBack> {
    let now = now();
    let back = is_set_back(now, Instant::from_unix(LATEST.load(Ordering::Relaxed)).unwrap_or(now));
    if IS_TOLD.swap(back.is_err(), Ordering::Relaxed) != back.is_err() {
        match &back {
            Err(back) => tracing::error!(now = %back.now, seen = %back.seen, "the clock was set back"),
            Ok(()) => tracing::info!(%now, "the clock is right again"),
        }
    }
    back.map(|()| now)
}

fn is_set_back(now: Instant, seen: Instant) -> Result<(), SetBack> {
    if now.unix() + TOLERANCE < seen.unix() { Err(SetBack { now, seen }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        let seen: Instant = "2026-12-01T00:05:00Z".parse().expect("an instant");
        for (now, is_good) in [
            ("2026-12-01T00:05:00Z", true),
            ("2026-12-01T00:00:00Z", true),
            ("2026-11-30T23:59:59Z", false),
            ("2026-12-01T00:05:01Z", true),
        ] {
            let now = now.parse().expect("an instant");
            assert_eq!(is_set_back(now, seen).is_ok(), is_good, "{now}");
        }
    }
}
