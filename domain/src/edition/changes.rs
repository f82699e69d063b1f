//! What one edition changes against another, for whoever is asked to publish it.

use serde::Serialize;

use super::{Criterion, Edition, Limit, LimitName};
use crate::criteria::CriterionId;
use crate::declaration::Class;

/// One difference between two editions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub class: Class,
    /// None where the class itself comes or goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criterion: Option<CriterionId>,
    pub what: Changed,
    /// As the earlier edition has it, in its own words; empty where it has nothing.
    pub before: String,
    /// As the later one has it.
    pub after: String,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Changed {
    /// The class, or the criterion, as a whole: one of them does not have it.
    Whole,
    Clause,
    Wording,
    /// The kinds of monitoring the class has, or the criterion concerns.
    Kinds,
    /// Official or provisional.
    Standing,
    /// What can decide it.
    DecidedBy,
    /// What a person's judgement demands.
    Judgement,
    /// Where in the declaration it looks.
    Reads,
    Limit {
        name: LimitName,
    },
}

/// Every difference, in the order of the later edition; what only the earlier one has comes last. Titles, notes and
/// sources bind nobody and are left out.
pub fn changes(before: &Edition, after: &Edition) -> Vec<Change> {
    let mut found = Vec::new();
    for class in [Class::One, Class::Two] {
        let whole = |is_there: bool| if is_there { format!("{}類", u8::from(class)) } else { String::new() };
        match (before.class(class), after.class(class)) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let mut put = |what, before: String, after: String| {
                    if before != after {
                        found.push(Change { class, criterion: None, what, before, after });
                    }
                };
                put(Changed::Kinds, word(&old.kinds), word(&new.kinds));
                put(Changed::Standing, word(&old.standing), word(&new.standing));
                criteria(class, &old.criteria, &new.criteria, &mut found);
            }
            (old, new) => {
                let (before, after) = (whole(old.is_some()), whole(new.is_some()));
                found.push(Change { class, criterion: None, what: Changed::Whole, before, after });
            }
        }
    }
    found
}

fn criteria(class: Class, before: &[Criterion], after: &[Criterion], found: &mut Vec<Change>) {
    let of = |list: &[Criterion], id| list.iter().find(|criterion| criterion.id == id).cloned();
    let gone = before.iter().map(|old| old.id).filter(|id| after.iter().all(|new| new.id != *id));
    for id in after.iter().map(|new| new.id).chain(gone) {
        let mut put = |what, before: String, after: String| {
            if before != after {
                found.push(Change { class, criterion: Some(id), what, before, after });
            }
        };
        match (of(before, id), of(after, id)) {
            (Some(old), Some(new)) => {
                put(Changed::Clause, old.clause.ja.clone(), new.clause.ja.clone());
                put(Changed::Wording, old.wording.ja.clone(), new.wording.ja.clone());
                put(Changed::Kinds, word(&old.kinds), word(&new.kinds));
                put(Changed::Standing, word(&old.standing), word(&new.standing));
                put(Changed::DecidedBy, word(&old.decided_by), word(&new.decided_by));
                put(Changed::Judgement, word(&old.judgement), word(&new.judgement));
                put(Changed::Reads, word(&old.reads), word(&new.reads));
                let names = old.limits.iter().chain(&new.limits).map(|limit| limit.name);
                for name in names.collect::<std::collections::BTreeSet<_>>() {
                    put(Changed::Limit { name }, figure(old.limit(name)), figure(new.limit(name)));
                }
            }
            (old, new) => {
                let wording = |of: Option<Criterion>| of.map(|of| of.wording.ja).unwrap_or_default();
                put(Changed::Whole, wording(old), wording(new));
            }
        }
    }
}

/// `1000`, or `1000 provisional`; `provisional` where a limit is known to be set and its figure is not.
fn figure(limit: Option<&Limit>) -> String {
    let Some(limit) = limit else { return String::new() };
    let standing = matches!(limit.standing, super::Standing::Provisional).then(|| "provisional".to_owned());
    limit.value.map(|value| value.to_string()).into_iter().chain(standing).collect::<Vec<_>>().join(" ")
}

/// As the JSON face has it, without its quotes.
fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("these are words, lists of words and flags");
    json.trim_matches(['"', '[', ']', '{', '}']).replace('"', "")
}
