//! What happened to a registration, as the public may read it.

use domain::application::Matter;
use domain::calendar::{Day, Instant};
use domain::proposal::{Motion, Proposal};
use domain::registration::{Cause, FilingOutcome, Grounds, Measure, MeasureKind, Registration, Status};
use domain::text::Text;

use super::declaration::label_of;

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
    events.extend(registration.measures.iter().flat_map(taken));
    if let Some(announced) = registration.discontinuation() {
        let what = Text::new(
            format!("サービスの終了が届け出られました（最後の日：{}）", announced.plan.last_day),
            format!("The provider announced the service's end; its last day is {}", announced.plan.last_day),
        );
        let reason = None;
        events.push((announced.at, Event { day: announced.at.day(), what, reason }));
    }
    if let Status::Discontinued { since } = registration.status(at) {
        let what = Text::new("サービスが終わりました", "The service ended");
        events.push((since, Event { day: since.day(), what, reason: None }));
    }
    events.extend(changed(registration));
    for filing in registration.filings.iter().filter(|filing| filing.matter == Matter::Renewal) {
        let event = |at: Instant, ja, en| (at, Event { day: at.day(), what: Text::new(ja, en), reason: None });
        events.push(event(filing.filed_at, "更新の申請を受け付けました", "Renewal applied for"));
        let Some(ended) = &filing.ended else { continue };
        match ended.outcome {
            FilingOutcome::Failed => events.push(event(ended.at, "更新の審査で不合格となりました", "Renewal refused")),
            FilingOutcome::Withdrawn => {
                events.push(event(ended.at, "更新の申請が取り下げられました", "Renewal withdrawn"));
            }
            // The next term says it.
            FilingOutcome::Entered | FilingOutcome::Superseded => {}
        }
    }
    for term in &registration.terms {
        let ended = term.until.start();
        let is_carried = registration.extension(ended).is_some();
        if is_carried {
            let what = Text::new(
                "有効期間が終わりました。更新の審査中のため、登録は続いています",
                "The term ended; the registration goes on while its renewal is undecided",
            );
            events.push((ended, Event { day: term.until, what, reason: None }));
        }
    }
    if let Status::Lapsed { since } = registration.status(at) {
        let what = Text::new("期間が終わり、登録の効力がなくなりました", "Lapsed at the end of its term");
        events.push((since, Event { day: since.day(), what, reason: None }));
    }
    events.retain(|(when, _)| *when <= at);
    events.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    events.into_iter().map(|(_, event)| event).collect()
}

/// What the public will read first once this proposal is confirmed: the service's history with the measure in it, as far
/// as the measure changes it.
pub fn foreseen(registration: &Registration, proposal: &Proposal, at: Instant) -> Vec<Event> {
    let Motion::TakeMeasure { measure: kind, reason, plan, .. } = &proposal.motion else { return Vec::new() };
    let from = plan.as_ref().and_then(|plan| plan.from).map_or(at, |from| from.max(at));
    let grounds =
        Grounds { clauses: Vec::new(), facts: String::new(), from, takers: Vec::new(), objection_until: None };
    let taken = Measure {
        kind: *kind,
        at,
        reason: reason.clone(),
        grounds: Some(Box::new(grounds)),
        corrections: Vec::new(),
        emergency: None,
        objection: None,
    };
    let before = history(registration, at);
    let mut after = registration.clone();
    after.measures.push(taken);
    history(&after, at).into_iter().filter(|event| !before.contains(event)).collect()
}

/// What the public reads of a measure: that it was taken or announced, and how it ended, if it did by itself or was set
/// aside.
fn taken(measure: &Measure) -> Vec<(Instant, Event)> {
    let (from, reason) = (measure.from(), || Some(measure.reason.clone()));
    let mut events = Vec::new();
    if measure.ends().is_none_or(|end| end > from) {
        events.push((from, Event { day: from.day(), what: done(measure), reason: reason() }));
    }
    if from > measure.at {
        let what = announcement(measure);
        events.push((measure.at, Event { day: measure.at.day(), what, reason: reason() }));
    }
    if let Some(until) = measure.unconfirmed_until() {
        let what = Text::new(
            "緊急の一時停止は、二人目の確認がないまま24時間で終わりました",
            "The emergency suspension ended by itself: nobody confirmed it within 24 hours",
        );
        events.push((until, Event { day: until.day(), what, reason: None }));
    }
    let finding = measure.objection.as_ref().and_then(|objection| objection.finding.as_ref());
    if let Some(finding) = finding {
        let what = match measure.set_aside() {
            Some(_) => Text::new(
                "異議が認められ、次の措置が取り消されました：",
                "An objection was upheld, and this was set aside: ",
            ),
            None => {
                Text::new("異議が棄却され、次の措置が維持されました：", "An objection was dismissed, and this stands: ")
            }
        };
        let of = done(measure);
        let what = Text::new(what.ja + &of.ja, what.en + &of.en);
        events.push((finding.at, Event { day: finding.at.day(), what, reason: Some(finding.reason.clone()) }));
    }
    events
}

/// What the public reads of changes: which fields, never what stands in those that are not published.
fn changed(registration: &Registration) -> Vec<(Instant, Event)> {
    let event = |at: Instant, what: Text, reason: Option<String>| (at, Event { day: at.day(), what, reason });
    let mut events = Vec::new();
    for filing in registration.filings.iter().filter(|filing| filing.matter == Matter::Change) {
        let filed = Text::new("変更の申請を受け付けました", "A change was applied for");
        events.push(event(filing.filed_at, filed, None));
        match filing.ended.as_ref().map(|ended| (ended.outcome, ended.at)) {
            Some((FilingOutcome::Failed, at)) => {
                events.push(event(at, Text::new("変更の審査で不合格となりました", "Change refused"), None));
            }
            Some((FilingOutcome::Withdrawn, at)) => {
                events.push(event(at, Text::new("変更の申請が取り下げられました", "Change withdrawn"), None));
            }
            Some((FilingOutcome::Entered | FilingOutcome::Superseded, _)) | None => {}
        }
    }
    for change in &registration.changes {
        let (what, reason) = match &change.cause {
            Cause::Renewed { .. } => continue,
            Cause::Notified { fields } => {
                let (ja, en) = named(fields);
                let what = Text::new(format!("変更が届け出られました：{ja}"), format!("A change was notified: {en}"));
                (what, None)
            }
            Cause::Examined { fields, .. } => {
                let (ja, en) = named(fields);
                let what = Text::new(
                    format!("審査を経て、次のところが変わりました：{ja}"),
                    format!("Changed after an examination: {en}"),
                );
                (what, None)
            }
            Cause::Succeeded { succession } => {
                let (kind, former) = (succession.kind.term(), &change.listing.provider.trade_name);
                let what = Text::new(
                    format!("提供事業者が変わりました（{}、{}付け）。それまで：{former}", kind.ja, succession.on),
                    format!(
                        "It went over to another provider ({}, as of {}). Until then: {former}",
                        kind.en, succession.on
                    ),
                );
                (what, Some(succession.reason.clone()))
            }
        };
        events.push(event(change.at, what, reason));
    }
    events
}

/// Fields of a declaration for people, in both languages.
fn named(fields: &[String]) -> (String, String) {
    let ja = fields.iter().map(|field| label_of(field).unwrap_or_else(|| field.clone())).collect::<Vec<_>>();
    (ja.join("、"), fields.join(", "))
}

fn done(measure: &Measure) -> Text {
    match measure.kind {
        MeasureKind::Cautioned => Text::new("事業者に注意しました", "The provider was cautioned"),
        MeasureKind::CorrectionDemanded => Text::new("事業者に是正を求めました", "Correction was demanded"),
        MeasureKind::Suspended if measure.emergency.is_some() => {
            Text::new("登録を緊急に一時停止しました", "Suspended in an emergency")
        }
        MeasureKind::Suspended => Text::new("登録を一時停止しました", "Suspended"),
        MeasureKind::Reinstated => Text::new("登録を再開しました", "Reinstated"),
        MeasureKind::Revoked => Text::new("登録を取り消しました", "Revoked"),
    }
}

/// What is announced, and for when.
pub fn announcement(measure: &Measure) -> Text {
    let (kind, from) = (kind(measure.kind), measure.from());
    let (day, (hour, minute, _)) = (from.day(), from.time_in_japan());
    Text::new(
        format!("{day} {hour:02}:{minute:02}からの{}を予告しました", kind.ja),
        format!("Announced for {day} {hour:02}:{minute:02} in Japan: {}", kind.en),
    )
}

/// A measure's name.
pub fn kind(kind: MeasureKind) -> Text {
    match kind {
        MeasureKind::Cautioned => Text::new("注意", "caution"),
        MeasureKind::CorrectionDemanded => Text::new("是正の求め", "demand for correction"),
        MeasureKind::Suspended => Text::new("一時停止", "suspension"),
        MeasureKind::Reinstated => Text::new("再開", "reinstatement"),
        MeasureKind::Revoked => Text::new("取消し", "revocation"),
    }
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
