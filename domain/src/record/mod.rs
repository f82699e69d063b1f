//! The record 「記録」 of a case: everything that was done about it, in one document, read from its acts and from nothing
//! else.
//!
//! A record is for a [`Reader`]; its bytes ([`CaseRecord::canonical`]) are the same whenever it is read until the next
//! act, and its digest stands on every page that is printed of it. People are in it by their ids: names can be erased.

mod reader;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use reader::{Reader, Refusal, reader};

use crate::act::{
    Act, ApplicationId, Deed, Determination, ExaminationId, Impossible, OrganisationId, PersonId, RegistrationNumber,
    Replay, Role, Subject,
};
use crate::application::{Application, Replaced, Stage, Waiver};
use crate::assessment::Assessment;
use crate::calendar::{Day, Instant, Period};
use crate::criteria::{CriterionId, Finding};
use crate::declaration::Declaration;
use crate::evidence::EvidenceFile;
use crate::examination::{Answer, Examination};
use crate::proposal::Motion;
use crate::text::Text;
use crate::tlog::merkle::Hash;

/// What a record's document calls itself.
pub const FORMAT: &str = "otasuketai/case-record/1";

/// An act with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The leaf's index, from 0.
    pub seq: u64,
    /// What the log's tree holds of the leaf (RFC 6962).
    pub leaf_hash: Hash,
    pub act: Act,
}

/// The whole record of a case, as one reader may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseRecord {
    pub format: &'static str,
    pub reader: Reader,
    pub application: ApplicationId,
    pub owner: OrganisationId,
    pub stage: &'static str,
    /// The edition that governs it, and SHA-256 of its file, in hexadecimal.
    pub edition: String,
    pub edition_digest: String,
    pub submitted_at: Instant,
    pub changed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// In their order: the declarations with their files.
    pub submissions: Vec<Submitted>,
    /// Every criterion, in the edition's order.
    pub criteria: Vec<Judged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Determination>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registered>,
    /// Those of the two seats, in their order.
    pub examiners: Vec<Seat>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<Declared>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replaced>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// Every act that the reader may know of, in the order of the log.
    pub acts: Vec<Entry>,
}

/// A submission: what was declared, and the files that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    /// From 1.
    pub number: u32,
    pub seq: u64,
    pub at: Instant,
    pub declaration: Declaration,
    pub evidence: Vec<EvidenceFile>,
}

/// A criterion: what the engine finds of the last submission, and how those who count answered it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Does the edition ask it of this service?
    pub is_asked: bool,
    pub finding: Finding,
    pub judgements: Vec<Given>,
}

/// An examiner's last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Given {
    /// From 1: the first or the second seat.
    pub seat: usize,
    /// Not for the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<PersonId>,
    pub answer: Answer,
    pub reason: String,
    /// The leaf of the act that gave it.
    pub seq: u64,
    pub at: Instant,
}

/// Who sits in one of the seats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// From 1.
    pub seat: usize,
    /// Not for the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<PersonId>,
}

/// What an examiner declared of their interests, and whether it was waived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Declared {
    pub examiner: PersonId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tie: Option<String>,
    pub is_waived: bool,
    pub at: Instant,
}

/// The decision 「判定」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    #[serde(flatten)]
    pub determination: Determination,
    pub at: Instant,
    pub seq: u64,
}

/// The registration that it led to, or whose next term it led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    pub number: RegistrationNumber,
    pub term: Period,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub seq: u64,
    /// In hexadecimal.
    pub leaf_hash: String,
    pub kind: &'static str,
    pub what: Text,
    pub at: Instant,
    /// The day in Japan.
    pub day: Day,
    pub by: By,
    /// Of a submission: which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<u32>,
    /// What else the act says, by the names it is serialised under.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

/// Who acted, as far as the reader may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct By {
    pub role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Of an examiner who sits in a seat now: which one, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<usize>,
}

impl CaseRecord {
    /// The record for `reader`. `acts` are all acts of the application, of its examinations and of the proposals about it,
    /// and those of the registration that were done because of it, in the log's order; `assessment` is of its last submission, `asked` what the edition
    /// asks of it.
    ///
    /// # Errors
    ///
    /// Where the acts add up to no application.
    pub fn of(
        acts: &[Logged],
        assessment: &Assessment,
        asked: &[CriterionId],
        reader: Reader,
    ) -> Result<Self, Impossible> {
        let mut case = Case::default();
        for logged in acts {
            case.add(logged)?;
        }
        let Case { application, submissions, examinations, given, decided, registration } = case;
        // No act is of no application.
        let application = application.ok_or(Impossible::Version { expected: 1, found: 0 })?;
        // One that drops a proposal does not say what was proposed.
        let is_to_decide = |logged: &&Logged| match &logged.act.deed {
            Deed::Proposed { motion, .. } => matches!(**motion, Motion::Decide { .. }),
            _ => false,
        };
        let to_decide: BTreeSet<&Subject> = acts.iter().filter(is_to_decide).map(|made| &made.act.subject).collect();
        let shown = |logged: &Logged| entry(&application, &submissions, &to_decide, logged, reader);
        let entries = acts.iter().filter_map(shown).collect();
        let names_examiners = reader != Reader::Applicant;
        let seats = application
            .examiners
            .iter()
            .enumerate()
            .map(|(index, person)| Seat { seat: index + 1, examiner: names_examiners.then(|| person.clone()) });
        let last = |criterion: CriterionId| -> Vec<Given> {
            let of_seat = |seat: &Seat| {
                let person = &application.examiners[seat.seat - 1];
                let own = examinations.values().find(|own| own.examiner == *person)?;
                let judgement = own.judgements.get(&criterion)?;
                let (seq, at) = *given.get(&(person.clone(), criterion))?;
                let (seat, examiner) = (seat.seat, seat.examiner.clone());
                Some(Given { seat, examiner, answer: judgement.answer, reason: judgement.reason.clone(), seq, at })
            };
            seats.clone().filter_map(|seat| of_seat(&seat)).collect()
        };
        let judged = |finding: &Finding| Judged {
            is_asked: asked.contains(&finding.criterion),
            finding: finding.clone(),
            judgements: last(finding.criterion),
        };
        let criteria = assessment.findings.iter().map(judged).collect();
        let (recommendation, decision) = match &application.stage {
            Stage::Recommended { opinion, .. } => (Some(opinion.clone()), None),
            Stage::Decided { recommended, decision, at, .. } => {
                let decision = decided.map(|seq| Decision { determination: decision.clone(), at: *at, seq });
                (Some(recommended.clone()), decision)
            }
            _ => (None, None),
        };
        let is_whole = reader == Reader::Whole;
        let interests = application.interests.iter().filter(|_| is_whole).map(|interest| Declared {
            examiner: interest.examiner.clone(),
            tie: interest.tie.clone(),
            is_waived: interest.is_waived,
            at: interest.at,
        });
        Ok(Self {
            format: FORMAT,
            reader,
            application: application.id.clone(),
            owner: application.owner.clone(),
            stage: application.stage.as_str(),
            edition: application.edition.clone(),
            edition_digest: application.edition_digest.clone(),
            submitted_at: application.submitted_at,
            changed_at: acts.iter().map(|logged| logged.act.at).max().unwrap_or(application.changed_at),
            due: application.due,
            criteria,
            recommendation,
            decision,
            registration,
            examiners: seats.clone().collect(),
            interests: interests.collect(),
            replaced: application.replaced.iter().filter(|_| is_whole).cloned().collect(),
            waivers: application.waivers.iter().filter(|_| is_whole).cloned().collect(),
            submissions,
            acts: entries,
        })
    }

    /// The document: canonical JSON (RFC 8785), the same bytes for the same acts.
    pub fn canonical(&self) -> String {
        serde_json_canonicalizer::to_string(self).expect("a record holds no floating-point numbers")
    }

    /// SHA-256 of the document, in hexadecimal.
    pub fn digest(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.canonical().as_bytes()))
    }

    /// Everybody it may name, and perhaps others: every identifier of a person that the reader may know.
    pub fn people(&self) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = self.acts.iter().filter_map(|entry| entry.by.person.clone()).collect();
        people.extend(self.examiners.iter().filter_map(|seat| seat.examiner.clone()));
        people.extend(self.replaced.iter().map(|replaced| replaced.examiner.clone()));
        people.extend(self.waivers.iter().map(|waiver| waiver.examiner.clone()));
        people.extend(self.interests.iter().map(|interest| interest.examiner.clone()));
        let files = self.submissions.iter().flat_map(|submission| &submission.evidence);
        people.extend(files.map(|file| file.uploaded_by.clone()));
        for entry in &self.acts {
            add_people(&Value::Object(entry.fields.clone()), &mut people);
        }
        people.sort();
        people.dedup();
        people
    }
}

/// The application that these acts add up to.
///
/// # Errors
///
/// Where they add up to none.
pub fn application(acts: &[Logged]) -> Result<Application, Impossible> {
    let mut state = None;
    for Logged { act, .. } in acts {
        if matches!(act.subject, Subject::Application(_)) {
            state = Some(Application::replay(state, act)?);
        }
    }
    // No act is of no application.
    state.ok_or(Impossible::Version { expected: 1, found: 0 })
}

/// What looks like a person's identifier in a field of an act, whatever act it is.
fn add_people(value: &Value, people: &mut Vec<PersonId>) {
    match value {
        Value::String(text) if text.starts_with("P-") => people.extend(text.parse::<PersonId>()),
        Value::Array(values) => values.iter().for_each(|value| add_people(value, people)),
        Value::Object(fields) => fields.values().for_each(|value| add_people(value, people)),
        _ => {}
    }
}

/// A case as its acts add up, as far as they are read.
#[derive(Default)]
struct Case {
    application: Option<Application>,
    submissions: Vec<Submitted>,
    examinations: BTreeMap<ExaminationId, Examination>,
    /// Which act gave a person's last answer, and when.
    given: BTreeMap<(PersonId, CriterionId), (u64, Instant)>,
    decided: Option<u64>,
    registration: Option<Registered>,
}

impl Case {
    fn add(&mut self, logged: &Logged) -> Result<(), Impossible> {
        let Logged { seq, act, .. } = logged;
        match &act.subject {
            Subject::Application(_) => self.application = Some(Application::replay(self.application.take(), act)?),
            Subject::Examination(id) => {
                let state = Examination::replay(self.examinations.remove(id), act)?;
                self.examinations.insert(id.clone(), state);
            }
            _ => {}
        }
        let (person, last) = (&act.by.person, (*seq, act.at));
        self.given.extend(act.deed.judgements().iter().map(|judged| ((person.clone(), judged.criterion), last)));
        match (&act.deed, &act.subject) {
            (
                Deed::Submitted { declaration, evidence, .. } | Deed::Resubmitted { declaration, evidence, .. },
                Subject::Application(_),
            ) => {
                let number = self.submissions.len() as u32 + 1;
                let (declaration, evidence) = ((**declaration).clone(), evidence.clone());
                self.submissions.push(Submitted { number, seq: *seq, at: act.at, declaration, evidence });
            }
            (Deed::Decided { .. }, _) => self.decided = Some(*seq),
            (Deed::Registered { term, .. } | Deed::Renewed { term, .. }, Subject::Registration(number)) => {
                self.registration = Some(Registered { number: number.clone(), term: *term });
            }
            _ => {}
        }
        Ok(())
    }
}

fn entry(
    application: &Application,
    submissions: &[Submitted],
    to_decide: &BTreeSet<&Subject>,
    logged: &Logged,
    reader: Reader,
) -> Option<Entry> {
    let reader::Shown { names_person, fields } = reader::shown(application, to_decide, logged, reader)?;
    let act = &logged.act;
    let seat = application.examiners.iter().position(|person| *person == act.by.person).map(|index| index + 1);
    Some(Entry {
        seq: logged.seq,
        leaf_hash: data_encoding::HEXLOWER.encode(&logged.leaf_hash),
        kind: act.deed.kind(),
        what: act.deed.words(),
        at: act.at,
        day: act.at.day(),
        by: By {
            role: act.by.role,
            person: names_person.then(|| act.by.person.clone()),
            organisation: act.by.organisation.clone().filter(|_| names_person),
            seat,
        },
        submission: submissions.iter().find(|submission| submission.seq == logged.seq).map(|found| found.number),
        fields,
    })
}
