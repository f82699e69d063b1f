//! Slowing down whoever guesses, without locking out whoever is guessed at.
//!
//! Failures are counted for an account *and* the network they come from: after a few, that network waits before it may
//! try that account again, longer each time. Others at other networks do not wait, so nobody can lock somebody else
//! out. Guessing from many networks meets the limits of [`crate::server::limits`] and the second factor.

use domain::calendar::Instant;

/// Failures that cost nothing.
pub const FREE: u32 = 5;
/// The longest wait, in seconds.
pub const LONGEST: i64 = 15 * 60;
/// Failures are forgotten after this many quiet seconds.
pub const FORGOTTEN: i64 = 24 * 60 * 60;

/// Failures so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    pub count: u32,
    pub last_at: Instant,
}

impl Failures {
    /// Seconds to wait at `at` before another try; 0 when it may be tried.
    pub fn wait(&self, at: Instant) -> i64 {
        let over = self.count.saturating_sub(FREE);
        if over == 0 {
            return 0;
        }
        let whole = (30_i64 << (over - 1).min(10)).min(LONGEST);
        (whole - (at.unix() - self.last_at.unix())).max(0)
    }

    /// One more.
    pub fn and_one(before: Option<Self>, at: Instant) -> Self {
        let count = before.filter(|before| at.unix() - before.last_at.unix() < FORGOTTEN).map_or(0, |one| one.count);
        Self { count: count.saturating_add(1), last_at: at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn the_sixth_failure_costs_half_a_minute_and_each_one_more_doubles_it() {
        for (count, wait) in [(0, 0), (5, 0), (6, 30), (7, 60), (8, 120), (9, 240), (10, 480), (11, 900), (500, 900)] {
            assert_eq!(Failures { count, last_at: at(0) }.wait(at(0)), wait, "{count}");
        }
        let six = Failures { count: 6, last_at: at(0) };
        assert_eq!((six.wait(at(29)), six.wait(at(30)), six.wait(at(31))), (1, 0, 0));
    }

    #[test]
    fn a_day_of_quiet_forgets() {
        let many = Some(Failures { count: 9, last_at: at(0) });
        assert_eq!(Failures::and_one(many, at(FORGOTTEN - 1)).count, 10);
        assert_eq!(Failures::and_one(many, at(FORGOTTEN)).count, 1);
        assert_eq!(Failures::and_one(None, at(0)).count, 1);
    }
}
