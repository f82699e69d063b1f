//! When what could not be delivered is tried again: data.

use domain::calendar::Instant;

/// Seconds after each attempt that failed, as Standard Webhooks recommends them: the last is the tenth, three days later.
pub const WEBHOOK: &[u32] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The same for mail that the server does not take for now: for five days, as RFC 5321 (4.5.4.1) asks of senders.
pub const MAIL: &[u32] = &[5, 300, 1_800, 3_600, 14_400, 43_200, 86_400, 86_400, 86_400, 86_400];

/// Seconds for which what was taken in hand is nobody else's. Whoever died over it has lost it then.
pub const LEASE: u32 = 60;

/// When the next attempt is due after `attempts` of them; none when there were enough.
pub fn next(schedule: &[u32], attempts: u32, at: Instant) -> Option<Instant> {
    let wait = schedule.get(attempts.checked_sub(1)? as usize)?;
    Some(at.plus_seconds(*wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_less_and_less_often_and_then_no_more() {
        let at: Instant = "2026-12-01T00:00:00Z".parse().unwrap();
        for (schedule, attempts, expected) in [
            (WEBHOOK, 1, Some("2026-12-01T00:00:05Z")),
            (WEBHOOK, 2, Some("2026-12-01T00:05:00Z")),
            (WEBHOOK, 9, Some("2026-12-02T00:00:00Z")),
            (WEBHOOK, 10, None),
            (MAIL, 1, Some("2026-12-01T00:00:05Z")),
            (MAIL, 10, Some("2026-12-02T00:00:00Z")),
            (MAIL, 11, None),
            (MAIL, 0, None),
        ] {
            let found = next(schedule, attempts, at).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{attempts}");
        }
        for schedule in [WEBHOOK, MAIL] {
            assert!(schedule.is_sorted());
        }
    }
}
