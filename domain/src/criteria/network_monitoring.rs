//! 異常の監視（ネットワーク一括監視型）: the user's network is watched 24 hours, attacks are detected and notified, by a tool
//! such as UTM plus a monitoring service. Class 2 asks for a number of endpoints as well.

use super::Rule;
use super::facts::Facts;
use super::finding::Check;
use super::watching::{self, Watching};
use crate::edition::LimitName;
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    term: ("異常の監視（ネットワーク一括監視型）", "Monitoring, network kind"),
    reads: &["/monitoring/network"],
    needs: &[LimitName::WatchedHoursADay],
    may_have: &[LimitName::MonitoredEndpoints],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    let Some(network) = &facts.declaration.monitoring.network else {
        return vec![facts.declared(
            false,
            "/monitoring/network",
            ("ネットワークを監視する", "the network is watched"),
        )];
    };
    let mut checks = watching::assess(
        facts,
        &Watching {
            pointer: "/monitoring/network",
            hours_per_day: network.hours_per_day,
            days_per_week: network.days_per_week,
            detects: network.detects,
            notifies: network.notifies,
            tool: &network.tool,
            has_monitoring_service: network.has_monitoring_service,
            method: &network.method,
        },
    );
    if facts.has(LimitName::MonitoredEndpoints) {
        checks.extend(endpoints(facts));
    }
    checks
}

/// The endpoints that one contract covers, in the network and, of the combined kind, on the endpoints themselves.
fn endpoints(facts: &Facts) -> Vec<Check> {
    let monitoring = &facts.declaration.monitoring;
    let most = [
        ("network", monitoring.network.as_ref().and_then(|network| network.maximum_endpoints)),
        ("endpoint", monitoring.endpoint.as_ref().and_then(|endpoint| endpoint.maximum_endpoints)),
    ];
    let what = ("監視できる端末", "Endpoints that can be watched");
    let figures = most.into_iter().filter_map(|(of, most)| Some((of, most?))).map(|(of, most)| {
        let pointer = format!("/monitoring/{of}/maximumEndpoints");
        facts.figure(LimitName::MonitoredEndpoints, most.into(), &pointer, what)
    });
    let figures: Vec<Check> = figures.collect();
    if !figures.is_empty() {
        return figures;
    }
    let unread = ["network", "endpoint"].map(|of| format!("/monitoring/{of}/maximumEndpoints"));
    if let Some(pointer) = unread.iter().find(|pointer| facts.missing.contains(pointer)) {
        return vec![Check::not_filled_in(pointer, Text::new(what.0, what.1))];
    }
    vec![Check::remark(Text::new(
        "監視できる端末の台数に上限はありません。",
        "Any number of endpoints can be watched.",
    ))]
}
