//! 異常の監視（端末監視型）: endpoints, PCs and servers, are watched 24 hours, attacks are detected and notified, by a tool
//! such as EDR plus a monitoring service.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::watching::{self, Watching};
use crate::edition::LimitName;

pub(super) const RULE: Rule = Rule {
    term: ("異常の監視（端末監視型）", "Monitoring, endpoint kind"),
    reads: &["/monitoring/endpoint"],
    needs: &[LimitName::WatchedHoursADay],
    may_have: &[],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let Some(endpoint) = &facts.declaration.monitoring.endpoint else {
        return vec![facts.declared(false, "/monitoring/endpoint", ("端末を監視する", "endpoints are watched"))];
    };
    let mut checks = watching::assess(
        facts,
        &Watching {
            pointer: "/monitoring/endpoint",
            hours_per_day: endpoint.hours_per_day,
            days_per_week: endpoint.days_per_week,
            detects: endpoint.detects,
            notifies: endpoint.notifies,
            tool: &endpoint.tool,
            has_monitoring_service: endpoint.has_monitoring_service,
            method: &endpoint.method,
        },
    );
    let pcs = ("PCを監視する", "PCs are watched");
    let servers = ("サーバを監視する", "servers are watched");
    checks.push(facts.declared(endpoint.covers_pcs, "/monitoring/endpoint/coversPcs", pcs));
    checks.push(facts.declared(endpoint.covers_servers, "/monitoring/endpoint/coversServers", servers));
    checks
}
