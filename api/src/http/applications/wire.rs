//! The shapes of applications.

use domain::act::{PersonId, RegistrationNumber};
use domain::application::{Application, Matter, Stage};
use domain::calendar::Instant;
use domain::settings::Settings;
use domain::text::Text;
use poem_openapi::Object;
use poem_openapi::types::Any;
use serde_json::{Value, json};

use super::super::evidence::EvidenceFileView;
use super::super::questions::ClockView;
use super::super::wire::DeterminationBody;
use super::super::words::StageName;
use crate::problem::Problem;

/// Some applications.
#[derive(Object, Debug)]
#[oai(skip_serializing_if_is_none)]
pub(super) struct Applications {
    pub(super) items: Vec<ApplicationView>,
    /// Give it as `after` for the next page; absent on the last.
    pub(super) next: Option<String>,
}

/// An application and what was decided about it so far.
#[derive(Object, Debug)]
#[oai(rename = "Application", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in super::super) struct ApplicationView {
    id: String,
    /// Acts about it so far; what `If-Match` takes.
    version: u32,
    stage: StageName,
    /// The organisation that applied.
    owner: String,
    /// 1, and one more for each submission after a return.
    submission: u32,
    /// The edition that governs it, and SHA-256 of its file.
    edition: String,
    edition_digest: String,
    /// In UTC.
    submitted_at: String,
    changed_at: String,
    /// People who examine it.
    examiners: Vec<String>,
    /// The day in Japan by which it is to be examined, as it is now.
    due: Option<String>,
    /// While it is examined: how long there is for it, and whether the applicant is waited for.
    clock: Option<ClockView>,
    /// Why it was sent back.
    returned: Option<Vec<FieldReasonBody>>,
    recommendation: Option<DeterminationBody>,
    decision: Option<DeterminationBody>,
    decided_at: Option<String>,
    /// Why it was withdrawn.
    withdrawn: Option<String>,
    /// The registration it led to.
    registration: Option<String>,
    /// The registration whose next term it is for.
    renews: Option<String>,
    /// The registration of which it changes something.
    changes: Option<String>,
    /// Of a change: the `fields` that differ, and the `criteria` that ask about them. Only those are examined.
    touched: Option<Any<Value>>,
    declaration: Any<Value>,
    /// The files of the last submission, and those that answers brought; each is found at `/evidence/{digest}`.
    evidence: Vec<EvidenceFileView>,
}

impl ApplicationView {
    /// An application as it looks at `at`.
    pub(in super::super) fn new(
        application: &Application,
        registration: Option<&RegistrationNumber>,
        settings: &Settings,
        at: Instant,
    ) -> Self {
        let today = at.day();
        let mut view = Self {
            id: application.id.to_string(),
            version: application.version,
            stage: (&application.stage).into(),
            owner: application.owner.to_string(),
            submission: application.submission,
            edition: application.edition.clone(),
            edition_digest: application.edition_digest.clone(),
            submitted_at: application.submitted_at.to_string(),
            changed_at: application.changed_at.to_string(),
            examiners: application.examiners.iter().map(ToString::to_string).collect(),
            due: application.clock(today, settings).due.map(|due| due.day.to_string()),
            clock: (application.stage == Stage::Examining).then(|| ClockView::of(application, today, settings)),
            returned: None,
            recommendation: None,
            decision: None,
            decided_at: None,
            withdrawn: None,
            registration: registration.map(ToString::to_string),
            renews: about(application, Matter::Renewal),
            changes: about(application, Matter::Change),
            touched: application
                .concerns
                .as_ref()
                .and_then(|concern| concern.touched.as_ref())
                .map(|of| Any(json!(of))),
            declaration: Any(json!(application.declaration)),
            evidence: application.evidence.iter().map(EvidenceFileView::from).collect(),
        };
        match &application.stage {
            Stage::Submitted | Stage::Examining => {}
            Stage::Returned { reasons } => {
                let field = |reason: &domain::act::FieldReason| FieldReasonBody {
                    pointer: reason.pointer.clone(),
                    reason: reason.reason.clone(),
                };
                view.returned = Some(reasons.iter().map(field).collect());
            }
            Stage::Recommended { opinion, .. } => view.recommendation = Some(opinion.into()),
            Stage::Decided { recommended, decision, at, .. } => {
                view.recommendation = Some(recommended.into());
                view.decision = Some(decision.into());
                view.decided_at = Some(at.to_string());
            }
            Stage::Withdrawn { reason } => view.withdrawn = Some(reason.clone()),
        }
        view
    }
}

/// A field and what is wrong with it.
#[derive(Object, Debug)]
#[oai(rename = "FieldReason", rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FieldReasonBody {
    /// JSON Pointer into the declaration.
    #[oai(validator(max_length = 200))]
    pub(super) pointer: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub(super) reason: String,
}

/// Reasons for sending an application back.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
pub(super) struct ReturnBody {
    #[oai(validator(min_items = 1, max_items = 100))]
    pub(super) reasons: Vec<FieldReasonBody>,
}

/// Who is to examine it.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
pub(super) struct AcceptBody {
    /// Ids of two different examiners.
    #[oai(validator(min_items = 1, max_items = 10))]
    pub(super) examiners: Vec<String>,
}

/// The first day of the registration, or of the next term.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
pub(super) struct RegisterBody {
    /// `YYYY-MM-DD`, on or after the day of the decision; of a renewal, the day behind the last term, or one to come where
    /// the registration has lapsed.
    #[oai(validator(max_length = 20))]
    pub(super) from: String,
}

/// Reads who is to examine; names the one that cannot be anybody's id.
pub(super) fn examiners(body: &AcceptBody) -> Result<Vec<PersonId>, Problem> {
    let read = |(index, person): (usize, &String)| {
        person.parse().map_err(|_| {
            let message = Text::new(
                "審査員の番号ではありません。英数字とハイフンで40文字までです。",
                "Not a person's id, which has letters, digits and hyphens, 40 at most.",
            );
            Problem::unreadable(&format!("/examiners/{index}"), person, message)
        })
    };
    body.examiners.iter().enumerate().map(read).collect()
}

/// The registration that it is about, where that is applied for about it.
fn about(application: &Application, matter: Matter) -> Option<String> {
    application.concerns.as_ref().and_then(|concern| concern.of(matter)).map(ToString::to_string)
}
