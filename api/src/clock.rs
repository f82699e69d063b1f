//! The only file that reads the clock. Everything else is given the instant.

use domain::calendar::Instant;
use time::OffsetDateTime;

/// Now, to the second.
pub fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    let seconds = OffsetDateTime::now_utc().unix_timestamp();
    Instant::from_unix(seconds).expect("this machine's clock is set between 1970 and 9999")
}
