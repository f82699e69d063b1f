//! What recommendations and decisions say they rest on, against the acts of the examinations: each is there, of that
//! application, and came as far as it is said to have come. The rest is the application's own, and its replay's.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, Deed, Subject};
use domain::application::Basis;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::Error;
use super::super::entities::applications;
use super::{Findings, PAGE, acts_of};

pub(super) async fn check(conn: &DatabaseTransaction, findings: &mut Findings) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        let page = applications::Entity::find()
            .filter(applications::Column::Id.gt(&last))
            .order_by_asc(applications::Column::Id)
            .limit(PAGE)
            .all(conn)
            .await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = end.id.clone();
        let subjects: Vec<String> = page.iter().map(|row| format!("application/{}", row.id)).collect();
        let acts = acts_of(conn, &subjects).await?;
        let bound: Vec<(&Act, &Basis)> =
            acts.values().flatten().filter_map(|act| Some((act, basis(&act.deed)?))).collect();
        let named: BTreeSet<String> = bound.iter().flat_map(|(_, basis)| examinations(basis)).collect();
        let named: Vec<String> = named.into_iter().collect();
        let examined = acts_of(conn, &named).await?;
        for (act, basis) in bound {
            if let Some(why) = wrong(act, basis, &examined) {
                findings.differ("applications", act.subject.to_string(), "basis", why);
            }
        }
    }
}

fn basis(deed: &Deed) -> Option<&Basis> {
    match deed {
        Deed::Recommended { basis, .. } => basis.as_deref(),
        Deed::Decided { ruling, .. } => ruling.as_ref().map(|ruling| &ruling.basis),
        _ => None,
    }
}

fn examinations(basis: &Basis) -> impl Iterator<Item = String> {
    basis.examinations.iter().map(|judged| Subject::Examination(judged.examination.clone()).to_string())
}

/// What an act says it rests on that was not so when it was done.
fn wrong(act: &Act, basis: &Basis, examined: &BTreeMap<String, Vec<Act>>) -> Option<String> {
    for judged in &basis.examinations {
        let subject = Subject::Examination(judged.examination.clone()).to_string();
        let is_of_it = |found: &&Act| match (&found.deed, &act.subject) {
            (Deed::Judged { application, .. } | Deed::Reconciled { application, .. }, Subject::Application(id)) => {
                application == id
            }
            _ => false,
        };
        let mut of_it = examined.get(&subject).into_iter().flatten().filter(is_of_it);
        if !of_it.any(|found| found.version == judged.version) {
            return Some(format!(
                "{} rests on version {} of {subject}, which is not there",
                act.deed.kind(),
                judged.version
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use domain::application::Judged;

    use super::*;

    /// One act of `examination/X-1`, about this application.
    fn examined(application: &str) -> BTreeMap<String, Vec<Act>> {
        let act = serde_json::json!({
            "subject": "examination/X-1", "version": 1, "at": "2026-04-20T01:00:00Z",
            "by": { "person": "P-1", "role": "examiner" },
            "deed": {
                "kind": "examination.judged", "application": application, "applicationVersion": 4, "judgements": [],
            },
        });
        let act: Act = serde_json::from_value(act).expect("an act");
        BTreeMap::from([(act.subject.to_string(), vec![act])])
    }

    #[test]
    fn an_examination_that_is_not_there_is_named() {
        let opinion = serde_json::json!({ "verdict": "pass", "reason": "足りる。" });
        let act = serde_json::json!({
            "subject": "application/A-1", "version": 5, "at": "2026-04-21T01:00:00Z",
            "by": { "person": "P-1", "role": "examiner" },
            "deed": { "kind": "application.recommended", "opinion": opinion },
        });
        let act: Act = serde_json::from_value(act).expect("an act");
        let basis = |examination: &str, version| Basis {
            edition: "2.0".to_owned(),
            edition_digest: String::new(),
            corrected_to: None,
            submission: 1,
            declaration: String::new(),
            evidence: Vec::new(),
            examinations: vec![Judged { examination: examination.parse().expect("an id"), version }],
        };
        for (examination, version, of, is_right) in
            [("X-1", 1, "A-1", true), ("X-1", 2, "A-1", false), ("X-2", 1, "A-1", false), ("X-1", 1, "A-2", false)]
        {
            let found = wrong(&act, &basis(examination, version), &examined(of));
            assert_eq!(found.is_none(), is_right, "{examination} {version} of {of}: {found:?}");
        }
    }
}
