//! What happened to a registration, as the public may read it.

use domain::calendar::{Day, Instant};
use domain::registration::{Measure, MeasureKind, Registration, Status};
use domain::text::Text;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub day: Day,
    pub what: Text,
    pub reason: Option<String>,
}

/// Everything up to `at`, newest first.
pub fn history(registration: &Registration, at: Instant) -> Vec<Event> {
    let term = |(index, term): (usize, &domain::calendar::Period)| {
        let what = match index {
            0 => Text::new("新しく登録しました", "Registered"),
            _ => Text::new("登録を更新しました", "Renewed"),
        };
        (term.from.start(), Event { day: term.from, what, reason: None })
    };
    let mut events: Vec<(Instant, Event)> = registration.terms.iter().enumerate().map(term).collect();
    events.extend(registration.measures.iter().map(|measure| (measure.at, taken(measure))));
    if let Status::Lapsed { since } = registration.status(at) {
        let what = Text::new("期間が終わり、登録の効力がなくなりました", "Lapsed at the end of its term");
        events.push((since, Event { day: since.day(), what, reason: None }));
    }
    events.retain(|(when, _)| *when <= at);
    events.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    events.into_iter().map(|(_, event)| event).collect()
}

fn taken(measure: &Measure) -> Event {
    let what = match measure.kind {
        MeasureKind::Suspended => Text::new("登録を一時停止しました", "Suspended"),
        MeasureKind::Reinstated => Text::new("登録を再開しました", "Reinstated"),
        MeasureKind::Revoked => Text::new("登録を取り消しました", "Revoked"),
    };
    Event { day: measure.at.day(), what, reason: Some(measure.reason.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::samples::revoked_after_reinstatement;

    /// Newest first, nothing that is still to come, and the lapse that nobody enacts.
    #[test]
    fn history_is_what_had_happened_by_then() {
        let registration = revoked_after_reinstatement();
        let unrevoked = Registration { measures: registration.measures[..2].to_vec(), ..registration.clone() };
        for (registration, at, expected) in [
            (&registration, "2024-03-30T00:00:00Z", vec![]),
            (&registration, "2024-03-31T15:00:00Z", vec!["Registered"]),
            (&registration, "2026-11-02T00:00:00Z", vec!["Suspended", "Renewed", "Registered"]),
            (
                &registration,
                "2028-05-01T00:00:00Z",
                vec!["Revoked", "Reinstated", "Suspended", "Renewed", "Registered"],
            ),
            (&unrevoked, "2028-03-31T14:59:59Z", vec!["Reinstated", "Suspended", "Renewed", "Registered"]),
            (
                &unrevoked,
                "2028-03-31T15:00:00Z",
                vec!["Lapsed at the end of its term", "Reinstated", "Suspended", "Renewed", "Registered"],
            ),
        ] {
            let events = history(registration, at.parse().expect("an instant"));
            assert_eq!(events.iter().map(|event| event.what.en.as_str()).collect::<Vec<_>>(), expected, "{at}");
        }
    }
}
