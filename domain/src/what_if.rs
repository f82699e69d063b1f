//! What if 「仮に」: what another edition would find of a service that is registered, or applied for.

use serde::Serialize;

use crate::assessment::{Outcome, assess_under};
use crate::calendar::Day;
use crate::criteria::{CriterionId, Finding, TrackRecord};
use crate::declaration::Declaration;
use crate::edition::Edition;

/// Two editions' findings on one declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Under the edition it is bound to.
    pub before: Outcome,
    /// Under the other one.
    pub after: Outcome,
    /// Criteria whose conclusions differ, in the other edition's order.
    pub changed: Vec<ChangedFinding>,
}

/// A criterion on which two editions conclude differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedFinding {
    pub criterion: CriterionId,
    pub before: Finding,
    pub after: Finding,
}

/// Assesses a declaration under both editions, with the same facts as of the same day. A conclusion that is the same for
/// another reason is no difference.
pub fn what_if(
    bound: &Edition,
    other: &Edition,
    declaration: &Declaration,
    day: Day,
    record: Option<&TrackRecord>,
) -> WhatIf {
    let (before, after) = [bound, other].map(|edition| assess_under(edition, declaration, day, record)).into();
    let (outcomes, mut old) = ((before.outcome(), after.outcome()), before.findings);
    let mut changed = Vec::new();
    for after in after.findings {
        let Some(at) = old.iter().position(|finding| finding.criterion == after.criterion) else { continue };
        let before = old.swap_remove(at);
        if before.conclusion.term() != after.conclusion.term() {
            changed.push(ChangedFinding { criterion: after.criterion, before, after });
        }
    }
    WhatIf { before: outcomes.0, after: outcomes.1, changed }
}
