//! Who examines a case: interests, seats, waivers, and the queue.

use std::sync::Arc;

use domain::act::{ApplicationId, PersonId};
use domain::application::{Application, Clearance};
use domain::proposal::Motion;
use domain::text::Text;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::applications::{APPLICATION, ApplicationView};
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::questions::ClockView;
use super::rendered::Rendered;
use super::request::{Caller, call, identifier};
use crate::acts::{DeclareInterest, ReplaceExaminer};
use crate::assigning;
use crate::caller::{application, may_read};
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What ties an examiner to the applicant.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
struct InterestBody {
    answer: InterestAnswer,
    /// The tie, in words; with `tie` only. The secretariat and auditors read it.
    #[oai(validator(min_length = 1, max_length = 4000))]
    tie: Option<String>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum InterestAnswer {
    None,
    Tie,
}

/// Who takes whose place.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
struct ReplacementBody {
    /// An examiner of the case.
    #[oai(validator(max_length = 60))]
    leaving: String,
    /// Another examiner.
    #[oai(validator(max_length = 60))]
    joining: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

/// Whose tie is to be waived.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
struct WaiverBody {
    #[oai(validator(max_length = 60))]
    examiner: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

/// How far an examiner is from judging.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "Clearance", rename_all = "snake_case")]
enum ClearanceName {
    Undeclared,
    Tied,
    Cleared,
}

impl From<Clearance> for ClearanceName {
    fn from(clearance: Clearance) -> Self {
        match clearance {
            Clearance::Undeclared => Self::Undeclared,
            Clearance::Tied => Self::Tied,
            Clearance::Cleared => Self::Cleared,
        }
    }
}

/// A case in the queue: what may be known before it opens.
#[derive(Object, Debug)]
#[oai(rename = "QueuedCase", rename_all = "camelCase", skip_serializing_if_is_none)]
struct QueuedView {
    application: String,
    /// What `If-Match` takes.
    version: u32,
    service: String,
    provider: String,
    /// By when it is to be examined, and whether the applicant is waited for meanwhile.
    #[oai(flatten)]
    clock: ClockView,
    /// The caller's own, where they examine it.
    clearance: Option<ClearanceName>,
    /// Who examines it; for the secretariat and auditors.
    examiners: Option<Vec<SeatView>>,
}

/// An examiner's seat.
#[derive(Object, Debug)]
#[oai(rename = "Seat", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SeatView {
    examiner: String,
    clearance: ClearanceName,
}

/// An examiner and how much they have to do.
#[derive(Object, Debug)]
#[oai(rename = "Load", rename_all = "camelCase")]
struct LoadView {
    examiner: String,
    open_cases: u32,
}

/// Cases that are being examined.
#[derive(Object, Debug)]
#[oai(rename = "Queue", skip_serializing_if_is_none)]
struct QueueView {
    /// The first to be due first.
    cases: Vec<QueuedView>,
    /// How many open cases each examiner has; for the secretariat and auditors.
    loads: Option<Vec<LoadView>>,
}

/// What an examiner declared.
#[derive(Object, Debug)]
#[oai(rename = "Interest", rename_all = "camelCase", skip_serializing_if_is_none)]
struct InterestView {
    examiner: String,
    /// None where they declared that nothing ties them.
    tie: Option<String>,
    is_waived: bool,
    at: String,
}

/// Who left a seat.
#[derive(Object, Debug)]
#[oai(rename = "Replacement", rename_all = "camelCase")]
struct ReplacementView {
    leaving: String,
    joining: String,
    reason: String,
    at: String,
}

/// A tie that does not stand in the way here.
#[derive(Object, Debug)]
#[oai(rename = "Waiver", rename_all = "camelCase")]
struct WaiverView {
    examiner: String,
    reason: String,
    at: String,
}

/// Who examines a case and did, and what they declared.
#[derive(Object, Debug)]
#[oai(rename = "Assignment", rename_all = "camelCase")]
struct AssignmentView {
    application: String,
    version: u32,
    seats: Vec<SeatView>,
    /// In the order in which they were declared.
    interests: Vec<InterestView>,
    waivers: Vec<WaiverView>,
    replacements: Vec<ReplacementView>,
}

/// How far the caller is from judging.
#[derive(Object, Debug)]
#[oai(rename = "Declared", rename_all = "camelCase")]
struct DeclaredView {
    application: String,
    version: u32,
    clearance: ClearanceName,
}

#[OpenApi(tag = "Chapter::Applications")]
impl Api {
    /// Lists what is being examined, by due day
    ///
    /// An examiner's own cases, those that are not open to them yet included; all for the secretariat and auditors, with
    /// how many each examiner has.
    #[oai(path = "/queue", method = "get", operation_id = "listQueue")]
    async fn queue(&self, caller: Caller) -> Result<Json<QueueView>, Problem> {
        let visitor = &caller.0;
        let is_staff = assigning::sees_all(visitor);
        let own = &visitor.actor.person;
        let today = visitor.at.day();
        let found = assigning::examining(&self.registry, (!is_staff).then_some(own), today).await?;
        let settings = self.registry.store.settings().await?;
        let queued = |case: &Application| QueuedView {
            application: case.id.to_string(),
            version: case.version,
            service: case.declaration.service.name.clone(),
            provider: case.declaration.provider.trade_name.clone(),
            clock: if may_read(&visitor.actor, case, visitor.at).is_ok() {
                ClockView::of(case, today, &settings)
            } else {
                ClockView::of(case, today, &settings).unopened()
            },
            clearance: case.examiners.contains(own).then(|| case.clearance(own).into()),
            examiners: is_staff.then(|| seats(case)),
        };
        let load = |(examiner, count): (PersonId, usize)| LoadView {
            examiner: examiner.to_string(),
            open_cases: u32::try_from(count).unwrap_or(u32::MAX),
        };
        let loads = is_staff.then(|| assigning::loads(&found).into_iter().map(load).collect());
        Ok(Json(QueueView { cases: found.iter().map(queued).collect(), loads }))
    }

    /// Shows who examines, and what they declared
    #[oai(path = "/applications/:id/examiners", method = "get", operation_id = "getAssignment")]
    async fn assignment(&self, caller: Caller, id: Path<String>) -> Result<Rendered<AssignmentView>, Problem> {
        let case = application(&self.registry, &caller.0, &id.0).await?;
        let interest = |one: &domain::application::Interest| InterestView {
            examiner: one.examiner.to_string(),
            tie: one.tie.clone(),
            is_waived: one.is_waived,
            at: one.at.to_string(),
        };
        let waiver = |one: &domain::application::Waiver| WaiverView {
            examiner: one.examiner.to_string(),
            reason: one.reason.clone(),
            at: one.at.to_string(),
        };
        let replacement = |one: &domain::application::Replaced| ReplacementView {
            leaving: one.examiner.to_string(),
            joining: one.by.to_string(),
            reason: one.reason.clone(),
            at: one.at.to_string(),
        };
        let view = AssignmentView {
            application: case.id.to_string(),
            version: case.version,
            seats: seats(&case),
            interests: case.interests.iter().map(interest).collect(),
            waivers: case.waivers.iter().map(waiver).collect(),
            replacements: case.replaced.iter().map(replacement).collect(),
        };
        Ok(Rendered::at_version(&view, case.version))
    }

    /// Declares what ties the caller to the applicant
    ///
    /// An examiner's, of a case that opens to them by it. A tie takes them off the case, until two people of the
    /// secretariat waive it; nobody takes back their own.
    #[oai(path = "/applications/:id/interest", method = "post", operation_id = "declareInterest")]
    async fn declare(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<InterestBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DeclaredView>, Problem> {
        let tie = match (body.0.answer, body.0.tie) {
            (InterestAnswer::None, None) => None,
            (InterestAnswer::Tie, Some(tie)) => Some(tie),
            (_, tie) => {
                let message = Text::new(
                    "利害関係があるときだけ、その内容を書いてください。",
                    "Say what ties you where there is a tie, and only there.",
                );
                return Err(Problem::unreadable("/tie", tie.as_deref().unwrap_or_default(), message));
            }
        };
        let deed = DeclareInterest { application: self.id(&id.0)?, tie };
        let done = self.registry.perform(deed, call(&caller, if_match.0, None)?).await?;
        let view = DeclaredView {
            application: done.state.id.to_string(),
            version: done.state.version,
            clearance: done.state.clearance(&caller.0.actor.person).into(),
        };
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    /// Gives an examiner's seat to somebody else
    ///
    /// What the one who leaves has judged stays in the record and counts no longer.
    #[oai(path = "/applications/:id/replacement", method = "post", operation_id = "replaceExaminer")]
    async fn replace(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<ReplacementBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ApplicationView>, Problem> {
        let (leaving, joining) = (person("/leaving", &body.0.leaving)?, person("/joining", &body.0.joining)?);
        let deed = ReplaceExaminer { application: self.id(&id.0)?, leaving, joining, reason: body.0.reason };
        let done = self.registry.perform(deed, call(&caller, if_match.0, None)?).await?;
        let view = ApplicationView::new(&done.state, None, &*self.registry.store.settings().await?, caller.0.at);
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    /// Proposes to waive an examiner's tie
    ///
    /// The secretariat's. It is waived, for this case, once a second person confirms it.
    #[oai(path = "/applications/:id/waiver", method = "post", operation_id = "proposeWaiver")]
    async fn waive(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<WaiverBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let examiner = person("/examiner", &body.0.examiner)?;
        let motion = Motion::WaiveConflict { application: self.id(&id.0)?, examiner, reason: body.0.reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }
}

impl Api {
    fn id(&self, text: &str) -> Result<ApplicationId, Problem> {
        identifier(APPLICATION, text)
    }
}

fn seats(case: &Application) -> Vec<SeatView> {
    let seat = |person: &PersonId| SeatView { examiner: person.to_string(), clearance: case.clearance(person).into() };
    case.examiners.iter().map(seat).collect()
}

fn person(pointer: &str, text: &str) -> Result<PersonId, Problem> {
    text.parse().map_err(|_| {
        let message = Text::new(
            "審査員の番号ではありません。英数字とハイフンで40文字までです。",
            "Not a person's id, which has letters, digits and hyphens, 40 at most.",
        );
        Problem::unreadable(pointer, text, message)
    })
}
