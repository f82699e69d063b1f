//! Emergency suspension 「緊急の一時停止」: one person suspends at once, and a second one confirms it within a day, or it
//! ends by itself.

use super::super::{Refusal, Registration};
use super::taking::{check_grounds, objection_until};
use super::{Emergency, Grounds, Measure, MeasureKind, Plan};
use crate::act::{Act, Deed};
use crate::authority::{Actor, Power};
use crate::calendar::Instant;

/// Seconds after which an emergency suspension that nobody has confirmed is over (`scheme.toml`, `emergency_hours`).
pub const EMERGENCY_SECONDS: u32 = 24 * 60 * 60;

impl Registration {
    /// 緊急の一時停止: one person of the secretariat, at once. Only what `plan` says of clauses and facts counts.
    pub fn suspend_at_once(self, reason: String, plan: Plan, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::TakeMeasure, &self.object(), at)?;
        let (kind, at) = (MeasureKind::Suspended, at.max(self.changed_at));
        let status = self.status(at);
        if !kind.can_follow(&status) {
            return Err(Refusal::Status { found: status.as_str(), needed: kind.follows() });
        }
        let is_own = |measure: &Measure| measure.grounds.iter().any(|grounds| grounds.takers.contains(&by.person));
        let mut unconfirmed = self.measures.iter().filter(|measure| measure.unconfirmed_until().is_some());
        // Nobody keeps a service suspended alone, a day at a time.
        if unconfirmed.any(is_own) {
            return Err(Refusal::OwnEmergency);
        }
        check_grounds("emergency", &reason, &plan.clauses, &plan.facts)?;
        let grounds = Grounds {
            clauses: plan.clauses,
            facts: plan.facts,
            from: at,
            takers: vec![by.person.clone()],
            objection_until: objection_until(kind, at),
        };
        let until = at.plus_seconds(EMERGENCY_SECONDS);
        Ok(self.act(Deed::EmergencySuspended { reason, grounds: Box::new(grounds), until }, by, at))
    }

    /// 緊急の一時停止の確認: a second person, before it is over. From then on it is a suspension like any other.
    pub fn confirm_emergency(self, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::TakeMeasure, &self.object(), at)?;
        let at = at.max(self.changed_at);
        let last = self.measures.iter().rev().find(|measure| measure.unconfirmed_until().is_some());
        let (measure, until) =
            last.and_then(|measure| Some((measure, measure.unconfirmed_until()?))).ok_or(Refusal::NoEmergency)?;
        if at >= until {
            return Err(Refusal::EmergencyOver { until });
        }
        if measure.ends().is_some_and(|end| at >= end) || self.held_by(at) != Some(measure) {
            return Err(Refusal::NoEmergency);
        }
        if measure.grounds.iter().any(|grounds| grounds.takers.contains(&by.person)) {
            return Err(Refusal::OwnEmergency);
        }
        Ok(self.act(Deed::EmergencyConfirmed {}, by, at))
    }

    /// The emergency suspension that waits for a second person at `at`: it is over then.
    pub fn waiting_emergency(&self, at: Instant) -> Option<Instant> {
        self.held_by(at).and_then(Measure::unconfirmed_until)
    }

    /// What an act about an emergency changes; false where it is none, or cannot follow.
    pub(in crate::registration) fn replay_emergency(&mut self, act: &Act) -> bool {
        match &act.deed {
            Deed::EmergencySuspended { reason, grounds, until } => {
                if !MeasureKind::Suspended.can_follow(&self.status(grounds.from)) || *until <= act.at {
                    return false;
                }
                let taken = Measure::new(MeasureKind::Suspended, act.at, reason, Some(grounds));
                let emergency = Some(Emergency { until: *until, confirmed: None });
                self.measures.push(Measure { emergency, ..taken });
                true
            }
            Deed::EmergencyConfirmed {} => {
                let waiting = self.measures.iter_mut().rev().find(|measure| measure.unconfirmed_until().is_some());
                let Some(measure) = waiting else { return false };
                let Some(emergency) = measure.emergency.as_mut().filter(|found| act.at < found.until) else {
                    return false;
                };
                emergency.confirmed = Some(act.at);
                if let Some(grounds) = &mut measure.grounds {
                    grounds.takers.push(act.by.person.clone());
                }
                true
            }
            _ => false,
        }
    }
}
