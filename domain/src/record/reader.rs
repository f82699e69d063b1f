//! Who reads the record of a case, and what of each act they may know.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Logged;
use crate::act::{Deed, PersonId, Subject};
use crate::application::{Application, Stage};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::Day;

/// Who reads, and so how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// The secretariat and auditors: everything.
    Whole,
    /// Decision makers, and who of the secretariat stands too near: everything but what ties examiners to applicants.
    Decider,
    /// An examiner of the case: the same, less what was proposed, and less what replaced examiners judged.
    Examiner,
    /// The applicant: what was done and when, what was said to it, and its own; nobody else's name.
    Applicant,
}

impl Reader {
    /// Every reader.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Decider, Self::Examiner, Self::Applicant];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Decider => "decider",
            Self::Examiner => "examiner",
            Self::Applicant => "applicant",
        }
    }
}

/// Why somebody who may read a case may not read its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not read the case.
    Denied(Denial),
    /// The applicant's, which is there once it is decided; also where an objection was upheld, once it is decided again:
    /// nobody learns before that how the second round is judged.
    NotDecided,
    /// An examiner's, which is there once all examiners are done. Who is not, is not told.
    NotExamined,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

/// How much of the record this person reads on `day`. `is_examined`: has every examiner judged everything that is asked?
///
/// Whoever examines the case reads it as its examiner, whatever other role would let them read more.
pub fn reader(by: &Actor, application: &Application, is_examined: bool, day: Day) -> Result<Reader, Refusal> {
    let object = application.object();
    let role = by.in_role(Power::ReadApplication, &object, day)?.role;
    if application.examiners.contains(&by.person) {
        let is_past = matches!(application.stage, Stage::Recommended { .. } | Stage::Decided { .. });
        return if is_past || is_examined { Ok(Reader::Examiner) } else { Err(Refusal::NotExamined) };
    }
    let assigns_or_audits = [Power::ReplaceExaminer, Power::ReadTrail];
    if assigns_or_audits.iter().any(|power| by.in_role(*power, &object, day).is_ok()) {
        return Ok(Reader::Whole);
    }
    if !role.is_companys() {
        return Ok(Reader::Decider);
    }
    match application.stage {
        Stage::Decided { .. } => Ok(Reader::Applicant),
        _ => Err(Refusal::NotDecided),
    }
}

/// What one act shows: nothing, or who acted and the fields that this reader may know.
pub(super) struct Shown {
    pub(super) names_person: bool,
    pub(super) fields: Map<String, Value>,
}

/// What this reader may know of an act of the case; none where not even that it was done.
///
/// An act that is not named here is shown whole within the body, and to the applicant by its words alone unless the
/// applicant did it.
///
/// `to_decide` are the proposals to decide the case. Of one about an objection those who decided it learn nothing.
pub(super) fn shown(
    application: &Application,
    to_decide: &BTreeSet<&Subject>,
    logged: &Logged,
    reader: Reader,
) -> Option<Shown> {
    let (deed, by) = (&logged.act.deed, &logged.act.by);
    let is_applicants = by.role.is_companys() && by.organisation.as_ref() == Some(&application.owner);
    // The applicant was told what was judged for a decision, also for one that was set aside.
    let judged_before = |person: &PersonId| application.earlier.iter().any(|round| round.examiners.contains(person));
    let counts = |person: &PersonId| {
        application.examiners.contains(person) || reader == Reader::Applicant && judged_before(person)
    };
    match (reader, &logged.act.subject) {
        (Reader::Whole, _) | (_, Subject::Application(_)) => {}
        (Reader::Examiner | Reader::Applicant, Subject::Examination(_)) if !counts(&by.person) => return None,
        (Reader::Examiner | Reader::Applicant, Subject::Examination(_) | Subject::Registration(_)) => {}
        (Reader::Examiner | Reader::Applicant, _) => return None,
        (Reader::Decider, subject @ Subject::Proposal(_)) if !to_decide.contains(subject) => return None,
        (Reader::Decider, _) => {}
    }
    let mut fields = fields(deed);
    match reader {
        Reader::Whole => {}
        Reader::Decider | Reader::Examiner => {
            for name in withheld(deed) {
                fields.remove(*name);
            }
        }
        Reader::Applicant if is_applicants => {}
        Reader::Applicant => fields.retain(|name, _| said_to_applicant(deed).contains(&name.as_str())),
    }
    Some(Shown { names_person: reader != Reader::Applicant || is_applicants, fields })
}

/// The deed's fields as they are serialised, less those that have a chapter of their own.
fn fields(deed: &Deed) -> Map<String, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(deed) else { return Map::new() };
    fields.remove("kind");
    if matches!(deed, Deed::Submitted { .. } | Deed::Resubmitted { .. }) {
        fields.remove("declaration");
        fields.remove("evidence");
    }
    if matches!(deed, Deed::Renewed { .. } | Deed::Changed { .. }) {
        fields.remove("declaration");
    }
    fields
}

/// What of an act stays between the secretariat and auditors: what ties an examiner to somebody, in anybody's words.
fn withheld(deed: &Deed) -> &'static [&'static str] {
    match deed {
        Deed::InterestDeclared { .. } => &["tie"],
        Deed::ExaminerReplaced { .. } | Deed::ConflictWaived { .. } => &["reason"],
        _ => &[],
    }
}

/// What of an act of the body was said to the applicant.
fn said_to_applicant(deed: &Deed) -> &'static [&'static str] {
    match deed {
        Deed::Returned { .. } => &["reasons"],
        Deed::Accepted { .. } => &["due"],
        Deed::Recommended { .. } => &["opinion"],
        // What it rests on has a page of its own; who decided is not told.
        Deed::Decided { .. } => &["decision", "conditions"],
        Deed::Asked { .. } => &["number", "criterion", "text", "until"],
        Deed::QuestionExtended { .. } => &["question", "until"],
        Deed::QuestionClosed { .. } => &["question", "reason"],
        Deed::ConditionAnswered { .. } => &["number", "isAccepted", "reason"],
        Deed::ObjectionDecided { .. } => &["outcome", "reason"],
        Deed::Registered { .. } => &["application", "owner", "listing", "term"],
        Deed::Renewed { .. } => &["application", "listing", "term"],
        Deed::Changed { .. } => &["application", "fields", "listing"],
        Deed::FilingEnded { .. } => &["application", "outcome"],
        Deed::Filed { .. } => &["application", "matter", "holdsUntil"],
        _ => &[],
    }
}
