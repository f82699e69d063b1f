//! `/complaints`: anybody complains or reports a misuse and follows it; the secretariat sees to it.

use std::sync::Arc;

use domain::act::{ComplaintId, PersonId};
use domain::settings::Settings;
use domain::watching::{Complaint, ComplaintOutcome, ComplaintStage, Grievance};
use poem::Request;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::asked::Asked;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, identifier};
use crate::acts::{Call, Complain, ComplaintStep, EraseWords, FollowComplaint};
use crate::begin::operator;
use crate::caller::origin;
use crate::clock;
use crate::identity::secret::Secret;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Words;
use crate::watching::complaints::{find, followed, list};

const COMPLAINT: (&str, &str) = ("苦情・通報", "complaint");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum GrievanceName {
    /// A mark is used by somebody who may not, or for what it does not mean.
    Misuse,
    /// What a registered service does, or does not do.
    Service,
    /// Its prices, or how it is advertised.
    Advertising,
    Other,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum ComplaintOutcomeName {
    /// It is so, and was acted upon.
    Substantiated,
    /// It was not found to be so.
    Unsubstantiated,
    /// It is not for this register.
    OutOfScope,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
enum ComplaintStageName {
    /// Nobody has acknowledged it yet.
    Received,
    /// Somebody sees to it.
    Acknowledged,
    Closed,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
enum ComplaintList {
    Open,
    Closed,
}

/// A complaint. Nobody has to say who they are; whoever does so can have it erased.
#[derive(Object, Debug)]
#[oai(rename = "NewComplaint", rename_all = "camelCase", deny_unknown_fields)]
struct ComplaintBody {
    grievance: GrievanceName,
    /// The registration that it is about.
    #[oai(validator(max_length = 40))]
    registration: Option<String>,
    /// The licence whose mark it is about: eight characters.
    #[oai(validator(max_length = 40))]
    licence: Option<String>,
    /// What happened, when and where.
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
    #[oai(validator(max_length = 100))]
    name: Option<String>,
    #[oai(validator(max_length = 200))]
    contact: Option<String>,
}

/// What the reporter was given.
#[derive(Object, Debug)]
#[oai(rename = "ComplaintSecret", deny_unknown_fields)]
struct SecretBody {
    #[oai(validator(min_length = 1, max_length = 100))]
    secret: String,
}

/// Who is to see to it.
#[derive(Object, Debug)]
#[oai(rename = "NewHandler", deny_unknown_fields)]
struct HandlerBody {
    /// A person of the secretariat.
    #[oai(validator(max_length = 40))]
    handler: String,
}

/// Words for the reporter; without the names of people.
#[derive(Object, Debug)]
#[oai(rename = "NewReply", deny_unknown_fields)]
struct ReplyBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
}

/// What was found.
#[derive(Object, Debug)]
#[oai(rename = "NewClosing", deny_unknown_fields)]
struct ClosingBody {
    outcome: ComplaintOutcomeName,
    /// For the reporter; without the names of people.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
}

/// What the reporter keeps, to follow the complaint. It is shown to nobody else.
#[derive(Object, Debug)]
#[oai(rename = "ComplaintReceipt", rename_all = "camelCase")]
struct ReceiptView {
    id: String,
    secret: String,
    received_at: String,
    /// By when a person will have acknowledged it, in UTC.
    acknowledge_by: String,
}

/// How far a complaint is, for whoever complained.
#[derive(Object, Debug)]
#[oai(rename = "ComplaintProgress", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ProgressView {
    id: String,
    grievance: GrievanceName,
    registration: Option<String>,
    licence: Option<String>,
    stage: ComplaintStageName,
    received_at: String,
    acknowledge_by: String,
    acknowledged_at: Option<String>,
    replies: Vec<ReplyView>,
    closing: Option<ComplaintClosingView>,
}

/// What the reporter was told.
#[derive(Object, Debug)]
#[oai(rename = "ComplaintReply")]
struct ReplyView {
    text: String,
    at: String,
}

/// How it ended.
#[derive(Object, Debug)]
#[oai(rename = "ComplaintClosing")]
struct ComplaintClosingView {
    outcome: ComplaintOutcomeName,
    reason: String,
    at: String,
}

/// A complaint, for whoever sees to it.
#[derive(Object, Debug)]
#[oai(rename = "Complaint", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ComplaintView {
    id: String,
    version: u32,
    grievance: GrievanceName,
    registration: Option<String>,
    licence: Option<String>,
    stage: ComplaintStageName,
    received_at: String,
    acknowledge_by: String,
    acknowledged_at: Option<String>,
    /// The time for acknowledging it has passed, or had when it was acknowledged.
    is_late: bool,
    /// Who sees to it.
    handler: Option<String>,
    /// What was written, unless it was erased. Only where one complaint is asked for.
    text: Option<String>,
    name: Option<String>,
    contact: Option<String>,
    replies: Vec<ReplyView>,
    closing: Option<ComplaintClosingView>,
}

/// Complaints in the order in which they came.
#[derive(Object, Debug)]
#[oai(skip_serializing_if_is_none)]
struct Complaints {
    items: Vec<ComplaintView>,
    /// What to send as `after` for more.
    next: Option<String>,
}

impl From<GrievanceName> for Grievance {
    fn from(name: GrievanceName) -> Self {
        match name {
            GrievanceName::Misuse => Self::Misuse,
            GrievanceName::Service => Self::Service,
            GrievanceName::Advertising => Self::Advertising,
            GrievanceName::Other => Self::Other,
        }
    }
}

impl From<Grievance> for GrievanceName {
    fn from(grievance: Grievance) -> Self {
        match grievance {
            Grievance::Misuse => Self::Misuse,
            Grievance::Service => Self::Service,
            Grievance::Advertising => Self::Advertising,
            Grievance::Other => Self::Other,
        }
    }
}

impl From<ComplaintOutcomeName> for ComplaintOutcome {
    fn from(name: ComplaintOutcomeName) -> Self {
        match name {
            ComplaintOutcomeName::Substantiated => Self::Substantiated,
            ComplaintOutcomeName::Unsubstantiated => Self::Unsubstantiated,
            ComplaintOutcomeName::OutOfScope => Self::OutOfScope,
        }
    }
}

impl From<ComplaintOutcome> for ComplaintOutcomeName {
    fn from(outcome: ComplaintOutcome) -> Self {
        match outcome {
            ComplaintOutcome::Substantiated => Self::Substantiated,
            ComplaintOutcome::Unsubstantiated => Self::Unsubstantiated,
            ComplaintOutcome::OutOfScope => Self::OutOfScope,
        }
    }
}

impl From<ComplaintStage> for ComplaintStageName {
    fn from(stage: ComplaintStage) -> Self {
        match stage {
            ComplaintStage::Received => Self::Received,
            ComplaintStage::Acknowledged => Self::Acknowledged,
            ComplaintStage::Closed => Self::Closed,
        }
    }
}

fn replies(of: &Complaint) -> Vec<ReplyView> {
    of.replies.iter().map(|reply| ReplyView { text: reply.text.clone(), at: reply.at.to_string() }).collect()
}

fn closing(of: &Complaint) -> Option<ComplaintClosingView> {
    of.closed.as_ref().map(|closed| ComplaintClosingView {
        outcome: closed.outcome.into(),
        reason: closed.reason.clone(),
        at: closed.at.to_string(),
    })
}

impl ProgressView {
    fn new(of: &Complaint, settings: &Settings) -> Self {
        Self {
            id: of.id.to_string(),
            grievance: of.grievance.into(),
            registration: of.registration.as_ref().map(ToString::to_string),
            licence: of.licence.map(|licence| licence.to_string()),
            stage: of.stage().into(),
            received_at: of.received_at.to_string(),
            acknowledge_by: of.acknowledge_by(settings).to_string(),
            acknowledged_at: of.acknowledged_at.map(|at| at.to_string()),
            replies: replies(of),
            closing: closing(of),
        }
    }
}

impl ComplaintView {
    fn new(of: &Complaint, words: Option<&Words>, settings: &Settings, now: domain::calendar::Instant) -> Self {
        Self {
            id: of.id.to_string(),
            version: of.version,
            grievance: of.grievance.into(),
            registration: of.registration.as_ref().map(ToString::to_string),
            licence: of.licence.map(|licence| licence.to_string()),
            stage: of.stage().into(),
            received_at: of.received_at.to_string(),
            acknowledge_by: of.acknowledge_by(settings).to_string(),
            acknowledged_at: of.acknowledged_at.map(|at| at.to_string()),
            is_late: of.is_acknowledged_late(settings, now),
            handler: of.handler.as_ref().map(ToString::to_string),
            text: words.and_then(|words| words.text.clone()),
            name: words.and_then(|words| words.name.clone()),
            contact: words.and_then(|words| words.contact.clone()),
            replies: replies(of),
            closing: closing(of),
        }
    }
}

#[OpenApi(prefix_path = "/complaints", tag = "Chapter::Watching")]
impl Api {
    /// Complains, or reports a misuse
    ///
    /// Anybody's, signed in or not. Number and secret in the answer are what it is followed by; the same request with the
    /// same `Idempotency-Key` is answered with the same.
    #[oai(path = "/", method = "post", operation_id = "complain")]
    async fn complain(
        &self,
        request: &Request,
        body: Body<ComplaintBody>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ReceiptView>, Problem> {
        let key = super::request::checked_key(key.0)?;
        let ComplaintBody { grievance, registration, licence, text, name, contact } = body.0;
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let deed = Complain {
            grievance: grievance.into(),
            registration: given(registration).map(|text| named("/registration", &text)).transpose()?,
            licence: given(licence).map(|text| named("/licence", &text)).transpose()?,
            text: Secret::new(text),
            name: given(name).map(Secret::new),
            contact: given(contact).map(Secret::new),
            key: key.clone(),
        };
        let call = Call { key, ..Call::new(operator(), origin(request), clock::now()) };
        let done = self.registry.perform(deed, call).await?;
        let complaint = &done.state.complaint;
        let view = ReceiptView {
            id: complaint.id.to_string(),
            secret: done.state.secret.expose().to_owned(),
            received_at: complaint.received_at.to_string(),
            acknowledge_by: complaint.acknowledge_by(&*self.settings().await?).to_string(),
        };
        let location = format!("/api/v1/complaints/{}", complaint.id);
        Ok(Rendered::at_version(&view, 1).created(&location).logged(done.entry).secret())
    }

    /// How far one's own complaint is
    #[oai(path = "/:id/progress", method = "post", operation_id = "followComplaint")]
    async fn progress(&self, id: Path<String>, body: Body<SecretBody>) -> Result<Rendered<ProgressView>, Problem> {
        let (found, _) = followed(&self.registry, &id.0, &body.0.secret).await?;
        Ok(Rendered::at_version(&ProgressView::new(&found, &*self.settings().await?), found.version).secret())
    }

    /// Has one's name and contact erased, and once it is closed also what one wrote
    #[oai(path = "/:id/reporter-erasure", method = "post", operation_id = "eraseOwnComplaint")]
    async fn erase_own(
        &self,
        request: &Request,
        id: Path<String>,
        body: Body<SecretBody>,
    ) -> Result<Rendered<ProgressView>, Problem> {
        let (found, _) = followed(&self.registry, &id.0, &body.0.secret).await?;
        let errand = EraseWords { complaint: found.id.clone(), by: None };
        self.registry.run(errand, origin(request), clock::now()).await?;
        Ok(Rendered::at_version(&ProgressView::new(&found, &*self.settings().await?), found.version).secret())
    }

    /// Lists complaints
    ///
    /// The secretariat's and auditors', but for those about their own organisation; in the order in which they came.
    #[oai(path = "/", method = "get", operation_id = "listComplaints")]
    async fn list(
        &self,
        caller: Caller,
        /// Those that are open, when absent.
        state: Asked<ComplaintList>,
        /// Only those behind this one: what an earlier answer called `next`.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Complaints>, Problem> {
        let after =
            after.0.as_deref().map(|text| super::request::cursor::<ComplaintId>(COMPLAINT, text)).transpose()?;
        let is_closed = state.0 == Some(ComplaintList::Closed);
        let page = list(&self.registry, &caller.0, is_closed, after.as_ref().map(ComplaintId::as_str)).await?;
        let next = page.items.last().filter(|_| page.has_more).map(|last| last.id.to_string());
        let settings = self.settings().await?;
        let view = |complaint: &Complaint| ComplaintView::new(complaint, None, &settings, caller.0.at);
        Ok(Json(Complaints { items: page.items.iter().map(view).collect(), next }))
    }

    /// Shows a complaint
    #[oai(path = "/:id", method = "get", operation_id = "getComplaint")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Rendered<ComplaintView>, Problem> {
        self.view(&caller, &id.0).await
    }

    /// Acknowledges it: the caller has read it, and sees to it
    #[oai(path = "/:id/acknowledgement", method = "post", operation_id = "acknowledgeComplaint")]
    async fn acknowledge(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        self.follow(&caller, &id.0, ComplaintStep::Acknowledge, if_match.0).await
    }

    /// Has somebody else see to it
    #[oai(path = "/:id/assignment", method = "post", operation_id = "assignComplaint")]
    async fn assign(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<HandlerBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        let handler: PersonId = identifier(("担当者", "person"), &body.0.handler)?;
        self.follow(&caller, &id.0, ComplaintStep::Assign(handler), if_match.0).await
    }

    /// Tells the reporter something
    #[oai(path = "/:id/replies", method = "post", operation_id = "replyToComplaint")]
    async fn reply(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<ReplyBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        self.follow(&caller, &id.0, ComplaintStep::Reply(body.0.text), if_match.0).await
    }

    /// Closes it with what was found
    #[oai(path = "/:id/closing", method = "post", operation_id = "closeComplaint")]
    async fn close(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<ClosingBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        self.follow(&caller, &id.0, ComplaintStep::Close(body.0.outcome.into(), body.0.reason), if_match.0).await
    }

    /// Erases who complained, and once it is closed also what was written
    #[oai(path = "/:id/erasure", method = "post", operation_id = "eraseComplaint")]
    async fn erase(
        &self,
        caller: Caller,
        request: &Request,
        id: Path<String>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        let complaint: ComplaintId = identifier(COMPLAINT, &id.0)?;
        let errand = EraseWords { complaint, by: Some(caller.0.actor.clone()) };
        self.registry.run(errand, origin(request), caller.0.at).await?;
        self.view(&caller, &id.0).await
    }
}

impl Api {
    async fn settings(&self) -> Result<Arc<Settings>, Problem> {
        Ok(self.registry.store.settings().await?)
    }

    async fn view(&self, caller: &Caller, id: &str) -> Result<Rendered<ComplaintView>, Problem> {
        let (found, words) = find(&self.registry, &caller.0, id).await?;
        let view = ComplaintView::new(&found, Some(&words), &*self.settings().await?, caller.0.at);
        Ok(Rendered::at_version(&view, found.version))
    }

    async fn follow(
        &self,
        caller: &Caller,
        id: &str,
        step: ComplaintStep,
        if_match: Option<String>,
    ) -> Result<Rendered<ComplaintView>, Problem> {
        let deed = FollowComplaint { complaint: identifier(COMPLAINT, id)?, step };
        let done = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        Ok(self.view(caller, id).await?.logged(done.entry))
    }
}

/// A number as somebody wrote it in a complaint: what it is about has to be there.
fn named<T: std::str::FromStr>(pointer: &str, text: &str) -> Result<T, Problem> {
    domain::reading::narrowed_text(text).to_uppercase().parse().map_err(|_| {
        let message = domain::text::Text::new(
            "番号として読めません。分からないときは、この項目を送らないでください。",
            "This is not a number. Leave it out if you do not know it.",
        );
        Problem::unreadable(pointer, text, message)
    })
}
