//! 見守り: what both kinds of monitoring have in common.
//!
//! Watching "24 hours" means every day of the week: on a day without watching, the hours are none. It demands no fixed
//! place and nobody on site, so the method is described, not prescribed.

use super::facts::Facts;
use super::finding::{Check, Shortfall};
use crate::edition::{LimitName, Measure};
use crate::text::Text;

/// One kind of monitoring as declared.
pub(super) struct Watching<'a> {
    /// Where in the declaration.
    pub(super) pointer: &'static str,
    pub(super) hours_per_day: u8,
    pub(super) days_per_week: u8,
    pub(super) detects: bool,
    pub(super) notifies: bool,
    pub(super) tool: &'a str,
    pub(super) has_monitoring_service: bool,
    pub(super) method: &'a str,
}

pub(super) fn assess(facts: &Facts, watching: &Watching) -> Vec<Check> {
    let at = |field: &str| format!("{}/{field}", watching.pointer);
    let hours = u64::from(watching.hours_per_day);
    vec![
        facts.figure(LimitName::WatchedHoursADay, hours, &at("hoursPerDay"), ("見守り", "Watching")),
        every_day(facts, watching.days_per_week, at("daysPerWeek")),
        facts.declared(watching.detects, &at("detects"), ("攻撃を検知する", "attacks are detected")),
        facts.declared(watching.notifies, &at("notifies"), ("検知した攻撃を通知する", "detected attacks are notified")),
        facts.described(watching.tool, &at("tool"), ("監視のツール", "the monitoring tool")),
        facts.declared(
            watching.has_monitoring_service,
            &at("hasMonitoringService"),
            ("ツールとともに異常監視サービスを提供する", "a monitoring service comes with the tool"),
        ),
        facts.described(watching.method, &at("method"), ("見守りの手法", "the method of watching")),
    ]
}

fn every_day(facts: &Facts, days: u8, pointer: String) -> Check {
    if facts.lacks(&pointer) {
        return Check::not_filled_in(&pointer, Text::new("見守る日数", "the days of watching"));
    }
    let limit = facts.limit(LimitName::WatchedHoursADay);
    let by = u64::from(7_u8.saturating_sub(days));
    if by == 0 {
        return Check::holds(limit, Text::new("見守りは毎日です。", "Watching: every day."));
    }
    let reason = Text::new(
        format!("見守りは週{days}日で、見守らない日が週{by}日あります。"),
        format!("Watching: {days} of 7 days a week, {by} short of every day."),
    );
    Check::fails(limit, Shortfall::Figure { pointer: Some(pointer), measure: Measure::DaysAWeek, by }, reason)
}
