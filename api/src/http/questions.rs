//! Questions to the applicant, what became of them, the clock that stands meanwhile, and what waits for whom.

use std::sync::Arc;

use domain::act::ApplicationId;
use domain::application::{Application, Clock, Deadline, Ended, Reminder, Urgency, Waiting};
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::settings::Settings;
use domain::text::Text;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::json;

use super::Chapter;
use super::applications::APPLICATION;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, day, identifier};
use super::wire::Reason;
use super::words::UrgencyName;
use crate::acts::{Answer, Ask, CloseQuestion, Deed, ExtendQuestion, Refused};
use crate::asking::{Known, known, reminders};
use crate::caller::{Visitor, application};
use crate::declaration;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A question to the applicant.
#[derive(Object, Debug)]
#[oai(rename = "NewQuestion", deny_unknown_fields)]
struct QuestionBody {
    /// The criterion's name, such as `help_desk`: one that is asked of the service.
    #[oai(validator(max_length = 40))]
    criterion: String,
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
    /// The day in Japan by which it is to be answered, `YYYY-MM-DD`: at least ten working days ahead, at most a year. The
    /// first such day when absent.
    #[oai(validator(max_length = 20))]
    until: Option<String>,
}

/// The applicant's answer.
#[derive(Object, Debug)]
#[oai(rename = "NewAnswer", deny_unknown_fields)]
struct AnswerBody {
    #[oai(validator(min_length = 1, max_length = 4000))]
    text: String,
    /// Files that were uploaded before (`uploadEvidence`), and that come to those of the application.
    #[oai(default, validator(max_items = 100))]
    evidence: Vec<NamedBody>,
}

/// A file, and what it is to show.
#[derive(Object, Debug)]
#[oai(rename = "NamedFile", rename_all = "camelCase", deny_unknown_fields, skip_serializing_if_is_none)]
struct NamedBody {
    /// SHA-256 of the file, as `uploadEvidence` answered it.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// The day it speaks of, `YYYY-MM-DD`.
    #[oai(validator(max_length = 20))]
    speaks_of: Option<String>,
    #[oai(default, validator(max_items = 40))]
    links: Vec<LinkBody>,
}

/// A criterion that a file speaks of, and where in it.
#[derive(Object, Debug)]
#[oai(rename = "NamedPlace", deny_unknown_fields, skip_serializing_if_is_none)]
struct LinkBody {
    #[oai(validator(max_length = 40))]
    criterion: String,
    /// Counted from 1.
    page: Option<u32>,
    #[oai(default, validator(max_length = 1000))]
    note: String,
}

/// A later day for an answer.
#[derive(Object, Debug)]
#[oai(rename = "NewExtension", deny_unknown_fields)]
struct ExtensionBody {
    /// The day in Japan, `YYYY-MM-DD`: later than before and than today, at most a year ahead.
    #[oai(validator(max_length = 20))]
    until: String,
}

/// The clock of an examination.
#[derive(Object, Debug)]
#[oai(rename = "Clock", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct ClockView {
    /// The day in Japan by which the case is to be examined, as it is now: the working days on which the applicant was
    /// waited for are added. None where the case was accepted before there was one.
    due: Option<String>,
    /// Working days after today, up to and with the due day.
    working_days_left: Option<u32>,
    is_overdue: bool,
    urgency: Option<UrgencyName>,
    /// Since when an answer has been waited for, so that the clock stands.
    stopped_since: Option<String>,
}

impl ClockView {
    pub(super) fn of(application: &Application, today: Day, settings: &Settings) -> Self {
        let Clock { due, stopped_since } = application.clock(today, settings);
        Self {
            due: due.map(|due| due.day.to_string()),
            working_days_left: due.map(|due| due.left),
            is_overdue: due.is_some_and(|due| due.is_overdue),
            urgency: due.map(|due| (&due.urgency()).into()),
            stopped_since: stopped_since.map(|day| day.to_string()),
        }
    }

    /// The same for somebody to whom the case is not open yet: the day, and not what goes on.
    pub(super) fn unopened(self) -> Self {
        Self { stopped_since: None, ..self }
    }
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum QuestionState {
    /// It can be answered; after its last day too.
    Open,
    Answered,
    /// It is not asked any more.
    Closed,
}

/// A question and what became of it.
#[derive(Object, Debug)]
#[oai(rename = "Question", rename_all = "camelCase", skip_serializing_if_is_none)]
struct QuestionView {
    /// Counted from 1 in its application.
    number: u32,
    criterion: String,
    text: String,
    /// Who asked: told to whoever asked, the secretariat, decision makers and auditors.
    asker: Option<String>,
    asked_at: String,
    /// The day in Japan by which it is to be answered, as it is now.
    until: String,
    state: QuestionState,
    /// Working days after today, up to and with that day; while it is open.
    working_days_left: Option<u32>,
    urgency: Option<UrgencyName>,
    /// Each time that there was more time for it.
    extensions: Vec<ExtensionView>,
    answer: Option<AnswerView>,
    closing: Option<ClosingView>,
}

/// More time for an answer.
#[derive(Object, Debug)]
#[oai(rename = "Extension")]
struct ExtensionView {
    until: String,
    at: String,
}

/// What the applicant answered.
#[derive(Object, Debug)]
#[oai(rename = "Answer")]
struct AnswerView {
    text: String,
    /// Digests of the files it brought; what they show stands with the application's evidence.
    evidence: Vec<String>,
    at: String,
}

/// Why a question is not asked any more.
#[derive(Object, Debug)]
#[oai(rename = "Closing")]
struct ClosingView {
    reason: String,
    at: String,
}

impl QuestionView {
    fn new(known: &Known, today: Day, settings: &Settings) -> Self {
        let question = &known.question;
        let deadline = question.is_open().then(|| question.deadline(today, settings));
        let extension = |extension: &domain::application::Extension| ExtensionView {
            until: extension.until.to_string(),
            at: extension.at.to_string(),
        };
        let mut view = Self {
            number: question.number,
            criterion: word(question.criterion),
            text: question.text.clone(),
            asker: known.asker.as_ref().map(ToString::to_string),
            asked_at: question.asked_at.to_string(),
            until: question.last_day().to_string(),
            state: QuestionState::Open,
            working_days_left: deadline.map(|deadline| deadline.left),
            urgency: deadline.map(|deadline| (&deadline.urgency()).into()),
            extensions: question.extensions.iter().map(extension).collect(),
            answer: None,
            closing: None,
        };
        match &question.ended {
            None => {}
            Some(Ended::Answered { text, evidence, at, .. }) => {
                view.state = QuestionState::Answered;
                let evidence = evidence.iter().map(ToString::to_string).collect();
                view.answer = Some(AnswerView { text: text.clone(), evidence, at: at.to_string() });
            }
            Some(Ended::Closed { reason, at, .. }) => {
                view.state = QuestionState::Closed;
                view.closing = Some(ClosingView { reason: reason.clone(), at: at.to_string() });
            }
        }
        view
    }
}

/// The questions of a case that the caller may know, and the clock.
#[derive(Object, Debug)]
#[oai(rename = "Questions")]
struct QuestionsView {
    application: String,
    version: u32,
    clock: ClockView,
    /// In the order in which they were asked.
    questions: Vec<QuestionView>,
}

/// For what something waits.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum WaitingFor {
    /// The applicant's answer to a question.
    Answer,
    /// The examiner's judgements: the due day is near or over.
    Examination,
    /// The examiner's judgements anew, since answers have come.
    Judging,
    /// What becomes of the examiner's question, whose last day is over.
    OverdueQuestion,
}

/// Something that waits for the caller.
#[derive(Object, Debug)]
#[oai(rename = "Reminder", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ReminderView {
    application: String,
    service: String,
    waits_for: WaitingFor,
    question: Option<u32>,
    /// What it is about.
    criteria: Vec<String>,
    until: Option<String>,
    /// Working days after today, up to and with that day.
    working_days_left: Option<u32>,
    urgency: Option<UrgencyName>,
}

impl ReminderView {
    fn new(application: &Application, reminder: &Reminder) -> Self {
        let (waits_for, question, criteria) = match &reminder.what {
            Waiting::Answer { question, criterion } => (WaitingFor::Answer, Some(*question), vec![*criterion]),
            Waiting::Examination => (WaitingFor::Examination, None, Vec::new()),
            Waiting::Judging { criteria } => (WaitingFor::Judging, None, criteria.clone()),
            Waiting::Overdue { question, criterion } => {
                (WaitingFor::OverdueQuestion, Some(*question), vec![*criterion])
            }
        };
        let urgency = reminder.deadline.as_ref().map(Deadline::urgency);
        Self {
            application: reminder.application.to_string(),
            service: application.declaration.service.name.clone(),
            waits_for,
            question,
            criteria: criteria.into_iter().map(word).collect(),
            until: reminder.deadline.map(|deadline| deadline.day.to_string()),
            working_days_left: reminder.deadline.map(|deadline| deadline.left),
            urgency: urgency.as_ref().map(<&Urgency>::into),
        }
    }
}

#[OpenApi(tag = "Chapter::Applications")]
impl Api {
    /// Lists what waits for the caller
    ///
    /// For an applicant the questions that can be answered; for an examiner what is to be judged again since answers
    /// came, own questions whose last day is over, and cases whose due day is at most five working days ahead while the
    /// clock runs. The first to be due first.
    #[oai(path = "/reminders", method = "get", operation_id = "listReminders")]
    async fn reminders(&self, caller: Caller) -> Result<Json<Vec<ReminderView>>, Problem> {
        let found = reminders(&self.registry, &caller.0).await?;
        Ok(Json(found.iter().map(|(application, reminder)| ReminderView::new(application, reminder)).collect()))
    }

    /// Lists the questions to the applicant, and shows the clock
    ///
    /// An examiner sees their own, and every question that was answered; the other's only once both are done.
    #[oai(path = "/applications/:id/questions", method = "get", operation_id = "listQuestions")]
    async fn list(&self, caller: Caller, id: Path<String>) -> Result<Rendered<QuestionsView>, Problem> {
        let found = application(&self.registry, &caller.0, &id.0).await?;
        let view = self.view(&caller.0, &found).await?;
        Ok(Rendered::at_version(&view, found.version))
    }

    /// Asks the applicant
    ///
    /// An examiner's, about one criterion. The clock of the examination stands until the answer, or until the day named
    /// for it is over.
    #[oai(path = "/applications/:id/questions", method = "post", operation_id = "askApplicant")]
    async fn ask(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<QuestionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<QuestionsView>, Problem> {
        let criterion: CriterionId = serde_json::from_value(json!(body.0.criterion)).map_err(|_| {
            let message = Text::new(
                "この名前の要件はありません。評価（assessment）の criterion にある名前を書いてください。",
                "There is no criterion of this name. Use a name that the assessment has as criterion.",
            );
            Problem::unreadable("/criterion", &body.0.criterion, message)
        })?;
        let until = body.0.until.as_deref().map(|text| day("/until", text)).transpose()?;
        let application: ApplicationId = identifier(APPLICATION, &id.0)?;
        let location = format!("/api/v1/applications/{application}/questions");
        let deed = Ask { application, criterion, text: body.0.text, until };
        let done = self.registry.perform(deed, call(&caller, if_match.0, key.0)?).await?;
        let view = self.view(&caller.0, &done.state).await?;
        Ok(Rendered::at_version(&view, done.state.version).created(&location).logged(done.entry))
    }

    /// Answers a question
    ///
    /// A provider's. The files it names come to those of the application, within the same limits. It can be answered
    /// after its last day too, until somebody closes it or the examination is over.
    #[oai(path = "/applications/:id/questions/:question/answer", method = "post", operation_id = "answerQuestion")]
    async fn answer(
        &self,
        caller: Caller,
        id: Path<String>,
        question: Path<String>,
        body: Body<AnswerBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<QuestionsView>, Problem> {
        let files = body.0.evidence.to_json().unwrap_or_default();
        let evidence = declaration::read_files(&files).map_err(|fault| Refused::Declaration(vec![fault]))?;
        let (application, question) = named(&id.0, &question.0)?;
        self.act(Answer { application, question, text: body.0.text, evidence }, &caller, if_match.0).await
    }

    /// Gives more time for an answer
    ///
    /// By whoever asked, or the secretariat.
    #[oai(path = "/applications/:id/questions/:question/extension", method = "post", operation_id = "extendQuestion")]
    async fn extend(
        &self,
        caller: Caller,
        id: Path<String>,
        question: Path<String>,
        body: Body<ExtensionBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<QuestionsView>, Problem> {
        let until = day("/until", &body.0.until)?;
        let (application, question) = named(&id.0, &question.0)?;
        self.act(ExtendQuestion { application, question, until }, &caller, if_match.0).await
    }

    /// Closes a question that was not answered
    ///
    /// By whoever asked, or the secretariat. The clock runs again.
    #[oai(path = "/applications/:id/questions/:question/closing", method = "post", operation_id = "closeQuestion")]
    async fn close(
        &self,
        caller: Caller,
        id: Path<String>,
        question: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<QuestionsView>, Problem> {
        let (application, question) = named(&id.0, &question.0)?;
        self.act(CloseQuestion { application, question, reason: body.0.reason }, &caller, if_match.0).await
    }
}

impl Api {
    async fn act(
        &self,
        deed: impl Deed<State = Application>,
        caller: &Caller,
        if_match: Option<String>,
    ) -> Result<Rendered<QuestionsView>, Problem> {
        let done = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        let view = self.view(&caller.0, &done.state).await?;
        Ok(Rendered::at_version(&view, done.state.version).logged(done.entry))
    }

    async fn view(&self, visitor: &Visitor, application: &Application) -> Result<QuestionsView, Problem> {
        let today = visitor.at.day();
        let known = known(&self.registry, visitor, application).await?;
        let settings = self.registry.store.settings().await?;
        Ok(QuestionsView {
            application: application.id.to_string(),
            version: application.version,
            clock: ClockView::of(application, today, &settings),
            questions: known.iter().map(|known| QuestionView::new(known, today, &settings)).collect(),
        })
    }
}

fn named(id: &str, question: &str) -> Result<(ApplicationId, u32), Problem> {
    Ok((identifier(APPLICATION, id)?, identifier(("質問", "question"), question)?))
}

fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}
