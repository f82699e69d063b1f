//! What is done about a registered service, with what it rests on.

use domain::registration::Plan;

use super::*;

/// Proposed by one secretary and confirmed by another.
pub fn take(
    before: Registration,
    measure: MeasureKind,
    reason: &str,
    now: Instant,
) -> Result<(Registration, Act), registration::Refusal> {
    let plan = plan(measure, now.max(before.changed_at));
    let (proposal, _) = before.propose(proposal_id(), measure, reason.to_owned(), plan, &secretary(), now)?;
    before.clone().take(&heard(proposal, &before), &other_secretary(), now)
}

/// What such a measure rests on, proposed at `now`, to hold at once.
pub fn plan(measure: MeasureKind, now: Instant) -> Plan {
    let clause = if measure == MeasureKind::Reinstated { "grounds_gone" } else { "criteria_unmet" };
    Plan {
        clauses: vec![clause.to_owned()],
        facts: FACTS.to_owned(),
        from: None,
        corrections: match measure {
            MeasureKind::CorrectionDemanded => vec![Condition { due: now.day().plus_days(30), ..condition() }],
            _ => Vec::new(),
        },
        hearing_until: (measure == MeasureKind::Revoked).then(|| now.day().plus_days(14)),
    }
}

/// The provider has stated its side, where it is heard.
pub fn heard(proposal: Proposal, about: &Registration) -> Proposal {
    if proposal.motion.hearing_until().is_none() {
        return proposal;
    }
    let (found, now) = (proposal.about_version, proposal.made_at);
    proposal.state_side(found, SIDE.to_owned(), &about.object(), &applicant(), now).expect("stated").0
}

/// What was found. Never published.
pub const FACTS: &str = "立入調査で確かめた事実";

/// What the provider says to a measure that is proposed.
pub const SIDE: &str = "原因を取り除いた。";

/// One secretary, alone and at once.
pub fn emergency(before: Registration, now: &str) -> Registration {
    let plan = plan(MeasureKind::Suspended, at(now));
    before.suspend_at_once(REASON.to_owned(), plan, &secretary(), at(now)).expect("suspended").0
}

/// Suspended, and objected to.
pub fn contested() -> Registration {
    let suspended = suspended(registered(), at(DECIDED));
    let objected = suspended.object_to_measure(1, REASON.to_owned(), Vec::new(), &applicant(), at(DECIDED));
    objected.expect("objected").0
}

/// A service that ends on this day.
pub fn ending(last_day: &str) -> Discontinuation {
    let (for_users, contracts) = ("後継のサービスをご案内します。".to_owned(), "違約金なしで解約できます。".to_owned());
    Discontinuation { last_day: day(last_day), for_users, contracts }
}

pub fn suspended(before: Registration, now: Instant) -> Registration {
    take(before, MeasureKind::Suspended, REASON, now).expect("suspended").0
}

pub fn reinstated(before: Registration, now: Instant) -> Registration {
    take(before, MeasureKind::Reinstated, REASON, now).expect("reinstated").0
}

pub fn revoked(before: Registration, now: Instant) -> Registration {
    take(before, MeasureKind::Revoked, REASON, now).expect("revoked").0
}
