//! What a change of a declaration touches: the criteria that read what was changed.

use serde::{Deserialize, Serialize};

use super::Edition;
use crate::criteria::CriterionId;
use crate::declaration::{Declaration, Evidence};

/// What differs between two declarations of one service, and which criteria of an edition read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Touched {
    /// Where they differ, as JSON Pointers into the declaration.
    pub fields: Vec<String>,
    /// In the edition's order; none where no criterion asks about anything that differs.
    pub criteria: Vec<CriterionId>,
}

impl Edition {
    /// What `after` changes of `before`, and which criteria that touches: those that this edition asks of the class and
    /// kind of `after` and that read a field that differs. Another kind of monitoring touches all of them, and a document
    /// the criterion that it shows.
    pub fn touched(&self, before: &Declaration, after: &Declaration) -> Touched {
        let fields = before.changed_in(after);
        let service = &after.service;
        let is_other_kind = before.service.kind != service.kind;
        let shown = differing(&before.evidence, &after.evidence);
        let asked = self.criteria_for(service.class, service.kind).into_iter();
        let criteria = asked.filter(|criterion| {
            let is_read = |field: &String| criterion.reads.iter().any(|read| meet(read, field));
            is_other_kind || shown.contains(&criterion.id) || fields.iter().any(is_read)
        });
        Touched { criteria: criteria.map(|criterion| criterion.id).collect(), fields }
    }
}

/// Is one of these places the other, or within it?
fn meet(one: &str, other: &str) -> bool {
    let is_within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_within(one, other) || is_within(other, one)
}

/// Criteria of the documents that only one of the two lists names.
fn differing(before: &[Evidence], after: &[Evidence]) -> Vec<CriterionId> {
    let gone = before.iter().filter(|one| !after.contains(one));
    gone.chain(after.iter().filter(|one| !before.contains(one))).map(|one| one.criterion).collect()
}
