//! What a leaf and an open body give away: exactly the fields below, for every kind of act. Everything else can be
//! erased by deleting a salt.

use std::collections::BTreeSet;

use domain::act::{Act, Deed, Record};
use domain::calendar::{Day, Instant};
use serde_json::Value;

use crate::every_deed;

/// Text fields of an act that reach its leaf.
const IN_LEAVES: &[(&str, &str)] = &[
    ("application.submitted", "/subject /deed/edition /deed/editionDigest"),
    ("application.resubmitted", "/subject"),
    ("application.returned", "/subject"),
    ("application.accepted", "/subject"),
    ("application.withdrawn", "/subject"),
    ("examination.judged", "/subject"),
    ("application.recommended", "/subject"),
    ("application.decided", "/subject"),
    ("registration.registered", "/subject /deed/application /deed/listing/edition /deed/listing/editionDigest"),
    ("registration.suspended", "/subject"),
    ("registration.reinstated", "/subject"),
    ("registration.revoked", "/subject"),
    ("licence.granted.provider", "/subject /deed/key /deed/registration /deed/tokenDigest"),
    ("licence.granted.user", "/subject /deed/key /deed/registration /deed/tokenDigest"),
    ("licence.ended", "/subject"),
    ("licence.revoked", "/subject"),
    ("licence.reissued", "/subject /deed/key /deed/tokenDigest"),
    ("person.admitted", "/subject"),
    ("person.dismissed", "/subject"),
    ("key.created", "/subject /deed/public /deed/purpose"),
    ("proposal.made.decide", "/subject"),
    ("proposal.made.take_measure", "/subject"),
    ("proposal.made.revoke_licence", "/subject"),
    ("proposal.dropped", "/subject"),
    ("person.role_given", "/subject"),
    ("person.role_ended", "/subject"),
    ("key.created.next", "/subject /deed/public /deed/purpose"),
    ("key.activated", "/subject"),
    ("key.compromised", "/subject"),
    ("edition.published.first", "/subject /deed/digest"),
    ("edition.published", "/subject /deed/digest"),
    ("proposal.made.activate_key", "/subject"),
    ("proposal.made.compromise_key", "/subject"),
    ("proposal.made.publish_edition", "/subject"),
    ("edition.stopped", "/subject"),
    ("edition.resumed", "/subject"),
    ("application.accepted.due", "/subject"),
    ("application.interest_declared", "/subject"),
    ("application.examiner_replaced", "/subject"),
    ("proposal.made.waive_conflict", "/subject"),
    ("application.conflict_waived", "/subject"),
    ("application.asked", "/subject"),
    ("application.answered", "/subject"),
    ("application.question_extended", "/subject"),
    ("application.question_closed", "/subject"),
    ("report.filed", "/subject"),
    ("report.filed.correction", "/subject"),
    ("report.filed.self_check", "/subject"),
    ("price.checked", "/subject"),
    ("complaint.received", "/subject"),
    ("complaint.acknowledged", "/subject"),
    ("complaint.assigned", "/subject"),
    ("complaint.replied", "/subject"),
    ("complaint.closed", "/subject"),
    ("examination.reconciled", "/subject"),
    ("application.recommended.bound", "/subject"),
    ("proposal.made.decide.conditional", "/subject"),
    // Of what it rests on, the digest, which changes with each of these and gives none away.
    (
        "application.decided.bound",
        "/subject /deed/ruling/basis/declaration /deed/ruling/basis/edition /deed/ruling/basis/editionDigest \
         /deed/ruling/basis/examinations/0/examination /deed/ruling/basis/examinations/1/examination",
    ),
    ("application.condition_reported", "/subject"),
    ("application.condition_answered", "/subject"),
    ("application.objected", "/subject"),
    ("proposal.made.decide_objection", "/subject"),
    ("application.objection_decided", "/subject"),
    ("registration.cautioned", "/subject"),
    ("registration.correction_demanded", "/subject"),
    ("registration.correction_reported", "/subject"),
    ("registration.correction_answered", "/subject"),
    ("registration.suspended.grounded", "/subject"),
    ("registration.reinstated.grounded", "/subject"),
    ("registration.revoked.grounded", "/subject"),
    ("proposal.made.take_measure.grounded", "/subject"),
    ("proposal.stated", "/subject"),
    ("registration.emergency_suspended", "/subject"),
    ("registration.emergency_confirmed", "/subject"),
    ("registration.objected", "/subject"),
    ("proposal.made.decide_measure_objection", "/subject"),
    ("registration.objection_decided", "/subject"),
    ("registration.discontinued", "/subject"),
    ("registration.filed", "/subject /deed/application"),
    ("registration.filing_ended", "/subject /deed/application"),
    ("registration.renewed", "/subject /deed/application /deed/listing/edition /deed/listing/editionDigest"),
    ("proposal.made.change_setting", "/subject"),
    ("setting.changed", "/subject"),
    ("proposal.made.change_holidays", "/subject"),
    ("setting.holidays_changed", "/subject"),
    ("registration.notified", "/subject"),
    ("registration.filed.change", "/subject /deed/application"),
    ("registration.changed", "/subject /deed/application"),
    ("proposal.made.succeed", "/subject"),
    ("registration.succeeded", "/subject"),
];

/// Text fields of an act that reach its open body; of acts not named here there is none.
const IN_OPEN_BODIES: &[(&str, &str)] = &[
    (
        "registration.registered",
        "/deed/listing/edition /deed/listing/editionDigest /deed/listing/prices/0/label \
         /deed/listing/provider/legalEntityNumber /deed/listing/provider/prefecture /deed/listing/provider/tradeName /deed/listing/provider/tradeNameKana \
         /deed/listing/regions/0 /deed/listing/serviceName /deed/listing/serviceNameKana /deed/listing/summary",
    ),
    (
        "registration.renewed",
        "/deed/listing/edition /deed/listing/editionDigest /deed/listing/prices/0/label \
         /deed/listing/provider/legalEntityNumber /deed/listing/provider/prefecture /deed/listing/provider/tradeName /deed/listing/provider/tradeNameKana \
         /deed/listing/regions/0 /deed/listing/serviceName /deed/listing/serviceNameKana /deed/listing/summary",
    ),
    // Which fields changed is told, never to what where the register does not publish them.
    (
        "registration.notified",
        "/deed/fields/0 /deed/listing/edition /deed/listing/editionDigest /deed/listing/prices/0/label \
         /deed/listing/provider/legalEntityNumber /deed/listing/provider/prefecture /deed/listing/provider/tradeName /deed/listing/provider/tradeNameKana \
         /deed/listing/regions/0 /deed/listing/serviceName /deed/listing/serviceNameKana /deed/listing/summary",
    ),
    (
        "registration.changed",
        "/deed/fields/0 /deed/listing/edition /deed/listing/editionDigest /deed/listing/prices/0/label \
         /deed/listing/provider/legalEntityNumber /deed/listing/provider/prefecture /deed/listing/provider/tradeName /deed/listing/provider/tradeNameKana \
         /deed/listing/regions/0 /deed/listing/serviceName /deed/listing/serviceNameKana /deed/listing/summary",
    ),
    (
        "registration.succeeded",
        "/deed/listing/edition /deed/listing/editionDigest /deed/listing/prices/0/label \
         /deed/listing/provider/legalEntityNumber /deed/listing/provider/prefecture /deed/listing/provider/tradeName /deed/listing/provider/tradeNameKana \
         /deed/listing/regions/0 /deed/listing/serviceName /deed/listing/serviceNameKana /deed/listing/summary /deed/succession/reason",
    ),
    ("registration.suspended", "/deed/reason"),
    ("registration.reinstated", "/deed/reason"),
    ("registration.revoked", "/deed/reason"),
    ("licence.granted.provider", "/deed/holderName /deed/holderNumber"),
    ("key.compromised", "/deed/reason"),
    ("edition.published", "/deed/reason"),
    ("edition.stopped", "/deed/reason"),
    ("edition.resumed", "/deed/reason"),
    // The facts that a measure rests on are nobody else's.
    ("registration.cautioned", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.correction_demanded", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.suspended.grounded", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.reinstated.grounded", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.revoked.grounded", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.emergency_suspended", "/deed/grounds/clauses/0 /deed/reason"),
    ("registration.objection_decided", "/deed/reason"),
    ("registration.discontinued", "/deed/plan/contracts /deed/plan/forUsers"),
    ("setting.changed", "/deed/reason /deed/source"),
    ("setting.holidays_changed", "/deed/days/0/name /deed/reason /deed/source"),
];

/// Values of which every text field takes one that it does not have already: free text and identifiers, readings,
/// corporate numbers, postal codes, telephones, prefectures, licences, subjects, digests of files.
const MARKERS: [&str; 9] = [
    "MARKER-7",
    "シルシ",
    "9000000000000",
    "1000001",
    "03-0000-0001",
    "13",
    "00000001",
    "application/MARKER-8",
    "7777777777777777777777777777777777777777777777777777777777777777",
];

/// Where `value` has text, as JSON Pointers.
fn texts(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| texts(item, format!("{at}/{index}"), found))
        }
        Value::Object(fields) => fields.iter().for_each(|(name, field)| texts(field, format!("{at}/{name}"), found)),
        _ => {}
    }
}

/// The text fields of `act` whose content shows in what `told` tells of it.
fn shown(act: &Act, told: &dyn Fn(&Act) -> String) -> BTreeSet<String> {
    let whole = serde_json::to_value(act).expect("JSON");
    let (mut pointers, mut shown) = (Vec::new(), BTreeSet::new());
    texts(&whole, String::new(), &mut pointers);
    let usual = told(act);
    for pointer in pointers {
        let marked: Vec<Act> = MARKERS
            .iter()
            .filter_map(|marker| {
                let mut marked = whole.clone();
                *marked.pointer_mut(&pointer).expect("it leads somewhere") = (*marker).into();
                serde_json::from_value(marked).ok()
            })
            .collect();
        let text = whole.pointer(&pointer).and_then(Value::as_str).expect("text");
        assert!(!marked.is_empty() || is_nobodys(text), "{pointer} takes no marker");
        // Commitments change with everything; they are what hides it.
        let shows = |marked: &Act| without_commitments(&told(marked)) != without_commitments(&usual);
        if marked.iter().any(shows) {
            shown.insert(pointer);
        }
    }
    shown
}

/// A day, an instant, or a word of a closed list: it says nothing of a person.
fn is_nobodys(text: &str) -> bool {
    let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.'));
    is_word || text.parse::<Day>().is_ok() || text.parse::<Instant>().is_ok()
}

fn without_commitments(told: &str) -> Value {
    let mut told: Value = serde_json::from_str(told).unwrap_or_default();
    if told.get("sealed").is_some() {
        told["sealed"] = Value::Null;
        told["open"] = Value::Null;
    }
    told
}

fn leaf(act: &Act) -> String {
    Record::of(act, 0, None, [[1; 16], [2; 16]]).leaf
}

fn open_body(act: &Act) -> String {
    Record::of(act, 0, None, [[1; 16], [2; 16]]).open.map(|(body, _)| body).unwrap_or_default()
}

fn expected(table: &[(&str, &str)], name: &str) -> BTreeSet<String> {
    let row = table.iter().find(|(kind, _)| *kind == name);
    row.map(|(_, pointers)| pointers.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
}

/// The acts of every kind, with a corporate number for whoever may have one.
fn acts() -> Vec<(&'static str, Act)> {
    let number = Some("5010005007126".parse().expect("a number"));
    let mut acts = every_deed::acts();
    for (_, act) in &mut acts {
        match &mut act.deed {
            Deed::Submitted { declaration, .. } | Deed::Resubmitted { declaration, .. } => {
                declaration.provider.legal_entity_number = number;
            }
            Deed::Registered { listing, .. }
            | Deed::Renewed { listing, .. }
            | Deed::Notified { listing, .. }
            | Deed::Changed { listing, .. }
            | Deed::Succeeded { listing, .. } => listing.provider.legal_entity_number = number,
            Deed::Granted(grant) => grant.holder_number = number,
            _ => {}
        }
    }
    acts
}

#[test]
fn a_leaf_shows_these_fields_and_no_others() {
    for (name, act) in acts() {
        assert_eq!(shown(&act, &leaf), expected(IN_LEAVES, name), "{name}");
    }
    assert_eq!(IN_LEAVES.len(), every_deed::acts().len());
}

#[test]
fn an_open_body_shows_these_fields_and_no_others() {
    for (name, act) in acts() {
        assert_eq!(shown(&act, &open_body), expected(IN_OPEN_BODIES, name), "{name}");
    }
}
